"""What a publisher's source is: which documents to ask for, how to know a real one, and how to read it into figures.

A source is one small module with an object that fits `Source`. It never opens a connection and never touches the disk:
`collect` asks and keeps, the source says what to ask for and reads the bytes it is handed. Third parties add sources
through the entry point group `wareconomy.sources`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol, runtime_checkable

from wareconomy.collect.ask import Ask, Document
from wareconomy.errors import Finding, WareconomyError

__all__ = ["Ask", "Candidate", "Document", "Malformed", "Post", "Reading", "Row", "Source", "since_name"]


class Reading(NamedTuple):
    """One figure read in a document: series, period text (`model.period`), value, and where it stood.

    A named tuple, since a build makes hundreds of thousands: it costs a quarter of a frozen dataclass.
    `printed` is the figure digit for digit, `locator` its place (`line 37`, `sheet!B14`, `tr[12]`, `/items/3`).
    `known_on` is the day the document itself says it became known; without it the receipt's day counts.
    """

    series: str
    period: str
    value: float | None
    printed: str
    locator: str
    status: str = "A"
    low: float | None = None
    high: float | None = None
    known_on: date | None = None
    edition: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class Post:
    """One post of a public channel; `stable_hash` ignores view counts and tokens."""

    channel: str
    number: int
    posted_at: datetime
    text: str
    edited: bool
    url: str
    stable_hash: str
    locator: str


@dataclass(frozen=True, slots=True)
class Candidate:
    """A row a person may accept into a hand-kept table: an act or a claim, with its fields as text."""

    table: str
    cells: Mapping[str, str]
    locator: str
    why: str


Row = Reading | Post | Candidate


def since_name(name: str, since: date | None) -> str:
    """The name of an ask for more than the ordinary span: it carries the day the span begins."""
    return f"{name}-since-{since.isoformat()}" if since else name


class Malformed(WareconomyError):
    """A document that is not what its source publishes: a renamed column, a broken identity, a cut body."""

    exit_code = 3

    def __init__(self, source: str, what: str, where: str = "", advice: str = "") -> None:
        self.finding = Finding(source, 0, where, "", "malformed", f"{what}. {advice}".strip())
        place = f" at {where}" if where else ""
        super().__init__(f"{source}{place}: {what}. {advice}".strip())


@runtime_checkable
class Source(Protocol):
    """The contract of a source module's object.

    It may also have: `record` (key of `catalog/sources` that answers for the figures, where several modules read
    one publisher; default `id`) and `settled_days` (days after the end of a period from which its value should not
    move by a fifth; default 90), `any_series` (true where a document lists only what happened, so that fewer rows
    or other series than before are no surprise) and `reach` (how far back an ordinary refresh looks; when the last check
    that went well is longer ago, a refresh asks since its day, so that an outage leaves no gap). Asks of a longer span
    have names of their own (`since`): a long document is not the one before a short one.
    """

    id: str
    """Key of `catalog/sources`."""

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """Documents to ask for in an ordinary refresh; `since` asks for older ones too."""
        ...

    def follow(self, document: Document) -> Iterable[Ask]:
        """Further documents that this one names (a catalogue naming the newest file); usually none."""
        ...

    def read(self, document: Document) -> Iterator[Row]:
        """The rows of one document. Raises Malformed when it is not what the source publishes."""
        ...
