"""Statements of area taken beside what independent mappers measured, in square kilometres.

The figures are those of the published rule (analysis.claims): one for each independent family over the days the
verdict is about, and the interval of all together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.publish import covered, keeping, lettering, theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, make
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import claimant, left_out, number, plural, short_day, span
from wareconomy.publish.theme import BLUE, GREEN, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

    from wareconomy.analysis.claims.checks import Check

WHOLE_FRONT = 4
"""A statement on fewer oblasts is about a part of the front and is left out here."""
ROWS = 24
"""Lines that can be read at the height of a tall chart."""


@dataclass(slots=True)
class Row:
    """One statement (wire versions joined), what each family measured, and the interval of all together."""

    ids: list[str]
    speaker: str
    said: date
    check: Check
    claimed: list[float]
    sure: bool


def claimed_and_measured(known: Known) -> Chart | None:
    """Russian statements of area taken on the whole front, each beside the measurements of its days."""
    from wareconomy.analysis.claims import rule, stored

    loaded = rule.load()
    rows = _rows(known, stored.all_checks(known.con, known.day))
    if not rows:
        return None
    shown = rows[-ROWS:]
    days = covered.read(known.con)
    title = f"{plural(len(shown), 'Russian statement')} of area taken, beside what mappers measured"
    families = {item.family for row in shown for item in row.check.estimates}
    return make(
        known,
        "claimed-and-measured",
        "claims",
        "claims:draw_claimed_and_measured",
        title=title,
        subtitle="Area said to be taken by Russian forces on the whole front, and the change measured over the same "
        f"days (or those in brackets, at most {loaded.tolerance} days off) with its 95% interval by {loaded.name}, km²",
        alt=f"Points by statement, stated beside measured. {title}. "
        + " ".join(_sentence(row, loaded, days) for row in shown),
        columns=(
            "claims",
            "speaker",
            "said",
            "from",
            "to",
            "claimed_km2",
            "measurer",
            "measured_km2",
            "all_low_km2",
            "all_high_km2",
            "measured_from",
            "measured_to",
            "rows",
        ),
        rows=[
            (
                " ".join(row.ids),
                row.speaker,
                row.said,
                row.check.start,
                row.check.end,
                _claimed(row),
                loaded.title(item.family),
                item.value,
                *_interval(row),
                *_covers(row, item.rows, days),
                " ".join(item.rows),
            )
            for row in shown
            for item in row.check.estimates
        ],
        payload={
            "tall": True,
            "rows": [
                {
                    "label": f"{claimant(row.speaker)}, {short_day(row.said)}",
                    "period": _span(row),
                    "claimed": sorted(row.claimed),
                    "sure": row.sure,
                    "measured": {loaded.title(item.family): item.value for item in row.check.estimates},
                    "other_days": {
                        loaded.title(item.family): words
                        for item in row.check.estimates
                        if (words := _other_days(row, item.rows, days))
                    },
                    "interval": _interval(row),
                }
                for row in shown
            ],
        },
        sources=[
            "Statements as listed",
            *(["deepstate_mirror"] if "deepstate" in families else []),
            *(["isw"] if "isw" in families else []),
        ],
        figures=[f"claims:{name}" for row in shown for name in row.ids]
        + [name for row in shown for name in row.check.rows()],
        notes=[
            f"“More than” is drawn as the number said. {keeping.HOLLOW} "
            "Grey: the interval of what was measured. AFP’s figures include areas Russia claims and are left out.",
            "Statements on part of the front, shares and towns are left out, as are Ukrainian statements on regained "
            "land: the ledger has no measurement of the same definition and area."
            + left_out(len(rows) - len(shown)),
        ],
    )


def _rows(known: Known, checks: list[Check]) -> list[Row]:
    """Judged Russian statements on the whole front, oldest first; a wire version joins its statement."""
    table = {row["id"]: row for row in known.records("SELECT * FROM claims_as_of($day)")}
    made: dict[str, Row] = {}
    for item in sorted(checks, key=lambda one: (table[one.claim]["said_on"] or "", one.claim)):
        row = table[item.claim]
        if item.view != "now" or row["side"] != "russia" or item.unit != "km2" or not item.estimates:
            continue
        if row["variant_of"] in made:
            made[row["variant_of"]].claimed.append(row["quantity"])
            made[row["variant_of"]].ids.append(item.claim)
        elif len(row["said_on"] or "") == 10 and "part_of_the_front" not in item.reasons:
            said, sure = date.fromisoformat(row["said_on"]), keeping.sure(row)
            made[item.claim] = Row([item.claim], row["speaker"], said, item, [row["quantity"]], sure)
    return list(made.values())


def _covers(row: Row, names: Sequence[str], days: covered.Days) -> tuple[date | None, date | None]:
    """The first and the last day a measurement covers."""
    found = covered.other(row.check, names, days)
    return (found.start, found.end) if found else (row.check.start, row.check.end)


def _other_days(row: Row, names: Sequence[str], days: covered.Days) -> str:
    """The ends in which a printed figure's days are not the statement's: `to 31 Dec`, `31 Dec–13 Jan`, or nothing."""
    found = covered.other(row.check, names, days)
    if found is None or found.end is None:
        return ""
    first, last = (short_day(day).rsplit(" ", 1)[0] for day in (found.start, found.end))
    return f"to {last}" if found.start == row.check.start else f"{first}–{last}"


def _span(row: Row) -> str:
    assert row.check.start is not None
    assert row.check.end is not None
    return span(row.check.start, row.check.end)


def _interval(row: Row) -> tuple[float, float]:
    assert row.check.judged is not None
    assert row.check.judged.measured is not None
    return row.check.judged.measured.low, row.check.judged.measured.high


def _claimed(row: Row) -> str:
    return "–".join(number(value) for value in sorted(row.claimed))


def _sentence(row: Row, loaded: Any, days: covered.Days) -> str:
    parts = ", ".join(
        f"{loaded.title(item.family)} {number(item.value)}{_bracket(_other_days(row, item.rows, days))}"
        for item in row.check.estimates
    )
    low, high = _interval(row)
    ends = f"{number(low)} to {number(high)}"
    return f"{row.speaker}, {_span(row)}: {_claimed(row)} stated, {parts} measured, interval {ends}."


STATED, MEASURED = 8, 7
"""Points of the numbers beside a row."""
LEAD, BETWEEN = 8, 6
"""Points before each of them."""
MOST = 0.75
"""Share of the axis that the numbers beside a row may take: the marks keep the rest."""
TICK = 0.42
"""Inches a number of the axis takes."""
SHAPES: dict[str, tuple[str, str]] = {
    "DeepState": ("s", BLUE),
    "ISW": ("D", GREEN),
    "Black Bird Group": ("v", theme.PURPLE),
}


def draw_claimed_and_measured(figure: Picture, chart: Chart) -> None:
    """One line per statement: stated in red, each family and the interval of all, the numbers printed beside."""
    rows: list[dict[str, Any]] = chart.payload["rows"][::-1]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=2.95, right=0.12, head=0.3)
    top = max(max(max(row["claimed"]), row["interval"][1]) for row in rows)
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=theme.PALE, linewidth=0.6)
    low = min(0, *(row["interval"][0] for row in rows))
    wide = marks.inches(axes)[0]
    reach = _reach(rows, low, wide)
    axes.set_xlim(low, low + reach)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_yticks(range(len(rows)), [row["label"] for row in rows])
    step = 200 if top <= 2500 else 1000 if 1000 * wide / reach > TICK else 2000
    ticks = range(0, int(top * 1.05), step)
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
        axes.hlines(y, *row["interval"], color=theme.PALE, linewidth=7, zorder=1)
        stated, measured = _printed(row)
        said = axes.annotate(
            stated,
            (_end(row), y),
            xytext=(LEAD, 0),
            textcoords="offset points",
            va="center",
            fontsize=STATED,
            color=RED,
            fontweight="bold",
        )
        axes.annotate(
            measured,
            (1, 0.5),
            xycoords=said,
            xytext=(BETWEEN, 0),
            textcoords="offset points",
            va="center",
            fontsize=MEASURED,
            color=theme.GREY,
        )
    for family, (shape, colour) in SHAPES.items():
        mine = [(row["measured"][family], y) for y, row in enumerate(rows) if family in row["measured"]]
        if mine:
            axes.plot(*zip(*mine, strict=True), shape, color=colour, markersize=5.5, zorder=4)
    for sure in (True, False):
        points = [(value, y) for y, row in enumerate(rows) if row["sure"] == sure for value in row["claimed"]]
        if points:
            axes.plot(
                *zip(*points, strict=True),
                "o",
                color=RED,
                markersize=6.5,
                zorder=5,
                markeredgewidth=1.5,
                markerfacecolor=RED if sure else "white",
            )
    families = {family for row in rows for family in row["measured"]}
    marks.key(axes, columns=4, lift=0.06, handles=_key(families), x=-0.58)


def _end(row: dict[str, Any]) -> float:
    """Where the marks of a row end."""
    return float(max(row["claimed"][-1], row["interval"][1]))


def _printed(row: dict[str, Any]) -> tuple[str, str]:
    """The numbers printed beside a row: stated, and measured by each family."""
    values = row["claimed"] if len(row["claimed"]) < 3 else (row["claimed"][0], row["claimed"][-1])
    stated = "–".join(number(value) for value in values)
    measured = [
        f"{family} {number(value)}{_bracket(row['other_days'].get(family, ''))}"
        for family, value in row["measured"].items()
    ]
    return stated, ", ".join(measured)


def _bracket(words: str) -> str:
    return f" ({words})" if words else ""


def _reach(rows: list[dict[str, Any]], low: float, wide: float) -> float:
    """How far an axis `wide` inches long must go from `low`, so that every row's numbers end where it does."""
    reach = []
    for row in rows:
        stated, measured = _printed(row)
        taken = (LEAD + BETWEEN) / lettering.POINTS
        taken += lettering.width(stated, STATED, bold=True) + lettering.width(measured, MEASURED)
        reach.append((_end(row) - low) * wide / (wide - min(taken, MOST * wide)))
    return max(reach) or 1.0


def _key(families: set[str]) -> list[Any]:
    from matplotlib.lines import Line2D

    return [
        Line2D([], [], color=RED, marker="o", linestyle="none", markersize=6.5, label="stated"),
        *(
            Line2D(
                [],
                [],
                color=colour,
                marker=shape,
                linestyle="none",
                markersize=5.5,
                label=f"measured: {family}",
            )
            for family, (shape, colour) in SHAPES.items()
            if family in families
        ),
        Line2D([], [], color=theme.PALE, linewidth=7, solid_capstyle="butt", label="95% interval"),
    ]
