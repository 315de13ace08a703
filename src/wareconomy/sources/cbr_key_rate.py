"""The key rate in force on each working day, from the Bank of Russia's SOAP service.

Not the day of the decision: a decision of Friday is in force from Monday, and shows here from then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from wareconomy.sources import cbr
from wareconomy.sources.source import Ask, Document, Malformed, Reading, since_name

HIGHEST = 100.0


class KeyRate:
    """`KeyRateXML`, and the older `KeyRate` with its schema."""

    id = "cbr_key_rate"
    reach = timedelta(days=90)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The last quarter, or everything since a day (the key rate begins in September 2013)."""
        yield cbr.ask(since_name("key-rate", since), "KeyRateXML", since or today - timedelta(days=92), today)

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Reading]:
        """One rate a day, newest or oldest first as served."""
        for row in cbr.rows(document, self.id, "KeyRate", "KR", "DT"):
            found = row.required("Rate", self.id)
            if not 0 < found.value <= HIGHEST:
                raise Malformed(self.id, f"a rate of {found.printed} percent is not plausible", row.locator)
            yield Reading(
                "ru.key_rate.in_force", row.day.isoformat(), found.value, found.printed, row.locator
            )


SOURCE = KeyRate()
