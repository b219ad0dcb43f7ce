#!/usr/bin/env python3
"""The board's devices: CAN, GPIO, I2C, IIO and serial answer, and the watchdog bites: when nobody feeds it, and
when takt does not, because it was killed or its graph is not well; not while takt feeds it or after its end."""
import subprocess
import sys

from board_common import BOARD, TREE, board, verdict


def main():
    done = board(["--with", "can,gpio,i2c,iio,watchdog,serial", "--bring", str(TREE / "tests/board")],
                 ["sh", str(TREE / "tests/board/guest_devices_answer.sh")], 110)
    print(done.stdout, end="")
    wrong = [] if done.returncode == 0 else [f"exit status {done.returncode}"]
    # Opened and never fed again: the board resets, and `board` has no status of the command.
    bitten = subprocess.run(
        [str(BOARD), "run", "--deterministic", "--build", "none", "--with", "watchdog", "--time-limit",
         "110", "--", "busybox", "watchdog", "-F", "-T", "4", "-t", "1000", "/dev/watchdog0"],
        capture_output=True, text=True)
    if bitten.returncode != 125 or "reset" not in bitten.stderr:
        wrong.append(f"the watchdog did not reset the board: status {bitten.returncode}, "
                     f"{bitten.stderr[-300:]}")
    for case, status in (("released", 0), ("killed", 125), ("unwell", 125)):
        done = subprocess.run(
            [str(BOARD), "run", "--build", "arm64", "--deterministic", "--with", "watchdog", "--time-limit",
             "110", "--bring", f"{TREE}/tests/board", "--", "sh",
             str(TREE / "tests/board/guest_watchdog.sh"), case])
        if done.returncode != status:
            wrong.append(f"watchdog in takt's hands, {case}: status {done.returncode}, expected {status}")
    return verdict(wrong, "devices of the board: ok")


if __name__ == "__main__":
    sys.exit(main())
