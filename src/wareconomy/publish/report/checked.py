"""Statements checked by the published rule: verdict with interval, what was known when it was said, and how
far to trust it.
"""

from __future__ import annotations

from wareconomy.analysis.claims import calibration, checks, contradictions, counts, rule
from wareconomy.analysis.claims.checks import Check
from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Fig, Inline, Section
from wareconomy.publish.report.desk import Cell, Desk, note, say, section, table
from wareconomy.publish.stories import REASONS

DECEMBER = "C154"
SHORT = {
    "definition_dependent": "depends on the definition",
    "same_family_disagrees": "another computation of one family disagrees",
    "single_family": "one measurer",
    "part_of_the_front": "part of the front",
    "short_window": "short window",
    "additive": "by difference",
}


def compose(desk: Desk) -> Section:
    """Counts of verdicts, the December statement, the table, false alarms, contradictions, towns and
    promises.
    """
    found = checks.check_all(desk.con, desk.as_of)
    then = {item.claim: item for item in found if item.view == "then"}
    judged = [item for item in found if item.view == "now" and item.judged and item.judged.measured]
    loaded = rule.load()
    if not judged:
        text = "No statement about ground could be set beside a measurement with what was known by this day."
        return section("claims-checked", "Statements checked by rule", [say(text)])
    blocks: list[Block | None] = [
        _head(desk, judged, loaded),
        _december(desk, judged, then, loaded),
        *desk.pictures("claims-checked"),
        _table(desk, judged, then),
        _trust(desk, loaded),
        _misfits(desk),
        _towns(desk),
        _promises(desk),
        note(
            f"The rule is data, version {loaded.version}, hash {loaded.digest[:12]}; it changes only "
            "forward. Shares of an oblast, towns, strikes, "
            "losses and ground retaken are outside it: no spread was calibrated for them. The method is "
            "described with the documentation."
        ),
    ]
    return section("claims-checked", "Statements checked by rule", blocks)


def _number(desk: Desk, item: Check, what: str, value: float, decimals: int = 0) -> Fig:
    formula = (
        f"{what} of {item.claim} by rule v{item.rule} ({item.rule_hash[:8]}), {item.start} to {item.end}"
    )
    name = f"check-{item.claim}-{item.view}-{what.replace(' ', '-')}"
    return desk.calc(
        name, value, lang.number(value, decimals), formula, [f"claims:{item.claim}", *item.rows()]
    )


def _head(desk: Desk, judged: list[Check], loaded: rule.Rule) -> Block:
    known = {row["id"]: row for row in desk.cached("SELECT * FROM claims_as_of($day)")}
    judged = [item for item in judged if not known[item.claim]["variant_of"]]
    over = [item for item in judged if item.verdict == "overstated"]
    even = [item for item in judged if item.verdict == "consistent"]

    def count(name: str, items: list[Check]) -> Fig:
        ids = [f"claims:{item.claim}" for item in items or judged]
        return desk.calc(
            f"checked-{name}", len(items), lang.number(len(items)), f"statements {name} by {loaded.name}", ids
        )

    return say(
        count("measured", judged),
        f" {lang.noun(len(judged), 'statement')} about ground could be set beside independent maps of the "
        f"same days. By {loaded.name} ",
        count("overstated", over),
        f" {'is' if len(over) == 1 else 'are'} overstated and ",
        count("consistent", even),
        " consistent: the number said, read as mildly as its words allow, lies within what the measurers' "
        "own disagreement leaves open.",
    )


def _december(desk: Desk, judged: list[Check], then: dict[str, Check], loaded: rule.Rule) -> Block | None:
    item = next((one for one in judged if one.claim == DECEMBER), None)
    if item is None or item.judged is None or item.judged.measured is None or item.judged.ratio is None:
        return None
    made, sized = item.judged, item.judged.measured
    parts: list[Inline] = [
        "December 2025: “more than 700 km²” (",
        desk.known(f"claims:{DECEMBER}", DECEMBER, None, None),
        "). Measured: ",
    ]
    for place, estimate in enumerate(item.estimates):
        value = desk.calc(
            f"check-{DECEMBER}-{estimate.family}",
            estimate.value,
            lang.km2(estimate.value),
            estimate.how,
            list(estimate.rows),
        )
        parts += [", " if place else "", f"{loaded.title(estimate.family)} ", value]
    parts += ["; stated to measured at least ×", _number(desk, item, "ratio", made.ratio or 0.0, 1)]
    parts += [" [", _number(desk, item, "lower ratio", made.ratio_low or 0.0, 1), ", "]
    parts += [_number(desk, item, "upper ratio", made.ratio_high or 0.0, 1), f"], {item.verdict}."]
    if "definition_dependent" in item.reasons:
        parts.append(" It depends on the definition: each measurer alone would not give the same verdict.")
    if "same_family_disagrees" in item.reasons:
        other = next(one for one in item.others if loaded.excluded[one[0]]["reason"] == "same_family")
        value = desk.calc(
            f"check-{DECEMBER}-layer", other[1], lang.km2(other[1]), "sum of monthly nets", list(other[3])
        )
        parts += [
            " The area of ISW's own map layer, as others compute it, grew by ",
            value,
            f"; in place of ISW's text the verdict would read {other[2]}.",
        ]
    early = then.get(DECEMBER)
    if early is not None and early.verdict != item.verdict:
        parts.append(f" With what was known the day after it was said the verdict was {early.verdict}.")
    assert sized.low < sized.high
    return say(*parts)


