"""Times an hourly refresh in which nothing changed, a re-read after a parser changed, and an archive that has grown.

    python benchmarks/refresh.py
    python benchmarks/refresh.py --only everybody

Refresh: the real command, 25 documents of six sources on six hosts, each host 50 ms away, with the ordinary pause
between two requests to one host. Goals: under 5 s and under 250 MB. Everybody: all built-in sources with the documents
of the tests, 50 ms away, without pauses (our own cost; the same goal) and with those of `catalog/hosts.toml` (manners,
no goal: seven channels of one host at two seconds each take longer than everything else). Re-read: 250, 500 and 1,000
documents of 1,000 rows through the archive's own path, on one core and on all. Goals: cost in proportion, all cores
used. Grown: 100,000 documents; a run's look-ups and receipts must stay under a second. Exits 1 when missed.
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
from collections.abc import Callable
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


def everybody(folder: Path, rounds: int) -> bool:
    """All built-in sources, asked again in an hour in which nothing changed."""
    from dataclasses import replace
    from types import SimpleNamespace

    from tests.collect.everybody import DAY, Everybody, Here
    from tests.collect.replay import Replay

    from wareconomy.collect import policy
    from wareconomy.refresh import run
    from wareconomy.settings import Settings

    here = Settings(folder / "everybody")
    os.environ["WARECONOMY_KAGGLE"] = "none"
    done = SimpleNamespace(release=SimpleNamespace(folder=here.root), unchanged=True)
    own: list[float] = []
    with Replay() as server:
        made = Everybody(server)
        made.serve(DAY)
        run.refresh(here, (), DAY, client=Here(server), build=lambda *_: done)
        server.latency = LATENCY
        for paced in (*[False] * rounds, True):
            client, before = Here(server), len(server.asked)
            if paced:
                client.policy = replace(policy.load(here.root), allow_loopback=True)
            started = time.perf_counter()
            result = run.refresh(here, (), DAY, client=client, build=lambda *_: done)
            spent = time.perf_counter() - started
            states = {item.state for item in result.outcomes}
            assert states == {"unchanged"}, states
            if not paced:
                own.append(spent)
                continue
            requests = len(server.asked) - before
            usual = statistics.median(own)
            print(
                f"all {len(result.outcomes)} sources, nothing changed     {usual:8.2f} s   goal {SECONDS:.0f} s"
            )
            print(f"  with the pauses of each host      {spent:8.2f} s   {requests} requests")
    return statistics.median(own) <= SECONDS


def grown(folder: Path, documents: int = 100_000) -> bool:
    """What a run asks an archive of that many documents, and what somebody asks it once in a while."""
    import gzip

    from wareconomy.collect.archive import Archive
    from wareconomy.collect.receipts import DOCUMENT, UNCHANGED, Receipt
    from wareconomy.settings import Settings

    here = Settings(folder / "grown")
    here.documents.mkdir(parents=True)
    with (here.documents / "receipts.jsonl").open("wb") as out:
        for n in range(documents):
            data = f"day,value\n2026-01-01,{n}\n".encode()
            sha256 = hashlib.sha256(data).hexdigest()
            place = here.documents / sha256[:2] / f"{sha256}.gz"
            place.parent.mkdir(exist_ok=True)
            place.write_bytes(gzip.compress(data, 1, mtime=0))
            day = f"20{10 + n // 7000:02}-{n % 12 + 1:02}-{n % 28 + 1:02}T10:00:00.000+00:00"
            ask = f"a{n % 300}" if n % 2 else f"map-{n}"
            out.write(Receipt(f"bench_{n % HOSTS}", ask, "http://x/", day, day, DOCUMENT, sha256).line())
    spent: dict[str, float] = {}

    def clock(what: str, work: Callable[[], object]) -> None:
        started = time.perf_counter()
        work()
        spent[what] = time.perf_counter() - started
        print(f"  {what:<34}{spent[what]:8.2f} s")

    print(f"an archive of {documents:,} documents")
    clock("index made anew", lambda: Archive(here).close())
    archive = Archive(here)

    def hour() -> None:
        for name in (f"bench_{n}" for n in range(HOSTS)):
            archive.receipts.last_good(name)
        for n in range(ASKS):
            name, ask = f"bench_{n % HOSTS}", f"a{n}"
            archive.receipts.last_document(name, ask)
            archive.receipts.last_check(name, ask)
            archive.receipts.append(Receipt(name, ask, "http://x/", "2030", "2030", UNCHANGED))
        archive.receipts.chain()

    clock(f"a run's look-ups, {ASKS} receipts", hour)
    clock("where every source stands", lambda: (archive.receipts.checks(), archive.receipts.changed()))
    with archive.locked():
        clock("what might be pruned", lambda: archive.prune(set(), "2015-01-01", dry_run=True))
    clock("every document proved", lambda: archive.verify())
    archive.close()
    return spent[f"a run's look-ups, {ASKS} receipts"] < 1


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
    """All of it, and whether the goals were met."""
    parser = argparse.ArgumentParser(description="Time refreshes and re-reads.")
    parser.add_argument("--serve", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--rounds", type=int, default=5, help="timed refreshes (default 5)")
    parser.add_argument("--only", choices=("refresh", "everybody", "reread", "grown"), help="only this one")
    arguments = parser.parse_args()
    if arguments.serve:
        serve()
        return 0
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        install(folder / "site")
        good = True
        lines: dict[str, Callable[[], bool]] = {
            "refresh": lambda: refresh(folder, arguments.rounds),
            "everybody": lambda: everybody(folder, arguments.rounds),
            "reread": lambda: reread(folder),
            "grown": lambda: grown(folder),
        }
        for name, line in lines.items():
            if arguments.only in {None, name}:
                good &= line()
    return 0 if good else 1


if __name__ == "__main__":
    raise SystemExit(main())
