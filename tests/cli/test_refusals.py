"""What the command line refuses, and whether the advice it gives can be followed."""

from __future__ import annotations

import ast
import shlex
from pathlib import Path
from typing import Any

import pytest

from wareconomy.cli.parser import make_parser
from wareconomy.errors import LISTED_BY, UnknownName

SOURCE = Path(__file__).resolve().parents[2] / "src" / "wareconomy"


@pytest.fixture
def run(ledger_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, called: Any) -> Any:
    """Runs a command over a ledger, in an empty folder: (exit code, standard output, standard error)."""
    root = tmp_path / "home"
    (root / "data" / "processed").mkdir(parents=True)
    (root / "data" / "raw" / "manual").mkdir(parents=True)
    (root / "data" / "processed" / "wareconomy.duckdb").symlink_to(ledger_path)
    monkeypatch.setenv("WARECONOMY_HOME", str(root))
    folder = tmp_path / "working"
    folder.mkdir()
    monkeypatch.chdir(folder)

    return called


def unknown_names() -> list[ast.Call]:
    """Every place in the source where a name is said to be unknown."""
    return [
        node
        for path in SOURCE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "UnknownName"
    ]


def test_every_kind_of_name_has_a_command_that_lists_it_or_is_listed_itself() -> None:
    calls = unknown_names()
    assert len(calls) > 10
    kinds = {call.args[0].value for call in calls if isinstance(call.args[0], ast.Constant)}
    assert len({ast.unparse(call.args[0]) for call in calls}) == len(kinds), "a kind must be written out"
    assert set(LISTED_BY) <= kinds, "a kind that no name has"
    for call in calls:
        if ast.literal_eval(call.args[0]) not in LISTED_BY:
            assert ast.unparse(call.args[2]) != "[]", ast.unparse(call)


@pytest.mark.parametrize("kind", LISTED_BY)
def test_the_advice_about_an_unknown_name_is_a_command_that_parses(kind: str) -> None:
    said = str(UnknownName(kind, "nothing", []))
    words = shlex.split(said.partition("List them with: ")[2])
    assert words[0] == "wareconomy"
    assert make_parser().parse_args(words[1:]).command


@pytest.mark.parametrize("kind", sorted(set(LISTED_BY) - {"source", "waiting source"}))
def test_the_advice_about_an_unknown_name_can_be_followed(run: Any, kind: str) -> None:
    code, out, _ = run(*shlex.split(LISTED_BY[kind]))
    assert code == 0
    assert out


@pytest.mark.parametrize(
    ("words", "advice"),
    [
        (["explain", "nope"], "wareconomy series"),
        (["check", "zzz"], "There are: "),
        (["check", "--template", "zzz"], "nwf"),
        (["acknowledge", "kiel", "--reason", "x"], "wareconomy status"),
        (["chart", "zzz"], "wareconomy chart"),
    ],
)
def test_an_unknown_name_says_where_the_names_are(run: Any, words: list[str], advice: str) -> None:
    code, out, err = run(*words)
    assert (code, out, len(err.splitlines())) == (4, "", 1)
    assert advice in err


@pytest.mark.parametrize("options", [["--as-of", "2026-07-03"], ["--format", "csv"]])
def test_an_export_is_not_strewn_into_the_working_folder(run: Any, options: list[str]) -> None:
    code, out, err = run("export", *options)
    assert (code, out, err) == (2, "", "wareconomy: say where to write it: --out FOLDER\n")
    assert list(Path.cwd().iterdir()) == []


@pytest.mark.parametrize("command", [["export", "--format", "csv"], ["chart", "key-rate", "--format", "svg"]])
@pytest.mark.parametrize("where", ["file", "file/below", "/dev/null/x", "/proc/x", "n" * 300])
def test_a_folder_that_cannot_be_made_is_one_line(run: Any, command: list[str], where: str) -> None:
    Path("file").write_text("in the way", encoding="utf-8")
    code, out, err = run(*command, "--out", where)
    assert (code, out, len(err.splitlines())) == (6, "", 1)
    assert where in err


@pytest.mark.parametrize(
    "words",
    [
        ["archive", "prune", "--keep-days", "999999999999"],
        ["archive", "prune", "--keep-days", "-5"],
        ["archive", "prune", "--keep-days", "٩"],
        ["study", "--horizons", "99"],
        ["study", "--horizons", "7"],
        ["study", "--horizons", "-2"],
        ["claims", "inbox", "--limit", "0"],
    ],
)
def test_a_number_out_of_its_range_is_an_argument_error(run: Any, words: list[str]) -> None:
    code, out, err = run(*words)
    assert (code, out) == (2, "")
    assert "is no number from" in err


def test_days_the_wrong_way_round_are_not_swapped_in_silence(run: Any) -> None:
    code, out, err = run("diff", "2026-07-05", "2026-07-03")
    assert (code, out) == (2, "")
    assert "give the earlier day first" in err


def test_what_diff_does_not_know_it_answers_with_all_it_takes(run: Any) -> None:
    code, _, err = run("diff", "foo", "bar")
    assert code == 2
    for words in ("'foo'", "YYYY-MM-DD", "latest", "previous", "release", ".duckdb"):
        assert words in err


def test_a_study_of_a_category_that_no_act_has_is_refused(run: Any) -> None:
    code, out, err = run("study", "--category", "nope")
    assert (code, out) == (2, "")
    assert "nope" in err
