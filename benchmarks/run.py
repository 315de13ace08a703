"""Times what people wait for against the goals for two cores, in rounds, so that noise hits every line alike.

    make bench                               everything, about five minutes
    make bench ARGS="--rounds 3 --quick"     without the rival and the thousandfold ledger
    make bench ARGS="--only full,rival"      these lines alone
    make bench ARGS="--stages"               where a full build spends its time
    make bench ARGS="--reading"              how well statements are read: precision and recall

Every figure is a median. A calibration loop is timed before and after every run; a run beside a stretched loop (the machine
was busy) is repeated a few times, and left out of the median when calm ones are left: a line of only busy runs is marked
with ~. Exits 1 when a median misses its goal by more than half.
"""

from __future__ import annotations

import argparse
import csv
import os
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # run as a file, by make

from benchmarks import ledger, measure  # noqa: E402
from benchmarks.measure import Cost  # noqa: E402

WARECONOMY = str(Path(sys.executable).with_name("wareconomy"))
MANUAL = ROOT / "data" / "raw" / "manual"
FIGURE = "ru.budget.balance@2025"
MEMORY_GOAL = 400
RETRIES = 2
RIVAL = "rival: pandas + matplotlib script"


@dataclass(slots=True)
class Line:
    """One thing people wait for, its goal in seconds (0: none) and what its runs cost."""

    name: str
    goal: float
    run: Callable[[], Cost]
    long: bool = False
    taken: list[tuple[Cost, float]] = field(default_factory=list)

    def seconds(self, calm: float) -> list[float]:
        """The runs beside which no calibration loop was stretched beyond `calm`; all of them when there are none."""
        kept = [cost for cost, loop in self.taken if loop <= calm] or [cost for cost, _ in self.taken]
        return [cost.seconds for cost in kept]

    def processor(self) -> str:
        """Median processor time of all runs, busy ones too; blank for what has workers of its own (see peak memory)."""
        return "" if self.long else f"{statistics.median(cost.cpu for cost, _ in self.taken):.3f}"

    def busy(self, calm: float) -> bool:
        """True when no run had the machine to itself."""
        return all(loop > calm for _, loop in self.taken)

    def show(self, calm: float) -> str:
        """One line of the table."""
        kept = self.seconds(calm)
        middle, low, high = statistics.median(kept), min(kept), max(kept)
        goal = f"{self.goal:>8.3f}" if self.goal else f"{'':>8}"
        verdict = "" if not self.goal else "  met" if middle <= self.goal else "  MISSED"
        mark = "~" if self.busy(calm) else " "
        spread = f"{low:>9.3f}{high:>9.3f}{len(kept):>5}{self.processor():>8}"
        return f"{self.name:<42}{middle:>8.3f}{mark}{goal}{spread}{verdict}"


