#!/bin/sh
# On the board, whose watchdog bites after 4 s here: takt feeds it while its graph is well.
#   guest_watchdog.sh released|killed|unwell
set -u
graph=$(dirname "$0")/../../config/graphs/motor_speed.yaml
# `wdctl` stops it again (magic close).
wdctl -s 4 /dev/watchdog0 || exit 1
# In a process of its own that becomes takt: `$!` is takt's.
start() { exec takt run "$graph" --real-time best_effort --watchdog /dev/watchdog0 "$@"; }
case "$1" in
  # Twice its time fed, and twice its time after an end that was asked for.
  released) (start --for 8s) && sleep 8 && echo "the board is still there" ;;
  killed)
    start &
    takt echo motor.speed --wait 30s -n 10 >/dev/null && kill -KILL $!
    sleep 30 ;;
  unwell)
    start &
    takt echo motor.speed --wait 30s -n 10 >/dev/null && takt inject stop motor
    sleep 30 ;;
esac
