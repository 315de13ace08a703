"""Commands that read: status, series, query, explain, diff, sources, completion."""

from __future__ import annotations

import sys
from argparse import Namespace
from contextlib import ExitStack
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from wareconomy import settings
from wareconomy.cli import output
from wareconomy.errors import LedgerError, UsageError
from wareconomy.ledger import query as ledger
from wareconomy.model import label

STALE_SQL = """
SELECT s.source, s.title,
    max(o.period_end) FILTER (o.value IS NOT NULL AND o.status <> 'E' AND (NOT e.ahead OR e.frequency = 'day')) AS data_to,
    max(o.vintage) FILTER (NOT e.ahead) AS last_known, count(o.observation) AS figures, s.stale_after_days, s.calendar
FROM sources s LEFT JOIN observations o USING (source) LEFT JOIN series e ON e.series = o.series
GROUP BY ALL ORDER BY s.source
"""


def status(arguments: Namespace) -> int:
    """What the ledger holds, how fresh each source is, failed checks, and the last runs."""
    from wareconomy.pipeline import last_runs

    here = settings.find()
    today = date.today()
    with ledger.connect(here.database) as con:
        facts = ledger.meta(con)
        counts = ledger.records(
            con,
            "SELECT (SELECT count(*) FROM observations) AS observations, (SELECT count(*) FROM derived) AS derived, "
            "(SELECT count(*) FROM rejections) AS set_aside, (SELECT count(*) FROM checks) AS checks, "
            "(SELECT count(*) FROM checks WHERE NOT passed) AS checks_failed, "
            "(SELECT count(*) FROM disagreements) AS disagreements, "
            "(SELECT count(*) FROM observations WHERE basis = 'assumed') AS assumed",
        )[0]
        sources = [
            {**row, "state": _state(row, today)} for row in ledger.records(con, STALE_SQL) if row["figures"]
        ]
    runs = last_runs(here, 5)
    asked, code = _asked(here, today, arguments.check)
    if arguments.json:
        output.emit_json(
            {"ledger": facts, "counts": counts, "sources": sources, "asked": asked, "runs": runs}
        )
        return code
    if arguments.quiet:
        return code
    print(f"ledger {here.database}, as known on {facts['as_of']}, inputs {facts['input_digest'][:12]}")
    print(
        f"{counts['observations']:,} figures ({counts['assumed']:,} with an assumed day), {counts['derived']:,} derived, "
        f"{counts['set_aside']:,} rows set aside, {counts['checks_failed']} of {counts['checks']:,} checks not met, "
        f"{counts['disagreements']} disagreements kept"
    )
    columns = ("source", "figures", "data_to", "last_known", "state")
    output.emit_table(columns, [[row[name] for name in columns] for row in sources], "Sources")
    if asked:
        output.emit_table(list(asked[0]), [list(row.values()) for row in asked], "Sources that are asked")
    if runs:
        columns = ("started", "command", "outcome", "seconds", "message")
        output.emit_table(columns, [[run.get(name) for name in columns] for run in runs], "Last runs")
    return code


def _asked(here: settings.Settings, today: date, check: bool) -> tuple[list[dict[str, Any]], int]:
    """Where each source stands that this program asks, and the exit code `--check` gives."""
    from wareconomy.refresh import outcome, state

    found = [asdict(item) for item in state.standings(here, today)]
    bad = [row for row in found if row["state"] in outcome.BAD or str(row["state"]).startswith("stale")]
    return found, outcome.SOME_FAILED if check and bad else 0


def _state(row: dict[str, Any], today: date) -> str:
    if row["data_to"] is None or row["stale_after_days"] is None:
        return "no limit set"
    due = row["data_to"] + timedelta(days=row["stale_after_days"])
    return "fresh" if today <= due else f"stale since {due.isoformat()}"


def series(arguments: Namespace) -> int:
    """List the series, print one, or add several where that is allowed."""
    here = settings.find()
    if len(arguments.ids) > 1:
        import wareconomy

        with wareconomy.open(here.database) as book:
            frame = book.total(arguments.ids, ledger.day_asked(arguments.as_of, date.today()))
            sums = list(zip(frame["period"], frame["value"], strict=True))
            output.emit_table(
                ("period", "value"), sums, f"{frame.attrs['series']} ({frame.attrs['unit']})", arguments.json
            )
        return 0
    with ledger.connect(here.database) as con:
        day = ledger.as_of_day(con, ledger.day_asked(arguments.as_of, date.today()))
        if not arguments.ids:
            return _list_series(con, day, arguments)
        name = arguments.ids[0]
        rows: list[tuple[Any, ...]]
        about = ledger.describe(con, name)
        if arguments.vintages and about["formula"]:
            raise UsageError(
                f"{name} is computed here and has no prints; ask for those of its inputs: {about['formula']}"
            )
        if arguments.vintages:
            columns = ["period", "value", "status", "vintage", "basis", "source", "observation"]
            sql = (
                "SELECT period_start, period_end, value, status, vintage, basis, source, observation FROM observations "
                "WHERE series = $name AND vintage <= $day ORDER BY period_start, period_end, vintage, observation"
            )
            found = con.execute(sql, {"name": name, "day": day}).fetchall()
            rows = [(label(row[0], row[1]), *row[2:]) for row in found]
        else:
            columns = ["period", "value", "status", "vintage", "basis", "source"]
            rows = [
                (str(f.period), f.value, f.status, f.vintage, f.basis, f.source)
                for f in ledger.figures(con, name, day)
            ]
    if arguments.json:
        keys = ("series", "title", "unit", "frequency", "kind", "area", "definition", "formula")
        records = [dict(zip(columns, row, strict=True)) for row in rows]
        sources = [
            {k: s[k] for k in ("source", "title", "publisher", "licence", "url")} for s in about["sources"]
        ]
        output.emit_json(
            {**{key: about[key] for key in keys}, "as_of": day, "sources": sources, "figures": records}
        )
    else:
        output.emit_table(columns, rows, f"{about['title']}, {about['unit']}, as known on {day}")
    return 0


