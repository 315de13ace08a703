"""Plans of the federal deficit, every vintage of them, against the outcome."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.ledger.query import Figure
from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.budget import BALANCE, BUDGET, end_of, to_date
from wareconomy.publish.charts.known import Known, assumed_note, make, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import brief, listed, months_of, plural
from wareconomy.publish.theme import BLUE, INK, OCHRE, PURPLE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure as Picture


def deficit_plans(known: Known) -> Chart | None:
    """Every plan, bill and estimate of the deficit of a year, by the day it was known, against the outcome."""
    kinds = {f"{BALANCE}.plan": "law", f"{BALANCE}.draft": "bill", f"{BALANCE}.estimate": "estimate"}
    last = max(known.day.year, 2023)
    years = range(max(2023, last - 3), last + 1)
    rows: list[tuple[int, str, date, float, str]] = []
    for row in known.prints(*kinds):
        year = row["period_start"].year
        entry = (year, kinds[row["series"]], row["vintage"], -row["value"], row["observation"])
        if year in years and entry[:4] not in {seen[:4] for seen in rows}:
            rows.append(entry)
    if not rows:
        return None
    totals = {item.period.start.year: item for item in to_date(known)}
    outcomes = {year: totals[year] for year in years if year in totals}
    lines = known.figures(BALANCE)
    return make(
        known,
        "deficit-plan-vintages",
        "fiscal",
        "plans:draw_deficit_plans",
        title=_plan_title(rows, outcomes),
        subtitle="Federal deficit by year it is planned for: budget laws, bills and official estimates "
        "by the day known; RUB bn",
        alt="One panel per year: planned deficits by the day each became known, and the outcome as a line. "
        + " ".join(
            f"{year}: laws of {listed([brief(v, 1) for y, k, _, v, _ in rows if y == year and k == 'law']) or 'none'}."
            for year in years
        ),
        columns=("year", "kind", "known", "deficit_rub_bn", "figure"),
        rows=[
            *rows,
            *(
                (
                    year,
                    "outcome" if end_of(f).month == 12 else f"January to month {end_of(f).month}",
                    f.vintage,
                    -val(f),
                    f.id,
                )
                for year, f in outcomes.items()
            ),
        ],
        payload={
            "years": list(years),
            "plans": [row[:4] for row in rows],
            "outcomes": [
                (year, -val(f), f.vintage, months_of(f.period.start, end_of(f)))
                for year, f in outcomes.items()
            ],
        },
        sources=["ru_budget_law", "ru_budget_bill", "minfin_estimates", BUDGET],
        figures=[*(row[4] for row in rows), *(f.id for f in outcomes.values())],
        notes=[
            "A plan holds until the next law; its steps are drawn between laws only. Where the law's day "
            "is not printed in full, "
            "the end of its month or year is assumed.",
            *assumed_note([f for f in lines if f.period.start.year in years]),
        ],
    )


def _plan_title(rows: list[tuple[int, str, date, float, str]], outcomes: dict[int, Figure]) -> str:
    """A deficit above the plan of a year that is not over; else the year whose laws lie furthest apart, law by law."""
    laws = {
        year: [value for when, kind, _, value, _ in rows if when == year and kind == "law"]
        for year in outcomes
    }
    newest = max(outcomes, default=0)
    if newest and laws[newest] and end_of(outcomes[newest]).month < 12:
        deficit = -val(outcomes[newest])
        if deficit > laws[newest][-1]:
            return (
                f"Deficit of {brief(deficit, 1)} bn RUB in {_months(outcomes[newest])}, above the "
                f"{brief(laws[newest][-1], 1)} bn RUB planned for the whole year"
            )
    planned = [year for year, values in laws.items() if values]
    if not planned:
        return f"Plans of the federal deficit in {plural(len({row[0] for row in rows}), 'year')}, by the day known"
    year = max(planned, key=lambda one: (max(laws[one]) - min(laws[one]), one))
    return f"The deficit planned for {year} {_path(laws[year])}; {_came(outcomes[year])}"


def _path(values: list[float]) -> str:
    """Every law in turn: `went from 2,190 by way of 1,595.4 to 2,120.1 bn RUB`."""
    steps = [brief(value, 1) for place, value in enumerate(values) if not place or value != values[place - 1]]
    if len(steps) == 1:
        return f"was {steps[0]} bn RUB"
    between = f" by way of {listed(steps[1:-1])}" if len(steps) > 2 else ""
    return f"went from {steps[0]}{between} to {steps[-1]} bn RUB"


def _months(item: Figure) -> str:
    return months_of(item.period.start, end_of(item))


def _came(item: Figure) -> str:
    """The outcome, of the whole year or so far."""
    value = val(item)
    if end_of(item).month == 12:
        return f"the outcome was {'' if value < 0 else 'a surplus of '}{brief(abs(value), 1)} bn"
    return f"{_months(item)} brought a {'deficit' if value < 0 else 'surplus'} of {brief(abs(value), 1)} bn"


def draw_deficit_plans(figure: Picture, chart: Chart) -> None:
    """Squares joined by steps for laws, diamonds for bills, triangles for estimates, a line for the outcome."""
    data = chart.payload
    years = data["years"]
    results = {year: (value, when, text) for year, value, when, text in data["outcomes"]}
    top = max([value for *_, value in data["plans"]] + [value for value, *_ in results.values()])
    low = min([0, *(value for *_, value in data["plans"])])
    made = marks.panels(
        figure, theme.frame(figure, chart), columns=len(years), left=0.5, head=0.52, across=0.18
    )
    for place, (year, axes) in enumerate(zip(years, made, strict=True)):
        marks.values(axes, low, top * 1.12, count=6)
        if place:
            axes.set_yticklabels([])
        marks.caption(axes, f"for {year}")
        mine = [(kind, when, value) for what, kind, when, value in data["plans"] if what == year]
        start, end = date(year - 3, 7, 1), date(year + 1, 7, 1)
        axes.set_xlim(marks.at(start), marks.at(end))
        axes.set_xticks(
            [marks.at(date(y, 1, 1)) for y in range(year - 2, year + 2)],
            [f"’{y % 100}" for y in range(year - 2, year + 2)],
        )
        axes.axvspan(marks.at(date(year, 1, 1)), marks.at(date(year, 12, 31)), color=theme.WASH, zorder=0)
        _plan_points(axes, [item for item in mine if start <= item[1] <= end])
        if year in results:
            value, _, text = results[year]
            whole = text == str(year)
            axes.axhline(
                value,
                color=INK,
                linewidth=1.8 if whole else 1.4,
                linestyle="solid" if whole else (0, (4, 2)),
                zorder=3,
            )
            words = (
                f"outcome {brief(value, 1)}"
                if whole
                else f"{text.split()[0]}–{text.split()[-2]} {brief(value, 1)}"
            )
            words = words if whole or " to " in text else f"{text.split()[0]} {brief(value, 1)}"
            marks.label(axes, marks.at(start), value, words, offset=(3, 7), fontsize=8, fontweight="bold")
    marks.key(made[0], columns=4, lift=0.28, handles=_plan_key())


def _plan_points(axes: Axes, points: list[tuple[str, date, float]]) -> None:
    laws = sorted((when, value) for kind, when, value in points if kind == "law")
    if laws:
        xs, ys = [marks.at(when) for when, _ in laws], [value for _, value in laws]
        axes.plot(
            xs, ys, drawstyle="steps-post", color=BLUE, linewidth=1.3, marker="s", markersize=5, zorder=4
        )
    for kind, shape, colour in (("bill", "D", OCHRE), ("estimate", "^", PURPLE)):
        dots = [(marks.at(when), value) for name, when, value in points if name == kind]
        if dots:
            axes.plot(
                *zip(*dots, strict=True),
                shape,
                color=colour,
                markerfacecolor="white",
                markersize=6,
                markeredgewidth=1.3,
                zorder=5,
            )


def _plan_key() -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=BLUE, marker="s", markersize=5, label="budget law"),
        Line2D(
            [], [], color=OCHRE, marker="D", linestyle="none", markerfacecolor="white", label="bill (not law)"
        ),
        Line2D(
            [],
            [],
            color=PURPLE,
            marker="^",
            linestyle="none",
            markerfacecolor="white",
            label="official estimate",
        ),
        Line2D([], [], color=INK, label="outcome, or so far when dashed"),
    ]
