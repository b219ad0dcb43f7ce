#!/usr/bin/env bash
# The long part of what the virtual board proves; needs the whole build of preset arm64. Each line can be
# run alone. About two hours on 2 cores, most of it the suite and the integrity test.
set -uo pipefail
cd "$(dirname "$0")"

failed=()
part() {
  echo "== $*"
  local begun=$SECONDS
  "./$@" || failed+=("$1")
  echo "== $1: $((SECONDS - begun)) s"
}
part checks.py
part devices.py
part suite.py
part death_to_safe.py
part suspend.py
part preempted_take.py 30
part figures.py 60
part agreement.py 60 5
part integrity.py 600
[ ${#failed[@]} -eq 0 ] || { echo "FAILED: ${failed[*]}"; exit 1; }
echo "long part: ok"
