"""Speed and honesty of the date tests: times against their goals, and false positives by simulation beside the naive rate.

    python -m benchmarks.links                 times, 500 simulations of each scenario
    python -m benchmarks.links --sims 2000     as in docs/methods.md
    python -m benchmarks.links --ledger FILE   the claim checks and the event study on real increments too

Exits 1 when a goal is missed by more than half, or a stationary scenario rejects more than 6 percent plus
twice its error.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file

from benchmarks import scenarios

from wareconomy.analysis import coincidence, event_study
from wareconomy.analysis.dates import dilate, flags

T = scenarios.LENGTH
WEEK = (0, 7)


def timed(work: Callable[[], Any], repeat: int) -> float:
    """Median seconds of one call."""
    work()
    runs = []
    for _ in range(repeat):
        start = time.perf_counter()
        work()
        runs.append(time.perf_counter() - start)
    return statistics.median(runs)


def speed(ledger: Path | None) -> list[tuple[str, float, float | None]]:
    """Name, seconds, goal of everything timed."""
    random = np.random.default_rng(1)
    days = 1096
    a, b = np.sort(random.choice(days, 25, replace=False)), np.sort(random.choice(days, 40, replace=False))
    windows = [(0, high) for high in range(1, 9)]
    dilated = dilate(flags(b, days), *WEEK)[None, :]
    rows: list[tuple[str, float, float | None]] = [
        (
            "exact shifts, 8 windows, 3 years",
            timed(lambda: coincidence.exact(a, b, days, windows), 200),
            0.001,
        ),
        ("10,000 cluster redraws", timed(lambda: coincidence.redraw_counts(a, dilated, 10_000, 1), 20), 0.05),
    ]
    if ledger is not None:
        from wareconomy.analysis import questions, stored
        from wareconomy.analysis.claims import checks
        from wareconomy.analysis.claims import stored as stored_checks
        from wareconomy.ledger import query

        with query.connect(ledger) as con:
            day = query.as_of_day(con, None)
            rows += [
                ("all claim checks of the ledger", timed(lambda: checks.check_all(con), 3), 2.0),
                ("the same, read from the ledger", timed(lambda: stored_checks.all_checks(con), 3), None),
                (
                    "all registered questions, with their power",
                    timed(lambda: questions.ask_all(con), 3),
                    None,
                ),
                ("all that a build stores", timed(lambda: stored.results(con, day), 3), 2.0),
            ]
    rival = _pyunicorn(a, b, days)
    if rival is not None:
        seconds, ours = rival, timed(lambda: coincidence.exact(a, b, days, [WEEK]), 200)
        rows.append(("one window, ours (exact)", ours, None))
        rows.append((f"pyunicorn, 1,000 shuffles (x{seconds / ours:,.0f})", seconds, None))
    return rows


def _pyunicorn(a: Any, b: Any, days: int) -> float | None:
    """Seconds of pyunicorn's significance on the same lists; None where it is not installed."""
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            from pyunicorn.eventseries import EventSeries
        except ImportError:
            return None
        table = np.stack([flags(a, days), flags(b, days)], axis=1).astype(int)
        series = EventSeries(table, taumax=7)
        return timed(
            lambda: series.event_analysis_significance(
                method="ECA",
                surrogate="shuffle",
                n_surr=1000,
                symmetrization="directed",
                window_type="advanced",
            ),
            1,
        )


def false_positives(sims: int, draws: int = 499) -> list[tuple[str, float, float, float, float]]:
    """By scenario: exact shift, cluster redraw, the larger p of both, and the shuffle of single days
    (naive).
    """
    made = []
    for name, draw in scenarios.SCENARIOS.items():
        random = np.random.default_rng(7)
        counts = np.zeros(4)
        for sim in range(sims):
            a, b = draw(random)
            dilated = dilate(flags(b, T), *WEEK)
            null = coincidence.counts_of_shifts(a, dilated)[0]
            shift = coincidence.upper_p(null[0], null, True)
            redraw = coincidence.upper_p(null[0], coincidence.redraw_counts(a, dilated, draws, sim)[0], False)
            naive = scenarios.shuffled_p(a, dilated, random)
            counts += np.array([shift <= 0.05, redraw <= 0.05, max(shift, redraw) <= 0.05, naive <= 0.05])
        made.append((name, *(float(value) for value in counts / sims)))
    return made  # type: ignore[return-value]


def study_false_positives(ledger: Path, sims: int) -> tuple[float, float]:
    """Event study on the real daily increments with fake clustered dates: pattern-shift placebo, and the
    t-test across events.
    """
    from wareconomy.ledger import query

    with query.connect(ledger) as con:
        sql = (
            "SELECT period_start, value FROM observations WHERE series = 'territory.occupied.deepstate' "
            "AND value IS NOT NULL ORDER BY 1"
        )
        rows = con.execute(sql).fetchall()
    first = rows[0][0]
    at = [(day - first).days for day, _ in rows]
    y = event_study.increments(at, [value for _, value in rows], at[-1] + 1)
    random = np.random.default_rng(11)
    ours = naive = 0
    for _ in range(sims):
        starts = random.choice(np.arange(31, len(y) - 20), size=4, replace=False)
        events = np.unique(np.concatenate([starts + step for step in (0, 2, 4, 6)]))
        ours += event_study.study(y, events).p <= 0.05
        naive += event_study.naive_p(y, events) <= 0.05
    return ours / sims, naive / sims


def main() -> int:
    """Print the tables; the exit code says whether goals and levels were kept."""
    parser = argparse.ArgumentParser(description="Speed and honesty of the date tests.")
    parser.add_argument("--sims", type=int, default=500, help="simulations of each scenario (default 500)")
    parser.add_argument("--ledger", type=Path, help="a ledger file")
    asked = parser.parse_args()
    missed = 0
    print(f"{'what':<44}{'ms':>10}{'goal ms':>10}")
    for name, seconds, goal in speed(asked.ledger):
        slow = goal is not None and seconds > 1.5 * goal
        missed += slow
        print(
            f"{name:<44}{seconds * 1000:>10.3f}{'' if goal is None else f'{goal * 1000:>10.0f}'}{'   slow' if slow else ''}"
        )
    error = (0.06 * 0.94 / asked.sims) ** 0.5
    print(f"\nFalse positives at 5 % ({asked.sims} simulations; standard error near {error:.3f})")
    print(f"{'scenario':<26}{'shift x7':>10}{'redraw':>10}{'larger p':>10}{'shuffle':>10}")
    for name, shift, redraw, both, naive in false_positives(asked.sims):
        high = name in scenarios.STATIONARY and both > 0.06 + 2 * error
        missed += high
        print(
            f"{name:<26}{shift:>10.3f}{redraw:>10.3f}{both:>10.3f}{naive:>10.3f}{'   high' if high else ''}"
        )
    if asked.ledger is not None:
        ours, naive = study_false_positives(asked.ledger, asked.sims)
        missed += ours > 0.06 + 2 * error
        print(
            f"\nEvent study on real increments, clustered fake dates: shifted lists {ours:.3f}, t-test "
            f"across events {naive:.3f}"
        )
    return int(bool(missed))


if __name__ == "__main__":
    raise SystemExit(main())
