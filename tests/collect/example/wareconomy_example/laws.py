"""Acts by name: the server drops parameters it does not know, so the count tells whether the filter worked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any, ClassVar

from wareconomy.sources.source import Ask, Candidate, Document, Malformed

from . import base

EVERYTHING = 1_000_000


class Laws:
    """Acts of an imaginary register."""

    id = "example_laws"
    declares: ClassVar[dict[str, Any]] = {
        "sources": {
            "example_laws": {
                "title": "Example register of acts",
                "publisher": "Example publisher",
                "licence": "not stated",
                "terms": "open",
                "calendar": "daily",
            }
        }
    }

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        params = {"Name": "налог", "key": "{env:EXAMPLE_KEY}"}
        yield Ask(
            "acts", base() + "/api/acts", params=params, media=("application/json",), first=(b"{",), empty_ok=True,
            headers={"X-Api-Key": "{env:EXAMPLE_KEY}"},
        )  # fmt: skip

    def follow(self, document: Document) -> Iterable[Ask]:
        return ()

    def read(self, document: Document) -> Iterator[Candidate]:
        body = json.loads(document.data)
        if body["total"] >= EVERYTHING:
            raise Malformed(
                self.id, f"{body['total']:,} acts match", "/total", "The server dropped the filter"
            )
        for place, item in enumerate(body["items"]):
            yield Candidate(
                "acts", {"number": item["number"], "title": item["title"]}, f"/items/{place}", "names a tax"
            )


source = Laws()
