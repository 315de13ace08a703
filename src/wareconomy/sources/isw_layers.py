"""Layers of the Institute for the Study of War on ArcGIS: control, claims, advances, infiltration.

A layer shows today's state only and has no history: each day's pages are kept as they came. Errors
arrive as status 200 with an `error` object; a long layer is cut and says `exceededTransferLimit`;
services are renamed, which the web map's list shows. ISW gives the geometry to nobody without written
consent: pages stay local, areas are computed elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlsplit

from wareconomy.sources import map_bodies, wire
from wareconomy.sources.source import Ask, Document, Malformed, Row

SERVICES = "https://services5.arcgis.com/SaBe5HMtmnbqSWlu/arcgis/rest/services"
WEB_MAP = "https://www.arcgis.com/sharing/rest/content/items/9f04944a2fe84edab9da31750c2b15eb/data"
LAYERS = {
    "control": "VIEW_RussiaCoTinUkraine_V3/FeatureServer/49",
    "claimed": "VIEW_ClaimedRussianTerritoryinUkraine_V2/FeatureServer/49",
    "advance": "AssessedRussianAdvanceInUkraine_V2_view/FeatureServer/0",
    "gains": "Assessed_Russian_Gains_in_the_Past_24_Hours_view/FeatureServer/0",
    "infiltration": "View_AssessedRussianInfiltrationAreasinUkraine_V4/FeatureServer/0",
    "before-2022": "VIEW_Russian_controlled_Ukrainian_Territory_before_February_24_2022/FeatureServer/36",
}
WORDS = {
    "control": "russia",
    "claimed": "claimed",
    "advance": "advance",
    "gains": "gain",
    "infiltration": "infiltration",
    "before-2022": "before",
}
"""A word that the layer's own name must hold, so that a service that changes hands is noticed."""
MAY_BE_EMPTY = frozenset({"gains", "advance"})
"""A day without gains is news; an empty control layer is a fault."""
PAGE = 1000
MOST = 50_000
ERROR = b'{"error"'
PAGE_NAME = re.compile(r"([a-z0-9-]+)-page-(\d{13})-(\d+)")


