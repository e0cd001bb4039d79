# What makes a fault of ours end the program instead of serving who found it. scripts/check_hardening.py looks at the
# shipped programs for each of these.
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
add_link_options(-pie -Wl,-z,relro,-z,now,-z,noexecstack)
add_compile_options(-fstack-protector-strong -fstack-clash-protection)
add_compile_definitions(_FORTIFY_SOURCE=2 _GLIBCXX_ASSERTIONS)
if(CMAKE_SYSTEM_PROCESSOR STREQUAL "x86_64")
  add_compile_options(-fcf-protection=full)
  if(CMAKE_EXE_LINKER_FLAGS MATCHES "lld")
    add_link_options(-Wl,-z,shstk)
  endif()
endif()
