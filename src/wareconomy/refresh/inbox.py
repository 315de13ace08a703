"""The inbox: rows that documents propose and nobody decided on yet, and the two decisions a person can take.

Nothing is stored but the decisions (decisions.csv): what waits is worked out anew from the archived articles and posts, so
better rules find more in old documents, and a decided sentence never comes back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from wareconomy import catalog
from wareconomy.collect.archive import Archive
from wareconomy.collect.receipts import Receipt
from wareconomy.errors import LedgerError, UnknownName, UsageError, shorten
from wareconomy.refresh import handkept
from wareconomy.refresh.articles import Articles
from wareconomy.refresh.kept_rows import Kept, read
from wareconomy.settings import Settings
from wareconomy.sources.reading import Reader, key_of
from wareconomy.sources.registry import BUILT_IN, Registered
from wareconomy.sources.source import Candidate
from wareconomy.sources.statements.rows import identity
from wareconomy.sources.statements.source import ARTICLES, readings, require

TABLE = "decisions"
LAWS = "ru_law"
"""The official portal's lists of new acts, whose candidates wait here too."""
LETTERS = {"claims": "C", "acts": "L"}
READ_ONLY = {"id", "note"}
BESIDE = ("proposal", "quote", "figure", "kind_read", "title")
"""Cells of a candidate that are for people and no column of its table."""


