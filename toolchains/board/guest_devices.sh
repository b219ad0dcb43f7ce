#!/bin/sh
# guest_devices.sh GROUP: makes one group of devices of the board usable.
set -eu
configfs=/sys/kernel/config
mounted() { grep -q " $1 " /proc/mounts; }
need_configfs() {
  modprobe configfs
  mounted $configfs || mount -t configfs configfs $configfs
}

case "$1" in
  can)  # can0 and can1: two controllers on one emulated bus. vcan0: a bus in the kernel.
    modprobe kvaser_pci
    modprobe can-raw
    modprobe vcan
    for name in can0 can1; do
      /sbin/ip link set "$name" type can bitrate 500000
      /sbin/ip link set "$name" up
    done
    /sbin/ip link add dev vcan0 type vcan
    /sbin/ip link set vcan0 up ;;
  gpio)  # A chip with 16 lines; sim_gpioN/pull and sim_gpioN/value are the far end of its wires.
    need_configfs
    insmod /board/modules/gpio-simulated.ko
    chip=$configfs/gpio-sim/takt
    mkdir -p "$chip/bank0"
    echo 16 >"$chip/bank0/num_lines"
    echo 1 >"$chip/live" ;;
  i2c)  # Registers of a device that answers at 0x48.
    modprobe i2c-dev
    insmod /board/modules/i2c-stub.ko chip_addr=0x48 ;;
  iio)
    need_configfs
    modprobe industrialio
    insmod /board/modules/industrialio-configfs.ko
    insmod /board/modules/industrialio-sw-device.ko
    insmod /board/modules/iio-simulated.ko
    mkdir -p $configfs/iio/devices/dummy/imu0 ;;
  watchdog) modprobe i6300esb ;;
  serial) [ -c /dev/ttyS0 ] ;;  # The far end is serial.sock in the results folder of the host.
  *) echo "no group of devices '$1'" >&2; exit 2 ;;
esac
