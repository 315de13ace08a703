"""Every fault of a map has its name, stops that map and no other, and leaves the figures of the others as they are."""

from __future__ import annotations

import json
import lzma
from datetime import date
from pathlib import Path

import pytest
from tests.map_rig import CRIMEA, OCCUPIED, archive, box, feature, folder, front, mirror, raw

from wareconomy.errors import UsageError
from wareconomy.sources import deepstate_maps, map_files, maps
from wareconomy.sources.map_errors import (
    ElsewhereMap,
    EmptyMap,
    MapError,
    MapTooDeep,
    MapTooLarge,
    NotAMap,
    NotANumber,
    SwappedAxes,
    TruncatedMap,
    UndatedMap,
    UnknownStatus,
    WrongProjection,
    restore,
)
from wareconomy.sources.maps import MapFile, Status, VertexBook

DAY = date(2025, 1, 1)
GOOD = mirror([[front()]])


def read(body: bytes) -> MapFile:
    return deepstate_maps.read_mirror(body, "map", "0" * 64, DAY, VertexBook())


def read_raw(body: bytes) -> MapFile:
    return deepstate_maps.read_raw(body, "map", "0" * 64, 1711228520, VertexBook())


def with_coordinates(text: str) -> bytes:
    geometry = f'{{"type":"Polygon","coordinates":{text}}}'
    item = f'{{"type":"Feature","properties":{{}},"geometry":{geometry}}}'
    return f'{{"type":"FeatureCollection","features":[{item}]}}'.encode()


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"", EmptyMap),
        (b"  \n", EmptyMap),
        (GOOD[:-40], TruncatedMap),
        (GOOD[:300], TruncatedMap),
        (b"<html>Service unavailable</html>", NotAMap),
        (b'{"error":{"code":400,"message":"Invalid URL"}}', NotAMap),
        (b'{"type":"FeatureCollection","features":[]}', EmptyMap),
        (b"[" * 100_000 + b"]" * 100_000, MapTooDeep),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, MapTooDeep),
        (with_coordinates("[[[37,48],[38,48],[38,NaN],[37,48]]]"), NotANumber),
        (with_coordinates("[[[37,48],[38,48],[38,1e999],[37,48]]]"), NotANumber),
        (with_coordinates('[[[37,48],[38,48],["x",49],[37,48]]]'), NotANumber),
        (with_coordinates("[[[37,48],[38,48],[38],[37,48]]]"), NotANumber),
        (with_coordinates("[[[48,37],[48,38],[49,38],[48,37]]]"), SwappedAxes),
        (with_coordinates("[[[4118819,6106854],[4230138,6106854],[4230138,6274861],[4118819,6106854]]]"), WrongProjection),
        (GOOD.replace(b"urn:ogc:def:crs:OGC:1.3:CRS84", b"urn:ogc:def:crs:EPSG::3857"), WrongProjection),
        (with_coordinates("[[[-70,10],[-69,10],[-69,11],[-70,10]]]"), ElsewhereMap),
        (b'{"type":"FeatureCollection","properties":{"exceededTransferLimit":true},"features":[]}', TruncatedMap),
        (b'\xff\xfe{"type"', NotAMap),
        (GOOD.replace(b"[ 37.25,", b"[ 3-7.25,", 1), NotANumber),
    ],
)  # fmt: skip
def test_a_fault_has_its_name(body: bytes, error: type[MapError]) -> None:
    with pytest.raises(error) as caught:
        read(body)
    assert caught.value.exit_code == 3
    assert error.rule in str(caught.value)


def test_a_million_vertices_are_too_many() -> None:
    positions = b"[37.1,48.1]," * 1_000_000
    for more in (b'"properties"', b'"id": 1, "properties"'):
        body = GOOD.replace(b'"properties": { }', more + b": { }")
        start, end = body.index(b"[ [ [ [") + 7, body.index(b"] ] ] ]")
        with pytest.raises(MapTooLarge):
            read(body[: start - 1] + positions + body[start - 1 : end] + body[end:])


def test_bytes_beyond_the_limit_are_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deepstate_maps, "MAX_BYTES", 100)
    with pytest.raises(MapTooLarge):
        read(GOOD)


def test_a_file_of_a_gigabyte_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "deepstatemap_data_20250101.geojson"
    with path.open("wb") as file:
        file.truncate(1 << 30)
    (found,) = map_files.bodies("deepstate", [path], {path: "known"})
    assert isinstance(found, MapTooLarge)


def test_a_vertex_of_a_refused_map_is_checked_again_in_the_next() -> None:
    book = VertexBook()
    bad = mirror([[[(y, x) for x, y in front()]]])
    for _ in range(2):
        with pytest.raises(SwappedAxes):
            deepstate_maps.read_mirror(bad, "map", "0", DAY, book)


