"""What changed between two days of one ledger, or between two ledgers, as sentences.

Only printed figures, laws, bills, statements and corrections are news; derived figures follow from them. A
sentence says what was printed, by whom and when, and never why.
"""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.errors import UsageError
from wareconomy.ledger import act_names, query, wording
from wareconomy.model import label

if TYPE_CHECKING:
    import duckdb

SINGLE = 3
"""Up to so many figures of a series get a sentence each; more become one sentence with a count and a
range."""
KINDS = (
    *("revised", "corrected", "enacted", "proposed", "in_force", "known", "missing", "gone", "claimed"),
    *("followed", "restated"),
)
"""In the order they are told."""
NUMERAL = re.compile(r"-?[0-9]+(\.[0-9]+)?")
SQL = Path(__file__).with_name("changes.sql")
PERIOD_TEXT = Path(__file__).with_name("period.sql")
"""Makes the macro period_text(first day, last day) in a connection."""
FIGURES = """
SELECT o.series, o.period_start, o.period_end, o.value, o.status, o.vintage, o.basis, o.source, o.edition,
    coalesce(e.title, o.series) AS title, coalesce(e.unit, '') AS unit, starts_with(o.observation, 'provisions:') AS law,
    CASE WHEN s.publisher IS NULL OR s.publisher ILIKE 'see each row%' THEN o.publisher ELSE s.publisher END AS publisher
FROM figures_as_of($day) o LEFT JOIN series e USING (series) LEFT JOIN sources s ON s.source = o.source
"""
ROWS = """
SELECT 'acts' AS subject, id AS key, known, stage, concat_ws(' ', jurisdiction, act_type, number) AS who,
    coalesce(number_verified, false) AS sure, title_en AS words, publisher, md5(a::VARCHAR) AS print,
    TRY_CAST(rpad(in_force_on, 10, '-01-01') AS DATE) AS begins,
    [NULL, NULL, NULL, NULL, afterwards, CASE WHEN stage = 'proposed' THEN adopted_on END] AS later
FROM (SELECT * EXCLUDE (file_line) FROM acts_as_of($day)) a
UNION ALL
SELECT 'claims', id, known, kind, speaker, true, summary, publisher, md5(c::VARCHAR), NULL,
    [compared_value, compared_unit, compared_source, source_verdict, afterwards, NULL]
FROM (SELECT * EXCLUDE (file_line) FROM claims_as_of($day)) c
UNION ALL
SELECT 'corrections', concat_ws('|', "table", row_key, "column"), opened_on, status,
    concat_ws(', ', "table", row_key, "column"), true,
    'from ' || coalesce(expect, 'empty') || ' to ' || coalesce(value, 'empty') || ' (' || reason || ')', publisher,
    md5(r::VARCHAR), NULL, NULL
FROM (SELECT * EXCLUDE (file_line) FROM manual.corrections WHERE opened_on <= $day) r
"""


@dataclass(frozen=True, slots=True)
class Change:
    """One piece of news. `figures` are ids that `explain` answers; before and after are given for one value
    or a range.

    kind: known, revised, restated (printed again, same value), corrected (the same print, read otherwise),
    missing (the publisher gave no value), gone, enacted, proposed, in_force (a law known before began to apply),
    claimed, followed (what became known later of an act or a statement; `later` says it).
    """

    kind: str
    subject: str
    title: str
    first: date
    last: date
    known: tuple[date, date]
    figures: tuple[str, ...]
    before: tuple[float, float] | None = None
    after: tuple[float, float] | None = None
    unit: str = ""
    publisher: str = ""
    assumed: bool = False
    law: str | None = None
    members: int = 1
    who: str = ""
    later: str = ""

    @property
    def period(self) -> str:
        """The period of a figure, or the whole span of several, as text."""
        return label(self.first, self.last)

    def sentence(self) -> str:
        """The change in plain English; it never says why."""
        words = (
            _row_words(self)
            if self.subject in ROW_SUBJECTS
            else _law_words(self)
            if self.law is not None
            else _words(self)
        )
        return wording.sentence(words)

    def as_dict(self) -> dict[str, Any]:
        """The change as JSON values; `before` and `after` are a number, or [lowest, highest] of several."""

        def side(span: tuple[float, float] | None) -> float | list[float] | None:
            return None if span is None else span[0] if span[0] == span[1] else list(span)

        return {
            "kind": self.kind,
            "subject": self.subject,
            "title": self.title,
            "period": self.period,
            "before": side(self.before),
            "after": side(self.after),
            "unit": self.unit,
            "publisher": self.publisher,
            "known": [item.isoformat() for item in self.known],
            "assumed": self.assumed,
            "law": self.law,
            "later": self.later or None,
            "figures": list(self.figures),
        }


ROW_SUBJECTS = ("acts", "claims", "corrections")


