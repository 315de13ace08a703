"""DeepState's own map: the list of snapshots, each snapshot's map body, and the areas its API prints by class.

An edited snapshot keeps its id and moves `updatedAt`, so both stand in a document's name and an edit is
asked for again. Ids are Unix seconds. The terms of DeepState (3 September 2025) forbid giving the data
on: bodies stay local, and from the areas only square kilometres are kept. Polygons are computed
elsewhere; a body is only checked here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from wareconomy.sources import map_bodies, wire
from wareconomy.sources.source import Ask, Document, Malformed, Reading, Row

BASE = "https://deepstatemap.live/api/history"
LIST = "history-public"
FIRST = datetime(2022, 4, 3, tzinfo=UTC)
OCCUPIED = "#a52714"
DENOMINATOR_KM2 = 603_700
"""What the printed percentages are shares of, worked out from them."""
CLASSES = {
    "occupied_after_24_02_2022": "occupied_since_2022",
    "occupied_to_24_02_2022": "occupied_before_2022",
    "unspecified": "unknown",
    "liberated": "liberated",
    "occupied": "occupied",
}
ABROAD = "other_territories"
NAME = re.compile(r"(?:map|areas)-(\d{10})-(\d{8}T\d{6})")
ADDRESS = re.compile(r"/api/history/(\d{10})/(?:areas|geojson)")


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One entry of the list: when it was published and when last edited; `public` is false for a withdrawn one."""

    id: int
    published: datetime
    updated: datetime
    public: bool

    @property
    def key(self) -> str:
        """Id and edit, as documents of this snapshot are named."""
        return f"{self.id}-{self.updated:%Y%m%dT%H%M%S}"


