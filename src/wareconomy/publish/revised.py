"""What is a first print and what a revision: one rule for the chart, the fiscal table and the list of revisions."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.ledger import query
from wareconomy.model import rounding_unit

if TYPE_CHECKING:
    import duckdb

SLACK = 1e-9
RULE = (
    "A difference within the rounding of the earlier print is no revision: trailing zeros of a whole number "
    "are taken as rounded, so 3,410 is exact to 5 and 5,600 to 50."
)
"""The rule in words."""
BEYOND = f"abs(r.value - r.previous_value) > rounding(p.printed) / 2 + {SLACK}"
"""The rule in SQL, for a row `r` of `revisions` and the print before it, the observation `p`."""
OWN = (
    "NOT EXISTS (SELECT 1 FROM manual.budget_monthly AS m WHERE m.release <> 'preliminary' "
    "AND 'budget_monthly:' || m.file_line = split_part(o.observation, '#', 1))"
)
"""A print `o` that is no correction, no comparison column and no figure somebody else compiled, in SQL."""
_FIRST = (
    "SELECT source, period_start, period_end, observation, value, printed, vintage, basis FROM observations AS o "
    "WHERE series = $series AND vintage <= $day AND status = 'P' AND restates IS NULL AND value IS NOT NULL "
    f"AND {OWN} QUALIFY row_number() OVER (PARTITION BY source, period_start, period_end "
    "ORDER BY vintage, rounding(printed), observation) = 1 ORDER BY period_start, period_end, source"
)


def beyond_rounding(earlier: float, printed: str, later: float) -> bool:
    """Whether a later value differs by more than the rounding of the earlier print explains."""
    return abs(later - earlier) > rounding_unit(printed) / 2 + SLACK


def first_prints(con: duckdb.DuckDBPyConnection, series: str, day: date) -> list[dict[str, Any]]:
    """The publisher's own preliminary release of each period, the earliest of each source, oldest period first.

    A correction, a comparison column and a figure somebody else compiled are no first prints.
    """
    return query.records(con, _FIRST, {"series": series, "day": day})
