"""Drones and missiles by month as the Ukrainian Air Force counted them, with the change of its counting marked."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, assumed_note, make, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import month, number
from wareconomy.publish.theme import BLUE, INK, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SERIES = {
    "drones_launched": "strikes.shahed_decoy.launched",
    "drones_intercepted": "strikes.shahed_decoy.intercepted",
    "missiles_launched": "strikes.missiles.launched",
    "missiles_intercepted": "strikes.missiles.intercepted",
}
MEASURER = "air_force_posts"
CHANGE = (
    "SELECT id, happened_on FROM manual.breaks_as_of($day) "
    "WHERE series = 'strikes.shahed_decoy.intercepted' AND kind = 'reporting' "
    "AND happened_on <= strftime($day::DATE, '%Y-%m') ORDER BY happened_on LIMIT 1"
)


def strikes_by_month(known: Known) -> Chart | None:
    """Launched and intercepted, drones above and missiles below; a part of a month is hatched."""
    found = {
        name: [f for f in known.figures(series) if f.source == MEASURER] for name, series in SERIES.items()
    }
    launched = found["drones_launched"]
    if not launched:
        return None
    whole = [f for f in launched if f.period.end and f.period.end == _last_day(f.period.start)]
    if not whole:
        return None
    top, last = max(whole, key=val), whole[-1]
    text = f"{number(val(last))} drones launched in {month(last.period.start)} by the Air Force’s count"
    title = (
        f"{text}, the most of any month since {month(whole[0].period.start)}"
        if top is last
        else (f"{text}; the most was {number(val(top))} in {month(top.period.start)}")
    )
    change = known.records(CHANGE)
    partial = [f.period.start for f in launched if f.period.end != _last_day(f.period.start)]
    months = sorted({f.period.start for items in found.values() for f in items})
    tables = {name: {f.period.start: f for f in items} for name, items in found.items()}
    return make(
        known,
        "strikes-by-month",
        "strikes",
        "strikes:draw_strikes_by_month",
        title=title,
        subtitle="Attack drones with decoys, and missiles: launched at Ukraine and intercepted, by month, number",
        alt=f"Two panels of bars on one time axis: launched as outlines, intercepted filled. {title}.",
        columns=("month", *SERIES, "part_of_a_month", *(f"{name}_figure" for name in SERIES)),
        rows=[
            (
                when,
                *(tables[name][when].value if when in tables[name] else None for name in SERIES),
                when in partial,
                *(tables[name][when].id if when in tables[name] else None for name in SERIES),
            )
            for when in months
        ],
        payload={
            "values": {name: [(f.period.start, val(f)) for f in items] for name, items in found.items()},
            "partial": partial,
            "change": date.fromisoformat(f"{change[0]['happened_on']}-01") if change else None,
        },
        sources=[MEASURER],
        figures=[
            *(f.id for items in found.values() for f in items),
            *(f"breaks:{row['id']}" for row in change),
        ],
        notes=[
            "Counts of one side, from its posts. "
            + (
                "From mid-2025 drones suppressed by jamming count as intercepted; before, they were counted apart "
                "and are not in the filled bars."
                if change
                else "Drones lost or jammed are counted apart and are not in the filled bars."
            )
            + (" Hatched: part of a month." if partial else ""),
            *assumed_note(launched),
        ],
    )


def _last_day(start: date) -> date:
    return date.fromordinal(next_month(start).toordinal() - 1)


def draw_strikes_by_month(figure: Figure, chart: Chart) -> None:
    """Outline for launched, filled for intercepted; the break of definition as a dashed upright."""
    data = chart.payload
    box = theme.frame(figure, chart)
    upper, lower = marks.panels(figure, box, rows=2, heights=(1.45, 1), left=0.5, head=0.27, gap=0.2)
    months = [when for points in data["values"].values() for when, _ in points]
    start, end = min(months), next_month(max(months))
    for axes, what, colour in ((upper, "drones", BLUE), (lower, "missiles", RED)):
        launched = data["values"][f"{what}_launched"]
        _bars(axes, launched, data["partial"], 25, "white", colour, f"{what} launched")
        _bars(axes, data["values"][f"{what}_intercepted"], [], 15, colour, colour, "intercepted")
        marks.values(axes, 0, max(value for _, value in launched) * 1.14, count=4)
        marks.times(axes, start, end, labels=axes is lower)
        whole = [(when, value) for when, value in launched if when not in data["partial"]]
        when, value = whole[-1]
        marks.label(
            axes, marks.at(when) + 15, value, number(value), offset=(0, 7), ha="center", color=INK, fontsize=8
        )
        marks.key(axes, columns=2, lift=0.05)
    if data["change"]:
        marks.break_mark(
            upper, data["change"], "counting changed: jammed drones\nbecome “intercepted”", y=0.97
        )


def _bars(
    axes: Axes,
    points: list[tuple[date, float]],
    partial: list[date],
    width: int,
    fill: str,
    edge: str,
    text: str,
) -> None:
    for days, hatch in (
        ([p for p in points if p[0] not in partial], None),
        ([p for p in points if p[0] in partial], "////"),
    ):
        if days:
            xs, heights = [marks.at(when) + 15 for when, _ in days], [value for _, value in days]
            axes.bar(
                xs,
                heights,
                width=width,
                facecolor="white" if hatch else fill,
                edgecolor=edge,
                hatch=hatch,
                linewidth=0.9,
                label=None if hatch else text,
                zorder=3,
            )
