"""Charts of occupied area: the daily stock of one map, and the monthly changes of three that are never averaged."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from wareconomy.ledger.query import Figure
from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, assumed_note, broken, make, month_back, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, month, number, plural, signed
from wareconomy.publish.theme import BLUE, GREEN, INK, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

STOCK = "territory.occupied.deepstate"
BREAKS = (
    "SELECT id, happened_on, kind, size FROM manual.breaks WHERE series = 'territory.occupied.deepstate' "
    "AND kind IN ('redraw', 'gap') AND happened_on <= strftime($day::DATE, '%Y-%m-%d') ORDER BY happened_on"
)
MISSING = (
    "SELECT DISTINCT period_start AS missing FROM observations WHERE series = "
    "'territory.occupied.deepstate' AND value IS NULL "
    "AND period_start <= $day ORDER BY 1"
)


def occupied_area(known: Known) -> Chart | None:
    """Occupied area by day from DeepState's map, open where a map file is missing."""
    found = known.figures(STOCK)
    if len(found) < 2:
        return None
    last = found[-1]
    stock = {f.period.start: f for f in found}
    before = stock.get(last.period.start - timedelta(days=365))
    more = f", {signed(val(last) - val(before))} in a year" if before else ""
    title = f"DeepState’s map shows {number(val(last))} km² occupied in its file of {day(last.period.start)}{more}"
    breaks = [row for row in known.records(BREAKS) if row["kind"] == "redraw"]
    largest = [row for row in breaks if abs(row["size"] or 0) >= 100]
    missing = [row["missing"] for row in known.records(MISSING)]
    return make(
        known,
        "occupied-area",
        "territory",
        "territory:draw_occupied_area",
        title=title,
        subtitle="Area of Ukraine occupied by Russia, with Crimea and what was held before 2022, km², by "
        "day of the map file",
        alt=f"Daily line from {day(found[0].period.start)}, broken at {plural(len(missing), 'missing day')}. {title}.",
        columns=("file_day", "occupied_km2", "figure"),
        rows=[*((f.period.start, f.value, f.id) for f in found), *((when, None, None) for when in missing)],
        payload={
            "points": [(f.period.start, val(f)) for f in found],
            "missing": missing,
            "breaks": [
                (
                    date.fromisoformat(row["happened_on"]),
                    f"redraw of {day(date.fromisoformat(row['happened_on']))}: {number(row['size'])} km²",
                )
                for row in largest
            ],
        },
        sources=[f.source for f in found[:1]],
        figures=[*(f.id for f in found), *(f"breaks:{row['id']}" for row in breaks)],
        notes=[
            f"The scale does not start at zero. Crosses: {plural(len(missing), 'day')} without a map "
            "file, left open. A file shows the map of "
            "the evening before, some files of 2025 that of two days before.",
            *(
                [
                    f"{plural(len(breaks), 'day')} on which the map was redrawn "
                    f"{'is' if len(breaks) == 1 else 'are'} listed in breaks."
                ]
                if breaks
                else []
            ),
            "One mapper of several; others differ by one to two percent in the total.",
        ],
    )


def draw_occupied_area(figure: Picture, chart: Chart) -> None:
    """A line with holes, crosses for missing days, dashed uprights for redraws."""
    points = chart.payload["points"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.6, right=0.68, head=0.12)
    marks.line(axes, broken(points, 1), color=BLUE, linewidth=1.8)
    low, high = min(value for _, value in points), max(value for _, value in points)
    room = 0.12 * (high - low) + 10
    marks.values(axes, low - room, high + room, count=6)
    marks.times(axes, points[0][0] - timedelta(days=5), points[-1][0] + timedelta(days=10))
    marks.gap_ticks(axes, chart.payload["missing"])
    for when, text in chart.payload["breaks"]:
        marks.break_mark(axes, when, text, y=0.2)
    when, value = points[-1]
    marks.label(
        axes, when, value, number(value), offset=(9, 0), color=BLUE, fontweight="bold", annotation_clip=False
    )


# ---------------------------------------------------------------------------- net change by mapper

MAPPERS = (
    ("DeepState (map files of the 2nd to the 2nd)", "territory.occupied.deepstate.net_month", BLUE),
    ("ISW assessed control (The Economist)", "territory.net.isw", RED),
    ("Liveuamap (NZZ)", "territory.net.liveuamap", GREEN),
)
SHORT = ("DeepState", "ISW", "Liveuamap")
MONTHS_SHOWN = 24
EARLIER = "territory.net.deepstate_raw"
STEPS = (
    "SELECT series, TRY_CAST(left(happened_on, 7) || '-01' AS DATE) AS month FROM manual.breaks "
    "WHERE series LIKE 'territory.net.%' AND kind = 'method' AND abs(size) < 100000 AND "
    "left(happened_on, 7) <= strftime($day::DATE, '%Y-%m')"
)
"""Months that hold a step of method. A value that was taken back within the month is not one of them."""


