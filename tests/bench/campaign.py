#!/usr/bin/env python3
"""Faults at random against a chain that drives a device, judged at the far end of its wire.

    campaign.py [--build build/dev] [--kills 2000] [--for 20s] [--seed 1 [--from 1]] [--json]

    writer --> reader --> valve ~~UDP~~> far end      every 5 ms, in turns polling and data-triggered

Writer, reader, valve, tap and supervisor are killed, stopped, made to crash, to leave with status 0, to
hang in a step, or starved by a real-time hog; while the graph starts, runs and stops. What the valve sends
is the time of the measurement, so the far end (far_end.py, nothing of takt) tells the age of a command by
its own clock. Judged: nothing hangs; a command is replaced within the bound of its age; nothing is left
behind; a node that died is back within 100 ms (median, less what other programs kept its start from a CPU).
Instants at which this machine ran nothing at all are void, counted and printed. A fault's number and the
seed give the fault: `--from` repeats a part.
"""
import argparse
import collections
import json
import pathlib
import signal
import statistics
import sys
import tempfile
import time

import faults
from bench_common import check_counters, host, judge, seconds
from chain import HANG_S, Chain, leftovers, waited_for_a_cpu
from far_end import FarEnd
from verdict_of_commands import BOUND_S

RESTART_GOAL_S = 0.1
PAUSE_S = 0.2  # At most, before a fault.
DEADLY = ("kill", "crash", "leave", "hang")
SLOW_S = 2.0  # A restart of which the run's words are shown.
FINDINGS_MAX = 10  # More of them say nothing new.
START_S, STOP_S = 0.4, 0.1  # About what a start and a stop take: where in them a fault falls.


def shared_names():
    """Names that any run could leave; others on this machine make some, too."""
    return {path for folder, start in (("/dev/shm", ""), ("/tmp", "roudi"), ("/tmp", "iox-"))
            for path in pathlib.Path(folder).glob(start + "*")}


class Campaign:
    """Fault after fault; a run of the graph lives until a fault ends it."""

    def __init__(self, options, folder):
        self.options, self.folder, self.chain, self.chain_since = options, folder, None, 0
        self.far, self.orders = FarEnd(), faults.Orders(folder)
        self.counts, self.restarts, self.noted = collections.Counter(), {}, collections.Counter()
        self.commands, self.oldest, self.runs, self.gone, self.wrong = 0, {}, 0, [], []
        self.graph_restarts, self.alone = 0, False

    def start(self, number):
        self.runs += 1
        self.chain_since = number
        kind = ("data", "polling")[self.runs % 2]
        self.chain = Chain(self.options, self.folder, self.far, self.orders, kind)

    def complain(self, number, fault, what):
        self.wrong.append(f"fault {number} {fault} ({self.chain.kind}): {what}; again with "
                          f"--seed {self.options.seed} --from {self.chain_since}")
        print("wrong:", self.wrong[-1], *self.chain.said().splitlines()[-15:], sep="\n  ", flush=True)

    def judge(self, number, fault, final=False):
        verdict = self.chain.verdict
        self.far.look()
        verdict.judge(self.far.seen, self.far, final)
        for what in verdict.wrong:
            self.complain(number, fault, what)
        self.noted += verdict.noted
        self.commands += verdict.commands
        kind = self.chain.kind
        self.oldest[kind] = max(self.oldest.get(kind, 0.0), verdict.oldest)
        verdict.wrong, verdict.noted, verdict.commands = [], collections.Counter(), 0
        self.far.forget()

    def over(self, number, fault, regular):
        """The run is to end by itself, and nothing may be left but what a fault has made impossible."""
        took, out = self.chain.ends()
        if took is None:
            self.complain(number, fault, f"it does not end within {HANG_S:.0f} s")
            self.chain.destroy()
        else:
            self.gone.append(took)
            self.judge(number, fault, final=True)
            left = leftovers(self.chain.instance)
            if self.alone and left == [str(self.chain.socket_path())]:
                # Nobody was left who could have removed it: the next run does.
                self.noted["a supervisor died before or after its tap lived: its socket is left"] += 1
            elif left:
                self.complain(number, fault, f"left behind: {left}")
        if out and regular:
            summary, wrong = json.loads(out), []
            check_counters(summary, wrong)
            self.graph_restarts += summary["graph_restarts"]
            for what in wrong:
                self.complain(number, fault, what)
        self.chain = None

    def at_an_edge(self, number, fault):
        """A fault while the graph starts or stops: it runs afterwards, or it has ended in good order."""
        chain = self.chain
        if fault.phase == "stop":
            chain.pids()
            chain.run.send_signal(signal.SIGINT)
        time.sleep(fault.delay * (START_S if fault.phase == "start" else STOP_S))
        pid = chain.run.pid if fault.victim == "supervisor" else chain.pids().get(fault.victim)
        if pid is None:
            self.noted[f"{fault.phase}: the victim was not there"] += 1
        else:
            begun, done = self.do(fault, pid)
            if fault.victim == "valve":
                chain.verdict.owner_hurt(begun, done + HANG_S, fault.how)
        if fault.phase == "start" and chain.drives_since(time.monotonic()) is not None:
            return self.judge(number, fault)
        if fault.phase == "start" and chain.run.poll() is None:
            self.complain(number, fault, "it neither runs nor ends")
            chain.destroy()
        return self.over(number, fault, regular=False)

    def do(self, fault, pid):
        self.alone = fault.victim == "supervisor" and "tap" not in self.chain.pids()
        return faults.do(fault, pid, self.orders, self.chain.cpus.get(fault.victim),
                         self.options.stop_seconds)

    def while_running(self, number, fault):
        chain = self.chain
        pid = chain.run.pid if fault.victim == "supervisor" else chain.pids()[fault.victim]
        time.sleep(fault.delay * PAUSE_S)  # At any phase of the cycle.
        begun, done = self.do(fault, pid)
        if fault.victim == "supervisor" and fault.how != "stop":
            return self.over(number, fault, regular=False)
        back = chain.drives_since(done, pid if fault.how in DEADLY else None)
        if fault.victim == "valve":
            chain.verdict.owner_hurt(begun, time.monotonic(), fault.how)
        self.judge(number, fault)
        if back is None:
            self.complain(number, fault, "no command any more")
            chain.destroy()
            return self.over(number, fault, regular=False)
        if fault.victim in faults.ORDER_OF and fault.how in ("kill", "crash", "leave"):
            if back - begun > SLOW_S:
                self.noted["slow to come back"] += 1
                print(f"fault {number} {fault}: back after {back - begun:.1f} s; --from {self.chain_since}",
                      *chain.said().splitlines()[-8:], sep="\n  ", flush=True)
            waited = waited_for_a_cpu(chain.pids().get(fault.victim))
            self.restarts.setdefault((fault.victim, fault.how), []).append((back - begun, waited))

    def inflict(self, number):
        fault = faults.choose(self.options.seed, number)
        if fault.phase == "start" and self.chain:
            self.chain.run.send_signal(signal.SIGINT)
            self.over(number, fault, regular=True)
        if not self.chain:
            self.start(number)
            if fault.phase != "start" and self.chain.drives_since(time.monotonic()) is None:
                self.complain(number, fault, "the graph does not start")
                self.chain.destroy()
                self.chain = None
                return
        self.counts[(fault.phase, fault.victim, fault.how)] += 1
        (self.while_running if fault.phase == "running" else self.at_an_edge)(number, fault)

    def finish(self, number):
        if self.chain:
            self.chain.run.send_signal(signal.SIGINT)
            self.over(number, None, regular=True)

    def result(self):
        median = {key: statistics.median(t for t, _ in times) for key, times in sorted(self.restarts.items())}
        every = [pair for times in self.restarts.values() for pair in times] or [(0.0, 0.0)]
        return {"faults": sum(self.counts.values()), "runs": self.runs, "commands": self.commands,
                "counts": {" ".join(key): n for key, n in sorted(self.counts.items())},
                "restart_median_s": {" ".join(key): t for key, t in median.items()},
                "restart_s": {"median": statistics.median(t for t, _ in every), "max": max(every)[0],
                              "own": statistics.median(t - waited for t, waited in every), "n": len(every)},
                "oldest_command_s": self.oldest, "noted": dict(self.noted), "graph_restarts": self.graph_restarts,
                "end_max_s": max(self.gone or [0]), "stalls": len(self.far.stalls), "wrong": self.wrong}


