#!/usr/bin/env python3
"""From the death of a writer to the safe output, on the deterministic board, at the far end of the wire.

    death_to_safe.py [DEATHS]     in each of four graphs; default 4

A table of a polling and a data-triggered valve at 1 kHz and 100 Hz. Judged against promise 1: counted from the
last good sample, max_data_age and one period (polling), or max_data_age (data-triggered), and lateness (WAKE_NS);
and two boots agree within 1 us or 5 %.
"""
import statistics
import sys
import tempfile
from pathlib import Path

from board_common import BUILD, TREE, board, verdict

# (name, period, max_age, max_data_age in ms). The limit of the data's age alone decides.
RATES = (("1 kHz", 1, 20, 5), ("100 Hz", 10, 200, 50))
TRIGGERS = {"polling": "period: @PERIOD@", "data": "on: command"}
# config/boards/virtual-arm64.yaml: wake_latency max; once for the valve, once for the far end, whose stamps
# are those of a process that is woken as well. The death is healed above every node on the one CPU: 60 us
# (ARCHITECTURE.md, "A death inside of the transport").
WAKE_NS = 2 * 36_000 + 60_000
BOOTS = 2


def write_graphs(folder):
    """{name of a graph: (rate, trigger, bound in ns)}"""
    template = (TREE / "tests/board/graphs/death_to_safe.yaml").read_text()
    bounds = {}
    for rate, period, max_age, max_data_age in RATES:
        for trigger, line in TRIGGERS.items():
            text = template.replace("@TRIGGER@", line)
            for word, value in (("PERIOD", period), ("MAX_AGE", max_age), ("MAX_DATA_AGE", max_data_age)):
                text = text.replace(f"@{word}@", f"{value}ms")
            name = f"{trigger}-{period}ms"
            (folder / f"{name}.yaml").write_text(text)
            late = period * 1_000_000 + WAKE_NS if trigger == "polling" else WAKE_NS
            bounds[name] = (rate, trigger, max_data_age * 1_000_000 + late)
    return bounds


def boot(graphs, deaths):
    """{name of a graph: [(ns from the death, ns from the last good sample)]}"""
    with tempfile.TemporaryDirectory(prefix="takt-board-death.") as results:
        bring = [BUILD / "bin/death_to_safe", BUILD / "tests/integration/nodes", TREE / "tests/board", graphs]
        done = board(["--deterministic", "--results", results, "--bring", ":".join(map(str, bring))],
                     ["sh", str(TREE / "tests/board/guest_death_to_safe.sh"), str(BUILD), str(graphs),
                      str(deaths)], limit=60 + 60 * deaths)
        print(done.stdout, end="")
        if done.returncode != 0:
            sys.exit(f"the run on the board ended with {done.returncode}")
        return {path.stem: [tuple(map(int, line.split())) for line in path.read_text().splitlines()]
                for path in Path(results).glob("*.ns")}


def judge(bounds, boots, deaths):
    wrong = []
    print(f"{deaths} deaths each")
    print(f"{'':18}{'from the death, ms':>24}{'from the last good sample, ms':>32}{'bound':>9}")
    print(f"{'':18}" + f"{'min':>8}{'median':>8}{'max':>8}" + f"{'min':>16}{'median':>8}{'max':>8}")
    for name, (rate, trigger, bound) in bounds.items():
        first = boots[0].get(name, [])
        if len(first) != deaths:
            wrong.append(f"{name}: {len(first)} deaths of {deaths}")
            continue
        row = f"{trigger:10}{rate:8}"
        for column, width in ((0, 8), (1, 16)):
            values = [times[column] / 1e6 for times in first]
            row += f"{min(values):{width}.3f}{statistics.median(values):8.3f}{max(values):8.3f}"
        print(row + f"{bound / 1e6:9.3f}")
        for number, run in enumerate(boots, 1):
            oldest = max(sample for _, sample in run[name])
            if oldest > bound:
                wrong.append(f"{name}, boot {number}: safe {oldest} ns after the last good sample, bound {bound} ns")
        for one, other in zip(first, boots[1][name]):
            for a, b in zip(one, other):
                if abs(a - b) > max(1000, 0.05 * min(a, b)):
                    wrong.append(f"{name}: {a} ns in one boot, {b} ns in the other")
    return wrong


def main():
    deaths = int(sys.argv[1]) if len(sys.argv) > 1 else 4
    with tempfile.TemporaryDirectory(prefix="takt-board-graphs.") as folder:
        bounds = write_graphs(Path(folder))
        boots = [boot(Path(folder), deaths) for _ in range(BOOTS)]
    equal = sum(boots[0][name] == boots[1][name] for name in bounds)
    return verdict(judge(bounds, boots, deaths),
                   f"death to safe: within promise 1; {equal} of {len(bounds)} rows equal to the nanosecond in "
                   f"{BOOTS} boots")


if __name__ == "__main__":
    sys.exit(main())
