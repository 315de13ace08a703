"""Figures the mappers published, from their own maps: run where WARECONOMY_SAMPLES names a folder of samples.

The maps are not part of the project (their terms forbid it). The folder holds `battlefield/deepstate/` (daily mirror files
or an archive of them, 8 July 2024 to 31 March 2026) and `battlefield/deepstate_raw/originals/` (raw bodies). What must hold
without them is in test_golden.py.
"""

from __future__ import annotations

import csv
import os
from datetime import date
from pathlib import Path

import pytest

from wareconomy.analysis.territory import periods, places, store
from wareconomy.analysis.territory.history import History

SAMPLES = Path(os.environ.get("WARECONOMY_SAMPLES", "/nonexistent")) / "battlefield"
pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="WARECONOMY_SAMPLES names no folder of samples")
MANUAL = Path(__file__).resolve().parents[3] / "data" / "raw" / "manual"


@pytest.fixture(scope="module")
def history() -> History:
    return store.update([SAMPLES / "deepstate"], None, "deepstate")


def test_stock_months_and_year(history: History) -> None:
    table = periods.Table(history)
    assert round(table.between(date(2025, 12, 31), date(2026, 1, 1)).area_km2) == 116_219
    months = {move.label: move for move in table.months()}
    assert round(months["2025-11"].net_km2, 1) == 505.8
    assert round(months["2025-12"].net_km2, 1) == 445.5
    assert round(months["2026-01"].net_km2, 1) == 245.0
    assert round(months["2025-12"].high_km2, 1) == 482.0
    assert round(table.between(date(2025, 1, 2), date(2026, 1, 2)).net_km2, 1) == 4333.1


def test_december_in_sumy_and_kharkiv(history: History) -> None:
    net = {
        row["oblast"]: float(str(row["net_km2"]))
        for row in periods.by_oblast(history, date(2025, 12, 2), date(2026, 1, 2))
    }
    assert round(net["UA-59"], 1) == 30.4
    assert round(net["UA-63"], 1) == -6.5


def test_no_share_passes_a_hundred_and_the_rows_add_up(history: History) -> None:
    rows = periods.by_oblast(history, date(2025, 12, 2), date(2026, 1, 1))
    shares = [float(str(row["share_pct"])) for row in rows if row["share_pct"] is not None]
    assert max(shares) < 100
    whole = periods.Table(history).between(date(2025, 12, 2), date(2026, 1, 1))
    assert sum(float(str(row["area_km2"])) for row in rows) == pytest.approx(whole.area_km2, abs=1e-6)
    rest = {row["oblast"]: float(str(row["area_km2"])) for row in rows}
    assert rest["outside"] == pytest.approx(58.7, abs=0.1)  # stored, from other boundaries: 58.0
    assert whole.area_km2 - rest["outside"] == pytest.approx(116_165, abs=10)


def test_claimed_towns() -> None:
    bodies = list(places.bodies_of([SAMPLES / "deepstate"], "deepstate"))
    bodies.sort(key=lambda body: body.day)
    found = {item.place.id: item for item in places.follow(bodies)}
    assert found["704422"].centre_in == date(2025, 11, 25)  # Pokrovsk
    assert {found[name].centre_in for name in ("703656", "705104") if name in found} <= {
        None
    }  # Kupiansk, Kostiantynivka
    assert found["695357"].centre_in == date(2024, 12, 17)  # Kurakhove


def test_the_published_stock_is_ours_less_what_lies_outside_fine_boundaries() -> None:
    with (MANUAL / "occupied_area_oblast.csv").open(encoding="utf-8") as file:
        outside = [
            float(row["area_km2"])
            for row in csv.DictReader(file)
            if (row["day"], row["oblast"]) == ("2026-01-01", "outside")
        ]
    assert 116_218.6 - outside[0] == pytest.approx(116_165, abs=5)


def test_every_stored_area(history: History) -> None:
    found = {day.day.isoformat(): day.total_km2 for day in history.days}
    with (MANUAL / "occupied_area_daily.csv").open(encoding="utf-8") as file:
        stored = {row["day"]: float(row["area_km2"]) for row in csv.DictReader(file) if row["area_km2"]}
    assert max(abs(stored[day] - area) for day, area in found.items()) <= 0.000501
    assert history.set_aside == []
    assert history.drift_km2 < 1e-8


def test_raw_bodies_of_all_eras_and_the_redraw_of_crimea() -> None:
    raw = store.update([SAMPLES / "deepstate_raw" / "originals"], None, "deepstate_raw", jumps=True)
    assert len(raw.days) >= 4
    assert [error.rule for error in raw.set_aside] == ["map without a day"]
    crimea = {day.day.year * 100 + day.day.month: dict(day.before)["Crimea"] for day in raw.days}
    # The redraw of 2022-09-18 (+805) lies between two of the bodies; small ones make it 813.
    assert round(crimea[202403] - crimea[202205]) == 813
    assert 813 in [round(item.km2) for item in periods.breaks(raw)]
