"""ZIP containers (XLSX, DOCX) from outside, opened with limits on members, size and ratio that no header can lie about."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Callable
from io import BytesIO

from wareconomy.sources.source import Malformed

MAX_MEMBERS = 2_000
MAX_BYTES = 300_000_000
MAX_RATIO = 400
FLOOR = 1_000_000
"""Below this many bytes a ratio says nothing."""
BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    EOFError,
    ValueError,
    NotImplementedError,
    RuntimeError,
    KeyError,
    IndexError,
    OverflowError,
    MemoryError,
)
"""What zipfile raises for cut, mutated, encrypted or exotic containers."""


def members(data: bytes, source: str, wanted: Callable[[str], bool] = lambda name: True) -> dict[str, bytes]:
    """Name and bytes of each wanted member. Raises Malformed for a cut or oversized container.

    Reading stops at the size a member declares and its checksum is compared, so a bomb behind a false size is
    an error; the declared sizes are bounded together.
    """
    if not data.startswith(b"PK\x03\x04"):
        raise Malformed(source, "not a ZIP container", advice="is it an error page saved under this name?")
    try:
        with zipfile.ZipFile(BytesIO(data)) as container:
            entries = container.infolist()
            _within_limits(entries, len(data), source)
            found: dict[str, bytes] = {}
            for entry in entries:
                if entry.is_dir() or not wanted(entry.filename):
                    continue
                if entry.filename in found:
                    raise Malformed(source, f"{entry.filename} stands twice in the container")
                found[entry.filename] = container.read(entry)
            return found
    except BROKEN as error:
        raise Malformed(source, f"the container is cut or damaged: {error}") from error


def repacked(data: bytes, source: str, wanted: Callable[[str], bool] = lambda name: True) -> bytes:
    """The same container without compression, so that a reader with no limits of its own meets no bomb."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as container:
        for name, body in members(data, source, wanted).items():
            container.writestr(zipfile.ZipInfo(name), body)
    return packed.getvalue()


def _within_limits(entries: list[zipfile.ZipInfo], size: int, source: str) -> None:
    if len(entries) > MAX_MEMBERS:
        raise Malformed(source, f"{len(entries)} members in the container, more than {MAX_MEMBERS}")
    total = sum(entry.file_size for entry in entries)
    if total > MAX_BYTES or (total > FLOOR and total > MAX_RATIO * size):
        raise Malformed(source, f"the container would unpack to {total:,} bytes from {size:,}: refused")
