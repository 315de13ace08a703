"""From archived documents to the rows of the ledger: one pass over what came, in the order it became known.

A value that only repeats what was known adds no row, and a value that differs becomes a new vintage: the day the
document states (`published`), else the day of its receipt (`retrieved`). A document that surprises (checks.drift)
waits, with its rows, until somebody acknowledges it; one that cannot be read is set aside. Neither stops another.
"""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right, insort
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from wareconomy.catalog import Catalog
from wareconomy.checks import drift
from wareconomy.collect.archive import Archive
from wareconomy.collect.receipts import Receipt
from wareconomy.errors import WareconomyError
from wareconomy.ledger.observations import Collected, Held, Observation, Rejection, Tally
from wareconomy.ledger.readings import Came, observe
from wareconomy.settings import Settings
from wareconomy.sources import registry
from wareconomy.sources.manual import ManualTable
from wareconomy.sources.reading import Read, Reader, key_of
from wareconomy.sources.registry import Registered
from wareconomy.sources.source import Reading


def gather(
    archive: Archive,
    reader: Reader,
    sources: Iterable[Registered],
    catalog: Catalog,
    manual: Sequence[Observation],
    acknowledged: Mapping[tuple[str, str], set[str]],
    today: date,
    step: Callable[[int, int], None] = lambda done, all_: None,
) -> Collected:
    """All rows of all documents of these sources. `manual` are the hand-kept observations they stand beside."""
    made = Collected()
    work = [(item, receipt) for item in sources for receipt in _changes(archive.receipts.came(item.id))]
    reads = reader.many(work, step)
    by_ask: dict[tuple[str, str], list[tuple[Registered, Receipt]]] = defaultdict(list)
    for item, receipt in work:
        by_ask[item.id, receipt.ask].append((item, receipt))
    usable: list[Came] = []
    for (source, _), pairs in by_ask.items():
        tally = made.tallies.setdefault(source, Tally())
        usable.extend(_usable(pairs, reads, acknowledged, made, tally))
    usable.sort(key=lambda item: (item.receipt.retrieved_at, item.registered.id, item.receipt.ask))
    observe(usable, catalog, manual, today, made)
    _posts(usable, made)
    _candidates(usable, made)
    for came in usable:
        _papers(came, archive, made)
    return made


def _changes(receipts: Sequence[Receipt]) -> list[Receipt]:
    """Receipts of a source without those that brought what stood already (after drop-ins of older documents)."""
    last: dict[str, str | None] = {}
    kept = []
    for receipt in receipts:
        if last.get(receipt.ask) != receipt.sha256:
            kept.append(receipt)
        last[receipt.ask] = receipt.sha256
    return kept


def _usable(
    pairs: Sequence[tuple[Registered, Receipt]],
    reads: Mapping[Any, Read],
    acknowledged: Mapping[tuple[str, str], set[str]],
    made: Collected,
    tally: Tally,
) -> Iterable[Came]:
    """The documents of one ask, oldest first, without those that surprise or cannot be read."""
    before: Sequence[Reading] = ()
    for item, receipt in pairs:
        found = reads[key_of(item, receipt)]
        newest = receipt is pairs[-1][1]
        sha256 = receipt.sha256 or ""
        tally.documents += 1
        tally.rows += found.rows
        tally.newest = max(tally.newest, receipt.retrieved_at[:10])
        if found.error:
            tally.held += 1
            made.held.append(
                Held(item.id, receipt.ask, sha256, receipt.retrieved_at[:10], found.error, (), newest)
            )
            made.rejections.append(Rejection(item.id, 0, f"document {sha256[:12]}: {found.error}"))
            continue
        source = item.load()
        surprises = drift.compare(
            before,
            found.readings,
            receipt.time.date(),
            getattr(source, "settled_days", drift.SETTLED_DAYS),
            getattr(source, "any_series", False),
        )
        open_ones = drift.unacknowledged(surprises, acknowledged.get((item.id, sha256), ()))
        if open_ones:
            why = drift.message(item.id, receipt.ask, sha256, open_ones)
            tally.held += 1
            tally.set_aside += found.rows
            made.held.append(
                Held(item.id, receipt.ask, sha256, receipt.retrieved_at[:10], why, tuple(open_ones), newest)
            )
            made.rejections.append(Rejection(item.id, 0, why))
            continue
        if found.readings:
            before = found.readings
        yield Came(item, str(getattr(source, "record", item.id)), receipt, found)


