"""Event coincidence analysis with exact circular shifts: how often two lists of dates fall together, and
what chance gives.

Statistic: precursor coincidences K = number of A days with a B day lo..hi days before (Donges et al. 2016,
Eur. Phys. J. Spec. Top. 225:471; Siegmund et al. 2017, Comput. Geosci. 98:64). Null 1: all circular shifts
of A by whole weeks, computed at once as a cross-correlation by FFT (Lotwick & Silverman 1982, J. R. Stat.
Soc. B 44:406), which keeps each list's own clusters and weekdays. Null 2: clusters of A redrawn as blocks
from the weekday and slow trend of A. Several windows: max-T over the same shifts (Westfall & Young 1993). A
Monte-Carlo p is (1+b)/(1+R), never zero (Phipson & Smyth 2010, Stat. Appl. Genet. 9:39). Shuffling single
days is not offered: it breaks clusters and gives 10 to 15 percent false positives at 5.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.dates import CannotTest, Days, clusters, dilate, flags, require

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
else:
    Floats = Ints = Any

WEEK = 7
LEAST = 5


@dataclass(frozen=True, slots=True)
class Window:
    """One window's result. `p` is the larger of the two nulls; `needed` the smallest K with p at or below
    alpha, None when none.
    """

    low: int
    high: int
    k: int
    n: int
    expected: float
    p_shift: float
    p_redraw: float
    p: float
    needed: int | None
    any_by_chance: float
    coverage: float
    seam: bool


@dataclass(frozen=True, slots=True)
class Coincidence:
    """All windows of one pair of lists. `p_family` is the max-T p over the windows, the larger of the two
    nulls.
    """

    windows: tuple[Window, ...]
    p_family: float
    p_family_shift: float
    p_family_redraw: float
    shifts: int
    draws: int
    days: int
    n_a: int
    n_b: int

    @property
    def smallest_p(self) -> float:
        """The smallest p that whole-week shifts of this record can give."""
        return 1 / self.shifts


def counts_of_shifts(a: Days, dilated: Any, step: int = WEEK) -> Ints:
    """K for A shifted around the circle by every multiple of `step` days; shape (windows, shifts), shift 0
    first.

    `dilated` is the dilated second list, shape (windows, days). K(s) = sum_t A[t-s] D[t] = IFFT(conj(FFT A)
    FFT D).
    """
    import numpy as np

    rows = np.atleast_2d(np.asarray(dilated, dtype=np.float64))
    length = rows.shape[1]
    marked = np.zeros(length)
    marked[a] = 1.0
    spectrum = np.conj(np.fft.rfft(marked)) * np.fft.rfft(rows, axis=1)
    counts = np.rint(np.fft.irfft(spectrum, length, axis=1)).astype(np.int64)
    return np.asarray(counts[:, ::step][:, : max(length // step, 1)])


def redraw_counts(
    a: Days, dilated: Any, draws: int, seed: int, gap: int = 5, stratum: int = 91, calendar: Any = None
) -> Ints:
    """K for A redrawn: its clusters put down as blocks, starts drawn by weekday and slow trend; shape
    (windows, draws).

    The intensity of a cluster start is its weekday's share times the smoothed density of starts (a moving
    window of `stratum` days, floor of a tenth of the mean), or times `calendar` (a weight per day) where a
    season is declared.
    """
    import numpy as np

    rows = np.atleast_2d(np.asarray(dilated, dtype=bool))
    length = rows.shape[1]
    blocks = clusters(a, gap)
    starts = np.array([int(block[0]) for block in blocks], dtype=np.int64)
    weight = np.ones(WEEK)
    np.add.at(weight, starts % WEEK, 1.0)
    density = np.zeros(length)
    np.add.at(density, starts, 1.0)
    wide = min(stratum, length)
    slow = (
        np.convolve(density, np.ones(wide) / wide, mode="same")
        if calendar is None
        else np.asarray(calendar, dtype=np.float64)
    )
    slow = slow + max(float(slow.mean()), 1e-12) * 0.1
    cumulative = np.cumsum(weight[np.arange(length) % WEEK] * slow)
    cumulative /= cumulative[-1]
    random = np.random.default_rng(seed)
    drawn = np.searchsorted(cumulative, random.random((draws, len(blocks)), dtype=np.float64)).astype(
        np.int32
    )
    totals = np.zeros((rows.shape[0], draws), dtype=np.int64)
    # A block's hits depend on its start alone: they are counted once for every start, then looked up.
    hits: dict[tuple[int, ...], Any] = {}
    for place, block in enumerate(blocks):
        shape = tuple(int(day - block[0]) for day in block)
        if shape not in hits:
            hits[shape] = sum(np.roll(rows, -offset, axis=1).astype(np.int16) for offset in shape)
        for window in range(rows.shape[0]):
            totals[window] += hits[shape][window][drawn[:, place]]
    return totals


def upper_p(observed: float, null: Any, exact: bool) -> float:
    """P(null >= observed). Exact: the observed arrangement is one of the null's. Else (1+b)/(1+R). Never
    zero.
    """
    import numpy as np

    values = np.asarray(null)
    at_least = int(np.count_nonzero(values >= observed - 1e-9))
    return at_least / values.size if exact else (1 + at_least) / (1 + values.size)


def max_t(observed: Any, null: Any) -> tuple[float, Any]:
    """The largest standardised count over windows, for the data and for each draw; windows without spread
    are left out.
    """
    import numpy as np

    table = np.asarray(null, dtype=np.float64)
    mean, spread = table.mean(axis=1), table.std(axis=1)
    usable = spread > 0
    if not usable.any():
        return 0.0, np.zeros(table.shape[1])
    centred = (table[usable] - mean[usable, None]) / spread[usable, None]
    return float(((np.asarray(observed)[usable] - mean[usable]) / spread[usable]).max()), centred.max(axis=0)


def exact(
    a: Days, b: Days, length: int, windows: Sequence[tuple[int, int]], step: int = WEEK
) -> tuple[Ints, list[float], float]:
    """Exact shift test of several windows: counts of all shifts, p of each window, and the max-T p over
    them.
    """
    import numpy as np

    marked = flags(b, length)
    dilated = np.stack([dilate(marked, low, high) for low, high in windows])
    null = counts_of_shifts(a, dilated, step)
    ps = [upper_p(row[0], row, True) for row in null]
    top, tops = max_t(null[:, 0], null)
    return null, ps, upper_p(top, tops, True)


def assess(
    a: Days,
    b: Days,
    length: int,
    windows: Sequence[tuple[int, int]],
    *,
    draws: int = 9999,
    seed: int = 20261122,
    alpha: float = 0.05,
    least: int = LEAST,
    most_cover: float = 0.6,
    calendar: Any = None,
) -> Coincidence:
    """Both nulls on every window; the larger p is reported. Raises CannotTest for lists that cannot carry a
    test.

    `a` and `b` are day numbers in a record of `length` days (analysis.dates.places); windows are (low,
    high) days after B.
    """
    import numpy as np

    require(a, b, length, windows, least, most_cover)
    if length < 20 * WEEK:
        raise CannotTest(
            "record_too_short",
            f"a record of {length} days has {length // WEEK} whole-week shifts; 20 are needed",
        )
    marked = flags(b, length)
    dilated = np.stack([dilate(marked, low, high) for low, high in windows])
    shifted, ps, family = exact(a, b, length, windows)
    redrawn = redraw_counts(a, dilated, draws, seed, calendar=calendar)
    observed = shifted[:, 0]
    top, tops = max_t(observed, redrawn)
    family_redraw = upper_p(top, tops, False)
    made = []
    for place, (low, high) in enumerate(windows):
        redraw_p = upper_p(observed[place], redrawn[place], False)
        made.append(
            Window(
                low,
                high,
                int(observed[place]),
                len(a),
                float(shifted[place].mean()),
                ps[place],
                redraw_p,
                max(ps[place], redraw_p),
                needed(shifted[place], redrawn[place], len(a), alpha),
                float((shifted[place] >= 1).mean()),
                float(dilated[place].mean()),
                (high - low + 1) > 0.05 * length,
            )
        )
    return Coincidence(
        tuple(made),
        max(family, family_redraw),
        family,
        family_redraw,
        shifted.shape[1],
        draws,
        length,
        len(a),
        len(b),
    )


def needed(shifted: Any, redrawn: Any, n: int, alpha: float) -> int | None:
    """The smallest K whose p is at or below alpha under both nulls; None when even K = n would not do."""
    import numpy as np

    shifts, draws = np.asarray(shifted), np.asarray(redrawn)
    for k in range(1, n + 1):
        by_shift = (1 + np.count_nonzero(shifts[1:] >= k)) / shifts.size
        if by_shift <= alpha and (1 + np.count_nonzero(draws >= k)) / (1 + draws.size) <= alpha:
            return k
    return None


def detectable(
    a: Days,
    b: Days,
    length: int,
    window: tuple[int, int],
    *,
    alpha: float = 0.05,
    power: float = 0.8,
    sims: int = 200,
    seed: int = 1,
) -> float | None:
    """Minimum detectable effect: the smallest true share of A placed inside B's window that the exact test
    finds with this power.

    By simulation on the actual lists: a share q of A's days is put at a random day of the window after a
    random B day, the rest keeps a random whole-week shift of its own dates. None when even q = 1 is not
    found often enough.
    """
    import numpy as np

    random = np.random.default_rng(seed)
    low, high = window
    dilated = dilate(flags(b, length), low, high)
    shifts = WEEK * np.arange(max(length // WEEK, 1))
    shape = (sims, len(a))
    for q in (0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1.0):
        base = (a + random.choice(shifts, (sims, 1))) % length
        targets = random.choice(b, shape) + random.integers(low, high + 1, shape)
        made = np.where(random.random(shape) < q, np.clip(targets, 0, length - 1), base)
        made.sort(axis=1)
        hits = dilated[(made[:, :, None] + shifts) % length]
        hits[:, 1:][made[:, 1:] == made[:, :-1]] = False  # a day counts once
        counts = hits.sum(axis=1)
        p = (counts >= counts[:, :1]).mean(axis=1)
        if (p <= alpha).mean() >= power:
            return q
    return None


def rates(a: Sequence[int], b: Sequence[int], low: int, high: int, trim: bool = False) -> tuple[float, float]:
    """Precursor rate (share of A with a B lo..hi days before) and trigger rate (share of B with an A lo..hi
    days after).

    `trim` leaves out A within `high` days of the first event and B within `high` days of the last one, as
    pyunicorn does.
    """
    if trim and a and b:
        first, last = min(*a, *b), max(*a, *b)
        near_end = [u for u in b if u <= last - high]
        a, whole_a, whole_b = [t for t in a if t >= first + high], a, b
        before = [any(low <= t - u <= high for u in whole_b) for t in a]
        after = [any(low <= t - u <= high for t in whole_a) for u in near_end]
        return sum(before) / len(before), sum(after) / len(after)
    if not a or not b:
        raise CannotTest("empty", "a rate needs events in both lists")
    near = [any(low <= t - u <= high for u in b) for t in a]
    followed = [any(low <= t - u <= high for t in a) for u in b]
    return sum(near) / len(near), sum(followed) / len(followed)


def binomial_p(k: int, n: int, others: int, length: int, tau: int, width: int, mode: str = "ts") -> float:
    """The Poisson-binomial p of the CoinCalc manual, kept to reproduce its printed values; not used for any
    verdict.

    Success probability of one event: 1 - (1 - w)^others with w = width/(T - tau) in mode `es` and (width +
    1)/(T - tau) in mode `ts`; the two functions of that one package differ by this day.
    """
    share = (width if mode == "es" else width + 1) / (length - tau)
    hit = 1 - (1 - share) ** others
    return math.fsum(math.comb(n, j) * hit**j * (1 - hit) ** (n - j) for j in range(k, n + 1))


def synchronise(x: Sequence[int], y: Sequence[int], tau: float) -> tuple[float, float]:
    """Event synchronisation (Quian Quiroga et al. 2002, Phys. Rev. E 66:041904), normalised by the number
    of events.

    Kept as a check against other software only: its window depends on the data, and it mistakes runs of
    events for synchrony (Odenweller & Donner 2020, Phys. Rev. E 101:052213). Returns c(x|y), c(y|x); no
    test uses it.
    """
    if len(x) < 3 or len(y) < 3:
        raise CannotTest("too_few", "event synchronisation needs three events in each list")
    forward = backward = 0.0
    for i in range(1, len(x) - 1):
        for j in range(1, len(y) - 1):
            gap = min(x[i + 1] - x[i], x[i] - x[i - 1], y[j + 1] - y[j], y[j] - y[j - 1]) / 2
            delta = x[i] - y[j]
            if abs(delta) > min(gap, tau):
                continue
            if delta == 0:
                forward += 0.5
                backward += 0.5
            elif delta > 0:
                forward += 1
            else:
                backward += 1
    scale = math.sqrt((len(x) - 2) * (len(y) - 2))
    return forward / scale, backward / scale


def adjust(ps: Sequence[float], method: str = "bh") -> list[float]:
    """Adjusted p-values: `bh` (Benjamini & Hochberg 1995, J. R. Stat. Soc. B 57:289) or `by` (Benjamini &
    Yekutieli 2001).

    Largest p first, running minimum of p * m / rank; `by` multiplies by the harmonic sum. ValueError for
    values that are no p.
    """
    if method not in ("bh", "by"):
        raise ValueError(f"{method!r} is neither bh nor by")
    if any(not 0 < p <= 1 for p in ps):
        raise ValueError("a p-value lies above 0 and at most at 1")
    count = len(ps)
    factor = math.fsum(1 / rank for rank in range(1, count + 1)) if method == "by" else 1.0
    order = sorted(range(count), key=lambda place: ps[place], reverse=True)
    made, least = [0.0] * count, 1.0
    for drop, place in enumerate(order):
        least = min(least, ps[place] * factor * count / (count - drop))
        made[place] = least
    return made
