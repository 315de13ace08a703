"""Charts of the Bank of Russia and of borrowing: reserves, key rate, bond auctions."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, assumed_note, broken, make, month_back, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import brief, day, number, plural
from wareconomy.publish.theme import BLUE, OCHRE, RED, SKY

if TYPE_CHECKING:
    from matplotlib.figure import Figure


def reserves(known: Known) -> Chart | None:
    """International reserves with the liquid part of the National Wealth Fund drawn inside them."""
    total = [f for f in known.figures("ru.reserves.total") if f.period.start.day == 1]
    liquid = [f for f in known.figures("ru.nwf.liquid.usd") if f.period.start.day == 1]
    if not total:
        return None
    last = total[-1]
    inside = next((f for f in liquid if f.period.start == last.period.start), None)
    part = f", the fund’s liquid {number(val(inside))} bn USD among them" if inside else ""
    title = f"International reserves of {number(val(last))} bn USD on {day(last.period.start)}{part}"
    funds = {f.period.start: f for f in liquid}
    return make(
        known,
        "reserves",
        "rates",
        "reserves:draw_reserves",
        title=title,
        subtitle="International reserves of Russia and the liquid assets of the National Wealth Fund, "
        "first of the month, USD bn",
        alt="Line with points of international reserves, and below it an area for the fund's liquid "
        f"assets, which are part of them. {title}.",
        columns=("day", "reserves_usd_bn", "of_which_nwf_liquid_usd_bn", "known", "figure"),
        rows=[
            (
                f.period.start,
                f.value,
                funds[f.period.start].value if f.period.start in funds else None,
                f.vintage,
                f.id,
            )
            for f in total
        ],
        payload={
            "total": [(f.period.start, val(f)) for f in total],
            "liquid": [(f.period.start, val(f)) for f in liquid],
        },
        sources=[f.source for f in [*total, *liquid[:1]]],
        figures=[f.id for f in [*total, *liquid]],
        notes=[
            "The fund’s liquid assets lie in accounts at the Bank of Russia: part of the reserves, never "
            "to be added to them. "
            "Months without a point have no figure in the ledger. Includes what was frozen abroad in 2022.",
            *assumed_note(total),
        ],
    )


def draw_reserves(figure: Figure, chart: Chart) -> None:
    """Reserves as points joined where months follow each other; the fund as a filled area at the foot."""
    total, liquid = chart.payload["total"], chart.payload["liquid"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.4, right=0.5, head=0.28)
    start, end = (
        date(total[0][0].year, 1, 1),
        next_month(max(total[-1][0], liquid[-1][0] if liquid else total[-1][0])),
    )
    for place, run in enumerate(broken(liquid)):
        axes.fill_between(
            [marks.at(when) for when, _ in run],
            [value for _, value in run],
            color=OCHRE,
            hatch="///",
            facecolor="#EBDDBF",
            edgecolor=OCHRE,
            linewidth=0.8,
            label="of which: liquid assets of the National Wealth Fund" if not place else None,
        )
    marks.line(axes, broken(total), color=BLUE, linewidth=2)
    axes.plot(
        [marks.at(when) for when, _ in total],
        [value for _, value in total],
        "o",
        color=BLUE,
        markersize=4,
        label="international reserves",
    )
    marks.values(axes, 0, max(value for _, value in total) * 1.08, count=5)
    marks.times(axes, start, end)
    for points, colour in ((total, BLUE), (liquid, OCHRE)):
        if points:
            when, value = points[-1]
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
    marks.key(axes, columns=2, lift=0.06)


def key_rate(known: Known) -> Chart | None:
    """The key rate as a step line with a mark at every decision."""
    found = known.figures("ru.key_rate")
    if not found:
        return None
    last, top = found[-1], max(found, key=val)
    peak = (
        f", from a peak of {brief(val(top))} percent in {top.period.start.year}"
        if val(top) > val(last)
        else ""
    )
    title = f"Key rate {brief(val(last))} percent after the decision of {day(last.period.start)}{peak}"
    return make(
        known,
        "key-rate",
        "rates",
        "reserves:draw_key_rate",
        title=title,
        subtitle="Key rate of the Bank of Russia by day of decision, percent a year",
        alt=f"Step line of the key rate with a mark at every decision. {title}.",
        columns=("decided", "key_rate_percent", "figure"),
        rows=[(f.period.start, f.value, f.id) for f in found],
        payload={"points": [(f.period.start, val(f)) for f in found], "end": known.day},
        sources=[f.source for f in found],
        figures=[f.id for f in found],
        notes=[
            "Filled points: decisions that changed the rate; hollow: it was kept. Each rate is drawn "
            "from the day of the decision."
        ],
    )


def draw_key_rate(figure: Figure, chart: Chart) -> None:
    """Steps to the as-of day, filled marks for changes and hollow ones for holds."""
    points: list[tuple[date, float]] = chart.payload["points"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.35, right=0.5, head=0.1)
    end = max(chart.payload["end"], points[-1][0])
    xs = [marks.at(when) for when, _ in points]
    ys = [value for _, value in points]
    axes.plot([*xs, marks.at(end)], [*ys, ys[-1]], drawstyle="steps-post", color=BLUE, linewidth=1.8)
    kept = [i for i in range(1, len(ys)) if ys[i] == ys[i - 1]]
    moved = [i for i in range(len(ys)) if i not in kept]
    axes.plot([xs[i] for i in moved], [ys[i] for i in moved], "o", color=BLUE, markersize=4.2)
    axes.plot(
        [xs[i] for i in kept], [ys[i] for i in kept], "o", color=BLUE, markerfacecolor="white", markersize=4.2
    )
    top = max(range(len(ys)), key=ys.__getitem__)
    marks.values(axes, 0, max(ys) * 1.12, count=5)
    marks.times(axes, date(points[0][0].year, 12 if points[0][0].month == 12 else 1, 1), next_month(end))
    if ys[top] > ys[-1]:
        marks.label(
            axes, points[top][0], ys[top], brief(ys[top]), offset=(0, 9), ha="center", fontweight="bold"
        )
    marks.label(
        axes, end, ys[-1], brief(ys[-1]), offset=(6, 0), color=BLUE, fontweight="bold", annotation_clip=False
    )


# ---------------------------------------------------------------------------- bond auctions

AUCTIONS = (
    "SELECT auction_date, demand_rub_bn, placed_rub_bn, failed, file_line FROM manual.ofz_auctions "
    "WHERE auction_date <= $day AND known <= $day ORDER BY auction_date"
)
AUCTION_MONTHS = 36


def ofz_auctions(known: Known) -> Chart | None:
    """Demand and placement of government bonds by month; days on which an auction failed are counted."""
    rows = known.records(AUCTIONS)
    start = month_back(known.day, AUCTION_MONTHS - 1)
    shown = [row for row in rows if row["auction_date"] >= start]
    if not shown:
        return None
    last = shown[-1]["auction_date"]
    failed: dict[int, int] = defaultdict(int)
    for row in rows:
        failed[row["auction_date"].year] += bool(row["failed"])
    before = (
        f"; {failed[last.year - 1]} in {last.year - 1}"
        if any(r["auction_date"].year == last.year - 1 for r in rows)
        else ""
    )
    days = plural(failed[last.year], "day")
    empty = 0
    for row in reversed(rows):
        if row["placed_rub_bn"]:
            break
        empty += 1
    streak = f"; nothing placed on the last {plural(empty, 'auction day')}" if empty > 1 else ""
    months: dict[date, dict[str, Any]] = {}
    for row in shown:
        month = row["auction_date"].replace(day=1)
        entry = months.setdefault(month, {"demand": 0.0, "placed": 0.0, "days": 0, "failed": 0, "unknown": 0})
        entry["days"] += 1
        entry["placed"] += row["placed_rub_bn"]
        entry["failed"] += bool(row["failed"])
        entry["unknown"] += row["demand_rub_bn"] is None
        entry["demand"] += row["demand_rub_bn"] or 0.0
    return make(
        known,
        "ofz-auctions",
        "debt",
        "reserves:draw_ofz_auctions",
        title=f"Auctions of federal bonds failed on {days} of {last.year} up to {day(last)}{before}{streak}",
        subtitle="Demand and amount placed at OFZ auctions by month, RUB bn; numbers above: days with a failed auction",
        alt="Bars by month: demand as outlines, placement filled, failed days counted above. Failed on "
        f"{days} of {last.year}{before}.",
        columns=("auction_date", "demand_rub_bn", "placed_rub_bn", "failed", "figure"),
        rows=[
            (
                r["auction_date"],
                r["demand_rub_bn"],
                r["placed_rub_bn"],
                r["failed"],
                f"ofz_auctions:{r['file_line']}",
            )
            for r in shown
        ],
        payload={
            "months": [{"month": when, **entry} for when, entry in sorted(months.items())],
            "start": start,
            "end": last,
        },
        sources=["minfin_ofz"],
        figures=[f"ofz_auctions:{row['file_line']}" for row in shown],
        notes=[
            "A day counts as failed when at least one of its auctions failed; others of the same day may have succeeded. "
            "Demand is not recorded for some failed days and is then not in the bar. Months without a "
            "bar had no recorded auction.",
        ],
    )


def draw_ofz_auctions(figure: Figure, chart: Chart) -> None:
    """Outline for demand, filled for placed, a cross with a count for failed days."""
    data = chart.payload["months"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.5, head=0.5)
    xs = [marks.at(item["month"]) + 15 for item in data]
    demand, placed = [item["demand"] for item in data], [item["placed"] for item in data]
    axes.bar(
        xs, demand, width=25, facecolor="#E4F0F8", edgecolor=SKY, linewidth=0.9, label="demand", zorder=3
    )
    axes.bar(xs, placed, width=15, color=BLUE, label="placed", zorder=4)
    top = max([*demand, *placed])
    marks.values(axes, 0, top * 1.06, count=5)
    for item, x in zip(data, xs, strict=True):
        if item["failed"]:
            axes.text(
                x,
                1.02,
                str(item["failed"]),
                transform=axes.get_xaxis_transform(),
                ha="center",
                va="bottom",
                fontsize=8,
                color=RED,
                fontweight="bold",
            )
            axes.plot(
                [x],
                [0.995],
                "x",
                color=RED,
                markersize=4.5,
                transform=axes.get_xaxis_transform(),
                clip_on=False,
                zorder=6,
            )
    axes.plot([], [], "x", color=RED, markersize=5, label="days with a failed auction")
    marks.times(axes, chart.payload["start"], next_month(chart.payload["end"]))
    marks.key(axes, columns=3, lift=0.28)
