"""A proposal as cells of the table it is meant for, with a summary in our words: the words of a text stay where they are."""

from __future__ import annotations

import hashlib
import re

from wareconomy import catalog
from wareconomy.sources.source import Candidate
from wareconomy.sources.statements.article import Text
from wareconomy.sources.statements.proposal import AHEAD, DENIAL, ORDER, RECORD, Proposal

KINDS = {RECORD: "record", ORDER: "order", AHEAD: "announcement", DENIAL: "statement"}
"""Kind of a proposal to the code of the table claims; a denial states no record of its own."""
LAW_NUMBER = re.compile(r"(?<!\w)([0-9]{1,4})-(?:ФЗ|FZ)(?!\w)")
SIGNED = re.compile(r"\b(?:signed|подписал\w*|підписа\w*|законом от)\b", re.IGNORECASE)
PASSED = re.compile(r"\b(?:passed|adopted|approved|принял\w*|ухвалил\w*|прийняв|прийняла)\b", re.IGNORECASE)
BILL = re.compile(r"\b(?:bill|bills|draft|законопро\w*|проект\w*)\b", re.IGNORECASE)
RUSSIAN = re.compile(
    r"\b(?:rou?bles?|state duma|kremlin|putin|russian?|руб\w*|госдум\w*|путин\w*|рф)\b", re.IGNORECASE
)
UKRAINIAN = re.compile(
    r"\b(?:hryvn\w*|verkhovna rada|rada|zelensky\w*|ukrainian?|грн|грив\w*|рад[аи]|зеленськ\w*)\b",
    re.IGNORECASE,
)
ID_DIGITS = 8


def identity(quote: str, figure: str, table: str) -> str:
    """The id of a proposal: made of its words, so that the same sentence has the same one wherever it is printed."""
    words = " ".join(re.sub(r"[\W_]+", " ", quote.lower()).split())
    return (
        "p"
        + hashlib.sha256("\x1f".join((words, " ".join(figure.split()), table)).encode()).hexdigest()[
            :ID_DIGITS
        ]
    )


def candidate(item: Proposal, text: Text) -> Candidate:
    """The row as far as the text goes. Beside the table's columns it has what a person needs to decide:
    `proposal` (its id), `quote`, `figure`, `kind_read` and `title`.
    """
    figure = text.text[item.figure_start : item.figure_end] if item.value is not None else item.kind
    quote = text.text[item.start : item.end]
    name = identity(quote, figure, item.table)
    place = f"paragraph {item.paragraph}, characters {item.start}-{item.end}"
    where = ", ".join(filter(None, (text.locator, place)))
    cells = (_claim if item.table == "claims" else _act)(item)
    cells |= {
        "publisher": text.publisher,
        "source_url": text.url if text.url.startswith("http") else "",
        "published_on": item.page_date,
        "basis": "assumed" if item.said_assumed else "",
        "confidence": item.confidence,
        "note": "; ".join(item.unsure),
        "proposal": name,
        "quote": quote,
        "figure": figure if item.value is not None else "",
        "kind_read": item.kind,
        "title": text.title,
    }
    return Candidate(
        item.table, {key: value for key, value in cells.items() if value}, where, "; ".join(item.unsure)
    )


def _claim(item: Proposal) -> dict[str, str]:
    first, _, last = item.period.partition("..")
    value, unit = _value(item)
    listed = catalog.load().tables["claims"].columns["regions"].values
    return {
        "said_on": item.said_on,
        "speaker": item.speaker,
        "topic": item.topic,
        "kind": KINDS[item.kind],
        "regions": ";".join(code for code in item.places if code in listed),
        "summary": summary(item),
        "quantity": value,
        "unit": unit,
        "period_start": first,
        "period_end": last or first,
        "second_source": "no",
        "known_on": item.said_on if not item.said_assumed else "",
    }


def _value(item: Proposal) -> tuple[str, str]:
    """Number and unit for the row. A range has no single number, so it stays blank for a person to decide."""
    if item.value is None or item.high is not None:
        return "", ""
    if item.unit == "sq mi" and item.km2 is not None:
        return f"{item.km2:.0f}", "km2"
    return f"{item.value:.10g}", item.unit


def summary(item: Proposal) -> str:
    """One sentence in plain English with the bound before the number, as the rule for statements reads it."""
    regions = catalog.load().tables["claims"].columns["regions"].values
    where = ", ".join(regions.get(code, code) for code in item.places)
    place = f" ({where})" if where else ""
    if item.value is None:
        if item.kind == ORDER:
            return f"Called for a security or buffer zone{place}"
        return f"{'Denied' if item.kind == DENIAL else 'Said'} that a named settlement changed hands{place}"
    amount = _amount(item)
    happened = {
        RECORD: f"were {item.verb}",
        AHEAD: f"would be {item.verb}",
        ORDER: "as an order or aim",
        DENIAL: f"were {item.verb}",
    }
    verb = {DENIAL: "Denied that", AHEAD: "Announced that", ORDER: "Named"}.get(item.kind, "Said")
    if item.unit == "percent":
        return f"{verb} {amount} of the region {'would be' if item.kind == AHEAD else 'is'} held{place}"
    return f"{verb} {amount} {happened[item.kind]}{place}"


def _amount(item: Proposal) -> str:
    assert item.value is not None
    unit = "%" if item.unit == "percent" else f" {item.unit}"
    if item.high is not None:
        return f"{item.value:,.10g} to {item.high:,.10g}{unit}"
    bound = {"under": "less than"}.get(item.bound, item.bound)
    amount = f"{bound} {item.value:,.10g}{unit}".strip()
    if item.unit == "sq mi" and item.km2 is not None:
        return f"{bound} {item.km2:,.0f} km2 ({item.value:,.10g} sq mi as printed)".strip()
    return amount


def _act(item: Proposal) -> dict[str, str]:
    units = catalog.load().tables["acts"].columns["parameter_unit"].values
    plain = item.quote
    number = LAW_NUMBER.search(plain)
    ru, ua = RUSSIAN.search(plain), UKRAINIAN.search(plain)
    jurisdiction = (
        "ru" if (item.unit.startswith("RUB") or (ru and not ua)) else "ua" if (ua and not ru) else ""
    )
    stage = (
        "proposed"
        if BILL.search(plain)
        else "signed"
        if SIGNED.search(plain)
        else "adopted"
        if PASSED.search(plain)
        else ""
    )
    cells = {
        "jurisdiction": jurisdiction,
        "stage": stage,
        "category": item.category,
        "number_verified": "no",
        "value_from": "" if item.was is None else f"{item.was:.10g}",
        "value_to": "" if item.high is not None or item.value is None else f"{item.value:.10g}",
        "parameter_unit": item.unit if item.unit in units else "",
        "signed_on": item.said_on if stage == "signed" else "",
        "adopted_on": item.said_on if stage in ("adopted", "proposed") else "",
        "known_on": item.said_on if not item.said_assumed else "",
        "title_en": f"Sets {_amount(item)} ({item.category})" if item.value is not None else "",
    }
    if number and item.said_on:
        cells |= {
            "number": f"{number[1]}-ФЗ",
            "act": f"ru-{number[1]}-fz-{item.said_on[:4]}",
            "act_type": "federal_law",
        }
    return cells
