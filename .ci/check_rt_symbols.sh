#!/bin/sh
# Real-time code makes no call that may allocate, lock, wait, throw or print.
#
#   .ci/check_rt_symbols.sh BUILD_DIR   judges the objects of the CMake targets marked RT
#   .ci/check_rt_symbols.sh --nodes BUILD_DIR   judges what the loop calls of the stock nodes
#   .ci/check_rt_symbols.sh --self-test [COMPILER]   compiles planted calls and expects each to be found
#
# BUILD_DIR/rt_objects.txt (written by CMake from TAKT_RT_TARGETS) names the objects,
# BUILD_DIR/rt_node_objects.txt those of the stock nodes. objdump gives
# every call with the function it stands in, so that constructors may allocate and steps may not;
# rt_symbols.py judges. OBJDUMP chooses another objdump, for cross builds.
set -eu
here=$(dirname "$0")
objdump=${OBJDUMP:-objdump}

if [ "$1" = --self-test ]; then
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  "${2:-g++}" -std=c++20 -O1 -c -o "$folder/planted.o" "$here/rt_planted.cpp"
  "$objdump" -drwC --no-show-raw-insn "$folder/planted.o" | python3 "$here/rt_symbols.py" --self-test
  exit
fi

if [ "$1" = --nodes ]; then
  objects=$2/rt_node_objects.txt
else
  objects=$1/rt_objects.txt
  set -- all
fi
test -s "$objects" || { echo "$objects: no list of objects; configure with tests" >&2; exit 2; }
while read -r object; do
  test -f "$object" || { echo "$object: not built yet" >&2; exit 2; }
done < "$objects"
xargs -d '\n' "$objdump" -drwC --no-show-raw-insn < "$objects" | python3 "$here/rt_symbols.py" "$1"
