"""Change points of a series, with what makes them doubtful beside them: stability over penalties and an
interval for the place.

PELT with a squared-error cost (Killick, Fearnhead & Eckley 2012, J. Am. Stat. Assoc. 107:1590; ruptures,
jump=1: its default of 5 silently coarsens dates), penalty k log n on the series scaled by a robust estimate
of its noise. One break in the mean: supF (Andrews 1993, Econometrica 61:821) and the Bai (1997, Rev. Econ.
Stat. 79:551) interval as in R's strucchange. On autocorrelated noise without any break penalty 3 log n
finds one in 30 percent of runs, so the series is prewhitened unless told otherwise, and a break is never
dated to a law.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.dates import CannotTest
from wareconomy.analysis.extra import need

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
else:
    Floats = Any

PENALTIES = (2.0, 3.0, 4.0, 5.0, 6.0)


@dataclass(frozen=True, slots=True)
class ChangePoints:
    """`places` are positions of the first point after a break at the middle penalty; `stability` the share
    of penalties that find it within two points; `by_penalty` all sweeps.
    """

    places: tuple[int, ...]
    stability: tuple[float, ...]
    by_penalty: tuple[tuple[float, tuple[int, ...]], ...]
    n: int
    prewhitened: bool


@dataclass(frozen=True, slots=True)
class MeanBreak:
    """One break in the mean: number of points before it, supF, and the first and last place its date may
    have (95 percent).
    """

    place: int
    sup_f: float
    low: int
    high: int


def _checked(values: Sequence[float], least: int) -> Floats:
    import numpy as np

    y = np.asarray(values, dtype=np.float64)
    if len(y) < least:
        raise CannotTest("too_few", f"{len(y)} points; change points need {least}")
    if not np.isfinite(y).all():
        raise CannotTest("gap", "the series has a hole; it is never filled")
    if y.max() == y.min():
        raise CannotTest("no_variation", "the series does not vary")
    return y


def pelt(
    values: Sequence[float], penalty: float = 3.0, min_size: int = 5, scale: str = "z"
) -> tuple[int, ...]:
    """Break positions at penalty * log n; `scale` is `z` (standard deviation) or `noise` (median of
    differences).
    """
    import numpy as np

    y = _checked(values, 2 * min_size + 2)
    if scale == "noise":
        diffs = np.diff(y)
        spread = float(np.median(np.abs(diffs - np.median(diffs)))) / 0.6745 / np.sqrt(2)
        spread = spread or float(y.std())
    else:
        spread = float(y.std())
    signal = ((y - y.mean()) / spread).reshape(-1, 1)
    ruptures = need("ruptures", "Change points")
    found = (
        ruptures.Pelt(model="l2", jump=1, min_size=min_size).fit(signal).predict(pen=penalty * np.log(len(y)))
    )
    return tuple(int(place) for place in found[:-1])


def change_points(
    values: Sequence[float], *, min_size: int = 5, prewhiten: bool = True, scale: str = "z"
) -> ChangePoints:
    """Breaks at the middle penalty of a sweep, each with the share of the sweep that agrees. Raises
    CannotTest as `pelt`.
    """
    from wareconomy.analysis.lead_lag import _ar, _filter

    y = _checked(values, 24)
    offset = 0
    if prewhiten:
        coefficients = _ar(y, 1)
        offset = len(coefficients)
        y = _filter(y, coefficients)
    sweep = tuple(
        (k, tuple(place + offset for place in pelt(list(y), k, min_size, scale))) for k in PENALTIES
    )
    middle = sweep[len(sweep) // 2][1]
    stable = tuple(
        sum(any(abs(p - place) <= 2 for p in found) for _, found in sweep) / len(sweep) for place in middle
    )
    return ChangePoints(middle, stable, sweep, len(values), prewhiten)


def mean_break(values: Sequence[float], trim: float = 0.15, level: float = 0.95) -> MeanBreak:
    """The single break in the mean with the largest F, and Bai's interval for its place."""
    import numpy as np

    y = _checked(values, 20)
    n = len(y)
    first = int(np.floor(trim * n))
    total = float(((y - y.mean()) ** 2).sum())
    rest = {}
    for place in range(first, n - first + 1):
        left, right = y[:place], y[place:]
        rest[place] = float(((left - left.mean()) ** 2).sum() + ((right - right.mean()) ** 2).sum())
    place = min(rest, key=lambda item: rest[item])
    sup_f = (total - rest[place]) / (rest[place] / (n - 2)) if rest[place] > 0 else float("inf")
    left, right = y[:place], y[place:]
    delta = float(right.mean() - left.mean())
    var_left, var_right = float(left.var()), float(right.var())
    if not delta or var_left <= 0 or var_right <= 0:
        return MeanBreak(place, sup_f, place, place)
    scale = var_left / delta**2
    low = -_bai((1 - level) / 2, var_right / var_left) * scale
    high = _bai((1 + level) / 2, var_right / var_left) * scale
    # The distribution is that of the estimate minus the true date, so its upper end gives the earliest true date.
    return MeanBreak(place, sup_f, max(place - int(np.ceil(high)), 1), min(place + int(np.ceil(low)), n - 1))


def _bai(level: float, phi: float) -> float:
    """Quantile of the place of the maximum of W(s) - |s|/2, with variance `phi` to the right of zero and
    one to the left (Bai 1997, appendix B).
    """
    from math import erfc, exp, log, pi, sqrt

    def log_normal(x: float) -> float:
        tail = erfc(-x / sqrt(2)) / 2
        return log(tail) if tail > 0 else -x * x / 2 - log(max(-x, 1e-9) * sqrt(2 * pi))

    def cdf(x: float) -> float:
        size = max(abs(x), 1e-12)
        root = sqrt(size)
        if x < 0:
            share = 1 / phi
            return (
                -exp(log(size) / 2 - size / 8 - log(2 * pi) / 2)
                - phi
                * (phi + 2)
                / (phi + 1)
                * exp(share * (1 + share) * size / 2 + log_normal(-(0.5 + share) * root))
                + (size / 2 - 2 + (phi + 2) ** 2 / (phi + 1)) * exp(log_normal(-root / 2))
            )
        share = 1 / phi
        return (
            1
            + sqrt(share) * exp(log(size) / 2 - share * size / 8 - log(2 * pi) / 2)
            + share
            * (2 * phi + 1)
            / (phi + 1)
            * exp((phi + 1) * size / 2 + log_normal(-(phi + 0.5) / sqrt(phi) * root))
            - ((2 * phi + 1) ** 2 / ((phi + 1) * phi) - 2 + share * size / 2)
            * exp(log_normal(-sqrt(share) * root / 2))
        )

    low, high = -500.0, 500.0
    for _ in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if cdf(middle) < level else (low, middle)
    return (low + high) / 2
