#!/usr/bin/env python3
"""The motor's loop on the deterministic board, real time required: nothing late, nothing lost.

    motor_deterministic.py [SECONDS]     of guest time; default 5
"""
import sys

from board_common import board, findings, motor_cycles, run_for, summary, verdict


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    done = board(["--deterministic"],
                 ["takt", "run", "config/graphs/motor_speed.yaml", "--real-time", "required",
                  "--for", run_for(seconds), "--json"], limit=60 + 10 * seconds)
    run = summary(done)
    wrong = findings(run, motor_cycles(seconds))
    if done.returncode != 0:
        wrong.append(f"exit status {done.returncode}")
    if "rt" not in run["host"]["kernel"]:
        wrong.append(f"not the PREEMPT_RT kernel: {run['host']}")
    for node in run["nodes"]:
        wake, step = node["wake_ns"], node["step_ns"]
        print(f"{node['name']:10} wake p50 {wake['p50']} p99 {wake['p99']} max {wake['max']} ns, "
              f"step p50 {step['p50']} p99 {step['p99']} max {step['max']} ns")
    return verdict(wrong, f"{seconds} s of guest time: no overrun, miss, loss or stale step")


if __name__ == "__main__":
    sys.exit(main())
