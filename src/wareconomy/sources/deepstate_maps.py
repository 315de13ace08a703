"""DeepState maps: raw API bodies of every naming era since April 2022, and the daily mirror files made from them.

A raw body names its areas by a tag (since March 2024), before that by colour and name; names alone changed
three times and are never enough. The mirror has one union of the occupied areas (Tuzla, 4.4 km2, left out)
and no properties; a mirror file dated d shows the map of d-1, at times of d-2.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from wareconomy.sources.map_errors import EmptyMap, MapTooLarge, NotAMap, UnknownStatus
from wareconomy.sources.maps import (
    MAX_BYTES,
    MAX_VERTICES,
    MapFile,
    Polygon,
    PolygonReader,
    Status,
    VertexBook,
    features,
    load_json,
    polygonal,
)

TAGS = {
    "geoJSON.status.occupied": Status.OCCUPIED,
    "geoJSON.status.unknown": Status.UNKNOWN,
    "geoJSON.status.dismissed": Status.LIBERATED,
    "geoJSON.status.dismissed_at": Status.LIBERATED,
    "geoJSON.territories.crimea": Status.OCCUPIED_BEFORE,
    "geoJSON.territories.ordlo": Status.OCCUPIED_BEFORE,
    "geoJSON.territories.tuzla": Status.OCCUPIED_BEFORE,
}
ABROAD = frozenset(
    (
        "transnistria",
        "abkhazia",
        "tskhinvali-district",
        "prussia",
        "karelia",
        "ichkeria",
        "kuril",
        "latvia",
        "estonia",
        "pechorsky-district",
        "petsamo",
        "salla",
    )
)
"""Tags `geoJSON.territories.*` of areas outside Ukraine, some of them satire: never counted."""
COLOURS = {
    "#a52714": Status.OCCUPIED,
    "#bcaaa4": Status.UNKNOWN,
    "#bdbdbd": Status.UNKNOWN,
    "#757575": Status.UNKNOWN,
    "#0f9d58": Status.LIBERATED,
    "#0288d1": Status.LIBERATED,
    "#0097a7": Status.LIBERATED,
    "#01579b": Status.OUTSIDE,  # held by Ukraine in Russia, though named "liberated"
    "#ff5252": Status.OUTSIDE,  # abroad, partly satire
    "#ce93d8": Status.OUTSIDE,  # the mutiny of June 2023, in Russia
}
BY_NAME = {"#880e4f", "#000000"}
"""Colours that stood for Crimea, ORDLO and Tuzla in one era and for Transnistria in another: the name decides."""
HELD = (
    (re.compile(r"тузла|tuzla", re.IGNORECASE), "Tuzla"),
    (re.compile(r"крим|crimea", re.IGNORECASE), "Crimea"),
    (re.compile(r"ордло|ordlo|cadr", re.IGNORECASE), "ORDLO"),
)
NAMES = (
    *((pattern, Status.OCCUPIED_BEFORE) for pattern, _ in HELD),
    (re.compile(r"придністров|transnistria", re.IGNORECASE), Status.OUTSIDE),
)
TAG = re.compile(r"geoJSON\.[\w.-]+")

MIRROR = re.compile(
    rb'(?:\{"type":"FeatureCollection",(?:"name":"[^"\\]*",)?(?:"crs":\{"type":"name","properties":\{"name":'
    rb'"urn:ogc:def:crs:OGC:1\.3:CRS84"\}\},)?"features":\[\{"type":"Feature","properties":\{\},"geometry":'
    rb'|\{"date":"[\d-]+","file":"[^"\\]*","geometry":)'
    rb'\{"type":"MultiPolygon","coordinates":\[\[\[\[([\[\],0-9.-]+)\]\]\]\]\}(?:\}\]\}|\})'
)
"""A mirror file, or a line of an archive of them, without white space; anything else is read the general way."""
BLANKS = b" \t\r\n"


def status_of(properties: Mapping[str, Any], where: str) -> Status:
    """Status class of a feature: by tag where there is one, else by colour and, where that is not enough, name.

    Raises UnknownStatus for a class no rule knows.
    """
    name = " ".join(str(properties.get("name") or "").split())
    fill = str(properties.get("fill") or "").lower()
    tag = TAG.search(name)
    if tag and tag[0] != "geoJSON.zmiinyi_island":
        kind, _, place = tag[0].rpartition(".")
        if kind == "geoJSON.territories" and place in ABROAD:
            return Status.OUTSIDE
        if tag[0] not in TAGS:
            raise UnknownStatus(
                where, "no rule for this tag", "Add it to deepstate_maps.TAGS after looking at the map", name
            )
        found = TAGS[tag[0]]
        abroad = found is Status.LIBERATED and COLOURS.get(fill) is Status.OUTSIDE
        return Status.OUTSIDE if abroad else found
    if fill in BY_NAME:
        for pattern, status in NAMES:
            if pattern.search(name):
                return status
    if fill in COLOURS:
        return COLOURS[fill]
    raise UnknownStatus(
        where,
        "no rule for this colour and name",
        "Add a rule to deepstate_maps after looking at the map",
        f"{fill} {name}",
    )


def read_raw(body: bytes, where: str, sha256: str, identity: int, book: VertexBook) -> MapFile:
    """A body of the map API; `identity` is its id, the Unix second of publication (the day is that day in UTC)."""
    reader = PolygonReader(book, where)
    areas: dict[Status, list[Polygon]] = {}
    before: dict[str, list[Polygon]] = {}
    for feature in features(load_json(body, where), where):
        if polygonal(feature):
            properties = feature.get("properties") or {}
            status = status_of(properties, where)
            found = reader.polygons(feature["geometry"], status)
            areas.setdefault(status, []).extend(found)
            if status is Status.OCCUPIED_BEFORE:
                before.setdefault(_held(properties), []).extend(found)
    if not areas.get(Status.OCCUPIED):
        raise EmptyMap(
            where, "no occupied area in it", "An empty layer is a fault of the source, never a withdrawal"
        )
    taken = datetime.fromtimestamp(identity, tz=UTC)
    made = {status: tuple(found) for status, found in areas.items()}
    named = {name: tuple(found) for name, found in before.items()}
    return MapFile(
        "deepstate_raw", taken.date(), taken, where, sha256, book, made, tuple(reader.notes), named
    )


def _held(properties: Mapping[str, Any]) -> str:
    name = str(properties.get("name") or "")
    return next((label for pattern, label in HELD if pattern.search(name)), "held before 2022")


def read_mirror(body: bytes, where: str, sha256: str, day: date, book: VertexBook) -> MapFile:
    """A daily mirror file, or one line of an archive of mirror files; `day` is the date in the name of the file."""
    if len(body) > MAX_BYTES:
        raise MapTooLarge(where, f"{len(body):,} bytes, the limit is {MAX_BYTES:,}")
    match = MIRROR.fullmatch(body.translate(None, BLANKS))
    polygons = _quick(match[1], where, book) if match else None
    notes: tuple[str, ...] = ()
    if polygons is None:
        document = load_json(body, where)
        inner = document.get("geometry") if isinstance(document, dict) and "type" not in document else None
        reader = PolygonReader(book, where)
        listed = features(inner if inner is not None else document, where)
        if any(feature.get("properties") for feature in listed):
            raise NotAMap(
                where, "a mirror file has no properties", "Read it as a raw body or as another mapper's map"
            )
        polygons = tuple(
            polygon for feature in listed for polygon in reader.polygons(feature.get("geometry"))
        )
        notes = tuple(reader.notes)
    if not polygons:
        raise EmptyMap(
            where, "no polygon in it", "An empty layer is a fault of the source, never a withdrawal"
        )
    return MapFile("deepstate", day, None, where, sha256, book, {Status.OCCUPIED: polygons}, notes)


def _quick(text: bytes, where: str, book: VertexBook) -> tuple[Polygon, ...] | None:
    """Rings straight from the text of a MultiPolygon; None when a ring needs the general reader."""
    if text.count(b"],[") >= MAX_VERTICES:
        raise MapTooLarge(where, f"more than {MAX_VERTICES:,} vertices", "No map of the front has so many")
    polygons = []
    for shape in text.split(b"]]],[[["):
        rings = []
        for ring in shape.split(b"]],[["):
            tokens = ring.split(b"],[")
            if len(tokens) < 4 or tokens[0] != tokens[-1]:
                return None
            rings.append(book.number_tokens(tokens, where))
        polygons.append(tuple(rings))
    return tuple(polygons)
