"""What may be asked of occupied area, and the shape of the answer, whether from maps or from the ledger."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from wareconomy.errors import UsageError

BY = ("day", "month", "oblast", "largest", "places")
LARGEST = 10
PLACE_COLUMNS = (
    "id",
    "name",
    "oblast",
    "first",
    "last",
    "centre_in",
    "centre_out",
    "first_in",
    "first_out",
)
SPOT_COLUMNS = (
    "day",
    "since",
    "net_km2",
    "gained_km2",
    "lost_km2",
    "oblast",
    "near",
    "lon",
    "lat",
    "piece_km2",
)
DAY_COLUMNS = (
    "day",
    "map_from",
    "map_to",
    "area_km2",
    "share_pct",
    "net_km2",
    "gained_km2",
    "lost_km2",
    "status",
    "note",
)
MONTH_COLUMNS = (
    "month",
    "from_file",
    "to_file",
    "net_km2",
    "low_km2",
    "high_km2",
    "gained_km2",
    "lost_km2",
    "status",
    "note",
)
OBLAST_COLUMNS = (
    "oblast",
    "name",
    "area_km2",
    "share_pct",
    "net_km2",
    "gained_km2",
    "lost_km2",
)


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked. `between` are days; `oblast` is an ISO 3166-2 code; `as_of` hides maps and figures of later days."""

    by: str = "month"
    between: tuple[date, date] | None = None
    oblast: str | None = None
    as_of: date | None = None
    denominator: str = "ukraine"

    def __post_init__(self) -> None:
        if self.by not in BY:
            raise UsageError(f"by {self.by!r} is none of {', '.join(BY)}")
        if self.between and self.between[1] <= self.between[0]:
            raise UsageError(f"{self.between[1]} is not after {self.between[0]}")


@dataclass(frozen=True, slots=True)
class Answer:
    """A table with what its reader must know: notes in sentences, and facts for machines."""

    columns: tuple[str, ...]
    rows: list[tuple[Any, ...]]
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)


def code_of(text: str) -> str:
    """ISO 3166-2 code for a code or a name; `sea` and `outside` for what lies in none. UsageError lists them."""
    wanted = text.strip().casefold()
    units = declared()["units"]
    for code, unit in units.items():
        if wanted in (code.casefold(), code[3:], unit["name"].casefold(), unit["uk"].casefold()):
            return str(code)
    if wanted in ("outside", "sea"):
        return wanted
    names = ", ".join(f"{unit['name']} ({code})" for code, unit in units.items())
    raise UsageError(f"no oblast {text!r}; there are {names}")


@cache
def declared() -> dict[str, Any]:
    """The units of Ukraine as `catalog/oblasts.toml` declares them."""
    return tomllib.loads(resources.files("wareconomy.catalog").joinpath("oblasts.toml").read_text("utf-8"))
