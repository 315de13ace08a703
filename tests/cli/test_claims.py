"""The commands about statements and links, as people and machines run them."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from tests.map_rig import box, folder, mirror

from wareconomy.cli import main
from wareconomy.ledger import query
from wareconomy.publish import keeping


@pytest.fixture
def run(
    ledger_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Any:
    processed = tmp_path / "data" / "processed"
    processed.mkdir(parents=True)
    (tmp_path / "data" / "raw" / "manual").mkdir(parents=True)
    (processed / "wareconomy.duckdb").symlink_to(ledger_path)
    monkeypatch.setenv("WARECONOMY_HOME", str(tmp_path))

    def command(*arguments: str) -> tuple[int, str, str]:
        code = main(arguments)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return command


@pytest.mark.parametrize("name", ["claims", "links", "study"])
def test_help_has_an_example(run: Any, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main([name, "--help"])
    assert "example:" in capsys.readouterr().out


def test_one_claim(run: Any) -> None:
    code, out, _ = run("claims", "check", "C154")
    assert code == 0
    assert "at least ×1.7 [1.1, 2.6]" in out
    assert "claim_evidence:E001" in out
    code, out, _ = run("claims", "check", "C154", "--json")
    then, now = json.loads(out)
    assert (then["verdict"], now["verdict"]) == ("consistent", "overstated")
    code, out, _ = run("claims", "check", "C154", "--review")
    assert json.loads(out)["@type"] == "ClaimReview"


def test_a_check_says_how_well_its_row_is_kept(run: Any, ledger_path: Path) -> None:
    with query.connect(ledger_path) as con:
        rows = query.records(
            con, "SELECT * FROM claims QUALIFY row_number() OVER (PARTITION BY audit_result ORDER BY id) = 1"
        )
    assert {row["audit_result"] for row in rows} >= {
        "confirmed",
        "contradicted",
        "not_found",
        "single_source",
    }
    for row in rows:
        _, out, _ = run("claims", "check", row["id"])
        words = keeping.sentence(row).replace("\u00a0", " ")
        assert out.splitlines()[2] == f"  how the row is kept: {words}"
        _, out, _ = run("claims", "check", row["id"], "--json")
        for view in json.loads(out):
            kept = view["kept"]
            assert (kept["audit_result"], kept["words"]) == (row["audit_result"], keeping.sentence(row))
            assert kept["headline"] is (
                row["audit_result"] in ("confirmed", "corrected") and row["second_source"]
            )


def test_as_of_the_day_it_was_made(run: Any) -> None:
    _, out, _ = run("claims", "check", "C154", "--as-of", "2025-12-31", "--json")
    assert [row["verdict"] for row in json.loads(out)] == ["consistent", "consistent"]
    code, _, err = run("claims", "check", "C154", "--as-of", "2025-12-01")
    assert code == 4
    assert "no claim named" in err


def test_the_check_says_how_sure_it_is(run: Any) -> None:
    _, out, _ = run("claims", "check", "C154")
    for words in (
        "how sure: recording lag",
        "how sure: definition",
        "how sure: digitising",
        "not in the width",
    ):
        assert words in out


def test_counts_beside_maps(run: Any, tmp_path: Path) -> None:
    towns = [[box(37.6, 47.6, 38.4, 47.8)], [box(37.9, 48.7, 38.3, 49.0)]]
    days = {date(2025, 12, 1): mirror(towns[:1]), date(2025, 12, 30): mirror(towns)}
    maps = str(folder(tmp_path / "maps", days))
    code, out, err = run("claims", "counts", "--maps", maps)
    assert code == 0, err
    assert "claims:C140,2025-12-19,Siversk" in out
    assert "claims:C151,32,2025-12-01,2025-12-30" in out
    _, out, _ = run("claims", "counts", "--maps", maps, "--json")
    (december,) = [row for row in json.loads(out)["numbers"] if row["row"] == "claims:C151"]
    assert "Siversk" in december["sure"]


@pytest.mark.parametrize("action", ["list", "contradictions", "counts", "rule"])
def test_the_lists(run: Any, action: str) -> None:
    code, out, _ = run("claims", action)
    assert code == 0
    assert out.strip()
    code, out, _ = run("claims", action, "--json")
    assert code == 0
    assert json.loads(out)
    assert "NaN" not in out
    assert "Infinity" not in out


def test_an_act_and_a_question(run: Any) -> None:
    code, out, _ = run("links", "ru-228-fz-2026")
    assert code == 0
    assert "No link is claimed." in out
    code, out, _ = run("links", "test", "sme-tax-security-zone", "--json")
    assert code == 0
    answer = json.loads(out)
    assert answer["can_tell"] is False
    assert len(answer["hash"]) == 64
    code, out, _ = run("links", "test")
    assert "pace-after-acts" in out
    code, _, err = run("links", "test", "nothing")
    assert code == 4
    assert "no question named" in err


def test_a_study_is_exploratory(run: Any) -> None:
    code, out, _ = run("study", "--jurisdiction", "ru", "--topic", "territory_gain", "--window", "0", "7")
    assert code == 0
    assert out.startswith("Exploratory")
    assert "Tries: 2" in out
    code, _, err = run("study", *[word for k in range(5) for word in ("--window", "0", str(k))])
    assert code == 1
    assert "at most 4" in err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--series", "territory.occupied.deepstate", "--window", "0", "0"), "each side needs a day"),
        (("--series", "territory.occupied.deepstate", "--window", "-7", "0"), "each side needs a day"),
        (("--series", "ru.budget.balance.plan"), "needs a daily stock"),
        (("--series", "ru.budget.balance", "--from", "2022-01-01"), "cumulative"),
        (("--window", "7", "0"), "written backwards"),
        (("--window", "0", "400"), "wider than a quarter"),
    ],
)
def test_what_cannot_be_tested_says_why_and_shows_no_p(
    run: Any, arguments: tuple[str, ...], words: str
) -> None:
    code, out, _ = run("study", *arguments)
    assert code == 0
    assert words in out
    assert not re.search(r"\bp (=|below)", out)
    assert "nan" not in out.lower().split()


def test_a_monthly_series_gets_a_path_with_its_ends(run: Any) -> None:
    code, out, _ = run("study", "--series", "ru.nwf.liquid", "--from", "2022-01-01", "--json")
    assert code == 0
    made = json.loads(out)
    assert made["exploratory"] is True
    path = made["path"]
    assert path["horizons"] == list(range(7))
    assert all(
        low < value < high
        for low, value, high in zip(path["low"], path["response"], path["high"], strict=True)
    )
    assert path["shocks"] >= 8


def test_an_unknown_name_names_a_command_that_exists(run: Any) -> None:
    for arguments, words in (
        (("claims", "check", "X1"), "wareconomy claims"),
        (("links", "zzzzzz"), "wareconomy query"),
        (("links", "test", "zzzzzz"), "wareconomy links test"),
    ):
        code, _, err = run(*arguments)
        assert code == 4
        assert f"List them with: {words}" in err
