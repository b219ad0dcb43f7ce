#!/usr/bin/env bash
# An ordinary user's default instance uses the machine's names in /tmp and /dev/shm: it must run,
# say what was not real time, leave nothing there, and clean up after one that was killed. The
# machine here is a mount namespace of the test's own.
set -euo pipefail
build=$1
source=$2

if [ "${3:-}" != inside ]; then
  exec timeout 100 unshare --mount --propagation private "$0" "$build" "$source" inside
fi
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
home=$(mktemp -d /var/tmp/takt-home.XXXXXX)
chown 65534:65534 "$home"
cp "$source/config/graphs/motor_speed.yaml" "$home/graph.yaml"
cp -r "$build/bin" "$build/lib" "$home/"  # The build may lie where this user cannot look.
mount -t tmpfs -o mode=1777 tmpfs /tmp
trap 'rm -rf "$home"' EXIT

as_user() {
  setpriv --reuid=65534 --regid=65534 --clear-groups \
    env -u XDG_RUNTIME_DIR -u XDG_STATE_HOME -u TAKT_INSTANCE HOME="$home" "$@"
}
takt=$home/bin/takt

as_user "$takt" run "$home/graph.yaml" --for 500ms >"$home/out" 2>"$home/err"
grep -q '^not real time:' "$home/err"
grep -q 'rtprio' "$home/err"
left=$(find /tmp /dev/shm -mindepth 1 -not -path '/tmp/takt-65534' -not -path '/tmp/takt-65534/*')
[ -z "$left" ] || { echo "left behind: $left" >&2; exit 1; }

as_user setsid "$takt" run "$home/graph.yaml" >/dev/null 2>&1 &
until as_user "$takt" ps --json 2>/dev/null | grep -q '"state":"running"'; do :; done
supervisor=$(pgrep -u 65534 -f "$takt run" | head -n 1)
nodes=$(pgrep -u 65534 -f "$home/bin/takt-")
[ -n "$nodes" ]
kill -KILL "$supervisor"
for node in $nodes; do tail --pid="$node" -f /dev/null; done
as_user "$takt" run "$home/graph.yaml" --for 300ms >/dev/null 2>"$home/err"
left=$(find /tmp /dev/shm -mindepth 1 -not -path '/tmp/takt-65534' -not -path '/tmp/takt-65534/*')
[ -z "$left" ] || { echo "left behind after a kill: $left" >&2; exit 1; }
echo "machine names: ok"
