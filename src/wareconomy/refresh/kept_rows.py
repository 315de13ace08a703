"""What the hand-kept tables hold already, as far as a proposal needs it: offices of speakers, rows that may be the same."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from wareconomy.settings import Settings
from wareconomy.sources.statements import gazetteer

APART = 7
"""Days by which two rows of one statement may differ: the page's date was often taken for the statement's."""


def read(here: Settings, table: str) -> list[dict[str, str]]:
    """The rows of a hand-kept table as text; none when it is missing."""
    try:
        with (here.manual / f"{table}.csv").open(encoding="utf-8-sig", newline="") as stream:
            return list(csv.DictReader(stream))
    except FileNotFoundError:
        return []


@dataclass(frozen=True, slots=True)
class Kept:
    """The rows of claims and acts as they stand."""

    claims: Sequence[Mapping[str, str]]
    acts: Sequence[Mapping[str, str]]

    @classmethod
    def of(cls, here: Settings) -> Kept:
        """The tables of a data directory."""
        return cls(read(here, "claims"), read(here, "acts"))

    def office(self, speaker: str, day: str) -> dict[str, str]:
        """Role and side of a speaker on a day (ISO text, may be blank): those of the last row until then, else the first.

        Without a row the gazetteer's; nothing for somebody it does not know either.
        """
        rows = sorted(
            (row for row in self.claims if row.get("speaker") == speaker and row.get("side")),
            key=lambda row: row.get("said_on", ""),
        )
        if not rows:
            role, side = gazetteer.offices().get(speaker, ("", ""))
        else:
            until = [row for row in rows if not day or row.get("said_on", "") <= day]
            role, side = (until[-1] if until else rows[0])["role"], rows[-1]["side"]
        return {key: value for key, value in (("role", role), ("side", side)) if value}

    def alike(self, table: str, cells: Mapping[str, str]) -> list[str]:
        """Ids of rows that may be the same: number and unit within a week, of the same speaker where one is named."""
        if table == "acts":
            return [
                row["id"]
                for row in self.acts
                if (cells.get("act") and row.get("act") == cells["act"])
                or (
                    _same(row, cells, "value_to", "parameter_unit")
                    and _near(row, cells, "signed_on", "adopted_on", "known_on")
                )
            ]
        return [
            row["id"]
            for row in self.claims
            if _same(row, cells, "quantity", "unit")
            and _near(row, cells, "said_on", "published_on")
            and (not cells.get("speaker") or row.get("speaker") == cells["speaker"])
        ]


def _same(row: Mapping[str, str], cells: Mapping[str, str], number: str, unit: str) -> bool:
    try:
        equal = float(row.get(number) or "nan") == float(cells.get(number) or "nan")
    except ValueError:
        return False
    return equal and row.get(unit) == cells.get(unit)


def _near(row: Mapping[str, str], cells: Mapping[str, str], *columns: str) -> bool:
    """Whether the first day that each of them has lies within a week of the other's."""
    days = [
        next(filter(None, map(_day, (item.get(name, "") for name in columns))), None) for item in (row, cells)
    ]
    return days[0] is not None and days[1] is not None and abs((days[0] - days[1]).days) <= APART


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
