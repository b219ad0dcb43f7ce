# 32-bit ARM with hardware floating point: cmake --preset armhf, after toolchains/sysroot.sh armhf.
# Best effort: it is built, and iceoryx 2.0 says at every start that it does not support 32 bit.
set(CMAKE_SYSTEM_PROCESSOR armv7l)
set(triple arm-linux-gnueabihf)
set(takt_arch armhf)
set(takt_emulator qemu-arm-static)
include(${CMAKE_CURRENT_LIST_DIR}/cmake/TaktCross.cmake)
