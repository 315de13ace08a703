"""What several tests share: the ledger of the real tables, a small data directory, and the system's Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from wareconomy import catalog
from wareconomy.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).resolve().parents[1]
TODAY = date(2026, 11, 29)
CHROMIUM = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def ledger_path(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger of all hand-kept tables, written once for the session; read it, never write to it."""
    from wareconomy.analysis import stored
    from wareconomy.checks import schemas
    from wareconomy.ledger import build
    from wareconomy.pipeline import newest
    from wareconomy.sources import manual

    declared = catalog.load()
    tables = manual.read_all(ROOT / "data" / "raw" / "manual", declared)
    assert schemas.validate(tables, declared, TODAY) == []
    made = build.rows(tables, declared, TODAY)
    path = tmp_path_factory.mktemp("ledger") / "wareconomy.duckdb"
    meta = {"as_of": newest(tables, made, TODAY).isoformat(), "input_digest": "0" * 64, "as_of_asked": ""}
    build.write(path, tables, made, declared, meta, results=stored.results)
    return path


@pytest.fixture(scope="session")
def built_home(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    """A data directory with one finished build, made once for all workers; read it, never write to it."""
    from filelock import FileLock

    from wareconomy import pipeline

    base = tmp_path_factory.getbasetemp()
    root = (base if worker_id == "master" else base.parent) / "built-home"
    here = Settings(root)
    with FileLock(f"{root}.lock"):
        if not here.manual.is_dir():
            shutil.copytree(ROOT / "data" / "raw" / "manual", here.manual)
            pipeline.build(here, TODAY)
    return here


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """A data directory of its own, with a copy of the hand-kept tables."""
    shutil.copytree(ROOT / "data" / "raw" / "manual", tmp_path / "data" / "raw" / "manual")
    monkeypatch.setenv("WARECONOMY_HOME", str(tmp_path))
    return Settings(tmp_path)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Path of the system's Chromium; skips without one, or fails where WARECONOMY_REQUIRE_BROWSER is set."""
    found = next(filter(None, map(shutil.which, CHROMIUM)), None)
    if found is None:
        message = "no Chromium on this machine (Debian: apt install chromium)"
        if os.environ.get("WARECONOMY_REQUIRE_BROWSER"):
            pytest.fail(message)
        pytest.skip(message)
    return found


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    """A headless browser for the whole session of one worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A fresh page. What we publish asks the network for nothing, so a request fails the test."""
    asked: list[str] = []
    page = browser.new_page()
    page.on("request", lambda request: asked.append(request.url) if request.url.startswith("http") else None)
    yield page
    page.close()
    assert asked == []
