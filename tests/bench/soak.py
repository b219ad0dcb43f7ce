#!/usr/bin/env python3
"""Kills, stops and restarts processes of a running graph of ten nodes at 1 kHz, at random, for a while.

    soak.py [--build build/dev] [--for 30m] [--every 1s] [--seed 1]

After every fault the graph must run again: every node steps. At the end it must stop as asked, its counters
must add up, no sample may have failed for want of memory, and the supervisor's memory must be flat. Prints
a line for each kind of fault, with the time from a node's end to its first good step.
"""
import argparse
import json
import random
import re
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_common import LiveGraph, check_counters, seconds

LOOP = """
  {0}_reference: {{type: source/profile, period: 1ms, priority: 73, params: {{shape: sine, amplitude: 1 rad/s, frequency: 1 Hz}}}}
  {0}_motor:
    type: plant/dc_motor
    period: 1ms
    priority: 70
    inputs: {{voltage: {{from: {0}_drive.output, initial: 0 V}}}}
  {0}_pid:
    type: controller/pid
    on: measurement
    priority: 71
    inputs:
      measurement: {{from: {0}_motor.speed, max_age: 5ms, on_stale: safe}}
      reference: {{from: {0}_reference.value, initial: 0 rad/s, max_age: none}}
    params: {{kp: 100, ki: 200, kd: 10, tf: 10ms, b: 1, c: 1}}
    units: {{output: V}}
  {0}_drive:
    type: actuator/limiter
    on: command
    priority: 72
    safe: {{output: 0 V}}
    inputs: {{command: {{from: {0}_pid.output, max_age: 5ms, max_data_age: 10ms, on_stale: safe}}}}
"""
GRAPH = """takt: 1
graph: soak
real_time: best_effort
libraries: [takt_nodes]
defaults: {restart: on_failure, backoff: 1ms, max_restarts: 1000 in 60s}
nodes:""" + LOOP.format("left") + LOOP.format("right") + """
  lone_source: {type: source/profile, period: 1ms, params: {shape: step, at: 0s, from: 0, to: 1}}
  lone_limiter:
    type: actuator/limiter
    on: command
    safe: {output: 0}
    inputs: {command: {from: lone_source.value, max_age: 5ms, on_stale: safe}}
"""
HANG_SECONDS = 30.0  # The host may stand still; a hang lasts for ever.
STOP_SECONDS = 0.3
LOOK_SECONDS = 0.01  # Between two looks: they are no load.
MEMORY_GROWTH_KIB = 4096


class Graph(LiveGraph):
    """The ten nodes and what is asked of them."""

    def ps(self):
        time.sleep(LOOK_SECONDS)
        return super().ps()

    def wait_until_running(self, since=None):
        """Every node has stepped since; its summary, or None at the end of patience."""
        patience = time.monotonic() + HANG_SECONDS
        first = None
        while time.monotonic() < patience and self.run.poll() is None:
            live = self.ps()
            if not live or live["state"] != "running" or \
                    any(n["state"] != "running" for n in live["nodes"]):
                first = None
                continue
            cycles = {n["name"]: n["cycles"] for n in live["nodes"]}
            if first is None:
                first = cycles
            elif all(cycles[name] > first[name] for name in cycles):
                return live
        return None


def hurt(graph, how, name):
    if how == "stop":
        graph.ask("inject", "stop", name)
        end = time.monotonic() + STOP_SECONDS
        while time.monotonic() < end:
            graph.ps()
        graph.ask("inject", "cont", name)
    elif how == "restart":
        graph.ask("restart", name)
    else:
        graph.ask("inject", "kill", name)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", default="build/dev")
    parser.add_argument("--for", dest="duration", default="30m")
    parser.add_argument("--every", default="1s")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    chance = random.Random(options.seed)
    wrong, counts = [], {}
    with tempfile.TemporaryDirectory(prefix="takt-soak-") as folder:
        graph = Graph(Path(options.build), folder, GRAPH)
        live = graph.wait_until_running()
        if live is None:
            print(graph.said())
            graph.run.kill()
            return "the graph does not start"
        names = [n["name"] for n in live["nodes"]] + ["tap"]
        memory = graph.resident_kib()
        end = time.monotonic() + seconds(options.duration)
        while time.monotonic() < end:
            how, name = chance.choice(["kill", "kill", "kill", "stop", "restart"]), chance.choice(names)
            hurt(graph, how, name)
            counts[how] = counts.get(how, 0) + 1
            if graph.wait_until_running() is None:
                wrong.append(f"fault {sum(counts.values())}, {how} '{name}': the graph does not run again")
                print(json.dumps(graph.ps(), indent=1), graph.said()[-2000:], sep="\n")
                break
            pause = time.monotonic() + chance.uniform(0.0, 2.0) * seconds(options.every) / 2
            while time.monotonic() < min(pause, end):
                graph.ps()
        growth = graph.resident_kib() - memory if graph.run.poll() is None else 0
        graph.run.send_signal(signal.SIGINT)
        try:
            out, _ = graph.run.communicate(timeout=HANG_SECONDS)
        except subprocess.TimeoutExpired:
            graph.run.kill()
            return "the graph does not stop"
        said = graph.said()
    summary = json.loads(out)
    if summary["result"] != "ok":
        wrong.append(f"result {summary['result']}: {summary['reason']}")
    check_counters(summary, wrong)
    if growth > MEMORY_GROWTH_KIB:
        wrong.append(f"the supervisor grew by {growth} KiB")
    back = [int(ms) for ms in re.findall(r"is back (\d+) ms after its end", said)]
    print(f"faults: {counts}; restarts: {sum(n['restarts'] for n in summary['nodes'])}, of the whole graph: "
          f"{summary['graph_restarts']}; from death to ready: median {statistics.median(back or [0])} ms, "
          f"max {max(back or [0])} ms; supervisor grew by {growth} KiB")
    for line in wrong:
        print("wrong:", line)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
