"""Nothing was dropped, rounded or invented: the hand-kept tables still hold what was keyed, row for row and
sum for sum.
"""

from __future__ import annotations

import csv
import re
import tomllib
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
MANUAL = HERE.parents[1] / "data" / "raw" / "manual"
KEYED: dict[str, dict[str, Any]] = tomllib.loads((HERE / "keyed.toml").read_text(encoding="utf-8"))["keyed"]
PLAIN_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")


APPENDED = ("acts", "claims")
"""Tables that `wareconomy claims accept` appends to: a row below the keyed ones is somebody's later addition."""


def rows(table: str) -> list[dict[str, str]]:
    with (MANUAL / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    if table not in APPENDED:
        return found
    return found[: next(block["rows"] for block in KEYED.values() if block["tables"] == [table])]


def cells(block: dict[str, Any], columns: str | list[str]) -> list[str]:
    """Nonblank cells of the column (or columns) over all tables of a block."""
    names = [columns] if isinstance(columns, str) else columns
    found = []
    for table in block["tables"]:
        for row in rows(table):
            found += [row[name] for name in names if row.get(name)]
    return found


@pytest.mark.parametrize("name", KEYED)
def test_every_row_is_there(name: str) -> None:
    block = KEYED[name]
    assert sum(len(rows(table)) for table in block["tables"]) == block["rows"]


@pytest.mark.parametrize("name", KEYED)
def test_every_numeric_column_adds_up_to_the_last_digit(name: str) -> None:
    block = KEYED[name]
    for keyed, ours in block["columns"].items():
        found = cells(block, ours)
        assert sum(map(Decimal, found)) == Decimal(block["sums"][keyed]), keyed
        for counted in ("filled", "nonblank"):
            if keyed in block.get(counted, {}):
                assert len(found) == block[counted][keyed], keyed
    for keyed, ours in block.get("numeric_columns", {}).items():
        numbers = [Decimal(cell) for cell in cells(block, ours) if PLAIN_NUMBER.fullmatch(cell)]
        assert sum(numbers) == Decimal(block["numeric_sums"][keyed]), keyed


@pytest.mark.parametrize("name", [name for name, block in KEYED.items() if "counts" in block])
def test_every_category_has_its_rows(name: str) -> None:
    for table, columns in KEYED[name]["counts"].items():
        for column, expected in columns.items():
            assert Counter(row[column] for row in rows(table)) == expected, f"{table}.{column}"


def test_all_rows_keyed_and_added_are_counted() -> None:
    assert sum(block["rows"] for block in KEYED.values()) == 5844
