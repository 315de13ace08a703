"""Everything people see of one build, made in its folder: charts in two processes, the report, the exports.

A chart whose data and code did not change since the previous release is copied, not drawn again.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import asdict
from datetime import date
from multiprocessing import forkserver, get_context
from pathlib import Path
from typing import Any

from wareconomy import settings
from wareconomy.ledger import query
from wareconomy.publish import memory
from wareconomy.publish.charts.model import Chart

PACKAGE = Path(__file__).parent
FORMATS = ("svg", "png", "pdf")
WORKERS = min(2, os.cpu_count() or 1)
EASEL = "wareconomy.publish.easel"


def chart_key(chart: Chart, code: str) -> str:
    """Digest of a chart's words and data, and of the code that draws it."""
    body = json.dumps(asdict(chart), sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(f"{code}\n{body}".encode()).hexdigest()


def code_digest() -> str:
    """Digest of the drawing code and the library versions behind it."""
    total = hashlib.sha256("\n".join(settings.versions()).encode())
    for path in sorted(
        [
            PACKAGE / "theme.py",
            PACKAGE / "lettering.py",
            PACKAGE / "printed.py",
            PACKAGE / "language.py",
            *(PACKAGE / "charts").glob("*.py"),
        ]
    ):
        total.update(path.read_bytes())
    return total.hexdigest()


def warm() -> None:
    """Load what drawing needs, in a worker, while the main process still reads."""
    from wareconomy.publish import easel  # noqa: F401


def draw(chart: Chart, folder: str) -> str:
    """Draw one chart and save it in every format (runs in a worker)."""
    from wareconomy.publish import easel, printed

    easel.save(easel.draw(chart), chart, Path(folder), FORMATS)
    printed.forget()
    memory.trim()  # a figure is a web of cycles of some ten MB
    return chart.id


class Studio:
    """A context in which a build's pictures, report and exports are made; what its workers need loads at once."""

    def __init__(self) -> None:
        self.pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> Studio:
        context = get_context("forkserver" if os.name == "posix" else "spawn")
        self.pool = ProcessPoolExecutor(WORKERS, mp_context=context)
        if sys.platform == "linux":
            context.set_forkserver_preload([EASEL])
            forkserver.ensure_running()  # loads while we read; workers are forked from it at the first chart
        else:  # system libraries elsewhere do not take a fork after their first use
            for _ in range(WORKERS):
                self.pool.submit(warm)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._close(cancel=kind is not None)

    def _close(self, cancel: bool = False) -> None:
        if self.pool:
            self.pool.shutdown(wait=True, cancel_futures=cancel)

    def publish(
        self,
        folder: Path,
        database: Path,
        day: date,
        asked: date | None,
        digest: str,
        previous: Path | None,
        progress: Callable[[str], None],
    ) -> dict[str, str]:
        """Charts, report and exports below `folder`. Returns the key of every chart, for the next build to compare."""
        from wareconomy.publish import charts, claim_pages, export, report

        memory.trim()  # what the ledger was made from
        where = folder / "report" / "charts"
        where.mkdir(parents=True)
        with query.connect(database) as con:
            pictures = charts.build(con, day)
            keys, waiting = self._draw(pictures, where, previous)
            memory.trim()  # what the pictures were made of
            progress(f"drawing {len(waiting)} of {len(pictures)} charts")
            export.export(con, folder / "exports", day, digest)
            memory.trim()
            progress("writing the report")
            composed = report.compose(con, pictures, day, asked, previous)
            pages = claim_pages.compose(claim_pages.read(con, day, digest))
        names = claim_pages.write(pages, folder / "report" / "claims", day, digest)
        _finish(waiting)
        memory.trim()
        self._close()  # the ledger is closed and the workers are gone before typesetting, which needs the most memory
        report.write(composed, pictures, folder / "report", names)
        return keys

    def _draw(
        self, pictures: Sequence[Chart], where: Path, previous: Path | None
    ) -> tuple[dict[str, str], list[Future[str]]]:
        code = code_digest()
        keys = {chart.id: chart_key(chart, code) for chart in pictures}
        old = _old_keys(previous)
        fresh = [chart for chart in pictures if not _take_over(previous, old, keys, where, chart.id)]
        fresh.sort(
            key=lambda chart: -len(repr(chart.payload))
        )  # the longest first, so that no worker ends alone
        return keys, [self._submit(chart, where) for chart in fresh]

    def _submit(self, chart: Chart, where: Path) -> Future[str]:
        assert self.pool is not None, "use Studio as a context manager"
        return self.pool.submit(draw, chart, str(where))


def _finish(waiting: Sequence[Future[str]]) -> None:
    for future in waiting:
        future.result()


def _old_keys(previous: Path | None) -> dict[str, str]:
    if previous is None:
        return {}
    try:
        body: dict[str, Any] = json.loads((previous / "release.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return dict(body.get("charts", {}))


def _take_over(
    previous: Path | None, old: Mapping[str, str], keys: Mapping[str, str], where: Path, name: str
) -> bool:
    """Copy a chart that did not change from the release before; False when it changed or a file is gone."""
    if previous is None or old.get(name) != keys[name]:
        return False
    sources = [previous / "report" / "charts" / f"{name}.{kind}" for kind in (*FORMATS, "csv")]
    if not all(path.is_file() for path in sources):
        return False
    for path in sources:
        shutil.copyfile(path, where / path.name)
    return True
