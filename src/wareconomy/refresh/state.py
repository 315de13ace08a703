"""Where each source stands: last checked, last changed, data to, next expected, rows, and one word."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from wareconomy import release
from wareconomy.checks import freshness
from wareconomy.refresh import outcome as states
from wareconomy.refresh.outcome import Outcome, recall
from wareconomy.settings import Settings
from wareconomy.sources.registry import Registered, registered
from wareconomy.sources.registry import declared as declared_catalog


@dataclass(frozen=True, slots=True)
class Standing:
    """One source for `wareconomy status`. Days and times are ISO text."""

    source: str
    state: str
    last_checked: str | None
    last_changed: str | None
    data_to: str | None
    next_expected: str | None
    documents: int
    accepted: int
    set_aside: int
    message: str


def facts(here: Settings) -> dict[str, Any]:
    """What the release in place says of itself; empty when there is none."""
    found = release.current(here)
    return found.facts if found else {}


def blackouts(here: Settings) -> list[dict[str, str]]:
    """The rows of blackouts.csv as text; none when it is missing."""
    try:
        with (here.manual / "blackouts.csv").open(encoding="utf-8", newline="") as stream:
            return list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def judged(
    here: Settings, outcomes: Sequence[Outcome], chosen: Iterable[Registered], today: date
) -> tuple[Outcome, ...]:
    """The outcomes with what only the build knows: documents that wait for a person, and sources gone stale."""
    known, declared, silences = facts(here), declared_catalog(), blackouts(here)
    newest = known.get("data_to", {})
    records = {item.id: _record(item) for item in chosen}
    waiting: dict[str, str] = {}
    for entry in (item for item in known.get("held", []) if item["newest"]):
        waiting[entry["source"]] = entry["why"]
    made = []
    for item in outcomes:
        record = records.get(item.source, item.source)
        data_to = _reaches(known, item.source, newest.get(record))
        item = replace(item, data_to=data_to)
        entry = declared.sources.get(record)
        if not item.bad and item.source in waiting:
            item = replace(item, state=states.MALFORMED, message=waiting[item.source])
        elif not item.bad and entry and data_to:
            day = date.fromisoformat(data_to)
            word = freshness.state(
                day, entry.stale_after_days, today, freshness.silent(silences, record, today)
            )
            if word.startswith("stale"):
                item = replace(
                    item,
                    state=states.STALE,
                    message=f"{word}: data to {data_to}, limit {entry.stale_after_days} days. "
                    "If the publisher stopped, record it in blackouts.csv",
                )
        made.append(item)
    return tuple(made)


def _reaches(known: dict[str, Any], source: str, figures_to: str | None) -> str | None:
    """The day a source's data reach to; of one whose documents hold no figures (maps), the day the newest came."""
    tally = known.get("collected", {}).get(source, {})
    if tally.get("documents") and not tally.get("rows"):
        return max(tally.get("newest") or "", figures_to or "") or None
    return figures_to


def _record(item: Registered) -> str:
    try:
        return item.record()
    except Exception:
        return item.id


def standings(here: Settings, today: date) -> list[Standing]:
    """Every source that is asked by this program, or ever was."""
    from wareconomy.collect.archive import Archive

    if not (here.documents / "receipts.jsonl").is_file() and not registered():
        return []
    archive = Archive(here)
    try:
        checked: dict[str, str] = {}
        for receipt in archive.receipts.checks():
            checked[receipt.source] = max(receipt.at, checked.get(receipt.source, ""))
        changed = archive.receipts.changed()
    finally:
        archive.close()
    known, declared, silences, before = (
        facts(here),
        declared_catalog(),
        blackouts(here),
        recall(here).outcomes,
    )
    made = []
    for name in sorted({*registered(), *(source for source in checked if source != "archive")}):
        item = registered().get(name)
        record = _record(item) if item else name
        text = _reaches(known, name, known.get("data_to", {}).get(record))
        data_to = date.fromisoformat(text) if text else None
        entry = declared.sources.get(record)
        limit = entry.stale_after_days if entry else None
        fresh = freshness.state(data_to, limit, today, freshness.silent(silences, record, today))
        last = before.get(name)
        bad = last is not None and last.bad and last.state != states.STALE
        tally = known.get("collected", {}).get(name, {})
        expected = freshness.next_expected(record, data_to, declared)
        made.append(
            Standing(
                name,
                last.state
                if bad and last
                else fresh
                if fresh != freshness.NO_LIMIT or not last
                else last.state,
                checked.get(name),
                changed.get(name),
                text,
                expected.isoformat() if expected else None,
                tally.get("documents", 0),
                tally.get("accepted", 0),
                tally.get("set_aside", 0),
                last.message
                if bad and last
                else ""
                if name in registered()
                else "its package is not installed",
            )
        )
    return made
