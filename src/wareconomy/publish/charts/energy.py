"""Oil and gas revenue of the budget above the oil price that taxes are computed from, each on its own panel."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, assumed_note, broken, make, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import brief, month, number
from wareconomy.publish.theme import BLUE, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

START = date(2020, 1, 1)


def oil_gas_revenue_and_urals(known: Known) -> Chart | None:
    """Monthly oil and gas revenue, and the Urals price for tax, on one time axis."""
    money = [
        f
        for f in known.figures("ru.energy.oil_gas_revenue", START)
        if _one_month(f.period.start, f.period.end)
    ]
    price = [
        f
        for f in known.figures("ru.energy.urals_tax_price", START)
        if _one_month(f.period.start, f.period.end)
    ]
    if not money or not price:
        return None
    last, oil = money[-1], price[-1]
    same = next((f for f in price if f.period.start == last.period.start), None)
    prices = (
        f"the Urals tax price was {brief(val(same))} USD"
        if same
        else f"Urals in {month(oil.period.start)}: {brief(val(oil))} USD"
    )
    by_month = {f.period.start: f for f in price}
    months = sorted({f.period.start for f in [*money, *price]})
    revenue = {f.period.start: f for f in money}
    return make(
        known,
        "oil-gas-revenue-and-urals",
        "energy",
        "energy:draw_oil_gas_revenue_and_urals",
        title=f"Oil and gas revenue of {number(val(last))} bn RUB in {month(last.period.start)}; {prices} a barrel",
        subtitle="Federal oil and gas revenue by month (RUB bn) and the Urals price used for taxes (USD per barrel)",
        alt=f"Two panels on one time axis. Upper: bars of monthly oil and gas revenue to {month(last.period.start)}, "
        f"{number(val(last))} bn RUB. Lower: line of the Urals tax price to {month(oil.period.start)}, "
        f"{brief(val(oil))} USD.",
        columns=(
            "month",
            "oil_gas_revenue_rub_bn",
            "urals_tax_price_usd",
            "revenue_status",
            "revenue_figure",
            "price_figure",
        ),
        rows=[
            (
                when,
                revenue[when].value if when in revenue else None,
                by_month[when].value if when in by_month else None,
                revenue[when].status if when in revenue else None,
                revenue[when].id if when in revenue else None,
                by_month[when].id if when in by_month else None,
            )
            for when in months
        ],
        payload={
            "money": [(f.period.start, f.value, f.status == "P") for f in money],
            "price": [(f.period.start, f.value) for f in price],
        },
        sources=[f.source for f in [*money, *price]],
        figures=[f.id for f in [*money, *price]],
        notes=[
            "Revenue follows the tax calendar: additional tax on profit falls in March, April, July and October. "
            "Hatched bars are preliminary; a month without a bar has no published figure known on this day.",
            *assumed_note([*money, *price]),
        ],
    )


def _one_month(start: date, end: date | None) -> bool:
    return end is not None and start.day == 1 and 27 <= (end - start).days <= 30


def draw_oil_gas_revenue_and_urals(figure: Figure, chart: Chart) -> None:
    """Bars above, a line below, aligned."""
    money, price = chart.payload["money"], chart.payload["price"]
    upper, lower = marks.panels(
        figure,
        theme.frame(figure, chart),
        rows=2,
        heights=(1.25, 1),
        left=0.5,
        right=0.62,
        head=0.26,
        gap=0.18,
    )
    start, end = START, next_month(max(money[-1][0], price[-1][0]))
    for when, value, early in money:
        upper.bar(
            marks.at(when),
            value,
            width=25,
            align="edge",
            color="white" if early else BLUE,
            edgecolor=BLUE,
            hatch="/////" if early else None,
            linewidth=0.8,
        )
    marks.values(upper, 0, max(value for _, value, _ in money) * 1.08, count=4)
    marks.times(upper, start, end, labels=False)
    marks.caption(upper, "Oil and gas revenue, RUB bn a month")
    marks.line(lower, broken([(when, value) for when, value in price]), color=RED, linewidth=1.8)
    marks.values(lower, 0, max(value for _, value in price) * 1.1, count=4)
    marks.times(lower, start, end)
    marks.caption(lower, "Urals price for tax, USD per barrel")
    for axes, (when, value), text, colour in (
        (upper, money[-1][:2], number(money[-1][1]), BLUE),
        (lower, price[-1], brief(price[-1][1]), RED),
    ):
        marks.label(
            axes,
            marks.at(when) + 25,
            value,
            text,
            offset=(5, 0),
            color=colour,
            fontweight="bold",
            annotation_clip=False,
        )
