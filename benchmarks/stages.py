"""Where a full build spends its time: stage by stage in one build, then chart by chart in one process.

    python -m benchmarks.stages

Stages overlap (charts are drawn by two workers while the main process exports), so they need not add up to the whole.
"""

from __future__ import annotations

import functools
import importlib
import shutil
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MANUAL = ROOT / "data" / "raw" / "manual"
STAGES = (
    ("digest of the inputs", "wareconomy.release", "digest"),
    ("catalog", "wareconomy.catalog", "load"),
    ("reading the CSVs", "wareconomy.sources.manual", "read_all"),
    ("checks", "wareconomy.checks.schemas", "validate"),
    ("observations", "wareconomy.ledger.build", "rows"),
    ("writing the ledger", "wareconomy.ledger.build", "write"),
    ("gathering the charts' data", "wareconomy.publish.charts", "build"),
    ("exports", "wareconomy.publish.export", "export"),
    ("  of which tables", "wareconomy.publish.export.resources", "materialise"),
    ("  of which workbook", "wareconomy.publish.export.workbook", "write"),
    ("  of which papers", "wareconomy.publish.export.datapackage", "write"),
    ("composing the report", "wareconomy.publish.report", "compose"),
    ("waiting for the charts", "wareconomy.publish.studio", "_finish"),
    ("writing the report", "wareconomy.publish.report", "write"),
    ("  of which HTML", "wareconomy.publish.report.html", "render"),
    ("  of which PDF", "wareconomy.publish.report.pdf", "render"),
    ("publishing", "wareconomy.release", "publish"),
)


def stages() -> dict[str, tuple[float, float]]:
    """One full build in this process: when each stage began and how long it took, in seconds."""
    spans: dict[str, tuple[float, float]] = {}
    start = time.perf_counter()

    def watch(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(function)
        def timed(*args: Any, **kwargs: Any) -> Any:
            begun = time.perf_counter()
            try:
                return function(*args, **kwargs)
            finally:
                spans.setdefault(name, (begun - start, time.perf_counter() - begun))

        return timed

    from wareconomy import pipeline
    from wareconomy.settings import Settings

    for name, module, attribute in STAGES:
        try:
            home = importlib.import_module(module)
            setattr(home, attribute, watch(name, getattr(home, attribute)))
        except (ImportError, AttributeError):
            print(f"  ({module}.{attribute} is no more; mend STAGES)", file=sys.stderr)
    spans["imports"] = (0.0, time.perf_counter() - start)
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(MANUAL, root / "data" / "raw" / "manual")
        begun = time.perf_counter()
        pipeline.build(Settings(root), date.today())
        spans["the whole build"] = (begun - start, time.perf_counter() - begun)
        charts(root / "data" / "processed" / "wareconomy.duckdb")
    return spans


def charts(database: Path) -> None:
    """Print what each chart costs to draw and to save, in ms, in this process, drawn a second time (warm)."""
    from wareconomy.ledger import query
    from wareconomy.publish import charts as drawing
    from wareconomy.publish import theme

    names = ("draw", "svg", "png", "pdf")
    with query.connect(database) as con:
        pictures = drawing.build(con, query.as_of_day(con, None))
    theme.prepare()
    totals = dict.fromkeys(names, 0.0)
    print(f"{'chart':<30}" + "".join(f"{name:>8}" for name in totals) + "   ms")
    for chart in pictures:
        drawing.draw(chart)
        marks = [time.perf_counter()]
        figure = drawing.draw(chart)
        marks.append(time.perf_counter())
        with theme.style(chart.id):
            svg = theme.svg_bytes(figure, chart)
            marks.append(time.perf_counter())
            for writer in (theme.png_bytes, theme.pdf_bytes):
                writer(figure, chart, svg)
                marks.append(time.perf_counter())
        costs = {name: until - since for name, (since, until) in zip(names, pairwise(marks), strict=True)}
        print(f"{chart.id:<30}" + "".join(f"{costs[name] * 1000:>8.0f}" for name in totals))
        totals = {name: totals[name] + costs[name] for name in totals}
    print(f"{'all':<30}" + "".join(f"{seconds * 1000:>8.0f}" for seconds in totals.values()))


def main() -> int:
    """Print both tables."""
    spans = stages()
    print(f"\n{'stage':<30}{'began s':>9}{'took s':>9}")
    order = [name for name, _, _ in STAGES]
    for name in ["imports", *order, "the whole build"]:
        if name in spans:
            print(f"{name:<30}{spans[name][0]:>9.2f}{spans[name][1]:>9.2f}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
