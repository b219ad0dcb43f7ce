#!/bin/sh
# On the board with all its devices: each answers through the kernel's own interface.
set -u
failed=0
check() {  # check WHAT GOT EXPECTED
  if [ "$2" = "$3" ]; then echo "passed $1"; else echo "FAILED $1: '$2', expected '$3'"; failed=1; fi
}

soon() {  # soon COMMAND...: until it succeeds, at most 5 s
  end=$(($(cut -d. -f1 /proc/uptime) + 5))
  until "$@" 2>/dev/null || [ "$(cut -d. -f1 /proc/uptime)" -gt $end ]; do :; done
}

candump -n 1 -T 5000 can1 >/tmp/frame &
soon grep -q can1 /proc/net/can/rcvlist_all
cansend can0 321#DEADBEEF
wait
check "a CAN frame crosses the emulated bus" "$(tr -s ' ' </tmp/frame | sed 's/^ //')" \
  "can1 321 [4] DE AD BE EF"

chip=$(cat /sys/kernel/config/gpio-sim/takt/bank0/chip_name)
lines=/sys/devices/platform/$(cat /sys/kernel/config/gpio-sim/takt/dev_name)/$chip
echo pull-up >"$lines/sim_gpio3/pull"
check "a GPIO input sees its far end" "$(gpioget "$chip" 3)" 1
gpioset -m signal "$chip" 5=1 &
setter=$!
soon grep -q 1 "$lines/sim_gpio5/value"
check "a GPIO output reaches its far end" "$(cat "$lines/sim_gpio5/value")" 1
kill $setter

bus=$(grep -l -i stub /sys/bus/i2c/devices/i2c-*/name | sed 's#.*/i2c-\([0-9]*\)/.*#\1#')
i2cset -y "$bus" 0x48 0x10 0x5a b
check "an I2C register keeps what is written" "$(i2cget -y "$bus" 0x48 0x10 b)" 0x5a

check "an IIO sensor gives a value" "$(cat /sys/bus/iio/devices/iio:device0/in_voltage0_raw)" 73
check "a watchdog is there" "$(grep -l i6300 /sys/class/watchdog/*/identity | wc -l)" 1
check "a serial line is there" "$(test -c /dev/ttyS0 && echo yes)" yes
exit $failed
