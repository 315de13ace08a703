"""The house rules a machine can hold: size, wording, what files name, who imports whom, how fast we start."""

from __future__ import annotations

import ast
import io
import re
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "wareconomy"
STAGES = ("collect", "sources", "checks", "ledger", "analysis", "publish")
HEAVY = ("pandas", "pandera", "matplotlib", "duckdb", "rich", "jinja2", "babel", "numpy", "requests")
LONGEST_MODULE = 400

# Written so that the patterns do not find themselves.
REGISTRY = re.compile(
    r"py[p]i\.org|python[h]osted\.org|npm[j]s\.(org|com)|deb\.debian\.[o]rg|anaconda\.[o]rg/"
)
MACHINE_PATH = re.compile(r"(?:^|[^\w.~/-])/(?:work|root|tmp|home|Users)/\w")
CAUSAL = re.compile(r"\b(because of|caused by|in response to|led to|triggered)\b", re.IGNORECASE)


@cache
def tracked() -> tuple[Path, ...]:
    """Files under version control that are there to be read."""
    try:
        listed = subprocess.run(
            ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True, text=True
        ).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return tuple(path for name in listed.split("\0") if name and (path := ROOT / name).is_file())


def texts() -> Iterator[tuple[str, str]]:
    """Name and text of every tracked file that is UTF-8 text."""
    for path in tracked():
        data = path.read_bytes()
        if b"\0" not in data:
            yield path.relative_to(ROOT).as_posix(), data.decode(errors="replace")


def lines_with(pattern: re.Pattern[str], name: str, text: str) -> list[str]:
    return [
        f"{name}:{n}: {line[:120]}" for n, line in enumerate(text.splitlines(), 1) if pattern.search(line)
    ]


def without_comments(name: str, text: str) -> str:
    """The text with its comments blanked, line numbers kept."""
    if name.endswith(".py"):
        lines = text.splitlines()
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                row, column = token.start
                lines[row - 1] = lines[row - 1][:column]
        return "\n".join(lines)
    mark = {".sql": "--", ".toml": "#", ".typ": "//"}.get(Path(name).suffix)
    if mark is None:
        return text
    return "\n".join("" if line.lstrip().startswith(mark) else line for line in text.splitlines())


def test_modules_stay_small() -> None:
    sizes = {path: len(path.read_text("utf-8").splitlines()) for path in SOURCE.rglob("*.py")}
    assert {p.name: n for p, n in sizes.items() if n > LONGEST_MODULE} == {}


def test_no_file_names_a_package_registry() -> None:
    assert [hit for name, text in texts() for hit in lines_with(REGISTRY, name, text)] == []


def test_no_file_names_a_path_of_somebodys_machine() -> None:
    # In hand-kept data a slash may belong to a web address, which the pattern leaves alone.
    assert [hit for name, text in texts() for hit in lines_with(MACHINE_PATH, name, text)] == []


def test_a_benchmark_runs_as_a_file_and_as_a_module() -> None:
    scripts = [path for path in (ROOT / "benchmarks").glob("*.py") if "__main__" in path.read_text("utf-8")]
    assert len(scripts) > 5
    as_file = f"""
import runpy, sys
home, own = {str(ROOT)!r}, list(sys.path)
for file in {[str(path) for path in scripts]!r}:
    sys.path[:] = [f"{{home}}/benchmarks", *(item for item in own if item not in ("", home))]
    for name in [name for name in sys.modules if name.partition(".")[0] == "benchmarks"]:
        del sys.modules[name]
    runpy.run_path(file, run_name="read")
"""
    names = [f"benchmarks.{path.stem}" for path in scripts]
    as_module = f"import importlib\nfor name in {names!r}: importlib.import_module(name)"
    for code in (as_file, as_module):
        run = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False
        )
        assert run.returncode == 0, run.stderr


def test_pins_hold_versions_and_nothing_else() -> None:
    pins = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    pin = re.compile(r"[a-z0-9][a-z0-9-]*==[\w.+!]+( ; .+)?")
    assert [line for line in pins if not line.startswith("#") and not pin.fullmatch(line)] == []


def test_nothing_says_that_one_thing_brought_another_about() -> None:
    found = [
        hit
        for name, text in texts()
        if name.startswith("src/")
        for hit in lines_with(CAUSAL, name, without_comments(name, text))
    ]
    assert found == []


def test_every_module_says_what_it_holds() -> None:
    mute = [
        path.relative_to(SOURCE).as_posix()
        for path in SOURCE.rglob("*.py")
        if not ast.get_docstring(ast.parse(path.read_text("utf-8")))
    ]
    assert mute == []


@pytest.mark.smoke
@pytest.mark.parametrize("stage", STAGES)
def test_every_stage_imports_and_says_what_it_is(stage: str) -> None:
    assert import_module(f"wareconomy.{stage}").__doc__


@pytest.mark.smoke
def test_the_package_carries_its_declarations() -> None:
    import wareconomy.catalog

    package = Path(wareconomy.catalog.__file__).parents[1]
    assert (package / "py.typed").is_file()
    here = {
        path.relative_to(SOURCE)
        for path in SOURCE.rglob("*")
        if path.suffix in {".toml", ".sql", ".j2", ".typ"}
    }
    assert {path for path in here if not (package / path).is_file()} == set()


def test_a_stage_imports_only_from_its_left() -> None:
    linter = Path(sys.executable).with_name("lint-imports")
    run = subprocess.run([linter, "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.smoke
@pytest.mark.parametrize("module", ["wareconomy", "wareconomy.cli"])
def test_the_command_line_starts_without_heavy_libraries(module: str) -> None:
    code = f"import sys, {module}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr
    assert run.stdout.split() == []
