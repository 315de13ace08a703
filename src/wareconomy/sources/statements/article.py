"""A document to its texts: the article of a page, the posts of a channel's page, or plain text.

Whatever else comes (a PDF, a picture, an empty or huge file, a login page, bytes in no encoding) is a named error.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from wareconomy.collect.ask import Document
from wareconomy.errors import HtmlInstead, LoginPage, MissingExtra, StubPage, TooLarge, WrongMedia
from wareconomy.sources import telegram_page
from wareconomy.sources.source import Malformed
from wareconomy.sources.statements import days, gazetteer

MAX_BYTES = 10_000_000
MAX_CHARACTERS = 500_000
MAX_TAGS = 60_000
"""Tags in a page; news pages have a tenth of it, and what takes an article out of them slows down with the square."""
HERE = ZoneInfo("Europe/Kyiv")
"""A post belongs to the day it was posted in Kyiv, an hour at most from the day in Moscow."""
HTML = re.compile(
    rb"\s*(?:<!--.{0,500}?-->\s*)*<(?:!doctype|\?xml|html|head|body|div|article|p|meta|section|main)\b",
    re.IGNORECASE | re.DOTALL,
)
CHARSET = re.compile(rb"<meta[^>]{0,200}charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)
PASSWORD = re.compile(r"<input[^>]{0,200}type\s*=\s*[\"']?password", re.IGNORECASE)
MARKS = {
    b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP container (DOCX, XLSX)", b"\x89PNG": "a picture", b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture", b"\x1f\x8b": "a packed file", b"{\\rtf": "an RTF file", b"\xd0\xcf\x11\xe0": "an old Office file",
}  # fmt: skip
ADVICE = "save the article as HTML or UTF-8 text and read that"
CONTROL = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u00ad]"
)
BROKEN = 0.01
"""Share of characters that could not be decoded from which a text counts as read in the wrong encoding."""
LITTLE = 300
"""A page with a password field and less text than this asks who we are."""
FIRST_YEAR, LAST_YEAR = 2000, 2100
LEAST = 20
"""Fewer characters than this are no text."""


@dataclass(frozen=True, slots=True)
class Text:
    """One text. `page_date` is the date the page shows, else the dateline of the report.

    `said_on` is the day of a post that is itself the statement, `speaker` whose channel it is. `locator` is
    the post, blank for an article; paragraphs are the lines of `text`.
    """

    text: str
    title: str = ""
    publisher: str = ""
    url: str = ""
    page_date: date | None = None
    said_on: date | None = None
    speaker: str = ""
    locator: str = ""


def texts(document: Document) -> list[Text]:
    """The texts of a document, in order. Raises an error of the CollectError tree, or MissingExtra."""
    data = document.data
    if len(data) > MAX_BYTES:
        raise TooLarge(f"{len(data):,} bytes; an article has {MAX_BYTES:,} at most")
    if not data.strip():
        raise StubPage("the document is empty; there is nothing to read")
    for mark, what in MARKS.items():
        if data.startswith(mark):
            raise WrongMedia(f"it is {what}, not an article; {ADVICE}")
    page = bool(HTML.match(data.lstrip(b"\xef\xbb\xbf")))
    text = _decoded(data, page)
    if not page:
        return [_checked(Text(_clean(text), url=document.url))]
    if b"tgme_channel_info" in data and b"data-post=" in data:
        return posts(document)
    if data.count(b"<") > MAX_TAGS:
        raise TooLarge(
            f"{data.count(b'<'):,} tags; a page with an article has {MAX_TAGS:,} at most; {ADVICE}"
        )
    return [_checked(_article(text, document.url))]


def posts(document: Document, source: str = "") -> list[Text]:
    """The posts of a channel's page; in a channel that is somebody's own, each is that speaker's statement of its day."""
    try:
        page = telegram_page.parse(source or "telegram", document.data)
    except Malformed as error:
        raise HtmlInstead(str(error)) from None
    found = []
    for block in page.blocks:
        if block.service or len(block.text) < LEAST:
            continue
        day = block.posted_at.astimezone(HERE).date()
        owner = (
            ""
            if block.forwarded_from
            else gazetteer.channel_speakers().get(source or _source(block.channel), "")
        )
        found.append(
            Text(
                _clean(block.text),
                publisher=f"{block.channel} on Telegram",
                url=f"https://t.me/{block.channel}/{block.number}",
                page_date=day,
                said_on=day if owner else None,
                speaker=owner,
                locator=f"post {block.number}",
            )
        )
    return found


def _source(channel: str) -> str:
    return f"telegram_{channel.lower()}"


def _decoded(data: bytes, page: bool) -> str:
    """The characters of a document by its mark, its declaration, or UTF-8."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", errors="replace")
    if b"\0" in data[:4096]:
        raise WrongMedia(f"it is binary, not text; {ADVICE}")
    named = CHARSET.search(data[:4096]) if page else None
    encoding = named[1].decode("ascii") if named else "utf-8-sig"
    try:
        text = data.decode(encoding, errors="replace")
    except LookupError:
        text = data.decode("utf-8-sig", errors="replace")
    broken = text.count("\ufffd") / max(len(text), 1)
    if broken > BROKEN:
        said = f"as {encoding}, which it says it is" if named else "as UTF-8"
        raise WrongMedia(f"{broken:.0%} of it cannot be read {said}; {ADVICE}")
    return text


def _article(text: str, url: str) -> Text:
    """The words of an article without menus, comments and tables, and what the page says of itself."""
    try:
        import trafilatura
    except ImportError:
        raise MissingExtra("Reading an article", "text") from None
    try:
        found = trafilatura.bare_extraction(
            text,
            url=url if url.startswith("http") else None,
            include_comments=False,
            include_tables=False,
            with_metadata=True,
            deduplicate=False,
            date_extraction_params={"extensive_search": False, "original_date": True},
        )
    except Exception as error:  # a library that meets a page made to break it may raise anything
        raise HtmlInstead(
            f"no article could be taken out of the page ({type(error).__name__}); {ADVICE}"
        ) from None
    if isinstance(found, dict):  # only when asked for
        found = None
    words = _clean(found.text or "") if found else ""
    if PASSWORD.search(text) and len(words) < LITTLE:
        raise LoginPage(f"the page asks who we are; log in with a browser and {ADVICE}")
    if found is None or len(words) < LEAST:
        raise StubPage(f"no article text was found in the page; {ADVICE}")
    host = (urlsplit(url).hostname or "").removeprefix("www.") if url.startswith("http") else ""
    return Text(
        words, _line(found.title), _line(found.sitename) or host, url or _line(found.url), _date(found.date)
    )


def _checked(made: Text) -> Text:
    if len(made.text) < LEAST:
        raise StubPage("hardly a word is in it; there is nothing to read")
    if len(made.text) > MAX_CHARACTERS:
        raise TooLarge(f"{len(made.text):,} characters of text; an article has {MAX_CHARACTERS:,} at most")
    return made if made.page_date else replace(made, page_date=days.dateline(made.text))


def _clean(text: str) -> str:
    """One Unicode form, no control or invisible characters, one line a paragraph."""
    plain = CONTROL.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n")))
    return "\n".join(line.strip() for line in plain.split("\n")).strip()


def _line(text: str | None) -> str:
    return " ".join(_clean(text or "").split())[:200]


def _date(text: str | None) -> date | None:
    """A page's date, where it is one of this century and not a mark for none."""
    try:
        day = date.fromisoformat((text or "")[:10])
    except ValueError:
        return None
    return day if FIRST_YEAR <= day.year <= LAST_YEAR else None
