"""Sums of strikes by their definition, through every drift of the table, and claimed losses with their corrections."""

from __future__ import annotations

import io
import json
import zipfile
from typing import Any

import pytest
from tests.sources.battlefield_help import FIXTURES, document, readings, rows

from wareconomy import catalog
from wareconomy.sources import air_force_table, claimed_losses
from wareconomy.sources.source import Malformed
from wareconomy.sources.strike_models import Weapon, weapon

STRIKES = air_force_table.SOURCE
LOSSES = claimed_losses.SOURCE
TABLE = (FIXTURES / "air_force_posts/2026.csv").read_text("utf-8")
CATALOG = catalog.load()


def test_sums_by_month_follow_the_end_of_a_report() -> None:
    made = readings(STRIKES, document("air_force_posts/2026.csv"))
    january, february = "2026-01-28..2026-01-31", "2026-02-01..2026-02-04"
    assert {key[0]: row.value for key, row in made.items() if key[1] == february} == {
        "strikes.shahed_decoy.launched": 336,
        "strikes.shahed_decoy.intercepted": 295,
        "strikes.shahed_decoy.lost_or_jammed": 0,
        "strikes.missiles.launched": 38,
        "strikes.missiles.intercepted": 9,
        "strikes.other_uavs.destroyed": 4,
    }
    launched = made["strikes.missiles.launched", january]
    assert (launched.value, launched.note) == (2, "2 of 3 rows print no count")
    assert made["strikes.shahed_decoy.launched", january].value == 16, (
        "Shahed and Lancet together count as Shahed"
    )
    assert {series for series, _ in made} <= CATALOG.series.keys()


def test_days_are_summed_apart_and_a_day_without_a_count_has_no_value() -> None:
    made = readings(STRIKES, document("air_force_posts/2026.csv"))
    uncounted = made["strikes.daily.missiles.launched", "2026-01-28"]
    assert (uncounted.value, uncounted.status) == (None, "M")
    assert made["strikes.daily.shahed_decoy.launched", "2026-02-01"].value == 100
    assert ("strikes.daily.shahed_decoy.launched", "2026-02-02") not in made, "no report is not zero"
    assert made["strikes.daily.shahed_decoy.launched", "2026-02-04"].locator == "line 2"


def test_a_month_covered_in_full_is_that_month() -> None:
    more = TABLE.splitlines()[-1].replace("2026-01-28", "2025-12-31").replace("b2", "b3")
    last = TABLE.splitlines()[-1].replace("2026-01-28", "2026-02-28").replace("b2", "b4")
    made = readings(STRIKES, document(f"{TABLE}{more}\n{last}\n".encode()))
    assert {period for series, period in made if series == "strikes.other_uavs.destroyed"} == {
        "2025-12-31",
        "2026-01",
        "2026-02",
    }


def test_the_older_header_is_read_alike() -> None:
    made = readings(STRIKES, document("air_force_posts/2025.csv"))
    assert made["strikes.shahed_decoy.lost_or_jammed", "2025-03-07..2025-03-30"].value == 35
    assert made["strikes.missiles.launched", "2025-03-07..2025-03-30"].value == 3


def test_the_table_may_come_zipped() -> None:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("missile_attacks_daily.csv", TABLE)
        archive.writestr("missiles_and_uavs.csv", "model\n")
    assert rows(STRIKES, document(held.getvalue())) == rows(STRIKES, document("air_force_posts/2026.csv"))


def test_the_region_column_may_have_either_name() -> None:
    other = TABLE.replace("affected region", "affected_region").encode()
    assert rows(STRIKES, document(other)) == rows(STRIKES, document("air_force_posts/2026.csv"))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("236.0", "236.5", "launched is"),
        ("236.0", "214.0", "more destroyed"),
        ("'Kalibr': 3", "'Kalibr': 4", "adds up to 39"),
        ("'Kalibr': 3", "__import__('os')", "cannot be read"),
        ("Reconnaissance UAV", "Oreshnik", "nobody knows"),
        ("Reconnaissance UAV", "ZALA and Kalibr", "joins"),
        ("2026-02-04 08:30", "2026-02-30 08:30", "not a time"),
        ("2026-01-30 3:30", "30.01.2026", "not a time"),
        ("2026-02-03,2026-02-03", "2026-02-03,2026-01-03", "a report from"),
        ("launched,", "fired,", "missing column 'launched'"),
        ("kpszsu/posts/a6", '"kpszsu/posts/a6', "broken CSV"),
    ],
)
def test_a_table_that_changed_stops(old: str, new: str, said: str) -> None:
    assert old in TABLE
    with pytest.raises(Malformed, match=said):
        rows(STRIKES, document(TABLE.replace(old, new, 1).encode()))


