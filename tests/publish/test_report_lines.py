"""Single lines and tables of the report: what they count, which days they print, and what they call a revision."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from xml.etree import ElementTree

import pytest

from wareconomy.ledger import query
from wareconomy.publish import charts, claim_pages, language, report, revised, theme, verdicts
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.document import Table
from wareconomy.publish.report import Composed

LATEST = date(2026, 10, 31)
JULY = date(2026, 7, 3)
YEAR_END = date(2025, 12, 31)


@pytest.fixture(scope="module")
def made(ledger_path: Path) -> Callable[[date], Composed]:
    kept: dict[date, Composed] = {}

    def compose(day: date) -> Composed:
        if day not in kept:
            with query.connect(ledger_path) as con:
                kept[day] = report.compose(con, [], day)
        return kept[day]

    return compose


@pytest.fixture(scope="module")
def drawn(ledger_path: Path) -> Callable[[date], dict[str, Chart]]:
    kept: dict[date, dict[str, Chart]] = {}

    def build(day: date) -> dict[str, Chart]:
        if day not in kept:
            with query.connect(ledger_path) as con:
                kept[day] = {chart.id: chart for chart in charts.build(con, day)}
        return kept[day]

    return build


def table(composed: Composed, section: str, caption: str) -> Table:
    for part in composed.report.sections:
        for block in part.blocks:
            if part.id == section and isinstance(block, Table) and block.caption.startswith(caption):
                return block
    raise AssertionError(f"no table {caption!r} in {section}")


def charts_svg(chart: Chart) -> bytes:
    figure = charts.draw(chart)
    with theme.style(chart.id):
        return theme.svg_bytes(figure, chart)


def rows(composed: Composed, section: str, caption: str) -> list[list[str]]:
    return [
        [
            "".join(p if isinstance(p, str) else p.text for p in cell).replace(language.NO_BREAK, " ")
            for cell in row
        ]
        for row in table(composed, section, caption).rows
    ]


def words(composed: Composed, section: str) -> str:
    text = [
        line
        for part in composed.report.sections
        if part.id == section
        for block in part.blocks
        for line in report.sentences(block)
    ]
    return "\n".join(text).replace(language.NO_BREAK, " ")


# ---------------------------------------------------------------------------- first prints and revisions


def test_a_figure_somebody_compiled_is_no_first_print(
    made: Callable[[date], Composed], drawn: Callable[[date], dict[str, Chart]]
) -> None:
    """The ministry's release on January to June 2026 is not held; the row of 11 August was compiled by others."""
    shown = [row[0] for row in rows(made(LATEST), "fiscal", "First prints")]
    assert "January–April 2026" in shown
    assert "January–June 2026" not in shown
    pairs = {(row[0], row[1]) for row in drawn(LATEST)["budget-first-and-final"].rows}
    assert (2026, 4) in pairs
    assert (2026, 6) not in pairs
    assert (2025, 6) in pairs


def test_one_rule_says_what_is_a_revision(
    made: Callable[[date], Composed], drawn: Callable[[date], dict[str, Chart]]
) -> None:
    """5,600 printed anew as 5,644 is within rounding for the chart, the fiscal table and the list alike."""
    assert not revised.beyond_rounding(-5600, "-5600", -5644)
    assert revised.beyond_rounding(-3410, "-3410", -3415.1)
    assert not revised.beyond_rounding(393, "393", 393.3)
    fiscal = {row[0]: row for row in rows(made(JULY), "fiscal", "First prints")}
    assert fiscal["2025"][1:] == ["−5,600", "−5,644", "within rounding"]
    anew = rows(made(JULY), "revisions", "The largest revisions")
    assert not [row for row in anew if row[:2] == ["Federal budget balance, bn RUB", "2025"]]
    chart = drawn(LATEST)["budget-first-and-final"]
    assert chart.title.startswith("All 27 first prints revised beyond rounding showed a larger deficit")
    assert "5,600 to 50" in chart.notes[0]
    assert "1 pair so close is drawn and not counted" in chart.notes[0]
    assert revised.RULE in words(made(JULY), "revisions")


