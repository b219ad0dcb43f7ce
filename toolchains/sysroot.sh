#!/usr/bin/env bash
# The headers and libraries of another machine, from Debian's packages, for cross-compilation.
#
#   toolchains/sysroot.sh arm64          makes it once; says where it is
#   toolchains/sysroot.sh armhf          32 bit; iceoryx 2.0 does not support it
#   toolchains/sysroot.sh --path arm64   only says where it is or would be
#
# Its packages are the group `sysroot` of packages.txt. It is kept in ~/.cache/takt (TAKT_CACHE moves
# that) under a name that holds a hash of the list: another list makes another sysroot beside it.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
. "$here/debian.sh"

make=1
case "${1:-}" in
  --help) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 0 ;;
  --path) make=0; shift ;;
esac
arch=${1:-}
case "$arch" in
  arm64 | armhf) ;;
  *) echo "error: which sysroot: arm64 or armhf? See --help" >&2; exit 2 ;;
esac

mapfile -t packages < <(packages_of sysroot)
sysroot=$(cache_folder)/sysroot-$arch-$(printf '%s\n' "${packages[@]}" | content_hash)
if [ $make -eq 0 ]; then
  echo "$sysroot"
  exit 0
fi
if [ ! -d "$sysroot" ]; then
  begun=$SECONDS
  mkdir -p "$(dirname "$sysroot")"
  echo "sysroot: fetching ${#packages[@]} packages for $arch and what they depend on"
  # Under a name of its own until it is whole: what stands under the right name is complete, also
  # when two shells make it at once.
  draft=$sysroot.$$
  trap 'rm -rf "$draft" "$draft.log"' EXIT
  extract "$arch" "$draft" "${packages[@]}"
  mv -T "$draft" "$sysroot" 2>/dev/null || [ -d "$sysroot" ] || fail "cannot move $draft to $sysroot"
  echo "sysroot: made in $((SECONDS - begun)) s"
fi
echo "sysroot: $sysroot"
