"""A checked statement in words: what was said, what was measured, the verdict with its reasons.

Every sentence passes the gate against claims of cause.
"""

from __future__ import annotations

from typing import Any

from wareconomy.analysis.claims import evaluate
from wareconomy.analysis.claims.checks import Check
from wareconomy.analysis.claims.rule import Rule
from wareconomy.publish import covered
from wareconomy.publish import language as lang

VIEWS = {"then": "With what was known when it was made", "now": "With what is known now"}
VERDICTS = {
    "consistent": "consistent with independent measurement",
    "overstated": "overstated",
    "understated": "understated",
    "unverifiable": "cannot be verified",
    "not_quantitative": "not a measurable statement",
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


NO_DAYS: covered.Days = {}
WORDS = {"at_least": "more than ", "up_to": "up to ", "about": "about ", "nearly": "nearly "}


def stated_words(check: Check) -> str:
    """The area as stated, with the word that decides it: `more than 700 km²`, `about 30 km² a day`."""
    word = WORDS.get(check.stated.wording, "") if check.stated else ""
    value = check.quantity or 0.0
    return f"{word}{lang.km2(value, lang.decimals_of(value))}{pace(check)}"


def pace(check: Check) -> str:
    """` a day` for a statement of pace."""
    return " a day" if check.unit == "km2 per day" else ""


def ratio_words(check: Check) -> tuple[str, str]:
    """The ratio and its interval in words: `at least ×1.7` and `1.1–2.6`; empty where it has no meaning."""
    made = check.judged
    if made is None or made.ratio is None or made.ratio_low is None:
        return "", ""
    word = "at least " if check.stated and check.stated.wording == "at_least" else ""
    top = lang.number(made.ratio_high, 1) if made.ratio_high is not None else "no upper end"
    return f"{word}×{lang.number(made.ratio, 1)}", f"[{lang.number(made.ratio_low, 1)}, {top}]"


def why(check: Check) -> str:
    """The reason codes in words, joined with semicolons."""
    return "; ".join(REASONS.get(code, code) for code in check.reasons)


def alone(check: Check, rule: Rule) -> dict[str, str]:
    """The verdict each family alone would give, by family; empty for fewer than two."""
    if check.stated is None or check.months is None or len(check.estimates) < 2:
        return {}
    return {
        item.family: evaluate.judge(rule, check.stated, {item.family: item.value}, check.months).verdict
        for item in check.estimates
    }


def _each(check: Check, rule: Rule, days: covered.Days) -> str:
    """`DeepState 461 km² and ISW 365 km² (for all of December 2025)`."""
    return lang.series_of(
        [
            f"{rule.title(item.family)} {lang.km2(item.value)}{covered.aside(check, item.rows, days)}"
            for item in check.estimates
        ]
    )


def summary(check: Check, rule: Rule, days: covered.Days = NO_DAYS) -> list[str]:
    """The verdict in one or two sentences, for the head of a page. `days` are those of covered.read."""
    if check.judged is None or check.judged.measured is None or check.start is None or check.end is None:
        return [f"By {rule.name} the statement is {UNJUDGED[check.verdict]}: {why(check)}."]
    ratio, ends = ratio_words(check)
    size = f", {ratio} {ends} of what was measured" if ratio else ""
    when = lang.during(check.start, check.end)
    return [
        f"Stated: {stated_words(check)} {when}. Measured: {_each(check, rule, days)}.",
        f"By {rule.name} the statement is {check.verdict}{size}.",
    ]


UNJUDGED = {
    "unverifiable": "not verifiable",
    "not_quantitative": "not measurable",
    "consistent": "consistent",
    "overstated": "overstated",
    "understated": "understated",
}


def check_sentences(
    check: Check, rule: Rule, speaker: str = "", said: str = "", days: covered.Days = NO_DAYS
) -> list[str]:
    """What a check says, in words: the statement, the measurement with its interval, the verdict and its
    reasons. `days` are those of covered.read.
    """
    head = f"{speaker} ({lang.partial(said)})" if said else speaker or check.claim
    lines: list[str] = []
    if check.judged is None or check.judged.measured is None or check.start is None or check.end is None:
        return [lang.refuse_causal(f"{head}: {VERDICTS[check.verdict]} ({why(check)}).")]
    sized = check.judged.measured
    when = lang.during(check.start, check.end)
    lines.append(f"{head} stated {stated_words(check)} {when}. Measured: {_each(check, rule, days)}.")
    lines.append(f"Together {lang.km2(sized.centre)}, 95% interval {lang.span(sized.low, sized.high)} km².")
    ratio, ends = ratio_words(check)
    if ratio:
        lines.append(f"Stated to measured: {ratio} {ends}. Verdict by {rule.name}: {check.verdict}.")
    else:
        lines.append(f"A ratio has no meaning here. Verdict by {rule.name}: {check.verdict}.")
    if single := alone(check, rule):
        each = lang.series_of([f"{verdict} by {rule.title(name)}" for name, verdict in single.items()])
        lines.append(f"Each measurer alone: {each}.")
    if check.reasons:
        lines.append(f"To know: {why(check)}.")
    lines += [
        left_out(rule, name, value, verdict, covered.aside(check, rows, days))
        for name, value, verdict, rows in check.others
    ]
    return [lang.refuse_causal(line) for line in lines]


def left_out(rule: Rule, name: str, value: float, verdict: str, days: str = "") -> str:
    """A measurement the rule leaves out: its figure with its days, why it is left out, and what it would change."""
    entry: dict[str, Any] = dict(rule.excluded[name])
    place = (
        "in place of the same measurer's text" if entry["reason"] == "same_family" else "as one measurer more"
    )
    reason = str(entry["why"]).rstrip(".").replace("km2", "km²")
    return (
        f"Not used: {rule.title(name)}, {lang.km2(value)}{days} ({reason[:1].lower()}{reason[1:]}); {place} the "
        f"verdict would read {verdict}."
    )
