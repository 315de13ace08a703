"""Charts of checks and chance: claimed over measured by claimant, coincidence over windows, pace around
acts, the weeks of one act.

Each shows its null beside the data, as a reader must see what chance alone looks like.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from wareconomy.ledger import act_names
from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, make
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, number, plural, short_day, signed
from wareconomy.publish.theme import BLUE, GREEN, GREY, INK, MID, OCHRE, PALE, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LONGEST = 14
REACH = 21
STOCK = "territory.occupied.deepstate"
QUESTION = "all-acts-ground-claims"
STUDY = "pace-after-acts"


def chance_by_window(known: Known) -> Chart | None:
    """How many signing days lie up to so many days after a statement, beside what whole-week shifts of the
    same dates give.
    """
    import numpy as np

    from wareconomy.analysis import coincidence, events, questions
    from wareconomy.analysis.dates import CannotTest, Record, dilate, flags, places, require

    question = questions.find(QUESTION)
    if known.day <= question.record_start:
        return None
    record = Record(question.record_start, known.day)
    acts = events.select_acts(known.con, question.acts, known.day)
    said = events.select_claims(known.con, question.claims, known.day)
    a, b = places(events.days(acts), record), places(events.days(said), record)
    windows = [(0, high) for high in range(LONGEST + 1)]
    try:
        require(a, b, record.days, windows, question.least, 0.95)
    except CannotTest:
        return None
    if record.days < 20 * coincidence.WEEK:
        return None
    marked = flags(b, record.days)
    null = coincidence.counts_of_shifts(a, np.stack([dilate(marked, low, high) for low, high in windows]))
    rows = []
    for place, (_, high) in enumerate(windows):
        low95, high95 = np.quantile(null[place], [0.025, 0.975])
        rows.append(
            (
                high,
                int(null[place][0]),
                float(null[place].mean()),
                float(low95),
                float(high95),
                coincidence.upper_p(null[place][0], null[place], True),
            )
        )
    best = min(row[5] for row in rows)
    wide = next(row for row in rows if row[0] == 7)
    title = (
        f"Within a week after a statement: {wide[1]} of {plural(len(a), 'signing day')}, where chance "
        f"gives {number(wide[2], 1)}"
    )
    return make(
        known,
        "chance-by-window",
        "links",
        "links:draw_chance_by_window",
        title=title,
        subtitle="Signing days of Russian economic acts up to so many days after a Russian statement about "
        "ground, towns or a zone, "
        f"{short_day(record.first)} to {short_day(record.last)}",
        alt=f"Line of counts by window with the band of chance, and the p of each window below. {title}. "
        f"The smallest p of any window is {number(best, 2)}.",
        columns=("window_days", "signing_days", "chance_mean", "chance_low", "chance_high", "p"),
        rows=rows,
        payload={"rows": rows, "n": len(a), "shifts": int(null.shape[1])},
        sources=["Statements as listed", "ru_law"],
        figures=[row for event in (*acts, *said) for row in event.rows if event.day >= record.first][:400],
        notes=[
            f"Chance: the list of acts shifted by each of {null.shape[1]} whole numbers of weeks; "
            "weekdays and clusters stay. "
            f"{len(windows)} windows are drawn and none was chosen; smallest p {number(best, 2)}. No link "
            "is claimed."
        ],
    )


def draw_chance_by_window(figure: Figure, chart: Chart) -> None:
    """Counts with their band above, exact p by window below."""
    rows = chart.payload["rows"]
    top, bottom = marks.panels(
        figure, theme.frame(figure, chart), rows=2, heights=(1.6, 1), left=0.4, head=0.26, gap=0.34
    )
    xs = [row[0] for row in rows]
    top.fill_between(
        xs, [row[3] for row in rows], [row[4] for row in rows], color=PALE, label="95% of shifts", zorder=1
    )
    top.plot(xs, [row[2] for row in rows], color=MID, linestyle=(0, (4, 2)), label="chance, mean", zorder=2)
    top.plot(xs, [row[1] for row in rows], "o-", color=BLUE, markersize=4, label="observed", zorder=3)
    marks.values(top, 0, max(max(row[4], row[1]) for row in rows) * 1.1)
    marks.key(top, columns=3)
    bottom.plot(
        xs,
        [row[5] for row in rows],
        "s-",
        color=OCHRE,
        markersize=4,
        label="share of shifts with as many or more (p)",
        zorder=3,
    )
    bottom.axhline(0.05, color=INK, linewidth=0.8, linestyle=(0, (2, 2)), zorder=2)
    bottom.text(xs[-1], 0.06, "0.05", ha="right", va="bottom", fontsize=8, color=INK)
    marks.values(bottom, 0, 1.02, digits=1, count=4)
    marks.key(bottom, columns=1)
    for axes, labelled in ((top, False), (bottom, True)):
        axes.set_xlim(-0.3, xs[-1] + 0.3)
        axes.set_xticks(xs, [number(x) if labelled else "" for x in xs])


def pace_around_acts(known: Known) -> Chart | None:
    """Event study: mean daily change of the occupied area around acts, with the band of the shifted lists."""
    from wareconomy.analysis import questions

    answer = questions.ask(known.con, questions.find(STUDY), known.day, power=False)
    run = answer.runs[0]
    if run.result is None:
        return None
    made = run.result
    inside = made.band_low <= made.effect <= made.band_high
    title = (
        f"Pace of the occupied area after {plural(made.used, 'tax or budget act')}: "
        f"{signed(made.effect, 1)} km² a day, "
        f"{'within' if inside else 'outside'} what shifted dates give"
    )
    return make(
        known,
        "pace-around-acts",
        "links",
        "links:draw_pace_around_acts",
        title=title,
        subtitle="Mean daily change of the area on the DeepState map by day around the signing, km², and "
        "the band of 95% of whole-week shifts of the dates",
        alt=f"Line by day around the event with a band. {title}. Mean over the week after minus the month "
        f"before; p {number(made.p, 2)}.",
        columns=("day", "mean_km2", "shifted_low", "shifted_high"),
        rows=made.profile,
        payload={"rows": made.profile, "pace": made.mean_pace},
        sources=["ru_law", "deepstate_mirror"],
        figures=[row for event in run.a for row in event.rows],
        notes=[
            f"Week after minus month before: {signed(made.effect, 1)} km² a day, shifted lists "
            f"{signed(made.band_low, 1)} to {signed(made.band_high, 1)}, p = {number(made.p, 2)}. "
            f"A change below {number(made.mde, 1)} km² a day would go unseen. Days of redraws and jumps "
            "above 50 km² are left out. No link is claimed."
        ],
    )


def draw_pace_around_acts(figure: Figure, chart: Chart) -> None:
    """Profile with its band; day zero upright."""
    rows = chart.payload["rows"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.45, head=0.28)
    xs = [row[0] for row in rows]
    axes.fill_between(
        xs,
        [row[2] for row in rows],
        [row[3] for row in rows],
        color=PALE,
        label="95% of shifted lists",
        zorder=1,
    )
    axes.axhline(
        chart.payload["pace"], color=MID, linestyle=(0, (4, 2)), linewidth=1.1, label="mean pace", zorder=2
    )
    axes.plot(xs, [row[1] for row in rows], "o-", color=BLUE, markersize=3.5, label="observed", zorder=3)
    axes.axvline(0, color=INK, linewidth=0.9, zorder=2)
    low, high = min(min(row[1], row[2]) for row in rows), max(max(row[1], row[3]) for row in rows)
    marks.values(axes, min(low * 1.1, 0), high * 1.1)
    axes.set_xlim(xs[0] - 0.4, xs[-1] + 0.4)
    axes.set_xticks(xs[::7], [signed(x) if x else "signed" for x in xs[::7]])
    marks.key(axes, columns=3)


def weeks_of_an_act(known: Known) -> Chart | None:
    """The newest told story on a line of days: acts, statements of both sides, and the daily change of the
    map.
    """
    from wareconomy.analysis import links
    from wareconomy.errors import UnknownName

    try:
        story = links.of_act(known.con, "ru-228-fz-2026", known.day)
    except UnknownName:
        told = [item for item in links.stories(known.con, known.day) if item.act and not item.control]
        if not told:
            return None
        story = max(told, key=lambda item: item.day)
    wide = links.around(known.con, story.day, known.day, row=story.act, reach=REACH)
    first, last = story.day - timedelta(days=REACH), story.day + timedelta(days=REACH)
    stock = {item.period.start: item.value for item in known.figures(STOCK) if item.value is not None}
    # The file of a day shows the evening before, so its change belongs to that day before.
    change = [
        (d, stock[d + timedelta(days=1)] - stock[d])
        for d in (first + timedelta(days=n) for n in range(2 * REACH + 1))
        if d in stock and d + timedelta(days=1) in stock
    ]
    redrawn = known.records(
        f"SELECT CAST(happened_on AS DATE) - 1 AS day FROM manual.breaks WHERE series = '{STOCK}' AND kind "
        "= 'redraw' "
        "AND length(happened_on) = 10 AND CAST(happened_on AS DATE) <= $day"
    )
    redraws = [row["day"] for row in redrawn if first <= row["day"] <= last]
    near = next(rate for rate in story.rates if rate.days == 3)
    said = [(row["said_on"], row["side"], row["id"]) for row in wide.claims]
    acts = [(row["signed_on"], row["act"]) for row in wide.acts]
    name = (act_names.told(story.act) if story.act else "") or story.name
    title = (
        f"The weeks around {name} ({day(story.day)}): {plural(near.statements, 'statement')} within "
        f"three days, where {number(100 * near.share)}% of days have one"
    )
    return make(
        known,
        "weeks-of-an-act",
        "links",
        "links:draw_weeks_of_an_act",
        title=title,
        subtitle="Acts signed, statements about ground, towns or a zone, and daily change of the area on "
        "the DeepState map, km²",
        alt=f"Dots by day in three rows above bars of daily change. {title}.",
        columns=("day", "kind", "id", "km2"),
        rows=[
            *((d, "act", n, None) for d, n in acts),
            *((d, f"statement, {side}", n, None) for d, side, n in said),
            *((d, "net change", "", v) for d, v in change),
        ],
        payload={
            "day": story.day,
            "first": first,
            "last": last,
            "acts": [d for d, _ in acts],
            "said": [(d, side) for d, side, _ in said],
            "change": change,
            "redraws": redraws,
        },
        sources=["Statements as listed", "ru_law", "deepstate_mirror"],
        figures=[f"claims:{n}" for *_, n in said],
        notes=[
            "Things are set side by side by date and nothing more. Base rate: share of days since February "
            "2024 with such a statement within three days. No link is claimed."
        ],
    )


def draw_weeks_of_an_act(figure: Figure, chart: Chart) -> None:
    """Three rows of dots, bars below, one upright line for the day itself."""
    from datetime import date

    data = chart.payload
    top, bottom = marks.panels(
        figure, theme.frame(figure, chart), rows=2, heights=(1, 1.1), left=1.25, head=0.12, gap=0.3
    )
    names = {"acts": 2, "russia": 1, "ukraine": 0}
    colours = {"acts": INK, "russia": RED, "ukraine": BLUE}
    shapes = {"acts": "D", "russia": "o", "ukraine": "s"}
    points = [("acts", text) for text in data["acts"]] + [
        (side, text) for text, side in data["said"] if side in names
    ]
    stacked: dict[tuple[str, str], int] = {}
    for kind, text in points:
        place = stacked[(kind, text)] = stacked.get((kind, text), -1) + 1
        top.plot(
            [marks.at(date.fromisoformat(text))],
            [names[kind] + 0.19 * (place - 1)],
            shapes[kind],
            color=colours[kind],
            markersize=4,
            zorder=3,
        )
    top.set_ylim(-0.6, 2.7)
    top.set_yticks([2, 1, 0], ["Acts signed", "Russian side", "Ukrainian side"])
    for when, value in data["change"]:
        if when in data["redraws"]:
            bottom.bar(
                marks.at(when),
                value,
                width=0.8,
                facecolor="white",
                edgecolor=MID,
                hatch="///",
                linewidth=0.8,
                zorder=2,
            )
            marks.label(
                bottom, when, value, "map redrawn", offset=(6, 6 if value < 0 else -6), fontsize=8, color=GREY
            )
            continue
        bottom.bar(marks.at(when), value, width=0.8, color=GREY if value >= 0 else GREEN, zorder=2)
    spread = [value for _, value in data["change"]] or [0.0]
    marks.values(bottom, min(*spread, 0.0) * 1.15 if min(*spread, 0.0) < 0 else 0, max(*spread, 5.0) * 1.15)
    if not data["change"]:
        bottom.text(0.5, 0.5, "no daily map", transform=bottom.transAxes, ha="center", color=GREY)
    for axes in (top, bottom):
        axes.axvline(marks.at(data["day"]), color=INK, linewidth=0.9, zorder=1)
        axes.set_xlim(marks.at(data["first"]) - 0.6, marks.at(data["last"]) + 0.6)
        ticks = [data["day"] + timedelta(days=7 * week) for week in range(-3, 4)]
        axes.set_xticks(
            [marks.at(tick) for tick in ticks], [short_day(tick).rsplit(" ", 1)[0] for tick in ticks]
        )
