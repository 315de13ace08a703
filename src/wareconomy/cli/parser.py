"""The commands and their arguments, each with an example, and nothing that costs time to import."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

EXIT_CODES = """exit codes:
  0 done   1 error   2 arguments   3 bad input file   4 no ledger or unknown name   5 ledger check failed
  6 disk   7 another build runs   8 optional library missing   9 figures that must not be added
  10 some sources failed, data is published   11 nothing was published   12 not a document   130 interrupted"""

INBOX = ("read", "inbox", "accept", "reject")
"""Actions of `claims` that are about proposals, in cli.inbox."""


class _Route(argparse.Action):
    """The action's word, and which module does it."""

    def __call__(self, parser: Any, namespace: argparse.Namespace, values: Any, option: Any = None) -> None:
        setattr(namespace, self.dest, values)
        if values in INBOX:
            namespace.run = "inbox:inbox"


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
            made.add_argument("--json", action="store_true", help="print JSON, for machines")
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
        "run SQL over the ledger, read-only",
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
        "--out", metavar="FOLDER", help="where to write (default: say where the current one is)"
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
    diff.add_argument("b", metavar="B", help="the same, later")

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
    _claims(command)
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
        type=int,
        default=90,
        metavar="N",
        help="prune nothing that came in the last N days (90)",
    )
    archive.add_argument("--dry-run", action="store_true", help="say what prune would remove; remove nothing")


def _claims(command: Callable[..., argparse.ArgumentParser]) -> None:
    """The commands about statements and links."""
    claims = command(
        "claims",
        "claims:claims",
        "check statements against what was measured, and against one another",
        "wareconomy claims check C154",
        "as-of",
        "json",
    )
    claims.add_argument(
        "--maps",
        nargs="+",
        default=[],
        metavar="MAP",
        help="with counts: map files to follow the towns through",
    )
    claims.add_argument("--mapper", help="whose maps they are")
    actions = ("list", "check", "contradictions", "counts", "rule", *INBOX)
    claims.add_argument(
        "action", nargs="?", choices=actions, default="list", action=_Route, help="what to do (default: list)"
    )
    claims.add_argument(
        "id",
        nargs="*",
        metavar="ID",
        help="a statement (check), a proposal (accept, reject), FILE, URL or - (read)",
    )
    claims.add_argument("--url", metavar="URL", help="with read: where the file was found")
    claims.add_argument("--page-date", metavar="DATE", help="with read: the date the page shows")
    claims.add_argument(
        "--set", nargs="+", action="extend", metavar="FIELD=VALUE", help="with accept: cells you know better"
    )
    claims.add_argument("--why", metavar="TEXT", help="with reject: the reason")
    claims.add_argument("--review", action="store_true", help="with check: schema.org ClaimReview as JSON-LD")

    links = command(
        "links",
        "dates:links",
        "tell what lay around an act, or answer a registered question",
        "wareconomy links ru-228-fz-2026",
        "as-of",
        "json",
    )
    links.add_argument("what", metavar="ACT", help="an act or its row (L119); or the word test")
    links.add_argument(
        "question", nargs="?", metavar="QUESTION", help="with test: the question; without it the list"
    )

    study = command(
        "study",
        "dates:study",
        "ask a question of your own about dates; the answer is labelled exploratory",
        "wareconomy study --category sme_tax vat --topic buffer_zone --window 0 7",
        "as-of",
        "json",
    )
    study.add_argument("--stage", default="signed", help="stage of the acts (default: signed)")
    study.add_argument("--jurisdiction", nargs="+", metavar="CODE", help="acts of these: ru, ua, eu")
    study.add_argument("--category", nargs="+", metavar="CATEGORY", help="acts of these categories")
    study.add_argument("--topic", nargs="+", metavar="TOPIC", help="statements on these topics")
    study.add_argument("--side", nargs="+", metavar="SIDE", help="statements of these sides")
    study.add_argument("--speaker", nargs="+", metavar="NAME", help="statements of these speakers")
    study.add_argument(
        "--window",
        nargs=2,
        type=int,
        action="append",
        metavar=("LOW", "HIGH"),
        help="days after; up to four times",
    )
    study.add_argument(
        "--from", dest="start", default="2024-02-01", metavar="DATE", help="first day of the record"
    )
    study.add_argument(
        "--series",
        metavar="SERIES",
        help="a daily stock: event study; a monthly series: local projections; instead of coincidence",
    )
    study.add_argument(
        "--horizons",
        type=int,
        default=6,
        metavar="MONTHS",
        help="with a monthly series: at most 6 (default: 6)",
    )
