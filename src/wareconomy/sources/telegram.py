"""Public previews of Telegram channels (t.me/s/CHANNEL): posts with their text, time, edit mark and a stable hash.

A page shows about twenty posts, oldest first. Views, tokens and the page's own stamp change on every
read, so a post's hash is made of what was said and nothing else. Texts belong to their authors: they
stay local, and nothing in them is trusted. An album is one post whose other numbers are gaps; a deleted
post leaves no trace, so two readings are compared.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit

from wareconomy.sources import telegram_page
from wareconomy.sources.source import Ask, Document, Malformed, Post, Reading, Row

BASE = "https://t.me/s/"
MAX_BYTES = 5_000_000
SPAN = timedelta(hours=6)
NAME = re.compile(r"(latest|before-(\d+)|after-(\d+))(?:-since-(\d{4}-\d{2}-\d{2}))?")
BLANK = re.compile(r"\s+")


@dataclass(slots=True)
class Channel:
    """One channel. `figures` reads numbers out of a post, where the channel prints some."""

    id: str
    channel: str
    figures: Callable[[Post], Iterable[Reading]] | None = None
    any_series: bool = True
    reach: timedelta = SPAN

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The newest page; `follow` goes back from it, with `since` as far as that day."""
        yield self._ask(f"latest-since-{since.isoformat()}" if since else "latest", {})

    def older(self, document: Document) -> Ask | None:
        """The page before this one; None on the first page of the channel."""
        page = self._page(document)
        return (
            self._ask(f"before-{page.before}{_tail(document)}", {"before": str(page.before)})
            if page.before
            else None
        )

    def newer(self, document: Document) -> Ask | None:
        """The page after this one, from its newest post on; None when it holds no post."""
        page = self._page(document)
        if not page.blocks:
            return None
        newest = max(block.number for block in page.blocks)
        return self._ask(f"after-{newest}{_tail(document)}", {"after": str(newest)})

    def follow(self, document: Document) -> Iterable[Ask]:
        """The page before, while this one's oldest post is not older than the span asked for.

        Without `since` the span is six hours before the newest post of the newest page was read: a night of alarms
        writes more than a page an hour. A page that was asked for by `after` leads to the next newer one.
        """
        named = NAME.fullmatch(document.name)
        page = self._page(document)
        if not named or not page.blocks:
            return
        if named[3]:
            following = self.newer(document)
        else:
            since = (
                datetime.fromisoformat(named[4]).replace(tzinfo=UTC)
                if named[4]
                else document.retrieved_at - SPAN
            )
            oldest = min(block.posted_at for block in page.blocks)
            following = self.older(document) if oldest >= since else None
        if following:
            yield following

    def _ask(self, name: str, params: dict[str, str]) -> Ask:
        return Ask(
            name,
            BASE + self.channel,
            params=params,
            media=("text/html",),
            marker=b"tgme_channel_info",
            refuse=(b"tgme_page_context_link", b'class="err_message"'),
            max_bytes=MAX_BYTES,
            volatile=True,
        )

    def read(self, document: Document) -> Iterator[Row]:
        """Posts, oldest first, each followed by the figures read out of it."""
        for post in self.posts(document):
            yield post
            if self.figures:
                yield from self.figures(post)

    def posts(self, document: Document) -> list[Post]:
        """The posts of a page, by number. Service posts ("channel created") are no posts."""
        blocks = {block.number: block for block in self._page(document).blocks if not block.service}
        return [
            Post(
                channel=self.channel,
                number=number,
                posted_at=block.posted_at,
                text=block.text,
                edited=block.edited,
                url=f"https://t.me/{self.channel}/{number}",
                stable_hash=stable_hash(block.text, block.forwarded_from, block.media),
                locator=f"post {number}",
            )
            for number, block in sorted(blocks.items())
        ]

    def _page(self, document: Document) -> telegram_page.Page:
        path = urlsplit(document.url).path
        if path and not path.lower().startswith(f"/s/{self.channel.lower()}"):
            raise Malformed(
                self.id, f"sent on to {path[:80]}", advice="the preview of this channel is switched off"
            )
        if len(document.data) > MAX_BYTES:
            raise Malformed(self.id, f"{len(document.data):,} bytes, more than a page has")
        page = telegram_page.parse(self.id, document.data)
        strange = [block.channel for block in page.blocks if block.channel.lower() != self.channel.lower()]
        if strange:
            raise Malformed(self.id, f"a post of another channel, {strange[0][:60]!r}")
        return page


def stable_hash(text: str, forwarded_from: str = "", media: str = "") -> str:
    """SHA-256 of what a post says: its words in one Unicode form with blanks as single spaces, whom it forwards, and
    the kinds of its media. Views, tokens, addresses of pictures and the edit mark are not in it."""
    words = BLANK.sub(" ", unicodedata.normalize("NFC", text)).strip()
    return hashlib.sha256("\x1f".join((words, forwarded_from, media)).encode()).hexdigest()


def vanished(earlier: Sequence[Post], later: Sequence[Post]) -> list[Post]:
    """Posts of the earlier reading that the later one should show and does not: deleted, or withdrawn.

    Only the span of numbers that the later reading covers without leaving its page counts; a post beyond it may
    simply be on another page.
    """
    if not later:
        return []
    numbers = {post.number for post in later}
    first, last = min(numbers), max(numbers)
    return [post for post in earlier if first <= post.number <= last and post.number not in numbers]


def altered(earlier: Sequence[Post], later: Sequence[Post]) -> list[tuple[Post, Post]]:
    """Pairs of posts whose words changed between two readings, whether or not they carry the edit mark."""
    now = {post.number: post for post in later}
    return [
        (post, now[post.number])
        for post in earlier
        if post.number in now and now[post.number].stable_hash != post.stable_hash
    ]


def _tail(document: Document) -> str:
    """`-since-…` of a document's name, carried on from page to page."""
    named = NAME.fullmatch(document.name)
    return f"-since-{named[4]}" if named and named[4] else ""
