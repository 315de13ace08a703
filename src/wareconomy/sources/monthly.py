"""Net change of a month from levels: the last day of the month minus the last day of the month before."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

FIRST_MONTH = date(2022, 5, 1)
"""Before May 2022 maps were still being drawn: a difference of two ends is no movement."""


@dataclass(frozen=True, slots=True)
class Change:
    """One month's change, to two decimals; `start` and `end` are the days of the two levels."""

    period: str
    value: float
    printed: str
    locator: str
    start: date
    end: date


def month_changes(levels: Mapping[date, tuple[Decimal, str]]) -> Iterator[Change]:
    """Changes of the months both of whose ends are among the levels (day to value and locator), in order.

    Starts with `FIRST_MONTH`. A month with a missing end yields nothing: no neighbour stands in for it.
    """
    ends = sorted(day for day in levels if day > FIRST_MONTH and (day + timedelta(days=1)).day == 1)
    for end in ends:
        start = end.replace(day=1) - timedelta(days=1)
        if start in levels:
            (first, first_place), (last, last_place) = levels[start], levels[end]
            value = (last - first).quantize(Decimal("0.01"), ROUND_HALF_EVEN)
            yield Change(
                f"{end:%Y-%m}", float(value), f"{value:f}", f"{last_place} minus {first_place}", start, end
            )
