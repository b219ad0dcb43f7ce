# The compiler's settings that every target of the project shares, and the developer's switches.

option(TAKT_TESTS "Build the tests" ${PROJECT_IS_TOP_LEVEL})
option(TAKT_WERROR "Warnings are errors" OFF)
option(TAKT_PCH "Precompiled headers" ON)
option(TAKT_UNITY "Compile several source files at once: about half of a cold build" ON)
set(TAKT_SANITIZE "" CACHE STRING "Sanitizers for every target: address,undefined or thread")

set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
set(TAKT_NODE_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/lib/takt/nodes)

add_library(takt_flags INTERFACE)
target_compile_features(takt_flags INTERFACE cxx_std_20)
# -ffp-contract=off: the same bytes on every machine of one feature level; a fused multiply-add
# would make a recorded run differ between x86 and ARM.
target_compile_options(takt_flags INTERFACE -ffp-contract=off -fvisibility=hidden)

add_library(takt_warnings INTERFACE)
target_compile_options(takt_warnings INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wnon-virtual-dtor
  -Wold-style-cast -Wcast-align -Wunused -Woverloaded-virtual -Wformat=2)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^(aarch64|arm)")
  # Plain char is unsigned here: comparisons that are then always true. An address that is not a
  # multiple of its type's size may trap.
  target_compile_options(takt_warnings INTERFACE -Wtype-limits -Wchar-subscripts
    -Wcast-align=strict)
endif()
if(CMAKE_SYSTEM_PROCESSOR MATCHES "^arm")
  message(NOTICE "takt: iceoryx 2.0 does not support 32-bit machines; this build is best effort")
  target_compile_options(takt_warnings INTERFACE -Wno-psabi)
endif()
if(TAKT_WERROR)
  target_compile_options(takt_warnings INTERFACE -Werror)
endif()

if(TAKT_SANITIZE)
  # A finding ends the program: by itself undefined behaviour is only printed.
  add_compile_options(-fsanitize=${TAKT_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options(-fsanitize=${TAKT_SANITIZE})
  if(TAKT_SANITIZE MATCHES "thread")
    # It does not follow fences. They stand in sequence locks alone, all of whose words are atomic: it
    # then has nothing to say of them, right or wrong.
    add_compile_options(-Wno-tsan)
  endif()
endif()