def _list_series(con: Any, day: date, arguments: Namespace) -> int:
    words = (arguments.search or "").lower().split()
    sql = (
        "SELECT s.series, s.title, s.unit, s.frequency, coalesce(n.figures, 0) AS figures, n.newest "
        "FROM series s LEFT JOIN ("
        "SELECT series, count(*) AS figures, max(period_end) AS newest FROM observations WHERE vintage <= $day GROUP BY 1 "
        "UNION ALL SELECT series, count(*), max(period_end) FROM derived WHERE vintage <= $day GROUP BY 1) n USING (series) "
        "ORDER BY series"
    )
    rows = [
        row
        for row in con.execute(sql, {"day": day}).fetchall()
        if all(word in f"{row[0]} {row[1]}".lower() for word in words)
    ]
    output.emit_table(
        ("series", "title", "unit", "frequency", "figures", "newest"), rows, "Series", arguments.json
    )
    return 0


def query(arguments: Namespace) -> int:
    """Run SQL, read-only."""
    try:
        sql = sys.stdin.read() if arguments.sql == "-" else arguments.sql
    except UnicodeDecodeError:
        raise UsageError("the query on standard input is not text in UTF-8") from None
    with ledger.connect(settings.find().database) as con:
        ledger.shut_in(con)
        ledger.refuse_writing(con, sql)
        columns, rows = ledger.table(con, sql)
    output.emit_table(columns, rows, as_json=arguments.json)
    return 0


def explain(arguments: Namespace) -> int:
    """Walk from a figure to the lines it came from."""
    from wareconomy.publish import explain as explaining

    here = settings.find()
    day = ledger.day_asked(arguments.as_of, date.today())
    database, entries = here.database, {}
    if arguments.figure.strip().startswith(explaining.OF_REPORT):
        database, report = _report_of(here, day)
        entries = explaining.register(report)
    with ledger.connect(database) as con:
        answer = explaining.explain(con, arguments.figure, day, entries)
    if arguments.json:
        output.emit_json(answer.as_dict())
    else:
        print("\n".join(output.clean(line) for line in answer.as_text().splitlines()))
    return 0


def _report_of(here: settings.Settings, day: date | None) -> tuple[Path, Path]:
    """The ledger and the report of a day: a count or a calculation is that of its own report, never of another one."""
    from wareconomy import release

    current = release.current(here)
    found = release.current(here, day) if day else current
    if found is None and current and day and current.facts.get("as_of") == day.isoformat():
        found = current
    if found is None:
        asked = f" --as-of {day}" if day else ""
        raise LedgerError(
            f"there is no report{f' as of {day}' if day else ''} on disk. Make it with: wareconomy build{asked}"
        )
    return found.database, found.report


def diff(arguments: Namespace) -> int:
    """What changed between two days (of one ledger) or two builds, in sentences."""
    from wareconomy.ledger import changes

    here = settings.find()
    first, second = _side(arguments.a, here), _side(arguments.b, here)
    if isinstance(first, date) != isinstance(second, date):
        raise UsageError("compare two days, or two builds, not one of each")
    with ExitStack() as stack:
        if isinstance(first, date) and isinstance(second, date):
            con = stack.enter_context(ledger.connect(here.database))
            found = changes.between(con, first, second)
        else:
            assert isinstance(first, Path)
            assert isinstance(second, Path)
            cons = [stack.enter_context(ledger.connect(path)) for path in (first, second)]
            found = changes.builds(*cons)
    if arguments.json:
        output.emit_json([{**change.as_dict(), "sentence": change.sentence()} for change in found])
    else:
        print("\n".join(output.clean(change.sentence()) for change in found) or "nothing changed")
    return 0


def _side(text: str, here: settings.Settings) -> date | Path:
    """A day, or the ledger of a release: `latest`, `previous`, a release id (or its beginning), or a DuckDB file."""
    from wareconomy import release

    if text == "latest":
        return here.database
    history = release.history(here)
    current = release.current(here)
    if text == "previous":
        older = [item for item in history if current is None or item.folder != current.folder]
        if not older:
            raise LedgerError("there is no previous build on disk; compare two days instead")
        return older[0].database
    for item in history:
        if len(text) >= 6 and item.folder.name.startswith(text):
            return item.database
    if text.endswith(".duckdb"):
        return Path(text)
    if ledger.DAY.fullmatch(text) and (day := ledger.day_asked(text, date.today())):
        return day
    raise UsageError(
        f"{text!r} is neither a day (YYYY-MM-DD) nor a build: `latest`, `previous`, the id of a release on disk "
        "(at least six characters of it), or a file that ends in .duckdb"
    )


def sources(arguments: Namespace) -> int:
    """Who measures, on what terms."""
    with ledger.connect(settings.find().database) as con:
        columns, rows = ledger.table(
            con,
            "SELECT source, title, publisher, licence, terms, calendar, url, party, includes_claims "
            "FROM sources ORDER BY source",
        )
    output.emit_table(columns, rows, "Sources", arguments.json)
    return 0


def completion(arguments: Namespace) -> int:
    """Shell completion, generated from the parser."""
    import shtab

    from wareconomy.cli.parser import make_parser

    print(shtab.complete(make_parser(), arguments.shell))
    return 0
