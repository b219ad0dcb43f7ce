# Kernel modules that Debian's arm64 kernel leaves out, built from Debian's own kernel source: simulated
# GPIO lines, a simulated I2C device, a simulated IIO sensor. Sourced by prepare.sh. They are GPL and
# are not shipped: every machine that wants them builds them.

fetch_kernel_tree() {  # fetch_kernel_tree FOLDER VERSION: headers, source, and programs of the build
  local folder=$1 version=$2 headers=$1/arm64/usr/src/linux-headers-$2 files
  progress "fetching the headers and the source of Linux $version (about 170 MB)"
  extract arm64 "$folder/arm64" linux-headers-rt-arm64 linux-source-6.1
  [ -d "$headers" ] ||
    fail "Debian has a newer kernel than the board's $version: remove $base and try again"
  # The build runs programs on this machine; the headers find them beside themselves.
  extract "$(dpkg --print-architecture)" "$folder/host" linux-kbuild-6.1
  rm -rf "$folder/arm64/usr/lib/linux-kbuild-6.1"
  mv "$folder/host/usr/lib/linux-kbuild-6.1" "$folder/arm64/usr/lib/"
  sed -i "s|/usr/src/|$folder/arm64/usr/src/|" "$headers/Makefile"
  files=(drivers/gpio/gpio-sim.c drivers/gpio/gpiolib.h kernel/irq/irq_sim.c drivers/i2c/i2c-stub.c
    drivers/iio/dummy/iio_simple_dummy.c drivers/iio/dummy/iio_simple_dummy.h
    drivers/iio/industrialio-configfs.c drivers/iio/industrialio-sw-device.c)
  mkdir "$folder/build"
  tar -C "$folder/build" -xf "$folder/arm64/usr/src/linux-source-6.1.tar.xz" --transform='s|.*/||' \
    "${files[@]/#/linux-source-6.1/}"
}

make_modules() {  # make_modules FOLDER; `base` is the folder of the board's base
  local folder=$1 version
  version=$(cat "$base/version")
  need_tool make make
  need_tool aarch64-linux-gnu-gcc-12 gcc-12-aarch64-linux-gnu
  fetch_kernel_tree "$folder" "$version"
  progress "building the modules"
  cat >"$folder/build/Makefile" <<'MAKE'
obj-m := gpio-simulated.o iio-simulated.o i2c-stub.o industrialio-sw-device.o industrialio-configfs.o
gpio-simulated-y := gpio-sim.o irq_sim.o
iio-simulated-y := iio_simple_dummy.o
MAKE
  # The simulated interrupts are linked into the module; the kernel does not export irq_to_desc().
  sed -i 's|handle_simple_irq(irq_to_desc(irqnum));|generic_handle_irq_safe(irqnum);|' \
    "$folder/build/irq_sim.c"
  make -C "$folder/arm64/usr/src/linux-headers-$version" M="$folder/build" ARCH=arm64 \
    DEB_BUILD_ARCH=amd64 DEB_HOST_ARCH=arm64 DEB_HOST_GNU_TYPE=aarch64-linux-gnu modules \
    >"$folder/build/log" 2>&1 || { tail -n 30 "$folder/build/log"; fail "the modules do not build"; }
  mv "$folder/build"/*.ko "$folder/"
  aarch64-linux-gnu-strip --strip-debug "$folder"/*.ko
  rm -rf "$folder/arm64" "$folder/host" "$folder/build"
}
