"""The report: composed once from the ledger as of a day, then rendered as a web page, Markdown and PDF.

`compose` returns the report and the register of its figures; `write` puts every format beside the charts.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from wareconomy.errors import MissingExtra
from wareconomy.publish import identifiers
from wareconomy.publish import language as lang
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.document import Block, Fig, Paragraph, Picture, Report, Section, Table

if TYPE_CHECKING:
    import duckdb

TITLE = "The war economy, in figures that lead back to their source"
CHARTS = "charts"


class Composed(NamedTuple):
    """A report, the register of its figures (id -> how it is known, counted or computed), and the acts that
    its structured data name.
    """

    report: Report
    counts: dict[str, dict[str, Any]]
    acts: tuple[dict[str, Any], ...] = ()


def compose(
    con: duckdb.DuckDBPyConnection,
    charts: Sequence[Chart],
    as_of: date,
    asked: date | None = None,
    previous: Path | None = None,
) -> Composed:
    """The report as of a day. `asked` sets the banner; `previous` is the folder of the release before this
    one.

    Raises CausalWording when a sentence claims that one thing brought another about.
    """
    from wareconomy.publish.report import (
        claims,
        collected,
        defence,
        fiscal,
        fund,
        headlines,
        law,
        links,
        method,
        money,
        people,
        revisions,
        tax,
        territory,
        timeline,
        ukraine,
    )
    from wareconomy.publish.report.desk import Desk, section

    desk = Desk(con, charts, as_of, asked, previous)
    sections = [
        timeline.compose(desk),
        fiscal.compose(desk),
        fund.compose(desk),
        money.energy(desk),
        money.rates(desk),
        money.debt(desk),
        defence.compose(desk),
        tax.compose(desk),
        law.compose(desk),
        territory.compose(desk),
        claims.compose(desk),
        links.compose(desk),
        people.strikes(desk),
        people.people(desk),
        ukraine.compose(desk),
        revisions.compose(desk),
        method.compose(desk),
        method.sources(desk),
    ]
    if desk.charts:
        rest = [Picture(chart.id) for found in desk.charts.values() for chart in found]
        sections.insert(-2, section("charts", "More charts", rest))
    banner = None
    if asked:
        banner = (
            f"This is the report as it could have been published on {lang.day(asked)}: it uses only what "
            "was known by that day. "
            "Later figures, laws and corrections are left out on purpose."
        )
    report = Report(
        title=TITLE,
        subtitle="Russia's federal finances, laws, the front and Ukraine's side, as known on "
        f"{lang.day(as_of)}",
        as_of=as_of,
        digest=desk.meta.get("input_digest", ""),
        headline=tuple(headlines.compose(desk)),
        sections=tuple(sections),
        banner=banner,
        credits=(
            "Figures: the publishers named with each chart and in the table of sources, under their own "
            "terms.",
            "Compilation: wareconomy contributors, CC BY 4.0.",
        ),
        taken=collected.line(desk),
    )
    _gate(report, charts)
    printed = {fig.id for fig in report.figures()}
    reached = _reached(printed, desk.register)
    register = {name: entry for name, entry in desk.register.items() if name in reached}
    return Composed(report, register, tuple(desk.rows(identifiers.ACTS)))


def _reached(printed: set[str], register: dict[str, dict[str, Any]]) -> set[str]:
    """Ids printed in the report, with the counted and computed ones these were computed from."""
    found: set[str] = set()
    waiting = sorted(printed)
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(item for item in register.get(name, {}).get("inputs", ()) if item in register)
    return found


def _gate(report: Report, charts: Sequence[Chart]) -> None:
    """Every paragraph, title, head and chart caption once more, as printed."""
    captions = [text for one in charts for text in (one.title, one.subtitle, one.alt, *one.notes)]
    for text in (report.title, report.subtitle, report.banner or "", *report.credits, *captions):
        lang.refuse_causal(text)
    for block in (*report.headline, *(item for part in report.sections for item in part.blocks)):
        for text in sentences(block):
            lang.refuse_causal(text)


def sentences(block: Block) -> list[str]:
    """The wording of a block: a paragraph, or a table's caption and heads."""
    if isinstance(block, Paragraph):
        return ["".join(part if isinstance(part, str) else part.text for part in block.parts)]
    return [block.caption, *block.columns] if isinstance(block, Table) else []


def figures_file(composed: Composed) -> str:
    """figures.json: `printed`, every figure with its words and section; `figures`, what counts and
    calculations are.
    """
    report, register, _ = composed
    printed = []
    for part in (Section("headline", "Headline figures", report.headline), *report.sections):
        for fig in Report("", "", report.as_of, "", part.blocks, ()).figures():
            entry = register.get(fig.id, {})
            facts = {name: entry[name] for name in ("vintage", "basis") if entry.get(name)}
            printed.append({"id": fig.id, "text": fig.text, "section": part.id, **facts})
    own = {name: entry for name, entry in register.items() if entry["kind"] != "ledger"}
    body = {"as_of": report.as_of.isoformat(), "digest": report.digest, "printed": printed, "figures": own}
    return json.dumps(body, ensure_ascii=False, indent=1, sort_keys=True, default=str) + "\n"


def write(
    composed: Composed, charts: Sequence[Chart], folder: Path, pages: Collection[str] = ()
) -> list[str]:
    """Write report.html, report.md, report.pdf and figures.json; the charts lie in `folder/charts`, the pages
    of the statements named in `pages` in `folder/claims`.

    Returns what was left out and why (no PDF without its optional library).
    """
    from wareconomy.publish.report import html, markdown, pdf

    pictures = folder / CHARTS
    report = composed.report
    (folder / "report.html").write_text(html.render(composed, charts, pictures, pages), encoding="utf-8")
    (folder / "report.md").write_text(markdown.render(report, charts, CHARTS, pages), encoding="utf-8")
    (folder / "figures.json").write_text(figures_file(composed), encoding="utf-8")
    try:
        (folder / "report.pdf").write_bytes(pdf.render(report, charts, pictures))
    except MissingExtra as error:
        return [f"no PDF: {error}"]
    return []


__all__ = ["Block", "Composed", "Fig", "compose", "figures_file", "sentences", "write"]
