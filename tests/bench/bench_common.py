"""What the benchmarks share: `takt` of a build, and its control socket. Standard library only."""

import argparse
import atexit
import json
import os
import pathlib
import re
import shutil
import socket
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve()
ROOT = HERE.parents[2]


def leave_nothing_of(instance):
    """At the end, removes the log and the last summary of an instance that only this process used."""
    if os.geteuid() == 0:
        folder = pathlib.Path("/var/lib/takt")
    else:
        state = os.environ.get("XDG_STATE_HOME") or pathlib.Path.home() / ".local/state"
        folder = pathlib.Path(state) / "takt"
    atexit.register(shutil.rmtree, folder / instance, ignore_errors=True)


def arguments(description, runs):
    parser = argparse.ArgumentParser(description=description)
    parser.add_argument("--build", type=pathlib.Path, required=True, help="build folder")
    parser.add_argument("--runs", type=int, default=runs, help="runs to take the median of")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    return parser.parse_args()


class Takt:
    """The command of one build, in an instance of this process's own."""

    def __init__(self, build):
        self.program = str(build.resolve() / "bin" / "takt")
        self.instance = f"bench-{os.getpid()}"
        leave_nothing_of(self.instance)
        self.environment = dict(os.environ, TAKT_INSTANCE=self.instance,
                                TAKT_NODE_PATH=str(build.resolve() / "lib" / "takt" / "nodes"))

    def start(self, *words, **options):
        return subprocess.Popen([self.program, *map(str, words)], env=self.environment, text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)

    def socket_path(self):
        if os.geteuid() == 0:
            folder = pathlib.Path("/run/takt")
        elif os.environ.get("XDG_RUNTIME_DIR"):
            folder = pathlib.Path(os.environ["XDG_RUNTIME_DIR"]) / "takt"
        else:
            folder = pathlib.Path(f"/tmp/takt-{os.geteuid()}")
        return folder / f"{self.instance}.sock"

    def ps(self):
        """The live summary, without the time that starting a program takes; None: not yet."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            try:
                connection.connect(str(self.socket_path()))
                connection.sendall(b'{"takt":1,"verb":"ps"}\n')
                with connection.makefile() as lines:
                    line = lines.readline()
            except OSError:
                return None
        return json.loads(line)["summary"] if line else None


def seconds(text):
    """A duration as takt writes it: 20s, 200ms, 10m."""
    number, unit = re.fullmatch(r"([0-9.]+)(ms|s|m|min|h)", text).groups()
    return float(number) * {"ms": 1e-3, "s": 1.0, "m": 60.0, "min": 60.0, "h": 3600.0}[unit]


class LiveGraph(Takt):
    """One run of a graph that is hurt while it runs; its words and its file lie in `folder`."""

    def __init__(self, build, folder, text, environment=None):
        super().__init__(build)
        self.environment.update(environment or {})
        file = pathlib.Path(folder) / "graph.yaml"
        file.write_text(text, encoding="ascii")
        self.errors = open(pathlib.Path(folder) / "errors", "w+", encoding="utf-8")
        self.run = subprocess.Popen([self.program, "run", str(file), "--json"], text=True,
                                    env=self.environment, stdout=subprocess.PIPE, stderr=self.errors)

    def ask(self, *words):
        return wait(self.start(*words))

    def resident_kib(self):
        for line in pathlib.Path(f"/proc/{self.run.pid}/status").read_text().splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1])
        return 0

    def said(self):
        self.errors.flush()
        return pathlib.Path(self.errors.name).read_text()


def check_counters(summary, wrong):
    """taken + lost against published, less what was in flight when somebody died."""
    published = {f"{n['name']}.{o['name']}": o["published"] for n in summary["nodes"] for o in n["outputs"]}
    restarts = sum(n["restarts"] for n in summary["nodes"])
    for node in summary["nodes"]:
        for output in node["outputs"]:
            if output["unsent"]:
                wrong.append(f"{node['name']}.{output['name']}: {output['unsent']} samples without memory")
        for i in node["inputs"]:
            if not i["from"]:
                continue
            seen = i["taken"] + i["lost"]
            # One may be taken twice in the count of nobody: a death between publish and count.
            if seen > published[i["from"]] + restarts + 1:
                wrong.append(f"{node['name']}.{i['name']}: {seen} of {published[i['from']]} samples")


def disturbance(summary):
    """Why a run is void for a judgement; empty when it is not."""
    found = []
    for node in summary["nodes"]:
        found += [f"{node['name']} {key} {node[key]}"
                  for key in ("overruns", "skipped", "stale_steps") if node[key]]
        for entry in node["inputs"]:
            found += [f"{node['name']}.{entry['name']} {key} {entry[key]}"
                      for key in ("lost", "stale") if entry[key]]
    return ", ".join(found)


def host():
    with open("/proc/loadavg", encoding="ascii") as load:
        return f"{os.uname().release} {os.uname().machine}, {os.cpu_count()} cpus, load {load.read().split()[0]}"


def judge(verdicts):
    """Prints each (what, good) and returns the exit status."""
    for what, good in verdicts:
        print(f"{'ok  ' if good else 'FAIL'} {what}")
    return 0 if all(good for _, good in verdicts) else 1


def wait(process, seconds=60):
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        sys.exit("the watchdog ended takt")
    return out, err


def now():
    return time.monotonic()
