"""The chart of people displaced from and inside Ukraine: one panel for each count, since their definitions differ."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, broken, make, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, listed, number
from wareconomy.publish.theme import BLUE, GREEN, GREY, OCHRE, PURPLE, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

NAME = "displacement."
PANELS = (
    (
        "Refugees from Ukraine",
        (
            ("refugees_left_ukraine", "departures from Ukraine", GREY, "x"),
            ("refugees_recorded_europe", "recorded across Europe", BLUE, "o"),
            ("refugees_recorded_global", "recorded in all countries", PURPLE, "^"),
        ),
    ),
    ("Displaced inside Ukraine", (("idps_estimated", "estimate", RED, "s"),)),
    ("Returned to their homes", (("returnees_estimated", "estimate", GREEN, "v"),)),
    (
        "Registered for temporary protection in Europe",
        (("temporary_protection_registered", "registered", OCHRE, "D"),),
    ),
)
SERIES = tuple(name for _, counts in PANELS for name, *_ in counts)
TOLD = (
    ("refugees_recorded_global", "million refugees from Ukraine recorded in all countries"),
    ("refugees_recorded_europe", "million refugees from Ukraine recorded across Europe"),
    ("idps_estimated", "million displaced inside the country"),
)
FAR = 200
"""Days between two counts from which no line joins them."""


def displacement(known: Known) -> Chart | None:
    """Counts of refugees, displaced and returned people at the dates the ledger holds, millions."""
    found = {name: known.figures(NAME + name) for name in SERIES}
    figures = [item for items in found.values() for item in items]
    if not figures:
        return None
    newest = {name: items[-1] for name, items in found.items() if items}
    told = [(name, words) for name, words in TOLD if name in newest]
    if "refugees_recorded_global" in newest:
        told = [item for item in told if item[0] != "refugees_recorded_europe"]
    title = _title([(val(newest[name]), words, newest[name].period.start) for name, words in told])
    return make(
        known,
        "displacement",
        "people",
        "people:draw_displacement",
        title=title,
        subtitle="Refugees, displaced and returned people of Ukraine by day of the count, millions",
        alt=f"{listed([name for name, _ in PANELS])}: points by date, one panel each. {title}.",
        columns=("day", "series", "persons", "figure"),
        rows=[(f.period.start, NAME + name, f.value, f.id) for name, items in found.items() for f in items],
        payload={
            "tall": True,
            "values": {
                name: [(f.period.start, val(f) / 1e6) for f in items] for name, items in found.items()
            },
        },
        sources=[item.source for item in figures],
        figures=[item.id for item in figures],
        notes=[
            "Counts with different definitions, not to be added. Departures before 10 June 2022 include people who came "
            "back or moved on. Counts more than half a year apart are not joined.",
        ],
    )


def _title(counts: list[tuple[float, str, date]]) -> str:
    if not counts:
        return "Counts of people displaced from or inside Ukraine"
    parts = [f"{number(value / 1e6, 1)} {words}" for value, words, _ in counts]
    days = [when for *_, when in counts]
    if len(set(days)) == 1:
        return f"{listed(parts)} on {day(days[0])}"
    return "; ".join(f"{part} on {day(when)}" for part, when in zip(parts, days, strict=True))


def draw_displacement(figure: Picture, chart: Chart) -> None:
    """A panel for each count on one time axis, the newest value of each series beside its point."""
    data: dict[str, list[tuple[date, float]]] = chart.payload["values"]
    shown = [(title, counts) for title, counts in PANELS if any(data[name] for name, *_ in counts)]
    box = theme.frame(figure, chart)
    made = marks.panels(figure, box, rows=len(shown), left=0.3, right=0.45, head=0.3, gap=0.14)
    every = [point for points in data.values() for point in points]
    first, last = min(when for when, _ in every), max(when for when, _ in every)
    top = max(value for _, value in every) * 1.16
    for axes, (title, counts) in zip(made, shown, strict=True):
        marks.values(axes, 0, top, count=3)
        marks.times(
            axes,
            first.replace(day=1) - timedelta(days=10),
            last + timedelta(days=20),
            labels=axes is made[-1],
        )
        for name, text, colour, shape in counts:
            points = data[name]
            if not points:
                continue
            marks.line(
                axes, broken(points, FAR), color=colour, linewidth=1.2, marker=shape, markersize=5, label=text
            )
            marks.label(axes, *points[-1], number(points[-1][1], 1), offset=(7, 0), color=colour)
        marks.caption(axes, title)
        if len(counts) > 1:
            marks.key(axes, columns=3, lift=0.07, x=0.29)
