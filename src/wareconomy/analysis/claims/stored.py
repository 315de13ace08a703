"""Checks as the ledger keeps them: read back where the ledger was built for that day by the same rule, judged
anew for any other day.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.claims import checks, rule
from wareconomy.analysis.claims.checks import Check
from wareconomy.analysis.claims.doubt import Doubt
from wareconomy.analysis.claims.evaluate import Judged, Measured
from wareconomy.analysis.claims.measured import Estimate
from wareconomy.analysis.claims.wording import Stated
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb


def all_checks(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Check]:
    """Every statement known on a day, judged twice (`then`, `now`): from the table claim_checks when it holds
    that day and this rule, else computed. Both ways give the same values.
    """
    day = query.as_of_day(con, as_of)
    if query.meta(con)["as_of"] == day.isoformat():
        rows = query.records(con, "SELECT * FROM claim_checks")
        if rows and {row["rule_hash"] for row in rows} == {rule.load().digest}:
            return [of_row(row) for row in rows]
    return checks.check_all(con, day)


def of_row(row: Mapping[str, Any]) -> Check:
    """A check from its row; the inverse of `Check.as_dict`."""
    judged = None
    if row["measured"] is not None:
        sized = Measured(row["measured"], row["measured_low"], row["measured_high"], row["se"], row["branch"])
        judged = Judged(
            row["verdict"], sized, row["ratio"], row["ratio_low"], row["ratio_high"], tuple(row["reasons"])
        )
    elif row["wording"] is not None:
        judged = Judged(row["verdict"], None, None, None, None, tuple(row["reasons"]))
    claim = None
    if row["wording"] is not None:
        high = math.inf if row["claim_high"] is None else row["claim_high"]
        claim = Stated(row["claim_value"], row["claim_low"], high, row["wording"])
    return Check(
        row["claim"],
        row["view"],
        row["as_of"],
        row["verdict"],
        tuple(row["reasons"]),
        row["rule"],
        row["rule_hash"],
        row["quantity"],
        row["unit"],
        claim,
        row["period_start"],
        row["period_end"],
        row["reading"],
        row["months"],
        row["lag_days"],
        tuple(
            Estimate(family, value, _ids(rows), how, grade, bridged)
            for family, value, rows, how, grade, bridged in zip(
                row["families"],
                row["estimates"],
                row["estimate_rows"],
                row["estimate_how"],
                row["grades"],
                row["bridged"],
                strict=True,
            )
        ),
        judged,
        tuple(
            (name, value, verdict, _ids(rows))
            for name, value, verdict, rows in zip(
                row["other_sources"],
                row["other_values"],
                row["other_verdicts"],
                row["other_rows"],
                strict=True,
            )
        ),
        Doubt.of_row(row),
    )


def _ids(joined: str) -> tuple[str, ...]:
    return tuple(joined.split(";")) if joined else ()
