"""Numbers, dates and counts as they are printed, and the gate against claims of cause."""

from __future__ import annotations

from datetime import date

import pytest

from wareconomy.errors import CheckFailed
from wareconomy.publish import language as say

NB = say.NO_BREAK


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (5626.5, 1, "5,626.5"),
        (-5626.46, 1, "−5,626.5"),
        (0.5, 0, "1"),
        (2.5, 0, "3"),
        (-0.04, 1, "0.0"),
        (1.005, 2, "1.01"),
        (None, 1, "not known"),
    ],
)
def test_numbers_are_rounded_as_a_reader_would(value: float | None, decimals: int, text: str) -> None:
    assert say.number(value, decimals) == text


def test_a_change_carries_its_sign_and_nought_none() -> None:
    assert [say.signed(value, 1) for value in (33.68, -120.06, 0.04, -0.04)] == [
        "+33.7",
        "−120.1",
        "0.0",
        "0.0",
    ]


@pytest.mark.parametrize(
    ("value", "unit", "text"),
    [
        (5626.5, "RUB bn", "5.6 trillion roubles"),
        (999.4, "RUB bn", "999 billion roubles"),
        (999.6, "RUB bn", "1.0 trillion roubles"),
        (934.3, "RUB bn", "934 billion roubles"),
        (9.96, "RUB bn", "10.0 billion roubles"),
        (49.5, "USD bn", "49.5 billion dollars"),
        (99.96, "USD bn", "100 billion dollars"),
        (3.24, "EUR bn", "3.2 billion euros"),
        (-6455.0, "RUB bn", "−6.5 trillion roubles"),
        (20.0, "RUB mn", "20 million roubles"),
        (272.5, "RUB mn", "272.5 million roubles"),
        (None, "USD bn", "not known"),
    ],
)
def test_sums_in_sentences_follow_the_rounding_rule(value: float | None, unit: str, text: str) -> None:
    assert say.readable(value, unit) == text


def test_units_follow_the_number() -> None:
    assert say.rub_bn(5626.5) == f"5,626.5{NB}bn{NB}RUB"
    assert say.km2(445.4) == f"445{NB}km²"
    assert say.percent(170.48) == "170%"
    assert say.amount(2.6, "percent of GDP") == "2.6% of GDP"
    assert say.amount(141.2, "tonnes") == f"141.2{NB}tonnes"


@pytest.mark.parametrize(
    ("start", "end", "text"),
    [
        (date(2025, 1, 1), date(2025, 12, 31), "2025"),
        (date(2026, 7, 1), date(2026, 7, 31), "July 2026"),
        (date(2026, 1, 1), date(2026, 7, 31), "January–July 2026"),
        (date(2025, 7, 1), date(2026, 6, 30), "July 2025 to June 2026"),
        (date(2026, 7, 4), date(2026, 7, 4), "4 July 2026"),
        (date(2025, 12, 1), date(2025, 12, 29), "1–29 December 2025"),
        (date(2025, 1, 1), date(2025, 12, 29), "1 January to 29 December 2025"),
        (date(2022, 2, 24), date(2025, 9, 9), "24 February 2022 to 9 September 2025"),
        (date(2022, 1, 1), date(2023, 12, 31), "2022–2023"),
        (date(2026, 7, 4), None, "from 4 July 2026"),
    ],
)
def test_periods_read_like_prose(start: date, end: date | None, text: str) -> None:
    assert say.period(start, end) == text


def test_periods_take_their_preposition() -> None:
    assert say.during(date(2026, 7, 1), date(2026, 7, 31)) == "in July 2026"
    assert say.during(date(2025, 7, 1), date(2026, 6, 30)) == "from July 2025 to June 2026"
    assert say.during(date(2026, 7, 4), date(2026, 7, 4)) == "on 4 July 2026"
    assert say.during(date(2025, 12, 1), date(2025, 12, 29)) == "from 1 to 29 December 2025"
    assert say.during(date(2026, 7, 4), None) == "from 4 July 2026"


def test_units_are_named_alike_everywhere() -> None:
    assert [say.unit_words(unit) for unit in ("RUB bn", "km2", "percent", "tonnes")] == [
        "bn RUB",
        "km²",
        "%",
        "tonnes",
    ]


def test_partial_dates_say_no_more_than_is_known() -> None:
    assert [say.partial(text) for text in ("2026", "2026-07", "2026-07-04", "", None)] == [
        "2026",
        "July 2026",
        "4 July 2026",
        "",
        "",
    ]


def test_counts_agree_with_their_nouns() -> None:
    assert [say.plural(n, "act") for n in (0, 1, 2, 1204)] == [
        f"0{NB}acts", f"1{NB}act", f"2{NB}acts", f"1,204{NB}acts",
    ]  # fmt: skip
    assert say.noun(2, "country") == "countries"
    assert say.noun(2, "day") == "days"
    assert say.noun(2, "person", "people") == "people"
    assert [say.ordinal(n) for n in (1, 2, 3, 4, 11, 12, 13, 22, 101)] == [
        "1st", "2nd", "3rd", "4th", "11th", "12th", "13th", "22nd", "101st",
    ]  # fmt: skip


def test_ranges_and_lists() -> None:
    assert say.span(6460, 6640) == "6,460–6,640"
    assert say.span(-12, 30) == "−12 to 30"
    assert say.span(5, 5) == "5"
    assert say.series_of(["a"]) == "a"
    assert say.series_of(["a", "b", "c"]) == "a, b and c"
    assert say.series_of([]) == ""


def test_another_locale_may_be_asked_for() -> None:
    assert say.number(5626.5, 1, locale="de") == "5.626,5"
    assert say.day(date(2026, 7, 4), locale="uk") == "4 липня 2026"


@pytest.mark.parametrize(
    "text",
    [
        "The law was signed because the front moved",
        "BECAUSE of the demand",
        "which caused a fall",
        "a fall due  to\nsales",
        "signed in response to the demand",
        "the demand led to the law",
        "this trig\u00adgered a rise",
        "as a result, the deficit grew",
        "thanks to higher prices",
        "in order to raise money",
        "so that firms stay",
        "a fall driven by prices",
        "закон подписан потому что линия сдвинулась",
        "из-за расходов",
        "в ответ на требование",
        "доходы выросли благодаря цене",
        "закон підписано тому що лінія зсунулася",
        "внаслідок видатків",
        "у відповідь на вимогу",
        "це призвело до зростання",
    ],
)
def test_the_gate_refuses_claims_of_cause(text: str) -> None:
    with pytest.raises(say.CausalWording, match="claims a cause"):
        say.refuse_causal(text)
    assert issubclass(say.CausalWording, CheckFailed)


@pytest.mark.parametrize(
    "text",
    [
        "The law was signed in the same week; no link is claimed.",
        "Firms have to pay, and the tax is due in March.",
        "The ministry has stopped printing the line since January 2022.",
        "Закон подписан в ту же неделю.",
        "Закон підписано того ж тижня.",
        "He was promptly succeeded by another minister, who leads the party.",
    ],
)
def test_the_gate_lets_plain_dates_through(text: str) -> None:
    assert say.refuse_causal(text) == text
