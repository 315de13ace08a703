"""Documents by hash, receipts that no crash tears, and an archive that grows."""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wareconomy.collect.archive import Archive
from wareconomy.collect.receipts import DOCUMENT, UNCHANGED, Receipt, Receipts
from wareconomy.errors import LedgerError, Locked, StorageError
from wareconomy.settings import Settings


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    made = Archive(Settings(tmp_path))
    made.incoming()
    yield made
    made.close()


def keep(archive: Archive, data: bytes) -> tuple[str, bool]:
    sha256 = hashlib.sha256(data).hexdigest()
    path = archive.incoming() / "body"
    path.write_bytes(data)
    fresh = archive.keep(path, sha256)
    assert not path.exists()
    return sha256, fresh


def receipt(
    sha256: str | None, ask: str = "doc", day: str = "2026-11-01", outcome: str = DOCUMENT
) -> Receipt:
    moment = f"{day}T10:00:00.000+00:00"
    return Receipt("toy", ask, "https://example.org/", moment, moment, outcome, sha256, etag='"e"')


@given(st.binary(max_size=3000))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_bytes_come_back_and_are_stored_once(archive: Archive, data: bytes) -> None:
    sha256, _ = keep(archive, data)
    before = archive.place(sha256).read_bytes()
    assert archive.read(sha256) == data
    assert keep(archive, data) == (sha256, False)
    assert archive.place(sha256).read_bytes() == before
    archive.place(sha256).unlink()
    keep(archive, data)
    assert archive.place(sha256).read_bytes() == before  # packed alike on another day


def test_the_same_bytes_may_come_from_several_sources_at_once(archive: Archive) -> None:
    data = os.urandom(400_000)
    sha256 = hashlib.sha256(data).hexdigest()
    for _ in range(5):
        together = Barrier(4)

        def bring(number: int, together: Barrier = together) -> bool:
            path = archive.incoming() / f"body-{number}"
            path.write_bytes(data)
            together.wait()
            return archive.keep(path, sha256)

        with ThreadPoolExecutor(4) as pool:
            assert any(pool.map(bring, range(4)))
        assert archive.read(sha256) == data
        assert list(archive.incoming().iterdir()) == []
        archive.place(sha256).unlink()


def test_damage_is_noticed_and_named(archive: Archive) -> None:
    sha256, _ = keep(archive, b"one")
    other, _ = keep(archive, b"two")
    gone, _ = keep(archive, b"three")
    for name in (sha256, other, gone):
        archive.record(receipt(name, ask=name))
    orphan, _ = keep(archive, b"nobody asked")
    assert archive.verify().sound
    assert archive.verify().unreceipted == (orphan,)
    archive.place(sha256).write_bytes(gzip.compress(b"other bytes"))
    archive.place(other).write_bytes(b"no gzip")
    archive.place(gone).unlink()
    found = archive.verify()
    assert not found.sound
    assert set(found.damaged) == {sha256, other}
    assert found.missing == (gone,)
    for name in (sha256, other, gone):
        with pytest.raises(LedgerError):
            archive.read(name)


def test_a_receipt_needs_its_document(archive: Archive) -> None:
    with pytest.raises(StorageError, match="no document"):
        archive.record(receipt("0" * 64))


def test_every_torn_tail_is_cut_and_nothing_else(tmp_path: Path) -> None:
    lines = [receipt(str(n) * 64, ask=f"a{n}").line() for n in range(3)]
    whole = b"".join(lines)
    edges = [n + step for n, mark in enumerate(whole) if mark == 10 for step in (-1, 0, 1)]
    for cut in sorted({*range(0, len(whole), 23), *edges}):
        folder = tmp_path / str(cut)
        folder.mkdir()
        path = folder / "receipts.jsonl"
        path.write_bytes(whole[:cut])
        made = Receipts(path, folder / "index.sqlite")
        kept = whole[:cut].count(b"\n")
        assert len(made.came()) == kept
        made.append(receipt("9" * 64, ask="next"))
        assert len(made.came()) == kept + 1
        assert all(found for _, found in made.lines())
        assert path.read_bytes() == b"".join(lines[:kept]) + receipt("9" * 64, ask="next").line()
        made.close()


