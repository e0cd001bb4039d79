# cmake -DCOMPILER=.. -DFLAGS=a;b -DSOURCE=x.cpp -P check.cmake
# Passes when SOURCE does not compile and the compiler says the sentence behind "Expected: " in its first line; a file
# without such a line must compile.
execute_process(COMMAND ${COMPILER} -std=c++23 -fsyntax-only ${FLAGS} ${SOURCE}
                RESULT_VARIABLE result OUTPUT_VARIABLE output ERROR_VARIABLE output)
file(STRINGS ${SOURCE} first LIMIT_COUNT 1)
if(NOT first MATCHES "Expected: (.*)$")
  if(result)
    message(FATAL_ERROR "it does not compile:\n${output}")
  endif()
  return()
endif()
set(expected "${CMAKE_MATCH_1}")
if(NOT result)
  message(FATAL_ERROR "it compiles")
endif()
string(FIND "${output}" "${expected}" place)
if(place EQUAL -1)
  message(FATAL_ERROR "the compiler does not say \"${expected}\" but:\n${output}")
endif()
# One readable line: what a person sees first is the rule that was broken.
string(REGEX MATCH "error:[^\n]*" first_error "${output}")
string(FIND "${first_error}" "${expected}" place)
if(place EQUAL -1)
  message(FATAL_ERROR "the first error is not the rule but: ${first_error}")
endif()
