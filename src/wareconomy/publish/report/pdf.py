"""The report as a PDF for print, set by typst (extra `pdf`); the same bytes for the same report."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from wareconomy.errors import MissingExtra
from wareconomy.publish import language as lang
from wareconomy.publish import lettering
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.document import Block, Inline, Link, Paragraph, Report, Table

TEMPLATE = Path(__file__).parent / "templates" / "report.typ"


def render(report: Report, charts: Sequence[Chart], folder: Path) -> bytes:
    """The PDF. Pictures are read from `folder` (SVG). Raises MissingExtra without typst.

    No text of the data is ever typst source: it travels as JSON.
    """
    try:
        import typst
    except ImportError as error:
        raise MissingExtra("The PDF report", "pdf") from error
    stamp = datetime(report.as_of.year, report.as_of.month, report.as_of.day, tzinfo=UTC)
    fonts: Any = [lettering.fonts_folder()]
    root: Any = str(folder.resolve())
    made: bytes = typst.compile(
        TEMPLATE.read_bytes(),
        root=root,
        font_paths=fonts,
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"report": json.dumps(content(report, charts, folder), ensure_ascii=False)},
        timestamp=int(stamp.timestamp()),
    )
    return made


def content(report: Report, charts: Sequence[Chart], folder: Path) -> dict[str, Any]:
    """The report as plain values for the template."""
    known = {chart.id: chart for chart in charts if (folder / f"{chart.id}.svg").is_file()}
    return {
        "title": report.title,
        "subtitle": report.subtitle,
        "banner": report.banner,
        "as_of": [report.as_of.year, report.as_of.month, report.as_of.day],
        "day": lang.day(report.as_of),
        "digest": report.digest[:12],
        "headline": _blocks(report.headline, known),
        "sections": [
            {"title": part.title, "blocks": _blocks(part.blocks, known)} for part in report.sections
        ],
        "credits": list(report.credits),
    }


def _blocks(blocks: Iterable[Block], charts: dict[str, Chart]) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            made.append({"kind": block.kind, "parts": _parts(block.parts)})
        elif isinstance(block, Table):
            made.append(
                {
                    "kind": "table",
                    "caption": block.caption,
                    "columns": list(block.columns),
                    "numeric": list(block.numeric),
                    "rows": [[_parts(cell) for cell in row] for row in block.rows],
                    "widths": _widths(block),
                }
            )
        elif block.chart in charts:
            chart = charts[block.chart]
            made.append(
                {
                    "kind": "chart",
                    "file": f"/{chart.id}.svg",
                    "alt": chart.alt,
                    "notes": list(chart.notes[1:]),
                }
            )
    return made


def _parts(parts: Iterable[Inline]) -> list[dict[str, str]]:
    made = []
    for part in parts:
        url = part.url if isinstance(part, Link) and part.url.startswith(("https://", "http://")) else ""
        made.append({"text": part if isinstance(part, str) else part.text, "url": url})
    return made


def _widths(table: Table) -> list[float]:
    """Relative widths of columns: longer cells get more room, within bounds, and no word is cut off."""
    widths = []
    for place, head in enumerate(table.columns):
        cells = [
            "".join(part if isinstance(part, str) else part.text for part in row[place]) for row in table.rows
        ]
        lengths = sorted(len(text) for text in cells) or [1]
        usual = lengths[int(0.9 * (len(lengths) - 1))]
        word = max((len(part) for text in (head, *cells) for part in text.split(" ")), default=1)
        widths.append(float(min(max(usual, word, 4), 46)) ** 0.8)
    return widths
