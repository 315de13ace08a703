"""Statements about territory beside what mappers measured over the same days. Division, never a verdict."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any

from wareconomy.ledger.query import Figure
from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Fig, Inline, Section
from wareconomy.publish.report.desk import (
    Cell,
    Desk,
    months_back,
    note,
    quote,
    say,
    section,
    table,
    year_before,
)
from wareconomy.publish.report.territory import method_break

STOCK = "territory.occupied.deepstate"
WIDE = 4
"""A statement about fewer oblasts than this is about a part of the front and is not set beside a map of the whole."""
MONTHLY = (("territory.net.isw", "ISW (The Economist)"), ("territory.net.liveuamap", "Liveuamap (NZZ)"))
ISW_PRINTS = ("territory.published.isw.net_gain", "territory.published.isw.gross_gain")
SLACK = timedelta(days=3)
QUALIFIER = re.compile(
    r"\b(more than|over|at least|about|around|roughly|nearly|almost|up to)\s+[\d,.]", re.IGNORECASE
)
WORDS = {"over": "more than", "around": "about", "roughly": "about", "almost": "nearly"}
DECEMBER = date(2025, 12, 1)


def compose(desk: Desk) -> Section:
    """The December 2025 story, the year 2025, the table of statements, Ukraine's statements."""
    claims = _area_claims(desk)
    if not claims:
        nothing = say(f"No statement about ground taken was known on {lang.day(desk.as_of)}.")
        return section("claims", "Claims against measurements", [nothing, *desk.pictures("claims")])
    blocks: list[Block | None] = [
        say(
            "Officials say how much ground was taken; mappers measure how much the occupied area changed. "
            "Below, each statement stands "
            "beside the maps of the same days, with the plain quotient of the two. A statement counts "
            "ground taken; a map gives the net "
            "change, so ground lost again lowers the map and not the statement."
        ),
        *_december(desk, claims),
        *_year(desk, claims),
        *desk.pictures("claims"),
        _statements(desk, claims),
        _ukrainian(desk, claims),
        note(
            "AFP's series counts areas that Moscow claims: it cannot check a Russian statement and is not used here. "
            "“Single source” means that one page was read for the statement; a second is needed before it "
            "is printed as fact. "
            "The DeepState map is read over the very days of the statement; the day at which a map is cut "
            "moves a month by up to "
            "59 km², and a part of a month may show more than the whole. ISW is its own print for the same "
            "days, give or take "
            "three, else the months The Economist kept of its map. Where no figure covers the days, the cell stays empty."
        ),
    ]
    return section("claims", "Claims against measurements", blocks)


def _area_claims(desk: Desk) -> list[dict[str, Any]]:
    sql = (
        "SELECT * FROM claims_as_of($day) WHERE topic = 'territory_gain' AND unit = 'km2' AND quantity IS NOT NULL "
        "AND side IN ('russia', 'ukraine') AND length(said_on) = 10 ORDER BY said_on, id"
    )
    return desk.rows(sql)


def qualified(row: dict[str, Any]) -> str:
    """The quantity with the word it was said with: `more than 700 km²`."""
    found = QUALIFIER.search(row["summary"] or "")
    word = found.group(1).lower() if found else ""
    return f"{WORDS.get(word, word)} {lang.km2(row['quantity'], lang.decimals_of(row['quantity']))}".strip()


def source_word(row: dict[str, Any]) -> str:
    """Whether a second page confirms the statement."""
    return "second source" if row["second_source"] else "single source"


def window(row: dict[str, Any]) -> tuple[date, date] | None:
    """The days a statement is about, when both ends are days."""
    if not row["period_start"] or not row["period_end"]:
        return None
    if len(row["period_start"]) != 10 or len(row["period_end"]) != 10:
        return None
    return date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])


def deepstate(desk: Desk, start: date, end: date) -> tuple[float, Fig] | None:
    """Net change on the DeepState map over these days.

    A whole month or year is the derived series (files of the 2nd), which reproduces DeepState's own figures. Other
    days run from the file of the first day, which shows the evening before, to the file of the day after the last;
    where a file is missing, the next day's stands in.
    """
    for kind in ("net_month", "net_year"):
        whole = desk.at(f"{STOCK}.{kind}", start, end)
        if whole and whole.value is not None:
            return whole.value, desk.known(
                whole.id, lang.km2(whole.value), whole.vintage, whole.basis, whole.value
            )
    first, last = _map_file(desk, start), _map_file(desk, end + timedelta(days=1))
    if first is None or last is None or first.value is None or last.value is None:
        return None
    value = last.value - first.value
    name = f"deepstate-{start.isoformat()}-{end.isoformat()}"
    formula = f"occupied area in the map file of {last.period.start} minus that of {first.period.start}"
    return value, desk.calc(name, value, lang.km2(value), formula, [last.id, first.id])


