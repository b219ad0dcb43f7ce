#!/usr/bin/env bash
# takt@.service: systemd takes every line of it, and a graph runs with no more than what it grants, where
# root's tools find it. As root: it becomes an ordinary user.
#
#   service_unit.sh BUILD_FOLDER SOURCE_FOLDER
set -euo pipefail
build=$1 sources=$2
command -v systemd-analyze >/dev/null || { echo "error: no systemd-analyze; package systemd" >&2; exit 1; }

folder=$(mktemp -d)
name=unit$$
run=/run/takt-$name state=/var/lib/takt/$name
trap 'rm -rf "$folder" "$run" "$state"' EXIT
sed "s#^ExecStart=[^ ]*#ExecStart=$build/bin/takt#" "$build/share/takt/service/takt@.service" \
  >"$folder/takt@.service"
said=$(systemd-analyze verify "$folder/takt@.service" 2>&1) || { echo "$said" >&2; exit 1; }
if grep -F "takt@" <<<"$said" >&2; then
  echo "error: systemd has something against the unit" >&2
  exit 1
fi

value() { sed -n "s/^$1=//p" "$folder/takt@.service" | sed "s/%i/$name/g"; }
memlock=$(value LimitMEMLOCK)
[ "$memlock" != infinity ] || memlock=unlimited
[ "$(value CapabilityBoundingSet)" = "" ] && [ "$(value NoNewPrivileges)" = yes ]
# What systemd makes before it starts the program.
mkdir -p "/run/$(value RuntimeDirectory)" "/var/lib/$(value StateDirectory)"
chown 65534:65534 "/run/$(value RuntimeDirectory)" "/var/lib/$(value StateDirectory)"
read -ra places <<<"$(value Environment)"
# A container's root may not raise limits: there the graph runs without real time. That these limits
# suffice is shown on the virtual board all the same (board --user limits).
limits=(prlimit --rtprio="$(value LimitRTPRIO)" --memlock="$memlock")
mode=required
if ! "${limits[@]}" true 2>/dev/null; then
  echo "this root may not raise limits: the graph runs without real time"
  limits=()
  mode=best_effort
fi
"${limits[@]}" setpriv --reuid=65534 --regid=65534 --clear-groups --bounding-set=-all --inh-caps=-all --no-new-privs \
  env -i "${places[@]}" TAKT_NODE_PATH="$build/lib/takt/nodes" \
  "$build/bin/takt" run "$sources/config/graphs/motor_speed.yaml" --instance "$name" \
  --real-time $mode --json >"$folder/summary" 2>"$folder/said" &
service=$!
# Root's tools find it where services are; they wait for it.
"$build/bin/takt" echo motor.speed --instance "$name" --wait 40s -n 100 >/dev/null || { cat "$folder/said"; exit 1; }
"$build/bin/takt" ps --instance "$name" --long
"$build/bin/takt" stop --instance "$name"
wait "$service" || { cat "$folder/said"; exit 1; }
python3 - $mode "$folder/summary" "$state/summary.json" <<'PY'
import json, sys
mode, *paths = sys.argv[1:]
for path in paths:
    summary = json.load(open(path))
    assert summary["result"] == "ok" and summary["real_time"] == mode, summary["reason"]
    for applied in (node["applied"] for node in summary["nodes"]):
        assert mode != "required" or applied["policy"] == "fifo" and not applied["refused"], applied
PY
echo "the unit is taken, and a graph runs with what it grants"
