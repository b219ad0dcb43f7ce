"""What the tests on the virtual board share: running it, and judging summaries of takt."""
import json
import subprocess
import sys
import time
from pathlib import Path

TREE = Path(__file__).resolve().parent.parent.parent
BOARD = TREE / "toolchains/board/board"
BUILD = TREE / "build/arm64"


def board(arguments, command, limit, stream=False):
    """Runs a command on the board; ends this test when the board itself has a problem. `stream`: what the
    command prints is shown as it comes, after this machine's seconds since the start."""
    call = [str(BOARD), "run", "--build", "arm64", "--time-limit", str(limit), *arguments, "--",
            *command]
    begun, lines = time.monotonic(), []
    with subprocess.Popen(call, stdout=subprocess.PIPE, text=True, errors="replace", cwd=TREE) as run:
        for line in run.stdout:
            lines.append(line)
            if stream:
                print(f"{time.monotonic() - begun:6.0f} s  {line}", end="", flush=True)
    if run.returncode in (2, 124, 125):
        sys.exit(f"the board did not run the command: status {run.returncode}")
    return subprocess.CompletedProcess(call, run.returncode, "".join(lines))


def summary(done):
    try:
        return json.loads(done.stdout)
    except json.JSONDecodeError:
        sys.exit(f"no summary, but status {done.returncode} and: {done.stdout!r}")


def findings(run, cycles):
    """What is wrong with a run that had to be real time: sentences; `cycles` is {node: at least}."""
    wrong = []
    if run["result"] != "ok":
        wrong.append(f"result {run['result']}: {run['reason']}")
    for node in run["nodes"]:
        name = node["name"]
        for counter in ("overruns", "skipped", "misses", "stale_steps", "restarts"):
            if node[counter]:
                wrong.append(f"{name}: {node[counter]} {counter}")
        for entry in node["inputs"]:
            if entry["lost"]:
                wrong.append(f"{name}.{entry['name']}: {entry['lost']} lost")
        if node["cycles"] < cycles[name]:
            wrong.append(f"{name}: {node['cycles']} cycles, at least {cycles[name]} were due")
        if node["applied"]["policy"] != "fifo" or node["applied"]["refused"]:
            wrong.append(f"{name}: not real time: {node['applied']}")
    missing = set(cycles) - {node["name"] for node in run["nodes"]}
    return wrong + [f"{name}: not in the summary" for name in sorted(missing)]


def motor_cycles(seconds):
    return {"reference": seconds * 100, "motor": seconds * 1000, "speed_pid": seconds * 1000,
            "drive": seconds * 1000}


def run_for(seconds):
    """As --for takes it: half a period more, so that the stop does not fall on a release, where a
    microsecond would decide whether the plant has one step more than the drive."""
    return f"{seconds * 1000000 + 500}us"


def verdict(wrong, done):
    for sentence in wrong:
        print(f"FAILED {sentence}")
    if not wrong:
        print(done)
    return 1 if wrong else 0
