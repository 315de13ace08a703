"""What a chart is before it is drawn: words, data and the figures it shows; plain values that travel between processes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with everything a reader needs beside the picture. A chart without one of the words is refused.

    title: the finding or the measure, its figures filled by rule. subtitle: unit and period. source: who measured.
    alt: what a person who cannot see it would be told. columns and rows: its data, saved as CSV.
    figures: ids that `explain` answers. notes: gaps, breaks and definitions, printed below.
    drawing: "module:function" that draws it on a matplotlib figure from `payload`.
    """

    id: str
    section: str
    title: str
    subtitle: str
    source: str
    as_of: date
    alt: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Any, ...], ...]
    drawing: str
    payload: Any
    figures: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        for name in ("id", "section", "title", "subtitle", "source", "alt", "columns", "drawing"):
            if not getattr(self, name):
                raise ValueError(f"chart {self.id or '?'} has no {name}; it cannot be published")
