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
from typing import Any


def plain(value: Any) -> Any:
    """A value JSON can carry: ISO dates, no NaN."""
    if isinstance(value, (date, datetime)):
        return value.isoformat()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, Mapping):
        return {str(key): plain(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item) for item in value]
    return value


def emit_json(value: Any) -> None:
    """One JSON document on standard output."""
    import json

    json.dump(plain(value), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")


def clean(value: Any) -> str:
    """A cell as text, without control characters."""
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.6g}" if abs(value) < 1e-3 and value else f"{value:,.10g}".replace(",", "")
    if isinstance(value, (list, tuple)):
        return ";".join(clean(item) for item in value)
    return "".join(mark for mark in str(value) if mark.isprintable())


def emit_table(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], title: str = "", as_json: bool = False
) -> None:
    """Rows for whoever reads: JSON records, a rich table at a terminal, CSV otherwise."""
    listed = [list(row) for row in rows]
    if as_json:
        emit_json([dict(zip(columns, row, strict=True)) for row in listed])
    elif sys.stdout.isatty():
        _rich(columns, listed, title)
    else:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows([clean(cell) for cell in row] for row in listed)


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
