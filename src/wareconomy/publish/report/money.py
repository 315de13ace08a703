"""Energy revenue, reserves and the key rate, the debt: three short sections beside the budget."""

from __future__ import annotations

from datetime import date

from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Fig, Inline, Section
from wareconomy.publish.report.desk import (
    Cell,
    Desk,
    known_since,
    months_back,
    note,
    say,
    section,
    table,
    year_before,
)

MONTHS = 12
DECISIONS = 10
AUCTIONS = 12


def energy(desk: Desk) -> Section:
    """Oil and gas revenue by month, beside the Urals price used for tax."""
    revenue = desk.figures("ru.energy.oil_gas_revenue", months_back(desk.as_of, 18))
    single = [item for item in revenue if item.period.end and (item.period.end - item.period.start).days < 31]
    rows: list[list[Cell]] = []
    for item in reversed(single[-MONTHS:]):
        start, end = item.period.start, item.period.end
        assert end is not None
        urals = desk.at("ru.energy.urals_tax_price", start, end)
        before = next(
            (
                one
                for one in desk.figures("ru.energy.oil_gas_revenue")
                if one.period.start == year_before(start)
                and one.period.end
                and (one.period.end - one.period.start).days < 31
            ),
            None,
        )
        rows.append(
            [
                lang.month(start),
                desk.plain(item),
                desk.plain(before),
                desk.plain(urals, 2, fixed=True),
                known_since(item),
            ]
        )
    heads = (
        "Month",
        "Oil and gas revenue, bn RUB",
        "Same month a year earlier",
        "Urals for tax, USD per barrel",
        "Revenue known since",
    )
    blocks: list[Block | None] = [_energy_sentence(desk)]
    blocks += desk.pictures("energy")
    if rows:
        blocks.append(table("Oil and gas revenue of the federal budget by month", heads, rows, (1, 2, 3)))
    blocks.append(
        note(
            "The Urals price is the monthly average the ministry sets for tax; it is not a market quotation of a day."
        )
    )
    return section("energy", "Fiscal measures: oil and gas", blocks)


def _energy_sentence(desk: Desk) -> Block:
    price = desk.last("ru.energy.urals_tax_price")
    base = desk.last("ru.energy.budget_rule_base_price")
    if price is None or price.value is None:
        return say(f"No Urals price for tax was known on {lang.day(desk.as_of)}.")
    parts = [
        f"The Urals price for tax of {lang.month(price.period.start)} was ",
        desk.fig(price, f"{lang.number(price.value, 2)} dollars a barrel"),
    ]
    if base and base.period.start.year == price.period.start.year:
        parts += [
            "; the budget rule of the year counts with ",
            desk.fig(base, f"{lang.number(base.value, 0)} dollars"),
        ]
    return say(*parts, ".")


def rates(desk: Desk) -> Section:
    """International reserves and the key rate."""
    total = desk.last("ru.reserves.total")
    blocks: list[Block | None] = []
    if total is None:
        blocks.append(say(f"No figure of the international reserves was known on {lang.day(desk.as_of)}."))
    else:
        gold = desk.at("ru.reserves.gold", total.period.start)
        parts = [
            "The newest monthly figure of Russia's international reserves in the ledger is of "
            f"{lang.day(total.period.start)}: ",
            desk.fig(total, lang.readable(total.value, "USD bn")),
        ]
        if gold:
            parts += [", of which gold ", desk.fig(gold, lang.readable(gold.value, "USD bn"))]
        blocks.append(say(*parts, "."))
    blocks += desk.pictures("rates")
    known = desk.figures("ru.key_rate")
    rows: list[list[Cell]] = []
    for item in reversed(known[-DECISIONS:]):
        consensus = desk.at("ru.key_rate.consensus", item.period.start)
        rows.append(
            [
                lang.day(item.period.start),
                desk.plain(item, 2, fixed=True),
                desk.plain(consensus, 2, fixed=True) if consensus else None,
            ]
        )
    if rows:
        heads = ("Decision of", "Key rate, %", "Expected by analysts, %")
        blocks.append(table("Decisions on the key rate", heads, rows, (1, 2)))
    blocks.append(
        note(
            "The liquid assets of the National Wealth Fund are inside the international reserves; adding "
            "the two counts them twice."
        )
    )
    return section("rates", "Fiscal measures: reserves and the key rate", blocks)


def debt(desk: Desk) -> Section:
    """Auctions of federal loan bonds (OFZ)."""
    placed = desk.figures("ru.ofz.placed")
    if not placed:
        nothing = say(f"No bond auction was known on {lang.day(desk.as_of)}.")
        return section("debt", "Fiscal measures: the debt", [nothing, *desk.pictures("debt")])
    last = placed[-1].period.start
    year = {"first": date(last.year, 1, 1), "last": last}
    among = (
        "FROM figures_as_of($day) WHERE series = 'ru.ofz.placed' AND period_start BETWEEN $first AND $last"
    )
    until = f"{last.year} to {lang.day(last)}"
    amount, _ = desk.count(
        f"ofz-placed-{last.year}",
        f"OFZ placed in {until}, bn RUB",
        f"SELECT round(sum(value), 2) {among}",
        year,
    )
    total = Fig(lang.readable(amount, "RUB bn"), f"count:ofz-placed-{last.year}")
    days, days_fig = desk.count(
        f"ofz-days-{last.year}", f"auction days in {until}", f"SELECT count(*) {among}", year
    )
    nil_sql = f"SELECT count(*) {among} AND value = 0"
    _, nil_fig = desk.count(
        f"ofz-nil-{last.year}", f"auction days in {until} with nothing placed", nil_sql, year
    )
    parts: list[Inline] = [
        f"From January to {lang.day(last)} the finance ministry placed federal bonds (OFZ) worth ",
        total,
        " at auction. Of ",
        days_fig,
        f" auction {lang.noun(days, 'day')} in the ledger, ",
        nil_fig,
        " ended without a placement.",
    ]
    rows: list[list[Cell]] = []
    for item in reversed(placed[-AUCTIONS:]):
        day = item.period.start
        demand, share = desk.at("ru.ofz.demand", day), desk.at("ru.ofz.floater_share", day)
        part = (
            desk.fig(share, lang.number(100 * share.value, 0)) if share and share.value is not None else None
        )
        rows.append([lang.day(day), desk.plain(item, 2), desk.plain(demand, 2) if demand else None, part])
    heads = ("Auction day", "Placed, bn RUB", "Demand, bn RUB", "Share of floaters, %")
    return section(
        "debt",
        "Fiscal measures: the debt",
        [
            say(*parts),
            *desk.pictures("debt"),
            table("The newest bond auctions", heads, rows, (1, 2, 3)),
            note("A day with a placement of 0 is one the source marks as failed."),
        ],
    )
