#!/usr/bin/env bash
# Everything that must hold before a change lands: install, build with warnings as errors, run the
# suite. The time of each part is printed.
#
#   toolchains/test.sh            the suite, within its budget of 20 minutes on 2 cores
#   toolchains/test.sh --long     with full counts, and under the sanitizers
#   toolchains/test.sh PART...    only these labels of CTest (unit, integration, scenarios, ...), arm64,
#                                 or board
set -euo pipefail
cd "$(dirname "$0")/.."

long=0
parts=()
for argument in "$@"; do
  case "$argument" in
    --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
    --long) long=1 ;;
    -*) echo "error: unknown option '$argument'; see --help" >&2; exit 2 ;;
    *) parts+=("$argument") ;;
  esac
done
[ $long -eq 0 ] || export TAKT_LONG=1

begun=$SECONDS
timed() {  # timed NAME COMMAND...
  local name=$1 start=$SECONDS
  shift
  "$@"
  echo "== $name: $((SECONDS - start)) s"
}

build() {  # build PRESET
  cmake --preset "$1" >/dev/null
  cmake --build --preset "$1"
}

# A skipped test counts as failed for root, unless it is named with its reason.
refuse_skips() {  # refuse_skips LOG
  local skipped
  skipped=$(grep -oE '\[  SKIPPED \] [A-Za-z0-9_/]+\.[A-Za-z0-9_/]+' "$1" | awk '{print $4}' | sort -u || true)
  for test in $skipped; do
    grep -qE "^$test " tests/allowed_skips.txt && continue
    echo "error: $test was skipped and is not in tests/allowed_skips.txt" >&2
    return 1
  done
}

suite() {  # suite PRESET [ctest arguments]
  local preset=$1 log=build/$1/Testing/Temporary/LastTest.log status=0
  shift
  ctest --preset "$preset" "$@" || status=$?
  # CTest's own log holds what every program printed, also of those that passed.
  if [ "$(id -u)" -eq 0 ]; then refuse_skips "$log" || status=1; fi
  return $status
}

# 64-bit ARM: the programs, the stock nodes and what the board's short part runs; the tests of logic that
# find an alignment, a char or a path that is wrong. `cmake --workflow --preset arm64` does all.
cross_targets=(takt takt-node takt-tap takt_nodes unit_base unit_status unit_os_words unit_os_threads
  unit_os_private_world unit_bus unit_nodes conformance_port)
cross() {
  toolchains/packages.sh cross
  toolchains/sysroot.sh arm64
  cmake --preset arm64 >/dev/null
  cmake --build --preset arm64 --target "${cross_targets[@]}"
  ctest --preset arm64 -R "^(unit_(base|status|os_words|os_threads|bus|nodes)|conformance_port|cross_.*)$"
}

board() {
  toolchains/packages.sh cross board
  toolchains/board/board prepare
  ctest --preset board
}

timed install toolchains/packages.sh build test
timed build build dev
if [ ${#parts[@]} -gt 0 ]; then
  for part in "${parts[@]}"; do
    case "$part" in
      arm64) timed arm64 cross ;;
      board) timed arm64 cross; timed board board ;;
      *) timed "$part" suite dev -L "$part" ;;
    esac
  done
else
  # What counts orders and bytes runs side by side; what is judged by figures runs alone.
  timed "house, unit, conformance" suite dev -j 2 -L 'house|unit|conformance|compile_fail'
  timed "diagnostics, fuzz, install" suite dev -j 2 -L 'diagnostics|fuzz|install'
  timed integration suite dev -L 'integration|judged'
  timed scenarios suite dev -L scenarios
  timed kills suite dev -j 2 -L kills
  timed "arm64 under qemu-user" cross
  timed board board
  if [ $long -eq 1 ]; then
    unset TAKT_LONG  # Everything is slower there, and counts find little that kinds do not.
    timed "build asan" build asan
    timed "suite asan" suite asan
    timed "build tsan" build tsan
    timed "suite tsan" suite tsan
  fi
fi
echo "== all: $((SECONDS - begun)) s"
