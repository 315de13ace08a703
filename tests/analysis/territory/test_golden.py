"""Figures that must come out whether or not real maps are at hand: four small maps in the mirror's shape, written here.

A part lies in Donetsk and moves into Dnipropetrovsk, one crosses the border of Sumy, one lies in Crimea, one appears on
the sea. Totals are checked against the ellipsoid by pyproj alone; the rest against figures written down once.
"""

from __future__ import annotations

from datetime import date

import pyproj
import pytest
from tests.map_rig import Ring, box, folder, mirror

from wareconomy.analysis.territory import periods, store
from wareconomy.analysis.territory.history import History

STEPPE, CRIMEA, SUMY, SEA = (
    box(37.0, 47.8, 38.0, 48.4),
    box(34.2, 45.2, 34.4, 45.4),
    box(35.40, 50.68, 35.50, 50.72),
    box(35.9, 46.0, 36.0, 46.1),
)
WIDER = box(35.38, 50.68, 35.50, 50.72)
MAPS: dict[date, list[Ring]] = {
    date(2025, 12, 1): [STEPPE, CRIMEA],
    date(2025, 12, 2): [STEPPE, CRIMEA, SUMY],
    date(2026, 1, 1): [box(36.9, 47.8, 38.0, 48.4), CRIMEA, WIDER, SEA],
    date(2026, 1, 2): [box(36.9, 47.8, 37.9, 48.4), CRIMEA, WIDER, SEA],
}


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    place = tmp_path_factory.mktemp("golden")
    return store.update(
        [folder(place, {day: mirror([[ring] for ring in rings]) for day, rings in MAPS.items()})], None
    )


def geodesic_km2(ring: Ring) -> float:
    lon, lat = zip(*ring, strict=True)
    area, _ = pyproj.Geod(ellps="WGS84").polygon_area_perimeter(lon, lat)
    return float(abs(area)) / 1e6


def test_every_total_is_the_area_on_the_ellipsoid(history: History) -> None:
    for day in history.days:
        assert day.total_km2 == pytest.approx(sum(map(geodesic_km2, MAPS[day.day])), abs=1e-9)


def test_the_month_from_the_second_and_the_alternative(history: History) -> None:
    (december,) = periods.Table(history).months()
    assert (december.start, december.end) == (date(2025, 12, 2), date(2026, 1, 2))
    figures = (december.net_km2, december.low_km2, december.high_km2, december.gained_km2, december.lost_km2)
    assert [round(figure, 3) for figure in figures] == [92.312, 92.312, 620.622, 592.816, 500.504]


def test_by_oblast_with_the_sea_and_what_is_beyond_the_border_apart(history: History) -> None:
    rows = periods.by_oblast(history, date(2025, 12, 2), date(2026, 1, 2))
    assert {
        str(row["oblast"]): (round(float(str(row["area_km2"])), 2), round(float(str(row["net_km2"])), 2))
        for row in rows
    } == {
        "UA-12": (16.26, 16.26),
        "UA-14": (4952.66, -16.26),
        "UA-43": (348.68, 0.0),
        "UA-59": (26.65, 6.29),
        "sea": (86.02, 86.02),
        "outside": (11.07, 0.0),
    }
    assert [row["share_pct"] for row in rows if row["oblast"] in ("sea", "outside")] == [None, None]
    assert sum(float(str(row["area_km2"])) for row in rows) == pytest.approx(
        history.days[-1].total_km2, abs=1e-9
    )
