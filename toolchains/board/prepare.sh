#!/usr/bin/env bash
# Makes what every virtual board starts from, once, out of Debian's packages: the PREEMPT_RT kernel and
# a small root that lives in memory. `prepare.sh modules` also builds the kernel modules that Debian's
# arm64 kernel leaves out (modules.sh). Prints the folder, or two: base, modules.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../debian.sh"

# Drivers that a board may need; with what they need themselves about 2 MB of the kernel's 290.
modules=(virtio_pci virtio_console configfs
  can can-raw can-bcm can-gw can-isotp vcan slcan kvaser_pci
  i2c-dev lm75 industrialio industrialio-triggered-buffer kfifo_buf
  i6300esb softdog)

# What an extracted package brings and a board in memory has no use for.
unused=(boot usr/lib/klibc 'usr/lib/linux-image-*' lib/aarch64-linux-gnu/security lib/modules lib/systemd lib/udev usr/include usr/games usr/src var/lib/dpkg var/lib/apt var/cache
  usr/lib/initramfs-tools 'usr/lib/python3*' usr/lib/systemd usr/lib/locale usr/lib/udev usr/lib/dpkg
  'usr/lib/aarch64-linux-gnu/libpython*' 'usr/lib/aarch64-linux-gnu/libperl*'
  'usr/lib/aarch64-linux-gnu/'{perl,perl-base,gconv,engines-3,krb5,tc}
  'usr/bin/perl*' 'usr/bin/python3*' 'usr/bin/dpkg*' bin/udevadm)
used_share='xml|terminfo'

progress() { echo "board: $*" >&2; }

keep_modules() {  # keep_modules FROM INTO VERSION
  local from=$1 into=$2 version=$3 module path
  depmod -b "$from" "$version"
  mkdir -p "$into/lib/modules/$version"
  cp "$from/lib/modules/$version"/modules.{builtin,builtin.modinfo,order} "$into/lib/modules/$version/"
  for module in "${modules[@]}"; do
    modprobe -d "$from" -S "$version" --show-depends "$module" | awk '$1 == "insmod" {print $2}'
  done | sort -u | while read -r path; do
    install -D -m 644 "$path" "$into/${path#"$from"/}"
    aarch64-linux-gnu-strip --strip-debug "$into/${path#"$from"/}"
  done
  depmod -b "$into" "$version"
}

make_base() {  # make_base FOLDER
  local folder=$1 root=$1/root version
  mapfile -t packages < <(packages_of board-root)
  progress "fetching the kernel and ${#packages[@]} packages (about 100 MB)"
  extract arm64 "$folder/packages" "${packages[@]}"
  version=$(ls "$folder/packages/lib/modules")
  cp "$folder/packages/boot/vmlinuz-$version" "$folder/kernel"
  echo "$version" >"$folder/version"
  progress "making the root in memory for Linux $version"
  cp -a "$folder/packages" "$root"
  # shellcheck disable=SC2068  # the patterns are to be expanded
  (cd "$root" && rm -rf ${unused[@]} && ls usr/share | grep -vxE "$used_share" | sed 's|^|usr/share/|' | xargs rm -rf)
  keep_modules "$folder/packages" "$root" "$version"
  mkdir -p "$root"/{proc,sys,dev,tmp,run,root,etc,opt,results,var/lib,home/takt}
  # Not compressed: unpacking costs an emulated processor more than reading.
  (cd "$root" && find . -print0 | sort -z | cpio --null -o -H newc --quiet -R 0:0) >"$folder/root.cpio"
  rm -rf "$root" "$folder/packages"
}

# once NAME FUNCTION: FUNCTION fills a folder that takes its name when it is whole.
once() {
  local name=$1 make=$2 folder draft begun=$SECONDS
  folder=$(cache_folder)/$name
  draft=$folder.$$
  if [ ! -d "$folder" ]; then
    mkdir -p "$draft"
    # shellcheck disable=SC2064  # the name of now
    trap "rm -rf '$draft'" EXIT
    "$make" "$draft" >&2
    mv -T "$draft" "$folder" 2>/dev/null || [ -d "$folder" ] || fail "cannot move $draft to $folder"
    progress "$name made in $((SECONDS - begun)) s"
  fi
  echo "$folder"
}

need_tool cpio cpio
need_tool depmod kmod
need_tool aarch64-linux-gnu-strip binutils-aarch64-linux-gnu
hash=$( (packages_of board-root; cat "$here/prepare.sh") | content_hash)
base=$(once "board-$hash" make_base)
echo "$base"
if [ "${1:-}" = modules ]; then
  . "$here/modules.sh"
  hash=$( (cat "$base/version" "$here/modules.sh") | content_hash)
  once "board-modules-$hash" make_modules
fi
