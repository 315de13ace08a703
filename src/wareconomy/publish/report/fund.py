"""The National Wealth Fund: what is left, what changed it, how long it would last at three named paces."""

from __future__ import annotations

from wareconomy.ledger.query import Figure
from wareconomy.publish import language as lang
from wareconomy.publish import rule_pace
from wareconomy.publish.document import Block, Inline, Section
from wareconomy.publish.report.desk import Cell, Desk, months_back, note, say, section, table, year_before

PACES = (
    ("ru.nwf.months_left.last_month", "sales of the month before"),
    ("ru.nwf.months_left.last_12_months", "average sales of the twelve months before"),
    ("ru.nwf.months_left.budget_rule", "currency sales announced under the budget rule"),
)
RULE = "ru.nwf.months_left.budget_rule"
MONTHS = 12


def compose(desk: Desk) -> Section:
    """Stock, change, three paces."""
    liquid = desk.last("ru.nwf.liquid")
    if liquid is None:
        blocks: list[Block | None] = [say(f"No figure of the fund was known on {lang.day(desk.as_of)}.")]
    else:
        blocks = [
            _stock(desk, liquid),
            *desk.pictures("fund"),
            _paces(desk),
            _rule(desk),
            _changes(desk),
            _notes(),
        ]
    return section("fund", "Fiscal measures: the National Wealth Fund", blocks)


def _stock(desk: Desk, liquid: Figure) -> Block:
    day = liquid.period.start
    before = desk.at("ru.nwf.liquid", year_before(day))
    total, yuan, gold = (desk.at(f"ru.nwf.{name}", day) for name in ("total", "yuan", "gold"))
    parts = [
        f"On {lang.day(day)} the liquid part of the fund was worth ",
        desk.fig(liquid, lang.readable(liquid.value, "RUB bn")),
    ]
    if total:
        parts += [" of a total of ", desk.fig(total, lang.readable(total.value, "RUB bn"))]
    if before:
        parts += [
            "; a year earlier the liquid part was worth ",
            desk.fig(before, lang.readable(before.value, "RUB bn")),
        ]
    parts.append(". ")
    if yuan and gold:
        parts += [
            "It held ",
            desk.fig(yuan, lang.readable(yuan.value, "CNY bn")),
            " and ",
            desk.fig(gold),
            " of gold.",
        ]
    return say(*parts)


def _paces(desk: Desk) -> Block | None:
    rows: list[list[Cell]] = []
    for series, pace in PACES:
        last = desk.last(series)
        if series == RULE:
            rows.append(_announced(desk, pace))
            continue
        if last and last.value is not None:
            rows.append(
                [
                    pace[0].upper() + pace[1:],
                    desk.fig(last, lang.number(last.value)),
                    lang.day(last.period.start),
                ]
            )
        else:
            rows.append([pace[0].upper() + pace[1:], lang.NOT_KNOWN, None])
    heads = ("Pace", "Months", "Counted from the assets of")
    return table("How many months the liquid assets would last, by pace", heads, rows, (1,))


def _announced(desk: Desk, pace: str) -> list[Cell]:
    """The row of the pace announced last; none is counted where the newest operation is no sale."""
    name = pace[0].upper() + pace[1:]
    known = rule_pace.operations(desk.con, desk.as_of)
    stock = [item for item in desk.figures("ru.nwf.liquid") if item.period.start.day == 1]
    if not known or not stock:
        return [name, lang.NOT_KNOWN, None]
    newest, liquid = known[-1], stock[-1]
    days = lang.period(newest.period.start, newest.period.end)
    sold = desk.at(newest.series, newest.period.start, newest.period.end)
    months = newest.months(liquid.value or 0)
    if newest.kind != "sell":
        return [name, f"none: {rule_pace.KINDS[newest.kind]} ({days})", None]
    if months is None or sold is None:
        return [name, lang.NOT_KNOWN, None]
    left = desk.calc(
        "nwf-months-announced",
        months,
        lang.number(months),
        f"liquid assets divided by {rule_pace.DAYS} days of the sales announced for {days}",
        [liquid.id, sold.id],
    )
    return [f"{name} ({days})", left, lang.day(liquid.period.start)]


def _rule(desk: Desk) -> Block | None:
    """What followed the last sale under the budget rule, where something did."""
    known = rule_pace.operations(desk.con, desk.as_of)
    sales = [item for item in known if item.kind == "sell" and _amount(desk, item)]
    if not known or not sales or known[-1].kind == "sell":
        return None
    last, newest = sales[-1], known[-1]
    stopped = [item for item in known if item.kind == "suspended" and item.period.start > last.period.start]
    parts: list[Inline | None] = [
        "The last sales the ministry announced under the budget rule were of ",
        _amount(desk, last),
        f" ({_days(last)})",
    ]
    if stopped:
        parts.append(f"; operations were suspended from {lang.day(stopped[-1].period.start)}")
    if newest.kind == "buy":
        since = min(
            item.period.start
            for item in known
            if item.period.start > last.period.start and item.kind == "buy"
        )
        bought = _amount(desk, newest)
        parts.append(f"; the ledger holds purchases from {lang.month(since)} on, the newest")
        parts += [" of ", bought] if bought else []
        parts.append(f" ({_days(newest)})")
    return say(*parts, ". With no newer sale in the ledger, no months are counted at that pace.")


def _amount(desk: Desk, item: rule_pace.Operation) -> Inline | None:
    found = desk.at(item.series, item.period.start, item.period.end)
    return desk.fig(found) if found else None


def _days(item: rule_pace.Operation) -> str:
    return lang.period(item.period.start, item.period.end)


def _changes(desk: Desk) -> Block | None:
    names = ("", ".sales", ".inflows", ".revaluation", ".placements", ".unsplit")
    months = [
        item
        for item in desk.figures("ru.nwf.liquid.change")
        if item.period.start >= months_back(desk.as_of, 18)
    ]
    rows: list[list[Cell]] = []
    for item in reversed(months[-MONTHS:]):
        cells: list[Cell] = [lang.month(item.period.start)]
        for name in names:
            part = desk.at(f"ru.nwf.liquid.change{name}", item.period.start, item.period.end)
            cells.append(desk.plain(part, sign=True) if part else None)
        rows.append(cells)
    if not rows:
        return None
    heads = ("Month", "Change", "Sales", "Inflows", "Revaluation", "Placements and the rest", "Not split")
    return table("What changed the liquid assets, bn RUB", heads, rows, (1, 2, 3, 4, 5, 6))


def _notes() -> Block:
    return note(
        "The assumption about the pace decides the number of months, which is why three are shown and none "
        "is called a forecast. "
        "A pace of nil gives no row. The liquid assets are also part of the international reserves: the "
        "two must never be added. "
        "Where the ministry's split of a month is not known, what is not sales is left unsplit."
    )
