"""The last twelve months in one table: money, ground, laws and statements, month by month."""

from __future__ import annotations

from datetime import date, timedelta

from wareconomy.publish import language as lang
from wareconomy.publish.document import Section
from wareconomy.publish.report.desk import Cell, Desk, months_back, note, section, table

MONTHS = 12
ACTS = (
    "SELECT count(DISTINCT act) FROM acts_as_of($day) WHERE jurisdiction = 'ru' AND stage NOT IN ('proposed', 'statement') "
    "AND signed_on LIKE $month"
)
CLAIMS = (
    "SELECT count(*) FROM claims_as_of($day) WHERE side = 'russia' AND variant_of IS NULL AND said_on LIKE $month "
    "AND topic IN ('territory_gain', 'settlement_capture', 'buffer_zone')"
)


def compose(desk: Desk) -> Section:
    """One row a month, newest first; a blank is not known, a nought is a count of nought in the ledger."""
    rows: list[list[Cell]] = []
    for back in range(MONTHS):
        start = months_back(desk.as_of, back)
        after = (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        rows.append(_row(desk, start, after - timedelta(days=1)))
    heads = (
        "Month",
        "Budget balance of the month, bn RUB",
        "Liquid fund at its end, bn RUB",
        "Key rate at its end or now, %",
        "Net change of occupied area, km² (DeepState)",
        "Russian acts signed",
        "Russian statements about territory",
    )
    blocks = [
        *desk.pictures("timeline"),
        table("The last twelve months", heads, rows, (1, 2, 3, 4, 5, 6)),
        note(
            "Columns stand side by side to be read, not to be linked. Acts and statements are counted in "
            "the ledger, which is a selection: a "
            "nought means none was collected. A month whose figure was not known says so."
        ),
    ]
    return section("timeline", "The timeline", blocks)


def _row(desk: Desk, start: date, end: date) -> list[Cell]:
    month = {"month": f"{start:%Y-%m}%"}
    rate = [item for item in desk.figures("ru.key_rate") if item.period.start <= end]
    acts = desk.count(
        f"acts-{start:%Y-%m}", f"Russian acts signed in {lang.month(start)}, one law once", ACTS, month
    )[1]
    claims = desk.count(
        f"statements-{start:%Y-%m}",
        f"Russian statements about territory made in {lang.month(start)}",
        CLAIMS,
        month,
    )[1]
    return [
        lang.month(start),
        desk.plain(desk.at("ru.budget.balance.month", start, end)),
        desk.plain(desk.at("ru.nwf.liquid", end + timedelta(days=1))),
        desk.plain(rate[-1], 2, fixed=True) if rate else lang.NOT_KNOWN,
        desk.plain(desk.at("territory.occupied.deepstate.net_month", start, end), 0, sign=True),
        acts,
        claims,
    ]
