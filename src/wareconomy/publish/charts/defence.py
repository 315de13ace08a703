"""The line national defence of Russia's budget: outcomes to 2021, and only plans, bills and estimates since."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, make
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import brief, month, number
from wareconomy.publish.theme import BLUE, GREY, OCHRE, PURPLE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LINE = "ru.defence.national_defence"
KINDS = {LINE: "outcome", f"{LINE}.plan": "law", f"{LINE}.draft": "bill", f"{LINE}.estimate": "estimate"}
BLACKOUT = (
    "SELECT id FROM manual.blackouts WHERE series = $series "
    "AND starts_on <= strftime($day::DATE, '%Y-%m') ORDER BY id LIMIT 1"
)


def defence_lines(known: Known) -> Chart | None:
    """Outcomes, laws, bills and estimates of national defence by year, the blackout hatched."""
    rows: list[tuple[Any, ...]] = []
    for row in known.prints(*KINDS):
        start, end = row["period_start"], row["period_end"]
        whole = (start.month, start.day, end.month, end.day) == (1, 1, 12, 31) and start.year == end.year
        entry = (
            start.year,
            KINDS[row["series"]],
            row["vintage"],
            row["value"],
            row["source"],
            row["observation"],
        )
        if (
            whole
            and (entry[1] != "outcome" or start.year >= 2018)
            and entry[:4] not in {seen[:4] for seen in rows}
        ):
            rows.append(entry)
    newest: dict[int, tuple[Any, ...]] = {}
    for entry in rows:
        if entry[1] == "outcome" and (entry[0] not in newest or entry[2] >= newest[entry[0]][2]):
            newest[entry[0]] = entry
    rows = sorted(
        [r for r in rows if r[1] != "outcome"] + list(newest.values()), key=lambda r: (r[0], r[1], r[2], r[3])
    )
    if not rows:
        return None
    gaps = known.records(BLACKOUT, series=LINE)
    return make(
        known,
        "defence-lines",
        "defence",
        "defence:draw_defence_lines",
        title=_title(rows),
        subtitle="Budget section “national defence” by year, RUB bn; the small numbers are the range of a year’s prints",
        alt="Bars for outcomes to 2021, then only marks for laws, bills and estimates, with the years "
        "without published outcomes hatched. " + _title(rows) + ".",
        columns=("year", "kind", "known", "rub_bn", "source", "figure"),
        rows=rows,
        payload={"points": [row[:4] for row in rows], "blackout": bool(gaps)},
        sources=[row[4] for row in rows],
        figures=[*(row[5] for row in rows), *(f"blackouts:{gap['id']}" for gap in gaps)],
        notes=[
            "Since January 2022 the ministry publishes no spending by section: after 2021 there is no "
            "outcome, only intentions and estimates. "
            "Several marks of one year are prints of different days or sources that disagree.",
            "The section leaves out spending on security, pensions of soldiers and what regions pay.",
        ],
    )


def _title(rows: list[tuple[Any, ...]]) -> str:
    done = [row for row in rows if row[1] == "outcome"]
    parts = []
    if done:
        parts.append(f"{brief(done[-1][3], 1)} bn RUB in {done[-1][0]}, the last published outcome")
    plans = [row for row in rows if row[1] in ("law", "bill")]
    if plans:
        ahead = max(row[2] for row in plans)
        newest = max((row for row in plans if row[2] == ahead), key=lambda row: -row[0])
        words = "in the budget law" if newest[1] == "law" else "in the bill"
        parts.append(f"{brief(newest[3], 1)} bn RUB for {newest[0]} {words} ({month(newest[2])})")
    return "National defence: " + "; ".join(parts) if parts else "National defence in the federal budget"


def draw_defence_lines(figure: Figure, chart: Chart) -> None:
    """Bars, marks and a hatched span; each kind of print has its own shape."""
    points = chart.payload["points"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.55, head=0.3)
    years = [year for year, *_ in points]
    first, last = min(years), max(years)
    top = max(value for *_, value in points)
    marks.values(axes, 0, top * 1.2, count=6)
    axes.set_xlim(first - 0.6, last + 0.6)
    axes.set_xticks(range(first, last + 1))
    axes.tick_params(axis="x", length=0)
    if chart.payload["blackout"] and last >= 2022:
        marks.blackout(axes, 2021.5, last + 0.6, "no outcomes published since January 2022")
    done = [(year, value) for year, kind, _, value in points if kind == "outcome"]
    if done:
        axes.bar(
            [year for year, _ in done],
            [value for _, value in done],
            width=0.55,
            color=BLUE,
            label="outcome",
            zorder=3,
        )
        for year, value in done:
            marks.label(axes, year, value, number(value), offset=(0, 8), ha="center", color=BLUE)
    for kind, text, shape, colour, fill, shift in (
        ("law", "budget law", "s", BLUE, BLUE, 0.0),
        ("bill", "bill (not law)", "D", OCHRE, "white", -0.16),
        ("estimate", "estimate", "^", PURPLE, "white", 0.16),
    ):
        mine = [(year, value) for year, name, _, value in points if name == kind]
        if mine:
            axes.plot(
                [year + shift for year, _ in mine],
                [value for _, value in mine],
                shape,
                color=colour,
                markerfacecolor=fill,
                markersize=7,
                markeredgewidth=1.4,
                linestyle="none",
                label=text,
                zorder=5,
            )
    for year in sorted({year for year, kind, *_ in points if kind != "outcome"}):
        ends = sorted({value for when, kind, _, value in points if when == year and kind != "outcome"})
        text = number(ends[0]) if len(ends) == 1 else f"{number(ends[0])} to\n{number(ends[-1])}"
        marks.label(axes, year, 0, text, offset=(0, 16), ha="center", fontsize=8, color=GREY)
    marks.key(axes, columns=4, lift=0.07)
