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
        waiting = waiter.submit(_aside, asked)

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


def _aside(asked: tuple[dict[str, ManualTable], Catalog, date]) -> list[Finding] | None:
    path = os.pathsep.join(folder for folder in sys.path if folder)
    try:
        with subprocess.Popen(
            COMMAND,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        ) as child:
            assert child.stdin
            assert child.stdout
            with child.stdin as given:  # table by table, so that no copy of them all is held
                pickle.dump(asked, given)
            answer = child.stdout.read()
        return [Finding(**found) for found in json.loads(answer)] if child.returncode == 0 else None
    except (OSError, ValueError, TypeError):
        return None


def _judge(tables: dict[str, ManualTable], catalog: Catalog, today: date) -> list[Finding]:
    from wareconomy.checks import schemas

    return schemas.validate(tables, catalog, today)


if __name__ == "__main__":
    given = pickle.load(sys.stdin.buffer)  # noqa: S301 - by the build that started this
    json.dump([asdict(finding) for finding in _judge(*given)], sys.stdout)
