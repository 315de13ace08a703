"""National Wealth Fund and budget rule: stars, months, market value, millions against billions, signs from words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from tests.sources import handed

from wareconomy.sources import minfin_nwf_message, minfin_nwf_table, minfin_oil_gas
from wareconomy.sources.source import Malformed, Reading

MESSAGE, TABLE, RULE = minfin_nwf_message.SOURCE, minfin_nwf_table.SOURCE, minfin_oil_gas.SOURCE
PAGE, SALE, MIRROR = (
    "minfin_nwf_message/message.html",
    "minfin_oil_gas/sale.html",
    "minfin_budget/mirror.html",
)
DAY = "2031-03-01"
BALANCES = {
    ("ru.nwf.total", DAY): 9720.8453,
    ("ru.nwf.total.usd", DAY): 121.5106,
    ("ru.nwf.total.pct_gdp", DAY): 4.4,
    ("ru.nwf.yuan", DAY): 120.6833,
    ("ru.nwf.gold", DAY): 101.2417,
}
LIQUID = {
    ("ru.nwf.liquid", DAY): 2692.7854,
    ("ru.nwf.liquid.usd", DAY): 33.6598,
    ("ru.nwf.liquid.pct_gdp", DAY): 1.2,
}


def table(**changes: Any) -> bytes:
    """The workbook with cells changed, as `r9c4=...` (row and column counted from 0)."""
    rows = handed.fund_table()
    for place, value in changes.items():
        row, column = map(int, place[1:].split("c"))
        rows[row][column] = value
    return handed.workbook({"Таблица по ФНБ": rows})


def test_millions_and_kilograms_become_billions_and_tonnes() -> None:
    rows = handed.read(MESSAGE, PAGE)
    assert handed.figures(rows) == BALANCES | LIQUID
    notes = {row.series: row.note for row in rows if isinstance(row, Reading)}
    assert notes["ru.nwf.gold"] == "printed 101 241,7 кг"
    assert {row.known_on for row in rows if isinstance(row, Reading)} == {date(2031, 3, 6)}


def test_the_mirror_lacks_the_liquid_part_and_digests_are_left_out() -> None:
    rows = handed.read(MESSAGE, MIRROR)
    assert handed.figures(rows) == BALANCES
    # 21:45 in Greenwich is the next day in Moscow.
    assert {row.known_on for row in rows if isinstance(row, Reading)} == {date(2031, 3, 11)}


def words() -> str:
    from wareconomy.sources import texts

    return texts.words(handed.document(PAGE), "t")


def test_a_docx_and_a_text_say_the_same_as_the_page() -> None:
    runs = [part + " " for part in words().split(" ")]
    for data in (handed.docx([runs]), words().encode()):
        assert handed.figures(handed.read(MESSAGE, data)) == BALANCES | LIQUID


def test_a_pdf_says_the_same_and_a_glued_footnote_mark_is_taken_off(monkeypatch: pytest.MonkeyPatch) -> None:
    typst = pytest.importorskip("typst")
    glued = words().replace("120 683,3 млн", "120 683,32 млн").replace("#", r"\#")
    pdf = typst.compile(f"#set page(width: 12cm)\n{glued}".encode())
    rows = handed.read(MESSAGE, pdf)
    assert handed.figures(rows) == BALANCES | LIQUID
    [yuan] = [row for row in rows if isinstance(row, Reading) and row.series == "ru.nwf.yuan"]
    assert "mark of a footnote" in (yuan.note or "")


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ("9&nbsp;720&nbsp;845,3 млн рублей", "9&nbsp;720,8 млрд рублей", ("ru.nwf.total", 9720.8)),
        ("101&nbsp;241,7 кг золота", "101,2 тонн золота", ("ru.nwf.gold", 101.2)),
    ],
)
def test_the_scale_is_in_the_words(before: str, after: str, found: tuple[str, float]) -> None:
    rows = handed.read(MESSAGE, handed.changed(PAGE, before, after))
    assert handed.figures(rows)[found[0], DAY] == found[1]


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("9&nbsp;720&nbsp;845,3 млн", "9&nbsp;720&nbsp;845,3 млрд", "not plausible"),
        ("101&nbsp;241,7 кг", "101&nbsp;241,7 тонн", "not plausible"),
        ("121&nbsp;510,6", "1&nbsp;210,6", "roubles a dollar"),
        ("33&nbsp;659,8", "35&nbsp;659,8", "do not agree"),
        ("2&nbsp;692&nbsp;785,4", "12&nbsp;692&nbsp;785,4", "more liquid assets"),
        ("объем ликвидных активов", "величина ликвидных активов", "liquid assets are not found"),
        ("объем ФНБ составил", "ФНБ равен", "size of the fund is not found"),
        (
            "По состоянию на 1 марта 2031 г. объем ликв",
            "По состоянию на 1 апреля 2031 г. объем ликв",
            "different days",
        ),
        ("Фонда национального благосостояния", "фонда", "title is missing"),
    ],
)
def test_a_message_that_cannot_be_right_is_named(before: str, after: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        handed.read(MESSAGE, handed.changed(PAGE, before, after))


def test_a_column_is_the_month_of_movements_and_the_balance_of_the_day_after() -> None:
    rows = handed.read(TABLE, table())
    found = handed.figures(rows)
    assert found["ru.nwf.inflows", "2020-01"] == 20
    assert found["ru.nwf.total", "2020-02-01"] == 110
    assert found["ru.nwf.total", "2020-05-01"] == 400.25
    assert found["ru.nwf.total.pct_gdp", "2020-05-01"] == 6.0
    assert found["ru.nwf.gold", "2020-06-01"] == 12.5
    assert found["ru.nwf.rub_account", "2020-06-01"] == 142.04
    assert found["ru.nwf.withdrawals", "2020-04"] == 0.0006
    starred = next(row for row in rows if isinstance(row, Reading) and row.locator == "Таблица по ФНБ!F9")
    assert (starred.value, starred.note) == (400.25, "printed with the footnote mark ***")


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"r3c4": 111.0}, "opening = closing before"),
        ({"r8c4": 106.5, "r3c5": 106.5}, "movements explain the closing"),
        ({"r2c4": date(2020, 5, 1)}, "does not follow"),
        ({"r2c4": "скоро"}, "not the first of a month"),
        ({"r8c1": "Объем на конец"}, "unknown row"),
        ({"r17c1": "доллары США"}, "twice"),
        ({"r8c3": "110,0 105,5"}, "not a number"),
        ({"r9c3": 5.5}, "not plausible"),
        ({"r1c2": "руб."}, "does not say billions"),
        ({"r2c1": "Наименование"}, "no sheet has the heading"),
    ],
)
def test_a_table_that_is_not_what_it_was_stops(changes: dict[str, Any], words: str) -> None:
    with pytest.raises(Malformed, match=words):
        handed.read(TABLE, table(**changes))


def test_movements_need_not_add_up_once_shares_are_at_market_value() -> None:
    assert handed.figures(handed.read(TABLE, table()))["ru.nwf.total", "2020-06-01"] == 398


def test_a_removed_row_stops() -> None:
    rows = handed.fund_table()
    del rows[21]
    with pytest.raises(Malformed, match="золото"):
        handed.read(TABLE, handed.workbook({"x": rows}))


SIZES = [
    ["Дата ", "в млрд долл. США ", "в млрд рублей", "в процентах к ВВП**  "],
    ["01.03.2031", "121,51", "9\u00a0720,85", "4,4%"],
    ["01.02.2031", "119,41***", "9 600,01", "4,3%"],
]


def test_the_size_of_the_fund_reads_from_its_docx() -> None:
    rows = handed.read(TABLE, handed.docx([["Объем Фонда"]], SIZES))
    assert handed.figures(rows)["ru.nwf.total", DAY] == 9720.85
    assert handed.figures(rows)["ru.nwf.total.usd", "2031-02-01"] == 119.41
    assert rows[0].locator == "table 1 tr[2]"
    for changed, said in ((["Дата", "a", "b", "c"], "headings"), (SIZES[1], "headings")):
        with pytest.raises(Malformed, match=said):
            handed.read(TABLE, handed.docx([["x"]], [changed, *SIZES[1:]]))
    with pytest.raises(Malformed, match="stands twice"):
        handed.read(TABLE, handed.docx([["x"]], [*SIZES, SIZES[1]]))


def test_the_page_names_the_table_and_not_the_other_file() -> None:
    [ask] = TABLE.follow(handed.document("minfin_nwf_table/page.html", "fund-table-page"))
    assert ask.url.endswith("Dannye_po_dvizheniyu_FNB_0103.xlsx")
    assert handed.read(TABLE, "minfin_nwf_table/page.html", "fund-table-page") == []


def test_purchases_and_sales_are_told_apart_by_their_words() -> None:
    buy, sell = handed.figures(handed.read(RULE, MIRROR)), handed.figures(handed.read(RULE, SALE))
    assert buy == {
        ("ru.energy.extra_oil_gas_revenue_expected", "2031-03"): 84.2,
        ("ru.energy.oil_gas_revenue_deviation", "2031-02"): -4.1,
        ("ru.budget_rule.buy", "2031-03-07..2031-04-04"): 80.1,
        ("ru.budget_rule.buy.daily", "2031-03-07..2031-04-04"): 3.8,
    }
    assert sell == {
        ("ru.energy.extra_oil_gas_revenue_expected", "2030-12"): -100.5,
        ("ru.energy.oil_gas_revenue_deviation", "2030-11"): -9.5,
        ("ru.budget_rule.sell", "2030-12-06..2031-01-14"): 110.0,
        ("ru.budget_rule.sell.daily", "2030-12-06..2031-01-14"): 5.2,
    }


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("110,0 млрд", "120,0 млрд", r"expected \+ deviation = amount"),
        ("недополученных", "дополнительных", r"expected \+ deviation = amount"),
        ("минус 9,5", "9,5", r"expected \+ deviation = amount"),
        ("объем продажи", "объем покупки", "or the reverse"),
        ("5,2 млрд", "52 млрд", "weekdays"),
        ("14 января 2031", "14 января 2032", "about a month"),
        ("14 января 2031", "34 января 2031", "the days"),
        ("ежедневный объем", "дневной объем", "daily amount is not found"),
    ],
)
def test_an_announcement_that_does_not_add_up_is_refused(before: str, after: str, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        handed.read(RULE, handed.changed(SALE, before, after))


def test_messages_are_found_in_the_press_list() -> None:
    document = handed.document("minfin_budget/press_list.html", "x-press-list")
    assert [ask.name for ask in MESSAGE.follow(document)] == ["fund-release-40980"]
    assert [ask.name for ask in RULE.follow(document)] == ["budget-rule-release-40970"]
    assert [ask.name for ask in RULE.asks(date(2031, 3, 12))] == [
        "budget-rule-press-list",
        "budget-rule-mirror",
    ]
