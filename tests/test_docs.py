"""The documentation is part of the program: generated pages are up to date, README commands exist, links lead somewhere."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path
from types import ModuleType

import pytest

from wareconomy import catalog
from wareconomy.cli.parser import make_parser

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("write_docs", ROOT / "scripts" / "write-docs.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["tables", "commands"])
def test_generated_pages_are_what_the_program_says(name: str) -> None:
    text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
    assert text == getattr(script(), name)(), "run: python scripts/write-docs.py"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_in_the_documentation_parses(page: Path) -> None:
    for line in page.read_text(encoding="utf-8").splitlines():
        if match := re.match(r"\$ (wareconomy .*?)(\s{2,}#.*)?$", line.strip()):
            make_parser().parse_args(shlex.split(match[1])[1:])


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_inside_the_repository_lead_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_every_table_has_its_paragraph_in_the_data_notes() -> None:
    text = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    assert [name for name in catalog.load().tables if name not in text] == []
