# Flags that hold for every target.
find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER
      ${CMAKE_COMMAND} -E env
      CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime
      CCACHE_BASEDIR=${PROJECT_SOURCE_DIR} ${CCACHE})
endif()

add_library(project_options INTERFACE)
target_include_directories(project_options INTERFACE ${PROJECT_SOURCE_DIR})
# Asio's implementation is compiled once, in tgkit_async. Defined here because the precompiled header holds Asio, so
# that every target has to agree.
target_compile_definitions(project_options INTERFACE BOOST_ASIO_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED)
# Asio keeps freed coroutine frames for the next ones; two, its default, are too few for a call through several layers.
# What it cannot keep it takes from aligned_alloc, the slow way, though operator new aligns well enough.
target_compile_definitions(project_options INTERFACE BOOST_ASIO_RECYCLING_ALLOCATOR_CACHE_SIZE=8
                           BOOST_ASIO_DISABLE_STD_ALIGNED_ALLOC BOOST_ASIO_DISABLE_BOOST_ALIGN)
target_compile_options(project_options INTERFACE -Wall -Wextra -Wno-missing-field-initializers)
if(TGKIT_WERROR)
  target_compile_options(project_options INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # g++ 12.2 reports these inside coroutine frames and the standard library, where nothing is wrong.
  target_compile_options(project_options INTERFACE -Wno-maybe-uninitialized -Wno-dangling-pointer
                         -Wno-mismatched-new-delete -Wno-restrict)
  if(CMAKE_UNITY_BUILD)  # it takes files that are included for headers
    target_compile_options(project_options INTERFACE -Wno-subobject-linkage)
  endif()
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "Clang")
  # Lets ccache reuse objects that were compiled with a precompiled header.
  target_compile_options(project_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
endif()

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
if(CMAKE_CXX_FLAGS_DEBUG STREQUAL "-g")  # CMake's own default, not a preset's choice
  set(CMAKE_CXX_FLAGS_DEBUG "-O0 -g1")
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  # What nothing calls is left out: half of the program otherwise, and every page of it costs a little memory.
  add_compile_options(-ffunction-sections -fdata-sections)
  add_link_options(-Wl,--gc-sections)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release" AND NOT TGKIT_SANITIZE)
  include(hardening)
endif()
if(TGKIT_SANITIZE)
  string(REPLACE "," ";" sanitizers "${TGKIT_SANITIZE}")
  add_compile_options(-fsanitize=${TGKIT_SANITIZE} -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TGKIT_SANITIZE})
  if("undefined" IN_LIST sanitizers)
    # vptr, null and alignment triple the compile time of transport code.
    add_compile_options(-fno-sanitize=vptr,null,alignment -fno-sanitize-recover=undefined)
  endif()
endif()
