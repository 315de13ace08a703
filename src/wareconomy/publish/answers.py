"""Registered questions in words: what was asked and when, what chance gives, what could not be told.

Every sentence passes the gate against claims of cause.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from wareconomy.analysis.coincidence import Coincidence, Window
from wareconomy.analysis.events import Event
from wareconomy.analysis.monthly_study import MonthlyStudy
from wareconomy.analysis.questions import Answer, Run
from wareconomy.publish import language as lang
from wareconomy.publish.stories import wording

MOST_LISTED = 12
VERDICTS = {
    "beyond chance": "beyond what both versions of the null allow",
    "cannot tell": "cannot tell",
    "not tested": "cannot tell; these lists carry no test",
}


def answer_sentences(answer: Answer) -> list[str]:
    """A registered question and its answer so far, refusals and tries included."""
    asked = answer.question
    lines = (
        ["Exploratory: this question was not registered."]
        if not asked.digest
        else [
            f"{asked.title}. Registered {lang.day(asked.registered)}, hash {asked.digest[:12]}; open until "
            f"{lang.day(asked.stop)}.",
            f"Asked: {asked.hypothesis}",
        ]
    )
    for run in answer.runs:
        lines += _run(run, asked.alpha)
    lines += _taken_together(answer)
    if asked.digest:
        lines.append(
            "The record up to the day of registration was open to whoever wrote the question: these results "
            "are exploratory."
        )
    lines.append(f"Answer: {VERDICTS[answer.verdict]}.")
    return [lang.refuse_causal(line) for line in lines]


def p_words(p: float) -> str:
    """A p as printed: two digits, three below 0.01, never zero."""
    return "below 0.001" if p < 0.001 else lang.number(p, 3 if p < 0.01 else 2)


def equals(p: float) -> str:
    """`p = 0.37`, or `p below 0.001`."""
    return f"p {p_words(p)}" if p < 0.001 else f"p = {p_words(p)}"


def days_of(found: Sequence[Event]) -> list[str]:
    """The days of a list with what they stand for, at most twelve."""
    lines = [f"{lang.day(event.day)}: {wording(event.label)}." for event in found[:MOST_LISTED]]
    more = len(found) - MOST_LISTED
    return [*lines, f"and {lang.plural(more, 'more event')}."] if more > 0 else lines


def needed(item: Window, alpha: float) -> str:
    """The count that would be needed."""
    if item.needed is None:
        return "no count would be enough"
    return f"{item.needed} would be needed for p of {lang.number(alpha, 2)} or less"


def _run(run: Run, alpha: float) -> list[str]:
    span = f"{lang.day(run.record.first)} to {lang.day(run.record.last)}"
    head = f"{run.part.capitalize()}, {run.lists} lists, {span}"
    if run.result is None:
        lines = [f"{head}: not tested; {run.refused}."]
        if run.lists == "raw":
            for name, found in (("First list", run.a), ("Second list", run.b)):
                if found:
                    lines += [f"  {name}:", *(f"    {text}" for text in days_of(found))]
        return lines
    if isinstance(run.result, Coincidence):
        lines = [f"{head}: {run.result.n_a} and {run.result.n_b} days with an event."]
        for item in run.result.windows:
            lines.append(
                f"  {item.k} of {item.n} lie {item.low} to {item.high} days after one of the other list; "
                f"chance gives {lang.number(item.expected, 1)}; {equals(item.p)} (the larger of two nulls); "
                f"{needed(item, alpha)}; at least one by chance: {lang.percent(100 * item.any_by_chance)}."
            )
        lines.append(f"  All windows together: {equals(run.result.p_family)}.")
        if run.detectable is None:
            lines.append("  The design cannot detect even a full coupling four times in five.")
        else:
            lines.append(
                f"  The design cannot detect less than {lang.percent(100 * run.detectable)} of the dates "
                "being placed by the other list."
            )
        return lines
    made = run.result
    return [
        f"{head}: {made.used} usable events. Change of pace {lang.signed(made.effect, 1)} km² a day; "
        f"shifted lists give {lang.span(made.band_low, made.band_high, 1)}; {equals(made.p)}. Smaller changes "
        f"than {lang.number(made.mde, 1)} km² a day would go unseen, beside a mean pace of "
        f"{lang.number(made.mean_pace, 1)}."
    ]


def _taken_together(answer: Answer) -> list[str]:
    """The p over versions and questions, and the number of tries."""
    lines = []
    if answer.p is not None and answer.p_families is not None and answer.asked:
        lines.append(
            f"Over both versions of the lists {equals(answer.p)}, the larger; over the "
            f"{lang.plural(answer.asked, 'question')} that could be tested {equals(answer.p_families)} "
            "(Benjamini-Yekutieli)."
        )
    tries = f"Tries: {lang.number(answer.tries)} (windows × versions of the lists)"
    total = f", {lang.number(answer.all_tries)} over all registered questions" if answer.all_tries else ""
    return [*lines, f"{tries}{total}. Family: {answer.question.family}."]


def monthly_sentences(made: MonthlyStudy) -> list[str]:
    """A monthly series after acts: its path with its ends, or the acts instead."""
    span = lang.period(made.first, last_of_month(made.last))
    lines = [
        "Exploratory: this question was not registered.",
        f"{made.title}, {span}, by months after {lang.plural(len(made.acts), 'act')}.",
    ]
    if made.path is None:
        lines += [f"Not tested: {made.refused}.", *(f"  {text}" for text in days_of(made.acts))]
        return [lang.refuse_causal(line) for line in lines]
    unit = lang.unit_words(made.unit)
    for h, value, low, high in zip(
        made.path.horizons, made.path.response, made.path.low, made.path.high, strict=True
    ):
        when = "the same month" if h == 0 else f"{lang.plural(h, 'month')} later"
        ends = f"{lang.signed(low, 1)} to {lang.signed(high, 1)}"
        lines.append(f"  {when.capitalize()}: {lang.signed(value, 1)} {unit}, 95% interval {ends}.")
    lines.append(
        f"{lang.plural(len(made.path.horizons), 'horizon')} tried on {lang.plural(made.path.n, 'month')} with "
        f"{lang.plural(made.path.shocks, 'month')} of acts: intervals of so small a sample are too narrow, and one "
        "of twenty leaves zero out by chance. No link is claimed."
    )
    return [lang.refuse_causal(line) for line in lines]


def last_of_month(day: date) -> date:
    """The last day of a month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
