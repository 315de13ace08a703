"""Statements outside the rule about ground: those that do not fit one another, towns, Ukraine's statements,
counts and promises, and what could not be checked.
"""

from __future__ import annotations

from collections import Counter
from datetime import date

from wareconomy.analysis.claims import contradictions, counts
from wareconomy.analysis.claims.checks import Check
from wareconomy.publish import keeping, verdicts
from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Inline
from wareconomy.publish.report.desk import Cell, Desk, heading, quote, say, table

TOWN_STATES = {
    "inside before": "before the statement",
    "inside after": "after the statement",
    "never inside": "not so far",
}


def blocks(desk: Desk, now: list[Check]) -> list[Block | None]:
    """The parts in reading order; a part without rows is left out with its heading."""
    parts: list[tuple[str, list[Block | None]]] = [
        ("Statements that do not fit one another", [_misfits(desk), _heaps(desk)]),
        ("Towns", [_towns(desk)]),
        ("Ukraine's statements, by the same rule", [_ukraine(desk, now)]),
        ("Counts and promises", [_counted(desk), _promises(desk)]),
        ("What could not be checked, and why", [_unchecked(desk, now)]),
    ]
    made: list[Block | None] = []
    for title, found in parts:
        kept = [block for block in found if block is not None]
        made += [heading(title), *kept] if kept else []
    return made


def _known(desk: Desk) -> dict[str, dict[str, object]]:
    return {
        f"claims:{row['id']}": row
        for row in desk.cached("SELECT * FROM claims_as_of($day) ORDER BY file_line")
    }


def _misfits(desk: Desk) -> Block | None:
    rows: list[list[Cell]] = []
    for item in contradictions.find(desk.con, desk.as_of):
        ids: list[Inline] = []
        for name in item.rows:
            text = name.removeprefix("claims:").replace("claim_variants:", "wire ")
            ids += [", " if ids else "", desk.known(name, text, None, None)]
        figures = " and ".join(lang.number(value, lang.decimals_of(value)) for value in item.values)
        end = item.period.end or item.period.start
        rows.append(
            [
                contradictions.KINDS[item.kind],
                lang.series_of(list(item.speakers)),
                f"{figures} {lang.unit_words(item.unit)}",
                lang.period(item.period.start, end),
                ids,
            ]
        )
    heads = ("What does not fit", "Speakers", "Figures", "Days", "Rows")
    return table("Rival numbers for one thing", heads, rows) if rows else None


def _heaps(desk: Desk) -> Block | None:
    """Round numbers by claimant: a habit of speech, and no count."""
    found = [item for item in contradictions.heaping(desk.con, desk.as_of) if item.p is not None]
    if not found:
        return None
    words = []
    for item in found:
        p = "below 0.001" if (item.p or 0) < 0.001 else lang.number(item.p, 2)
        words.append(f"{item.speaker} {item.heaped} of {item.n} (p {p})")
    tries = lang.plural(len(found), "claimant")
    return say(
        "Figures of 100 and more with two significant digits or fewer, where one in ten is expected of counts: "
        f"{'; '.join(words)}. Exact binomial, {tries} tried; a round number is a habit of speech and says only "
        "that the figure is no count."
    )


def _towns(desk: Desk) -> Block | None:
    known = _known(desk)
    rows: list[list[Cell]] = []
    for item in counts.towns(desk.con, desk.as_of):
        days = lang.plural(abs(item.days), "day") if item.days else ""
        rows.append(
            [
                lang.day(item.said) if item.said else None,
                str(known[item.row]["speaker"]),
                desk.known(item.row, item.row.split(":")[1], None, None),
                quote(item.summary) + keeping.aside(known[item.row]),
                lang.day(item.entered) if item.entered else _not_by(item.seen_to),
                f"{days} {TOWN_STATES.get(item.state, item.state)}".strip(),
            ]
        )
    heads = ("Said on", "Speaker", "Id", "What was said", "Centre inside the map's polygon from", "That is")
    caption = "Claimed captures and the day from which DeepState's polygon held the town's centre (the latest entry)"
    return table(caption, heads, rows) if rows else None


