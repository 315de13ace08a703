"""Statements about ground set beside independent maps: one story told in full, one year with its wire versions,
every statement the rule could judge, and how often the rule accuses an honest measurer.
"""

from __future__ import annotations

from typing import Any

from wareconomy.analysis.claims import calibration, rule, stored
from wareconomy.analysis.claims.checks import Check
from wareconomy.publish import covered, keeping, verdicts
from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Fig, Inline, Section
from wareconomy.publish.report import statements
from wareconomy.publish.report.desk import Cell, Desk, heading, note, say, section, table

STORY = {"speaker": "Valery Gerasimov", "said": "2025-12", "period_start": "2025-12-01"}
YEAR = {"speaker": "Valery Gerasimov", "said": "2025-12-29", "period_start": "2025-01-01"}
SHORT = {
    "definition_dependent": "depends on the definition",
    "window_dependent": "depends on the days meant",
    "same_family_disagrees": "ISW's layer would say otherwise",
    "single_family": "one measurer",
    "part_of_the_front": "part of the front",
    "short_window": "short window",
    "additive": "by difference",
}


def compose(desk: Desk) -> Section:
    """The December story first, the year, the table, trust, and what lies outside the rule."""
    found = stored.all_checks(desk.con, desk.as_of)
    loaded = rule.load()
    then = {item.claim: item for item in found if item.view == "then"}
    now = [item for item in found if item.view == "now"]
    judged = [item for item in now if item.judged and item.judged.measured]
    blocks: list[Block | None] = [
        *_story(desk, judged, then, loaded),
        *_year(desk, judged, loaded),
        *_all(desk, judged, then, loaded),
        *statements.blocks(desk, now),
    ]
    if not any(blocks):
        blocks = [
            say(f"No statement about the war was known on {lang.day(desk.as_of)}."),
            *desk.pictures("claims"),
        ]
    return section("claims", "Statements set beside measurements", blocks)


def claim_rows(desk: Desk) -> dict[str, dict[str, Any]]:
    """Statements known by the day, by id."""
    return {row["id"]: row for row in desk.cached("SELECT * FROM claims_as_of($day) ORDER BY file_line")}


def _find(desk: Desk, judged: list[Check], wanted: dict[str, str]) -> tuple[Check, dict[str, Any]] | None:
    """The first judged statement of a speaker, day and period that is no wire version of another."""
    known = claim_rows(desk)
    for item in judged:
        row = known[item.claim]
        if (
            not row["variant_of"]
            and row["speaker"] == wanted["speaker"]
            and row["period_start"] == wanted["period_start"]
            and (row["said_on"] or "").startswith(wanted["said"])
        ):
            return item, row
    return None


def number(desk: Desk, item: Check, what: str, value: float, decimals: int = 0) -> Fig:
    """A number of a check, with the rule and the rows it rests on."""
    formula = (
        f"{what} of {item.claim} by rule v{item.rule} ({item.rule_hash[:8]}), {item.start} to {item.end}"
    )
    name = f"check-{item.claim}-{item.view}-{what.replace(' ', '-')}"
    return desk.calc(
        name, value, lang.number(value, decimals), formula, [f"claims:{item.claim}", *item.rows()]
    )


def _estimates(desk: Desk, item: Check, loaded: rule.Rule) -> list[Inline]:
    """`461 km² on the DeepState map and 365 km² by ISW's own figures`."""
    parts: list[Inline] = []
    days = desk.spans
    for place, one in enumerate(item.estimates):
        name = f"check-{item.claim}-{item.view}-{one.family}"
        value = desk.calc(name, one.value, lang.km2(one.value), one.how, list(one.rows))
        last = place == len(item.estimates) - 1
        parts += [" and " if last and place else ", " if place else "", f"{loaded.title(one.family)} ", value]
        parts.append(covered.aside(item, one.rows, days))
    return parts


def _ratio(desk: Desk, item: Check, digits: int = 1) -> list[Inline]:
    """`×1.7 [1.1, 2.6]`, in a table and in a sentence alike."""
    made = item.judged
    if made is None or made.ratio is None or made.ratio_low is None:
        return ["no ratio"]
    least = "at least " if item.stated and item.stated.wording == "at_least" else ""
    extra = "" if digits == 1 else f" to {digits} digits"
    top: Inline = "no upper end"
    if made.ratio_high is not None:
        top = number(desk, item, f"upper ratio{extra}", made.ratio_high, digits)
    low = number(desk, item, f"lower ratio{extra}", made.ratio_low, digits)
    return [f"{least}×", number(desk, item, f"ratio{extra}", made.ratio, digits), " [", low, ", ", top, "]"]


