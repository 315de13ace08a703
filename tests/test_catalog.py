"""The catalog fits together: every name it mentions is declared, and mistakes in it are named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from wareconomy import catalog
from wareconomy.catalog import load
from wareconomy.catalog.load import HERE
from wareconomy.errors import LedgerError

CATALOG = catalog.load()


def test_every_source_of_a_series_is_declared() -> None:
    named = {source for series in CATALOG.series.values() for source in series.sources}
    assert named - set(CATALOG.sources) == set()


def test_every_printed_series_has_words_and_a_source() -> None:
    for series in CATALOG.series.values():
        assert series.title, series.id
        assert series.definition.endswith("."), series.id
        assert series.sources, series.id
        assert series.unit, series.id


def test_no_unit_is_mixed_within_a_measure() -> None:
    units: dict[str, set[str]] = {}
    for series in CATALOG.series.values():
        if series.measure:
            units.setdefault(series.measure, set()).add(series.unit)
    assert {measure: found for measure, found in units.items() if len(found) > 1} == {}


def test_liquid_fund_assets_and_reserves_are_declared_as_overlapping() -> None:
    assert CATALOG.overlap("ru.reserves.total", "ru.nwf.liquid.usd")
    assert CATALOG.overlap("ru.nwf.liquid", "ru.nwf.total")
    assert CATALOG.overlap("ru.budget.revenue_oil_gas", "ru.budget.revenue_non_oil_gas") is None


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("series/extra.toml", '[series."ru.key_rate"]\ntitle = "x"\n', "series ru.key_rate"),
        ("series/extra.toml", "[series", "extra.toml"),
        ("tables/extra.toml", 'title = "x"\ncolour = 1\n', "colour"),
        ("tables/extra.toml", 'title = "x"\n[columns.a]\ntype = "money"\nabout = "A."\n', "money"),
        ("tables/extra.toml", 'title = "x"\n[columns.known]\ntype = "text"\nabout = "A."\n', "rename"),
    ],
)
def test_mistakes_in_the_catalog_are_named(tmp_path: Path, file: str, text: str, message: str) -> None:
    folder = tmp_path / "catalog"
    shutil.copytree(HERE, folder)
    (folder / file).write_text(text, encoding="utf-8")
    with pytest.raises(LedgerError, match=message.replace(".", r"\.")):
        load.__wrapped__(folder)
