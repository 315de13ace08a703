"""The shapes a catalog file may have: frozen values, checked when they are read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

COLUMN_TYPES = frozenset(
    "text id category unit number integer yesno date partial_date month year period url sha256 list".split()  # noqa: SIM905
)
DAYS = frozenset({"date", "partial_date"})
NUMERIC = frozenset({"number", "integer"})
PERIOD_KINDS = frozenset({"month", "year", "day", "year_to_month", "range", "text"})


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a hand-kept table. `values` maps each allowed code to its meaning.

    `since` names the date column (it may be the column itself) from whose day a cell may be shown: views as of an
    earlier day leave it blank. `undated` allows a cell without that day, which no view of a day then shows. `record`
    is true for what says how the row is kept and not what it is about: it stays with the row in every view.
    """

    name: str
    type: str
    about: str
    required: bool = True
    values: Mapping[str, str] = field(default_factory=dict)
    min: float | None = None
    max: float | None = None
    pattern: str | None = None
    not_before: str | None = None
    not_after: str | None = None
    future: bool = False
    since: str | None = None
    undated: bool = False
    record: bool = False

    @property
    def numeric(self) -> bool:
        """True when cells become numbers."""
        return self.type in NUMERIC


@dataclass(frozen=True, slots=True)
class Reference:
    """Every nonblank value of `column` must stand in column `to` of `table`, or be listed in `allow`."""

    column: str
    table: str
    to: str
    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Observed:
    """How the rows of a table become observations of a series."""

    series: str
    period: Mapping[str, str]
    value: str
    source: Any
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    low: str | None = None
    high: str | None = None
    unit: str | None = None
    status: Any = "A"
    edition: Any = None
    known: str | None = None
    document: str | None = None


@dataclass(frozen=True, slots=True)
class Table:
    """One hand-kept CSV: its columns in order, its key, and what its rows are.

    `known` names date columns that say when a row could be known, after `known_on`. `may_be_empty` is true where it
    is a normal state that nothing was recorded yet; any other table without a row is one that was cut off.
    """

    name: str
    title: str
    about: str
    subject: str
    key: tuple[str, ...]
    columns: Mapping[str, Column]
    order: int = 100
    start: str = "1990-01-01"
    may_be_empty: bool = False
    known: tuple[str, ...] = ()
    references: tuple[Reference, ...] = ()
    observations: tuple[Observed, ...] = ()

    @property
    def file(self) -> str:
        """File name below `data/raw/manual/`."""
        return f"{self.name}.csv"


@dataclass(frozen=True, slots=True)
class Series:
    """What is measured: unit, frequency, kind, area and the words printed beside it.

    `ahead` is true for what is announced before its period (plans, expectations, operations to come); every other
    figure printed before its period began is an error.
    """

    id: str
    title: str
    unit: str
    frequency: str
    kind: str
    area: str
    definition: str
    sources: tuple[str, ...]
    lag_days: int
    measure: str | None = None
    tags: tuple[str, ...] = ()
    ahead: bool = False

    @property
    def planned(self) -> bool:
        """True for what may never come about: plans and expectations, not tomorrow's rate, which is set today."""
        return self.ahead and self.frequency != "day"


@dataclass(frozen=True, slots=True)
class Source:
    """Who measures: the institution of record, its terms and how often it should publish."""

    id: str
    title: str
    publisher: str
    url: str | None
    licence: str
    terms: str
    calendar: str
    stale_after_days: int | None
    party: bool = False
    includes_claims: bool = False


@dataclass(frozen=True, slots=True)
class Derived:
    """A series computed from others; `formula` is printed by `explain`, the SQL is in `ledger/derived.sql`."""

    id: str
    title: str
    unit: str
    frequency: str
    kind: str
    area: str
    definition: str
    formula: str


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two series (or patterns) that contain one another and must never be added."""

    left: str
    right: str
    why: str