def _ends(desk: Desk, item: Check) -> tuple[Fig, Fig]:
    """Both ends of the measured interval."""
    assert item.judged is not None
    sized = item.judged.measured
    assert sized is not None
    return number(desk, item, "lower end", sized.low), number(desk, item, "upper end", sized.high)


def _interval(desk: Desk, item: Check) -> list[Inline]:
    """`410 [272, 619]`."""
    assert item.judged is not None
    assert item.judged.measured is not None
    low, high = _ends(desk, item)
    return [number(desk, item, "measured", item.judged.measured.centre), " [", low, ", ", high, "]"]


def _story(desk: Desk, judged: list[Check], then: dict[str, Check], loaded: rule.Rule) -> list[Block]:
    """December 2025, from the statement to what was left out."""
    found = _find(desk, judged, STORY)
    if found is None:
        return []
    item, row = found
    assert item.start is not None
    role = row["role"][:1].lower() + row["role"][1:]
    first: list[Inline] = [
        f"On {lang.partial(row['said_on'])} {row['speaker']}, {role}, said that ",
        desk.row("claims", row, verdicts.stated_words(item)),
        " had been taken in December"
        + keeping.aside(row)
        + f". Measured {lang.during(item.start, item.end)}: ",
        *_estimates(desk, item, loaded),
        ". A statement counts ground taken; a map gives the net change.",
    ]
    second: list[Inline] = []
    if len(item.estimates) > 1:
        second += [
            "Together they give ",
            *_interval(desk, item),
            " km², the brackets holding the 95% interval. ",
        ]
    second += ["Stated to measured is ", *_ratio(desk, item), f": {item.verdict} by {loaded.name}."]
    if single := verdicts.alone(item, loaded):
        each = [f"{verdict} by {loaded.title(name)}" for name, verdict in single.items()]
        second.append(f" It depends on the definition: each measurer alone gives {lang.series_of(each)}.")
    early = then.get(item.claim)
    if early is not None and early.judged and early.judged.measured and early.verdict != item.verdict:
        second += [" With what was known the day after it was said the verdict was "]
        second += [f"{early.verdict}: ", *_estimates(desk, early, loaded), " alone could be set beside it."]
    return [heading("December 2025"), say(*first), say(*second), *_left_out(desk, item, loaded)]


def _left_out(desk: Desk, item: Check, loaded: rule.Rule) -> list[Block]:
    """What the rule does not use, why, and what it would change."""
    assert item.start is not None
    rows: list[list[Cell]] = []
    days = desk.spans
    for name, value, verdict, ids in item.others:
        entry = loaded.excluded[name]
        found = covered.span(ids, days)
        when = lang.period(found.start, found.end) if found else lang.period(item.start, item.end)
        fig = desk.calc(
            f"check-{item.claim}-{name}", value, lang.number(value), f"figure for {when}", list(ids)
        )
        place = (
            "in place of the same measurer's text"
            if entry["reason"] == "same_family"
            else "as one measurer more"
        )
        rows.append(
            [loaded.title(name), fig, when, str(entry["why"]).replace("km2", "km²"), f"{verdict}, {place}"]
        )
    heads = ("Left out", "Figure, km²", "Days", "Why", "What the verdict would read")
    return (
        [table("Measurements that the rule does not use, with their days", heads, rows, (1,))] if rows else []
    )


def _year(desk: Desk, judged: list[Check], loaded: rule.Rule) -> list[Block]:
    """The year 2025, said once and printed with two numbers."""
    found = _find(desk, judged, YEAR)
    if found is None:
        return []
    item, row = found
    assert item.start is not None
    known = claim_rows(desk)
    other = next((one for one in judged if known[one.claim]["variant_of"] == item.claim), None)
    parts: list[Inline] = [f"At the meeting of {lang.partial(row['said_on'])} he gave "]
    parts += [desk.row("claims", row, lang.km2(item.quantity)), " for the year"]
    if other is not None:
        parts += [" in the first version of the wire report and "]
        parts += [
            desk.row("claims", known[other.claim], lang.km2(other.quantity)),
            " in a later one. Two digits ",
        ]
        parts += ["are swapped; which number was said is not settled here, and both are kept"]
    parts += [
        f"{keeping.aside(row)}. Measured {lang.during(item.start, item.end)}: ",
        *_estimates(desk, item, loaded),
    ]
    low, high = _ends(desk, item)
    parts += [" (95% interval ", low, " to ", high, "). Stated to measured is ", *_ratio(desk, item, 2)]
    if other is not None:
        parts += [" or ", *_ratio(desk, other, 2)]
        same = item.verdict == other.verdict
        parts.append(f": {'both ' if same else ''}{item.verdict}" + ("" if same else f" or {other.verdict}"))
    else:
        parts.append(f": {item.verdict}")
    parts.append(", with one measurer only." if len(item.estimates) == 1 else ".")
    layer = next((one for one in item.others if loaded.excluded[one[0]]["reason"] == "same_family"), None)
    if layer is not None:
        value = desk.calc(
            f"check-{item.claim}-layer", layer[1], lang.km2(layer[1]), "sum of monthly nets", layer[3]
        )
        when = covered.span(layer[3], desk.spans)
        parts += [" ISW's map layer, as others compute it, grew by ", value]
        parts += [f" {lang.during(when.start, when.end)}" if when else "", "; beside that the "]
        parts.append(f"verdict on the first number would read {layer[2]}.")
    return [heading("The year 2025"), say(*parts)]


