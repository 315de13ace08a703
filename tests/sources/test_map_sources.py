"""What to ask for of maps, and what no map is. No source of maps gives a figure its document does not print."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime

import pytest
from tests.sources.battlefield_help import FIXTURES, document, readings, rows

from wareconomy import catalog
from wareconomy.sources import deepstate_history, deepstate_mirror, isw_layers, map_bodies
from wareconomy.sources.source import Document, Malformed

HISTORY = deepstate_history.SOURCE
MIRROR = deepstate_mirror.SOURCE
ISW = isw_layers.SOURCE
TODAY = date(2025, 12, 3)
AT = datetime(2025, 12, 3, 6, tzinfo=UTC)
FILE = "deepstate_mirror/deepstatemap_data_20251202.geojson"
FILE_URL = "https://raw.githubusercontent.com/x/data/deepstatemap_data_20251202.geojson"


def edited(fixture: str, change: object) -> bytes:
    value = json.loads((FIXTURES / fixture).read_bytes())
    change(value)  # type: ignore[operator]
    return json.dumps(value).encode()


def test_the_geometry_of_both_mappers_stays_local() -> None:
    assert {catalog.load().sources[source.id].terms for source in (HISTORY, ISW)} == {"local only"}


def test_follows_public_snapshots_of_the_span_newest_first() -> None:
    listed = document("deepstate_history/public.json", "history-public", at=AT)
    assert [ask.name for ask in HISTORY.follow(listed)] == [
        "map-1764627000-20251202T091530",
        "areas-1764627000-20251202T091530",
        "map-1764540600-20251130T221000",
        "areas-1764540600-20251130T221000",
    ]
    assert all(ask.once for ask in HISTORY.follow(listed))
    late = document("deepstate_history/public.json", "history-public", at=datetime(2026, 5, 1, tzinfo=UTC))
    assert list(HISTORY.follow(late)) == []
    since = next(iter(HISTORY.asks(TODAY, date(2025, 12, 1)))).name
    assert since == "history-public-since-2025-12-01"
    back = document("deepstate_history/public.json", since, at=datetime(2026, 5, 1, tzinfo=UTC))
    assert [ask.name[:3] for ask in HISTORY.follow(back)] == ["map", "are"]


def test_an_edited_snapshot_is_asked_for_again() -> None:
    def edit(entries: list[dict[str, str]]) -> None:
        entries[0]["updatedAt"] = "2025-12-02T23:00:00.000Z"

    before = {
        ask.name for ask in HISTORY.follow(document("deepstate_history/public.json", "history-public", at=AT))
    }
    listed = document(edited("deepstate_history/public.json", edit), "history-public", at=AT)
    assert {ask.name for ask in HISTORY.follow(listed)} - before == {
        "map-1764540600-20251202T230000",
        "areas-1764540600-20251202T230000",
    }


def test_areas_are_read_as_printed() -> None:
    found = document("deepstate_history/areas.json", "areas-1764627000-20251202T091530")
    made = readings(HISTORY, found)
    occupied = made["territory.published.deepstate_map.occupied_since_2022", "2025-12-01"]
    assert occupied.printed == "68201.12000000001"
    assert occupied.known_on == date(2025, 12, 2)
    assert occupied.locator == "/0"
    freed = made["territory.published.deepstate_map.liberated", "2025-12-01"]
    assert (freed.value, freed.locator) == (15001.0, "/3, /4")
    assert len(made) == 4, "areas abroad, partly satire, are no figures"
    assert {series for series, _ in made} <= catalog.load().series.keys()


def test_areas_dropped_in_need_the_address() -> None:
    found = document(
        "deepstate_history/areas.json", "x", "https://deepstatemap.live/api/history/1764627000/areas"
    )
    assert {row.known_on for row in readings(HISTORY, found).values()} == {None}
    with pytest.raises(Malformed, match="unknown snapshot"):
        rows(HISTORY, document("deepstate_history/areas.json", "x"))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("percent", 11.297, "no text"),
        ("area", "68201", "number"),
        ("area", 68_201_120_000, "outside"),
        ("area", 26342.19, "due 4.363"),
        ("type", "annexed", "nobody knows"),
    ],
)
def test_areas_that_changed_their_form_stop(key: str, value: object, said: str) -> None:
    data = edited("deepstate_history/areas.json", lambda entries: entries[0].update({key: value}))
    with pytest.raises(Malformed, match=said):
        rows(HISTORY, document(data, "areas-1764627000-20251202T091530"))


def test_bodies_are_maps_bare_or_in_an_envelope() -> None:
    for name in ("body.geojson", "last.json"):
        assert rows(HISTORY, document(f"deepstate_history/{name}", "map-1764627000-20251202T091530")) == []
    body = deepstate_history.check_body("s", (FIXTURES / "deepstate_history/body.geojson").read_bytes())
    assert body.kinds == {"Polygon": 2, "GeometryCollection": 1, "Point": 1}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ((FIXTURES / "deepstate_history/refused.json").read_bytes(), "FeatureCollection"),
        (b'{"type":"FeatureCollection","features":[]}', "no withdrawal"),
        (edited("deepstate_history/body.geojson", lambda body: body["features"].pop(0)), "a52714"),
        ((FIXTURES / "deepstate_history/body.geojson").read_bytes()[:-30], "JSON"),
        (
            b'{"type":"FeatureCollection","features":[{"type":"Feature","properties":{}}]}',
            "without a geometry",
        ),
    ],
)
def test_what_is_no_map_is_named(data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        rows(HISTORY, document(data, "map-1764627000-20251202T091530"))


@pytest.mark.parametrize(
    ("key", "value", "said"),
    [
        ("id", 5, "time of publication"),
        ("updatedAt", "yesterday", "not a time"),
        ("status", "true", "status"),
    ],
)
def test_a_list_that_changed_its_form_stops(key: str, value: object, said: str) -> None:
    data = edited("deepstate_history/public.json", lambda entries: entries[1].update({key: value}))
    with pytest.raises(Malformed, match=said):
        rows(HISTORY, document(data, "history-public"))


def test_missing_days_of_the_mirror_are_not_asked_for() -> None:
    asked = [ask.name for ask in MIRROR.asks(date(2025, 4, 2), date(2025, 3, 29))]
    assert asked == ["map-2025-04-02", "map-2025-03-30", "map-2025-03-29"]
    assert len(list(MIRROR.asks(date(2026, 8, 22), date(2020, 1, 1)))) == 769
    assert all(404 in ask.absent and ask.once for ask in MIRROR.asks(TODAY))


def test_a_mirror_file_is_checked_and_gives_no_figures() -> None:
    found = document(FILE, url=FILE_URL)
    assert rows(MIRROR, found) == []
    assert deepstate_mirror.day_of("s", found) == date(2025, 12, 2)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"deepstatemap_data_20251202"', '"deepstatemap_data_20251201"', "not the day"),
        ("deepstatemap_data_20251202", "deepstatemap_data_20251399", "not the day"),
        ('"properties": { }', '"properties": {"a": 1}', "properties"),
        ("MultiPolygon", "Polygon", "one MultiPolygon"),
        ("urn:ogc", "\0", "NUL"),
    ],
)
def test_another_mirror_file_stops(old: str, new: str, said: str) -> None:
    data = (FIXTURES / FILE).read_text("utf-8").replace(old, new).encode()
    with pytest.raises(Malformed, match=said):
        rows(MIRROR, document(data, url=FILE_URL))


def layer(name: str, fixture: str) -> Document:
    return document(f"isw_layers/{fixture}", name)


def test_a_layer_is_paged_to_its_end() -> None:
    (first,) = ISW.follow(layer("control-layer", "layer.json"))
    assert (first.name, first.params["resultOffset"]) == ("control-page-1782940000000-0", "0")
    (second,) = ISW.follow(layer(first.name, "page_cut.geojson"))
    (third,) = ISW.follow(layer(second.name, "page_cut_top.geojson"))
    assert (second.name[-2:], third.name[-2:], third.params["resultOffset"]) == ("-2", "-4", "4")
    assert list(ISW.follow(layer(third.name, "page.geojson"))) == []
    assert rows(ISW, layer(third.name, "page.geojson")) == []


def test_layers_without_end_stop() -> None:
    with pytest.raises(Malformed, match="more than"):
        list(ISW.follow(layer("control-page-1782940000000-50001", "page_cut.geojson")))


@pytest.mark.parametrize(
    ("name", "fixture", "said"),
    [
        ("control-layer", "error.json", "Invalid URL"),
        ("control-page-1782940000000-0", "error.json", "Invalid URL"),
        ("control-page-1782940000000-0", "empty.geojson", "no withdrawal"),
        ("infiltration-layer", "layer.json", "is now named"),
        ("web-map", "web_map_renamed.json", "VIEW_RussiaCoTinUkraine_V4"),
        ("elsewhere", "page.geojson", "no layer"),
    ],
)
def test_faults_of_the_layers_are_named(name: str, fixture: str, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        rows(ISW, layer(name, fixture))


def test_a_day_without_gains_is_no_fault() -> None:
    assert rows(ISW, layer("gains-page-1782940000000-0", "empty.geojson")) == []
    assert rows(ISW, layer("web-map", "web_map.json")) == []


def test_errors_on_200_are_refused_before_reading() -> None:
    error = (FIXTURES / "isw_layers/error.json").read_bytes()
    assert all(any(mark in error for mark in ask.refuse) for ask in ISW.asks(TODAY))


def test_features_are_bounded() -> None:
    many = (
        b'{"type":"FeatureCollection","features":['
        + b",".join([b"1"] * (map_bodies.MAX_FEATURES + 1))
        + b"]}"
    )
    with pytest.raises(Malformed, match="more than"):
        map_bodies.check("s", many)
