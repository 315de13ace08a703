"""Reads the catalog's TOML files into frozen values and refuses what does not fit together."""

from __future__ import annotations

import fnmatch
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from wareconomy.catalog import specs
from wareconomy.catalog.specs import Column, Derived, Observed, Overlap, Reference, Series, Source, Table
from wareconomy.errors import LedgerError
from wareconomy.model import PROVENANCE

HERE = Path(__file__).parent
Value = TypeVar("Value")

CONFIDENCE = {
    "primary": "The official text or table itself, also when read in a mirror.",
    "secondary": "Press, code or another body quoting it.",
    "derived": "Computed from other rows of the same publisher.",
    "high": "Read in the page cited; the page is sound.",
    "medium": "Rounded, partly stated or from a weaker page.",
    "low": "One weak page; never a headline.",
}
BASIS = {
    "published": "The date is on the document.",
    "retrieved": "The day we ourselves fetched it.",
    "assumed": "Worked out from the usual publication lag; always shown as assumed.",
}
PROVENANCE_COLUMNS = tuple(
    replace(column, record=True)
    for column in (
        Column("publisher", "text", "Who printed the figure: the page or table quoted."),
        Column(
            "source_url",
            "url",
            "Address of that page; blank when only the publisher is known.",
            required=False,
        ),
        Column(
            "published_on",
            "partial_date",
            "Date of the page quoted; blank when it shows none.",
            required=False,
        ),
        Column(
            "known_on", "partial_date", "Day the public could know it, when better known.", required=False
        ),
        Column(
            "basis", "category", "How the day is known; blank means by rule.", required=False, values=BASIS
        ),
        Column(
            "retrieved_on",
            "date",
            "Day we opened the page ourselves; blank when keyed from a copy.",
            required=False,
        ),
        Column("confidence", "category", "How close the page is to the official text.", values=CONFIDENCE),
        Column("note", "text", "What a reader of the figure must know.", required=False),
    )
)
VARIANTS = {"plan": "plan", "draft": "draft", "estimate": "estimate", "statement": "as stated"}


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything declared: tables, series, sources, derived series and overlaps."""

    tables: Mapping[str, Table]
    series: Mapping[str, Series]
    sources: Mapping[str, Source]
    derived: Mapping[str, Derived]
    overlaps: tuple[Overlap, ...]

    def overlap(self, left: str, right: str) -> Overlap | None:
        """The declared overlap between two series, if there is one."""
        for pair in self.overlaps:
            for a, b in ((left, right), (right, left)):
                if fnmatch.fnmatchcase(a, pair.left) and fnmatch.fnmatchcase(b, pair.right):
                    return pair
        return None


@cache
def load(folder: Path = HERE) -> Catalog:
    """The catalog of this installation (about 20 ms, kept for the life of the process)."""
    tables = {name: _table(name, body) for name, body in _bodies(folder / "tables")}
    series: dict[str, Series] = {}
    for file, body in _bodies(folder / "series"):
        for name, entry in body.get("series", {}).items():
            for item in _series(name, entry):
                _once(series, item.id, item, f"series/{file}.toml")
    sources: dict[str, Source] = {}
    for file, body in _bodies(folder / "sources"):
        for name, entry in body.get("sources", {}).items():
            entry.setdefault("url", None)
            entry.setdefault("stale_after_days", None)
            _once(
                sources, name, _make(Source, {"id": name, **entry}, f"source {name}"), f"sources/{file}.toml"
            )
    derived = {
        name: _make(Derived, {"id": name, **entry}, f"derived {name}")
        for name, entry in _read(folder / "derived.toml").get("derived", {}).items()
    }
    overlaps = tuple(
        _make(Overlap, entry, "overlap") for entry in _read(folder / "overlaps.toml").get("overlap", [])
    )
    ordered = dict(sorted(tables.items(), key=lambda item: (item[1].order, item[0])))
    return Catalog(ordered, dict(sorted(series.items())), sources, derived, overlaps)


def extended(base: Catalog, more: Mapping[str, Any], origin: str) -> Catalog:
    """The catalog with sources and series another package declares; what is declared already stays."""
    sources, series = dict(base.sources), dict(base.series)
    for name, entry in more.get("sources", {}).items():
        filled = {"id": name, "url": None, "stale_after_days": None, **entry}
        sources.setdefault(name, _make(Source, filled, f"source {name} of {origin}"))
    for name, entry in more.get("series", {}).items():
        for item in _series(name, dict(entry)):
            series.setdefault(item.id, item)
    return replace(base, sources=sources, series=dict(sorted(series.items())))


def _bodies(folder: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    for path in sorted(folder.glob("*.toml")):
        yield path.stem, _read(path)


def _read(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise LedgerError(f"catalog file {path.name}: {error}") from error


def _once(store: dict[str, Value], name: str, item: Value, where: str) -> None:
    if name in store:
        raise LedgerError(f"catalog {where}: {name!r} is declared twice")
    store[name] = item


def _make(kind: type[Value], entry: Mapping[str, Any], what: str) -> Value:
    known = {item.name for item in fields(kind)}  # type: ignore[arg-type]
    extra = set(entry) - known
    if extra:
        raise LedgerError(f"catalog {what}: unknown key {', '.join(sorted(extra))}")
    frozen = {key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()}
    try:
        return kind(**frozen)
    except TypeError as error:
        raise LedgerError(f"catalog {what}: {error}") from error


def _table(name: str, body: dict[str, Any]) -> Table:
    columns: dict[str, Column] = {}
    for column, entry in body.pop("columns", {}).items():
        if isinstance(entry.get("values"), list):
            entry["values"] = dict.fromkeys(entry["values"], "")
        made = _make(Column, {"name": column, **entry}, f"table {name}, column {column}")
        if made.type not in specs.COLUMN_TYPES:
            raise LedgerError(f"catalog table {name}, column {column}: unknown type {made.type!r}")
        columns[column] = made
    for made in columns.values():
        if made.since and (made.since not in columns or columns[made.since].type not in specs.DAYS):
            raise LedgerError(
                f"catalog table {name}, column {made.name}: {made.since!r} is no column of days"
            )
    taken = {"known", "file_line"} & set(columns)
    if taken:
        raise LedgerError(
            f"catalog table {name}: the ledger itself adds {', '.join(sorted(taken))}; rename the column"
        )
    for made in PROVENANCE_COLUMNS:
        columns.setdefault(made.name, made)
    columns = {
        **{k: v for k, v in columns.items() if k not in PROVENANCE},
        **{k: columns[k] for k in PROVENANCE},
    }
    references = tuple(_make(Reference, entry, f"table {name}") for entry in body.pop("references", []))
    observed = tuple(_observed(name, entry, columns) for entry in body.pop("observations", []))
    entry = {"name": name, **body, "columns": columns, "references": references, "observations": observed}
    return _make(Table, entry, f"table {name}")


def _observed(table: str, entry: dict[str, Any], columns: Mapping[str, Column]) -> Observed:
    entry["when"] = {key: tuple(value) for key, value in entry.get("when", {}).items()}
    made = _make(Observed, entry, f"table {table}, observations")
    if made.period.get("kind") not in specs.PERIOD_KINDS:
        raise LedgerError(f"catalog table {table}: unknown period kind {made.period.get('kind')!r}")
    used = [made.value, made.low, made.high, made.unit, made.known, made.document, *made.when]
    used += [value for key, value in made.period.items() if key != "kind"]
    missing = [column for column in used if column and column not in columns]
    if missing:
        raise LedgerError(f"catalog table {table}, observations: no column {', '.join(missing)}")
    return made


def _series(name: str, entry: dict[str, Any]) -> Iterator[Series]:
    variants = entry.pop("variants", [])
    if entry.get("kind") == "level" or not set(name.split(".")).isdisjoint(VARIANTS):
        entry.setdefault("ahead", True)
    base = _make(Series, {"id": name, **entry}, f"series {name}")
    yield base
    for variant in variants:
        changed = {
            **entry,
            "id": f"{name}.{variant}",
            "title": f"{base.title}, {VARIANTS[variant]}",
            "kind": "flow" if base.kind == "cumulative" else base.kind,
            "frequency": "year",
            "ahead": True,
        }
        yield _make(Series, changed, f"series {name}.{variant}")
