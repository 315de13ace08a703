"""Event lists, registered questions, and what lay around an act."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from wareconomy import catalog
from wareconomy.analysis import events, links, questions
from wareconomy.errors import LedgerError, UnknownName, UsageError
from wareconomy.ledger import query


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[Any]:
    with query.connect(ledger_path) as opened:
        yield opened


LATE = date(2026, 10, 31)


def test_one_law_is_one_event_of_one_stage(con: Any) -> None:
    signed = events.acts(con, "signed", LATE, jurisdiction=["ru"], category=["sme_tax", "vat"])
    assert [event.day for event in signed] == [date(2024, 7, 12), date(2025, 11, 28), date(2026, 7, 4)]
    assert len(signed[1].rows) > 1
    readings = events.acts(con, "first_reading", LATE, jurisdiction=["ru"], category=["sme_tax"])
    assert date(2025, 10, 22) in [event.day for event in readings]
    with pytest.raises(UsageError, match="no stage"):
        events.acts(con, "whispered", LATE)


def test_nothing_unknown_on_the_day_is_listed(con: Any) -> None:
    early = events.acts(con, "signed", date(2026, 7, 3), category=["sme_tax"])
    assert date(2026, 7, 4) not in [event.day for event in early]
    assert all(event.day <= date(2025, 1, 1) for event in events.claims(con, date(2025, 1, 1)))


def test_one_saying_is_one_event(con: Any) -> None:
    said = events.claims(con, LATE, side=["russia"], topic=["territory_gain"], speaker=["Valery Gerasimov"])
    december = [event for event in said if event.day == date(2025, 12, 29)]
    assert len(december) == 1
    assert {"claims:C154", "claims:C169"} <= set(december[0].rows)
    assert not any("claims:C153" in event.rows for event in said)  # a wire variant


def test_five_questions_are_registered_with_their_hash() -> None:
    found = questions.load()
    assert len(found) == 5
    folder = Path(catalog.__file__).with_name("questions")
    for name, question in found.items():
        assert question.digest == hashlib.sha256((folder / f"{name}.toml").read_bytes()).hexdigest()
        assert question.registered == date(2026, 11, 22)
        assert question.stop > question.registered
        assert 1 <= len(question.windows) <= 4
    assert {"sme-tax-security-zone"} <= set(found)


def test_a_registration_that_leaves_something_out_is_refused(tmp_path: Path) -> None:
    (tmp_path / "half.toml").write_text("title = 'x'\nwindows = [[0, 3]]\n", encoding="utf-8")
    with pytest.raises(LedgerError, match=r"half\.toml"):
        questions.load(tmp_path)


def test_three_laws_are_listed_and_not_tested(con: Any) -> None:
    answer = questions.ask(con, questions.find("sme-tax-security-zone"))
    assert [run.reason for run in answer.runs] == ["too_few", "too_few"]
    assert len(answer.runs[0].a) == 3
    assert not answer.can_tell
    assert answer.tries == 6


@pytest.mark.parametrize(
    "name", ["all-acts-ground-claims", "fiscal-acts-territory", "mobilisation-losses", "pace-after-acts"]
)
def test_the_other_questions_cannot_tell_and_both_versions_agree(con: Any, name: str) -> None:
    answer = questions.ask(con, questions.find(name), draws=499, power=False)
    assert {run.lists for run in answer.runs} == {"raw", "declustered"}
    assert all(run.result is not None for run in answer.runs)
    assert answer.agreed
    assert not answer.can_tell


@pytest.mark.parametrize("day", [date(2024, 1, 15), date(2024, 8, 1), date(2026, 2, 10), date(2026, 7, 3)])
def test_questions_can_be_asked_as_of_any_day(con: Any, day: date) -> None:
    for question in questions.load().values():
        for run in questions.ask(con, question, day, draws=99, power=False).runs:
            assert (run.result is None) == (run.refused is not None)
            assert all(event.day <= day for event in (*run.a, *run.b))


def test_unknown_names_are_refused_with_the_nearest(con: Any) -> None:
    with pytest.raises(UnknownName, match="sme-tax-security-zone"):
        questions.find("sme-tax-security-zones")
    with pytest.raises(UnknownName, match="ru-228-fz-2026"):
        links.of_act(con, "ru-228-fz-2025")


def test_the_july_pair_is_one_of_the_near_dates_of_its_week(con: Any) -> None:
    story = links.of_act(con, "acts:L119")
    assert story.day == date(2026, 7, 4)
    said = {row["id"] for row in story.claims}
    assert {"C219", "C220", "C218", "C222"} <= said
    rates = {rate.days: rate for rate in story.rates}
    assert 0.08 < rates[1].share < 0.2
    assert rates[1].share < rates[3].share < rates[7].share < 0.7
    assert {act["act"] for act in story.acts} == {"ru-228-fz-2026", "ru-232-fz-2026"}
    assert story.before
    assert story.after


def test_ten_stories_one_of_them_meaningless(con: Any) -> None:
    told = links.stories(con)
    assert len(told) == 10
    assert [story.name for story in told if story.control] == ["cash-limit-2025"]
    assert all(story.day <= date(2026, 7, 3) for story in links.stories(con, date(2026, 7, 3)))
    assert links.stories(con, date(2024, 1, 15)) == []
