"""Articles on their way in: from an address, a file or standard input, kept by hash with a receipt.

    data/raw/articles/        an archive of its own (collect.archive), beside that of the publishers' documents

What a person reads is no publisher's document: no figure comes from it by itself, a build does not depend on it, and a
prune of the publishers' documents does not touch it.
"""

from __future__ import annotations

import hashlib
import uuid
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from wareconomy import release
from wareconomy.collect import accept
from wareconomy.collect.archive import Archive
from wareconomy.collect.ask import Ask, Document
from wareconomy.collect.receipts import DOCUMENT, UNCHANGED, Receipt, Receipts, now
from wareconomy.errors import CollectError, StubPage, TooLarge, UsageError, shorten
from wareconomy.settings import Settings
from wareconomy.sources import reading
from wareconomy.sources.statements import article
from wareconomy.sources.statements.article import MAX_BYTES, Text
from wareconomy.sources.statements.source import ARTICLES, PAGE, require

if TYPE_CHECKING:
    from wareconomy.collect.client import Client

STANDARD_INPUT = "-"
MEDIA = ("text/html", "application/xhtml+xml", "text/plain")


class Articles(Archive):
    """The archive of what was read by hand."""

    def __init__(self, here: Settings) -> None:
        self.folder = here.articles
        self.receipts = Receipts(self.folder / "receipts.jsonl", here.processed / "articles.sqlite")


@dataclass(frozen=True, slots=True)
class Taken:
    """A document that was taken in: its receipt, its texts, and whether it was kept already."""

    receipt: Receipt
    texts: tuple[Text, ...]
    known: bool


def take(
    here: Settings,
    where: str,
    today: date,
    url: str = "",
    page_date: date | None = None,
    given: bytes = b"",
    client: Client | None = None,
) -> Taken:
    """Keep the document at an address, in a file, or `given` (for `-`), and read its texts.

    `url` says where a file or input was found, `page_date` what date the page shows. Raises a CollectError for what is no
    article, with one line that says why; UsageError for a file that is not there. Nothing is kept then, and an address that
    was asked has its receipt.
    """
    require()
    # A place for a secret in an address somebody pasted would send a variable of our environment to whoever wrote it.
    where = where.replace("{", "%7B").replace("}", "%7D") if _web(where) else where
    if url and not _web(url):
        raise UsageError(f"--url {shorten(url)!r} is no web address")
    if page_date and page_date > today:
        raise UsageError(f"--page-date {page_date} lies in the future")
    with release.storage_errors(here.articles):
        archive = Articles(here)
        try:
            with archive.locked():
                if _web(where):
                    return _fetch(here, archive, where, today, page_date, client)
                body = given if where == STANDARD_INPUT else _file(Path(where))
                return _keep(archive, body, _base(where, url, today, page_date))
        except CollectError as error:
            if _web(where):
                raise
            name = "standard input" if where == STANDARD_INPUT else Path(where).name
            raise type(error)(f"{shorten(name)}: {error}") from None
        finally:
            archive.close()


def _web(where: str) -> bool:
    return where.lower().startswith(("http://", "https://"))


def _file(path: Path) -> bytes:
    if not path.is_file():
        raise UsageError(
            f"there is no file {shorten(str(path))}; give a file, a web address, or - for standard input"
        )
    if path.stat().st_size > MAX_BYTES:
        raise TooLarge(f"{path.stat().st_size:,} bytes; an article has {MAX_BYTES:,} at most")
    return path.read_bytes()


def _ask(url: str, page_date: date | None) -> Ask:
    host = (urlsplit(url).hostname or "").lower().removeprefix("www.")
    name = (
        "article-"
        + hashlib.sha256(url.encode()).hexdigest()[:16]
        + (f"{PAGE}{page_date}" if page_date else "")
    )
    return Ask(name, url, media=MEDIA, max_bytes=MAX_BYTES, hosts=(host, f"www.{host}", f".{host}"))


def _base(where: str, url: str, today: date, page_date: date | None) -> Receipt:
    name = url or ("standard input" if where == STANDARD_INPUT else f"file:{Path(where).name}")
    moment = now(today)
    via = "stdin" if where == STANDARD_INPUT else "drop-in"
    return Receipt(ARTICLES, _ask(name, page_date).name, name, moment, moment, DOCUMENT, via=via)


def _fetch(
    here: Settings, archive: Articles, url: str, today: date, page_date: date | None, client: Client | None
) -> Taken:
    from wareconomy.collect import policy
    from wareconomy.collect.client import Client as Caller

    ask, started = _ask(url, page_date), now(today)
    caller = client or Caller(policy.load(here.root))
    try:
        answer = caller.fetch(ask, archive.incoming())
        base = Receipt(
            ARTICLES, ask.name, url, started, started, DOCUMENT, status=answer.status, final_url=answer.url,
            hops=len(answer.hops), media_type=answer.media_type, seconds=answer.seconds,
        )  # fmt: skip
        if not accept.status(answer.status, ask) or answer.body is None:
            raise StubPage(f"{answer.status}: the server sent no page")
        body = answer.body.path
        try:
            return _keep(archive, body.read_bytes(), base, body)
        except StubPage:
            # What came in an article's place is named better by those who judge documents.
            accept.body(body, answer.body.size, answer.media_type, ask, answer.status)
            raise
        finally:
            body.unlink(missing_ok=True)
    except CollectError as error:
        said = caller.secrets.clean(str(error))
        archive.record(
            Receipt(ARTICLES, ask.name, url, started, started, type(error).__name__, note=shorten(said, 300))
        )
        raise type(error)(f"{urlsplit(url).hostname}: {said}") from None
    finally:
        if client is None:
            caller.close()


def _keep(archive: Articles, data: bytes, base: Receipt, spool: Path | None = None) -> Taken:
    """Read first, keep then: what is no article is not kept."""
    sha256 = hashlib.sha256(data).hexdigest()
    fresh = replace(base, sha256=sha256, size=len(data))
    document: Document = reading.document(fresh, data)
    if not _web(document.url):
        document = replace(document, url="")
    found = tuple(article.texts(document))
    last = archive.receipts.last_document(ARTICLES, base.ask)
    known = last is not None and last.sha256 == sha256 and archive.has(sha256)
    if not known:
        if spool is None:
            spool = archive.incoming() / uuid.uuid4().hex
            spool.write_bytes(data)
        archive.keep(spool, sha256)
    archive.record(replace(fresh, outcome=UNCHANGED) if known else fresh)
    return Taken(fresh, found, known)
