"""What moved the liquid assets of the National Wealth Fund month by month, and how long they would last."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.ledger.query import Figure
from wareconomy.publish import language, rule_pace, theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, broken, make, month_back, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, listed, month, months_of, number, signed
from wareconomy.publish.theme import BLUE, GREEN, INK, MID, OCHRE, PURPLE, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

PARTS = ("sales", "inflows", "revaluation", "placements", "unsplit")
PART_NAMES = {
    "sales": ("sold for the budget", RED, ""),
    "inflows": ("paid in", GREEN, ".."),
    "revaluation": ("revaluation", OCHRE, "\\\\\\"),
    "placements": ("placements and the rest", PURPLE, "xx"),
    "unsplit": ("not split: no revaluation printed", "white", "////"),
}
DRAWDOWN_MONTHS = 36


def nwf_drawdowns(known: Known) -> Chart | None:
    """Monthly change of the liquid assets, split where the ministry's table allows it."""
    prefix = "ru.nwf.liquid.change"
    start = month_back(known.day, DRAWDOWN_MONTHS)
    change = known.figures(prefix, start)
    parts = {name: known.figures(f"{prefix}.{name}", start) for name in PARTS}
    if not change:
        return None
    months = [f.period.start for f in change]
    table = {name: {f.period.start: f for f in items} for name, items in parts.items()}
    sold: dict[int, float] = defaultdict(float)
    counted: dict[int, list[date]] = defaultdict(list)
    for f in known.figures("ru.nwf.sales.month"):
        sold[f.period.start.year] += val(f)
        counted[f.period.start.year].append(f.period.start)
    return make(
        known,
        "nwf-drawdowns",
        "fund",
        "drawdown:draw_nwf_drawdowns",
        title=_sales_title(sold, counted),
        subtitle="Monthly change of the fund's liquid assets and what it consists of, RUB bn",
        alt="Stacked bars by month of the change of liquid assets: sales, payments in, revaluation, "
        "placements and the rest; "
        f"hatched where the change is not split. In {month(months[-1])} the change was {signed(val(change[-1]))}.",
        columns=("month", "change_rub_bn", *(f"{name}_rub_bn" for name in PARTS), "figure"),
        rows=[
            (f.period.start, f.value, *(_of(table[name], f.period.start) for name in PARTS), f.id)
            for f in change
        ],
        payload={
            "months": months,
            "change": [val(f) for f in change],
            "parts": {name: [_of(table[name], when) for when in months] for name in PARTS},
        },
        sources=["minfin_nwf_message", "minfin_nwf_table"],
        figures=[f.id for items in [change, *parts.values()] for f in items],
        notes=[
            "Sold for the budget: sales of yuan and gold as the ministry printed them. Hatched: months "
            "whose revaluation is not in "
            "the ledger, so exchange rates, placements and payments cannot be told apart. The dot is the whole change.",
            "Placements and the rest is what remains after sales, payments in and revaluation; it is a "
            "residual, not a printed figure.",
        ],
    )


def _of(table: dict[date, Figure], when: date) -> float | None:
    return table[when].value if when in table else None


def _sales_title(sold: dict[int, float], counted: dict[int, list[date]]) -> str:
    if not sold:
        return "Monthly change of the fund's liquid assets"
    year = max(sold)
    whole = len(counted[year]) == 12
    newest, count = max(counted[year]), len(counted[year])
    gapless = count == newest.month
    period = (
        str(year)
        if whole
        else f"{count} months of {year}"
        if not gapless
        else months_of(date(year, 1, 1), newest)
    )
    text = (
        f"Sold from the fund for the budget: {number(sold[year])} bn RUB in {period}"
        if sold[year]
        else f"Nothing sold from the fund in {period}"
    )
    if year - 1 in sold and len(counted[year - 1]) == 12:
        text += f", {number(sold[year - 1]) + ' bn RUB' if sold[year - 1] else 'none'} in {year - 1}"
    return text


def draw_nwf_drawdowns(figure: Picture, chart: Chart) -> None:
    """Stacked bars up and down from zero; every part has its own hatch."""
    data = chart.payload
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.55, head=0.46)
    months = data["months"]
    xs = [marks.at(when) + 15 for when in months]
    up, down = [0.0] * len(xs), [0.0] * len(xs)
    for name in PARTS:
        amounts = [
            (i, value)
            for i, value in enumerate(data["parts"][name])
            if value is not None and abs(value) >= 0.5
        ]
        if not amounts:
            continue
        bottom = [up[i] if value > 0 else down[i] for i, value in amounts]
        text, colour, hatch = PART_NAMES[name]
        axes.bar(
            [xs[i] for i, _ in amounts],
            [value for _, value in amounts],
            bottom=bottom,
            width=23,
            color=colour,
            hatch=hatch,
            label=text,
            zorder=3,
            edgecolor=MID if name == "unsplit" else "white",
            linewidth=0.4,
        )
        for i, value in amounts:
            if value > 0:
                up[i] += value
            else:
                down[i] += value
    whole = [
        i
        for i in range(len(months))
        if data["parts"]["placements"][i] is None and data["parts"]["unsplit"][i] is None
    ]
    for i in whole:
        base = down[i] if data["change"][i] < 0 else up[i]
        axes.bar(
            xs[i],
            data["change"][i],
            bottom=base,
            width=23,
            color="white",
            hatch="////",
            edgecolor=MID,
            linewidth=0.4,
            zorder=3,
        )
    axes.plot(
        xs,
        data["change"],
        "o",
        color=INK,
        markersize=3.6,
        markeredgecolor="white",
        markeredgewidth=0.5,
        zorder=5,
        label="whole change",
    )
    low = min([*down, *data["change"]])
    high = max([*up, *data["change"]])
    room = 0.05 * (high - low)
    marks.values(axes, low - room, high + room, count=6)
    marks.times(axes, months[0], next_month(months[-1]))
    marks.key(axes, columns=3, lift=0.06)


