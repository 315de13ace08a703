"""What became of a run: one word and one line for each source, and an exit code for the whole."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from wareconomy.settings import Settings

NEW = "new"
UNCHANGED = "unchanged"
NOTHING = "nothing_published_yet"
BLOCKED = "blocked"
MALFORMED = "malformed"
STALE = "stale"
FAILED = "failed"
PLANNED = "planned"
BAD = (FAILED, MALFORMED, BLOCKED, STALE)
"""States somebody has to look at, the gravest first."""

ALL_WELL = 0
SOME_FAILED = 10
NOTHING_PUBLISHED = 11


@dataclass(frozen=True, slots=True)
class Outcome:
    """One source after a run. Times are ISO, UTC; `message` is one line for whoever is on call."""

    source: str
    state: str
    message: str = ""
    asks: int = 0
    documents: int = 0
    rows: int = 0
    seconds: float = 0.0
    checked_at: str | None = None
    data_to: str | None = None
    candidates: tuple[str, ...] = ()

    @property
    def bad(self) -> bool:
        """True when somebody has to look."""
        return self.state in BAD


@dataclass(frozen=True, slots=True)
class Result:
    """The whole run. `build` is published, unchanged, failed or skipped; `changes` says in sentences what is new."""

    outcomes: tuple[Outcome, ...]
    build: str
    message: str = ""
    release: str | None = None
    changes: tuple[str, ...] = ()
    largest_revision: float = 0.0
    seconds: float = 0.0
    finished_at: str = ""

    @property
    def exit_code(self) -> int:
        """0 all well, 10 some sources failed and data stands published, 11 nothing was published."""
        bad = [item for item in self.outcomes if item.bad]
        unread = [item for item in bad if item.state != STALE]
        if self.build == "failed" or (unread and len(unread) == len(self.outcomes)):
            return NOTHING_PUBLISHED
        return SOME_FAILED if bad else ALL_WELL

    def as_dict(self) -> dict[str, Any]:
        """The run as JSON values."""
        return {**asdict(self), "exit_code": self.exit_code}


@dataclass(slots=True)
class Before:
    """What the run before this one came to, by source."""

    outcomes: dict[str, Outcome] = field(default_factory=dict)
    finished_at: str = ""


def remember(here: Settings, result: Result) -> None:
    """Keep the outcomes for `status` and for telling what is new; sources not asked this time keep theirs."""
    merged = {**recall(here).outcomes, **{item.source: item for item in result.outcomes}}
    body = {
        "finished_at": result.finished_at,
        "build": result.build,
        "exit_code": result.exit_code,
        "outcomes": {name: asdict(item) for name, item in sorted(merged.items())},
    }
    here.processed.mkdir(parents=True, exist_ok=True)
    aside = here.last_refresh.with_name(f".{here.last_refresh.name}.{os.getpid()}")
    aside.write_text(json.dumps(body, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    os.replace(aside, here.last_refresh)


def recall(here: Settings) -> Before:
    """What `remember` kept; nothing when there was no run."""
    try:
        body = json.loads(here.last_refresh.read_text(encoding="utf-8"))
        known = {item.name for item in fields(Outcome)}
        found = {
            name: Outcome(**_fit({key: value for key, value in entry.items() if key in known}))
            for name, entry in body["outcomes"].items()
        }
        return Before(found, str(body.get("finished_at", "")))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Before()


def _fit(entry: Mapping[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}


def worst(states: Sequence[str]) -> str:
    """The word for a source whose asks ended differently."""
    for state in (BLOCKED, MALFORMED, FAILED, NEW):
        if state in states:
            return state
    return UNCHANGED if UNCHANGED in states else NOTHING
