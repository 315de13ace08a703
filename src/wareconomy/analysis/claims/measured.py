"""What each family measured over a window, from the ledger: map stocks differenced by day, and published
estimates matched by window.

Everything is read once (`read`); after that the day of knowledge is an argument, so a statement can be
judged with what could be measured when it was made and with what is known now.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.claims.rule import Rule

if TYPE_CHECKING:
    import duckdb

STOCK = "territory.occupied.deepstate"
WHOLE_FRONT = 4
"""A statement that names fewer oblasts than this is about a part of the front and is measured by oblast."""
OBLAST_GAP = 16
"""Oblast areas are computed for the 1st and 15th of a month: between them they are joined by a straight
line, and said so.
"""
MONTHLY = {
    "territory.net.isw": ("economist_isw", "The Economist, from ISW's layer"),
    "territory.net.liveuamap": ("nzz_liveuamap", "NZZ, from Liveuamap"),
}
NETS = frozenset({"gross_gain", "net_gain", "occupied_increase", "occupied_increase_net"})
GRADES = {"primary": 0, "high": 0, "derived": 1, "secondary": 1, "medium": 1, "low": 2}
ONE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Estimate:
    """One family's figure for a window: km2, the rows it was computed from, how, and how good its pages
    are.
    """

    family: str
    value: float
    rows: tuple[str, ...]
    how: str
    grade: str
    bridged: bool = False


@dataclass(frozen=True, slots=True)
class _Print:
    start: date
    end: date
    value: float
    method: str
    measure: str
    row: str
    known: date
    grade: str
    publisher: str


Stock = Mapping[date, tuple[float, date, str]]


@dataclass(frozen=True, slots=True)
class Yardsticks:
    """All measurements a statement can be set beside: daily stocks (total and by oblast), printed changes,
    monthly nets.
    """

    stock: Stock
    oblasts: Mapping[str, Stock]
    prints: tuple[_Print, ...]
    monthly: Mapping[str, Mapping[tuple[int, int], tuple[float, date, str]]]
    broken: Mapping[str, frozenset[tuple[int, int]]]

    def change(
        self, rule: Rule, start: date, end: date, lag: int, known: date, regions: Sequence[str] = ()
    ) -> Estimate | None:
        """DeepState's net change over the days of a window, from map files that show those evenings.

        A file dated d shows the evening of d-lag: the state before the window is in the file of
        start+lag-1, the state after it in the file of end+lag. None when a file is missing and cannot be
        bridged, or was not known.
        """
        before, after = start + (lag - 1) * ONE, end + lag * ONE
        part = 0 < len(regions) < WHOLE_FRONT
        stocks = [self.oblasts.get(name, {}) for name in regions] if part else [self.stock]
        reach = OBLAST_GAP if part else rule.gap_days
        total, rows, bridged = 0.0, [], False
        for stock in stocks:
            ends = [_at(stock, day, known, reach) for day in (before, after)]
            if ends[0] is None or ends[1] is None:
                return None
            total += ends[1][0] - ends[0][0]
            rows += [*ends[1][1], *ends[0][1]]
            bridged = bridged or len(ends[0][1]) > 1 or len(ends[1][1]) > 1
        how = f"map file of {after} minus that of {before}" + (f", {len(stocks)} oblasts" if part else "")
        if bridged:
            how += ", a missing file bridged in a straight line"
        return Estimate("deepstate", total, tuple(dict.fromkeys(rows)), how, "derived", bridged)

    def printed(
        self, rule: Rule, start: date, end: date, methods: Iterable[str], known: date, family: str
    ) -> Estimate | None:
        """A published estimate whose days are those of the window, or two of one page that follow one
        another; None without.
        """
        wanted = set(methods)
        near = timedelta(days=rule.tolerance)
        usable = [
            row for row in self.prints if row.method in wanted and row.known <= known and row.measure in NETS
        ]
        exact = [row for row in usable if abs(row.start - start) <= near and abs(row.end - end) <= near]
        if exact:
            best = min(
                exact, key=lambda r: (abs(r.start - start) + abs(r.end - end), GRADES.get(r.grade, 2), r.row)
            )
            return Estimate(
                family,
                best.value,
                (best.row,),
                f"{best.measure} printed for {best.start} to {best.end}",
                best.grade,
            )
        for first in sorted(
            (r for r in usable if abs(r.start - start) <= near and r.end < end), key=lambda r: (r.end, r.row)
        ):
            for last in usable:
                joined = -1 <= (first.end - last.start).days <= 1 and first.row != last.row
                if joined and abs(last.end - end) <= near and first.publisher == last.publisher:
                    grade = max(first.grade, last.grade, key=lambda g: GRADES.get(g, 2))
                    how = f"printed in two parts, {first.start} to {first.end} and {last.start} to {last.end}"
                    return Estimate(family, first.value + last.value, (first.row, last.row), how, grade)
        return None

    def months(self, rule: Rule, series: str, start: date, end: date, known: date) -> Estimate | None:
        """Sum of monthly nets where the window covers whole months (give or take the tolerance)."""
        kept = self.monthly.get(series, {})
        last_day = (end.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE
        if start.day != 1 or (last_day - end).days > rule.tolerance:
            return None
        total, rows, year, month = 0.0, [], start.year, start.month
        while (year, month) <= (end.year, end.month):
            found = kept.get((year, month))
            if found is None or found[1] > known or (year, month) in self.broken.get(series, ()):
                return None
            total += found[0]
            rows.append(found[2])
            year, month = year + month // 12, month % 12 + 1
        method, title = MONTHLY[series]
        return Estimate(method, total, tuple(rows), f"monthly nets summed, {title}", "derived")

    def estimates(
        self,
        rule: Rule,
        start: date,
        end: date,
        lag: int,
        known: date,
        regions: Sequence[str] = (),
        claimant: str = "",
    ) -> list[Estimate]:
        """One estimate per independent family; the claimant's own family is left out."""
        found: list[Estimate] = []
        for name, family in rule.families.items():
            if not family["use"] or claimant in family["claimants"]:
                continue
            made = (
                self.change(rule, start, end, lag, known, regions)
                if name == "deepstate"
                else None
                if 0 < len(regions) < WHOLE_FRONT
                else self.printed(rule, start, end, family["methods"], known, name)
            )
            if made:
                found.append(made)
        return found

    def alternatives(self, rule: Rule, start: date, end: date, known: date) -> list[Estimate]:
        """Measurements the rule leaves out, each under its excluded name: they are shown beside the
        verdict, never in it.
        """
        found: list[Estimate] = []
        for name, item in rule.excluded.items():
            made = self.printed(rule, start, end, item["methods"], known, name)
            for series, (method, _) in MONTHLY.items():
                if made is None and method in item["methods"]:
                    made = self.months(rule, series, start, end, known)
            if made:
                found.append(Estimate(name, made.value, made.rows, made.how, made.grade, made.bridged))
        return found


