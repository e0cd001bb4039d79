include(GoogleTest)

# One precompiled header for every target of the tree: the standard library and Asio's coroutine core.
function(use_pch target)
  if(TGKIT_PCH)
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/pch.hpp)
  endif()
endfunction()

# Presets that build everything anew compile several files at once (CMAKE_UNITY_BUILD), in a third of the time. These
# are compiled alone there, too: each has an internal name that another file of its target uses as well.
set(files_compiled_alone
    dmarket/trading/outbid.cpp dmarket/trading/reprice.cpp dmarket/trading/risk.cpp dmarket/trading/selling_price.cpp
    sandbox/entities/html.cpp sandbox/market/person.cpp sandbox/market/traders.cpp
    tests/app/webhook_config_test.cpp
    tests/bot/argument_test.cpp tests/bot/broadcast_ledger_test.cpp tests/bot/filters_test.cpp
    tests/bot/pacing_test.cpp tests/bot/payload_test.cpp
    tests/bot/support/updates.cpp
    tests/dmarket/listing_test.cpp tests/dmarket/requests_test.cpp tests/dmarket/trading/outbid_test.cpp
    tests/dmarket/trading/traits_test.cpp tests/sandbox/entities_found_test.cpp
    tgkit/bot/broadcast_ledger.cpp tgkit/bot/intake.cpp
    tgkit/net/multipart.cpp tgkit/net/network.cpp tgkit/ops/config_load.cpp
    tgkit/ops/exposition.cpp tgkit/storage/sqlite_store.cpp tgkit/telegram/text_length.cpp)
list(TRANSFORM files_compiled_alone PREPEND ${PROJECT_SOURCE_DIR}/)

macro(spare_files_compiled_alone)
  foreach(source IN ITEMS ${ARGN})
    cmake_path(ABSOLUTE_PATH source NORMALIZE OUTPUT_VARIABLE path)
    if(path IN_LIST files_compiled_alone)
      set_source_files_properties(${source} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
    endif()
  endforeach()
endmacro()

# project_library(NAME [EACH_ALONE] SOURCES a.cpp ... [HEADERS a.hpp ...] [LIBS ...] [PRIVATE_LIBS ...])
# EACH_ALONE: no file is ever compiled together with another.
# HEADERS are the public ones: each is compiled alone by the target all_verify_interface_header_sets.
function(project_library name)
  cmake_parse_arguments(arg "EACH_ALONE" "" "SOURCES;HEADERS;LIBS;PRIVATE_LIBS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
  spare_files_compiled_alone(${arg_SOURCES})
  if(arg_EACH_ALONE)
    set_target_properties(${name} PROPERTIES UNITY_BUILD OFF)
  endif()
  # Base directories of one file set must not lie in each other, and the build folder may lie in the source folder.
  set(written ${arg_HEADERS})
  list(FILTER written EXCLUDE REGEX "^${PROJECT_BINARY_DIR}/")
  set(generated ${arg_HEADERS})
  list(FILTER generated INCLUDE REGEX "^${PROJECT_BINARY_DIR}/")
  target_sources(${name} PUBLIC FILE_SET HEADERS BASE_DIRS ${PROJECT_SOURCE_DIR} FILES ${written})
  if(generated)
    target_sources(${name} PUBLIC FILE_SET generated_headers TYPE HEADERS BASE_DIRS ${PROJECT_BINARY_DIR}/generated
                   FILES ${generated})
  endif()
  set_target_properties(${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
  target_link_libraries(${name} PUBLIC project_options ${arg_LIBS} PRIVATE ${arg_PRIVATE_LIBS})
  use_pch(${name})
endfunction()

# A bot as it is shipped. Its memory comes from jemalloc: coroutine frames are larger than what glibc keeps at hand, and
# a process that runs for months should give back what a busy hour took. Sanitizers bring an allocator of their own.
function(bot_program name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS})
  if(CMAKE_BUILD_TYPE STREQUAL "Release")
    target_link_libraries(${name} PRIVATE PkgConfig::jemalloc)
  endif()
  use_pch(${name})
endfunction()

# unit_test(NAME SOURCES ... LIBS ...): a GoogleTest program; every test is one ctest entry.
function(unit_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  spare_files_compiled_alone(${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} test_support GTest::gmock GTest::gtest_main)
  use_pch(${name})
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}: " PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
