"""Where a figure comes from: a tree from the figure to the lines of the documents, as it was known on a day.

explain(con, "ru.budget.balance@2025")         a printed or derived figure; a bare series id: its newest
figure
explain(con, "nwf:192"), "acts:L001"           a row of a hand-kept table, by line or by key
explain(con, "count:acts", register=entries)   a count or calculation of a report, run again
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.errors import UnknownName, UsageError
from wareconomy.ledger import query
from wareconomy.model import rounding_unit
from wareconomy.publish import provenance
from wareconomy.publish.explanation import Explanation, words
from wareconomy.publish.language import unit_words
from wareconomy.publish.provenance import Record, Trail, span_text

if TYPE_CHECKING:
    import duckdb

STATUS = {
    "A": "normal",
    "P": "provisional",
    "E": "estimate",
    "B": "after a break in the series",
    "M": "missing: the publisher gave no value",
    "Q": "suppressed by the publisher",
}
BASIS = {
    "published": "the date on the page",
    "retrieved": "the day we opened the page; it shows no date",
    "assumed": "assumed; the page has no full date of its own",
    "derived": "the day the last of its inputs was known",
}
KINDS = {"count:": "count", "calc:": "calculation"}
OF_REPORT = tuple(KINDS)
"""What the ids of counts and calculations begin with: they are of one report."""
DEEPEST = 12


def explain(
    con: duckdb.DuckDBPyConnection,
    figure: str,
    as_of: date | None = None,
    register: Mapping[str, Any] | None = None,
) -> Explanation:
    """The way of one figure, with nothing in it that was not known on `as_of` (default: the day of the
    build).

    `register` holds the counts and calculations of a report by id, as `register()` reads them. Raises
    UnknownName with the nearest ids for one that was not known on the day, UsageError for a register entry
    that is no query.
    """
    name = figure.strip()
    built = query.as_of_day(con, None)
    trail = Trail(con, as_of or built, built)
    entries = register or {}
    if name.startswith(OF_REPORT) or name in entries:
        return _registered(trail, name, entries, 0)
    found = _find(trail, name)
    if found is None:
        raise UnknownName("figure", name, _near(trail, name, entries))
    return found


def register(folder: Path) -> dict[str, Any]:
    """Counts and calculations of a report by id, from its figures.json; empty when there is none."""
    try:
        body = json.loads((folder / "figures.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    entries = body.get("figures", body) if isinstance(body, dict) else body
    if isinstance(entries, dict):
        return {str(key): value for key, value in entries.items() if isinstance(value, dict)}
    return {str(item["id"]): item for item in entries if isinstance(item, dict) and "id" in item}


def _find(trail: Trail, name: str) -> Explanation | None:
    """A figure, an observation or a row; None when there is nothing of that name on the day."""
    if not name:
        return None
    series, mark, span = name.partition("@")
    if not series.partition(":")[1]:
        known = query.records(trail.con, "SELECT formula FROM series WHERE series = $name", {"name": series})
        if not known:
            return None
        derived = known[0]["formula"] is not None
        if mark and derived and span and provenance.split(name):
            trail.follow([name])
            if name in trail.derived:
                return _node(trail, name, 0)
        item = query.figure(trail.con, series, span, trail.day) if mark else _newest(trail, series)
        names = [item.id] if derived else list(item.inputs)
        trail.follow(names)
        return _node(trail, names[0], 0, item.id)
    trail.follow([name])
    return _node(trail, name, 0) if name in trail.observed else _row(trail, name)


def _newest(trail: Trail, series: str) -> query.Figure:
    """The newest figure whose period has begun, so that a law's last year does not hide today's."""
    found = query.figures(trail.con, series, trail.day)
    begun = [item for item in found if item.period.start <= trail.day] or found
    if not begun:
        names = [row[0] for row in trail.con.execute("SELECT DISTINCT series FROM observations").fetchall()]
        raise UnknownName("figure", f"{series} as known on {trail.day}", names)
    return max(
        begun,
        key=lambda item: (item.value is not None, item.period.end or item.period.start, item.period.start),
    )


def _node(trail: Trail, name: str, depth: int, shown: str | None = None) -> Explanation:
    if name in trail.observed:
        return _observed(trail, trail.observed[name], shown)
    if name in trail.derived:
        return _derived(trail, name, depth)
    return Explanation(name, "missing", f"not known on {trail.day}", ())


def _observed(trail: Trail, row: Record, shown: str | None) -> Explanation:
    """A printed figure: the row of a document, and every other print of its period."""
    span = span_text(row)
    facts = (
        ("series", row["series"]),
        ("period", span),
        ("value", row["value"]),
        ("unit", row["unit"]),
        ("range", f"{words(row['low'])} to {words(row['high'])}" if row["low"] is not None else None),
        ("definition", row["definition"]),
        ("known from", row["vintage"]),
        ("known by", BASIS.get(row["basis"], row["basis"])),
        ("status", STATUS.get(row["status"], row["status"])),
        ("measured by", f"{row['source_title']}, {row['source_publisher']} ({row['source']})"),
        ("party to the war", "yes" if row["party"] else None),
        (
            "includes claims",
            "yes: it cannot check the side whose claims it includes" if row["includes_claims"] else None,
        ),
        ("read in", row["publisher"]),
        ("address", row["source_url"]),
        ("page dated", row["published_on"]),
        (
            "document",
            ", SHA-256 ".join(filter(None, (row["document_name"] or "file of the day", row["document"]))),
        ),
        ("place", row["locator"]),
        ("observation", row["observation"]),
        ("printed digits", row["printed"]),
        ("confidence", row["confidence"]),
        ("note", row["note"]),
        ("repeats", f"in round numbers, {row['restates']}" if row["restates"] else None),
        ("terms", f"{row['terms']}; licence: {row['licence']}"),
    )
    prints = []
    for other in trail.others(row):
        prints.append({**{key: other[key] for key in PRINTED}, "against this": _against(other, row)})
    title = f"{_amount(row)}, {row['series_title'] or row['series']}, {span}"
    touching = trail.touching([row["series"]], row["period_start"], row["period_end"])
    return Explanation(shown or row["observation"], "figure", title, facts, tuple(prints), tuple(touching))


def _against(other: Record, row: Record) -> str:
    """How another print of the same period stands to this one, by the digits it was printed with."""
    if other["value"] is None or row["value"] is None:
        return "the same" if other["value"] == row["value"] else "one of them has no value"
    apart = abs(other["value"] - row["value"])
    if apart == 0:
        return "the same"
    coarse = max(rounding_unit(item["printed"] or "0") for item in (other, row))
    return "agrees within rounding" if apart <= coarse / 2 + 1e-9 else "differs"


PRINTED = (
    "observation",
    "value",
    "printed",
    "vintage",
    "basis",
    "status",
    "source",
    "publisher",
    "source_url",
)


def _derived(trail: Trail, name: str, depth: int) -> Explanation:
    """A computed figure: its formula and each input."""
    row = trail.derived[name]
    inputs = tuple(_node(trail, part, depth + 1) for part in row["inputs"]) if depth < DEEPEST else ()
    below = {trail.observed[part]["series"] for part in row["inputs"] if part in trail.observed}
    span = span_text(row)
    facts = (
        ("series", row["series"]),
        ("period", span),
        ("value", row["value"]),
        ("unit", row["unit"]),
        ("definition", row["definition"]),
        ("formula", row["formula"]),
        ("known from", row["vintage"]),
        ("known by", BASIS["derived"]),
        ("inputs", list(row["inputs"])),
    )
    title = f"{_amount(row)}, {row['series_title'] or row['series']}, {span}"
    limits = trail.touching({row["series"], *below}, row["period_start"], row["period_end"])
    return Explanation(name, "derived", title, facts, (), tuple(limits), inputs)


def _row(trail: Trail, name: str) -> Explanation | None:
    """A row of a hand-kept table with every column, and the figures that were made of it."""
    row = query.manual_row(trail.con, name, trail.day, undated=trail.day >= trail.built)
    if row is None:
        return None
    table, line = row["table"], row["file_line"]
    documents = query.records(
        trail.con, "SELECT document, name FROM documents WHERE name = $name", {"name": f"manual/{table}.csv"}
    )
    facts = [(str(key), value) for key, value in row.items() if key not in ("table", "file_line")]
    facts += [("file", f"{table}.csv line {line}"), *(("SHA-256", item["document"]) for item in documents)]
    sql = (
        "SELECT observation FROM observations WHERE locator = $place AND vintage <= $day ORDER BY observation"
    )
    made = trail.con.execute(sql, {"place": f"{table}.csv line {line}", "day": trail.day}).fetchall()
    names = [item[0] for item in made]
    trail.follow(names)
    sql = "SELECT comment FROM duckdb_tables() WHERE schema_name = 'manual' AND table_name = $name"
    words = trail.con.execute(sql, {"name": table}).fetchone()
    title = " ".join(str(words[0]).split(". ")[0].split()) if words and words[0] else table
    return Explanation(
        name, "row", title, tuple(facts), (), (), tuple(_node(trail, item, 1) for item in names)
    )


def _registered(trail: Trail, name: str, entries: Mapping[str, Any], depth: int) -> Explanation:
    """A count or calculation of a report: its words, its query run again, and its inputs."""
    entry = entries.get(name)
    if not isinstance(entry, Mapping):
        raise UnknownName("figure", name, _near(trail, name, entries))
    kind = next((word for mark, word in KINDS.items() if name.startswith(mark)), "calculation")
    facts: list[tuple[str, Any]] = [("about", entry.get("about")), ("value", entry.get("value"))]
    if entry.get("sql"):
        value = _run(trail.con, name, str(entry["sql"]), entry.get("params") or {})
        agrees = _same(value, entry.get("value"))
        facts += [
            ("query", " ".join(str(entry["sql"]).split())),
            ("parameters", json.dumps(entry.get("params") or {}, default=str, sort_keys=True)),
            ("run again", f"{words(value)}, {'as printed' if agrees else 'not as printed'}"),
            ("agrees", agrees),
        ]
    facts += [("formula", entry.get("formula"))]
    inputs = []
    for part in entry.get("inputs") or () if depth < DEEPEST else ():
        if part in entries:
            inputs.append(_registered(trail, part, entries, depth + 1))
        else:
            inputs.append(
                _find(trail, str(part)) or Explanation(str(part), "missing", f"not known on {trail.day}", ())
            )
    about = entry.get("about")
    title = words(entry.get("value")) + (f", {about}" if about else "")
    return Explanation(name, kind, title, tuple(facts), (), (), tuple(inputs))


def _run(con: duckdb.DuckDBPyConnection, name: str, sql: str, params: Any) -> Any:
    """The first cell of a query, which must be one SELECT."""
    import duckdb

    try:
        statements = con.extract_statements(sql)
        if len(statements) != 1 or statements[0].type != duckdb.StatementType.SELECT:
            raise UsageError(f"the query of {name} is not one SELECT; it was not run")
        rows = con.execute(sql, params or None).fetchall()
    except duckdb.Error as error:
        raise UsageError(f"the query of {name} failed: {str(error).splitlines()[0]}") from error
    return rows[0][0] if rows and rows[0] else None


def _same(found: Any, printed: Any) -> bool:
    if isinstance(found, int | float) and isinstance(printed, int | float):
        return abs(found - printed) <= 1e-9 * max(1.0, abs(printed))
    return words(found) == words(printed)


def _near(trail: Trail, name: str, entries: Mapping[str, Any]) -> Sequence[str]:
    """Ids of the sort that was asked for, known on the day."""
    con, (table, mark, _) = trail.con, name.partition(":")
    if mark and table in query.manual_tables(con):
        columns = [row[0] for row in con.execute(f'DESCRIBE manual."{table}"').fetchall()]
        key = "id" if "id" in columns else "file_line"
        sql = f'SELECT "{key}" FROM manual."{table}" WHERE known IS NULL OR known <= $day'
        return [f"{table}:{row[0]}" for row in con.execute(sql, {"day": trail.day}).fetchall()]
    tables = [f"{item}:" for item in query.manual_tables(con)] if mark else []
    return [*entries, *tables, *(row[0] for row in con.execute("SELECT series FROM series").fetchall())]


def _amount(row: Record) -> str:
    return (
        f"{words(row['value'])} {unit_words(row['unit'] or '')}".strip()
        if row["value"] is not None
        else "no value"
    )
