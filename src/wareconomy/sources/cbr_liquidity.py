"""Liquidity of the Russian banking sector at the start of each day, from the Bank of Russia's SOAP service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from wareconomy.sources import cbr
from wareconomy.sources.source import Ask, Document, Malformed, Reading, since_name

CLAIMS = (
    "actionBasedRepoFX",
    "actionBasedSecureLoans",
    "standingFacilitiesRepoFX",
    "standingFacilitiesSecureLoans",
)
LIABILITIES = ("depositAuctionBased", "depositStandingFacilities", "CBRbonds")
TOTALS = {
    "StrLiDef": "ru.liquidity.structural_deficit",
    "claims": "ru.liquidity.claims",
    "liabilities": "ru.liquidity.liabilities",
}
KNOWN = frozenset({*TOTALS, *CLAIMS, *LIABILITIES, "netCBRclaims"})
TOLERANCE = 0.25
"""RUB bn: each part is rounded to 0.1."""
LIMIT = 100_000.0


class Liquidity:
    """`BliquidityXML`, read by element name: the method changed in November 2023 and its fields may again."""

    id = "cbr_liquidity"
    reach = timedelta(days=90)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The last quarter (the Bank corrects recent days backwards), or everything since a day."""
        yield cbr.ask(
            since_name("liquidity", since), "BliquidityXML", since or today - timedelta(days=92), today
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Reading]:
        """Three totals a day. Sums are held while the fields are the known ones; new fields are named in the note."""
        for row in cbr.rows(document, self.id, "Bliquidity", "BL", "DT"):
            note = None
            if set(row.fields) == KNOWN:
                self._adds_up(row)
            else:
                strange = sorted(set(row.fields) ^ KNOWN)
                note = f"fields differ from those of 2023 ({', '.join(strange)[:200]}); sums not checked"
            for name, series in TOTALS.items():
                found = row.figure(name, self.id) if name in row.fields else None
                if name == "StrLiDef" and found is None:
                    raise Malformed(self.id, "StrLiDef is missing", row.locator)
                if found and abs(found.value) > LIMIT:
                    raise Malformed(self.id, f"{name} of {found.printed} bn is not plausible", row.locator)
                if found:
                    yield Reading(
                        series, row.day.isoformat(), found.value, found.printed, row.locator, note=note
                    )

    def _adds_up(self, row: cbr.Row) -> None:
        value = {name: row.required(name, self.id).value for name in KNOWN}
        parts = sum(value[name] for name in CLAIMS)
        cbr.add_up(self.id, row.locator, "claims = their parts", value["claims"], parts, TOLERANCE)
        parts = sum(value[name] for name in LIABILITIES)
        cbr.add_up(self.id, row.locator, "liabilities = their parts", value["liabilities"], parts, TOLERANCE)
        parts = value["claims"] + value["liabilities"] + value["netCBRclaims"]
        cbr.add_up(
            self.id, row.locator, "deficit = claims + liabilities + net", value["StrLiDef"], parts, TOLERANCE
        )


SOURCE = Liquidity()