def _all(desk: Desk, judged: list[Check], then: dict[str, Check], loaded: rule.Rule) -> list[Block | None]:
    if not judged:
        return list(desk.pictures("claims"))
    known = claim_rows(desk)
    once = [item for item in judged if not known[item.claim]["variant_of"]]

    def count(name: str, items: list[Check]) -> Fig:
        ids = [f"claims:{item.claim}" for item in items or once]
        about = f"statements {name} by {loaded.name}, wire versions counted once"
        return desk.calc(f"checked-{name}", len(items), lang.number(len(items)), about, ids)

    over = [item for item in once if item.verdict == "overstated"]
    even = [item for item in once if item.verdict == "consistent"]
    lead = say(
        count("measured", once),
        f" {lang.noun(len(once), 'statement')} about ground could be set beside independent maps of the same "
        "days, a printed figure where its first and last day are "
        f"within {lang.plural(loaded.tolerance, 'day')} of those stated. "
        f"By {loaded.name} ",
        count("overstated", over),
        f" {'is' if len(over) == 1 else 'are'} overstated and ",
        count("consistent", even),
        " consistent: the number, read as mildly as its words allow, lies within what the measurers' own "
        "disagreement leaves open.",
    )
    return [
        heading("Every statement that could be checked"),
        lead,
        *desk.pictures("claims"),
        _table(desk, judged, then),
        _trust(desk, loaded),
    ]


def _table(desk: Desk, judged: list[Check], then: dict[str, Check]) -> Block:
    rows: list[list[Cell]] = []
    known = claim_rows(desk)
    for item in sorted(judged, key=lambda one: (known[one.claim]["said_on"] or "", one.claim), reverse=True):
        row = known[item.claim]
        assert item.start is not None
        words = verdicts.stated_words(item).replace(" km²", "").replace("\u00a0km²", "")
        codes = [SHORT[code] for code in item.reasons if code in SHORT]
        codes += [f"wire version of {row['variant_of']}"] if row["variant_of"] else []
        codes += keeping.marks(row)
        before = then[item.claim].verdict
        rows.append(
            [
                [
                    f"{row['speaker']}, {lang.partial(row['said_on'])} (",
                    desk.row("claims", row, item.claim),
                    ")",
                ],
                lang.period(item.start, item.end),
                desk.row("claims", row, words),
                _interval(desk, item),
                _ratio(desk, item) if item.judged and item.judged.ratio is not None else lang.DASH,
                item.verdict + (f" (when made: {before})" if before != item.verdict else ""),
                "; ".join(codes),
            ]
        )
    heads = (
        "Who said it, when",
        "Days",
        "Stated, km²",
        "Measured [95%], km²",
        "Stated ÷ measured",
        "Verdict",
        "To know",
    )
    return table("Statements about ground and the verdict of the rule, newest first", heads, rows, (2, 3, 4))


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
    return note(
        "How far to trust it: with AFP's monthly figures from ISW data in the claimant's place, the rule calls an "
        "honest measurer overstated in ",
        fig["overstated"],
        " and understated in ",
        fig["understated"],
        " of ",
        fig["windows"],
        " months; a plain ratio above 1.25 would accuse him in ",
        fig["naive"],
        ". The rule was fitted on these months; elsewhere it may do worse. “Single source”: one page was read, and "
        "a second is needed before the statement is printed as fact. “Another page prints another number” and “not found "
        "again”: so a second look ended; such a row belongs in no headline either.",
    )
