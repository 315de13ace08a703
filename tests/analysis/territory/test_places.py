"""Places have three states, and the kinds of doubt stay apart."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.map_rig import box, folder, mirror

from wareconomy.analysis.territory import boundaries, places, uncertainty
from wareconomy.analysis.territory.places import State
from wareconomy.analysis.territory.plane import Plane
from wareconomy.analysis.territory.region import region_of
from wareconomy.errors import UsageError
from wareconomy.sources.map_files import Body
from wareconomy.sources.maps import VertexBook

POKROVSK = places.named("Покровськ")[0]
DAY = date(2025, 1, 1)


def around(km: float) -> list[tuple[float, float]]:
    """A region whose west side runs so many km west (minus: east) of Pokrovsk."""
    degree = 111.32 * np.cos(np.radians(POKROVSK.lat))
    west = round(POKROVSK.lon - km / degree, 6)
    return box(west, 48.0, 38.5, 48.6)


def bodies(tmp_path: Path, *sides: float) -> list[Body]:
    days = {DAY + timedelta(days=n): mirror([[around(km)]]) for n, km in enumerate(sides)}
    return list(places.bodies_of([folder(tmp_path, days)]))


def test_the_list_is_frozen_with_ids_and_names_in_both_scripts() -> None:
    assert len(places.listed()) == 5488
    assert POKROVSK.id == "704422"
    assert POKROVSK.oblast == "UA-14"
    assert places.named("pokrovsk") != []
    with pytest.raises(UsageError, match="small villages are missing"):
        places.named("Nowhere")


@pytest.mark.parametrize(
    ("km", "state"),
    [(3.0, State.INSIDE), (0.5, State.UNDETERMINED), (-0.5, State.UNDETERMINED), (-3.0, State.OUTSIDE)],
)
def test_a_place_within_a_kilometre_of_the_line_is_undetermined(
    tmp_path: Path, km: float, state: State
) -> None:
    (body,) = bodies(tmp_path, km)
    book = VertexBook()
    found = places.states(region_of(body.read(book)), Plane(book))
    assert found[places.listed().index(POKROVSK)] == state


def test_first_days_in_and_out(tmp_path: Path) -> None:
    found = places.follow(bodies(tmp_path, -3.0, -3.0, -0.4, 3.0, 3.2, -3.0))
    record = next(item for item in found if item.place == POKROVSK)
    assert (record.first, record.last) == (State.OUTSIDE, State.OUTSIDE)
    assert (record.first_in, record.first_out) == (DAY + timedelta(days=3), DAY + timedelta(days=5))


def test_where_a_change_was(tmp_path: Path) -> None:
    old, new = bodies(tmp_path, -3.0, 1.0)
    change = places.between(old, new)
    spot = places.where(change, boundaries.load())
    assert spot is not None
    assert spot.oblast == "UA-14"
    assert change.gained_km2 == pytest.approx(4 * 0.6 * 111.2, rel=0.01)
    assert change.lost_km2 < 2, "the north side is another geodesic"
    assert places.where(places.between(old, old), boundaries.load()) is None


def test_the_last_map_on_or_before_a_day(tmp_path: Path) -> None:
    bodies(tmp_path, 0.0, 1.0)
    assert places.body_on([tmp_path], date(2026, 1, 1)).day == DAY + timedelta(days=1)
    with pytest.raises(UsageError, match="no map on or before"):
        places.body_on([tmp_path], date(2024, 1, 1))


def test_digitising_doubt_follows_the_formula_and_touches_only_the_moved_line(tmp_path: Path) -> None:
    old, new = bodies(tmp_path, -3.0, 1.0)
    change = places.between(old, new)
    whole = uncertainty.stock_sd(change.after, change.plane, 100)
    points = change.plane.xy[change.after.polygons[0][0][:-1]]
    gaps = np.roll(points, -1, axis=0) - np.roll(points, 1, axis=0)
    assert whole == pytest.approx(50 * np.sqrt((gaps**2).sum()) / 1e6)
    found = uncertainty.doubt(267.0, 250.0, 280.0, 1.0, change.before, change.after, change.plane)
    assert found.digitising[100.0] == pytest.approx(2 * found.digitising[50.0])
    assert (found.lag_low_km2, found.lag_high_km2, found.lag_log_sd, found.definition_factor) == (
        250.0,
        280.0,
        0.34,
        1.28,
    )
    still = uncertainty.net_sd(change.after, change.after, change.plane, 100)
    assert still == 0
