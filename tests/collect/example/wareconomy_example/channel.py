"""Posts of a public channel: the page changes at every read, the posts do not."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Any, ClassVar

from wareconomy.sources.source import Ask, Document, Malformed, Post

from . import base

POST = re.compile(r'<p id="(\d+)"( class="edited")?>(.*?)</p>')


class Channel:
    """A channel of an imaginary ministry."""

    id = "example_channel"
    declares: ClassVar[dict[str, Any]] = {
        "sources": {
            "example_channel": {
                "title": "Example channel",
                "publisher": "Example publisher",
                "licence": "not stated",
                "terms": "local only",
                "calendar": "daily",
            }
        }
    }

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        yield Ask("newest", base() + "/s/example", media=("text/html",), marker=b'<div class="channel">')

    def follow(self, document: Document) -> Iterable[Ask]:
        return ()

    def read(self, document: Document) -> Iterator[Post]:
        found = POST.findall(document.data.decode())
        if not found:
            raise Malformed(self.id, "no post on the page")
        for number, edited, text in found:
            yield Post(
                "example", int(number), datetime(2026, 11, 1, tzinfo=UTC), text, bool(edited), f"/example/{number}",
                hashlib.sha256(text.encode()).hexdigest(), f"p#{number}",
            )  # fmt: skip


source = Channel()
