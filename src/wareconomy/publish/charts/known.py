"""The ledger as it was known on one day, read once for all charts, and the making of a chart from it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wareconomy.ledger import query
from wareconomy.ledger.query import Figure
from wareconomy.model import Period
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import plural

if TYPE_CHECKING:
    import duckdb

PRINTED = (
    "SELECT series, period_start, period_end, vintage, value, status, basis, source, [observation] "
    "FROM figures_as_of($day) WHERE series NOT LIKE 'territory.occupied.deepstate.UA%' "
    "ORDER BY series, period_start, period_end"
)
DERIVED = (
    "SELECT series, period_start, period_end, vintage, value, 'A', 'derived', 'wareconomy', inputs "
    "FROM {table} ORDER BY series, period_start, period_end"
)


@dataclass(slots=True)
class Known:
    """Every figure as known on `day`, printed and derived, one list per series; and questions to the ledger."""

    con: duckdb.DuckDBPyConnection
    day: date
    _rows: dict[str, list[tuple[Any, ...]]] = field(default_factory=dict)
    _titles: dict[str, str] = field(default_factory=dict)
    _claiming: set[str] = field(default_factory=set)

    @classmethod
    def load(cls, con: duckdb.DuckDBPyConnection, day: date) -> Known:
        """Read the ledger once. A day other than the one it was built for costs one pass over derived series."""
        stored = query.meta(con).get("as_of") == day.isoformat()
        rows: dict[str, list[tuple[Any, ...]]] = defaultdict(list)
        for row in con.execute(PRINTED, {"day": day}).fetchall():
            rows[row[0]].append(row)
        table = "derived" if stored else "derived_as_of($day)"
        for row in con.execute(DERIVED.format(table=table), {} if stored else {"day": day}).fetchall():
            rows[row[0]].append(row)
        sources = con.execute("SELECT source, title, includes_claims FROM sources").fetchall()
        titles = {name: title for name, title, _ in sources}
        return cls(con, day, dict(rows), titles, {name for name, _, claims in sources if claims})

    def figures(self, series: str, start: date | None = None) -> list[Figure]:
        """Figures of a series that have a value, oldest first; empty when nothing was known."""
        rows = self._rows.get(series, [])
        kept = [row for row in rows if row[4] is not None and (start is None or row[1] >= start)]
        return [
            Figure(row[0], Period(row[1], row[2]), row[3], row[4], row[5], row[6], row[7], tuple(row[8]))
            for row in kept
        ]

    def names(self, prefix: str) -> list[str]:
        """Series known by that day whose id starts so."""
        return sorted(name for name in self._rows if name.startswith(prefix))

    def includes_claims(self, source: str) -> bool:
        """True when the source counts what a party claims, and so cannot check that party."""
        return source in self._claiming

    def records(self, sql: str, **params: Any) -> list[dict[str, Any]]:
        """Rows of a query that names the day as $day."""
        return query.records(self.con, sql, {"day": self.day, **params})

    def credit(self, sources: Iterable[str]) -> str:
        """Titles of sources in the order first used, for a source line."""
        seen = dict.fromkeys(self._titles.get(name, name) for name in sources if name != "wareconomy")
        return "; ".join(seen)

    def prints(self, *series: str) -> list[dict[str, Any]]:
        """Every print of some series known by the day, oldest first, figures that only round earlier ones left out."""
        marks = ", ".join(f"$s{i}" for i in range(len(series)))
        return self.records(
            "SELECT series, period_start, period_end, vintage, value, low, high, status, basis, source, "
            f"observation, printed FROM observations WHERE series IN ({marks}) AND vintage <= $day "
            "AND value IS NOT NULL AND restates IS NULL ORDER BY series, period_start, period_end, vintage, observation",
            **{f"s{i}": name for i, name in enumerate(series)},
        )


def val(figure: Figure) -> float:
    """The value of a figure that has one."""
    assert figure.value is not None
    return figure.value


def early(figure: Figure) -> bool:
    """Whether a figure of several days became known before the last of them."""
    return figure.period.end is not None and figure.period.start < figure.period.end > figure.vintage


def next_month(when: date) -> date:
    """The first day of the month after."""
    return date(when.year + when.month // 12, when.month % 12 + 1, 1)


def month_back(when: date, months: int) -> date:
    """The first day of the month so many months before."""
    place = when.year * 12 + when.month - 1 - months
    return date(place // 12, place % 12 + 1, 1)


def broken(points: Sequence[tuple[date, float]], most_days: int = 45) -> list[list[tuple[date, float]]]:
    """Runs of points without a hole: where the next one is more than `most_days` later a new run begins."""
    runs: list[list[tuple[date, float]]] = []
    for point in points:
        if runs and point[0] - runs[-1][-1][0] <= timedelta(days=most_days):
            runs[-1].append(point)
        else:
            runs.append([point])
    return runs


def assumed_note(figures: Sequence[Figure]) -> list[str]:
    """A note when the day some figures became known is our assumption."""
    count = sum(1 for item in figures if item.basis == "assumed")
    if not count:
        return []
    return [
        f"For {count} of {plural(len(figures), 'figure')} the day of publication is assumed, not printed in the source."
    ]


def make(
    known: Known,
    name: str,
    section: str,
    drawing: str,
    *,
    title: str,
    subtitle: str,
    alt: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    payload: Mapping[str, Any],
    sources: Iterable[str],
    figures: Iterable[str] = (),
    notes: Sequence[str] = (),
) -> Chart:
    """A chart with its source line; `drawing` is module:function below this package."""
    return Chart(
        id=name,
        section=section,
        title=title,
        subtitle=subtitle,
        source=known.credit(sources) or "wareconomy ledger",
        as_of=known.day,
        alt=alt,
        columns=tuple(columns),
        rows=tuple(tuple(row) for row in rows),
        drawing=f"wareconomy.publish.charts.{drawing}",
        payload=dict(payload),
        figures=tuple(dict.fromkeys(figures)),
        notes=tuple(note for note in notes if note),
    )
