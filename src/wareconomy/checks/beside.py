"""The checks of the hand-kept tables in a process of their own, while a build goes on with the same tables.

What pandera takes of memory ends with that process, and judging every cell takes no time beside writing the ledger.
Nothing is published before the answer is in. The process is started anew, not by multiprocessing: a script that calls a
build would otherwise be run a second time in it.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict
from datetime import date

from wareconomy.catalog import Catalog
from wareconomy.errors import Finding, InputError
from wareconomy.sources.manual import ManualTable

COMMAND = (sys.executable, "-P", "-m", "wareconomy.checks.beside")
"""-P: a file that happens to lie in the working folder is not taken for a module."""


@contextmanager
def checking(
    tables: Mapping[str, ManualTable], catalog: Catalog, today: date
) -> Iterator[Callable[[], None]]:
    """Judge the tables aside for as long as the block runs; it gets a function that waits for the answer.

    The function raises InputError with every finding when there is one; a block asks it before anything is published.
    An error of the block itself gives way to the findings, since bad cells are what made it fail.
    """
    asked = dict(tables), catalog, today
    with ThreadPoolExecutor(1) as waiter:
        waiting = waiter.submit(_aside, pickle.dumps(asked))

        def answer() -> None:
            findings = waiting.result()
            if findings is None:  # no second process to be had
                findings = _judge(*asked)
            if findings:
                raise InputError(findings)

        try:
            yield answer
        except Exception:
            answer()
            raise


def _aside(asked: bytes) -> list[Finding] | None:
    path = os.pathsep.join(folder for folder in sys.path if folder)
    try:
        done = subprocess.run(
            COMMAND, input=asked, capture_output=True, check=True, env={**os.environ, "PYTHONPATH": path}
        )
        return [Finding(**found) for found in json.loads(done.stdout)]
    except (OSError, subprocess.SubprocessError, ValueError, TypeError):
        return None


def _judge(tables: dict[str, ManualTable], catalog: Catalog, today: date) -> list[Finding]:
    from wareconomy.checks import schemas

    return schemas.validate(tables, catalog, today)


if __name__ == "__main__":
    given = pickle.load(sys.stdin.buffer)  # noqa: S301 - by the build that started this
    json.dump([asdict(finding) for finding in _judge(*given)], sys.stdout)
