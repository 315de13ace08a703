"""Official reserves of Russia and Ukraine from the IMF's International Liquidity dataset, as SDMX CSV.

An independent check of the central banks: the end of a month here is the first of the next month there.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from wareconomy.sources import numbers
from wareconomy.sources.source import Ask, Document, Malformed, Reading, since_name

API = "https://api.imf.org/external/sdmx/2.1/data/IMF.STA,IL/"
KEY = "RUS+UKR.TRGNV_REVS.USD.M"
COUNTRIES = {"RUS": "ru.reserves.total.imf", "UKR": "ua.reserves.total.imf"}
EXPECTED = {"INDICATOR": "TRGNV_REVS", "UNIT": "USD", "FREQUENCY": "M"}
NEEDED = ("COUNTRY", *EXPECTED, "TIME_PERIOD", "OBS_VALUE")
MONTH = re.compile(r"(\d{4})-M(\d{2})")
BILLIONS = (2.0, 3000.0)
SCALES = {"0": 0, "6": 6, "9": 9}


class ImfReserves:
    """Total reserves with gold, national valuation, monthly, US dollars."""

    id = "imf_reserves"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The last two years, or everything since a day."""
        start = since or today - timedelta(days=730)
        yield Ask(
            name=since_name("reserves", since),
            url=f"{API}{KEY}",
            params={
                "startPeriod": f"{start:%Y-%m}",
                "dimensionAtObservation": "AllDimensions",
                "detail": "dataonly",
            },
            headers={"Accept": "application/vnd.sdmx.data+csv"},
            media=("application/vnd.sdmx.data+csv", "text/csv"),
            marker=b"OBS_VALUE",
            refuse=(b"<html", b"<!DOCTYPE"),
            hosts=("api.imf.org",),
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Nothing."""
        return ()

    def read(self, document: Document) -> Iterator[Reading]:
        """One figure a country and month, in USD bn; which unit the file has is told by SCALE or its magnitude."""
        rows = list(self._rows(document))
        shift = self._shift(rows)
        seen: set[tuple[str, str]] = set()
        for line, row in rows:
            place = f"line {line}"
            series = COUNTRIES.get(row["COUNTRY"])
            if series is None or any(row[name] != value for name, value in EXPECTED.items()):
                raise Malformed(self.id, f"a series that was not asked for: {row['COUNTRY']}", place)
            match = MONTH.fullmatch(row["TIME_PERIOD"])
            try:
                first = date(int(match[1]), int(match[2]), 1) if match else None
                found = numbers.figure(row["OBS_VALUE"], ".", shift)
            except ValueError as error:
                raise Malformed(self.id, str(error), place) from error
            if first is None:
                raise Malformed(self.id, f"{row['TIME_PERIOD']!r} is not a month like 2026-M01", place)
            if found is None:
                continue
            if not BILLIONS[0] <= found.value <= BILLIONS[1]:
                raise Malformed(self.id, f"{found.printed} bn dollars is not plausible", place)
            day = (numbers.next_month(first) - timedelta(days=1)).isoformat()
            if (series, day) in seen:
                raise Malformed(self.id, f"{row['COUNTRY']} {row['TIME_PERIOD']} stands twice", place)
            seen.add((series, day))
            yield Reading(series, day, found.value, found.printed, place)

    def _rows(self, document: Document) -> Iterator[tuple[int, dict[str, str]]]:
        try:
            reader = csv.reader(io.StringIO(document.data.decode("utf-8-sig"), newline=""), strict=True)
            header = next(reader, [])
            missing = [name for name in NEEDED if name not in header]
            if missing or len(set(header)) != len(header):
                raise Malformed(self.id, f"no column {', '.join(missing) or 'is unique'}", "line 1")
            if header[-1] == "OBS_VALUE" and not document.data.endswith(b"\n"):
                raise Malformed(
                    self.id, "the last line is cut", advice="a cut figure would read as another one"
                )
            for cells in reader:
                if len(cells) != len(header):
                    raise Malformed(
                        self.id, f"{len(cells)} cells under {len(header)} headings", f"line {reader.line_num}"
                    )
                yield reader.line_num, dict(zip(header, cells, strict=True))
        except (UnicodeDecodeError, csv.Error) as error:
            raise Malformed(self.id, f"the CSV is broken: {error}") from error

    def _shift(self, rows: list[tuple[int, dict[str, str]]]) -> int:
        """Powers of ten from the file's unit to billions."""
        scales = {row.get("SCALE", "") for _, row in rows}
        if len(scales) > 1 or not scales <= {"", *SCALES}:
            raise Malformed(self.id, f"several or unknown scales: {', '.join(sorted(scales))}")
        try:
            figures = [found.value for _, row in rows if (found := numbers.figure(row["OBS_VALUE"], "."))]
        except ValueError as error:
            raise Malformed(self.id, str(error)) from error
        fits = [
            power
            for power in SCALES.values()
            if all(BILLIONS[0] <= value * 10.0 ** (power - 9) <= BILLIONS[1] for value in figures)
        ]
        said = next(iter(scales), "")
        if not fits or (said and SCALES[said] not in fits and 0 not in fits):
            raise Malformed(self.id, "values that are reserves in no unit", advice="has the unit changed?")
        return fits[0] - 9


SOURCE = ImfReserves()