def show(result):
    for what, n in result["counts"].items():
        back = result["restart_median_s"].get(what.removeprefix("running "))
        print(f"{what:28} {n:5}" + (f"   back after {back * 1e3:.0f} ms (median)" if back and
                                    what.startswith("running") else ""))
    print(f"{result['faults']} faults in {result['runs']} runs, {result['commands']} commands judged; oldest: " +
          ", ".join(f"{kind} {age * 1e3:.2f} ms (bound {BOUND_S[kind] * 1e3:.0f})"
                    for kind, age in sorted(result["oldest_command_s"].items())))
    print(f"noted: {result['noted'] or 'nothing'}; whole graph restarted {result['graph_restarts']} times; "
          f"longest end {result['end_max_s'] * 1e3:.0f} ms")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--build", type=pathlib.Path, default=pathlib.Path("build/dev"))
    parser.add_argument("--kills", type=int, default=2000, help="faults to inflict")
    parser.add_argument("--for", dest="duration", type=seconds, help="ends after this time, whatever --kills says")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", dest="first", type=int, default=1, help="number of the first fault")
    parser.add_argument("--stop-for", dest="stop_seconds", type=seconds, default=3.0, help="length of a SIGSTOP")
    parser.add_argument("--untimed", action="store_true", help="the time of a restart is printed, not judged")
    parser.add_argument("--json", action="store_true", help="print one JSON object at the end")
    options = parser.parse_args()
    names, begun = shared_names(), time.monotonic()
    print(f"campaign, seed {options.seed}, {host()}", flush=True)
    with tempfile.TemporaryDirectory(prefix="takt-campaign-") as folder:
        campaign = Campaign(options, folder)
        number = options.first
        try:
            while number < options.first + options.kills and len(campaign.wrong) < FINDINGS_MAX and \
                    (options.duration is None or time.monotonic() - begun < options.duration):
                campaign.inflict(number)
                if number % 50 == 0:
                    print(f"{number}: {time.monotonic() - begun:.0f} s, {len(campaign.wrong)} wrong", flush=True)
                number += 1
            campaign.finish(number)
        finally:
            if campaign.chain:
                campaign.chain.destroy()
    result = campaign.result()
    show(result)
    if options.json:
        print(json.dumps(result))
    left = shared_names() - names
    restart, judged = result["restart_s"], "not judged" if options.untimed else f"goal {RESTART_GOAL_S * 1e3:.0f} ms"
    return judge([
        (f"{len(result['wrong'])} findings: hangs, old commands, leftovers", not result["wrong"]),
        (f"names left: {sorted(map(str, left)) or 'none'}", not left),
        (f"back {restart['own'] * 1e3:.1f} ms after a death, less what the new process waited for a CPU (median "
         f"of {restart['n']}; {judged}); with it {restart['median'] * 1e3:.1f} ms, max {restart['max'] * 1e3:.0f} ms",
         options.untimed or restart["own"] < RESTART_GOAL_S)])


if __name__ == "__main__":
    sys.exit(main())
