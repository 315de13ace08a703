"""Standard output and error as they are found: closed, full, or in another encoding."""

from __future__ import annotations

import os
import sys
from contextlib import suppress

ENCODING = "PYTHONIOENCODING"


def prepare() -> None:
    """Open what is closed onto nothing, and write UTF-8 into pipes and files, whatever the locale says.

    A terminal keeps its own encoding; what that cannot show is written as an escape.
    """
    for name, number, mode in (("stdin", 0, "r"), ("stdout", 1, "w"), ("stderr", 2, "w")):
        stream = getattr(sys, name)
        if stream is None:
            _occupy(number)
            null = open(os.devnull, mode, encoding="utf-8")  # noqa: PTH123, SIM115 - open as we run; pathlib costs 5 ms
            setattr(sys, name, null)
        elif reconfigure := getattr(stream, "reconfigure", None):
            own = stream.isatty() or os.environ.get(ENCODING)
            encoding = stream.encoding if own else "utf-8"
            with suppress(OSError):  # something was read from it already
                reconfigure(encoding=encoding, errors="strict" if mode == "r" else "backslashreplace")


def _occupy(number: int) -> None:
    """Keep the number of a closed stream from a file opened later: what C code prints would land in that file."""
    try:
        os.fstat(number)
    except OSError:
        null = os.open(os.devnull, os.O_RDWR)
        if null != number:
            os.dup2(null, number)
            os.close(null)


def flush() -> None:
    """Write out what was printed. Raises OSError when it cannot be, which would else be a traceback at the end."""
    sys.stdout.flush()
    sys.stderr.flush()


def abandon() -> None:
    """Print nothing more: what is still buffered goes nowhere, so that ending the process does not fail on it."""
    with suppress(OSError, ValueError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, sys.stdout.fileno())
        os.close(null)


def complain(text: str) -> None:
    """A line on standard error, where that can be written to."""
    with suppress(OSError):
        print(f"wareconomy: {text}", file=sys.stderr, flush=True)
