"""Times an hourly refresh in which nothing changed, and a re-read of a thousand documents after a parser changed.

    python benchmarks/refresh.py

Refresh: the real command, 25 documents of six sources on six hosts, each host 50 ms away, with the ordinary pause
between two requests to one host. Goals: under 5 s and under 250 MB. Re-read: 250, 500 and 1,000 documents of 1,000 rows
through the archive's own path, on one core and on all. Goals: cost in proportion, all cores used. Exits 1 when missed.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # run as a file

from benchmarks import measure  # noqa: E402

LATENCY = 0.05
HOSTS = 6
ASKS = 25
SECONDS, MEMORY = 5.0, 250.0
PACKAGE = "wareconomy_bench"
MODULE = '''
"""Sources that only a benchmark asks."""
import os
from datetime import date
from wareconomy.sources.source import Ask, Reading

class Many:
    def __init__(self, number, asks):
        self.id, self.number, self.count = f"bench_{number}", number, asks
        self.declares = {
            "sources": {self.id: {"title": "Benchmark", "publisher": "Benchmark", "licence": "none", "terms": "open",
                                  "calendar": "hourly"}},
            "series": {f"bench.{number}": {"title": "Benchmark", "unit": "USD bn", "frequency": "day", "kind": "stock",
                       "area": "RU", "definition": "Made up.", "sources": [self.id], "lag_days": 1}},
        }
    def asks(self, today, since=None):
        port = os.environ["BENCH_PORTS"].split(",")[self.number]
        for n in range(self.count):
            yield Ask(f"doc-{n}", f"http://127.0.0.{self.number + 1}:{port}/{self.number}/{n}.csv", media=("text/csv",),
                      marker=b"day,value")
    def follow(self, document):
        return ()
    def read(self, document):
        for line, row in enumerate(document.data.decode().splitlines()[1:], 2):
            day, _, value = row.partition(",")
            yield Reading(f"bench.{self.number}", day, float(value), value, f"line {line}")

'''


def install(folder: Path) -> None:
    """The benchmark's sources, as an installed package."""
    (folder / PACKAGE).mkdir(parents=True)
    shares = [ASKS // HOSTS + (n < ASKS % HOSTS) for n in range(HOSTS)]
    body = MODULE + "".join(f"source_{n} = Many({n}, {share})\n" for n, share in enumerate(shares))
    (folder / PACKAGE / "__init__.py").write_text(body, encoding="utf-8")
    info = folder / f"{PACKAGE}-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {PACKAGE}\nVersion: 1.0\n", encoding="utf-8"
    )
    points = "".join(f"bench_{n} = {PACKAGE}:source_{n}\n" for n in range(HOSTS))
    (info / "entry_points.txt").write_text(f"[wareconomy.sources]\n{points}", encoding="utf-8")


def document(source: int, ask: int, rows: int = 200) -> bytes:
    """A table of days; each document has days of its own."""
    from datetime import date, timedelta

    first = date(2010, 1, 1) + timedelta(days=ask * rows)
    lines = [f"{first + timedelta(days=n)},{1000 + source + n * 0.1:.1f}" for n in range(rows)]
    return ("day,value\n" + "\n".join(lines) + "\n").encode()


def serve() -> None:
    """The publishers, in a process of their own: prints the ports and answers until its input ends."""
    from tests.collect.replay import Replay, Reply

    made = []
    for number in range(HOSTS):
        publisher = Replay(LATENCY, f"127.0.0.{number + 1}")
        for ask in range(ASKS):
            publisher.serve(f"/{number}/{ask}.csv", Reply(document(number, ask, 50), versioned=True))
        made.append(publisher.__enter__())
    print(",".join(str(publisher.port) for publisher in made), flush=True)
    sys.stdin.read()


