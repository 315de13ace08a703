"""Real documents of the publishers, where a machine has them: figures equal to those printed in them.

    WARECONOMY_SAMPLES=folder pytest tests/sources/test_real_samples.py

Its part fiscal/ holds cbr_soap/, cbr/, minfin_opendata/, minfin_press/, minfin_nwf/ and pravo/, none of it ours to publish.
"""

from __future__ import annotations

import os
from collections import defaultdict
from pathlib import Path

import pytest
from tests.sources import handed

from wareconomy import catalog
from wareconomy.ledger import observations
from wareconomy.model import period
from wareconomy.sources import manual
from wareconomy.sources.fiscal import SOURCES
from wareconomy.sources.source import Malformed, Reading

FOLDER = Path(os.environ.get("WARECONOMY_SAMPLES", "/nonexistent")) / "fiscal"
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason="WARECONOMY_SAMPLES names no folder of samples")
BY_ID = {source.id: source for source in SOURCES}
BUDGET, TABLE = "minfin_opendata/fedbud_month_excerpt.csv", "minfin_nwf/FNB_0109.xlsx"
MIRROR, PDF = "minfin_press/tg_minfin.html", "minfin_nwf/01.06.2026.pdf"


def readings(source: str, sample: str) -> list[Reading]:
    rows = handed.read(BY_ID[source], (FOLDER / sample).read_bytes())
    return [row for row in rows if isinstance(row, Reading)]


@pytest.mark.parametrize(
    ("source", "sample", "series", "when", "value"),
    [
        ("cbr_reserves", "cbr_soap/mrrf7DXML.xml", "ru.reserves.total.weekly", "2023-06-16", 587.5),
        ("cbr_key_rate", "cbr/cbr_keyrate_soap.xml", "ru.key_rate.in_force", "2026-08-11", 14.0),
        (
            "cbr_liquidity",
            "cbr_soap/BliquidityXML.xml",
            "ru.liquidity.structural_deficit",
            "2023-06-22",
            -1022.5,
        ),
        ("minfin_budget", BUDGET, "ru.budget.balance", "2025", -5626.5),
        ("minfin_budget", BUDGET, "ru.budget.balance", "2026-01..2026-06", -5731.2),
        ("minfin_budget", MIRROR, "ru.budget.balance", "2026-01..2026-07", -6455),
        ("minfin_budget", "minfin_press/minfin_budget.txt", "ru.budget.balance", "2026-01..2026-07", -6455),
        ("minfin_nwf_message", PDF, "ru.nwf.total", "2026-06-01", 12955.2761),
        ("minfin_nwf_message", PDF, "ru.nwf.liquid", "2026-06-01", 3412.3519),
        ("minfin_nwf_message", "minfin_nwf/01.05.2025.docx", "ru.nwf.total", "2025-05-01", 11791.7744),
        ("minfin_nwf_message", MIRROR, "ru.nwf.gold", "2026-08-01", 141.2417),
        ("minfin_nwf_table", TABLE, "ru.nwf.total", "2025-09-01", 13142.34),
        ("minfin_nwf_table", TABLE, "ru.nwf.total", "2020-05-01", 12405.77),
        ("minfin_nwf_table", "minfin_nwf/Obem_na_01.11.2024.docx", "ru.nwf.total", "2024-11-01", 12726.2),
        ("minfin_oil_gas", MIRROR, "ru.budget_rule.buy", "2026-08-07..2026-09-04", 136.17),
    ],
)
def test_figures_equal_those_printed(source: str, sample: str, series: str, when: str, value: float) -> None:
    assert handed.figures(readings(source, sample))[series, when] == value


@pytest.mark.parametrize(
    ("source", "sample", "least"),
    [
        ("cbr_reserves", "cbr_soap/mrrf7DXML.xml", 1),
        ("minfin_budget", BUDGET, 299),
        ("minfin_budget", MIRROR, 5),
        ("minfin_oil_gas", MIRROR, 4),
        ("minfin_nwf_message", MIRROR, 5),
        ("minfin_nwf_message", PDF, 8),
        ("minfin_nwf_message", "minfin_nwf/01.05.2025.docx", 8),
        ("minfin_nwf_table", TABLE, 649),
    ],
)
def test_parsers_agree_with_the_hand_kept_tables(source: str, sample: str, least: int) -> None:
    declared = catalog.load()
    folder = Path(__file__).resolve().parents[2] / "data" / "raw" / "manual"
    kept = defaultdict(set)
    for row in observations.observe(manual.read_all(folder, declared), declared).observations:
        kept[row.source, row.series, row.period_start, row.period_end].add(row.value)
    compared = 0
    for reading in readings(source, sample):
        span = period(reading.period)
        if values := kept.get((source, reading.series, span.start, span.end or span.start)):
            assert reading.value in values, reading
            compared += 1
    assert compared >= least


def test_the_portals_own_traps_are_refused() -> None:
    for name in ("document_detail_sample", "categories_sample", "document_types_sample"):
        with pytest.raises(Malformed):
            handed.read(BY_ID["ru_law"], (FOLDER / f"pravo/{name}.json").read_bytes())
    assert readings("ru_law", "pravo/documents_search_sample.json") == []
