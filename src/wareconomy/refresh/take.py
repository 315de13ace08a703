"""One document on its way in: asked for (or handed in), judged, read, kept, and receipted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

from wareconomy.collect import accept
from wareconomy.collect.archive import Archive
from wareconomy.collect.ask import Ask
from wareconomy.collect.body import Body
from wareconomy.collect.client import Client, Validators
from wareconomy.collect.receipts import DOCUMENT, NOTHING, UNCHANGED, Receipt, now
from wareconomy.errors import CollectError, WareconomyError, shorten
from wareconomy.sources import reading
from wareconomy.sources.reading import Read, Reader
from wareconomy.sources.registry import Registered
from wareconomy.sources.source import Source


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one ask: its receipt, the rows of the document when it is new, and what it names further."""

    receipt: Receipt
    read: Read | None = None
    follows: tuple[Ask, ...] = ()
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Desk:
    """Everything that taking a document needs."""

    registered: Registered
    source: Source
    archive: Archive
    reader: Reader
    today: date

    def fetch(self, client: Client, ask: Ask) -> Taken:
        """Ask the publisher. Whatever goes wrong is receipted first and then raised."""
        started = now(self.today)
        last = self._last(ask)
        validators = None
        if last and last.url == shown(ask) and ask.method == "GET":
            check = self.archive.receipts.last_check(self.registered.id, ask.name)
            newest = (
                check
                if check and check.sha256 == last.sha256 and (check.etag or check.last_modified)
                else last
            )
            validators = Validators(newest.etag, newest.last_modified)
        try:
            answer = client.fetch(ask, self.archive.incoming(), validators)
            base = Receipt(
                self.registered.id, ask.name, shown(ask), started, started, UNCHANGED, status=answer.status,
                final_url=answer.url if answer.url != shown(ask) else None, hops=len(answer.hops),
                media_type=answer.media_type, etag=answer.etag, last_modified=answer.last_modified, seconds=answer.seconds,
            )  # fmt: skip
            if answer.unchanged:
                if last is None or validators is None:
                    raise CollectError("304, not modified, to a question without conditions")
                return self._same(base, last, ask, "")
            if answer.body is None:
                return self._nothing(base, last)
            return self._judge(ask, answer.body, base, last)
        except CollectError as error:
            said = client.secrets.clean(str(error))
            self._record(Receipt(
                self.registered.id, ask.name, shown(ask), started, started, type(error).__name__,
                last.sha256 if last else None, note=shorten(said, 300),
            ))  # fmt: skip
            raise type(error)(said) from None

    def kept(self, ask: Ask) -> Taken | None:
        """The document of an ask that never changes and is kept already; nobody is asked for it again."""
        last = self._last(ask) if ask.once else None
        return Taken(_with(last, outcome=UNCHANGED), None, *self._again(ask, last)) if last else None

    def hand_in(self, ask: Ask, file: Path, url: str, retrieved_at: str) -> Taken:
        """Take a file saved by hand: the same judgement, without a header to judge."""
        import hashlib
        import shutil

        spool = self.archive.incoming() / f"drop-in-{hashlib.sha256(str(file).encode()).hexdigest()[:16]}"
        shutil.copyfile(file, spool)
        data = spool.read_bytes()
        media = ask.media[0] if len(ask.media) == 1 else ""
        base = Receipt(
            self.registered.id,
            ask.name,
            url or shown(ask),
            now(),
            retrieved_at,
            DOCUMENT,
            via="drop-in",
            media_type=media,
        )
        body = Body(spool, hashlib.sha256(data).hexdigest(), len(data), len(data))
        last = next(
            (item for item in reversed(self.archive.receipts.came(self.registered.id))
             if item.ask == ask.name and item.retrieved_at <= retrieved_at),
            None,
        )  # fmt: skip
        return self._judge(ask, body, base, last, handed_in=True)

    def _judge(
        self, ask: Ask, body: Body, base: Receipt, last: Receipt | None, handed_in: bool = False
    ) -> Taken:
        try:
            if not accept.body(body.path, body.size, base.media_type, ask, base.status or 200, not handed_in):
                return self._nothing(base, last)
            if last and last.sha256 == body.sha256:
                return self._same(base, last, ask, "")
            fresh = _with(base, outcome=DOCUMENT, sha256=body.sha256, size=body.size)
            data = body.path.read_bytes()
            made = reading.read(self.registered, reading.document(fresh, data))
            follows, fault = self._follow(fresh, data)
            volatile = ask.volatile or "html" in base.media_type
            if (
                volatile
                and last
                and not (made.error or fault)
                and self._says_the_same(ask, made, follows, last)
            ):
                return self._same(base, last, ask, "other bytes, the same rows")
            if not (made.error or fault or made.rows or follows or ask.rowless):
                if ask.empty_ok:
                    return self._nothing(base, last)
                fault = f"{self.registered.id}: {ask.name} holds no rows, though it should"
            self.archive.keep(body.path, body.sha256)
            receipt = _with(fresh, follows=len(follows), note=shorten(made.error or fault, 300))
            self._record(receipt)
            self.reader.keep(self.registered, receipt, made)
            return Taken(receipt, made, follows, made.error or fault)
        finally:
            body.path.unlink(missing_ok=True)

    def _last(self, ask: Ask) -> Receipt | None:
        last = self.archive.receipts.last_document(self.registered.id, ask.name)
        return last if last and last.sha256 and self.archive.has(last.sha256) else None

    def _says_the_same(self, ask: Ask, made: Read, follows: tuple[Ask, ...], last: Receipt) -> bool:
        before = self.reader.one(self.registered, last)
        if before.error or before.content() != made.content():
            return False
        if not (made.rows or follows or ask.rowless):
            return False
        return not last.follows or follows == self._follow(last, self.archive.read(last.sha256 or ""))[0]

    def _same(self, base: Receipt, last: Receipt, ask: Ask, note: str) -> Taken:
        receipt = _with(
            base, outcome=UNCHANGED, sha256=last.sha256, etag=base.etag or last.etag,
            last_modified=base.last_modified or last.last_modified, follows=last.follows, note=note,
        )  # fmt: skip
        self._record(receipt)
        return Taken(receipt, None, *self._again(ask, last))

    def _again(self, ask: Ask, last: Receipt) -> tuple[tuple[Ask, ...], str]:
        """What a document kept before names, and what is wrong with it."""
        follows: tuple[Ask, ...] = ()
        fault = ""
        if last.follows:
            follows, fault = self._follow(last, self.archive.read(last.sha256 or ""))
        if last.note:
            # It could not be used when it came; a newer parser may do better.
            made = self.reader.one(self.registered, last)
            fault = made.error or fault or ("" if made.rows or follows or _may_be_bare(ask) else last.note)
        return follows, fault

    def _nothing(self, base: Receipt, last: Receipt | None) -> Taken:
        receipt = _with(base, outcome=NOTHING, sha256=last.sha256 if last else None)
        self._record(receipt)
        return Taken(receipt)

    def _follow(self, receipt: Receipt, data: bytes) -> tuple[tuple[Ask, ...], str]:
        """Asks the document names, and what went wrong in finding them."""
        try:
            return tuple(self.source.follow(reading.document(receipt, data))), ""
        except WareconomyError as error:
            return (), str(error)
        except Exception as error:
            return (
                (),
                f"{self.registered.id}: {receipt.ask}: {type(error).__name__}: {shorten(str(error), 200)}",
            )

    def _record(self, receipt: Receipt) -> None:
        self.archive.record(receipt)


def _with(receipt: Receipt, **facts: object) -> Receipt:
    from dataclasses import replace

    return replace(receipt, **facts)  # type: ignore[arg-type]


def _may_be_bare(ask: Ask) -> bool:
    return ask.empty_ok or ask.rowless


def shown(ask: Ask) -> str:
    """The address of an ask as it may be written down: places of secrets stay places."""
    if not ask.params:
        return ask.url
    mark = "&" if "?" in ask.url else "?"
    return ask.url + mark + urlencode(ask.params, safe="{}:*/,")


def matching(asks: Sequence[Ask], file: Path, url: str = "") -> list[Ask]:
    """The asks a file handed in may answer: by address when that is one of theirs, else by what it holds."""
    by_address = [ask for ask in asks if url and (shown(ask) == url or ask.url == url)]
    if by_address:
        return by_address
    found = []
    for ask in asks:
        try:
            if accept.body(file, file.stat().st_size, "", ask, checked_media=False):
                found.append(ask)
        except CollectError:
            continue
    return found