# ---------------------------------------------------------------------------- months left

PACES = (
    ("last_month", "at the sales of the last month", "o"),
    ("last_12_months", "at the sales of the last 12 months", "s"),
    ("budget_rule", "at the sales announced under the budget rule", "^"),
)
SHORT = {"last_month": "last month’s", "last_12_months": "the last 12 months’"}
CAP = 120


def nwf_months_left(known: Known) -> Chart | None:
    """How many months the liquid assets would last at three named paces; no value where a pace is nil."""
    start = max(date(2023, 1, 1), month_back(known.day, 47))
    found = {name: known.figures(f"ru.nwf.months_left.{name}", start) for name, *_ in PACES}
    if not any(found.values()):
        return None
    points = [(f.period.start, name, val(f), f.id) for name, items in found.items() for f in items]
    operations = rule_pace.operations(known.con, known.day)
    newest = operations[-1] if operations else None
    announced, told, note = _announced(known, newest)
    points += [point for point in announced if point[:2] not in {item[:2] for item in points}]
    name = "last_12_months" if found["last_12_months"] else "last_month"
    latest = [
        f"{number(val(item))} months at {SHORT[name]} pace of sales ({month(item.period.start)})"
        for item in found[name][-1:]
    ] + told
    over = sum(1 for _, _, value, _ in points if value > CAP)
    return make(
        known,
        "nwf-months-left",
        "fund",
        "drawdown:draw_nwf_months_left",
        title=f"The liquid fund would last {' and '.join(latest)}"
        if latest
        else "Months the liquid fund would last",
        subtitle="Liquid assets of the National Wealth Fund divided by a monthly pace of sales held constant, months",
        alt="Three panels, one per pace, points by month. "
        + (f"The liquid fund would last {listed(latest)}." if latest else note),
        columns=("day", "pace", "months_left", "figure"),
        rows=points,
        payload={
            "paces": {
                name: [(when, value) for when, pace, value, _ in points if pace == name] for name, *_ in PACES
            },
            "end": known.day,
        },
        sources=["minfin_nwf_message", "minfin_oil_gas"],
        figures=[figure for *_, figure in points],
        notes=[
            "Arithmetic, not a forecast. Where nothing was sold or the pace is not known there is no "
            "value: the fund does not run down. "
            + (f"{over} values above {CAP} months are drawn as triangles at the upper edge." if over else ""),
            "Sales are yuan and gold sold for the budget or announced for currency operations; placements are not counted.",
            note,
        ],
    )


Point = tuple[date, str, float, str]


def _announced(known: Known, newest: rule_pace.Operation | None) -> tuple[list[Point], list[str], str]:
    """The pace announced last under the budget rule: a point where it is a sale, its words, and a note where it is none."""
    if newest is None:
        return [], [], ""
    days = language.period(newest.period.start, newest.period.end)
    if newest.kind != "sell":
        what = f"{rule_pace.KINDS[newest.kind]}, {days}"
        return (
            [],
            [],
            f"The newest operation known under the budget rule is no sale ({what}): no pace of it is counted.",
        )
    stock = [f for f in known.figures("ru.nwf.liquid") if f.period.start.day == 1]
    amount = next((f for f in known.figures(newest.series) if f.period == newest.period), None)
    months = newest.months(val(stock[-1])) if stock and amount else None
    if months is None or amount is None:
        return [], [], ""
    told = f"{number(months)} months at the budget rule’s pace of sales ({days})"
    when = stock[-1].period.start
    note = f"The newest pace under the budget rule is set beside the liquid assets of {day(when)}."
    return [(when, "budget_rule", months, amount.id)], [told], note


def draw_nwf_months_left(figure: Picture, chart: Chart) -> None:
    """A panel per pace, points joined only where months follow each other."""
    paces = chart.payload["paces"]
    box = theme.frame(figure, chart)
    made = marks.panels(figure, box, rows=3, left=0.4, right=0.45, head=0.24, gap=0.16)
    first = min(points[0][0] for points in paces.values() if points)
    start, end = month_back(first, 1), next_month(chart.payload["end"])
    for axes, (name, text, shape), colour in zip(made, PACES, (RED, BLUE, GREEN), strict=True):
        points: list[Any] = paces[name]
        inside = [(when, value) for when, value in points if value <= CAP]
        marks.values(axes, -4, CAP * 1.14, count=3)
        axes.set_yticks([0, 60, 120], ["0", "60", "120"])
        if inside:
            marks.line(axes, broken(inside), color=colour, linewidth=1.3, marker=shape, markersize=4)
            when, value = inside[-1]
            marks.label(
                axes,
                when,
                value,
                number(value),
                offset=(6, 0),
                color=colour,
                fontweight="bold",
                annotation_clip=False,
            )
        far = [marks.at(when) for when, value in points if value > CAP]
        axes.plot(
            far, [CAP * 1.06] * len(far), "^", color=colour, markerfacecolor="white", markersize=5, zorder=5
        )
        marks.times(axes, start, end, labels=axes is made[-1])
        marks.caption(axes, f"Months, {text}")
