"""What the campaign does to processes: the faults, whom they meet, and how each is done from outside."""
import mmap
import os
import random
import resource
import signal
import struct
import time
from pathlib import Path
from typing import NamedTuple

# Words of the file that the nodes of tests/integration/nodes/hurt.cpp obey.
ORDERS = {"crash": 1, "leave": 2, "hang": 3}
ORDER_OF = {"writer": 0, "reader": 1, "valve": 2}
# (victim, how, weight): a stop costs seconds, so it is rarer.
RUNNING = ([(node, how, weight) for node in ORDER_OF
            for how, weight in (("kill", 8), ("crash", 4), ("leave", 4), ("hang", 3), ("hog", 3), ("stop", 2))]
           + [("tap", "kill", 4), ("tap", "stop", 1)]
           + [("supervisor", "kill", 2), ("supervisor", "crash", 2), ("supervisor", "stop", 1)])
EDGES = ([(node, how, weight) for node in ORDER_OF for how, weight in (("kill", 4), ("crash", 1), ("stop", 1))]
         + [("tap", "kill", 2), ("supervisor", "kill", 2), ("supervisor", "crash", 1)])
HOG_SECONDS = 0.3
HOG_PRIORITY = 80


class Fault(NamedTuple):
    phase: str  # start | running | stop
    victim: str
    how: str    # kill | stop | crash | leave | hang | hog
    delay: float  # Of the phases start and stop: 0 to 1, part of the time that these usually take.


def choose(seed, number):
    """The fault of this number: the same for the same seed, whatever came before."""
    chance = random.Random(f"{seed}:{number}")
    phase = chance.choices(("start", "running", "stop"), (4, 88, 8))[0]
    table = RUNNING if phase == "running" else EDGES
    victim, how, _ = chance.choices(table, [weight for *_, weight in table])[0]
    return Fault(phase, victim, how, chance.random())


def children(pid):
    """{name: pid} of a supervisor's processes, by their command lines: `takt-node run NAME`."""
    found = {}
    try:
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                words = Path(f"/proc/{child}/cmdline").read_bytes().split(b"\0")
                if len(words) > 2 and words[1] == b"--launched":
                    found[words[2].decode()] = int(child)
    except (FileNotFoundError, ProcessLookupError):
        pass
    return found


class Orders:
    """The file of words; `path` goes to the nodes."""

    def __init__(self, folder):
        self.path = Path(folder) / "orders"
        self.path.write_bytes(bytes(4096))
        with open(self.path, "r+b") as file:
            self.words = mmap.mmap(file.fileno(), 4096)

    def give(self, node, how):
        struct.pack_into("I", self.words, 4 * ORDER_OF[node], ORDERS[how])

    def take_back(self):
        self.words[:32] = bytes(32)


def send(pid, number):
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        pass


def hog(cpu, seconds=HOG_SECONDS):
    """Keeps a CPU from everybody below the highest classes. It ends by itself, and by the kernel's limit."""
    child = os.fork()
    if child == 0:
        try:
            resource.setrlimit(resource.RLIMIT_CPU, (2, 2))
            os.sched_setaffinity(0, {cpu})
            os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(HOG_PRIORITY))
            end = time.monotonic() + seconds
            while time.monotonic() < end:
                pass
        finally:
            os._exit(0)
    os.waitpid(child, 0)


def do(fault, pid, orders, cpu, stop_seconds):
    """Does it to the process `pid`; returns when it was done and when it was over."""
    if fault.how == "hog":
        begun = time.monotonic()
        hog(cpu)
    elif fault.how == "stop":
        send(pid, signal.SIGSTOP)
        begun = time.monotonic()
        time.sleep(stop_seconds)  # This is the fault.
        send(pid, signal.SIGCONT)
    elif fault.how == "kill":
        send(pid, signal.SIGKILL)
        begun = time.monotonic()
    elif fault.victim == "supervisor":
        send(pid, signal.SIGSEGV)
        begun = time.monotonic()
    else:
        begun = time.monotonic()
        orders.give(fault.victim, fault.how)
    return begun, time.monotonic()
