"""A history equals the plain overlay of every day, grows by a day, and loses nothing to a faulty map."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from tests.map_rig import CRIMEA, OCCUPIED, advance, archive, box, feature, folder, front, mirror, raw

from wareconomy.analysis.territory import boundaries, overlay, periods, store
from wareconomy.analysis.territory import history as histories
from wareconomy.analysis.territory.history import History
from wareconomy.analysis.territory.plane import Plane
from wareconomy.analysis.territory.region import geodesic_km2, region_of
from wareconomy.errors import CheckFailed, UsageError
from wareconomy.sources import map_files
from wareconomy.sources.map_errors import DuplicateDay, MapJump, TruncatedMap
from wareconomy.sources.maps import VertexBook

FIRST = date(2025, 1, 1)


@pytest.fixture(scope="module")
def days() -> dict[date, bytes]:
    return advance(70)


@pytest.fixture(scope="module")
def made(days: dict[date, bytes], tmp_path_factory: pytest.TempPathFactory) -> History:
    return store.update([folder(tmp_path_factory.mktemp("maps"), days)], None)


def rows(history: History) -> list[np.ndarray]:
    return [history.stock, history.gain, history.loss]


def test_every_day_equals_its_plain_overlay(made: History, days: dict[date, bytes], tmp_path: Path) -> None:
    units = boundaries.load()
    who, files = map_files.find([folder(tmp_path, days)])
    book = VertexBook()
    plane = Plane(book)
    for place, body in enumerate(map_files.bodies(who, files)):
        assert isinstance(body, map_files.Body)
        region = region_of(body.read(book))
        total = geodesic_km2(region, book)
        cells = overlay.by_cell(overlay.flat(region, plane), units.cells)
        assert made.days[place].total_km2 == pytest.approx(total, rel=1e-12)
        assert np.abs(made.stock[place, :-1] - cells).max() < 1e-8
        assert made.stock[place].sum() == pytest.approx(total, rel=1e-12)
    assert made.checks == 2
    assert made.drift_km2 < 1e-8


def test_gains_less_losses_are_the_change(made: History) -> None:
    steps = np.diff(made.stock, axis=0) - (made.gain - made.loss)[1:]
    assert np.abs(steps[:, :-1]).max() < 1e-9
    assert np.abs(steps[:, -1]).max() < 1e-4, "the rest carries what the plane differs from the ellipsoid"
    assert (made.gain > -1e-9).all()
    assert (made.loss > -1e-9).all()


def test_a_day_added_gives_what_the_whole_gives(
    made: History, days: dict[date, bytes], tmp_path: Path
) -> None:
    kept = tmp_path / "store"
    most = dict(list(days.items())[:-1])
    maps = folder(tmp_path / "maps", most)
    assert store.update([maps], kept).fresh == 69
    folder(maps, days)
    grown = store.update([maps], kept)
    assert grown.fresh == 1
    for left, right in zip(rows(grown), rows(made), strict=True):
        assert np.abs(left - right).max() < 1e-9
    again = store.update([maps], kept)
    assert again.fresh == 0
    assert [day.sha256 for day in again.days] == [day.sha256 for day in made.days]
    assert np.array_equal(again.stock, grown.stock)


def test_a_map_rewritten_or_come_late_is_computed_anew(days: dict[date, bytes], tmp_path: Path) -> None:
    listed = dict(list(days.items())[:9])
    late = FIRST + timedelta(days=4)
    maps = folder(tmp_path / "maps", {day: body for day, body in listed.items() if day != late})
    store.update([maps], tmp_path)
    folder(maps, {late: listed[late]})
    assert store.update([maps], tmp_path).fresh == 9
    folder(maps, {late: mirror([[front({3: 0.2})]])})
    changed = store.update([maps], tmp_path)
    assert changed.fresh == 9
    assert (
        changed.days[4].total_km2
        != store.update([folder(tmp_path / "other", listed)], None).days[4].total_km2
    )


def test_a_broken_store_is_no_obstacle(days: dict[date, bytes], tmp_path: Path) -> None:
    maps = folder(tmp_path / "maps", dict(list(days.items())[:3]))
    store.update([maps], tmp_path)
    (path,) = tmp_path.glob("*.npz")
    path.write_bytes(path.read_bytes()[:500])
    assert store.update([maps], tmp_path).fresh == 3


def test_faulty_maps_are_set_aside_and_the_rest_is_as_without_them(tmp_path: Path) -> None:
    good = advance(8)
    bad = dict(good)
    bad[FIRST + timedelta(days=2)] = good[FIRST][:-50]
    bad[FIRST + timedelta(days=5)] = mirror([[[(y, x) for x, y in front()]]])
    without = {day: body for day, body in good.items() if bad[day] is body}
    one = store.update([folder(tmp_path / "bad", bad)], tmp_path)
    two = store.update([folder(tmp_path / "good", without)], None)
    assert [error.rule for error in one.set_aside] == ["truncated map", "latitude and longitude swapped"]
    for left, right in zip(rows(one), rows(two), strict=True):
        assert np.array_equal(left, right)
    again = store.update([tmp_path / "bad"], tmp_path)
    assert [str(error) for error in again.set_aside] == [str(error) for error in one.set_aside]
    folder(tmp_path / "bad", {FIRST + timedelta(days=9): good[FIRST]})
    grown = store.update([tmp_path / "bad"], tmp_path)
    assert (grown.fresh, len(grown.set_aside)) == (1, 2)


def test_a_jump_is_set_aside_until_a_person_lets_it_in(tmp_path: Path) -> None:
    days = {
        FIRST: mirror([[front()]]),
        FIRST + timedelta(days=1): mirror([[box(30, 46, 36, 50)]]),
        FIRST + timedelta(days=2): mirror([[front({5: 0.1})]]),
    }
    maps = folder(tmp_path / "maps", days)
    found = store.update([maps], None)
    assert [type(error) for error in found.set_aside] == [MapJump]
    assert "--accept-jumps" in str(found.set_aside[0])
    assert len(found.days) == 2
    assert len(store.update([maps], None, jumps=True).days) == 3


def test_a_second_map_of_a_day(tmp_path: Path) -> None:
    day = FIRST
    path = tmp_path / "maps.ndjson"
    lines = []
    for n, body in enumerate((mirror([[front()]]), mirror([[front({4: 0.1})]]))):
        one = archive(tmp_path / f"{n}.ndjson.xz", {day: body})
        import lzma

        lines.append(lzma.decompress(one.read_bytes()))
    path.write_bytes(lines[0] + lines[0] + lines[1])
    found = store.update([path], None)
    assert len(found.days) == 1
    assert [type(error) for error in found.set_aside] == [DuplicateDay]


def test_nothing_measured_says_why(tmp_path: Path) -> None:
    found = store.update([folder(tmp_path, {FIRST: b'{"type":'})], None)
    assert [type(error) for error in found.set_aside] == [TruncatedMap]
    with pytest.raises(UsageError, match="truncated"):
        periods.Table(found)


def test_a_drift_stops_the_run(
    days: dict[date, bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(histories, "DRIFT_KM2", -1.0)
    with pytest.raises(CheckFailed, match="nothing was kept"):
        store.update([folder(tmp_path / "maps", days)], tmp_path)
    assert not list(tmp_path.glob("*.npz"))


def test_a_figure_of_eight_is_mended_and_the_mending_measured(tmp_path: Path) -> None:
    eight = [(37.0, 48.0), (38.0, 49.0), (38.0, 48.0), (37.0, 49.0), (37.0, 48.0)]
    found = store.update([folder(tmp_path, {FIRST: mirror([[eight]])})], None)
    (day,) = found.days
    (repair,) = day.repairs
    assert "self-intersection" in repair.what
    assert repair.km2 == pytest.approx(day.total_km2, rel=0.02), "its halves had cancelled"
    assert day.total_km2 == pytest.approx(4100, rel=0.02)


def test_an_overlap_counts_once(tmp_path: Path) -> None:
    one, two = box(37, 47.5, 38, 48), box(37.5, 47.5, 38.5, 48)
    found = store.update([folder(tmp_path, {FIRST: mirror([[one], [two]])})], None)
    whole = store.update([folder(tmp_path / "x", {FIRST: mirror([[box(37, 47.5, 38.5, 48)]])})], None)
    assert found.days[0].total_km2 == pytest.approx(whole.days[0].total_km2, rel=1e-4)
    (repair,) = found.days[0].repairs
    assert repair.what == "overlap counted once"


def raw_folder(place: Path, *bodies: bytes) -> Path:
    place.mkdir()
    for n, body in enumerate(bodies):
        (place / f"{1663444800 + 86400 * n}.geojson").write_bytes(body)
    return place


def test_a_redraw_of_crimea_is_a_break_and_no_movement(tmp_path: Path) -> None:
    small, large = box(33.5, 44.6, 35.0, 45.8), box(33.5, 44.6, 35.06, 45.9)
    unknown = feature({"name": "Статус невідомий", "fill": "#bcaaa4"}, box(37.0, 47.5, 37.4, 47.7))
    maps = raw_folder(
        tmp_path / "maps",
        raw(feature(OCCUPIED, front()), feature(CRIMEA, small), unknown),
        raw(feature(OCCUPIED, front({9: 0.1})), feature(CRIMEA, large), unknown),
    )
    found = store.update([maps], None)
    (item,) = periods.breaks(found)
    assert item.what == "redraw of Crimea"
    move = periods.Table(found).between(date(2022, 9, 17), date(2022, 9, 18))
    assert move.status == "B"
    assert "no movement" in move.note
    assert move.net_km2 - move.break_km2 == pytest.approx(0.1 * 0.02 * 111.2 * 74.8, rel=0.1)
    assert any("both occupied and unknown" in repair.what for repair in found.days[0].repairs)
    assert found.days[0].unknown_km2


# ---------------------------------------------------------------------------- questions


def test_months_of_the_mirror_run_from_the_2nd_to_the_2nd_with_the_1st_as_range(made: History) -> None:
    table = periods.Table(made)
    january, february = table.months()
    assert (january.start, january.end) == (date(2025, 1, 2), date(2025, 2, 2))
    other = table.between(date(2025, 1, 1), date(2025, 2, 1)).net_km2
    assert {round(january.low_km2, 9), round(january.high_km2, 9)} == {
        round(january.net_km2, 9),
        round(other, 9),
    }
    assert february.label == "2025-02"


def test_a_month_without_its_boundary_file_says_so(days: dict[date, bytes], tmp_path: Path) -> None:
    some = {day: body for day, body in days.items() if day != date(2025, 2, 2)}
    found = store.update([folder(tmp_path, some)], None)
    table = periods.Table(found)
    january = table.months()[0]
    assert january.end == date(2025, 2, 3)
    assert january.note == "no file of 2025-02-02, taken from 2025-02-03"
    assert table.missing() == [date(2025, 2, 2)]


def test_days_without_change_and_largest_changes(made: History) -> None:
    table = periods.Table(made)
    assert len(table.unchanged()) == 13
    largest = table.largest(3)
    assert [abs(move.net_km2) for move in largest] == sorted((abs(m.net_km2) for m in largest), reverse=True)
    with pytest.raises(UsageError, match="the first is of 2025-01-01"):
        table.on(date(2024, 1, 1))
    with pytest.raises(UsageError, match="is not after"):
        table.between(FIRST, FIRST)


def test_units_add_up_to_the_whole_and_the_remainder_is_a_row(made: History) -> None:
    end = made.days[-1].day
    found = periods.by_oblast(made, FIRST, end)
    total = periods.Table(made).between(FIRST, end)
    assert sum(float(str(row["area_km2"])) for row in found) == pytest.approx(total.area_km2, abs=0.01)
    assert sum(float(str(row["net_km2"])) for row in found) == pytest.approx(total.net_km2, abs=1e-6)
    share = {row["oblast"]: row["share_pct"] for row in found}
    donetsk = next(row for row in found if row["oblast"] == "UA-14")
    assert share["UA-14"] == pytest.approx(100 * float(str(donetsk["area_km2"])) / 26517)
    claimed = {row["oblast"]: row["share_pct"] for row in periods.by_oblast(made, FIRST, end, "claimed")}
    assert claimed["UA-14"] == pytest.approx(100 * float(str(donetsk["area_km2"])) / 135787)


def test_a_history_can_be_read_as_of_a_day(made: History) -> None:
    cut = made.until(date(2025, 1, 10))
    assert cut.days[-1].day == date(2025, 1, 10)
    assert periods.Table(cut).area.tolist() == periods.Table(made).area[:10].tolist()
