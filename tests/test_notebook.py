"""The worked notebook runs from top to bottom against the real ledger and shows the figures its words promise."""

from __future__ import annotations

import warnings
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]


def test_the_notebook_runs(ledger_path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import nbformat

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the notebook machinery warns about its own futures
        from nbclient import NotebookClient

        home = tmp_path / "home"
        (home / "data" / "raw" / "manual").mkdir(parents=True)
        (home / "data" / "processed").mkdir()
        (home / "data" / "processed" / "wareconomy.duckdb").symlink_to(ledger_path)
        monkeypatch.setenv("WARECONOMY_HOME", str(home))
        monkeypatch.setenv("JUPYTER_PLATFORM_DIRS", "1")
        notebook = nbformat.read(ROOT / "docs" / "notebook.ipynb", as_version=4)  # type: ignore[no-untyped-call]
        NotebookClient(notebook, timeout=60, kernel_name="python3").execute()
    shown = "\n".join(
        str(output.get("data", {}).get("text/plain", "")) + str(output.get("text", ""))
        for cell in notebook.cells
        if cell.cell_type == "code"
        for output in cell.outputs
    )
    assert "-5626.5" in shown
    assert "inside the international reserves" in shown
    assert "15.0" in shown


def test_the_notebook_is_kept_without_outputs() -> None:
    import json

    cells = json.loads((ROOT / "docs" / "notebook.ipynb").read_text(encoding="utf-8"))["cells"]
    assert all(not cell.get("outputs") for cell in cells)
