"""Archived documents to proposed rows: articles read by hand, and the posts that a refresh keeps."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from importlib import metadata

from wareconomy.errors import MissingExtra
from wareconomy.sources.registry import Registered
from wareconomy.sources.source import Ask, Candidate, Document
from wareconomy.sources.statements import article, gazetteer, rows
from wareconomy.sources.statements.article import Text
from wareconomy.sources.statements.proposal import proposals
from wareconomy.sources.telegram_channels import CHANNELS

ARTICLES = "articles"
MARK = "_statements"
PAGE = "-page-"
LIBRARIES = ("trafilatura", "sentencex", "babel")


@dataclass(frozen=True, slots=True)
class Statements:
    """What one source's documents say, as candidates; `channel` is blank for articles."""

    id: str
    channel: str = ""

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """None: a person hands articles in, and a refresh keeps posts."""
        return ()

    def follow(self, document: Document) -> Iterable[Ask]:
        """None."""
        return ()

    def read(self, document: Document) -> Iterator[Candidate]:
        """Candidates in the order of the document. Raises a named error for what is no text."""
        for text in article.posts(document, self.channel) if self.channel else article.texts(document):
            yield from candidates(text, page_date(document.name))


SOURCES = (
    Statements(ARTICLES + MARK),
    *(Statements(channel.id + MARK, channel.id) for channel in CHANNELS),
)


class Reading(Registered):
    """A registered reader of statements whose rows are read anew when its words or libraries change."""

    __slots__ = ()

    def digest(self) -> str:
        """Digest of code, gazetteer and the libraries behind the text."""
        made = [f"{name} {_version(name)}" for name in LIBRARIES]
        return " ".join((Registered.digest(self), gazetteer.digest(), *made))


def readings() -> dict[str, Reading]:
    """Source of archived documents to what reads statements out of them."""
    return {item.id.removesuffix(MARK): Reading(item.id, f"{__name__}:SOURCES") for item in SOURCES}


def candidates(text: Text, told: date | None = None) -> Iterator[Candidate]:
    """The candidates of one text; `told` is the page's date where the person who handed it in knows it."""
    for item in proposals(text.text, told or text.page_date, text.speaker, text.said_on):
        yield rows.candidate(item, text)


def page_date(name: str) -> date | None:
    """The date of the page that the name of an ask carries (`article-…-page-2025-12-30`)."""
    _, mark, day = name.partition(PAGE)
    return date.fromisoformat(day) if mark else None


def require() -> None:
    """Raise MissingExtra when the libraries of the extra are not installed."""
    for name in LIBRARIES:
        if not _version(name):
            raise MissingExtra("Reading statements", "text")


def _version(name: str) -> str:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""
