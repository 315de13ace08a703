"""Laws and statements: how often their dates fall together and what chance gives. One pair, the registered
questions, then chosen moments told by rule. No link is claimed anywhere.
"""

from __future__ import annotations

from collections.abc import Iterable

from wareconomy.analysis import links, stored
from wareconomy.analysis.coincidence import Coincidence
from wareconomy.analysis.event_study import EventStudy
from wareconomy.analysis.questions import Answer, Run
from wareconomy.publish import answers as words
from wareconomy.publish import language as lang
from wareconomy.publish import stories
from wareconomy.publish.document import Block, Fig, Inline, Section
from wareconomy.publish.report.desk import Cell, Desk, heading, note, say, section, table


def compose(desk: Desk) -> Section:
    """The pair first, then questions with their chance, then the moments."""
    title = "Laws and statements: dates beside chance"
    if desk.as_of <= links.RECORD_START:
        begins = f"The record of acts and statements that dates are compared over begins on {lang.day(links.RECORD_START)}."
        return section("links", title, [say(begins), *desk.pictures("links")])
    told = links.stories(desk.con, desk.as_of)
    answers = stored.answers(desk.con, desk.as_of)
    blocks: list[Block | None] = [
        say(
            "Acts are signed and statements are made every week, so dates fall near one another all the time: for "
            "unrelated lists of ordinary size, “a statement within a week of a law” is true in more than half of "
            "all tries. What follows are dates with the rate of chance beside them. No link is claimed. “Near "
            f"statements” count one speaker on one topic within five days once; “all days” are those from "
            f"{lang.day(links.RECORD_START)} to {lang.day(desk.as_of)}."
        ),
        *_questions(desk, answers),
        *desk.pictures("links"),
        *_moments(desk, told),
        note(
            "A question is exploratory up to the day it was registered: whoever wrote it could have looked. With so "
            "few dates “cannot tell” is the expected answer, and two years of record cannot tell a shared season "
            "from a link: budget laws and year-end reports both come in December."
        ),
    ]
    if told:
        blocks[1:1] = _first(desk, told[0])
    return section("links", title, blocks)


# ---------------------------------------------------------------------------- moments


def _first(desk: Desk, story: links.Story) -> list[Block]:
    """The pair most often named, as one of the near dates of its week."""
    return [
        heading(story.title),
        say(stories.telling(story).lead),
        *_rest(desk, story, pair=story.act is not None),
    ]


def _count(desk: Desk, story: links.Story, rate: links.BaseRate) -> Fig:
    inputs = [*rate.near, *([f"acts:{story.act['id']}"] if story.act else [])]
    about = f"statements at most {rate.days} days from {story.day}"
    name = f"{story.name}-near-{rate.days}"
    return desk.calc(name, rate.statements, lang.number(rate.statements), about, inputs or rate.rows)


def _share(desk: Desk, story: links.Story, rate: links.BaseRate) -> Fig:
    about = f"share of days of the record with a statement at most {rate.days} days away"
    text = lang.percent(100 * rate.share)
    return desk.calc(f"{story.name}-share-{rate.days}", 100 * rate.share, text, about, rate.rows)


def _moments(desk: Desk, told: list[links.Story]) -> list[Block]:
    """The other moments, each with its own days; a day already told is named and not told again."""
    blocks: list[Block] = []
    seen = {told[0].day: told[0].title} if told else {}
    for story in told[1:]:
        blocks.append(heading(story.title))
        lead = stories.telling(story).lead
        if story.day in seen:
            blocks.append(say(lead, f" The days around it are those of “{seen[story.day]}”."))
            continue
        seen[story.day] = story.title
        blocks += [say(lead), *_rest(desk, story)]
    return blocks


def _rest(desk: Desk, story: links.Story, pair: bool = False) -> list[Block]:
    """Day by day, what was measured, what was published, and chance."""
    told = stories.telling(story)
    rows: list[list[Cell]] = []
    for line in told.lines:
        row = next(item for item in story.claims if item["id"] == line.claim)
        words_ = line.words[:1].upper() + line.words[1:]
        mark = "; ".join(line.marks) or "second source"
        rows.append(
            [lang.day(line.day), line.gap, line.speaker, words_, desk.row("claims", row, line.claim), mark]
        )
    blocks: list[Block] = []
    if rows:
        heads = ("Day", "Distance", "Speaker", "Statement, as recorded", "Id", "Sources")
        caption = f"Statements about {stories.about(story)} {stories.within(story)}"
        blocks.append(table(caption, heads, rows))
    else:
        blocks.append(say(told.nothing))
    blocks.append(say(*_measured(desk, story), *(f" {text}" for text in told.published)))
    head = ["The signing is one of the near dates of its week; no link is claimed. "] if pair else []
    blocks.append(say(*head, *_chance(desk, story), *([f" {stories.CONTROL}"] if story.control else [])))
    return blocks


def _measured(desk: Desk, story: links.Story) -> list[Inline]:
    if not (story.before and story.after):
        return [stories.measured(story)]
    figs = [
        desk.calc(
            f"{story.name}-week-{name}",
            item.value,
            lang.signed(item.value) + "\u00a0km²",
            item.how,
            list(item.rows),
        )
        for name, item in (("before", story.before), ("after", story.after))
    ]
    text = "On the DeepState map the occupied area changed by "
    return [text, figs[0], " in the seven days before and by ", figs[1], " in the seven days from that day."]


