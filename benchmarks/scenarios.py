"""Pairs of unrelated date lists with the habits real ones have: weekdays, clusters, seasons, few events.
Used to calibrate tests.

Each scenario draws two lists over 770 days that have nothing to do with one another; a test at 5 percent
should reject 5 percent.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

LENGTH = 770
Lists = tuple[Any, Any]


def _days(random: np.random.Generator, weight: Any, count: int) -> Any:
    return np.sort(random.choice(LENGTH, size=min(count, LENGTH), replace=False, p=weight / weight.sum()))


def _grow(random: np.random.Generator, starts: Any, size: int, spread: int = 5) -> Any:
    found = [starts]
    for _ in range(size - 1):
        found.append(starts + random.integers(1, spread + 1, size=len(starts)))
    days = np.unique(np.concatenate(found))
    return days[days < LENGTH]


def _flat() -> Any:
    return np.ones(LENGTH)


def _weekday(strength: float, best: int) -> Any:
    weight = np.ones(LENGTH)
    weight[np.arange(LENGTH) % 7 == best] = strength
    weight[np.arange(LENGTH) % 7 == (best + 3) % 7] = 0.2
    return weight


def _season() -> Any:
    return np.exp(1.5 * np.cos(2 * np.pi * (np.arange(LENGTH) - 340) / 365.25))


def _calendar() -> Any:
    weight = np.ones(LENGTH)
    weight[np.arange(LENGTH) % 365 > 315] = 6.0
    return weight


def _pair(
    weight_a: Any, weight_b: Any, n_a: int, n_b: int, size: int = 1
) -> Callable[[np.random.Generator], Lists]:
    def draw(random: np.random.Generator) -> Lists:
        if size == 1:
            return _days(random, weight_a, n_a), _days(random, weight_b, n_b)
        a = _grow(random, _days(random, weight_a, max(n_a // size, 2)), size)
        b = _grow(random, _days(random, weight_b, max(n_b // size, 2)), size)
        return a, b

    return draw


SCENARIOS: dict[str, Callable[[np.random.Generator], Lists]] = {
    "S1 homogeneous": _pair(_flat(), _flat(), 25, 40),
    "S2 weekdays": _pair(_weekday(4, 2), _weekday(4, 4), 25, 40),
    "S3 both clustered": _pair(_flat(), _flat(), 25, 40, 4),
    "S4 clustered, weekdays": _pair(_weekday(4, 2), _weekday(4, 4), 25, 40, 4),
    "S5 shared season": _pair(_season(), _season(), 25, 40),
    "S6 season, clusters": _pair(_season(), _season(), 25, 40, 4),
    "S7 few events": _pair(_flat(), _flat(), 8, 12),
    "S8 strong waves": _pair(_flat(), _flat(), 25, 40, 8),
    "S9 shared calendar": _pair(_calendar(), _calendar(), 25, 40),
}
STATIONARY = (
    "S1 homogeneous",
    "S2 weekdays",
    "S3 both clustered",
    "S4 clustered, weekdays",
    "S7 few events",
    "S8 strong waves",
)
CLUSTERED = ("S3 both clustered", "S4 clustered, weekdays", "S8 strong waves")


def shuffled_p(a: Any, dilated: Any, random: np.random.Generator, draws: int = 199) -> float:
    """The naive rival: single days shuffled over the record, clusters broken; Monte-Carlo p."""
    observed = int(dilated[a].sum())
    table = random.random((draws, LENGTH)).argpartition(len(a), axis=1)[:, : len(a)]
    return (1 + int((dilated[table].sum(axis=1) >= observed).sum())) / (1 + draws)
