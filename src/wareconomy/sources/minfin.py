"""What the Ministry of Finance's messages share: the press list, the release pages and the Telegram mirror."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

from lxml.html import HtmlElement

from wareconomy.sources import markup, numbers, texts
from wareconomy.sources.source import Ask, Document, Malformed

SITE = "https://minfin.gov.ru/"
HOSTS = ("minfin.gov.ru", "www.minfin.gov.ru", "minfin.ru")
PRESS = f"{SITE}ru/press-center/"
MIRROR = "https://t.me/s/minfin"
WALL = ("Доступ к сайту временно ограничен".encode(), "доступ ограничен".encode())
MOSCOW = timezone(timedelta(hours=3))
RELEASE = re.compile(r"[?&]id_4=(\d+)-([\w-]+)")
PUBLISHED = re.compile(r"Опубликовано:? ?(\d{2}\.\d{2}\.\d{4})")
STAMP = re.compile(rf"(\d{{1,2}} {numbers.MONTH_WORD} \d{{4}}),? (?:г\. ?)?\d{{1,2}}:\d{{2}}", re.IGNORECASE)
NUMBER = r"(?:\(-\) ?|[-−–+] ?)?\d{1,3}(?: \d{3})+(?:,\d+)?|(?:\(-\) ?|[-−–+] ?)?\d+(?:,\d+)?"


@dataclass(frozen=True, slots=True)
class Message:
    """One message of the Ministry: its words on one line, the day it was published (Moscow), its place."""

    words: str
    day: date | None
    place: str
    mirror: bool
    root: HtmlElement | None = None


def press_asks(prefix: str) -> Iterator[Ask]:
    """The list of press releases and the channel's public preview; each source asks under its own name."""
    common = {"hosts": HOSTS, "media": ("text/html",), "refuse": WALL, "rowless": True}
    yield Ask(name=f"{prefix}-press-list", url=PRESS, marker=b"id_4=", min_bytes=2_000, **common)  # type: ignore[arg-type]
    yield Ask(
        name=f"{prefix}-mirror",
        url=MIRROR,
        media=("text/html",),
        marker=b"tgme_widget_message",
        hosts=("t.me",),
        rowless=True,
    )


def follow(document: Document, slug: str, prefix: str, source: str, limit: int = 3) -> Iterator[Ask]:
    """The newest release pages with this address, named by a press list or a mirror."""
    if texts.kind(document) != "html" or is_release(document):
        return
    found: dict[int, str] = {}
    for url, _ in markup.links(markup.page(document.data, source), PRESS):
        match = RELEASE.search(url)
        if match and slug in match[2] and url.startswith(tuple(f"https://{host}/" for host in HOSTS)):
            found.setdefault(int(match[1]), url)
    for number in sorted(found, reverse=True)[:limit]:
        yield Ask(
            name=f"{prefix}-release-{number}",
            url=found[number],
            media=("text/html",),
            refuse=WALL,
            min_bytes=2_000,
            hosts=HOSTS,
        )


def is_release(document: Document) -> bool:
    """True for one release page, by its address."""
    return bool(RELEASE.search(document.url))


def is_list(document: Document) -> bool:
    """True for a press list: its links quote the titles of releases and hold no figures."""
    return document.name.endswith("press-list") or (
        bool(re.search(r"/press-center/?(?:\?(?!.*id_4=)|$)", document.url, re.IGNORECASE))
    )


def messages(document: Document, title: re.Pattern[str], source: str) -> Iterator[Message]:
    """The Ministry's own messages of one kind in a document: posts of the mirror, or the document itself.

    A post counts when its first bold heading is the title: digests quote other media's figures. Raises Malformed
    when a document that should be the message does not carry its title.
    """
    if any(wall in document.data for wall in WALL):
        raise Malformed(source, "access refused", advice="save the page in a browser and hand it in")
    if texts.kind(document) == "html" and b"tgme_widget_message" in document.data:
        yield from _posts(document, title, source)
        return
    if is_list(document):
        return
    words = texts.words(document, source)
    if not title.search(words):
        raise Malformed(source, "not the message expected: its title is missing")
    day = _published(words, document)
    root = markup.page(document.data, source) if texts.kind(document) == "html" else None
    yield Message(words, day, "text", False, root)


def _published(words: str, document: Document) -> date | None:
    try:
        if match := PUBLISHED.search(words):
            day: date | None = numbers.day_first(match[1])
        elif match := STAMP.search(words[:600]):
            day = numbers.long_date(match[1])
        else:
            day = None
    except ValueError:
        return None
    return day if day and day <= document.retrieved_at.date() else None


def _posts(document: Document, title: re.Pattern[str], source: str) -> Iterator[Message]:
    root = markup.page(document.data, source)
    for post in root.iter("div"):
        number = post.get("data-post")
        if not number or "tgme_widget_message" not in (post.get("class") or "").split():
            continue
        body = next((item for item in post.iter("div") if _has_class(item, "tgme_widget_message_text")), None)
        if body is None or not title.search(_heading(body)):
            continue
        moment = next((item.get("datetime") for item in post.iter("time") if item.get("datetime")), None)
        try:
            posted = datetime.fromisoformat(moment or "")
        except ValueError as error:
            raise Malformed(source, f"a post without its time: {moment!r}", f"post {number}") from error
        if posted.tzinfo is None:
            raise Malformed(source, "a post without a time zone", f"post {number}")
        yield Message(markup.text(body), posted.astimezone(MOSCOW).date(), f"post {number}", True)


def _has_class(element: HtmlElement, name: str) -> bool:
    return name in (element.get("class") or "").split()


def _heading(body: HtmlElement) -> str:
    """The first bold words that are not a picture of an emoji."""
    for bold in body.iter("b"):
        words = markup.text(bold)
        pictured = any(_has_class(item, "emoji") or item.tag == "tg-emoji" for item in bold.iterancestors())
        if words and not pictured:
            return words
    return ""


def amount(text: str, source: str, place: str, shift: int = 0) -> numbers.Figure:
    """A number found by `NUMBER`. Raises Malformed."""
    try:
        found = numbers.figure(text, ",", shift)
    except ValueError as error:
        raise Malformed(source, str(error), place) from error
    if found is None:
        raise Malformed(source, "a number is missing", place)
    return found


def agree(source: str, place: str, what: str, left: float, right: float, tolerance: float) -> None:
    """Raises Malformed when two figures of one message contradict each other."""
    if abs(left - right) > tolerance + 1e-9:
        raise Malformed(source, f"{what}: {left:g} and {right:g} do not agree", place, "read the message")