def test_the_quick_reader_and_the_general_one_read_the_same() -> None:
    body = mirror([[front(), box(38.0, 47.6, 38.1, 47.7)], [box(34, 45.2, 34.4, 45.5)]])
    general = json.dumps(json.loads(body)).replace('"properties"', '"id": 1, "properties"').encode()
    one, two = read(body), read(general)
    for left, right in zip(one.areas[Status.OCCUPIED], two.areas[Status.OCCUPIED], strict=True):
        for a, b in zip(left, right, strict=True):
            assert one.book.lonlat[a].tolist() == two.book.lonlat[b].tolist()
    assert deepstate_maps.MIRROR.fullmatch(body.translate(None, deepstate_maps.BLANKS))


def test_an_open_ring_is_closed_and_a_ring_without_area_left_out_with_a_note() -> None:
    found = read(with_coordinates("[[[37,48],[38,48],[38,49]],[[37.5,48.1],[37.6,48.1]]]"))
    assert len(found.notes) == 2
    ((ring,),) = found.areas[Status.OCCUPIED]
    assert ring[0] == ring[-1]


# ---------------------------------------------------------------------------- classes

ERAS = [
    ({"name": "Окуповано", "fill": "#a52714"}, Status.OCCUPIED),
    ({"name": "Багатокутник 11", "fill": "#a52714"}, Status.OCCUPIED),
    ({"name": "Крим", "fill": "#000000"}, Status.OCCUPIED_BEFORE),
    ({"name": "Окупований Крим", "fill": "#880e4f"}, Status.OCCUPIED_BEFORE),
    ({"name": "ОРДЛО /// CADR and CALR", "fill": "#000000"}, Status.OCCUPIED_BEFORE),
    ({"name": "Придністров'я", "fill": "#880e4f"}, Status.OUTSIDE),
    ({"name": "Під питанням", "fill": "#bcaaa4"}, Status.UNKNOWN),
    ({"name": "Звільнено/// Liberated", "fill": "#0288d1"}, Status.LIBERATED),
    (
        {"name": "Звільнено\u00a0/// Liberated\u00a0\u00a0/// geoJSON.status.dismissed\n", "fill": "#0f9d58"},
        Status.LIBERATED,
    ),
    (
        {"name": "Звільнено /// Liberated /// geoJSON.status.dismissed_at {{at:25.03}}", "fill": "#0f9d58"},
        Status.LIBERATED,
    ),
    ({"name": "Звільнено /// Liberated /// geoJSON.status.dismissed", "fill": "#01579b"}, Status.OUTSIDE),
    (
        {"name": "Статус невідомий /// Unknown status /// geoJSON.status.unknown", "fill": "#bdbdbd"},
        Status.UNKNOWN,
    ),
    (
        {"name": "Острів Тузла /// Occupied Tuzla Island /// geoJSON.territories.tuzla", "fill": "#880e4f"},
        Status.OCCUPIED_BEFORE,
    ),
    (
        {"name": "Тимчасово окупована східна Пруссія /// geoJSON.territories.prussia", "fill": "#ff5252"},
        Status.OUTSIDE,
    ),
    ({"name": "Зміїний /// Snake Island /// geoJSON.zmiinyi_island", "fill": "#0f9d58"}, Status.LIBERATED),
    ({"name": "Зміїний /// Snake Island", "fill": "#a52714"}, Status.OCCUPIED),
]


@pytest.mark.parametrize(("properties", "status"), ERAS)
def test_classes_of_all_eras(properties: dict[str, str], status: Status) -> None:
    assert deepstate_maps.status_of(properties, "map") is status


@pytest.mark.parametrize(
    "properties",
    [
        {"name": "Окуповано", "fill": "#fbc02d"},
        {"name": "Окуповано"},
        {"name": "щось", "fill": "#880e4f"},
        {"name": "Нове /// New /// geoJSON.status.contested", "fill": "#a52714"},
        {"name": "Нове /// geoJSON.territories.atlantis", "fill": "#ff5252"},
        {},
    ],
)
def test_an_unknown_class_stops_the_map(properties: dict[str, str]) -> None:
    body = raw(feature(OCCUPIED, front()), feature(properties, box(37, 48, 37.1, 48.1)))
    with pytest.raises(UnknownStatus):
        read_raw(body)