def between(con: duckdb.DuckDBPyConnection, earlier: date, later: date) -> list[Change]:
    """What became known after `earlier` and by `later`. UsageError when the days are the wrong way round."""
    if earlier > later:
        raise UsageError(f"{earlier} is after {later}; give the earlier day first")
    for side, day in (("before", earlier), ("after", later)):
        con.execute(f"CREATE OR REPLACE TEMP TABLE change_{side} AS {FIGURES}", {"day": day})
        con.execute(f"CREATE OR REPLACE TEMP TABLE rows_{side} AS {ROWS}", {"day": day})
    return _compare(con)


def builds(con_a: duckdb.DuckDBPyConnection, con_b: duckdb.DuckDBPyConnection) -> list[Change]:
    """What the second ledger says otherwise than the first, each as known on its own day."""
    day_a, day_b = query.as_of_day(con_a, None), query.as_of_day(con_b, None)
    with tempfile.TemporaryDirectory() as folder:
        for name, sql in (("change", FIGURES), ("rows", ROWS)):
            path = str(Path(folder, f"{name}.parquet")).replace("'", "''")
            con_a.execute(f"CREATE OR REPLACE TEMP TABLE {name}_sent AS {sql}", {"day": day_a})
            con_a.execute(f"COPY {name}_sent TO '{path}' (FORMAT parquet)")
            con_a.execute(f"DROP TABLE temp.{name}_sent")
            con_b.execute(
                f"CREATE OR REPLACE TEMP TABLE {name}_before AS SELECT * FROM read_parquet('{path}')"
            )
            con_b.execute(f"CREATE OR REPLACE TEMP TABLE {name}_after AS {sql}", {"day": day_b})
    return _compare(con_b)


def _compare(con: duckdb.DuckDBPyConnection) -> list[Change]:
    try:
        found = [*_figures(con), *_rows(con)]
    finally:
        for name in ("change_before", "change_after", "rows_before", "rows_after", "change_figures"):
            con.execute(f"DROP TABLE IF EXISTS temp.{name}")
    return sorted(
        found, key=lambda item: (KINDS.index(item.kind), item.subject, item.first, item.last, item.figures)
    )


def _figures(con: duckdb.DuckDBPyConnection) -> Iterator[Change]:
    con.execute(PERIOD_TEXT.read_text(encoding="utf-8"))
    con.execute(SQL.read_text(encoding="utf-8"), {"single": SINGLE})
    for row in query.records(con, "SELECT * FROM change_figures"):
        kind = "enacted" if row["law"] and row["kind"] in ("known", "revised") else row["kind"]
        yield Change(
            kind=kind,
            subject=row["subject"],
            title=row["title"],
            first=row["first_day"],
            last=row["last_day"],
            known=(row["first_known"], row["last_known"]),
            figures=tuple(row["ids"]),
            before=None if row["before_low"] is None else (row["before_low"], row["before_high"]),
            after=None if row["after_low"] is None else (row["after_low"], row["after_high"]),
            unit=row["unit"],
            publisher=row["publisher"],
            assumed=row["assumed"],
            law=row["act"] if row["law"] else None,
            members=row["members"],
        )


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[Change]:
    sql = """
        SELECT coalesce(b.subject, a.subject) AS subject, coalesce(b.key, a.key) AS key,
            coalesce(b.known, a.known) AS known, coalesce(b.stage, a.stage) AS stage, coalesce(b.who, a.who) AS who,
            coalesce(b.sure, a.sure) AS sure, coalesce(b.words, a.words) AS words,
            coalesce(b.publisher, a.publisher) AS publisher, a.key IS NULL AS fresh, b.key IS NULL AS gone,
            coalesce(b.begins, a.begins) AS begins, a.stage <> b.stage AND b.stage = 'in_force' AS begun,
            CASE WHEN a.later IS DISTINCT FROM b.later THEN b.later END AS later_cells
        FROM rows_before a FULL JOIN rows_after b ON a.subject = b.subject AND a.key = b.key
        WHERE a.print IS DISTINCT FROM b.print ORDER BY 1, 3, 2
    """
    for row in query.records(con, sql):
        who = row["who"] if row["subject"] != "acts" else _act(row["who"], row["sure"])
        row["later"] = _later(*(row["later_cells"] or [None] * 6))
        for kind in _kinds(row):
            day = row["begins"] if kind == "in_force" else row["known"]
            yield Change(
                kind=kind,
                subject=row["subject"],
                title=row["words"],
                first=day,
                last=day,
                known=(day, day),
                figures=(f"{row['subject']}:{row['key']}",),
                publisher=row["publisher"] or "",
                who=who,
                later=row["later"] if kind == "followed" else "",
            )


def _later(
    value: str | None,
    unit: str | None,
    source: str | None,
    verdict: str | None,
    afterwards: str | None,
    reading: str | None,
) -> str:
    """What became known later of a row: a value set beside it and by whom, a verdict, what followed, a reading."""
    beside = " ".join(filter(None, (value, unit)))
    if value and NUMERAL.fullmatch(value):
        beside = wording.amount(float(value), unit or "")
    elif value and query.DAY.fullmatch(value):
        beside = f"{unit or 'on'}: {wording.day(date.fromisoformat(value))}"
    parts = [
        ", ".join(filter(None, (beside, source))),
        f"verdict of the source: {verdict}" if verdict else "",
        afterwards,
        f"first reading on {wording.day(date.fromisoformat(reading))}"
        if reading and len(reading) == 10
        else reading,
    ]
    return "; ".join(filter(None, parts))


