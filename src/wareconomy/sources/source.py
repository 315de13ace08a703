"""What a publisher's source is: which documents to ask for, how to know a real one, and how to read it into figures.

A source is one small module with an object that fits `Source`. It never opens a connection and never touches the disk:
`collect` asks and keeps, the source says what to ask for and reads the bytes it is handed. Third parties add sources
through the entry point group `wareconomy.sources`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from wareconomy.errors import Finding, WareconomyError


@dataclass(frozen=True, slots=True)
class Ask:
    """One document to ask for.

    `name` is stable from run to run (it keys receipts: "budget-by-month", "rates-2026-07-03"). `media` lists accepted
    media types, `first` the accepted first bytes, `marker` a byte string every real document holds (a stub page or a
    bot wall does not). `refuse` lists byte strings that only an error or a wall holds.

    `absent` lists statuses that mean nothing is published (yet). `volatile`: bytes change on every read (view counts,
    tokens), so rows decide whether something is new. `max_unpacked` bounds what a ZIP may unpack to, in bytes.
    `once`: the document never changes under this name, so one that is kept is not asked for again. A secret is
    written `{env:NAME}` and filled in when the request is sent.
    """

    name: str
    url: str
    method: str = "GET"
    params: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    media: Sequence[str] = ()
    first: Sequence[bytes] = ()
    marker: bytes | None = None
    refuse: Sequence[bytes] = ()
    min_bytes: int = 1
    max_bytes: int = 50_000_000
    hosts: Sequence[str] = ()
    empty_ok: bool = False
    absent: Sequence[int] = ()
    volatile: bool = False
    max_unpacked: int = 0
    once: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes as they came, and the receipt's facts about them."""

    name: str
    data: bytes
    sha256: str
    url: str
    retrieved_at: datetime
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One figure read in a document: series, period text (`model.period`), value, and where it stood.

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


class Malformed(WareconomyError):
    """A document that is not what its source publishes: a renamed column, a broken identity, a cut body."""

    exit_code = 3

    def __init__(self, source: str, what: str, where: str = "", advice: str = "") -> None:
        self.finding = Finding(source, 0, where, "", "malformed", f"{what}. {advice}".strip())
        place = f" at {where}" if where else ""
        super().__init__(f"{source}{place}: {what}. {advice}".strip())


@runtime_checkable
class Source(Protocol):
    """The contract of a source module's object."""

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