def test_a_raw_body_keeps_collections_names_what_was_held_before_and_leaves_symbols_out() -> None:
    abroad = {"name": "Карелія /// geoJSON.territories.karelia", "fill": "#ff5252"}
    unknown = {"name": "Статус невідомий /// Unknown status", "fill": "#bcaaa4"}
    found = read_raw(
        raw(
            feature(OCCUPIED, front(), kind="GeometryCollection"),
            feature(CRIMEA, box(34, 45, 34.5, 45.5), kind="MultiPolygon"),
            feature(abroad, box(30, 61, 34, 64)),
            feature(unknown, box(63.1, 13.5, 65.6, 15.2)),
        )
    )
    assert len(found.areas[Status.OCCUPIED]) == 1
    assert list(found.before) == ["Crimea"]
    assert len(found.areas[Status.OUTSIDE]) == 1
    assert found.areas[Status.UNKNOWN] == ()
    assert "far outside" in found.notes[0]
    assert found.day == date(2024, 3, 23)


def test_an_empty_layer_is_a_fault_and_no_withdrawal() -> None:
    with pytest.raises(EmptyMap):
        read_raw(raw(feature(CRIMEA, box(34, 45, 34.5, 45.5))))


# ---------------------------------------------------------------------------- files


def test_another_mappers_map_needs_declared_classes(tmp_path: Path) -> None:
    path = tmp_path / "mine-2025-03-01.geojson"
    path.write_bytes(
        raw(feature({"status": "occupied"}, front()), feature({"status": "maybe"}, box(37, 48, 37.1, 48.1)))
    )
    with pytest.raises(UsageError, match="--mapper"):
        map_files.find([path])
    who, files = map_files.find([path], "own")
    (body,) = map_files.bodies(who, files)
    assert isinstance(body, map_files.Body)
    with pytest.raises(UnknownStatus, match="maybe"):
        body.read(VertexBook())


def test_of_several_snapshots_of_a_day_the_last_counts(tmp_path: Path) -> None:
    for second in (1711218520, 1711228520, 1711328520):
        (tmp_path / f"{second}.geojson").write_bytes(raw(feature(OCCUPIED, front())))
    who, files = map_files.find([tmp_path])
    assert who == "deepstate_raw"
    assert [body.identity for body in map_files.bodies(who, files) if isinstance(body, map_files.Body)] == [
        1711228520,
        1711328520,
    ]


def test_a_folder_and_an_archive_give_the_same_maps(tmp_path: Path) -> None:
    days = {date(2025, 1, n): mirror([[front({n: 0.01})]]) for n in (1, 2, 4)}
    one = map_files.find([folder(tmp_path / "maps", days)])
    two = map_files.find([archive(tmp_path / "maps.ndjson.xz", days)])
    shapes = []
    for who, files in (one, two):
        book = VertexBook()
        read_ = [body.read(book) for body in map_files.bodies(who, files) if isinstance(body, map_files.Body)]
        shapes.append(
            [
                (item.day, [book.lonlat[ring].tolist() for p in item.areas[Status.OCCUPIED] for ring in p])
                for item in read_
            ]
        )
    assert shapes[0] == shapes[1]


def test_a_cut_archive_gives_its_days_and_then_its_fault(tmp_path: Path) -> None:
    path = archive(tmp_path / "maps.ndjson.xz", {date(2025, 1, n): mirror([[front()]]) for n in range(1, 9)})
    path.write_bytes(path.read_bytes()[:-30])
    found = list(map_files.bodies("deepstate", [path]))
    assert isinstance(found[-1], TruncatedMap)


def test_lines_without_a_day_and_files_without_one_are_named(tmp_path: Path) -> None:
    path = tmp_path / "maps.ndjson"
    path.write_bytes(
        b'{"geometry": 1}\n\n{"date":"2025-13-01","file":"deepstatemap_data_20251301.geojson"}\n'
    )
    assert [type(item) for item in map_files.bodies("deepstate", [path])] == [UndatedMap, UndatedMap]
    other = tmp_path / "map.geojson"
    other.write_bytes(GOOD)
    assert [type(item) for item in map_files.bodies("deepstate", [other])] == [UndatedMap]


def test_an_archive_that_unpacks_without_end_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_files, "MAX_BYTES", 10_000)
    path = tmp_path / "bomb.ndjson.xz"
    path.write_bytes(lzma.compress(b"x" * 1_000_000))
    assert [type(item) for item in map_files.bodies("deepstate", [path])] == [MapTooLarge]


def test_depth_counts_outside_words_only() -> None:
    assert maps.load_json(b'{"a":"' + b"[" * 99 + b'"}', "map") == {"a": "[" * 99}


def test_an_error_survives_being_stored() -> None:
    error = SwappedAxes("map", "latitude first", "Write longitude first", "x")
    finding = error.finding
    again = restore(finding.rule, finding.file, finding.value, finding.advice)
    assert (type(again), str(again)) == (SwappedAxes, str(error))
