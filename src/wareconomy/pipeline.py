"""A build from raw files to a release people read: the only module that knows every stage.

Order: digest (nothing changed, nothing written), lock, read, validate, ledger aside with the checks and links that
follow from it, charts, report, exports, swap.
A failure at any step changes nothing that people read and leaves its record in the run log.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from wareconomy import catalog, release, settings
from wareconomy.errors import InputError, Locked
from wareconomy.settings import Settings

Progress = Callable[[str], None]
LOCK_SECONDS = 2
RUN = {"started": str, "command": str, "outcome": str, "seconds": float, "digest": str, "message": str}
"""What the run log says of a build, and how."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a build did: the release, whether people read the same as before, and whether it was built anew.

    Neither `unchanged` nor `built`: a release still on disk, made from the same inputs, was pointed at again.
    """

    release: release.Release
    unchanged: bool
    seconds: float
    built: bool = True


def check(here: Settings, today: date, only: Sequence[str] = ()) -> dict[str, int]:
    """Validate the hand-kept files; rows per table. Raises InputError with every finding at once."""
    from wareconomy.checks import schemas
    from wareconomy.ledger import build as ledger
    from wareconomy.sources import manual

    declared = catalog.load()
    tables = manual.read_all(here.manual, declared, only)
    findings = schemas.validate(tables, declared, today)
    if findings:
        raise InputError(findings)
    ledger.rows(tables, declared, today)
    return {name: len(table.lines) for name, table in tables.items()}


def build(
    here: Settings,
    today: date,
    as_of: date | None = None,
    force: bool = False,
    progress: Progress = lambda _: None,
) -> Outcome:
    """Build and publish, unless nothing changed since the last release of the same edition.

    `as_of` publishes a second edition beside the current one: what could have been published that day.
    """
    started = time.monotonic()
    with release.storage_errors(here.processed):
        digest = release.digest(here, as_of, _collected_inputs(here))
        if not force and (done := _unchanged(here, digest, as_of)):
            return Outcome(done, True, time.monotonic() - started, built=False)
        try:
            with BuildLock(here):
                if not force and (found := _again(here, digest, as_of)):
                    if not found[1]:
                        _log(here, started, as_of, digest, "published", "")
                    return Outcome(*found, time.monotonic() - started, built=False)
                made = _build(here, today, as_of, digest, progress)
        except Locked:
            raise
        except BaseException as error:
            _log(here, started, as_of, digest, type(error).__name__, str(error))
            raise
    _log(here, started, as_of, digest, "published", "")
    return Outcome(made, False, time.monotonic() - started)


def _unchanged(here: Settings, digest: str, as_of: date | None) -> release.Release | None:
    """The release in place when it was built from the same inputs and every link leads to it."""
    found = release.current(here, as_of)
    if found and found.facts.get("digest") == digest and release.pointed(here, found.folder, as_of):
        return found
    return None


def _again(here: Settings, digest: str, as_of: date | None) -> tuple[release.Release, bool] | None:
    """A release on disk made from the same inputs, its links put right, and whether it was in place already.

    Asked with the lock held. It stands there when inputs return to what they were, and when a build was killed
    before all its links were made.
    """
    before = release.current(here, as_of)
    same = bool(before and before.facts.get("digest") == digest)
    found = before if same else release.same(here, digest, as_of)
    if found is None:
        return None
    if not release.pointed(here, found.folder, as_of):
        release.point(here, found.folder, as_of)
    return found, same


def _build(
    here: Settings, today: date, as_of: date | None, digest: str, progress: Progress
) -> release.Release:
    """Make and publish a release; whatever stops it, what was begun is swept away, since the disk may be full of it."""
    release.sweep(here)
    try:
        folder, facts = _make(here, today, as_of, digest, progress)
        progress("publishing")
        return release.publish(here, folder, _name(digest, as_of), facts, as_of)
    except BaseException:
        release.sweep(here)
        raise


def _make(
    here: Settings, today: date, as_of: date | None, digest: str, progress: Progress
) -> tuple[Path, dict[str, Any]]:
    """A folder with everything of a release, and what release.json is to say of it."""
    from wareconomy.analysis import stored
    from wareconomy.checks import beside
    from wareconomy.ledger import build as ledger
    from wareconomy.publish import studio as publishing
    from wareconomy.sources import manual, registry

    declared = registry.declared()
    with publishing.Studio() as studio:
        progress("reading hand-kept tables")
        tables = manual.read_all(here.manual, declared)
        with beside.checking(tables, declared, today) as checked:
            made = ledger.rows(tables, declared, today, _gatherer(here, tables, declared, today, progress))
            day = as_of or newest(tables, made, today)
            facts = _facts(tables, made, declared, as_of, day, digest)
            folder = release.workspace(here)
            progress("writing the ledger")
            meta = {
                "input_digest": digest,
                "as_of": day.isoformat(),
                "as_of_asked": facts["as_of_asked"] or "",
            }
            database = folder / "wareconomy.duckdb"
            ledger.write(database, tables, made, declared, meta, _runs(here), as_of, stored.results)
            checked()
        del tables, made  # the ledger has it all
        previous = release.current(here, as_of)
        before = previous.folder if previous else None
        facts["charts"] = studio.publish(folder, database, day, as_of, digest, before, progress)
    return folder, facts


def _facts(
    tables: Any, made: Any, declared: catalog.Catalog, as_of: date | None, day: date, digest: str
) -> dict[str, Any]:
    """What release.json says of a build: what it read, set aside and holds."""
    return {
        "digest": digest,
        "as_of": day.isoformat(),
        "as_of_asked": as_of.isoformat() if as_of else None,
        "rows_read": {name: len(table.lines) for name, table in tables.items()},
        "observations": sum(as_of is None or row.vintage <= as_of for row in made.observations),
        "set_aside": len(made.rejections),
        "data_to": data_to(made, declared),
        "collected": {name: asdict(tally) for name, tally in made.collected.tallies.items()},
        "held": [_held(item) for item in made.collected.held],
        "candidates": len(made.collected.candidates),
        "libraries": settings.versions(),
    }


def _collected_inputs(here: Settings) -> list[str]:
    if not (here.documents / "receipts.jsonl").is_file():
        return []
    from wareconomy.ledger import collected

    return collected.inputs(here)


def _gatherer(here: Settings, tables: Any, declared: catalog.Catalog, today: date, progress: Progress) -> Any:
    """What adds the rows of archived documents to a build; None while no document ever came."""
    from wareconomy.ledger import collected

    if not collected.present(here):
        return None
    progress("reading documents")
    return lambda manual: collected.from_archive(here, declared, tables, manual, today)


def _held(item: Any) -> dict[str, Any]:
    return {**asdict(item), "drift": [{"rule": found.rule, "what": found.what} for found in item.drift]}


def data_to(made: Any, declared: catalog.Catalog) -> dict[str, str]:
    """The last day each source has an outcome or a post for; plans and estimates do not count."""
    newest: dict[str, date] = {}
    for row in made.observations:
        if row.value is not None and row.status != "E" and not declared.series[row.series].planned:
            newest[row.source] = max(row.period_end, newest.get(row.source, row.period_end))
    for post in made.collected.posts:
        posted, source = date.fromisoformat(post[2][:10]), post[10]
        newest[source] = max(posted, newest.get(source, posted))
    return {name: day.isoformat() for name, day in sorted(newest.items())}


def _name(digest: str, as_of: date | None) -> str:
    return f"{digest[:16]}-{release.edition(as_of)}" if as_of else digest[:16]


def newest(tables: Any, made: Any, today: date) -> date:
    """The newest day any figure, act or claim became known: the as-of date of an ordinary build."""
    from wareconomy.ledger.manual import known_day

    days = [row.vintage for row in made.observations]
    for name in ("acts", "claims"):
        if name in tables:
            known = (known_day(tables[name], row) for row in range(len(tables[name].lines)))
            days.extend(day for day in known if day)
    return max((day for day in days if day <= today), default=today)


class BuildLock:
    """The build lock: released by the system when a process dies, so a crash never blocks the next build."""

    def __init__(self, here: Settings) -> None:
        from filelock import FileLock

        here.processed.mkdir(parents=True, exist_ok=True)
        self.path = here.processed / ".lock"
        self.lock = FileLock(str(self.path))

    def __enter__(self) -> None:
        from filelock import Timeout

        try:
            self.lock.acquire(timeout=LOCK_SECONDS)
        except Timeout:
            raise Locked(
                f"another build is running (it holds {self.path}); wait for it, then run again"
            ) from None

    def __exit__(self, *_: object) -> None:
        self.lock.release()


def _log(here: Settings, started: float, as_of: date | None, digest: str, outcome: str, message: str) -> None:
    entry = {
        "started": datetime.fromtimestamp(time.time() - (time.monotonic() - started), UTC).isoformat(
            timespec="seconds"
        ),
        "command": f"build --as-of {as_of}" if as_of else "build",
        "outcome": outcome,
        "seconds": round(time.monotonic() - started, 2),
        "digest": digest,
        "message": message.splitlines()[0][:300] if message else "",
    }
    try:
        here.processed.mkdir(parents=True, exist_ok=True)
        with here.run_log.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(entry) + "\n")
    except OSError:
        return  # a full or read-only disk is reported by the build itself


def last_runs(here: Settings, count: int) -> list[dict[str, Any]]:
    """The last builds of the run log, oldest first. A line that is no record of a run is passed over."""
    try:
        lines = here.run_log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return []
    entries = []
    for line in lines[-count:]:
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            continue  # torn by a crash, or written by something else
        if isinstance(entry, dict):
            entries.append({name: _field(entry.get(name), kind) for name, kind in RUN.items()})
    return entries


def _field(found: object, kind: type) -> str | float | None:
    """A field of the run log as the ledger can hold it; None when it is of another kind."""
    if isinstance(found, str) and kind is str:
        return found.encode("utf-8", "replace").decode()
    number = kind is float and isinstance(found, (int, float)) and abs(found) < 1e12
    return float(found) if number else None  # type: ignore[arg-type]


def _runs(here: Settings) -> list[tuple[Any, ...]]:
    return [tuple(entry.get(name) for name in RUN) for entry in last_runs(here, 500)]
