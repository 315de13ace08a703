"""Words for numbers, dates and counts, and the gate that keeps claims of cause out of print.

Every number goes through Babel. Rounding is half away from zero on the decimal digits as printed, never on
binary fractions. The minus is the typographic one, so that a figure is never broken from its sign.

Readable sums follow one rule: from 1,000 billion up they are trillions with one decimal, from 100 billion whole
billions, below that billions with one decimal.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from wareconomy.errors import CheckFailed

if TYPE_CHECKING:
    from babel import Locale

LOCALE = "en"
MINUS = "\N{MINUS SIGN}"
DASH = "\N{EN DASH}"
NO_BREAK = "\N{NO-BREAK SPACE}"
NOT_KNOWN = "not known"
CURRENCIES = {
    "RUB": ("rouble", "roubles"),
    "USD": ("dollar", "dollars"),
    "EUR": ("euro", "euros"),
    "UAH": ("hryvnia", "hryvnias"),
    "CNY": ("yuan", "yuan"),
}
SYMBOLS = {"km2": "km²", "percent": "%", "percentage points": "percentage points"}


class CausalWording(CheckFailed):
    """A sentence that says one thing brought another about; nothing is published with it."""


@cache
def _locale(name: str) -> Locale:
    from babel import Locale

    return Locale.parse(name)


def rounded(value: float, decimals: int = 0) -> Decimal:
    """The value to so many decimals, halves away from zero; never minus nought."""
    unit = Decimal(1).scaleb(-decimals)
    return Decimal(repr(float(value))).quantize(unit, rounding=ROUND_HALF_UP) + Decimal(0)


@cache
def _pattern(decimals: int) -> str:
    return "#,##0" + ("." + "0" * decimals if decimals else "")


def number(value: float | None, decimals: int = 0, locale: str = LOCALE) -> str:
    """`5,626.5`, `−12`; the words for a missing value when there is none."""
    if value is None:
        return NOT_KNOWN
    from babel.numbers import format_decimal

    exact = rounded(value, decimals)
    text = format_decimal(exact or Decimal(0), format=_pattern(decimals), locale=locale)
    return text.replace("-", MINUS)


def signed(value: float | None, decimals: int = 0, locale: str = LOCALE) -> str:
    """A change: `+33.7`, `−12`, and `0` without a sign."""
    text = number(value, decimals, locale)
    return f"+{text}" if value is not None and rounded(value, decimals) > 0 else text


def decimals_of(value: float, most: int = 1) -> int:
    """How many decimals a printed value needs, up to `most`: 634 needs none, 634.5 needs one."""
    for decimals in range(most):
        if rounded(value, decimals) == rounded(value, most):
            return decimals
    return most


def rub_bn(value: float | None, decimals: int = 1, locale: str = LOCALE) -> str:
    """An exact sum for tables: `5,626.5 bn RUB`."""
    return amount(value, "RUB bn", decimals, locale)


def amount(value: float | None, unit: str, decimals: int = 1, locale: str = LOCALE) -> str:
    """A value with its unit as tables print it: `809.3 bn USD`, `445 km²`, `20 mn RUB`, `2.6%`."""
    if value is None:
        return NOT_KNOWN
    text = number(value, decimals, locale)
    currency, _, scale = unit.partition(" ")
    if currency in CURRENCIES or currency in ("GBP", "JPY"):
        return NO_BREAK.join(filter(None, (text, scale, currency)))
    if unit in ("percent", "percent of GDP"):
        return text + "%" + unit.removeprefix("percent")
    return f"{text}{NO_BREAK}{SYMBOLS.get(unit, unit)}"


def readable(value: float | None, unit: str, locale: str = LOCALE) -> str:
    """A sum for a sentence: `5.6 trillion roubles`, `445 billion roubles`, `3.2 billion euros`, `20 million roubles`.

    `unit` is a currency code and `bn` or `mn`; the sign is kept.
    """
    if value is None:
        return NOT_KNOWN
    currency, _, scale = unit.partition(" ")
    words = CURRENCIES[currency]
    if scale == "mn":
        return f"{number(value, decimals_of(value), locale)} million {words[1]}"
    if abs(rounded(value)) >= 1000:
        return f"{number(float(rounded(value / 1000, 1)), 1, locale)} trillion {words[1]}"
    decimals = 0 if abs(rounded(value, 1)) >= 100 else 1
    return f"{number(value, decimals, locale)} billion {words[1]}"


def percent(value: float | None, decimals: int = 0, locale: str = LOCALE) -> str:
    """A value already in percent: `170%`."""
    return amount(value, "percent", decimals, locale)


def km2(value: float | None, decimals: int = 0, locale: str = LOCALE) -> str:
    """An area: `445 km²`."""
    return amount(value, "km2", decimals, locale)


@lru_cache(maxsize=8192)
def day(value: date, locale: str = LOCALE) -> str:
    """`4 July 2026`."""
    from babel.dates import format_date

    return str(format_date(value, "d MMMM y", locale=locale))


@lru_cache(maxsize=8192)
def month(value: date, locale: str = LOCALE) -> str:
    """`July 2026`."""
    from babel.dates import format_date

    return str(format_date(value, "MMMM y", locale=locale))


def weekday(value: date, locale: str = LOCALE) -> str:
    """`Saturday`."""
    from babel.dates import format_date

    return str(format_date(value, "EEEE", locale=locale))


def partial(text: str | None, locale: str = LOCALE) -> str:
    """A partial date as the tables keep it (`2026`, `2026-07`, `2026-07-04`) in words; nothing for a blank."""
    if not text:
        return ""
    parts = [int(part) for part in text.split("-")]
    if len(parts) == 1:
        return str(parts[0])
    return (
        month(date(parts[0], parts[1], 1), locale)
        if len(parts) == 2
        else day(date.fromisoformat(text), locale)
    )


def period(start: date, end: date | None, locale: str = LOCALE) -> str:
    """`2025`, `July 2026`, `January–July 2026`, `4 July 2026`, `2–21 July 2026`, `from 4 July 2026`."""
    from babel.dates import format_date

    if end is None:
        return f"from {day(start, locale)}"
    if start == end:
        return day(start, locale)
    whole = start.day == 1 and (end + timedelta(days=1)).day == 1
    if whole and start.month == 1 and end.month == 12:
        return str(start.year) if start.year == end.year else f"{start.year}{DASH}{end.year}"
    if whole and (start.year, start.month) == (end.year, end.month):
        return month(start, locale)
    same_year = start.year == end.year
    if whole:
        first = format_date(start, "MMMM" if same_year else "MMMM y", locale=locale)
        return f"{first}{DASH}{month(end, locale)}" if same_year else f"{first} to {month(end, locale)}"
    if same_year and start.month == end.month:
        return f"{start.day}{DASH}{day(end, locale)}"
    first = format_date(start, "d MMMM" if same_year else "d MMMM y", locale=locale)
    return f"{first} to {day(end, locale)}"


def during(start: date, end: date | None, locale: str = LOCALE) -> str:
    """A period with its preposition: `in July 2026`, `on 4 July 2026`, `from 1 to 29 December 2025`."""
    words = period(start, end, locale)
    if end is None:
        return words
    if start == end:
        return f"on {words}"
    if start.day == 1 and (end + timedelta(days=1)).day == 1:
        return f"from {words}" if " to " in words else f"in {words}"
    return "from " + words.replace(DASH, " to ")


def unit_words(unit: str) -> str:
    """A unit after a number, as tables name it: `bn RUB`, `km²`, `%`."""
    currency, _, scale = unit.partition(" ")
    if currency in CURRENCIES and scale:
        return f"{scale} {currency}"
    return SYMBOLS.get(unit, unit)


def plural(count: float, one: str, other: str | None = None, locale: str = LOCALE) -> str:
    """`1 act`, `3 acts`, `1,204 statements`."""
    return f"{number(count, decimals_of(count), locale)}{NO_BREAK}{noun(count, one, other, locale)}"


def noun(count: float, one: str, other: str | None = None, locale: str = LOCALE) -> str:
    """The noun alone in the form that goes with the count."""
    if _locale(locale).plural_form(abs(count)) == "one":
        return one
    if other:
        return other
    if re.search(r"[^aeiou]y$", one):
        return one[:-1] + "ies"
    return one + ("es" if re.search(r"(s|x|z|ch|sh)$", one) else "s")


def span(low: float, high: float, decimals: int = 0, locale: str = LOCALE) -> str:
    """A range: `6,460–6,640`; with a sign in it, `−12 to 30`; one number when both are the same."""
    first, last = number(low, decimals, locale), number(high, decimals, locale)
    if first == last:
        return first
    return f"{first} to {last}" if low < 0 or high < 0 else f"{first}{DASH}{last}"


def ordinal(count: int, locale: str = LOCALE) -> str:
    """`1st`, `2nd`, `11th`."""
    suffix = {"one": "st", "two": "nd", "few": "rd"}.get(str(_locale(locale).ordinal_form(count)), "th")
    return f"{number(count, 0, locale)}{suffix}"


def series_of(items: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + f" and {items[-1]}" if items else ""


# ---------------------------------------------------------------------------- the gate

CAUSAL_WORDS = "causal_words.toml"
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")


@cache
def causal_words() -> dict[str, tuple[str, ...]]:
    """The words the gate refuses, as regular expressions, by language (catalog/causal_words.toml)."""
    import tomllib

    from wareconomy import catalog

    path = Path(catalog.__file__).with_name(CAUSAL_WORDS)
    return {name: tuple(words) for name, words in tomllib.loads(path.read_text(encoding="utf-8")).items()}


@cache
def _causal() -> re.Pattern[str]:
    words = (word for listed in causal_words().values() for word in listed)
    return re.compile(r"(?<!\w)(?:" + "|".join(words) + r")(?!\w)", re.IGNORECASE)


@lru_cache(maxsize=8192)
def causal(text: str) -> str | None:
    """The first words of a text that claim a cause, in any language of the list; None when there are none."""
    plain = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("’", "'").replace("‑", "-")
    found = _causal().search(re.sub(r"\s+", " ", plain))
    return found.group(0) if found else None


def refuse_causal(text: str) -> str:
    """The text itself. Raises CausalWording when it claims that one thing brought another about."""
    if found := causal(text):
        raise CausalWording(
            f"{found!r} claims a cause: {text.strip()[:160]!r}. Say what happened and when (“in the same "
            "week”), with the count."
        )
    return text
