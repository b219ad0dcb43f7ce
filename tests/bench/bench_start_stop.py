#!/usr/bin/env python3
"""How long a graph of 30 nodes takes to start and to stop.

  tests/bench/bench_start_stop.py --build build/release

Six motor loops with a periodic observer each, at 100 Hz to 1 kHz. Start: from the command to grid
point 0, which takt sets 50 ms behind the opening of the barrier. Stop: from the command `takt stop`
to the end of `takt run`. Median of 5; goals 2 s and 1 s.
"""

import json
import pathlib
import statistics
import sys
import tempfile
import time

from bench_common import Takt, arguments, host, judge, now, wait

START_GOAL_S = 2.0
STOP_GOAL_S = 1.0
WATCHDOG_S = 60.0
PERIODS_MS = (1, 2, 4, 5, 8, 10)

LOOP = """\
  reference_{i}:
    type: source/profile
    period: {slow}ms
    priority: 73
    params: {{shape: step, at: 1s, from: 0 rad/s, to: 1 rad/s}}
    units: {{value: rad/s}}
  motor_{i}:
    type: plant/dc_motor
    period: {period}ms
    priority: 70
    inputs:
      voltage: {{from: drive_{i}.output, initial: 0 V, max_age: none}}
  pid_{i}:
    type: controller/pid
    on: measurement
    priority: 71
    inputs:
      measurement: {{from: motor_{i}.speed, max_age: 1s, on_stale: safe}}
      reference: {{from: reference_{i}.value, initial: 0 rad/s, max_age: none}}
    params: {{kp: 100, ki: 200, kd: 10, tf: 10ms, b: 1, c: 1}}
    units: {{output: V}}
  drive_{i}:
    type: actuator/limiter
    on: command
    priority: 72
    safe: {{output: 0 V}}
    units: {{output: V}}
    inputs:
      command: {{from: pid_{i}.output, max_age: 1s, max_data_age: 2s, on_stale: safe}}
  copy_{i}:
    type: actuator/limiter
    period: 10ms
    offset: 3ms
    priority: 60
    safe: {{output: 0 V}}
    units: {{output: V}}
    inputs:
      command: {{from: drive_{i}.output, max_age: 1s, max_data_age: 2s, on_stale: safe}}
"""


def graph():
    loops = [LOOP.format(i=i, period=period, slow=10 if 10 % period == 0 else 40)
             for i, period in enumerate(PERIODS_MS)]
    return ("takt: 1\ngraph: thirty\nreal_time: best_effort\nlibraries: [takt_nodes]\n"
            "defaults: {policy: fifo, cpu: auto}\nnodes:\n" + "".join(loops))


def one_run(takt, file):
    began = now()
    run = takt.start("run", file, "--json")
    barrier = None
    while barrier is None:
        if run.poll() is not None or now() - began > WATCHDOG_S:
            run.kill()
            sys.exit("takt run did not start:\n" + wait(run)[1])
        summary = takt.ps()
        if summary and summary["elapsed_s"] > 0:
            barrier = now() - summary["elapsed_s"]
        time.sleep(0.002)
    time.sleep(1.0)
    asked = now()
    stop = takt.start("stop")
    out, err = wait(run)
    ended = now()
    wait(stop)
    if run.returncode != 0:
        sys.exit(f"takt run ended with {run.returncode}:\n{err}")
    nodes = json.loads(out)["nodes"]
    assert len(nodes) == 30 and all(node["cycles"] > 0 for node in nodes), nodes
    return barrier - began, ended - asked


def main():
    options = arguments(__doc__, runs=5)
    takt = Takt(options.build)
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "thirty.yaml"
        file.write_text(graph(), encoding="ascii")
        print(f"30 nodes, {host()}")
        starts, stops = [], []
        for i in range(options.runs):
            start, stop = one_run(takt, file)
            starts.append(start)
            stops.append(stop)
            print(f"run {i + 1}: start {start * 1e3:.0f} ms, stop {stop * 1e3:.0f} ms", flush=True)
    start, stop = statistics.median(starts), statistics.median(stops)
    if options.json:
        print(json.dumps({"start_s": start, "stop_s": stop}))
    return judge([(f"start: median {start * 1e3:.0f} ms, goal {START_GOAL_S:.0f} s", start <= START_GOAL_S),
                  (f"stop: median {stop * 1e3:.0f} ms, goal {STOP_GOAL_S:.0f} s", stop <= STOP_GOAL_S)])


if __name__ == "__main__":
    sys.exit(main())
