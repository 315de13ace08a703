"""Memory that was freed goes back to the system, so that the processes of a build together stay small."""

from __future__ import annotations

import ctypes
import gc
import sys
from contextlib import suppress


def trim() -> None:
    """Collect what is garbage, and give back what the C library keeps of freed memory (Linux; elsewhere only the first)."""
    gc.collect()
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # a C library without it
            ctypes.CDLL(None).malloc_trim(0)