def _not_by(seen_to: date | None) -> str:
    return f"not by {lang.day(seen_to)}" if seen_to else "not so far"


def _ukraine(desk: Desk, now: list[Check]) -> Block | None:
    known = _known(desk)
    rows: list[list[Cell]] = []
    for item in sorted(now, key=lambda one: str(known[f"claims:{one.claim}"]["said_on"] or ""), reverse=True):
        row = known[f"claims:{item.claim}"]
        if row["side"] != "ukraine" or row["topic"] != "territory_gain" or item.unit != "km2":
            continue
        rows.append(
            [
                lang.partial(str(row["said_on"] or "")),
                quote(str(row["speaker"])),
                desk.row("claims", row, item.claim),
                quote(str(row["summary"])) + keeping.aside(row),
                item.verdict.replace("_", " "),
                _why(item),
            ]
        )
    heads = ("Said on", "Speaker", "Id", "What was said", "Verdict", "Why")
    return table("Ukrainian statements about ground", heads, rows) if rows else None


def _why(item: Check) -> str:
    if item.reasons == ("no_independent_measurement",):
        return "a mapper never checks himself, and no other measured these days"
    return verdicts.why(item)


def _counted(desk: Desk) -> Block | None:
    known = _known(desk)
    rows: list[list[Cell]] = []
    for item in counts.counted(desk.con, desk.as_of):
        if not item.comparable:
            continue
        row = known[item.row]
        rows.append(
            [
                lang.day(item.said) if item.said else None,
                quote(str(row["speaker"])),
                desk.known(item.row, item.row.split(":")[1], None, None),
                quote(str(row["summary"])) + keeping.aside(row),
                lang.amount(item.stated, item.unit, lang.decimals_of(item.stated)),
                lang.amount(item.counted, item.counted_unit, lang.decimals_of(item.counted)),
                quote(item.source) + ("" if item.independent else " (a party to the war)"),
            ]
        )
    heads = ("Said on", "Speaker", "Id", "What was said", "Stated", "Counted or estimated", "By whom")
    caption = (
        "Strikes, losses and settlements: the number said beside a number counted or estimated; "
        "days and definitions may differ"
    )
    return table(caption, heads, rows, (4, 5)) if rows else None


def _promises(desk: Desk) -> Block | None:
    found = next((item for item in counts.promises(desk.con, desk.as_of) if item.who == "total"), None)
    if found is None:
        return None
    formula = "allocated divided by promised"
    share = desk.calc(
        "aid-given-share", 100 * found.share, lang.percent(100 * found.share), formula, list(found.rows)
    )
    return say(
        "Promised and given: of the aid promised to Ukraine in the Kiel tracker, ",
        desk.known(found.rows[0], lang.amount(found.promised, found.unit), None, None),
        f" {lang.during(found.start, found.end)}, ",
        desk.known(found.rows[1], lang.amount(found.given, found.unit), None, None),
        " is allocated: ",
        share,
        ".",
    )


def _unchecked(desk: Desk, now: list[Check]) -> Block | None:
    groups: Counter[tuple[str, str]] = Counter()
    ids: dict[tuple[str, str], list[str]] = {}
    for item in now:
        if not (item.judged and item.judged.measured) and item.reasons:
            key = (item.verdict, item.reasons[0])
            groups[key] += 1
            ids.setdefault(key, []).append(f"claims:{item.claim}")
    rows: list[list[Cell]] = []
    for (verdict, code), count in groups.most_common():
        about = f"statements that are {verdict.replace('_', ' ')}: {verdicts.REASONS.get(code, code)}"
        fig = desk.calc(f"unchecked-{code}", count, lang.number(count), about, ids[verdict, code])
        reason = verdicts.REASONS.get(code, code)
        rows.append([reason[:1].upper() + reason[1:], fig, verdicts.VERDICTS[verdict]])
    heads = ("Why", "Statements", "Answer")
    return table("Statements the rule does not judge", heads, rows, (1,)) if rows else None
