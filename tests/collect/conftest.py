"""A data directory, a publisher on loopback, the example package installed, and builds that only write the ledger."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.collect.replay import Replay, Reply, replay

from wareconomy.collect.client import Client
from wareconomy.collect.policy import Host, Policy
from wareconomy.settings import Settings
from wareconomy.sources import registry

HERE = Path(__file__).parent
EXAMPLE = HERE / "example"
FAST = Policy(
    contact="tests@example.org", default=Host(pace=0.0, connect=2, read=2, total=2), retries=1, backoff=0.01,
    longest_wait=1.5, allow_loopback=True,
)  # fmt: skip


def install(folder: Path) -> Path:
    """The example package as an installer would leave it: its modules and its entry points."""
    shutil.copytree(EXAMPLE / "wareconomy_example", folder / "wareconomy_example")
    text = (EXAMPLE / "pyproject.toml").read_text(encoding="utf-8")
    points = text.partition('[project.entry-points."wareconomy.sources"]')[2].replace('"', "")
    info = folder / "wareconomy_example-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: wareconomy-example\nVersion: 1.0\n", encoding="utf-8"
    )
    (info / "entry_points.txt").write_text(f"[wareconomy.sources]{points}", encoding="utf-8")
    return folder


def forget() -> None:
    """Caches of what is installed, and the example's modules."""
    for function in (registry.registered, registry.declared, registry._code_digest):
        function.cache_clear()
    for name in [name for name in sys.modules if name.partition(".")[0] == "wareconomy_example"]:
        del sys.modules[name]


@pytest.fixture
def publisher() -> Iterator[Replay]:
    """A publisher with a table, a channel and a register of acts."""
    with replay() as made:
        good(made)
        yield made


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, publisher: Replay) -> Iterator[Path]:
    """The example package, installed for this test; its sources ask the publisher on loopback."""
    folder = install(tmp_path / "site")
    monkeypatch.syspath_prepend(folder)
    monkeypatch.setattr(registry, "BUILT_IN", {})  # a test asks nobody but the publisher on loopback
    monkeypatch.setenv("EXAMPLE_BASE", publisher.url)
    monkeypatch.setenv("EXAMPLE_KEY", "s3cret-key-of-ours")
    monkeypatch.setenv("WARECONOMY_ALLOW_LOOPBACK", "1")
    forget()
    yield folder
    forget()


@pytest.fixture
def client() -> Iterator[Client]:
    """A client that may talk to loopback and does not wait long."""
    made = Client(FAST)
    yield made
    made.close()


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data directory of its own; its hand-kept tables have headers and no rows, so that builds are quick."""
    folder = tmp_path / "data" / "raw" / "manual"
    folder.mkdir(parents=True)
    for table in (HERE.parents[1] / "data" / "raw" / "manual").glob("*.csv"):
        with table.open(encoding="utf-8") as stream:
            (folder / table.name).write_text(stream.readline(), encoding="utf-8")
    empty = "".join(f"[{table.stem}]\nmay_be_empty = true\n" for table in folder.glob("*.csv"))
    (folder / "dialects.toml").write_text(empty, encoding="utf-8")
    monkeypatch.setenv("WARECONOMY_HOME", str(tmp_path))
    return Settings(tmp_path)


@pytest.fixture
def plain_build(monkeypatch: pytest.MonkeyPatch) -> None:
    """Builds write the ledger and publish it, without charts and report."""
    from wareconomy.publish import studio

    class Nothing:
        def __enter__(self) -> Nothing:
            return self

        def __exit__(self, *_: object) -> None:
            pass

        def publish(self, *_: Any) -> list[str]:
            return []

    monkeypatch.setattr(studio, "Studio", Nothing)


@pytest.fixture
def run(home: Settings, example: Path, client: Client, plain_build: None) -> Callable[..., Any]:
    """One refresh of the example's sources in a data directory of its own."""
    from tests.conftest import TODAY

    from wareconomy.refresh.run import refresh

    def call(*names: str, **options: Any) -> Any:
        return refresh(
            home, names, options.pop("today", TODAY), client=options.pop("client", client), **options
        )

    return call


def table(*rows: str) -> bytes:
    """The table's file."""
    return ("month,stock,flow\n" + "\n".join(rows) + "\n").encode()


MONTHS = (
    "2026-05,100.0,1.0",
    "2026-06,101.0,1.0",
    "2026-07,102.5,1.5",
    "2026-08,104.0,1.5",
    "2026-09,105.0,1.0",
    "2026-10,106.0,1.0",
)
LIST = b"property,value\nstandardversion,3.0\ndata,/data.csv\n"


def page(*posts: str, token: str = "a") -> bytes:
    """The channel's page, with a token that changes at every read."""
    return f'<html><body data-t="{token}"><div class="channel">{"".join(posts)}</div></body></html>'.encode()


def good(made: Replay) -> None:
    """Everything as it should be."""
    made.serve("/list.csv", Reply(LIST, versioned=True))
    made.serve("/data.csv", Reply(table(*MONTHS), versioned=True))
    made.serve(
        "/s/example",
        Reply(page('<p id="1">One</p>', '<p id="2">Two</p>', '<p id="3">Three</p>'), media="text/html"),
    )
    acts = '{"total": 1, "items": [{"number": "1-ФЗ", "title": "О налоге"}]}'
    made.serve("/api/acts", Reply(acts.encode(), media="application/json", versioned=True))
