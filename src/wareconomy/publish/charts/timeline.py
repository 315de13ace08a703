"""Legislation, statements, territory and money of two years on one time axis.

Things are set side by side by date and nothing more: that they share a week says nothing about one bringing the other about.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.model import partial_date
from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, broken, make, month_back, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, month, number, plural, signed
from wareconomy.publish.theme import BLUE, GREEN, OCHRE, PURPLE, RED

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MONTHS = 24
ACTS = (
    "SELECT act, known, any_value(id) AS id, bool_and(stage IN ('proposed', 'statement')) AS proposal, "
    "any_value(jurisdiction) AS jurisdiction, list(DISTINCT category) AS categories, list(id ORDER BY id) AS ids "
    "FROM acts_as_of($day) WHERE known >= $start GROUP BY act, known ORDER BY known, act"
)
STATEMENTS = (
    "SELECT id, said_on, side, topic, kind FROM claims_as_of($day) WHERE topic IN ('territory_gain', "
    "'settlement_capture', 'buffer_zone') "
    "AND kind IN ('record', 'order') AND side IN ('russia', 'ukraine') AND length(said_on) = 10 "
    "AND said_on >= strftime($start::DATE, '%Y-%m-%d') AND variant_of IS NULL ORDER BY said_on, id"
)
WAR = {"mobilisation_economy", "procurement", "soldier_benefits", "war_bonds"}
TAXES = {
    "budget_law",
    "budget_rule_nwf",
    "corporate_tax",
    "export_duty",
    "income_tax",
    "oil_gas_tax",
    "sme_tax",
    "utilisation_fee",
    "vat",
    "windfall",
}
ACT_ROWS = ("Ukraine and EU", "property, currency, other", "orders, mobilisation", "taxes, budget, fund")
SAID_ROWS = ("Ukraine: area, towns", "Russia: buffer zone", "Russia: area, towns")
MOMENTS = (
    (
        date(2025, 11, 28),
        date(2025, 11, 28),
        ("acts:L097",),
        "28 Nov 2025: law 425-FZ, VAT 22% and threshold steps 20, 15, 10",
    ),
    (
        date(2025, 12, 29),
        date(2025, 12, 31),
        ("claims:C154", "claims:C165"),
        "29–31 Dec 2025: “over 700 km²” said of December; order to widen the buffer zone told",
    ),
    (
        date(2026, 7, 3),
        date(2026, 7, 4),
        ("claims:C219", "acts:L119"),
        "3–4 Jul 2026: buffer zone called for again (3rd); law 228-FZ postpones the VAT steps (4th)",
    ),
)


def timeline(known: Known) -> Chart | None:
    """Acts, statements, net change of area, monthly balance and the liquid fund, aligned."""
    start = month_back(known.day, MONTHS - 1)
    acts = known.records(ACTS, start=start)
    said = known.records(STATEMENTS, start=start)
    net = known.figures("territory.occupied.deepstate.net_month", start)
    other = known.figures("territory.net.isw", start)
    balance = known.figures("ru.budget.balance.month", start)
    fund = [f for f in known.figures("ru.nwf.liquid", start) if f.period.start.day == 1]
    if not acts or not fund:
        return None
    ids = {f"acts:{name}" for row in acts for name in row["ids"]} | {f"claims:{row['id']}" for row in said}
    moments = [item for item in MOMENTS if item[0] >= start and item[1] <= known.day and set(item[2]) & ids]
    laws = len({row["act"] for row in acts if not row["proposal"]})
    parts = [f"{plural(laws, 'act')}", f"{plural(len(said), 'statement')} on territory"]
    if net:
        parts.append(
            f"{signed(sum(val(f) for f in net))} km² net to {month(net[-1].period.start)} by DeepState"
        )
    parts.append(f"liquid fund {number(val(fund[0]))} to {number(val(fund[-1]))} bn RUB")
    title = f"Two years to {day(known.day)}: " + ", ".join(parts)
    return make(
        known,
        "timeline",
        "timeline",
        "timeline:draw_timeline",
        title=title,
        subtitle="Legislation, statements, territory and money on one time axis; things of one week "
        "stand together by date only",
        alt="Five aligned panels by date: acts by subject, statements by side, monthly net change of "
        "occupied area, monthly federal "
        f"balance, liquid assets of the fund. {title}."
        + (" Marked: " + "; ".join(item[3] for item in moments) + "." if moments else ""),
        columns=("date", "panel", "what", "value", "figure"),
        rows=[
            *(
                (
                    row["known"],
                    "legislation",
                    _act_row(row),
                    "proposal" if row["proposal"] else "act",
                    f"acts:{row['id']}",
                )
                for row in acts
            ),
            *(
                (row["said_on"], "statements", _said_row(row), row["kind"], f"claims:{row['id']}")
                for row in said
            ),
            *((f.period.start, "territory", "DeepState net km2", f.value, f.id) for f in net),
            *((f.period.start, "territory", "ISW (The Economist) net km2", f.value, f.id) for f in other),
            *(
                (f.period.start, "money", "federal balance of the month RUB bn", f.value, f.id)
                for f in balance
            ),
            *((f.period.start, "money", "NWF liquid assets RUB bn", f.value, f.id) for f in fund),
        ],
        payload={
            "tall": True,
            "start": start,
            "end": next_month(known.day),
            "acts": [(row["known"], ACT_ROWS.index(_act_row(row)), bool(row["proposal"])) for row in acts],
            "said": [
                (partial_date(row["said_on"]).start, SAID_ROWS.index(_said_row(row)), row["kind"])
                for row in said
            ],
            "net": [(f.period.start, val(f)) for f in net],
            "other": [(f.period.start, val(f)) for f in other],
            "balance": [(f.period.start, val(f)) for f in balance],
            "fund": [(f.period.start, val(f)) for f in fund],
            "moments": [(first, last, text) for first, last, _, text in moments],
        },
        sources=[
            "Acts and statements as listed",
            "deepstate_mirror",
            *(["economist_isw"] if other else []),
            "minfin_budget",
            "minfin_nwf_message",
        ],
        figures=[
            *sorted(ids),
            *(f.id for f in [*net, *other, *balance, *fund]),
        ],
        notes=[
            "Squares: acts; hollow diamonds: bills and plans. Dots: statements with a number; hollow: "
            "orders and aims. Bars: DeepState and the "
            "monthly balance; diamonds: ISW. Months without a mark have no figure known on this day.",
            "The balance of a month is the difference of two January-to-month totals of one edition. The "
            "fund's liquid assets move with prices as well.",
        ],
    )


def _act_row(row: dict[str, Any]) -> str:
    if row["jurisdiction"] != "ru":
        return ACT_ROWS[0]
    subjects = set(row["categories"])
    return ACT_ROWS[3] if subjects & TAXES else ACT_ROWS[2] if subjects & WAR else ACT_ROWS[1]


def _said_row(row: dict[str, Any]) -> str:
    if row["side"] == "ukraine":
        return SAID_ROWS[0]
    return SAID_ROWS[1] if row["topic"] == "buffer_zone" else SAID_ROWS[2]


def draw_timeline(figure: Figure, chart: Chart) -> None:
    """Five panels under one axis; lettered uprights for the moments written out above."""
    data = chart.payload
    box = theme.frame(figure, chart)
    width, height = figure.get_size_inches()
    top = box.top
    for letter, (_, _, text) in zip("ABC", data["moments"], strict=False):
        figure.text(
            box.left / width, top / height, letter, va="top", fontsize=8, fontweight="bold", color=RED
        )
        figure.text((box.left + 0.16) / width, top / height, text, va="top", fontsize=8)
        top -= 0.155
    box = theme.Box(box.left, box.bottom, box.right, top - (0.12 if data["moments"] else 0.0))
    made = marks.panels(
        figure,
        box,
        rows=5,
        heights=(1, 0.75, 1.05, 1.05, 0.85),
        left=1.5,
        right=0.55,
        head=0.22,
        gap=0.1,
        foot=0.2,
    )
    law, said, area, balance, fund = made
    _dots(law, ACT_ROWS, [(when, row, not proposal) for when, row, proposal in data["acts"]], "s", BLUE)
    _dots(said, SAID_ROWS, [(when, row, kind == "record") for when, row, kind in data["said"]], "o", PURPLE)
    _bars(area, data["net"], GREEN, extra=[value for _, value in data["other"]])
    area.plot(
        [marks.at(when) + 15 for when, _ in data["other"]],
        [value for _, value in data["other"]],
        "D",
        color=RED,
        markerfacecolor="white",
        markersize=4,
        zorder=5,
    )
    _bars(balance, data["balance"], OCHRE)
    marks.line(fund, broken(data["fund"]), color=BLUE, linewidth=1.8)
    marks.values(fund, 0, max(value for _, value in data["fund"]) * 1.12, count=3)
    when, value = data["fund"][-1]
    marks.label(
        fund,
        when,
        value,
        number(value),
        offset=(5, 0),
        color=BLUE,
        fontweight="bold",
        annotation_clip=False,
        fontsize=8,
    )
    for axes, text in zip(
        made,
        (
            "Acts and proposals by day known",
            "Statements on territory by day said",
            "Net change of occupied area by month, km²: DeepState (bars), ISW (diamonds)",
            "Federal balance of the month, RUB bn",
            "Liquid assets of the National Wealth Fund, RUB bn",
        ),
        strict=True,
    ):
        marks.caption(axes, text, lift=0.03)
        marks.times(axes, data["start"], data["end"], labels=axes is fund)
        for first, last, _ in data["moments"]:
            axes.axvspan(
                marks.at(first) - 0.8, marks.at(last) + 0.8, color=RED, alpha=0.3, linewidth=0, zorder=1
            )
    for letter, (first, last, _) in zip("ABC", data["moments"], strict=False):
        middle = (marks.at(first) + marks.at(last)) / 2
        law.text(
            middle,
            1.0,
            letter,
            transform=law.get_xaxis_transform(),
            ha="center",
            va="bottom",
            fontsize=8.5,
            fontweight="bold",
            color=RED,
            zorder=7,
        )


def _dots(
    axes: Axes, rows: tuple[str, ...], points: list[tuple[date, int, bool]], shape: str, colour: str
) -> None:
    """Marks on named rows; several of one day are stacked a little."""
    placed: dict[tuple[date, int], int] = {}
    spots: dict[bool, list[tuple[float, float]]] = {True: [], False: []}
    for when, row, filled in points:
        again = placed[when, row] = placed.get((when, row), -1) + 1
        spots[filled].append((marks.at(when), row + 0.16 * min(again, 3) - 0.12))
    for filled, dots in spots.items():
        if dots:
            axes.plot(
                *zip(*dots, strict=True),
                shape if filled or shape == "o" else "D",
                color=colour,
                markerfacecolor=colour if filled else "white",
                markersize=4.2,
                markeredgewidth=0.9,
                zorder=4,
                clip_on=False,
            )
    axes.set_ylim(-0.55, len(rows) - 0.3)
    axes.set_yticks(range(len(rows)), rows)
    axes.tick_params(axis="y", labelsize=8)


def _bars(
    axes: Axes, points: list[tuple[date, float]], colour: str, extra: list[float] | None = None
) -> None:
    every = [value for _, value in points] + (extra or [])
    low, high = min([0, *every]), max([0, *every])
    room = 0.05 * (high - low or 1)
    axes.bar(
        [marks.at(when) + 15 for when, _ in points],
        [value for _, value in points],
        width=21,
        color=colour,
        zorder=3,
    )
    marks.values(axes, low - room, high + room, count=3)