def net_change_by_mapper(known: Known) -> Chart | None:
    """Monthly net change of occupied area by three mappers, one panel each, one scale."""
    start = month_back(known.day, MONTHS_SHOWN)
    found = {name: known.figures(series, start) for name, series, *_ in MAPPERS}
    raw = not found[MAPPERS[0][0]]
    if raw:
        found[MAPPERS[0][0]] = known.figures(EARLIER, start)
    if sum(map(bool, found.values())) < 2:
        return None
    steps = {(row["series"], row["month"]) for row in known.records(STEPS)}
    method = {
        name: [f.period.start for f in items if (f.series, f.period.start) in steps]
        for name, items in found.items()
    }
    tables = {
        name: {f.period.start: f for f in items if f.period.start not in method[name]}
        for name, items in found.items()
    }
    months = sorted({f.period.start for items in found.values() for f in items})
    common = [when for when in months if sum(when in table for table in tables.values()) >= 2]
    opposite = [when for when in common if len({val(t[when]) > 0 for t in tables.values() if when in t}) > 1]
    newest = common[-1] if common else months[-1]
    parts = [
        f"{short} {signed(val(tables[name][newest]))}"
        for short, (name, *_) in zip(SHORT, MAPPERS, strict=True)
        if newest in tables[name]
    ]
    signs = f"; mappers differ in sign in {len(opposite)} of {plural(len(common), 'month')}" if common else ""
    title = f"Net change in {month(newest)}, km²: {', '.join(parts)}{signs}"
    return make(
        known,
        "net-change-by-mapper",
        "territory",
        "territory:draw_net_change_by_mapper",
        title=title,
        subtitle="Net change of the area under Russian occupation by month, km², as measured by three "
        "mappers; plus: Russian gain",
        alt=f"Bars by month in three panels of one scale, one per mapper. {title}.",
        columns=(
            "month",
            *(short.lower() + "_net_km2" for short in SHORT),
            *(short.lower() + "_figure" for short in SHORT),
            "left_out",
        ),
        rows=[
            (
                when,
                *(tables[name][when].value if when in tables[name] else None for name, *_ in MAPPERS),
                *(tables[name][when].id if when in tables[name] else None for name, *_ in MAPPERS),
                "; ".join(
                    f"{name}: {when:%Y-%m} holds a change of method"
                    for name in method
                    if when in method[name]
                ),
            )
            for when in months
        ],
        payload={
            "months": months,
            "values": {name: [(when, val(f)) for when, f in table.items()] for name, table in tables.items()},
            "method": method,
            "raw": raw,
            "opposite": opposite,
        },
        sources=["deepstate_raw" if raw else "deepstate_mirror", "economist_isw", "nzz_liveuamap"],
        figures=[f.id for items in found.values() for f in items],
        notes=[
            "Three measurements of one thing, drawn apart and never averaged: they differ in definition "
            "and in how late a change is drawn. "
            "Shaded months: not all have the same sign.",
            "A cross marks a month that holds a change of method, drawn as no value. Months without a "
            "bar have no figure; a DeepState month whose first or last map file is missing is left out.",
            *assumed_note(_all(found)),
        ],
    )


def _all(found: dict[str, list[Figure]]) -> list[Figure]:
    return [f for items in found.values() for f in items if not f.derived]


def draw_net_change_by_mapper(figure: Picture, chart: Chart) -> None:
    """Three panels of bars, months with opposite signs shaded."""
    data = chart.payload
    box = theme.frame(figure, chart)
    made = marks.panels(figure, box, rows=3, left=0.5, head=0.22, gap=0.14)
    every = [value for points in data["values"].values() for _, value in points]
    low, high = min([*every, 0]), max([*every, 0])
    room = 0.04 * (high - low)
    for axes, (name, _, colour) in zip(made, MAPPERS, strict=True):
        for when in data["opposite"]:
            axes.axvspan(marks.at(when), marks.at(next_month(when)), color=theme.WASH, zorder=0)
        points = data["values"][name]
        marks.values(axes, low - room, high + room, count=3)
        axes.bar(
            [marks.at(when) + 15 for when, _ in points],
            [value for _, value in points],
            width=21,
            zorder=3,
            color=colour,
        )
        marks.times(axes, data["months"][0], next_month(data["months"][-1]), labels=axes is made[-1])
        marks.gap_ticks(axes, [when + timedelta(days=15) for when in data["method"][name]])
        marks.caption(
            axes,
            "DeepState (raw map snapshots)" if data["raw"] and name == MAPPERS[0][0] else name,
            lift=0.03,
        )
        if points:
            when, value = points[-1]
            rise = 7 if value >= 0 else -8
            marks.label(
                axes,
                marks.at(when) + 15,
                value,
                signed(value),
                offset=(0, rise),
                ha="center",
                fontsize=7.5,
                color=INK,
            )
