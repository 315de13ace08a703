"""The report as GitHub-flavoured Markdown: tables, and charts and pages of statements as links to the files beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from wareconomy.publish import language as lang
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.document import PAGES, Block, Fig, Inline, Link, Paragraph, Report, Table, page_of

SPECIAL = re.compile(r"([\\`*_{}\[\]<>|~#&])")
LEADING = re.compile(r"^(\s*)([-+]|\d+[.)])(?=\s)")


@dataclass(frozen=True, slots=True)
class Beside:
    """The files beside the text: charts by id, the folder they lie in, and what gives the page of a figure."""

    charts: Mapping[str, Chart]
    folder: str
    page_of: Callable[[str], str]


def render(
    report: Report, charts: Sequence[Chart], folder: str = "charts", pages: Collection[str] = ()
) -> str:
    """The text; charts are linked as `folder/<id>.png`, statements in `pages` (ids) as `claims/<id>.html`."""
    beside = Beside({chart.id: chart for chart in charts}, folder, page_of(pages, f"{PAGES}/"))
    lines = [f"# {escape(report.title)}", "", escape(report.subtitle), ""]
    if report.banner:
        lines += [f"> **{escape(report.banner)}**", ""]
    lines += [f"- [{escape(part.title)}](#{anchor(part.title)})" for part in report.sections]
    lines += ["", "## Headline figures", ""]
    lines += _blocks(report.headline, beside)
    for part in report.sections:
        lines += [f"## {escape(part.title)}", "", *_blocks(part.blocks, beside)]
    lines += ["---", "", *(f"{escape(words)}  " for words in report.credits), ""]
    lines.append(
        f"As known on {lang.day(report.as_of)}"
        + (f", inputs `{report.digest[:12]}`." if report.digest else ".")
    )
    return "\n".join(lines) + "\n"


def escape(text: str) -> str:
    """Text that Markdown and HTML inside it leave alone; one line."""
    plain = re.sub(r"\s*[\r\n]+\s*", " ", text)
    return LEADING.sub(r"\1\\\2", SPECIAL.sub(r"\\\1", plain))


def anchor(title: str) -> str:
    """The id GitHub gives a heading."""
    return re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def inline(parts: Iterable[Inline], beside: Beside) -> str:
    """Parts of a sentence or cell; a link only to the web and to the page of a statement."""
    made = []
    for part in parts:
        if isinstance(part, Link) and web(part.url):
            made.append(f"[{escape(part.text)}]({quote(part.url, safe=':/?#@!$&+,;=%~*')})")
        elif isinstance(part, Fig) and (page := beside.page_of(part.id)):
            made.append(f"[{escape(part.text)}]({quote(page)})")
        else:
            made.append(escape(part if isinstance(part, str) else part.text))
    return "".join(made)


def web(url: str) -> bool:
    """Whether an address leads to the web and nowhere else."""
    return url.startswith(("https://", "http://"))


def _blocks(blocks: Iterable[Block], beside: Beside) -> list[str]:
    lines: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            text = inline(block.parts, beside)
            mark = {"warning": "> ", "heading": "### "}.get(block.kind, "")
            lines += [f"{mark}{f'<sub>{text}</sub>' if block.kind == 'note' else text}", ""]
        elif isinstance(block, Table):
            lines += [*_table(block, beside), ""]
        elif block.chart in beside.charts:
            lines += [*_chart(beside.charts[block.chart], beside.folder), ""]
    return lines


def _table(table: Table, beside: Beside) -> list[str]:
    rule = ["---:" if place in table.numeric else ":---" for place in range(len(table.columns))]
    rows = [[inline(cell, beside) for cell in row] for row in table.rows]
    return [
        f"**{escape(table.caption)}**",
        "",
        "| " + " | ".join(map(escape, table.columns)) + " |",
        "| " + " | ".join(rule) + " |",
        *("| " + " | ".join(row) + " |" for row in rows),
    ]


def _chart(chart: Chart, folder: str) -> list[str]:
    base = f"{folder}/{quote(chart.id)}"
    lines = [f"![{escape(chart.alt)}]({base}.png)", ""]
    lines.append(
        f"*{escape(chart.title)}.* {escape(chart.subtitle)}. Source: {escape(chart.source)}. "
        f"[SVG]({base}.svg), [data]({base}.csv)."
    )
    return [*lines, *(f"<sub>{escape(words)}</sub>" for words in chart.notes)]
