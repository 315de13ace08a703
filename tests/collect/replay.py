"""A publisher on loopback that answers as it is told, traps included, and remembers who asked for what."""

from __future__ import annotations

import gzip
import hashlib
import io
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

WAF = "<html><body><h1>Доступ к сайту временно ограничен владельцем веб-ресурса</h1></body></html>"
LOGIN = "<html><form action='/login'><input name=u><input type='password' name=p></form></html>"
BROWSER_CHECK = (
    "<!DOCTYPE html><html><title>Just a moment...</title><body>Checking your browser</body></html>"
)


@dataclass(frozen=True)
class Reply:
    """One answer. `cut` sends so many bytes of the body and hangs up; `versioned` answers 304 to a known ETag."""

    body: bytes = b""
    status: int = 200
    media: str = "text/csv"
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: int | None = None
    versioned: bool = False
    wait: float = 0.0
    play: Callable[[Any], None] | None = None


class Replay:
    """Routes by path; a list of replies is played in order, the last one for ever."""

    def __init__(self, latency: float = 0.0, host: str = "127.0.0.1") -> None:
        self.latency = latency
        self.routes: dict[str, list[Reply]] = {}
        self.asked: list[tuple[str, str, dict[str, str]]] = []
        self.busy = self.most_busy = 0
        self.lock = threading.Lock()
        replay = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def do_GET(self) -> None:
                replay.answer(self)

            do_POST = do_GET  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        class Quiet(ThreadingHTTPServer):
            daemon_threads = True
            request_queue_size = 64

            def handle_error(self, *_: object) -> None:
                pass

        self.server = Quiet((host, 0), Handler)
        self.port = self.server.server_address[1]
        self.url = f"http://{host}:{self.port}"

    def __enter__(self) -> Replay:
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()

    def serve(self, path: str, *replies: Reply) -> None:
        """What stands at a path from now on."""
        with self.lock:
            self.routes[path] = list(replies)

    def paths(self) -> list[str]:
        """Paths asked for so far."""
        return [path for _, path, _ in self.asked]

    def answer(self, handler: Any) -> None:
        length = int(handler.headers.get("Content-Length") or 0)
        if length:
            handler.rfile.read(length)
        path = handler.path.partition("?")[0]
        with self.lock:
            self.busy += 1
            self.most_busy = max(self.busy, self.most_busy)
            self.asked.append((handler.command, handler.path, dict(handler.headers)))
            found = self.routes.get(path, [Reply(b"not here", 404, "text/plain")])
            reply = found.pop(0) if len(found) > 1 else found[0]
        try:
            time.sleep(self.latency + reply.wait)
            if reply.play:
                reply.play(handler)
            else:
                self._send(handler, reply)
        except (BrokenPipeError, ConnectionResetError):
            handler.close_connection = True
        finally:
            with self.lock:
                self.busy -= 1

    def _send(self, handler: Any, reply: Reply) -> None:
        tag = '"' + hashlib.sha256(reply.body).hexdigest()[:16] + '"'
        if reply.versioned and handler.headers.get("If-None-Match") == tag:
            handler.send_response(304)
            handler.send_header("ETag", tag)
            handler.end_headers()
            return
        handler.send_response(reply.status)
        if reply.media:
            handler.send_header("Content-Type", reply.media)
        if reply.versioned:
            handler.send_header("ETag", tag)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.status != 204:
            handler.send_header("Content-Length", str(len(reply.body)))
        handler.end_headers()
        if reply.cut is not None:
            handler.wfile.write(reply.body[: reply.cut])
            handler.wfile.flush()
            handler.close_connection = True
            return
        if reply.status != 204:
            handler.wfile.write(reply.body)


@contextmanager
def replay(latency: float = 0.0) -> Iterator[Replay]:
    """A running replay server."""
    with Replay(latency) as made:
        yield made


def endless(handler: Any) -> None:
    """A body that never ends."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/csv")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    piece = b"a" * 65536
    while True:
        handler.wfile.write(b"10000\r\n" + piece + b"\r\n")


def dripping(handler: Any) -> None:
    """A body of one byte every so often."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/csv")
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(200):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def half_headers(handler: Any) -> None:
    """Headers that never end."""
    handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-A: ")
    for _ in range(200):
        handler.wfile.write(b"a")
        handler.wfile.flush()
        time.sleep(0.05)


def chunked_cut(handler: Any) -> None:
    """A chunked body that stops inside a chunk."""
    handler.send_response(200)
    handler.send_header("Content-Type", "text/csv")
    handler.send_header("Transfer-Encoding", "chunked")
    handler.end_headers()
    handler.wfile.write(b"400\r\nperiod,value\n")
    handler.wfile.flush()
    handler.close_connection = True


def gzip_bomb(megabytes: int = 200) -> bytes:
    """A few hundred kilobytes that unpack to many megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return b"".join(packer.compress(b"\0" * (1 << 20)) for _ in range(megabytes)) + packer.flush()


def zip_of(members: Sequence[tuple[str, bytes]]) -> bytes:
    """A ZIP archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        for name, data in members:
            box.writestr(name, data)
    return out.getvalue()


def packed(body: bytes) -> Reply:
    """A body under Content-Encoding gzip."""
    return Reply(gzip.compress(body), headers={"Content-Encoding": "gzip"})
