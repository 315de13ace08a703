"""The desk a section is written at: figures as known on a day, and a register of every number printed.

Nothing here looks past `as_of`. A number reaches the page only as a `Fig`, and a `Fig` is made only by the methods
below, so the register holds them all: ledger figures by the id `explain` answers to, `count:` entries with the SQL
that gives them, `calc:` entries with their formula and the ids they were computed from.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.ledger import query
from wareconomy.ledger.query import Figure
from wareconomy.model import Period, label
from wareconomy.publish import covered, revised
from wareconomy.publish import language as lang
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.document import Block, Fig, Inline, Link, Paragraph, Picture, Section, Table

if TYPE_CHECKING:
    import duckdb

Cell = Inline | Sequence[Inline] | None
Register = dict[str, dict[str, Any]]
FIRST_WITHIN = 40
"""Days after a period within which its first print comes: the ministry's is of the second or third week."""
_PRINTED = (
    "SELECT series, period_start, period_end, vintage, value, status, basis, source, [observation] AS inputs "
    "FROM figures_as_of($day) ORDER BY series, period_start, period_end"
)
_DERIVED = (
    "SELECT series, period_start, period_end, vintage, value, 'A' AS status, 'derived' AS basis, "
    "'wareconomy' AS source, inputs FROM {table} ORDER BY series, period_start, period_end"
)
_FIRST = (
    "SELECT series, source, period_start, period_end, observation, value, printed, vintage, basis FROM observations AS o "
    f"WHERE vintage <= $day AND restates IS NULL AND value IS NOT NULL AND series NOT LIKE 'territory.%' AND {revised.OWN} "
    "QUALIFY row_number() OVER "
    "(PARTITION BY series, source, period_start, period_end ORDER BY vintage, length(printed) DESC, observation) = 1"
)


