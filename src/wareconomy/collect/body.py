"""An answer's body, from the wire to a file: bounded in size, in time and in what it unpacks to."""

from __future__ import annotations

import hashlib
import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from wareconomy.errors import CutBody, TooLarge, Unreachable, WrongMedia

if TYPE_CHECKING:
    from urllib3 import BaseHTTPResponse

PIECE = 1 << 16
STEP = 1 << 20


@dataclass(frozen=True, slots=True)
class Body:
    """A body on disk: its hash and size as the publisher meant it (unpacked), and the bytes that crossed the wire."""

    path: Path
    sha256: str
    size: int
    wire: int


def spool(answer: BaseHTTPResponse, path: Path, limit: int, deadline: float) -> Body:
    """Write the body to `path`.

    Raises TooLarge beyond `limit` bytes (unpacked), CutBody when fewer bytes came than were announced or the packed
    stream has no end, Unreachable after `deadline` (of time.monotonic).
    """
    from urllib3.exceptions import HTTPError, IncompleteRead, InvalidChunkLength, ProtocolError

    unpack = _decoder(answer.headers.get("Content-Encoding", ""))
    total, size, wire = hashlib.sha256(), 0, 0
    try:
        with path.open("wb") as out:
            for piece in _pieces(answer, deadline):
                wire += len(piece)
                if wire > limit:
                    raise TooLarge(f"more than {limit:,} bytes came; the ask allows no more")
                for part in unpack.feed(piece):
                    size += len(part)
                    if size > limit:
                        raise TooLarge(
                            f"the body unpacks to more than {limit:,} bytes; the ask allows no more"
                        )
                    total.update(part)
                    out.write(part)
    except (IncompleteRead, InvalidChunkLength) as error:
        raise CutBody(f"the answer stopped after {wire:,} bytes, before its end") from error
    except ProtocolError as error:
        if wire:
            raise CutBody(f"the connection broke after {wire:,} bytes") from error
        raise Unreachable("the connection broke before the body") from error
    except (HTTPError, TimeoutError, ConnectionError) as error:
        raise Unreachable(f"no more bytes came after {wire:,}: {type(error).__name__}") from error
    announced = answer.headers.get("Content-Length", "")
    if announced.isdigit() and int(announced) != wire:
        raise CutBody(f"{int(announced):,} bytes were announced, {wire:,} came")
    if not unpack.complete(wire):
        raise CutBody(f"the packed body stops before its end, after {wire:,} bytes")
    return Body(path, total.hexdigest(), size, wire)


def _pieces(answer: BaseHTTPResponse, deadline: float) -> Iterator[bytes]:
    while True:
        if time.monotonic() > deadline:
            raise Unreachable("the answer came so slowly that the time for it ran out")
        piece: bytes = answer.read1(PIECE, decode_content=False)
        if not piece:
            return
        yield piece


class _Plain:
    """No packing."""

    def feed(self, piece: bytes) -> Iterator[bytes]:
        yield piece

    def complete(self, wire: int) -> bool:
        return True


class _Packed:
    """gzip (also of several members) or deflate, unpacked a megabyte at a time."""

    def __init__(self, window: int) -> None:
        self.window = window
        self.inner = zlib.decompressobj(window)
        self.started = False

    def feed(self, piece: bytes) -> Iterator[bytes]:
        rest = piece
        while rest:
            if self.inner.eof:
                if self.window < 0 or not rest.strip(b"\0"):
                    return
                self.inner = zlib.decompressobj(self.window)
            try:
                part = self.inner.decompress(rest, STEP)
            except zlib.error as error:
                if not self.started and self.window == zlib.MAX_WBITS:
                    self.window, self.started = -zlib.MAX_WBITS, True
                    self.inner = zlib.decompressobj(self.window)
                    continue
                raise CutBody(f"the packed body does not unpack: {error}") from error
            self.started = True
            if part:
                yield part
            rest = self.inner.unconsumed_tail or (self.inner.unused_data if self.inner.eof else b"")
            # What a full buffer still holds comes out with the next bytes, or here when there are none left.
            while not rest and len(part) == STEP and not self.inner.eof:
                part = self.inner.decompress(b"", STEP)
                if part:
                    yield part

    def complete(self, wire: int) -> bool:
        return self.inner.eof or not wire


def _decoder(encoding: str) -> _Plain | _Packed:
    name = encoding.strip().lower()
    if name in {"", "identity"}:
        return _Plain()
    if name in {"gzip", "x-gzip"}:
        return _Packed(zlib.MAX_WBITS | 16)
    if name == "deflate":
        return _Packed(zlib.MAX_WBITS)
    raise WrongMedia(f"the body is packed as {encoding[:40]!r}, which was not asked for")
