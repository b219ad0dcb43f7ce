#!/usr/bin/env python3
"""The linear loops of the oracle once more, in another language and with 40 digits.

    tests/support/oracle_rerun.py FOLDER     writes rerun_CASE.csv: t,y at releases of the controller

The oracle's trajectories are printed with six digits; these with seventeen, so that a loop can be held
to 1e-9. The algorithms are the oracle's (control-references.md, R2, R5, R7, R9): a plant that is exact
for a held input, `d` whole periods between y and its u. Nothing of takt is used.
"""
import sys
from decimal import Decimal as D, getcontext
from pathlib import Path

getcontext().prec = 40
ROWS = 100  # At most, of one file.


def product(a, b):
    return [[sum((x * b[k][j] for k, x in enumerate(row)), D(0)) for j in range(len(b[0]))] for row in a]


def exponential(a):
    """By 2^-20 of it in a Taylor series, squared twenty times."""
    n = len(a)
    a = [[x / 2**20 for x in row] for row in a]
    total = [[D(int(i == j)) for j in range(n)] for i in range(n)]
    term = total
    for k in range(1, 30):
        term = [[x / k for x in row] for row in product(term, a)]
        total = [[x + y for x, y in zip(*rows)] for rows in zip(total, term)]
    for _ in range(20):
        total = product(total, total)
    return total


def run(a, b, period, seconds, delay, controller, measured):
    """y of every period: x' = A x + B u, u of `controller(k, x)` held over a period."""
    n = len(a)
    system = [[D(x) * period for x in row] + [D(u) * period] for row, u in zip(a, b)] + [[D(0)] * (n + 1)]
    transition = exponential(system)
    x, queue, y = [D(0)] * n, [D(0)] * delay, []
    for k in range(int(seconds / period) + 1):
        y.append(x[measured])
        queue.append(controller(k, x))
        held = x + [queue.pop(0)]
        x = [sum((f * v for f, v in zip(row, held)), D(0)) for row in transition[:n]]
    return y


def pid(kp, ki, h, reference, low=None, high=None, tt=None):
    integral = D(0)

    def step(_, x):
        nonlocal integral
        e = reference - x[0]
        v = kp * e + integral
        u = v if low is None else min(max(v, low), high)
        integral += ki * h * e + (h / tt * (u - v) if tt else 0)
        return u

    return step


class Tustin:
    """(n1 s + n0)/(s + d0) with s = 2/h (z - 1)/(z + 1), from rest."""

    def __init__(self, n1, n0, d0, h):
        k = 2 / h
        self.b0, self.b1, self.a1 = ((n1 * k + n0) / (k + d0), (n0 - n1 * k) / (k + d0), (d0 - k) / (k + d0))
        self.e = self.u = D(0)

    def step(self, e):
        self.u = self.b0 * e + self.b1 * self.e - self.a1 * self.u
        self.e = e
        return self.u


def cascade(h, reference, ratio):
    """The attitude loop alone where `ratio` is 0."""
    inner, outer = Tustin(D(200), D(400), D(50), h), Tustin(D(-2), D("-0.6"), D(10), h * max(ratio, 1))
    aim = reference

    def step(k, x):
        nonlocal aim
        if ratio and k % ratio == 0:
            aim = outer.step(reference - x[0])
        return inner.step(aim - x[2])

    return step


def cases():
    for d in (0, 1, 2):
        yield f"cruise_pi_20ms_d{d}", D("0.02"), run(
            [["-0.05"]], ["0.001"], D("0.02"), 30, d, pid(D(800), D(40), D("0.02"), D(10)), 0)
    gains = [D("-0.6436378239556254"), D("168.36111832099039"), D("6.955510503310588")]
    for d in (0, 1):
        feedback = lambda _, x: D("6.955510503310588") * D("0.2") - sum(k * v for k, v in zip(gains, x))
        yield f"pitch_lqr_p50_10ms_d{d}", D("0.01"), run(
            [["-0.313", "56.7", 0], ["-0.0139", "-0.426", 0], [0, "56.7", 0]], ["0.232", "0.0203", 0],
            D("0.01"), 10, d, feedback, 2)
    for name, tt in (("ka0", None), ("ka10", D("0.025"))):
        h = D("0.01")
        yield f"aw_int_{name}_10ms", h, run(
            [[0]], [1], h, 10, 0, pid(D(2), D(4), h, D(1), D(-1), D(1), tt), 0)
    aircraft = [[0, 1, 0, 0], [0, "-0.0125", "-9.8", 0], [0, 0, 0, 1], [0, 0, 0, 0]]
    thrust = [0, "0.25", 0, D("0.25") / D("0.0475")]
    h = D("0.002")
    for d in (0, 1):
        yield f"pvtol_roll_2ms_d{d}", h, run(
            aircraft, thrust, h, 2, d, cascade(h, D("0.1"), 0), 2)
        yield f"pvtol_x_2ms_r10_d{d}", h, run(
            aircraft, thrust, h, 20, d, cascade(h, D(1), 10), 0)


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    for name, period, y in cases():
        every = -(-len(y) // ROWS)
        lines = [f"{period * k},{float(y[k])!r}\n" for k in range(0, len(y), every)]
        Path(sys.argv[1], f"rerun_{name}.csv").write_text("t,y\n" + "".join(lines))


if __name__ == "__main__":
    main()