class Desk:
    """Figures, counts and computed numbers as known on `as_of`, and the charts that may stand beside them."""

    def __init__(
        self,
        con: duckdb.DuckDBPyConnection,
        charts: Sequence[Chart],
        as_of: date,
        asked: date | None = None,
        previous: Path | None = None,
    ) -> None:
        self.con = con
        self.as_of = as_of
        self.asked = asked
        self.previous = previous
        self.register: Register = {}
        self._rows: dict[str, list[dict[str, Any]]] = {}
        self.charts: dict[str, list[Chart]] = defaultdict(list)
        for chart in charts:
            self.charts[chart.section].append(chart)
        self.meta = query.meta(con)
        self.catalog = {row["series"]: row for row in query.records(con, "SELECT * FROM series")}
        self._figures: dict[str, list[Figure]] = defaultdict(list)
        keys = ("series", "source", "period_start", "period_end")
        self._first = {tuple(row[key] for key in keys): row for row in self.rows(_FIRST)}
        self._by_period: dict[tuple[str, date, date | None], Figure] = {}
        stored = self.meta.get("as_of") == as_of.isoformat()
        for sql in (_PRINTED, _DERIVED.format(table="derived" if stored else "derived_as_of($day)")):
            for row in con.execute(sql, {"day": as_of} if "$day" in sql else None).fetchall():
                vintage, value, status, basis, source = row[3:8]
                span = Period(row[1], row[2])
                made = Figure(row[0], span, vintage, value, status, basis, source, tuple(row[8]))
                self._figures[made.series].append(made)
                self._by_period[made.series, row[1], row[2]] = made

    # ------------------------------------------------------------------ looking up

    def rows(self, sql: str, params: Mapping[str, Any] | None = None) -> list[dict[str, Any]]:
        """Rows of a query; `$day` is always the as-of day where the query names it."""
        return query.records(self.con, sql, self._params(sql, params))

    def cached(self, sql: str) -> list[dict[str, Any]]:
        """Rows of a query without parameters of its own, read once."""
        if sql not in self._rows:
            self._rows[sql] = self.rows(sql)
        return self._rows[sql]

    @cached_property
    def spans(self) -> covered.Days:
        """The days each measurement of ground covers, by the id of its row."""
        return covered.read(self.con)

    def figures(self, series: str, since: date | None = None) -> list[Figure]:
        """All known figures of a series that have a value, oldest first."""
        found = self._figures.get(series, [])
        return [
            item for item in found if item.value is not None and (since is None or item.period.start >= since)
        ]

    def last(self, series: str) -> Figure | None:
        """The figure of the latest period that has begun; None when none is known."""
        known = [item for item in self.figures(series) if item.period.start <= self.as_of]
        return max(known, key=lambda item: (item.period.end or date.max, item.period.start), default=None)

    def at(self, series: str, start: date, end: date | None = None) -> Figure | None:
        """The figure of exactly one period (one day when `end` is left out); None when not known."""
        found = self._by_period.get((series, start, end or start))
        return found if found and found.value is not None else None

    def first_print(self, figure: Figure) -> dict[str, Any] | None:
        """The first print of the same figure by the same source: observation, value, vintage, basis.

        None where it is not held: what came more than FIRST_WITHIN days after the period is a later print.
        """
        found = self._first.get((figure.series, figure.source, figure.period.start, figure.period.end))
        end = figure.period.end
        late = found and end and (found["vintage"] - end).days > FIRST_WITHIN
        return None if late else found

    def unit(self, series: str) -> str:
        """The unit of a series."""
        return str(self.catalog[series]["unit"])

    def title(self, series: str) -> str:
        """The printed name of a series."""
        return str(self.catalog[series]["title"])

    # ------------------------------------------------------------------ numbers that reach the page

    def fig(self, figure: Figure | None, text: str | None = None, decimals: int = 1) -> Inline:
        """A figure of the ledger in words (its value with unit when no text is given)."""
        if figure is None:
            return lang.NOT_KNOWN
        words = text or lang.amount(
            figure.value, self.unit(figure.series), lang.decimals_of(figure.value or 0, decimals)
        )
        return self.known(figure.id, words, figure.vintage, figure.basis, figure.value)

    def plain(
        self, figure: Figure | None, decimals: int = 1, sign: bool = False, fixed: bool = False
    ) -> Inline:
        """A figure as a bare number, for columns whose head names the unit; no digits beyond those it has."""
        if figure is None:
            return lang.NOT_KNOWN
        digits = decimals if fixed else lang.decimals_of(figure.value or 0, decimals)
        return self.fig(figure, (lang.signed if sign else lang.number)(figure.value, digits))

    def printed(self, row: Mapping[str, Any], unit: str = "", decimals: int = 1) -> Fig:
        """A single print (`observation`, `value`, `vintage`, `basis`) with no digits beyond those it has."""
        digits = lang.decimals_of(row["value"], decimals)
        words = lang.amount(row["value"], unit, digits) if unit else lang.number(row["value"], digits)
        return self.known(row["observation"], words, row["vintage"], row["basis"], row["value"])

    def known(self, name: str, text: str, vintage: date | None, basis: str | None, value: Any = None) -> Fig:
        """A figure by its ledger id (series@period, table:key or observation id)."""
        entry = {
            "kind": "ledger",
            "vintage": vintage.isoformat() if vintage else None,
            "basis": basis,
            "value": value,
        }
        self.register.setdefault(name, entry)
        return Fig(text, name)

    def row(self, table: str, row: Mapping[str, Any], text: str) -> Fig:
        """A number that stands in a hand-kept row with an id (acts, claims, breaks)."""
        return self.known(f"{table}:{row['id']}", text, row.get("known"), row.get("basis") or "published")

    def count(
        self,
        name: str,
        about: str,
        sql: str,
        params: Mapping[str, Any] | None = None,
        text: str | None = None,
    ) -> tuple[int, Fig]:
        """A count or sum over rows of the ledger: its value, and the figure registered with the SQL that gives it."""
        bound = self._params(sql, params) or {}
        for key in (key for key, item in bound.items() if isinstance(item, date)):
            sql = re.sub(rf"\${key}\b", f"CAST(${key} AS DATE)", sql)
        plain = {key: item.isoformat() if isinstance(item, date) else item for key, item in bound.items()}
        value = query.table(self.con, sql, plain or None)[1][0][0] or 0
        entry = {"kind": "count", "about": about, "sql": sql, "params": plain, "value": value}
        self.register[f"count:{name}"] = entry
        return value, Fig(text or lang.number(value), f"count:{name}")

    def calc(self, name: str, value: float, text: str, formula: str, inputs: Iterable[Inline | str]) -> Fig:
        """A number computed in the report itself: its formula in words and the ids it was computed from."""
        ids = [item.id if isinstance(item, Fig) else str(item) for item in inputs]
        self.register[f"calc:{name}"] = {
            "kind": "calc",
            "about": formula,
            "formula": formula,
            "inputs": ids,
            "value": round(value, 6),
        }
        return Fig(text, f"calc:{name}")

    def _params(self, sql: str, params: Mapping[str, Any] | None) -> dict[str, Any] | None:
        bound = dict(params or {})
        if re.search(r"\$day\b", sql):
            bound["day"] = self.as_of
        return bound or None

    # ------------------------------------------------------------------ charts

    def pictures(self, section: str) -> list[Block]:
        """The charts of a section, in the order they were built."""
        return [Picture(chart.id) for chart in self.charts.pop(section, [])]


