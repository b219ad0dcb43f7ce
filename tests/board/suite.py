#!/usr/bin/env python3
"""The whole suite of preset arm64 on the board with two CPUs, less tests/board/not_on_the_board.txt.

    suite.py [PATTERN]     only tests whose name matches
"""
import json
import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

from board_common import BUILD, TREE, board, verdict

# Arguments more. Every single step of an emulated processor takes it through the emulator's own start
# of a block: 6 instructions of each situation, where other machines take 73.
ARGUMENTS = {"kills_crash_points": ["--points", "6"]}

# About 1400 s of one of this machine's processors; a slower one, or one with other work, takes longer.
HOST_LIMIT_S = 5400


def left_out():
    lines = (TREE / "tests/board/not_on_the_board.txt").read_text().splitlines()
    return [line.split(None, 1) for line in lines if line and not line.startswith("#")]


def tests():
    """(name, seconds, command) of every test that CTest knows."""
    text = subprocess.run(["ctest", "--test-dir", str(BUILD), "--show-only=json-v1"],
                          capture_output=True, text=True, check=True).stdout
    for test in json.loads(text)["tests"]:
        command = test.get("command", [])
        # CTest runs programs through the emulator and its two arguments: not here.
        if command and command[0].endswith("qemu_user.sh"):
            command = command[3:]
        properties = {entry["name"]: entry["value"] for entry in test.get("properties", [])}
        command = command + ARGUMENTS.get(test["name"], [])
        folder = properties.get("WORKING_DIRECTORY", str(BUILD))
        yield test["name"], int(properties.get("TIMEOUT", 60)), \
            f"mkdir -p {shlex.quote(folder)} && cd {shlex.quote(folder)} && {shlex.join(command)}"


def main():
    wanted = sys.argv[1] if len(sys.argv) > 1 else "."
    rows = []
    for name, limit, command in tests():
        reason = next((why for pattern, why in left_out() if re.fullmatch(pattern, name)), None)
        if reason:
            print(f"left out {name}: {reason}")
        elif re.search(wanted, name):
            rows.append(f"{name}\t{limit * 4}\t{command}\n")
    with tempfile.TemporaryDirectory(prefix="takt-board-suite.") as folder:
        listing = Path(folder) / "list"
        listing.write_text("".join(rows))
        built = ["bin", "lib", "share", "tests/integration/nodes",
                 "tests/integration/libtakt_boottime_shim.so"]
        bring = [*(BUILD / path for path in built), TREE / "tests", TREE / "runtime/graph", listing]
        done = board(["--counted", "--smp", "2", "--memory", "2048", "--results", folder + "/results",
                      "--bring", ":".join(map(str, bring))],
                     ["sh", str(TREE / "tests/board/guest_suite.sh"), str(listing)], HOST_LIMIT_S, stream=True)
    return verdict([] if done.returncode == 0 else [f"exit status {done.returncode}"],
                   f"the suite on the board: {len(rows)} tests passed")


if __name__ == "__main__":
    sys.exit(main())
