"""A drawn chart as PDF and PNG, set from its SVG by typst: one drawing behind every file, in a third of the time.

The PDF has TrueType fonts, which every press takes. Without typst (optional: wareconomy[pdf]) matplotlib draws the
chart anew for each format, the PDF with Type 3 fonts.
"""

from __future__ import annotations

import struct
import sys
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from typing import Any, Literal

from wareconomy.publish import lettering

PAGE = b"""#set document(title: sys.inputs.title, description: sys.inputs.about, author: "wareconomy")
#set page(width: float(sys.inputs.width) * 1in, height: auto, margin: 0pt)
#image(bytes(sys.inputs.svg), format: "svg", width: 100%, alt: sys.inputs.about)
"""
HEADER = 8 + 25
"""Bytes of a PNG before the first chunk that may be added: the mark and IHDR."""
INCH = 0.0254
AGES = 10
"""Documents after which typst forgets what they did not use."""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A drawn chart and what its files say of it: `width` in inches, `day` instead of a clock."""

    svg: bytes
    width: float
    title: str
    about: str
    day: date

    def pdf(self) -> bytes | None:
        """PDF with real text; None where typst is not installed."""
        return self._set("pdf")

    def png(self, dpi: int, facts: Mapping[str, str]) -> bytes | None:
        """PNG at a resolution, `facts` in its text chunks; None where typst is not installed."""
        made = self._set("png", ppi=dpi)
        if made is None:
            return None
        dots = round(dpi / INCH)
        chunks = [_chunk(b"pHYs", struct.pack(">IIB", dots, dots, 1))]
        chunks += [
            _chunk(b"iTXt", name.encode("latin-1") + b"\0\0\0\0\0" + text.encode("utf-8"))
            for name, text in facts.items()
        ]
        return made[:HEADER] + b"".join(chunks) + made[HEADER:]

    def _set(self, kind: Literal["pdf", "png"], **options: Any) -> bytes | None:
        try:
            import typst
        except ImportError:
            return None
        made: bytes = typst.compile(
            PAGE,
            font_paths=_fonts(),
            format=kind,
            sys_inputs={
                "svg": self.svg.decode("utf-8"),
                "width": str(self.width),
                "title": self.title,
                "about": self.about,
            },
            timestamp=int(datetime(self.day.year, self.day.month, self.day.day, tzinfo=UTC).timestamp()),
            **options,
        )
        return made


@cache
def _fonts() -> Any:
    """The fonts matplotlib measures with, read once."""
    import typst

    folder: Any = lettering.fonts_folder()
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


def forget() -> None:
    """Free the memory of what was set so far, some fifty MB after ten charts; takes ten ms.

    typst keeps what it worked out until ten later documents made no use of it.
    """
    if "typst" not in sys.modules:
        return
    import typst

    for _ in range(AGES):
        typst.compile(b"", font_paths=_fonts(), format="pdf", timestamp=0)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
