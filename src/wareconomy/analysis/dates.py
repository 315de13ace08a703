"""Lists of dated events as day indicators: checked, deduplicated, declustered; what every date method here
starts from.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wareconomy.errors import WareconomyError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Days = NDArray[np.int64]
    Flags = NDArray[np.bool_]
else:
    Days = Flags = Any


class CannotTest(WareconomyError):
    """A test that these dates cannot carry. `reason` is a code; the lists are to be printed instead of a
    p-value.
    """

    def __init__(self, reason: str, text: str) -> None:
        self.reason = reason
        super().__init__(text)


@dataclass(frozen=True, slots=True)
class Record:
    """The days both lists are observed on, first and last inclusive."""

    first: date
    last: date

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise CannotTest(
                "record_reversed", f"the record ends before it begins: {self.first} to {self.last}"
            )

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.last - self.first).days + 1

    def day(self, place: int) -> date:
        """The date of a day number."""
        return self.first + timedelta(days=int(place))


def places(days: Iterable[date], record: Record) -> Days:
    """Day numbers inside the record, sorted, each day once; dates outside the record are left out."""
    import numpy as np

    found = sorted({(day - record.first).days for day in days if record.first <= day <= record.last})
    return np.asarray(found, dtype=np.int64)


def decluster(days: Days, gap: int = 5) -> Days:
    """The first day of every cluster: an event at most `gap` days after the event before it belongs to that
    one's cluster.
    """
    import numpy as np

    if len(days) == 0:
        return days
    starts = np.concatenate(([True], np.diff(days) > gap))
    return days[starts]


def clusters(days: Days, gap: int = 5) -> list[Days]:
    """The clusters themselves, as day numbers."""
    import numpy as np

    if len(days) == 0:
        return []
    return list(np.split(days, np.flatnonzero(np.diff(days) > gap) + 1))


def flags(days: Days, length: int) -> Flags:
    """Day numbers as an indicator of a record of so many days."""
    import numpy as np

    made = np.zeros(length, dtype=bool)
    made[days] = True
    return made


def dilate(marked: Flags, low: int, high: int) -> Flags:
    """Days t for which an event lies at some u with low <= t - u <= high; the record does not wrap."""
    import numpy as np

    length = len(marked)
    change = np.zeros(length + 1, dtype=np.int64)
    at = np.flatnonzero(marked)
    starts = np.clip(at + low, 0, length)
    stops = np.clip(at + high + 1, 0, length)
    np.add.at(change, starts, 1)
    np.add.at(change, stops, -1)
    return np.asarray(np.cumsum(change[:length]) > 0)


def require(
    a: Days, b: Days, length: int, windows: Sequence[tuple[int, int]], least: int, most_cover: float = 0.6
) -> None:
    """Refuse lists that cannot carry a test. Raises CannotTest with the reason in words.

    Refused: fewer than `least` events in either list; all events of a list on one day; a window wider than
    a quarter of the record or written backwards; second-list windows that cover more than `most_cover` of
    the days.
    """
    for name, days in (("first", a), ("second", b)):
        if len(days) == 1:
            raise CannotTest(
                "one_event", f"the {name} list has one day with an event; one event cannot be tested"
            )
        if len(days) < least:
            raise CannotTest(
                "too_few",
                f"the {name} list has {len(days)} days with an event inside the record; a test needs {least}",
            )
    if not windows:
        raise CannotTest("no_window", "no window was given")
    for low, high in windows:
        if high < low:
            raise CannotTest("window_reversed", f"the window {low}..{high} is written backwards")
        if high - low + 1 > length / 4:
            raise CannotTest(
                "window_too_wide",
                f"the window {low}..{high} is wider than a quarter of the record of {length} days",
            )
        cover = float(dilate(flags(b, length), low, high).mean())
        if cover > most_cover:
            raise CannotTest(
                "coverage",
                f"events of the second list cover {cover:.0%} of all days within {low}..{high} days; above "
                f"{most_cover:.0%} a test cannot tell",
            )
