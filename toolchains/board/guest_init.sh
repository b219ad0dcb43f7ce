#!/bin/busybox sh
# The board's first process: mounts what a system has, runs the command of this run (/board/run, from
# the archive that the host appends), hands its output, its exit status and /results to the host over
# virtio-serial ports, and powers off.
export PATH=/usr/local/bin:/opt/takt/bin:/usr/bin:/usr/sbin:/bin:/sbin:/bb
/bin/busybox mkdir -p /bb
/bin/busybox --install -s /bb
[ -e /bin/sh ] || ln -s dash /bin/sh  # Not busybox: its shell prefers its own setpriv and ip.
mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mkdir -p /dev/shm /dev/pts
mount -t devpts devpts /dev/pts
mount -t tmpfs -o mode=1777 tmpfs /dev/shm
mount -t tmpfs -o mode=0755 tmpfs /run
for folder in /tmp /var/tmp /results; do  # Not mounted over: files of this run may stand there.
  mkdir -p "$folder"
  chmod 1777 "$folder"
done
ip link set lo up
echo board >/proc/sys/kernel/hostname
printf '%s\n' root:x:0:0:root:/root:/bin/bash takt:x:1000:1000:takt:/home/takt:/bin/bash \
  nobody:x:65534:65534:nobody:/:/bin/sh >/etc/passwd
printf '%s\n' root:x:0: games:x:60: users:x:100: takt:x:1000: nogroup:x:65534: >/etc/group
chown -R 1000:1000 /home/takt
export HOME=/root LANG=C.UTF-8 TAKT_RESULTS=/results
modprobe virtio_pci
modprobe virtio_console

port() {  # port NAME: the device of the named port
  for entry in /sys/class/virtio-ports/*; do
    [ "$(cat "$entry/name")" = "$1" ] && echo "/dev/${entry##*/}"
  done
}

. /board/settings
not_ready=""
for group in $devices; do
  /board/devices "$group" || not_ready="$not_ready $group"
done
cd "$folder" || cd /

if [ "$interactive" = 1 ]; then
  setsid -c bash -i </dev/console >/dev/console 2>&1
  poweroff -f
fi

# Through pipes, so that a program that writes much at once or opens its output again finds what it
# would find elsewhere: a port takes one opener and 32 KiB at a time.
for stream in out err; do
  mkfifo "/run/$stream"
  chmod 666 "/run/$stream"
  cat "/run/$stream" >"$(port $stream)" &
done
if [ -z "$not_ready" ]; then
  /board/as "$user" sh /board/run >/run/out 2>/run/err </dev/null
  status=$?
else
  echo "board: these devices cannot be made ready:$not_ready" >/run/err
  : >/run/out
  status=125
fi
wait
tar -C /results -cf "$(port results)" .
echo "$status" >"$(port status)"
poweroff -f
