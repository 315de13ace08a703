"""The report: as of several days, in three formats, with nothing in it that its ledger did not know."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import duckdb
import pytest

from wareconomy.errors import MissingExtra
from wareconomy.ledger import query
from wareconomy.publish import keeping, language, report, theme
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.document import Fig, Paragraph, Picture, Report, Table
from wareconomy.publish.report import Composed, desk, html, markdown, pdf, svg

if TYPE_CHECKING:
    from playwright.sync_api import Page

DAYS = [
    date(2022, 3, 1),
    date(2024, 1, 15),
    date(2026, 2, 10),
    date(2026, 7, 3),
    date(2026, 7, 5),
    date(2026, 10, 31),
]
LATEST = DAYS[-1]
WORDS = "Deficit of 6,455 bn RUB & <more>"
SVG = """<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 width="576pt" height="360pt" viewBox="0 0 576 360" role="img" aria-labelledby="t d" onload="alert(1)">
<title id="t">A chart</title><desc id="d">What it shows</desc><style>*{stroke-linejoin:round}</style>
<defs><clipPath id="p1"><rect width="9" height="9"/></clipPath>
<path id="p2" d="M0 0h9"/></defs><g id="a" clip-path="url(#p1)">
<use xlink:href="#p2" x="1"/><text x="9" y="20">5,626.5</text></g>
</svg>"""
NASTY = '<script>alert(1)</script><foreignObject/><image href="https://example.org/x.png"/></svg>'


def chart(name: str, section: str) -> Chart:
    return Chart(
        id=name,
        section=section,
        title=WORDS,
        subtitle="bn RUB, cumulative from 1 January",
        source="Ministry of Finance of Russia",
        as_of=LATEST,
        alt="Lines fall <below> zero | and stay",
        columns=("month", "value"),
        rows=(("2026-07", -6455.0),),
        drawing="none:none",
        payload={},
        notes=("A gap is a gap.", "Second note."),
    )


CHARTS = [
    chart("budget-balance", "fiscal"),
    chart("vat-threshold", "tax"),
    chart("nwf-liquid", "fund"),
    chart("odd", "elsewhere"),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("charts")
    for item in CHARTS:
        (path / f"{item.id}.svg").write_text(SVG, encoding="utf-8")
        (path / f"{item.id}.csv").write_text("month,value\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def made(ledger_path: Path) -> Callable[[date], Composed]:
    @cache
    def compose(day: date) -> Composed:
        with query.connect(ledger_path) as con:
            return report.compose(con, CHARTS, day, None if day == LATEST else day)

    return compose


def words(shown: Report, section: str = "") -> str:
    """All text of a report or of one section."""
    parts = [part.blocks for part in shown.sections if section in ("", part.id)]
    blocks = [*([] if section else shown.headline), *(block for found in parts for block in found)]
    text = []
    for block in blocks:
        text += report.sentences(block)
        if isinstance(block, Table):
            text += [
                "".join(p if isinstance(p, str) else p.text for p in cell)
                for row in block.rows
                for cell in row
            ]
    return "\n".join(text).replace(language.NO_BREAK, " ")


def rows(shown: Report, section: str, caption: str) -> list[list[str]]:
    for part in shown.sections:
        for block in part.blocks:
            if part.id == section and isinstance(block, Table) and block.caption.startswith(caption):
                return [
                    ["".join(p if isinstance(p, str) else p.text for p in cell) for cell in row]
                    for row in block.rows
                ]
    raise AssertionError(f"no table {caption!r} in {section}")


# ---------------------------------------------------------------------------- what it says


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_it_can_be_composed_as_of_any_day(made: Callable[[date], Composed], day: date) -> None:
    shown = made(day).report
    assert shown.as_of == day
    assert (shown.banner is None) == (day == LATEST)
    assert all(part.blocks for part in shown.sections)
    assert len({part.id for part in shown.sections}) == len(shown.sections)


def test_an_asked_day_has_its_banner(made: Callable[[date], Composed]) -> None:
    banner = made(date(2026, 7, 3)).report.banner or ""
    assert banner.startswith("This is the report as it could have been published on 3 July 2026")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_sentence_passes_the_gate(made: Callable[[date], Composed], day: date) -> None:
    shown = made(day).report
    for block in (*shown.headline, *(block for part in shown.sections for block in part.blocks)):
        for text in report.sentences(block):
            assert language.causal(text) is None
            assert "  " not in text
            assert not re.search(r"\b([a-z]+) \1\b", text), text
            assert " ." not in text
            assert "None" not in text
            assert "nan" not in text.split()


def test_a_chart_with_a_causal_caption_is_refused(ledger_path: Path) -> None:
    bad = [
        Chart(
            **{
                **{name: getattr(CHARTS[0], name) for name in Chart.__dataclass_fields__},
                "title": "It fell because of x",
            }
        )
    ]
    with query.connect(ledger_path) as con, pytest.raises(language.CausalWording):
        report.compose(con, bad, LATEST)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_nothing_printed_was_known_later(made: Callable[[date], Composed], day: date) -> None:
    entries = made(day).counts.values()
    assert [item for item in entries if (item.get("vintage") or "") > day.isoformat()] == []


def test_the_threshold_of_2027_is_what_the_law_said_that_day(made: Callable[[date], Composed]) -> None:
    def of_2027(day: date) -> str:
        found = next(
            row for row in rows(made(day).report, "tax", "VAT exemption threshold") if row[0] == "2027"
        )
        return found[-1]

    assert of_2027(date(2026, 2, 10)) == "15"
    assert of_2027(date(2026, 7, 3)) == "15"
    assert of_2027(date(2026, 7, 5)) == "20"
    head = words(made(date(2026, 7, 3)).report).split("\n")
    assert any("20 million roubles in 2026 and up to 15 million roubles in 2027" in line for line in head)
    head = words(made(date(2026, 7, 5)).report).split("\n")
    assert any("20 million roubles in 2026 and 20 million in 2027" in line for line in head)


def test_a_proposal_is_never_shown_as_law(made: Callable[[date], Composed]) -> None:
    shown = made(LATEST).report
    law = rows(shown, "law", "The newest measures that are law")
    assert not [row for row in law if "proposed" in row[4] or "statement" in row[4]]
    proposed = rows(shown, "law", "Proposals and statements")
    assert {row[4] for row in proposed} <= {"proposed, not law", "statement, not law"}
    assert (
        "10 million roubles from 2026 at once. The law signed on 28 November 2025 set another schedule."
        in words(shown, "tax")
    )
    assert all(
        row[-1] != "10"
        for row in rows(shown, "tax", "VAT exemption threshold")
        if row[0] in ("2026", "2027", "2028")
    )


def test_a_day_before_a_law_knows_nothing_of_it(made: Callable[[date], Composed]) -> None:
    before = words(made(date(2026, 7, 3)).report)
    assert "228-F" not in before
    assert "228-Ф" not in before
    assert "frozen" not in before
    assert "228-FZ, signed on 4 July 2026" in words(made(date(2026, 7, 5)).report, "tax")


def test_the_december_story_comes_first_and_carries_its_doubt(made: Callable[[date], Composed]) -> None:
    text = words(made(LATEST).report, "claims").split("\n")
    assert text[0] == "December 2025"
    story = " ".join(text[1:3])
    for part in (
        "On 29 December 2025 Valery Gerasimov, chief of the Russian General Staff",
        "more than 700 km²",
        "DeepState 461 km² and ISW 365 km²",
        "at least ×1.7 [1.1, 2.6]: overstated by rule v1",
        "consistent by DeepState and overstated by ISW",
        "With what was known the day after it was said the verdict was consistent",
    ):
        assert part in story, part
    left = {
        row[0]: row for row in rows(made(LATEST).report, "claims", "Measurements that the rule does not use")
    }
    assert left["AFP from ISW data"][1] == "244"
    assert "cannot check Moscow" in left["AFP from ISW data"][3]
    assert left["ISW map layer, area computed by others"][4].startswith("consistent")
    year = next(line for line in text if line.startswith("At the meeting of 29 December 2025"))
    for part in ("6,460 km²", "6,640 km²", "first version", "4,319 km²", "×1.50", "×1.54", "both overstated"):
        assert part in year, part
    assert not re.search(
        r"\b(false|lie|lied|exaggerat\w+|inflated|refuted|debunked)\b", "\n".join(text), re.IGNORECASE
    )


def test_what_could_not_be_known_then_is_not_in_the_story(made: Callable[[date], Composed]) -> None:
    text = words(made(date(2026, 2, 10)).report, "claims")
    assert "December 2025" in text
    early = words(made(date(2024, 1, 15)).report, "claims")
    assert "December 2025" not in early
    assert "What could not be checked, and why" in early


def test_every_statement_has_one_place(made: Callable[[date], Composed]) -> None:
    shown = made(LATEST).report
    table = rows(shown, "claims", "Statements about ground and the verdict")
    assert len({row[0] for row in table}) == len(table)
    unchecked = rows(shown, "claims", "Statements the rule does not judge")
    known = made(LATEST).counts
    total = sum(int(row[1].replace(",", "")) for row in unchecked) + len(table)
    assert total == sum(
        len(known[name]["inputs"]) for name in known if name.startswith("calc:unchecked-")
    ) + len(table)
    assert not {"claims-checked", "near-dates"} & {part.id for part in shown.sections}


def test_a_statement_that_is_not_sure_carries_its_mark_and_is_in_no_headline(
    made: Callable[[date], Composed], ledger_path: Path
) -> None:
    shown = made(LATEST).report
    with query.connect(ledger_path) as con:
        claims = {row["id"]: row for row in query.records(con, "SELECT * FROM claims")}
    seen: set[str] = set()
    for part in shown.sections:
        for block in part.blocks:
            if not isinstance(block, Table) or not {"To know", "Sources", "What was said"} & set(
                block.columns
            ):
                continue
            for line in block.rows:
                text = "".join(item if isinstance(item, str) else item.text for cell in line for item in cell)
                for name in {re.sub(".*:", "", i.id) for cell in line for i in cell if isinstance(i, Fig)}:
                    marks = keeping.marks(claims[name]) if name in claims else ()
                    assert all(mark in text for mark in marks), text
                    seen |= set(marks)
    assert seen == {keeping.SINGLE, *keeping.DOUBTED.values()}
    first = Report("", "", LATEST, "", shown.headline, ()).figures()
    assert not [figure.id for figure in first if figure.id.startswith("claims:")]


def test_a_story_told_in_sentences_says_that_another_page_contradicts(
    ledger_path: Path, tmp_path: Path
) -> None:
    copied = tmp_path / "doubted.duckdb"
    shutil.copyfile(ledger_path, copied)
    with duckdb.connect(str(copied)) as writer:
        writer.execute("UPDATE manual.claims SET audit_result = 'contradicted' WHERE id IN ('C152', 'C154')")
    with query.connect(copied) as con:
        text = words(report.compose(con, [], LATEST, None).report, "claims").split("\n")
    for start in ("On 29 December 2025", "At the meeting of 29 December 2025"):
        (line,) = [line for line in text if line.startswith(start)]
        assert "(another page prints another number). Measured" in line


def test_areas_are_never_averaged_and_a_break_is_no_measurement(made: Callable[[date], Composed]) -> None:
    july = next(row for row in rows(made(LATEST).report, "territory", "Net change") if row[0] == "July 2026")
    assert july[1:] == ["+34", "+39", "+321"]
    old = {row[0]: row for row in rows(made(date(2024, 1, 15)).report, "territory", "Net change")}
    assert old["May 2023"][3].endswith("(break)")
    assert "11,792" not in words(made(LATEST).report)


def test_the_july_pair_is_a_near_date_with_its_chance(made: Callable[[date], Composed]) -> None:
    composed = made(LATEST)
    text = words(composed.report, "links")
    pair = text[text.index("The VAT threshold law") :]
    assert "228-FZ was signed on Saturday, 4 July 2026" in pair
    assert "one of the near dates of its week; no link is claimed" in pair
    assert re.search(r"Near statements: \d+ within 1 day, \d+ within 3 days and \d+ within 7 days", pair)
    assert "-ФЗ" not in text
    questions = rows(composed.report, "links", "Registered questions")
    assert {row[-1] for row in questions} <= {"cannot tell", "cannot tell: no test", "beyond chance"}
    assert all(float(row[6]) >= float(row[5]) for row in questions if row[5] != "–")
    assert rows(composed.report, "links", "The lists instead of a p")


def test_no_sentence_is_said_twice(made: Callable[[date], Composed]) -> None:
    shown = made(LATEST).report
    text = [line for part in shown.sections for block in part.blocks for line in report.sentences(block)]
    long = Counter(
        sentence for line in text for sentence in re.split(r"(?<=[.?])\s", line) if len(sentence) > 60
    )
    assert [sentence for sentence, times in long.items() if times > 1] == []


def test_first_prints_stand_beside_later_figures(made: Callable[[date], Composed]) -> None:
    found = {row[0]: row for row in rows(made(LATEST).report, "fiscal", "First prints")}
    assert found["January–May 2025"][1:] == ["−3,400", "−3,029.2", "+370.8"]
    assert "first printed as 4.9 trillion roubles and now stands at 4.6 trillion roubles" in words(
        made(LATEST).report
    )


def test_revisions_count_from_the_previous_report(ledger_path: Path, tmp_path: Path) -> None:
    (tmp_path / "release.json").write_text(json.dumps({"as_of": "2026-08-01"}))
    with query.connect(ledger_path) as con:
        since = report.compose(con, [], LATEST, None, tmp_path)
        (tmp_path / "release.json").write_text(json.dumps({"as_of": LATEST.isoformat()}))
        same_day = report.compose(con, [], LATEST, None, tmp_path)
        none = report.compose(con, [], LATEST, None, tmp_path / "nowhere")
    assert "Between the last report, as of 1 August 2026, and this one" in words(since.report, "revisions")
    assert words(same_day.report, "revisions") == words(none.report, "revisions")
    assert "In the twelve months to 31 October 2026" in words(none.report, "revisions")


# ---------------------------------------------------------------------------- figures and their register


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_figure_leads_somewhere(made: Callable[[date], Composed], ledger_path: Path, day: date) -> None:
    composed = made(day)
    printed = {fig.id for fig in composed.report.figures()}
    assert printed <= set(composed.counts)
    with query.connect(ledger_path) as con:
        observations = {
            row[0]
            for row in con.execute(
                "SELECT observation FROM observations WHERE vintage <= ?", [day]
            ).fetchall()
        }
        periods = {
            item.id
            for name in {name.split("@")[0] for name in printed if "@" in name and ":" not in name}
            for item in query.figures(con, name, day)
        }
        rows = {
            f"{table}:{key}"
            for table in query.manual_tables(con)
            for row in query.records(con, f'FROM manual."{table}_as_of"($day)', {"day": day})
            for key in (row["file_line"], row.get("id"))
        }
        for name in printed - observations - periods:
            if name.startswith("count:"):
                entry = composed.counts[name]
                assert query.table(con, entry["sql"], entry["params"] or None)[1][0][0] == entry["value"]
            elif name.startswith("calc:"):
                entry = composed.counts[name]
                assert entry["formula"]
                assert entry["inputs"]
                for used in entry["inputs"]:
                    known = used in observations or used in composed.counts or used in rows
                    assert known or "@" in used, (name, used)
            else:
                assert name in rows, name


def test_the_register_is_kept_beside_the_report(made: Callable[[date], Composed]) -> None:
    composed = made(LATEST)
    body = json.loads(report.figures_file(composed))
    shown = list(composed.report.figures())
    assert [(item["id"], item["text"]) for item in body["printed"]] == [(fig.id, fig.text) for fig in shown]
    assert {item["section"] for item in body["printed"]} <= {
        "headline",
        *(part.id for part in composed.report.sections),
    }
    assert set(body["figures"]) >= {fig.id for fig in shown if fig.id.startswith(("count:", "calc:"))}
    assert all(item.get("sql") or item.get("inputs") for item in body["figures"].values())


def test_explain_answers_to_counts(
    made: Callable[[date], Composed], ledger_path: Path, tmp_path: Path
) -> None:
    from wareconomy.publish import explain

    (tmp_path / "figures.json").write_text(report.figures_file(made(LATEST)), encoding="utf-8")
    entries = explain.register(tmp_path)
    with query.connect(ledger_path) as con:
        for name in (
            "calc:checked-overstated",
            "calc:july-2026-near-1",
            "count:acts-2026-07",
            "count:revised-figures",
        ):
            assert explain.explain(con, name, LATEST, register=entries).id == name
        assert explain.explain(con, "claims:C154", LATEST, register=entries).kind == "row"


# ---------------------------------------------------------------------------- HTML


class Outline(HTMLParser):
    """Ids, tags left open, headings and addresses of a page."""

    void = {"meta", "br", "hr", "img", "link", "input"}  # noqa: RUF012

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.ids: list[str] = []
        self.open: list[str] = []
        self.headings: list[str] = []
        self.loads: list[str] = []
        self.anchors: list[str] = []
        self.tags: Counter[str] = Counter()
        self.wrong: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags[tag] += 1
        if tag not in self.void:
            self.open.append(tag)
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(tag)
        for name, value in attrs:
            if name == "id":
                self.ids.append(value or "")
            if name in ("src", "srcset", "poster", "data", "action") or (
                name in ("href", "xlink:href") and tag not in ("a", "use")
            ):
                self.loads.append(value or "")
            if name in ("href", "xlink:href") and (value or "").startswith("#"):
                self.anchors.append((value or "")[1:])
            if name.startswith("on"):
                self.wrong.append(f"{tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        if tag in self.void:
            return
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}> closes nothing")


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_the_page_stands_alone(made: Callable[[date], Composed], folder: Path, day: date) -> None:
    text = html.render(made(day), CHARTS, folder)
    page = Outline(text)
    assert page.wrong == []
    assert page.open == []
    assert [name for name, times in Counter(page.ids).items() if times > 1] == []
    assert page.loads == []
    assert set(page.anchors) <= set(page.ids)
    assert page.headings[0] == "h1"
    assert page.headings.count("h1") == 1
    assert page.tags["svg"] == len(CHARTS)
    assert text.count("<script") == 1
    assert '<html lang="en">' in text
    assert "default-src 'none'".replace("'", "&#39;") in text
    assert not re.search(r"url\(\s*['\"]?https?:|@import", text)


def test_the_page_carries_figures_with_their_day(made: Callable[[date], Composed], folder: Path) -> None:
    text = html.render(made(LATEST), CHARTS, folder)
    assert (
        'data-figure="ru.budget.balance@2026-01..2026-07" title="ru.budget.balance@2026-01..2026-07, known '
        'since 11 August 2026"' in text
    )
    data = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert data
    body = json.loads(data.group(1))
    assert body["@type"] == "Dataset"
    assert body["version"] == "2026-10-31"


def test_charts_are_cleaned_and_keep_ids_of_their_own(tmp_path: Path) -> None:
    outside = SVG.replace("</svg>", NASTY).replace('href="#p2"', 'href="https://example.org/x.svg#y"')
    (tmp_path / "budget-balance.svg").write_text(outside, encoding="utf-8")
    text = svg.inline(CHARTS[0], tmp_path) or ""
    assert 'id="c-budget-balance-a"' in text
    assert "url(#c-budget-balance-p1)" in text
    assert 'aria-labelledby="c-budget-balance-t c-budget-balance-d"' in text
    assert not re.search(r"script|foreignObject|onload|example\.org|<image|width=\"576pt\"", text)
    assert svg.inline(chart("not-drawn", "fiscal"), tmp_path) is None


def test_a_page_prints_the_words_of_a_chart_and_shows_its_panels_alone(tmp_path: Path) -> None:
    one = CHARTS[0]
    figure = theme.new_figure()
    with theme.style(one.id):
        box = theme.frame(figure, one)
        theme.save(figure, one, tmp_path, ("svg",))
    _, top, _, tall = map(
        float, (ElementTree.fromstring(svg.inline(one, tmp_path) or "").attrib["viewBox"]).split()
    )
    inside = (top / 72, (top + tall) / 72)
    written = [theme.HEIGHT * (1 - text.get_position()[1]) for text in figure.texts]
    assert inside[0] < theme.HEIGHT - box.top < theme.HEIGHT - box.bottom < inside[1]
    assert len(written) >= 4
    assert not [y for y in written if inside[0] < y < inside[1]]


@pytest.fixture
def hostile(ledger_path: Path, tmp_path: Path) -> Iterator[Composed]:
    """The report of a ledger in which publishers, titles and units were written by an enemy."""
    path = tmp_path / "hostile.duckdb"
    shutil.copyfile(ledger_path, path)
    bad = "<script>alert('x')</script>\"|`[a](javascript:alert(1))#$x*_{{ 7*7 }}"
    con = duckdb.connect(str(path))
    con.execute(
        "UPDATE sources SET publisher = $bad, title = title || $bad, licence = $bad, url = 'javascript:alert(1)'",
        {"bad": bad},
    )
    con.execute("UPDATE manual.acts SET title_en = $bad, number = $bad, parameter = $bad", {"bad": bad})
    con.execute("UPDATE manual.claims SET speaker = $bad, summary = 'caused ' || $bad", {"bad": bad})
    con.execute("UPDATE manual.breaks SET what = $bad", {"bad": bad})
    con.execute("UPDATE series SET title = $bad WHERE series LIKE 'ua.%'", {"bad": bad})
    con.close()
    with query.connect(path) as read:
        yield report.compose(read, CHARTS, LATEST)


def test_text_from_data_is_never_trusted(hostile: Composed, folder: Path) -> None:
    text = html.render(hostile, CHARTS, folder)
    page = Outline(text)
    assert page.wrong == []
    assert page.tags["script"] == 1
    assert "<script>alert" not in text
    assert 'href="javascript' not in text
    assert "{{ 7*7 }}" in text
    plain = markdown.render(hostile.report, CHARTS)
    assert "<script>" not in re.sub(r"\\[<>]", "", plain)
    assert not re.search(r"(?<!\\)\]\(javascript", plain)
    assert b"%PDF" in pdf.render(hostile.report, CHARTS, folder)[:8]


# ---------------------------------------------------------------------------- Markdown, PDF, files


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_markdown_tables_are_whole(made: Callable[[date], Composed], day: date) -> None:
    text = markdown.render(made(day).report, CHARTS)
    lines = text.split("\n")
    cells = [len(re.findall(r"(?<!\\)\|", line)) for line in lines]
    for place, line in enumerate(lines):
        if re.fullmatch(r"\|( :?-+:? \|)+", line):
            assert cells[place] == cells[place - 1]
            assert lines[place - 2] == ""
            below = place + 1
            while lines[below].startswith("|"):
                assert cells[below] == cells[place]
                below += 1
    assert "![Lines fall \\<below\\> zero \\| and stay](charts/budget-balance.png)" in text


def test_markdown_links_to_the_pages_of_statements_as_html_does(
    made: Callable[[date], Composed], folder: Path
) -> None:
    pages = ("C152", "C154", "C219")
    composed = made(LATEST)
    linked = re.findall(r"(?<!\\)\]\((claims/[^)]*)\)", markdown.render(composed.report, CHARTS, pages=pages))
    assert set(linked) == {f"claims/{name}.html" for name in pages}
    page = html.render(composed, CHARTS, folder, pages)
    assert Counter(linked) == Counter(re.findall(r'href="(claims/[^"]*)"', page))
    assert "](claims/" not in markdown.render(composed.report, CHARTS)


def test_the_same_inputs_give_the_same_bytes(ledger_path: Path, folder: Path) -> None:
    def once() -> tuple[Any, ...]:
        with query.connect(ledger_path) as con:
            found = report.compose(con, CHARTS, LATEST)
        return (
            html.render(found, CHARTS, folder),
            markdown.render(found.report, CHARTS),
            pdf.render(found.report, CHARTS, folder),
            report.figures_file(found),
        )

    assert once() == once()


@pytest.mark.parametrize("day", [DAYS[0], date(2026, 7, 5), LATEST], ids=str)
def test_the_pdf_can_be_read(made: Callable[[date], Composed], folder: Path, day: date) -> None:
    from pypdf import PdfReader

    found = PdfReader(io.BytesIO(pdf.render(made(day).report, CHARTS, folder)))
    assert 5 <= len(found.pages) <= 40
    text = re.sub(r"\s+", " ", "\n".join(page.extract_text() for page in found.pages))
    assert f"as known on {language.day(day)}" in text
    assert found.metadata is not None
    assert found.metadata.author == "wareconomy contributors"
    if day == LATEST:
        assert "228-FZ" in text
        assert "Saturday, 4 July 2026" in text
        assert "December 2025 On 29 December 2025 Valery Gerasimov" in text
        assert "more than 700" in text


def test_a_missing_typst_leaves_out_the_pdf_and_says_so(
    made: Callable[[date], Composed], tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(folder, tmp_path / "charts")
    assert report.write(made(LATEST), CHARTS, tmp_path) == []
    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == [
        "figures.json", "report.html", "report.md", "report.pdf",
    ]  # fmt: skip
    (tmp_path / "report.pdf").unlink()
    monkeypatch.setitem(__import__("sys").modules, "typst", None)
    said = report.write(made(LATEST), CHARTS, tmp_path)
    assert len(said) == 1
    assert "wareconomy[pdf]" in said[0]
    assert not (tmp_path / "report.pdf").exists()
    with pytest.raises(MissingExtra):
        pdf.render(made(LATEST).report, CHARTS, tmp_path / "charts")


def test_charts_stand_in_their_section_and_none_is_lost(made: Callable[[date], Composed]) -> None:
    parts = {part.id: part.blocks for part in made(LATEST).report.sections}
    for item in CHARTS:
        home = parts.get(item.section, parts["charts"])
        assert [block for block in home if isinstance(block, Picture) and block.chart == item.id]
    assert list(parts)[-3:] == ["charts", "method", "sources"]


def test_wording_of_data_that_the_gate_refuses_is_left_out() -> None:
    assert desk.quote("it was caused by x") == "(wording left out; see the row itself)"
    assert desk.quote("445 km2\n net") == "445 km² net"
    with pytest.raises(language.CausalWording):
        desk.say("The law was signed ", Fig("because", "acts:L001"))
    assert isinstance(desk.say("plain"), Paragraph)


# ---------------------------------------------------------------------------- on a phone


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1200])
def test_no_page_scrolls_sideways(
    made: Callable[[date], Composed], folder: Path, tmp_path: Path, page: Page, width: int
) -> None:
    path = tmp_path / "report.html"
    path.write_text(html.render(made(LATEST), CHARTS, folder), encoding="utf-8")
    page.set_viewport_size({"width": width, "height": 844})
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") == width
    wide = page.evaluate(
        "[...document.querySelectorAll('.box, p, h1, h2, nav')].filter(e => "
        "e.getBoundingClientRect().right > innerWidth + 1).length"
    )
    assert wide == 0
    boxes = page.evaluate(
        "[...document.querySelectorAll('.box')].every(e => getComputedStyle(e).overflowX === 'auto')"
    )
    assert boxes is True


def test_without_collected_documents_nothing_is_said_of_them(
    made: Callable[[date], Composed], folder: Path
) -> None:
    composed = made(LATEST)
    assert composed.report.taken == ""
    assert "Collected documents" not in words(composed.report, "method")
    assert "checked at" not in html.render(composed, CHARTS, folder).partition("<footer>")[2]
