"""The Python face: frames with their units and sources, as-of, and sums that are refused."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import wareconomy as we
from wareconomy.analysis.questions import Answer
from wareconomy.errors import LedgerError, OverlapError, UnknownName, UsageError


@pytest.fixture(scope="module")
def ledger(ledger_path: Path) -> Iterator[we.api.Ledger]:
    with we.open(ledger_path) as opened:
        yield opened


def test_a_series_is_a_tidy_frame_with_unit_and_sources(ledger_path: Path) -> None:
    with we.open(ledger_path) as ledger:
        frame = ledger.series("ru.budget.balance", as_of="2026-02-10")
    assert list(frame.columns) == [
        "period", "period_start", "period_end", "value", "status", "vintage", "basis", "source", "figure",
    ]  # fmt: skip
    assert frame.attrs["unit"] == "RUB bn"
    assert frame.attrs["as_of"] == "2026-02-10"
    assert frame.attrs["sources"][0]["publisher"]
    assert (frame["vintage"] <= "2026-02-10").all()
    assert frame["period_start"].is_monotonic_increasing
    assert not frame.duplicated(["period_start", "period_end"]).any()
    assert frame.loc[frame["period"] == "2026-01", "value"].item() == -1718


def test_all_vintages_hold_more_prints_than_periods(ledger_path: Path) -> None:
    with we.open(ledger_path) as ledger:
        prints = ledger.series("ru.budget.balance", vintages=True)
        newest = ledger.series("ru.budget.balance")
    assert len(prints) > len(newest)
    assert set(newest["period"]) <= set(prints["period"])


def test_a_derived_series_carries_its_formula(ledger_path: Path) -> None:
    with we.open(ledger_path) as ledger:
        frame = ledger.series("ru.budget.balance.rolling12")
        earlier = ledger.series("ru.budget.balance.rolling12", as_of="2025-06-30")
    assert "sum of 12" in frame.attrs["formula"]
    assert len(earlier) < len(frame)


def test_adding_what_contains_one_another_is_refused_with_the_reason(ledger_path: Path) -> None:
    with we.open(ledger_path) as ledger:
        with pytest.raises(OverlapError, match="inside the international reserves"):
            ledger.total(["ru.nwf.liquid.usd", "ru.reserves.total"])
        with pytest.raises(OverlapError):
            ledger.total(["territory.occupied.deepstate", "territory.occupied.deepstate.UA-14"])
        with pytest.raises(UsageError, match="cannot be added"):
            ledger.total(["ru.budget.revenue", "ru.key_rate"])


def test_adding_what_may_be_added_gives_the_printed_total(ledger_path: Path) -> None:
    with we.open(ledger_path) as ledger:
        both = ledger.total(["ru.budget.revenue_oil_gas", "ru.budget.revenue_non_oil_gas"]).set_index(
            "period"
        )["value"]
        revenue = ledger.series("ru.budget.revenue").set_index("period")["value"]
    assert both["2024"] == pytest.approx(revenue["2024"], abs=0.2)


def test_unknown_names_come_with_the_nearest(ledger_path: Path) -> None:
    with we.open(ledger_path) as ledger, pytest.raises(UnknownName, match=r"ru\.budget\.balance"):
        ledger.series("ru.budget.balence")


@pytest.mark.parametrize("day", ["2026-02-30", "10.02.2026", "yesterday", "20260210"])
def test_a_day_that_is_none_is_refused(ledger_path: Path, day: str) -> None:
    with we.open(ledger_path) as ledger, pytest.raises(UsageError, match="YYYY-MM-DD"):
        ledger.series("ru.key_rate", as_of=day)


def test_acts_and_claims_know_their_day(ledger_path: Path) -> None:
    with we.open(ledger_path) as ledger:
        before = ledger.acts(as_of="2026-07-03")
        after = ledger.acts(as_of="2026-07-05")
        claims = ledger.claims(as_of="2025-12-31")
    assert "ru-228-fz-2026" not in set(before["act"])
    assert "ru-228-fz-2026" in set(after["act"])
    assert {"C152", "C153"} <= set(claims["id"])


def test_a_ledger_shows_itself_in_a_notebook(ledger_path: Path) -> None:
    with we.open(ledger_path) as ledger:
        html = ledger._repr_html_()
        assert "observations" in html
        assert "wareconomy.duckdb" in repr(ledger)
        assert len(ledger.catalog()) > 250


def test_a_missing_ledger_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(LedgerError, match="wareconomy build"):
        we.open(tmp_path / "none.duckdb")


def test_a_file_that_is_no_ledger_is_named(tmp_path: Path) -> None:
    path = tmp_path / "x.duckdb"
    path.write_bytes(b"not a database")
    with pytest.raises(LedgerError, match="wareconomy build"):
        we.open(path)


def test_the_public_names_are_what_the_module_lists() -> None:
    assert set(dir(we)) >= set(we.__all__)
    for name in we.__all__:
        assert getattr(we, name) is not None
    with pytest.raises(AttributeError):
        we.nothing  # noqa: B018


def test_one_ledger_may_be_asked_from_several_threads(ledger: we.api.Ledger) -> None:
    names = ("ru.budget.balance", "ru.nwf.liquid", "ru.key_rate", "ru.reserves.total")
    wanted = {name: ledger.series(name) for name in names}

    def ask(name: str) -> bool:
        return all(ledger.series(name).equals(wanted[name]) for _ in range(12))

    with ThreadPoolExecutor(len(names)) as pool:
        assert list(pool.map(ask, names)) == [True] * len(names)


@pytest.mark.parametrize(
    "day",
    [
        "2026-02-10",
        date(2026, 2, 10),
        datetime(2026, 2, 10, 23, 59),
        pd.Timestamp("2026-02-10 12:00"),
        np.datetime64("2026-02-10T05:00"),
    ],
)
def test_a_day_may_be_given_as_people_have_it(ledger: we.api.Ledger, day: Any) -> None:
    assert ledger.series("ru.budget.balance", as_of=day).attrs["as_of"] == "2026-02-10"


@pytest.mark.parametrize(
    "day",
    [
        pd.NaT,
        np.datetime64("NaT", "D"),
        np.datetime64("2026-02"),
        20260210,
        b"2026-02-10",
        "2026-W06-2",
        "10.02.2026",
        2026.2,
    ],
)
def test_what_is_no_day_is_refused_in_one_line(ledger: we.api.Ledger, day: Any) -> None:
    with pytest.raises(UsageError, match="is not a day"):
        ledger.series("ru.budget.balance", as_of=day)


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (lambda ledger: ledger.total([]), "name the series to add"),
        (lambda ledger: ledger.total("ru.budget.balance"), "name the series to add"),
        (lambda ledger: ledger.series("ru.nwf.liquid.change", vintages=True), "has no prints"),
        (lambda ledger: ledger.study(acts={"catgory": ["vat"]}), "not chosen by 'catgory'"),
        (lambda ledger: ledger.study(claims={"side": "rusia"}), "there is russia"),
        (lambda ledger: ledger.study(acts={"category": "sme_tx"}), "there is sme_tax"),
        (lambda ledger: ledger.study(as_of="9999-12-31"), "lies ahead"),
        (lambda ledger: ledger.study(acts={"stage": ["signed", "adopted"]}), "is no stage"),
        (lambda ledger: ledger.study(claims={"side": 5}), "no claims have the side 5"),
        (lambda ledger: ledger.query("COPY (SELECT 1) TO 'written.csv'"), "this is COPY"),
        (lambda ledger: ledger.query("SELECT 1; SELECT 2"), "several statements"),
    ],
)
def test_a_slip_of_the_pen_is_refused_and_not_answered(ledger: we.api.Ledger, asked: Any, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        asked(ledger)


def test_one_category_is_the_same_as_a_list_of_one(ledger: we.api.Ledger) -> None:
    one, listed = (ledger.study(acts={"category": given}) for given in ("sme_tax", ["sme_tax"]))
    assert isinstance(one, Answer)
    assert isinstance(listed, Answer)
    assert [run.a for run in one.runs] == [run.a for run in listed.runs]
    assert one.runs[0].a


def test_columns_have_their_types_also_without_rows(ledger: we.api.Ledger) -> None:
    some, none = (ledger.series("ru.budget.balance", as_of=day) for day in ("2026-02-10", "1900-01-01"))
    assert none.empty
    assert none.dtypes.to_dict() == some.dtypes.to_dict()
    checks = ledger.claim_checks()
    assert {checks[name].dtype.kind for name in ("as_of", "period_start", "period_end")} == {"M"}


def test_a_closed_ledger_says_so(ledger_path: Path) -> None:
    closed = we.open(ledger_path)
    closed.close()
    closed.close()
    for ask in (lambda: closed.series("ru.budget.balance"), closed.claim_checks, lambda: closed.connection):
        with pytest.raises(LedgerError, match="was closed"):
            ask()
    assert "closed" in closed._repr_html_()
