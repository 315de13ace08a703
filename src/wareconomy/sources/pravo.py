"""New Russian acts from the official portal: those whose names hold a watched word become candidates for `acts`.

The server drops parameters it does not know and then answers with everything, so each answer is held against its
question: every act must be of the type, authority and days asked for. The portal speaks plain HTTP only.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from urllib.parse import parse_qs, urlencode, urlsplit

from wareconomy.catalog.load import HERE
from wareconomy.sources import jsons, numbers
from wareconomy.sources.jsons import Item
from wareconomy.sources.source import Ask, Candidate, Document, Malformed, since_name

API = "http://publication.pravo.gov.ru/api/Documents"
VIEW = "http://publication.pravo.gov.ru/Document/View/"
LAW, DECREE = "82a8bf1c-3bc7-47ed-827f-7affd43a7f27", "0790e34b-784b-4372-884e-3282622a24bd"
RESOLUTION, ORDER = "fd5a8766-f6fd-4ac2-8fd9-66f414d314ac", "7ff5b3b5-3757-44f1-bb76-3766cabe3593"
PRESIDENT, GOVERNMENT = "225698f1-cfbc-4e42-9caa-32f9f7403211", "8005d8c9-4b6d-48d3-861a-2a37e69fccb3"
BANK = "28f01466-a630-4a8d-8478-944896e73d2a"
WATCHED = {
    "federal-laws": {"DocumentTypeId": LAW},
    "decrees": {"DocumentTypeId": DECREE, "SignatoryAuthorityId": PRESIDENT},
    "resolutions": {"DocumentTypeId": RESOLUTION, "SignatoryAuthorityId": GOVERNMENT},
    "orders": {"DocumentTypeId": ORDER, "SignatoryAuthorityId": GOVERNMENT},
    "bank": {"SignatoryAuthorityId": BANK},
}
FIELDS = {"DocumentTypeId": "documentTypeId", "SignatoryAuthorityId": "signatoryAuthorityId"}
EVERYTHING = 500_000
"""The portal holds 1.6 million acts; no question asked here has an answer of this size."""
MAX_PAGES = 40
EO_NUMBER = re.compile(r"\d{4}(\d{4})(\d{2})(\d{2})\d{4}")
KINDS = {
    LAW: ("federal_law", "ru-{number}-fz-{year}"),
    DECREE: ("presidential_decree", "ru-decree-{number}-{year}"),
    RESOLUTION: ("government_resolution", "ru-resolution-{number}-{year}"),
    ORDER: ("government_order", "ru-order-{number}-{year}"),
}


@dataclass(frozen=True, slots=True)
class Watch:
    """One subject: the patterns that make an act a candidate, and those that do not."""

    category: str
    patterns: tuple[re.Pattern[str], ...]
    unless: tuple[re.Pattern[str], ...]

    def match(self, name: str) -> str | None:
        """The words of the name that fit, if any."""
        for pattern in self.unless:
            name = pattern.sub(" ", name)
        return next((found[0] for pattern in self.patterns if (found := pattern.search(name))), None)


@cache
def watches() -> tuple[Watch, ...]:
    """The watch list of `catalog/watch_words.toml`."""
    listed = tomllib.loads((HERE / "watch_words.toml").read_text(encoding="utf-8"))["watch"]
    return tuple(
        Watch(entry["category"], _patterns(entry["words"]), _patterns(entry.get("unless", [])))
        for entry in listed
    )


class Acts:
    """`Documents` by type, authority and day of publication."""

    id = "ru_law"
    reach = timedelta(days=13)

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The first page of each watched kind, for the last two weeks or since a day."""
        first = since or today - timedelta(days=14)
        for name, filters in WATCHED.items():
            yield _ask(
                since_name(f"acts-{name}", since),
                {**filters, **_span(first, today), "PageSize": "200", "Index": "1"},
            )

    def follow(self, document: Document) -> Iterable[Ask]:
        """The next page of the same question."""
        answer, asked = self._answer(document), _asked(document)
        page, pages = answer.get("currentPage"), answer.get("pagesTotalCount")
        if not asked or not isinstance(page, int) or not isinstance(pages, int) or page >= pages:
            return
        self._verify(answer, asked)
        if page >= MAX_PAGES:
            raise Malformed(self.id, f"more than {MAX_PAGES} pages", advice="ask for fewer days with --since")
        name = document.name.split("-page-")[0]
        yield _ask(f"{name}-page-{page + 1}", {**asked, "Index": str(page + 1)})

    def read(self, document: Document) -> Iterator[Candidate]:
        """Candidates, in the order served."""
        answer, asked = self._answer(document), _asked(document)
        self._verify(answer, asked)
        for index, item in enumerate(jsons.member(answer, "items", self.id)):
            candidate = _candidate(item, f"/items/{index}")
            if candidate:
                yield candidate

    def _answer(self, document: Document) -> Item:
        answer = jsons.parse(document, self.id)
        jsons.member(answer, "items", self.id)
        return dict(answer)

    def _verify(self, answer: Item, asked: Mapping[str, str]) -> None:
        """Holds every act against the question, and the size of the answer against everything there is."""
        total = answer.get("itemsTotalCount")
        if not isinstance(total, int) or total < 0:
            raise Malformed(self.id, "no itemsTotalCount in the answer")
        if asked and total > EVERYTHING:
            raise Malformed(self.id, f"{total:,} acts: the server has dropped the filter")
        first, last = _days(asked)
        for index, item in enumerate(jsons.member(answer, "items", self.id)):
            place = f"/items/{index}"
            for parameter, field in FIELDS.items():
                if parameter in asked and item.get(field) != asked[parameter]:
                    what = f"an act with another {field} than asked: the server has dropped the filter"
                    raise Malformed(self.id, what, place)
            day = _day(item, "publishDateShort", place)
            if (first and day < first) or (last and day > last):
                what = f"published on {day}, outside of what was asked: the server has dropped the filter"
                raise Malformed(self.id, what, place)


