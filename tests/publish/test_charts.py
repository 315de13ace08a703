"""Every chart from the real ledger, at five days: what is not known yet is left out, and files repeat byte
for byte.
"""

from __future__ import annotations

import csv
import io
import pickle
import struct
from collections.abc import Iterator
from datetime import date
from functools import cache
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pytest
from matplotlib.text import Text

from wareconomy.errors import UnknownName
from wareconomy.ledger import query
from wareconomy.publish import charts, language, theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import broken, month_back
from wareconomy.publish.charts.model import Chart

LATEST = date(2026, 10, 31)
DAYS = (date(2024, 1, 15), date(2026, 2, 10), date(2026, 7, 3), date(2026, 7, 5), LATEST)
NOT_YET = {
    "sme-vat-threshold",
    "budget-first-and-final",
    "occupied-area",
    "claimed-and-measured",
    "strikes-by-month",
    "claim-ratios",
    "chance-by-window",
    "pace-around-acts",
    "weeks-of-an-act",
}
TOO_FEW = {date(2026, 2, 10): {"pace-around-acts"}}
"""Charts of a test that the dates known by then could not carry."""
LARGEST_SVG = 400_000


@cache
def built(path: Path, day: date) -> dict[str, Chart]:
    with query.connect(path) as con:
        return {chart.id: chart for chart in charts.build(con, day)}


def svg(chart: Chart) -> bytes:
    figure = charts.draw(chart)
    with theme.style(chart.id):
        return theme.svg_bytes(figure, chart)


@pytest.fixture(scope="module")
def latest(ledger_path: Path) -> dict[str, Chart]:
    return built(ledger_path, LATEST)


def test_charts_come_in_reading_order(latest: dict[str, Chart]) -> None:
    assert list(latest) == list(charts.BUILDERS)


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_only_what_was_known_is_drawn(ledger_path: Path, day: date) -> None:
    missing = set(charts.BUILDERS) - set(built(ledger_path, day))
    assert missing == (NOT_YET if day == DAYS[0] else TOO_FEW.get(day, set()))


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_every_chart_draws_at_every_day(ledger_path: Path, day: date) -> None:
    for chart in built(ledger_path, day).values():
        root = ElementTree.fromstring(svg(chart))
        words = "".join(root.itertext())
        assert f"As known on {language.day(day)}" in words
        assert "Source: " in words


@pytest.mark.parametrize("day", [DAYS[0], LATEST], ids=str)
def test_no_word_leaves_the_picture_or_its_margin(ledger_path: Path, day: date) -> None:
    """Words above and below keep the whole margin, what stands beside a mark at the very end half of it."""
    outside = []
    for chart in built(ledger_path, day).values():
        figure = charts.draw(chart)
        wide, tall = figure.get_size_inches()
        with theme.style(chart.id):
            figure.draw_without_rendering()
            for text in figure.findobj(Text):
                box = text.get_window_extent().transformed(figure.dpi_scale_trans.inverted())
                edge = (theme.MARGIN if text in figure.texts else theme.MARGIN / 2) - 0.01
                inside = edge <= box.x0 <= box.x1 <= wide - edge and 0.02 <= box.y0 <= box.y1 <= tall
                if text.get_text() and text.get_visible() and box.width and not inside:
                    outside.append((chart.id, text.get_text(), box.extents))
    assert outside == []


@pytest.mark.parametrize("day", DAYS, ids=str)
def test_words_are_whole_and_claim_no_cause(ledger_path: Path, day: date) -> None:
    for chart in built(ledger_path, day).values():
        for text in (chart.title, chart.subtitle, chart.alt, chart.source, *chart.notes):
            assert text.strip() == text != ""
            assert language.causal(text) is None
            assert "None" not in text
            assert "nan" not in text.split()
        assert chart.notes
        assert chart.figures
        said = theme.words(chart, theme.WIDTH)
        assert not [line for line in (*said.title, *said.subtitle, *said.foot) if line.endswith("…")]


def test_a_chart_travels_between_processes(latest: dict[str, Chart]) -> None:
    for chart in latest.values():
        assert pickle.loads(pickle.dumps(chart)) == chart


