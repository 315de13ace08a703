"""The report as one web page: style and charts inside, no script, nothing fetched, readable on a phone and on paper."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.publish import identifiers
from wareconomy.publish import language as lang
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.document import PAGES, Fig, Link, Paragraph, Picture, Report, Table, page_of
from wareconomy.publish.report import svg

if TYPE_CHECKING:
    from jinja2 import Environment

    from wareconomy.publish.report import Composed

TEMPLATES = Path(__file__).parent / "templates"
CSP = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
SHORT = {
    "timeline": "Timeline",
    "fiscal": "Budget",
    "fund": "Wealth fund",
    "energy": "Oil and gas",
    "rates": "Reserves, key rate",
    "debt": "Debt",
    "defence": "Defence",
    "tax": "VAT threshold",
    "law": "Laws",
    "territory": "Territory",
    "claims": "Claims",
    "links": "Laws and statements",
    "strikes": "Strikes",
    "people": "Displaced",
    "ukraine": "Ukraine",
    "revisions": "Revisions",
    "method": "Method",
    "sources": "Sources",
    "charts": "More charts",
}


def render(composed: Composed, charts: Sequence[Chart], folder: Path, pages: Collection[str] = ()) -> str:
    """The page. `folder` holds <id>.svg, .png and .csv of each chart and is linked as `charts/`; statements
    in `pages` (ids) have a page of their own and are linked to it.
    """
    report = composed.report
    page = environment().get_template("report.html.j2")
    drawn = {chart.id: _figure(chart, folder) for chart in charts}
    return page.render(
        report=report,
        parts=[
            {
                "id": part.id,
                "title": part.title,
                "short": SHORT.get(part.id, part.title),
                "blocks": part.blocks,
            }
            for part in report.sections
        ],
        charts=drawn,
        css=(TEMPLATES / "report.css").read_text(encoding="utf-8"),
        csp=CSP,
        dataset=safe_json(dataset(report, composed.acts)),
        hint=Hints(composed.counts),
        page_of=page_of(pages, f"{PAGES}/"),
        column_classes=column_classes,
        as_of=lang.day(report.as_of),
        short_digest=report.digest[:12],
    )


@cache
def environment() -> Environment:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.tests |= {
        "fig": lambda part: isinstance(part, Fig),
        "link": lambda part: isinstance(part, Link) and part.url.startswith(("https://", "http://")),
        "words": lambda part: isinstance(part, str),
        "paragraph": lambda block: isinstance(block, Paragraph),
        "data_table": lambda block: isinstance(block, Table),
        "picture": lambda block: isinstance(block, Picture),
    }
    return made


def column_classes(table: Table) -> list[str]:
    """How much room each column asks for: numbers flush right, dates and names in few lines, prose wide."""
    classes = []
    for place in range(len(table.columns)):
        cells = [
            "".join(part if isinstance(part, str) else part.text for part in row[place]) for row in table.rows
        ]
        usual = sorted(map(len, cells))[int(0.8 * (len(cells) - 1))] if cells else 0
        room = "wide" if usual > 45 else "mid" if usual > 11 else ""
        classes.append("n" if place in table.numeric else room)
    return classes


class Hints:
    """What a figure says when it is pointed at: its id and the day it became known."""

    def __init__(self, register: dict[str, dict[str, Any]]) -> None:
        self.register = register

    def __call__(self, name: str) -> str:
        entry = self.register.get(name, {})
        if entry.get("kind") in ("count", "calc"):
            return f"{name}: {entry['about']}"
        if not entry.get("vintage"):
            return name
        assumed = " (day assumed)" if entry.get("basis") == "assumed" else ""
        return f"{name}, known since {lang.day(date.fromisoformat(entry['vintage']))}{assumed}"


def _figure(chart: Chart, folder: Path) -> dict[str, Any]:
    from markupsafe import Markup

    drawing = svg.inline(chart, folder)
    return {
        "chart": chart,
        "svg": Markup(drawing) if drawing else None,  # noqa: S704 - cleaned element by element in svg.inline
        "files": [kind for kind in ("svg", "png", "csv") if (folder / f"{chart.id}.{kind}").is_file()],
    }


def safe_json(body: Any) -> Any:
    """JSON that cannot end the script element it stands in."""
    from markupsafe import Markup

    text = json.dumps(body, ensure_ascii=False, indent=1)
    for mark in "<>&":
        text = text.replace(mark, f"\\u{ord(mark):04x}")
    return Markup(text)  # noqa: S704 - the three characters that matter are escaped above


def dataset(report: Report, acts: Sequence[dict[str, Any]] = ()) -> dict[str, Any]:
    """schema.org Dataset of the report, under the `@id` that the data package has too, with the acts it names."""
    return {
        "@context": "https://schema.org",
        "@type": "Dataset",
        "@id": identifiers.dataset(report.as_of, report.digest),
        "name": report.title,
        "description": f"{report.subtitle}. Dated figures on war economies, each with its source and the "
        "day it became known.",
        "version": report.as_of.isoformat(),
        "dateModified": report.as_of.isoformat(),
        "identifier": report.digest,
        "inLanguage": "en",
        "license": "https://creativecommons.org/licenses/by/4.0/",
        "creator": {"@type": "Organization", "name": "wareconomy contributors"},
        "isAccessibleForFree": True,
        "variableMeasured": [
            part.title for part in report.sections if part.id not in ("method", "sources", "revisions")
        ],
        "mentions": [identifiers.legislation(row) for row in acts],
        "distribution": [
            {
                "@type": "DataDownload",
                "name": "figures of this report",
                "encodingFormat": "application/json",
                "contentUrl": "figures.json",
            }
        ],
    }
