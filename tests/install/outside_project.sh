#!/usr/bin/env bash
# Installs takt into a folder of its own and uses nothing else: a new node compiles, passes its test
# and runs untouched; so does a new graph; so does the node of the README.
set -euo pipefail
build=$1
source=$2
work=$(mktemp -d "${TMPDIR:-/tmp}/takt-install.XXXXXX")
trap 'rm -rf "$work"' EXIT
export XDG_STATE_HOME=$work/state TAKT_INSTANCE="install-$$"

cmake --install "$build" --prefix "$work/prefix" >/dev/null
takt=$work/prefix/bin/takt
cd "$work"

"$takt" version
grep -q "^ExecStart=$takt run " "$work/prefix/lib/systemd/system/takt@.service"
"$takt" new node my_filter
cmake -S my_filter -B my_filter/build -DCMAKE_PREFIX_PATH="$work/prefix" -G Ninja >configure.log ||
  { cat configure.log; exit 1; }
cmake --build my_filter/build
ctest --test-dir my_filter/build --output-on-failure
TAKT_NODE_PATH=my_filter/build "$takt" nodes filter/my_filter
TAKT_NODE_PATH=my_filter/build "$takt" run my_filter/my_filter.yaml --for 500ms --json >summary.json
grep -q '"result":"ok"' summary.json
python3 - <<'PYTHON'
import json
nodes = {n["name"]: n for n in json.load(open("summary.json"))["nodes"]}
assert nodes["filtered"]["cycles"] > 10, nodes["filtered"]
PYTHON

"$takt" new graph my_robot
"$takt" check my_robot.yaml
"$takt" check my_robot.yaml --board raspberry-pi-5 | grep "cpu 3" >/dev/null
"$takt" run my_robot.yaml --for 300ms

# The node that the README shows is a file that builds.
mkdir readme
awk '/^```cpp/{on=1; next} /^```/{on=0} on' "$source/README.md" >readme/node.cpp
cat >readme/CMakeLists.txt <<'CMAKE'
cmake_minimum_required(VERSION 3.25)
project(readme LANGUAGES CXX)
find_package(takt REQUIRED)
takt_add_nodes(readme_nodes SOURCES node.cpp)
CMAKE
cmake -S readme -B readme/build -DCMAKE_PREFIX_PATH="$work/prefix" -G Ninja >configure.log ||
  { cat configure.log; exit 1; }
cmake --build readme/build
TAKT_NODE_PATH=readme/build "$takt" nodes example/gain
echo "outside project: ok"
