"""Tax parameters: the story of the VAT threshold for small firms, law by law, and the rates in force."""

from __future__ import annotations

from datetime import date
from typing import Any

from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Section
from wareconomy.publish.report.desk import Cell, Desk, note, say, section, table

PARAMETER = "usn_vat_exemption_threshold"
SERIES = f"ru.tax.{PARAMETER}"
TITLE = "Fiscal measures: taxes and the VAT threshold"
OTHERS = (
    ("ru.tax.vat_standard_rate", "VAT, standard rate"),
    ("ru.tax.usn_vat_special_rate_5_band_rate", "VAT of firms on the simplified tax, lower special rate"),
    ("ru.tax.usn_vat_special_rate_5_band_upper", "… on yearly income up to"),
    ("ru.tax.usn_vat_special_rate_7_band_rate", "VAT of firms on the simplified tax, higher special rate"),
    ("ru.tax.usn_vat_special_rate_7_band_upper", "… on yearly income up to"),
    ("ru.tax.usn_income_ceiling", "Income ceiling of the simplified tax"),
)


def compose(desk: Desk) -> Section:
    """Schedules by law side by side, the proposal apart, the other parameters."""
    laws = _laws(desk)
    blocks: list[Block | None] = [
        *_story(desk, laws),
        *_proposals(desk, laws),
        *desk.pictures("tax"),
        _schedule(desk, laws),
        _others(desk),
    ]
    if not laws:
        return section("tax", TITLE, blocks)
    blocks.append(
        note(
            "The year is the year in which a threshold applies. It is tested on the income of the year "
            "before and again on the income "
            "of the running year; the table holds the first test. The text on the official portal itself was not checked.",
            " A freeze at 20 million is milder than the schedule before it and still a third of the "
            "threshold of 2025: any word for it "
            "needs its baseline named."
            if len(laws) > 2
            else "",
        )
    )
    return section("tax", TITLE, blocks)


def _laws(desk: Desk) -> list[dict[str, Any]]:
    """Enacted laws on the threshold, oldest first, each with its schedule by year of application."""
    sql = (
        "SELECT observation, year(period_start) AS year, value, vintage, basis, edition FROM observations "
        "WHERE series = $series AND source = 'ru_law' AND vintage <= $day AND value IS NOT NULL ORDER BY "
        "vintage, year, observation"
    )
    laws: dict[tuple[date, str], list[dict[str, Any]]] = {}
    for row in desk.rows(sql, {"series": SERIES}):
        laws.setdefault((row["vintage"], row["edition"]), []).append(row)
    return [{"signed": key[0], "number": key[1], "rows": rows} for key, rows in laws.items()]


def _steps(desk: Desk, rows: list[dict[str, Any]]) -> list[Any]:
    """`20 million roubles from 2026, 15 million from 2027 …` of a schedule."""
    parts: list[Any] = []
    last = None
    for row in rows:
        if row["value"] == last:
            continue
        words = (
            lang.readable(row["value"], "RUB mn") if last is None else f"{lang.number(row['value'])} million"
        )
        fig = desk.known(row["observation"], words, row["vintage"], row["basis"], row["value"])
        parts += [
            ", " if parts else "",
            fig,
            f" from {row['year']}" if len(rows) > 1 else f" in {row['year']}",
        ]
        last = row["value"]
    return parts


def _story(desk: Desk, laws: list[dict[str, Any]]) -> list[Block]:
    if not laws:
        return [
            say(
                "No law with a VAT threshold for firms on the simplified tax was known on "
                f"{lang.day(desk.as_of)}."
            )
        ]
    blocks: list[Block] = []
    for place, law in enumerate(laws):
        verb = "set the threshold at" if place == 0 else "set a new schedule:"
        held = " It is the schedule the law holds now." if law is laws[-1] else ""
        blocks.append(
            say(
                f"Law {law['number']}, signed on {lang.day(law['signed'])}, {verb} ",
                *_steps(desk, law["rows"]),
                ".",
                held,
            )
        )
    if len(laws) > 1:
        blocks.extend(_overtaken(desk, laws))
    return blocks


