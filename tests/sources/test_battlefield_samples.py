"""Real documents, where WARECONOMY_SAMPLES names a folder of them: figures equal to the hand-kept tables.

The folder holds one folder a source, as the reference of wire formats describes; its documents are in no version control.
"""

from __future__ import annotations

import csv
import lzma
import os
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import ROOT
from tests.sources import handed
from tests.sources.battlefield_help import document, posts, readings, rows

from wareconomy.sources import (
    air_force_table,
    claimed_losses,
    deepstate_history,
    deepstate_mirror,
    economist_isw,
    kiel,
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
"""Series and month: what the hand-kept table has, which summed launches, and what the series says, destroyed: a
correction replaces the first by the second."""

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


def tracker_of_release_28() -> tuple[dict[str, list[list[Any]]], list[dict[str, str]], list[dict[str, str]]]:
    """The workbook of Release 28 laid out as it is, filled with the figures that were taken from it, and these figures.

    The file itself is in no sample: what is proved is that its figures, in its layout, give the hand-kept ones.
    """
    donors, payments = (
        list(csv.DictReader(sample(f"kiel/{name}.csv").decode().splitlines()))
        for name in ("country_summary", "financial_disbursements")
    )
    kinds = [f"{kind} {what}" for what in ("allocations", "commitments") for kind in KINDS]
    keys = [f"{kind}_{what}" for what in ("allocation", "commitment") for kind in PLAIN_KINDS]
    gdp = ["GDP (2021)", "GDP (2021)", "Total bilateral allocations", "Total bilateral commitments"]
    summary: list[list[Any]] = [[] for _ in range(7)]
    summary.append([None, "Country", "EU member", "Geographic Europe", *kinds, *gdp])
    summary.append(
        [None, None, None, None, *["€ billion"] * 8, "$ billion", "€ billion", *["% 2021 GDP"] * 2]
    )
    for donor in donors:
        flags = [int(donor[key] == "True") for key in ("er_eu_medlem", "er_geografisk_europa")]
        summary.append(
            [None, donor["land"], *flags, *(float(donor[key]) for key in keys), 1.0, 1.0, 0.1, 0.1]
        )
    totals = [sum(float(donor[key]) for donor in donors) for key in keys]
    summary.append([None, "Total", None, None, *totals])
    months = [(year, month) for year in range(2022, 2027) for month in range(1, 13)][:50]
    named = [
        f"{MONTHS[month - 1]} ({year})" if year > 2022 and month == 1 else MONTHS[month - 1]
        for year, month in months
    ]
    paid: list[list[Any]] = [[] for _ in range(9)]
    paid += [[None, None, None, *named], [None, "Country", "EU member", *range(1, 51)], []]
    for name in sorted({row["giver"] for row in payments}):
        amounts: list[Any] = ["No budget support"] * 50
        for row in payments:
            if row["giver"] == name:
                amounts[months.index((int(row["aar"]), int(row["maaned"])))] = float(row["verdi_eur_mrd"])
        paid.append([None, name, 0, *amounts])
    paid.append([None, "Total per month", None, *[0.0] * 50])
    main = [["donor", "aid_type_general", "measure", "month"]]
    main += [
        [row["land"], row["kategori"] + " ", row["maal"], (int(row["aar"]) - 2022) * 12 + int(row["maaned"])]  # type: ignore[list-item]
        for row in csv.DictReader(sample("kiel/tidsserier_maanedlig.csv").decode().splitlines())
    ]
    book: dict[str, list[list[Any]]] = {
        "Country Summary ($)": [["another sheet"]],
        "Country Summary (€)": summary,
        "Financial disb per Month (€)": paid,
        "Bilateral Assistance, MAIN DATA": main,
    }
    return book, donors, payments


KINDS = ("Financial", "Humanitarian", "Military", "Total bilateral")
PLAIN_KINDS = ("financial", "humanitarian", "military", "total")
MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def test_the_tracker_of_release_28_gives_the_hand_kept_figures() -> None:
    book, donors, payments = tracker_of_release_28()
    name = "c80bbebb-b4e7-4581-8f32-e32a1da7ecfa-Ukraine_Support_Tracker_Release_28.xlsx"
    found = handed.read(kiel.SOURCE, handed.workbook(book), url=f"https://www.kielinstitut.de/x/{name}")
    made = {(row.series, row.period): row for row in found if isinstance(row, Reading)}
    assert {row.edition for row in made.values()} == {"release 28"}
    span = "2022-01..2026-02"
    kept = {
        row["series"]: float(row["value"])
        for row in hand_kept("ukraine_financing")
        if row["series"].startswith("ua.kiel.") and row["period"] == span and (row["series"], span) in made
    }  # single donors are kept by hand alone
    assert len(kept) >= 8
    for series, value in kept.items():
        assert abs((made[series, span].value or 0) - value) <= 0.0055, series  # kept to two decimals
    whole = sum(float(donor["total_allocation"]) for donor in donors)
    assert made["ua.kiel.allocations.total", span].value == round(whole, 3)
    by_month = {period: row.value for (series, period), row in made.items() if "disbursements" in series}
    for month in {(int(row["aar"]), int(row["maaned"])) for row in payments}:
        paid = sum(
            float(row["verdi_eur_mrd"]) for row in payments if (int(row["aar"]), int(row["maaned"])) == month
        )
        assert by_month[f"{month[0]}-{month[1]:02}"] == round(paid, 3)
