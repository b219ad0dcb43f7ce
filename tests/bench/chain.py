"""The chain that the campaign hurts: its graph, one run of it, and what a run leaves behind."""
import os
import pathlib
import signal
import subprocess
import time

import faults
from bench_common import LiveGraph
from verdict_of_commands import BOUND_S, DEVICE_TIMEOUT_S, SAFE, Verdict

HANG_S = 30.0  # The host may stand still; a hang lasts for ever.
LOOK_S = 0.002

GRAPH = """takt: 1
graph: campaign
real_time: best_effort
start: armed
rearm: auto
libraries: [takt_integration_nodes]
defaults: {{policy: fifo, restart: always, backoff: 1ms, max_restarts: 1000 in 1s, watchdog: 200ms}}
nodes:
  writer: {{type: test/hurt_source, period: 5ms, priority: 60, cpu: {cpu}, params: {{orders: {orders}, index: 0}}}}
  reader:
    type: test/hurt_relay
    {reader}
    priority: 61
    cpu: {cpu}
    inputs: {{in: {{from: writer.out, max_age: 20ms, on_stale: safe}}}}
    params: {{orders: {orders}, index: 1}}
  valve:
    type: test/hurt_valve
    {valve}
    priority: 62
    cpu: {valve_cpu}
    safe: {{applied: {safe}}}
    on_silence: {{device_timeout: {timeout:.0f}ms}}
    inputs: {{command: {{from: reader.out, max_age: 20ms, max_data_age: 40ms, on_stale: safe}}}}
    params: {{orders: {orders}, index: 2, port: {port}}}
"""
TRIGGERS = {"polling": ("period: 5ms", "period: 5ms"), "data": ("on: in", "on: command")}


class Chain(LiveGraph):
    """One run of the graph."""

    def __init__(self, options, folder, far, orders, kind):
        cpus = sorted(os.sched_getaffinity(0))
        self.kind, self.far, self.cpus = kind, far, {"valve": cpus[0]}
        self.cpus["writer"] = self.cpus["reader"] = cpus[-1]
        reader, valve = TRIGGERS[kind]
        orders.take_back()
        far.look()
        far.forget()
        self.verdict = Verdict(BOUND_S[kind], time.monotonic())
        text = GRAPH.format(reader=reader, valve=valve, cpu=cpus[-1], valve_cpu=cpus[0], safe=SAFE,
                            timeout=DEVICE_TIMEOUT_S * 1e3, orders=orders.path, port=far.number)
        nodes = options.build.resolve() / "tests/integration/nodes"
        super().__init__(options.build, folder, text,
                         {"TAKT_CAMPAIGN": str(os.getpid()), "TAKT_NODE_PATH": str(nodes)})
        self.everybody = set()

    def pids(self):
        found = faults.children(self.run.pid)
        self.everybody |= set(found.values())
        return found

    def drives_since(self, when, dead=None):
        """Waits for a command measured after `when` with every process there and none of them `dead`: its
        arrival, or None."""
        patience, first = time.monotonic() + HANG_S, None
        while time.monotonic() < patience and self.run.poll() is None:
            for one in self.far.look():
                if first is None and one.value > when:
                    first = one.arrival
            there = self.pids().values()
            if first is not None and len(there) == 4 and dead not in there:
                return first
            time.sleep(LOOK_S)
        return None

    def ends(self):
        """Waits for its end: the seconds until its last process had gone, or None."""
        begun = time.monotonic()
        out = ""
        try:
            out, _ = self.run.communicate(timeout=HANG_S)
        except subprocess.TimeoutExpired:
            return None, out
        while any(is_running(pid) for pid in self.everybody):
            if time.monotonic() > begun + HANG_S:
                return None, out
            time.sleep(LOOK_S)
        return time.monotonic() - begun, out

    def destroy(self):
        for pid in {self.run.pid} | self.everybody | set(self.pids().values()):
            faults.send(pid, signal.SIGKILL)
        self.run.wait()


def is_running(pid):
    try:
        return pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def waited_for_a_cpu(pid):
    """For how long the kernel says that others kept a process from running, in seconds."""
    try:
        return int(pathlib.Path(f"/proc/{pid}/schedstat").read_text().split()[1]) / 1e9
    except FileNotFoundError:
        return 0.0


def leftovers(instance):
    """What a run that has ended has left: processes, sockets, mounts."""
    mark, found = f"TAKT_CAMPAIGN={os.getpid()}".encode(), []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and mark in (entry / "environ").read_bytes().split(b"\0") and \
                    is_running(int(entry.name)):
                found.append(f"process {entry.name}")
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    found += [str(path) for path in pathlib.Path("/run/takt").glob(f"{instance}*")]
    mounts = pathlib.Path("/proc/self/mountinfo").read_text()
    return found + [line for line in mounts.splitlines() if instance in line]
