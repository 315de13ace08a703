"""Claims of area taken beside what independent mappers measured for the same days.

Measured: the difference of two DeepState maps, and figures printed by others for the same period give or take
three days. A source that counts what a party claims (AFP) never checks that party.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wareconomy.ledger.query import Figure
from wareconomy.model import partial_date
from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, make, next_month, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import number, plural, short_day, span
from wareconomy.publish.theme import BLUE, GREEN, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

CLAIMS = (
    "SELECT id, said_on, speaker, quantity, period_start, period_end, variant_of, second_source, len(regions) AS oblasts "
    "FROM claims_as_of($day) WHERE side = 'russia' AND topic = 'territory_gain' AND kind = 'record' AND unit = 'km2' "
    "AND period_start IS NOT NULL AND period_end IS NOT NULL AND quantity > 0 ORDER BY said_on, period_start, id"
)
STOCK = "territory.occupied.deepstate"
OTHERS = (
    "territory.published.isw.gross_gain",
    "territory.published.isw.net_gain",
    "territory.published.deepstate.occupied_increase",
    "territory.published.belfer.net_gain",
)
FAMILIES = {
    "isw": "ISW",
    "economist_isw": "ISW",
    "deepstate": "DeepState",
    "deepstate_mirror": "DeepState",
    "belfer": "Russia Matters",
}
SLACK = timedelta(days=3)
WHOLE_FRONT, MANY_OBLASTS = 4, 3
"""A statement on one or two oblasts is about a part of the front and is left out; one on three may be, and is set only
beside figures that a measurer printed for the same days."""
ROWS = 18


@dataclass(slots=True)
class Row:
    """One statement (wire versions joined) and what was measured, by family: lowest, highest, ids."""

    ids: list[str]
    speaker: str
    said: date
    start: date
    end: date
    claimed: list[float]
    second_source: bool
    measured: dict[str, tuple[float, float, list[str]]]


def claimed_and_measured(known: Known) -> Chart | None:
    """Russian statements of area taken on the whole front, each beside the measurements of the same days."""
    rows: dict[str, Row] = {}
    for item in known.records(CLAIMS):
        said, start, end = (_day(item[name]) for name in ("said_on", "period_start", "period_end"))
        if item["variant_of"] in rows:
            rows[item["variant_of"]].claimed.append(item["quantity"])
            rows[item["variant_of"]].ids.append(item["id"])
        elif said and start and end and (item["oblasts"] or 0) >= MANY_OBLASTS:
            found = _measured(known, start, end, item["oblasts"] >= WHOLE_FRONT)
            if found:
                rows[item["id"]] = Row(
                    [item["id"]],
                    item["speaker"],
                    said,
                    start,
                    end,
                    [item["quantity"]],
                    bool(item["second_source"]),
                    found,
                )
    shown = list(rows.values())[-ROWS:]
    if not shown:
        return None
    title = f"{plural(len(shown), 'Russian statement')} of area taken, beside what mappers measured in the same days"
    sources = {name for row in shown for name in row.measured}
    return make(
        known,
        "claimed-and-measured",
        "claims",
        "claims:draw_claimed_and_measured",
        title=title,
        subtitle="Area said to be taken by Russian forces, and measured net or gross gain in the same period, km²",
        alt=f"Points by statement, claimed beside measured. {title}. "
        + " ".join(_sentence(row) for row in shown),
        columns=(
            "claims",
            "speaker",
            "said",
            "from",
            "to",
            "claimed_km2",
            "measurer",
            "measured_low_km2",
            "measured_high_km2",
            "figures",
        ),
        rows=[
            (
                " ".join(row.ids),
                row.speaker,
                row.said,
                row.start,
                row.end,
                "–".join(number(v) for v in sorted(row.claimed)),
                family,
                low,
                high,
                " ".join(ids),
            )
            for row in shown
            for family, (low, high, ids) in row.measured.items()
        ],
        payload={
            "tall": True,
            "rows": [
                {
                    "label": f"{row.speaker.split()[-1] if 'Ministry' not in row.speaker else 'MoD'}, {short_day(row.said)}",
                    "period": span(row.start, row.end),
                    "claimed": sorted(row.claimed),
                    "sure": row.second_source,
                    "measured": {family: (low, high) for family, (low, high, _) in row.measured.items()},
                }
                for row in shown
            ],
        },
        sources=[
            "Statements as listed",
            *(name for name in ("deepstate_mirror", "deepstate") if "DeepState" in sources),
            *(name for name in ("isw", "economist_isw") if "ISW" in sources),
            *(["belfer"] if "Russia Matters" in sources else []),
        ],
        figures=[f"claims:{name}" for row in shown for name in row.ids]
        + [f for row in shown for *_, ids in row.measured.values() for f in ids],
        notes=[
            "“Over” is drawn as the number said. Hollow: no second source carries the statement in the "
            "ledger. A bar joins readings of one "
            "mapper that differ by day boundary or definition. AFP’s figures include areas Russia claims and are left out.",
            "Statements on one or two oblasts, shares and towns are left out, as are Ukrainian "
            "statements on regained land: the ledger has "
            "no measurement of the same definition and area.",
            "A period differs from the measured one by at most three days at either end. Whether a "
            "difference is larger than the measurers' "
            "own disagreement is for the claim checks, not for this picture.",
        ],
    )


def _day(text: str | None) -> date | None:
    return partial_date(text).start if text and len(text) == 10 else None


def _near(figure: Figure, start: date, end: date) -> bool:
    last = figure.period.end or figure.period.start
    return abs(figure.period.start - start) <= SLACK and abs(last - end) <= SLACK


def _measured(known: Known, start: date, end: date, whole: bool) -> dict[str, tuple[float, float, list[str]]]:
    """What each family of measurers has for these days; a family may have several readings."""
    found: dict[str, list[tuple[float, str]]] = {}
    for series in OTHERS:
        for figure in known.figures(series):
            if _near(figure, start, end) and not known.includes_claims(figure.source):
                found.setdefault(FAMILIES[figure.source], []).append((val(figure), figure.id))
    if whole:
        stock = {f.period.start: f for f in known.figures(STOCK)}
        first, last = stock.get(start), stock.get(end + timedelta(days=1))
        if first and last:
            found.setdefault("DeepState", []).append((val(last) - val(first), last.id))
        for series in (f"{STOCK}.net_month", f"{STOCK}.net_year"):
            found.setdefault("DeepState", []).extend(
                (val(f), f.id) for f in known.figures(series) if _near(f, start, end)
            )
        months = _months(known, start, end)
        if months:
            found.setdefault("ISW", []).append((sum(val(f) for f in months), months[0].id))
    return {
        family: (min(v for v, _ in items), max(v for v, _ in items), [name for _, name in items])
        for family, items in found.items()
        if items
    }


def _months(known: Known, start: date, end: date) -> list[Figure]:
    """ISW's months that make up the period, when it starts and ends within three days of whole months."""
    if start.day > 1 + SLACK.days or abs(next_month(end) - timedelta(days=1) - end) > SLACK:
        return []
    table = {f.period.start: f for f in known.figures("territory.net.isw")}
    months, when = [], start.replace(day=1)
    while when <= end:
        if when not in table:
            return []
        months.append(table[when])
        when = next_month(when)
    return months