def refresh(folder: Path, rounds: int) -> bool:
    """Fill once, then time the hour in which nothing changed."""
    home = folder / "home"
    shutil.copytree(ROOT / "data" / "raw" / "manual", home / "data" / "raw" / "manual")
    command = [
        sys.executable,
        "-m",
        "wareconomy",
        "refresh",
        "--quiet",
        *(f"bench_{n}" for n in range(HOSTS)),
    ]
    with subprocess.Popen(
        [sys.executable, str(Path(__file__)), "--serve"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        env = {
            **os.environ,
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(folder / "site")]),
            "WARECONOMY_HOME": str(home),
            "WARECONOMY_ALLOW_LOOPBACK": "1",
            "BENCH_PORTS": server.stdout.readline().strip(),
        }
        first = measure.timed(command, env)
        runs = [measure.watched(command, env) for _ in range(rounds)]
        server.communicate()
    seconds = statistics.median(run.seconds for run in runs)
    memory = max(max(run.resident, run.largest) for run in runs)
    print(f"first refresh, with a build         {first.seconds:8.2f} s")
    print(f"refresh with nothing changed        {seconds:8.2f} s   goal {SECONDS:.0f} s")
    print(f"  its memory, all processes         {memory:8.0f} MB  goal {MEMORY:.0f} MB")
    return seconds <= SECONDS and memory <= MEMORY


def reread(folder: Path) -> bool:
    """Read archived documents that no store of rows knows."""
    sys.path[:0] = [str(ROOT / "src"), str(folder / "site")]
    os.environ["BENCH_PORTS"] = ",".join("9" * HOSTS)
    from wareconomy.collect.archive import Archive
    from wareconomy.collect.receipts import DOCUMENT, Receipt
    from wareconomy.settings import Settings
    from wareconomy.sources import reading
    from wareconomy.sources.reading import Reader
    from wareconomy.sources.registry import registered

    here = Settings(folder / "archive")
    archive = Archive(here)
    source = registered()["bench_0"]
    moment = "2026-11-22T10:00:00.000+00:00"
    for ask in range(1000):
        data = document(0, ask % 20, 1000) + f"2009-01-01,{ask}\n".encode()
        path, sha256 = archive.incoming() / "body", hashlib.sha256(data).hexdigest()
        path.write_bytes(data)
        archive.keep(path, sha256)
        archive.receipts.append(Receipt("bench_0", f"a{ask}", "http://x/", moment, moment, DOCUMENT, sha256))
    work = [(source, receipt) for receipt in archive.receipts.came("bench_0")]
    cores = os.cpu_count() or 1
    taken: dict[tuple[int, int], float] = {}
    for count, used in ((250, cores), (500, cores), (1000, cores), (1000, 1)):
        here.readings.unlink(missing_ok=True)
        much, reading.MUCH = reading.MUCH, reading.MUCH if used > 1 else 10**9
        reader = Reader(here.processed / f"{count}-{used}.sqlite", archive)
        started, busy = time.perf_counter(), os.times()
        assert len(reader.many(work[:count])) == count
        taken[count, used] = time.perf_counter() - started
        own = os.times().user + os.times().system - busy.user - busy.system
        reading.MUCH = much
        reader.close()
        spent = taken[count, used]
        print(
            f"{count:5} documents re-read on {used} cores  {spent:8.2f} s   of it {own:.1f} s CPU in this process"
        )
    archive.close()
    gain = taken[1000, 1] / taken[1000, cores]
    growth = taken[1000, cores] / taken[500, cores]
    print(f"  gain of {cores} cores {gain:.2f}; twice the documents cost {growth:.2f} times as much")
    return growth < 2.6 and (cores == 1 or gain > 1.3)


def main() -> int:
    """Both, and whether the goals were met."""
    parser = argparse.ArgumentParser(description="Time refreshes and re-reads.")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5, help="timed refreshes (default 5)")
    parser.add_argument("--only", choices=("refresh", "reread"), help="only this one")
    arguments = parser.parse_args()
    if arguments.serve:
        serve()
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install(folder / "site")
        good = True
        if arguments.only != "reread":
            good &= refresh(folder, arguments.rounds)
        if arguments.only != "refresh":
            good &= reread(folder)
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
