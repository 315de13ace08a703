"""Published results that the methods here, and the libraries they lean on, must reproduce. Ids as in
docs/methods.md.
"""

from __future__ import annotations

import csv
import math
import warnings
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from benchmarks import scenarios

from wareconomy.analysis import change_points, coincidence, interrupted
from wareconomy.analysis.dates import dilate, flags
from wareconomy.ledger import query

HERE = Path(__file__).parent / "published"
BH = [
    0.0001,
    0.0004,
    0.0019,
    0.0095,
    0.0201,
    0.0278,
    0.0298,
    0.0344,
    0.0459,
    0.324,
    0.4262,
    0.5719,
    0.6528,
    0.759,
    1.0,
]
BH_ADJUSTED = [
    0.0015,
    0.003,
    0.0095,
    0.035625,
    0.0603,
    0.06385714,
    0.06385714,
    0.0645,
    0.0765,
    0.486,
    0.58118182,
    0.714875,
    0.75323077,
    0.81321429,
    1.0,
]
A, B = list(range(5, 80, 5)), list(range(12, 73, 10))


def columns(name: str) -> list[list[float]]:
    with (HERE / name).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))[1:]
    return [list(map(float, column)) for column in zip(*rows, strict=True)]


@pytest.fixture(scope="module")
def con(ledger_path: Path) -> Iterator[Any]:
    with query.connect(ledger_path) as opened:
        yield opened


def test_eca_1_the_toy_lists_of_pyunicorn() -> None:
    x, y = [1, 3, 6], [1, 3, 7]
    assert coincidence.synchronise(x, y, 1) == (0.5, 0.5)
    assert coincidence.rates(x, y, 0, 1, trim=True) == (0.5, 1.0)
    assert coincidence.rates(y, x, 0, 1, trim=True) == (1.0, 1.0)
    assert coincidence.rates(x, y, 0, 1) == pytest.approx((2 / 3, 2 / 3))
    assert coincidence.rates(y, x, 0, 1) == (1.0, 1.0)


def test_eca_2_the_example_of_coincalc_and_its_exact_p() -> None:
    assert coincidence.rates(A, B, 2, 3) == pytest.approx((0.4666666667, 1.0))
    assert coincidence.binomial_p(7, 15, 7, 100, 2, 1, "es") == pytest.approx(2.99438e-05, rel=1e-5)
    assert coincidence.binomial_p(7, 7, 15, 100, 2, 1, "es") == pytest.approx(1.19889e-06, rel=1e-5)
    assert coincidence.binomial_p(7, 15, 7, 100, 2, 1, "ts") == pytest.approx(0.00188927, rel=1e-5)
    assert coincidence.binomial_p(7, 7, 15, 100, 2, 1, "ts") == pytest.approx(9.43045e-05, rel=1e-5)
    null = coincidence.counts_of_shifts(np.array(A) - 1, dilate(flags(np.array(B) - 1, 100), 2, 3), 1)[0]
    assert coincidence.upper_p(null[0], null, True) == pytest.approx(0.06)  # the list is strictly periodic


def test_eca_3_the_lilac_example_is_not_significant() -> None:
    assert coincidence.binomial_p(3, 6, 6, 55, 0, 0) == pytest.approx(0.0178, abs=5e-5)
    assert coincidence.binomial_p(3, 6, 6, 55, 0, 1) == pytest.approx(0.0980, abs=5e-5)


def test_eca_4_clusters_do_not_fool_the_shift_and_do_fool_the_shuffle() -> None:
    sims = 250
    for name in scenarios.STATIONARY:
        random = np.random.default_rng(7)
        shift = naive = 0
        for _ in range(sims):
            a, b = scenarios.SCENARIOS[name](random)
            dilated = dilate(flags(b, scenarios.LENGTH), 0, 7)
            null = coincidence.counts_of_shifts(a, dilated)[0]
            shift += coincidence.upper_p(null[0], null, True) <= 0.05
            naive += name in scenarios.CLUSTERED and scenarios.shuffled_p(a, dilated, random) <= 0.05
        assert shift / sims <= 0.06 + 0.02, name  # two standard errors of 250 runs
        if name in scenarios.CLUSTERED:
            assert naive / sims >= 0.09, name