def _sentence(row: Row) -> str:
    parts = [f"{family} {_range(low, high)}" for family, (low, high, _) in row.measured.items()]
    return (
        f"{row.speaker}, {span(row.start, row.end)}: {_range(min(row.claimed), max(row.claimed))} "
        f"claimed, {', '.join(parts)} measured."
    )


def _range(low: float, high: float) -> str:
    return number(low) if round(low) == round(high) else f"{number(low)}–{number(high)}"


SHAPES: dict[str, tuple[str, str]] = {
    "DeepState": ("s", BLUE),
    "ISW": ("D", GREEN),
    "Russia Matters": ("v", theme.PURPLE),
}


def draw_claimed_and_measured(figure: Picture, chart: Chart) -> None:
    """One line per statement: claimed at the right, measured at the left, the words and numbers printed."""
    rows: list[dict[str, Any]] = chart.payload["rows"][::-1]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=2.95, right=0.12, head=0.3)
    top = max(max(row["claimed"]) for row in rows)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=theme.PALE, linewidth=0.6)
    axes.set_xlim(0, top * 1.3)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_yticks(range(len(rows)), [row["label"] for row in rows])
    step = 1000 if top > 2500 else 200
    ticks = range(0, int(top * 1.15), step)
    axes.set_xticks(list(ticks), [number(tick) for tick in ticks])
    axes.tick_params(axis="y", pad=94)
    for label in axes.get_yticklabels():
        label.set_horizontalalignment("right")
    for y, row in enumerate(rows):
        axes.annotate(
            row["period"],
            (0, y),
            xytext=(-88, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
            color=theme.GREY,
        )
        words = "  ".join(f"{family} {_range(*values)}" for family, values in row["measured"].items())
        marks.label(
            axes,
            max(row["claimed"]),
            y,
            _range(row["claimed"][0], row["claimed"][-1]),
            offset=(7, 0),
            fontsize=8,
            color=RED,
            fontweight="bold",
        )
        axes.annotate(
            words,
            (0, y),
            xytext=(3, -9),
            textcoords="offset points",
            va="center",
            fontsize=7,
            color=theme.GREY,
            zorder=6,
        )
    lows = [min(value for value, _ in row["measured"].values()) for row in rows]
    axes.hlines(
        range(len(rows)),
        lows,
        [max(row["claimed"]) for row in rows],
        color=theme.PALE,
        linewidth=1.2,
        zorder=1,
    )
    for family, (shape, colour) in SHAPES.items():
        mine = [(y, *row["measured"][family]) for y, row in enumerate(rows) if family in row["measured"]]
        if mine:
            ys = [y for y, *_ in mine]
            axes.hlines(
                ys,
                [low for _, low, _ in mine],
                [high for *_, high in mine],
                color=colour,
                linewidth=3.2,
                zorder=3,
            )
            axes.plot(
                [(low + high) / 2 for _, low, high in mine], ys, shape, color=colour, markersize=5.5, zorder=4
            )
    for sure in (True, False):
        said = [(value, y) for y, row in enumerate(rows) if row["sure"] == sure for value in row["claimed"]]
        if said:
            axes.plot(
                *zip(*said, strict=True),
                "o",
                color=RED,
                markersize=6.5,
                zorder=5,
                markeredgewidth=1.5,
                markerfacecolor=RED if sure else "white",
            )
    axes.hlines(
        [y + 0.5 for y in range(len(rows) - 1)], 0, top * 1.3, color=theme.WASH, linewidth=0.6, zorder=0
    )
    families = {family for row in rows for family in row["measured"]}
    marks.key(axes, columns=4, lift=0.06, handles=_key(families), x=-0.58)


def _key(families: set[str]) -> list[Any]:
    from matplotlib.lines import Line2D

    handles = [
        Line2D(
            [],
            [],
            color=RED,
            marker="o",
            linestyle="none",
            markerfacecolor="white",
            markeredgewidth=1.5,
            label="stated",
        )
    ]
    for family, (shape, colour) in SHAPES.items():
        if family in families:
            handles.append(
                Line2D(
                    [],
                    [],
                    color=colour,
                    marker=shape,
                    linewidth=2.4,
                    markersize=5.5,
                    label=f"measured: {family}",
                )
            )
    return handles
