"""Writes a ledger file from validated tables: aside, checked, closed. Swapping it in is the pipeline's business."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from wareconomy.catalog import Catalog, Derived, Series
from wareconomy.errors import CheckFailed, Finding, InputError
from wareconomy.ledger import engine, loading, manual, observations, provisions
from wareconomy.ledger.observations import Collected, Observation, ObservedRows
from wareconomy.ledger.query import SCHEMA_VERSION
from wareconomy.sources.manual import ManualTable

if TYPE_CHECKING:
    import duckdb

STORAGE = "STORAGE_VERSION 'v1.5.0', BLOCK_SIZE 16384, ROW_GROUP_SIZE 16384"
"""How the file is laid out. DuckDB 2 writes files that 1.5 reads when told so. Each table takes whole blocks: forty small
ones fill a fifth of what they would in DuckDB's usual 256 KB. A group of rows is left out whole when the series asked for
is not in it: one series is read with its neighbours, and not with 120,000 rows around it."""
HERE = Path(__file__).parent
FAR = date(9999, 12, 31)


def rows(
    tables: Mapping[str, ManualTable],
    catalog: Catalog,
    today: date,
    gather: Callable[[Sequence[Observation]], Collected] | None = None,
) -> ObservedRows:
    """All observations the tables yield, provisions included, and what `gather` adds from archived documents.

    `gather` gets the hand-kept observations (see ledger.collected). Raises InputError with every finding of the
    hand-kept tables; documents never stop a build, what does not fit in them is set aside.
    """
    result = observations.observe(tables, catalog)
    kept = list(result.observations)
    if provisions.TABLE in tables:
        made, findings = provisions.observe(tables[provisions.TABLE], catalog)
        result.observations.extend(made)
        result.findings.extend(findings)
    result.findings.extend(_dates(result.observations, catalog, today))
    if result.findings:
        raise InputError(sorted(result.findings, key=lambda item: (item.file, item.line)))
    if gather:
        result.collected = gather(kept)
        result.rejections.extend(result.collected.rejections)
        if result.collected.observations:
            laws = result.observations[len(kept) :]
            both = [*kept, *result.collected.observations]
            result.observations = [*observations.mark_restatements(both), *laws]
    return result


def _dates(made: Sequence[Observation], catalog: Catalog, today: date) -> list[Finding]:
    """Nothing can be known before its period began, except plans, laws and estimates of what is to come."""
    findings = []
    for row in made:
        file, _, line = row.locator.partition(" line ")
        if row.vintage > today:
            advice = f"known on {row.vintage}, which is after today ({today})"
            findings.append(Finding(file, int(line), "known_on", row.vintage.isoformat(), "future", advice))
        series = catalog.series[row.series]
        if row.vintage < row.period_start and not series.ahead and row.status != "E":
            advice = f"an actual of {row.period_start} cannot have been published on {row.vintage}"
            findings.append(
                Finding(file, int(line), "published_on", row.vintage.isoformat(), "before period", advice)
            )
    return findings


def write(
    path: Path,
    tables: Mapping[str, ManualTable],
    made: ObservedRows,
    catalog: Catalog,
    meta: Mapping[str, str],
    runs: Sequence[Sequence[object]] = (),
    as_of: date | None = None,
    results: Callable[[duckdb.DuckDBPyConnection, date], loading.Results] | None = None,
) -> None:
    """Write a complete ledger to `path`, which must not exist. Raises CheckFailed when an official identity fails.

    `as_of` leaves out everything not known by that day from the derived table; observations keep all vintages
    up to it. `results` is asked last, with the ledger as it will be read and its day, for the rows that follow
    from it (claim_checks, links): this stage stores them and knows nothing of how they came.
    """
    import duckdb

    # One thread: the other core judges the tables meanwhile, two are no faster at this size and take 15 MB more.
    con = duckdb.connect(":memory:", config={"threads": 1})
    try:
        target = str(path).replace("'", "''")
        con.execute(f"ATTACH '{target}' AS ledger ({STORAGE})")
        con.execute("USE ledger")
        con.execute("BEGIN")
        con.execute((HERE / "schema.sql").read_text(encoding="utf-8"))
        seen = manual.first_vintages(made.observations)
        for table in tables.values():
            manual.write(con, table, seen, as_of)
        _catalog(con, catalog)
        _observations(con, made.observations, as_of)
        _small(con, tables, made, meta, runs)
        _collected(con, made.collected, as_of)
        settle(con)
        for name in ("derived.sql", "views.sql", "identities.sql"):
            con.execute((HERE / name).read_text(encoding="utf-8"))
        _comment_rest(con)
        con.execute(
            "INSERT INTO derived SELECT series, period_start, period_end, vintage, value, inputs "
            "FROM derived_as_of($day) ORDER BY series, period_start, period_end",
            {"day": as_of or FAR},
        )
        _refuse_failed(con)
        if results:
            for name, found in results(con, date.fromisoformat(meta["as_of"])).items():
                loading.insert_rows(con, name, found)
        con.execute("COMMIT")
        con.execute("CHECKPOINT ledger")
        con.execute("USE memory")
        con.execute("DETACH ledger")
    except duckdb.Error as error:
        if refused := engine.system_error(error, path):
            raise refused from error
        raise
    finally:
        con.close()
    with path.open("rb") as stream:
        os.fsync(stream.fileno())


def settle(con: duckdb.DuckDBPyConnection) -> None:
    """Work out which prints stand and which are shown, from when to when: also in a copy to which rows were added."""
    con.execute((HERE / "as_of.sql").read_text(encoding="utf-8"))


def _comment_rest(con: duckdb.DuckDBPyConnection) -> None:
    """Views and tables made from others say what their columns mean too: in the words of the table a column comes from."""
    wanted = con.execute(
        "SELECT v.table_name, v.column_name, coalesce(m.comment, o.comment) FROM duckdb_columns() AS v "
        "LEFT JOIN duckdb_columns() AS m ON m.schema_name = 'manual' AND m.table_name = v.table_name "
        "AND m.column_name = v.column_name "
        "LEFT JOIN duckdb_columns() AS o ON o.schema_name = 'main' AND o.table_name = 'observations' "
        "AND o.column_name = v.column_name AND o.database_name = v.database_name "
        "WHERE v.database_name = 'ledger' AND v.schema_name = 'main' AND v.comment IS NULL "
        "AND coalesce(m.comment, o.comment) IS NOT NULL"
    ).fetchall()
    for view, column, comment in wanted:
        con.execute(f'COMMENT ON COLUMN "{view}"."{column}" IS {manual.quote(comment)}')


def _catalog(con: duckdb.DuckDBPyConnection, catalog: Catalog) -> None:
    sources = sorted(catalog.sources.values(), key=attrgetter("id"))
    loading.insert_rows(con, "sources", [{"source": item.id, **_plain(item)} for item in sources])
    declared: list[Series | Derived] = [*catalog.series.values(), *catalog.derived.values()]
    series = [
        {
            "series": item.id,
            "title": item.title,
            "unit": item.unit,
            "frequency": item.frequency,
            "kind": item.kind,
            "area": item.area,
            "definition": item.definition,
            "measure": getattr(item, "measure", None),
            "lag_days": getattr(item, "lag_days", None),
            "formula": getattr(item, "formula", None),
            "ahead": getattr(item, "ahead", False),
            "tags": list(getattr(item, "tags", ())),
        }
        for item in sorted(declared, key=attrgetter("id"))
    ]
    loading.insert_rows(con, "series", series)
    preferences = [
        {"series": item.id, "source": source, "preference": place}
        for item in sorted(catalog.series.values(), key=attrgetter("id"))
        for place, source in enumerate(item.sources, 1)
    ]
    loading.insert_rows(con, "series_sources", preferences)


def _plain(item: object) -> dict[str, object]:
    return {field.name: getattr(item, field.name) for field in fields(item) if field.name != "id"}  # type: ignore[arg-type]


def _observations(con: duckdb.DuckDBPyConnection, made: Sequence[Observation], as_of: date | None) -> None:
    names = [field.name for field in fields(Observation)]
    known = [row for row in made if as_of is None or row.vintage <= as_of]
    columns = {name: list(map(attrgetter(name), known)) for name in names}
    order = "ORDER BY series, source, period_start, period_end, vintage, observation"
    loading.insert(con, "observations", loading.kinds(con, "observations"), columns, order)


def _small(
    con: duckdb.DuckDBPyConnection,
    tables: Mapping[str, ManualTable],
    made: ObservedRows,
    meta: Mapping[str, str],
    runs: Sequence[Sequence[object]],
) -> None:
    facts = {"schema_version": SCHEMA_VERSION, **meta}
    con.executemany("INSERT INTO meta VALUES (?, ?)", sorted(facts.items()))
    documents = [
        (table.sha256, f"manual/{table.spec.file}", table.spec.title, table.size, len(table.lines))
        for table in tables.values()
    ]
    con.executemany("INSERT INTO documents VALUES (?, ?, ?, ?, ?)", documents)
    if made.rejections:
        con.executemany(
            "INSERT INTO rejections VALUES (?, ?, ?)", [(r.table, r.line, r.reason) for r in made.rejections]
        )
    if runs:
        con.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", runs)


def _collected(con: duckdb.DuckDBPyConnection, made: Collected, as_of: date | None) -> None:
    """Documents and receipts, posts and candidates, as they were known by `as_of`."""
    until = as_of.isoformat() if as_of else "9999"
    known = [row for row in made.receipts if row[5][:10] <= until]
    cited = {row[2] for row in known}
    documents = list({row[0]: row for row in made.documents if row[0] in cited}.values())
    posts = [(*row[:9], row[9] if row[9] and row[9][:10] <= until else None, *row[10:]) for row in made.posts]
    wanted = {
        "documents": documents,
        "receipts": known,
        "posts": [row for row in posts if row[7][:10] <= until],
        "candidates": [row for row in made.candidates if row[3] <= until],
    }
    for table, found in wanted.items():
        if found:
            kinds = loading.kinds(con, table)
            columns = dict(zip(kinds, map(list, zip(*found, strict=True)), strict=True))
            loading.insert(con, table, kinds, columns)


def _refuse_failed(con: duckdb.DuckDBPyConnection) -> None:
    failed = con.execute(
        "SELECT name, period, expected, found, tolerance FROM checks "
        "WHERE NOT passed AND note LIKE 'official%' ORDER BY period LIMIT 5"
    ).fetchall()
    if failed:
        name, period, expected, found, tolerance = failed[0]
        raise CheckFailed(
            f"{name} fails for {period}: printed {found:,.1f}, expected {expected:,.1f} within {tolerance:,.2f}. "
            "Compare the row with its source; nothing was published."
        )
