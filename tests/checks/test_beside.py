"""The checks beside a build: their findings come first, and an error of the build is not lost."""

from __future__ import annotations

import subprocess
import sys
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


def test_without_a_second_process_the_tables_are_judged_in_this_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for command in ((str(tmp_path / "no such program"),), (sys.executable, "-c", "print('not an answer')")):
        monkeypatch.setattr(beside, "COMMAND", command)
        with beside.checking(tables(tmp_path, damage=False), catalog.load(), TODAY) as checked:
            checked()
        with (
            pytest.raises(InputError, match="2021-02-32"),
            beside.checking(tables(tmp_path, damage=True), catalog.load(), TODAY) as checked,
        ):
            checked()


def test_a_script_without_a_guard_is_not_run_again(tmp_path: Path) -> None:
    script = tmp_path / "mine.py"
    script.write_text(
        "from datetime import date\nfrom pathlib import Path\nfrom wareconomy import catalog\n"
        "from wareconomy.checks import beside\nfrom wareconomy.sources import manual\nprint('once')\n"
        f"tables = manual.read_all(Path({str(ROOT / 'data' / 'raw' / 'manual')!r}), catalog.load(), ['key_rate'])\n"
        "with beside.checking(tables, catalog.load(), date(2026, 11, 29)) as checked:\n    checked()\n"
    )
    trap = tmp_path / "elsewhere"
    trap.mkdir()
    (trap / "pickle.py").write_text("open('sprung', 'w').close()")
    done = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=True, cwd=trap)
    assert done.stdout == "once\n"
    assert [path.name for path in trap.iterdir()] == ["pickle.py"]
