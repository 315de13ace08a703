"""The commands and their arguments, each with an example, and nothing that costs time to import."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

from wareconomy.cli import parser_statements

EXIT_CODES = """exit codes:
  0 done   1 error   2 arguments   3 bad input file   4 no ledger or unknown name   5 ledger check failed
  6 disk   7 another build runs   8 optional library missing   9 figures that must not be added
  10 some sources failed, data is published   11 nothing was published   12 not a document   130 interrupted"""


class _Unasked(argparse.ArgumentParser):
    """Stands for a command that was not asked for, and takes its declarations for nothing."""

    def add_argument(self, *_: Any, **__: Any) -> argparse.Action:
        return argparse.Action([], "")

    def set_defaults(self, **_: Any) -> None:
        return


def make_parser(only: str | None = None) -> argparse.ArgumentParser:
    """The parser of `wareconomy`; `arguments.run` names the function that does the work.

    With the name of a command it knows that one alone, in a fifth of the time; any other word gets the whole parser.
    """
    parser = argparse.ArgumentParser(
        prog="wareconomy",
        description="The open ledger of the war economy: fiscal measures, laws, battlefield claims and what "
        "was measured.",
        epilog=EXIT_CODES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--version", action="store_true", help="print the version and exit")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands", prog=parser.prog)
    unasked = _Unasked(add_help=False) if only else None

    def command(name: str, run: str, text: str, example: str, *options: str) -> argparse.ArgumentParser:
        if unasked and name != only:
            return unasked
        made = commands.add_parser(
            name,
            help=text,
            description=f"{text[0].upper()}{text[1:]}.",
            epilog=f"example:\n  {example}\n\n{EXIT_CODES}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        made.set_defaults(run=run)
        if "as-of" in options:
            made.add_argument("--as-of", metavar="DATE", help="what was known on that day (YYYY-MM-DD)")
        if "json" in options:
            made.add_argument("--json", action="store_true", help="print JSON, for machines; errors too")
        if "quiet" in options:
            made.add_argument(
                "--quiet", "-q", action="store_true", help="print nothing unless something is wrong"
            )
        return made

    build = command(
        "build",
        "make:build",
        "build the ledger, charts, report and exports, if anything changed",
        "wareconomy build --as-of 2026-07-03",
        "as-of",
        "json",
        "quiet",
    )
    build.add_argument("--force", action="store_true", help="build even when nothing changed")

    check = command(
        "check",
        "make:check",
        "validate the hand-kept tables and report every bad cell at once",
        "wareconomy check nwf provisions",
        "json",
        "quiet",
    )
    check.add_argument("tables", nargs="*", metavar="TABLE", help="only these tables")
    check.add_argument(
        "--template", metavar="TABLE", help="print the template of a table: header, rules, an empty row"
    )

    status = command(
        "status",
        "read:status",
        "show what the ledger holds, how fresh each source is, and the last runs",
        "wareconomy status --json",
        "json",
        "quiet",
    )
    status.add_argument(
        "--check", action="store_true", help="exit with 10 when a source that is asked is stale or failing"
    )

    series = command(
        "series",
        "read:series",
        "list the series, or print one, or the sum of several",
        "wareconomy series ru.nwf.liquid --as-of 2026-02-10",
        "as-of",
        "json",
    )
    series.add_argument(
        "ids", nargs="*", metavar="ID", help="a series; several are added where that is allowed"
    )
    series.add_argument("--vintages", action="store_true", help="every print of every period")
    series.add_argument(
        "--search", metavar="WORDS", help="list only series whose id or title has these words"
    )

    query = command(
        "query",
        "read:query",
        "ask the ledger in SQL: one question, which reaches no other file",
        "wareconomy query \"SELECT * FROM observations_as_of(DATE '2026-02-10') WHERE series = "
        "'ru.budget.balance'\"",
        "json",
    )
    query.add_argument("sql", metavar="SQL", help="the query, or - to read it from standard input")

    chart = command(
        "chart",
        "make:chart",
        "draw one chart, or list them",
        "wareconomy chart sme-vat-threshold --as-of 2026-07-03 --out charts/",
        "as-of",
        "json",
    )
    chart.add_argument("id", nargs="?", metavar="ID", help="chart id; without it the list")
    chart.add_argument("--out", metavar="FOLDER", default=".", help="where to write it (default: here)")
    chart.add_argument("--format", action="append", choices=("svg", "png", "pdf"), help="only these formats")

    report = command(
        "report",
        "make:report",
        "say where the report is, building it first if anything changed",
        "wareconomy report --as-of 2026-07-03",
        "as-of",
        "json",
        "quiet",
    )
    report.add_argument("--force", action="store_true", help="build even when nothing changed")

    explain = command(
        "explain",
        "read:explain",
        "show where a figure comes from, down to the line of the file",
        "wareconomy explain ru.budget.balance@2025",
        "as-of",
        "json",
    )
    explain.add_argument(
        "figure", metavar="FIGURE", help="series@period, table:key, or an id printed in the report"
    )

    export = command(
        "export",
        "make:export",
        "write the ledger's data as CSV, Parquet, XLSX, JSON and a data package",
        "wareconomy export --out data-package/ --format csv",
        "as-of",
        "json",
        "quiet",
    )
    export.add_argument(
        "--out",
        metavar="FOLDER",
        help="where to write; without it, and without --as-of and --format: say where the current one is",
    )
    export.add_argument(
        "--format", action="append", choices=("csv", "parquet", "xlsx", "json"), help="only these formats"
    )

    diff = command(
        "diff",
        "read:diff",
        "say in sentences what changed between two days or two builds",
        "wareconomy diff 2026-07-03 2026-07-05",
        "json",
    )
    diff.add_argument("a", metavar="A", help="a day, a release id, `previous`, `latest`, or a DuckDB file")
    diff.add_argument(
        "b", metavar="B", help="the same, later; days and builds are not compared with one another"
    )

    territory = command(
        "territory",
        "territory:territory",
        "measure occupied area in map files, or print the stored figures",
        "wareconomy territory maps/ --between 2025-12-02 2026-01-02 --map december.png",
        "as-of",
        "json",
        "quiet",
    )
    territory.add_argument(
        "maps", nargs="*", metavar="MAPS", help="map files, folders or archives of yours; none: the ledger"
    )
    territory.add_argument(
        "--by",
        choices=("day", "month", "oblast", "largest", "places"),
        help="rows (default: month; with --between: oblast)",
    )
    territory.add_argument(
        "--between", nargs=2, metavar=("A", "B"), help="from the map of one day to the map of another"
    )
    territory.add_argument("--oblast", metavar="NAME", help="only this oblast: ISO 3166-2 code or name")
    territory.add_argument(
        "--mapper", metavar="NAME", help="whose maps: deepstate, deepstate_raw, isw, liveuamap, own"
    )
    territory.add_argument(
        "--share-of",
        choices=("oblast", "ukraine", "claimed"),
        help="what percentages divide by (official areas)",
    )
    territory.add_argument(
        "--boundaries", metavar="FILE", help="oblast shapes of yours (GeoJSON with ISO 3166-2 codes)"
    )
    territory.add_argument("--csv", metavar="FILE", help="write the table there as well")
    territory.add_argument("--chart", metavar="FILE", help="draw a chart of the table (.svg, .png, .pdf)")
    territory.add_argument(
        "--map", metavar="FILE", help="draw where the line moved (.svg, .png, .pdf; .gif, .mp4: in motion)"
    )
    territory.add_argument(
        "--accept-jumps", action="store_true", help="let maps in that jump by thousands of km2"
    )
    territory.add_argument("--no-store", action="store_true", help="keep nothing of what was computed")

    command(
        "sources",
        "read:sources",
        "list who measures, their terms and how to credit them",
        "wareconomy sources --json",
        "json",
    )

    _collecting(command)
    parser_statements.declare(command)
    completion = command(
        "completion", "read:completion", "print shell completion", 'eval "$(wareconomy completion bash)"'
    )
    completion.add_argument("shell", choices=("bash", "zsh", "tcsh"), help="which shell")
    return parser if unasked is None or only in commands.choices else make_parser()


def _collecting(command: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands around publishers' documents."""
    refresh = command(
        "refresh",
        "collect:refresh",
        "ask the publishers for what is new, and build if anything changed",
        "wareconomy refresh --quiet",
        "json",
        "quiet",
    )
    refresh.add_argument("sources", nargs="*", metavar="SOURCE", help="only these sources")
    refresh.add_argument("--dry-run", action="store_true", help="list what would be asked; ask nobody")
    refresh.add_argument("--since", metavar="DATE", help="ask for older documents too, from that day on")
    refresh.add_argument(
        "--from-archive", action="store_true", help="ask nobody; read the documents kept and build"
    )

    add = command(
        "add",
        "collect:add",
        "hand a document saved by hand to its source",
        "wareconomy add kiel tracker.xlsx --url https://example.org/tracker.xlsx --retrieved-on 2026-07-03",
        "json",
    )
    add.add_argument("source", metavar="SOURCE", help="whose document it is")
    add.add_argument("file", metavar="FILE", help="the file, as it was saved")
    add.add_argument("--url", metavar="URL", help="where it was found")
    add.add_argument("--retrieved-on", metavar="DATE", help="the day it was saved (default: today)")
    add.add_argument("--ask", metavar="NAME", help="which document of the source, when that is not clear")

    acknowledge = command(
        "acknowledge",
        "collect:acknowledge",
        "accept a difference that stopped a source, with the reason",
        'wareconomy acknowledge kiel --reason "release 31 dropped the column, see its notes"',
        "json",
    )
    acknowledge.add_argument("source", metavar="SOURCE", help="the source that stopped")
    acknowledge.add_argument("--reason", required=True, metavar="TEXT", help="why it is right")
    acknowledge.add_argument(
        "--document", metavar="HASH", help="only this document (the beginning of its hash)"
    )

    archive = command(
        "archive",
        "collect:archive",
        "prove, list or prune the documents kept",
        "wareconomy archive verify",
        "json",
        "quiet",
    )
    archive.add_argument("action", choices=("verify", "list", "prune"), help="what to do")
    archive.add_argument(
        "--keep-days",
        type=parser_statements.number(0, 36_500),
        default=90,
        metavar="N",
        help="prune nothing that came in the last N days (90)",
    )
    archive.add_argument("--dry-run", action="store_true", help="say what prune would remove; remove nothing")