@dataclass(slots=True)
class DeepStateHistory:
    """The list hourly at most, then bodies and areas of snapshots published or edited in the last `days`."""

    id: str = "deepstate_history"
    days: int = 14
    reach: timedelta = timedelta(days=13)
    most: int = 2_500

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The list. With `since`, its name carries the day, and `follow` goes back that far."""
        name = f"{LIST}-since-{since.isoformat()}" if since else LIST
        yield Ask(
            name,
            f"{BASE}/public",
            media=("application/json",),
            first=(b"[",),
            marker=b'"updatedAt"',
            refuse=(b"<html",),
            rowless=True,
        )

    def follow(self, document: Document) -> Iterable[Ask]:
        """Body and areas of every public snapshot of the span, newest first."""
        if not document.name.startswith(LIST):
            return
        since = document.name.partition("-since-")[2]
        if since:
            first = datetime.combine(wire.day(self.id, since, document.name), datetime.min.time(), UTC)
        else:
            first = document.retrieved_at - timedelta(days=self.days)
        chosen = [item for item in snapshots(self.id, document.data) if item.public and item.updated >= first]
        for item in sorted(chosen, key=lambda snapshot: -snapshot.id)[: self.most]:
            yield Ask(
                f"map-{item.key}",
                f"{BASE}/{item.id}/geojson",
                media=("application/json", "application/geo+json"),
                first=(b"{",),
                marker=b'"FeatureCollection"',
                refuse=(b"<html",),
                min_bytes=20_000,
                once=True,
                rowless=True,
            )
            yield Ask(
                f"areas-{item.key}",
                f"{BASE}/{item.id}/areas",
                media=("application/json",),
                first=(b"[",),
                marker=b'"percent"',
                refuse=(b"<html",),
                once=True,
            )

    def read(self, document: Document) -> Iterator[Row]:
        """Areas by class as printed; nothing from the list or a map body, which are only checked."""
        opening = document.data.lstrip()[:1]
        if opening == b"{":
            check_body(self.id, document.data)
            return
        value = wire.json_of(self.id, document.data, 20_000_000)
        entries = wire.records(self.id, value, "snapshots or areas")
        if "updatedAt" in entries[0] or "createdAt" in entries[0]:
            _snapshots(self.id, entries)
            return
        yield from self._areas(entries, document)

    def _areas(self, entries: list[dict[str, Any]], document: Document) -> Iterator[Reading]:
        named = NAME.fullmatch(document.name)
        placed = named or ADDRESS.search(document.url)
        if not placed:
            raise Malformed(
                self.id, "areas of an unknown snapshot", document.name, "its address must hold the id"
            )
        published = datetime.fromtimestamp(int(placed[1]), UTC)
        edited = datetime.strptime(named[2], "%Y%m%dT%H%M%S").replace(tzinfo=UTC) if named else None
        sums: dict[str, Decimal] = {}
        places: dict[str, list[str]] = {}
        for index, entry in enumerate(entries):
            where = f"/{index}"
            kind = entry.get("type")
            if kind != ABROAD and kind not in CLASSES:
                raise Malformed(self.id, f"a class {str(kind)[:60]!r} nobody knows", where)
            area = wire.bounded(self.id, entry.get("area"), where, 0, 200_000)
            _check_share(self.id, entry, area, where)
            if kind != ABROAD:
                sums[kind] = sums.get(kind, Decimal(0)) + area
                places.setdefault(kind, []).append(where)
        if not {"occupied_after_24_02_2022", "occupied"} & sums.keys():
            raise Malformed(self.id, "no occupied area among the areas")
        for kind, area in sums.items():
            several = len(places[kind]) > 1
            yield Reading(
                series=f"territory.published.deepstate_map.{CLASSES[kind]}",
                period=published.date().isoformat(),
                value=float(area),
                printed=str(area),
                locator=", ".join(places[kind]),
                known_on=max(published, edited).date() if edited else None,
                edition=f"snapshot {placed[1]}",
                note=f"sum of {len(places[kind])} entries of this class" if several else None,
            )


def check_body(source: str, data: bytes) -> map_bodies.MapBody:
    """Facts of a map body, bare or in the envelope of `/last`. Without an occupied polygon it is no map of theirs."""
    body = map_bodies.check(source, data, envelope="map")
    fills = {str(item.get("fill", "")).lower() for item in body.properties}
    if OCCUPIED not in fills:
        raise Malformed(source, f"no polygon of the colour {OCCUPIED}, which marks occupied areas")
    return body


def snapshots(source: str, data: bytes) -> list[Snapshot]:
    """Entries of the list, by id. Raises Malformed for an error object, a repeated id or an id that is no time."""
    return _snapshots(source, wire.records(source, wire.json_of(source, data, 20_000_000), "snapshots"))


def _snapshots(source: str, entries: list[dict[str, Any]]) -> list[Snapshot]:
    found: dict[int, Snapshot] = {}
    for index, entry in enumerate(entries):
        where = f"/{index}"
        number = entry.get("id")
        created, updated = (_time(source, entry.get(key), where) for key in ("createdAt", "updatedAt"))
        if type(number) is not int or abs(number - created.timestamp()) > 86_400:
            raise Malformed(source, f"the id {str(number)[:20]} is not the time of publication", where)
        if number in found:
            raise Malformed(source, f"the id {number} twice", where)
        if created < FIRST or type(entry.get("status")) is not bool:
            raise Malformed(source, "an entry without a sound time and status", where)
        found[number] = Snapshot(number, created, updated, entry["status"])
    return [found[key] for key in sorted(found)]


def _time(source: str, text: Any, where: str) -> datetime:
    try:
        if not isinstance(text, str) or not text.endswith("Z"):
            raise ValueError
        return datetime.fromisoformat(text)
    except ValueError:
        raise Malformed(source, f"{str(text)[:40]!r} is not a time", where) from None


def _check_share(source: str, entry: dict[str, Any], area: Decimal, where: str) -> None:
    """`percent` is text; it must be the area's share of the country, so a change of unit cannot pass unseen."""
    percent = entry.get("percent")
    if not isinstance(percent, str):
        raise Malformed(source, "percent is no text", where)
    share = wire.number(source, percent, where, 0, 100)
    expected = area * 100 / DENOMINATOR_KM2
    if abs(share - expected) > Decimal("0.001") + share * Decimal("0.002"):
        raise Malformed(source, f"{area} km2 printed as {percent} %, due {expected:.3f} %", where)


SOURCE = DeepStateHistory()
