"""Defence: what laws and bills plan, what officials said, and where the outcome stopped being published."""

from __future__ import annotations

from datetime import date
from typing import Any

from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Section
from wareconomy.publish.report.desk import Cell, Desk, dated, note, quote, say, section, table

STAGES = {
    "ru.defence.national_defence.plan": "plan in a budget law",
    "ru.defence.national_defence.draft": "bill, not law",
    "ru.defence.national_defence.estimate": "estimate in the press",
    "ru.defence.ministry_of_defence.statement": "statement of the defence minister, ministry spending of every kind",
    "ru.defence.war_direct_cost.statement": "statement of the defence minister, direct cost of the war",
}


def compose(desk: Desk) -> Section:
    """The last outcome, the blackout, then plans and statements side by side."""
    blocks: list[Block | None] = [_outcome(desk), *_blackouts(desk), *desk.pictures("defence"), _plans(desk)]
    blocks.append(
        note(
            "A plan, a bill, an estimate and a statement are different things and never form one line. "
            "Figures of one year that "
            "disagree stand side by side."
        )
    )
    return section("defence", "Fiscal measures: defence", blocks)


def _outcome(desk: Desk) -> Block:
    years = [
        item
        for item in desk.figures("ru.defence.national_defence")
        if item.period
        == type(item.period)(date(item.period.start.year, 1, 1), date(item.period.start.year, 12, 31))
    ]
    if not years:
        return say(f"No outcome of national defence spending was known on {lang.day(desk.as_of)}.")
    last = years[-1]
    return say(
        "The last full-year outcome of national defence spending that the finance ministry printed is "
        f"that of {last.period.start.year}: ",
        desk.fig(last, lang.readable(last.value, "RUB bn")),
        ". No outcome of a later year is in the ledger.",
    )


def _blackouts(desk: Desk) -> list[Block]:
    found = desk.rows(
        "SELECT * FROM manual.blackouts_as_of($day) WHERE series LIKE 'ru.defence.%' ORDER BY id"
    )
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        grouped.setdefault(row["starts_on"], []).append(row)
    blocks: list[Block] = []
    for start, rows in grouped.items():
        names = lang.series_of([f"“{desk.title(row['series'])}”" for row in rows])
        end = f" to {lang.partial(rows[0]['ends_on'])}" if rows[0]["ends_on"] else ", and it has not ended"
        blocks.append(
            say(
                f"Blackout: since {lang.partial(start)} the outcome of {names} is not published{end} (",
                desk.row("blackouts", rows[0], rows[0]["id"]),
                "). A missing figure is not a zero, and no line is drawn across.",
                kind="warning",
            )
        )
    return blocks


def _plans(desk: Desk) -> Block | None:
    marks = ", ".join(f"'{name}'" for name in STAGES)
    sql = (
        "SELECT series, period_start, value, vintage, basis, observation, source FROM observations WHERE "
        f"series IN ({marks}) "
        "AND vintage <= $day AND restates IS NULL AND value IS NOT NULL AND year(period_start) BETWEEN $first AND $last "
        "QUALIFY row_number() OVER (PARTITION BY series, period_start, value ORDER BY vintage, observation) = 1 "
        "ORDER BY period_start DESC, vintage DESC, series, value"
    )
    found = desk.rows(sql, {"first": desk.as_of.year - 1, "last": desk.as_of.year + 1})
    rows: list[list[Cell]] = []
    for row in found:
        conflict = ", contradicts another print" if row["source"] == "press_conflicting" else ""
        rows.append(
            [
                str(row["period_start"].year),
                desk.printed(row),
                quote(STAGES[row["series"]] + conflict),
                dated(row["vintage"], row["basis"]),
            ]
        )
    if not rows:
        return None
    return table(
        "National defence: plans, bills, estimates and statements, bn RUB",
        ("Year", "bn RUB", "What it is", "Known since"),
        rows,
        (1,),
    )
