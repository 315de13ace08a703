"""Checks of all statements in the ledger: which rule applies, the readings of the window, the verdict then
and now.

One row per statement and view (`then`, `now`), with every number needed to redo it and the id of every row
it rests on.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.claims import doubt
from wareconomy.analysis.claims import rule as rules
from wareconomy.analysis.claims.doubt import Doubt
from wareconomy.analysis.claims.evaluate import Judged, judge, measure, mildest
from wareconomy.analysis.claims.measured import WHOLE_FRONT, Estimate, Yardsticks, cells, read
from wareconomy.analysis.claims.rule import Rule
from wareconomy.analysis.claims.wording import Stated, stated
from wareconomy.ledger import query
from wareconomy.model import Period, partial_date

if TYPE_CHECKING:
    import duckdb

ONE = timedelta(days=1)
GROUPING = re.compile(r"\b(?:by the \w+|the \w+) grouping\b", re.IGNORECASE)
RATED = re.compile(r"\boverstated by (\d+)% per ISW\b")
LEVELS = {"percent": "level_not_calibrated", "settlements": "needs_place_list"}


@dataclass(frozen=True, slots=True)
class Check:
    """One statement judged with what was known on `as_of`; `view` is `then` (the day after it was made) or
    `now`.
    """

    claim: str
    view: str
    as_of: date
    verdict: str
    reasons: tuple[str, ...]
    rule: str
    rule_hash: str
    quantity: float | None
    unit: str | None
    stated: Stated | None
    start: date | None
    end: date | None
    reading: str
    months: float | None
    lag_days: int | None
    estimates: tuple[Estimate, ...]
    judged: Judged | None
    others: tuple[tuple[str, float, str, tuple[str, ...]], ...] = ()
    doubt: Doubt | None = None

    def as_dict(self) -> dict[str, Any]:
        """Plain values, one level: the row of the table claim_checks. Open ends are None."""
        made, claim = self.judged, self.stated
        sized = made.measured if made else None
        return {
            "claim": self.claim,
            "view": self.view,
            "as_of": self.as_of,
            "verdict": self.verdict,
            "reasons": list(self.reasons),
            "rule": self.rule,
            "rule_hash": self.rule_hash,
            "quantity": self.quantity,
            "unit": self.unit,
            "wording": claim.wording if claim else None,
            "claim_value": claim.value if claim else None,
            "claim_low": claim.low if claim else None,
            "claim_high": claim.high if claim and math.isfinite(claim.high) else None,
            "period_start": self.start,
            "period_end": self.end,
            "reading": self.reading,
            "months": self.months,
            "lag_days": self.lag_days,
            "families": [item.family for item in self.estimates],
            "estimates": [item.value for item in self.estimates],
            "estimate_rows": [";".join(item.rows) for item in self.estimates],
            "estimate_how": [item.how for item in self.estimates],
            "grades": [item.grade for item in self.estimates],
            "bridged": [item.bridged for item in self.estimates],
            "branch": sized.branch if sized else None,
            "measured": sized.centre if sized else None,
            "measured_low": sized.low if sized else None,
            "measured_high": sized.high if sized else None,
            "se": sized.se if sized else None,
            **doubt.columns(self.doubt),
            "ratio": made.ratio if made else None,
            "ratio_low": made.ratio_low if made else None,
            "ratio_high": made.ratio_high if made else None,
            "other_sources": [name for name, *_ in self.others],
            "other_values": [value for _, value, *_ in self.others],
            "other_verdicts": [verdict for _, _, verdict, _ in self.others],
            "other_rows": [";".join(rows) for *_, rows in self.others],
            "inputs": [f"claims:{self.claim}", *self.rows()],
        }

    def rows(self) -> list[str]:
        """Ids of every row the verdict rests on, the statement itself aside."""
        return list(dict.fromkeys(row for item in self.estimates for row in item.rows))


COLUMNS = tuple(
    Check(
        "", "now", date.min, "", (), "", "", None, None, None, None, None, "", None, None, (), None
    ).as_dict()
)
"""Columns of the table claim_checks, in order."""


def window(row: Mapping[str, Any]) -> tuple[Period | None, str]:
    """The days a statement is about, and a reason code when they cannot be used (open, reversed, only a
    month known).
    """
    first, last = cells(row, "period_start"), cells(row, "period_end")
    if not first or not last:
        return None, "no_period"
    try:
        start, end = partial_date(first), partial_date(last)
    except ValueError:
        return None, "period_not_readable"
    assert end.end is not None
    if end.end < start.start:
        return None, "period_reversed"
    return Period(start.start, end.end), ""


def readings(rule: Rule, claim: str, period: Period, said: date | None) -> Iterator[tuple[str, date, date]]:
    """The windows a statement may mean: as stated, without the day it was made, the whole month, and any
    declared ones.

    Windows are shifted or chosen as a whole; their edges never float.
    """
    start, end = period.start, period.end
    assert end is not None
    yield "as_stated", start, end
    if said is not None and end == said and start < end:
        yield "to_the_day_before", start, end - ONE
    month_end = (end.replace(day=28) + timedelta(days=4)).replace(day=1) - ONE
    if (
        start.day == 1
        and (start.year, start.month) == (end.year, end.month)
        and end.day >= 25
        and end < month_end
    ):
        yield "whole_month", start, month_end
    for first, last in rule.readings.get(claim, {}).get("windows", ()):
        yield "declared", date.fromisoformat(first), date.fromisoformat(last)


def applies(row: Mapping[str, Any]) -> str:
    """Empty when rule v1 can be asked about a statement, else the reason code why not."""
    if row["kind"] in ("order", "announcement"):
        return "forward_looking"
    if row["kind"] == "statement":
        return "no_quantity_of_an_event"
    if row["quantity"] is None or not row["unit"]:
        return "no_quantity"
    if row["quantity"] < 0:
        return "negative_quantity"
    if row["unit"] not in ("km2", "km2 per day"):
        return LEVELS.get(row["unit"], "no_rule_for_unit")
    if row["topic"] not in ("territory_gain", "buffer_zone"):
        return "not_a_gain_of_ground"
    regions = row["regions"] or []
    if any(name == "RU" or name.startswith("RU-") for name in regions):
        return "no_map_of_russian_ground"
    if len(regions) < WHOLE_FRONT and GROUPING.search(cells(row, "summary")):
        return "one_grouping_not_measured"
    if row["side"] == "ukraine" and cells(row, "speaker") != "DeepState":
        return "gross_recapture_not_measured"
    return ""


def check(rule: Rule, measured: Yardsticks, row: Mapping[str, Any], known: date, view: str) -> Check:
    """One statement judged with what was known on a day. Always an answer: what cannot be judged says why."""

    def without(
        verdict: str, *reasons: str, claim: Stated | None = None, period: Period | None = None
    ) -> Check:
        return Check(
            row["id"],
            view,
            known,
            verdict,
            tuple(filter(None, reasons)),
            rule.version,
            rule.digest,
            row["quantity"],
            row["unit"],
            claim,
            period.start if period else None,
            period.end if period else None,
            "",
            None,
            None,
            (),
            None,
        )

    reason = applies(row)
    if reason:
        plain = ("forward_looking", "no_quantity", "no_quantity_of_an_event")
        return without("not_quantitative" if reason in plain else "unverifiable", reason)
    period, problem = window(row)
    if period is None or period.end is None:
        return without("unverifiable", problem)
    claim = stated(row["quantity"], cells(row, "summary"), rule.about)
    declared = rule.readings.get(row["id"], {})
    regions = [] if declared.get("whole_front") else row["regions"] or []
    said = _day(cells(row, "said_on"))
    tried: list[tuple[Judged, str, date, date, int, tuple[Estimate, ...], Stated]] = []
    for name, start, end in readings(rule, row["id"], period, said):
        asked = _total(claim, (end - start).days + 1) if row["unit"] == "km2 per day" else claim
        for lag in rule.file_lags:
            listed = measured.estimates(rule, start, end, lag, known, regions, cells(row, "speaker"))
            rated = _rated(row, known) if all(item.family != "isw" for item in listed) else None
            found = tuple([*listed, rated] if rated else listed)
            values = {item.family: item.value for item in found}
            tried.append(
                (judge(rule, asked, values, rule.window(start, end)), name, start, end, lag, found, asked)
            )
    most = max(len(item[5]) for item in tried)  # a reading is not milder for want of a measurer
    tried = [item for item in tried if len(item[5]) == most]
    made, name, start, end, lag, found, asked = tried[mildest([item[0] for item in tried])]
    days = [e.value for item in tried if item[1] == name for e in item[5] if e.family == "deepstate"]
    unsure = (
        doubt.components(rule, made.measured, rule.window(start, end), len(found), days)
        if made.measured
        else None
    )
    reasons = list(made.reasons)
    if len({item[0].verdict for item in tried if item[0].measured}) > 1:
        reasons.append("window_dependent")
    if found and rule.short(start, end):
        reasons.append("short_window")
    if any(item.bridged for item in found):
        reasons.append("map_file_bridged")
    if 0 < len(regions) < WHOLE_FRONT:
        reasons.append("part_of_the_front")
    others = (
        _others(rule, measured, asked, found, start, end, known)
        if found and not (0 < len(regions) < WHOLE_FRONT)
        else ()
    )
    if any(
        verdict != made.verdict
        for name_, _, verdict, _ in others
        if rule.excluded[name_]["reason"] == "same_family"
    ):
        reasons.append("same_family_disagrees")
    return Check(
        row["id"],
        view,
        known,
        made.verdict,
        tuple(reasons),
        rule.version,
        rule.digest,
        row["quantity"],
        row["unit"],
        asked,
        start,
        end,
        name,
        rule.window(start, end),
        lag,
        found,
        made,
        others,
        unsure,
    )


def _others(
    rule: Rule,
    measured: Yardsticks,
    claim: Stated,
    found: Sequence[Estimate],
    start: date,
    end: date,
    known: date,
) -> tuple[tuple[str, float, str, tuple[str, ...]], ...]:
    """What the verdict would be with each excluded source: in the place of its own family, or as one family
    more.
    """
    made = []
    for item in measured.alternatives(rule, start, end, known):
        values = {estimate.family: estimate.value for estimate in found}
        values["isw" if rule.excluded[item.family]["reason"] == "same_family" else item.family] = item.value
        verdict = judge(rule, claim, values, rule.window(start, end)).verdict
        made.append((item.family, item.value, verdict, item.rows))
    return tuple(made)


def _rated(row: Mapping[str, Any], known: date) -> Estimate | None:
    """ISW's figure where the page prints only by how much a statement is too high."""
    found = RATED.search(cells(row, "source_verdict"))
    if found is None or row["known"] is None or row["known"] > known:
        return None
    value = row["quantity"] / (1 + int(found.group(1)) / 100)
    return Estimate("isw", value, (f"claims:{row['id']}",), f"stated figure, {found.group(0)}", "medium")