def test_mt_1_and_2_benjamini_and_hochberg() -> None:
    adjusted = coincidence.adjust(BH)
    assert adjusted == pytest.approx(BH_ADJUSTED, abs=1e-6)
    assert sum(p <= 0.05 for p in adjusted) == 4
    assert sum(p <= 0.05 for p in coincidence.adjust(BH, "by")) == 3
    assert sum(p * len(BH) <= 0.05 for p in BH) == 3
    found = coincidence.adjust([0.5, 0.01, 0.001, 0.69, 0.02, 0.05, 0.0025])
    assert [int(p <= 0.05) for p in found] == [0, 1, 1, 0, 1, 0, 1]
    scipy = pytest.importorskip("scipy.stats")
    assert coincidence.adjust(BH, "by") == pytest.approx(list(scipy.false_discovery_control(BH, method="by")))


def test_its_1_the_smoking_ban_in_sicily() -> None:
    admissions, population = columns("sicily.csv")
    plain = interrupted.rate_change(admissions, population, 36, quasi=False)
    assert (plain.ratio, plain.low, plain.high) == pytest.approx((0.894, 0.865, 0.925), abs=5e-4)
    quasi = interrupted.rate_change(admissions, population, 36)
    assert (quasi.low, quasi.high, quasi.dispersion) == pytest.approx((0.839, 0.953, 3.559), abs=1e-3)
    season = interrupted.rate_change(admissions, population, 36, harmonics=2)
    expected = (0.885, 0.839, 0.933, 2.262, 1.067)
    assert (season.ratio, season.low, season.high, season.dispersion, season.annual_trend) == pytest.approx(
        expected, abs=1e-3
    )


def nile() -> list[float]:
    data = pytest.importorskip("statsmodels.datasets").nile.load_pandas().data
    return list(map(float, data["volume"]))


def test_cp_1_the_break_of_the_nile() -> None:
    made = change_points.mean_break(nile())
    assert made.place == 28  # 28 points before it: 1871 to 1898
    assert made.sup_f == pytest.approx(75.9298, abs=1e-4)
    assert (1870 + made.low, 1870 + made.high) == (1895, 1902)


def test_cp_2_pelt_on_two_benchmark_series() -> None:
    assert change_points.pelt(nile()) == (28,)
    assert change_points.pelt(columns("seatbelts.csv")[0]) == (72, 169)


def test_bb_1_block_length_of_politis_and_white() -> None:
    bootstrap = pytest.importorskip("arch.bootstrap")
    random = np.random.RandomState(0)
    e = random.standard_normal(10100)
    y = np.zeros(10100)
    y[0] = random.standard_normal()
    for t in range(1, 10100):
        y[t] = 0.3 * y[t - 1] + e[t]
    found = bootstrap.optimal_block_length(y[100:])
    assert (found["stationary"].iloc[0], found["circular"].iloc[0]) == pytest.approx(
        (13.635665, 15.60894), rel=1e-6
    )


def test_gc_1_granger_in_the_macro_data() -> None:
    datasets = pytest.importorskip("statsmodels.datasets")
    var = pytest.importorskip("statsmodels.tsa.api").VAR
    names = ["realgdp", "realcons", "realinv"]
    data = np.diff(np.log(datasets.macrodata.load_pandas().data[names].to_numpy()), axis=0)
    for lags, statistic, critical, p in (
        (2, 9.904841, 2.387325, 9.3171720876e-08),
        (3, 6.999888, 2.114554, 3.3805963774e-07),
    ):
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            found = var(data).fit(lags).test_causality(0, [1, 2], kind="f")
        assert (found.test_statistic, found.crit_value) == pytest.approx((statistic, critical), rel=1e-5)
        assert found.pvalue == pytest.approx(p, rel=1e-3)


