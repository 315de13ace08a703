"""Charts of Russia's National Wealth Fund: what is liquid, what it is held in, what moved it, how long it would last."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from wareconomy.ledger.query import Figure
from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, assumed_note, broken, make, month_back, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import brief, day, number
from wareconomy.publish.theme import BLUE, OCHRE, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

Points = list[tuple[date, float]]


def _stock(known: Known, series: str) -> list[Figure]:
    """Values on the first of a month."""
    return [item for item in known.figures(series) if item.period.start.day == 1]


def points_of(items: list[Figure]) -> Points:
    return [(item.period.start, val(item)) for item in items]


def nwf_liquid(known: Known) -> Chart | None:
    """Liquid assets in roubles, and in percent of GDP below."""
    liquid, share = _stock(known, "ru.nwf.liquid"), _stock(known, "ru.nwf.liquid.pct_gdp")
    if not liquid:
        return None
    last, top = liquid[-1], max(liquid, key=val)
    same = next((f for f in share if f.period.start == last.period.start), None)
    shares = f", {brief(val(same))} percent of GDP" if same else ""
    by_day = {f.period.start: f for f in share}
    title = f"Liquid assets of the National Wealth Fund: {number(val(last))} bn RUB on {day(last.period.start)}{shares}"
    return make(
        known,
        "nwf-liquid",
        "fund",
        "fund:draw_nwf_liquid",
        title=title,
        subtitle="Money and gold in the fund's accounts at the Bank of Russia, first of the month",
        alt=f"Two line panels on one time axis: roubles and percent of GDP. {title}. "
        f"The highest value was {number(val(top))} bn RUB on {day(top.period.start)}.",
        columns=("day", "liquid_rub_bn", "percent_of_gdp", "known", "figure"),
        rows=[
            (
                f.period.start,
                f.value,
                by_day[f.period.start].value if f.period.start in by_day else None,
                f.vintage,
                f.id,
            )
            for f in liquid
        ],
        payload={"liquid": points_of(liquid), "share": points_of(share)},
        sources=[f.source for f in liquid],
        figures=[f.id for f in [*liquid, *share]],
        notes=[
            "Liquid assets are a part of the fund; shares, bonds and deposits placed from it are not in these lines. "
            "The rouble value moves with exchange rates and the gold price as well as with sales. "
            "Percent of GDP as the ministry prints it.",
            *assumed_note(liquid),
        ],
    )


def draw_nwf_liquid(figure: Picture, chart: Chart) -> None:
    """Roubles above, percent of GDP below."""
    liquid, share = chart.payload["liquid"], chart.payload["share"]
    box = theme.frame(figure, chart)
    upper, lower = marks.panels(
        figure, box, rows=2, heights=(1.7, 1), left=0.5, right=0.55, head=0.26, gap=0.18
    )
    start, end = month_back(liquid[0][0], 1), next_month(liquid[-1][0])
    for axes, points, name, colour, digits in (
        (upper, liquid, "RUB bn", BLUE, 0),
        (lower, share, "Percent of GDP", RED, 1),
    ):
        if points:
            marks.line(axes, broken(points), color=colour, linewidth=2)
            marks.values(axes, 0, max(value for _, value in points) * 1.1, count=4)
            when, value = points[-1]
            marks.label(
                axes,
                when,
                value,
                number(value, digits),
                offset=(6, 0),
                color=colour,
                fontweight="bold",
                annotation_clip=False,
            )
        marks.times(axes, start, end, labels=axes is lower)
        marks.caption(axes, name)


def nwf_composition(known: Known) -> Chart | None:
    """Yuan and gold in the fund, in their own units."""
    yuan, gold = _stock(known, "ru.nwf.yuan"), _stock(known, "ru.nwf.gold")
    if not yuan or not gold:
        return None
    high = max(gold, key=val)
    title = (
        f"The fund holds {brief(val(gold[-1]), 1)} tonnes of gold and {brief(val(yuan[-1]), 1)} bn CNY; "
        f"gold was {brief(val(high), 1)} tonnes on {day(high.period.start)}"
    )
    days = sorted({f.period.start for f in [*yuan, *gold]})
    yuans, golds = {f.period.start: f for f in yuan}, {f.period.start: f for f in gold}
    return make(
        known,
        "nwf-composition",
        "fund",
        "fund:draw_nwf_composition",
        title=title,
        subtitle="Yuan (CNY bn) and gold (tonnes) in the liquid part of the National Wealth Fund, first of the month",
        alt=f"Two line panels side by side, yuan and gold. {title}.",
        columns=("day", "yuan_cny_bn", "gold_tonnes", "yuan_figure", "gold_figure"),
        rows=[
            (
                when,
                yuans[when].value if when in yuans else None,
                golds[when].value if when in golds else None,
                yuans[when].id if when in yuans else None,
                golds[when].id if when in golds else None,
            )
            for when in days
        ],
        payload={"yuan": points_of(yuan), "gold": points_of(gold)},
        sources=[f.source for f in [*yuan, *gold]],
        figures=[f.id for f in [*yuan, *gold]],
        notes=[
            "In units held, free of exchange rates and the price of gold. A missing month is left open.",
            *assumed_note([*yuan, *gold]),
        ],
    )


def draw_nwf_composition(figure: Picture, chart: Chart) -> None:
    """Two panels side by side, each from zero."""
    left, right = marks.panels(
        figure, theme.frame(figure, chart), columns=2, left=0.4, right=0.45, head=0.28, across=0.75
    )
    for axes, name, points, colour, shape in (
        (left, "Yuan, CNY bn", chart.payload["yuan"], BLUE, "solid"),
        (right, "Gold, tonnes", chart.payload["gold"], OCHRE, (0, (6, 1.2))),
    ):
        marks.line(axes, broken(points), color=colour, linewidth=2.2, linestyle=shape)
        marks.values(axes, 0, max(value for _, value in points) * 1.1, count=5)
        marks.times(axes, month_back(points[0][0], 1), next_month(points[-1][0]))
        marks.caption(axes, name)
        when, value = points[-1]
        marks.label(
            axes,
            when,
            value,
            number(value, 1),
            offset=(5, 0),
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )
