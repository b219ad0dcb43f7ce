#!/usr/bin/env python3
"""What takt costs on the deterministic board, in guest time, held against the committed figures.

    figures.py [SECONDS]            judges a run of that many guest seconds (default 60, as committed)
    figures.py --record [SECONDS]   writes tests/board/figures.json instead

A figure that has grown by more than 5 % (and more than 200 ns, a maximum more than 5 us: whether another
process' timer ends in that very wake-up) fails; one that has shrunk by more is named, to be recorded.
Guest time counts instructions, one a nanosecond: it has no caches and is no forecast of a real board's
times. It grows when the code does more.
"""
import json
import sys
import tempfile
from pathlib import Path

from board_common import TREE, board, findings, motor_cycles, run_for, verdict

FILE = TREE / "tests/board/figures.json"
SLACK_NS = 200
SLACK_OF_MAX_NS = 5000


def cyclictest(text):
    """(p50, max) in ns from its histogram: lines `MICROSECONDS COUNT`."""
    rows = [line.split() for line in text.splitlines() if line and line[0].isdigit()]
    rows = [(int(row[0]), int(row[1])) for row in rows]
    total, seen = sum(count for _, count in rows), 0
    for value, count in rows:
        seen += count
        if 2 * seen >= total:
            p50 = value
            break
    return p50 * 1000, max(value for value, count in rows if count) * 1000


def measure(seconds):
    with tempfile.TemporaryDirectory(prefix="takt-board-figures.") as folder:
        done = board(["--deterministic", "--results", folder, "--bring", str(TREE / "tests/board")],
                     ["sh", str(TREE / "tests/board/guest_figures.sh"), str(seconds), run_for(seconds)],
                     limit=120 + 20 * seconds)
        if done.returncode != 0:
            sys.exit(f"the run on the board ended with {done.returncode}")
        results = Path(folder)
        run = json.loads((results / "run.json").read_text())
        cyclic = cyclictest((results / "cyclictest").read_text())
        begin, end = map(float, (results / "uptime").read_text().split())
    nodes = {node["name"]: node for node in run["nodes"]}
    figures = {
        # From the release of the plant to the drive's command: the age of the measurement in the drive.
        "chain_p50_ns": data_age(nodes["drive"], "command")["p50"],
        "chain_p99_ns": data_age(nodes["drive"], "command")["p99"],
        "start_and_stop_ns": round((end - begin - seconds) * 1e9),
    }
    for name, node in nodes.items():
        figures[f"{name}_step_p50_ns"] = node["step_ns"]["p50"]
        figures[f"{name}_wake_p50_ns"] = node["wake_ns"]["p50"]
        figures[f"{name}_wake_max_ns"] = node["wake_ns"]["max"]
    return run, cyclic, figures


def data_age(node, port):
    return next(entry for entry in node["inputs"] if entry["name"] == port)["data_age_ns"]


def judge(run, cyclic, figures, seconds):
    wrong = findings(run, motor_cycles(seconds))
    # The highest-priority periodic node sleeps as cyclictest does.
    for part, reference in zip(("p50", "max"), cyclic):
        own = next(n for n in run["nodes"] if n["name"] == "reference")["wake_ns"][part]
        print(f"wake-up {part}: reference {own} ns, cyclictest {reference} ns")
        if own > 2 * reference:
            wrong.append(f"wake-up {part} of 'reference' is {own} ns, more than twice cyclictest's")
    committed = json.loads(FILE.read_text())["figures"]
    if set(committed) != set(figures):
        wrong.append(f"other figures than committed: {sorted(set(committed) ^ set(figures))}")
    for name in sorted(set(committed) & set(figures)):
        before, now = committed[name], figures[name]
        print(f"{name:28} {now:>12} ns, committed {before:>12}")
        slack = max(0.05 * before, SLACK_OF_MAX_NS if "_max_" in name else SLACK_NS)
        if now > before + slack:
            wrong.append(f"{name} has grown from {before} to {now} ns")
        elif now < before - slack:
            print(f"{name} has shrunk: record it with tests/board/figures.py --record")
    return wrong


def main():
    words = [word for word in sys.argv[1:] if word != "--record"]
    seconds = int(words[0]) if words else 60
    run, cyclic, figures = measure(seconds)
    if "--record" in sys.argv:
        FILE.write_text(json.dumps({"seconds": seconds, "figures": figures}, indent=2) + "\n")
        print(f"recorded in {FILE.relative_to(TREE)}")
        return 0
    return verdict(judge(run, cyclic, figures, seconds), "figures: within 5 % of the committed ones")


if __name__ == "__main__":
    sys.exit(main())
