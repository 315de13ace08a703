"""Maps and charts of maps: complete words, the terms on their face, the same bytes twice, and films that move."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from matplotlib.text import Text
from PIL import Image
from tests.map_rig import OCCUPIED, advance, feature, folder, front, raw

from wareconomy.analysis.territory import boundaries, periods, places, store
from wareconomy.analysis.territory.history import History
from wareconomy.errors import MissingExtra, UsageError
from wareconomy.publish import theme
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.territory import canvas, charts, maps, motion

UNITS = boundaries.load()
START, END = date(2025, 1, 2), date(2025, 3, 2)


@pytest.fixture(scope="module")
def where(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return folder(tmp_path_factory.mktemp("maps"), advance(64))


@pytest.fixture(scope="module")
def history(where: Path) -> History:
    return store.update([where], None)


def saved(chart: Chart) -> bytes:
    with theme.style(chart.id):
        return theme.svg_bytes(maps.draw(chart), chart)


def between(where: Path, oblast: str | None = None) -> Chart:
    old, new = (places.body_on([where], day) for day in (START, END))
    return maps.between(places.between(old, new), UNITS, oblast)


def test_a_map_says_what_it_shows_and_that_it_is_not_for_publication(where: Path) -> None:
    chart = between(where)
    assert "gained" in chart.title
    assert "lost by Russian forces in 59 days" in chart.title
    assert chart.notes[0].startswith("Drawn from your own copy of the map. Not for publication")
    for credit in ("DeepState", "Natural Earth", "GeoNames"):
        assert credit in chart.source
    gained = sum(row[2] for row in chart.rows)
    assert f"{gained:,.1f} km² gained" in chart.title
    assert {row[0] for row in chart.rows} <= {*boundaries.units(), "outside"}


def test_a_map_of_ones_own_may_be_published(tmp_path: Path) -> None:
    for day, moves in (("2025-01-01", {}), ("2025-02-01", {5: 0.2})):
        properties = {**OCCUPIED, "status": "occupied"}
        (tmp_path / f"mine-{day}.geojson").write_bytes(raw(feature(properties, front(moves))))
    old, new = (places.body_on([tmp_path], day, "own") for day in (date(2025, 1, 1), date(2025, 2, 1)))
    assert "Not for publication" not in maps.between(places.between(old, new), UNITS).notes[0]


def test_pictures_are_the_same_twice_and_carry_scale_names_and_key(where: Path) -> None:
    chart = between(where)
    one, two = (saved(chart) for _ in range(2))
    assert one == two
    words = {text.get_text() for text in maps.draw(chart).findobj(Text)}
    assert {"DONETSK", "Pokrovsk", "gained by Russia", "occupied on both days"} <= words
    assert any(text.endswith(" km") for text in words)
    assert any("Not for publication" in text for text in words)


def test_an_oblast_and_a_map_without_change_can_be_drawn(where: Path) -> None:
    assert between(where, "UA-14").title.startswith("Donetsk: ")
    body = places.body_on([where], START)
    still = maps.between(places.between(body, body), UNITS)
    assert "0.0 km² gained and none lost" in still.title
    assert theme.png_bytes(maps.draw(still), still)


def test_one_small_map_a_month(where: Path, history: History) -> None:
    moves = periods.Table(history).months()
    bodies = {body.day: body for body in places.bodies_of([where])}
    chart = maps.months(
        [places.between(bodies[m.start], bodies[m.end]) for m in moves], [m.label for m in moves], UNITS
    )
    assert "January to February 2025" in chart.title
    assert [row[0] for row in chart.rows] == ["2025-01", "2025-02"]
    assert "Jan 2025" in theme.svg_bytes(maps.draw(chart), chart).decode()


def test_a_film_has_a_frame_a_step_and_the_last_day(where: Path, tmp_path: Path) -> None:
    bodies = list(places.bodies_of([where]))[:9]
    chart = motion.film(bodies, UNITS, tmp_path / "film.gif", step=4)
    assert [row[0].day for row in chart.rows] == [1, 5, 9]
    with Image.open(tmp_path / "film.gif") as film:
        assert getattr(film, "n_frames", 1) == 3
    again = tmp_path / "again"
    again.mkdir()
    motion.film(bodies, UNITS, again / "film.gif", step=4)
    assert (again / "film.gif").read_bytes() == (tmp_path / "film.gif").read_bytes()


def test_a_film_as_mp4(where: Path, tmp_path: Path) -> None:
    av = pytest.importorskip("av")
    bodies = list(places.bodies_of([where]))[:9]
    motion.film(bodies, UNITS, tmp_path / "film.mp4", step=4)
    with av.open(str(tmp_path / "film.mp4")) as film:
        shown = [frame.to_ndarray(format="rgb24") for frame in film.decode(video=0)]
    assert len(shown) == 3 + motion.HOLD / 0.25
    assert shown[0].std() > 10  # not an empty picture


def test_without_pyav_an_mp4_is_refused_in_one_line(
    where: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bodies = list(places.bodies_of([where]))[:9]
    monkeypatch.setattr(motion, "find_spec", lambda name: None)
    with pytest.raises(MissingExtra, match=r"wareconomy\[film\]"):
        motion.film(bodies, UNITS, tmp_path / "film.mp4")
    with pytest.raises(UsageError, match=r"\.gif, \.mp4"):
        motion.film(bodies, UNITS, tmp_path / "film.mov")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("kind", charts.KINDS)
def test_charts_of_a_history(history: History, kind: str) -> None:
    chart = charts.build(history, kind, START, END)
    assert chart.rows
    assert theme.png_bytes(charts.draw(chart), chart)


def test_the_chart_by_oblast_names_its_denominator_and_what_has_none(history: History) -> None:
    chart = charts.build(history, "oblasts", START, END, which="claimed")
    assert "six regions that Russia claims" in chart.subtitle
    assert "is in no oblast" in chart.notes[0]


def test_slivers_of_a_redrawn_line_are_not_drawn_as_movement() -> None:
    import numpy as np
    import shapely

    shapes = np.array([shapely.box(0, 0, 10_000, 20), shapely.box(0, 0, 1000, 1000)], dtype=object)
    assert canvas.broad(shapes).tolist() == [shapes[1]]
    assert not len(canvas.broad(shapes[:0]))


def test_labels_of_spans() -> None:
    assert maps.month_span("2025-01", "2025-12") == "January to December 2025"
    assert maps.month_span("2024-08", "2026-02") == "August 2024 to February 2026"
    assert maps.month_span("2025-03", "2025-03") == "March 2025"
