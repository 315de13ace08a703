"""How well statements are read holds: goals over labelled sentences, and the stories of the report come out right."""

from __future__ import annotations

from datetime import date

import pytest
from benchmarks import reading

from wareconomy.sources.statements.proposal import Proposal, proposals


def test_the_held_out_sentences_meet_the_goals() -> None:
    entries = reading.load("held_out")
    made = reading.measure(entries)
    assert len(entries) >= 60
    assert {entry["lang"] for entry in entries} == {"en", "ru", "uk"}
    assert made.all.precision >= reading.PRECISION
    assert made.all.recall >= reading.RECALL
    assert made.key.precision >= reading.PRECISION
    assert made.key.recall >= reading.RECALL
    for language, score in made.languages.items():
        assert score.precision >= reading.PRECISION, language
        assert score.recall >= reading.RECALL, language


def test_no_number_is_made_up_in_the_sentences_without_any() -> None:
    for name in ("tuned", "held_out"):
        for entry in reading.load(name):
            if not entry.get("gold"):
                found = proposals(entry["text"], date.fromisoformat(entry["page"]))
                assert [item.quote for item in found] == []


def test_the_sentences_the_rules_were_made_on_are_read() -> None:
    made = reading.measure(reading.load("tuned"))
    assert made.misses == []


STORIES: dict[str, tuple[str, dict[str, object]]] = {
    "December 2025, the area": (
        "Gerasimov told Putin on 29 December 2025 that over 700 square kilometres had been taken in December.",
        {"table": "claims", "kind": "record", "value": 700.0, "unit": "km2", "bound": "over", "speaker": "Valery Gerasimov",
         "said_on": "2025-12-29", "period": "2025-12-01..2025-12-29", "topic": "territory_gain"},
    ),
    "December 2025, the drones": (
        "Lavrov said on 29 December 2025 that 91 drones were launched at the residence in Novgorod region overnight.",
        {"table": "claims", "kind": "record", "value": 91.0, "unit": "drones", "bound": "", "speaker": "Sergei Lavrov",
         "said_on": "2025-12-29", "period": "2025-12-28..2025-12-29", "places": ("RU-NGR",), "topic": "strike"},
    ),
    "July 2026, the law": (
        "On 4 July 2026 Putin signed a law that keeps the VAT threshold of small businesses at 20 million rubles.",
        {"table": "acts", "kind": "record", "value": 20.0, "unit": "RUB mn", "said_on": "2026-07-04", "category": "sme_tax"},
    ),
    "July 2026, the zone": (
        "Putin told commanders on 3 July 2026 that a security zone in Sumy and Kharkiv oblasts was necessary.",
        {"table": "claims", "kind": "order", "value": None, "unit": "", "speaker": "Vladimir Putin",
         "said_on": "2026-07-03", "places": ("UA-59", "UA-63"), "topic": "buffer_zone"},
    ),
}  # fmt: skip


@pytest.mark.parametrize("story", STORIES)
def test_the_stories_of_the_report(story: str) -> None:
    text, wanted = STORIES[story]
    (found,) = proposals(text, None)
    assert {name: getattr(found, name) for name in wanted} == wanted
    assert not found.said_assumed


def test_the_date_of_a_page_is_never_the_day_of_a_statement() -> None:
    (found,) = proposals("Gerasimov said that 700 sq km were taken in December.", date(2026, 1, 3))
    assert (found.said_on, found.page_date) == ("", "2026-01-03")
    assert found.period == "2025-12-01..2025-12-31"
    assert found.period_assumed
    assert "the day of the statement is not printed" in found.unsure


def test_without_a_date_nothing_is_worked_out() -> None:
    (found,) = proposals("Gerasimov said that 700 sq km were taken in December.", None)
    assert (found.said_on, found.period, found.page_date) == ("", "", "")


def one(text: str) -> Proposal:
    (found,) = proposals(text, date(2025, 12, 30))
    return found


def test_what_was_shot_down_is_not_what_was_launched() -> None:
    found = one("ППО збила 226 із 242 дронів, повідомили Повітряні сили.")
    assert (found.value, found.verb) == (242.0, "launched")
    found = one("Russia launched 728 drones, 718 of which were shot down.")
    assert (found.value, found.verb) == (728.0, "launched")
    assert one("The air force shot down 80 drones launched by Russia.").verb == "shot down"


def test_a_pace_is_no_total() -> None:
    assert one("The army advanced and took 30 sq km per day, Gerasimov said.").unit == "km2 per day"
    assert proposals("The army took 30 sq km a week, Gerasimov said.", None) == []


def test_a_speaker_is_carried_over_to_a_pronoun_and_says_so() -> None:
    found = proposals(
        "Gerasimov reported to Putin.\nHe said that 12 villages were captured.", date(2025, 12, 30)
    )
    assert found[-1].speaker == "Valery Gerasimov"
    assert "the speaker stands in the sentence before" in found[-1].unsure
    far = proposals(
        "Gerasimov reported to Putin.\nIt rained.\nIt snowed.\nHe said 12 villages were captured.", None
    )
    assert far[-1].speaker == ""


def test_a_town_that_was_taken_needs_no_number() -> None:
    found = one("Gerasimov reported that Pokrovsk had been captured.")
    assert (found.value, found.topic, found.places) == (None, "settlement_capture", ("UA-14",))
