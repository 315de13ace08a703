"""A hundred refreshes with faults at random: nothing kept is lost, no receipt is torn, no release is half there."""

from __future__ import annotations

import json
import os
import random
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from tests.collect.conftest import MONTHS, good, page, table
from tests.collect.replay import Replay, Reply

from wareconomy import release
from wareconomy.collect.archive import Archive
from wareconomy.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TRIALS = 100


def mischief(publisher: Replay, rng: random.Random, n: int) -> None:
    """What the publisher does to the next refresh."""
    good(publisher)
    body = table(*MONTHS[:-1], f"2026-10,{106 + n},1.0")
    post = page('<p id="1">One</p>', '<p id="2">Two</p>', f'<p id="{n + 3}">News {n}</p>')
    publisher.serve("/data.csv", Reply(body, versioned=True))
    publisher.serve("/s/example", Reply(post, media="text/html"))
    kind = rng.choice(("well", "well", "cut", "down", "slow", "wall", "busy"))
    path = rng.choice(("/data.csv", "/list.csv", "/s/example", "/api/acts"))
    trouble = {
        "cut": Reply(body, cut=rng.randrange(len(body))),
        "down": Reply(b"", 503, "text/plain"),
        "slow": Reply(body, wait=0.25),
        "wall": Reply(b"<html>captcha</html>", 403, "text/html"),
        "busy": Reply(b"", 429, "text/plain", {"Retry-After": "30"}),
    }.get(kind)
    if trouble:
        publisher.serve(path, trouble)


def check(here: Settings, seen: set[str]) -> None:
    """What must hold after every refresh, however it ended. `seen` are documents named by receipts so far."""
    path = here.documents / "receipts.jsonl"
    lines = path.read_bytes().split(b"\n") if path.exists() else [b""]
    named = set()
    for line in lines[:-1]:
        body = json.loads(line)  # every line with an end is whole
        if body["outcome"] == "document":
            named.add(body["sha256"])
    assert seen <= named
    seen |= named
    archive = Archive(here)
    try:
        found = archive.verify()
        assert (found.missing, found.damaged, found.bad_lines) == ((), (), ())
    finally:
        archive.close()
    pointer = here.pointer()
    if pointer.exists() or pointer.is_symlink():
        made = release.current(here)
        assert made is not None
        assert json.loads(made.database.read_text())["digest"] == made.facts["digest"]


def library(folder: Path) -> Path | None:
    """`last_write.c` compiled, where the machine can: it counts every call that writes, whoever makes it."""
    compiler = shutil.which("cc")
    if not compiler or not sys.platform.startswith("linux"):
        return None
    made = folder / "last_write.so"
    source = Path(__file__).with_name("last_write.c")
    done = subprocess.run([compiler, "-shared", "-fPIC", "-o", made, source, "-ldl"], check=False)
    return made if done.returncode == 0 else None


def test_a_hundred_refreshes_with_faults(
    home: Settings, example: Path, publisher: Replay, tmp_path: Path
) -> None:
    rng = random.Random(20261122)
    path = os.pathsep.join([str(example), str(ROOT / "src"), str(ROOT)])
    environment = {**os.environ, "PYTHONPATH": path, "WARECONOMY_ALLOW_LOOPBACK": "1"}
    counting = library(tmp_path)
    if counting:
        environment["LD_PRELOAD"] = str(counting)
    stop, troubles = threading.Event(), []

    def read_on() -> None:
        """A reader that never sees a release that is not whole."""
        while not stop.wait(0.03):
            made = release.current(home)
            if made is not None:
                try:
                    json.loads(made.database.read_text())
                except (OSError, ValueError) as error:
                    # A release pruned between the two looks is not half there: it is another one by now.
                    if release.current(home) == made:
                        troubles.append(error)

    reader = threading.Thread(target=read_on)
    reader.start()
    seen: set[str] = set()
    ends: list[int] = []
    command = [sys.executable, "-W", "ignore", "-m", "tests.collect.faulty", str(home.root)]
    try:
        with subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as driver:
            assert driver.stdin is not None
            assert driver.stdout is not None
            assert driver.stdout.readline() == ("ready, every call counted\n" if counting else "ready\n")

            def play(seed: int) -> int:
                driver.stdin.write(f"{seed}\n")  # type: ignore[union-attr]
                driver.stdin.flush()  # type: ignore[union-attr]
                status: Any = json.loads(driver.stdout.readline())["status"]  # type: ignore[union-attr]
                return int(status)

            for n in range(TRIALS):
                mischief(publisher, rng, n)
                ends.append(play(n))
                check(home, seen)
            good(publisher)
            publisher.serve("/data.csv", Reply(table(*MONTHS)))
            assert os.waitstatus_to_exitcode(play(2)) == 0
            check(home, seen)
    finally:
        stop.set()
        reader.join()
    assert troubles == []
    codes = [os.waitstatus_to_exitcode(status) for status in ends]
    assert sum(code in {137, -9} for code in codes) > 25, codes
    assert sum(code in {0, 10} for code in codes) > 25, codes
    assert not {70, 71} & set(codes), codes
    made = release.current(home)
    assert made is not None
    rows = json.loads(made.database.read_text())["rows"]
    newest = [row for row in rows if row[:2] == ["example.stock", "2026-10-31"]]
    assert len({row[2] for row in newest}) > 10  # every print that was kept is a row
    assert {row[3] for row in rows} <= seen
    assert list((home.documents / ".incoming").iterdir()) == []