def _posts(usable: Sequence[Came], made: Collected) -> None:
    """Every version of every post, and the day a later reading of the same stretch no longer had it."""
    rows: dict[tuple[str, int, str], list[Any]] = {}
    newest: dict[tuple[str, int], tuple[str, int, str]] = {}
    numbers: dict[str, list[int]] = defaultdict(list)
    for item in usable:
        seen = _utc(item.receipt.time)
        present: dict[str, set[int]] = defaultdict(set)
        for post in item.read.posts:
            present[post.channel].add(post.number)
            key = (post.channel, post.number, post.stable_hash)
            if key not in rows:
                rows[key] = [
                    post.channel, post.number, _utc(post.posted_at), post.text, post.edited, post.url,
                    post.stable_hash, seen, seen, None, item.registered.id, item.receipt.sha256, post.locator,
                ]  # fmt: skip
            rows[key][8], rows[key][9] = seen, None
            if (post.channel, post.number) not in newest:
                insort(numbers[post.channel], post.number)
            newest[post.channel, post.number] = key
        for channel, here in present.items():
            known = numbers[channel]
            for number in known[bisect_right(known, min(here)) : bisect_left(known, max(here))]:
                row = rows[newest[channel, number]]
                if number not in here and row[9] is None:
                    row[9] = seen
    made.posts = [tuple(rows[key]) for key in sorted(rows)]


def _utc(moment: datetime) -> str:
    """A moment as ISO text in UTC, without its zone (DuckDB's TIMESTAMP)."""
    return (moment.astimezone(UTC) if moment.tzinfo else moment).replace(tzinfo=None).isoformat()


def _candidates(usable: Sequence[Came], made: Collected) -> None:
    """Each proposed row once, as first seen."""
    seen: dict[tuple[str, str], tuple[Any, ...]] = {}
    for item in usable:
        for row in item.read.candidates:
            cells = json.dumps(dict(row.cells), ensure_ascii=False, sort_keys=True)
            seen.setdefault(
                (row.table, cells),
                (
                    row.table,
                    cells,
                    row.why,
                    item.receipt.retrieved_at[:10],
                    item.registered.id,
                    item.receipt.sha256,
                    row.locator,
                ),
            )
    made.candidates = [seen[key] for key in sorted(seen)]


def _papers(item: Came, archive: Archive, made: Collected) -> None:
    receipt, sha256 = item.receipt, item.receipt.sha256 or ""
    place = archive.place(sha256).relative_to(archive.folder.parent).as_posix()
    title = f"{item.registered.id}, {receipt.ask}"
    made.documents.append((sha256, place, title, receipt.size, item.read.rows))
    made.receipts.append(
        (
            item.registered.id, receipt.ask, sha256, receipt.url, receipt.final_url or receipt.url, _utc(receipt.time),
            receipt.via, receipt.status, receipt.media_type, receipt.etag, receipt.last_modified, receipt.size,
        )
    )  # fmt: skip


def present(here: Settings) -> bool:
    """Whether any document ever came."""
    return (here.documents / "receipts.jsonl").is_file()


def inputs(here: Settings) -> list[str]:
    """What a build depends on beside the hand-kept files: documents in order, and the code that reads them."""
    if not present(here):
        return []
    archive = Archive(here)
    try:
        known = registry.registered()
        used = [name for name in archive.receipts.sources() if name in known]
        return [archive.receipts.chain(), *(f"{name} {known[name].digest()}" for name in used)]
    finally:
        archive.close()


def from_archive(
    here: Settings,
    catalog: Catalog,
    tables: Mapping[str, ManualTable],
    manual: Sequence[Observation],
    today: date,
    step: Callable[[int, int], None] = lambda done, all_: None,
) -> Collected:
    """All rows of the archive of a data directory. A source that cannot be loaded is set aside, with its reason."""
    archive = Archive(here)
    reader = Reader(here.readings, archive)
    broken: list[Rejection] = []
    try:
        sources = []
        for name in archive.receipts.sources():
            item = registry.registered().get(name)
            try:
                if item is None:
                    raise WareconomyError(
                        f"no source named {name} is installed; its documents wait in the archive"
                    )
                item.load()
                sources.append(item)
            except WareconomyError as error:
                broken.append(Rejection(name, 0, str(error)))
        made = gather(archive, reader, sources, catalog, manual, _acknowledged(tables), today, step)
    finally:
        reader.close()
        archive.close()
    made.rejections.extend(broken)
    return made


def _acknowledged(tables: Mapping[str, ManualTable]) -> dict[tuple[str, str], set[str]]:
    table = tables.get("acknowledgements")
    if table is None or not table.printed:
        return {}
    rows = zip(*(table.printed[name] for name in ("source", "document", "rule")), strict=True)
    return drift.accepted({"source": source, "document": sha, "rule": rule} for source, sha, rule in rows)