def test_the_same_ledger_gives_the_same_bytes(latest: dict[str, Chart], tmp_path: Path) -> None:
    for name in ("sme-vat-threshold", "nwf-drawdowns"):
        chart = latest[name]
        one, two = tmp_path / "one", tmp_path / "two"
        for folder in (one, two):
            folder.mkdir(exist_ok=True)
            theme.save(charts.draw(chart), chart, folder, ("svg", "png", "pdf"))
        for path in one.iterdir():
            assert path.read_bytes() == (two / path.name).read_bytes(), path.name


def test_svg_speaks_to_screen_readers_and_keeps_its_text(latest: dict[str, Chart]) -> None:
    space = "{http://www.w3.org/2000/svg}"
    ids: set[str] = set()
    for chart in latest.values():
        body = svg(chart)
        root = ElementTree.fromstring(body)
        assert root.get("role") == "img"
        assert root.get("aria-labelledby") == f"{chart.id}-title {chart.id}-desc"
        titles = [item.text for item in root.findall(f"{space}title")]
        assert titles == [chart.title]
        assert (root.findtext(f"{space}desc") or "").startswith(chart.alt[:40])
        assert len(list(root.iter(f"{space}text"))) > 10
        assert len(body) < LARGEST_SVG
        mine = {item.get("id", "") for item in root.iter()} - {""}
        assert not ids & mine
        ids |= mine


def test_png_is_twice_the_screen_size_and_says_where_it_is_from(latest: dict[str, Chart]) -> None:
    chart = latest["key-rate"]
    figure = charts.draw(chart)
    with theme.style(chart.id):
        body = theme.png_bytes(figure, chart)
    assert struct.unpack(">II", body[16:24]) == (1600, 1000)
    assert chart.source.encode() in body
    assert b"2026-10-31" in body


def test_csv_is_the_data(latest: dict[str, Chart]) -> None:
    for chart in latest.values():
        rows = list(csv.reader(io.StringIO(theme.csv_bytes(chart).decode("utf-8"))))
        assert tuple(rows[0]) == chart.columns
        assert len(rows) == len(chart.rows) + 1
        for row, printed in zip(chart.rows, rows[1:], strict=True):
            assert [theme.cell(value) for value in row] == printed


# ---------------------------------------------------------------------------- what the pictures say


def test_the_threshold_changes_with_the_day(ledger_path: Path) -> None:
    before = built(ledger_path, date(2026, 7, 3))["sme-vat-threshold"]
    after = built(ledger_path, date(2026, 7, 5))["sme-vat-threshold"]
    assert "15 mn in 2027" in before.title
    assert "20 mn under that of 4 July 2026" in after.title
    proposals = [item for item in after.payload["lines"] if not item["law"]]
    assert [item["steps"] for item in proposals] == [[(2026, 2031, 10.0)]]
    assert "never law" in proposals[0]["name"]


def test_nothing_known_later_is_in_a_chart(ledger_path: Path) -> None:
    day = date(2026, 7, 3)
    chart = built(ledger_path, day)["budget-balance-cumulative"]
    place = chart.columns.index("known")
    assert max(row[place] for row in chart.rows) <= day
    assert "April 2026" in chart.title


def test_first_prints_are_only_compared_with_later_ones(latest: dict[str, Chart]) -> None:
    chart = latest["budget-first-and-final"]
    may = next(row for row in chart.rows if row[:2] == (2023, 5))
    assert (may[2], may[4]) == (-3410.0, -3029.5)
    assert all(row[5] is None or row[5] > row[3] for row in chart.rows)


def test_a_missing_map_is_a_hole(latest: dict[str, Chart]) -> None:
    chart = latest["occupied-area"]
    assert date(2026, 7, 9) in chart.payload["missing"]
    runs = broken(chart.payload["points"], 1)
    assert len(runs) == 6
    assert any("13 August 2026" in text for _, text in chart.payload["breaks"])


def test_mappers_are_drawn_apart_and_method_steps_left_out(ledger_path: Path) -> None:
    chart = built(ledger_path, date(2026, 2, 10))["net-change-by-mapper"]
    assert date(2024, 3, 1) in chart.payload["method"]["Liveuamap (NZZ)"]
    every = [value for points in chart.payload["values"].values() for _, value in points]
    assert min(every) > -1000
    assert len(chart.payload["values"]) == 3


