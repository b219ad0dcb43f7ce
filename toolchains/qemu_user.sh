#!/usr/bin/env bash
# qemu_user.sh QEMU SYSROOT PROGRAM [ARGUMENT...]: runs a program of another machine.
# qemu_user.sh QEMU SYSROOT -- COMMAND...: runs one of this machine that starts such programs.
#
# What these programs start themselves is run too: the kernel is told of this qemu (binfmt_misc), in
# namespaces of this run alone where the machine does not know one already.
# CMAKE_CROSSCOMPILING_EMULATOR is this script.
set -euo pipefail
qemu=$1
export QEMU_LD_PREFIX=$2
shift 2
binfmt=/proc/sys/fs/binfmt_misc
name=${qemu##*/}
name=${name%-static}

known() { [ -e "$binfmt/$name" ] || [ -e "$binfmt/takt-$name" ]; }

if [ "${TAKT_QEMU_USER:-}" = inside ]; then
  unset TAKT_QEMU_USER
  known || mount -t binfmt_misc binfmt_misc $binfmt
  if ! known; then
    case "$name" in
      qemu-aarch64) elf='\x02\x01\x01' machine='\xb7\x00' ;;
      qemu-arm) elf='\x01\x01\x01' machine='\x28\x00' ;;
      *) echo "error: no description of $name's programs" >&2; exit 2 ;;
    esac
    zeros='\x00\x00\x00\x00\x00\x00\x00\x00\x00'
    ones='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff'
    # F: the kernel opens qemu now, so that it is found in every root. Two runs may come at once.
    printf '%s' ":takt-$name:M::\\x7fELF$elf$zeros\\x02\\x00$machine:$ones\\xfe\\xff\\xff\\xff:$qemu:OCF" \
      >$binfmt/register 2>/dev/null || known
  fi
elif ! known; then
  # Root keeps his rights (real-time classes, other users); an ordinary user's own binfmt_misc needs
  # Linux 6.7. Where neither works the program runs, but cannot start another.
  private=(unshare --mount --propagation private)
  [ "$(id -u)" -eq 0 ] || private=(unshare --user --map-root-user --mount --propagation private)
  if "${private[@]}" mount -t binfmt_misc binfmt_misc $binfmt 2>/dev/null; then
    exec env TAKT_QEMU_USER=inside "${private[@]}" "$0" "$qemu" "$QEMU_LD_PREFIX" "$@"
  fi
fi
if [ "$1" = -- ]; then
  shift
  exec "$@"
fi
exec "$qemu" "$@"
