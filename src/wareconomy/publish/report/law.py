"""Legislation: the newest acts with the stage they had reached on the day, proposals apart, what comes next."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from wareconomy.ledger import act_names
from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Inline, Section
from wareconomy.publish.report.desk import Cell, Desk, note, quote, say, section, table, year_before

NEWEST = 20
PLACES = {"ru": "Russia", "ua": "Ukraine", "eu": "EU"}
NOT_LAW = ("proposed", "statement")
SUBJECTS = {
    "asset_nationalisation": "seizure and forced sale of assets",
    "budget_law": "budget laws",
    "budget_rule_nwf": "budget rule and fund",
    "capital_controls": "capital controls",
    "corporate_tax": "profit tax",
    "currency_controls": "currency controls",
    "export_duty": "export duty",
    "external_financing": "financing from abroad",
    "income_tax": "income tax",
    "mobilisation_economy": "mobilisation",
    "oil_gas_tax": "oil and gas tax",
    "procurement": "defence procurement",
    "sanctions_response": "sanctions",
    "sme_tax": "small-business tax",
    "soldier_benefits": "soldiers' pay and benefits",
    "subsidies": "subsidies",
    "utilisation_fee": "vehicle recycling fee",
    "vat": "VAT",
    "war_bonds": "war bonds",
    "windfall": "windfall taxes",
    "other": "other measures",
}


def compose(desk: Desk) -> Section:
    """Counts, charts, newest acts, proposals, acts still to come into force."""
    acts = known_acts(desk)
    if not acts:
        return section("law", "Legislation", [say(f"No act was known on {lang.day(desk.as_of)}.")])
    blocks: list[Block | None] = [
        _counts(desk),
        *desk.pictures("law"),
        _newest(desk, acts),
        _proposed(desk, acts),
        _to_come(desk, acts),
    ]
    blocks.append(
        note(
            "A row is one measure of an act, so one law may have several rows. The stage is the one reached by ",
            lang.day(desk.as_of),
            ". A proposal, a bill or a statement of plans is never counted as law. Numbers marked “number not "
            "confirmed” come from general knowledge and were not read on a page. USN is the simplified tax of small "
            "businesses, CBR the Bank of Russia.",
        )
    )
    return section("law", "Legislation", blocks)


def known_acts(desk: Desk) -> list[dict[str, Any]]:
    """Measures known by the day, newest first, each with `day`, `stage_now` and `replaced`."""
    replaced = {
        (row["act"], row["valid_from"].isoformat()): row["superseded_by"]
        for row in desk.rows(
            "SELECT act, valid_from, superseded_by FROM manual.provisions_as_of($day) "
            "WHERE superseded_by IS NOT NULL AND stage = 'enacted'"
        )
        if row["act"]
    }
    found = desk.rows("SELECT * FROM acts_as_of($day) ORDER BY id")
    for row in found:
        row["day"] = decisive(row, desk.as_of)
        row["replaced"] = (
            replaced.get((row["act"], row["in_force_on"] or ""))
            if (row["parameter"] or "").startswith("USN")
            else None
        )
        row["stage_now"] = stage(row, desk.as_of)
    return sorted(found, key=lambda row: row["day"], reverse=True)


def decisive(row: dict[str, Any], as_of: date) -> str:
    """The newest step reached by the day: signed, else adopted, else in force, else known (a partial date as kept)."""
    steps = ("introduced_on",) if row["stage"] == "proposed" else ("signed_on", "adopted_on", "in_force_on")
    for name in steps:
        if row[name] and row[name] <= as_of.isoformat():
            return str(row[name])
    return str(row["known"].isoformat())


def when(row: dict[str, Any]) -> str:
    """That day in words, with what it is when it is not the day of signing or adoption."""
    words = lang.partial(row["day"])
    if row["day"] in (row["signed_on"], row["adopted_on"]) or row["stage"] in NOT_LAW:
        return words
    return f"{words} ({'in force' if row['day'] == row['in_force_on'] else 'first known'})"


def stage(row: dict[str, Any], as_of: date) -> str:
    """The stage reached by the day, in words. What is not law says so."""
    day = as_of.isoformat()
    if row["stage"] in NOT_LAW:
        return "proposed, not law" if row["stage"] == "proposed" else "statement, not law"
    if row["replaced"]:
        return f"replaced by {row['replaced']}"
    done = bool(row["signed_on"] and row["signed_on"] <= day) or row["stage"] in ("signed", "in_force")
    if row["in_force_on"] and row["in_force_on"] <= day and row["stage"] == "in_force":
        return "in force"
    if done and row["in_force_on"] and row["in_force_on"] > day:
        return f"signed, in force from {lang.partial(row['in_force_on'])}"
    return "signed" if done and row["stage"] != "adopted" else "adopted"


def title(row: dict[str, Any]) -> str:
    """What the measure is, without words that only later events could have put there."""
    text = re.sub(r"^Same law:\s*", "", row["title_en"] or "")
    text = re.sub(r"\s+-\s+later\s.*$", "", text)
    return act_names.capital(quote(act_names.latin(text)))


def change(row: dict[str, Any]) -> str:
    """`USN VAT threshold: 20 → 15 mn RUB`, of a measure that sets a parameter."""
    unit = row["parameter_unit"] or ""
    about = "about " if unit.endswith(" (about)") else ""
    unit = re.sub(
        r"^([A-Z]{3}) (bn|mn|trn|thousand)\b", r"\2 \1", unit.removesuffix(" (about)").removeprefix("date")
    )
    unit = "%" if unit == "percent" else f" {unit}" if unit else ""
    old, new = (_value(row[name]) for name in ("value_from", "value_to"))
    if not new and not old:
        return ""
    values = f"{old} → {new}" if old and new else new or old
    if not re.match(r"[+−-]?\d", new or old):
        unit = ""  # words have none
    return quote(f"{row['parameter'] or 'value'}: {about}{values}{unit}")


def _value(text: str | None) -> str:
    text = (text or "").replace(";", ", ")
    return lang.partial(text) if re.fullmatch(r"\d{4}-\d{2}(-\d{2})?", text) else text


def _counts(desk: Desk) -> Block:
    since = year_before(desk.as_of).isoformat()
    among = (
        "FROM acts_as_of($day) WHERE jurisdiction = 'ru' AND stage NOT IN ('proposed', 'statement') "
        "AND rpad(signed_on, 10, '-01-01') > $since AND signed_on <= strftime($day, '%Y-%m-%d')"
    )
    about = f"Russian acts signed after {since} and known by the day, one law counted once"
    acts, acts_fig = desk.count(
        "acts-signed-12-months", about, f"SELECT count(DISTINCT act) {among}", {"since": since}
    )
    measures, measures_fig = desk.count(
        "measures-signed-12-months", about + ", by measure", f"SELECT count(*) {among}", {"since": since}
    )
    top = desk.rows(
        f"SELECT category, count(*) AS n {among} AND category <> 'other' GROUP BY 1 ORDER BY n DESC, category LIMIT 3",
        {"since": since},
    )
    parts: list[Inline] = [
        "The ledger holds ",
        acts_fig,
        f" Russian {lang.noun(acts, 'act')} of the war economy signed in the twelve months to "
        f"{lang.day(desk.as_of)}, with ",
        measures_fig,
        f" {lang.noun(measures, 'measure')}.",
    ]
    if top:
        parts.append(" Most measures concern ")
        for place, row in enumerate(top):
            name = f"measures-{row['category'].replace('_', '-')}"
            sql = f"SELECT count(*) {among} AND category = $category"
            fig = desk.count(
                name, f"measures on {row['category']}", sql, {"since": since, "category": row["category"]}
            )[1]
            join = "" if place == 0 else " and " if place == len(top) - 1 else ", "
            parts += [f"{join}{SUBJECTS.get(row['category'], row['category'])} (", fig, ")"]
        parts.append(". It is a selection of what concerns the war economy, not every act of the period.")
    return say(*parts)


def _row(desk: Desk, row: dict[str, Any]) -> list[Cell]:
    act: Cell = desk.row("acts", row, act_names.cell(row))
    values = change(row)
    value: Cell = desk.row("acts", row, values) if values else None
    return [
        when(row),
        PLACES.get(row["jurisdiction"], row["jurisdiction"]),
        act,
        title(row),
        row["stage_now"],
        value,
    ]


HEADS = ("Signed or adopted", "Where", "Act", "What", "Stage", "Value set")


def _newest(desk: Desk, acts: list[dict[str, Any]]) -> Block | None:
    rows = [_row(desk, row) for row in acts if row["stage"] not in NOT_LAW][:NEWEST]
    return table(f"The newest measures that are law or adopted, to {lang.day(desk.as_of)}", HEADS, rows)


def _proposed(desk: Desk, acts: list[dict[str, Any]]) -> Block | None:
    since = date(desk.as_of.year - 2, desk.as_of.month, 1).isoformat()
    rows = [_row(desk, row) for row in acts if row["stage"] in NOT_LAW and row["day"] >= since]
    heads = ("Introduced or said", "Where", "Act", "What", "Stage", "Value proposed")
    return table("Proposals and statements of plans: none of these is law", heads, rows) if rows else None


def _to_come(desk: Desk, acts: list[dict[str, Any]]) -> Block | None:
    day = desk.as_of.isoformat()
    coming = [
        row
        for row in acts
        if row["in_force_on"]
        and row["in_force_on"] > day
        and row["stage"] not in NOT_LAW
        and not row["replaced"]
    ]
    coming.sort(key=lambda row: (row["in_force_on"], row["id"]))
    rows: list[list[Cell]] = [
        [
            lang.partial(row["in_force_on"]),
            PLACES.get(row["jurisdiction"], ""),
            desk.row("acts", row, act_names.cell(row)),
            title(row),
        ]
        for row in coming[:12]
    ]
    return (
        table("Signed or adopted, and still to apply", ("Applies from", "Where", "Act", "What"), rows)
        if rows
        else None
    )
