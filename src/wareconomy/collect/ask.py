"""What goes out and what comes in: one document to ask for, and the bytes that came."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """One document to ask for.

    `name` is stable from run to run (it keys receipts: "budget-by-month", "rates-2026-07-03"). `media` lists
    accepted media types, `first` the accepted first bytes, `marker` a byte string every real document holds
    (a stub page or a bot wall does not). `refuse` lists byte strings that only an error or a wall holds.

    `hosts` names further hosts a redirect may lead to (".example.org" stands for all below it). `empty_ok`: an
    answer without content means that nothing is published yet; `absent` lists statuses that mean the same.
    `volatile`: bytes change on every read (view counts, tokens), so rows decide whether something is new (always so
    for HTML). `max_unpacked` bounds what a ZIP may unpack to, in bytes; 0 is twenty times `max_bytes`. `once`: the
    document never changes under this name, so one that is kept is not asked for again. `rowless`: a document without
    rows is sound and kept (a map, a list, a month not yet published); without it, one is malformed. A secret is written
    `{env:NAME}` in url, params, headers or body, and filled in from the environment when the request is sent.
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
    rowless: bool = False


@dataclass(frozen=True, slots=True)
class Document:
    """Bytes as they came, and the receipt's facts about them."""

    name: str
    data: bytes
    sha256: str
    url: str
    retrieved_at: datetime
    media_type: str = ""
