"""A report before it has a format: sections of paragraphs, tables and charts, each figure with the id it answers to.

HTML, Markdown and PDF are three renderings of the same values, so they cannot disagree.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, field
from datetime import date


@dataclass(frozen=True, slots=True)
class Fig:
    """A number in a sentence or a table cell: the words printed and the id `wareconomy explain` answers to."""

    text: str
    id: str


@dataclass(frozen=True, slots=True)
class Link:
    """Words that lead to an address (a source page)."""

    text: str
    url: str


Inline = str | Fig | Link
PAGES = "claims"
"""Folder beside the report with a page for each statement."""


def page_of(pages: Collection[str], folder: str = "") -> Callable[[str], str]:
    """What gives the page of a figure: that of a statement (claims:C154), nothing for all others."""

    def find(name: str) -> str:
        kind, _, claim = name.partition(":")
        return f"{folder}{claim}.html" if kind == "claims" and claim in pages else ""

    return find


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of inline parts; kind is `text`, `note`, `warning` or `heading` (of a part of a section)."""

    parts: tuple[Inline, ...]
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: caption, column heads, rows of inline cells; columns named in `numeric` are set flush right."""

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    numeric: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Picture:
    """A chart by its id, with its words repeated in text."""

    chart: str


Block = Paragraph | Table | Picture


@dataclass(frozen=True, slots=True)
class Section:
    """A heading and its blocks; `id` is the anchor."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class Report:
    """The whole report. `banner` is set when it was made for a day in the past, `taken` (how far its data reach, when
    its publishers were asked, what it was built from) when documents were collected."""

    title: str
    subtitle: str
    as_of: date
    digest: str
    headline: tuple[Block, ...]
    sections: tuple[Section, ...]
    banner: str | None = None
    credits: tuple[str, ...] = field(default_factory=tuple)
    taken: str = ""

    def figures(self) -> Iterator[Fig]:
        """Every figure of the report, in reading order."""
        for blocks in (self.headline, *(section.blocks for section in self.sections)):
            for block in blocks:
                if isinstance(block, Paragraph):
                    yield from (part for part in block.parts if isinstance(part, Fig))
                elif isinstance(block, Table):
                    for row in block.rows:
                        for cell in row:
                            yield from (part for part in cell if isinstance(part, Fig))
