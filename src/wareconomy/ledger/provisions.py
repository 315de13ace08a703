"""Enacted provisions as observations: a legal parameter, year by year, as each law set it.

A law's schedule is expanded to one observation per calendar year in which it applies (period = the year, vintage =
the day the law was signed). A provision without an end runs to the last year any enacted provision names.
Proposals stay in `provisions` alone: a proposed value never becomes an observation.
"""

from __future__ import annotations

from datetime import date

from wareconomy.catalog import Catalog
from wareconomy.errors import Finding
from wareconomy.ledger.observations import Observation
from wareconomy.model import partial_date
from wareconomy.sources.manual import ManualTable

TABLE = "provisions"
SOURCE = "ru_law"


def observe(table: ManualTable, catalog: Catalog) -> tuple[list[Observation], list[Finding]]:
    """Observations of all enacted provisions, and a finding for each parameter without a declared series."""
    rows = [
        {name: column[index] for name, column in table.printed.items()} for index in range(len(table.lines))
    ]
    enacted = [row for row in rows if row["stage"] == "enacted"]
    horizon = max(
        (int(text[:4]) for row in enacted for text in (row["valid_from"], row["valid_to"]) if text), default=0
    )
    made: list[Observation] = []
    findings: list[Finding] = []
    for index, (row, line) in enumerate(zip(rows, table.lines, strict=True)):
        if row["stage"] != "enacted":
            continue
        series = catalog.series.get(f"ru.tax.{row['parameter']}")
        if series is None or series.unit != row["unit"]:
            advice = f"declare ru.tax.{row['parameter']} in catalog/series with unit {row['unit']}"
            findings.append(
                Finding(table.spec.file, line, "parameter", row["parameter"], "undeclared series", advice)
            )
            continue
        value = table.values["value"][index]
        known = row["known_on"] or row["published_on"]
        if known:
            span = partial_date(known)
            vintage, exact = span.end or span.start, span.start == span.end
        else:
            vintage, exact = partial_date(row["valid_from"]).start, False
        first = int(row["valid_from"][:4])
        last = int(row["valid_to"][:4]) if row["valid_to"] else horizon
        for year in range(first, last + 1):
            made.append(
                Observation(
                    observation=f"{table.spec.name}:{line}@{year}",
                    series=series.id,
                    source=SOURCE,
                    period_start=date(year, 1, 1),
                    period_end=date(year, 12, 31),
                    vintage=vintage,
                    value=None if value is None else float(value),
                    low=None,
                    high=None,
                    status="A",
                    basis=row["basis"] or ("published" if exact else "assumed"),
                    edition=row["law_number"] or f"{SOURCE} {vintage.isoformat()}",
                    printed=row["value"],
                    confidence=row["confidence"],
                    publisher=row["publisher"],
                    source_url=row["source_url"] or None,
                    published_on=row["published_on"] or None,
                    document=table.sha256,
                    locator=f"{table.spec.file} line {line}",
                    note=row["note"] or None,
                )
            )
    return made, findings
