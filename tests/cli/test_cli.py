"""The commands as people and machines run them: output, JSON, as-of, exit codes, and nothing odd on a terminal."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wareconomy.cli import main
from wareconomy.settings import Settings


@pytest.fixture
def run(built_home: Settings, monkeypatch: pytest.MonkeyPatch, called: Any) -> Any:
    """Runs a command in this process: (exit code, standard output, standard error)."""
    monkeypatch.setenv("WARECONOMY_HOME", str(built_home.root))

    return called


def table(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


READ = ["status", "series", "query", "explain", "diff", "sources", "completion"]
WRITE = ["build", "check", "chart", "report", "export"]
COMMANDS = READ + WRITE


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example_and_the_exit_codes(run: Any, name: str) -> None:
    code, out, _ = run(name, "--help")
    assert code == 0
    assert "example:" in out
    assert "exit codes:" in out


@pytest.mark.smoke
def test_the_threshold_of_2027_as_of_two_days(run: Any) -> None:
    series = "ru.tax.usn_vat_exemption_threshold"
    for day, value in (("2026-07-03", "15"), ("2026-07-05", "20")):
        code, out, _ = run("series", series, "--as-of", day)
        assert code == 0
        assert {row["period"]: row["value"] for row in table(out)}["2027"] == value


def test_a_series_in_a_pipe_is_csv_and_json_on_request(run: Any) -> None:
    _, out, _ = run("series", "ru.key_rate")
    rows = table(out)
    assert rows[-1]["value"] == "14"
    _, out, _ = run("series", "ru.key_rate", "--json")
    body = json.loads(out)
    assert body["unit"] == "percent"
    assert len(body["figures"]) == len(rows)
    assert body["sources"]


def test_the_list_of_series_can_be_searched(run: Any) -> None:
    _, out, _ = run("series", "--search", "liquid usd", "--json")
    assert [row["series"] for row in json.loads(out)] == ["ru.nwf.liquid.usd"]


def test_every_print_of_every_period(run: Any) -> None:
    _, out, _ = run("series", "ru.budget.balance", "--vintages")
    prints = [row["value"] for row in table(out) if row["period"] == "2025"]
    assert "-5626.5" in prints
    assert len(set(prints)) >= 2


def test_a_sum_that_must_not_be_is_refused(run: Any) -> None:
    code, out, err = run("series", "ru.nwf.liquid.usd", "ru.reserves.total")
    assert (code, out) == (9, "")
    assert "counts the same money twice" in err


def test_sql_from_the_argument_and_errors_in_it(run: Any) -> None:
    code, out, _ = run("query", "SELECT count(*) AS figures FROM observations")
    assert code == 0
    assert int(table(out)[0]["figures"]) > 6000
    code, _, err = run("query", "SELEC 1")
    assert code == 2
    assert "the query failed" in err
    code, _, err = run("query", "DROP TABLE observations")
    assert code == 2


def test_explain_walks_to_the_line(run: Any) -> None:
    code, out, _ = run("explain", "ru.budget.balance@2025")
    assert code == 0
    for words in ("-5,626.5", "budget_", "line", "2026-10-31", "assumed", "https://"):
        assert words in out.replace("\N{MINUS SIGN}", "-"), words
    _, out, _ = run("explain", "ru.budget.balance.rolling12@2025", "--json")
    assert len(json.loads(out)["inputs"]) == 12


def test_explain_of_an_act_a_claim_and_nothing(run: Any) -> None:
    assert "228" in run("explain", "acts:L010")[1] or run("explain", "acts:L001")[0] == 0
    assert "Gerasimov" in run("explain", "claims:C152")[1]
    code, _, err = run("explain", "ru.budget.balence@2025")
    assert code == 4
    assert "ru.budget.balance" in err


def test_diff_says_what_the_law_changed(run: Any) -> None:
    code, out, _ = run("diff", "2026-07-03", "2026-07-05")
    assert code == 0
    assert "228-FZ" in out
    assert "20 mn RUB" in out


def test_a_build_with_nothing_changed_says_so(run: Any) -> None:
    code, out, _ = run("build")
    assert code == 0
    assert out.startswith("nothing changed")
    assert run("build", "--quiet") == (0, "", "")
    assert json.loads(run("report", "--json")[1])["unchanged"] is True


def test_check_counts_rows_and_prints_templates(run: Any) -> None:
    code, out, _ = run("check")
    assert code == 0
    assert "all well" in out
    assert "| `rate_percent` |" in run("check", "--template", "key_rate")[1]
    assert run("check", "--template", "key_rates")[0] == 4


def test_check_reports_every_bad_cell_for_people_and_machines(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    path = home.manual / "key_rate.csv"
    path.write_text(
        path.read_text(encoding="utf-8").replace("2025-02-14,21.0", "14.02.2025,21.O"), encoding="utf-8"
    )
    assert main(["check", "key_rate"]) == 3
    err = capsys.readouterr().err
    assert "2 problems in 1 file" in err
    assert "key_rate.csv:" in err
    assert main(["check", "--json"]) == 3
    findings = json.loads(capsys.readouterr().out)["findings"]
    assert {(f["column"], f["value"], f["rule"]) for f in findings} == {
        ("decided_on", "14.02.2025", "date"),
        ("rate_percent", "21.O", "number"),
    }


def test_status_names_every_source_in_use(run: Any) -> None:
    code, out, _ = run("status", "--json")
    body = json.loads(out)
    assert code == 0
    assert body["counts"]["checks_failed"] <= 2
    assert {"minfin_budget", "deepstate"} <= {row["source"] for row in body["sources"]}
    assert all(row["state"] for row in body["sources"])


def test_sources_carry_their_terms(run: Any) -> None:
    rows = json.loads(run("sources", "--json")[1])
    assert all(row["licence"] and row["terms"] for row in rows)


def test_a_chart_comes_with_its_data(run: Any, tmp_path: Path) -> None:
    code, out, _ = run(
        "chart", "sme-vat-threshold", "--as-of", "2026-07-03", "--out", str(tmp_path), "--format", "svg"
    )
    assert code == 0
    assert {path.suffix for path in tmp_path.iterdir()} == {".svg", ".csv"}
    assert "15" in (tmp_path / "sme-vat-threshold.csv").read_text(encoding="utf-8")
    assert len(out.splitlines()) == 2
    assert len(json.loads(run("chart", "--json")[1])) >= 16
    assert run("chart", "nothing")[0] == 4


def test_an_export_as_of_a_day(run: Any, tmp_path: Path) -> None:
    code, _, _ = run("export", "--as-of", "2026-07-03", "--format", "csv", "--out", str(tmp_path))
    assert code == 0
    text = (tmp_path / "figures.csv").read_text(encoding="utf-8")
    assert "2026-07-04" not in {row["vintage"] for row in table(text)}


@pytest.mark.parametrize("shell", ["bash", "zsh"])
def test_completion_names_the_commands(run: Any, shell: str) -> None:
    code, out, _ = run("completion", shell)
    assert code == 0
    assert all(name in out for name in COMMANDS)


def test_a_wrong_day_is_an_argument_error(run: Any) -> None:
    code, _, err = run("series", "ru.key_rate", "--as-of", "3 July")
    assert code == 2
    assert "YYYY-MM-DD" in err


def test_no_data_directory_says_what_to_do(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WARECONOMY_HOME", str(tmp_path))
    assert main(["status"]) == 4


def test_control_characters_never_reach_a_terminal() -> None:
    from wareconomy.cli.output import clean

    assert clean("a\x1b[31mred\x07\u202e") == "a[31mred"


def test_the_module_runs_and_a_closed_pipe_is_no_error(built_home: Settings) -> None:
    command = (
        f"WARECONOMY_HOME='{built_home.root}' '{sys.executable}' -m wareconomy series --json | head -c 10"
    )
    done = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60
    )
    assert "Traceback" not in done.stderr
