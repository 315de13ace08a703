"""Numbers with a unit in one sentence: digits and words, scales, bounds, ranges; what is not surely a number is not read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from wareconomy.sources.statements import gazetteer
from wareconomy.sources.statements.gazetteer import Unit

DIGITS = r"[0-9]{1,3}(?: [0-9]{3})+(?:[.,][0-9]+)?|[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|[0-9]{1,15}(?:[.,][0-9]{1,6})?"
NUMBER = re.compile(rf"(?<![\w.,:/№#+'-])(?P<digits>{DIGITS})(?:-(?:ти|ма|мя|ми|х|м)(?!\w))?(?![\d,.:/]*\d)")
NUMBERED = re.compile(
    r"(?:№|#|\b(?:No|no|number|page|pages|article|номер\w*|стор\w*|страниц\w*|стр|с|ст|школ\w*|статт\w*|стать\w*))\.?\s*$"
)
UNSURE = re.compile(r"(?:\b(?:half|пів|полтор\w*|півтор\w*|quarter)(?: a| of a)?\s*$)", re.IGNORECASE)
THREE_PLACES = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
"""Thousands for one reader and thousandths for another; read only where the language leaves no doubt."""
RANGE_WORD = re.compile(r"\s*(?P<sign>-|–|—|\bto\b|\band\b|\bдо\b|\bи\b|\bта\b|\bі\b)\s*$")
OF = re.compile(r"\s(?:of|out of|of the|із|з|из|зі)\s(?:the\s)?")
WEAPONS = {"drones", "missiles", "guided bombs"}
HITS = re.compile(r"(?:влучан\w+|попадан\w+|hits? (?:by|of)|impacts? of)\s*$", re.IGNORECASE)
"""Before the number of missiles that hit, which is not the number that was fired."""
LOOSE_END = re.compile(r"(?:[0-9]|\b(?:тис|тыс|млн|млрд|трлн|thousand|million|billion|bn|mn)\.?)\s*[-–—]\s*$")
"""Before the second number of something joined by a dash that was not read as a range."""
BETWEEN = re.compile(r"\b(?:between|между|між)\s+$", re.IGNORECASE)
FROM = re.compile(r"\b(?:from|от|від|с|з)\s+$", re.IGNORECASE)
CHANGED_TO = re.compile(
    r"\b(?:підвищ|зниж|збільш|зменш|повы[шс]|сниж|снизи|увелич|уменьш|вырос|зріс|зросл|возрос)\w*\s+(?:\w+\s+){0,2}до\s*$",
    re.IGNORECASE,
)
PER = re.compile(
    r"\s*(?:(?P<day>per day|a day|each day|every day|daily|на добу|на день|щодня|щодоби|в сутки|в день|ежедневно)|"
    r"(?P<month>per month|a month|each month|monthly|на місяць|щомісяця|в месяц|ежемесячно)|"
    r"(?P<other>per|a week|weekly|hourly|на тиждень|щотижня|в неделю|на рік|в год|year-on-year)(?!\w))",
    re.IGNORECASE,
)
RATES = {"km2 per day", "persons per month"}
"""Paces that the table claims has a unit for; another pace is never read as a total."""
ADJECTIVE = r"[а-яіїєґё'-]{2,}(?:их|ых|іх|ими|ыми|ого|его|ої|ої|ой|ий|ый|ій|ні|ные|ные|ие)"
QUOTED = r"[«\"“][\w -]{1,20}[»\"”]"
SAME_AREA = 0.04
"""How far the two numbers of `700 sq km (270 sq mi)` may lie apart and still be one."""
NAMES = {1: "", 1_000: " thousand", 1_000_000: " mn", 1_000_000_000: " bn", 1_000_000_000_000: " trn"}
TRILLION_OF = {"USD": " tn", "EUR": " tn"}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit: as printed, what it is in that unit, the bound, and its place in the sentence.

    `high` is the upper end of a range. `km2` is the same area in square kilometres. `code` is the unit's, for money with the
    scale ("RUB mn", and the value stays as printed). `was` is the value before (`from 20 to 22 percent`), `whole` marks the
    second number of `226 of 242 drones`.
    """

    value: float
    code: str
    unit: Unit
    bound: str
    start: int
    end: int
    high: float | None = None
    km2: float | None = None
    was: float | None = None
    whole: bool = False


@dataclass(frozen=True, slots=True)
class _Number:
    value: float
    start: int
    end: int


