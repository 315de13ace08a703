"""National Bank of Ukraine, IMF, CREA and Kiel: units proved by magnitude, empty answers, words instead of places."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.sources import handed

from wareconomy.sources import crea, imf_reserves, kiel, nbu
from wareconomy.sources.source import Malformed, Reading, Source

NBU, CREA, IMF, KIEL = nbu.SOURCE, crea.SOURCE, imf_reserves.SOURCE, kiel.SOURCE


def test_ukraine_reserves_are_taken_from_the_total_and_told_in_billions() -> None:
    rows = handed.read(NBU, "nbu/reserves.json")
    assert handed.figures(rows) == {
        ("ua.reserves.total", "2031-03-01"): 41.23456,
        ("ua.reserves.total", "2031-02-01"): 40.001,
    }
    assert [row.locator for row in rows] == ["/0", "/2"]


def test_hryvnia_rates_and_a_month_not_yet_published() -> None:
    assert handed.figures(handed.read(NBU, "nbu/rate.json")) == {("ua.fx.usd", "2031-03-07"): 44.3199}
    assert handed.read(NBU, "nbu/empty.json") == []


def test_the_bank_is_asked_for_three_months_or_for_everything() -> None:
    names = [ask.name for ask in NBU.asks(date(2031, 1, 12))]
    assert names == ["reserves-2031-01", "reserves-2030-12", "reserves-2030-11", "rate-usd", "rate-eur"]
    history, _, span, *_ = NBU.asks(date(2031, 1, 12), date(2022, 1, 1))
    assert history.url.endswith("/res?json")
    assert span.url.endswith("?start=20220101&end=20310113&valcode=usd&sort=exchangedate&order=asc&json")
    days = '[{"exchangedate":"06.03.2031","r030":840,"cc":"USD","rate":44.1,"units":1,"rate_per_unit":44.1}]'
    assert handed.figures(handed.read(NBU, days.encode())) == {("ua.fx.usd", "2031-03-06"): 44.1}
    with pytest.raises(Malformed, match="100 units"):
        handed.read(NBU, days.replace('"units":1', '"units":100').encode())


def test_fossil_exports_are_settled_after_a_week() -> None:
    rows = handed.read(CREA, "crea/counter.json")
    assert handed.figures(rows)["ru.fossil_exports.oil", "2031-02-01"] == 412.0001235
    status = {row.period: row.status for row in rows if isinstance(row, Reading)}
    assert status == {"2031-02-01": "E", "2031-03-09": "P"}
    assert handed.read(CREA, b"") == []


def test_a_zero_of_the_tracker_is_a_day_without_an_estimate() -> None:
    rows = handed.read(CREA, handed.changed("crea/counter.json", "390000000.0", "0.0"))
    [missing] = [row for row in rows if isinstance(row, Reading) and row.period == "2031-03-09"]
    assert (missing.value, missing.status, missing.printed) == (None, "M", "0")
    assert "no estimate" in (missing.note or "")


def test_a_month_without_a_figure_is_no_row_and_no_zero() -> None:
    found = handed.figures(handed.read(NBU, handed.changed("nbu/reserves.json", "41234.56", "null")))
    assert ("ua.reserves.total", "2031-03-01") not in found
    assert found


def test_windows_of_ninety_days_leave_no_gap() -> None:
    asks = list(CREA.asks(date(2031, 3, 12), date(2030, 6, 1)))
    spans = [(ask.params["date_from"], ask.params["date_to"]) for ask in asks]
    assert spans[0] == ("2030-06-01", "2030-08-29")
    assert spans[1][0] == "2030-08-30"
    assert spans[-1][1] == "2031-03-11"
    assert all(ask.empty_ok for ask in asks)
    assert len({ask.name for ask in asks}) == len(asks)


def test_the_end_of_a_month_of_the_imf_and_its_blank_cells() -> None:
    found = handed.figures(handed.read(IMF, "imf_reserves/reserves.csv"))
    assert found == {
        ("ru.reserves.total.imf", "2031-01-31"): 609.8005,
        ("ru.reserves.total.imf", "2031-02-28"): 611.2041,
        ("ua.reserves.total.imf", "2031-02-28"): 41.23456,
    }


def test_the_unit_of_the_imf_is_proved_by_magnitude() -> None:
    """The service prints dollars and SCALE 6, which only says how to show them; a file in millions reads the same."""
    said = handed.read(IMF, "imf_reserves/reserves.csv")
    millions = handed.changed("imf_reserves/reserves.csv", "609800500000", "609800.5").replace(
        b"611204100000", b"611204.1"
    )
    millions = millions.replace(b"41234560000", b"41234.56")
    for data in (millions, millions.replace(b",6\n", b",\n")):
        assert handed.figures(handed.read(IMF, data)) == handed.figures(said)


def test_a_last_line_cut_in_its_figure_is_no_smaller_figure() -> None:
    lines = (
        handed.changed("imf_reserves/reserves.csv", ",SCALE", "")
        .replace(b",6\n", b"\n")
        .rstrip()
        .splitlines()[:-1]
    )
    data = b"\n".join(lines)
    assert data.endswith(b",41234560000")
    with pytest.raises(Malformed, match="cut"):
        handed.read(IMF, data[:-1])
    assert handed.figures(handed.read(IMF, data + b"\n"))["ua.reserves.total.imf", "2031-02-28"] == 41.23456


NBU_RESERVES, NBU_RATE, COUNTER, CSV = (
    "nbu/reserves.json",
    "nbu/rate.json",
    "crea/counter.json",
    "imf_reserves/reserves.csv",
)


@pytest.mark.parametrize(
    ("source", "fixture", "before", "after", "words"),
    [
        (NBU, NBU_RESERVES, "T071USD_7", "T071UAH_7", "unit code"),
        (NBU, NBU_RESERVES, "41234.56", "41.23", "not plausible"),
        (NBU, NBU_RESERVES, "41234.56", '"41234.56"', "not a number"),
        (NBU, NBU_RESERVES, "20310201", "20310301", "stands twice"),
        (NBU, NBU_RESERVES, "20310201", "20310215", "not plausible"),
        (NBU, NBU_RESERVES, "20310201", "1 Feb", "not YYYYMMDD"),
        (NBU, NBU_RATE, "44.3199", "null", "not a number"),
        (NBU, NBU_RATE, "07.03.2031", "2031-03-07", "DD.MM.YYYY"),
        (CREA, COUNTER, "2031-03-09", "2031-02-01", "split further"),
        (CREA, COUNTER, '"coal"', '"uranium"', "unknown group"),
        (CREA, COUNTER, '"pricing_scenario": "default"', '"pricing_scenario": "cap"', "pricing scenario"),
        (CREA, COUNTER, "60500000.0", "-1", "not plausible"),
        (CREA, COUNTER, '"data"', '"message"', "answered an error"),
        (CREA, COUNTER, '"data"', '"rows"', "no data"),
        (IMF, CSV, "TRGNV_REVS", "TRGMV_REVS", "not asked for"),
        (IMF, CSV, "OBS_VALUE", "VALUE", "no column OBS_VALUE"),
        (IMF, CSV, "2031-M01", "2031-01", "not a month like"),
        (IMF, CSV, "2031-M01", "2031-M02", "stands twice"),
        (IMF, CSV, "609800500000", "609.8", "reserves in no unit"),
        (IMF, CSV, "609800500000,6", "609800500000,6,7", "cells under"),
        (IMF, CSV, "609800500000,6", "609800500000,3", "several or unknown scales"),
    ],
)
def test_what_changed_is_named(source: Source, fixture: str, before: str, after: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        handed.read(source, handed.changed(fixture, before, after))


NAME = "ab12-Ukraine_Support_Tracker_Release_30v2.xlsx"


def tracker(sheet: str = "", row: int = 0, column: int = 0, value: Any = None, total: float = 21.0) -> bytes:
    made = handed.tracker(total)
    if sheet:
        made[sheet][row][column] = value
    return handed.workbook(made)


def test_aid_is_summed_over_donors_found_by_their_headings() -> None:
    rows = handed.read(KIEL, tracker(), url=f"https://www.kielinstitut.de/fileadmin/{NAME}")
    found = handed.figures(rows)
    to = "2022-01..2022-03"
    assert found["ua.kiel.allocations.total", to] == 21.0
    assert found["ua.kiel.allocations.military", to] == 8.69
    assert found["ua.kiel.allocations.europe.total", to] == 19.0
    assert found["ua.kiel.allocations.eu.total", to] == 9.0
    assert found["ua.kiel.allocations.us.military", to] == 0.5
    assert found["ua.kiel.commitments.eu_institutions.total", to] == 10.0
    assert found["ua.kiel.financial_disbursements", "2022-02"] == 0.5
    assert ("ua.kiel.financial_disbursements", "2022-04") not in found
    assert {row.edition for row in rows if isinstance(row, Reading)} == {"release 30"}


def test_the_release_is_read_in_the_file_when_its_name_is_lost() -> None:
    rows = handed.read(KIEL, tracker())
    assert {row.edition for row in rows if isinstance(row, Reading)} == {"release 31"}


def test_the_page_names_the_newest_release() -> None:
    [ask] = KIEL.follow(handed.document("kiel/page.html"))
    assert ask.url.endswith(NAME)
    assert handed.read(KIEL, "kiel/page.html") == []


S, P, M = "Country Summary (€)", "Financial disb per Month (€)", "Bilateral Assistance, MAIN DATA"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (tracker(total=22.0), "total allocations|allocations total"),
        (tracker(S, 7, 7, 11.0), "Norway: allocations of 11"),
        (tracker(S, 7, 4, "a lot"), "not an amount"),
        (tracker(S, 4, 7, "All allocations"), "no headings|no column"),
        (tracker(S, 4, 2, "EU"), "no column 'EU member'"),
        (tracker(S, 9, 1, "USA"), "no donor for us"),
        (tracker(S, 8, 1, "Norway"), "stands twice"),
        (tracker(P, 1, 4, "April"), "does not follow"),
        (tracker(P, 2, 1, "Donor"), "no heading Country"),
        (tracker(M, 0, 4, "m"), "no columns measure and month"),
        (handed.workbook({"Other": [["x"]]}), "no sheet"),
        (b"<html>", "never"),
    ],
)
def test_a_workbook_that_moved_further_than_its_rows_stops(data: bytes, words: str) -> None:
    if words == "never":
        assert handed.read(KIEL, data) == []
        return
    with pytest.raises(Malformed, match=words):
        handed.read(KIEL, data)


def test_a_heading_over_shares_and_a_sheet_in_dollars_are_not_taken_for_euro() -> None:
    made = handed.tracker()
    summary = made.pop(S)
    for row in summary[4:]:
        row[4:4] = [row[7] if row is summary[4] else "" if row is summary[5] else 0.07]
    dollars = [[cell * 2 if isinstance(cell, float) else cell for cell in row] for row in summary]
    book = {"Country Summary ($)": dollars, " Country Summary  (€, bn)": summary, **made}
    found = handed.figures(handed.read(KIEL, handed.workbook(book)))
    assert found == handed.figures(handed.read(KIEL, tracker()))


def test_rows_may_move() -> None:
    moved = handed.tracker()
    for name in (S, P):
        moved[name] = [["note"], [], *moved[name]]
    assert handed.figures(handed.read(KIEL, handed.workbook(moved))) == handed.figures(
        handed.read(KIEL, tracker())
    )
