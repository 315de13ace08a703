"""Ukraine's side: reserves, financing, debt, aid promised and given. Euro and dollar figures stay apart."""

from __future__ import annotations

from datetime import date

from wareconomy.ledger.query import Figure
from wareconomy.publish import language as lang
from wareconomy.publish.charts.known import early
from wareconomy.publish.document import Block, Inline, Section
from wareconomy.publish.report.desk import Cell, Desk, known_since, note, say, section, table

KIEL = (
    ("total", "All kinds, all donors"),
    ("military", "of which military"),
    ("financial", "of which financial"),
    ("humanitarian", "of which humanitarian"),
    ("europe.total", "Europe"),
    ("eu_institutions.total", "of which EU institutions"),
    ("us.total", "United States"),
)
NEWEST = (
    "ua.financing.external.usd",
    "ua.financing.era",
    "ua.financing.ukraine_facility.usd",
    "ua.financing.eu_loan.total",
    "ua.financing.eu_loan.budget_disbursed",
    "ua.financing.eu_loan.defence_disbursed",
    "ua.financing.external.eur",
    "ua.budget.expenditure",
    "ua.budget.deficit.plan.usd",
    "ua.debt.state_and_guaranteed.usd",
    "ua.debt.state_and_guaranteed.pct_gdp",
)


AHEAD = ("ua.budget.deficit.plan.usd", "ua.financing.eu_loan.total")
"""Plans and agreements: one for a year that has not begun is the newest figure too, and none is ever over early."""


def compose(desk: Desk) -> Section:
    """Reserves, financing table, promised against given, budget support by year."""
    blocks: list[Block | None] = [
        _reserves(desk),
        *desk.pictures("ukraine"),
        _financing(desk),
        *_kiel(desk),
        _support(desk),
    ]
    blocks.append(
        note(
            "Euro and dollar figures are never converted or added. A commitment is a promise, an "
            "allocation is aid set aside for delivery, "
            "a disbursement is money paid. Plans and expectations are not receipts."
        )
    )
    return section("ukraine", "Ukraine's side", blocks)


def _reserves(desk: Desk) -> Block:
    last = desk.last("ua.reserves.total")
    if last is None:
        return say(f"No figure of Ukraine's reserves was known on {lang.day(desk.as_of)}.")
    before = desk.figures("ua.reserves.total")[-2:-1]
    parts: list[Inline] = [
        "Ukraine's international reserves stood at ",
        desk.fig(last, lang.readable(last.value, "USD bn")),
        f" on {lang.day(last.period.start)}, the newest figure in the ledger",
    ]
    if before and before[0].value is not None:
        parts += [
            "; the one before is ",
            desk.fig(before[0], lang.readable(before[0].value, "USD bn")),
            f" on {lang.day(before[0].period.start)}",
        ]
    return say(*parts, ".")


def _financing(desk: Desk) -> Block | None:
    rows: list[list[Cell]] = []
    for series in NEWEST:
        last = _newest(desk, series)
        if last:
            rows.append(
                [
                    desk.title(series),
                    desk.fig(last, decimals=_digits(last)),
                    lang.period(last.period.start, last.period.end) + _early(last),
                    known_since(last),
                ]
            )
    return (
        table(
            "Budget, financing and debt of Ukraine: the newest figure of each",
            ("Measure", "Figure", "Period or day", "Known since"),
            rows,
            (1,),
        )
        if rows
        else None
    )


def _newest(desk: Desk, series: str) -> Figure | None:
    """The newest figure; of a plan the one for the latest year, begun or not."""
    if series not in AHEAD:
        return desk.last(series)
    found = desk.figures(series)
    return max(found, key=lambda item: (item.period.end or date.max, item.period.start), default=None)


def _early(item: Figure) -> str:
    """A mark for money received in a period that was not over when the figure became known."""
    if item.series in AHEAD or not early(item):
        return ""
    return " (not over when the figure became known)"


def _digits(item: Figure) -> int:
    return lang.decimals_of(item.value or 0, 2) if abs(item.value or 0) < 100 else 1


def _kiel(desk: Desk) -> list[Block]:
    rows: list[list[Cell]] = []
    for name, words in KIEL:
        promised, given = _pair(desk, name)
        shown = promised or given
        if shown is None or shown.period.end is None:
            continue
        later = max((item for item in (promised, given) if item), key=lambda item: item.vintage)
        until = lang.day(shown.period.end)
        rows.append([words, desk.plain(promised), desk.plain(given), until, known_since(later)])
    if not rows:
        return []
    total, given = _pair(desk, "total")
    blocks: list[Block] = []
    if total and given and total.value and given.value and total.period.end:
        share = desk.calc(
            "kiel-allocated-share",
            100 * given.value / total.value,
            lang.percent(100 * given.value / total.value),
            "allocations divided by commitments",
            [total.id, given.id],
        )
        blocks.append(
            say(
                "By the count of the Kiel Institute donors had promised ",
                desk.fig(total, lang.readable(total.value, "EUR bn")),
                f" from January 2022 to {lang.month(total.period.end)} and allocated ",
                desk.fig(given, lang.readable(given.value, "EUR bn")),
                " (",
                share,
                " of it).",
            )
        )
    blocks.append(
        table(
            "Aid to Ukraine promised and allocated, bn EUR, cumulative from January 2022",
            ("Donor and kind", "Committed", "Allocated", "Counted to", "Known since"),
            rows,
            (1, 2),
        )
    )
    return blocks


def _pair(desk: Desk, name: str) -> tuple[Figure | None, Figure | None]:
    """Promised and given of the same days, the newest the ledger has; without any, the newer one alone."""
    promised, given = (desk.figures(f"ua.kiel.{kind}.{name}") for kind in ("commitments", "allocations"))
    of_days = {item.period: item for item in given}
    same = [(item, of_days[item.period]) for item in promised if item.period in of_days]
    if same:
        return max(same, key=lambda pair: pair[0].period.end or date.max)
    newest = max([*promised, *given], key=lambda item: item.period.end or date.max, default=None)
    return (newest, None) if newest in promised else (None, newest)


def _support(desk: Desk) -> Block | None:
    years = desk.figures("ua.kiel.financial_disbursements.year")
    rows: list[list[Cell]] = [
        [str(item.period.start.year), desk.plain(item, 2), known_since(item)] for item in reversed(years)
    ]
    return (
        table(
            "Budget support paid to Ukraine by year, bn EUR (Kiel Institute)",
            ("Year", "Paid", "Known since"),
            rows,
            (1,),
        )
        if rows
        else None
    )