def _kinds(row: Mapping[str, Any]) -> list[str]:
    """What happened to an act, a statement or a correction; a law may come into force and something follow it too."""
    if row["gone"]:
        return ["gone"]
    if row["subject"] == "corrections":
        return ["corrected"]
    if not row["fresh"]:
        news = [kind for kind, came in (("in_force", row["begun"]), ("followed", row["later"])) if came]
        return news or ["corrected"]
    if row["subject"] == "claims":
        return ["claimed"]
    return ["enacted" if row["stage"] in ("adopted", "signed", "in_force") else "proposed"]


def _act(who: str, sure: bool) -> str:
    """The act by kind, number and country, from `who` of ROWS."""
    jurisdiction, act_type, *rest = who.split(" ", 2)
    row = {
        "jurisdiction": jurisdiction,
        "act_type": act_type,
        "number": "".join(rest),
        "number_verified": sure,
    }
    return act_names.capital(act_names.number(row, country=True) or act_names.kind(row, country=True))


def _credit(change: Change) -> str:
    known = wording.days(*change.known)
    return f"({change.publisher}, known {known}{', assumed' if change.assumed else ''})"


def _range(span: tuple[float, float] | None, unit: str, many: bool = False) -> str:
    if span is None:
        return "no value"
    if span[0] == span[1]:
        return ("all " if many else "") + wording.amount(span[0], unit)
    return f"between {wording.number(span[0])} and {wording.amount(span[1], unit)}"


def _what(change: Change) -> str:
    """`the key rate of May 2023`; a title with a comma in it takes the period between commas."""
    title, span = wording.named(change.title), wording.period(change.first, change.last)
    return f"{title}, {span}," if "," in title else f"{title} of {span}"


def _words(change: Change) -> str:
    """A figure, or many of one sort."""
    if len(change.figures) > 1:
        return _many(change)
    what = _what(change)
    after = _range(change.after, change.unit)
    before = wording.number(change.before[0]) if change.before else "no value"
    verb = {
        "known": f"became known: {after}",
        "revised": f"was revised from {before} to {after}",
        "corrected": f"was corrected here from {before} to {after}, the same print",
        "restated": f"was printed again at {after}",
        "missing": "was not published",
        "gone": f"is no longer there; it stood at {_range(change.before, change.unit)}",
    }[change.kind]
    return f"{what} {verb} {_credit(change)}"


def _many(change: Change) -> str:
    count = wording.number(len(change.figures))
    what = wording.named(change.title) + (
        f", by part ({change.members} series)" if change.members > 1 else ""
    )
    after, before = _range(change.after, change.unit, True), _range(change.before, change.unit, True)
    verb = {
        "known": f"became known, {after}",
        "revised": f"were revised: {before} before, {after} now",
        "corrected": f"were corrected here: {before} before, {after} now",
        "restated": f"were printed again unchanged, {after}",
        "missing": "were not published",
        "gone": f"are no longer there; they stood {before}",
    }[change.kind]
    return f"{count} figures of {what}, {wording.period(change.first, change.last)}, {verb} {_credit(change)}"


def _law_words(change: Change) -> str:
    numbered = change.law and not change.law.startswith("ru_law ")
    known = wording.day(change.known[1])
    when = f"known from {known}, assumed," if change.assumed else f"signed {known},"
    act = f"Law {change.law}, {when}" if numbered else f"A law {when}"
    what = _what(change)
    after = _range(change.after, change.unit)
    if change.kind == "gone":
        return f"{what} is no longer there; it stood at {_range(change.before, change.unit)}"
    if change.kind == "corrected":
        return f"{what} was corrected here to {after} ({act.rstrip(',')})"
    if change.kind == "restated":
        return f"{act} keeps {what} at {after}"
    stood = f"; it stood at {wording.number(change.before[0])}" if change.before else ""
    return f"{act} sets {what} at {after}{stood}"


def _row_words(change: Change) -> str:
    """An act, a statement or a correction; its own words stand in quotation marks."""
    known, quoted = wording.day(change.known[1]), f"“{change.title}”"
    if change.kind == "gone":
        return f"{change.figures[0]} is no longer there: {change.who}, {quoted}"
    if change.subject == "corrections":
        return f"Corrected on {known}: {change.who}, {change.title}"
    if change.kind == "corrected":
        return f"The row {change.figures[0]} was changed: {change.who}, {quoted}"
    if change.kind == "in_force":
        return f"{change.who} came into force on {known}: {quoted}"
    if change.kind == "followed" and change.subject == "claims":
        return f"Since known beside {change.figures[0]}, {change.who}, {quoted}: {change.later}"
    if change.kind == "followed":
        return f"Since known of {change.figures[0]}, {change.who}, {quoted}: {change.later}"
    if change.subject == "claims":
        return f"{change.who} said, known {known}: {quoted} ({change.publisher})"
    return f"{change.who}, known {known}: {quoted} ({change.publisher})"
