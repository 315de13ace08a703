"""Event study on a daily series: did it move after the events, judged by shifting the whole list of events.

Contrast of one event: mean(y[e+1..e+post]) - mean(y[e-pre..e-1]); the statistic is its mean over events
(MacKinlay 1997, J. Econ. Lit. 35:13; superposed epochs: Haurwitz & Brier 1981, Mon. Weather Rev. 109:2074).
Placebo: the list as a whole is shifted by every multiple of seven days, so that clusters and weekdays stay;
random placebo dates give 18 to 25 percent false positives at 5 when events cluster (docs/methods.md). Days
that are missing, and days whose jump is a redraw of the map, are left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.dates import CannotTest, Days

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    Floats = Any

WEEK = 7


@dataclass(frozen=True, slots=True)
class EventStudy:
    """`effect` in units of the series per day; the band holds 95 percent of the placebo effects; `mde` is
    the smallest effect that 80 percent of placebo lists with it added would pass; `profile` is the mean
    level by day around the events with its placebo band, rows (offset, mean, low, high).
    """

    effect: float
    p: float
    band_low: float
    band_high: float
    mde: float
    events: int
    used: int
    placebos: int
    mean_pace: float
    profile: tuple[tuple[int, float, float, float], ...]
    contrasts: tuple[float | None, ...]


def increments(
    days: Sequence[int],
    levels: Sequence[float],
    length: int,
    widest: float | None = 50.0,
    flagged: Sequence[int] = (),
) -> Floats:
    """Daily changes of a stock over a record of `length` days, NaN where a day is missing.

    A change over a hole belongs to no single day and stays out. Changes larger than `widest` in either
    direction and days in `flagged` (declared breaks) are left out too. ValueError for days out of order or
    levels below zero.
    """
    import numpy as np

    at, values = np.asarray(days, dtype=np.int64), np.asarray(levels, dtype=np.float64)
    if at.size != values.size:
        raise ValueError("as many days as levels are needed")
    if at.size and (np.diff(at) <= 0).any():
        raise ValueError("days must ascend, each once")
    if not np.isfinite(values).all() or (values < 0).any():
        raise ValueError("an area is a finite number of zero or more")
    level = np.full(length, np.nan)
    inside = (at >= 0) & (at < length)
    level[at[inside]] = values[inside]
    change = np.full(length, np.nan)
    change[1:] = np.diff(level)
    if widest is not None:
        change[np.abs(np.nan_to_num(change)) > widest] = np.nan
    for day in flagged:
        if 0 <= day < length:
            change[day] = np.nan
    return change


def contrast_series(y: Floats, pre: int = 30, post: int = 7, least: float = 0.5) -> Floats:
    """The contrast an event on each day would have; NaN where fewer than `least` of either side's days are
    known.
    """
    import numpy as np

    known = np.isfinite(y)
    total = np.concatenate(([0.0], np.cumsum(np.where(known, y, 0.0))))
    count = np.concatenate(([0], np.cumsum(known)))
    made = np.full(len(y), np.nan)
    for day in range(pre, len(y) - post):
        before, after = count[day] - count[day - pre], count[day + post + 1] - count[day + 1]
        if before >= least * pre and after >= least * post:
            made[day] = (total[day + post + 1] - total[day + 1]) / after - (
                total[day] - total[day - pre]
            ) / before
    return made


def study(
    y: Floats, events: Days, *, pre: int = 30, post: int = 7, least: int = 5, around: int = 14
) -> EventStudy:
    """The mean contrast over the events with its pattern-shift placebo, two-sided p = share of shifts at
    least as far from zero.

    Raises CannotTest for fewer than `least` usable events or a record too short to shift.
    """
    import numpy as np

    length = len(y)
    if pre < 1 or post < 1:
        raise CannotTest("no_days", f"{pre} days before and {post} after; each side needs a day at least")
    if len(events) == 1:
        raise CannotTest(
            "one_event",
            "one event cannot be tested against itself; use the placebo dates of an interrupted series",
        )
    contrasts = contrast_series(y, pre, post)
    own = contrasts[events]
    used = int(np.isfinite(own).sum())
    if used < least:
        raise CannotTest(
            "too_few",
            f"{used} of {len(events)} events have a measured month before and week after them; a test needs "
            f"{least}",
        )
    placebo = []
    for shift in range(0, length - length % WEEK, WEEK):
        values = contrasts[(events + shift) % length]
        good = np.isfinite(values)
        if good.sum() >= max(least, 0.8 * used):
            placebo.append(float(values[good].mean()))
    if len(placebo) < 20:
        raise CannotTest(
            "record_too_short",
            f"only {len(placebo)} whole-week shifts of the list fit the record; 20 are needed",
        )
    table = np.asarray(placebo)
    effect = float(own[np.isfinite(own)].mean())
    centred = np.abs(table - table.mean())
    p = float(np.count_nonzero(centred >= abs(effect - table.mean()) - 1e-12) / table.size)
    p = max(p, 1 / table.size)
    low, high = (float(v) for v in np.quantile(table, [0.025, 0.975]))
    critical = float(np.quantile(centred, 0.95))
    mde = critical + 0.8416 * float(table.std())
    shown = tuple(float(v) if np.isfinite(v) else None for v in own)
    return EventStudy(
        effect,
        p,
        low,
        high,
        mde,
        len(events),
        used,
        len(placebo),
        float(np.nanmean(y)),
        _profile(y, events, around),
        shown,
    )


def _profile(y: Floats, events: Days, around: int) -> tuple[tuple[int, float, float, float], ...]:
    """Mean of y by day around the events, with the band of the same mean over whole-week shifts of the
    list.
    """
    import numpy as np

    length = len(y)
    shifts = np.arange(0, length - length % WEEK, WEEK)
    known = np.isfinite(y)
    values = np.where(known, y, 0.0)
    rows = []
    for offset in range(-around, around + 1):
        where = (events[None, :] + shifts[:, None] + offset) % length
        count = known[where].sum(axis=1)
        keep = count > 0
        means = values[where].sum(axis=1)[keep] / count[keep]
        inside = (events + offset >= 0) & (events + offset < length)
        real = y[(events + offset)[inside]]
        real = real[np.isfinite(real)]
        if real.size and means.size:
            low, high = np.quantile(means, [0.025, 0.975])
            rows.append((offset, float(real.mean()), float(low), float(high)))
    return tuple(rows)


def naive_p(y: Floats, events: Days, pre: int = 30, post: int = 7) -> float:
    """The t-test across events that most work prints; kept only to show its false positives in the
    benchmark.
    """
    import numpy as np

    from wareconomy.analysis.extra import stats

    own = contrast_series(y, pre, post)[events]
    own = own[np.isfinite(own)]
    if own.size < 3 or own.std(ddof=1) == 0:
        raise CannotTest("too_few", "a t-test needs three events that differ")
    t = own.mean() / (own.std(ddof=1) / np.sqrt(own.size))
    return float(2 * stats().t.sf(abs(t), own.size - 1))
