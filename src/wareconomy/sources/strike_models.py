"""Which weapon a model name of the strike table is, and what of it is counted.

A name can join several models with " and ". A name that no rule knows stops the source: a new weapon is
a decision.
"""

from __future__ import annotations

from enum import StrEnum


class Weapon(StrEnum):
    """What monthly and daily sums are made of; the text is the middle of a series id."""

    SHAHED = "shahed_decoy"
    OTHER_UAV = "other_uavs"
    MISSILE = "missiles"
    BOMB = "bombs"
    """Guided bombs: a handful of rows among tens of thousands of bombs, so no sum is made of them."""


SHAHED = "Shahed-136/131"
UAVS = frozenset(
    {
        "Eleron",
        "Forpost",
        "Granat-4",
        "Kub",
        "Lancet",
        "Merlin-VR",
        "Mohajer-6",
        "Orion",
        "Orlan-10",
        "Orlan-30",
        "Reconnaissance UAV",
        "Supercam",
        "Unknown UAV",
        "ZALA",
        "Картограф",
        "Молнія",
        "Привет-82",
        "Фенікс",
    }
)
MISSILES = frozenset(
    {
        "3M22 Zircon",
        "Ballistic Missile",
        "Banderol",
        "C-300",
        "C-300/C-400",
        "C-400",
        "Intercontinental Ballistic Missile",
        "Intercontinental ballistic missile",
        "Iskander-K",
        "Iskander-M",
        "Iskander-M/KN-23",
        "KN-23",
        "Kalibr",
        "P-800 Oniks",
        "Unknown Missile",
        "X-101/X-555",
        "X-22",
        "X-22/X-31P",
        "X-22/X-32",
        "X-31",
        "X-31P",
        "X-31PD",
        "X-32",
        "X-35",
        "X-47 Kinzhal",
        "X-59",
        "X-59/X-69",
        "X-59MK2",
        "X-69",
    }
)
BOMBS = frozenset({"GBU", "KAB", "Aerial Bomb"})


def weapon(model: str) -> Weapon:
    """The weapon of a model name. ValueError for a name nobody knows or one that joins drones and missiles."""
    names = [name.strip() for name in model.split(" and ")]
    kinds = {_one(name) for name in names}
    if Weapon.SHAHED in kinds and kinds <= {Weapon.SHAHED, Weapon.OTHER_UAV}:
        return Weapon.SHAHED
    if len(kinds) != 1:
        raise ValueError(f"{model[:80]!r} joins {' and '.join(sorted(kinds))}")
    return kinds.pop()


def _one(name: str) -> Weapon:
    if name == SHAHED:
        return Weapon.SHAHED
    for names, kind in ((UAVS, Weapon.OTHER_UAV), (MISSILES, Weapon.MISSILE), (BOMBS, Weapon.BOMB)):
        if name in names:
            return kind
    raise ValueError(f"a model {name[:80]!r} nobody knows")