def figures(plain: str, language: str) -> list[Figure]:
    """Every number with a unit, in the order of the text, conversions in brackets dropped."""
    numbers = sorted([*_digits(plain, language), *_words(plain)], key=lambda item: item.start)
    found: list[Figure] = []
    skip: set[int] = set()
    for index, number in enumerate(numbers):
        if index in skip:
            continue
        pair = _range(plain, number, numbers[index + 1]) if index + 1 < len(numbers) else None
        if pair:
            skip.add(index + 1)
        made = _pair(plain, number, numbers[index + 1], pair) if pair else _with_unit(plain, number, number)
        if made:
            found.append(made)
    return _without_conversions(plain, found)


def _pair(plain: str, first: _Number, second: _Number, kind: str) -> Figure | None:
    """The figure of two numbers: a range, the new value of a change in a law, or the whole of which the first is a part."""
    if kind == "range":
        return _with_unit(plain, first, second)
    made = _with_unit(plain, second, second)
    if made and kind == "changed" and (made.unit.money or made.code == "percent"):
        return replace(made, was=first.value, bound="")
    if made and kind == "part" and made.code in WEAPONS:
        return replace(made, whole=True, bound="")
    return None


def _digits(plain: str, language: str) -> Iterator[_Number]:
    for match in NUMBER.finditer(plain):
        if NUMBERED.search(plain[: match.start()]):
            continue
        value = decimal(match["digits"], language)
        if value is not None:
            yield _Number(value, match.start(), match.end())


def decimal(digits: str, language: str) -> float | None:
    """The value of printed digits by the rules of a language, by Babel; None where two readings are possible."""
    from babel.numbers import NumberFormatError, parse_decimal

    plain = digits.replace(" ", "")
    if " " not in digits and THREE_PLACES.fullmatch(plain) and not (language == "en" and "," in plain):
        return None
    grouped = " " in digits
    locale = "ru" if "," in plain and (language != "en" or grouped) else "en"
    try:
        return float(parse_decimal(plain, locale=locale, strict=True))
    except NumberFormatError:
        return None


@cache
def _word_pattern() -> re.Pattern[str]:
    words = sorted([*gazetteer.values(), *_plain_scales()], key=len, reverse=True)
    one = "|".join(map(re.escape, words))
    return re.compile(rf"{gazetteer.BEFORE}(?:{one})(?:[ -](?:{one}))*(?![\w'-])", re.IGNORECASE)


def _plain_scales() -> list[str]:
    return ["hundred", "thousand"]


def _words(plain: str) -> Iterator[_Number]:
    """Numbers in words; scales from a thousand on that follow are left to `_with_unit`."""
    for match in _word_pattern().finditer(plain):
        if UNSURE.search(plain[: match.start()]) or re.search(r"\d\s*$", plain[: match.start()]):
            continue
        value = spoken(match[0].lower())
        if value is not None and value > 1:
            yield _Number(float(value), match.start(), match.end())


def spoken(words: str) -> int | None:
    """The value of a row of number words ("сто сорок девять"); None when they do not make one number."""
    total = current = 0
    least = 1_000
    for word in re.split(r"[ -]", words):
        if word == "hundred" and 0 < current < 10:
            current, least = current * 100, 100
        elif word == "thousand" and current:
            total, current, least = total + current * 1_000, 0, 1_000
        elif (value := gazetteer.values().get(word)) is not None and value < least:
            current += value
            least = 100 if value >= 100 else 10 if 20 <= value < 100 else 1
        else:
            return None
    return total + current


def _range(plain: str, first: _Number, second: _Number) -> str | None:
    """`range` when two numbers are its ends, `changed` from one to the other, `part` one of the other, else None."""
    if OF.fullmatch(plain[first.end : second.start]):
        return "part"
    between = RANGE_WORD.fullmatch(plain[first.end : second.start])
    if not between:
        return None
    before, sign = plain[: first.start], between["sign"]
    if first.value >= second.value:
        return "changed" if sign in {"to", "до"} and FROM.search(before) else None
    if sign in {"-", "–", "—"} or (sign in {"and", "и", "та", "і"} and BETWEEN.search(before)):
        return "range"
    if sign == "до" and re.search(r"\b(?:от|від)\s+$", before, re.IGNORECASE):
        return "range"
    return "changed" if sign in {"to", "до"} and FROM.search(before) else None


