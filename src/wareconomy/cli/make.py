"""Commands that write: build, check, chart, report, export."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from pathlib import Path

from wareconomy import settings
from wareconomy.cli import output
from wareconomy.errors import UnknownName, UsageError


def build(arguments: Namespace) -> int:
    """Build and publish; say where everything is."""
    return _publish(arguments, "built")


def report(arguments: Namespace) -> int:
    """The same, in the words of somebody who wants the report."""
    return _publish(arguments, "report")


def _publish(arguments: Namespace, _: str) -> int:
    from wareconomy import pipeline, release
    from wareconomy.ledger.query import day_asked

    here = settings.find()
    day = day_asked(arguments.as_of, date.today())
    with output.progress(arguments.quiet) as step:
        outcome = pipeline.build(here, date.today(), day, arguments.force, step)
    made = outcome.release
    shelf = here.reports / (f"as-of-{day}" if day else "latest")
    places = {
        "report": shelf / "report.html",
        "pdf": shelf / "report.pdf",
        "markdown": shelf / "report.md",
        "charts": shelf / "charts",
        "exports": here.pointer(release.edition(day)) / "exports",
        "ledger": made.database if day else here.database,
    }
    if not places["pdf"].exists():  # made only where its library is installed
        del places["pdf"]
    if arguments.json:
        output.emit_json(
            {
                "unchanged": outcome.unchanged,
                "seconds": round(outcome.seconds, 2),
                "as_of": made.facts["as_of"],
                "digest": made.facts["digest"],
                "observations": made.facts["observations"],
                **{name: str(path) for name, path in places.items()},
            }
        )
    elif not arguments.quiet:
        state = (
            f"built in {outcome.seconds:.1f} s"
            if outcome.built
            else "nothing changed"
            if outcome.unchanged
            else "published again what was built from the same files"
        )
        print(f"{state}: {made.facts['observations']:,} figures, as known on {made.facts['as_of']}")
        for name, path in places.items():
            print(f"  {name:<9}{path}")
    return 0


def check(arguments: Namespace) -> int:
    """Validate hand-kept tables, or print a template."""
    from wareconomy import catalog, pipeline

    declared = catalog.load()
    for name in [*arguments.tables, *([arguments.template] if arguments.template else [])]:
        if name not in declared.tables:
            raise UnknownName("table", name, declared.tables)
    if arguments.template:
        from wareconomy.checks.templates import template

        print(template(declared.tables[arguments.template]))
        return 0
    counts = pipeline.check(settings.find(), date.today(), arguments.tables)
    if arguments.json:
        output.emit_json({"rows": counts, "findings": []})
    elif not arguments.quiet:
        print(f"{len(counts)} tables, {sum(counts.values()):,} rows: all well")
    return 0


def chart(arguments: Namespace) -> int:
    """Draw one chart into a folder, with its data."""
    from wareconomy import release
    from wareconomy.ledger import query

    here = settings.find()
    day = query.day_asked(arguments.as_of, date.today())
    with query.connect(here.database) as con:
        from wareconomy.publish import charts

        when = query.as_of_day(con, day)
        if arguments.id and arguments.id not in charts.BUILDERS:
            raise UnknownName("chart", arguments.id, charts.BUILDERS)
        if not arguments.id:
            made = charts.build(con, when)
            output.emit_table(
                ("id", "title"), [(item.id, item.title) for item in made], "Charts", arguments.json
            )
            return 0
        found = charts.build(con, when, only=(arguments.id,))
    if not found:
        raise UnknownName("chart", f"{arguments.id} (nothing of it was known on {when})", [])
    from wareconomy.publish import theme

    folder = Path(arguments.out)
    with release.storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        formats = tuple(arguments.format or ("svg", "png", "pdf"))
        paths = theme.save(charts.draw(found[0]), found[0], folder, formats)
    if arguments.json:
        output.emit_json({"id": found[0].id, "title": found[0].title, "files": [str(path) for path in paths]})
    else:
        print("\n".join(map(str, paths)))
    return 0


def export(arguments: Namespace) -> int:
    """Write the data package to a folder; with no argument at all, say where the current one is."""
    from wareconomy import release
    from wareconomy.errors import LedgerError
    from wareconomy.ledger import query

    here = settings.find()
    day = query.day_asked(arguments.as_of, date.today())
    if not arguments.out and not arguments.format and not day:
        current = release.current(here)
        if current is None:
            raise LedgerError("no release yet. Make one with: wareconomy build")
        paths = sorted(path for path in (here.pointer() / "exports").iterdir())
    elif not arguments.out:
        raise UsageError("say where to write it: --out FOLDER")
    else:
        from wareconomy.publish import export as exporting

        folder = Path(arguments.out)
        with query.connect(here.database) as con, release.storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            digest = query.meta(con)["input_digest"]
            when = query.as_of_day(con, day)
            paths = exporting.export(
                con, folder, when, digest, tuple(arguments.format) if arguments.format else None
            )
    if arguments.json:
        output.emit_json([str(path) for path in paths])
    elif not arguments.quiet:
        print("\n".join(map(str, paths)))
    return 0
