# What the toolchain files of the ARM machines share: set `triple`, `takt_arch` (Debian's name) and
# `takt_emulator` (its qemu) before including this.
#
# The sysroot is found by itself; -DTAKT_SYSROOT=FOLDER chooses another one.
set(CMAKE_SYSTEM_NAME Linux)
if(NOT TAKT_SYSROOT)
  execute_process(COMMAND ${CMAKE_CURRENT_LIST_DIR}/../sysroot.sh --path ${takt_arch}
    OUTPUT_VARIABLE TAKT_SYSROOT OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
endif()
if(NOT IS_DIRECTORY "${TAKT_SYSROOT}")
  message(FATAL_ERROR "There is no sysroot in ${TAKT_SYSROOT}\n"
    "run toolchains/sysroot.sh ${takt_arch}")
endif()
# Compiler checks are projects of their own, which know no variable that is not named here.
list(APPEND CMAKE_TRY_COMPILE_PLATFORM_VARIABLES TAKT_SYSROOT)

set(CMAKE_SYSROOT "${TAKT_SYSROOT}")
set(CMAKE_C_COMPILER ${triple}-gcc)
set(CMAKE_CXX_COMPILER ${triple}-g++)
set(CMAKE_LIBRARY_ARCHITECTURE ${triple})
set(CMAKE_FIND_ROOT_PATH "${TAKT_SYSROOT}")
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)

find_program(TAKT_CROSS_COMPILER ${triple}-g++ DOC "Compiles for the target machine")
if(NOT TAKT_CROSS_COMPILER)
  message(FATAL_ERROR "${triple}-g++ is missing; install it: apt-get install g++-${triple}")
endif()

# Runs programs of that machine during the build (manifests) and for the tests.
find_program(TAKT_EMULATOR ${takt_emulator} DOC "Runs programs of the target machine")
if(NOT TAKT_EMULATOR)
  message(FATAL_ERROR "${takt_emulator} is missing; install it: apt-get install qemu-user-static")
endif()
set(CMAKE_CROSSCOMPILING_EMULATOR
  "${CMAKE_CURRENT_LIST_DIR}/../qemu_user.sh;${TAKT_EMULATOR};${TAKT_SYSROOT}")
