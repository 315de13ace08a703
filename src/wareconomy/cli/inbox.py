"""Commands for tomorrow's claim: claims read, claims inbox, claims accept, claims reject."""

from __future__ import annotations

import sys
from argparse import Namespace
from datetime import date
from typing import TYPE_CHECKING

from wareconomy import settings
from wareconomy.cli import output
from wareconomy.errors import UsageError

if TYPE_CHECKING:
    from wareconomy.refresh.inbox import Item

ACTIONS = ("read", "inbox", "accept", "reject")
SHOWN = (
    "speaker",
    "said_on",
    "act",
    "stage",
    "signed_on",
    "adopted_on",
    "quantity",
    "unit",
    "value_to",
    "parameter_unit",
    "period_start",
    "period_end",
    "regions",
    "category",
    "published_on",
)
LONGEST = 400
SITTING = 10


def inbox(arguments: Namespace) -> int:
    """Do one of the four, and print what a person needs for the next."""
    return {"read": _read, "inbox": _inbox, "accept": _accept, "reject": _reject}[arguments.action](arguments)


def _one(arguments: Namespace, what: str) -> str:
    if len(arguments.id) != 1:
        raise UsageError(f"name one {what}: wareconomy claims {arguments.action} {what.upper()}")
    return str(arguments.id[0])


def _read(arguments: Namespace) -> int:
    from wareconomy.ledger.query import parse_day
    from wareconomy.refresh import articles
    from wareconomy.refresh import inbox as box
    from wareconomy.sources.statements.article import MAX_BYTES

    where = _one(arguments, "file")
    given = sys.stdin.buffer.read(MAX_BYTES + 1) if where == articles.STANDARD_INPUT else b""
    here = settings.find()
    day = parse_day(arguments.page_date) if arguments.page_date else None
    taken = articles.take(here, where, date.today(), arguments.url or "", day, given)
    items, decided = box.of_document(here, taken.receipt.sha256 or "")
    if arguments.json:
        output.emit_json(
            {
                "document": taken.receipt.sha256,
                "known": taken.known,
                "texts": [
                    {
                        "title": text.title,
                        "publisher": text.publisher,
                        "page_date": text.page_date,
                        "post": text.locator,
                    }
                    for text in taken.texts
                ],
                "decided": decided,
                "proposals": [item.as_dict() for item in items],
            }
        )
        return 0
    first = taken.texts[0] if taken.texts else None
    title = f"{first.title}, " if first and first.title and len(taken.texts) == 1 else ""
    dated = (
        f"page dated {day or first.page_date}"
        if first and (day or first.page_date)
        else "the page shows no date"
    )
    count = f"{len(taken.texts)} posts" if len(taken.texts) != 1 else dated
    print(
        output.clean(
            f"{title}{count}; document {(taken.receipt.sha256 or '')[:16]} "
            f"{'was kept already' if taken.known else 'is kept'}"
        )
    )
    _show(items)
    done = f", {decided} decided before" if decided else ""
    print(
        f"\n{len(items)} proposed{done}. Nothing is in the ledger until you accept it: wareconomy claims accept ID"
    )
    return 0


def _inbox(arguments: Namespace) -> int:
    from wareconomy.refresh import inbox as box

    items = box.waiting(settings.find())
    shown = items[: _limit(arguments)]
    if arguments.json:
        output.emit_json([item.as_dict() for item in shown])
        return 0
    _show(shown)
    if len(shown) < len(items):
        print(
            f"\n{len(items) - len(shown)} more, older, are not shown; all: wareconomy claims inbox --limit {len(items)}"
        )
    print(
        f"\n{len(items)} wait. Decide with: wareconomy claims accept ID, or wareconomy claims reject ID --why TEXT"
    )
    return 0


def _limit(arguments: Namespace) -> int | None:
    """How many proposals to print: as asked, else what a person reads at one sitting, and all for a program."""
    asked: int | None = arguments.limit
    if asked or arguments.json or not sys.stdout.isatty():
        return asked
    return SITTING


def _show(items: list[Item]) -> None:
    for item in items:
        cells = item.cells
        print(f"\n{item.id}  {item.table}, {item.kind}, confidence {cells.get('confidence', '')}")
        quote = item.quote if len(item.quote) <= LONGEST else item.quote[: LONGEST - 1] + "…"
        print(f"  “{output.clean(' '.join(quote.split()))}”")
        if cells.get("summary") or cells.get("title_en"):
            print(f"  row: {output.clean(cells.get('summary') or cells['title_en'])}")
        print("  " + output.clean(", ".join(f"{name}={cells[name]}" for name in SHOWN if cells.get(name))))
        if item.alike:
            rows = ", ".join(f"{item.table}:{row}" for row in item.alike)
            print(f"  perhaps held already: {rows}; reject it, or set variant_of")
        if item.why:
            print(f"  look twice: {output.clean(item.why)}")
        print(
            "  "
            + output.clean(
                f"{item.place}, document {item.document[:16]}  {cells.get('source_url', '')}"
            ).rstrip()
        )


def _accept(arguments: Namespace) -> int:
    from wareconomy.refresh import inbox as box

    row, line, cells = box.accept(settings.find(), _one(arguments, "id"), arguments.set or [], date.today())
    table = "claims" if row.startswith("C") else "acts"
    if arguments.json:
        output.emit_json({"row": row, "table": table, "line": line, "cells": cells})
        return 0
    print(
        f"{row} is line {line} of data/raw/manual/{table}.csv: {output.clean(cells.get('summary') or cells.get('title_en'))}"
    )
    print(f"Now: wareconomy build, then wareconomy explain {table}:{row}")
    return 0


def _reject(arguments: Namespace) -> int:
    from wareconomy.refresh import inbox as box

    item = box.reject(settings.find(), _one(arguments, "id"), arguments.why or "", date.today())
    if arguments.json:
        output.emit_json({"rejected": item.id, "why": arguments.why})
    else:
        print(f"{item.id} is rejected and will not come back")
    return 0
