"""A table by month: a catalogue names the newest file, the file is a CSV in UTF-8."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

from wareconomy.sources.source import Ask, Document, Malformed, Reading

from . import base

HEADER = ["month", "stock", "flow"]


class Table:
    """Stock and flow of an imaginary fund, in USD bn."""

    id = "example_table"
    declares: ClassVar[dict[str, Any]] = {
        "sources": {
            "example_table": {
                "title": "Example publisher, table",
                "publisher": "Example publisher",
                "licence": "CC BY 4.0",
                "terms": "figures with credit",
                "calendar": "monthly",
                "stale_after_days": 60,
            }
        },
        "series": {
            f"example.{name}": {
                "title": f"{name.title()} of the example fund",
                "unit": "USD bn",
                "frequency": "month",
                "kind": name,
                "area": "RU",
                "definition": "Made up for tests.",
                "sources": ["example_table"],
                "lag_days": 10,
            }
            for name in ("stock", "flow")
        },
    }

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        yield Ask("catalogue", base() + "/list.csv", media=("text/csv",), marker=b"standardversion")

    def follow(self, document: Document) -> Iterable[Ask]:
        if document.name == "catalogue":
            for line in document.data.decode().splitlines():
                name, _, path = line.partition(",")
                if name == "data":
                    yield Ask(
                        "data", base() + path, media=("text/csv",), marker=b"month", max_bytes=2_000_000
                    )

    def read(self, document: Document) -> Iterator[Reading]:
        if document.name == "catalogue":
            return
        rows = list(csv.reader(document.data.decode("utf-8-sig").splitlines()))
        if not rows or rows[0] != HEADER:
            raise Malformed(self.id, f"the header is {rows[:1]}", "line 1", f"It was {HEADER}")
        for line, row in enumerate(rows[1:], 2):
            for name, cell in zip(HEADER[1:], row[1:], strict=True):
                if cell:
                    yield Reading(f"example.{name}", row[0], float(cell), cell, f"line {line}")


source = Table()
