"""The figures at the top: each with its change, its period and the day it became known."""

from __future__ import annotations

from datetime import date

from wareconomy.ledger.query import Figure
from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Inline
from wareconomy.publish.report.desk import Cell, Desk, dated, known_since, note, say, table, year_before

THRESHOLD = "ru.tax.usn_vat_exemption_threshold"
AREA = "territory.occupied.deepstate"
STALE = 200
"""Days behind the newest assets after which a pace of sales is no figure of today."""


def compose(desk: Desk) -> list[Block]:
    """Two or three sentences and one table."""
    rows = [
        *_balance_rows(desk),
        _oil(desk),
        _fund(desk),
        _months_left(desk),
        _key_rate(desk),
        _reserves(desk),
        *_area_rows(desk),
        *_threshold_rows(desk),
    ]
    lead = [_balance_sentence(desk), _fund_sentence(desk), _area_sentence(desk), _threshold_sentence(desk)]
    heads = ("Measure", "Newest figure", "Period or day", "Compared with", "Known since")
    return [
        *(say(*parts) for parts in lead if parts),
        table("The newest figures and what they are compared with", heads, rows),
        note(
            "Each figure is the newest known on ",
            lang.day(desk.as_of),
            ". “Day assumed” marks figures whose page shows no date. Monthly budget figures are usually revised "
            "later: where the first print of a year earlier is held, it stands beside.",
        ),
    ]


def balance_words(value: float) -> str:
    """`deficit` or `surplus`."""
    return "deficit" if value < 0 else "surplus"


def _year_before(desk: Desk, figure: Figure) -> Figure | None:
    start, end = figure.period.start, figure.period.end
    assert end is not None
    if end.month == 2:
        last = date(end.year - 1, 3, 1).toordinal() - 1
        return desk.at(figure.series, year_before(start), date.fromordinal(last))
    return desk.at(figure.series, year_before(start), year_before(end))


def _balance_sentence(desk: Desk) -> list[Inline]:
    now = desk.last("ru.budget.balance")
    if now is None or now.value is None or now.period.end is None:
        return [f"No balance of the federal budget of Russia was known on {lang.day(desk.as_of)}."]
    parts: list[Inline] = [
        f"The federal budget of Russia ran a {balance_words(now.value)} of ",
        desk.fig(now, lang.readable(abs(now.value), "RUB bn")),
        f" in {lang.period(now.period.start, now.period.end)}",
    ]
    plan = desk.at(
        "ru.budget.balance.plan", date(now.period.end.year, 1, 1), date(now.period.end.year, 12, 31)
    )
    used = desk.at("ru.budget.balance.plan_used", now.period.start, now.period.end)
    if plan and plan.value is not None and used and used.value is not None:
        whole = now.period.end.month == 12
        parts += [
            ", ",
            desk.fig(used, lang.percent(used.value)),
            f" of the {'' if whole else 'full-year '}{balance_words(plan.value)} of ",
            desk.fig(plan, lang.readable(abs(plan.value), "RUB bn")),
            " set by the budget law",
        ]
    parts.append(". ")
    before = _year_before(desk, now)
    if before and before.value is not None:
        first = desk.first_print(before)
        months = "the year before" if now.period.end.month == 12 else "the same months a year earlier"
        stands = lang.readable(abs(before.value), "RUB bn")
        printed = lang.readable(abs(first["value"]), "RUB bn") if first else stands
        parts.append(f"The {balance_words(before.value)} of {months} ")
        if first and printed != stands:
            then = desk.known(first["observation"], printed, first["vintage"], first["basis"])
            parts += ["was first printed as ", then, " and now stands at ", desk.fig(before, stands), "."]
        else:
            parts += ["was ", desk.fig(before, stands), "."]
    return parts


def _fund_sentence(desk: Desk) -> list[Inline]:
    liquid = desk.last("ru.nwf.liquid")
    if liquid is None or liquid.value is None:
        return []
    parts: list[Inline] = [
        "The liquid part of the National Wealth Fund was worth ",
        desk.fig(liquid, lang.readable(liquid.value, "RUB bn")),
        f" on {lang.day(liquid.period.start)}",
    ]
    rate = desk.last("ru.key_rate")
    if rate:
        parts += ["; the key rate of the Bank of Russia is ", desk.fig(rate, lang.percent(rate.value, 2))]
    return [*parts, "."]


