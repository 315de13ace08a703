"""How an act is named: its kind with its number, the same in changes, stories, tables, charts and pages.

A row is any mapping with `act_type`, `jurisdiction`, `number` and `number_verified` of the table acts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

KINDS = {
    "federal_law": "law",
    "federal_constitutional_law": "constitutional law",
    "presidential_decree": "decree",
    "government_resolution": "resolution",
    "government_order": "order",
    "government_commission_decision": "decision of the government commission",
    "government_decision": "decision of the government",
    "government_statement": "statement of the government",
    "bank_instruction": "act of the Bank of Russia",
    "law_ukraine": "law",
    "eu_regulation": "regulation (EU)",
    "bill": "bill",
    "bill_announced": "plan",
    "bill_draft_resolution": "draft resolution",
}
NAMED_BY_NUMBER = frozenset({"federal_law", "federal_constitutional_law", "law_ukraine", "eu_regulation"})
"""Kinds whose number says what it is (425-FZ, 4059-IX, 2026/467); all others take "No." before it."""
OWNED = frozenset({"bank_instruction", "eu_regulation"})
"""Kinds whose words name whose they are."""
COUNTRIES = {"ru": "Russia", "ua": "Ukraine", "eu": "the European Union"}
OF_A_BILL = re.compile(r"(\S+) \(bill\)")
DATED = re.compile(r"(\S+) \((\d\d\.\d\d\.\d{4})\)")
NUMERO = "No.\u00a0"


def latin(text: str) -> str:
    """Numbers of acts as English text writes them: `425-ФЗ` is printed 425-FZ, what is in Latin letters stays."""
    letters = {"ФКЗ": "FKZ", "ФЗ": "FZ", "р": "r"}
    return re.sub(r"(?<=\d)-(ФКЗ|ФЗ|р)\b", lambda found: "-" + letters[found.group(1)], text)


def kind(row: Mapping[str, Any], country: bool = False) -> str:
    """`decree`, or with its country `decree of Russia`."""
    words = KINDS[row["act_type"]]
    return (
        f"{words} of {COUNTRIES[row['jurisdiction']]}" if country and row["act_type"] not in OWNED else words
    )


def number(row: Mapping[str, Any], country: bool = False) -> str:
    """Kind and number; nothing where no number is printed. A number that no page read confirms says so.

    `law 425-FZ`, `decree No. 644 (number not confirmed)`, `law 4059-IX of Ukraine`, `regulation (EU) 2026/467`,
    `decision No. 256 of the government of Ukraine`, `law from bill No. 14000` where only the number of the bill is
    printed.
    """
    if not row["number"]:
        return ""
    printed, words = latin(str(row["number"])), KINDS[row["act_type"]]
    if bill := OF_A_BILL.fullmatch(printed):
        source = "" if row["act_type"] == "bill" else "from bill "
        shown = f"{words} {source}{NUMERO}{bill[1]}"
    elif dated := DATED.fullmatch(printed):
        shown = f"{words} {NUMERO}{dated[1]} of {dated[2]}"
    else:
        what, of, whose = words.partition(" of ")
        shown = f"{what} {'' if row['act_type'] in NAMED_BY_NUMBER else NUMERO}{printed}{of}{whose}"
    owner = f" of {COUNTRIES[row['jurisdiction']]}" if country and row["act_type"] not in OWNED else ""
    return shown + owner + ("" if row["number_verified"] else " (number not confirmed)")


def told(row: Mapping[str, Any]) -> str:
    """Kind and number inside a sentence, with the country of an act that is not Russia's."""
    return number(row, country=row["jurisdiction"] != "ru")


def cell(row: Mapping[str, Any], country: bool = False) -> str:
    """Kind and number in a table, with a capital: `Decree No. 644`, `Resolution, no number printed`.

    With `country`, acts that are not Russia's name theirs.
    """
    abroad = country and row["jurisdiction"] != "ru"
    return capital(number(row, abroad) or f"{kind(row, abroad)}, no number printed")


def capital(text: str) -> str:
    """The text with a capital first letter, all others as they are."""
    return text[:1].upper() + text[1:]
