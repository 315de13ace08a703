"""Everything the pages of statements of one day are written from, read once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.analysis import links
from wareconomy.analysis.claims import contradictions, counts, rule, stored
from wareconomy.analysis.claims.checks import Check
from wareconomy.analysis.claims.rule import Rule
from wareconomy.ledger import query
from wareconomy.publish import covered, identifiers

if TYPE_CHECKING:
    import duckdb

WEEK = 7


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything the pages of one day are written from, read once."""

    as_of: date
    dataset: str
    rule: Rule
    rows: Mapping[str, Mapping[str, Any]]
    checks: Mapping[str, tuple[Check, Check]]
    wires: Mapping[str, Sequence[Mapping[str, Any]]]
    misfits: Mapping[str, Sequence[contradictions.Contradiction]]
    acts: Sequence[Mapping[str, Any]]
    share: float | None
    towns: Mapping[str, counts.Town]
    pages: Mapping[str, Sequence[Mapping[str, Any]]]
    days: covered.Days


def read(con: duckdb.DuckDBPyConnection, as_of: date, digest: str) -> Desk:
    """The statements known on a day with their checks, wire versions, contradictions and the acts around them."""
    views: dict[str, dict[str, Check]] = defaultdict(dict)
    for item in stored.all_checks(con, as_of):
        views[item.claim][item.view] = item
    wires: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    sql = "FROM manual.claim_variants_as_of($day) ORDER BY file_line"
    for row in query.records(con, sql, {"day": as_of}):
        wires[row["claim"]].append(row)
    pages: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in query.records(con, "FROM manual.claim_audits_as_of($day) ORDER BY file_line", {"day": as_of}):
        pages[row["claim"]].append(row)
    misfits: dict[str, list[contradictions.Contradiction]] = defaultdict(list)
    for found in contradictions.find(con, as_of):
        for name in found.rows:
            misfits[name.removeprefix("claims:")].append(found)
    near = links.near_dates(con, as_of)
    shares = [rate.share for item in near[:1] for rate in item.rates if rate.days == WEEK]
    claims = query.records(con, "SELECT * FROM claims_as_of($day) ORDER BY file_line", {"day": as_of})
    return Desk(
        as_of,
        identifiers.dataset(as_of, digest),
        rule.load(),
        {row["id"]: row for row in claims},
        {name: (both["then"], both["now"]) for name, both in views.items()},
        wires,
        misfits,
        query.records(con, identifiers.ACTS, {"day": as_of}),
        shares[0] if shares else None,
        {item.row.removeprefix("claims:"): item for item in counts.towns(con, as_of)},
        pages,
        covered.read(con),
    )
