"""Statements that do not fit one another: rival totals for the same quantity and days, totals below their
parts, heaped numbers.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.claims import rule as rules
from wareconomy.analysis.claims.checks import window
from wareconomy.analysis.claims.measured import WHOLE_FRONT, cells
from wareconomy.analysis.claims.wording import Stated, stated
from wareconomy.ledger import query
from wareconomy.model import Period, rounding_unit

if TYPE_CHECKING:
    import duckdb

KINDS = {
    "wire_variants": "versions of one statement print different numbers",
    "different_totals": "the same quantity and days, different totals",
    "total_below_parts": "a total below the sum of its parts",
    "running_total_falls": "a running total that falls as its days grow",
    "different_figures": "the same quantity and days, different figures that their wording could just "
    "reconcile",
}
CLOSE = timedelta(days=3)
LEAST_NUMBERS = 10


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Statements (row ids) that cannot all be right as worded. `gap` is how far apart they are, beyond
    their wording.
    """

    kind: str
    rows: tuple[str, ...]
    values: tuple[float, ...]
    unit: str
    period: Period
    gap: float
    speakers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Heaping:
    """Round numbers among one claimant's figures: `heaped` of `n` end in the zeros that make them multiples
    of `unit_share` of their size, where `expected` would by chance; p is binomial, upper tail. `refused`
    says why there is no test.
    """

    speaker: str
    n: int
    heaped: int
    expected: float
    p: float | None
    refused: str | None


@dataclass(frozen=True, slots=True)
class _Row:
    row: Mapping[str, Any]
    period: Period
    stated: Stated
    regions: frozenset[str]

    @property
    def id(self) -> str:
        return f"claims:{self.row['id']}"

    @property
    def end(self) -> date:
        assert self.period.end is not None
        return self.period.end


def find(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Contradiction]:
    """Every contradiction among records known on a day, the widest gap of each kind first."""
    day = query.as_of_day(con, as_of)
    rows = query.records(
        con,
        "SELECT * FROM claims_as_of($day) WHERE quantity IS NOT NULL AND kind = 'record' ORDER BY file_line",
        {"day": day},
    )
    variants = query.records(
        con,
        "FROM manual.claim_variants_as_of($day) ORDER BY file_line",
        {"day": day},
    )
    made = [*_variants(rows, variants), *of_rows(rows)]
    return sorted(made, key=lambda item: (list(KINDS).index(item.kind), -item.gap, item.rows))


def of_rows(rows: Sequence[Mapping[str, Any]]) -> list[Contradiction]:
    """Contradictions among rows of the table of statements; rows without usable days are left out."""
    about = rules.load().about
    usable = []
    for row in rows:
        period, problem = window(row)
        if period is None or problem or row["variant_of"]:
            continue
        usable.append(
            _Row(
                row,
                period,
                stated(row["quantity"], cells(row, "summary"), about),
                frozenset(row["regions"] or []),
            )
        )
    groups: dict[tuple[str, ...], list[_Row]] = defaultdict(list)
    for item in usable:
        counted = [cells(item.row, name) for name in ("side", "topic", "unit", "losses_of")]
        groups[(*counted, _theatre(item))].append(item)
    made: list[Contradiction] = []
    for group in groups.values():
        made += _different(group)
        made += _falling(group)
        made += _stretches(group)
    made += _parts(usable)
    return made


def _theatre(item: _Row) -> str:
    if any(name.startswith("RU") for name in item.regions):
        return ";".join(sorted(item.regions))
    return "front" if len(item.regions) >= WHOLE_FRONT or not item.regions else ";".join(sorted(item.regions))


def _specific(item: _Row) -> bool:
    """A statement about one grouping or one kind of loss is compared with nothing but itself."""
    words = cells(item.row, "summary").lower()
    return "grouping" in words or item.row["unit"] in ("percent", "hours", "days", "km")


def _different(group: Sequence[_Row]) -> list[Contradiction]:
    made = []
    for place, one in enumerate(group):
        for other in group[place + 1 :]:
            if one.row["topic"] in ("strike", "settlement_capture") and one.period.start == one.end:
                continue  # single days and single towns are not totals of one thing
            if _specific(one) or _specific(other) or one.row["quantity"] == 1 or other.row["quantity"] == 1:
                continue
            if one.period.start != other.period.start or one.end != other.end:
                continue
            gap = max(one.stated.low - other.stated.high, other.stated.low - one.stated.high)
            apart = abs(one.row["quantity"] - other.row["quantity"])
            if gap > 0:
                made.append(_made("different_totals", (one, other), gap))
            elif apart > 0.02 * max(one.row["quantity"], other.row["quantity"]):
                made.append(_made("different_figures", (one, other), apart))
    return made


def _falling(group: Sequence[_Row]) -> list[Contradiction]:
    """A later running total (same first day, more days) below an earlier one: gross totals can only grow."""
    made = []
    ordered = sorted(
        (item for item in group if not _specific(item) and item.row["quantity"] > 1),
        key=lambda item: item.end,
    )
    for place, early in enumerate(ordered):
        for late in ordered[place + 1 :]:
            same = (
                early.period.start == late.period.start
                and early.end < late.end
                and early.period.start < early.end
            )
            gap = early.stated.low - late.stated.high
            if same and gap > 0:
                made.append(_made("running_total_falls", (early, late), gap))
    return made


