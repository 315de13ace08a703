"""What the data package holds: one declaration per table, with its SQL as of a day, keys and words.

Third-party terms are applied here and nowhere else: a source whose terms are neither `open` nor `figures with
credit` (so `local only`, and any term we do not know) gives figures with credit, and none of its text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from operator import itemgetter
from typing import TYPE_CHECKING

from wareconomy import catalog
from wareconomy.analysis import stored as analysed
from wareconomy.ledger import changes, loading, query

if TYPE_CHECKING:
    from datetime import date

    import duckdb

SHAREABLE = ("open", "figures with credit")
"""Terms under which text may be given on; under any other only the figure, its source and its dates are."""
GIVEN_WITH_CREDIT = ("note",)
"""Columns of an observation that hold the text of a source (there are no shapes in the ledger)."""
DEFUSED = "[=+\\-@\\t\\r\\n＝＋－＠]"
"""First characters that make a spreadsheet take a cell for a formula."""
PLAIN_NUMBER = "[+-]?[0-9]+([.][0-9]+)?"
STATUS = ("A", "P", "E", "B", "M", "Q")
BASIS = ("published", "retrieved", "assumed")


def defused_sql(column: str) -> str:
    """SQL for a text cell that no spreadsheet takes for a formula: an apostrophe goes before it, unless it
    is a number."""
    return (
        f"CASE WHEN regexp_matches({column}, '^{DEFUSED}') AND NOT regexp_full_match({column}, "
        f"'{PLAIN_NUMBER}') THEN '''' || {column} ELSE {column} END"
    )


def shared_sql(alias: str) -> str:
    """SQL condition: the terms of the row's source let its text be given on."""
    allowed = ", ".join(f"'{term}'" for term in SHAREABLE)
    return f"coalesce({alias}.source IN (SELECT source FROM sources WHERE terms IN ({allowed})), false)"


@dataclass(frozen=True, slots=True)
class Resource:
    """One table of the package. `sql` takes $day; `home` is the ledger table whose COMMENTs describe its
    columns."""

    name: str
    title: str
    about: str
    sql: str
    key: tuple[str, ...]
    home: tuple[str, str]
    links: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def table(self) -> str:
        """Name of the temporary table it is written from."""
        return f"export_{self.name}"


@dataclass(frozen=True, slots=True)
class Field:
    """A column of a resource: DuckDB type, words, and what the catalog says its values may be."""

    name: str
    type: str
    about: str
    required: bool = False
    values: tuple[str, ...] = ()


FIGURE_WORDS = {
    "figure": "Id of the figure, series@period: what `wareconomy explain` takes.",
    "period": "The period as text: 2025, 2025-03, 2025-01..2025-06 or a day.",
    "unit": "Unit of the value.",
    "title": "Name of the series.",
}
_CREDIT = ", ".join(f"CASE WHEN {shared_sql('o')} THEN o.{name} END AS {name}" for name in GIVEN_WITH_CREDIT)
_SPAN = "period_text(o.period_start, o.period_end)"
_MEASURED = {"series": ("series", "series"), "source": ("sources", "source")}
_KNOWN_CLAIMS = "(SELECT id FROM claims_as_of($day))"


def declared(stored: bool) -> tuple[Resource, ...]:
    """Every table of the package. `stored`: the day is that of the build, so the derived figures are on
    file."""
    derived = "derived" if stored else "derived_as_of($day)"
    return (
        Resource(
            "figures",
            "Figures as known on the day",
            "One row per series and period: the newest print known on the day, from the preferred source of "
            "the series.",
            f"SELECT o.series || '@' || {_SPAN} AS figure, o.series, s.title, {_SPAN} AS period, "
            "o.period_start, o.period_end, o.value, o.low, o.high, s.unit, o.status, o.vintage, o.basis, "
            f"o.source, o.publisher, o.source_url, o.observation, {_CREDIT} FROM figures_as_of($day) o LEFT "
            "JOIN series s USING (series) ORDER BY o.series, o.period_start, o.period_end",
            ("figure",),
            ("main", "observations"),
            {**_MEASURED, "observation": ("observations", "observation")},
            FIGURE_WORDS,
        ),
        Resource(
            "observations",
            "Observations, all vintages",
            "Every number as one document printed it, with the day it became known: revisions and "
            "disagreements side by side.",
            f"SELECT o.* EXCLUDE (superseded_on) REPLACE ({_CREDIT}) FROM observations o WHERE o.vintage <= $day "
            "ORDER BY series, source, period_start, period_end, vintage, observation",
            ("observation",),
            ("main", "observations"),
            _MEASURED,
        ),
        Resource(
            "derived",
            "Derived figures as known on the day",
            "Figures computed from others, each with its inputs; the formula is in the table series.",
            f"SELECT o.series || '@' || {_SPAN} AS figure, o.series, s.title, {_SPAN} AS period, "
            f"o.period_start, o.period_end, o.value, s.unit, o.vintage, o.inputs FROM {derived} o LEFT JOIN "
            "series s USING (series) ORDER BY o.series, o.period_start, o.period_end",
            ("figure",),
            ("main", "derived"),
            {"series": ("series", "series")},
            FIGURE_WORDS,
        ),
        Resource(
            "series",
            "Series",
            "What is measured: one row per series, derived series included.",
            "SELECT * FROM series ORDER BY series",
            ("series",),
            ("main", "series"),
        ),
        Resource(
            "sources",
            "Sources and their terms",
            "Who measures, and what may be done with the figures.",
            "SELECT * FROM sources ORDER BY source",
            ("source",),
            ("main", "sources"),
        ),
        _manual("acts", "Acts and bills", "SELECT * FROM acts_as_of($day) ORDER BY id", ("id",)),
        _manual(
            "provisions",
            "Values that laws set or bills propose",
            "SELECT * FROM manual.provisions_as_of($day) ORDER BY file_line",
            ("file_line",),
        ),
        _manual(
            "claims",
            "Statements about the war",
            "SELECT * REPLACE (CASE WHEN variant_of IN "
            + _KNOWN_CLAIMS
            + " THEN variant_of END AS variant_of) "
            "FROM claims_as_of($day) ORDER BY id",
            ("id",),
            {"variant_of": ("", "id")},
        ),
        _manual(
            "claim_variants",
            "Versions of one statement in the wires",
            'SELECT v.* REPLACE (CASE WHEN v."row" IN ' + _KNOWN_CLAIMS + ' THEN v."row" END AS "row") '
            "FROM manual.claim_variants_as_of($day) v WHERE v.claim IN "
            + _KNOWN_CLAIMS
            + " ORDER BY file_line",
            ("file_line",),
            {"claim": ("claims", "id"), "row": ("claims", "id")},
        ),
        _manual(
            "claim_audits",
            "Pages read when statements were checked",
            "SELECT * FROM manual.claim_audits_as_of($day) WHERE claim IN "
            + _KNOWN_CLAIMS
            + " ORDER BY file_line",
            ("file_line",),
            {"claim": ("claims", "id")},
        ),
        Resource(
            "claim_checks",
            "Statements checked by the published rule",
            "",
            "SELECT * FROM claim_checks ORDER BY claim, view",
            ("claim", "view"),
            ("main", "claim_checks"),
            {"claim": ("claims", "id")},
        ),
        Resource(
            "links",
            "Dates beside chance: registered questions, and statements near each act",
            "",
            "SELECT * FROM links ORDER BY link",
            ("link",),
            ("main", "links"),
        ),
        _manual("breaks", "Breaks in series", "SELECT * FROM manual.breaks_as_of($day) ORDER BY id", ("id",)),
        _manual(
            "blackouts",
            "Periods in which a publisher stopped",
            "SELECT * FROM manual.blackouts_as_of($day) ORDER BY id",
            ("id",),
        ),
    )