def test_revised_figures_are_counted_once_and_only_beyond_rounding(
    made: Callable[[date], Composed], ledger_path: Path
) -> None:
    composed = made(LATEST)
    entry = composed.counts["count:revised-figures"]
    with query.connect(ledger_path) as con:
        found = query.records(
            con,
            "SELECT r.*, p.printed FROM revisions AS r JOIN observations AS p ON p.observation = "
            "r.previous_observation WHERE r.vintage > '2025-10-31' AND r.vintage <= '2026-10-31' AND r.series "
            "NOT LIKE 'ru.tax.%' AND NOT regexp_matches(r.series, '\\.(plan|draft|estimate|consensus)')",
        )
        again = query.table(con, entry["sql"], entry["params"])[1][0][0]
    real = {
        (row["series"], row["period_start"], row["period_end"])
        for row in found
        if revised.beyond_rounding(row["previous_value"], row["printed"], row["value"])
    }
    assert entry["value"] == again == len(real) < len(found)
    assert f"{len(real)} figures of outcomes were printed anew" in words(composed, "revisions")


def test_a_revision_prints_each_number_as_its_own_print_has_it(made: Callable[[date], Composed]) -> None:
    shown = {tuple(row[:2]): row for row in rows(made(JULY), "revisions", "The largest revisions")}
    assert shown["Federal budget balance, bn RUB", "January–June 2024"][2:5] == ["−929", "−602.4", "+326.6"]
    assumed = shown["Federal budget balance, bn RUB", "January–April 2024"]
    assert assumed[5:] == ["20 May 2024 (day assumed)", "31 December 2025 (day assumed)"]
    assert ("Federal budget balance, percent of GDP", "January–June 2025") in shown


# ---------------------------------------------------------------------------- Ukraine, strikes, people


def test_promised_and_given_aid_stand_in_one_row_only_for_the_same_days(
    made: Callable[[date], Composed],
) -> None:
    """On the last day of 2025 the ledger had no promises of the United States for the days of the allocations."""
    shown = {row[0]: row[1:] for row in rows(made(YEAR_END), "ukraine", "Aid to Ukraine promised")}
    assert shown["United States"] == [
        language.NOT_KNOWN,
        "115",
        "28 February 2025",
        "30 April 2025 (day assumed)",
    ]
    assert shown["Europe"][:3] == ["235", "138", "28 February 2025"]


def test_a_plan_for_the_year_ahead_is_the_newest_plan(made: Callable[[date], Composed]) -> None:
    shown = {row[0]: row[1:] for row in rows(made(YEAR_END), "ukraine", "Budget, financing and debt")}
    assert shown["State budget deficit of Ukraine, plan, in dollars"] == [
        "47.5 bn USD",
        "2026",
        "10 December 2025",
    ]


def test_money_received_in_a_period_that_was_not_over_says_so(
    made: Callable[[date], Composed], drawn: Callable[[date], dict[str, Chart]]
) -> None:
    shown = {row[0]: row[2] for row in rows(made(LATEST), "ukraine", "Budget, financing and debt")}
    mark = " (not over when the figure became known)"
    assert shown["External financing received by Ukraine, in dollars"] == f"January–September 2025{mark}"
    assert shown["Ukraine Support Loan, defence money paid"] == f"July 2026{mark}"
    assert shown["Ukraine Support Loan of the European Union, total"] == "2026–2027"
    assert shown["ERA loans received by Ukraine"] == "2025"
    title = drawn(LATEST)["ukraine-financing"].title
    assert "in January to September 2025, as known on 9 September 2025, before its end" in title


def test_the_newest_count_of_refugees_leads_the_table(made: Callable[[date], Composed]) -> None:
    shown = rows(made(LATEST), "people", "People displaced")
    assert shown[0] == [
        "Refugees from Ukraine recorded in all countries",
        "5,900,000",
        "17 February 2026",
        "17 February 2026",
    ]
    assert ["Returnees", "4,100,000", "August 2025"] in [row[:3] for row in shown]