@dataclass(slots=True)
class IswLayers:
    """Metadata of each layer (a cheap check of the last edit), then its pages when the edit is new."""

    id: str = "isw_layers"
    layers: Mapping[str, str] = field(default_factory=lambda: dict(LAYERS))

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The web map's list of layers and the metadata of each; the past cannot be asked for."""
        yield Ask(
            "web-map",
            WEB_MAP,
            params={"f": "json"},
            marker=b'"operationalLayers"',
            refuse=(ERROR,),
            rowless=True,
        )
        for layer, service in self.layers.items():
            yield Ask(
                f"{layer}-layer",
                f"{SERVICES}/{service}",
                params={"f": "json"},
                media=("application/json", "text/plain"),
                first=(b"{",),
                marker=b'"editingInfo"',
                refuse=(ERROR,),
            )

    def follow(self, document: Document) -> Iterable[Ask]:
        """From metadata the first page, from a page that was cut the next one."""
        layer = document.name.removesuffix("-layer")
        if layer in self.layers and layer != document.name:
            yield self._page(layer, self._edited(layer, document.data), 0)
            return
        named = PAGE_NAME.fullmatch(document.name)
        if named and named[1] in self.layers:
            count, cut = self._check_page(named[1], document.data)
            if cut:
                yield self._page(named[1], int(named[2]), int(named[3]) + count)

    def _page(self, layer: str, edited: int, offset: int) -> Ask:
        if offset > MOST:
            raise Malformed(self.id, f"more than {MOST:,} features in the layer {layer}")
        params = {
            "where": "1=1",
            "outFields": "*",
            "returnGeometry": "true",
            "outSR": "4326",
            "f": "geojson",
            "orderByFields": "OBJECTID",
            "resultOffset": str(offset),
            "resultRecordCount": str(PAGE),
        }
        return Ask(
            f"{layer}-page-{edited}-{offset}",
            f"{SERVICES}/{self.layers[layer]}/query",
            params=params,
            media=("application/geo+json", "application/json", "text/plain"),
            first=(b"{",),
            marker=b'"FeatureCollection"',
            refuse=(ERROR,),
            once=True,
            rowless=True,
        )

    def read(self, document: Document) -> Iterator[Row]:
        """No figures: metadata, web map and pages are checked."""
        value = wire.json_of(self.id, document.data, map_bodies.MAX_BYTES)
        if isinstance(value, dict) and "operationalLayers" in value:
            self._check_web_map(value)
        elif isinstance(value, dict) and "editingInfo" in value:
            self._edited(self._layer(document), document.data)
        else:
            self._check_page(self._layer(document), document.data)
        return iter(())

    def _layer(self, document: Document) -> str:
        """The layer a document belongs to, by its name or its address."""
        path = urlsplit(document.url).path
        for layer, service in self.layers.items():
            if document.name.startswith((f"{layer}-layer", f"{layer}-page-")) or service in path:
                return layer
        raise Malformed(self.id, "a document of no layer of this source", document.name)

    def _edited(self, layer: str, data: bytes) -> int:
        """Time of the last edit, in milliseconds since 1970."""
        value = wire.json_of(self.id, data)
        if not isinstance(value, dict) or "error" in value:
            wire.records(self.id, value, "a layer's description")
        name = value.get("name")
        if not isinstance(name, str) or WORDS.get(layer, "") not in name.lower():
            raise Malformed(self.id, f"the layer {layer} is now named {str(name)[:80]!r}")
        if value.get("geometryType", "esriGeometryPolygon") != "esriGeometryPolygon":
            raise Malformed(self.id, f"the layer {layer} no longer holds polygons")
        info = value.get("editingInfo")
        edited = info.get("lastEditDate") if isinstance(info, dict) else None
        if type(edited) is not int or not 1_600_000_000_000 < edited < 4_000_000_000_000:
            raise Malformed(self.id, f"the layer {layer} has no time of its last edit")
        return edited

    def _check_page(self, layer: str, data: bytes) -> tuple[int, bool]:
        """How many features a page holds, and whether more are to come."""
        value = wire.json_of(self.id, data, map_bodies.MAX_BYTES)
        cut = _cut(self.id, value)
        if layer in MAY_BE_EMPTY and isinstance(value, dict) and value.get("features") == [] and not cut:
            return 0, False
        body = map_bodies.check(self.id, data)
        ids = [item.get("OBJECTID") for item in body.properties]
        if any(type(number) is not int for number in ids) or len(set(ids)) != len(ids):
            raise Malformed(self.id, f"a page of the layer {layer} without sound OBJECTIDs")
        return body.features, cut

    def _check_web_map(self, value: dict[str, Any]) -> None:
        """Every service of this source must still be on the map that ISW shows, at least under a newer number."""
        shown = [str(item.get("url", "")) for item in value["operationalLayers"] if isinstance(item, dict)]
        if not shown:
            raise Malformed(self.id, "the web map shows no layers")
        if not any(self.layers["control"].split("/")[0] in url for url in shown):
            near = [url.removeprefix(SERVICES + "/") for url in shown if "CoTinUkraine" in url]
            raise Malformed(
                self.id,
                f"the web map no longer shows {self.layers['control']}",
                advice=f"it now shows {', '.join(near) or 'another service'}; change the address",
            )


def _cut(source: str, value: Any) -> bool:
    """Whether ArcGIS cut the answer; the mark stands on top or under `properties`, by version."""
    if not isinstance(value, dict):
        return False
    below = value.get("properties")
    marks = [value.get("exceededTransferLimit")]
    marks.append(below.get("exceededTransferLimit") if isinstance(below, dict) else None)
    if any(mark not in (None, True, False) for mark in marks):
        raise Malformed(source, "exceededTransferLimit is neither true nor false")
    return True in marks


SOURCE = IswLayers()
