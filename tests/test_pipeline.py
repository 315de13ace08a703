"""A build publishes everything or nothing: unchanged inputs, bad inputs, kills, readers, locks, full disks."""

from __future__ import annotations

import errno
import json
import os
import random
import re
import resource
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from wareconomy import pipeline, release
from wareconomy.errors import CheckFailed, InputError, Locked, StorageError
from wareconomy.ledger import query
from wareconomy.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 29)


@pytest.fixture(scope="module")
def built(built_home: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A copy of the finished build, for tests that change it and leave it as it was."""
    root = tmp_path_factory.mktemp("pipeline") / "home"
    shutil.copytree(built_home.root, root, symlinks=True)
    return Settings(root)


def tree(here: Settings) -> dict[str, tuple[int, int]]:
    """Every file and link below the data directory with its size and time."""
    found = {}
    for path in here.root.rglob("*"):
        status = path.lstat()
        found[path.relative_to(here.root).as_posix()] = (status.st_size, status.st_mtime_ns)
    return found


def figures(here: Settings) -> int:
    with query.connect(here.database) as con:
        return int(con.execute("SELECT count(*) FROM observations").fetchall()[0][0])


@pytest.mark.smoke
def test_a_build_leaves_report_charts_exports_and_ledger(built: Settings) -> None:
    shelf = built.reports / "latest"
    assert {"report.html", "report.md", "figures.json"} <= {path.name for path in shelf.iterdir()}
    assert len(list((shelf / "charts").glob("*.svg"))) >= 16
    assert (built.pointer() / "exports" / "datapackage.json").is_file()
    assert figures(built) > 6000


def test_links_of_the_markdown_report_lead_to_files(built: Settings) -> None:
    shelf = built.reports / "latest"
    text = (shelf / "report.md").read_text(encoding="utf-8")
    linked = set(re.findall(r"(?<!\\)\]\(((?:claims|charts)/[^)]*)\)", text))
    assert len([name for name in linked if name.startswith("claims/")]) > 50
    assert [name for name in sorted(linked) if not (shelf / name).is_file()] == []


def test_nothing_changed_means_not_one_byte_written(built: Settings) -> None:
    before = tree(built)
    started = time.monotonic()
    assert pipeline.build(built, TODAY).unchanged
    assert pipeline.build(built, date(2026, 12, 24)).unchanged
    assert tree(built) == before
    assert time.monotonic() - started < 30


def test_bad_input_publishes_nothing_and_is_recorded(built: Settings) -> None:
    path = built.manual / "key_rate.csv"
    good = path.read_bytes()
    before = os.readlink(built.pointer())
    try:
        path.write_bytes(good.replace(b",21.0,", b",twenty-one,", 1))
        with pytest.raises(InputError, match=r"key_rate\.csv:\d+ \w+ 'twenty-one': number"):
            pipeline.build(built, TODAY)
    finally:
        path.write_bytes(good)
    assert os.readlink(built.pointer()) == before
    last = json.loads(built.run_log.read_text().splitlines()[-1])
    assert (last["outcome"], last["command"]) == ("InputError", "build")
    assert not list(built.releases.glob(".building-*"))


def test_an_official_identity_that_fails_stops_the_build(built: Settings) -> None:
    path = built.manual / "budget_monthly.csv"
    good = path.read_text(encoding="utf-8")
    line = next(row for row in good.splitlines() if row.startswith("revenue,2023-03,") and "open_data" in row)
    before = os.readlink(built.pointer())
    try:
        path.write_text(good.replace(line, line.replace(",5678.9,", ",5768.9,")), encoding="utf-8")
        with pytest.raises(CheckFailed, match="2023-03-31"):
            pipeline.build(built, TODAY)
    finally:
        path.write_text(good, encoding="utf-8")
    assert os.readlink(built.pointer()) == before
    assert not list(built.releases.glob(".building-*"))


def test_a_build_as_of_a_day_stands_beside_the_current_one(built: Settings) -> None:
    before = os.readlink(built.pointer())
    outcome = pipeline.build(built, TODAY, as_of=date(2026, 7, 3))
    assert os.readlink(built.pointer()) == before
    with query.connect(outcome.release.database) as con:
        assert con.execute("SELECT max(vintage) <= DATE '2026-07-03' FROM observations").fetchall() == [
            (True,)
        ]
        threshold = query.figure(con, "ru.tax.usn_vat_exemption_threshold", "2027")
    assert threshold.value == 15
    page = (built.reports / "as-of-2026-07-03" / "report.html").read_text(encoding="utf-8")
    assert "3 July 2026" in page


def test_twenty_readers_are_never_disturbed_by_a_build(built: Settings) -> None:
    expected = figures(built)
    done = False

    def read() -> int:
        rounds = 0
        with query.connect(built.database) as held:
            while not done or rounds == 0:
                with query.connect(built.database) as con:
                    assert con.execute("SELECT count(*) FROM observations").fetchall() == [(expected,)]
                assert held.execute("SELECT count(*) FROM observations").fetchall() == [(expected,)]
                rounds += 1
        return rounds

    with ThreadPoolExecutor(20) as pool:
        readers = [pool.submit(read) for _ in range(20)]
        run = subprocess.run(
            [sys.executable, "-m", "wareconomy", "build", "--force", "--quiet"],
            env={**os.environ, "WARECONOMY_HOME": str(built.root)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        done = True
        assert all(reader.result() > 0 for reader in readers)
    assert (run.returncode, run.stdout, run.stderr) == (0, "", "")


def test_a_build_killed_at_any_moment_leaves_the_last_good_release(built: Settings) -> None:
    expected = figures(built)
    moments = random.Random(20260704)
    env = {**os.environ, "WARECONOMY_HOME": str(built.root)}
    for _ in range(6):
        process = subprocess.Popen(
            [sys.executable, "-m", "wareconomy", "build", "--force", "--quiet"],
            env=env,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        time.sleep(moments.uniform(0.2, 4.0))
        os.killpg(process.pid, signal.SIGKILL)
        process.wait(timeout=30)
        assert figures(built) == expected
        page = (built.reports / "latest" / "report.html").read_text(encoding="utf-8")
        assert page.rstrip().endswith("</html>")
    assert pipeline.build(built, TODAY, force=True).unchanged is False
    assert not list(built.releases.glob(".building-*"))
    assert figures(built) == expected


def test_a_second_build_waits_briefly_and_then_says_who_holds_the_lock(built: Settings) -> None:
    with pipeline.BuildLock(built), pytest.raises(Locked, match="another build is running"):
        pipeline.build(built, TODAY, force=True)


def test_a_full_disk_is_one_line_and_changes_nothing(
    built: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = os.readlink(built.pointer())

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "somewhere")

    monkeypatch.setattr(release, "publish", full)
    with pytest.raises(StorageError, match="disk is full"):
        pipeline.build(built, TODAY, force=True)
    assert os.readlink(built.pointer()) == before
    assert not list(built.releases.glob(".building-*"))


def test_a_really_full_disk(tmp_path: Path) -> None:
    """A file system of three megabytes, where the machine lets us mount one."""
    small = tmp_path / "small"
    small.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=3m", "tmpfs", str(small)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("this machine mounts no file systems for tests")
    try:
        shutil.copytree(ROOT / "data" / "raw" / "manual", small / "data" / "raw" / "manual")
        run = subprocess.run(
            [sys.executable, "-m", "wareconomy", "build", "--quiet"],
            env={**os.environ, "WARECONOMY_HOME": str(small)},
            capture_output=True,
            text=True,
            timeout=120,
        )
        assert run.returncode == 6
        assert len(run.stderr.strip().splitlines()) == 1
        assert "disk is full" in run.stderr
        assert not list((small / "data" / "processed" / "releases").iterdir())
    finally:
        subprocess.run(["umount", str(small)], check=True)


@pytest.mark.parametrize("megabytes", [3, 7])
def test_a_limit_on_the_size_of_files_is_one_line(home: Settings, megabytes: int) -> None:
    """Three megabytes stop the ledger as it is written, seven as it is closed, where it is that large."""
    limit = megabytes * 1_000_000
    run = subprocess.run(
        [sys.executable, "-m", "wareconomy", "build", "--quiet"],
        capture_output=True,
        text=True,
        timeout=120,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert (run.returncode, len(run.stderr.splitlines())) == (6, 1), run.stderr
    assert "beyond the allowed size" in run.stderr
    assert not list(home.releases.iterdir())


def test_only_changed_charts_are_drawn_again(built: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    from wareconomy.publish import studio

    path = built.manual / "key_rate.csv"
    good = path.read_text(encoding="utf-8")
    drawn: list[str] = []
    submit = studio.Studio._submit

    def counted(self: studio.Studio, chart: object, where: Path) -> object:
        drawn.append(chart.id)  # type: ignore[attr-defined]
        return submit(self, chart, where)  # type: ignore[arg-type]

    monkeypatch.setattr(studio.Studio, "_submit", counted)
    try:
        path.write_text(good.replace("2025-02-14,21.0,21.0", "2025-02-14,21.5,21.0", 1), encoding="utf-8")
        assert not pipeline.build(built, TODAY).unchanged
    finally:
        path.write_text(good, encoding="utf-8")
    assert "key-rate" in drawn
    assert len(drawn) <= 3


def test_a_release_on_disk_is_pointed_at_again_when_its_inputs_return(built: Settings) -> None:
    outcome = pipeline.build(built, TODAY)  # the test before built from a changed table
    assert (outcome.unchanged, outcome.built) == (False, False)
    assert outcome.release.facts["digest"] == release.digest(built, None)
    assert release.pointed(built, outcome.release.folder, None)


@pytest.mark.parametrize("links", [1, 2, 3])
def test_a_build_killed_between_two_links_is_mended_by_the_next_one(built: Settings, links: int) -> None:
    """The links are made in one order, so a kill leaves the last of them out; here as many as `links`."""
    made = pipeline.build(built, TODAY).release
    for path in [built.pointer(), built.reports / "latest", built.database][-links:]:
        path.unlink()
    outcome = pipeline.build(built, TODAY)
    assert (outcome.built, outcome.release.folder) == (False, made.folder)
    assert outcome.unchanged is (links < 3)
    assert (built.reports / "latest" / "report.html").is_file()
    assert figures(built) > 6000
    before = tree(built)
    assert pipeline.build(built, TODAY).unchanged
    assert tree(built) == before


STRANGE = (
    b"\xff\xfe",
    b"[]",
    b"7",
    b"null",
    b"{",
    b"[" * 100_000,
    b'{"started": [1], "seconds": "long", "command": {"a": 1}}',
    b'{"seconds": 1' + b"0" * 400 + b"}",
    b'{"message": "\\ud800"}',
    b"",
)


def test_a_strange_line_of_the_run_log_stops_nothing(tmp_path: Path) -> None:
    import duckdb

    here = Settings(tmp_path)
    here.processed.mkdir(parents=True)
    good = {
        "started": "2026-01-01T00:00:00+00:00",
        "command": "build",
        "outcome": "published",
        "seconds": 3.5,
    }
    here.run_log.write_bytes(b"\n".join([*STRANGE, json.dumps(good).encode()]))
    assert [run for run in pipeline.last_runs(here, 99) if run["outcome"]] == [
        {**good, "digest": None, "message": None}
    ]
    assert pipeline.last_runs(here, 1)[0]["command"] == "build"
    with duckdb.connect() as con:
        con.execute("CREATE TABLE runs (a VARCHAR, b VARCHAR, c VARCHAR, d DOUBLE, e VARCHAR, f VARCHAR)")
        con.executemany("INSERT INTO runs VALUES (?, ?, ?, ?, ?, ?)", pipeline._runs(here))


def test_an_older_or_broken_ledger_says_build(built: Settings) -> None:
    from wareconomy.errors import LedgerError

    other = built.root / "other.duckdb"
    shutil.copy(built.database, other)
    import duckdb

    con = duckdb.connect(str(other))
    con.execute("UPDATE meta SET value = '0' WHERE key = 'schema_version'")
    con.close()
    with pytest.raises(LedgerError, match="wareconomy build"), query.connect(other):
        pass