def _map_file(desk: Desk, day: date) -> Figure | None:
    return desk.at(STOCK, day) or desk.at(STOCK, day + timedelta(days=1))


def isw(desk: Desk, start: date, end: date) -> tuple[float, Fig] | None:
    """What ISW itself printed for these days, give or take three, else the months The Economist kept of its map."""
    for series in ISW_PRINTS:
        for item in desk.figures(series):
            last = item.period.end or item.period.start
            if (
                abs(item.period.start - start) <= SLACK
                and abs(last - end) <= SLACK
                and item.value is not None
            ):
                words = lang.km2(item.value, lang.decimals_of(item.value))
                return item.value, desk.known(item.id, words, item.vintage, item.basis, item.value)
    return monthly(desk, MONTHLY[0][0], start, end)


def monthly(desk: Desk, series: str, start: date, end: date) -> tuple[float, Fig] | None:
    """A mapper's net change over the whole months a statement covers; None when it does not cover whole months."""
    month_end = (end.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    if start.day != 1 or (month_end - end).days > 2 or method_break(desk, series, start, month_end):
        return None
    months, day = [], start
    while day <= end:
        after = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        months.append(desk.at(series, day, after - timedelta(days=1)))
        day = after
    values = [item.value for item in months if item is not None and item.value is not None]
    if len(values) != len(months) or not months:
        return None
    if len(months) == 1 and months[0] is not None:
        made = desk.fig(months[0], lang.km2(months[0].value))
        assert isinstance(made, Fig)
        return values[0], made
    total = sum(values)
    inputs = [item.id for item in months if item]
    name = f"{series.rsplit('.', 1)[1]}-{start:%Y-%m}-{end:%Y-%m}"
    return total, desk.calc(name, total, lang.km2(total), "sum of the monthly net changes", inputs)


def quotient(
    desk: Desk, row: dict[str, Any], measured: tuple[float, Fig], name: str, digits: int = 1
) -> Inline | None:
    """Statement divided by measurement, both named; nothing where the measurement is not above zero."""
    if measured[0] <= 0:
        return None
    value = row["quantity"] / measured[0]
    words = lang.number(value, digits)
    formula = f"{row['id']}: stated area divided by the area measured"
    return desk.calc(f"ratio-{row['id']}-{name}", value, words, formula, [f"claims:{row['id']}", measured[1]])


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _december(desk: Desk, claims: list[dict[str, Any]]) -> list[Block]:
    """Gerasimov's December 2025 beside each map."""
    row = next(
        (
            item
            for item in claims
            if item["period_start"] == DECEMBER.isoformat()
            and item["speaker"] == "Valery Gerasimov"
            and item["said_on"].startswith("2025-12")
            and not item["variant_of"]
        ),
        None,
    )
    days = window(row) if row else None
    if row is None or days is None:
        return []
    said = date.fromisoformat(row["said_on"])
    parts: list[Inline] = [
        f"December 2025. On {lang.day(said)} {row['speaker']}, {row['role'][0].lower() + row['role'][1:]}, said that ",
        desk.row("claims", row, qualified(row)),
        f" had been taken in December ({source_word(row)}).",
    ]
    same = deepstate(desk, *days)
    if same:
        parts += [f" {_capital(lang.during(*days))} the occupied area on the DeepState map grew by ", same[1]]
        if ratio := quotient(desk, row, same, "deepstate"):
            parts += [" (quotient ", ratio, ")"]
        parts.append(".")
    whole = (DECEMBER, date(2025, 12, 31))
    full = desk.at(f"{STOCK}.net_month", *whole)
    if full and full.value is not None:
        made = desk.fig(full, lang.km2(full.value))
        assert isinstance(made, Fig)
        parts += [" Over the whole month it grew by ", made]
        if ratio := quotient(desk, row, (full.value, made), "deepstate-month"):
            parts += [" (", ratio, ")"]
        for series, name in MONTHLY:
            found = monthly(desk, series, *whole)
            if found:
                parts += [f", on the map of {name} by ", found[1]]
                if ratio := quotient(desk, row, found, series.rsplit(".", 1)[1]):
                    parts += [" (", ratio, ")"]
        parts.append(f". The {lang.number(row['quantity'])} stated are more than any of these maps shows.")
    measured = [found[0] for series, _ in MONTHLY if (found := monthly(desk, series, *whole))]
    measured += [full.value] if full and full.value is not None else []
    if parts[-1] != "." and measured and max(measured) >= row["quantity"]:
        parts[-1] = "."
    if not measured and not same:
        parts.append(" No map of these days was known yet.")
    return [say(*parts)]


def _year(desk: Desk, claims: list[dict[str, Any]]) -> list[Block]:
    """One statement about 2025 that the wires carried with two figures."""
    row = next(
        (
            item
            for item in claims
            if item["period_start"] == "2025-01-01"
            and item["said_on"] == "2025-12-29"
            and not item["variant_of"]
            and item["speaker"] == "Valery Gerasimov"
        ),
        None,
    )
    other = next((item for item in claims if row and item["variant_of"] == row["id"]), None)
    days = window(row) if row else None
    if row is None or days is None:
        return []
    parts: list[Inline] = [
        "The year 2025. At the same meeting he spoke of ",
        desk.row("claims", row, lang.km2(row["quantity"])),
        " taken in 2025",
    ]
    if other:
        parts += [
            " in the first version of the wire report and of ",
            desk.row("claims", other, lang.km2(other["quantity"])),
            " in a later version of the same report. The two differ by a swap of digits; which one was "
            "said is not settled here, and both are kept",
        ]
    parts.append(f" ({source_word(row)}).")
    same = deepstate(desk, *days)
    if same:
        parts += [f" {_capital(lang.during(*days))} the occupied area on the DeepState map grew by ", same[1]]
        made = [quotient(desk, item, same, "deepstate-year", 2) for item in (row, other) if item]
        ratios = [item for item in made if item]
        if ratios:
            parts += [" (quotient ", ratios[0], *([" or ", ratios[1]] if len(ratios) > 1 else []), ")"]
        parts.append(".")
    own = desk.at("territory.published.deepstate.occupied_increase", date(2025, 1, 1), date(2025, 12, 31))
    if own:
        parts += [" DeepState itself printed ", desk.fig(own, lang.km2(own.value)), " for the year."]
    sums = [(name, monthly(desk, series, date(2025, 1, 1), date(2025, 12, 31))) for series, name in MONTHLY]
    known = [(name, found) for name, found in sums if found]
    if known:
        parts.append(" The twelve monthly figures add up to ")
        for place, (name, found) in enumerate(known):
            parts += [" and to " if place else "", found[1], f" on the map of {name}"]
        parts.append(".")
    return [say(*parts)]


def _statements(desk: Desk, claims: list[dict[str, Any]]) -> Block | None:
    since = months_back(desk.as_of, 24).isoformat()
    rows: list[list[Cell]] = []
    for row in reversed(claims):
        days = window(row)
        if (
            row["side"] != "russia"
            or row["said_on"] < since
            or days is None
            or len(row["regions"] or []) < WIDE
        ):
            continue
        if not all(region.startswith("UA-") for region in row["regions"]):
            continue
        measured = deepstate(desk, *days)
        ratio = quotient(desk, row, measured, "deepstate") if measured else None
        others = [
            found[1] if found else None for found in (isw(desk, *days), monthly(desk, MONTHLY[1][0], *days))
        ]
        rows.append(
            [
                lang.partial(row["said_on"]),
                quote(row["speaker"]),
                desk.row("claims", row, qualified(row)),
                lang.period(*days),
                measured[1] if measured else lang.NOT_KNOWN,
                ratio,
                *others,
                source_word(row) + (", other wire version" if row["variant_of"] else ""),
            ]
        )
    if not rows:
        return None
    heads = (
        "Said on",
        "Speaker",
        "Stated",
        "About",
        "DeepState map, same days",
        "Stated ÷ DeepState",
        "ISW",
        "Liveuamap (NZZ)",
        "Sources",
    )
    return table("Russian statements about the whole front beside the maps", heads, rows, (2, 4, 5, 6, 7))


def _ukrainian(desk: Desk, claims: list[dict[str, Any]]) -> Block | None:
    since = year_before(desk.as_of).isoformat()
    rows: list[list[Cell]] = []
    for row in reversed(claims):
        if row["side"] != "ukraine" or row["said_on"] <= since or row["speaker"] == "DeepState":
            continue
        days = window(row)
        about = lang.period(*days) if days else "days not stated"
        rows.append(
            [
                lang.partial(row["said_on"]),
                quote(row["speaker"]),
                desk.row("claims", row, qualified(row)),
                about,
                quote(row["summary"]),
                source_word(row),
            ]
        )
    if not rows:
        return None
    heads = ("Said on", "Speaker", "Stated", "About", "What", "Sources")
    return table(
        "Ukrainian statements about ground regained: no map of the same ground is in the ledger",
        heads,
        rows,
        (2,),
    )
