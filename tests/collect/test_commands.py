"""The commands around documents, as people and machines see them; and who is told what."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from tests.collect.conftest import MONTHS, table
from tests.collect.replay import Replay, Reply

from wareconomy.cli import main
from wareconomy.errors import MissingExtra
from wareconomy.refresh import notify, outcome
from wareconomy.refresh.outcome import Outcome, Result
from wareconomy.settings import Settings


@pytest.fixture
def ready(home: Settings, example: Path, plain_build: None) -> Settings:
    """A data directory whose sources are on loopback."""
    (home.root / "wareconomy.toml").write_text("[network]\npace = 0\nretries = 0\nread = 2\n")
    return home


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_refresh_speaks_to_machines(
    ready: Settings, capsys: pytest.CaptureFixture[str], publisher: Replay
) -> None:
    assert main(["refresh", "--json"]) == 0
    said = lines(capsys.readouterr().out)
    assert [item["state"] for item in said[:-1]] == ["new"] * 3
    assert said[-1]["run"]["build"] == "published"
    publisher.serve("/list.csv", Reply(b"", 403, "text/plain"))
    assert main(["refresh", "--json", "example_table"]) == 11
    assert main(["refresh", "--json"]) == 10
    said = lines(capsys.readouterr().out)
    assert said[-1]["run"]["exit_code"] == 10
    assert main(["status", "--json"]) == 0
    asked = {item["source"]: item for item in json.loads(capsys.readouterr().out)["asked"]}
    assert asked["example_table"]["state"] == "blocked"
    assert asked["example_table"]["accepted"] == 12
    assert asked["example_channel"]["last_checked"]
    assert main(["status", "--check", "--quiet"]) == 10
    assert main(["refresh", "no_such_source"]) == 4
    assert "Did you mean" not in capsys.readouterr().out


def test_quiet_says_nothing_unless_something_is_wrong(
    ready: Settings, capsys: pytest.CaptureFixture[str], publisher: Replay
) -> None:
    assert main(["refresh", "--quiet"]) == 0
    assert capsys.readouterr() == ("", "")
    publisher.serve("/s/example", Reply(b"", 500, "text/plain"))
    assert main(["refresh", "--quiet"]) == 10
    said = capsys.readouterr()
    assert "example_channel,failed" in said.out
    assert "example_table" not in said.out


def test_people_read_what_was_revised(
    ready: Settings, capsys: pytest.CaptureFixture[str], publisher: Replay
) -> None:
    main(["refresh"])
    publisher.serve("/data.csv", Reply(table(*MONTHS, "2026-11,107.0,1.0")))
    assert main(["refresh"]) == 0
    assert main(["refresh", "--dry-run"]) == 0
    assert "nobody was asked" in capsys.readouterr().err


def test_add_archive_and_acknowledge(
    ready: Settings, capsys: pytest.CaptureFixture[str], publisher: Replay, tmp_path: Path
) -> None:
    file = tmp_path / "saved.csv"
    file.write_bytes(table(*MONTHS))
    add = [
        "add",
        "example_table",
        str(file),
        "--url",
        publisher.url + "/data.csv",
        "--retrieved-on",
        "2026-11-02",
    ]
    page = tmp_path / "page.html"
    page.write_text("<!DOCTYPE html><html>News</html>")
    assert main(["add", "example_table", str(page)]) == 12  # neither the catalogue nor anything with rows
    assert "HTML page" in capsys.readouterr().err
    assert main([*add, "--ask", "data"]) == 0
    assert "with 12 rows" in capsys.readouterr().out
    assert main([*add, "--ask", "data", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["known"] is True
    assert main(["archive", "verify"]) == 0
    assert "data/raw/documents: 1 documents, 2 receipts: all sound" in capsys.readouterr().out
    assert main(["archive", "list", "--json"]) == 0
    (entry,) = json.loads(capsys.readouterr().out)
    assert (entry["via"], entry["ask"]) == ("drop-in", "data")
    assert main(["archive", "prune", "--keep-days", "0"]) == 0
    assert "0 documents removed" in capsys.readouterr().out
    file.write_bytes(table("2026-05,200.0,1.0", *MONTHS[1:]))
    assert main([*add[:-1], "2026-11-20", "--ask", "data"]) == 11
    assert "wareconomy acknowledge example_table" in capsys.readouterr().err
    assert main(["acknowledge", "example_table", "--reason", "restated"]) == 0
    assert "from 100.0 to 200.0" in capsys.readouterr().out
    next(ready.documents.glob("??/*.gz")).write_bytes(b"rubbish")
    assert main(["archive", "verify"]) == 1
    assert "damaged" in capsys.readouterr().out


def test_verify_proves_the_articles_too_and_names_what_is_not_sound(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    page = Path(__file__).parents[1] / "fixtures" / "statements" / "article.html"
    assert main(["archive", "verify"]) == 0
    said = "data/raw/{}: 0 documents, 0 receipts: all sound\n"
    assert capsys.readouterr().out == said.format("documents") + said.format("articles")
    assert main(["claims", "read", str(page), "--url", "https://wire.example.org/a/1"]) == 0
    capsys.readouterr()
    assert main(["archive", "verify", "--quiet"]) == 0
    assert capsys.readouterr().out == ""
    (kept,) = home.articles.glob("??/*.gz")
    kept.write_bytes(b"rubbish")
    assert main(["archive", "verify", "--quiet"]) == 1
    out = capsys.readouterr().out
    assert said.format("documents") in out
    assert f"data/raw/articles: 1 documents, 1 receipts: NOT sound\n  damaged: {kept.stem}\n" in out
    assert main(["archive", "verify", "--json"]) == 1
    documents, articles = json.loads(capsys.readouterr().out)
    assert (documents["archive"], documents["sound"]) == ("data/raw/documents", True)
    assert (articles["archive"], articles["damaged"]) == ("data/raw/articles", [kept.stem])


def test_a_figure_leads_back_to_its_document(
    ready: Settings, capsys: pytest.CaptureFixture[str], publisher: Replay
) -> None:
    main(["refresh", "--quiet"])
    assert main(["explain", "example.stock@2026-10", "--json"]) == 0
    said = json.loads(capsys.readouterr().out)
    assert "line 7" in json.dumps(said)
    assert f"{publisher.url}/data.csv" in json.dumps(said)
    figure = next(
        word for word in json.dumps(said).replace('"', " ").split() if word.startswith("example_table:")
    )
    assert main(["explain", figure]) == 0
    said = capsys.readouterr().out
    assert "Stock of the example fund" in said
    assert "Example publisher" in said
    with pytest.raises(SystemExit):
        main(["explain"])


def made(state: str, message: str = "", **facts: Any) -> Result:
    return Result((Outcome("toy", state, message),), facts.pop("build", "unchanged"), **facts)


def kinds(before: str, after: Result, message: str = "") -> list[str]:
    return [item.kind for item in notify.news({"toy": Outcome("toy", before, message)}, after)]


def test_only_what_is_new_is_told() -> None:
    assert kinds("new", made("unchanged")) == []
    assert kinds("unchanged", made("blocked", "wall")) == ["failure"]
    assert kinds("blocked", made("blocked", "wall"), "wall") == []
    assert kinds("blocked", made("failed", "down"), "wall") == ["failure"]
    assert kinds("blocked", made("unchanged")) == ["recovery"]
    assert kinds("unchanged", made("stale", "since")) == ["stale"]
    assert kinds("stale", made("stale", "since, another day")) == []
    assert kinds("new", made("new", largest_revision=0.051, changes=("x was revised",))) == ["revision"]
    assert kinds("new", made("new", largest_revision=0.01)) == []
    assert kinds("new", made("new", build="failed")) == ["build"]
    candidate = Result((Outcome("toy", "new", candidates=("acts: names a tax: 1-ФЗ",)),), "published")
    assert kinds("new", candidate) == ["candidate"]


class Teller:
    """What Apprise does, written down."""

    said: list[dict[str, str]] = []  # noqa: RUF012

    def __init__(self) -> None:
        self.addresses: list[str] = []

    def add(self, address: str) -> bool:
        self.addresses.append(address)
        return "://" in address

    def notify(self, **words: str) -> bool:
        self.said.append(words)
        return True


@pytest.fixture
def teller(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, str]]:
    monkeypatch.setitem(sys.modules, "apprise", SimpleNamespace(Apprise=Teller))
    Teller.said.clear()
    return Teller.said


def test_telling_goes_through_apprise(teller: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch) -> None:
    news = [notify.News("failure", "toy blocked: wall")]
    assert notify.send(news, "") is None
    assert notify.send([], "json://localhost") is None
    assert notify.send(news, "json://localhost mailto://x") is True
    assert teller == [
        {
            "title": "wareconomy: 1 thing to look at",
            "body": "failure: toy blocked: wall",
            "notify_type": "warning",
        }
    ]
    assert notify.send(news, "nonsense") is False
    monkeypatch.setitem(sys.modules, "apprise", None)
    with pytest.raises(MissingExtra, match="notify"):
        notify.send(news, "json://localhost")


def test_a_failure_and_its_recovery_are_told_once_each(
    ready: Settings, publisher: Replay, teller: list[dict[str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(notify.VARIABLE, "json://localhost")
    main(["refresh", "--quiet", "example_table"])
    publisher.serve("/list.csv", Reply(b"", 403, "text/plain"))
    for _ in range(3):
        main(["refresh", "--quiet", "example_table"])
    publisher.serve("/list.csv", Reply(b"property,value\nstandardversion,3.0\ndata,/data.csv\n"))
    for _ in range(2):
        main(["refresh", "--quiet", "example_table"])
    assert [words["body"].split(":")[0] for words in teller] == ["failure", "recovery"]


@pytest.mark.filterwarnings("ignore:'imghdr' is deprecated:DeprecationWarning")  # Apprise on Python 3.11
def test_real_apprise_takes_the_addresses(publisher: Replay) -> None:
    pytest.importorskip("apprise")
    publisher.serve("/", Reply(b"{}", media="application/json"))
    address = publisher.url.replace("http://", "json://")
    assert notify.send([notify.News("failure", "toy blocked")], address) is True
    assert publisher.asked[-1][0] == "POST"


def test_a_record_of_the_last_run_that_is_damaged_is_no_obstacle(ready: Settings) -> None:
    ready.processed.mkdir(parents=True, exist_ok=True)
    ready.last_refresh.write_text('{"outcomes": {"toy": []}}')
    assert outcome.recall(ready).outcomes == {}
    assert main(["refresh", "--quiet"]) == 0
    assert set(outcome.recall(ready).outcomes) == {"example_channel", "example_laws", "example_table"}
