"""When an answer is a document: status, media type, first bytes, size, the source's own mark, and an end.

A bot wall, a login page, a page where data was due, an error object under 200, a stub and a cut body each have a
name (the CollectError tree). None of them is ever a change of the figures, and none is ever zero.
"""

from __future__ import annotations

import json
import mmap
import re
import zipfile
from pathlib import Path

from wareconomy.collect.ask import Ask
from wareconomy.errors import (
    Blocked,
    BotWall,
    CutBody,
    ErrorObject,
    HtmlInstead,
    LoginPage,
    NoMarker,
    RateLimited,
    StubPage,
    TooLarge,
    Unreachable,
    Unsafe,
    WrongMedia,
    WrongStatus,
)

HEAD = 1 << 16
ADVICE = "Save the document in a browser and hand it in: wareconomy add"
WALLS = tuple(
    text
    for word in (
        "доступ к сайту временно ограничен", "доступ ограничен", "проверка браузера", "checking your browser",
        "just a moment", "attention required", "ddos-guard", "ddos protection", "cf-chl", "challenge-platform",
        "incapsula", "captcha", "servicepipe", "access denied", "request blocked", "enable javascript and cookies",
    )
    for text in (word.encode("utf-8"), word.encode("windows-1251"))
)  # fmt: skip
PASSWORD = re.compile(rb"<input[^>]{0,200}type\s*=\s*[\"']?password", re.IGNORECASE)
ENTITY = re.compile(rb"<!ENTITY", re.IGNORECASE)
HTML = re.compile(
    rb"\s*(<!--.*?-->\s*)*(<\?xml[^>]*\?>\s*)?<(!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
BOMS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
MOST_MEMBERS = 20_000
STUB_HTML = 2500


def status(code: int, ask: Ask) -> bool:
    """True when a body is due, False when nothing is published yet. Raises what the status means otherwise."""
    if code == 200:
        return True
    if code == 204 or code in ask.absent:
        return False
    if code == 429:
        raise RateLimited("429, too many requests, also after waiting; the next run will ask again")
    if code in {401, 407}:
        raise LoginPage(f"{code}: the server asks who we are")
    if code in {403, 451}:
        raise Blocked(f"{code}: the server turns us away. {ADVICE}")
    if code >= 500:
        raise Unreachable(f"{code}: the server failed, also after waiting")
    raise WrongStatus(f"{code} is no success; the address may have moved")


def body(
    path: Path, size: int, media_type: str, ask: Ask, code: int = 200, checked_media: bool = True
) -> bool:
    """True when the file is the document asked for, False when it is empty and may be.

    `checked_media` is False for a file handed in: there is no header to judge.
    """
    if code != 200 and size:
        _wall(_head(path), f"{code}")
    if not status(code, ask):
        return False
    if size == 0:
        if ask.empty_ok:
            return False
        raise StubPage("an empty body where a document was due")
    head = _head(path)
    page = bool(HTML.match(_bare(head)))
    wants_page = any("html" in media for media in ask.media) or not (ask.media or ask.first)
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
        marked = ask.marker is not None and data.find(ask.marker) >= 0
        refused = next((mark for mark in ask.refuse if data.find(mark) >= 0), None)
        tail = bytes(data[-4096:])
    if page and not marked:
        _wall(head, "a page")
        if PASSWORD.search(head):
            raise LoginPage("a login page came in the document's place")
        if not wants_page:
            raise HtmlInstead(f"an HTML page of {size:,} bytes came where {_due(ask)} was due")
    elif page and not wants_page:
        raise HtmlInstead(f"an HTML page of {size:,} bytes came where {_due(ask)} was due")
    if not marked:
        _error_object(head, size)
    if refused is not None:
        raise ErrorObject(f"it holds {_shown(refused)}, which only an error does")
    if checked_media and ask.media and media_type not in {name.lower() for name in ask.media}:
        raise WrongMedia(f"{media_type or 'no media type'} came where {_due(ask)} was due")
    if not checked_media and not page and ask.media and all("html" in name for name in ask.media):
        raise WrongMedia(f"it begins with {_shown(head[:16])}, not as {_due(ask)} does")
    if ask.first and not any(head.startswith(mark) or _bare(head).startswith(mark) for mark in ask.first):
        raise WrongMedia(f"it begins with {_shown(head[:16])}, not as {_due(ask)} does")
    if size < ask.min_bytes or (page and not marked and ask.marker is not None and size < STUB_HTML):
        raise StubPage(f"{size:,} bytes came where at least {max(ask.min_bytes, 1):,} were due")
    _whole(head, tail)
    if ask.marker is not None and not marked:
        raise NoMarker(f"{_shown(ask.marker)} is not in it; every real document of this source holds that")
    _harmless(path, head, ask)
    return True


def _head(path: Path) -> bytes:
    with path.open("rb") as stream:
        return stream.read(HEAD)


def _bare(head: bytes) -> bytes:
    for mark in BOMS:
        head = head.removeprefix(mark)
    return head.lstrip()


def _due(ask: Ask) -> str:
    return " or ".join(ask.media) or "a document"


def _shown(mark: bytes) -> str:
    return repr(mark[:40].decode("utf-8", "replace"))


def _wall(head: bytes, what: str) -> None:
    low = head.lower()
    # Upper-case Cyrillic is not lowered bytewise, so text is lowered as text too.
    texts = (
        low,
        head.decode("utf-8", "ignore").lower().encode(),
        head.decode("cp1251", "ignore").lower().encode("cp1251", "ignore"),
    )
    for word in WALLS:
        if any(word in text for text in texts):
            raise BotWall(f"{what} of a bot wall or region block came in the document's place. {ADVICE}")


def _error_object(head: bytes, size: int) -> None:
    """A short JSON or XML body that only says what went wrong."""
    if b":Fault>" in head or b"<Fault>" in head or b"<ServiceException" in head:
        raise ErrorObject("the service answered with a fault under a success status")
    if size > HEAD or _bare(head)[:1] not in {b"{", b"["}:
        return
    try:
        value = json.loads(_bare(head))
    except ValueError:
        return
    first = value[0] if isinstance(value, list) and value else value
    if not isinstance(first, dict):
        return
    said = first.get("error") or first.get("errors")
    if not said and set(first) <= {
        "message",
        "messages",
        "status",
        "code",
        "detail",
        "title",
        "type",
        "traceId",
        "success",
    }:
        said = first.get("message") or first.get("messages") or first.get("detail") or first.get("title")
    if said:
        raise ErrorObject(
            f"an error came under a success status: {json.dumps(said, ensure_ascii=False)[:160]}"
        )


def _whole(head: bytes, tail: bytes) -> None:
    """Formats that show their own end must show it."""
    start, end = _bare(head), tail.rstrip(b" \t\r\n\0")
    if start[:1] in {b"{", b"["} and end[-1:] not in {b"}", b"]"}:
        raise CutBody("the JSON stops before its closing bracket")
    if start.startswith(b"<?xml") and not end.endswith(b">"):
        raise CutBody("the XML stops inside a tag or before its end")
    if head.startswith(b"%PDF-") and b"%%EOF" not in tail:
        raise CutBody("the PDF stops before its end mark")


def _harmless(path: Path, head: bytes, ask: Ask) -> None:
    plain = head.replace(b"\0", b"")  # UTF-16 hides nothing
    if plain.lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").startswith(b"<") and ENTITY.search(plain):
        raise Unsafe("it declares XML entities, which no publisher here needs")
    if head.startswith(b"PK\x03\x04"):
        _container(path, ask)


def _container(path: Path, ask: Ask) -> None:
    """A ZIP container (XLSX, DOCX, CSV in ZIP) is whole, and unpacks to no more than it may, counted and not believed."""
    limit = ask.max_unpacked or 20 * ask.max_bytes
    try:
        with zipfile.ZipFile(path) as box:
            members = box.infolist()
            if len(members) > MOST_MEMBERS:
                raise Unsafe(f"the archive has {len(members):,} members")
            if sum(item.compress_size for item in members) > path.stat().st_size:
                raise Unsafe("members of the archive overlap")
            unpacked = 0
            for item in members:
                if item.flag_bits & 1:
                    raise Unsafe("the archive is locked with a password")
                with box.open(item) as stream:
                    while piece := stream.read(1 << 20):
                        unpacked += len(piece)
                        if unpacked > limit:
                            raise TooLarge(f"the archive unpacks to more than {limit:,} bytes")
    except (zipfile.BadZipFile, EOFError, NotImplementedError, OSError) as error:
        raise CutBody(f"the archive is cut or damaged: {error}") from error
    except Exception as error:
        if type(error).__module__ == "zlib":
            raise CutBody(f"the archive is damaged: {error}") from error
        raise
