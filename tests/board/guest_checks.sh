#!/bin/sh
# On the board: what the short part proves there in one boot. guest_checks.sh BUILD TREE
#  - takt answers, and takt doctor finds this machine fit
#  - every test of tests/no_qemu_user.txt that is a unit test, and only that part of it
#  - an ordinary user runs with real time required when limits or ambient capabilities allow it, and is
#    refused with exit status 1 when nothing does
set -u
build=$1
tree=$2
failed=0
wrong() {
  echo "FAILED $*"
  failed=1
}

takt version || wrong "takt version"
[ "$(cat /sys/kernel/realtime)" = 1 ] || wrong "not a PREEMPT_RT kernel"
takt doctor >/results/doctor || wrong "takt doctor: exit status $?"
if grep -q '^ok *kernel.preemption .*PREEMPT_RT' /results/doctor && grep -q ' 0 failed, 0 unknown' /results/doctor; then
  echo "passed takt doctor: $(tail -n 1 /results/doctor)"
else
  cat /results/doctor
  wrong "takt doctor"
fi

while read -r name pattern reason; do
  case "$name" in unit_*) ;; *) continue ;; esac
  cd "$build" || exit 2
  if "bin/$name" --gtest_filter="$pattern" --gtest_brief=1 >/results/"$name".log 2>&1 </dev/null &&
     grep -q '^\[  PASSED  \] [1-9]' /results/"$name".log &&
     ! grep -q '^\[  SKIPPED' /results/"$name".log; then
    echo "passed $name $pattern: $(grep PASSED /results/"$name".log)"
  else
    cat /results/"$name".log
    wrong "$name $pattern ($reason)"
  fi
done <"$tree/tests/no_qemu_user.txt"

cd "$tree" || exit 2
graph=config/graphs/motor_speed.yaml
for way in limits capabilities plain; do
  status=0
  /board/as $way takt run $graph --real-time required --for 500ms --json >"/results/$way.json" \
    2>"/results/$way.err" || status=$?
  case $way in plain) expected=1 ;; *) expected=0 ;; esac
  if [ $status -ne $expected ]; then
    cat "/results/$way.err"
    wrong "as an ordinary user with $way: exit status $status, not $expected"
  else
    echo "passed as an ordinary user with $way: exit status $status"
  fi
done
grep -q 'RLIMIT_RTPRIO\|rtprio' /results/plain.err || wrong "the refusal does not name the limit"
exit $failed
