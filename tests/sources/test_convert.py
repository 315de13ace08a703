"""Cells by declared type: what fits, and the advice when it does not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wareconomy.catalog import Column
from wareconomy.sources.convert import Unfit, convert


def column(kind: str, **rules: object) -> Column:
    return Column("x", kind, "about", **rules)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("1640", ".", 1640.0),
        ("-3,4", ",", -3.4),
        ("−5.5", ".", -5.5),
        ("1e3", ".", 1000.0),
        ("0.10", ".", 0.1),
    ],
)
def test_numbers_read_as_declared(text: str, decimal: str, value: float) -> None:
    assert convert(column("number"), text, decimal) == value


@pytest.mark.parametrize(
    ("kind", "text", "decimal", "rule", "advice"),
    [
        ("number", "1,234.5", ".", "number", "thousands"),
        ("number", "1 234", ".", "number", "thousands"),
        ("number", "1,5", ".", "decimal mark", "dialects.toml"),
        ("number", "1.5", ",", "decimal mark", "decimal comma"),
        ("number", "NaN", ".", "number", "blank"),
        ("number", "inf", ".", "number", "blank"),
        ("number", "5 bn", ".", "number", "unit"),
        ("number", "١٢٣", ".", "number", "digits"),
        ("number", "１２３", ".", "number", "digits"),
        ("number", "१,५", ".", "number", "digits"),
        ("integer", "١٢٣", ".", "whole number", "digits"),
        ("year", "1٩٩٩", ".", "year", "four digits"),
        ("month", "٢٠٢٥-٠١", ".", "month", "YYYY-MM"),
        ("partial_date", "٢٠٢٥", ".", "date", "YYYY"),
        ("period", "2020-W49-2", ".", "period", "YYYY"),
        ("date", "2020-W49-2", ".", "date", "YYYY-MM-DD"),
        ("date", "٢٠٢٠-٠١-٠١", ".", "date", "YYYY-MM-DD"),
        ("number", "=1+1", ".", "formula", "formula"),
        ("text", "=HYPERLINK(1)", ".", "formula", "value itself"),
        ("text", "@SUM(1)", ".", "formula", "value itself"),
        ("integer", "1.0", ".", "whole number", "digits"),
        ("date", "2025-02-30", ".", "date", "YYYY-MM-DD"),
        ("date", "20250101", ".", "date", "YYYY-MM-DD"),
        ("date", "01.02.2025", ".", "date", "YYYY-MM-DD"),
        ("month", "2025-13", ".", "month", "YYYY-MM"),
        ("year", "25", ".", "year", "four digits"),
        ("yesno", "true", ".", "yes or no", "yes or no"),
        ("url", "javascript:alert(1)", ".", "address", "http"),
        ("url", "https://a b", ".", "address", "without spaces"),
        ("sha256", "ABC", ".", "SHA-256", "64"),
        ("id", "../x", ".", "identifier", "letters"),
        ("period", "2025..2024", ".", "period", "first..last"),
    ],
)
def test_what_does_not_fit_says_what_to_do(
    kind: str, text: str, decimal: str, rule: str, advice: str
) -> None:
    with pytest.raises(Unfit) as caught:
        convert(column(kind), text, decimal)
    assert caught.value.rule == rule
    assert advice in caught.value.advice


def test_a_note_may_begin_with_a_signed_number() -> None:
    assert convert(column("text"), "+18.6% year on year", ".") == "+18.6% year on year"


def test_lists_hold_only_declared_values() -> None:
    regions = column("list", values={"UA-14": "", "UA-23": ""})
    assert convert(regions, "UA-14; UA-23", ".") == "UA-14;UA-23"
    with pytest.raises(Unfit):
        convert(regions, "UA-14;UA-99", ".")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=6, min_value=-(10**12), max_value=10**12))
def test_a_printed_decimal_comes_back_as_the_nearest_float(number) -> None:  # type: ignore[no-untyped-def]
    text = format(number, "f")
    assert convert(column("number"), text, ".") == float(text)
    assert convert(column("number"), text.replace(".", ","), ",") == float(text)


@given(
    st.text(min_size=1, max_size=40),
    st.sampled_from(["number", "date", "month", "period", "url", "list", "text"]),
)
def test_any_text_is_converted_or_named(text: str, kind: str) -> None:
    found: Unfit | None = None
    try:
        convert(column(kind), text, ".")
    except Unfit as unfit:
        found = unfit
    assert found is None or (found.rule and found.advice)
