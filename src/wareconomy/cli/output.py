"""How results are printed: tables for a person at a terminal, CSV in a pipe, JSON on request.

Text from data is stripped of control characters before it reaches a terminal.
"""

from __future__ import annotations

import csv
import math
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from typing import Any

WHOLE = 1e15
"""Whole numbers below it are exact as doubles and are written without a point."""


def plain(value: Any) -> Any:
    """A value JSON can carry: ISO dates, no NaN; infinity, and what JSON has no word for, as text."""
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float):
        return value if math.isfinite(value) else None if math.isnan(value) else str(value)
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value.hex() if isinstance(value, bytes) else str(value)


def emit_json(value: Any) -> None:
    """One JSON document on standard output, all of it or nothing."""
    import json

    sys.stdout.write(json.dumps(plain(value), ensure_ascii=False, indent=1) + "\n")


def clean(value: Any, exact: bool = False) -> str:
    """A cell as text, without control characters; a number to ten digits, or with `exact` to its last."""
    if value is None:
        return ""
    if isinstance(value, float):
        if exact:
            return str(int(value)) if value.is_integer() and abs(value) < WHOLE else repr(value)
        return f"{value:.6g}" if abs(value) < 1e-3 and value else f"{value:,.10g}".replace(",", "")
    if isinstance(value, (list, tuple)):
        return ";".join(clean(item, exact) for item in value)
    return "".join(mark for mark in str(value) if mark.isprintable())


def emit_table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "", as_json: bool = False
) -> None:
    """Rows for whoever reads: JSON records, a rich table at a terminal, CSV with every digit otherwise.

    In records a column that has the name of an earlier one gets a number: a, a_1.
    """
    listed = [list(row) for row in rows]
    if as_json:
        names: list[str] = []
        for column in columns:
            name, count = column, 0
            while name in names:
                count += 1
                name = f"{column}_{count}"
            names.append(name)
        emit_json([dict(zip(names, row, strict=True)) for row in listed])
    elif sys.stdout.isatty():
        _rich(columns, listed, title)
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([clean(cell, exact=True) for cell in row] for row in listed)


def _rich(columns: Sequence[str], rows: Sequence[Sequence[Any]], title: str) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    numeric = [any(isinstance(row[i], (int, float)) for row in rows) for i in range(len(columns))]
    table = Table(title=Text(title) if title else None, title_justify="left", header_style="bold", box=None)
    for name, right in zip(columns, numeric, strict=True):
        table.add_column(Text(name), justify="right" if right else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(clean(cell)) for cell in row))
    Console().print(table)


@contextmanager
def progress(quiet: bool) -> Iterator[Any]:
    """A function that takes the name of each step: a spinner at a terminal, silence in cron."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    steps = 5
    with Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    ) as bar:
        task = bar.add_task("starting", total=steps)

        def step(name: str) -> None:
            bar.update(task, description=name, advance=1)

        yield step
