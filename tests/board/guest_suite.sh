#!/bin/sh
# On the board: runs the tests that a list names, one after the other, and sums up.
# guest_suite.sh LIST; a line: NAME SECONDS COMMAND...  Its words are separated by tabs.
tab=$(printf '\t')
passed=0
failed=0
while IFS="$tab" read -r name limit command; do
  echo "begins $name"
  begun=$(cut -d. -f1 /proc/uptime)
  # Shown as it comes: which of its GoogleTests take a second or more.
  {
    timeout "$limit" sh -c "$command"
    echo $? >/tmp/suite.status
  } 2>&1 </dev/null | tee "/results/$name.log" | grep --line-buffered '^\[ .*([0-9]\{4,\} ms)$'
  if [ "$(cat /tmp/suite.status)" = 0 ]; then
    verdict=passed
    passed=$((passed + 1))
  else
    verdict=FAILED
    failed=$((failed + 1))
    grep -v '^\[ RUN\|^\[  *OK\|^\[-' "/results/$name.log"
  fi
  echo "$verdict $name: $(($(cut -d. -f1 /proc/uptime) - begun)) s of guest time"
done <"$1"
echo "$passed passed, $failed failed"
[ $failed -eq 0 ] && [ $passed -gt 0 ]
