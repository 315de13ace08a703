"""Every error wareconomy raises on purpose, as one tree, each with its exit code.

    WareconomyError                 1   something is wrong that we name
    ├── UsageError                  2   the command or call was not understood
    ├── InputError                  3   a hand-kept file or document breaks its schema
    │   └── CorrectionError         3   a correction's `expect` guard no longer holds
    ├── LedgerError                 4   the ledger file is missing, old or not readable
    │   └── UnknownName             4   no series, chart, act or claim of that name
    ├── CheckFailed                 5   the ledger was built and failed its own checks; nothing published
    ├── StorageError                6   disk full, no permission, read-only folder
    ├── Locked                      7   another build is running
    ├── MissingExtra                8   an optional library is not installed
    ├── OverlapError                9   two figures that must never be added
    └── CollectError               12   a publisher's answer did not come, or is not a document
        ├── Unreachable            12   no name, no connection, no answer in time, TLS refused, server error
        ├── CutBody                12   the answer stopped before its end
        ├── TooLarge               12   the answer, or what it unpacks to, is larger than it may be
        ├── AddressRefused         12   a host, port or address that is not to be talked to
        ├── SecretMissing          12   a key the request needs is not in the environment
        ├── Blocked                12   the publisher turned us away
        │   ├── BotWall            12   a page that tests for a browser, or a region block
        │   ├── LoginPage          12   a page that asks who we are
        │   └── RateLimited        12   too many requests, and a longer wait than a run has
        └── NotADocument           12   something else came in the document's place
            ├── WrongStatus        12   an HTTP status that is no success
            ├── WrongMedia         12   another media type or other first bytes
            ├── HtmlInstead        12   a page where data was due
            ├── ErrorObject        12   an error message under a success status
            ├── StubPage           12   too short, or empty
            ├── NoMarker           12   the mark every real document holds is not in it
            └── Unsafe             12   entities or an archive made to overwhelm whoever reads it

A message says what happened, where (file, line, series) and what to do. 130 is an interrupted run.
A refresh ends with 10 when some sources failed and data stands published, with 11 when nothing was published.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


class WareconomyError(Exception):
    """Base of all errors raised on purpose; `exit_code` is what the command line returns."""

    exit_code = 1


class UsageError(WareconomyError, ValueError):
    """The arguments do not fit."""

    exit_code = 2


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong with one place of an input file.

    `line` is the line of the file where the row starts (1 is the header), 0 for the whole file.
    `rule` is a short code that programs can count; `advice` tells the person what to do.
    """

    file: str
    line: int
    column: str
    value: str
    rule: str
    advice: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        column = f" {self.column}" if self.column else ""
        value = f" {shorten(self.value)!r}" if self.value else ""
        return f"{place}{column}{value}: {self.rule}: {self.advice}"


class InputError(WareconomyError):
    """Hand-kept files or documents that break their schema; carries every finding."""

    exit_code = 3

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = list(findings)
        files = len({finding.file for finding in self.findings})
        count = len(self.findings)
        head = (
            f"{count} problem{'s' * (count != 1)} in {files} file{'s' * (files != 1)}; nothing was published"
        )
        super().__init__("\n".join([head, *map(str, self.findings[:200])]))


class CorrectionError(InputError):
    """A correction expected a value that is no longer there: the source has fixed itself."""


class LedgerError(WareconomyError):
    """The ledger cannot be read; the message says how to make one."""

    exit_code = 4


LISTED_BY = {
    "act": 'query "SELECT act, title_en FROM acts"',
    "act with a known day": 'query "SELECT act, signed_on FROM acts"',
    "chart": "chart",
    "claim": "claims",
    "figure": "series",
    "question": "links test",
    "series": "series",
    "source": "refresh --dry-run",
    "waiting source": "status",
}
"""The command that lists the names of a kind. Of a kind that is not here the message gives the names themselves."""


class UnknownName(LedgerError, KeyError):
    """A name that is not in the ledger, with the nearest ones that are."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        from difflib import get_close_matches

        names = list(known)
        near = get_close_matches(name, names, n=4, cutoff=0.5)
        if near:
            hint = f" Did you mean {', '.join(near)}?"
        elif kind in LISTED_BY:
            hint = f" List them with: wareconomy {LISTED_BY[kind]}"
        else:
            hint = f" There are: {', '.join(names)}"
        self.text = f"no {kind} named {shorten(name)!r}.{hint}"
        super().__init__(self.text)

    def __str__(self) -> str:
        return self.text


class CheckFailed(WareconomyError):
    """The new ledger failed a check; what people read is untouched."""

    exit_code = 5


class StorageError(WareconomyError):
    """Writing failed (disk full, permission, read-only)."""

    exit_code = 6


class Locked(WareconomyError):
    """Another build holds the lock."""

    exit_code = 7


class MissingExtra(WareconomyError, ImportError):
    """An optional library is needed; the message names the extra to install."""

    exit_code = 8

    def __init__(self, what: str, extra: str) -> None:
        super().__init__(
            f"{what} needs an optional library. Install it with: pip install 'wareconomy[{extra}]'"
        )


class OverlapError(WareconomyError, ValueError):
    """Two series that contain each other were to be added."""

    exit_code = 9


class CollectError(WareconomyError):
    """A publisher's answer did not come or is not a document; `outcome` is the word a refresh reports."""

    exit_code = 12
    outcome = "failed"


class Unreachable(CollectError):
    """No name, no connection, no answer in time, a certificate that does not hold, or a server error."""


class CutBody(CollectError):
    """The answer stopped before its end."""


class TooLarge(CollectError):
    """The answer, or what it unpacks to, is larger than it may be."""


class AddressRefused(CollectError):
    """A host, port or address that is not to be talked to."""


class SecretMissing(CollectError):
    """A key the request needs is not in the environment."""


class Blocked(CollectError):
    """The publisher turned us away; the document can be handed in: `wareconomy add`."""

    outcome = "blocked"


class BotWall(Blocked):
    """A page that tests for a browser, or a region block."""


class LoginPage(Blocked):
    """A page that asks who we are."""


class RateLimited(Blocked):
    """Too many requests, and a longer wait than a run has."""


class NotADocument(CollectError):
    """Something else came in the document's place."""

    outcome = "malformed"


class WrongStatus(NotADocument):
    """An HTTP status that is no success."""


class WrongMedia(NotADocument):
    """Another media type or other first bytes."""


class HtmlInstead(NotADocument):
    """A page where data was due."""


class ErrorObject(NotADocument):
    """An error message under a success status."""


class StubPage(NotADocument):
    """Too short, or empty."""


class NoMarker(NotADocument):
    """The mark every real document holds is not in it."""


class Unsafe(NotADocument):
    """Entities or an archive made to overwhelm whoever reads it."""


def shorten(text: str, limit: int = 80) -> str:
    """Text from outside, cut to a length that fits a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
