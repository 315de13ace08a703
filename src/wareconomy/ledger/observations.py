"""From the rows of hand-kept tables to observations: series, period, the day it became known, and where it stands.

A row that carries no observation (no value printed, or of a kind the series does not take) is set aside with its
reason, so accepted plus set-aside rows equal the rows read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from wareconomy.catalog import Catalog, Observed, Series
from wareconomy.checks.drift import Drift
from wareconomy.errors import Finding
from wareconomy.model import Period, partial_date, period, rounding_unit, year_to_month
from wareconomy.sources.manual import ManualTable

OPEN_END = date(2100, 12, 31)


@dataclass(frozen=True, slots=True)
class Observation:
    """One number as one document printed it; fields are the columns of the ledger table of the same name."""

    observation: str
    series: str
    source: str
    period_start: date
    period_end: date
    vintage: date
    value: float | None
    low: float | None
    high: float | None
    status: str
    basis: str
    edition: str
    printed: str
    confidence: str
    publisher: str
    source_url: str | None
    published_on: str | None
    document: str
    locator: str
    note: str | None
    restates: str | None = None


@dataclass(slots=True)
class Rejection:
    """A row set aside: the table, its line, and why it is not an observation."""

    table: str
    line: int
    reason: str


@dataclass(frozen=True, slots=True)
class Held:
    """A document that waits for a person, or that cannot be read; `newest` while none came after it."""

    source: str
    ask: str
    document: str
    retrieved_on: str
    why: str
    drift: tuple[Drift, ...] = ()
    newest: bool = True


@dataclass(slots=True)
class Tally:
    """What a source's documents came to; `rows` is `accepted` plus `set_aside`. `newest`: the day the last one came."""

    documents: int = 0
    rows: int = 0
    accepted: int = 0
    set_aside: int = 0
    held: int = 0
    newest: str = ""


@dataclass(slots=True)
class Collected:
    """Everything the archive yields."""

    observations: list[Observation] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    documents: list[tuple[Any, ...]] = field(default_factory=list)
    receipts: list[tuple[Any, ...]] = field(default_factory=list)
    posts: list[tuple[Any, ...]] = field(default_factory=list)
    candidates: list[tuple[Any, ...]] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    tallies: dict[str, Tally] = field(default_factory=dict)


@dataclass(slots=True)
class ObservedRows:
    """What a set of tables yields."""

    observations: list[Observation] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    collected: Collected = field(default_factory=Collected)


def observe(tables: Mapping[str, ManualTable], catalog: Catalog) -> ObservedRows:
    """Every observation of every table. Findings name series that are not declared or whose unit differs."""
    result = ObservedRows()
    for table in tables.values():
        if table.spec.observations:
            _observe_table(table, catalog, result)
    result.observations = mark_restatements(result.observations)
    return result


def _observe_table(table: ManualTable, catalog: Catalog, result: ObservedRows) -> None:
    spec = table.spec
    for row, line in enumerate(table.lines):
        cells = {name: column[row] for name, column in table.printed.items()}
        matching = [
            (index, block)
            for index, block in enumerate(spec.observations)
            if all(cells[column] in allowed for column, allowed in block.when.items())
        ]
        used = 0
        for index, block in matching:
            status = _choose(block.status, cells) or "A"
            if not cells[block.value] and status != "M":
                continue
            used += 1
            made = _one(table, row, line, cells, block, index, status, catalog)
            if isinstance(made, Finding):
                result.findings.append(made)
            else:
                result.observations.append(made)
        if not used:
            reason = "no value printed" if matching else "not a figure of any declared series"
            result.rejections.append(Rejection(spec.name, line, reason))


