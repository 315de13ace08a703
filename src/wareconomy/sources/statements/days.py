"""Days and spans in one sentence: which day it was said, and which period a figure is about.

The page's own date is only a point of reference: it gives a year that the text leaves out, and every span made with its
help is marked as assumed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache

from wareconomy.sources.numbers import next_month
from wareconomy.sources.statements import gazetteer

ONE = timedelta(days=1)
WEEK = 7
YEAR = r"(?:19|20)[0-9]{2}"
YEAR_WORD = r"(?:\s*(?:года|году|год|року|рік|р\.|г\.))?"
OF_DAY = re.compile(r"(?:\bза|\bof)\s+$", re.IGNORECASE)
NIGHT_TO = re.compile(
    r"(?:ніч на|ночь на|ночі на|ночи на|overnight into|overnight to|the night (?:of|into|to)|night to)\s+$",
    re.IGNORECASE,
)
SINCE = re.compile(
    r"(?:since|from|с|со|з|із|від|от)\s+(?:(?:the )?(?:start|beginning) of\s+|начала\s+|початку\s+)?$",
    re.IGNORECASE,
)
WITHIN = re.compile(
    r"(?:\b(?:in|during|for|throughout|за|у|в|во|протягом|упродовж|в течение)\s+"
    r"(?:the month of\s+|early\s+|late\s+|місяць\s+|месяц\s+)?|"
    r"^\W*(?:the\s+)?)$",
    re.IGNORECASE,
)
ON = re.compile(r"(?:\bon|\bв|\bво|\bу)\s+(?:the\s+)?$", re.IGNORECASE)
PLACE = re.compile(r"(?:[^\W\d_][\w.'’ /-]{1,40},\s*)?", re.UNICODE)
DASH = re.compile(r"\s*(?:\([^()]{1,40}\)\s*)?[-–—]\s*\S")
DATELINE_LINES, DATELINE_REACH = 5, 70
"""First lines of an article, and characters of each, in which a wire's place and day stand."""
NEXT = re.compile(r"(?:-|–|—|\bto|\band|\bи|\bі|\bта|\bдо)\s*$")


@dataclass(frozen=True, slots=True)
class Span:
    """First and last day, the place in the sentence, and whether the page's date had to help."""

    first: date
    last: date
    start: int
    end: int
    assumed: bool
    role: str = ""

    def text(self) -> str:
        """`2025-12-01..2025-12-29`, or one day."""
        return self.first.isoformat() if self.first == self.last else f"{self.first}..{self.last}"


