"""The commands about dates: links (an act, a registered question) and study (a question of your own). Each says
what it cannot tell.
"""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from typing import Any

from wareconomy import settings
from wareconomy.cli import output
from wareconomy.cli.claims import plain
from wareconomy.ledger import query as ledger


def links(arguments: Namespace) -> int:
    """What lay around an act; or `links test QUESTION`."""
    from wareconomy.analysis import links as linking
    from wareconomy.analysis import questions, stored
    from wareconomy.publish import stories

    with ledger.connect(settings.find().database) as con:
        day = ledger.as_of_day(con, ledger.day_asked(arguments.as_of, date.today()))
        if arguments.what == "test":
            if not arguments.question:
                rows = [
                    (q.name, q.method, q.registered, q.digest[:12], q.title)
                    for q in questions.load().values()
                ]
                output.emit_table(
                    ("question", "method", "registered", "hash", "title"),
                    rows,
                    "Registered questions",
                    arguments.json,
                )
                return 0
            asked = questions.find(arguments.question)
            found = stored.answers(con, day)
            answer = next(item for item in found if item.question.name == asked.name)
            return _answer(answer, arguments.json)
        story = linking.of_act(con, arguments.what, day)
    lines = stories.tell(story)
    if arguments.json:
        output.emit_json(
            {
                "name": story.name,
                "day": story.day,
                "as_of": story.as_of,
                "acts": [row["act"] for row in story.acts],
                "claims": [row["id"] for row in story.claims],
                "base_rates": [
                    {"days": r.days, "statements": r.statements, "share_of_days": r.share}
                    for r in story.rates
                ],
                "sentences": lines,
            }
        )
    else:
        print("\n".join(plain(line) for line in lines))
    return 0


def study(arguments: Namespace) -> int:
    """A question of your own: always labelled exploratory, with the number of tries."""
    from wareconomy.analysis import events, monthly_study, questions

    windows = tuple((int(low), int(high)) for low, high in arguments.window or ((0, 7),))
    acts = {
        "stage": arguments.stage,
        "jurisdiction": arguments.jurisdiction or [],
        "category": arguments.category or [],
    }
    said = {"side": arguments.side or [], "topic": arguments.topic or [], "speaker": arguments.speaker or []}
    with ledger.connect(settings.find().database) as con:
        day = ledger.as_of_day(con, ledger.day_asked(arguments.as_of, date.today()))
        start, day = events.record(con, ledger.parse_day(arguments.start), day, date.today())
        acts, said = events.chosen(con, "acts", acts, day), events.chosen(con, "claims", said, day)
        if arguments.series and monthly_study.monthly(con, arguments.series):
            found = monthly_study.study(con, arguments.series, acts, start, day, arguments.horizons)
            return _monthly(found, arguments.json)
        asked = questions.exploratory(
            start,
            day,
            windows,
            acts=acts,
            claims=said,
            series=arguments.series,
        )
        answer = questions.ask(con, asked, day)
    return _answer(answer, arguments.json)


def _monthly(found: Any, as_json: bool) -> int:
    from dataclasses import asdict

    from wareconomy.publish import answers

    lines = answers.monthly_sentences(found)
    if as_json:
        output.emit_json({**asdict(found), "exploratory": True, "sentences": lines})
    else:
        print("\n".join(plain(line) for line in lines))
    return 0


def _answer(answer: Any, as_json: bool) -> int:
    from dataclasses import asdict

    from wareconomy.publish import answers

    lines = answers.answer_sentences(answer)
    if not as_json:
        print("\n".join(plain(line) for line in lines))
        return 0
    runs = [
        {
            "part": run.part,
            "lists": run.lists,
            "from": run.record.first,
            "to": run.record.last,
            "a": [(event.day, event.rows) for event in run.a],
            "b": [(event.day, event.rows) for event in run.b],
            "refused": run.refused,
            "reason": run.reason,
            "detectable": run.detectable,
            "result": asdict(run.result) if run.result is not None else None,
        }
        for run in answer.runs
    ]
    question = answer.question
    output.emit_json(
        {
            "question": question.name,
            "registered": question.registered,
            "hash": question.digest,
            "exploratory": True,
            "can_tell": answer.can_tell,
            "p": answer.p,
            "p_all_questions": answer.p_families,
            "tries": answer.tries,
            "tries_all_questions": answer.all_tries,
            "agreed": answer.agreed,
            "runs": runs,
            "sentences": lines,
        }
    )
    return 0
