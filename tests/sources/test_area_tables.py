"""Areas that others compute from maps: exact units, changes that add up, and impossible days without a value."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from tests.sources.battlefield_help import FIXTURES, document, readings, rows

from wareconomy import catalog
from wareconomy.sources import economist_isw, nzz_liveuamap
from wareconomy.sources.monthly import month_changes
from wareconomy.sources.source import Malformed

AREA = (FIXTURES / "economist_isw/area.csv").read_text("utf-8")
TERRITORY = (FIXTURES / "nzz_liveuamap/territory.csv").read_text("utf-8")
LEVEL = "territory.occupied.liveuamap"


def test_square_metres_become_square_kilometres_exactly() -> None:
    made = readings(economist_isw.SOURCE, document("economist_isw/area.csv"))
    line = AREA.splitlines()[32]
    day, metres = line.split(",")[:2]
    found = made["territory.occupied.isw", day]
    assert Decimal(found.printed) * 1_000_000 == Decimal(metres)
    assert (found.locator, found.note) == ("line 33", "printed in m2")
    assert {series for series, _ in made} <= catalog.load().series.keys()


def test_months_are_differences_of_their_ends() -> None:
    made = readings(economist_isw.SOURCE, document("economist_isw/area.csv"))
    months = {period: row for (series, period), row in made.items() if series == "territory.net.isw"}
    assert set(months) == {"2025-11", "2025-12"}
    ends = [made["territory.occupied.isw", day].value for day in ("2025-11-30", "2025-12-31")]
    assert ends[0] is not None
    assert ends[1] is not None
    assert months["2025-12"].value == round(ends[1] - ends[0], 2)


def test_a_day_that_stands_twice_with_one_area_is_one_day() -> None:
    assert AREA.count("2025-12-04,") == 2
    made = readings(economist_isw.SOURCE, document("economist_isw/area.csv"))
    assert sum(period == "2025-12-04" for _, period in made) == 1


def changed(text: str, line: int, column: int, value: str) -> bytes:
    lines = text.splitlines()
    cells = lines[line].split(",")
    cells[column] = value
    return ("\n".join([*lines[:line], ",".join(cells), *lines[line + 1 :]]) + "\n").encode()


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (changed(AREA, 20, 1, "119935.1"), "the areas give"),
        (changed(AREA, 20, 2, "5.0"), "the areas give"),
        (changed(AREA, 20, 4, ""), "blank"),
        (changed(AREA, 20, 5, "18.0"), "unit changed"),
        (changed(AREA, 20, 0, "2026-07-01"), "follows"),
        (changed(AREA, 0, 1, "area_km2"), "missing column"),
        (AREA[:2_000].encode(), "line"),
        (AREA.splitlines()[0].encode() + b"\n", "no rows"),
    ],
)
def test_a_table_that_contradicts_itself_stops(data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        rows(economist_isw.SOURCE, document(data))


def test_more_than_the_country_is_kept_as_printed_and_has_no_value() -> None:
    made = readings(nzz_liveuamap.SOURCE, document("nzz_liveuamap/territory.csv"))
    spike = [made[LEVEL, f"2023-10-{day}"] for day in range(24, 31)]
    assert {(row.status, row.value, row.printed) for row in spike} == {("M", None, "750858.212")}
    assert "larger than Ukraine" in (spike[0].note or "")
    assert made[LEVEL, "2023-10-23"].status == made[LEVEL, "2023-10-31"].status == "A"
    assert max(row.value or 0 for row in made.values()) < 603_628


def test_a_lone_step_is_a_break_and_marks_its_month() -> None:
    made = readings(nzz_liveuamap.SOURCE, document("nzz_liveuamap/territory.csv"))
    step = made[LEVEL, "2023-11-14"]
    assert (step.status, step.value is not None) == ("B", True)
    net = {p: row for (series, p), row in made.items() if series == "territory.net.liveuamap"}
    assert {period: row.status for period, row in net.items()} == {"2023-10": "A", "2023-11": "B"}
    assert net["2023-11"].value == pytest.approx(-16_619, abs=5)


def test_a_spike_below_the_size_of_the_country_is_found_too() -> None:
    data = TERRITORY.replace("750858.212", "250858.212").encode()
    made = readings(nzz_liveuamap.SOURCE, document(data))
    assert {made[LEVEL, f"2023-10-{day}"].status for day in range(24, 31)} == {"M"}
    assert "taken back by 2023-10-31" in (made[LEVEL, "2023-10-24"].note or "")


def test_a_month_that_ends_in_a_spike_has_no_change() -> None:
    lines = [line for line in TERRITORY.splitlines() if not line.startswith("2023-10-31")]
    lines.insert(33, "2023-10-31 00:00:00,750858.212")
    made = readings(nzz_liveuamap.SOURCE, document(("\n".join(lines) + "\n").encode()))
    assert ("territory.net.liveuamap", "2023-10") not in made


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (TERRITORY.replace("2023-10-02", "2023-09-02").encode(), "not after"),
        (TERRITORY.replace("107001.125", "107001,125").encode(), "line"),
        (TERRITORY.replace("area", "area_km2").encode(), "new column"),
        (TERRITORY.replace(" 00:00:00", " 12:00:00").encode(), "not a day"),
        (b"date,area\n", "no rows"),
        (TERRITORY.encode()[:-4], "the last line has no end"),
    ],
)
def test_another_territory_table_stops(data: bytes, said: str) -> None:
    with pytest.raises(Malformed, match=said):
        rows(nzz_liveuamap.SOURCE, document(data))


def test_months_need_both_ends_and_begin_when_maps_were_drawn() -> None:
    levels = {date(2022, 3, 31): (Decimal(1), "a"), date(2022, 4, 30): (Decimal(2), "b")}
    assert list(month_changes(levels)) == []
    levels[date(2022, 5, 31)] = Decimal("4.125"), "c"
    assert [(change.period, change.printed, change.locator) for change in month_changes(levels)] == [
        ("2022-05", "2.12", "c minus b")
    ]
