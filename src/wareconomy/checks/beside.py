"""The checks of the hand-kept tables in a process of their own, while a build goes on with the same tables.

What pandera takes of memory ends with that process, and judging every cell takes no time beside writing the ledger.
Nothing is published before the answer is in.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from datetime import date
from multiprocessing import get_context

from wareconomy.catalog import Catalog
from wareconomy.errors import Finding, InputError
from wareconomy.sources.manual import ManualTable


@contextmanager
def checking(
    tables: Mapping[str, ManualTable], catalog: Catalog, today: date
) -> Iterator[Callable[[], None]]:
    """Judge the tables aside for as long as the block runs; it gets a function that waits for the answer.

    The function raises InputError with every finding when there is one; a block asks it before anything is published.
    An error of the block itself gives way to the findings, since bad cells are what made it fail.
    """
    context = get_context("forkserver" if os.name == "posix" else "spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        waiting = pool.submit(_validate, dict(tables), catalog, today)
        pool.shutdown(wait=False)  # the process ends with its answer

        def answer() -> None:
            if findings := waiting.result():
                raise InputError(findings)

        try:
            yield answer
        except Exception:
            answer()
            raise


def _validate(tables: dict[str, ManualTable], catalog: Catalog, today: date) -> list[Finding]:
    from wareconomy.checks import schemas

    return schemas.validate(tables, catalog, today)
