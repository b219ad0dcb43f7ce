# 64-bit ARM with Debian's cross compiler: cmake --preset arm64, after toolchains/sysroot.sh arm64.
set(CMAKE_SYSTEM_PROCESSOR aarch64)
set(triple aarch64-linux-gnu)
set(takt_arch arm64)
set(takt_emulator qemu-aarch64-static)
include(${CMAKE_CURRENT_LIST_DIR}/cmake/TaktCross.cmake)
