"""How sure an area is: three sources of doubt, stated apart and never folded into one band.

1. Digitising: how exactly the line was drawn. With independent vertices of standard error sigma, Var(A) =
   sigma^2/4 * sum |v(i+1) - v(i-1)|^2 (Chrisman and Yandell 1988). A net change only involves the moved line.
2. Recording lag: a map shows a change when the mapper has verified it. For the mirror the date of a map is known
   only as a range, and a month has the range of its possible boundary files. Between mappers the noise of one month
   has a standard deviation of 0.34 in the logarithm, of two months 0.21, of three 0.13, of six 0.04.
3. Definition: what counts as occupied. Sources that add claimed areas are higher by a factor of about 1.28, and no
   longer period makes that smaller.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from wareconomy.analysis.territory.edges import without
from wareconomy.analysis.territory.plane import Floats, Plane
from wareconomy.analysis.territory.region import HALF, Codes, Region

SIGMAS = (50.0, 100.0, 250.0, 500.0)
"""Standard errors of a vertex in metres, from careful drawing on imagery to a small map."""
LAG_LOG_SD = {1: 0.34, 2: 0.21, 3: 0.13, 4: 0.09, 6: 0.04}
"""Standard deviation of log(one mapper / another) by length of the window in months; 16 months, two mappers."""
DEFINITION_FACTOR = 1.28
"""Areas that include claims against areas that do not; same months and mappers."""


@dataclass(frozen=True, slots=True)
class Doubt:
    """The three sources for one net change. `digitising` is km2 by sigma in metres; lag is a range in km2."""

    net_km2: float
    digitising: dict[float, float]
    lag_low_km2: float
    lag_high_km2: float
    lag_log_sd: float
    definition_factor: float


def stock_sd(region: Region, plane: Plane, sigma: float) -> float:
    """Standard error in km2 of a whole area for vertices of standard error `sigma` metres."""
    total = 0.0
    for polygon in region.polygons:
        for ring in polygon:
            total += _spread(plane.xy[ring[:-1]])
    return sigma / 2 * float(np.sqrt(total)) / 1e6


def net_sd(old: Region, new: Region, plane: Plane, sigma: float) -> float:
    """Standard error in km2 of the net change between two maps: only the edges that differ count."""
    added, gone = without(new.edges, old.edges), without(old.edges, new.edges)
    return sigma / 2 * float(np.sqrt(_loose(added, plane) + _loose(gone, plane))) / 1e6


def doubt(
    net: float, low: float, high: float, months: float, old: Region, new: Region, plane: Plane
) -> Doubt:
    """The three sources for a net change over so many months, with the range of its boundary files."""
    window = min(LAG_LOG_SD, key=lambda known: abs(known - months))
    return Doubt(
        net,
        {sigma: net_sd(old, new, plane, sigma) for sigma in SIGMAS},
        low,
        high,
        LAG_LOG_SD[window],
        DEFINITION_FACTOR,
    )


def _spread(points: Floats) -> float:
    gaps = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    return float((gaps * gaps).sum())


def _loose(codes: Codes, plane: Plane) -> float:
    """Sum of |v(i+1) - v(i-1)|^2 over the vertices where two of the edges meet."""
    starts, ends = codes >> HALF, codes & 0xFFFFFFFF
    onward = dict(zip(starts.tolist(), ends.tolist(), strict=True))
    total = 0.0
    for before, middle in zip(starts.tolist(), ends.tolist(), strict=True):
        after = onward.get(middle)
        if after is not None:
            gap = plane.xy[after] - plane.xy[before]
            total += float(gap @ gap)
    return total
