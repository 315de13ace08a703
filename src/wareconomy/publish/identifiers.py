"""Identifiers that the papers of one release share: the data set of a day, an act, a statement.

URNs, so that a page, the data package and the report name the same thing wherever they are put.
"""

from __future__ import annotations

import uuid
from datetime import date
from typing import Any

from wareconomy.ledger import act_names

ACTS = (
    "SELECT act, first(id ORDER BY id) AS id, first(act_type ORDER BY id) AS act_type, first(number ORDER BY id) AS "
    "number, bool_or(number_verified) AS number_verified, first(title_en ORDER BY id) AS title_en, "
    "first(jurisdiction ORDER BY id) AS jurisdiction, min(signed_on) AS signed_on, min(in_force_on) AS in_force_on, "
    "first(official_url ORDER BY official_url) AS official_url FROM acts_as_of($day) "
    "WHERE stage NOT IN ('proposed', 'statement') GROUP BY act ORDER BY act"
)
"""Acts that are law, one row each, as known on $day."""
PLACES = {"ru": "Russia", "ua": "Ukraine", "eu": "European Union"}


def _urn(text: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, f"wareconomy {text}").urn


def dataset(as_of: date, digest: str) -> str:
    """The data set as known on a day, made from inputs with this digest."""
    return _urn(f"{as_of.isoformat()} {digest}")


def act(name: str) -> str:
    """An act, by its name in the ledger (ru-228-fz-2026): the same in every release."""
    return _urn(f"act {name}")


def claim(name: str) -> str:
    """A statement, by its id (C154): the same in every release."""
    return _urn(f"claim {name}")


def legislation(row: dict[str, Any]) -> dict[str, Any]:
    """schema.org Legislation of a row of `ACTS`; what is not known or not confirmed is left out."""
    made = {
        "@type": "Legislation",
        "@id": act(row["act"]),
        "identifier": row["act"],
        "name": act_names.latin(row["title_en"]),
        "legislationIdentifier": act_names.latin(row["number"]) if row["number_verified"] else None,
        "legislationDate": row["signed_on"],
        "legislationDateVersion": row["in_force_on"],
        "legislationJurisdiction": PLACES.get(row["jurisdiction"]),
        "url": row["official_url"],
    }
    return {key: value for key, value in made.items() if value}
