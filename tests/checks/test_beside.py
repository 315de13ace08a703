"""The checks beside a build: their findings come first, and an error of the build is not lost."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from wareconomy import catalog
from wareconomy.checks import beside
from wareconomy.errors import InputError
from wareconomy.sources import manual
from wareconomy.sources.manual import ManualTable

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 29)


def tables(tmp_path: Path, damage: bool) -> dict[str, ManualTable]:
    body = (ROOT / "data" / "raw" / "manual" / "key_rate.csv").read_text("utf-8")
    (tmp_path / "key_rate.csv").write_text(
        body.replace("2021-02-12", "2021-02-32") if damage else body, "utf-8"
    )
    return manual.read_all(tmp_path, catalog.load(), ["key_rate"])


def test_sound_tables_pass_and_an_error_of_the_block_is_its_own(tmp_path: Path) -> None:
    sound = tables(tmp_path, damage=False)
    with beside.checking(sound, catalog.load(), TODAY) as checked:
        checked()
    with pytest.raises(ZeroDivisionError), beside.checking(sound, catalog.load(), TODAY):
        _ = 1 / 0


def test_findings_come_before_the_error_they_made(tmp_path: Path) -> None:
    with (
        pytest.raises(InputError, match="2021-02-32") as caught,
        beside.checking(tables(tmp_path, damage=True), catalog.load(), TODAY),
    ):
        _ = 1 / 0
    assert caught.value.findings[0].file == "key_rate.csv"