def _one(
    table: ManualTable,
    row: int,
    line: int,
    cells: Mapping[str, str],
    block: Observed,
    index: int,
    status: str,
    catalog: Catalog,
) -> Observation | Finding:
    spec = table.spec
    name = block.series.format_map(cells)
    series = catalog.series.get(name)
    if series is None:
        advice = f"the row forms the series {name!r}, which is not declared; add it to catalog/series"
        return Finding(spec.file, line, "", "", "undeclared series", advice)
    if block.unit and cells[block.unit] != series.unit:
        advice = f"{name} is in {series.unit}; another unit needs a series of its own"
        return Finding(spec.file, line, block.unit, cells[block.unit], "unit of series", advice)
    source = _choose(block.source, cells)
    if source not in catalog.sources:
        return Finding(spec.file, line, "", str(source), "undeclared source", "add it to catalog/sources")
    span = _period(block, cells)
    end = span.end or OPEN_END
    vintage, basis = _known(block, cells, series, end)
    suffix = f"#{index + 1}" if len(spec.observations) > 1 else ""
    value = table.values[block.value][row]
    return Observation(
        observation=f"{spec.name}:{line}{suffix}",
        series=name,
        source=source,
        period_start=span.start,
        period_end=end,
        vintage=vintage,
        value=None if value is None else float(value),
        low=_number(table, block.low, row),
        high=_number(table, block.high, row),
        status=status,
        basis=basis,
        edition=_choose(block.edition, cells) or f"{source} {vintage.isoformat()}",
        printed=cells[block.value],
        confidence=cells["confidence"],
        publisher=cells["publisher"],
        source_url=cells["source_url"] or None,
        published_on=cells["published_on"] or None,
        document=(cells[block.document] if block.document else "") or table.sha256,
        locator=f"{spec.file} line {line}",
        note=cells["note"] or None,
    )


def _number(table: ManualTable, column: str | None, row: int) -> float | None:
    value = table.values[column][row] if column else None
    return None if value is None else float(value)


def _choose(rule: Any, cells: Mapping[str, str]) -> Any:
    """A constant, or `{column, map, default}`: the mapped (or plain) value of a cell."""
    if not isinstance(rule, Mapping):
        return rule
    cell = cells[rule["column"]]
    if "map" in rule:
        return rule["map"].get(cell, rule.get("default"))
    return cell or rule.get("default")


def _period(block: Observed, cells: Mapping[str, str]) -> Period:
    kind = block.period["kind"]
    if kind == "range":
        start = partial_date(cells[block.period["start"]]).start
        last = cells[block.period["end"]]
        return Period(start, partial_date(last).end if last else None)
    text = cells[block.period["column"]]
    return year_to_month(text) if kind == "year_to_month" else period(text)


def _known(block: Observed, cells: Mapping[str, str], series: Series, end: date) -> tuple[date, str]:
    """The day the public could know a row, and how we know that day."""
    declared = cells["basis"]
    for text in (cells[block.known] if block.known else "", cells["known_on"], cells["published_on"]):
        if text:
            span = partial_date(text)
            assert span.end is not None
            return span.end, declared or ("published" if span.start == span.end else "assumed")
    if cells["retrieved_on"]:
        return partial_date(cells["retrieved_on"]).start, declared or "retrieved"
    return end + timedelta(days=series.lag_days), "assumed"


def mark_restatements(rows: Sequence[Observation]) -> list[Observation]:
    """Mark later rows that only repeat an earlier, more precise figure in round numbers.

    "3.4 tn" printed in August for a 3,409 of July is not a revision: both rows stay in the ledger, the later
    one carries `restates` and the as-of views keep showing the precise one.
    """
    groups: dict[tuple[str, str, date, date], list[int]] = defaultdict(list)
    for index, row in enumerate(rows):
        groups[row.series, row.source, row.period_start, row.period_end].append(index)
    marked = list(rows)
    for members in groups.values():
        members.sort(key=lambda index: (rows[index].vintage, rounding_unit(rows[index].printed or "0")))
        best: Observation | None = None
        for index in members:
            row = rows[index]
            if row.value is None or row.restates:
                continue
            if best is not None and _restates(row, best):
                marked[index] = replace(row, restates=best.observation)
            else:
                best = row
    return marked


def _restates(later: Observation, earlier: Observation) -> bool:
    if later.value is None or earlier.value is None:
        return False
    unit, precise = rounding_unit(later.printed), rounding_unit(earlier.printed)
    gap = abs(later.value - earlier.value) - unit / 2
    upwards = abs(later.value) > abs(
        earlier.value
    )  # a half is rounded up: 13,500 may become 14,000, never 13,000
    return unit > precise and (gap < -1e-9 or (gap <= 1e-9 and upwards))