def _area_sentence(desk: Desk) -> list[Inline]:
    stock, net = desk.last(AREA), desk.last(f"{AREA}.net_month")
    if stock is None or net is None or net.value is None:
        return []
    return [
        "On the DeepState map ",
        desk.fig(stock, lang.km2(stock.value)),
        f" of Ukraine were occupied (map file of {lang.day(stock.period.start)}), Crimea included; the last full month "
        f"in the ledger, {lang.month(net.period.start)}, brought a net change of ",
        desk.fig(net, f"{lang.signed(net.value)}{lang.NO_BREAK}km²"),
        ".",
    ]


def threshold(desk: Desk, year: int) -> Figure | None:
    """The VAT exemption threshold for small firms in a year, as the law stands."""
    return desk.at(THRESHOLD, date(year, 1, 1), date(year, 12, 31))


def _threshold_sentence(desk: Desk) -> list[Inline]:
    this, then = threshold(desk, desk.as_of.year), threshold(desk, desk.as_of.year + 1)
    if then is None:
        return []
    parts: list[Inline] = [
        "As the law stands, small firms on the simplified tax are free of VAT up to a yearly income of "
    ]
    if this is not None and this.value == then.value:
        parts += [desk.fig(this, lang.readable(this.value, "RUB mn")), f" in {desk.as_of.year} and "]
        parts += [desk.fig(then, f"{lang.number(then.value)} million"), f" in {desk.as_of.year + 1}."]
    elif this is not None:
        parts += [desk.fig(this, lang.readable(this.value, "RUB mn")), f" in {desk.as_of.year} and up to "]
        parts += [desk.fig(then, lang.readable(then.value, "RUB mn")), f" in {desk.as_of.year + 1}."]
    else:
        parts += [desk.fig(then, lang.readable(then.value, "RUB mn")), f" from {desk.as_of.year + 1}."]
    return parts


# ---------------------------------------------------------------------------- rows of the table


def _missing(measure: str) -> list[Cell]:
    return [measure, lang.NOT_KNOWN, None, None, None]


def _balance_rows(desk: Desk) -> list[list[Cell]]:
    now = desk.last("ru.budget.balance")
    if now is None or now.period.end is None:
        return [_missing("Federal budget balance of Russia")]
    span = lang.period(now.period.start, now.period.end)
    year = now.period.end.year
    plan = desk.at("ru.budget.balance.plan", date(year, 1, 1), date(year, 12, 31))
    used = desk.at("ru.budget.balance.plan_used", now.period.start, now.period.end)
    against: Cell = None
    if plan:
        share: list[Inline] = [" (", desk.fig(used, lang.percent(used.value)), " used)"] if used else []
        against = [f"plan of the year {year}: ", desk.fig(plan), *share]
    rows: list[list[Cell]] = [
        ["Federal budget balance of Russia", desk.fig(now), span, against, known_since(now)]
    ]
    before = _year_before(desk, now)
    if before and before.period.end:
        first = desk.first_print(before)
        then: Cell = None
        if first and first["value"] != before.value:
            then = [
                "first print: ",
                desk.printed(first, "RUB bn"),
                f", {dated(first['vintage'], first['basis'])}",
            ]
        when = lang.period(before.period.start, before.period.end)
        rows.append(["The same, a year earlier", desk.fig(before), when, then, known_since(before)])
    return rows


def _oil(desk: Desk) -> list[Cell]:
    now = desk.last("ru.budget.revenue_oil_gas")
    if now is None:
        return _missing("Oil and gas revenue of the federal budget")
    month = desk.last("ru.energy.oil_gas_revenue")
    if month and month.period.end and now.period.end and month.period.end > now.period.end:
        now = month
    before = _year_before(desk, now)
    span = lang.period(now.period.start, now.period.end)
    against: Cell = ["a year earlier: ", desk.fig(before)] if before else None
    return ["Oil and gas revenue of the federal budget", desk.fig(now), span, against, known_since(now)]


def _fund(desk: Desk) -> list[Cell]:
    now = desk.last("ru.nwf.liquid")
    if now is None:
        return _missing("National Wealth Fund, liquid part")
    start = now.period.start
    before = desk.at("ru.nwf.liquid", year_before(start))
    against: Cell = ["a year earlier: ", desk.fig(before)] if before else None
    return ["National Wealth Fund, liquid part", desk.fig(now), lang.day(start), against, known_since(now)]


