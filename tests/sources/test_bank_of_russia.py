"""Bank of Russia: two forms of one answer, empty spans, faults, sums, old windows-1251, nominal and day served."""

from __future__ import annotations

from datetime import date

import pytest
from lxml import etree
from tests.sources import handed

from wareconomy.sources import cbr_key_rate, cbr_liquidity, cbr_rates, cbr_reserves
from wareconomy.sources.source import Malformed, Reading, Source

RESERVES, KEY_RATE = cbr_reserves.SOURCE, cbr_key_rate.SOURCE
LIQUIDITY, RATES = cbr_liquidity.SOURCE, cbr_rates.SOURCE


def test_weekly_reserves_are_billions_and_monthly_ones_millions() -> None:
    weekly, monthly = (handed.read(RESERVES, f"cbr_reserves/{name}.xml") for name in ("weekly", "monthly"))
    assert handed.figures(weekly) == {
        ("ru.reserves.total.weekly", "2031-03-07"): 612.3,
        ("ru.reserves.total.weekly", "2031-03-14"): 609.8,
    }
    assert handed.figures(monthly) == {
        ("ru.reserves.total", "2031-03-01"): 611.204,
        ("ru.reserves.fx", "2031-03-01"): 401.002,
        ("ru.reserves.gold", "2031-03-01"): 210.203,
    }
    assert [row.printed for row in monthly if isinstance(row, Reading)] == [
        "611.20400",
        "401.00200",
        "210.20300",
    ]
    assert {row.locator for row in monthly} == {"mr[1]"}


def test_the_request_spells_its_parameters_as_the_service_does() -> None:
    weekly, monthly = RESERVES.asks(date(2031, 3, 12))
    assert weekly.method == "POST"
    assert weekly.headers["SOAPAction"] == '"http://web.cbr.ru/mrrf7DXML"'
    body = etree.fromstring(weekly.body or b"")
    tags = [etree.QName(item).localname for item in body.iter()]
    assert tags == ["Envelope", "Body", "mrrf7DXML", "fromDate", "ToDate"]
    assert b"2030-12-10" in (weekly.body or b"")
    assert b"1998-05-29" in (next(iter(RESERVES.asks(date(2031, 3, 12), date(1998, 5, 29)))).body or b"")
    assert monthly.name != weekly.name


def test_an_empty_span_is_no_row_and_no_error() -> None:
    assert handed.read(RESERVES, "cbr_reserves/empty.xml") == []


def test_both_forms_of_the_key_rate_read_alike() -> None:
    plain, dataset = (handed.read(KEY_RATE, f"cbr_key_rate/{name}.xml") for name in ("plain", "dataset"))
    assert handed.figures(plain)["ru.key_rate.in_force", "2031-03-14"] == 9.25
    assert handed.figures(dataset) == {
        ("ru.key_rate.in_force", "2031-03-14"): 9.25,
        ("ru.key_rate.in_force", "2031-03-13"): 9.5,
    }


