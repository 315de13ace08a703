"""Times what people wait for, as whole commands: median of a few runs against the goal for two cores.

    make bench                     every command
    make bench ARGS="--runs 9"     more runs

Exits 1 when a median misses its goal by more than half, so a noisy machine does not cry wolf.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path

WARECONOMY = str(Path(sys.executable).with_name("wareconomy"))

GOALS: tuple[tuple[str, float, list[str]], ...] = (
    ("python itself", 0.05, [sys.executable, "-c", "pass"]),
    ("help", 0.10, [WARECONOMY, "--help"]),
    ("build and report", 30.0, [WARECONOMY, "build"]),
)
"""What is timed, the goal in seconds, and the command."""


def seconds(command: list[str]) -> float:
    """Wall time of one run. Raises CalledProcessError when the command fails."""
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - start


def main() -> int:
    """Print one line for each command; the exit code says whether the goals were met."""
    parser = argparse.ArgumentParser(description="Time what people wait for.")
    parser.add_argument("--runs", type=int, default=5, help="runs of each quick command (default 5)")
    runs = parser.parse_args().runs
    missed = 0
    print(f"{'command':<20}{'median s':>10}{'goal s':>10}")
    for name, goal, command in GOALS:
        median = statistics.median(seconds(command) for _ in range(runs if goal < 1 else 1))
        missed += median > 1.5 * goal
        print(f"{name:<20}{median:>10.3f}{goal:>10.2f}{'   slow' if median > 1.5 * goal else ''}")
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
