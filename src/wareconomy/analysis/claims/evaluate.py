"""Rule v1 as arithmetic: one statement's interval against one estimate per independent family. No ledger,
no dates of today.

Source of the method: the calibration printed in docs/methods.md (log-ratio spread of two honest measurers
by window). The interval of a geometric mean with a between-definition component is that of a random-effects
mean on the log scale (DerSimonian & Laird 1986, Control. Clin. Trials 7:177), with both components fixed by
calibration instead of estimated.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wareconomy.analysis.claims.rule import Rule
from wareconomy.analysis.claims.wording import Stated

VERDICTS = ("overstated", "consistent", "understated", "unverifiable", "not_quantitative")


@dataclass(frozen=True, slots=True)
class Measured:
    """Centre and 95 percent interval in km2; `branch` is `log` or `additive`; `se` is on the log scale or
    in km2.
    """

    centre: float
    low: float
    high: float
    se: float
    branch: str


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict with the numbers that redo it. Ratios are None where a ratio has no meaning (the interval
    reaches zero).
    """

    verdict: str
    measured: Measured | None
    ratio: float | None
    ratio_low: float | None
    ratio_high: float | None
    reasons: tuple[str, ...]


def measure(rule: Rule, estimates: Sequence[float], months: float) -> Measured:
    """One interval from one estimate per family over a window of so many months. ValueError without a
    finite estimate.
    """
    if not estimates or not all(math.isfinite(value) for value in estimates):
        raise ValueError("an interval needs at least one estimate, each a finite number")
    if not months > 0:
        raise ValueError("the window must be longer than nothing")
    count = len(estimates)
    if min(estimates) >= rule.additive_below:
        centre = math.exp(math.fsum(math.log(value) for value in estimates) / count)
        se = math.sqrt(rule.sigma(months) ** 2 / count + rule.s_b**2)
        return Measured(centre, centre * math.exp(-rule.z * se), centre * math.exp(rule.z * se), se, "log")
    centre = math.fsum(estimates) / count
    se = rule.additive_sd * math.sqrt(months) / math.sqrt(count)
    return Measured(centre, centre - rule.z * se, centre + rule.z * se, se, "additive")


def judge(rule: Rule, claim: Stated, families: Mapping[str, float], months: float) -> Judged:
    """The verdict on one statement for one window. An empty mapping gives `unverifiable`, never an error.

    Reason codes: no_independent_measurement, single_family, additive, measured_interval_covers_zero,
    definition_dependent (each family alone would not give the same verdict).
    """
    if not families:
        return Judged("unverifiable", None, None, None, None, ("no_independent_measurement",))
    made = _verdict(rule, claim, measure(rule, list(families.values()), months))
    reasons = list(made.reasons)
    if len(families) == 1:
        reasons.append("single_family")
    else:
        alone = {_verdict(rule, claim, measure(rule, [value], months)).verdict for value in families.values()}
        if alone != {made.verdict}:
            reasons.append("definition_dependent")
    return Judged(made.verdict, made.measured, made.ratio, made.ratio_low, made.ratio_high, tuple(reasons))


def _verdict(rule: Rule, claim: Stated, measured: Measured) -> Judged:
    reasons = ["additive"] if measured.branch == "additive" else []
    positive = measured.centre > 0
    ratio = claim.value / measured.centre if positive else None
    ratio_low = claim.value / measured.high if measured.high > 0 else None
    ratio_high = claim.value / measured.low if measured.low > 0 else None
    covers_zero = measured.low <= 0 <= measured.high
    # Where the measured end is negative, "ten percent beyond it" still means further out.
    above = measured.high * rule.overstated if measured.high > 0 else measured.high
    below = measured.low * rule.understated if measured.low > 0 else measured.low / rule.understated
    if claim.low > above:
        verdict = "overstated"
    elif claim.high < below:
        verdict = "understated"
    elif covers_zero and measured.high - measured.low > 2 * abs(claim.value):
        verdict = "unverifiable"
        reasons.append("measured_interval_covers_zero")
    else:
        verdict = "consistent"
    return Judged(verdict, measured, ratio, ratio_low, ratio_high, tuple(reasons))


def mildest(found: Sequence[Judged]) -> int:
    """Place of the reading to keep: a reading that says consistent first, then one that cannot tell, then
    the smallest ratio.

    Among readings with the kept verdict the first one is shown (the window as stated). ValueError for no
    reading.
    """
    if not found:
        raise ValueError("no reading to choose from")
    order = {"consistent": 0, "understated": 1, "overstated": 1, "unverifiable": 2, "not_quantitative": 3}
    usable = [place for place, item in enumerate(found) if item.measured is not None] or list(
        range(len(found))
    )
    best = min(order[found[place].verdict] for place in usable)
    kept = [place for place in usable if order[found[place].verdict] == best]
    verdicts = {found[place].verdict for place in kept}
    if len(verdicts) > 1:  # readings fall on both sides: the one nearer to the statement
        return min(kept, key=lambda place: abs(math.log(found[place].ratio or 1e-9)))
    return kept[0]
