"""Laws and statements: registered questions with their answers so far, and chosen moments told by rule
beside the rate of chance.
"""

from __future__ import annotations

from wareconomy.analysis import links, questions
from wareconomy.analysis.coincidence import Coincidence
from wareconomy.analysis.questions import Answer
from wareconomy.publish import language as lang
from wareconomy.publish import stories
from wareconomy.publish.document import Block, Section
from wareconomy.publish.report.desk import Cell, Desk, note, quote, say, section, table

TOLD = ("july-2026", "december-2025", "cash-limit-2025")


def compose(desk: Desk) -> Section:
    """Questions first, the charts of chance, three moments in sentences, the rest in a table."""
    answers = [
        questions.ask(desk.con, item, desk.as_of, draws=1999, power=False)
        for item in questions.load().values()
    ]
    told = links.stories(desk.con, desk.as_of)
    blocks: list[Block | None] = [
        say(
            "Do acts and statements fall together more often than chance gives? Dates that cluster fall "
            "near one another all the time: a statement "
            "within a week of a law is found for most pairs of unrelated lists. Questions were written down "
            "with their windows, lists and nulls, and "
            "the larger of two chances is given."
        ),
        _questions(desk, answers),
        *desk.pictures("links"),
    ]
    for story in told:
        if story.name in TOLD:
            blocks.append(say(f"{story.title}. ", " ".join(stories.tell(story))))
    blocks.append(_moments(desk, told))
    blocks.append(
        note(
            "No link is claimed anywhere. Results on the record up to the day a question was registered are "
            "exploratory: whoever wrote it could have "
            "looked. With few dates “cannot tell” is the expected answer; with two years of record a shared "
            "season cannot be told from a link."
        )
    )
    return section("links", "Laws and statements: what chance gives", blocks)


def _questions(desk: Desk, answers: list[Answer]) -> Block:
    rows: list[list[Cell]] = []
    for answer in answers:
        run = answer.runs[0]
        inputs = list(dict.fromkeys(name for event in (*run.a, *run.b) for name in event.rows))
        result: Cell
        if run.result is None:
            result = f"not tested: {run.refused}"
        elif isinstance(run.result, Coincidence):
            wide = max(run.result.windows, key=lambda item: item.high - item.low)
            p = desk.calc(
                f"question-{answer.question.name}",
                run.result.p_family,
                lang.number(run.result.p_family, 2),
                "max-T over the registered windows, the larger of exact whole-week shifts and cluster redraw",
                inputs,
            )
            result = [
                f"{wide.k} of {wide.n} within {wide.low} to {wide.high} days, chance gives "
                f"{lang.number(wide.expected, 1)}; all windows p = ",
                p,
            ]
        else:
            p = desk.calc(
                f"question-{answer.question.name}",
                run.result.p,
                lang.number(run.result.p, 2),
                "share of whole-week shifts of the list at least as far",
                inputs,
            )
            result = [f"{lang.signed(run.result.effect, 1)} km² a day after {run.result.used} acts; p = ", p]
        rows.append(
            [
                answer.question.title,
                answer.question.digest[:8],
                result,
                lang.number(answer.tries),
                "beyond chance" if answer.can_tell else "cannot tell",
            ]
        )
    return table(
        "Registered questions and their answers so far",
        ("Question", "Hash", "Result on the record", "Tries", "Answer"),
        rows,
    )


def _moments(desk: Desk, told: list[links.Story]) -> Block | None:
    rows: list[list[Cell]] = []
    for story in told:
        near = next(rate for rate in story.rates if rate.days == 3)
        name = f"{story.name}-near"
        inputs = [f"claims:{row['id']}" for row in story.claims]
        inputs += [f"acts:{story.act['id']}"] if story.act else []
        count = desk.calc(
            name, near.statements, lang.number(near.statements), "statements at most three days away", inputs
        )
        share = desk.calc(
            f"{story.name}-share",
            100 * near.share,
            lang.percent(100 * near.share),
            "share of days of the record with a statement at most three days away",
            near.rows,
        )
        rows.append(
            [quote(story.title), lang.day(story.day), count, share, "control" if story.control else ""]
        )
    heads = ("Moment", "Day", "Statements within three days", "Days with one as near", "Note")
    return (
        table(
            "Ten moments beside their base rate; one was chosen since nobody would link its parts",
            heads,
            rows,
            (2, 3),
        )
        if rows
        else None
    )
