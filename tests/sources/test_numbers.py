"""Numbers as publishers print them, and what is refused because it may be two numbers or none."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wareconomy.sources import numbers


@pytest.mark.parametrize(
    ("text", "value", "printed"),
    [
        ("78,3987", 78.3987, "78.3987"),
        ("12 726,20", 12726.20, "12726.20"),
        ("12\u00a0726,20", 12726.20, "12726.20"),
        ("12\u202f726", 12726, "12726"),
        ("13\u2009104\u00a0151,3", 13104151.3, "13104151.3"),
        ("\u22125\u00a0877", -5877, "-5877"),
        ("–2,5", -2.5, "-2.5"),
        ("(-)27 402,3", -27402.3, "-27402.3"),
        ("(-) 224 074,5", -224074.5, "-224074.5"),
        ("12 405,77***", 12405.77, "12405.77"),
        ("13298,63****", 13298.63, "13298.63"),
        ("142,04******  ", 142.04, "142.04"),
        ("+8", 8, "8"),
        ("0,0", 0, "0.0"),
    ],
)
def test_numbers_with_a_decimal_comma(text: str, value: float, printed: str) -> None:
    found = numbers.figure(text)
    assert found is not None
    assert (found.value, found.printed) == (value, printed)


@pytest.mark.parametrize("text", ["", " ", ".", "—", "–", "-", "…", "\u00a0"])
def test_marks_of_absence_are_no_number_and_no_zero(text: str) -> None:
    assert numbers.figure(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "-5 877 -2,5%",
        "1 2 3",
        "12 7262",
        "1.5",
        "1,5,5",
        "12  726",
        "nan",
        "inf",
        "1e5",
        "0x10",
        "1_000",
        "١٢",
        "**",
        "5 млрд",
        "9" * 80,
    ],
)
def test_what_is_not_plainly_one_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a number"):
        numbers.figure(text)


def test_the_point_moves_and_every_digit_stays() -> None:
    found = numbers.figure("12 955 276,10", shift=-3)
    assert found is not None
    assert (found.value, found.printed) == (12955.2761, "12955.27610")


def test_a_point_number_takes_no_comma() -> None:
    found = numbers.figure("-5626.5", ".")
    assert found is not None
    assert found.value == -5626.5
    with pytest.raises(ValueError, match="not a number"):
        numbers.figure("5626,5", ".")


@given(
    st.decimals(-(10**12), 10**12, places=3), st.sampled_from(" \u00a0\u202f\u2009"), st.sampled_from("-−–")
)
def test_every_number_printed_with_any_spaces_reads_back(number: Decimal, space: str, minus: str) -> None:
    text = f"{number:,.3f}".replace(",", space).replace(".", ",").replace("-", minus)
    found = numbers.figure(text)
    assert found is not None
    assert Decimal(found.printed) == number


@given(st.text(max_size=40))
def test_any_text_is_a_number_or_refused(text: str) -> None:
    for decimal in (",", "."):
        try:
            found = numbers.figure(text, decimal)
        except ValueError:
            continue
        assert found is None or float(found.printed) == found.value


def test_noise_of_floats_is_cut_and_what_is_no_number_is_refused() -> None:
    found = numbers.cell_figure(-173.15999999999985)
    assert found is not None
    assert found.printed == "-173.16"
    for value in (True, float("nan"), float("inf"), date(2031, 1, 1)):
        with pytest.raises(ValueError, match="not a number"):
            numbers.cell_figure(value)
    for item in (True, None, "5", Decimal("NaN"), Decimal("1e300")):
        with pytest.raises(ValueError, match=r"not a number|too large"):
            numbers.json_figure(item)


@pytest.mark.parametrize(
    ("word", "number"),
    [
        ("января", 1),
        ("янв", 1),
        ("март", 3),
        ("марта", 3),
        ("мая", 5),
        ("май", 5),
        ("мае", 5),
        ("июнь", 6),
        ("июля", 7),
        ("Август", 8),
        ("сент", 9),
        ("нояб", 11),
        ("декабре", 12),
        ("мар", 3),
    ],
)
def test_months_in_any_case(word: str, number: int) -> None:
    assert numbers.month_number(word) == number


@pytest.mark.parametrize("word", ["марс", "майор", "июньский", "ма", "", "январьь"])
def test_words_that_only_begin_like_a_month_are_none(word: str) -> None:
    with pytest.raises(ValueError, match="not a month"):
        numbers.month_number(word)


def test_days() -> None:
    assert numbers.day_first("07.03.2031") == date(2031, 3, 7)
    assert numbers.long_date("Опубликовано 3 июня 2026 19:00") == date(2026, 6, 3)
    assert numbers.next_month(date(2031, 12, 1)) == date(2032, 1, 1)
    for text in ("31.02.2031", "2031-03-07", "7.3.2031"):
        with pytest.raises(ValueError, match=r"day|DD\.MM"):
            numbers.day_first(text)


@given(
    st.lists(
        st.one_of(st.text("0123456789.-+ \x1f,e*", max_size=8), st.sampled_from(["", "12.50", "-3"])),
        min_size=1,
    )
)
def test_a_row_read_at_once_says_what_its_cells_say_one_by_one(cells: list[str]) -> None:
    made = numbers.plain_row(cells)
    plain = [not cell or numbers.PLAIN.fullmatch(cell) is not None for cell in cells]
    assert (made is not None) == all(plain)
    if made is not None:
        assert made == [float(cell) if cell else None for cell in cells]