class Bench:
    """Homes to build in, below one temporary folder, and the commands timed in them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.home = folder / "home"
        self.edits = 0
        self.written = 0
        fresh(self.home)

    def env(self, home: Path) -> dict[str, str]:
        """The environment of a command: this data directory, and the checkout on the path for the rival."""
        paths = [str(ROOT), *filter(None, [os.environ.get("PYTHONPATH", "")])]
        compiled = {"PYTHONPYCACHEPREFIX": str(self.folder / "compiled"), "PYTHONDONTWRITEBYTECODE": ""}
        place = {"WARECONOMY_HOME": str(home), "PYTHONPATH": os.pathsep.join(reversed(paths))}
        return {**os.environ, **compiled, **place}

    def command(self, *words: str, home: Path | None = None) -> Cost:
        """What one wareconomy command costs."""
        return measure.timed([WARECONOMY, *words], self.env(home or self.home))

    def full(self) -> Cost:
        """What a build costs from nothing but the hand-kept CSVs."""
        home = self.folder / "full"
        fresh(home)
        cost = self.command("build", home=home)
        made = sum(1 for path in (home / "reports" / "latest" / "charts").glob("*.png"))
        assert made >= 16, f"only {made} charts were drawn"
        shutil.rmtree(home)
        return cost

    def unchanged(self) -> Cost:
        """What a build costs when nothing changed; counts the files it wrote or touched."""
        before = measure.footprint(self.home)
        cost = self.command("build")
        after = measure.footprint(self.home)
        self.written += sum(before.get(path) != facts for path, facts in after.items()) + len(
            before.keys() - after.keys()
        )
        return cost

    def changed(self) -> Cost:
        """What a build costs after one value of one row changed (the last auction's demand)."""
        self.edits += 1
        path = self.home / "data" / "raw" / "manual" / "ofz_auctions.csv"
        with path.open(encoding="utf-8", newline="") as stream:
            rows = list(csv.reader(stream))
        column = rows[0].index("demand_rub_bn")
        row = max(place for place, row in enumerate(rows) if place and row[column])
        rows[row][column] = f"{float(rows[row][column]) + 0.01:.2f}"
        with path.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream, lineterminator="\n").writerows(rows)
        return self.command("build")

    def rival_command(self) -> list[str]:
        """The rival, writing into a folder of its own."""
        out = self.folder / "rival"
        shutil.rmtree(out, ignore_errors=True)
        return [sys.executable, "-m", "benchmarks.rival", str(MANUAL), str(out)]

    def rival(self) -> Cost:
        """What the rival script costs."""
        return measure.timed(self.rival_command(), self.env(self.home))

    def memory(self) -> tuple[Cost, Cost]:
        """Full build and rival once each, with every process watched."""
        home = self.folder / "watched"
        fresh(home)
        ours = measure.watched([WARECONOMY, "build"], self.env(home))
        shutil.rmtree(home)
        return ours, measure.watched(self.rival_command(), self.env(self.home))


def fresh(home: Path) -> None:
    """A data directory with the hand-kept CSVs and nothing else."""
    shutil.rmtree(home, ignore_errors=True)
    shutil.copytree(MANUAL, home / "data" / "raw" / "manual")


def lines(bench: Bench) -> list[Line]:
    """What is timed. Long lines run fewer times, ours and the rival's in turn."""
    rival = Line(RIVAL, 0, bench.rival, long=True)
    return [
        Line("python -c pass", 0, lambda: measure.timed([sys.executable, "-c", "pass"], os.environ)),
        Line("wareconomy --help", 0.06, lambda: bench.command("--help")),
        Line('wareconomy query "SELECT 1"', 0.15, lambda: bench.command("query", "SELECT 1")),
        Line(f"wareconomy explain {FIGURE}", 0.1, lambda: bench.command("explain", FIGURE)),
        Line("wareconomy check", 2.0, lambda: bench.command("check")),
        Line("build, nothing changed", 0.5, bench.unchanged),
        Line("build, one value changed", 0, bench.changed, long=True),
        Line("build, full", 8.0, bench.full, long=True),
        rival,
    ]


def take(line: Line, loops: list[float]) -> None:
    """One run between two calibration loops, repeated while the machine is busy, at most RETRIES times."""
    for _ in range(RETRIES + 1):
        before = measure.calibrate()
        cost = line.run()
        after = measure.calibrate()
        loops += [before, after]
        line.taken.append((cost, max(before, after)))
        if max(before, after) <= measure.NOISY:
            return


def ratio(ours: Line, theirs: Line, calm: float) -> str:
    """How many times longer the rival takes; calm runs against calm runs, else all against all and marked with ~."""
    busy = ours.busy(calm) or theirs.busy(calm)
    limit = float("inf") if busy else calm
    times = statistics.median(theirs.seconds(limit)) / statistics.median(ours.seconds(limit))
    return f"{'ratio rival / full build':<42}{times:>8.2f}{'~' if busy else ' '}{2:>8}"


