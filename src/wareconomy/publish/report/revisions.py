"""What was revised since the last report, or, without one, the largest revisions of the last twelve months."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from wareconomy.publish import language as lang
from wareconomy.publish import revised
from wareconomy.publish.document import Block, Section
from wareconomy.publish.report.desk import Cell, Desk, dated, note, say, section, span_id, table, year_before

SHOWN = 15
_PAIRS = "FROM revisions AS r JOIN observations AS p ON p.observation = r.previous_observation "
_CHOSEN = (
    "WHERE r.vintage > $since AND r.vintage <= $day AND NOT regexp_matches(r.series, "
    f"'\\.(plan|draft|estimate|consensus)') AND r.series NOT LIKE 'ru.tax.%' AND {revised.BEYOND}"
)
PRINTS = (
    "SELECT r.*, n.printed, p.printed AS previous_printed, p.basis AS previous_basis "
    f"{_PAIRS} JOIN observations AS n ON n.observation = r.observation {_CHOSEN} "
    "ORDER BY round(abs(r.value - r.previous_value) / nullif(abs(r.previous_value), 0), 6) DESC NULLS LAST, "
    "r.series, r.period_start, r.period_end, r.vintage"
)


def compose(desk: Desk) -> Section:
    """Figures that now differ from their earlier print."""
    before = previous_day(desk)
    since = before or year_before(desk.as_of)
    window = {"since": since}
    count, fig = desk.count(
        "revised-figures",
        f"figures revised beyond rounding after {since.isoformat()} and by the day",
        f"SELECT count(DISTINCT (r.series, r.period_start, r.period_end)) {_PAIRS}{_CHOSEN}",
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
    found = desk.rows(PRINTS, window)
    if found:
        caption = (
            "What was revised since the last report"
            if before
            else "The largest revisions of the last twelve months"
        )
        more = f", the {SHOWN} largest relative to the earlier figure" if len(found) > SHOWN else ""
        heads = ("Figure", "Period", "Earlier", "Now", "Change", "Earlier print known", "New print known")
        blocks.append(table(caption + more, heads, [_row(desk, row) for row in found[:SHOWN]], (2, 3, 4)))
    blocks.append(
        note(
            "A figure is one series and period, however often it was printed anew. Plans that a later law "
            "replaced and legal parameters are not revisions; they stand in their own sections. "
            f"{revised.RULE}",
            " The open budget data were read between mid-July and October 2026, and their day is assumed."
            if desk.rows(
                "SELECT 1 FROM observations WHERE edition LIKE 'open data%' AND vintage <= $day LIMIT 1"
            )
            else "",
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
    name = span_id(row["series"], row["period_start"], row["period_end"])
    places, earlier = _places(row["printed"]), _places(row["previous_printed"])
    before = desk.known(
        row["previous_observation"],
        lang.number(row["previous_value"], earlier),
        row["previous_vintage"],
        row["previous_basis"],
    )
    now = desk.known(row["observation"], lang.number(row["value"], places), row["vintage"], row["basis"])
    gap = row["value"] - row["previous_value"]
    change = desk.calc(
        f"revision-{name}-{row['vintage']}",
        gap,
        lang.signed(gap, max(places, earlier)),
        "new print minus earlier print",
        [now, before],
    )
    return [
        _named(desk, row["series"]),
        lang.period(row["period_start"], row["period_end"]),
        before,
        now,
        change,
        dated(row["previous_vintage"], row["previous_basis"]),
        dated(row["vintage"], row["basis"]),
    ]


def _places(printed: str) -> int:
    """The decimals of a print, two at most: `-929` has none."""
    return min(len(printed.partition(".")[2]), 2)


def _named(desk: Desk, series: str) -> str:
    """A series with its unit, once where the title ends in it."""
    title, unit = desk.title(series), lang.unit_words(desk.unit(series))
    return title if title.endswith(f", {unit}") else f"{title}, {unit}"
