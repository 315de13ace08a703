"""One page of a Telegram channel's public preview: its message blocks and the number that leads to the page before.

Traps of the markup: a video has a second `<time>` without a date; a reply quotes another post's text
under a class of its own; media-only posts have no text; `rel=canonical` is the page itself, only
`rel=prev` leads back; emoji are pictures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from wareconomy.sources.source import Malformed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

POST = re.compile(rb'\bdata-post="')
NAMED = re.compile(r"([A-Za-z][A-Za-z0-9_]{2,63})/(\d{1,12})")
BEFORE = re.compile(r"[?&]before=(\d{1,12})(?:&|$)")
MEDIA = {
    "tgme_widget_message_photo_wrap": "photo",
    "tgme_widget_message_video_player": "video",
    "tgme_widget_message_voice_player": "voice",
    "tgme_widget_message_document_wrap": "document",
    "tgme_widget_message_poll": "poll",
    "tgme_widget_message_sticker_wrap": "sticker",
    "tgme_widget_message_roundvideo_player": "round video",
}
DEEPEST = 200
"""The HTML parser stops at about 250 levels and drops what is below; a page is refused before that."""


@dataclass(frozen=True, slots=True)
class Block:
    """One message as shown."""

    channel: str
    number: int
    posted_at: datetime
    text: str
    edited: bool
    forwarded_from: str
    media: str
    service: bool


@dataclass(frozen=True, slots=True)
class Page:
    """Message blocks in the order shown, and the number for `?before=` (None on a channel's first page)."""

    blocks: list[Block]
    before: int | None


def parse(source: str, data: bytes) -> Page:
    """Read a page. Raises Malformed for a cut body, another page of t.me, or a block without number or time."""
    from lxml import etree, html

    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Malformed(source, "not UTF-8", f"byte {error.start}") from None
    if "\0" in text:
        raise Malformed(source, "NUL bytes in the page")
    if b"</html>" not in data[-400:]:
        raise Malformed(source, "the page is cut off", advice="it does not end as a page ends")
    parser = html.HTMLParser(no_network=True, huge_tree=False, remove_comments=True, remove_pis=True)
    try:
        root = html.document_fromstring(text, parser=parser)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Malformed(source, f"not a page ({str(error)[:80]})") from None
    if not root.find_class("tgme_channel_info"):
        raise Malformed(
            source, "not the preview of a channel", advice="a contact page, a wall or a private channel"
        )
    blocks = [_block(source, found) for found in root.xpath("//*[@data-post]")]
    if len(blocks) != len(POST.findall(data)):
        raise Malformed(source, f"{len(POST.findall(data))} posts in the bytes, {len(blocks)} in the page")
    numbers = [block.number for block in blocks]
    if len(set(numbers)) != len(numbers):
        raise Malformed(source, "a post stands twice on the page")
    links = root.xpath("//link[@rel='prev']/@href")
    before = BEFORE.search(str(links[0])) if links else None
    return Page(blocks, int(before[1]) if before else None)


def _block(source: str, block: HtmlElement) -> Block:
    """One message, in one walk over its elements; texts and times of what it quotes are passed over."""
    named = NAMED.fullmatch(str(block.get("data-post")))
    if not named:
        raise Malformed(source, f"a post named {str(block.get('data-post'))[:60]!r}")
    where = f"post {named[2]}"
    if sum(1 for _ in block.iterancestors()) > DEEPEST:
        raise Malformed(source, "nested too deeply", where)
    text = sender = None
    edited = False
    times: list[str] = []
    kinds: list[str] = []
    for element in block.iter():
        names = element.get("class")
        if names is None or not isinstance(names, str):
            continue
        for name in names.split():
            if name in MEDIA:
                kinds.append(MEDIA[name])
            elif name == "js-message_text" and text is None and not _quoted(element, block):
                text = _words(element)
            elif name == "tgme_widget_message_forwarded_from_name" and sender is None:
                sender = _words(element)
            elif name == "tgme_widget_message_meta":
                edited = edited or "edited" in str(element.text_content()).split()
            elif name == "tgme_widget_message_date" and element.tag == "a":
                times += [
                    str(found.get("datetime")) for found in element.iter("time") if found.get("datetime")
                ]
    return Block(
        channel=named[1],
        number=int(named[2]),
        posted_at=_time(source, times, where),
        text=text or "",
        edited=edited,
        forwarded_from=sender or "",
        media=" ".join(sorted(kinds)),
        service="service_message" in str(block.get("class", "")).split(),
    )


def _time(source: str, times: list[str], where: str) -> datetime:
    """The time of the message itself, not the length of its video."""
    try:
        if len(times) != 1:
            raise ValueError
        posted = datetime.fromisoformat(times[0])
        if posted.tzinfo is None or not 2013 <= posted.year <= 2100:
            raise ValueError
        return posted
    except ValueError:
        raise Malformed(source, f"{len(times)} times of posting", where, "the markup has changed") from None


def _quoted(element: HtmlElement, block: HtmlElement) -> bool:
    """Whether an element is, or stands in, the words of another post that this one answers."""
    for above in (element, *element.iterancestors()):
        if above is block:
            return False
        if "js-message_reply_text" in str(above.get("class", "")).split():
            return True
    return False


def _words(element: HtmlElement) -> str:
    """The text as read: line breaks kept, blanks at the ends of lines dropped, emoji as themselves."""
    lines = "".join(_pieces(element)).replace("\u00a0", " ").splitlines()
    return "\n".join(line.strip() for line in lines).strip()


def _pieces(element: HtmlElement) -> Iterator[str]:
    """Text of an element and all below it in reading order; a page is never deep enough to exhaust the stack."""
    yield "\n" if element.tag == "br" else element.text or ""
    for child in element:
        yield from _pieces(child)
        yield child.tail or ""
