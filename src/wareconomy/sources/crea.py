"""Russia's revenue from fossil fuel exports by day, as estimated by CREA: oil, gas and coal, in euro.

History is estimated anew with every fetch, so a changed figure is a vintage of the day we fetched it. An empty answer
has status 204 and no body. The server lists every day of the span for every group and writes 0 where it has nothing:
a zero is a day without an estimate and never a day without revenue.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from wareconomy.sources import jsons, numbers
from wareconomy.sources.source import Ask, Document, Malformed, Reading

API = "https://api.russiafossiltracker.com/v0/counter"
WINDOW = 90
SETTLING = timedelta(days=7)
"""Days before the newest are still filled in."""
NO_ESTIMATE = "printed as 0: the server writes that where it has no estimate"
GROUPS = {"oil": "oil", "gas": "gas", "coal": "coal"}
LIMIT = 5_000.0
"""EUR mn a day: ten times what Russia earned on its best day."""


class Crea:
    """`counter` by date and group of commodities."""

    id = "crea"
    reach = timedelta(days=80)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The last 90 days, or windows of 90 days since a day."""
        last = today - timedelta(days=1)
        if since is None:
            yield _ask("fossil-recent", last - timedelta(days=WINDOW - 1), last)
            return
        while since <= last:
            end = min(since + timedelta(days=WINDOW - 1), last)
            yield _ask(f"fossil-{since.isoformat()}", since, end)
            since = end + timedelta(days=1)

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Reading]:
        """One figure a day and group, in EUR mn."""
        if not document.data.strip():
            return
        rows = jsons.member(jsons.parse(document, self.id), "data", self.id)
        seen: set[tuple[str, date]] = set()
        settled = document.retrieved_at.date() - SETTLING
        for index, item in enumerate(rows):
            place = f"/data/{index}"
            group = GROUPS.get(jsons.text(item, "commodity_group", self.id, place))
            if item.get("pricing_scenario", "default") != "default":
                raise Malformed(self.id, f"pricing scenario {item['pricing_scenario']!r}", place)
            if group is None:
                what = f"an unknown group {item['commodity_group']!r}"
                raise Malformed(self.id, what, place, "look what it holds, then list it")
            try:
                day = date.fromisoformat(jsons.text(item, "date", self.id, place)[:10])
                found = numbers.json_figure(item.get("value_eur"), -6)
            except ValueError as error:
                raise Malformed(self.id, str(error), place) from error
            if (group, day) in seen:
                what = f"{group} of {day} stands twice: the answer is split further than asked"
                raise Malformed(self.id, what, place)
            if not 0 <= found.value <= LIMIT:
                raise Malformed(self.id, f"EUR {found.printed} mn a day is not plausible", place)
            seen.add((group, day))
            status, note = ("P", "still being filled in") if day > settled else ("E", None)
            value: float | None = found.value
            printed = found.printed
            if not value:
                value, printed, status, note = None, "0", "M", NO_ESTIMATE
            edition = f"version {item['version']}" if isinstance(item.get("version"), str) else None
            series = f"ru.fossil_exports.{group}"
            yield Reading(series, day.isoformat(), value, printed, place, status, edition=edition, note=note)


def _ask(name: str, first: date, last: date) -> Ask:
    return Ask(
        name=name,
        url=API,
        params={
            "date_from": first.isoformat(),
            "date_to": last.isoformat(),
            "aggregate_by": "date,commodity_group",
            "format": "json",
        },
        media=("application/json",),
        first=(b"{",),
        marker=b'"data"',
        refuse=(b"<html",),
        hosts=("api.russiafossiltracker.com",),
        min_bytes=0,
        empty_ok=True,
    )


SOURCE = Crea()
