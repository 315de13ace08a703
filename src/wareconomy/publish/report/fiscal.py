"""The federal budget of Russia: balance, revenue and expenditure against plan, year before and first print."""

from __future__ import annotations

from datetime import date

from wareconomy.publish import language as lang
from wareconomy.publish import revised
from wareconomy.publish.document import Block, Inline, Section
from wareconomy.publish.report.desk import Cell, Desk, dated, note, say, section, table

LINES = (
    ("ru.budget.revenue", "Revenue"),
    ("ru.budget.revenue_oil_gas", "of which oil and gas"),
    ("ru.budget.revenue_non_oil_gas", "of which other revenue"),
    ("ru.budget.expenditure", "Expenditure"),
    ("ru.budget.balance", "Balance"),
)
FIRST_PRINTS = 12
RECENT = 200
"""Days behind the newest total after which a month or a sum of twelve is too old to stand beside it."""


def compose(desk: Desk) -> Section:
    """Execution against plan, the vintages of the plan, first prints beside later figures."""
    blocks: list[Block | None] = [
        _execution(desk),
        *_flows(desk),
        *desk.pictures("fiscal"),
        _plans(desk),
        _first_prints(desk),
        note(
            "Monthly budget figures are totals from 1 January. A minus is a deficit. A plan, a bill and an "
            "estimate are never "
            "shown as an outcome. Single months are differences of two totals of the same edition only, as later editions "
            "move earlier months."
        ),
    ]
    return section("fiscal", "Fiscal measures: the federal budget of Russia", blocks)


def _execution(desk: Desk) -> Block:
    now = desk.last("ru.budget.balance")
    if now is None or now.period.end is None:
        return say(f"No outcome of the federal budget was known on {lang.day(desk.as_of)}.")
    start, end = now.period.start, now.period.end
    year = (date(end.year, 1, 1), date(end.year, 12, 31))
    last_year_end = date(end.year - 1, end.month, 28 if end.month == 2 else end.day)
    if end.month == 2 and (end.year - 1) % 4 == 0:
        last_year_end = date(end.year - 1, 2, 29)
    rows: list[list[Cell]] = []
    for series, name in LINES:
        got = desk.at(series, start, end)
        plan = desk.at(f"{series}.plan", *year)
        used = desk.at(f"{series}.plan_used", start, end)
        before = desk.at(series, date(end.year - 1, 1, 1), last_year_end)
        first = desk.first_print(before) if before else None
        printed: Cell = lang.NOT_KNOWN
        if first:
            printed = desk.printed(first)
        share: Cell = desk.fig(used, lang.percent(used.value)) if used else lang.NOT_KNOWN
        rows.append([name, desk.plain(got), desk.plain(plan), share, printed, desk.plain(before)])
    heads = (
        "Line",
        lang.period(start, end),
        f"Plan of {end.year}",
        "Plan used",
        "Year earlier, first print",
        "Year earlier, as known now",
    )
    return table(f"The budget in {lang.period(start, end)}, bn RUB", heads, rows, numeric=(1, 2, 3, 4, 5))


def _flows(desk: Desk) -> list[Block]:
    newest = desk.last("ru.budget.balance")
    if newest is None or newest.period.end is None:
        return []
    month, year = desk.last("ru.budget.balance.month"), desk.last("ru.budget.balance.rolling12")
    if year and year.period.end and (newest.period.end - year.period.end).days > RECENT:
        year = None
    blocks: list[Block] = []
    if month and month.value is not None and (newest.period.end - month.period.start).days <= RECENT:
        kind = "deficit" if month.value < 0 else "surplus"
        blocks.append(
            say(
                "The newest single month that two totals of one edition give is "
                f"{lang.month(month.period.start)}: a {kind} of ",
                desk.fig(month, lang.readable(abs(month.value), "RUB bn")),
                ".",
                *(
                    [
                        f" Over the twelve months to {lang.month(year.period.end)} the balance adds up to ",
                        desk.fig(year, lang.readable(year.value, "RUB bn")),
                        ".",
                    ]
                    if year and year.period.end
                    else []
                ),
            )
        )
    left = desk.last("ru.budget.financing.residual")
    domestic = (
        desk.at("ru.budget.net_domestic_borrowing", left.period.start, left.period.end) if left else None
    )
    if left and left.period.end and (newest.period.end - left.period.end).days > 2 * RECENT:
        return blocks
    if left and domestic and left.value is not None:
        total = desk.at("ru.budget.balance", left.period.start, left.period.end)
        blocks.append(
            say(
                f"Of the balance of {lang.period(left.period.start, left.period.end)} (",
                desk.fig(total),
                "), net domestic borrowing covered ",
                desk.fig(domestic),
                "; the remaining ",
                desk.fig(left),
                " was closed in other ways, which these figures do not split.",
            )
        )
    return blocks


def _plans(desk: Desk) -> Block | None:
    sql = (
        "SELECT period_start, vintage, value, observation, basis, edition FROM observations "
        "WHERE series = 'ru.budget.balance.plan' AND vintage <= $day AND restates IS NULL AND value IS NOT NULL "
        "AND year(period_start) BETWEEN $first AND $last "
        "QUALIFY row_number() OVER (PARTITION BY period_start, vintage ORDER BY length(printed) DESC, observation) = 1 "
        "ORDER BY period_start, vintage"
    )
    found = desk.rows(sql, {"first": desk.as_of.year - 1, "last": desk.as_of.year + 2})
    if not found:
        return None
    rows: list[list[Cell]] = []
    for row in found:
        known = dated(row["vintage"], row["basis"])
        rows.append([str(row["period_start"].year), desk.printed(row), known, _edition(row["edition"])])
    return table(
        "What budget laws planned as the balance, bn RUB",
        ("Year", "Planned balance", "Known since", "Law"),
        rows,
        (1,),
    )


def _edition(name: str) -> str:
    """`plan_original_2026-28` in words."""
    kind, _, years = name.removeprefix("plan_").rpartition("_")
    words = {
        "original": "budget law",
        "amendment": "amendment",
        "amendment1": "first amendment",
        "amendment2": "second amendment",
    }
    return f"{words[kind]} {years.replace('-', lang.DASH)}" if kind in words else name.replace("_", " ")


def _first_prints(desk: Desk) -> Block | None:
    known = [
        item
        for item in desk.figures("ru.budget.balance")
        if item.period.start.month == 1 and item.period.start.day == 1
    ]
    known.sort(key=lambda item: item.period.end or date.max)
    firsts = {
        (row["source"], row["period_start"], row["period_end"]): row
        for row in revised.first_prints(desk.con, "ru.budget.balance", desk.as_of)
    }
    rows: list[list[Cell]] = []
    for item in reversed(known):
        first = firsts.get((item.source, item.period.start, item.period.end))
        if len(rows) == FIRST_PRINTS or first is None or item.value is None:
            continue
        if first["vintage"] >= item.vintage:
            continue
        printed = desk.printed(first)
        change = item.value - first["value"]
        gap: Inline = "within rounding"
        if revised.beyond_rounding(first["value"], first["printed"], item.value):
            gap = desk.calc(
                f"balance-revision-{item.period}",
                change,
                lang.signed(change, 1),
                "figure as known now minus first print",
                [item.id, printed],
            )
        rows.append([lang.period(item.period.start, item.period.end), printed, desk.plain(item), gap])
    if not rows:
        return None
    heads = ("Months", "First print", "As known now", "Difference")
    return table("First prints of the balance and what became of them, bn RUB", heads, rows, (1, 2, 3))
