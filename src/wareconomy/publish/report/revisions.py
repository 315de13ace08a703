"""What was revised since the last report, or, without one, the largest revisions of the last twelve months."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Section
from wareconomy.publish.report.desk import Cell, Desk, dated, note, say, section, span_id, table, year_before

SHOWN = 15
AMONG = (
    "FROM revisions WHERE vintage > $since AND vintage <= $day AND NOT regexp_matches(series, "
    "'\\.(plan|draft|estimate|consensus)') "
    "AND series NOT LIKE 'ru.tax.%'"
)


def compose(desk: Desk) -> Section:
    """Figures that now differ from their earlier print."""
    before = previous_day(desk)
    since = before or year_before(desk.as_of)
    window = {"since": since}
    count, fig = desk.count(
        "revised-figures",
        f"figures revised after {since.isoformat()} and by the day",
        f"SELECT count(*) {AMONG}",
        window,
    )
    lead = (
        f"Between the last report, as of {lang.day(since)}, and this one, "
        if before
        else f"In the twelve months to {lang.day(desk.as_of)}, "
    )
    blocks: list[Block | None] = [
        say(
            lead,
            fig,
            f" {lang.noun(count, 'figure')} of outcomes {'was' if count == 1 else 'were'} printed anew with another value.",
        ),
        *desk.pictures("revisions"),
    ]
    found = desk.rows(
        f"SELECT * {AMONG} ORDER BY round(abs(value - previous_value) / nullif(abs(previous_value), 0), 6) DESC NULLS LAST, "
        f"series, period_start, period_end, vintage LIMIT {SHOWN}",
        window,
    )
    if found:
        caption = (
            "What was revised since the last report"
            if before
            else "The largest revisions of the last twelve months"
        )
        more = f", the {SHOWN} largest relative to the earlier figure" if count > SHOWN else ""
        heads = ("Figure", "Period", "Earlier", "Now", "Change", "Earlier print known", "New print known")
        blocks.append(table(caption + more, heads, [_row(desk, row) for row in found], (2, 3, 4)))
    blocks.append(
        note(
            "Plans that a later law replaced and legal parameters are not revisions; they stand in their "
            "own sections. A later print that only "
            "repeats a figure in round numbers is not counted. The open budget data were read between "
            "mid-July and October 2026, and their day is "
            "assumed."
            if desk.as_of >= date(2026, 10, 31)
            else "Plans that a later law replaced and legal parameters are not revisions; they stand in "
            "their own sections. A later print that "
            "only repeats a figure in round numbers is not counted."
        )
    )
    return section("revisions", "What was revised", blocks)


def previous_day(desk: Desk) -> date | None:
    """The as-of day of the previous report; None without one, or when it is not of an earlier day."""
    if desk.previous is None:
        return None
    try:
        facts = json.loads((desk.previous / "release.json").read_text(encoding="utf-8"))
        found = date.fromisoformat(facts["as_of"])
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return found if found < desk.as_of else None


def _row(desk: Desk, row: dict[str, Any]) -> list[Cell]:
    unit = desk.unit(row["series"])
    digits = max(lang.decimals_of(row["value"], 2), lang.decimals_of(row["previous_value"], 2))
    name = span_id(row["series"], row["period_start"], row["period_end"])
    before = desk.known(
        row["previous_observation"], lang.number(row["previous_value"], digits), row["previous_vintage"], None
    )
    now = desk.known(row["observation"], lang.number(row["value"], digits), row["vintage"], row["basis"])
    gap = row["value"] - row["previous_value"]
    change = desk.calc(
        f"revision-{name}-{row['vintage']}",
        gap,
        lang.signed(gap, digits),
        "new print minus earlier print",
        [now, before],
    )
    return [
        f"{desk.title(row['series'])}, {lang.unit_words(unit)}",
        lang.period(row["period_start"], row["period_end"]),
        before,
        now,
        change,
        lang.day(row["previous_vintage"]),
        dated(row["vintage"], row["basis"]),
    ]