@cache
def _months() -> str:
    return "|".join(
        f"(?P<m{number}>{forms})" for number, forms in enumerate(gazetteer.calendar()["months"], 1)
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    months, flags = _months(), re.IGNORECASE
    days = "|".join(
        f"(?P<w{number}>{forms})" for number, forms in enumerate(gazetteer.calendar()["weekdays"])
    )
    return {
        "day_month": re.compile(
            rf"(?<![\w.,-])(?P<d>[0-3]?[0-9])(?:st|nd|rd|th|-го)?\s+(?:of\s+)?(?:{months})\.?(?!\w)"
            rf"(?:,?\s+(?P<y>{YEAR})(?![0-9]){YEAR_WORD})?",
            flags,
        ),
        "month_day": re.compile(
            rf"(?<!\w)(?:{months})\.?\s+(?P<d>[0-3]?[0-9])(?:st|nd|rd|th)?(?![\w,.]*[0-9]{{3}}|[0-9])"
            rf"(?:,?\s+(?P<y>{YEAR})(?![0-9]))?(?!\s*(?:%|percent|drones|missiles))",
            flags,
        ),
        "digits": re.compile(rf"(?<![\w.])(?P<d>[0-3]?[0-9])\.(?P<n>[01]?[0-9])\.(?P<y>{YEAR})(?![\w])"),
        "iso": re.compile(rf"(?<![\w-])(?P<y>{YEAR})-(?P<n>[01][0-9])-(?P<d>[0-3][0-9])(?![\w-])"),
        "month": re.compile(
            rf"(?<!\w)(?:{months})\.?(?!\w)(?:,?\s+(?:of\s+)?(?P<y>{YEAR})(?![0-9]){YEAR_WORD})?", flags
        ),
        "year": re.compile(rf"(?<![\w.,-])(?P<y>{YEAR})(?![\w,-]|\.[0-9]){YEAR_WORD}", flags),
        "weekday": re.compile(rf"(?<!\w)(?:{days})(?!\w)", flags),
    }


def _month(match: re.Match[str]) -> int:
    return next(
        int(name[1:])
        for name, found in match.groupdict().items()
        if name[0] == "m" and name[1:].isdigit() and found
    )


def days(plain: str, reference: date | None) -> list[Span]:
    """Every single day that is named, in the order of the text; without a year, the last such day before the reference."""
    found: list[Span] = []
    taken: list[tuple[int, int]] = []
    for kind in ("iso", "digits", "day_month", "month_day", "weekday"):
        for match in _patterns()[kind].finditer(plain):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            if match.start() and _of_dateline(plain, match):
                taken.append((match.start(), match.end()))  # when the report was sent, not what it is about
                continue
            made = _weekday(match, plain, reference) if kind == "weekday" else _day(match, reference)
            if made:
                found.append(made)
                taken.append((match.start(), match.end()))
    if reference:
        for words, back in (("today", 0), ("yesterday", 1)):
            for match in gazetteer.span_words(words).finditer(plain):
                day = reference - back * ONE
                found.append(Span(day, day, match.start(), match.end(), True))
    return sorted(found, key=lambda item: item.start)


def dateline(text: str) -> date | None:
    """The day a wire prints before its report (`KYIV, Dec 29, 2025 (Reuters) -`); None without a year."""
    for line in text.split("\n")[:DATELINE_LINES]:
        for kind in ("iso", "digits", "day_month", "month_day"):
            match = _patterns()[kind].search(line, 0, DATELINE_REACH)
            if match and match["y"] and _of_dateline(line, match):
                made = _day(match, None)
                return made.first if made else None
    return None


def _of_dateline(line: str, match: re.Match[str]) -> bool:
    return bool(PLACE.fullmatch(line[: match.start()]) and DASH.match(line, match.end()))


def _day(match: re.Match[str], reference: date | None) -> Span | None:
    parts = match.groupdict()
    month = int(parts["n"]) if parts.get("n") else _month(match)
    year, assumed = parts.get("y"), not parts.get("y")
    try:
        if year:
            day = date(int(year), month, int(parts["d"]))
        elif reference:
            day = date(reference.year, month, int(parts["d"]))
            if day > reference + ONE:
                day = day.replace(year=day.year - 1)
        else:
            return None
    except ValueError:
        return None
    return Span(day, day, match.start(), match.end(), assumed)


def _weekday(match: re.Match[str], plain: str, reference: date | None) -> Span | None:
    if reference is None or not ON.search(plain[: match.start()]):
        return None
    number = next(int(name[1:]) for name, found in match.groupdict().items() if found)
    day = reference - ((reference.weekday() - number) % WEEK) * ONE
    return Span(day, day, match.start(), match.end(), True)


def said(plain: str, reference: date | None) -> Span | None:
    """The day on which the sentence says that it was said, ordered or signed; None when it names none.

    A day belongs to the speaking when the last telling word before it is one of speaking or of law and not of what
    happened on the ground.
    """
    for day in days(plain, reference):
        before = plain[: day.start]
        if NIGHT_TO.search(before) or SINCE.search(before) or re.search(r"\bза\s+$", before):
            continue
        spoken = max(
            _last("said", before), _last("law", before), _last("ordered", before), _last("denied", before)
        )
        happened = max(_last("control", before), _last("struck", before), _last("losses", before))
        if spoken > happened or (spoken == happened and _speaks_next(plain, day.end)):
            return day
    return None


def _speaks_next(plain: str, start: int) -> bool:
    """Whether the next telling word is one of speaking: `On Friday Putin said`, and not `On Friday drones attacked`."""
    told = [
        place for name in ("said", "law", "ordered", "denied") if (place := _first(name, plain, start)) >= 0
    ]
    happened = [
        place for name in ("control", "struck", "losses") if (place := _first(name, plain, start)) >= 0
    ]
    return min(told, default=len(plain)) < min(happened, default=len(plain))


def _last(cue: str, text: str) -> int:
    return max((match.start() for match in gazetteer.cue(cue).finditer(text)), default=-1)


def _first(cue: str, text: str, start: int) -> int:
    found = gazetteer.cue(cue).search(text, start)
    return found.start() if found else -1


def period(plain: str, at: int, reference: date | None, spoken: Span | None, ahead: bool) -> Span | None:
    """The span nearest to the place of a figure; None when the sentence names none."""
    close = spoken.first if spoken else reference
    assumed = spoken is None or spoken.assumed
    found = [item for item in _spans(plain, close, assumed, spoken, ahead) if item.first <= item.last]
    exact = [item for item in found if item.role != "year"] or found
    return min(exact, key=lambda item: abs(item.start - at), default=None)


def _spans(plain: str, close: date | None, assumed: bool, spoken: Span | None, ahead: bool) -> Iterator[Span]:
    taken: list[tuple[int, int]] = [(spoken.start, spoken.end)] if spoken else []
    for day in days(plain, close):
        if spoken and day.start == spoken.start:
            continue
        before = plain[: day.start]
        taken.append((day.start, day.end))
        if NIGHT_TO.search(before):
            yield Span(day.first - ONE, day.last, day.start, day.end, day.assumed)
        elif SINCE.search(before):
            if close:
                yield Span(day.first, close, day.start, day.end, assumed)
        elif not NEXT.search(before):
            yield day
    yield from _months_and_years(plain, close, assumed, taken, ahead)
    if close:
        yield from _words(plain, close, assumed)


def _months_and_years(
    plain: str, close: date | None, assumed: bool, taken: list[tuple[int, int]], ahead: bool
) -> Iterator[Span]:
    months = [match for match in _patterns()["month"].finditer(plain) if not _inside(match, taken)]
    for index, match in enumerate(months):
        neighbours = [*months[:index], *months[index + 1 :]]
        if any(
            NEXT.fullmatch(plain[a.end() : b.start()].strip() or "x") for a, b in _pairs(match, neighbours)
        ):
            continue  # two months joined: a longer span than either
        first = _month_start(match, close, ahead)
        before = plain[: match.start()]
        if first is None or not (SINCE.search(before) or WITHIN.search(before)):
            continue
        taken.append((match.start(), match.end()))
        if SINCE.search(before) and close:
            yield Span(first, close, match.start(), match.end(), assumed)
        elif not SINCE.search(before):
            last = next_month(first) - ONE
            part = close is not None and not ahead and first <= close < last
            yield Span(
                first, close if part and close else last, match.start(), match.end(), part or not match["y"]
            )
    for match in _patterns()["year"].finditer(plain):
        before = plain[: match.start()]
        if _inside(match, taken) or not (SINCE.search(before) or WITHIN.search(before)):
            continue
        first, last = date(int(match["y"]), 1, 1), date(int(match["y"]), 12, 31)
        part = close is not None and first <= close < last and not ahead
        if SINCE.search(before) and close:
            yield Span(first, close, match.start(), match.end(), assumed)
        else:
            yield Span(first, close if part and close else last, match.start(), match.end(), part, "year")


def _pairs(
    match: re.Match[str], others: list[re.Match[str]]
) -> Iterator[tuple[re.Match[str], re.Match[str]]]:
    for other in others:
        yield (match, other) if match.start() < other.start() else (other, match)


def _inside(match: re.Match[str], taken: list[tuple[int, int]]) -> bool:
    return any(match.start() < end and start < match.end() for start, end in taken)


def _month_start(match: re.Match[str], close: date | None, ahead: bool) -> date | None:
    month = _month(match)
    if match["y"]:
        return date(int(match["y"]), month, 1)
    if close is None:
        return None
    first = date(close.year, month, 1)
    if first > close and not ahead:
        return first.replace(year=close.year - 1)
    return first


def _words(plain: str, close: date, assumed: bool) -> Iterator[Span]:
    """Spans named by words: overnight, this year, since the start of the war."""
    start_of_month = close.replace(day=1)
    known = {
        "night": (close - ONE, close),
        "day": (close - ONE, close),
        "year_so_far": (date(close.year, 1, 1), close),
        "month_so_far": (start_of_month, close),
        "last_month": ((start_of_month - ONE).replace(day=1), start_of_month - ONE),
        "last_year": (date(close.year - 1, 1, 1), date(close.year - 1, 12, 31)),
        "war_so_far": (date.fromisoformat(gazetteer.calendar()["spans"]["war_began"]), close),
    }
    for name, (first, last) in known.items():
        for match in gazetteer.span_words(name).finditer(plain):
            if not (name == "night" and re.match(r" (?:на|into|to|of) ", plain[match.end() :])):
                whole = name in {"last_month", "last_year"}
                role = "year" if name == "last_year" else ""
                yield Span(first, last, match.start(), match.end(), assumed if not whole else True, role)