def test_one_attack_does_not_count_twice() -> None:
    with pytest.raises(Malformed, match="twice"):
        rows(STRIKES, document((TABLE + TABLE.splitlines()[1] + "\n").encode()))


def test_bombs_are_known_and_not_summed() -> None:
    assert weapon("GBU") is Weapon.BOMB
    assert not air_force_table.METRICS[Weapon.BOMB]


def test_the_key_stands_nowhere_in_the_ask() -> None:
    (ask,) = STRIKES.asks(document(b"x").retrieved_at.date())
    assert ask.headers == {"Authorization": "Basic {env:WARECONOMY_KAGGLE}"}


def losses(change: Any = None, name: str = "equipment") -> bytes:
    entries = json.loads((FIXTURES / f"general_staff/{name}.json").read_bytes())
    if change:
        change(entries)
    return json.dumps(entries).encode()


def test_counts_are_kept_as_printed_and_falls_are_noted() -> None:
    made = readings(LOSSES, document("general_staff/equipment.json"))
    fallen = [key for key, row in made.items() if "below the" in (row.note or "")]
    assert fallen == [("losses.claimed.armoured_vehicles", "2022-05-10")]
    assert made["losses.claimed.tanks", "2022-04-28"].locator == "/0/tank"
    assert {series for series, _ in made} <= CATALOG.series.keys()


def test_keys_come_and_go_with_their_dates() -> None:
    made = readings(LOSSES, document("general_staff/equipment.json"))

    def last_first(item: str) -> tuple[str, str]:
        days = [period for series, period in made if series == f"losses.claimed.{item}"]
        return min(days), max(days)

    assert last_first("fuel_tanks") == ("2022-04-28", "2022-04-30")
    assert last_first("vehicles_and_fuel_tanks") == ("2022-05-01", "2022-06-02")


def test_months_are_differences_of_the_first_days() -> None:
    made = readings(LOSSES, document("general_staff/equipment.json"))
    months = {key: row for key, row in made.items() if key[0].startswith("strikes.")}
    assert {key: row.value for key, row in months.items()} == {
        ("strikes.general_staff_uavs.destroyed", "2022-05"): 341,
        ("strikes.general_staff_cruise_missiles.destroyed", "2022-05"): 62,
    }
    assert {row.locator for row in months.values()} == {
        "/34/drone minus /3/drone",
        "/34/cruise missiles minus /3/cruise missiles",
    }


def test_personnel_is_about_or_more() -> None:
    made = readings(LOSSES, document("general_staff/personnel.json"))
    assert [row.low for row in made.values() if row.series == "losses.claimed.personnel"] == [
        None,
        22400,
        None,
    ]
    assert made["losses.claimed.personnel", "2022-04-26"].note == "printed as about"


def test_corrections_are_rows_of_their_own() -> None:
    made = readings(LOSSES, document("general_staff/correction.json"))
    assert {key: row.value for key, row in made.items()} == {
        ("losses.claimed.armoured_vehicles.correction", "2022-10-13"): -25,
        ("losses.claimed.drones.correction", "2022-10-13"): 20,
        ("losses.claimed.drones.correction", "2025-12-31"): 200,
    }
    assert {series for series, _ in made} <= CATALOG.series.keys()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda entries: entries[3].update(hovercraft=1), "new key 'hovercraft'"),
        (lambda entries: entries[3].pop("tank"), "no 'tank' any more"),
        (lambda entries: entries[3].update(tank="2503"), "whole number"),
        (lambda entries: entries[3].update(tank=-1), "outside"),
        (lambda entries: entries[3].update(day=7), "not day 7"),
        (lambda entries: entries.pop(5), "left out"),
        (lambda entries: entries.insert(5, entries[4]), "repeated"),
        (lambda entries: entries.reverse(), "out of order"),
    ],
)
def test_a_file_of_losses_that_changed_stops(change: Any, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        rows(LOSSES, document(losses(change)))


def test_a_month_in_which_the_count_fell_has_no_value() -> None:
    def fall(entries: list[dict[str, int]]) -> None:
        entries[34]["drone"] = 5

    made = readings(LOSSES, document(losses(fall)))
    month = made["strikes.general_staff_uavs.destroyed", "2022-05"]
    assert (month.value, month.status) == (None, "M")
