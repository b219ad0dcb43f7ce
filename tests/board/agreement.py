#!/usr/bin/env python3
"""The deterministic board gives the same figures again: several runs of the motor's loop, every other
one while this machine's CPUs are loaded.

    agreement.py [SECONDS [RUNS]]     default 60 and 5

p50, p99 and max of every histogram agree within 1 us or 5 % in all runs; nothing is late or lost.
"""
import os
import subprocess
import sys
import time

from board_common import board, findings, motor_cycles, run_for, summary, verdict

PARTS = ("p50", "p99", "max")


def histograms(run):
    """{name: {p50, p99, max}} of every histogram in a summary."""
    found = {}
    for node in run["nodes"]:
        for kind in ("wake_ns", "step_ns"):
            found[f"{node['name']}.{kind}"] = node[kind]
        for entry in node["inputs"]:
            for kind in ("age_ns", "data_age_ns"):
                if entry[kind]:
                    found[f"{node['name']}.{entry['name']}.{kind}"] = entry[kind]
    return found


def one_run(seconds, loaded):
    # Busy loops that end by themselves, should this script be killed.
    limit = 120 + 20 * seconds
    spin = [sys.executable, "-c", f"import time\nend=time.monotonic()+{limit}\n"
            "while time.monotonic()<end: pass"]
    load = [subprocess.Popen(spin) for _ in range(os.cpu_count() + 1 if loaded else 0)]
    begun = time.monotonic()
    try:
        done = board(["--deterministic"],
                     ["takt", "run", "config/graphs/motor_speed.yaml", "--real-time", "required",
                      "--for", run_for(seconds), "--json"], limit)
    finally:
        for process in load:
            process.kill()
            process.wait()
    print(f"{'loaded' if loaded else 'unloaded'}: {seconds} s of guest time in "
          f"{time.monotonic() - begun:.0f} s", flush=True)
    return summary(done)


def disagreements(runs):
    wrong = []
    all_of = [histograms(run) for run in runs]
    for name in all_of[0]:
        for part in PARTS:
            values = [one[name][part] for one in all_of]
            low, high = min(values), max(values)
            if high - low > max(1000, 0.05 * low):
                wrong.append(f"{name} {part}: from {low} to {high} ns: {values}")
    return wrong


def equal_figures(runs):
    """How many figures are the same to the nanosecond in all runs."""
    all_of = [histograms(run) for run in runs]
    return sum(len({one[name][part] for one in all_of}) == 1 for name in all_of[0] for part in PARTS)


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    runs, wrong = [], []
    for i in range(count):
        run = one_run(seconds, loaded=i % 2 == 1)
        wrong += [f"run {i + 1}: {sentence}" for sentence in findings(run, motor_cycles(seconds))]
        runs.append(run)
    wrong += disagreements(runs)
    return verdict(wrong, f"{count} runs of {seconds} s: {len(histograms(runs[0])) * len(PARTS)} "
                   f"figures agree within 1 us or 5 %, {equal_figures(runs)} of them to the nanosecond")


if __name__ == "__main__":
    sys.exit(main())