def _months_left(desk: Desk) -> list[Cell]:
    name = "Months of liquid assets at the sales of the last twelve months"
    now = desk.last("ru.nwf.months_left.last_12_months")
    if now is None or now.value is None:
        return _missing(name)
    liquid = desk.last("ru.nwf.liquid")
    if liquid and (liquid.period.start - now.period.start).days > STALE:
        known = (
            f"sales of later months are not in the ledger; the last pace is of {lang.day(now.period.start)}"
        )
        return [name, lang.NOT_KNOWN, lang.day(liquid.period.start), known, None]
    late = (
        " (sales of later months are not printed yet)"
        if liquid and liquid.period.start > now.period.start
        else ""
    )
    words = lang.plural(round(now.value), "month")
    return [
        name,
        desk.fig(now, words),
        lang.day(now.period.start),
        f"one of several paces; see the fund{late}",
        known_since(now),
    ]


def _key_rate(desk: Desk) -> list[Cell]:
    known = desk.figures("ru.key_rate")
    if not known:
        return _missing("Key rate of the Bank of Russia")
    now = known[-1]
    earlier = next((item for item in reversed(known) if item.value != now.value), None)
    since = next((item for item in known if earlier is None or item.period.start > earlier.period.start), now)
    against: Cell = ["before: ", desk.fig(earlier, lang.percent(earlier.value, 2))] if earlier else None
    when = f"since {lang.day(since.period.start)}; last decision {lang.day(now.period.start)}"
    return [
        "Key rate of the Bank of Russia",
        desk.fig(now, lang.percent(now.value, 2)),
        when,
        against,
        known_since(now),
    ]


def _reserves(desk: Desk) -> list[Cell]:
    counts = [item for item in map(desk.last, ("ru.reserves.total", "ru.reserves.total.weekly")) if item]
    if not counts:
        return _missing("International reserves of Russia")
    now = max(counts, key=lambda item: item.period.start)  # of one day the month's, which is more exact
    before = _about_a_year_before(desk, now)
    against: Cell = None
    if before:
        same = before.period.start == year_before(now.period.start)
        when = "a year earlier" if same else f"on {lang.day(before.period.start)}"
        against = [f"{when}: ", desk.fig(before)]
    return [
        "International reserves of Russia",
        desk.fig(now),
        lang.day(now.period.start),
        against,
        known_since(now),
    ]


def _about_a_year_before(desk: Desk, figure: Figure) -> Figure | None:
    """The figure of the same series nearest to a year before, at most half a week off: the end of a week moves."""
    day = year_before(figure.period.start)
    near = [item for item in desk.figures(figure.series) if abs((item.period.start - day).days) <= 3]
    return min(near, key=lambda item: abs((item.period.start - day).days), default=None)


def _area_rows(desk: Desk) -> list[list[Cell]]:
    stock, net = desk.last(AREA), desk.last(f"{AREA}.net_month")
    if stock is None:
        return [_missing("Occupied area of Ukraine, DeepState map")]
    when = f"map file of {lang.day(stock.period.start)}"
    before = desk.at(AREA, year_before(stock.period.start))
    against: Cell = ["a year earlier: ", desk.fig(before, lang.km2(before.value))] if before else None
    rows: list[list[Cell]] = [
        [
            "Occupied area of Ukraine, DeepState map",
            desk.fig(stock, lang.km2(stock.value)),
            when,
            against,
            known_since(stock),
        ]
    ]
    if net and net.value is not None:
        earlier = desk.figures(f"{AREA}.net_month")[-2:-1]
        change = f"{lang.signed(net.value)}{lang.NO_BREAK}km²"
        words: Cell = None
        if earlier and earlier[0].value is not None:
            words = [
                "month before: ",
                desk.fig(earlier[0], f"{lang.signed(earlier[0].value)}{lang.NO_BREAK}km²"),
            ]
        rows.append(
            [
                "Net change of it, last full month in the ledger",
                desk.fig(net, change),
                lang.month(net.period.start),
                words,
                known_since(net),
            ]
        )
    return rows


def _threshold_rows(desk: Desk) -> list[list[Cell]]:
    rows: list[list[Cell]] = []
    for year in (desk.as_of.year, desk.as_of.year + 1):
        now = threshold(desk, year)
        name = "VAT exemption threshold, firms on the simplified tax"
        if now is None:
            rows.append([name, "none known in law", str(year), None, None])
            continue
        first = desk.first_print(now)
        against: Cell = None
        if first and first["value"] != now.value:
            against = ["in the law before: ", desk.printed(first, "RUB mn")]
        rows.append(
            [name, desk.fig(now, lang.amount(now.value, "RUB mn", 0)), str(year), against, known_since(now)]
        )
    return rows
