"""One refresh: every source asked, one outcome each, then a build if anything changed.

Sources run beside each other, requests to one host after each other. What one source does never stops another. The
lock is the archive's; the system frees it when a process dies, and what a killed run had kept the next one builds.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, as_completed
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from wareconomy import release
from wareconomy.collect import policy
from wareconomy.collect.archive import Archive
from wareconomy.collect.ask import Ask
from wareconomy.collect.receipts import DOCUMENT, NOTHING, now
from wareconomy.errors import Blocked, CollectError, UsageError, WareconomyError, shorten
from wareconomy.refresh import outcome as states
from wareconomy.refresh import state
from wareconomy.refresh.outcome import Outcome, Result
from wareconomy.refresh.take import Desk, Taken, shown
from wareconomy.settings import Settings
from wareconomy.sources.reading import Reader
from wareconomy.sources.registry import Registered, choose
from wareconomy.sources.source import Source

if TYPE_CHECKING:
    from wareconomy.collect.client import Client

WORKERS = 8
MOST_ASKS = 500
"""Asks of one source in one run, further ones named by documents included."""
PATIENCE = 3
"""Failures in a row after which a source is not asked further in this run."""

Build = Callable[[Settings, date, Callable[[str], None]], Any]
Told = Callable[[str, str], None]


def refresh(
    here: Settings,
    names: Iterable[str],
    today: date,
    since: date | None = None,
    dry_run: bool = False,
    from_archive: bool = False,
    tell: Told = lambda source, word: None,
    build: Build | None = None,
    client: Client | None = None,
) -> Result:
    """Ask these sources (all when none is named) and build.

    `since` asks for older documents too. `dry_run` only lists what would be asked; `from_archive` asks nobody and
    builds from what is kept. Raises Locked while another run goes on, UnknownName for a source that does not exist.
    """
    started = time.monotonic()
    chosen = choose(names)
    if dry_run and from_archive:
        raise UsageError("--dry-run asks nobody, and --from-archive neither; use one of them")
    if dry_run:
        return Result(tuple(_planned(item, today, since) for item in chosen), "skipped", finished_at=now())
    with release.storage_errors(here.documents):
        archive = Archive(here)
        reader = Reader(here.readings, archive)
        try:
            with archive.locked():
                if from_archive:
                    outcomes = [Outcome(item.id, states.UNCHANGED, "not asked") for item in chosen]
                else:
                    outcomes = _ask_all(here, chosen, archive, reader, client, today, since, tell)
                result = _build(here, outcomes, today, build or _pipeline, tell)
        finally:
            reader.close()
            archive.close()
    result = replace(
        result,
        outcomes=state.judged(here, result.outcomes, chosen, today),
        seconds=round(time.monotonic() - started, 2),
        finished_at=now(),
    )
    return result


def _planned(item: Registered, today: date, since: date | None) -> Outcome:
    try:
        asks = list(item.load().asks(today, since))
    except Exception as error:
        return Outcome(item.id, states.FAILED, f"its list of asks failed: {shorten(str(error), 200)}")
    return Outcome(
        item.id, states.PLANNED, "; ".join(f"{ask.method} {shown(ask)}" for ask in asks), len(asks)
    )


def _ask_all(
    here: Settings,
    chosen: Sequence[Registered],
    archive: Archive,
    reader: Reader,
    client: Client | None,
    today: date,
    since: date | None,
    tell: Told,
) -> list[Outcome]:
    from wareconomy.collect.client import Client

    caller = client or Client(policy.load(here.root))
    made: dict[str, Outcome] = {}
    with ThreadPoolExecutor(min(WORKERS, max(1, len(chosen))), thread_name_prefix="source") as pool:
        waiting: dict[Future[Outcome], Registered] = {
            pool.submit(_ask_one, item, archive, reader, caller, today, since): item for item in chosen
        }
        try:
            for future in as_completed(waiting):
                item = waiting[future]
                made[item.id] = future.result()
                tell(item.id, made[item.id].state)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    caller.close()
    return [made[item.id] for item in chosen]


def _ask_one(
    item: Registered, archive: Archive, reader: Reader, client: Client, today: date, since: date | None
) -> Outcome:
    """Everything one source is asked. Never raises for what the source or its publisher does."""
    started = time.monotonic()
    try:
        source = item.load()
        run = _Run(Desk(item, source, archive, reader, today), client)
        run.all(list(source.asks(today, since or _missed(item.id, source, archive, today))))
        made = run.outcome()
    except WareconomyError as error:
        made = Outcome(item.id, states.FAILED, _line(error))
    except Exception as error:
        made = Outcome(item.id, states.FAILED, f"{type(error).__name__}: {_line(error)}")
    return replace(made, seconds=round(time.monotonic() - started, 2), checked_at=now())


def _missed(name: str, source: Source, archive: Archive, today: date) -> date | None:
    """The day of the last check that went well, when an ordinary refresh does not look back to it."""
    reach: timedelta | None = getattr(source, "reach", None)
    last = archive.receipts.last_good(name) if reach else None
    if last is None or reach is None:
        return None
    then = datetime.fromisoformat(last)
    return then.date() if datetime.fromisoformat(now(today)) - then > reach else None


class _Run:
    """The asks of one source in one run."""

    def __init__(self, desk: Desk, client: Client) -> None:
        self.desk = desk
        self.client = client
        self.words: list[str] = []
        self.faults: list[str] = []
        self.taken: list[Taken] = []
        self.asked = 0

    def all(self, asks: Sequence[Ask]) -> None:
        """Ask for each, and for what the documents name, until it makes no sense any more."""
        waiting, seen, failed = deque(asks), set[str](), 0
        while waiting and failed < PATIENCE:
            ask = waiting.popleft()
            if ask.name in seen:
                continue
            if len(seen) >= MOST_ASKS:
                self._fault(states.FAILED, f"more than {MOST_ASKS} asks in one run")
                return
            seen.add(ask.name)
            try:
                taken = self.desk.kept(ask)
                if taken is None:
                    self.asked += 1
                    taken = self.desk.fetch(self.client, ask)
            except CollectError as error:
                failed += 1
                self._fault(error.outcome, f"{ask.name}: {type(error).__name__}: {_line(error)}")
                if isinstance(error, Blocked):
                    return  # a wall is not asked again at once
                continue
            failed = 0
            self._take(taken)
            waiting.extend(taken.follows)

    def _take(self, taken: Taken) -> None:
        self.taken.append(taken)
        if taken.fault:
            self._fault(states.MALFORMED, taken.fault)
        elif taken.receipt.outcome == DOCUMENT:
            self.words.append(states.NEW)
        else:
            self.words.append(states.NOTHING if taken.receipt.outcome == NOTHING else states.UNCHANGED)

    def _fault(self, word: str, text: str) -> None:
        self.words.append(word)
        self.faults.append(self.client.secrets.clean(text))

    def outcome(self) -> Outcome:
        """The whole in one word and one line."""
        fresh = [taken for taken in self.taken if taken.receipt.outcome == DOCUMENT]
        more = f" (and {len(self.faults) - 1} more)" if len(self.faults) > 1 else ""
        candidates = [
            f"{row.table}: {row.why}: " + ", ".join(str(cell) for cell in list(row.cells.values())[:3])
            for taken in fresh
            if taken.read
            for row in taken.read.candidates
        ]
        return Outcome(
            self.desk.registered.id,
            states.worst(self.words) if self.words else states.NOTHING,
            self.faults[0] + more if self.faults else "",
            asks=self.asked,
            documents=len(fresh),
            rows=sum(taken.read.rows for taken in fresh if taken.read),
            candidates=tuple(candidates[:20]),
        )


def _line(error: BaseException) -> str:
    return shorten((str(error) or type(error).__name__).splitlines()[0], 400)


def _pipeline(here: Settings, today: date, progress: Callable[[str], None]) -> Any:
    from wareconomy import pipeline

    return pipeline.build(here, today, progress=progress)


def _build(here: Settings, outcomes: Sequence[Outcome], today: date, build: Build, tell: Told) -> Result:
    """Build if anything differs from the release in place, and say what changed."""
    previous = release.current(here)
    try:
        made = build(here, today, lambda word: tell("build", word))
    except WareconomyError as error:
        return Result(tuple(outcomes), "failed", _line(error), previous.folder.name if previous else None)
    except Exception as error:
        said = f"{type(error).__name__}: {_line(error)}"
        return Result(tuple(outcomes), "failed", said, previous.folder.name if previous else None)
    name = made.release.folder.name
    if made.unchanged:
        return Result(tuple(outcomes), "unchanged", release=name)
    changes, largest = _changes(previous, made.release) if previous else ([], 0.0)
    return Result(
        tuple(outcomes), "published", release=name, changes=tuple(changes), largest_revision=largest
    )


def _changes(before: release.Release, after: release.Release) -> tuple[list[str], float]:
    """What became known or was revised, in sentences, and the largest revision as a share of the old value."""
    from wareconomy.ledger import changes, query

    try:
        with query.connect(before.database) as old, query.connect(after.database) as new:
            found = changes.builds(old, new)
    except WareconomyError:
        return [], 0.0  # the release before was made by another version; there is nothing to compare with
    largest = 0.0
    for item in found:
        if item.kind == "revised" and item.before and item.after and item.before[0]:
            largest = max(largest, abs(item.after[0] - item.before[0]) / abs(item.before[0]))
    return [item.sentence() for item in found], round(largest, 4)
