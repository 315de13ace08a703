"""Numbers with units: what is written is read back, and what could be two numbers is read as none."""

from __future__ import annotations

from datetime import date

import pytest
from babel.numbers import format_decimal
from hypothesis import example, given, settings
from hypothesis import strategies as st

from wareconomy.sources.statements import gazetteer
from wareconomy.sources.statements.figures import Figure, decimal, figures, spoken
from wareconomy.sources.statements.proposal import proposals

UNITS = {"en": "square kilometres", "uk": "квадратних кілометрів", "ru": "квадратных километров"}
THIN = ("\u00a0", "\u202f", "\u2009", " ")


def read(text: str, language: str = "en") -> list[tuple[float, str, str]]:
    return [(item.value, item.code, item.bound) for item in figures(text, language)]


def one(text: str, language: str = "en") -> Figure:
    (found,) = figures(text, language)
    return found


@given(st.integers(2, 9_999_999), st.sampled_from(sorted(UNITS)), st.sampled_from(THIN))
def test_a_whole_number_printed_in_any_language_comes_back(number: int, language: str, space: str) -> None:
    from wareconomy.sources.statements.sentences import PLAIN

    printed = format_decimal(number, locale=language).replace("\u00a0", space).replace("\u202f", space)
    text = f"Taken: {printed} {UNITS[language]}.".translate(PLAIN)
    assert read(text, language) == [(float(number), "km2", "")]


@given(st.integers(0, 99_999), st.integers(1, 99), st.sampled_from(sorted(UNITS)))
def test_a_decimal_comes_back(whole: int, part: int, language: str) -> None:
    number = float(f"{whole}.{part:02d}")
    printed = format_decimal(number, "0.00", locale=language)
    assert read(f"Taken: {printed} {UNITS[language]}.", language) == [(number, "km2", "")]


@given(st.integers(2, 999))
def test_a_number_in_russian_words_comes_back(number: int) -> None:
    words = {value: word for word, value in reversed(gazetteer.values().items()) if word in RUSSIAN}
    parts = (
        [number // 100 * 100, number % 100]
        if number % 100 < 20
        else [number // 100 * 100, number % 100 // 10 * 10, number % 10]
    )
    text = " ".join(words[part] for part in parts if part)
    assert spoken(text) == number


RUSSIAN = {
    *("один", "два", "три", "четыре", "пять", "шесть", "семь", "восемь", "девять", "десять", "одиннадцать"),
    *("двенадцать", "тринадцать", "четырнадцать", "пятнадцать", "шестнадцать", "семнадцать", "восемнадцать"),
    *("девятнадцать", "двадцать", "тридцать", "сорок", "пятьдесят", "шестьдесят", "семьдесят", "восемьдесят"),
    *("девяносто", "сто", "двести", "триста", "четыреста", "пятьсот", "шестьсот", "семьсот", "восемьсот"),
    "девятьсот",
}


@pytest.mark.parametrize(
    ("text", "language", "wanted"),
    [
        ("over 700 sq. km", "en", (700, "km2", "over")),
        ("понад 6,6 тис. кв. км", "uk", (6600, "km2", "over")),
        ("свыше 3,5 тыс. кв. км", "ru", (3500, "km2", "over")),
        ("не менее 20 ракет", "ru", (20, "missiles", "at least")),
        ("до 20 ракет", "uk", (20, "missiles", "up to")),
        ("підвищили до 20-ти мільйонів гривень", "uk", (20, "UAH mn", "")),
        ("twenty-one drones", "en", (21, "drones", "")),
        ("двадцать один танк", "ru", None),
        ("сімома ракетами", "uk", (7, "missiles", "")),
        ("$45.3 billion", "en", (45.3, "USD bn", "")),
        ("1.3 trillion roubles", "en", (1.3, "RUB trn", "")),
        ("400 тыс. рублей", "ru", (400, "RUB thousand", "")),
        ("nearly 4,500 square kilometres", "en", (4500, "km2", "nearly")),
    ],
)  # fmt: skip
def test_as_news_print_them(text: str, language: str, wanted: tuple[float, str, str] | None) -> None:
    assert read(text, language) == ([wanted] if wanted else [])


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("1,250 кв. км", "ru"),  # thousands in English, one and a quarter in Russian
        ("6.640 sq km", "en"),
        ("half a million soldiers", "en"),
        ("півтори тисячі військових", "uk"),
        ("школа № 91 ракета", "uk"),
        ("12 ударів дронами", "uk"),
        ("900 drone strikes", "en"),
        ("91st drones brigade", "en"),
        ("700-20-25 drones", "en"),
        ("11.08.2025 drones", "en"),
        ("one settlement", "en"),
        ("X-101 missiles", "en"),
        ("Х-101 ракет", "ru"),
        ("from 150 to 170 drones", "en"),
        ("5 тыс. – 6 тыс. кв. км", "ru"),
        ("500 drones a month", "en"),
    ],
)
def test_what_is_not_surely_a_figure_is_not_read(text: str, language: str) -> None:
    assert read(text, language) == []


def test_ranges_and_conversions() -> None:
    found = one("between 150 and 170 drones")
    assert (found.value, found.high, found.bound) == (150, 170, "range")
    assert one("150–170 drones").high == 170
    assert one("от 150 до 170 ракет", "ru").high == 170
    assert read("1,250 square kilometres (483 square miles)") == [(1250, "km2", "")]
    assert one("270 square miles").km2 == pytest.approx(699.30, abs=0.01)
    changed = one("from 20 to 22 percent")
    assert (changed.was, changed.value) == (20, 22)


@pytest.mark.parametrize(
    ("digits", "language", "value"),
    [
        ("1,250", "en", 1250),
        ("1,250", "uk", None),
        ("6 640", "ru", 6640),
        ("99,7", "ru", 99.7),
        ("99.7", "ru", 99.7),
        ("12,34,5", "en", None),
    ],
)
def test_digits(digits: str, language: str, value: float | None) -> None:
    assert decimal(digits, language) == value


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=300)
WORDS = """700|6 640|3,5|кв. км|sq km|дронів|drones|captured|захопили|сбиты|29 грудня|on 31 February|29.02.2023
понад|more than|Gerasimov said|Зеленський заявив|з початку року|since|December|до|-|–|(|)|%|of Donetsk oblast
20 млн рублей|law|налог|№|.|в ночь на|overnight into|2025|сто|сорок|hundred|$|'|Kyiv|226 of 242
from 20 to 22 percent|in 2026|security zone|ordered"""
PIECES = st.lists(st.sampled_from([*WORDS.replace("\n", "|").split("|"), "\n"]), max_size=40).map(" ".join)


@settings(deadline=None, max_examples=200)
@given(TEXT | PIECES, st.none() | st.dates(date(2000, 1, 1), date(2100, 12, 31)))
@example("700 кв. км " * 200, date(2024, 2, 29))
def test_any_text_ends_in_proposals_whose_places_hold_their_words(text: str, day: date | None) -> None:
    for item in proposals(text, day):
        assert 0 <= item.start <= item.figure_start <= item.figure_end <= item.end <= len(text)
        assert len(text[item.start : item.end]) == len(item.quote)
        assert text[item.start : item.end].split("\n") == [text[item.start : item.end]]
        assert item.value is None or item.value >= 0
        first, _, last = item.period.partition("..")
        assert not last or date.fromisoformat(first) <= date.fromisoformat(last)
