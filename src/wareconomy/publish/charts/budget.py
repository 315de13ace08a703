"""Charts of Russia's federal budget: the balance within the year, first against later prints, plans against outcome."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.ledger.query import Figure
from wareconomy.publish import revised, theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, assumed_note, make, val
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import brief, months_of, number, plural
from wareconomy.publish.theme import BLUE, GREY, MID, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure as Picture

BALANCE = "ru.budget.balance"
BUDGET = "minfin_budget"


def to_date(known: Known) -> list[Figure]:
    """January-to-month balances since 2020."""
    found = known.figures(BALANCE, date(2020, 1, 1))
    return [
        item
        for item in found
        if item.period.start.month == item.period.start.day == 1 and item.period.end is not None
    ]


def end_of(item: Figure) -> date:
    assert item.period.end is not None
    return item.period.end


def _amount(value: float) -> str:
    return f"{'deficit' if value < 0 else 'surplus'} of {brief(abs(value), 1)} bn RUB"


def balance_cumulative(known: Known) -> Chart | None:
    """The federal balance from 1 January to each month, one line per year."""
    found = to_date(known)
    if not found:
        return None
    years: dict[int, list[Figure]] = defaultdict(list)
    for item in found:
        years[item.period.start.year].append(item)
    newest = years[max(years)][-1]
    before = next((f for f in years.get(max(years) - 1, []) if end_of(f).month == end_of(newest).month), None)
    compared = (
        f"; {_amount(val(before))} in {months_of(before.period.start, end_of(before))}" if before else ""
    )
    provisional = [f for f in found if f.status == "P"]
    return make(
        known,
        "budget-balance-cumulative",
        "fiscal",
        "budget:draw_balance_cumulative",
        title=f"Federal {_amount(val(newest))} in {months_of(newest.period.start, end_of(newest))}{compared}",
        subtitle="Revenue minus expenditure of Russia's federal budget, cumulative from 1 January, RUB bn",
        alt=f"Line chart of the cumulative federal balance by month, one line per year from {min(years)} to {max(years)}. "
        f"The last point is a {_amount(val(newest))} for {months_of(newest.period.start, end_of(newest))}{compared}.",
        columns=("year", "through_month", "balance_rub_bn", "status", "known", "figure"),
        rows=[(f.period.start.year, end_of(f).month, f.value, f.status, f.vintage, f.id) for f in found],
        payload={
            "years": {
                str(year): [(end_of(f).month, f.value, f.status == "P") for f in items]
                for year, items in years.items()
            }
        },
        sources=[f.source for f in found],
        figures=[f.id for f in found],
        notes=[
            "Hollow points are preliminary prints, which later figures revised. Months without a figure are left open."
            if provisional
            else "Months without a figure are left open.",
            *assumed_note(found),
        ],
    )


def draw_balance_cumulative(figure: Picture, chart: Chart) -> None:
    """One line per year; the newest thick, the one before dashed, older ones thin with their year at the end."""
    years = {int(year): points for year, points in chart.payload["years"].items()}
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.55, right=1.12, head=0.08)
    newest = max(years)
    everything = [value for points in years.values() for _, value, _ in points]
    low, high = min(everything), max(everything)
    labels = []
    for year, points in sorted(years.items()):
        recent = newest - year
        colour = BLUE if recent == 0 else RED if recent == 1 else GREEN_OR_GREY[min(recent - 2, 4)]
        width = 2.6 if recent == 0 else 2.0 if recent == 1 else 1.1
        dash: Any = (
            "solid" if recent in (0, 2) else (0, (5, 1.6)) if recent == 1 else DASHES[(recent - 3) % 3]
        )
        runs: list[list[tuple[int, float]]] = []
        for month, value, _ in points:
            if runs and month == runs[-1][-1][0] + 1:
                runs[-1].append((month, value))
            else:
                runs.append([(month, value)])
        for run in runs:
            axes.plot(
                *zip(*run, strict=True),
                color=colour,
                linewidth=width,
                linestyle=dash,
                zorder=5 - min(recent, 3),
            )
        for hollow in (False, True):
            dots = [(month, value) for month, value, early in points if early == hollow]
            if dots and (hollow or recent < 2):
                axes.plot(
                    *zip(*dots, strict=True),
                    "o",
                    color=colour,
                    markersize=4.4 if recent < 2 else 3.2,
                    markerfacecolor="white" if hollow else colour,
                    zorder=6 - min(recent, 3),
                )
        month, value, _ = points[-1]
        if month == 12:
            labels.append((value, f"{year}: {brief(value, 1)}", colour))
        else:
            marks.label(
                axes,
                month,
                value,
                f"{year}: {brief(value, 1)}",
                offset=(7, 0),
                color=colour,
                fontweight="bold",
            )
    room = 0.06 * (high - low)
    marks.values(axes, low - room, max(high, 0) + room, count=6)
    axes.set_xlim(0.8, 12.15)
    axes.set_xticks(range(1, 13), marks.MONTHS)
    marks.end_labels(axes, labels)


GREEN_OR_GREY = (theme.GREEN, GREY, MID, MID, MID)
DASHES: tuple[Any, ...] = ((0, (1.2, 1.4)), (0, (4, 1.5, 1, 1.5)), (0, (2.5, 1.2)))


# ---------------------------------------------------------------------------- first and later prints


def first_and_final(known: Known) -> Chart | None:
    """The first print of each January-to-month balance beside the newest one, from 2023."""
    prints = [
        row
        for row in revised.first_prints(known.con, BALANCE, known.day)
        if row["period_start"] >= date(2023, 1, 1)
        and row["period_start"].month == row["period_start"].day == 1
        and row["source"] == BUDGET
    ]
    newest = {item.period.end: item for item in to_date(known)}
    pairs = []
    for row in prints:
        later = newest.get(row["period_end"])
        known_later = later is not None and later.vintage > row["vintage"] and later.value != row["value"]
        pairs.append((row, later if known_later else None))
    moved = [(val(later) - row["value"], row, later) for row, later in pairs if later]
    changes = [
        (change, row)
        for change, row, later in moved
        if revised.beyond_rounding(row["value"], row["printed"], val(later))
    ]
    if not changes:
        return None
    smaller = [change for change, row in changes if row["value"] < 0 and change > 0]
    within = sorted(change for change, row in changes if row["period_end"].month < 12)
    count = f"All {len(changes)}" if len(smaller) == len(changes) > 1 else f"{len(smaller)} of {len(changes)}"
    title = f"{count} first prints revised beyond rounding showed a larger deficit than the newest figure"
    if within and within[0] > 0:
        title += f", by {number(within[0])} to {number(within[-1])} bn RUB within the year"
    return make(
        known,
        "budget-first-and-final",
        "revisions",
        "budget:draw_first_and_final",
        title=title,
        subtitle="Federal balance from 1 January to the month named: first print and newest print, RUB bn",
        alt="Pairs of points by month, one panel per year: first print and newest print of the "
        f"cumulative federal balance. {title}.",
        columns=(
            "year",
            "through_month",
            "first_rub_bn",
            "first_known",
            "later_rub_bn",
            "later_known",
            "first_row",
            "later_figure",
        ),
        rows=[
            (
                row["period_end"].year,
                row["period_end"].month,
                row["value"],
                row["vintage"],
                later.value if later else None,
                later.vintage if later else None,
                row["observation"],
                later.id if later else None,
            )
            for row, later in pairs
        ],
        payload={
            "pairs": [
                (
                    row["period_end"].year,
                    row["period_end"].month,
                    row["value"],
                    later.value if later else None,
                )
                for row, later in pairs
            ]
        },
        sources=[BUDGET],
        figures=[*(row["observation"] for row, _ in pairs), *(later.id for _, later in pairs if later)],
        notes=[
            "Only months of which the ministry's preliminary release is held. "
            f"{revised.RULE}{_uncounted(len(moved) - len(changes))}",
            *assumed_note([later for _, later in pairs if later]),
        ],
    )


def _uncounted(within: int) -> str:
    if not within:
        return ""
    return f" {plural(within, 'pair')} so close {'is' if within == 1 else 'are'} drawn and not counted."


def draw_first_and_final(figure: Picture, chart: Chart) -> None:
    """A panel per year: hollow for the first print, filled for the later one, a thin line between them."""
    pairs = chart.payload["pairs"]
    years = sorted({year for year, *_ in pairs})
    every = [value for *_, first, later in pairs for value in (first, later) if value is not None]
    low, high = min([*every, 0]), max([*every, 0])
    room = 0.06 * (high - low)
    made = marks.panels(
        figure, theme.frame(figure, chart), columns=len(years), left=0.55, head=0.5, across=0.18
    )
    for place, (year, axes) in enumerate(zip(years, made, strict=True)):
        marks.values(axes, low - room, high + room, count=6)
        if place:
            axes.set_yticklabels([])
        marks.caption(axes, str(year))
        mine = [(month, first, later) for when, month, first, later in pairs if when == year]
        for month, first, later in mine:
            if later is not None:
                axes.plot([month, month], [first, later], color=MID, linewidth=1.4, zorder=3)
        axes.plot(
            [m for m, *_ in mine],
            [f for _, f, _ in mine],
            "o",
            color=RED,
            markerfacecolor="white",
            markersize=5.5,
            zorder=4,
            label="first print",
        )
        final = [(m, later) for m, _, later in mine if later is not None]
        axes.plot(
            [m for m, _ in final],
            [v for _, v in final],
            "D",
            color=BLUE,
            markersize=4.2,
            zorder=5,
            label="newest print",
        )
        axes.set_xlim(0.3, 12.7)
        axes.set_xticks(range(1, 13), [name[0] for name in marks.MONTHS])
        axes.tick_params(axis="x", length=0, labelsize=7.5)
    marks.key(made[0], columns=2, lift=0.27)