def growth(bench: Bench, sizes: tuple[int, ...]) -> bool:
    """Print how an as-of query grows; True when a goal is missed by more than half."""
    folder = bench.folder / "growth"
    folder.mkdir()
    real = Path(os.path.realpath(bench.home / "data" / "processed" / "wareconomy.duckdb"))
    head = f"\n{'as-of query of one series, file opened':<48}{'rows':>10}{'MB':>8}"
    print(f"{head}{'answered':>10}{'closed':>8}{'CPU ms':>8}{'goal':>6}")
    slow = False
    for found in ledger.grow(real, folder, sizes):
        goal = 20 if found.times <= 10 else 100
        for query, (answered, closed, used) in found.costs.items():
            ms = answered * 1000
            ours = query in ledger.QUERIES
            verdict = f"{goal:>6}{'  met' if ms <= goal else '  MISSED'}" if ours else ""
            slow |= ours and ms > 1.5 * goal
            print(
                f"{f'{query}, x{found.times}':<48}{found.rows:>10,}{found.megabytes:>8.1f}"
                f"{ms:>10.1f}{closed * 1000:>8.1f}{used * 1000:>8.1f}{verdict}"
            )
    return slow


def run(rounds: int, long_rounds: int, quick: bool, only: list[str]) -> int:
    """Measure and print; the exit code."""
    print(measure.machine())
    slow = False
    with tempfile.TemporaryDirectory(prefix="wareconomy-bench-") as folder:
        bench = Bench(Path(folder))
        bench.command("build")
        table = [line for line in lines(bench) if not (quick and line.name.startswith("rival"))]
        table = [line for line in table if not only or any(words in line.name for words in only)]
        loops: list[float] = []
        for turn in range(max(rounds, long_rounds)):
            for line in table:
                if turn < (long_rounds if line.long else rounds):
                    take(line, loops)
                    print(
                        f"  round {turn + 1}: {line.name} {line.taken[-1][0].seconds:.3f} s",
                        file=sys.stderr,
                        flush=True,
                    )
        calm = measure.NOISY
        print(f"\n{'':<42}{'median s':>9}{'goal':>8}{'fastest':>9}{'slowest':>9}{'runs':>5}{'CPU s':>8}")
        for line in table:
            print(line.show(calm))
            slow |= bool(line.goal) and statistics.median(line.seconds(calm)) > 1.5 * line.goal
        named = {line.name: line for line in table}
        if "build, nothing changed" in named:
            print(f"{'files written when nothing changed':<42}{bench.written:>9}{0:>8}")
        if "build, full" in named and RIVAL in named:
            print(ratio(named["build, full"], named[RIVAL], calm))
        if only:
            print(f"\n{measure.noise(loops)}")
            return int(slow or bool(bench.written))
        slow |= growth(bench, (1, 10, 100) if quick else (1, 10, 100, 1000))
        print(
            f"\n{'peak memory, MB':<34}{'largest':>9}{'together':>9}{'RSS sum':>9}{'processes':>10}{'CPU s':>8}{'goal':>6}"
        )
        for name, cost in zip(("build, full", "rival"), bench.memory(), strict=True):
            print(
                f"{name:<34}{cost.largest:>9.0f}{cost.together:>9.0f}{cost.resident:>9.0f}{cost.processes:>10}"
                f"{cost.cpu:>8.1f}{MEMORY_GOAL if name != 'rival' else '':>6}"
            )
        print(f"\n{measure.noise(loops)}")
    return int(slow or bool(bench.written))


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description="Time what people wait for.")
    parser.add_argument("--rounds", type=int, default=9, help="runs of each short command (default 9)")
    parser.add_argument(
        "--long-rounds", type=int, default=3, help="runs of each build and of the rival (default 3)"
    )
    parser.add_argument("--quick", action="store_true", help="without the rival and the largest ledger")
    parser.add_argument("--only", default="", help="lines whose names hold one of these words, with commas")
    parser.add_argument("--stages", action="store_true", help="only say where a full build spends its time")
    parser.add_argument("--reading", action="store_true", help="only say how well statements are read")
    arguments = parser.parse_args()
    if arguments.reading:
        from benchmarks import reading

        return reading.run(misses=False)
    if arguments.stages:
        from benchmarks import stages

        return stages.main()
    return run(
        arguments.rounds,
        arguments.long_rounds,
        arguments.quick,
        [word for word in arguments.only.split(",") if word],
    )


if __name__ == "__main__":
    raise SystemExit(main())
