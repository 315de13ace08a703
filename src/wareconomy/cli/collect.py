"""Commands around documents: refresh, add, acknowledge, archive."""

from __future__ import annotations

import json
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy import settings
from wareconomy.cli import output

if TYPE_CHECKING:
    from wareconomy.collect.archive import Archive, Verified
    from wareconomy.refresh.outcome import Outcome, Result

SHOWN_CHANGES = 20


def refresh(arguments: Namespace) -> int:
    """Ask the publishers, build if anything changed, say what became of each."""
    from wareconomy.errors import MissingExtra
    from wareconomy.ledger.query import parse_day
    from wareconomy.refresh import notify
    from wareconomy.refresh import outcome as states
    from wareconomy.refresh.run import refresh as run

    here, today = settings.find(), date.today()
    since = parse_day(arguments.since) if arguments.since else None
    before = states.recall(here).outcomes
    with _progress(arguments) as tell:
        result = run(here, arguments.sources, today, since, arguments.dry_run, arguments.from_archive, tell)
    if arguments.dry_run:
        return _show(result, arguments)
    states.remember(here, result)
    _show(result, arguments)
    try:
        if notify.send(notify.news(before, result)) is False:
            print("wareconomy: a notification did not go out", file=sys.stderr)
    except MissingExtra as error:
        print(f"wareconomy: {error}", file=sys.stderr)
    return result.exit_code


def _show(result: Result, arguments: Namespace) -> int:
    if arguments.json:
        for item in result.outcomes:
            print(json.dumps(output.plain(asdict(item)), ensure_ascii=False))
        whole = {key: value for key, value in result.as_dict().items() if key != "outcomes"}
        print(json.dumps({"run": output.plain(whole)}, ensure_ascii=False))
        return 0
    if arguments.quiet and not any(item.bad for item in result.outcomes) and result.build != "failed":
        return 0
    columns = ("source", "state", "asks", "documents", "rows", "seconds", "message")
    rows = [_row(item) for item in result.outcomes if not arguments.quiet or item.bad]
    output.emit_table(columns, rows, "Sources")
    words = {
        "published": f"published release {result.release}",
        "unchanged": "nothing changed; nothing was built",
        "failed": f"nothing was published: {result.message}",
        "skipped": "nobody was asked",
    }
    print(words[result.build] + (f", in {result.seconds:.1f} s" if result.seconds else ""), file=sys.stderr)
    for sentence in result.changes[:SHOWN_CHANGES]:
        print("  " + output.clean(sentence), file=sys.stderr)
    if len(result.changes) > SHOWN_CHANGES:
        print(
            f"  and {len(result.changes) - SHOWN_CHANGES} more: wareconomy diff previous latest",
            file=sys.stderr,
        )
    return 0


def _row(item: Outcome) -> tuple[Any, ...]:
    return item.source, item.state, item.asks, item.documents, item.rows, item.seconds, item.message


@contextmanager
def _progress(arguments: Namespace) -> Iterator[Any]:
    """A bar over the sources at a terminal; silence elsewhere."""
    if arguments.quiet or arguments.json or not sys.stderr.isatty():
        yield lambda source, word: None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        SpinnerColumn,
        TextColumn,
        TimeElapsedColumn,
    )

    from wareconomy.sources.registry import choose

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("asking", total=len(choose(arguments.sources)))

        def tell(source: str, word: str) -> None:
            building = source == "build"
            bar.update(
                task, description=word if building else f"{source}: {word}", advance=0 if building else 1
            )

        yield tell


def add(arguments: Namespace) -> int:
    """Hand a saved document to its source."""
    from wareconomy.ledger.query import parse_day
    from wareconomy.refresh.dropin import add as hand_in

    today = date.today()
    day = parse_day(arguments.retrieved_on) if arguments.retrieved_on else today
    made = hand_in(
        settings.find(),
        arguments.source,
        Path(arguments.file),
        arguments.url or "",
        day,
        today,
        arguments.ask or "",
    )
    if arguments.json:
        output.emit_json({**asdict(made), "result": made.result.as_dict()})
    else:
        what = "was known already" if made.known else f"is kept, with {made.rows:,} rows"
        print(f"{made.source}, {made.ask}: document {made.document[:12]} {what}")
        for item in made.result.outcomes:
            if item.bad:
                print(f"wareconomy: {item.state}: {item.message}", file=sys.stderr)
        for sentence in made.result.changes[:SHOWN_CHANGES]:
            print("  " + output.clean(sentence))
    return made.result.exit_code


def acknowledge(arguments: Namespace) -> int:
    """Record that a difference that stopped a source is right, and why."""
    from wareconomy.refresh import dropin

    rows = dropin.acknowledge(
        settings.find(), arguments.source, arguments.reason, date.today(), arguments.document or ""
    )
    if arguments.json:
        output.emit_json(rows)
    else:
        for row in rows:
            print(f"acknowledged: {row['rule']}: {row['what']}")
    return 0


def archive(arguments: Namespace) -> int:
    """Prove, list or prune the documents kept."""
    from wareconomy.collect.archive import Archive

    kept = Archive(settings.find())
    try:
        return {"verify": _verify, "prune": _prune, "list": _list}[arguments.action](kept, arguments)
    finally:
        kept.close()


def _verify(kept: Archive, arguments: Namespace) -> int:
    """Both archives, the publishers' documents and the articles, each named by its folder."""
    from wareconomy.refresh.articles import Articles

    here = settings.find()
    read = Articles(here)
    try:
        found = {item.folder.relative_to(here.root).as_posix(): item.verify() for item in (kept, read)}
    finally:
        read.close()
    sound = all(item.sound for item in found.values())
    if arguments.json:
        output.emit_json(
            [{"archive": name, **asdict(item), "sound": item.sound} for name, item in found.items()]
        )
    elif not (arguments.quiet and sound):
        for name, item in found.items():
            _say(name, item)
    return 0 if sound else 1


def _say(name: str, found: Verified) -> None:
    """What a check of one archive found, in a line, and a line for each thing that does not hold."""
    print(
        f"{name}: {found.documents:,} documents, {found.receipts:,} receipts: "
        f"{'all sound' if found.sound else 'NOT sound'}"
    )
    for word, names in (
        ("missing", found.missing),
        ("damaged", found.damaged),
        ("without a receipt", found.unreceipted),
    ):
        for sha256 in names:
            print(f"  {word}: {sha256}")
    for line in found.bad_lines:
        print(f"  receipts.jsonl:{line}: not a receipt")


def _prune(kept: Archive, arguments: Namespace) -> int:
    from datetime import timedelta

    from wareconomy.refresh.citing import cited

    before = (date.today() - timedelta(days=arguments.keep_days)).isoformat()
    with kept.locked():
        gone = kept.prune(cited(settings.find()), before, arguments.dry_run)
    if arguments.json:
        output.emit_json(gone)
    elif not arguments.quiet:
        print(f"{len(gone):,} documents {'would go' if arguments.dry_run else 'removed'}")
    return 0


def _list(kept: Archive, arguments: Namespace) -> int:
    columns = ("source", "ask", "retrieved_at", "size", "via", "sha256", "url")
    rows = [[getattr(item, name) for name in columns] for item in kept.receipts.came()]
    output.emit_table(columns, rows, "Documents", arguments.json)
    return 0
