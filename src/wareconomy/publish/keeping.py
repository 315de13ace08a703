"""How well the row of a statement is kept, in words: what a second look found, and whether a second page carries it.

It speaks of our row and never of the world: a statement whose row is confirmed may be false. The command line, the
report, the pages of statements and the charts take their words from here.

A row is any mapping with `audit_result`, `audited_on` and `second_source` of the table claims.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wareconomy import catalog
from wareconomy.publish import language as lang

SINGLE = "single source"
DOUBTED = {"contradicted": "another page prints another number", "not_found": "not found again"}
"""Results of a second look that keep a row out of headlines, whatever its sources, as short marks."""
HOLLOW = f"Hollow: {SINGLE}, {' or '.join(DOUBTED.values())}."
"""What charts say of the marks drawn hollow: the rows that are not `sure`."""
BANNERS = {
    "contradicted": (
        "Another page prints another number for this statement; both are kept.",
        "that is settled",
    ),
    "not_found": (
        "When it was looked up again, no page that prints this statement was found.",
        "one is found",
    ),
    SINGLE: ("One page was read for this statement.", "a second source is found"),
}


def marks(row: Mapping[str, Any]) -> tuple[str, ...]:
    """Short marks of a row that is not fit for a headline, the gravest first; none for one that is.

    `another page prints another number`, `not found again`, `single source`.
    """
    found = [DOUBTED[row["audit_result"]]] if row["audit_result"] in DOUBTED else []
    return (*found, *([] if row["second_source"] else [SINGLE]))


def sure(row: Mapping[str, Any]) -> bool:
    """Whether a second page carries the statement and the second look left no doubt about its row."""
    return not marks(row)


def aside(row: Mapping[str, Any]) -> str:
    """The marks in brackets behind a sentence, with the space before them; nothing for a row without."""
    found = marks(row)
    return f" ({'; '.join(found)})" if found else ""


def sentence(row: Mapping[str, Any]) -> str:
    """One line for a reader of the row: `confirmed, 28 November 2026: another outlet's page ...`."""
    result, second = row["audit_result"], row["second_source"]
    if not result:
        return f"not looked up again; {'a second source is named in its note' if second else SINGLE}"
    meaning = catalog.load().tables["claims"].columns["audit_result"].values[result]
    when = lang.day(row["audited_on"])
    tail = ""
    if result == "single_source" and second:
        tail = "; a second source is named in its note"
    elif result != "single_source" and not second:
        tail = f"; {SINGLE}"
    return f"{result.replace('_', ' ')}, {when}: {meaning[:1].lower()}{meaning[1:]}{tail}"


def banner(row: Mapping[str, Any]) -> str:
    """What stands at the top of the page of a statement whose row has a mark; nothing for one without."""
    if sure(row):
        return ""
    said, until = BANNERS[row["audit_result"] if row["audit_result"] in DOUBTED else SINGLE]
    return f"{said} It is shown as something that was said, not as fact, and it belongs in no headline until {until}."


def entry(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same for a machine: the cells of the row, whether it may stand in a headline, and the words."""
    return {
        "audit_result": row["audit_result"],
        "audited_on": row["audited_on"],
        "second_source": row["second_source"],
        "headline": sure(row),
        "words": sentence(row),
    }