def test_ci_1_the_causal_impact_example() -> None:
    control, value = columns("arma.csv")
    made = interrupted.counterfactual([v + 5 * (i >= 70) for i, v in enumerate(value)], control, 70)
    assert made.actual == pytest.approx(125.23, abs=0.01)
    assert (made.predicted, made.effect, made.low, made.high) == pytest.approx(
        (120.34, 4.89, 4.26, 5.47), abs=0.25
    )


def test_geo_1_the_area_of_antarctica() -> None:
    geod = pytest.importorskip("pyproj").Geod(ellps="WGS84")
    lat = [
        -72.9,
        -71.9,
        -74.9,
        -74.3,
        -77.5,
        -77.4,
        -71.7,
        -65.9,
        -65.7,
        -66.6,
        -66.9,
        -69.8,
        -70.0,
        -71.0,
        -77.3,
        -77.9,
        -74.7,
    ]
    lon = [-74, -102, -102, -131, -163, 163, 172, 140, 113, 88, 59, 25, -4, -14, -33, -46, -61]
    area, perimeter = geod.polygon_area_perimeter(lon, lat)
    assert abs(area) == pytest.approx(13376856682207.4, rel=1e-12)
    assert perimeter == pytest.approx(14710425.407, rel=1e-9)


def test_geo_2_to_4_areas_published_by_deepstate(con: Any) -> None:
    stock = dict(
        con.execute(
            "SELECT period_start, value FROM observations WHERE series = 'territory.occupied.deepstate' AND "
            "value > 0"
        ).fetchall()
    )
    assert stock[date(2026, 1, 1)] == pytest.approx(116165, rel=1e-3)
    assert 100 * stock[date(2026, 1, 1)] / 603628 == pytest.approx(19.25, abs=0.01)
    year = stock[date(2026, 1, 1)] - (stock[date(2024, 12, 31)] + stock[date(2025, 1, 2)]) / 2
    assert year == pytest.approx(4336, abs=10)
    sql = (
        "SELECT strftime(period_start, '%Y-%m'), value FROM observations WHERE series = "
        "'territory.net.deepstate_mirror_first'"
    )
    months = dict(con.execute(sql).fetchall())
    published = {
        "2024-08": 363,
        "2024-11": 730,
        "2025-01": 325,
        "2025-03": 133,
        "2025-04": 177,
        "2025-09": 259,
    }
    for month, value in published.items():
        assert months[month] == pytest.approx(value, abs=15), month


def test_geo_5_afp_months_that_the_ledger_holds(con: Any) -> None:
    sql = (
        "SELECT strftime(period_start, '%Y-%m'), list(value) FROM observations WHERE series LIKE "
        "'territory.published.afp.%' "
        "AND period_end - period_start BETWEEN 26 AND 31 AND series NOT LIKE '%.donetsk' GROUP BY 1"
    )
    held = dict(con.execute(sql).fetchall())
    typed = {
        "2024-10": 610,
        "2024-11": 725,
        "2025-03": 240,
        "2025-04": 379,
        "2025-05": 507,
        "2025-06": 588,
        "2025-07": 634,
        "2025-10": 461,
        "2025-11": 701,
        "2025-12": 244,
        "2026-01": 481,
    }
    assert {month: value for month, value in typed.items() if value not in held.get(month, [])} == {}


def test_clm_1_pairs_of_statement_and_assessment(con: Any) -> None:
    pairs = (
        ("C027", 880, 752),
        ("C901", 420, 290),
        ("C054", 4500, 3306),
        ("C093", 3500, 2350),
        ("C111", 4900, 3561),
        ("C204", 1700, 381.5),
        ("C202", 80, 13),
    )
    for name, said, assessed in pairs:
        quantity, compared = con.execute(
            "SELECT quantity, compared_value FROM claims WHERE id = $id", {"id": name}
        ).fetchone()
        assert quantity == said
        assert float(compared) == pytest.approx(assessed, abs=5)


