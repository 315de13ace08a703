"""Real documents, where WARECONOMY_SAMPLES names a folder of them: figures equal to the hand-kept tables.

The folder holds one folder a source, as the reference of wire formats describes; its documents are in no version control.
"""

from __future__ import annotations

import csv
import lzma
import os
from pathlib import Path

import pytest
from tests.conftest import ROOT
from tests.sources.battlefield_help import document, posts, readings, rows

from wareconomy.sources import (
    air_force_table,
    claimed_losses,
    deepstate_history,
    deepstate_mirror,
    economist_isw,
    nzz_liveuamap,
)
from wareconomy.sources.air_force_night import figures
from wareconomy.sources.source import Reading
from wareconomy.sources.telegram import Channel

SAMPLES = Path(os.environ.get("WARECONOMY_SAMPLES", "/nonexistent")) / "battlefield"
MANUAL = ROOT / "data" / "raw" / "manual"
KNOWN = {
    ("strikes.other_uavs.destroyed", "2024-04"): (60, 56),
    ("strikes.other_uavs.destroyed", "2024-06"): (110, 108),
    ("strikes.other_uavs.destroyed", "2024-07"): (177, 176),
    ("strikes.other_uavs.destroyed", "2026-02"): (620, 619),
}
"""Series and month: what the hand-kept table has, which summed launches, and what the series says, destroyed.

A correction replaces the first by the second."""

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="WARECONOMY_SAMPLES names no folder of samples")


def hand_kept(table: str) -> list[dict[str, str]]:
    with (MANUAL / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def sample(path: str) -> bytes:
    data = (SAMPLES / path).read_bytes()
    return lzma.decompress(data) if path.endswith(".xz") else data


def differences(
    expected: dict[tuple[str, str], float], made: dict[tuple[str, str], Reading]
) -> dict[tuple[str, str], tuple[float, float | None]]:
    return {key: (value, made[key].value) for key, value in expected.items() if made[key].value != value}


@pytest.mark.parametrize(
    ("source", "path", "series", "column"),
    [
        (
            economist_isw.SOURCE,
            "economist_isw/area_assessed_as_controlled_by_russia.csv",
            "isw",
            "net_isw_km2",
        ),
        (nzz_liveuamap.SOURCE, "nzz_liveuamap/territory.csv", "liveuamap", "net_liveuamap_km2"),
    ],
)
def test_monthly_areas_equal_the_hand_kept_ones(
    source: economist_isw.EconomistIsw | nzz_liveuamap.NzzLiveuamap, path: str, series: str, column: str
) -> None:
    made = readings(source, document(sample(path)))
    expected = {
        (f"territory.net.{series}", row["month"]): float(row[column])
        for row in hand_kept("occupied_area_monthly")
        if row[column]
    }
    assert len(expected) == 51
    assert differences(expected, made) == {}


def test_monthly_strikes_equal_the_hand_kept_ones_but_for_four() -> None:
    data = sample("missile_attacks/missile_attacks_daily.v2026-06.csv.xz")
    made = readings(air_force_table.SOURCE, document(data))
    expected = {
        (f"strikes.{row['weapon']}.{row['metric']}", row["period"]): float(row["value"])
        for row in hand_kept("strikes")
        if row["source"] == "air_force_posts"
    }
    assert len(expected) == 183
    assert differences(expected, made) == KNOWN


def test_the_older_table_of_strikes_is_read() -> None:
    data = sample("missile_attacks/missile_attacks_daily.v2025-04.csv.xz")
    assert len(readings(air_force_table.SOURCE, document(data))) > 2_000


def test_claimed_losses_equal_the_hand_kept_ones() -> None:
    made = readings(
        claimed_losses.SOURCE, document(sample("losses_petroivaniuk/russia_losses_equipment.json"))
    )
    expected = {
        (f"strikes.{row['weapon']}.{row['metric']}", row["period"]): float(row["value"])
        for row in hand_kept("strikes")
        if row["source"] == "general_staff"
    }
    assert len(expected) == 14
    assert differences(expected, made) == {}
    assert sum("below the" in (row.note or "") for row in made.values()) == 13
    for name in ("personnel", "equipment_correction"):
        assert readings(
            claimed_losses.SOURCE, document(sample(f"losses_petroivaniuk/russia_losses_{name}.json"))
        )


def test_maps_of_every_era_and_files_of_the_mirror_are_maps() -> None:
    for path in sorted((SAMPLES / "deepstate_raw" / "originals").glob("*.geojson")):
        assert rows(deepstate_history.SOURCE, document(path.read_bytes())) == []
    for path in sorted((SAMPLES / "deepstate" / "originals").glob("*.geojson")):
        found = document(path.read_bytes(), url=f"https://example.org/{path.name}")
        assert f"{deepstate_mirror.day_of('s', found):%Y%m%d}" in path.name


def test_a_page_and_a_night_of_telegram_are_read() -> None:
    page = document(
        sample("telegram/tgme_sample_BlueX_t.me_s_telegram.html"), "latest", "https://t.me/s/telegram"
    )
    made = posts(Channel("x", "telegram"), page)
    assert [post.number for post in made] == list(range(435, 455))
    block = sample("telegram/kpszsu_79455_block.html").decode()
    whole = (
        '<html><body><div class="tgme_channel_info"></div><div><div><div class="js-widget_message" '
        f'data-post="kpszsu/79455"{block}></div></div></div></body></html>'
    )
    (post,) = posts(Channel("x", "kpszsu"), document(whole.encode(), "latest", "https://t.me/s/kpszsu"))
    night = {row.series.removeprefix("strikes.night."): (row.value, row.low) for row in figures(post)}
    assert night == {
        "drones.launched": (212, None),
        "drones.intercepted": (177, None),
        "missiles.launched": (None, 8),
        "missiles.intercepted": (1, None),
        "loitering_munitions.launched": (8, None),
        "loitering_munitions.intercepted": (8, None),
        "hit_locations": (22, None),
        "debris_locations": (4, None),
    }
