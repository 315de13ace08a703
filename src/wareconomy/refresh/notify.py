"""Telling people: a failure, a source gone stale, a recovery, a large revision, a new act or claim to look at.

Addresses stand in the environment, in the form Apprise takes (`mailto://`, `matrix://`, `json://`, ...), separated by
spaces: WARECONOMY_NOTIFY. Only what is new since the run before is told, so an hourly job does not repeat itself.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from wareconomy.errors import MissingExtra
from wareconomy.refresh import outcome as states
from wareconomy.refresh.outcome import Outcome, Result

VARIABLE = "WARECONOMY_NOTIFY"
LARGE = 0.05
"""Revisions from this share of the old value on are told."""


@dataclass(frozen=True, slots=True)
class News:
    """One thing to tell: kind is failure, stale, recovery, revision, candidate or build."""

    kind: str
    text: str


def news(before: Mapping[str, Outcome], result: Result, bound: float = LARGE) -> list[News]:
    """What this run has that the run before had not."""
    made: list[News] = []
    if result.build == "failed":
        made.append(News("build", f"nothing was published: {result.message}"))
    for item in result.outcomes:
        last = before.get(item.source)
        was, same = (last.state if last else states.UNCHANGED), bool(last and last.message == item.message)
        if item.state == states.STALE:
            if was != states.STALE:
                made.append(News("stale", f"{item.source}: {item.message}"))
        elif item.bad and not (item.state == was and same):
            made.append(News("failure", f"{item.source} {item.state}: {item.message}"))
        elif not item.bad and was in states.BAD:
            made.append(News("recovery", f"{item.source} works again: {item.state}"))
        made.extend(News("candidate", f"{item.source} proposes a row: {text}") for text in item.candidates)
    if result.largest_revision >= bound:
        revised = [text for text in result.changes if "revised" in text][:5]
        made.append(
            News("revision", f"a figure moved by {result.largest_revision:.0%}: " + " ".join(revised))
        )
    return made


def send(items: Sequence[News], addresses: str | None = None) -> bool | None:
    """Tell people; None when nobody is to be told or there is nothing to tell, False when a message did not go out.

    Raises MissingExtra when addresses are set and Apprise is not installed. Addresses never appear in a message.
    """
    wanted = (addresses if addresses is not None else os.environ.get(VARIABLE, "")).split()
    if not wanted or not items:
        return None
    try:
        import apprise
    except ImportError:
        raise MissingExtra("telling people", "notify") from None
    grave = any(item.kind in {"failure", "build", "stale"} for item in items)
    try:
        teller = apprise.Apprise()
        good = sum(bool(teller.add(address)) for address in wanted) == len(wanted)
        told = teller.notify(
            title=f"wareconomy: {len(items)} {'thing' if len(items) == 1 else 'things'} to look at",
            body="\n".join(f"{item.kind}: {item.text}" for item in items),
            notify_type="warning" if grave else "info",
        )
    except Exception:  # what a service does must not end a run, and its words may hold the address
        return False
    return bool(good and told)