@pytest.mark.parametrize(
    ("day", "words_of_it"),
    [
        (LATEST, "In May 2026, the last full month in the ledger, Russia launched"),
        (JULY, "In May 2026, the last full month in the ledger, Russia launched"),
        (YEAR_END, "In November 2025, the last full month, Russia launched"),
    ],
    ids=["latest", "july", "year-end"],
)
def test_a_month_is_the_last_one_only_where_it_is(
    made: Callable[[date], Composed], day: date, words_of_it: str
) -> None:
    assert words(made(day), "strikes").startswith(words_of_it)


# ---------------------------------------------------------------------------- the fund


def test_no_months_are_counted_at_sales_the_ministry_has_ended(
    made: Callable[[date], Composed], drawn: Callable[[date], dict[str, Chart]]
) -> None:
    row = rows(made(LATEST), "fund", "How many months")[-1]
    assert row == [
        "Currency sales announced under the budget rule",
        "none: purchases (7 September to 6 October 2026)",
        language.DASH,
    ]
    told = words(made(LATEST), "fund")
    assert "were of 226.8 bn RUB (6 February to 5 March 2026); operations were suspended from 6 March" in told
    assert (
        "holds purchases from May 2026 on, the newest of 55.6 bn RUB (7 September to 6 October 2026)" in told
    )
    assert rows(made(JULY), "fund", "How many months")[-1][1].startswith("none: no operations (6 March")
    for day in (LATEST, JULY):
        chart = drawn(day)["nwf-months-left"]
        assert "budget rule" not in chart.title
        assert "no pace of it is counted" in chart.notes[-1]


def test_the_pace_of_the_budget_rule_is_the_one_announced_last(
    made: Callable[[date], Composed], drawn: Callable[[date], dict[str, Chart]]
) -> None:
    """123.4 bn over the 42 days from 5 December 2025 were announced on the 4th; the stock is that of 1 December."""
    days = "5 December 2025 to 15 January 2026"
    row = rows(made(YEAR_END), "fund", "How many months")[-1]
    assert row == [f"Currency sales announced under the budget rule ({days})", "46", "1 December 2025"]
    entry = made(YEAR_END).counts["calc:nwf-months-announced"]
    assert entry["value"] == pytest.approx(4114.6661 / (30.4375 * 123.4 / 42), abs=1e-5)
    chart = drawn(YEAR_END)["nwf-months-left"]
    assert f"46 months at the budget rule’s pace of sales ({days})" in chart.title
    assert chart.payload["paces"]["budget_rule"][-1] == (date(2025, 12, 1), pytest.approx(entry["value"]))


def test_one_caption_writes_its_unit_one_way(drawn: Callable[[date], dict[str, Chart]]) -> None:
    title = drawn(YEAR_END)["nwf-drawdowns"].title
    assert title == "Sold from the fund for the budget: 1,300 bn RUB in 2024, 3,459 bn RUB in 2023"


# ---------------------------------------------------------------------------- plans, acts, counts, oblasts


def test_plans_are_told_for_the_year_that_changed_most_and_step_by_step(
    made: Callable[[date], Composed], drawn: Callable[[date], dict[str, Chart]]
) -> None:
    assert drawn(YEAR_END)["deficit-plan-vintages"].title == (
        "The deficit planned for 2025 went from 1,260 by way of 830, 1,173 and 3,790 to 5,736 bn RUB; "
        "January to October 2025 brought a deficit of 4,190 bn"
    )
    assert drawn(LATEST)["deficit-plan-vintages"].title.startswith(
        "Deficit of 6,455 bn RUB in January to July"
    )
    laws = [row[3] for row in rows(made(YEAR_END), "fiscal", "What budget laws planned")]
    assert "amendment 2024" in laws
    assert not [law for law in laws if "plan" in law]


def test_acts_not_yet_in_force_come_into_force(made: Callable[[date], Composed]) -> None:
    """On the last day of 2025 ten of twelve acts were to come into force on 1 January 2026 and later."""
    early = words(made(YEAR_END), "links")
    assert "12 acts came or come into force within a week of it (10 of them after 31 December 2025)" in early
    assert " acts came into force within a week of it, among them on 1 January 2026" in words(
        made(LATEST), "links"
    )


