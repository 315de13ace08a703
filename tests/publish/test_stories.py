"""Every generated sentence passes the gate; ratings point the right way; charts of chance can be drawn."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from wareconomy.analysis import links, questions, stored
from wareconomy.analysis.claims import checks, rule
from wareconomy.analysis.claims.evaluate import judge
from wareconomy.analysis.claims.wording import Stated
from wareconomy.ledger import query
from wareconomy.publish import answers, claimreview, identifiers, keeping, stories, verdicts
from wareconomy.publish.language import CausalWording, causal

RULE = rule.load()
DAYS = (date(2024, 1, 15), date(2026, 2, 10), date(2026, 7, 5), date(2026, 10, 31))


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[Any]:
    with query.connect(ledger_path) as opened:
        yield opened


def made(verdict: str, ratio: float, families: dict[str, float]) -> checks.Check:
    value = ratio * 1000
    judged = judge(RULE, Stated(value, value, value, "printed"), families, 12)
    assert judged.verdict == verdict
    claim = Stated(value, value, value, "printed")
    day = date(2025, 1, 1)
    return checks.Check(
        "C1", "now", day, verdict, (), "1", "x", value, "km2", claim, day, day, "", 12, 1, (), judged
    )


def test_no_sentence_claims_a_cause(con: Any) -> None:
    lines: list[str] = []
    for day in DAYS:
        for item in checks.check_all(con, day):
            lines += verdicts.check_sentences(item, RULE, "Somebody", "2025-12-29")
        for story in links.stories(con, day):
            lines += stories.tell(story)
    for question in questions.load().values():
        lines += answers.answer_sentences(questions.ask(con, question, draws=99, power=False))
    assert len(lines) > 1000
    assert [line for line in lines if causal(line)] == []
    assert [line for line in lines if "nan" in line.lower().split() or "none" in line.split()] == []


def test_every_act_with_a_day_can_be_told(con: Any) -> None:
    acts = con.execute("SELECT DISTINCT act FROM acts WHERE length(signed_on) = 10").fetchall()
    for (name,) in acts[::4]:
        lines = stories.tell(links.of_act(con, name))
        assert lines[-1] == "The dates lie near one another. No link is claimed."
        assert any(line.startswith("Statements near it") for line in lines)


def test_the_gate_stops_a_causal_sentence(con: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    story = links.stories(con)[0]
    monkeypatch.setattr(stories, "chance", lambda _: "The law was signed in response to the statement.")
    with pytest.raises(CausalWording):
        stories.tell(story)


def test_the_july_story_says_what_chance_gives(con: Any) -> None:
    text = " ".join(stories.tell(links.of_act(con, "ru-228-fz-2026"))).replace("\u00a0", " ")
    assert "Saturday, 4 July 2026" in text
    assert "within 1 day 7 (as near a statement lies on 15% of all days)" in text
    assert "Law 228-FZ was signed on Saturday" in text
    assert "Vladimir Putin restated the case for a 'security zone'" in text
    assert "-ФЗ" not in text
    assert "No link is claimed" in text


def test_a_summary_becomes_a_sentence_only_where_it_starts_with_a_verb(con: Any) -> None:
    lines = {line.claim: line for story in links.stories(con) for line in stories.telling(story).lines}
    assert "Valery Gerasimov reported to Putin at a command post" in lines["C218"].sentence
    assert "Vladimir Putin: Meeting with commanders: again spoke" in lines["C219"].sentence
    assert lines["C218"].sentence.endswith("was captured.")
    for row in query.records(con, "SELECT * FROM claims"):
        if row["id"] in lines:
            assert lines[row["id"]].sentence.endswith(f"{keeping.aside(row)}.")


def test_an_act_without_a_number_says_whose_it_is(con: Any) -> None:
    lead = stories.telling(links.of_act(con, "L255")).lead
    assert lead.startswith("Signed in Ukraine on Friday, 26 December 2025: Defence procurement rules")
    december = next(story for story in links.stories(con) if story.day == date(2025, 12, 29))
    assert "tied to stages (Ukraine, 26 December 2025)" in stories.telling(december).lead


def test_ten_stories_are_told_each_with_what_its_title_names(con: Any) -> None:
    told = links.stories(con)
    assert len(told) == 10
    assert sum(story.control for story in told) == 1
    by_name = {story.name: " ".join(stories.tell(story)).replace("\u00a0", " ") for story in told}
    for name, words in {
        "december-2025": "among them on 1 January 2026 law 425-FZ",
        "tax-package-2025": "Kupiansk was captured",
        "cash-limit-2025": "810 drones",
        "enlistment-2024": "Decree No. 644 (number not confirmed) was signed",
        "mobilisation-2024": "In Harbin",
    }.items():
        assert words in by_name[name], name


def test_a_question_prints_its_registration_tries_and_lists(con: Any) -> None:
    found = next(item for item in stored.answers(con) if item.question.name == "sme-tax-security-zone")
    text = "\n".join(answers.answer_sentences(found))
    for words in (
        "Registered 22 November 2026",
        "hash ",
        "not tested",
        "12 July 2024",
        "Tries: 6",
        "over all registered questions",
        "First list:",
        "Second list:",
        "exploratory",
        "cannot tell",
    ):
        assert words in text


# ---------------------------------------------------------------------------- ClaimReview


def test_higher_ratings_are_truer() -> None:
    ratings = [
        claimreview.rating(made("consistent", 1.0, {"a": 1000})),
        claimreview.rating(made("overstated", 1.6, {"a": 1000})),
        claimreview.rating(made("overstated", 2.5, {"a": 1000})),
        claimreview.rating(made("overstated", 5.0, {"a": 1000})),
    ]
    assert ratings == [5, 3, 2, 1]
    assert claimreview.rating(made("understated", 0.4, {"a": 1000})) == 3
    contradicted = judge(RULE, Stated(700, 700, 700, "printed"), {"a": -900.0}, 1)
    check = made("overstated", 5.0, {"a": 1000})
    from dataclasses import replace

    assert contradicted.measured
    assert contradicted.measured.high <= 0
    assert claimreview.rating(replace(check, judged=contradicted)) == 1


def test_reviews_of_the_ledger_are_json_with_interval_and_ids(con: Any) -> None:
    rows = {row["id"]: row for row in query.records(con, "SELECT * FROM claims")}
    for item in checks.check_all(con):
        if item.view == "then":
            continue
        review = claimreview.review(item, rows[item.claim], RULE, "urn:uuid:1", ["ru-228-fz-2026"])
        json.dumps(review)
        rating = review["reviewRating"]
        assert (
            (rating["worstRating"], rating["bestRating"]) == (1, 5)
            if "ratingValue" in rating
            else "worstRating" not in rating
        )
        assert review["isBasedOn"][0]["@id"] == "urn:uuid:1"
        assert review["mentions"][0]["@id"] == identifiers.act("ru-228-fz-2026")
        if item.judged and item.judged.measured:
            assert "95% interval" in rating["ratingExplanation"]
        if item.verdict in ("unverifiable", "not_quantitative"):
            assert "ratingValue" not in rating


def test_the_december_review(con: Any) -> None:
    row = query.records(con, "SELECT * FROM claims WHERE id = 'C154'")[0]
    check = next(item for item in checks.check_all(con) if item.claim == "C154" and item.view == "now")
    review = claimreview.review(check, row, RULE, "urn:uuid:1")
    assert review["reviewRating"]["ratingValue"] == 3
    assert review["reviewRating"]["alternateName"] == "Overstated"
    assert "1.7" in review["reviewRating"]["ratingExplanation"]
