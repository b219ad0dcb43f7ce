#!/usr/bin/env python3
"""One boot: what qemu-user cannot test, and real time with the least privilege."""
import sys
import tempfile
from pathlib import Path

from board_common import BUILD, TREE, board, findings, verdict


def least_privilege(results):
    """Those who were let through were real time in every node."""
    import json
    wrong = []
    for way in ("limits", "capabilities"):
        run = json.loads((results / f"{way}.json").read_text())
        wrong += [f"{way}: {sentence}" for sentence in
                  findings(run, {"reference": 50, "motor": 500, "speed_pid": 500, "drive": 500})]
    return wrong


def main():
    units = [line.split()[0] for line in (TREE / "tests/no_qemu_user.txt").read_text().splitlines()
             if line.startswith("unit_")]
    bring = [BUILD / "bin" / name for name in units]
    bring += [TREE / "tests/no_qemu_user.txt", TREE / "tests/board"]
    with tempfile.TemporaryDirectory(prefix="takt-board-checks.") as folder:
        done = board(["--deterministic", "--results", folder, "--bring", ":".join(map(str, bring))],
                     ["sh", str(TREE / "tests/board/guest_checks.sh"), str(BUILD), str(TREE)], 110)
        print(done.stdout, end="")
        wrong = [] if done.returncode == 0 else [f"exit status {done.returncode}"]
        if not wrong:
            wrong = least_privilege(Path(folder))
    return verdict(wrong, "checks on the board: ok")


if __name__ == "__main__":
    sys.exit(main())
