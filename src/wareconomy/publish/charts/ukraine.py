"""Charts of Ukraine: reserves, and money from abroad (dollars and euros in panels of their own)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wareconomy.ledger.query import Figure
from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, assumed_note, broken, early, make, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import brief, day, month, months_of, span
from wareconomy.publish.theme import BLUE, GREEN

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture


def ukraine_reserves(known: Known) -> Chart | None:
    """International reserves of Ukraine at the dates the ledger holds."""
    found = known.figures("ua.reserves.total")
    if len(found) < 2:
        return None
    last, low = found[-1], min(found, key=val)
    title = (
        f"Ukraine’s reserves: {brief(val(last), 1)} bn USD on {day(last.period.start)}; "
        f"the lowest figure in the ledger is {brief(val(low), 1)} bn, on {day(low.period.start)}"
    )
    return make(
        known,
        "ukraine-reserves",
        "ukraine",
        "ukraine:draw_ukraine_reserves",
        title=title,
        subtitle="International reserves of Ukraine on the first of the month and on 24 February 2022, USD bn",
        alt=f"Points by date, joined only where months follow each other. {title}.",
        columns=("day", "reserves_usd_bn", "known", "figure"),
        rows=[(f.period.start, f.value, f.vintage, f.id) for f in found],
        payload={"points": [(f.period.start, val(f)) for f in found]},
        sources=[f.source for f in found],
        figures=[f.id for f in found],
        notes=[
            "Months without a point have no figure in the ledger; nothing is drawn across them.",
            *assumed_note(found),
        ],
    )


def draw_ukraine_reserves(figure: Picture, chart: Chart) -> None:
    """Points and the short lines between neighbours."""
    points = chart.payload["points"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.35, right=0.5, head=0.1)
    marks.line(axes, broken(points), color=BLUE, linewidth=1.8)
    axes.plot(
        [marks.at(when) for when, _ in points],
        [value for _, value in points],
        "o",
        color=BLUE,
        markersize=4.6,
    )
    marks.values(axes, 0, max(value for _, value in points) * 1.1, count=6)
    marks.times(axes, points[0][0] - timedelta(days=20), next_month(points[-1][0]))
    when, value = points[-1]
    marks.label(
        axes,
        when,
        value,
        brief(value, 1),
        offset=(7, 0),
        color=BLUE,
        fontweight="bold",
        annotation_clip=False,
    )


# ---------------------------------------------------------------------------- money from abroad


def ukraine_financing(known: Known) -> Chart | None:
    """External budget financing by year in dollars, Kiel's financial disbursements by month in euros."""
    longest: dict[int, Figure] = {}
    for f in known.figures("ua.financing.external.usd"):
        year, end = f.period.start.year, f.period.end or f.period.start
        held = longest.get(year)
        if end.year == year and (held is None or end > (held.period.end or held.period.start)):
            longest[year] = f
    kiel = known.figures("ua.kiel.financial_disbursements")
    if not longest and not kiel:
        return None
    years = [longest[year] for year in sorted(longest)]
    parts = []
    if years:
        last = years[-1]
        parts.append(f"{brief(val(last), 1)} bn USD of external financing in {_words(last)}{_early(last)}")
    if kiel:
        parts.append(
            f"{brief(val(kiel[-1]), 1)} bn EUR of financial aid disbursed in {month(kiel[-1].period.start)}"
        )
    title = "Ukraine: " + "; ".join(parts)
    return make(
        known,
        "ukraine-financing",
        "ukraine",
        "ukraine:draw_ukraine_financing",
        title=title,
        subtitle="External financing of the state budget (USD bn) and financial aid disbursed by the "
        "Kiel count (EUR bn); never added",
        alt=f"Two panels with their own currencies. {title}.",
        columns=("from", "to", "external_financing_usd_bn", "kiel_disbursed_eur_bn", "figure"),
        rows=[
            *((f.period.start, f.period.end, f.value, None, f.id) for f in years),
            *((f.period.start, f.period.end, None, f.value, f.id) for f in kiel),
        ],
        payload={
            "years": [(f.period.start.year, val(f), _period(f), _whole_year(f)) for f in years],
            "kiel": [(f.period.start, val(f)) for f in kiel],
        },
        sources=[f.source for f in [*years, *kiel]],
        figures=[f.id for f in [*years, *kiel]],
        notes=[
            "Hatched bars cover only the part of the year named below. Kiel counts donors’ disbursements "
            "by its own definition; a month "
            "without a bar has no figure in the ledger, which is not zero.",
            *assumed_note([*years, *kiel]),
        ],
    )


def _early(f: Figure) -> str:
    return f", as known on {day(f.vintage)}, before its end" if early(f) else ""


def _whole_year(f: Figure) -> bool:
    return f.period.end is not None and (f.period.end - f.period.start).days >= 364


def _period(f: Figure) -> str:
    return span(f.period.start, f.period.end or f.period.start)


def _words(f: Figure) -> str:
    start, end = f.period.start, f.period.end or f.period.start
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    return months_of(start, end) if whole and start.year == end.year else span(start, end)


def draw_ukraine_financing(figure: Picture, chart: Chart) -> None:
    """Dollars by year on the left, euros by month on the right; one panel when only one is known."""
    years, kiel = chart.payload["years"], chart.payload["kiel"]
    box = theme.frame(figure, chart)
    made = marks.panels(
        figure, box, columns=2 if years and kiel else 1, left=0.35, head=0.3, foot=0.42, across=0.5
    )
    if years:
        axes = made[0]
        names = []
        for place, (_, value, text, whole) in enumerate(years):
            axes.bar(
                place,
                value,
                width=0.62,
                color=BLUE if whole else "white",
                edgecolor=BLUE,
                hatch=None if whole else "////",
                zorder=3,
            )
            marks.label(
                axes, place, value, brief(value, 1), offset=(0, 8), ha="center", color=BLUE, fontweight="bold"
            )
            names.append(text if whole else text.replace("–", "–\n"))
        axes.set_xticks(range(len(years)), names, fontsize=7.5)
        axes.set_xlim(-0.6, len(years) - 0.4)
        axes.tick_params(axis="x", length=0)
        marks.values(axes, 0, max(value for _, value, *_ in years) * 1.14, count=5)
        marks.caption(axes, "External financing, USD bn")
    if kiel:
        axes = made[-1]
        axes.bar(
            [marks.at(when) + 15 for when, _ in kiel],
            [value for _, value in kiel],
            width=24,
            color=GREEN,
            zorder=3,
        )
        marks.values(axes, 0, max(value for _, value in kiel) * 1.14, count=5)
        marks.times(axes, kiel[0][0].replace(month=1), next_month(kiel[-1][0]))
        marks.caption(axes, "Financial aid disbursed (Kiel), EUR bn a month")
