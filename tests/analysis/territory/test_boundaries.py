"""27 units that tile, the sea beside them; pieces are given to them without loss."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import shapely
from tests.map_rig import box

from wareconomy.analysis import area_question
from wareconomy.analysis.territory import boundaries, overlay
from wareconomy.analysis.territory.plane import Flat, area_km2, flatten
from wareconomy.errors import UsageError
from wareconomy.sources.map_errors import NotAMap

UNITS = boundaries.load()


def test_there_are_27_units_with_official_areas() -> None:
    assert len(boundaries.units()) == 27
    assert sum(unit.km2 for unit in boundaries.units().values()) == 603_540
    assert boundaries.denominator("ukraine")[0] == 603_628
    assert {code for code, unit in boundaries.units().items() if unit.claimed} == {
        "UA-09",
        "UA-14",
        "UA-23",
        "UA-40",
        "UA-43",
        "UA-65",
    }
    with pytest.raises(UsageError):
        boundaries.denominator("oblast", "outside")


def test_units_tile_and_the_sea_is_none_of_them() -> None:
    assert UNITS.codes == (*boundaries.units(), "sea")
    assert shapely.coverage_is_valid(UNITS.cells, gap_width=0)
    assert area_km2(Flat(UNITS.cells[:-1])).sum() == pytest.approx(599_504.6, abs=0.1)


def test_no_unit_is_larger_than_its_official_area_by_more_than_maps_allow() -> None:
    """A share above 100 % would come from a shape larger than the official area; Kyiv city is Natural Earth's fault."""
    larger = {
        code: area / boundaries.units()[code].km2
        for code, area in zip(UNITS.codes[:-1], area_km2(Flat(UNITS.cells[:-1])), strict=True)
    }
    held = ("UA-09", "UA-14", "UA-23", "UA-40", "UA-43", "UA-65")
    assert max(larger[code] for code in held) < 1.005
    assert larger["UA-43"] < 1 > larger["UA-40"]


def test_crimea_and_sevastopol_are_units_of_ukraine() -> None:
    spots = flatten([shapely.Point(34.1, 44.95), shapely.Point(33.53, 44.6)]).shapes
    owner = [UNITS.codes[int(UNITS.tree.query(spot, predicate="intersects")[0])] for spot in spots]
    assert owner == ["UA-43", "UA-40"]


def test_the_syvash_is_inland_water_and_the_open_sea_is_not() -> None:
    spots = flatten(
        [shapely.Point(34.3, 46.05), shapely.Point(35.6, 45.9), shapely.Point(35.46, 50.704)]
    ).shapes
    owner = [UNITS.codes[int(UNITS.tree.query(spot, predicate="intersects")[0])] for spot in spots]
    assert owner[0] in ("UA-43", "UA-65")
    assert owner[1:] == ["sea", "UA-59"]  # the last is a pond on the border


def test_pieces_are_given_whole_or_cut_and_the_rest_is_outside() -> None:
    shapes = [
        box(37.0, 48.2, 37.1, 48.3),
        box(36.0, 47.5, 37.5, 48.5),
        box(28.0, 53.0, 29.0, 53.5),
        box(38.9, 46.5, 39.4, 46.8),
    ]
    flat = flatten([shapely.Polygon(shape) for shape in shapes])
    found = UNITS.by_unit(flat)
    assert found.sum(axis=1) == pytest.approx(area_km2(flat), rel=1e-12)
    expected = np.array(
        [overlay.by_cell(Flat(flat.shapes[i : i + 1]), UNITS.cells) for i in range(len(shapes))]
    )
    assert np.abs(found[:, :-1] - expected).max() < 1e-9
    assert found[0, UNITS.codes.index("UA-14")] == pytest.approx(area_km2(flat)[0])
    assert found[2, -1] == pytest.approx(area_km2(flat)[2])


def test_own_boundaries_need_all_27_codes(tmp_path: Path) -> None:
    path = tmp_path / "units.geojson"
    some = [
        {
            "type": "Feature",
            "properties": {"shapeISO": code},
            "geometry": {"type": "Polygon", "coordinates": [box(30 + i / 10, 48, 30.1 + i / 10, 49)]},
        }
        for i, code in enumerate(boundaries.units())
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": some, "licence": "ODbL"}))
    own = boundaries.load(path)
    assert own.columns == (*boundaries.units(), "outside")
    assert own.licence == "ODbL"
    path.write_text(json.dumps({"type": "FeatureCollection", "features": some[:-1]}))
    with pytest.raises(NotAMap, match="UA-77"):
        boundaries.load(path)
    some[0]["properties"] = {"shapeISO": "UA-99"}
    path.write_text(json.dumps({"type": "FeatureCollection", "features": some}))
    with pytest.raises(NotAMap, match="ISO 3166-2"):
        boundaries.load(path)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Sumy", "UA-59"),
        ("ua-59", "UA-59"),
        ("Сумська", "UA-59"),
        ("14", "UA-14"),
        ("outside", "outside"),
        ("sea", "sea"),
    ],
)
def test_oblasts_by_name(text: str, code: str) -> None:
    assert area_question.code_of(text) == code


def test_an_unknown_oblast_lists_them() -> None:
    with pytest.raises(UsageError, match="Donetsk"):
        area_question.code_of("Atlantis")