def test_vnt_1_what_was_known_of_american_output() -> None:
    import duckdb

    sql = (Path(query.__file__).with_name("as_of.sql")).read_text(encoding="utf-8")
    prints = [
        ("2014-01-01", "2014-04-30", 17149.6),
        ("2014-01-01", "2014-05-29", 17101.3),
        ("2014-01-01", "2014-06-25", 17016.0),
        ("2013-10-01", "2014-01-30", 17102.5),
        ("2013-10-01", "2014-02-28", 17080.7),
        ("2013-10-01", "2014-03-27", 17089.6),
    ]
    with duckdb.connect() as memory:
        memory.execute("CREATE TABLE series_sources (series VARCHAR, source VARCHAR, preference INTEGER)")
        memory.execute(
            "CREATE TABLE observations (observation VARCHAR, series VARCHAR, source VARCHAR, period_start "
            "DATE, period_end DATE, "
            "vintage DATE, value DOUBLE, basis VARCHAR, confidence VARCHAR, printed VARCHAR, restates "
            "VARCHAR)"
        )
        for place, (period, vintage, value) in enumerate(prints):
            row = (
                str(place),
                "us.gdp",
                "bea",
                period,
                period,
                vintage,
                value,
                "published",
                "primary",
                str(value),
                None,
            )
            memory.execute("INSERT INTO observations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        memory.execute(sql)

        def known(day: str) -> dict[str, float]:
            found = memory.execute(
                "SELECT strftime(period_start, '%Y-%m-%d'), value FROM observations_as_of($day::DATE)",
                {"day": day},
            )
            return dict(found.fetchall())

        assert known("2014-06-01") == {"2013-10-01": 17089.6, "2014-01-01": 17101.3}
        assert known("2014-05-28")["2014-01-01"] == 17149.6


def test_fis_1_to_5_arithmetic_of_budgets_and_fans() -> None:
    values, gdp = [510.72, 3786, 1718, 3450, 13660], [14212, 235067, 235067, 235067, 235067]
    assert [round(100 * a / b, 1) for a, b in zip(values, gdp, strict=True)] == [3.6, 1.6, 0.7, 1.5, 5.8]
    assert pytest.approx(5.64, abs=0.05) == 7.8 - 3.51 + 1.37
    assert pytest.approx(17.8, abs=0.05) == 4085 / 230
    assert pytest.approx((14.2, 18.6), abs=0.05) == (188087.1 / 13227.4, 147197.2 / 7896.5)
    mode, s1, s2 = 2.0, 1.0, 2.0
    from statistics import NormalDist

    def quantile(p: float) -> float:
        left = s1 / (s1 + s2)
        if p <= left:
            return mode + s1 * NormalDist().inv_cdf(p * (s1 + s2) / (2 * s1))
        return mode + s2 * NormalDist().inv_cdf((p * (s1 + s2) - s1 + s2) / (2 * s2))

    assert [quantile(p) for p in (0.05, 0.5, 0.95)] == pytest.approx([0.5605, 2.6373, 5.5609], abs=1e-4)
    assert mode + math.sqrt(2 / math.pi) * (s2 - s1) == pytest.approx(2.7979, abs=1e-4)


def test_vat_1_the_schedule_before_the_postponement(con: Any) -> None:
    sql = (
        "SELECT year(period_start), value FROM observations_as_of(DATE '2026-07-03') "
        "WHERE series = 'ru.tax.usn_vat_exemption_threshold' ORDER BY 1"
    )
    known = dict(con.execute(sql).fetchall())
    assert [known[year] for year in (2025, 2026, 2027, 2028)] == [60, 20, 15, 10]