def _at(stock: Stock, day: date, known: date, reach: int) -> tuple[float, tuple[str, ...]] | None:
    """The stock on a day; a hole of at most `reach` days is bridged in a straight line between its two
    edges.
    """
    found = stock.get(day)
    if found and found[1] <= known:
        return found[0], (found[2],)
    days = sorted(stock)
    place = bisect_left(days, day)
    if place == 0 or place == len(days):
        return None
    left, right = days[place - 1], days[place]
    a, b = stock[left], stock[right]
    if (right - left).days > reach + 1 or b[1] > known or a[1] > known:
        return None
    share = (day - left).days / (right - left).days
    return a[0] + share * (b[0] - a[0]), (a[2], b[2])


def read(con: duckdb.DuckDBPyConnection) -> Yardsticks:
    """Every measurement of area in the ledger, with the day it became known (about 10 ms)."""
    stocks: dict[str, dict[date, tuple[float, date, str]]] = defaultdict(dict)
    sql = (
        "SELECT series, period_start, value, vintage, observation FROM observations "
        f"WHERE (series = '{STOCK}' OR series LIKE '{STOCK}.UA-__') AND value IS NOT NULL AND restates IS "
        "NULL ORDER BY vintage DESC"
    )
    for series, day, value, known, row in con.execute(sql).fetchall():
        stocks[series.removeprefix(STOCK).lstrip(".")][day] = (value, known, row)
    printed = con.execute(
        "SELECT period_start, period_end, area_km2, method, measure, 'territory_estimates:' || id, known, "
        "confidence, publisher "
        "FROM manual.territory_estimates WHERE status = 'normal' AND theatre LIKE 'ukraine%' AND "
        "period_type <> 'stock' "
        "AND known IS NOT NULL UNION ALL "
        "SELECT period_start, period_end, area_km2, method, measure, 'claim_evidence:' || id, known, "
        "confidence, publisher "
        "FROM manual.claim_evidence WHERE known IS NOT NULL ORDER BY 6"
    ).fetchall()
    monthly: dict[str, dict[tuple[int, int], tuple[float, date, str]]] = defaultdict(dict)
    names = ", ".join(f"'{name}'" for name in MONTHLY)
    sql = (
        "SELECT series, period_start, value, vintage, observation FROM observations "
        f"WHERE series IN ({names}) AND value IS NOT NULL AND restates IS NULL ORDER BY vintage DESC"
    )
    for series, day, value, known, row in con.execute(sql).fetchall():
        monthly[series][(day.year, day.month)] = (value, known, row)
    total = stocks.pop("", {})
    jumps: dict[str, set[tuple[int, int]]] = defaultdict(set)
    for series, when in con.execute(
        f"SELECT series, happened_on FROM manual.breaks WHERE kind = 'method' AND series IN ({names})"
    ).fetchall():
        jumps[series].add((int(when[:4]), int(when[5:7])))
    broken = {name: frozenset(found) for name, found in jumps.items()}
    return Yardsticks(total, dict(stocks), tuple(_Print(*row) for row in printed), dict(monthly), broken)


def cells(row: Mapping[str, Any], name: str) -> str:
    """A cell as text, empty for none."""
    value = row.get(name)
    return "" if value is None else str(value)