def _manual(
    name: str, title: str, sql: str, key: tuple[str, ...], links: Mapping[str, tuple[str, str]] | None = None
) -> Resource:
    return Resource(name, title, "", sql, key, ("manual", name), links or {})


def materialise(con: duckdb.DuckDBPyConnection, day: date) -> tuple[Resource, ...]:
    """Compute every resource once, as a temporary table of the connection; numbers that are none become
    missing."""
    stored = query.meta(con).get("as_of") == day.isoformat()
    made = declared(stored)
    found = {} if stored else analysed.results(con, day)
    con.execute(changes.PERIOD_TEXT.read_text(encoding="utf-8"))
    for item in made:
        sql = item.sql + (" LIMIT 0" if item.name in found else "")
        con.execute(
            f"CREATE OR REPLACE TEMP TABLE {item.table} AS {sql}",
            {"day": day} if "$day" in item.sql else {},
        )
        if item.name in found:  # the ledger keeps those of its own day
            order = sorted(found[item.name], key=itemgetter(*item.key))
            loading.insert_rows(con, item.name, order, item.table)
        for name in [
            row[0] for row in con.execute(f"DESCRIBE {item.table}").fetchall() if row[1] == "DOUBLE"
        ]:
            odd = f'NOT isfinite("{name}")'
            if con.execute(f"SELECT count(*) FROM {item.table} WHERE {odd}").fetchall()[0][0]:
                con.execute(f'UPDATE {item.table} SET "{name}" = NULL WHERE {odd}')
    return made


def discard(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what `materialise` made."""
    for item in declared(True):
        con.execute(f"DROP TABLE IF EXISTS temp.{item.table}")


def comments(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str, str], str]:
    """COMMENTs of the ledger by schema, table and column; the column is empty for the table's own."""
    sql = (
        "SELECT schema_name, table_name, column_name, comment FROM duckdb_columns() WHERE comment IS NOT "
        "NULL UNION ALL SELECT schema_name, table_name, '', comment FROM duckdb_tables() WHERE comment IS "
        "NOT NULL"
    )
    return {(row[0], row[1], row[2]): " ".join(row[3].split()) for row in con.execute(sql).fetchall()}


def fields(
    con: duckdb.DuckDBPyConnection, item: Resource, notes: Mapping[tuple[str, str, str], str]
) -> list[Field]:
    """The columns of a resource, described by the COMMENTs of the ledger and the declarations of the
    catalog."""
    schema, table = item.home
    spec = catalog.load().tables.get(table) if schema == "manual" else None
    made = []
    for name, kind, *_ in con.execute(f"DESCRIBE {item.table}").fetchall():
        column = spec.columns.get(name) if spec else None
        if column is not None:
            values = tuple(column.values) if column.type == "category" else ()
        else:
            values = {"status": STATUS, "basis": BASIS}.get(name, ())
        words = item.words.get(name) or notes.get((schema, table, name), "")
        required = name in item.key or bool(column and column.required)
        made.append(Field(name, kind, words, required, values))
    return made


def about(item: Resource, notes: Mapping[tuple[str, str, str], str]) -> str:
    """What one row is: the resource's own words, else the COMMENT of its table."""
    return item.about or notes.get((*item.home, ""), "")
