#!/bin/sh
# guest_as.sh root|limits|capabilities|plain COMMAND...: runs it as root with all rights, or as an
# ordinary user who may take real-time classes and lock memory by limits, by ambient capabilities, or
# not at all. He gets nothing beyond that.
way=$1
shift
as_user() {
  export HOME=/home/takt
  exec "$@"
}
ordinary="setpriv --reuid=1000 --regid=1000 --clear-groups"
case "$way" in
  root) exec "$@" ;;
  limits) as_user prlimit --rtprio=98 --memlock=unlimited $ordinary --bounding-set=-all "$@" ;;
  capabilities)
    as_user $ordinary --inh-caps=+sys_nice,+ipc_lock --ambient-caps=+sys_nice,+ipc_lock \
      --bounding-set=-all,+sys_nice,+ipc_lock "$@" ;;
  plain) as_user prlimit --rtprio=0 --memlock=65536 $ordinary --bounding-set=-all "$@" ;;
  *) echo "no way '$way'; there are root, limits, capabilities, plain" >&2; exit 2 ;;
esac
