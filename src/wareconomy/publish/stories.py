"""Sentences by rule around an act or a day, and about a checked statement. Every one passes the gate
against claims of cause.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any

from wareconomy.analysis.claims.checks import Check
from wareconomy.analysis.claims.rule import Rule
from wareconomy.analysis.coincidence import Coincidence
from wareconomy.analysis.links import Story
from wareconomy.analysis.questions import Answer, Run
from wareconomy.publish import language as lang

FISCAL = {
    "ru.budget.balance": ("federal budget balance", "RUB bn"),
    "ru.nwf.liquid": ("liquid part of the National Wealth Fund", "RUB bn"),
    "ru.nwf.total": ("National Wealth Fund", "RUB bn"),
    "ru.key_rate": ("key rate", "percent"),
    "ru.budget.revenue_oil_gas": ("oil and gas revenue of the federal budget", "RUB bn"),
}
REASONS = {
    "no_independent_measurement": "no independent measurement covers these days",
    "single_family": "one measurer only",
    "additive": "small or negative change, compared by difference",
    "measured_interval_covers_zero": "the measurement cannot tell the change from none",
    "definition_dependent": "each measurer alone would not give the same answer",
    "window_dependent": "the answer changes with the days meant; the mildest is kept",
    "short_window": "shorter than the shortest window that was calibrated",
    "map_file_bridged": "a missing map file was bridged in a straight line",
    "part_of_the_front": "measured in the oblasts named",
    "same_family_disagrees": "another computation from the same measurer's map would change the answer",
    "gross_recapture_not_measured": "ground retaken is not measured apart from net change",
    "no_map_of_russian_ground": "no map in the ledger measures ground in Russia",
    "one_grouping_not_measured": "the ground of one grouping is not measured",
    "no_period": "the days meant are not known",
    "period_reversed": "its period ends before it begins",
    "forward_looking": "an order, an aim or an announcement, not a record",
    "no_quantity": "no quantity",
    "no_quantity_of_an_event": "no quantity that measures an event",
    "level_not_calibrated": "a share of an area, for which no spread was calibrated",
    "needs_place_list": "settlements need a list of places; see the settlement check",
    "no_rule_for_unit": "no rule for its unit; see the counts",
    "not_a_gain_of_ground": "not a gain of ground",
    "negative_quantity": "a negative quantity",
}


def check_sentences(check: Check, rule: Rule, speaker: str = "", said: str = "") -> list[str]:
    """What a check says, in words: the statement, the measurement with its interval, the verdict and its
    reasons.
    """
    head = f"{speaker} ({lang.partial(said)})" if said else speaker or check.claim
    lines: list[str] = []
    if check.judged is None or check.judged.measured is None or check.start is None or check.end is None:
        why = "; ".join(REASONS.get(code, code) for code in check.reasons)
        lines.append(f"{head}: {check.verdict.replace('_', ' ')} ({why}).")
        return _gate(lines)
    made, sized = check.judged, check.judged.measured
    days = lang.period(check.start, check.end)
    each = lang.series_of([f"{rule.title(item.family)} {lang.km2(item.value)}" for item in check.estimates])
    lines.append(f"{head} stated {_stated(check)} for {days}. Measured over these days: {each}.")
    lines.append(f"Together {lang.km2(sized.centre)}, 95% interval {_span(sized.low, sized.high)} km².")
    if made.ratio is not None and made.ratio_low is not None:
        top = f"{lang.number(made.ratio_high, 1)}" if made.ratio_high is not None else "no upper end"
        word = "at least " if check.stated and check.stated.wording == "at_least" else ""
        lines.append(
            f"Stated to measured: {word}×{lang.number(made.ratio, 1)} [{lang.number(made.ratio_low, 1)}, "
            f"{top}]. Verdict by {rule.name}: {check.verdict}."
        )
    else:
        lines.append(f"A ratio has no meaning here. Verdict by {rule.name}: {check.verdict}.")
    if check.reasons:
        lines.append(f"To know: {'; '.join(REASONS.get(code, code) for code in check.reasons)}.")
    for name, value, verdict, _ in check.others:
        kind = rule.excluded[name]["reason"]
        place = "in place of the same measurer's text" if kind == "same_family" else "as one measurer more"
        lines.append(
            f"Not used: {rule.title(name)}, {lang.km2(value)}; {place} the verdict would read {verdict}."
        )
    return _gate(lines)


def _stated(check: Check) -> str:
    words = {"at_least": "more than ", "up_to": "up to ", "about": "about ", "nearly": "nearly "}
    assert check.stated is not None
    word = words.get(check.stated.wording, "")
    unit = " a day" if check.unit == "km2 per day" else ""
    value = check.quantity or 0.0
    return f"{word}{lang.km2(value, lang.decimals_of(value))}{unit}"


def _span(low: float, high: float) -> str:
    return lang.span(low, high)


def tell(story: Story) -> list[str]:
    """A story in sentences: the act, the statements with their days, the measured change, the figures
    published, the base rate.
    """
    lines = [_moment(story)]
    for row in story.claims:
        said = date.fromisoformat(row["said_on"])
        gap = (said - story.day).days
        when = (
            "the same day"
            if gap == 0
            else f"{lang.plural(abs(gap), 'day')} {'after' if gap > 0 else 'before'}"
        )
        single = "" if row["second_source"] else " (single source)"
        lines.append(f"{lang.day(said)}, {when}: {row['speaker']}, {_quoted(row['summary'])}{single}.")
    if not story.claims:
        lines.append("No statement about ground, towns or a zone is in the ledger within a week of it.")
    if story.before and story.after:
        lines.append(
            f"On the DeepState map the occupied area changed by {lang.signed(story.before.value)} km² in "
            "the seven days before and by "
            f"{lang.signed(story.after.value)} km² in the seven days from that day."
        )
    else:
        lines.append("No daily map covers both weeks around that day.")
    for item in story.fiscal:
        if item["series"] in FISCAL:
            title, unit = FISCAL[item["series"]]
            value = lang.amount(item["value"], unit, lang.decimals_of(item["value"]))
            lines.append(
                f"Made public {lang.day(item['vintage'])}: {title}, "
                f"{lang.period(item['period_start'], item['period_end'])}: {value}."
            )
    lines.append(_rates(story))
    if story.control:
        lines.append("This moment was chosen since nobody would link its parts. It reads like the others.")
    lines.append("The dates lie near one another. No link is claimed.")
    return _gate(lines)


def _moment(story: Story) -> str:
    when = f"{lang.weekday(story.day)}, {lang.day(story.day)}"
    if story.act is None:
        acts = [f"{_numbered(row)} signed {lang.partial(row['signed_on'])}" for row in story.acts]
        listed = (
            f" Acts signed within a week of it: {'; '.join(acts)}."
            if acts
            else " No act in the ledger was signed within a week of it."
        )
        return f"{when}.{listed}"
    row = story.act
    verb = (
        "signed"
        if row["signed_on"] and len(row["signed_on"]) == 10
        else "adopted"
        if row["adopted_on"]
        else "introduced"
    )
    return f"{_numbered(row)} was {verb} on {when}."


def _numbered(row: dict[str, Any]) -> str:
    number = row.get("number")
    if not number:
        return str(row["title_en"]).rstrip(".")
    mark = "" if row.get("number_verified") else " (number not confirmed)"
    return f"{lang.act_number(number)}{mark}, {str(row['title_en']).rstrip('.')}"


def _rates(story: Story) -> str:
    parts = [
        f"within {lang.plural(rate.days, 'day')} {lang.plural(rate.statements, 'statement')}, where "
        f"{lang.percent(100 * rate.share)} of all days have one as near"
        for rate in story.rates
    ]
    record = story.rates[0].record
    return f"Base rate, {lang.day(record.first)} to {lang.day(record.last)}: {'; '.join(parts)}."


def _quoted(text: str) -> str:
    """A summary as collected. Wording of the source that claims a cause is not repeated."""
    cleaned = text.rstrip(".").replace("km2", "km²")
    return "a statement whose wording is in the row" if lang.causal(cleaned) else cleaned


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
        lines += _run(run)
    lines.append(
        f"Tries: {lang.number(answer.tries)} (windows × versions of the lists). Family: {asked.family}."
    )
    if asked.digest:
        lines.append(
            "The record up to the day of registration was open to whoever wrote the question: these results "
            "are exploratory."
        )
    lines.append(
        "Answer: beyond what both versions of the null allow." if answer.can_tell else "Answer: cannot tell."
    )
    return _gate(lines)


def _run(run: Run) -> list[str]:
    span = f"{lang.day(run.record.first)} to {lang.day(run.record.last)}"
    head = f"{run.part.capitalize()}, {run.lists} lists, {span}"
    if run.result is None:
        lines = [f"{head}: not tested; {run.refused}."]
        if run.lists == "raw":
            lines += [
                f"  {lang.day(event.day)}: {_quoted(event.label)}." for event in (*run.a[:12], *run.b[:12])
            ]
        return lines
    if isinstance(run.result, Coincidence):
        lines = [f"{head}: {run.result.n_a} and {run.result.n_b} days with an event."]
        for item in run.result.windows:
            need = f"{item.needed} would be needed" if item.needed is not None else "no count would be enough"
            lines.append(
                f"  {item.k} of {item.n} lie {item.low} to {item.high} days after one of the other list; "
                f"chance gives {lang.number(item.expected, 1)}; "
                f"p = {lang.number(item.p, 2)} (the larger of two nulls); {need}; at least one by chance: "
                f"{lang.percent(100 * item.any_by_chance)}."
            )
        lines.append(f"  All windows together: p = {lang.number(run.result.p_family, 2)}.")
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
        f"shifted lists give {lang.span(made.band_low, made.band_high, 1)}; "
        f"p = {lang.number(made.p, 2)}. Smaller changes than {lang.number(made.mde, 1)} km² a day would go "
        f"unseen, beside a mean pace of {lang.number(made.mean_pace, 1)}."
    ]


def week_of(day: date) -> tuple[date, date]:
    """Monday to Sunday of a day's week."""
    first = day - timedelta(days=day.weekday())
    return first, first + timedelta(days=6)


def _gate(lines: Iterable[str]) -> list[str]:
    return [lang.refuse_causal(line) for line in lines]
