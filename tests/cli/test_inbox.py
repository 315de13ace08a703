"""Tomorrow's claim, as a person adds it: read, look, accept or reject; and everything that must not happen on the way."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from tests.collect.replay import LOGIN, Replay, Reply

from wareconomy import catalog
from wareconomy.cli import main
from wareconomy.collect.archive import Archive
from wareconomy.collect.receipts import DOCUMENT, Receipt, now
from wareconomy.errors import Locked, StorageError
from wareconomy.refresh import handkept, inbox
from wareconomy.refresh.kept_rows import Kept
from wareconomy.settings import Settings

FIXTURES = Path(__file__).parents[1] / "fixtures"
PAGE = FIXTURES / "statements" / "article.html"
URL = "https://wire.example.org/a/1"
FRONT = "regions=UA-14;UA-23;UA-63;UA-59;UA-12"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(home: Settings, capsys: pytest.CaptureFixture[str]) -> Run:
    """A command in a data directory of its own: exit code, output, errors."""

    def command(*words: str) -> tuple[int, str, str]:
        code = main(["claims", *words])
        said = capsys.readouterr()
        return code, said.out, said.err

    return command


def proposed(run: Run, *words: str) -> list[dict[str, str]]:
    code, out, err = run("read", *(words or (str(PAGE), "--url", URL)), "--json")
    assert code == 0, err
    found: list[dict[str, str]] = json.loads(out)["proposals"]
    return found


def rows(here: Settings, table: str) -> list[dict[str, str]]:
    with (here.manual / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def test_read_shows_what_stands_where_and_changes_no_table(run: Run, home: Settings) -> None:
    before = {path: path.read_bytes() for path in home.manual.iterdir()}
    code, out, _ = run("read", str(PAGE), "--url", URL)
    assert code == 0
    assert "over 700 square kilometres" in out
    assert "said_on=2025-12-29, quantity=700, unit=km2, period_start=2025-12-01, period_end=2025-12-29" in out
    assert "value_to=20, parameter_unit=RUB mn, category=sme_tax" in out
    assert "claims, order" in out
    assert "4 proposed. Nothing is in the ledger until you accept it" in out
    assert {path: path.read_bytes() for path in home.manual.iterdir()} == before
    _, out, _ = run("read", str(PAGE), "--url", URL)
    assert "was kept already" in out


def test_an_accepted_claim_is_one_line_more_and_nothing_else(run: Run, home: Settings) -> None:
    first = proposed(run)[0]
    path = home.manual / "claims.csv"
    before = path.read_bytes()
    code, out, err = run("accept", first["id"], "--set", FRONT, "note=read twice, and checked")
    assert code == 0, err
    after = path.read_bytes()
    assert after.startswith(before)
    (row,) = list(
        csv.DictReader(io.StringIO(before.split(b"\n", 1)[0].decode() + "\n" + after[len(before) :].decode()))
    )
    assert (row["speaker"], row["role"], row["side"]) == (
        "Valery Gerasimov",
        "Chief of the Russian General Staff",
        "russia",
    )
    assert (row["quantity"], row["unit"], row["said_on"], row["published_on"]) == (
        "700",
        "km2",
        "2025-12-29",
        "2025-12-30",
    )
    assert row["summary"] == "Said over 700 km2 were taken"
    assert row["basis"] == "assumed"  # the article prints the day without its year
    assert row["note"].startswith("read twice, and checked; ")
    assert f"[proposal {first['id']}]" in row["note"]
    assert first["document"][:16] in row["note"]
    assert row["id"] in out
    (decision,) = rows(home, "decisions")
    assert (decision["decision"], decision["row"], decision["document"]) == (
        "accepted",
        row["id"],
        first["document"],
    )
    assert decision["reason"] == FRONT
    assert main(["check", "claims", "decisions", "--quiet"]) == 0


def test_a_day_that_a_person_gives_is_not_assumed(run: Run, home: Settings) -> None:
    first = proposed(run)[0]
    assert run("accept", first["id"], "--set", "said_on=2025-12-29")[0] == 0
    row = rows(home, "claims")[-1]
    assert (row["said_on"], row["basis"]) == ("2025-12-29", "")
    assert "the year of the statement" not in row["note"]


def test_rows_that_may_say_the_same_are_named(run: Run) -> None:
    area, drones, *_ = proposed(run)
    assert "C154" in area["alike"]
    assert "C149" in drones["alike"]
    assert "perhaps held already: claims:C1" in run("inbox")[1]


def test_a_terminal_gets_a_sitting_and_a_program_gets_all(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = tmp_path / "nights.html"
    nights = "".join(
        f"<p>On {day} November 2025 the Ukrainian Air Force said Russia launched {100 + day} drones overnight.</p>"
        for day in range(1, 13)
    )
    page.write_text(f"<html><body><article><h1>Nights</h1>{nights}</article></body></html>", encoding="utf-8")
    waiting = [item["id"] for item in proposed(run, str(page), "--url", URL)]
    assert len(waiting) == 12

    def listed(*words: str) -> list[str]:
        code, out, _ = run("inbox", *words)
        assert code == 0
        assert "12 wait." in out
        names = [line.split()[0] for line in out.splitlines() if ", confidence " in line]
        left = 12 - len(names)
        assert (f"{left} more, older, are not shown; all: wareconomy claims inbox --limit 12" in out) == (
            left > 0
        )
        return names

    assert listed() == waiting
    assert listed("--limit", "2") == waiting[:2]
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    assert listed() == waiting[:10]
    assert listed("--limit", "12") == waiting
    assert [item["id"] for item in json.loads(run("inbox", "--json")[1])] == waiting
    with pytest.raises(SystemExit):
        run("inbox", "--limit", "0")


def test_the_office_is_that_of_the_day(home: Settings) -> None:
    kept = Kept.of(home)
    assert kept.office("Sergei Shoigu", "2023-12-19")["role"] == "Russian defence minister"
    assert kept.office("Sergei Shoigu", "2026-11-01")["role"] == "Secretary of the Security Council"
    assert kept.office("Nobody", "2026-11-01") == {}


def test_no_word_of_the_text_is_copied(run: Run, home: Settings) -> None:
    first = proposed(run)[0]
    run("accept", first["id"])
    for path in home.manual.glob("*.csv"):
        assert "fastest pace of the year" not in path.read_text(encoding="utf-8")


def test_what_is_decided_does_not_come_back(run: Run, home: Settings, tmp_path: Path) -> None:
    first, second, *_ = proposed(run)
    assert run("accept", first["id"])[0] == 0
    assert run("reject", second["id"], "--why", "C149 holds it")[0] == 0
    left = {item["id"] for item in json.loads(run("inbox", "--json")[1])}
    assert left.isdisjoint({first["id"], second["id"]})
    other = tmp_path / "copy.html"
    other.write_bytes(
        PAGE.read_bytes()
        .replace(b"Example Wire", b"Another Wire")
        .replace(b" in December,", b"  in December,")
    )
    assert {item["id"] for item in proposed(run, str(other))} == left
    code, _, err = run("accept", first["id"][:6])
    assert code == 4
    assert "is decided already" in err
    assert [row["decision"] for row in rows(home, "decisions")] == ["accepted", "rejected"]


def test_a_row_that_the_table_refuses_is_not_written(run: Run, home: Settings) -> None:
    act = next(item for item in proposed(run) if item["table"] == "acts")
    before = {path: path.read_bytes() for path in home.manual.iterdir()}
    code, _, err = run("accept", act["id"])
    assert code == 3
    for column in ("act", "act_type", "title_original"):
        assert f"--set {column}=VALUE" in err
    first = proposed(run)[0]
    for wrong, words in (
        ("unit=acres", "must be one of"),
        ("said_on=2099-01-01", "lies in the future"),
        ("quantity=-700", "outside"),
        ("regions=UA-99", "not one of"),
        ("summary==1+1", "may not start with"),
        ("colour=red", "no field named 'colour'"),
        ("red", "write FIELD=VALUE"),
        ("id=C001", "no field named 'id'"),
    ):
        code, _, err = run("accept", first["id"], "--set", wrong)
        assert code in (2, 3, 4), wrong
        assert words in err
    assert {path: path.read_bytes() for path in home.manual.iterdir()} == before


def test_an_act_is_accepted_with_what_a_person_adds(run: Run, home: Settings) -> None:
    act = next(item for item in proposed(run) if item["table"] == "acts")
    given = [
        "act=ru-425-fz-2025",
        "act_type=federal_law",
        "title_original=О внесении изменений",
        "number=425-ФЗ",
    ]
    code, out, err = run("accept", act["id"], "--set", *given)
    assert code == 0, err
    row = rows(home, "acts")[-1]
    assert (row["value_to"], row["parameter_unit"], row["stage"], row["signed_on"]) == (
        "20",
        "RUB mn",
        "signed",
        "2025-11-28",
    )
    assert row["id"] in out


def test_line_ends_and_permissions_stay(run: Run, home: Settings) -> None:
    path = home.manual / "claims.csv"
    plain = path.read_bytes().replace(b"\n", b"\r\n").removesuffix(b"\r\n")
    path.write_bytes(plain)
    path.chmod(0o640)
    assert run("accept", proposed(run)[0]["id"])[0] == 0
    after = path.read_bytes()
    assert after.startswith(plain + b"\r\n")
    assert after.endswith(b"\r\n")
    assert after.count(b"\r\n") == after.count(b"\n")
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_crash_between_row_and_decision_never_writes_the_row_twice(
    run: Run, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = proposed(run)[0]
    whole = handkept.Row.write

    def crash(row: handkept.Row) -> None:
        if row.path.stem == "decisions":
            raise StorageError("the disk is full")
        whole(row)

    monkeypatch.setattr(handkept.Row, "write", crash)
    assert run("accept", first["id"])[0] == 6
    monkeypatch.undo()
    assert rows(home, "claims")[-1]["note"].endswith(f"[proposal {first['id']}]")
    assert rows(home, "decisions") == []
    assert first["id"] not in {item.id for item in inbox.waiting(home)}


def keep(here: Settings, source: str, ask: str, url: str, data: bytes) -> None:
    """A document of a source in the archive, with its receipt, as a refresh leaves it."""
    archive = Archive(here)
    with archive.locked():
        spool = archive.incoming() / "body"
        spool.write_bytes(data)
        sha256 = hashlib.sha256(data).hexdigest()
        archive.keep(spool, sha256)
        moment = now(date(2026, 11, 22))
        archive.record(Receipt(source, ask, url, moment, moment, DOCUMENT, sha256, len(data)))
    archive.close()


def test_new_acts_of_the_official_portal_wait_too(run: Run, home: Settings) -> None:
    keep(
        home,
        "ru_law",
        "acts-federal-laws",
        "",
        (FIXTURES / "ru_law" / "laws.json").read_bytes().replace(b"2031", b"2026"),
    )
    found = [item for item in inbox.waiting(home) if item.source == "ru_law"]
    assert found
    assert {item.table for item in found} == {"acts"}
    assert all(item.cells["title_original"] == item.quote for item in found)
    assert run("reject", found[0].id, "--why", "not about the war economy")[0] == 0
    assert found[0].id not in {item.id for item in inbox.waiting(home)}


def test_posts_that_a_refresh_kept_wait_too(home: Settings) -> None:
    post = "У ніч на 1 січня противник атакував 205 ударними БпЛА та двома балістичними ракетами. Збито 167 БпЛА."
    page = (
        (FIXTURES / "telegram" / "kpszsu.html")
        .read_text(encoding="utf-8")
        .replace("Повітряна тривога у Києві!", post)
    )
    keep(home, "telegram_kpszsu", "latest", "https://t.me/s/kpszsu", page.encode())
    found = [
        item
        for item in inbox.waiting(home)
        if item.source == "telegram_kpszsu" and "post 81000" in item.place
    ]
    assert [(item.cells["quantity"], item.cells["unit"]) for item in found] == [
        ("205", "drones"),
        ("2", "missiles"),
        ("167", "drones"),
    ]
    assert {item.cells["speaker"] for item in found} == {"Ukrainian Air Force"}
    assert {item.cells["said_on"] for item in found} == {"2027-01-01"}
    assert found[0].cells["period_start"] == "2026-12-31"
    assert found[0].cells["source_url"] == "https://t.me/kpszsu/81000"


def test_an_address_is_asked_kept_and_receipted(
    run: Run, home: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARECONOMY_ALLOW_LOOPBACK", "1")
    with Replay() as publisher:
        publisher.serve("/a", Reply(PAGE.read_bytes(), media="text/html"))
        publisher.serve("/moved", Reply(b"", 302, headers={"Location": "http://elsewhere.example.org/"}))
        publisher.serve("/login", Reply(LOGIN.encode(), media="text/html"))
        publisher.serve("/gone", Reply(b"no", 404, "text/html"))
        publisher.serve("/big", Reply(b"<html>" + b"x" * 11_000_000, media="text/html"))
        publisher.serve("/pdf", Reply(b"%PDF-1.7", media="application/pdf"))
        found = proposed(run, f"{publisher.url}/a")
        assert found[0]["cells"]["source_url"] == f"{publisher.url}/a"  # type: ignore[index]
        for path, words in (
            ("moved", "redirects to elsewhere.example.org"),
            ("login", "asks who we are"),
            ("gone", "404"),
            ("big", "more than 10,000,000 bytes"),
            ("pdf", "a PDF"),
        ):
            code, out, err = run("read", f"{publisher.url}/{path}")
            assert (code, out) == (12, ""), path
            assert words in err
            assert len(err.splitlines()) == 1
    lines = (
        (home.root / "data" / "raw" / "articles" / "receipts.jsonl").read_text(encoding="utf-8").splitlines()
    )
    assert [json.loads(line)["outcome"] for line in lines] == [
        "document",
        "AddressRefused",
        "LoginPage",
        "WrongStatus",
        "TooLarge",
        "WrongMedia",
    ]


def test_an_address_never_carries_a_variable_of_ours(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARECONOMY_ALLOW_LOOPBACK", "1")
    monkeypatch.setenv("PRIVATE_KEY", "secret-of-ours")
    with Replay() as publisher:
        run("read", f"{publisher.url}/a?key={{env:PRIVATE_KEY}}")
        assert publisher.asked
        assert "secret-of-ours" not in str(publisher.asked)


def test_a_table_that_is_being_edited_is_not_overwritten(home: Settings) -> None:
    cells = {
        "proposal": "p00000000",
        "decision": "rejected",
        "table": "acts",
        "document": "0" * 64,
        "place": "x",
    }
    cells |= {"reason": "x", "decided_on": "2026-11-20", "publisher": "x", "confidence": "primary"}
    row = handkept.judged(home, catalog.load(), "decisions", cells, date(2026, 11, 22))
    path = home.manual / "decisions.csv"
    path.write_bytes(path.read_bytes() + b"a line somebody types\n")
    with pytest.raises(Locked, match="changed at this moment"):
        row.write()
    assert path.read_bytes().endswith(b"somebody types\n")
    assert sorted(home.manual.glob(".*")) == []


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1/x", "http://[::1]/x", "http://169.254.169.254/latest", "http://10.0.0.8/"]
)
def test_private_addresses_are_refused(run: Run, address: str) -> None:
    code, _, err = run("read", address)
    assert code == 12
    assert "not a public address; nothing was sent" in err


def test_standard_input(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    class Typed:
        buffer = io.BytesIO("За ночь сбиты 86 беспилотников, сообщило Минобороны.".encode())

    monkeypatch.setattr("sys.stdin", Typed)
    (found,) = proposed(run, "-", "--page-date", "2026-07-04")
    cells: dict[str, str] = found["cells"]  # type: ignore[assignment]
    assert (cells["quantity"], cells["unit"], cells["published_on"]) == ("86", "drones", "2026-07-04")
    assert "said_on" not in cells


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["read", "nowhere.html"], 2, "there is no file"),
        (["read"], 2, "name one file"),
        (["read", str(PAGE), "--url", "ftp://x"], 2, "no web address"),
        (["read", str(PAGE), "--page-date", "2999-01-01"], 2, "in the future"),
        (["accept"], 2, "name one id"),
        (["accept", "p0000000"], 4, "wareconomy claims inbox"),
        (["reject", "p0000000"], 2, "--why"),
    ],
)
def test_what_is_asked_wrongly_is_said_plainly(run: Run, words: list[str], code: int, said: str) -> None:
    made, out, err = run(*words)
    assert (made, out) == (code, "")
    assert said in err


def test_without_the_extra_the_message_names_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wareconomy.sources.statements.source._version", lambda name: "")
    code, _, err = run("read", str(PAGE))
    assert code == 8
    assert "wareconomy[text]" in err


def test_the_rule_checks_what_was_accepted(run: Run, home: Settings) -> None:
    """From the saved article to the verdict: the ledger is made of the tables, the new row included."""
    import duckdb

    from wareconomy.analysis.claims import checks
    from wareconomy.checks import schemas
    from wareconomy.ledger import build
    from wareconomy.pipeline import newest
    from wareconomy.sources import manual

    assert run("accept", proposed(run)[0]["id"], "--set", FRONT)[0] == 0
    name = rows(home, "claims")[-1]["id"]
    declared, today = catalog.load(), date(2026, 11, 29)
    tables = manual.read_all(home.manual, declared)
    assert schemas.validate(tables, declared, date.today()) == []
    made = build.rows(tables, declared, today)
    path = home.root / "ledger.duckdb"
    day = newest(tables, made, today)
    build.write(
        path, tables, made, declared, {"as_of": day.isoformat(), "input_digest": "0" * 64, "as_of_asked": ""}
    )
    with duckdb.connect(str(path), read_only=True) as con:
        found = [item for item in checks.check_all(con, day) if item.claim == name]
    assert [(item.view, item.verdict) for item in found] == [("then", "consistent"), ("now", "overstated")]