def test_zeros_after_a_power_cut_are_a_torn_tail(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    path.write_bytes(receipt("1" * 64).line() + b"\0" * 5000)
    made = Receipts(path, tmp_path / "index.sqlite")
    made.append(receipt("2" * 64))
    assert [item.sha256 for item in made.came()] == ["1" * 64, "2" * 64]
    made.close()


def test_a_full_disk_leaves_no_half_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "receipts.jsonl"
    made = Receipts(path, tmp_path / "index.sqlite")
    made.append(receipt("1" * 64))
    before, real = path.read_bytes(), os.write
    monkeypatch.setattr(os, "write", lambda handle, data: real(handle, data[:20]))
    with pytest.raises(OSError, match="space"):
        made.append(receipt("2" * 64))
    monkeypatch.undo()
    assert path.read_bytes() == before
    made.close()


def test_the_index_is_disposable_and_follows_the_record(tmp_path: Path) -> None:
    path, index = tmp_path / "receipts.jsonl", tmp_path / "index.sqlite"
    made = Receipts(path, index)
    for day in range(1, 6):
        made.append(receipt(str(day) * 64, day=f"2026-11-0{day}"))
    made.append(receipt("5" * 64, day="2026-11-06", outcome=UNCHANGED))
    chain, last = made.chain(), made.last_document("toy", "doc")
    made.close()
    for harm in (lambda: index.unlink(), lambda: index.write_bytes(b"rubbish" * 100), lambda: None):
        for stale in tmp_path.glob("index.sqlite-*"):
            stale.unlink()
        harm()
        again = Receipts(path, index)
        assert (again.chain(), again.last_document("toy", "doc")) == (chain, last)
        assert again.last_check("toy", "doc").outcome == UNCHANGED  # type: ignore[union-attr]
        again.close()
    path.write_bytes(receipt("7" * 64).line())  # another record altogether, shorter than the one before
    again = Receipts(path, index)
    assert [item.sha256 for item in again.came()] == ["7" * 64]
    again.close()


def test_an_older_document_handed_in_later_is_not_the_newest(tmp_path: Path) -> None:
    made = Receipts(tmp_path / "receipts.jsonl", tmp_path / "index.sqlite")
    made.append(receipt("2" * 64, day="2026-11-02"))
    made.append(receipt("1" * 64, day="2025-01-01"))
    assert made.last_document("toy", "doc").sha256 == "2" * 64  # type: ignore[union-attr]
    made.close()


def test_only_one_run_at_a_time_and_a_dead_one_blocks_nobody(archive: Archive) -> None:
    import subprocess
    import sys

    code = (
        "import os, sys; from pathlib import Path; from wareconomy.collect.archive import Archive; "
        "from wareconomy.settings import Settings; a = Archive(Settings(Path(sys.argv[1])));\n"
        "with a.locked(): (print('held', flush=True), sys.stdin.readline(), os._exit(9))"
    )
    root = archive.folder.parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", code, str(root)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with pytest.raises(Locked, match="another refresh is running"), archive.locked():
            pass
        other.communicate("die\n")
    with archive.locked():
        pass


def test_prune_never_takes_what_a_figure_cites(archive: Archive) -> None:
    names = [keep(archive, str(n).encode())[0] for n in range(4)]
    for n, name in enumerate(names):
        archive.record(receipt(name, day=f"2026-0{n + 1}-01"))
    orphan, _ = keep(archive, b"orphan")
    with archive.locked():
        assert archive.prune({names[0]}, "2026-12-01", dry_run=True) == sorted(names[1:3])
        assert set(archive.prune({names[0]}, "2026-02-15")) == {names[1]}
    assert archive.has(names[0])
    assert archive.has(names[2])
    assert archive.has(orphan)  # young: its receipt may be on the way
    old = time.time() - 7200
    os.utime(archive.place(orphan), (old, old))
    with archive.locked():
        assert archive.prune({names[0]}, "2026-01-01") == [orphan]
    assert archive.verify().sound
    assert [item.sha256 for item in archive.receipts.came()] == [names[0], names[2], names[3]]


def test_a_hundred_thousand_documents_stay_fast(tmp_path: Path) -> None:
    path = tmp_path / "receipts.jsonl"
    line = receipt("0" * 64, ask="day-@", day="20!!-05-05").line().decode()
    with path.open("w") as out:
        for n in range(100_000):
            made_up = line.replace("0" * 64, f"{n:064x}").replace("@", str(n % 300))
            out.write(made_up.replace("!!", f"{n // 6000 + 10:02d}"))
    started = time.process_time()
    Receipts(path, tmp_path / "index.sqlite").close()
    assert time.process_time() - started < 15
    started = time.process_time()
    made = Receipts(path, tmp_path / "index.sqlite")
    for n in range(25):
        assert made.last_document("toy", f"day-{n}")
        made.append(receipt(None, ask=f"day-{n}", outcome=UNCHANGED))
    spent = time.process_time() - started
    made.close()
    assert spent < 1.5, spent


def test_receipts_say_what_happened_in_plain_json(archive: Archive) -> None:
    sha256, _ = keep(archive, b"x")
    archive.record(receipt(sha256))
    (line,) = archive.receipts.path.read_text().splitlines()
    body = json.loads(line)
    assert body["source"] == "toy"
    assert body["sha256"] == sha256
    assert "final_url" not in body