def _table(desk: Desk, judged: list[Check], then: dict[str, Check]) -> Block:
    rows: list[list[Cell]] = []
    known = {row["id"]: row for row in desk.cached("SELECT * FROM claims_as_of($day)")}
    for item in sorted(judged, key=lambda one: (known[one.claim]["said_on"] or "", one.claim)):
        made, row = item.judged, known[item.claim]
        assert made is not None
        assert made.measured is not None
        assert item.start is not None
        pace = " a day" if item.unit == "km2 per day" else ""
        said = lang.number(item.quantity, lang.decimals_of(item.quantity or 0)) + pace
        interval: Cell = [
            _number(desk, item, "measured", made.measured.centre),
            " [",
            _number(desk, item, "lower end", made.measured.low),
            ", ",
            _number(desk, item, "upper end", made.measured.high),
            "]",
        ]
        ratio: Cell = (
            ["×", _number(desk, item, "ratio", made.ratio, 1)] if made.ratio is not None else lang.DASH
        )
        codes = "; ".join(SHORT[code] for code in item.reasons if code in SHORT)
        before = then[item.claim].verdict if then[item.claim].verdict != item.verdict else ""
        rows.append(
            [
                desk.row("claims", row, item.claim),
                row["speaker"],
                lang.period(item.start, item.end),
                said,
                interval,
                ratio,
                item.verdict,
                before,
                codes + ("" if row["second_source"] else ("; " if codes else "") + "single source"),
            ]
        )
    heads = (
        "Statement",
        "Speaker",
        "Days",
        "Said, km²",
        "Measured [95%], km²",
        "Said/measured",
        "Verdict",
        "When made, if other",
        "To know",
    )
    return table("Statements about ground and the verdict of the rule", heads, rows, (3, 4, 5))


def _trust(desk: Desk, loaded: rule.Rule) -> Block | None:
    found = calibration.false_alarms(desk.con, loaded, desk.as_of)
    if not found:
        return None
    row = found[0]
    names = ("windows", "overstated", "understated", "naive")
    fig = {
        name: desk.calc(
            f"honest-{name}",
            row[name],
            lang.number(row[name]),
            f"{name}: AFP's months from ISW data put in the claimant's place",
            row["rows"],
        )
        for name in names
    }
    return say(
        "How often the rule accuses an honest measurer: with AFP's monthly figures from ISW data in the "
        "claimant's place, of ",
        fig["windows"],
        " months it calls ",
        fig["overstated"],
        " overstated and ",
        fig["understated"],
        " understated; a plain ratio above 1.25 would accuse in ",
        fig["naive"],
        ". These are months the rule was fitted on: elsewhere it may do worse.",
    )


def _misfits(desk: Desk) -> Block | None:
    found = contradictions.find(desk.con, desk.as_of)
    rows: list[list[Cell]] = []
    for item in found:
        ids: list[Inline] = []
        for name in item.rows:
            ids += [", " if ids else "", desk.known(name, name.split(":")[1], None, None)]
        figures = " and ".join(lang.number(value, lang.decimals_of(value)) for value in item.values)
        end = item.period.end or item.period.start
        rows.append(
            [
                contradictions.KINDS[item.kind],
                lang.series_of(list(item.speakers)),
                figures,
                item.unit,
                lang.period(item.period.start, end),
                ids,
            ]
        )
    heads = ("What does not fit", "Speakers", "Figures", "Unit", "Days", "Rows")
    return table("Statements that do not fit one another", heads, rows) if rows else None


def _towns(desk: Desk) -> Block | None:
    known = {f"claims:{row['id']}": row for row in desk.cached("SELECT * FROM claims_as_of($day)")}
    rows: list[list[Cell]] = []
    for item in counts.towns(desk.con, desk.as_of):
        words = {
            "inside before": "before the statement",
            "inside after": "after the statement",
            "never inside": "not so far",
        }
        days = lang.plural(abs(item.days), "day") if item.days else ""
        rows.append(
            [
                desk.known(item.row, item.row.split(":")[1], None, None),
                known[item.row]["speaker"],
                lang.day(item.said) if item.said else None,
                item.summary,
                lang.day(item.entered) if item.entered else "never",
                f"{days} {words[item.state]}".strip(),
            ]
        )
    heads = ("Statement", "Speaker", "Said", "What", "Centre inside the polygon from", "That is")
    return (
        table(
            "Claimed captures and the day the town's centre first lay inside DeepState's polygon", heads, rows
        )
        if rows
        else None
    )


def _promises(desk: Desk) -> Block | None:
    found = next((item for item in counts.promises(desk.con, desk.as_of) if item.who == "total"), None)
    if found is None:
        return None
    share = desk.calc(
        "aid-given-share",
        100 * found.share,
        lang.percent(100 * found.share),
        "allocated divided by promised",
        list(found.rows),
    )
    return say(
        "Promised and given: of the aid promised to Ukraine in the Kiel tracker, ",
        desk.known(found.rows[0], lang.amount(found.promised, found.unit), None, None),
        " from ",
        lang.period(found.start, found.end),
        ", ",
        desk.known(found.rows[1], lang.amount(found.given, found.unit), None, None),
        " is allocated: ",
        share,
        ".",
    )


assert set(SHORT) <= set(REASONS)
