"""From readings to observations: what says something new, with the day it became known.

A value that only repeats what was known adds no row, and a value that differs becomes a new vintage. What cannot be an
observation is set aside with its reason.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal, InvalidOperation

from wareconomy.catalog import Catalog
from wareconomy.collect.receipts import Receipt
from wareconomy.ledger.observations import OPEN_END, Collected, Observation, Rejection
from wareconomy.model import period
from wareconomy.sources.reading import Read
from wareconomy.sources.registry import Registered
from wareconomy.sources.source import Reading

Figure = tuple[str, str, date, date]
State = tuple[float | None, float | None, float | None, str]


@dataclass(frozen=True, slots=True)
class Came:
    """One document of one ask, read and free to use."""

    registered: Registered
    record: str
    receipt: Receipt
    read: Read


def observe(
    usable: Sequence[Came], catalog: Catalog, manual: Sequence[Observation], today: date, made: Collected
) -> None:
    """Readings become observations where they say something new, in the order they became known."""
    events: list[tuple[date, int, int, Came | None, Reading | Observation, str]] = []
    for kept in manual:
        events.append((kept.vintage, 0, 0, None, kept, kept.basis))
    printed: dict[tuple[str, str, str], tuple[State, date]] = {}
    for place, item in enumerate(usable):
        tally = made.tallies[item.registered.id]
        tally.accepted += len(item.read.posts) + len(item.read.candidates)
        for number, reading in enumerate(item.read.readings):
            vintage, basis = _vintage(reading, item, printed)
            why = _unfit(reading, item.record, vintage, catalog, today)
            if why:
                tally.set_aside += 1
                where = f"{reading.locator} of {(item.receipt.sha256 or '')[:12]}"
                made.rejections.append(Rejection(item.registered.id, 0, f"{where}: {why}"))
                continue
            tally.accepted += 1
            events.append((vintage, 1 + place, number, item, reading, basis))
    events.sort(key=lambda event: event[:3])
    stands: dict[Figure, State] = {}
    said: dict[tuple[str, Figure], State] = {}
    ids: dict[str, int] = defaultdict(int)
    newest: dict[Figure, int] = {}
    for vintage, _, number, came, row, basis in events:
        if isinstance(row, Observation):
            stands[row.series, row.source, row.period_start, row.period_end] = (
                row.value,
                row.low,
                row.high,
                row.status,
            )
            continue
        assert came is not None
        span = period(row.period)
        figure = (row.series, came.record, span.start, span.end or OPEN_END)
        state = _state(row)
        own = (f"{came.registered.id}/{came.receipt.ask}", figure)
        repeats = said.get(own) == state or stands.get(figure) == state
        said[own] = state
        if repeats:
            continue
        stands[figure] = state
        fresh = _observation(came, row, figure, vintage, basis, number, ids, catalog)
        _replaced_same_day(made.observations, newest, figure, fresh)


def _vintage(
    reading: Reading, item: Came, printed: dict[tuple[str, str, str], tuple[State, date]]
) -> tuple[date, str]:
    """The day a reading became known: as its document states, else the day of the receipt.

    A document that was changed in place keeps the day it states, but the new value was not there when we read it
    before; then the receipt's day counts.
    """
    received = item.receipt.time.date()
    key = (f"{item.registered.id}/{item.receipt.ask}", reading.series, reading.period)
    state = _state(reading)
    before = printed.get(key)
    printed[key] = (state, received)
    stated = reading.known_on
    if stated is None or (before and before[0] != state and stated <= before[1]):
        return received, "retrieved"
    return stated, "published"


def _state(row: Reading | Observation) -> State:
    return row.value, row.low, row.high, row.status


def _replaced_same_day(
    made: list[Observation], newest: dict[Figure, int], figure: Figure, fresh: Observation
) -> None:
    """Add a row; of two prints of one day the later one stands, and the earlier names it."""
    place = newest.get(figure)
    if place is not None and made[place].vintage == fresh.vintage and made[place].edition == fresh.edition:
        made[place] = replace(made[place], restates=fresh.observation)
    newest[figure] = len(made)
    made.append(fresh)


def _unfit(reading: Reading, record: str, vintage: date, catalog: Catalog, today: date) -> str:
    """Why a reading cannot be an observation; empty when it can."""
    series = catalog.series.get(reading.series)
    if series is None:
        return f"the series {reading.series!r} is not declared"
    if record not in catalog.sources:
        return f"the source {record!r} is not declared"
    try:
        span = period(reading.period)
    except ValueError as error:
        return str(error)
    if vintage > today:
        return f"known on {vintage}, which is after today ({today})"
    if vintage < span.start and not series.ahead and reading.status != "E":
        return f"an actual of {span.start} cannot have been known on {vintage}"
    if reading.value is None and reading.status not in {"M", "Q"}:
        return "no value printed"
    return ""


def _observation(
    came: Came,
    row: Reading,
    figure: Figure,
    vintage: date,
    basis: str,
    number: int,
    ids: dict[str, int],
    catalog: Catalog,
) -> Observation:
    receipt = came.receipt
    sha256 = receipt.sha256 or ""
    name = f"{came.registered.id}:{sha256[:12]}#{number + 1}"
    ids[name] += 1
    again = f"~{ids[name]}" if ids[name] > 1 else ""
    return Observation(
        observation=name + again,
        series=row.series,
        source=came.record,
        period_start=figure[2],
        period_end=figure[3],
        vintage=vintage,
        value=row.value,
        low=row.low,
        high=row.high,
        status=row.status,
        basis=basis,
        # A publisher prints a table anew as a whole, so all documents of one ask are one edition.
        edition=row.edition or f"{came.registered.id}/{receipt.ask}",
        printed=digits(row.printed, row.value),
        confidence="primary",
        publisher=catalog.sources[came.record].publisher,
        source_url=receipt.final_url or receipt.url or None,
        published_on=row.known_on.isoformat() if row.known_on else None,
        document=sha256,
        locator=row.locator,
        note=row.note,
    )


def digits(printed: str, value: float | None) -> str:
    """A printed number as plain digits in the unit of its series, so that its last digit says how it was rounded.

    `13 104 151,3` read as 13104.1513 (millions to billions) is `13104.1513`; stars and spaces go.
    """
    if value is None:
        return ""
    text = "".join(
        mark for mark in printed.replace("\u2212", "-").replace("\u2013", "-") if mark in "0123456789.,-"
    )
    comma, dot = text.rfind(","), text.rfind(".")
    text = text.replace("." if comma > dot else ",", "").replace(",", ".")
    try:
        number = abs(Decimal(text))
    except InvalidOperation:
        return repr(value)
    for shift in (0, -3, -6, 3, 6, -2, 2, -9, 9):
        moved = number.scaleb(shift)
        if abs(float(moved) - abs(value)) <= 1e-9 * max(1.0, abs(value)):
            return ("-" if value < 0 else "") + format(moved, "f")
    return repr(value)
