#!/usr/bin/env python3
"""A machine that was suspended while a graph ran: nothing moves when it is back until a person arms it.

    suspend.py

A real suspend (s2idle) for 3 s, ended by the board's clock. On this board CLOCK_MONOTONIC goes on meanwhile:
samples are old when the processes are thawed. (Where it stands still, they look fresh: integration_suspend.)
"""
import json
import sys
import tempfile
from pathlib import Path

from board_common import TREE, board, verdict

MOVES_FROM_S = 1.2  # The set-point steps at 1 s: the drive's output is not 0 before the suspend.


def main():
    script = TREE / "tests/board/guest_suspend.sh"
    with tempfile.TemporaryDirectory() as results:
        done = board(["--counted", "--bring", str(script), "--results", results], [str(script)], 180)
        lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
        log = (Path(results) / "run.log").read_text()
        drive = [line.split(",") for line in (Path(results) / "drive.csv").read_text().splitlines()[1:]]
    wrong = [] if done.returncode == 0 else [f"status {done.returncode}: {done.stdout} {log}"]
    if len(lines) != 3:
        return verdict(wrong + [f"{len(lines)} states in place of 3"], "")
    before, after, armed = lines
    if not before["armed"] or after["armed"] or not armed["armed"]:
        wrong.append(f"armed: {[state['armed'] for state in lines]}, not [True, False, True]")
    samples = [(float(t), float(volts)) for t, _, volts in drive]
    gap = max((b[0] - a[0], i + 1) for i, (a, b) in enumerate(zip(samples, samples[1:])))
    if gap[0] < 2.9:
        return verdict(wrong + [f"the longest time without a sample is {gap[0]:.3f} s"], "")
    before_it, after_it = samples[:gap[1]], samples[gap[1]:]
    if not all(volts for t, volts in before_it if t > MOVES_FROM_S):
        wrong.append("the drive did not move before the suspend")
    until_armed = [volts for t, volts in after_it if t < after["elapsed_s"]]
    if any(until_armed) or not until_armed:
        wrong.append(f"after it: {until_armed[:5]} V before anybody armed")
    if not any(volts for _, volts in after_it):
        wrong.append("the drive did not move after `takt arm`")
    return verdict(wrong, f"suspended for {gap[0]:.3f} s; {len(until_armed)} samples of 0 V, then `takt arm`; "
                          f"{after['safe_reason']}")


if __name__ == "__main__":
    sys.exit(main())
