"""The newest operation under the budget rule, and how long the fund would last at it where it is a sale.

The derived series gives a number for the days a sale covered. What a reader asks on a day is the pace announced last: it
may begin after the newest stock of the fund, and there is none while the ministry buys or has suspended operations.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from wareconomy.ledger import query
from wareconomy.model import Period, period

if TYPE_CHECKING:
    import duckdb

DAYS = 30.4375
"""Days of a month, as in the derived series."""
KINDS = {"sell": "sales", "buy": "purchases", "suspended": "no operations"}
_SQL = (
    "SELECT period, direction, value FROM manual.reserve_drawdowns_as_of($day) "
    "WHERE operation = 'budget_rule_fx_gold' AND usable AND direction IN ('sell', 'buy', 'suspended')"
)


@dataclass(frozen=True, slots=True)
class Operation:
    """Currency and gold sold or bought, or operations suspended, over some days; `amount` in bn RUB where printed."""

    kind: str
    period: Period
    amount: float | None

    @property
    def series(self) -> str:
        """The series its amount is a figure of."""
        return f"ru.budget_rule.{self.kind}"

    def months(self, liquid: float) -> float | None:
        """How many months so many liquid assets would last at this pace; None where nothing is sold."""
        if self.kind != "sell" or not self.amount or self.period.end is None:
            return None
        return liquid / (DAYS * self.amount / ((self.period.end - self.period.start).days + 1))


def operations(con: duckdb.DuckDBPyConnection, day: date) -> list[Operation]:
    """What was known of the operations on a day, by their first day; the newest is the last."""
    rows = query.records(con, _SQL, {"day": day})
    found = [Operation(row["direction"], period(row["period"]), row["value"]) for row in rows]
    return sorted(found, key=lambda item: item.period.start)
