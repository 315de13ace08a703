"""How often the rule accuses an honest measurer: AFP's monthly figures from ISW data put in the claimant's
place, DeepState as yardstick.

In-sample: the spread in the rule was fitted on these same months, so the rates are the best the rule can
look. A fair test needs a third family. AFP enters here as a measurer and never as a check of a Russian
statement.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.analysis.claims.checks import honest
from wareconomy.analysis.claims.rule import Rule
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

YARDSTICK = "territory.net.deepstate_mirror_first"
MEASURER = ("territory.published.afp.net_gain", "territory.published.afp.gross_gain")
PREFER_NET = "series LIKE '%net_gain' DESC"
WINDOWS = (1, 2, 3)


def false_alarms(con: duckdb.DuckDBPyConnection, rule: Rule, as_of: date) -> list[dict[str, Any]]:
    """One row per window length with counts of verdicts and of plain ratios above 1.25; lengths without a
    pair are left out.
    """
    names = ", ".join(f"'{name}'" for name in MEASURER)
    sql = (
        "WITH a AS (SELECT period_start, value, observation FROM observations_as_of($day) WHERE series IN "
        f"({names}) AND "
        "value IS NOT NULL "
        "AND day(period_start) = 1 AND period_end = last_day(period_start) "
        f"QUALIFY row_number() OVER (PARTITION BY period_start ORDER BY {PREFER_NET}) = 1), "
        "d AS (SELECT period_start, value, observation FROM observations_as_of($day) WHERE series = "
        f"'{YARDSTICK}' AND "
        "value IS NOT NULL) "
        "SELECT a.period_start, a.value AS one, d.value AS other, a.observation AS one_row, d.observation "
        "AS other_row FROM a JOIN d USING (period_start) ORDER "
        "BY 1"
    )
    rows = query.records(con, sql, {"day": as_of})
    months = {
        row["period_start"].year * 12 + row["period_start"].month: (row["one"], row["other"]) for row in rows
    }
    inputs = [name for row in rows for name in (row["one_row"], row["other_row"])]
    made: list[dict[str, Any]] = []
    for length in WINDOWS:
        pairs = []
        for first in months:
            run = [months.get(first + step) for step in range(length)]
            if all(run):
                kept = [pair for pair in run if pair]
                pairs.append((sum(pair[0] for pair in kept), sum(pair[1] for pair in kept)))
        if pairs:
            made.append({"months": length, **honest(rule, pairs, length), "rows": inputs})
    return made
