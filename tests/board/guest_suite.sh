#!/bin/sh
# On the board: runs the tests that a list names, one after the other, and sums up.
# guest_suite.sh LIST; a line: NAME SECONDS COMMAND...  Its words are separated by tabs.
tab=$(printf '\t')
# Of a failed test what went wrong, without what went well.
export GTEST_BRIEF=1
passed=0
failed=0
while IFS="$tab" read -r name limit command; do
  echo "begins $name"
  begun=$(cut -d. -f1 /proc/uptime)
  if timeout "$limit" sh -c "$command" >"/results/$name.log" 2>&1 </dev/null; then
    verdict=passed
    passed=$((passed + 1))
  else
    verdict=FAILED
    failed=$((failed + 1))
    cat "/results/$name.log"
  fi
  echo "$verdict $name: $(($(cut -d. -f1 /proc/uptime) - begun)) s of guest time"
done <"$1"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