def _parts(rows: Sequence[_Row]) -> list[Contradiction]:
    """A total of one speaker and day set against the sum of his statements on single oblasts for the same
    days.
    """
    made = []
    groups: dict[tuple[Any, ...], list[_Row]] = defaultdict(list)
    for item in rows:
        key = (
            item.row["speaker"],
            cells(item.row, "said_on"),
            item.row["topic"],
            item.row["unit"],
            cells(item.row, "losses_of"),
            item.period.start,
            item.end,
        )
        groups[key].append(item)
    for group in groups.values():
        parts = {next(iter(item.regions)): item for item in group if len(item.regions) == 1}
        for total in (item for item in group if len(item.regions) >= WHOLE_FRONT):
            inside = [item for name, item in parts.items() if name in total.regions]
            if len(inside) < 2 or total.row["unit"] == "percent":
                continue
            least = math.fsum(item.stated.low for item in inside)
            if math.isfinite(total.stated.high) and least > total.stated.high:
                made.append(_made("total_below_parts", (total, *inside), least - total.stated.high))
    return made


def _stretches(group: Sequence[_Row]) -> list[Contradiction]:
    """A total for a span set against statements on stretches of it that do not overlap; the fullest set of
    stretches is taken.
    """
    made = []
    usable = [item for item in group if not _specific(item) and item.period.start < item.end]
    for total in usable:
        if not math.isfinite(total.stated.high):
            continue
        inside = sorted(
            (
                item
                for item in usable
                if total.period.start <= item.period.start
                and item.end <= total.end
                and (item.end - item.period.start) < (total.end - total.period.start)
            ),
            key=lambda item: item.end,
        )
        best: list[tuple[float, tuple[_Row, ...]]] = [(0.0, ())]
        for place, item in enumerate(inside):
            before = max(
                (best[k + 1] for k in range(place) if inside[k].end < item.period.start),
                key=lambda b: b[0],
                default=best[0],
            )
            with_item = (before[0] + item.stated.low, (*before[1], item))
            best.append(max(with_item, best[-1], key=lambda b: b[0]))
        least, parts = best[-1]
        if len(parts) >= 2 and least > total.stated.high:
            made.append(_made("total_below_parts", (total, *parts), least - total.stated.high))
    return made


def _made(kind: str, items: Sequence[_Row], gap: float) -> Contradiction:
    return Contradiction(
        kind,
        tuple(item.id for item in items),
        tuple(item.row["quantity"] for item in items),
        items[0].row["unit"],
        items[-1].period,
        gap,
        tuple(dict.fromkeys(item.row["speaker"] for item in items)),
    )


def _variants(
    rows: Sequence[Mapping[str, Any]], variants: Sequence[Mapping[str, Any]]
) -> Iterable[Contradiction]:
    known = {row["id"]: row for row in rows}
    groups: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for item in variants:
        groups[item["claim"]].append(item)
    for name, group in groups.items():
        values = [item["quantity"] for item in group]
        row = known.get(name)
        if row is None or max(values) == min(values):
            continue
        period, _ = window(row)
        found = period or Period(row["known"], row["known"])
        ids = tuple(
            dict.fromkeys([f"claims:{name}", *(f"claim_variants:{item['file_line']}" for item in group)])
        )
        yield Contradiction(
            "wire_variants",
            ids,
            tuple(values),
            group[0]["unit"],
            found,
            max(values) - min(values),
            (row["speaker"],),
        )


def heaping(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Heaping]:
    """Heaping on round numbers for each claimant with figures of 100 or more, most figures first."""
    day = query.as_of_day(con, as_of)
    rows = query.records(
        con,
        "SELECT speaker, list(quantity ORDER BY file_line) AS numbers FROM claims_as_of($day) WHERE "
        "quantity >= 100 AND kind = 'record' "
        "AND variant_of IS NULL GROUP BY speaker ORDER BY len(numbers) DESC, speaker",
        {"day": day},
    )
    return [heaped(row["speaker"], row["numbers"]) for row in rows]


def heaped(speaker: str, numbers: Sequence[float]) -> Heaping:
    """Whether a claimant's figures are round more often than last digits at random: third significant digit
    and all below zero.

    Of figures with three digits or more one in ten is expected to have only two significant digits. The
    exact binomial upper tail; figures are not independent draws (a person repeats himself), so distinct
    values are counted once.
    """
    values = sorted({value for value in numbers if math.isfinite(value) and value >= 100})
    n = len(values)
    count = sum(1 for value in values if _significant(value) <= 2)
    if n < LEAST_NUMBERS:
        return Heaping(
            speaker,
            n,
            count,
            n / 10,
            None,
            f"{n} distinct figures of 100 or more; a test needs {LEAST_NUMBERS}",
        )
    p = math.fsum(math.comb(n, k) * 0.1**k * 0.9 ** (n - k) for k in range(count, n + 1)) if count else 1.0
    return Heaping(speaker, n, count, n / 10, min(p, 1.0), None)


def _significant(value: float) -> int:
    text = f"{value:.10g}"
    unit = rounding_unit(text)
    return len(str(round(value / unit)).strip("-")) if unit else len(text)
