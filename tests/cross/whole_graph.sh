#!/usr/bin/env bash
# A graph of five real processes of another machine under qemu-user: they find each other, exchange
# samples, stop and leave nothing. Without the right to make namespaces, which a program that qemu-user
# runs cannot use (it has two threads): takt then uses the machine's names, here those of this test.
set -euo pipefail
build=$1
source=$2

if [ "${3:-}" != inside ]; then
  exec timeout 50 unshare --mount --propagation private "$0" "$build" "$source" inside
fi
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=1777 tmpfs /run
work=$(mktemp -d /run/cross.XXXXXX)
export XDG_STATE_HOME=$work
setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin \
  "$build/bin/takt" run "$source/config/graphs/motor_speed.yaml" --for 1s --json \
  --real-time best_effort >"$work/summary.json"
python3 - "$work/summary.json" <<'PYTHON'
import json
import sys
summary = json.load(open(sys.argv[1]))
assert summary["host"]["arch"] == "aarch64", summary["host"]
assert summary["result"] == "ok", summary
nodes = {node["name"]: node for node in summary["nodes"]}
assert sorted(nodes) == ["drive", "motor", "reference", "speed_pid"], nodes
for node in nodes.values():
    assert node["cycles"] >= 20, node
    assert all(entry["taken"] > 0 for entry in node["inputs"] if entry["from"]), node
    assert all(entry["published"] > 0 for entry in node["outputs"]), node
PYTHON
left=$(find /dev/shm -mindepth 1)
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }
echo "whole graph: ok"