def _candidate(item: Item, place: str) -> Candidate | None:
    """The act as a row for a person to complete, or None when no watched word is in its name."""
    kind, form = KINDS.get(str(item.get("documentTypeId")), ("", ""))
    authority = item.get("signatoryAuthorityId")
    if authority == BANK:
        kind, form = "bank_instruction", ""
    elif not kind or (kind != "federal_law" and authority not in {PRESIDENT, GOVERNMENT}):
        return None
    name = jsons.text(item, "name", Acts.id, place)
    found = next(((watch, words) for watch in watches() if (words := watch.match(_plain(name)))), None)
    if not found:
        return None
    watch, words = found
    number = jsons.text(item, "number", Acts.id, place)
    eo = jsons.text(item, "eoNumber", Acts.id, place)
    signed, published = _day(item, "documentDate", place), _day(item, "publishDateShort", place)
    printed = EO_NUMBER.fullmatch(eo)
    if not printed or "-".join(printed.groups()) != published.isoformat() or signed > published:
        raise Malformed(Acts.id, f"{eo}: signed {signed}, published {published} do not fit", place)
    digits = re.match(r"\d+", number)
    cells = {
        "act": form.format(number=digits[0], year=signed.year) if form and digits else "",
        "jurisdiction": "ru",
        "act_type": kind,
        "number": number,
        "number_verified": "yes",
        "title_original": " ".join(name.strip().strip('"').split()),
        "signed_on": signed.isoformat(),
        "stage": "signed",
        "category": watch.category,
        "official_url": f"{VIEW}{eo}",
        "publisher": "Official portal of legal information",
        "source_url": f"{VIEW}{eo}",
        "published_on": published.isoformat(),
        "confidence": "primary",
    }
    return Candidate("acts", cells, place, f"{watch.category}: {words}")


def _ask(name: str, params: Mapping[str, str]) -> Ask:
    return Ask(
        name=name,
        url=f"{API}?{urlencode(params)}",
        media=("application/json", "text/json"),
        first=(b"{", b"\xef\xbb\xbf{"),
        marker=b"itemsTotalCount",
        refuse=(b"<html", b"<!DOCTYPE"),
        hosts=("publication.pravo.gov.ru",),
        rowless=True,
    )


def _span(first: date, last: date) -> dict[str, str]:
    return {"PublishDateFrom": f"{first:%d.%m.%Y}", "PublishDateTo": f"{last:%d.%m.%Y}"}


def _asked(document: Document) -> dict[str, str]:
    """The question an answer belongs to, from its address; empty for a file handed in without one."""
    return {name: values[-1] for name, values in parse_qs(urlsplit(document.url).query).items()}


def _days(asked: Mapping[str, str]) -> tuple[date | None, date | None]:
    try:
        first, last = (
            numbers.day_first(asked[name]) if name in asked else None
            for name in ("PublishDateFrom", "PublishDateTo")
        )
    except ValueError as error:
        raise Malformed(Acts.id, f"the question's days: {error}") from error
    return first, last


def _day(item: Item, name: str, place: str) -> date:
    try:
        return date.fromisoformat(jsons.text(item, name, Acts.id, place)[:10])
    except ValueError as error:
        raise Malformed(Acts.id, f"{name}: {error}", place) from error


def _plain(name: str) -> str:
    return " ".join(name.lower().replace("ё", "е").split())


def _patterns(words: list[str]) -> tuple[re.Pattern[str], ...]:
    """Each entry is beginnings of words that follow one another."""
    return tuple(
        re.compile(r"\b" + r"[\w-]* ".join(map(re.escape, entry.split())) + r"[\w-]*") for entry in words
    )


SOURCE = Acts()
