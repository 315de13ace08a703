"""Whether a body is a map at all: a GeoJSON collection with polygons in it. What the polygons cover is read elsewhere.

Rights in the geometry stay with the map maker; nothing here passes it on. An error object, an empty
collection or a collection without one polygon is Malformed: an empty map is never read as a withdrawal.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Any

from wareconomy.sources import wire
from wareconomy.sources.source import Malformed

POLYGONS = frozenset({"Polygon", "MultiPolygon"})
KINDS = POLYGONS | {"Point", "GeometryCollection", "LineString", "MultiLineString", "MultiPoint"}
MAX_BYTES = 40_000_000
MAX_FEATURES = 20_000


@dataclass(frozen=True, slots=True)
class MapBody:
    """What a map body says of itself: how many features of which geometry, and the features' properties in order."""

    features: int
    kinds: dict[str, int]
    properties: list[dict[str, Any]]
    top: dict[str, Any]


def check(source: str, data: bytes, envelope: str | None = None) -> MapBody:
    """The facts of a GeoJSON body. `envelope` names the key that holds the collection, where there is one.

    Raises Malformed for an error object, a body that is no FeatureCollection, one without features or polygons.
    """
    value = wire.json_of(source, data, MAX_BYTES, exact=False)
    if isinstance(value, dict) and "error" in value:
        wire.records(source, value, "a map")
    if envelope and isinstance(value, dict) and envelope in value:
        value = value[envelope]
    if not isinstance(value, dict) or value.get("type") != "FeatureCollection":
        raise Malformed(source, "not a GeoJSON FeatureCollection")
    features = value.get("features")
    if not isinstance(features, list) or not features:
        raise Malformed(
            source, "the map has no features", advice="an empty map is no withdrawal: keep the last one"
        )
    if len(features) > MAX_FEATURES:
        raise Malformed(source, f"{len(features):,} features, more than {MAX_FEATURES:,}")
    kinds: Counter[str] = Counter()
    properties = []
    for index, feature in enumerate(features):
        kind, found = _feature(source, feature, f"/features/{index}")
        kinds[kind] += 1
        properties.append(found)
    if not kinds.keys() & (POLYGONS | {"GeometryCollection"}):
        raise Malformed(source, "the map has no polygon")
    return MapBody(
        len(features), dict(kinds), properties, {k: v for k, v in value.items() if k != "features"}
    )


def _feature(source: str, feature: Any, where: str) -> tuple[str, dict[str, Any]]:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise Malformed(source, "an entry is no Feature", where)
    properties = feature.get("properties")
    if properties is None:
        properties = {}
    if not isinstance(properties, dict):
        raise Malformed(source, "properties are no object", where)
    geometry = feature.get("geometry")
    if not isinstance(geometry, dict):
        raise Malformed(source, "a feature without a geometry", where)
    kind = geometry.get("type")
    if kind not in KINDS:
        raise Malformed(source, f"a geometry of kind {str(kind)[:40]!r}", where)
    held = geometry.get("geometries" if kind == "GeometryCollection" else "coordinates")
    if not isinstance(held, list) or not held:
        raise Malformed(source, "a geometry without coordinates", where)
    return str(kind), properties
