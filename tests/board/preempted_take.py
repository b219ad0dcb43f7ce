#!/usr/bin/env python3
"""A reader that is preempted inside its take by the writer of the same topic does not stop the writer.

    preempted_take.py [SECONDS]     of guest time; default 30, two sweeps

iceoryx's queue lets a writer spin while a reader holds an index of a full queue. On one CPU the reader
never gets to give it back when the writer has the higher priority. Two CPUs, so that the rest of the board
can tell of it.
"""
import sys

from board_common import TREE, board, summary, verdict


def main():
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    graph = TREE / "tests/board/graphs/preempted_take.yaml"
    done = board(["--counted", "--smp", "2", "--bring", str(graph)],
                 ["timeout", "-s", "KILL", str(4 * seconds), "takt", "run", str(graph), "--for",
                  f"{seconds}s", "--json"], 30 * seconds)
    if done.returncode == 137:
        return verdict([f"the graph did not end within {4 * seconds} s of guest time"], "")
    run = summary(done)
    cycles = {node["name"]: node["cycles"] for node in run["nodes"]}
    wrong = []
    if run["result"] != "ok":
        wrong.append(f"result {run['result']}: {run['reason']}")
    if cycles["fast"] < seconds * 9900:
        wrong.append(f"the writer made {cycles['fast']} cycles of {seconds * 10000}")
    return verdict(wrong, f"{cycles['fast']} cycles of the writer, {cycles['slow']} of the reader")


if __name__ == "__main__":
    sys.exit(main())