def test_an_estimate_is_not_called_a_count(made: Callable[[date], Composed]) -> None:
    shown = table(made(LATEST), "claims", "Strikes, losses and settlements")
    assert "a number counted or estimated" in shown.caption
    assert "Counted or estimated" in shown.columns


def test_oblasts_compared_with_another_day_say_how_far_apart(made: Callable[[date], Composed]) -> None:
    shown = table(made(LATEST), "territory", "Occupied area by oblast")
    told = "372 days apart, as no areas by oblast of 22 August 2025 are held"
    assert told in shown.caption.replace(language.NO_BREAK, " ")
    assert "Map file of 15 August 2025" in shown.columns


def test_oblasts_of_the_same_day_a_year_earlier_need_no_such_words(
    made: Callable[[date], Composed],
) -> None:
    day = date(2026, 8, 15)
    assert table(made(day), "territory", "Occupied area by oblast").caption.endswith("km²")


# ---------------------------------------------------------------------------- the days a measurement covers

DECEMBER = "ISW 365 km² (for all of December 2025)"


def test_a_printed_figure_of_other_days_says_its_days(
    made: Callable[[date], Composed], drawn: Callable[[date], dict[str, Chart]]
) -> None:
    """ISW's 365 km² are those of 1 to 17 and 17 to 31 December; the statement was made on the 29th."""
    story = words(made(LATEST), "claims")
    assert f"Measured from 1 to 29 December 2025: DeepState 461 km² and {DECEMBER}." in story
    left = {row[0]: row[2] for row in rows(made(LATEST), "claims", "Measurements that the rule does not use")}
    assert left["AFP from ISW data"] == "December 2025"
    assert "grew by 5,000 km² in 2025" in story
    assert "a printed figure where its first and last day are within 3 days of those stated" in story
    ratios, chart = drawn(LATEST)["claim-ratios"], drawn(LATEST)["claimed-and-measured"]
    assert "same days (printed figures: to within 3 days)" in ratios.subtitle
    assert "same days (or those in brackets, at most 3 days off)" in chart.subtitle
    assert "same days" not in chart.title
    told = {row["period"]: row["other_days"] for row in chart.payload["rows"]}
    assert told["1–29 Dec 2025"] == {"ISW": "to 31 Dec"}
    assert told["1–15 Jan 2026"] == {"ISW": "31 Dec–13 Jan"}
    assert told["1 Jan–17 Dec 2025"] == {"ISW": "to 18 Dec"}
    assert told["1 Jan–18 Dec 2025"] == {}
    assert "ISW 74 (31 Dec–13 Jan) measured" in chart.alt
    assert "ISW 365 (to 31 Dec)" in "".join(ElementTree.fromstring(charts_svg(chart)).itertext())
    row = next(row for row in chart.rows if row[0].startswith("C154") and row[6] == "ISW")
    assert row[10:12] == (date(2025, 12, 1), date(2025, 12, 31))
    row = next(row for row in chart.rows if row[0].startswith("C154") and row[6] == "DeepState")
    assert row[10:12] == (date(2025, 12, 1), date(2025, 12, 29))


def test_pages_and_the_command_line_print_the_days_of_a_measurement_too(ledger_path: Path) -> None:
    with query.connect(ledger_path) as con:
        desk = claim_pages.read(con, LATEST, "0" * 64)
        pages = {page.name: page for page in claim_pages.compose(desk)}
        told = verdicts.check_sentences(desk.checks["C154"][1], desk.rule, "V", "2025-12-29", desk.days)
    assert f"Measured: DeepState 461 km² and {DECEMBER}." in told[0].replace(language.NO_BREAK, " ")
    assert "these days" not in told[0]
    data = pages["C154"].data or {}
    assert DECEMBER in data["reviewRating"]["ratingExplanation"].replace(language.NO_BREAK, " ")
    tables = [block for block in pages["C154"].blocks if isinstance(block, Table)]
    shown = {
        block.caption: {row[0][0]: row[2][0] for row in block.rows}
        for block in tables
        if "Days" in block.columns
    }
    assert shown["What was measured, with every row it rests on"] == {
        "DeepState": "1–29 December 2025",
        "ISW": "December 2025",
    }
    assert shown["Measured as well and not used"]["AFP from ISW data"] == "December 2025"