# ---------------------------------------------------------------------------- blocks


def say(*parts: Inline | None, kind: str = "text") -> Paragraph:
    """One paragraph; its whole wording passes the gate against claims of cause."""
    kept = tuple(part for part in parts if part is not None and part != "")
    lang.refuse_causal("".join(part if isinstance(part, str) else part.text for part in kept))
    return Paragraph(kept, kind)


def note(*parts: Inline | None) -> Paragraph:
    """A paragraph in small print: definitions, gaps, limits."""
    return say(*parts, kind="note")


def heading(*parts: Inline) -> Paragraph:
    """The heading of a part of a section."""
    return say(*parts, kind="heading")


def table(
    caption: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], numeric: Sequence[int] = ()
) -> Table:
    """A table; caption and heads pass the gate, a blank cell shows an en dash."""
    for words in (caption, *columns):
        lang.refuse_causal(words)
    return Table(
        caption, tuple(columns), tuple(tuple(_cell(cell) for cell in row) for row in rows), tuple(numeric)
    )


def _cell(cell: Cell) -> tuple[Inline, ...]:
    if cell is None or cell == "":
        return (lang.DASH,)
    return (cell,) if isinstance(cell, str | Fig | Link) else tuple(part for part in cell if part)


def section(name: str, title: str, blocks: Iterable[Block | None]) -> Section:
    """A section without its empty places."""
    lang.refuse_causal(title)
    return Section(name, title, tuple(block for block in blocks if block is not None))


def quote(text: str | None) -> str:
    """Words of a hand-kept row, for a table cell. Wording the gate refuses is left out, and the cell says so."""
    if not text:
        return ""
    clean = re.sub(r"\s+", " ", text).strip().replace("km2", "km²")
    return "(wording left out; see the row itself)" if lang.causal(clean) else clean


def span_id(series: str, start: date, end: date | None) -> str:
    """The id of a figure by series and period."""
    return f"{series}@{label(start, end)}"


def known_since(figure: Figure | None) -> str:
    """When a figure became known, and whether that day is assumed."""
    if figure is None:
        return ""
    return dated(figure.vintage, figure.basis)


def dated(vintage: date | None, basis: str | None) -> str:
    """`11 August 2026`, with a word when the day is assumed."""
    if vintage is None:
        return lang.NOT_KNOWN
    return lang.day(vintage) + (" (day assumed)" if basis == "assumed" else "")


def months_back(day: date, months: int) -> date:
    """The first day of the month so many months before the day's own month."""
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def year_before(day: date) -> date:
    """The same day a year earlier; 28 February stands in for 29 February."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)