def _overtaken(desk: Desk, laws: list[dict[str, Any]]) -> list[Block]:
    """Values that were law and were replaced before their year began."""
    new, old = laws[-1], laws[-2]
    now = {row["year"]: row for row in new["rows"]}
    for row in old["rows"]:
        later = now.get(row["year"])
        if later and later["value"] != row["value"] and date(row["year"], 1, 1) > new["signed"]:
            was = desk.known(
                row["observation"], lang.readable(row["value"], "RUB mn"), row["vintage"], row["basis"]
            )
            is_now = desk.known(
                later["observation"],
                lang.readable(later["value"], "RUB mn"),
                later["vintage"],
                later["basis"],
            )
            text = (
                f"For {row['year']} the law said ",
                was,
                f" from {lang.day(old['signed'])} and says ",
                is_now,
                f" since {lang.day(new['signed'])}: the lower value was law and never applied."
                if later["value"] > row["value"]
                else f" since {lang.day(new['signed'])}.",
            )
            return [say(*text)]
    return []


def _proposals(desk: Desk, laws: list[dict[str, Any]]) -> list[Block]:
    sql = (
        "SELECT * FROM manual.provisions_as_of($day) WHERE parameter = $parameter AND stage = 'proposed' "
        "ORDER BY known, file_line"
    )
    blocks: list[Block] = []
    for row in desk.rows(sql, {"parameter": PARAMETER}):
        value = desk.known(
            f"provisions:{row['file_line']}",
            lang.readable(row["value"], "RUB mn"),
            row["known"],
            row["basis"] or "published",
        )
        later = next((law for law in laws if law["signed"] > row["known"]), None)
        outcome = (
            f"The law signed on {lang.day(later['signed'])} set another schedule."
            if later
            else f"On {lang.day(desk.as_of)} it is a proposal, not law."
        )
        verb = "would have set" if later else "would set"
        blocks.append(
            say(
                f"A proposal, not law: the {row['law_number'] or 'bill'} of {lang.day(row['known'])} {verb} ",
                value,
                f" from {row['valid_from'].year} at once. ",
                outcome,
            )
        )
    return blocks


def _schedule(desk: Desk, laws: list[dict[str, Any]]) -> Block | None:
    if not laws:
        return None
    years = sorted({row["year"] for law in laws for row in law["rows"]})
    rows: list[list[Cell]] = []
    for year in years:
        cells: list[Cell] = [str(year)]
        for law in laws:
            row = next((item for item in law["rows"] if item["year"] == year), None)
            cells.append(
                desk.known(
                    row["observation"], lang.number(row["value"]), row["vintage"], row["basis"], row["value"]
                )
                if row
                else None
            )
        stands = desk.at(SERIES, date(year, 1, 1), date(year, 12, 31))
        cells.append(desk.plain(stands, 0))
        rows.append(cells)
    heads = (
        "Year",
        *(f"Law {law['number']}, {lang.day(law['signed'])}" for law in laws),
        "As the law stands",
    )
    numeric = tuple(range(1, len(heads)))
    return table(
        "VAT exemption threshold by law and year of application, mn RUB of yearly income",
        heads,
        rows,
        numeric,
    )


def _others(desk: Desk) -> Block | None:
    years = (desk.as_of.year - 1, desk.as_of.year)
    rows: list[list[Cell]] = []
    for series, name in OTHERS:
        found = [desk.at(series, date(year, 1, 1), date(year, 12, 31)) for year in years]
        if any(found):
            unit = desk.unit(series)
            rows.append(
                [
                    name,
                    *(
                        desk.fig(item, lang.amount(item.value, unit, lang.decimals_of(item.value or 0)))
                        if item
                        else None
                        for item in found
                    ),
                ]
            )
    return table("Other tax parameters", ("Parameter", *map(str, years)), rows, (1, 2)) if rows else None
