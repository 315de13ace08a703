"""Charts of legislation: one legal parameter as known after each act, and the calendar of acts."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, make, month_back
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import brief, day, listed, month, plural
from wareconomy.publish.theme import BLUE, GREY, INK, MID, OCHRE, PALE, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

THRESHOLD = (
    "SELECT act, law_number, known, stage, value, valid_from, valid_to, superseded_by, file_line "
    "FROM manual.provisions_as_of($day) WHERE parameter = 'usn_vat_exemption_threshold' "
    "ORDER BY known, act, valid_from"
)
LAST_YEAR = 2032
LAWS = "Federal laws of Russia and the bill before them"


def sme_vat_threshold(known: Known) -> Chart | None:
    """The VAT threshold of small firms by year of application, as known after each act; a bill is dashed."""
    rows = known.records(THRESHOLD)
    acts: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in rows:
        acts[row["act"]].append(row)
    laws = [steps for steps in acts.values() if steps[0]["stage"] == "enacted"]
    if not laws:
        return None
    lines = [
        {
            "name": f"Law {steps[0]['law_number'].split(' ')[0]} of {day(steps[0]['known'])}"
            if steps[0]["stage"] == "enacted"
            else f"First reading of {day(steps[0]['known'])}, a proposal and never law",
            "law": steps[0]["stage"] == "enacted",
            "newest": steps is laws[-1],
            "steps": [
                (
                    row["valid_from"].year,
                    row["valid_to"].year if row["valid_to"] else LAST_YEAR - 1,
                    row["value"],
                )
                for row in steps
            ],
        }
        for steps in acts.values()
    ]
    return make(
        known,
        "sme-vat-threshold",
        "tax",
        "law:draw_sme_vat_threshold",
        title=_threshold_title(laws),
        subtitle="Annual income up to which payers of the simplified tax are exempt from VAT, RUB mn, by "
        "year of application",
        alt="Step lines of the VAT threshold of small firms by year of application, one line per act. "
        + " ".join(f"{item['name']}: {_steps(item['steps'])}." for item in lines),
        columns=("act", "known", "stage", "applies_from", "applies_to", "threshold_rub_mn", "figure"),
        rows=[
            (
                row["law_number"],
                row["known"],
                row["stage"],
                row["valid_from"],
                row["valid_to"],
                row["value"],
                f"provisions:{row['file_line']}",
            )
            for row in rows
        ],
        payload={"lines": lines},
        sources=[LAWS],
        figures=[f"provisions:{row['file_line']}" for row in rows],
        notes=[
            "Tested on the income of the year before. Firms that pass the limit during a year lose the exemption in "
            "that year; those running-year limits are not drawn. Lines that coincide are set side by side.",
            "A later law does not remove the rows of an earlier one: each line is the schedule as its law printed it.",
            "The text of 228-FZ was read in secondary sources." if "ru-228-fz-2026" in acts else "",
        ],
    )


def _steps(steps: list[tuple[int, int, float]]) -> str:
    return listed([f"{brief(value)} mn from {start}" for start, _, value in steps])


def _value_in(steps: list[dict[str, Any]], year: int) -> float | None:
    for row in steps:
        if row["valid_from"].year <= year and (row["valid_to"] is None or year <= row["valid_to"].year):
            return float(row["value"])
    return None


def _threshold_title(laws: list[list[dict[str, Any]]]) -> str:
    newest = laws[-1]
    if len(laws) > 1:
        before = laws[-2]
        for year in range(2025, LAST_YEAR):
            old, new = _value_in(before, year), _value_in(newest, year)
            if old is not None and new is not None and old != new:
                return (
                    f"VAT threshold of small firms for {year}: {brief(old)} mn RUB under the law of "
                    f"{day(before[0]['known'])}, {brief(new)} mn under that of {day(newest[0]['known'])}"
                )
        first = _value_in(before, before[0]["valid_from"].year)
        steps = listed([f"{brief(row['value'])} mn in {row['valid_from'].year}" for row in newest])
        return f"VAT threshold of small firms: from {brief(first or 0)} mn RUB in {before[0]['valid_from'].year} to {steps}"
    row = newest[0]
    return f"VAT threshold of small firms set at {brief(row['value'])} mn RUB from {row['valid_from'].year}"


def draw_sme_vat_threshold(figure: Figure, chart: Chart) -> None:
    """Step lines; older laws thin, the newest thick, the proposal dashed."""
    lines = chart.payload["lines"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.35, head=0.3 + 0.17 * (len(lines) > 2))
    colours = iter((GREY, OCHRE, RED, theme.PURPLE))
    for place, item in enumerate(lines):
        colour = BLUE if item["newest"] else RED if not item["law"] else next(colours)
        dash: Any = (0, (2.5, 2)) if not item["law"] else "solid" if item["newest"] else (0, (7, 2))
        shift = 0.0 if item["newest"] else -0.75 if not item["law"] else 0.75 * (place % 2 or 1)
        xs: list[float] = []
        ys: list[float] = []
        for start, end, value in item["steps"]:
            xs += [start, end + 1]
            ys += [value + shift, value + shift]
        wide = 2.8 if item["newest"] else 1.7
        axes.plot(
            xs,
            ys,
            color=colour,
            linestyle=dash,
            linewidth=wide,
            label=item["name"],
            zorder=4 if item["newest"] else 3,
        )
        for start, end, value in item["steps"]:
            inside = item["newest"] or (item["law"] and not _same(lines, item, start, value))
            if inside:
                crowded = not item["newest"] and (_above(lines, start) - value) <= 6
                rise = (0, -9 if crowded else 9)
                marks.label(
                    axes,
                    (start + min(end + 1, start + 1)) / 2,
                    value + shift,
                    brief(value),
                    offset=rise,
                    ha="center",
                    color=colour,
                    fontweight="bold" if item["newest"] else "normal",
                )
            elif not item["law"]:
                marks.label(
                    axes,
                    start + 0.5,
                    value + shift,
                    f"{brief(value)} proposed",
                    offset=(0, -9),
                    ha="center",
                    color=colour,
                )
    top = max(value for item in lines for *_, value in item["steps"])
    marks.values(axes, 0, max(top * 1.12, 25), count=6)
    first = min(start for item in lines for start, *_ in item["steps"])
    axes.set_xlim(first, LAST_YEAR)
    axes.set_xticks([year + 0.5 for year in range(first, LAST_YEAR)])
    names = [str(year) for year in range(first, LAST_YEAR)]
    axes.set_xticklabels([*names[:-1], f"{names[-1]} on"])
    axes.tick_params(axis="x", length=0)
    for year in range(first + 1, LAST_YEAR):
        axes.axvline(year, color=PALE, linewidth=0.5, zorder=0)
    marks.key(axes, columns=2 if len(lines) > 2 else 3, lift=0.05)


def _above(lines: list[dict[str, Any]], year: int) -> float:
    newest = next(line for line in lines if line["newest"])
    return next((amount for first, last, amount in newest["steps"] if first <= year <= last), 1e9)


def _same(lines: list[dict[str, Any]], item: dict[str, Any], start: int, value: float) -> bool:
    newest = next(line for line in lines if line["newest"])
    return any(first <= start <= last and amount == value for first, last, amount in newest["steps"])


# ---------------------------------------------------------------------------- calendar of acts

CALENDAR = (
    "SELECT date_trunc('month', known)::DATE AS month, category, stage IN ('proposed', 'statement') AS proposal, "
    "count(DISTINCT act) AS acts, list(id ORDER BY id) AS ids FROM acts_as_of($day) WHERE known >= $start "
    "GROUP BY ALL ORDER BY ALL"
)
NAMES = {
    "asset_nationalisation": "Asset seizure and exit terms",
    "budget_law": "Budget laws",
    "budget_rule_nwf": "Budget rule and the fund",
    "capital_controls": "Capital controls",
    "corporate_tax": "Profit tax",
    "currency_controls": "Currency rules",
    "export_duty": "Export duties",
    "external_financing": "External financing",
    "income_tax": "Income tax and levy",
    "mobilisation_economy": "Mobilisation",
    "oil_gas_tax": "Oil and gas taxes",
    "other": "Other economic measures",
    "procurement": "State and defence orders",
    "sanctions_response": "Reply to sanctions",
    "sme_tax": "Small-business taxes",
    "soldier_benefits": "Soldiers' payments",
    "subsidies": "Subsidies",
    "utilisation_fee": "Vehicle recycling fee",
    "vat": "Value-added tax",
    "war_bonds": "War bonds",
    "windfall": "Windfall levies",
}
MONTHS_SHOWN = 24


def acts_calendar(known: Known) -> Chart | None:
    """How many acts and proposals became known in each month, by subject, over two years."""
    start = month_back(known.day, MONTHS_SHOWN - 1)
    rows = known.records(CALENDAR, start=start)
    if not rows:
        return None
    months = [month_back(known.day, back) for back in range(MONTHS_SHOWN - 1, -1, -1)]
    totals: dict[str, int] = defaultdict(int)
    by_month: dict[date, set[str]] = defaultdict(set)
    for row in rows:
        totals[row["category"]] += row["acts"]
    subjects = sorted(totals, key=lambda name: (-totals[name], name))
    counted = known.records(
        "SELECT count(DISTINCT act) FILTER (NOT stage IN ('proposed', 'statement')) AS acts, "
        "count(DISTINCT act) FILTER (stage IN ('proposed', 'statement')) AS proposals FROM "
        "acts_as_of($day) WHERE known >= $start",
        start=start,
    )[0]
    for row in rows:
        if not row["proposal"]:
            by_month[row["month"]].update(row["ids"])
    busiest = known.records(
        "SELECT date_trunc('month', known)::DATE AS month, count(DISTINCT act) AS acts FROM acts_as_of($day) "
        "WHERE known >= $start AND stage NOT IN ('proposed', 'statement') GROUP BY ALL ORDER BY acts DESC, month LIMIT 1",
        start=start,
    )
    best = (
        f"; {plural(busiest[0]['acts'], 'act')} in {month(busiest[0]['month'])}, the most of a month"
        if busiest
        else ""
    )
    return make(
        known,
        "acts-calendar",
        "law",
        "law:draw_acts_calendar",
        title=f"{plural(counted['acts'], 'act')} and {plural(counted['proposals'], 'proposal')} in two years{best}",
        subtitle=f"Acts of Russia, Ukraine and the EU in the ledger by subject and month they became known, {month(start)} "
        f"to {month(known.day)}; an act with several subjects counts once in each",
        alt="A calendar of counts, subjects by months. "
        + "; ".join(f"{NAMES.get(name, name)}: {totals[name]}" for name in subjects)
        + ".",
        columns=("month", "subject", "proposal", "acts", "figures"),
        rows=[
            (row["month"], row["category"], row["proposal"], row["acts"], " ".join(row["ids"]))
            for row in rows
        ],
        payload={
            "tall": True,
            "months": months,
            "subjects": [NAMES.get(name, name) for name in subjects],
            "cells": [
                (
                    subjects.index(row["category"]),
                    months.index(row["month"]),
                    bool(row["proposal"]),
                    row["acts"],
                )
                for row in rows
            ],
        },
        sources=["Acts and bills of Russia, Ukraine and the EU"],
        figures=[f"acts:{name}" for row in rows for name in row["ids"]],
        notes=[
            "Filled: signed or adopted. Dashed outline: bills, plans and statements, which are not law. Day known is the "
            "signing or publication day; where only a month is printed, the month's last day. The ledger "
            "is a selection, not every act.",
        ],
    )


def draw_acts_calendar(figure: Figure, chart: Chart) -> None:
    """A grid with the count printed in each cell; proposals have a dashed outline and no fill."""
    from matplotlib.patches import Rectangle

    data = chart.payload
    subjects, months = data["subjects"], data["months"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=1.78, head=0.12, foot=0.34)
    axes.grid(visible=False)
    axes.set_xlim(0, len(months))
    axes.set_ylim(len(subjects), 0)
    for row in range(len(subjects) + 1):
        axes.axhline(row, color=PALE, linewidth=0.5, zorder=0)
    both = {(row, column) for row, column, proposal, _ in data["cells"] if proposal}
    both &= {(row, column) for row, column, proposal, _ in data["cells"] if not proposal}
    for row, column, proposal, count in data["cells"]:
        shared = (row, column) in both
        x = column + (0.5 if shared and proposal else 0.06)
        wide = 0.44 if shared else 0.88
        fill = "white" if proposal else _shade(count)
        box = Rectangle(
            (x, row + 0.12),
            wide,
            0.76,
            facecolor=fill,
            edgecolor=INK if proposal else fill,
            linestyle=(0, (2, 1.4)) if proposal else "solid",
            linewidth=0.8,
        )
        axes.add_patch(box)
        colour = INK if proposal or count < 3 else "white"
        axes.text(x + wide / 2, row + 0.52, str(count), ha="center", va="center", fontsize=8, color=colour)
    axes.set_yticks([row + 0.5 for row in range(len(subjects))], subjects)
    axes.set_xticks(
        [column + 0.5 for column in range(len(months))],
        [
            marks.MONTHS[when.month - 1][0] + (f"\n{when.year}" if when.month == 1 or not i else "")
            for i, when in enumerate(months)
        ],
    )
    axes.tick_params(axis="x", length=0)
    for column, when in enumerate(months):
        if when.month == 1 and column:
            axes.axvline(column, color=MID, linewidth=0.8, zorder=1)


def _shade(count: int) -> str:
    return ("#BFDDF0", "#BFDDF0", "#7FB9DF", "#2A86BF", BLUE, "#00558A")[min(count, 5)]
