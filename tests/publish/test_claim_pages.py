"""Pages of statements: every statement has one, none asserts what one page carried, nothing runs, ids agree."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pytest

from wareconomy.ledger import query
from wareconomy.publish import claim_pages, export, identifiers, keeping
from wareconomy.publish.language import causal

if TYPE_CHECKING:
    from playwright.sync_api import Page

DIGEST = "0" * 64
LATEST = date(2026, 10, 31)


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[Any]:
    with query.connect(ledger_path) as opened:
        yield opened


@pytest.fixture(scope="module")
def folder(con: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("claims")
    claim_pages.write(claim_pages.compose(claim_pages.read(con, LATEST, DIGEST)), path, LATEST, DIGEST)
    return path


class Reader(HTMLParser):
    """What a page loads, links to, and leaves open."""

    void = frozenset({"meta", "br", "hr", "link"})

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.links: list[str] = []
        self.wrong: list[str] = []
        self.words: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in self.void:
            self.open.append(tag)
        for name, value in attrs:
            if name == "href" and tag == "a":
                self.links.append(value or "")
            elif name in ("src", "href", "action", "data") or name.startswith("on"):
                self.wrong.append(f"{tag} {name}")

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.wrong.append(f"</{tag}>")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("style", "script"):
            self.words.append(data)


def structured(text: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert found
    body: dict[str, Any] = json.loads(found.group(1))
    return body


def test_every_statement_has_a_page_and_the_index_links_to_it(con: Any, folder: Path) -> None:
    ids = {row[0] for row in con.execute("SELECT id FROM claims_as_of($d)", {"d": LATEST}).fetchall()}
    assert {path.stem for path in folder.glob("*.html")} == {*ids, "index"}
    index = Reader((folder / "index.html").read_text("utf-8"))
    assert {f"{name}.html" for name in ids} <= set(index.links)
    for result, mark in keeping.DOUBTED.items():
        (count,) = con.execute(
            "SELECT count(*) FROM claims WHERE audit_result = $r", {"r": result}
        ).fetchone()
        assert " ".join(index.words).count(f"({mark})") == count


def test_pages_stand_alone_and_their_links_lead_somewhere(folder: Path) -> None:
    names = {path.name for path in folder.glob("*.html")}
    for path in sorted(folder.glob("*.html")):
        text = path.read_text("utf-8")
        page = Reader(text)
        assert page.wrong == [], path.name
        assert page.open == [], path.name
        assert text.count("<script") == (0 if path.stem == "index" else 1)
        for link in page.links:
            assert link in names or link == "../report.html" or link.startswith(("https://", "http://")), link


def test_no_generated_sentence_of_a_page_claims_a_cause(con: Any) -> None:
    from wareconomy.publish import report

    for page in claim_pages.compose(claim_pages.read(con, LATEST, DIGEST)):
        lines = [page.title, page.subtitle, page.banner]
        lines += [text for block in page.blocks for text in report.sentences(block)]
        assert [line for line in lines if causal(line)] == [], page.name
        assert not any(re.search(r"\bNone\b|\bnan\b", line) for line in lines), page.name


def test_the_december_page_shows_verdict_interval_rows_and_doubt(folder: Path) -> None:
    text = " ".join(" ".join(Reader((folder / "C154.html").read_text("utf-8")).words).split())
    for part in (
        "Statement C154",
        "more than 700 km²",
        "DeepState 461 km² and ISW 365 km²",
        "the statement is overstated, at least ×1.7 [1.1, 2.6] of what was measured",
        "consistent with independent measurement",
        "claim_evidence:E001",
        "AFP from ISW data",
        "No link is claimed.",
    ):
        assert part in text.replace("\u00a0", " "), part


def test_the_page_of_a_claimed_town_says_when_the_map_showed_it(folder: Path) -> None:
    def words(name: str) -> str:
        return " ".join(" ".join(Reader((folder / f"{name}.html").read_text("utf-8")).words).split())

    assert "What the map shows of the town" in words("C122")
    assert "25 November 2025" in words("C122")
    assert "not inside so far" in words("C218")
    assert "What the map shows of the town" not in words("C154")


def test_a_single_source_is_marked_and_no_title_asserts_a_statement(con: Any, folder: Path) -> None:
    rows = con.execute(
        "SELECT id, second_source, audit_result FROM claims_as_of($d)", {"d": LATEST}
    ).fetchall()
    for name, second, result in rows:
        text = (folder / f"{name}.html").read_text("utf-8")
        sure = second and result not in ("contradicted", "not_found")
        assert ("belongs in no headline" in text) == (not sure), name
        assert "How the row is kept" in text
        assert f"<h1>Statement {name}</h1>" in text


def test_the_review_names_the_data_set_and_acts_that_exist(con: Any, folder: Path, tmp_path: Path) -> None:
    export.export(con, tmp_path, LATEST, DIGEST, ("csv",))
    package = json.loads((tmp_path / "dataset.jsonld").read_text("utf-8"))
    known = {item["@id"] for item in package["mentions"]}
    assert {item["@type"] for item in package["mentions"]} == {"Legislation"}
    mentioned = 0
    for path in folder.glob("C*.html"):
        review = structured(path.read_text("utf-8"))
        assert review["@type"] == "ClaimReview"
        assert review["isBasedOn"][0]["@id"] == package["@id"] == identifiers.dataset(LATEST, DIGEST)
        rating = review["reviewRating"]
        if "ratingValue" in rating:
            assert (rating["worstRating"], rating["bestRating"]) == (1, 5)
            assert "95% interval" in rating["ratingExplanation"]
        for item in review.get("mentions", ()):
            mentioned += 1
            assert item["@id"] in known
    assert mentioned
    december = structured((folder / "C154.html").read_text("utf-8"))
    assert december["reviewRating"]["ratingValue"] == 3
    assert december["itemReviewed"]["author"]["@type"] == "Person"


def test_text_from_outside_stays_text(ledger_path: Path, tmp_path: Path) -> None:
    path = tmp_path / "hostile.duckdb"
    shutil.copyfile(ledger_path, path)
    with duckdb.connect(str(path)) as writer:
        writer.execute(
            "UPDATE manual.claims SET summary = '</script><script>alert(1)</script>', speaker = '<b>x</b>', "
            "source_url = 'javascript:alert(1)', note = '<img src=x onerror=alert(1)>' WHERE id = 'C154'"
        )
    with query.connect(path) as con:
        claim_pages.write(
            claim_pages.compose(claim_pages.read(con, LATEST, DIGEST)), tmp_path, LATEST, DIGEST
        )
    text = (tmp_path / "C154.html").read_text("utf-8")
    page = Reader(text)
    assert page.wrong == []
    assert text.count("<script") == 1
    assert "javascript:" not in " ".join(page.links)
    assert "<b>x</b>" not in text
    assert structured(text)["claimReviewed"] == "</script><script>alert(1)</script>"


@pytest.mark.browser
def test_a_page_fits_a_phone(folder: Path, page: Page) -> None:
    page.set_viewport_size({"width": 360, "height": 740})
    for name in ("C154", "C218", "index"):
        page.goto((folder / f"{name}.html").as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, name
