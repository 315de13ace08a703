"""The optional statistics libraries, imported when a method needs them; without them the message names the
extra to install.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

from wareconomy.errors import MissingExtra


def need(module: str, what: str) -> Any:
    """A module of the `stats` extra. Raises MissingExtra, which names wareconomy[stats]."""
    try:
        return import_module(module)
    except ImportError as error:
        raise MissingExtra(what, "stats") from error


def stats() -> Any:
    """scipy.stats."""
    return need("scipy.stats", "This method")
