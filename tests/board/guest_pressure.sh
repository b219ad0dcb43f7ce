#!/bin/sh
# On the board: repeats a command until SECONDS of guest time have passed, while other processes fill the
# CPUs and the memory's bandwidth. guest_pressure.sh SECONDS COMMAND...
seconds=$1
shift
export GTEST_BRIEF=1
end=$(($(cut -d. -f1 /proc/uptime) + seconds))
pressing=""
for _ in 1 2; do
  sh -c 'while :; do :; done' &
  pressing="$pressing $!"
  sh -c 'while :; do dd if=/dev/zero of=/dev/null bs=8M count=64 2>/dev/null; done' &
  pressing="$pressing $!"
done
rounds=0
status=0
while [ "$(cut -d. -f1 /proc/uptime)" -lt "$end" ]; do
  "$@" || { status=$?; break; }
  rounds=$((rounds + 1))
  echo "round $rounds at $(cut -d. -f1 /proc/uptime) s of guest time"
done
# shellcheck disable=SC2086  # a list of processes
kill $pressing
echo "$rounds rounds, status $status"
exit $status
