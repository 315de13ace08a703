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
    └── OverlapError                9   two figures that must never be added

A message says what happened, where (file, line, series) and what to do. 130 is an interrupted run.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches


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


class UnknownName(LedgerError, KeyError):
    """A name that is not in the ledger, with the nearest ones that are."""

    def __init__(self, kind: str, name: str, known: Iterable[str]) -> None:
        near = get_close_matches(name, list(known), n=4, cutoff=0.5)
        hint = f" Did you mean {', '.join(near)}?" if near else f" List them with: wareconomy {kind}"
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


def shorten(text: str, limit: int = 80) -> str:
    """Text from outside, cut to a length that fits a message."""
    return text if len(text) <= limit else text[: limit - 1] + "…"
