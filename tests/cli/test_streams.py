"""Output as it is found: full, closed, in another encoding; arguments that are no text; errors for machines."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from wareconomy.cli import main
from wareconomy.settings import Settings

ASCII = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def reading(ledger_path: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A data directory with a ledger and nothing else: enough for every command that reads."""
    root = tmp_path_factory.mktemp("reading")
    here = Settings(root)
    here.manual.mkdir(parents=True)
    here.processed.mkdir(parents=True)
    here.database.symlink_to(ledger_path)
    return here


@pytest.fixture(scope="module")
def shell(reading: Settings) -> Any:
    """Runs a line of bash in which $W is the command: what it came to."""

    def run(line: str, **variables: str) -> subprocess.CompletedProcess[bytes]:
        environment = {**os.environ, "WARECONOMY_HOME": str(reading.root), **variables}
        environment["W"] = f"{sys.executable} -m wareconomy"
        return subprocess.run(["bash", "-c", line], env=environment, capture_output=True, timeout=60)

    return run


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
@pytest.mark.parametrize(
    "command",
    ["series", "series --json", "sources", "--version", "completion bash"],
)
def test_a_full_disk_behind_standard_output_is_one_line(shell: Any, command: str) -> None:
    done = shell(f"$W {command} >/dev/full")
    assert done.returncode == 6
    assert done.stderr.decode() == "wareconomy: the output cannot be written: No space left on device\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no device that is always full")
def test_an_error_that_cannot_be_said_still_has_its_exit_code(shell: Any) -> None:
    assert shell("$W series nothing 2>/dev/full").returncode == 4


@pytest.mark.parametrize("kind", ["csv", "parquet", "json", "xlsx"])
def test_a_disk_that_refuses_an_export_is_one_line(shell: Any, tmp_path: Path, kind: str) -> None:
    done = shell(f"ulimit -f 40; $W export --format {kind} --out {tmp_path}")
    assert (done.returncode, done.stdout, len(done.stderr.splitlines())) == (6, b"", 1), done.stderr
    assert b"beyond the allowed size" in done.stderr


@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&-", ">&- 2>&- <&-"])
def test_closed_streams_are_no_error(shell: Any, closed: str) -> None:
    done = shell(f"$W series {closed}")
    assert (done.returncode, done.stderr) == (0, b"")
    assert shell(f"$W series --json {closed}").returncode == 0
    assert shell(f"$W series nothing {closed}").returncode == 4


def test_a_file_opened_later_does_not_get_what_a_closed_output_would(shell: Any, tmp_path: Path) -> None:
    done = shell(f"$W export --format csv --out {tmp_path} >&- && $W export --format csv --out {tmp_path}/2")
    assert done.returncode == 0
    first, second = (sorted(path.glob("*.csv")) for path in (tmp_path, tmp_path / "2"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


@pytest.mark.parametrize("command", ["diff 2026-07-03 2026-07-05", "sources", "series ru.key_rate --json"])
def test_a_pipe_gets_the_same_bytes_in_every_locale(shell: Any, command: str) -> None:
    done = shell(f"$W {command}", **ASCII)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout == shell(f"$W {command}", PYTHONUTF8="1").stdout


def test_a_wish_for_another_encoding_is_granted(shell: Any) -> None:
    done = shell("$W query \"SELECT 'é€'\"", PYTHONIOENCODING="latin-1")
    assert done.stdout.splitlines()[1] == b"\xe9\\u20ac"


@pytest.mark.parametrize(
    "line",
    [r"$W query $'SELECT \'\xff\''", r"$W series $'ru.\xff'", r"$W add kiel $'\xff.xlsx'", r"$W $'\xff'"],
)
def test_an_argument_that_is_no_text_is_refused_in_one_line(shell: Any, line: str) -> None:
    done = shell(line)
    assert (done.returncode, done.stdout) == (2, b"")
    assert re.fullmatch(
        r"wareconomy: the argument .*\\udcff.* is not text in UTF-8; .*\n", done.stderr.decode()
    )


def test_a_query_on_standard_input_that_is_no_text_is_refused_in_one_line(shell: Any) -> None:
    for variables in ({}, ASCII):
        done = shell(r"printf 'SELECT \xff' | $W query -", **variables)
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert "é" in shell("echo \"SELECT 'é'\" | $W query -", **ASCII).stdout.decode()


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["series", "nothing"], 4, "UnknownName"),
        (["series", "ru.nwf.liquid.usd", "ru.reserves.total"], 9, "OverlapError"),
        (["query", "SELEC 1"], 2, "UsageError"),
        (["diff", "2026-07-05", "2026-07-03"], 2, "UsageError"),
        (["series", "--no-such-option"], 2, "UsageError"),
        (["no-such-command"], 2, "UsageError"),
        (["export"], 4, "LedgerError"),
        (["series", "nothing", "--js"], 4, "UnknownName"),
        (["export", "--out", "/dev/null/x"], 6, "StorageError"),
    ],
)
def test_every_error_is_json_when_json_is_asked_for(
    reading: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    code: int,
    kind: str,
) -> None:
    monkeypatch.setenv("WARECONOMY_HOME", str(reading.root))
    try:
        found = main(words if "--js" in words else [*words, "--json"])
    except SystemExit as stop:
        found = int(stop.code or 0)
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert (found, answer["exit_code"], answer["error"]) == (code, code, kind)
    assert answer["message"]
    assert printed.err


def test_findings_are_json_with_the_error_and_lines_for_people(
    home: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    (home.manual / "nwf.csv").write_bytes(b"")
    assert main(["check", "nwf", "--json"]) == 3
    printed = capsys.readouterr()
    answer = json.loads(printed.out)
    assert (answer["error"], answer["exit_code"]) == ("InputError", 3)
    assert [finding["rule"] for finding in answer["findings"]] == ["empty file"]
    assert printed.err.splitlines()[1].startswith("  nwf.csv: empty file")