def _total(claim: Stated, days: int) -> Stated:
    """A pace in km2 per day over so many days."""
    return Stated(claim.value * days, claim.low * days, claim.high * days, claim.wording)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if len(text) == 10 else None


def check_all(
    con: duckdb.DuckDBPyConnection, as_of: date | None = None, rule: Rule | None = None
) -> list[Check]:
    """Every statement known on a day, judged twice: with what was known the day after it was made, and on
    that day.
    """
    rule = rule or rules.load()
    day = query.as_of_day(con, as_of)
    measured = read(con)
    made = []
    for row in query.records(con, "SELECT * FROM claims_as_of($day) ORDER BY file_line", {"day": day}):
        said = _day(cells(row, "said_on")) or row["known"]
        then = min(said + rule.then_days * ONE, day) if said else day
        made += [check(rule, measured, row, then, "then"), check(rule, measured, row, day, "now")]
    return made


def honest(rule: Rule, pairs: Sequence[tuple[float, float]], months: float) -> dict[str, int]:
    """How often the rule would accuse an honest measurer: one family's figures as statements, another's as
    the yardstick.

    Returns counts of overstated, understated, consistent, unverifiable, of windows tried, and of `naive` (a
    plain ratio above 1.25). ValueError without pairs.
    """
    if not pairs:
        raise ValueError("no windows in which both measurers printed a figure")
    counts = dict.fromkeys(("overstated", "understated", "consistent", "unverifiable", "windows", "naive"), 0)
    for value, yardstick in pairs:
        claim = Stated(abs(value), value - 0.5, value + 0.5, "printed")
        counts[judge(rule, claim, {"one": yardstick}, months).verdict] += 1
        counts["windows"] += 1
        counts["naive"] += int(yardstick > 0 and value / yardstick > 1.25)
    return counts


def interval_text(rule: Rule, values: Sequence[float], months: float) -> tuple[float, float, float]:
    """Centre and ends for a table; the arithmetic of `measure`."""
    made = measure(rule, values, months)
    return made.centre, made.low, made.high
