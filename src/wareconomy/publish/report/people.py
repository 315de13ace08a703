"""Strikes by month as the Air Force reports them, and people displaced as the agencies last counted them."""

from __future__ import annotations

from datetime import date, timedelta

from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Inline, Section
from wareconomy.publish.report.desk import Cell, Desk, known_since, months_back, note, say, section, table

DRONES = "strikes.shahed_decoy"
MISSILES = "strikes.missiles"
MONTHS = 12
PEOPLE = (
    "displacement.refugees_recorded_global",
    "displacement.refugees_recorded_europe",
    "displacement.temporary_protection_registered",
    "displacement.idps_estimated",
    "displacement.returnees_estimated",
)


def strikes(desk: Desk) -> Section:
    """Launched and intercepted, by month."""
    launched = desk.figures(f"{DRONES}.launched", months_back(desk.as_of, 18))
    if not launched:
        nothing = say(f"No monthly count of drones and missiles was known on {lang.day(desk.as_of)}.")
        return section("strikes", "Strikes on Ukraine", [nothing, *desk.pictures("strikes")])
    full = [item for item in launched if item.period.end and (item.period.end + timedelta(days=1)).day == 1]
    parts: list[Inline] = []
    if full:
        last = full[-1]
        start, end = last.period.start, last.period.end
        missiles = desk.at(f"{MISSILES}.launched", start, end)
        parts = [
            f"In {lang.month(start)}, {_last_month(desk, start)}, Russia launched ",
            desk.fig(last, lang.number(last.value)),
            " Shahed-type and decoy drones",
        ]
        if missiles:
            parts += [" and ", desk.fig(missiles, lang.number(missiles.value)), " missiles"]
        parts.append(" at Ukraine, by the count of the Ukrainian Air Force, a party to the war.")
    rows: list[list[Cell]] = []
    for item in reversed(launched[-MONTHS:]):
        start, end = item.period.start, item.period.end
        cells: list[Cell] = [lang.period(start, end)]
        for series in (DRONES, MISSILES):
            for metric in ("launched", "intercepted"):
                cells.append(desk.plain(desk.at(f"{series}.{metric}", start, end), 0))
        rows.append(cells)
    heads = ("Month", "Drones launched", "Drones intercepted", "Missiles launched", "Missiles intercepted")
    blocks: list[Block | None] = [say(*parts) if parts else None, *desk.pictures("strikes")]
    blocks.append(table("Drones and missiles by month, sums of Air Force posts", heads, rows, (1, 2, 3, 4)))
    words = (
        "From mid-2025 intercepted drones include suppressed ones; earlier these were counted apart. "
        if desk.as_of >= date(2025, 9, 1)
        else ""
    )
    blocks.append(
        note(
            words,
            "Drones of the General Staff's daily counts follow another definition and are not in this "
            "table. A part of a month is shown as such.",
        )
    )
    return section("strikes", "Strikes on Ukraine", blocks)


def _last_month(desk: Desk, start: date) -> str:
    """What the newest full month is called: where counts end earlier than the month before the day, that is said."""
    old = start < months_back(desk.as_of, 1)
    return "the last full month in the ledger" if old else "the last full month"


def people(desk: Desk) -> Section:
    """The newest counts of refugees and displaced persons, each with its day."""
    rows: list[list[Cell]] = []
    for series in PEOPLE:
        last = desk.last(series)
        if last:
            rows.append(
                [
                    desk.title(series),
                    desk.plain(last, 0),
                    lang.period(last.period.start, last.period.end),
                    known_since(last),
                ]
            )
    if not rows:
        nothing = say(f"No count of displaced people was known on {lang.day(desk.as_of)}.")
        return section("people", "People displaced", [nothing, *desk.pictures("people")])
    newest = max(item.period.start for series in PEOPLE if (item := desk.last(series)))
    blocks: list[Block | None] = [
        say(
            "The table holds the newest count of each kind in the ledger. The newest of all is of ",
            f"{lang.day(newest)}: these figures show where the collected record ends, not the situation today.",
        ),
        *desk.pictures("people"),
        table(
            "People displaced, newest count of each kind",
            ("Measure", "Persons", "Counted on", "Known since"),
            rows,
            (1,),
        ),
        note(
            "Recorded refugees, registrations for temporary protection and internally displaced persons "
            "overlap in part and must not be added."
        ),
    ]
    return section("people", "People displaced", blocks)
