#!/usr/bin/env bash
# From a fresh clone to a running graph: installs what is missing, builds, runs the motor for 5 s.
set -euo pipefail
cd "$(dirname "$0")/.."

[ "${1:-}" != "--help" ] || {
  echo "usage: toolchains/quickstart.sh - install packages, build preset 'release', run a graph"
  exit 0
}
echo "This installs the 'build' packages of toolchains/packages.txt that are missing:"
awk '$1 == "build" {printf "%s ", $2} END {print ""}' toolchains/packages.txt
toolchains/packages.sh build

cmake --preset release
cmake --build --preset release
echo
echo "+ build/release/bin/takt run config/graphs/motor_speed.yaml --for 5s"
exec build/release/bin/takt run config/graphs/motor_speed.yaml --for 5s
