"""Federal budget: catalogue to newest file, identities, partial rows, revisions, releases and their mirror."""

from __future__ import annotations

from datetime import date

import pytest
from tests.sources import handed

from wareconomy.model import label, year_to_month
from wareconomy.sources import minfin_budget, minfin_open_data
from wareconomy.sources.source import Malformed, Reading

BUDGET = minfin_budget.SOURCE
DATA, RELEASE, MIRROR = "minfin_budget/data.csv", "minfin_budget/release.html", "minfin_budget/mirror.html"
PAGE = "https://minfin.gov.ru/ru/press-center/?id_4=40990-predvaritelnaya_otsenka_ispolneniya_federalnogo_byudzheta_za_x"


def readings(data: str | bytes, name: str = "by-hand", url: str = "") -> list[Reading]:
    return [row for row in handed.read(BUDGET, data, name, url) if isinstance(row, Reading)]


def test_the_catalogue_leads_to_the_newest_file_by_its_stamp() -> None:
    [passport] = BUDGET.follow(handed.document("minfin_budget/list.csv"))
    assert passport.url == "https://minfin.gov.ru/opendata/7710168360-fedbud_month/meta.csv"
    [data] = BUDGET.follow(handed.document("minfin_budget/meta.csv"))
    assert data.url.endswith(
        "/OpenData/7710168360-fedbud_month/data-20310320T1210-structure-20210312T0000.csv"
    )
    assert "/ru/" not in data.url
    assert handed.read(BUDGET, "minfin_budget/list.csv") == []


def test_a_catalogue_without_the_dataset_is_an_error() -> None:
    data = handed.changed("minfin_budget/list.csv", "fedbud_month", "fedbud_year")
    with pytest.raises(Malformed, match="names no file"):
        list(BUDGET.follow(handed.document(data)))


def test_an_address_elsewhere_is_never_followed() -> None:
    data = handed.changed(
        "minfin_budget/meta.csv", "https://minfin.gov.ru/", "https://minfin.gov.ru.example.org/"
    )
    with pytest.raises(Malformed, match="names no file"):
        list(BUDGET.follow(handed.document(data)))


def test_figures_are_cumulative_and_carry_line_and_column() -> None:
    rows = readings(DATA)
    found = handed.figures(rows)
    assert found["ru.budget.balance", "2030"] == -4500.2
    assert found["ru.budget.revenue", "2031-01"] == 2500.5
    assert found["ru.budget.revenue_oil_gas", "2031-01..2031-02"] == 1200.4
    place = next(row.locator for row in rows if row.series == "ru.budget.balance" and row.period == "2030")
    assert place == "line 3, column 31"
    assert len({row.edition for row in rows}) == 1


def test_blank_cells_of_the_newest_row_are_no_zeros() -> None:
    found = handed.figures(readings(DATA))
    assert ("ru.budget.net_domestic_borrowing", "2031-01") in found
    assert ("ru.budget.net_domestic_borrowing", "2031-01..2031-02") not in found


def test_a_revision_in_place_gives_the_same_period_with_another_figure() -> None:
    later = readings(
        handed.changed(DATA, "5300.6,1200.4,4100.2", "5299.6,1200.4,4099.2")
        .replace(b"-2299.7,", b"-2300.7,")
        .replace(b"-3500.1,", b"-3501.1,")
        .replace(b",2299.7", b",2300.7")
    )
    was, now = (
        handed.figures(rows)["ru.budget.balance", "2031-01..2031-02"] for rows in (readings(DATA), later)
    )
    assert (was, now) == (-2299.7, -2300.7)


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("Нефтегазовые доходы,Не", "Нефтегаз,Не", "'Нефтегазовые доходы'; the nearest is"),
        ("Курсовая разница", "Новая строка", "no column 'Курсовая разница'"),
        ("Код признака", "Код признака,Ещё", "unknown column 'Ещё'"),
        ("OKEI,386", "OKEI,385", "the unit code"),
        ("февраль", "Feb", "no year and month"),
        ("февраль", "январь", "stands twice"),
        ("5300.6", "5301.6", "do not agree"),
        ("7600.3", "7600,3", "cells under"),
        ("7600.3", '"7600,3"', "not a number"),
        ("7600.3", "7 600.3.1", "not a number"),
    ],
)
def test_a_file_that_is_not_what_it_was_stops_with_the_difference(
    before: str, after: str, words: str
) -> None:
    with pytest.raises(Malformed, match=words):
        readings(handed.changed(DATA, before, after))


def test_columns_by_function_may_come_back_and_dirty_blanks_stay_blank() -> None:
    assert b", ," in (handed.FIXTURES / DATA).read_bytes()
    assert readings(DATA)


