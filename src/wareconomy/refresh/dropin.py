"""Documents handed in, and differences accepted: what a person adds where a machine is turned away or unsure."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

from wareconomy import catalog, release
from wareconomy.collect.archive import Archive
from wareconomy.collect.ask import Ask, Document
from wareconomy.collect.receipts import now
from wareconomy.errors import UnknownName, UsageError, WareconomyError
from wareconomy.refresh import outcome as states
from wareconomy.refresh import state
from wareconomy.refresh.outcome import Outcome, Result
from wareconomy.refresh.run import Build, _build, _pipeline
from wareconomy.refresh.take import Desk, matching, shown
from wareconomy.settings import Settings
from wareconomy.sources import reading
from wareconomy.sources.reading import Reader
from wareconomy.sources.registry import Registered, choose
from wareconomy.sources.registry import declared as declared_catalog

TABLE = "acknowledgements"
HANDED_IN = "handed-in"


@dataclass(frozen=True, slots=True)
class Added:
    """A document handed in: which ask it answers, its hash, its rows, and whether it was known already."""

    source: str
    ask: str
    document: str
    rows: int
    known: bool
    result: Result


def add(
    here: Settings,
    name: str,
    file: Path,
    url: str,
    retrieved_on: date,
    today: date,
    ask_name: str = "",
    build: Build | None = None,
) -> Added:
    """Hand a file to a source; it is judged, kept, receipted and read like one that was fetched, then built.

    `retrieved_on` is the day it was saved: its figures count as known from then. Raises a CollectError when the file
    is not the source's document, UsageError when it is not clear which one, Malformed when it cannot be read.
    """
    (item,) = choose([name])
    if retrieved_on > today:
        raise UsageError(f"--retrieved-on {retrieved_on} lies in the future")
    if not file.is_file():
        raise UsageError(f"there is no file {file}")
    source = item.load()
    with release.storage_errors(here.documents):
        archive = Archive(here)
        reader = Reader(here.readings, archive)
        try:
            with archive.locked():
                ask = _which(item, list(source.asks(retrieved_on, None)), file, url, ask_name)
                moment = datetime.combine(retrieved_on, time(), UTC).isoformat(timespec="milliseconds")
                if retrieved_on == today:
                    moment = now(today)
                taken = Desk(item, source, archive, reader, today).hand_in(ask, file, url, moment)
                if taken.fault:
                    raise WareconomyError(f"{taken.fault}. The document is kept, its rows are not used")
                known = taken.read is None
                rows = taken.read.rows if taken.read else 0
                made = Outcome(
                    name,
                    states.UNCHANGED if known else states.NEW,
                    asks=1,
                    documents=int(not known),
                    rows=rows,
                )
                result = _build(here, [made], today, build or _pipeline, lambda source, word: None)
        finally:
            reader.close()
            archive.close()
    result = replace(result, outcomes=state.judged(here, result.outcomes, [item], today), finished_at=now())
    return Added(name, ask.name, taken.receipt.sha256 or "", rows, known, result)


def _which(item: Registered, asks: Sequence[Ask], file: Path, url: str, ask_name: str) -> Ask:
    """The ask a file answers. One that a page or catalogue names has no ask yet; it is known by its rows."""
    if ask_name:
        named = [ask for ask in asks if ask.name == ask_name]
        return named[0] if named else Ask(ask_name, url or f"file:{file.name}")
    found = matching(asks, file, url)
    if len(found) == 1:
        return found[0]
    if not found:
        data = file.read_bytes()
        moment = datetime.now(UTC)
        made = reading.read(item, Document(HANDED_IN, data, "", url, moment))
        if made.rows and not made.error:
            return Ask(HANDED_IN + file.suffix.lower().replace(".", "-"), url or f"file:{file.name}")
        if len(asks) == 1:
            return asks[0]  # its own judgement says best what is wrong
    listed = ", ".join(ask.name for ask in (found or asks)[:12])
    problem = "could be several documents" if found else "is none of the documents"
    raise UsageError(f"{file.name} {problem} of {item.id}; say which with --ask NAME: {listed}")


def acknowledge(
    here: Settings,
    name: str,
    reason: str,
    today: date,
    document: str = "",
    build: Callable[..., Any] | None = None,
) -> list[dict[str, str]]:
    """Accept the differences that stopped a source, as rows of acknowledgements.csv, and build.

    `document` (the beginning of a hash) picks one of several. Raises UnknownName when nothing of that source waits.
    """
    if not reason.strip():
        raise UsageError("say why it is right: --reason")
    waiting = [
        entry
        for entry in state.facts(here).get("held", [])
        if entry["drift"] and entry["source"] == name and entry["document"].startswith(document)
    ]
    if not waiting:
        names = sorted({entry["source"] for entry in state.facts(here).get("held", []) if entry["drift"]})
        raise UnknownName("waiting source", name, names)
    rows = [row for entry in waiting for row in _rows(here, entry, reason.strip(), today)]
    _append(here.manual / f"{TABLE}.csv", rows)
    (build or _pipeline)(here, today, lambda word: None)
    return rows


def _rows(here: Settings, entry: Mapping[str, Any], reason: str, today: date) -> list[dict[str, str]]:
    archive = Archive(here)
    try:
        came = archive.receipts.came(entry["source"])
    finally:
        archive.close()
    receipt = next(item for item in came if item.sha256 == entry["document"] and item.ask == entry["ask"])
    (item,) = choose([entry["source"]])
    answers = declared_catalog().sources.get(item.record())
    shared = {
        "source": entry["source"],
        "ask": entry["ask"],
        "document": entry["document"],
        "reason": reason,
        "acknowledged_on": today.isoformat(),
        "publisher": answers.publisher if answers else entry["source"],
        "source_url": receipt.url if receipt.url.startswith("http") and " " not in receipt.url else "",
        "retrieved_on": entry["retrieved_on"],
        "confidence": "primary",
    }
    return [{**shared, "rule": found["rule"], "what": found["what"]} for found in entry["drift"]]


def _append(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Add rows to a hand-kept table, in one step."""
    columns = list(catalog.load().tables[TABLE].columns)
    text = path.read_text(encoding="utf-8") if path.exists() else ",".join(columns) + "\n"
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", lineterminator="\n")
    writer.writerows(rows)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text(text + ("" if text.endswith("\n") else "\n") + out.getvalue(), encoding="utf-8")
    os.replace(aside, path)


def asks_of(name: str, today: date) -> list[str]:
    """Names and addresses of the documents a source asks for."""
    (item,) = choose([name])
    return [f"{ask.name}  {shown(ask)}" for ask in item.load().asks(today, None)]
