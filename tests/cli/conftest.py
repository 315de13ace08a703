"""What the tests of commands share: a command run in this process."""

from __future__ import annotations

from typing import Any

import pytest

from wareconomy.cli import main


@pytest.fixture
def called(capsys: pytest.CaptureFixture[str]) -> Any:
    """Runs a command over whatever WARECONOMY_HOME names: (exit code, standard output, standard error)."""

    def call(*arguments: str) -> tuple[int, str, str]:
        try:
            code = main(arguments)
        except SystemExit as stop:
            code = int(stop.code or 0)
        captured = capsys.readouterr()
        return code, captured.out, captured.err

    return call