def test_a_cut_file_ends_in_an_error() -> None:
    data = (handed.FIXTURES / DATA).read_bytes()
    with pytest.raises(Malformed):
        readings(data[: len(data) - 30])


def test_the_release_page_gives_this_year_and_last_year_restated() -> None:
    rows = readings(RELEASE, url=PAGE)
    found = handed.figures(rows)
    assert found["ru.budget.balance", "2031-01..2031-02"] == -2349
    assert found["ru.budget.balance.pct_gdp", "2031-01..2031-02"] == -1.0
    assert found["ru.budget.revenue_oil_gas", "2030-01..2030-02"] == 1402
    assert found["ru.budget.balance", "2030-01..2030-02"] == -1908
    status = {(row.period, row.status) for row in rows}
    assert status == {("2031-01..2031-02", "P"), ("2030-01..2030-02", "A")}
    assert {row.known_on for row in rows} == {date(2031, 3, 11)}
    assert len({row.edition for row in rows}) == 2


def test_the_mirror_has_no_word_deficit_so_the_balance_is_computed() -> None:
    rows = readings(MIRROR)
    assert handed.figures(rows)["ru.budget.balance", "2031-01..2031-02"] == -2349
    [balance] = [row for row in rows if row.series == "ru.budget.balance"]
    assert "computed" in (balance.note or "")
    assert {row.locator for row in rows} == {"post minfin/9917"}


def test_lists_hold_no_figures_and_lead_to_the_newest_release() -> None:
    name = "budget-press-list"
    assert handed.read(BUDGET, "minfin_budget/press_list.html", name) == []
    asks = list(BUDGET.follow(handed.document("minfin_budget/press_list.html", name)))
    assert [ask.name for ask in asks] == ["budget-release-40990", "budget-release-40100"]
    assert [ask.name for ask in BUDGET.follow(handed.document(MIRROR))] == ["budget-release-40990"]
    assert list(BUDGET.follow(handed.document(RELEASE, url=PAGE))) == []


def test_plain_text_saved_by_hand_reads_by_its_sentences() -> None:
    text = (
        "Предварительная оценка исполнения федерального бюджета за январь 2031 года По предварительной оценке, объем "
        "расходов федерального бюджета по итогам января 2031 года составил 3 700 млрд рублей , что выше. "
        "По итогам января 2031 года федеральный бюджет сложился с профицитом в размере 12 млрд рублей."
    )
    assert handed.figures(readings(text.encode()))["ru.budget.balance", "2031-01"] == 12


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("2&nbsp;349 млрд рублей", "2&nbsp;249 млрд рублей", "balance in words and table"),
        ("<td>7&nbsp;650</td>", "<td>7&nbsp;550</td>", "expenditure in words and table"),
        ("<td>3&nbsp;690</td>", "<td>3&nbsp;790</td>", r"oil and gas \+ other"),
        ("<td>5&nbsp;092</td>", "<td>5&nbsp;092 6</td>", "not one figure"),
        ("янв-фев 2030", "янв-мар 2030", "no columns for"),
        ("РАСХОДЫ", "ИТОГО", "no rows for"),
        ("за январь-февраль 2031 года", "за первый квартал", "which months"),
        ("за январь-февраль 2031 года", "за февраль-март 2031 года", "begin in January"),
        ("<h1>Предварительная оценка исполнения", "<h1>Оценка исполнения", "title is missing"),
        ("<h1>", "<h1>Доступ к сайту временно ограничен владельцем веб-ресурса", "access refused"),
    ],
)
def test_a_release_that_contradicts_itself_is_refused(before: str, after: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        readings(handed.changed(RELEASE, before, after), url=PAGE)


def test_a_release_whose_wording_has_changed_is_an_error_and_not_an_empty_page() -> None:
    page = (
        handed.changed(RELEASE, "объем ", "величина ")
        .replace(b"<table>", b"<div>")
        .replace("дефицит".encode(), b"x")
    )
    with pytest.raises(Malformed, match="neither revenue nor balance"):
        readings(page, url=PAGE)


def test_a_page_cut_inside_a_number_of_its_table_is_refused() -> None:
    data = handed.document(RELEASE).data
    number = b"7&nbsp;650</td><td>7"
    with pytest.raises(Malformed, match="breaks off in the row of РАСХОДЫ"):
        readings(data[: data.index(number) + len(number)])


@pytest.mark.parametrize("month", range(1, 13))
def test_the_span_of_a_row_is_written_as_everywhere_else(month: int) -> None:
    span = year_to_month(f"2031-{month:02}")
    assert minfin_open_data._span(date(2031, month, 1)) == label(span.start, span.end)
