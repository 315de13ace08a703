"""Tests on dates and series: exactness, refusals, and never a p of zero, a NaN or a warning."""

from __future__ import annotations

import itertools
import math
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wareconomy.analysis import (
    change_points,
    coincidence,
    dates,
    event_study,
    interrupted,
    lead_lag,
    local_projections,
)
from wareconomy.analysis.dates import CannotTest, Record, decluster, dilate, flags, places

T = 400
RANDOM = np.random.default_rng(3)
days_of = st.lists(st.integers(0, T - 1), min_size=5, max_size=30, unique=True).map(
    lambda x: np.array(sorted(x))
)


@given(days_of, days_of, st.integers(-5, 5), st.integers(0, 9))
@settings(deadline=None)
def test_all_shifts_at_once_equal_the_loop(a: Any, b: Any, low: int, width: int) -> None:
    dilated = dilate(flags(b, T), low, low + width)
    counts = coincidence.counts_of_shifts(a, dilated)[0]
    assert list(counts) == [int(dilated[(a + shift) % T].sum()) for shift in range(0, 7 * (T // 7), 7)]


@given(days_of, days_of)
@settings(deadline=None, max_examples=40)
def test_p_is_never_zero_and_the_larger_is_reported(a: Any, b: Any) -> None:
    try:
        made = coincidence.assess(a, b, T, [(0, 3), (0, 7)], draws=99)
    except CannotTest:
        return
    for item in made.windows:
        assert 0 < item.p <= 1
        assert item.p == max(item.p_shift, item.p_redraw)
        assert 0 <= item.k <= item.n
        assert item.needed is None or 1 <= item.needed <= item.n
    assert 0 < made.p_family <= 1


@given(st.integers(0, T - 1), st.integers(-9, 9), st.integers(0, 9))
def test_dilation_is_its_definition(u: int, low: int, width: int) -> None:
    marked = dilate(flags(np.array([u]), T), low, low + width)
    assert {int(t) for t in np.flatnonzero(marked)} == {t for t in range(T) if low <= t - u <= low + width}


def test_a_planted_link_is_found_and_a_shuffled_one_is_not() -> None:
    b = np.sort(RANDOM.choice(760, 20, replace=False))
    made = coincidence.assess(np.unique(b + 2), b, 770, [(0, 7)])
    assert made.p_family <= 0.02
    assert made.windows[0].k >= (made.windows[0].needed or 99)


def test_the_same_lists_give_the_same_answer_twice() -> None:
    a, b = np.arange(3, 390, 31), np.arange(10, 390, 23)
    assert coincidence.assess(a, b, T, [(0, 3)], draws=199) == coincidence.assess(
        a, b, T, [(0, 3)], draws=199
    )


@pytest.mark.parametrize(
    ("a", "b", "windows", "reason"),
    [
        ([5], range(0, 300, 30), [(0, 3)], "one_event"),
        (range(0, 300, 30), [5], [(0, 3)], "one_event"),
        ([], range(0, 300, 30), [(0, 3)], "too_few"),
        ([7] * 20, range(0, 300, 30), [(0, 3)], "one_event"),
        (range(0, 300, 100), range(0, 300, 30), [(0, 3)], "too_few"),
        (range(0, 300, 30), range(0, 400, 4), [(0, 3)], "coverage"),
        (range(0, 300, 30), range(0, 300, 30), [(3, 0)], "window_reversed"),
        (range(0, 300, 30), range(0, 300, 30), [(0, 200)], "window_too_wide"),
        (range(0, 300, 30), range(0, 300, 30), [], "no_window"),
    ],
)
def test_lists_that_cannot_carry_a_test_are_refused(a: Any, b: Any, windows: Any, reason: str) -> None:
    with pytest.raises(CannotTest) as refusal:
        coincidence.assess(
            np.array(sorted(set(a)), dtype=int), np.array(sorted(set(b)), dtype=int), T, windows
        )
    assert refusal.value.reason == reason
    assert len(str(refusal.value)) > 15


def test_a_short_record_is_refused() -> None:
    with pytest.raises(CannotTest, match="whole-week shifts"):
        coincidence.assess(np.arange(0, 60, 10), np.arange(3, 60, 10), 63, [(0, 3)])


def test_dates_outside_the_record_and_ties_are_handled() -> None:
    record = Record(date(2025, 1, 1), date(2025, 12, 31))
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert list(places(days, record)) == [0, 364]
    with pytest.raises(CannotTest, match="ends before"):
        Record(date(2025, 1, 2), date(2025, 1, 1))


@given(days_of, st.integers(0, 10))
def test_declustering_keeps_first_days_only(days: Any, gap: int) -> None:
    kept = decluster(days, gap)
    groups = dates.clusters(days, gap)
    assert list(kept) == [int(group[0]) for group in groups]
    assert sum(len(group) for group in groups) == len(days)


@given(st.lists(st.floats(1e-9, 1.0), min_size=1, max_size=20), st.sampled_from(["bh", "by"]))
def test_adjusted_p_values_are_no_smaller_and_keep_their_order(ps: list[float], method: str) -> None:
    made = coincidence.adjust(ps, method)
    assert all(0 < q <= 1 and q >= p * (1 - 1e-12) for p, q in zip(ps, made, strict=True))
    ranked = sorted(range(len(ps)), key=lambda place: ps[place])
    assert all(made[a] <= made[b] + 1e-12 for a, b in itertools.pairwise(ranked))


@pytest.mark.parametrize("bad", [0.0, -0.1, 1.1, math.nan])
def test_what_is_no_p_value_is_refused(bad: float) -> None:
    with pytest.raises(ValueError, match="p-value"):
        coincidence.adjust([0.5, bad])


# ---------------------------------------------------------------------------- series


def stock(n: int = 500) -> tuple[list[int], list[float]]:
    random = np.random.default_rng(5)
    return list(range(n)), list(110000 + np.cumsum(random.normal(10, 12, n)))


def test_a_step_in_pace_is_found_and_none_is_not() -> None:
    at, level = stock()
    y = event_study.increments(at, level, 500, widest=None)
    events = np.array([60, 120, 190, 260, 330, 400])
    assert event_study.study(y, events).p > 0.05
    for event in events:
        y[event + 1 : event + 8] += 40
    made = event_study.study(y, events)
    assert made.p <= 0.02
    assert made.effect > made.band_high
    assert made.mde > 0


def test_holes_redraws_and_negative_areas() -> None:
    at, level = stock()
    level[200:] = [value - 116 for value in level[200:]]
    del at[100], level[100]
    y = event_study.increments(at, level, 500, flagged=[7])
    assert np.isnan(y[[0, 7, 100, 101, 200]]).all()
    with pytest.raises(ValueError, match="zero or more"):
        event_study.increments([0, 1], [-5.0, 3.0], 10)
    with pytest.raises(ValueError, match="ascend"):
        event_study.increments([3, 1], [5.0, 3.0], 10)


@pytest.mark.parametrize(
    ("events", "reason"),
    [([50], "one_event"), ([1, 2, 3, 4, 5], "too_few"), ([], "too_few"), ([100, 200], "too_few")],
)
def test_an_event_study_refuses(events: list[int], reason: str) -> None:
    at, level = stock()
    y = event_study.increments(at, level, 500)
    with pytest.raises(CannotTest) as refusal:
        event_study.study(y, np.array(events, dtype=int))
    assert refusal.value.reason == reason


def test_a_series_of_holes_is_refused() -> None:
    y = np.full(500, np.nan)
    with pytest.raises(CannotTest, match="measured month"):
        event_study.study(y, np.array([60, 120, 190, 260, 330]))


def test_an_interrupted_series_is_judged_by_placebo_dates() -> None:
    random = np.random.default_rng(2)
    y = random.normal(0, 1, 50)
    y[30:] += 12
    made = interrupted.interrupted(list(y), 30, model=False)
    assert made.p == made.smallest_p == pytest.approx(1 / 35)
    assert made.level == pytest.approx(12, abs=1.5)
    false = sum(
        interrupted.interrupted(list(np.random.default_rng(k).normal(size=50)), 30, model=False).p <= 0.05
        for k in range(200)
    )
    assert false <= 0.09 * 200


def test_the_ar1_estimate_comes_with_its_error() -> None:
    pytest.importorskip("statsmodels")
    y = np.random.default_rng(4).normal(0, 1, 50)
    y[25:] += 5
    made = interrupted.interrupted(list(y), 25)
    assert made.level_ml == pytest.approx(5, abs=1.5)
    assert made.level_ml_se is not None
    assert made.level_ml_se > 0


@pytest.mark.parametrize(
    ("values", "at", "reason"),
    [
        ([1.0] * 50, 25, "no_variation"),
        ([1.0, math.nan] * 25, 25, "gap"),
        (list(range(10)), 5, "too_few"),
        (list(range(50)), 2, "near_an_end"),
        (list(range(50)), 49, "near_an_end"),
    ],
)
def test_an_interrupted_series_refuses(values: list[float], at: int, reason: str) -> None:
    with pytest.raises(CannotTest) as refusal:
        interrupted.interrupted(values, at)
    assert refusal.value.reason == reason


def test_a_straight_line_has_no_break() -> None:
    assert interrupted.interrupted([float(x) for x in range(50)], 25, model=False).p == 1.0


def test_lead_and_lag() -> None:
    pytest.importorskip("statsmodels")
    random = np.random.default_rng(6)
    x = random.normal(size=200)
    y = np.concatenate([random.normal(size=2), x[:-2]]) + random.normal(0, 0.5, 200)
    made = lead_lag.lead_lag(list(x), list(y), [-3, -2, -1, 0, 1, 2, 3], draws=199)
    assert made.lag == 2
    assert made.p == pytest.approx(1 / 200)
    walk = [list(np.cumsum(np.random.default_rng(k).normal(size=120))) for k in (1, 2)]
    assert lead_lag.lead_lag(walk[0], walk[1], [-1, 0, 1], draws=199).p > 0.05


@pytest.mark.parametrize(
    ("x", "y", "lags", "reason"),
    [
        ([1.0] * 40, list(range(40)), [0], "no_variation"),
        (list(range(40)), list(range(39)), [0], "lengths_differ"),
        ([math.nan, *range(39)], list(range(40)), [0], "gap"),
        (list(range(10)), list(range(10)), [0], "too_few"),
        (list(range(40)), list(range(40)), [20], "lag_too_long"),
        (list(range(40)), list(range(40)), [], "lag_too_long"),
    ],
)
def test_lead_and_lag_refuses(x: list[float], y: list[float], lags: list[int], reason: str) -> None:
    with pytest.raises(CannotTest) as refusal:
        lead_lag.lead_lag(x, y, lags, draws=9)
    assert refusal.value.reason == reason


def test_change_points_come_with_their_stability() -> None:
    pytest.importorskip("ruptures")
    random = np.random.default_rng(8)
    y = np.concatenate([random.normal(0, 1, 60), random.normal(6, 1, 60)])
    made = change_points.change_points(list(y), prewhiten=False)
    assert made.places == (60,)
    assert made.stability == (1.0,)
    single = change_points.mean_break(list(y))
    assert single.low <= 60 <= single.high
    with pytest.raises(CannotTest, match="hole"):
        change_points.change_points([math.nan, *range(40)])
    with pytest.raises(CannotTest, match="vary"):
        change_points.mean_break([3.0] * 50)


def test_local_projections_need_shocks_and_room() -> None:
    shocks = (np.arange(60) % 6 == 0) * 1.0
    random = np.random.default_rng(9)
    y = random.normal(0, 0.1, 60)
    y[1:] += 3 * shocks[:-1]
    made = local_projections.project(list(y), list(shocks), horizons=3)
    assert made.response[1] == pytest.approx(3, abs=0.3)
    assert made.low[1] > 0
    for shock_count, horizons, reason in ((3, 3, "too_few"), (10, 12, "too_short")):
        few = np.zeros(60)
        few[5 : 5 + 5 * shock_count : 5] = 1
        with pytest.raises(CannotTest) as refusal:
            local_projections.project(list(y), list(few), horizons=horizons)
        assert refusal.value.reason == reason


def test_missing_libraries_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    from wareconomy.analysis import extra
    from wareconomy.errors import MissingExtra

    def absent(name: str) -> None:
        raise ImportError(name)

    monkeypatch.setattr(extra, "import_module", absent)
    with pytest.raises(MissingExtra, match=r"wareconomy\[stats\]"):
        extra.stats()


def test_a_week_is_seven_days() -> None:
    assert timedelta(days=coincidence.WEEK) == timedelta(weeks=1)
