"""Refreshes that are killed, one process each: run as a program by test_faults, one trial for each line of input.

A trial is `seed`. The child refreshes with a small build of its own and dies, at the nth system call that writes, or
after some milliseconds, or not at all. Where `last_write.c` is preloaded, those are all calls of the process, SQLite's
too; elsewhere those that Python makes. The program itself never opens a thread, so that it may fork.
"""

from __future__ import annotations

import ctypes
import json
import os
import random
import signal
import sys
import time
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from wareconomy import release
from wareconomy.collect.client import Client
from wareconomy.collect.policy import Host, Policy
from wareconomy.errors import WareconomyError
from wareconomy.ledger import build as _build  # noqa: F401 - loaded before the fork
from wareconomy.ledger import collected
from wareconomy.refresh.run import refresh
from wareconomy.settings import Settings
from wareconomy.sources import registry

TODAY = date(2026, 11, 22)
ALL_CALLS = 240
"""About how many calls that write a refresh of these sources makes."""
WRITES = ("write", "replace", "fsync", "ftruncate", "unlink", "mkdir", "rmdir", "symlink", "rename")


def small_build(here: Settings, today: date, progress: Any) -> Any:
    """The real digest, the real collecting and the real publishing of a release; its ledger is a list of figures."""
    digest = release.digest(here, None, collected.inputs(here))
    found = release.current(here)
    if found and found.facts["digest"] == digest:
        return SimpleNamespace(release=found, unchanged=True)
    release.sweep(here)
    made = collected.from_archive(here, registry.declared(), {}, [], today)
    folder = release.workspace(here)
    rows = sorted((row.series, str(row.period_end), row.value, row.document) for row in made.observations)
    (folder / "wareconomy.duckdb").write_text(json.dumps({"digest": digest, "rows": rows}))
    facts = {"digest": digest, "held": [], "data_to": {}}
    return SimpleNamespace(release=release.publish(here, folder, digest[:16], facts, None), unchanged=False)


def preloaded() -> Any:
    """The library that counts calls of the whole process; None where it is not preloaded."""
    library = ctypes.CDLL(None)
    return library if hasattr(library, "last_write_arm") else None


def die_at(share: float) -> None:
    """From now on the nth call that writes is the last thing this process does; it may be half done."""
    library = preloaded()
    if library:
        library.last_write_arm(ctypes.c_long(1 + int(share * ALL_CALLS)))
        return
    left = 1 + int(share * 60)

    def wrap(name: str) -> None:
        real = getattr(os, name)

        def call(*given: Any, **named: Any) -> Any:
            nonlocal left
            left -= 1
            if left == 0:
                if name == "write":
                    real(given[0], given[1][: len(given[1]) // 2])
                elif random.random() < 0.5:
                    real(*given, **named)
                os._exit(137)
            return real(*given, **named)

        setattr(os, name, call)

    for name in WRITES:
        wrap(name)


def trial(here: Settings, seed: int) -> None:
    """One refresh in a child, which may die."""
    child = os.fork()
    if child == 0:
        random.seed(seed)
        if seed % 3 == 0:
            die_at(random.random())
        policy = Policy(
            default=Host(pace=0.0, connect=1, read=0.15, total=0.3), retries=1, backoff=0.01, longest_wait=0.1,
            allow_loopback=True,
        )  # fmt: skip
        code = 70
        try:
            code = refresh(here, (), TODAY, client=Client(policy), build=small_build).exit_code
        except WareconomyError:
            code = 71
        finally:
            os._exit(code)
    if seed % 3 == 1:
        time.sleep(random.Random(seed).uniform(0.0, 0.12))
        os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    sys.stdout.write(json.dumps({"seed": seed, "status": status}) + "\n")
    sys.stdout.flush()


def main() -> None:
    here = Settings(Path(sys.argv[1]))
    registry.BUILT_IN = {}
    for item in registry.registered().values():
        item.load()
    sys.stdout.write("ready, every call counted\n" if preloaded() else "ready\n")
    sys.stdout.flush()
    for line in sys.stdin:
        trial(here, int(line))


if __name__ == "__main__":
    main()
