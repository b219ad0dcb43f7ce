"""The far end of a wire: what a UDP port receives, and when this machine stood still. Nothing of takt.

The kernel stamps each datagram as it arrives, so a reader that comes late changes nothing. Beside it a
process on every CPU, above every class that a graph may use, notes when it could not run: at such an
instant no real-time process could, and nothing may be judged. All of it runs in processes of its own.
"""
import gc
import multiprocessing
import os
import select
import socket
import struct
import time
from typing import NamedTuple

SO_TIMESTAMPNS = 35
LISTENER_PRIORITY = 97
WITNESS_PRIORITY = 98
# A witness that sleeps a millisecond and wakes up later than this has seen the machine stand still.
STALL_S = 0.002
KEEP_S = 120.0


class Seen(NamedTuple):
    """A datagram (nodes/common/scalar_datagram.hpp), arrival and stamp on CLOCK_MONOTONIC in seconds."""
    arrival: float
    incarnation: int
    sequence: int
    stamp: float
    value: float


def become_real_time(priority, cpu=None):
    """False where the right is missing: then a stall of this process counts as one of the machine."""
    gc.disable()
    try:
        if cpu is not None:
            os.sched_setaffinity(0, {cpu})
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(priority))
        return True
    except PermissionError:
        return False


def realtime_to_monotonic():
    """What to add to a kernel's stamp; the best of a few readings."""
    best = None
    for _ in range(5):
        before, real, after = time.monotonic(), time.clock_gettime(time.CLOCK_REALTIME), time.monotonic()
        if best is None or after - before < best[0]:
            best = (after - before, (before + after) / 2 - real)
    return best[1]


def receive(port):
    data, extra, _, _ = port.recvmsg(2048, 64)
    for level, kind, content in extra:
        if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
            seconds, nanoseconds = struct.unpack("qq", content)
            return seconds + nanoseconds * 1e-9, data
    return time.clock_gettime(time.CLOCK_REALTIME), data


def listen(port, orders):
    """Answers every word on `orders` with what has come since the last one; ends with its parent."""
    parent = os.getppid()
    become_real_time(LISTENER_PRIORITY)
    seen = []
    while os.getppid() == parent:
        ready, _, _ = select.select([port, orders], [], [], 1.0)
        if port in ready:
            offset = realtime_to_monotonic()
            try:
                while True:
                    stamp, data = receive(port)
                    if len(data) == 32 and data[:4] == b"TKT1":
                        _, incarnation, sequence, sent, value = struct.unpack("<4sIQqd", data)
                        seen.append(Seen(stamp + offset, incarnation, sequence, sent * 1e-9, value))
            except BlockingIOError:
                pass
        if orders in ready:
            orders.recv()
            orders.send(seen)
            seen = []


def witness(cpu, orders):
    """Answers every word with the instants (from, to) at which this CPU ran nothing of the highest class."""
    parent = os.getppid()
    become_real_time(WITNESS_PRIORITY, cpu)
    stalls, waiting = [], select.poll()
    waiting.register(orders, select.POLLIN)
    before = time.monotonic()
    while os.getppid() == parent:
        asked = waiting.poll(1)
        after = time.monotonic()
        if after - before > STALL_S:
            stalls.append((before, after))
        if asked:
            orders.recv()
            orders.send(stalls)
            stalls = []
        before = after


class FarEnd:
    """A port of 127.0.0.1 with its witnesses. `look` brings `seen` and `stalls` up to date."""

    def __init__(self):
        port = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        port.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4 << 20)
        port.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        port.bind(("127.0.0.1", 0))
        port.setblocking(False)
        self.number = port.getsockname()[1]
        self.seen, self.stalls, self.total = [], [], 0
        self.listener = self._start(listen, port)
        self.witnesses = [self._start(witness, cpu) for cpu in sorted(os.sched_getaffinity(0))]
        port.close()

    def _start(self, body, first):
        ours, theirs = multiprocessing.Pipe()
        multiprocessing.Process(target=body, args=(first, theirs), daemon=True).start()
        return ours

    def look(self):
        self.listener.send("all")
        new = self.listener.recv()
        self.seen += new
        self.total += len(new)
        for one in self.witnesses:
            one.send("all")
        for one in self.witnesses:
            self.stalls += one.recv()
        return new

    def forget(self):
        """What has been judged; the stalls of the last minutes stay."""
        self.seen = self.seen[-1:]
        self.stalls = [s for s in self.stalls if s[1] > time.monotonic() - KEEP_S]

    def stood_still(self, begin, end):
        """For how many seconds between the two a CPU ran nothing; overlapping stalls count once."""
        total, until = 0.0, begin
        for a, b in sorted(self.stalls):
            a, b = max(a, until), min(b, end)
            if b > a:
                total, until = total + b - a, b
        return total
