#!/usr/bin/env python3
"""Samples stay whole under pressure: the integrity tests of tests/integration, again and again, on the
board with two CPUs whose time other processes take.

    integrity.py [SECONDS]     of guest time; default 600. One takes four of an idle processor here.

No sample is torn, out of order, unaccounted for, and none is left unsent for want of a chunk: that is
what the tests themselves judge.
"""
import re
import sys

from board_common import BUILD, TREE, board, verdict


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 600
    bring = [BUILD / "bin" / name for name in ("integration_samples", "takt", "takt-node", "takt-tap")]
    bring += [BUILD / "lib", BUILD / "tests/integration/nodes", TREE / "tests/board"]
    done = board(["--counted", "--smp", "2", "--memory", "2048", "--bring", ":".join(map(str, bring))],
                 ["sh", str(TREE / "tests/board/guest_pressure.sh"), str(seconds),
                  str(BUILD / "bin/integration_samples"), "--gtest_filter=*Integrity*"],
                 120 + 12 * seconds, stream=True)
    published = [int(number) for number in re.findall(r"newest_1: (\d+) published", done.stdout)]
    wrong = [] if done.returncode == 0 else [f"exit status {done.returncode}"]
    if not published:
        wrong.append("nothing was published")
    return verdict(wrong, f"{sum(published)} samples in {len(published)} runs: whole, in order and "
                   "accounted for")


if __name__ == "__main__":
    sys.exit(main())
