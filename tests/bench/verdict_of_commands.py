"""Whether what a device received was safe: the age of every command until something else replaced it."""
import collections

SAFE = -1.0
PERIOD_S = 0.005
MAX_DATA_AGE_S = 0.040
DEVICE_TIMEOUT_S = 0.1
# Promise 1, counted from the measurement: max_data_age, and a period for a valve that polls or its
# lateness for one that data releases. A node may be late for the scheduler's reasons on any machine that is
# no real-time one; more than this is held against takt, unless a witness saw that nothing ran.
BOUND_S = {"polling": MAX_DATA_AGE_S + PERIOD_S, "data": MAX_DATA_AGE_S}
LATE_S = 0.003


class Verdict:
    """Over the datagrams of one run. A valve that is itself the victim is excepted by promise 1: its device
    goes safe by its own time-out, and takt's last will sends the safe value."""

    def __init__(self, bound, begun):
        self.bound, self.begun = bound, begun
        self.owner = []  # (begin, end, how) of what happened to the valve
        self.commands, self.oldest, self.noted = 0, 0.0, collections.Counter()
        self.wrong = []

    def owner_hurt(self, begin, end, how):
        self.owner.append((begin, end, how))

    def judge(self, seen, far, final):
        """Neighbours in `seen`; `final`: nothing comes any more, so the last must be safe."""
        seen = [one for one in seen if one.arrival >= self.begun]
        for one, after in zip(seen, seen[1:]):
            if one.value != SAFE:
                self._judge(one, after.arrival, far)
        if final and seen and seen[-1].value != SAFE:
            self.wrong.append(f"the last datagram is a command: {seen[-1]}")

    def _judge(self, one, replaced, far):
        self.commands += 1
        hurt = [how for begin, end, how in self.owner if begin <= replaced and end >= one.value]
        if hurt:
            # Fresh when it came; then the will, or the device's time-out.
            if replaced - one.arrival >= DEVICE_TIMEOUT_S:
                self.noted["device went safe by its own time-out"] += 1
            replaced = one.arrival
        age = replaced - one.value
        if age <= self.bound + LATE_S:
            self.oldest = max(self.oldest, age)
            return
        if {"stop", "hog"} & set(hurt):
            # Between its judgement and its sending: nothing could take that back.
            self.noted["valve stood still in its step"] += 1
            return
        still = far.stood_still(one.value, replaced)
        if age - still <= self.bound + LATE_S:
            self.noted["void: this machine stood still"] += 1
            return
        self.wrong.append(f"a command of {age * 1e3:.1f} ms (bound {self.bound * 1e3:.0f} ms, the machine "
                          f"stood still for {still * 1e3:.1f} ms): {one}, replaced at {replaced:.6f}")