@cache
def _scale_pattern() -> re.Pattern[str]:
    words = sorted(map(re.escape, gazetteer.scales()), key=len, reverse=True)
    return re.compile(rf"\s?(?P<scale>{'|'.join(words)})(?![\w'])", re.IGNORECASE)


@cache
def _between_pattern() -> re.Pattern[str]:
    listed = "|".join(map(re.escape, gazetteer.modifiers()))
    return re.compile(
        rf"\s+(?:(?:{listed})(?:(?: and |,? )(?:{listed}))?(?![\w-])|{ADJECTIVE}(?![\w-])|{QUOTED})",
        re.IGNORECASE,
    )


def _with_unit(plain: str, first: _Number, last: _Number) -> Figure | None:
    """The figure of a number (or range) when a unit stands right after it, or before it for signs of money."""
    end, scale = last.end, 1
    if match := _scale_pattern().match(plain, end):
        scale = gazetteer.scales()[match["scale"].lower()]
        end = match.end()
    before = plain[: first.start]
    for unit in gazetteer.units():
        stop = _unit_end(plain, end, unit)
        start = first.start
        if stop is None and unit.before and (sign := unit.before.search(before)):
            start, stop = sign.start(), end
        if stop is None:
            continue
        lead = plain[:start]
        bound = "range" if last is not first else _bound(lead, unit)
        if UNSURE.search(lead) or LOOSE_END.search(lead) or (unit.code in WEAPONS and HITS.search(lead)):
            return None
        high = last.value if last is not first else None
        if pace := _pace(plain, stop, unit):
            if pace not in RATES:
                return None
            unit = replace(unit, code=pace)
        return _made(first.value, high, scale, unit, bound, start, stop)
    return None


def _unit_end(plain: str, end: int, unit: Unit) -> int | None:
    """Where the unit ends, when it stands within the words it may be away."""
    place = end
    for _ in range(unit.between + 1):
        gap = re.compile(r"[\s-]?\s*").match(plain, place)
        at = gap.end() if gap else place
        apart = at > place or unit.code == "percent" or plain[at : at + 1] in "%₽₴€"
        if apart and (found := unit.after.match(plain, at)):
            return found.end()
        word = _between_pattern().match(plain, place)
        if not word:
            return None
        place = word.end()
    return None


def _pace(plain: str, stop: int, unit: Unit) -> str:
    """`km2 per day` and the like, when the number is a pace; blank when it is a total."""
    found = PER.match(plain, stop)
    if found and not unit.money and unit.code != "percent":
        return f"{unit.code} per {found.lastgroup}"
    return (
        f"{unit.code} per day"
        if unit.code in ("km2", "sq mi") and gazetteer.cue("daily").search(plain)
        else ""
    )


def _bound(lead: str, unit: Unit) -> str:
    for name, pattern in gazetteer.bounds().items():
        found = pattern.search(lead)
        if found:
            plain_up_to = found[0].strip().lower() == "до"
            return "" if plain_up_to and (unit.money or CHANGED_TO.search(lead)) else name
    return ""


def _made(
    value: float, high: float | None, scale: int, unit: Unit, bound: str, start: int, end: int
) -> Figure:
    if unit.money:
        name = (
            TRILLION_OF.get(unit.code, NAMES[scale]) if scale == 1_000_000_000_000 else NAMES.get(scale, "")
        )
        return Figure(value, unit.code + name, unit, bound, start, end, high)
    value, high = _times(value, scale), None if high is None else _times(high, scale)
    area = None if unit.km2 is None else round(value * unit.km2, 2)
    return Figure(value, unit.code, unit, bound, start, end, high, area)


def _times(value: float, scale: int) -> float:
    """A value times its scale, without the dust of binary fractions (5.5 thousand is 5500)."""
    return round(value * scale, 6)


def _without_conversions(plain: str, found: list[Figure]) -> list[Figure]:
    """Areas in brackets that only say the area before them in another unit are dropped."""
    kept: list[Figure] = []
    for item in found:
        before = kept[-1] if kept else None
        if (
            before is not None
            and before.km2
            and item.km2
            and plain[before.end : item.start].strip(" ,-–—") in {"(", "/", "or", "или", "або"}
            and abs(item.km2 / before.km2 - 1) <= SAME_AREA
        ):
            if before.code == "sq mi" and item.code == "km2":
                kept[-1] = replace(item, bound=before.bound or item.bound, start=before.start)
            continue
        kept.append(item)
    return kept