@pytest.mark.parametrize(
    ("source", "data", "words"),
    [
        (RESERVES, "cbr_reserves/fault.xml", "fault: .*unable to process"),
        (KEY_RATE, "cbr_reserves/weekly.xml", "no KeyRate"),
        (RESERVES, "cbr_key_rate/plain.xml", "no mmrf"),
        (RESERVES, handed.changed("cbr_reserves/weekly.xml", "612.30", "612300.00"), "not plausible"),
        (RESERVES, handed.changed("cbr_reserves/weekly.xml", "612.30", "612,30"), "not a number"),
        (RESERVES, handed.changed("cbr_reserves/weekly.xml", "612.30", ""), "val is empty"),
        (RESERVES, handed.changed("cbr_reserves/weekly.xml", "val>", "value>"), "no field val"),
        (RESERVES, handed.changed("cbr_reserves/weekly.xml", "03-14", "03-07"), "stands twice"),
        (RESERVES, handed.changed("cbr_reserves/weekly.xml", "2031-03-07", "2031-13-07"), "month"),
        (
            RESERVES,
            handed.changed("cbr_reserves/monthly.xml", "611204", "611224"),
            r"total = currencies \+ gold",
        ),
        (
            RESERVES,
            handed.changed("cbr_reserves/monthly.xml", "371500", "371600"),
            "currencies = their parts",
        ),
        (KEY_RATE, handed.changed("cbr_key_rate/plain.xml", "9.25", "925"), "not plausible"),
        (
            LIQUIDITY,
            handed.changed("cbr_liquidity/fields_of_2023.xml", "1210.00", "1211.00"),
            "claims = their parts",
        ),
        (
            LIQUIDITY,
            handed.changed("cbr_liquidity/fields_of_2023.xml", "-402.10", "402.10"),
            "deficit = claims",
        ),
        (
            LIQUIDITY,
            handed.changed("cbr_liquidity/other_fields.xml", "StrLiDef", "Deficit"),
            "StrLiDef is missing",
        ),
    ],
)
def test_what_is_wrong_is_named_with_its_place(source: Source, data: str | bytes, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        handed.read(source, data)


def test_liquidity_is_read_by_name_and_new_fields_are_told() -> None:
    old, new = (
        handed.read(LIQUIDITY, f"cbr_liquidity/{name}.xml") for name in ("fields_of_2023", "other_fields")
    )
    assert handed.figures(old)["ru.liquidity.structural_deficit", "2031-03-13"] == -402.1
    assert handed.figures(old)["ru.liquidity.liabilities", "2031-03-13"] == -1900.5
    [row] = new
    assert isinstance(row, Reading)
    assert row.value == -402.1
    assert "claimsTotal" in (row.note or "")


def test_a_rate_is_for_one_unit_whatever_the_nominal() -> None:
    rows = handed.read(RATES, "cbr_rates/dynamic.xml")
    assert handed.figures(rows) == {
        ("ru.fx.cny", "2031-03-04"): 11.84012,
        ("ru.fx.cny", "2031-03-05"): 11.905,
    }
    assert [row.note for row in rows if isinstance(row, Reading)] == ["printed for 10 units", None]


def test_the_day_served_counts_not_the_day_asked_for() -> None:
    rows = handed.read(
        RATES, "cbr_rates/daily.xml", url="https://www.cbr.ru/scripts/XML_daily.asp?date_req=10/03/2031"
    )
    assert handed.figures(rows) == {("ru.fx.usd", "2031-03-08"): 81.2034, ("ru.fx.cny", "2031-03-08"): 11.9}


def test_days_without_a_rate_are_no_rows() -> None:
    assert handed.read(RATES, "cbr_rates/empty.xml") == []


def test_a_body_transcoded_on_the_way_still_reads() -> None:
    plain = (handed.FIXTURES / "cbr_rates/daily.xml").read_bytes()
    utf8 = plain.decode("windows-1251").encode("utf-8")
    assert handed.read(RATES, utf8) == handed.read(RATES, plain)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("<Nominal>10<", "<Nominal>0<", "no rate for 0"),
        ("<Nominal>10<", "<Nominal>7<", "no rate for 7"),
        ("118,4012", "118.4012", "not a number"),
        ("118,4012", "", "no rate"),
        ("11,84012", "11,94012", "is not the printed"),
        ('Date="04.03.2031"', 'Date="04.03.1997"', "new rouble"),
        ('Id="R01375"><Nominal>10', 'Id="R01235"><Nominal>10', "in the answer for"),
        ("05.03.2031", "04.03.2031", "stands twice"),
        ("</ValCurs>", "", "broken"),
    ],
)
def test_a_rate_that_cannot_be_right_is_named(before: str, after: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        handed.read(RATES, handed.changed("cbr_rates/dynamic.xml", before, after))


def test_rates_are_asked_for_by_day_and_by_span() -> None:
    asks = list(RATES.asks(date(2031, 3, 12), date(1990, 1, 1)))
    usual = [ask.name for ask in RATES.asks(date(2031, 3, 12))]
    assert usual == ["rates-day", "rates-usd", "rates-eur", "rates-cny"]
    # A span of its own is a document of its own: the next ordinary answer is not half of it.
    assert [ask.name for ask in asks] == [usual[0], *(f"{name}-since-1990-01-01" for name in usual[1:])]
    assert asks[0].params["date_req"] == "13/03/2031"
    assert asks[1].params["date_req1"] == "01/01/1998"
