"""Documents to texts: the article and nothing around it, posts each by itself, and one line for whatever else comes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wareconomy.collect.ask import Document
from wareconomy.errors import (
    CollectError,
    HtmlInstead,
    LoginPage,
    StubPage,
    TooLarge,
    WareconomyError,
    WrongMedia,
)
from wareconomy.sources.statements import article
from wareconomy.sources.statements.source import candidates

FIXTURES = Path(__file__).parents[2] / "fixtures"
PAGE = (FIXTURES / "statements" / "article.html").read_bytes()
MOMENT = datetime(2026, 7, 6, 9, tzinfo=UTC)


def document(data: bytes, url: str = "https://wire.example.org/a") -> Document:
    return Document("article", data, "", url, MOMENT)


def test_the_article_of_a_page_and_nothing_around_it() -> None:
    (text,) = article.texts(document(PAGE))
    assert "over 700 square kilometres" in text.text
    assert "999" not in text.text
    assert "Subscribe" not in text.text
    assert (text.title, text.publisher, text.page_date) == (
        "Gerasimov reports fastest month of 2025",
        "Example Wire",
        date(2025, 12, 30),
    )
    assert text.said_on is None


def test_every_candidate_stands_where_it_says() -> None:
    (text,) = article.texts(document(PAGE))
    found = list(candidates(text))
    assert len(found) == 4
    for item in found:
        span = item.locator.rpartition("characters ")[2]
        start, end = map(int, span.split("-"))
        assert text.text[start:end] == item.cells["quote"]
        assert item.cells["quote"] not in {item.cells.get("summary"), item.cells.get("note")}


def test_posts_of_a_channel_are_statements_of_their_day() -> None:
    found = article.texts(
        document((FIXTURES / "telegram" / "kpszsu.html").read_bytes(), "https://t.me/s/kpszsu")
    )
    assert {text.speaker for text in found} == {"Ukrainian Air Force"}
    assert all(text.said_on == text.page_date and text.locator.startswith("post ") for text in found)


def test_posts_of_a_newsroom_are_nobodys_statement() -> None:
    found = article.texts(document((FIXTURES / "telegram" / "page.html").read_bytes(), ""))
    assert found
    assert {(text.speaker, text.said_on) for text in found} == {("", None)}


@pytest.mark.parametrize(
    ("data", "error", "words"),
    [
        (b"", StubPage, "empty"),
        (b"  \n ", StubPage, "empty"),
        (b"%PDF-1.7 ...", WrongMedia, "a PDF"),
        (b"PK\x03\x04abc", WrongMedia, "ZIP"),
        (b"\x89PNG\r\n", WrongMedia, "picture"),
        (b"\x7fELF\0\0\0\0", WrongMedia, "binary"),
        ("Герасимов сообщил о 700 кв. км".encode("cp1251"), WrongMedia, "as UTF-8"),
        (b"x" * (article.MAX_BYTES + 1), TooLarge, "at most"),
        (b"a " * 300_000, TooLarge, "characters of text"),
        (b"<html><body>" + b"<p>a</p>" * 40_000, TooLarge, "tags"),
        (b"hi", StubPage, "hardly a word"),
        (b"<html><body><form><input type='password'></form>Log in</body></html>", LoginPage, "asks who we are"),
        (b"<html><body></body></html>", StubPage, "no article text"),
        (PAGE.replace(b'charset="utf-8"', b'charset="no-such-thing"').replace(b"700", "700\u2009".encode()), None, ""),
    ],
)  # fmt: skip
def test_whatever_else_comes_has_a_name(data: bytes, error: type[CollectError] | None, words: str) -> None:
    if error is None:
        assert article.texts(document(data))
        return
    with pytest.raises(error, match=words) as caught:
        article.texts(document(data))
    assert "\n" not in str(caught.value)


def test_a_page_in_its_own_encoding_is_read() -> None:
    words = "Герасимов сообщил, что в декабре 2025 года заняты 700 кв. км. " * 5
    head = '<html><head><meta charset="windows-1251"><title>Т</title></head>'
    page = f"{head}<body><article><p>{words}</p></article></body></html>"
    (text,) = article.texts(document(page.encode("cp1251")))
    assert "заняты 700 кв. км" in text.text


def test_a_broken_page_of_a_channel_is_refused() -> None:
    page = (FIXTURES / "telegram" / "page.html").read_bytes()
    with pytest.raises(HtmlInstead):
        article.texts(document(page[: len(page) // 2]))


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_mutated_page_ends_in_candidates_or_a_named_error(data: st.DataObject) -> None:
    page = bytearray(data.draw(st.sampled_from([PAGE, (FIXTURES / "telegram" / "kpszsu.html").read_bytes()])))
    for _ in range(data.draw(st.integers(1, 6))):
        start = data.draw(st.integers(0, len(page)))
        stop = min(len(page), start + data.draw(st.integers(0, 200)))
        page[start:stop] = data.draw(
            st.binary(max_size=20)
            | st.sampled_from([b"<", b"</p>", b"<p><p><p>", b"\xff", b"&#x0;", b"<svg>"])
        )
    try:
        texts = article.texts(document(bytes(page), ""))
    except WareconomyError:
        return
    for text in texts:
        for item in candidates(text):
            assert item.cells["quote"] in text.text


@pytest.mark.parametrize(
    ("line", "day"),
    [
        (
            "MOSCOW, Nov 20 2026 - Gerasimov said on Friday that over 120 square kilometers",
            date(2026, 11, 20),
        ),
        ("KYIV, Dec. 29, 2025 (Reuters) — Gerasimov said over 120 square kilometers", date(2025, 12, 29)),
        ("Київ, 29 грудня 2025 року – Герасимов заявив про понад 120 кв. км", date(2025, 12, 29)),
        ("MOSCOW, Nov 20 (Reuters) - Gerasimov said over 120 square kilometers", None),
        ("On 20 November 2026 Gerasimov said that over 120 square kilometers", None),
        ("The law of 20 November 2026 - one of three - raised the threshold", None),
    ],
)
def test_a_dateline_stands_for_a_date_the_page_does_not_show(line: str, day: date | None) -> None:
    (text,) = article.texts(
        document(f"A headline\n{line} were taken since the start of the month.\n".encode())
    )
    assert text.page_date == day


def test_a_dateline_is_no_period() -> None:
    line = "MOSCOW, Nov 20 2026 - Gerasimov said on Friday that over 120 square kilometers were taken since 3 November."
    (text,) = article.texts(document(line.encode()))
    (found,) = candidates(text)
    names = ("quantity", "said_on", "period_start", "period_end")
    assert [found.cells[name] for name in names] == ["120", "2026-11-20", "2026-11-03", "2026-11-20"]