def test_december_2025_beside_its_measurements(latest: dict[str, Chart]) -> None:
    chart = latest["claimed-and-measured"]
    rows = {row[0]: row for row in chart.rows if row[6] == "DeepState"}
    value, low, high = rows["C154"][7:10]
    assert value == pytest.approx(461, abs=1)
    assert (low, high) == pytest.approx((272, 619), abs=1)
    assert rows["C152 C153"][5] == "6,460–6,640"
    assert not [row for row in chart.rows if "AFP" in row[6]]


def test_outcomes_of_defence_end_before_the_blackout(latest: dict[str, Chart]) -> None:
    chart = latest["defence-lines"]
    assert max(row[0] for row in chart.rows if row[1] == "outcome") == 2021
    assert chart.payload["blackout"]


def test_euros_and_dollars_have_columns_of_their_own(latest: dict[str, Chart]) -> None:
    chart = latest["ukraine-financing"]
    assert all((row[2] is None) != (row[3] is None) for row in chart.rows)


def test_a_chart_that_does_not_exist_is_named(ledger_path: Path) -> None:
    with query.connect(ledger_path) as con, pytest.raises(UnknownName, match="nwf-liquid"):
        charts.build(con, LATEST, ["nwf-liquidity"])


# ---------------------------------------------------------------------------- marks


def test_lines_stop_at_holes() -> None:
    points = [(date(2026, 1, 1), 1.0), (date(2026, 2, 1), 2.0), (date(2026, 4, 1), 3.0)]
    assert [len(run) for run in broken(points)] == [2, 1]


def test_months_are_counted_back_over_the_year() -> None:
    assert month_back(date(2026, 1, 31), 2) == date(2025, 11, 1)


@pytest.fixture
def panel() -> Iterator[object]:
    with theme.style():
        figure = theme.new_figure()
        (axes,) = marks.panels(figure, theme.Box(0.2, 0.5, 7.8, 4.0))
        yield axes


def test_direct_labels_do_not_cover_each_other(panel: object) -> None:
    from matplotlib.axes import Axes

    assert isinstance(panel, Axes)
    marks.values(panel, 0, 100)
    marks.end_labels(panel, [(50, "one", theme.BLUE), (50.5, "two", theme.RED), (51, "three", theme.GREEN)])
    heights = sorted(text.get_position()[1] for text in panel.texts)
    _, tall = marks.inches(panel)
    assert all((b - a) * tall > 0.14 for a, b in pairwise(heights))


def test_ticks_of_the_value_axis_are_round_and_true(panel: object) -> None:
    from matplotlib.axes import Axes

    assert isinstance(panel, Axes)
    marks.values(panel, 0, 10, count=4)
    shown = [label.get_text() for label in panel.get_yticklabels()]
    assert shown == ["0.0", "2.5", "5.0", "7.5", "10.0"]


def test_the_chart_of_checks_counts_what_the_report_counts(ledger_path: Path) -> None:
    from wareconomy.analysis.claims import checks

    day = date(2026, 10, 31)
    with query.connect(ledger_path) as con:
        (chart,) = charts.build(con, day, only=("claim-ratios",))
        variants = {
            row[0] for row in con.execute("SELECT id FROM claims WHERE variant_of IS NOT NULL").fetchall()
        }
        verdicts = [
            item.verdict
            for item in checks.check_all(con, day)
            if item.view == "now" and item.claim not in variants
        ]
    over, even = verdicts.count("overstated"), verdicts.count("consistent")
    assert chart.title.startswith(f"Of {over + even} statements")
    assert f"{over} overstated and {even} consistent" in chart.title


def test_what_a_chart_of_statements_has_no_room_for_is_said(
    ledger_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from wareconomy.publish.charts import claims, ratios

    only = ("claim-ratios", "claimed-and-measured")
    with query.connect(ledger_path) as con:
        drawn = {chart.id: chart for chart in charts.build(con, date(2026, 10, 31), only=only)}
        monkeypatch.setattr(ratios, "SHOWN", 5)
        monkeypatch.setattr(claims, "ROWS", 5)
        short = {chart.id: chart for chart in charts.build(con, date(2026, 10, 31), only=only)}
    for name in only:
        every, newest = drawn[name].payload["rows"], short[name].payload["rows"]
        assert "Not drawn" not in " ".join(drawn[name].notes)
        assert len(newest) == 5
        assert f"Not drawn: the oldest {len(every) - 5} statements." in " ".join(short[name].notes)
    assert drawn["claim-ratios"].title.startswith(f"Of {len(drawn['claim-ratios'].rows)} statements")