@dataclass(frozen=True, slots=True)
class Item:
    """One proposal that waits. `cells` are those of its table, `place` is where its sentence (`quote`) stands, `alike` are
    rows of the table that may say the same.
    """

    id: str
    table: str
    kind: str
    cells: Mapping[str, str]
    quote: str
    figure: str
    place: str
    why: str
    alike: tuple[str, ...]
    document: str
    source: str
    retrieved_on: str

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON."""
        return {
            name: dict(value) if isinstance(value, Mapping) else value
            for name in self.__slots__
            for value in [getattr(self, name)]
        }


def waiting(here: Settings, document: str = "") -> list[Item]:
    """What waits, newest document first; of one document when its hash is given."""
    decided = _decided(here)
    return [item for item in _proposed(here, document) if item.id not in decided]


def _proposed(here: Settings, document: str = "") -> Iterator[Item]:
    """Every proposal of every archived article, post and list of new acts, each once."""
    require()
    kept = Kept.of(here)
    seen: set[str] = set()
    for receipt, candidate in _candidates(here, document):
        cells = dict(candidate.cells)
        if receipt.source == LAWS:
            title = cells.get("title_original", "")
            name = identity(title, cells.get("official_url", ""), candidate.table)
            cells |= {"proposal": name, "quote": title, "kind_read": "act"}
        name = cells.get("proposal", "")
        if name in seen:
            continue
        seen.add(name)
        row = {key: value for key, value in cells.items() if key not in BESIDE}
        if candidate.table == "claims" and row.get("speaker"):
            row |= kept.office(row["speaker"], row.get("said_on") or row.get("published_on", ""))
        alike = kept.alike(candidate.table, row)
        yield Item(
            name, candidate.table, cells.get("kind_read", ""), {key: value for key, value in row.items() if value},
            cells.get("quote", ""), cells.get("figure", ""), candidate.locator, candidate.why, tuple(alike),
            receipt.sha256 or "", receipt.source, receipt.retrieved_at[:10],
        )  # fmt: skip


def _candidates(here: Settings, document: str) -> Iterator[tuple[Receipt, Candidate]]:
    known = {**readings(), LAWS: Registered(LAWS, BUILT_IN[LAWS])}
    for archive, wanted in ((Articles(here), {ARTICLES}), (Archive(here), set(known) - {ARTICLES})):
        reader = Reader(here.readings, archive)
        try:
            work = [
                (known[receipt.source], receipt)
                for receipt in reversed(archive.receipts.came())
                if receipt.source in wanted
                and (receipt.sha256 or "").startswith(document)
                and archive.has(receipt.sha256 or "")
            ]
            rows = reader.many(work)
            for item, receipt in work:
                for candidate in rows[key_of(item, receipt)].candidates:
                    yield receipt, candidate
        finally:
            reader.close()
            archive.close()


def _decided(here: Settings) -> set[str]:
    """Ids of proposals with a decision, or whose row was written before a crash could record it."""
    made = {row["proposal"] for row in read(here, TABLE) if row.get("proposal")}
    for table in LETTERS:
        for row in read(here, table):
            _, mark, rest = (row.get("note") or "").rpartition("[proposal ")
            if mark:
                made.add(rest.rstrip("]"))
    return made


def find(here: Settings, name: str) -> Item:
    """A waiting proposal by its id or the beginning of it. LedgerError when there is none, UsageError for several."""
    items = waiting(here)
    found = [item for item in items if item.id == name] or [
        item for item in items if name and item.id.startswith(name)
    ]
    if not found:
        if done := [known for known in _decided(here) if name and known.startswith(name)]:
            raise LedgerError(f"{done[0]} is decided already; see data/raw/manual/{TABLE}.csv")
        raise LedgerError(f"no proposal {shorten(name)!r} waits. List them with: wareconomy claims inbox")
    if len(found) > 1:
        raise UsageError(
            f"{name} is the beginning of {', '.join(item.id for item in found[:5])}; write more of it"
        )
    return found[0]


def accept(here: Settings, name: str, given: Sequence[str], today: date) -> tuple[str, int, dict[str, str]]:
    """Write a proposal as a row of its table: the row's id, its line, and its cells.

    `given` are FIELD=VALUE corrections by a person. Raises InputError with every cell that the table refuses, and writes
    nothing then.
    """
    declared = catalog.load()
    with _alone(here):
        item = find(here, name)
        table = declared.tables[item.table]
        changed = _given(given, [column for column in table.columns if column not in READ_ONLY])
        note = _given([pair for pair in given if pair.startswith("note=")], ["note"])
        cells = {**item.cells, **changed}
        if {"said_on", "signed_on", "known_on"} & set(changed) and "basis" not in changed:
            cells.pop("basis", None)  # a person knows the day; nothing about it is assumed any more
        if item.table == "claims" and "speaker" in changed:
            office = Kept.of(here).office(changed["speaker"], cells.get("said_on", ""))
            cells |= {key: value for key, value in office.items() if key not in changed}
        cells |= {
            "id": handkept.next_id(here.manual / table.file, LETTERS[item.table]),
            "retrieved_on": item.retrieved_on,
        }
        cells["note"] = _note(item, note.get("note", ""), changed)
        said = "; ".join(f"{key}={value}" for key, value in changed.items())
        row = handkept.judged(here, declared, item.table, cells, today)
        decision = _decision(here, item, "accepted", cells["id"], said, today, cells)
        row.write()  # a crash from here on leaves a row whose note has the proposal's id, which counts as decided
        decision.write()
    return cells["id"], row.line, cells


def reject(here: Settings, name: str, why: str, today: date) -> Item:
    """Record that a proposal is no row for the ledger, and why; it does not come back."""
    if not why.strip():
        raise UsageError("say why: --why")
    with _alone(here):
        item = find(here, name)
        _decision(here, item, "rejected", "", why.strip(), today, item.cells).write()
    return item


def _given(pairs: Iterable[str], columns: Sequence[str]) -> dict[str, str]:
    made = {}
    for pair in pairs:
        key, mark, value = pair.partition("=")
        if not mark:
            raise UsageError(f"--set {pair!r}: write FIELD=VALUE")
        if key == "note" and "note" not in columns:
            continue
        if key not in columns:
            raise UnknownName("field", key, columns)
        made[key] = value.strip()
    return made


def _note(item: Item, own: str, changed: Mapping[str, str]) -> str:
    """What a reader of the row must know: a person's words, open doubts, the document, and the proposal's id."""
    settled = {
        "speaker": ("no speaker", "the speaker"),
        "said_on": ("the day of", "the year of"),
        "period_start": ("no period", "the period"),
        "quantity": ("a range",),
    }
    over = tuple(mark for key, marks in settled.items() if changed.get(key) for mark in marks)
    doubts = [why for why in item.why.split("; ") if why and not (over and why.startswith(over))]
    told = [own] if own else []
    read = f"read in document {item.document[:16]}, {item.place}"
    return "; ".join([*told, *doubts, read]) + f" [proposal {item.id}]"


def _decision(
    here: Settings, item: Item, decision: str, row: str, reason: str, today: date, cells: Mapping[str, str]
) -> handkept.Row:
    entry = {
        "proposal": item.id,
        "decision": decision,
        "table": item.table,
        "row": row,
        "document": item.document,
        "place": item.place,
        "reason": reason,
        "decided_on": today.isoformat(),
        "publisher": cells.get("publisher") or item.source,
        "source_url": cells.get("source_url", ""),
        "published_on": cells.get("published_on", ""),
        "retrieved_on": item.retrieved_on,
        "confidence": "primary",
    }
    return handkept.judged(here, catalog.load(), TABLE, entry, today)


def _alone(here: Settings) -> Any:
    """The only right to decide, so that two people never write the same row."""
    from filelock import FileLock

    here.processed.mkdir(parents=True, exist_ok=True)
    return FileLock(str(here.processed / ".inbox.lock"), timeout=10)


def of_document(here: Settings, sha256: str) -> tuple[list[Item], int]:
    """What waits from one document, and how many of its proposals are decided already."""
    found = list(_proposed(here, sha256))
    decided = _decided(here)
    return [item for item in found if item.id not in decided], sum(item.id in decided for item in found)
