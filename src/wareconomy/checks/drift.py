"""What a new document does to an old one that a person must look at before it counts.

Halved rows, series that vanish or appear, and a settled value that moves by a fifth. The document is kept, its rows
wait; `wareconomy acknowledge` records that somebody looked, with the reason, as a row of acknowledgements.csv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median

from wareconomy.model import period
from wareconomy.sources.source import Reading

HALVED = "rows_halved"
GONE = "series_gone"
NEW = "new_series"
MOVED = "settled_value_moved"
BLANKED = "settled_value_blank"
RULES = {
    HALVED: "The document has fewer than half the rows of the one before",
    GONE: "A series of the document before has no row in this one",
    NEW: "A series appears that the document before did not have",
    MOVED: "A value of a period long over moved by 20 percent or more",
    BLANKED: "A value of a period long over was taken back",
}
BOUND = 0.20
SETTLED_DAYS = 90
FEW = 6
"""A document with fewer rows than this is too small for the count to say anything."""
SHOWN = 4


@dataclass(frozen=True, slots=True)
class Drift:
    """One difference that stops a source, with the difference in words."""

    rule: str
    what: str


def compare(
    before: Sequence[Reading],
    after: Sequence[Reading],
    day: date,
    settled_days: int = SETTLED_DAYS,
    any_series: bool = False,
) -> list[Drift]:
    """Differences between two documents of one ask that need a person; `day` is when the second one came.

    `any_series` leaves out the rules on rows and series, for documents that list only what happened. A document
    without any figure (a page whose message has scrolled off) takes nothing back.
    """
    if not before or not after:
        return []
    found = []
    if not any_series and len(before) >= FEW and len(after) * 2 < len(before):
        found.append(Drift(HALVED, f"{len(before)} rows before, {len(after)} now"))
    if not any_series:
        old, new = {row.series for row in before}, {row.series for row in after}
        if old - new:
            found.append(Drift(GONE, f"no row any more for {_listed(old - new)}{_beside(new - old)}"))
        if new - old:
            found.append(
                Drift(NEW, f"rows for {_listed(new - old)}, not seen before{_beside(old - new, 'gone')}")
            )
    found.extend(_moved(before, after, day - timedelta(days=settled_days)))
    return found


def _moved(before: Sequence[Reading], after: Sequence[Reading], limit: date) -> Iterable[Drift]:
    known: dict[tuple[str, str], Reading] = {(row.series, row.period): row for row in before}
    sizes: dict[str, list[float]] = defaultdict(list)
    for row in before:
        if row.value is not None:
            sizes[row.series].append(abs(row.value))
    typical = {name: median(values) for name, values in sizes.items()}
    moved, blank = [], []
    for row in after:
        old = known.get((row.series, row.period))
        if old is None or old.value is None or old.value == row.value:
            continue
        end = period(row.period).end
        if end is None or end > limit:
            continue
        if row.value is None:
            blank.append(f"{row.series}@{row.period} was {old.printed}, at {row.locator} it is blank")
        elif abs(row.value - old.value) >= BOUND * max(abs(old.value), typical[row.series] / 20) > 0:
            moved.append(f"{row.series}@{row.period} from {old.printed} to {row.printed} ({row.locator})")
    if moved:
        yield Drift(MOVED, _first(moved))
    if blank:
        yield Drift(BLANKED, _first(blank))


def _listed(names: Iterable[str]) -> str:
    return _first(sorted(names), ", ")


def _beside(names: Iterable[str], word: str = "new") -> str:
    listed = sorted(names)
    return f" ({word}: {_listed(listed)})" if listed else ""


def _first(items: Sequence[str], mark: str = "; ") -> str:
    more = f" and {len(items) - SHOWN} more" if len(items) > SHOWN else ""
    return mark.join(items[:SHOWN]) + more


def unacknowledged(found: Iterable[Drift], acknowledged: Iterable[str]) -> list[Drift]:
    """The differences nobody has accepted yet; `acknowledged` are the rules accepted for this document."""
    accepted = set(acknowledged)
    return [item for item in found if item.rule not in accepted]


def message(source: str, ask: str, sha256: str, found: Sequence[Drift]) -> str:
    """What stopped a source, and how to let it go on."""
    said = "; ".join(f"{RULES[item.rule].lower()}: {item.what}" for item in found)
    return (
        f"{source}, {ask}: {said}. The document {sha256[:12]} is kept and its rows wait. Look at it; if it is right: "
        f'wareconomy acknowledge {source} --reason "..."'
    )


def accepted(rows: Iterable[Mapping[str, str]]) -> dict[tuple[str, str], set[str]]:
    """Acknowledged rules by source and document, from the rows of acknowledgements.csv."""
    made: dict[tuple[str, str], set[str]] = defaultdict(set)
    for row in rows:
        made[row["source"], row["document"]].add(row["rule"])
    return made
