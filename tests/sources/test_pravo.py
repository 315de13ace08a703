"""New acts: the question proved against the answer, the watch list, pages, and what a wrong address answers."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from tests.sources import handed

from wareconomy import catalog
from wareconomy.sources import pravo
from wareconomy.sources.source import Candidate, Malformed

ACTS = pravo.SOURCE
LAWS = "ru_law/laws.json"
ASKED = {ask.name: ask.url for ask in ACTS.asks(date(2031, 3, 12))}
URL = ASKED["acts-federal-laws"]


def answer(**changes: Any) -> bytes:
    body = json.loads((handed.FIXTURES / LAWS).read_bytes())
    for name, value in changes.items():
        if name in body:
            body[name] = value
        else:
            body["items"][0][name] = value
    return json.dumps(body, ensure_ascii=False).encode()


def test_watched_laws_become_candidates_that_fit_the_table() -> None:
    rows = handed.read(ACTS, LAWS, "acts-federal-laws", URL)
    assert [row.locator for row in rows] == ["/items/0", "/items/1"]
    first, second = (row for row in rows if isinstance(row, Candidate))
    assert first.why == "other: налогового кодекса"
    assert first.cells["act"] == "ru-51-fz-2031"
    assert first.cells["title_original"].startswith("О внесении изменений в статью 145")
    assert (first.cells["signed_on"], first.cells["published_on"]) == ("2031-03-04", "2031-03-05")
    assert second.cells["category"] == "procurement"
    columns = catalog.load().tables["acts"].columns
    for row in (first, second):
        assert set(row.cells) <= set(columns)
        for name, text in row.cells.items():
            assert not columns[name].values or text in columns[name].values


def test_every_category_of_the_watch_list_is_one_of_the_table() -> None:
    assert {watch.category for watch in pravo.watches()} <= set(
        catalog.load().tables["acts"].columns["category"].values
    )


@pytest.mark.parametrize(
    ("name", "category"),
    [
        ("О федеральном бюджете на 2032 год и на плановый период 2033 и 2034 годов", "budget_law"),
        ("О внесении изменений в Бюджетный кодекс Российской Федерации", "budget_law"),
        ("О мерах по предоставлению национального режима при осуществлении закупок товаров", "procurement"),
        ("Об осуществлении обязательной продажи выручки в иностранной валюте", "currency_controls"),
        ("О применении специальных экономических мер в сфере поставок", "capital_controls"),
        ("О временном управлении некоторым имуществом", "asset_nationalisation"),
        ("Об утверждении ставок утилизационного сбора", "utilisation_fee"),
        ("О внесении изменений в главу 26.2 (упрощенная система налогообложения)", "sme_tax"),
        ("Об объявлении частичной мобилизации в Российской Федерации", "mobilisation_economy"),
        ("О присвоении классных чинов государственной гражданской службы", None),
        ("О мобилизации доходов", None),
        ("О субсидии из федерального бюджета на ремонт школы", None),
    ],
)
def test_words_of_the_watch_list(name: str, category: str | None) -> None:
    found = [watch.category for watch in pravo.watches() if watch.match(name.lower())]
    assert (found[0] if found else None) == category


@pytest.mark.parametrize(
    ("data", "url", "words"),
    [
        (answer(itemsTotalCount=1593675), URL, "dropped the filter"),
        (answer(documentTypeId=pravo.ORDER), URL, "another documentTypeId"),
        (answer(), ASKED["acts-resolutions"], "dropped the filter"),
        (answer(publishDateShort="2030-01-05T00:00:00"), URL, "outside of what was asked"),
        (answer(eoNumber="0001203103060001"), URL, "do not fit"),
        (answer(documentDate="2031-03-06T00:00:00"), URL, "do not fit"),
        (answer(documentDate="soon"), URL, "documentDate"),
        (answer(name=None), URL, "no text field name"),
        (answer(items={}), URL, "not a list"),
        (answer(itemsTotalCount=None), URL, "itemsTotalCount"),
        ((handed.FIXTURES / "ru_law/error.json").read_bytes(), URL, "answered an error"),
        (b"<!DOCTYPE html><html></html>", URL, "page instead of JSON"),
    ],
)
def test_an_answer_to_another_question_is_refused(data: bytes, url: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        handed.read(ACTS, data, "acts", url)


def test_a_misspelt_parameter_shows_in_the_answer() -> None:
    with pytest.raises(Malformed, match="1,593,675 acts: the server has dropped the filter"):
        handed.read(ACTS, "ru_law/everything.json", "acts", URL)
    # Handed in without an address, only acts of the watched kinds are looked at.
    assert len(handed.read(ACTS, "ru_law/everything.json")) == 1


def test_the_next_page_asks_the_same_question() -> None:
    [ask] = ACTS.follow(handed.document(LAWS, "acts-federal-laws", URL))
    assert ask.name == "acts-federal-laws-page-2"
    assert ask.url.replace("Index=2", "Index=1") == URL
    assert (
        list(ACTS.follow(handed.document(answer(currentPage=2), "acts-federal-laws-page-2", ask.url))) == []
    )
    with pytest.raises(Malformed, match="pages"):
        list(ACTS.follow(handed.document(answer(currentPage=40, pagesTotalCount=99), "x", URL)))


def test_the_portal_is_asked_in_plain_http_by_days_and_kind() -> None:
    assert all(url.startswith("http://publication.pravo.gov.ru/api/Documents?") for url in ASKED.values())
    assert "PublishDateFrom=26.02.2031&PublishDateTo=12.03.2031" in URL
    assert set(ASKED) == {f"acts-{name}" for name in pravo.WATCHED}
