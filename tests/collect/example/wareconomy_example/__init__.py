"""Sources of an example publisher; its address stands in EXAMPLE_BASE."""

import os


def base() -> str:
    """Where the publisher is."""
    return os.environ.get("EXAMPLE_BASE", "http://127.0.0.1:9")
