"""Every built-in source against its publisher on loopback: a first refresh fills the ledger, a second one rests, a third
one keeps both prints of what was revised in place. Nobody else is asked."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest
from tests.collect import everybody as built_in
from tests.collect.conftest import forget
from tests.collect.everybody import DAY, Everybody, Here, everybody
from tests.conftest import ROOT

from wareconomy import cli
from wareconomy.collect.ask import Ask
from wareconomy.collect.receipts import NOTHING, UNCHANGED
from wareconomy.ledger import query
from wareconomy.publish import export, report, studio
from wareconomy.refresh import dropin
from wareconomy.refresh.outcome import ALL_WELL, Result
from wareconomy.refresh.run import refresh
from wareconomy.settings import Settings
from wareconomy.sources import registry

SOURCES = sorted(registry.BUILT_IN)
NO_FIGURES = {"deepstate_mirror", "isw_layers"}
"""Maps: kept and checked; areas are computed elsewhere."""
CHANNELS = {name for name in SOURCES if name.startswith("telegram_")}
NOT_SERVED: dict[str, str] = {}
"""Sources that cannot be served here, with the reason; none. (A drop-in of what is also fetched is tested below.)"""
REVISED = (
    (b"5300.6,1200.4,4100.2", b"5299.6,1200.4,4099.2"),
    (b"-2299.7,", b"-2300.7,"),
    (b"-3500.1,", b"-3501.1,"),
    (b",2299.7", b",2300.7"),
)
"""Revenue and balance of the two months to February 2031, a billion less, with all identities kept."""
SETTLED = (
    (b"36500.4,8500.3,28000.1", b"33500.4,5500.3,28000.1"),
    (b"-4500.2,-13000.5,4500.2", b"-7500.2,-13000.5,7500.2"),
)
"""The whole of 2030, which is settled: oil and gas revenue falls by more than a fifth, and the balance with it."""


class Nothing:
    """In place of charts, report and exports."""

    def __enter__(self) -> Nothing:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def publish(self, *_: Any) -> list[str]:
        return []


@dataclass
class World:
    """What three refreshes did: their results, the receipts and the release after each."""

    here: Settings
    results: list[Result]
    receipts: list[list[dict[str, Any]]]
    releases: list[Path]
    documents: list[set[str]]
    everybody: Everybody


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    """A data directory with the real hand-kept tables, refreshed three times."""
    root = tmp_path_factory.mktemp("everybody")
    here = Settings(root)
    shutil.copytree(ROOT / "data" / "raw" / "manual", here.manual)
    with pytest.MonkeyPatch.context() as patch, everybody() as publishers:
        patch.setenv("WARECONOMY_HOME", str(root))
        patch.setenv("WARECONOMY_KAGGLE", "dXNlcjprZXk=")
        patch.setattr(studio, "Studio", Nothing)
        forget()
        made = World(here, [], [], [], [], publishers)
        _refresh(made)
        _refresh(made)
        publishers.serve(DAY + timedelta(days=1))  # the next day's asks, the same answers
        _revise(publishers, REVISED)
        _refresh(made, 1)
        yield made


def _revise(publishers: Everybody, *changes: tuple[tuple[bytes, bytes], ...]) -> None:
    """The table of the budget is changed in place."""
    data = built_in.budget_table()
    for old, new in (pair for change in changes for pair in change):
        assert old in data
        data = data.replace(old, new)
    built_in.serve(publishers.server, publishers.asks["minfin_budget", "budget-by-month"], data)


def _refresh(made: World, later: int = 0) -> Result:
    before = len(_receipts(made.here))
    result = refresh(made.here, (), DAY + timedelta(days=later), client=Here(made.everybody.server))
    made.results.append(result)
    made.receipts.append(_receipts(made.here)[before:])
    made.releases.append(made.here.database.resolve())
    made.documents.append({path.name for path in made.here.documents.rglob("*.gz")})
    return result


def _receipts(here: Settings) -> list[dict[str, Any]]:
    try:
        lines = (here.documents / "receipts.jsonl").read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    return [item for item in map(json.loads, lines) if item.get("source") in registry.BUILT_IN]


def rows(database: Path, sql: str) -> list[tuple[Any, ...]]:
    with duckdb.connect(str(database), read_only=True) as con:
        return con.execute(sql).fetchall()


def states(result: Result) -> dict[str, str]:
    return {item.source: item.state for item in result.outcomes}


def test_a_first_refresh_fills_the_ledger_from_all_sources(world: World) -> None:
    first, ledger = world.results[0], world.releases[0]
    assert NOT_SERVED == {}
    assert {item.source: (item.state, item.message) for item in first.outcomes} == dict.fromkeys(
        SOURCES, ("new", "")
    )
    assert (first.build, first.exit_code) == ("published", ALL_WELL)
    taken = "SELECT DISTINCT source FROM receipts JOIN documents USING (document)"
    assert [name for (name,) in rows(ledger, f"{taken} ORDER BY source")] == SOURCES
    figures = rows(
        ledger,
        "SELECT split_part(observation, ':', 1), count(*) FROM observations "
        "WHERE document IN (SELECT document FROM receipts) AND locator IS NOT NULL GROUP BY ALL",
    )
    assert {name for name, _ in figures} == set(SOURCES) - NO_FIGURES - CHANNELS - {"ru_law"}
    assert {
        name for (name,) in rows(ledger, "SELECT DISTINCT source FROM posts WHERE document IS NOT NULL")
    } == CHANNELS
    assert rows(ledger, 'SELECT DISTINCT source, "table" FROM candidates WHERE document IS NOT NULL') == [
        ("ru_law", "acts")
    ]
    by_hand = "SELECT count(*) FROM observations WHERE document NOT IN (SELECT document FROM receipts)"
    assert rows(ledger, by_hand)[0][0] > 2000  # the hand-kept ones


def test_a_second_refresh_only_finds_everything_unchanged(world: World) -> None:
    second = world.results[1]
    assert states(second) == dict.fromkeys(SOURCES, "unchanged")
    assert (second.build, second.exit_code) == ("unchanged", ALL_WELL)
    assert {item["outcome"] for item in world.receipts[1]} == {UNCHANGED, NOTHING}
    assert {item["source"] for item in world.receipts[1] if item["outcome"] == NOTHING} == {
        "deepstate_mirror"
    }
    assert {item["status"] for item in world.receipts[1] if item["outcome"] == UNCHANGED} == {304, 200}
    assert world.documents[1] == world.documents[0]
    assert world.releases[1] == world.releases[0]


def test_a_third_after_a_revision_in_place_keeps_both_and_says_so(
    world: World, capsys: pytest.CaptureFixture[str]
) -> None:
    third = world.results[2]
    # A day later the channels are asked for all of that day, which is a question of its own.
    news = dict.fromkeys(CHANNELS, "new") | {"minfin_budget": "new"}
    assert states(third) == dict.fromkeys(SOURCES, "unchanged") | news
    assert (third.build, third.exit_code) == ("published", ALL_WELL)
    assert len(world.documents[2] - world.documents[1]) == 1
    assert world.releases[2] != world.releases[1]
    prints = rows(
        world.releases[2],
        "SELECT value, CAST(vintage AS VARCHAR), basis, length(document) FROM observations "
        "WHERE series = 'ru.budget.balance' AND period_end = DATE '2031-02-28' AND status = 'A' ORDER BY vintage",
    )
    assert prints == [(-2299.7, "2031-03-15", "retrieved", 64), (-2300.7, "2031-03-16", "retrieved", 64)]
    said = [text for text in third.changes if "revised" in text]
    assert any(re.search(r"balance.*revised from .2,299\.7 to .2,300\.7 bn RUB", text) for text in said), (
        third.changes
    )
    assert cli.main(["diff", "previous", "latest"]) == 0
    assert "2,300.7" in capsys.readouterr().out


def test_a_settled_value_that_moves_waits_for_a_reason(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    here = Settings(world.here.root.with_name("settled"))
    shutil.copytree(world.here.root, here.root, symlinks=True)
    monkeypatch.setenv("WARECONOMY_HOME", str(here.root))
    monkeypatch.setattr(studio, "Studio", Nothing)
    _revise(world.everybody, REVISED, SETTLED)
    day = DAY + timedelta(days=30)
    held = refresh(here, ("minfin_budget",), day, client=Here(world.everybody.server))
    assert states(held) == {"minfin_budget": "malformed"}
    assert held.exit_code != ALL_WELL
    assert "from 8500.3 to 5500.3" in held.outcomes[0].message
    known = (
        "SELECT value FROM observations WHERE series = 'ru.budget.revenue_oil_gas' "
        "AND period_end = DATE '2030-12-31' ORDER BY vintage"
    )
    assert rows(here.database, known) == [(8500.3,)]
    accepted = dropin.acknowledge(here, "minfin_budget", "restated by the Ministry, letter of 16 March", day)
    assert [row["rule"] for row in accepted] == ["settled_value_moved"]
    assert rows(here.database, known) == [(8500.3,), (5500.3,)]
    again = refresh(here, ("minfin_budget",), day, client=Here(world.everybody.server))
    assert states(again) == {"minfin_budget": "unchanged"}


def test_a_document_handed_in_is_known_when_it_was_fetched(world: World, tmp_path: Path) -> None:
    file = tmp_path / "missile_attacks_daily.csv"
    file.write_bytes(built_in.bodies()["air_force_posts"](Ask("strikes", "")) or b"")
    before = world.here.database.resolve()
    added = dropin.add(
        world.here, "air_force_posts", file, "", DAY + timedelta(days=1), DAY + timedelta(days=1)
    )
    assert (added.ask, added.known, added.result.build) == ("strikes", True, "unchanged")
    assert world.here.database.resolve() == before


# ---------------------------------------------------------------------------- what is published


def _published(world: World, folder: Path) -> Path:
    with query.connect(world.releases[2]) as con:
        day, digest = DAY + timedelta(days=1), "0" * 64
        export.export(con, folder / "data", day, digest)
        report.write(report.compose(con, [], day), [], folder)
    return folder


def test_no_post_is_published_and_the_report_says_how_far_it_reaches(world: World, tmp_path: Path) -> None:
    import zipfile

    (tmp_path / "charts").mkdir()
    folder = _published(world, tmp_path)
    texts = {
        text for (text,) in rows(world.releases[2], 'SELECT "text" FROM posts WHERE length("text") > 12')
    }
    pieces = {piece.strip() for text in texts for piece in text.splitlines() if len(piece.strip()) > 12}
    assert len(pieces) > 5
    for path in (path for path in folder.rglob("*") if path.is_file() and path.suffix not in {".pdf"}):
        data = path.read_bytes()
        if path.suffix == ".xlsx":
            with zipfile.ZipFile(path) as box:
                data = b"\n".join(box.read(name) for name in box.namelist())
        if path.suffix == ".parquet":
            with duckdb.connect() as con:
                data = repr(con.execute("SELECT * FROM read_parquet(?)", [str(path)]).fetchall()).encode()
        shown = data.decode("utf-8", "replace")
        found = [piece for piece in pieces if piece in shown]
        assert found == [], f"{path.name} holds words of a post"
    page, plain = ((folder / f"report.{kind}").read_text(encoding="utf-8") for kind in ("html", "md"))
    footer = page.partition("<footer>")[2]
    asked = r"16 March 2031, \d\d:\d\d UTC"
    assert re.search(
        rf"Data to 14 March 2031, publishers checked at {asked}, built from inputs [0-9a-f]{{12}}\.", footer
    )
    assert "Collected documents" in plain
    assert re.search(
        rf"Ministry of Finance of Russia, federal budget execution.*{asked}.*28 February 2031", plain
    )
    again = tmp_path / "again"
    (again / "charts").mkdir(parents=True)
    _published(world, again)
    assert (again / "report.html").read_bytes() == (folder / "report.html").read_bytes()
