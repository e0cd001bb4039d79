include(GoogleTest)

# One precompiled header for every target of the tree: the standard library and Asio's coroutine core.
function(use_pch target)
  if(TGKIT_PCH)
    target_precompile_headers(${target} PRIVATE ${PROJECT_SOURCE_DIR}/cmake/pch.hpp)
  endif()
endfunction()

# project_library(NAME SOURCES a.cpp ... [HEADERS a.hpp ...] [LIBS ...] [PRIVATE_LIBS ...])
# HEADERS are the public ones: each is compiled alone by the target all_verify_interface_header_sets.
function(project_library name)
  cmake_parse_arguments(arg "" "" "SOURCES;HEADERS;LIBS;PRIVATE_LIBS" ${ARGN})
  add_library(${name} STATIC ${arg_SOURCES})
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

# unit_test(NAME SOURCES ... LIBS ...): a GoogleTest program; every test is one ctest entry.
function(unit_test name)
  cmake_parse_arguments(arg "" "" "SOURCES;LIBS" ${ARGN})
  add_executable(${name} ${arg_SOURCES})
  target_link_libraries(${name} PRIVATE ${arg_LIBS} test_support GTest::gmock GTest::gtest_main)
  use_pch(${name})
  gtest_discover_tests(${name} DISCOVERY_MODE PRE_TEST TEST_PREFIX "${name}: " PROPERTIES LABELS unit TIMEOUT 120)
endfunction()
