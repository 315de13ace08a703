"""Periods read back what they print, and printed digits say how exact a number is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wareconomy.model import Period, label, partial_date, period, rounding_unit, year_to_month

DAYS = st.dates(date(1990, 1, 1), date(2090, 12, 31))


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("2025", date(2025, 1, 1), date(2025, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-02-29", date(2024, 2, 29), date(2024, 2, 29)),
        ("2025-01..2025-06", date(2025, 1, 1), date(2025, 6, 30)),
        ("2026..2027", date(2026, 1, 1), date(2027, 12, 31)),
        ("2025-05-13..", date(2025, 5, 13), None),
    ],
)
def test_periods_read_as_written(text: str, start: date, end: date | None) -> None:
    assert period(text) == Period(start, end)


@pytest.mark.parametrize("text", ["", "25", "2025-13", "2025-02-30", "2025..2024", "2025-1", "x..y"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        period(text)


@given(DAYS, DAYS)
def test_a_label_reads_back_as_the_same_period(first: date, second: date) -> None:
    start, end = sorted((first, second))
    assert period(label(start, end)) == Period(start, end)
    assert period(label(start, None)) == Period(start, None)


@given(st.integers(1990, 2090), st.integers(1, 12))
def test_whole_months_and_years_have_short_labels(year: int, month: int) -> None:
    span = partial_date(f"{year}-{month:02d}")
    assert str(span) == f"{year}-{month:02d}"
    assert str(partial_date(str(year))) == str(year)
    assert year_to_month(f"{year}-{month:02d}").start == date(year, 1, 1)


@pytest.mark.parametrize(
    ("printed", "unit"),
    [("1634.9", 0.1), ("1640", 10), ("-3410", 10), ("8050", 10), ("12.605", 0.001), ("7", 1), ("0", 1)],
)
def test_the_unit_a_number_was_printed_to(printed: str, unit: float) -> None:
    assert rounding_unit(printed) == pytest.approx(unit)