def _chance(desk: Desk, story: links.Story) -> list[Inline]:
    """Counts within 1, 3 and 7 days, then the shares of all days in the same order."""
    counts: list[Inline] = []
    shares: list[Inline] = []
    for place, rate in enumerate(story.rates):
        joint = "" if place == 0 else " and " if place == len(story.rates) - 1 else ", "
        counts += [joint, _count(desk, story, rate), f" within {lang.plural(rate.days, 'day')}"]
        shares += [joint, _share(desk, story, rate)]
    return ["Near statements: ", *counts, ". As near a statement lies on ", *shares, " of all days."]


# ---------------------------------------------------------------------------- questions


def _questions(desk: Desk, answers: list[Answer]) -> list[Block]:
    """The questions written down beforehand: counts beside chance, the p, and what could have been seen."""
    rows = [_row(desk, answer) for answer in answers]
    tried = [answer for answer in answers if answer.p is not None]
    total = lang.plural(sum(answer.tries for answer in answers), "try", "tries")
    heads = (
        "Question (hash of its file)",
        "Seen on the record",
        "By chance",
        "Needed",
        "Smallest effect it could show",
        "p of the question",
        "p over all questions",
        "Answer",
    )
    blocks: list[Block] = [
        heading("Questions written down before the answers"),
        say(
            f"{len(answers)} questions are registered with their lists, windows and nulls, and the day they were "
            f"written down; {len(tried)} of them could be tested so far, in {total} (windows times versions of the "
            "lists). The p of a question is the largest over two nulls and two versions of its lists, all its windows "
            "taken together; the next column takes all questions together."
        ),
        table("Registered questions and their answers so far", heads, rows),
    ]
    return [*blocks, *(block for answer in answers if answer.p is None for block in _refused(desk, answer))]


def _row(desk: Desk, answer: Answer) -> list[Cell]:
    title = f"{answer.question.title} ({answer.question.digest[:8]})"
    run = next((run for run in answer.runs if run.result is not None), None)
    if run is None:
        return [title, "not tested", None, None, None, None, None, _answer(answer)]
    inputs = list(dict.fromkeys(name for event in (*run.a, *run.b) for name in event.rows))
    formula = "max-T over the windows, larger of exact whole-week shifts and cluster redraw, larger of both versions"
    name = f"question-{answer.question.name}"
    own = desk.calc(name, answer.p or 1.0, words.p_words(answer.p or 1.0), formula, inputs)
    over = answer.p_families or 1.0
    across = desk.calc(f"{name}-all", over, words.p_words(over), "adjusted by Benjamini-Yekutieli", [own])
    return [title, *_seen(run, answer.question.alpha), own, across, _answer(answer)]


def _seen(run: Run, alpha: float) -> list[Cell]:
    made = run.result
    if isinstance(made, EventStudy):
        return [
            f"{lang.signed(made.effect, 1)} km² a day after {made.used} acts",
            f"{lang.span(made.band_low, made.band_high, 1)} in 95% of shifts",
            None,
            f"{lang.number(made.mde, 1)} km² a day (mean pace {lang.number(made.mean_pace, 1)})",
        ]
    assert isinstance(made, Coincidence)
    wide = max(made.windows, key=lambda item: item.high - item.low)
    least = "none" if run.detectable is None else f"{lang.percent(100 * run.detectable)} of the dates"
    return [
        f"{wide.k} of {wide.n} signing days {_window(wide.low, wide.high)}",
        f"{lang.number(wide.expected, 1)}; at least one: {lang.percent(100 * wide.any_by_chance)}",
        "no count" if wide.needed is None else f"{wide.needed} of {wide.n} for p ≤ {lang.number(alpha, 2)}",
        least,
    ]


def _window(low: int, high: int) -> str:
    if low < 0:
        return f"from {-low} days before to {lang.plural(high, 'day')} after a statement"
    return (
        f"up to {lang.plural(high, 'day')} after a statement" if low == 0 else f"{low} to {high} days after"
    )


def _answer(answer: Answer) -> str:
    return {"beyond chance": "beyond chance", "cannot tell": "cannot tell"}.get(
        answer.verdict, "cannot tell: no test"
    )


def _refused(desk: Desk, answer: Answer) -> Iterable[Block]:
    """The lists themselves where they carry no test."""
    run = answer.runs[0]
    yield say(f"Not tested: {answer.question.title[:1].lower()}{answer.question.title[1:]}; {run.refused}.")
    rows: list[list[Cell]] = []
    for name, found in (("act", run.a), ("statement", run.b)):
        for event in found[: words.MOST_LISTED]:
            ids = [desk.known(row, row.split(":")[1], None, None) for row in event.rows[:1]]
            rows.append([lang.day(event.day), name, stories.wording(event.label), ids])
    if rows:
        rest = max(len(run.a) - words.MOST_LISTED, 0) + max(len(run.b) - words.MOST_LISTED, 0)
        more = f", the first {words.MOST_LISTED} of each; {rest} more" if rest else ""
        yield table(f"The lists instead of a p{more}", ("Day", "List", "What", "Id"), rows)
