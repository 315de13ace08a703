"""wareconomy: the open ledger of the war economy.

    import wareconomy as we
    ledger = we.open()
    ledger.series("ru.budget.balance", as_of="2026-02-10")

Names are imported when first used, so that `import wareconomy` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wareconomy.api import Ledger, open, territory
    from wareconomy.errors import WareconomyError

__version__ = "0.1.0"
__all__ = ["Ledger", "WareconomyError", "__version__", "open", "territory"]

_HOMES = {
    "Ledger": "wareconomy.api",
    "open": "wareconomy.api",
    "territory": "wareconomy.api",
    "WareconomyError": "wareconomy.errors",
}


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(_HOMES[name]), name)
    raise AttributeError(f"module 'wareconomy' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(__all__)
