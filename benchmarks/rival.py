"""The rival: the script an analyst would write for the same report with pandas and matplotlib, top to bottom.

    python -m benchmarks.rival data/raw/manual out/

It reads the same CSVs, checks them by hand, joins and differences the same figures, draws 22 of the 26 charts as SVG, PNG
and one PDF (pyplot, one after another), and writes an HTML report with the same kinds of tables, a workbook and CSVs.
Ordinary idioms throughout and nothing slowed down on purpose. It keeps no ledger, no vintages to ask for later, no
Parquet, JSON or Markdown, and typesets no PDF of the text: all of that is work it is spared.
"""

from __future__ import annotations

import argparse
import base64
import sys
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))  # run as a file

from benchmarks.rival_charts import draw_all
from benchmarks.rival_joins import RELEASES, derive, last_day

Frames = dict[str, pd.DataFrame]
TAIL = ["publisher", "source_url", "published_on", "known_on", "basis", "retrieved_on", "confidence", "note"]
CONFIDENCE = {"primary", "secondary", "derived", "high", "medium", "low"}
CHECKS: dict[str, tuple[list[str], dict[str, tuple[float, float]], dict[str, set[str]]]] = {
    # table: key columns, numbers with their range, columns with their codes
    "acts": (["id"], {}, {"jurisdiction": {"ru", "ua", "eu"}}),
    "budget_annual": (
        ["line", "year", "release", "publisher", "source_url"],
        {"value": (-50_000, 400_000), "pct_gdp": (-50, 100)},
        {"unit": {"RUB bn", "percent"}, "stage": {"plan", "outcome", "draft", "estimate"}},
    ),
    "budget_monthly": (
        ["line", "month", "release", "publisher", "source_url"],
        {"value": (-50_000, 60_000), "pct_gdp": (-50, 100)},
        {"unit": {"RUB bn"}, "release": set(RELEASES), "disputed": {"yes", "no"}},
    ),
    "claims": (["id"], {"quantity": (0, 1e7)}, {"side": {"russia", "ukraine", "other"}}),
    "defence": (["line", "period", "release", "publisher", "source_url"], {"value": (0, 100_000)}, {}),
    "displacement": (["indicator", "date", "source_url"], {"value": (0, 5e7)}, {}),
    "energy": (["indicator", "period", "release", "source_url"], {"value": (-5_000, 50_000)}, {}),
    "international_reserves": (["item", "date", "source_url"], {"value": (0, 2_000)}, {"unit": {"USD bn"}}),
    "key_rate": (["decided_on"], {"rate_percent": (0, 100), "previous_rate_percent": (0, 100)}, {}),
    "nwf": (["item", "date", "unit", "release"], {"value": (-50_000, 50_000)}, {}),
    "occupied_area_daily": (["day"], {"area_km2": (50_000, 200_000)}, {"status": {"normal", "missing"}}),
    "occupied_area_monthly": (
        ["month"],
        {"net_isw_km2": (-20_000, 50_000), "net_liveuamap_km2": (-20_000, 50_000)},
        {},
    ),
    "occupied_area_oblast": (["day", "oblast"], {"area_km2": (0, 100_000)}, {}),
    "ofz_auctions": (
        ["auction_date"],
        {"demand_rub_bn": (0, 5_000), "placed_rub_bn": (0, 5_000)},
        {"failed": {"yes", "no"}},
    ),
    "provisions": ([], {"value": (0, 10_000)}, {"stage": {"enacted", "proposed"}}),
    "reserve_drawdowns": ([], {"value": (-1e6, 1e6)}, {"usable": {"yes", "no"}}),
    "strikes": (["id"], {"value": (0, 1e6)}, {}),
    "territory_estimates": (["id"], {"area_km2": (-1e6, 1e6)}, {"status": {"normal", "missing"}}),
    "ukraine_financing": ([], {"value": (-1e6, 1e6)}, {}),
}
REPORT = """<!doctype html><html lang="en"><meta charset="utf-8"><title>War economy</title>
<style>body{font:16px sans-serif;max-width:60em;margin:auto}td,th{padding:.2em .6em}svg,img{width:100%;height:auto}</style>
<h1>Russia's war economy, in figures</h1>
{% for title, names, tables in sections %}<h2>{{ title }}</h2>
{% for name in names %}<figure>{{ charts[name] | safe }}
<figcaption><a href="charts/{{ name }}.png">{{ name }}</a></figcaption></figure>
{% endfor %}{% for caption, table in tables %}<h3>{{ caption }}</h3>{{ table | safe }}{% endfor %}{% endfor %}</html>"""


def read(folder: Path) -> Frames:
    """Every CSV as text, checked, with its numbers as numbers and the day each row became known."""
    tables = {}
    for path in sorted(folder.glob("*.csv")):
        frame = pd.read_csv(path, dtype=str, keep_default_na=False)
        check(path.stem, frame)
        for column in CHECKS.get(path.stem, ([], {}, {}))[1]:
            frame[column] = pd.to_numeric(frame[column].replace("", None))
        frame["known"] = known(frame)
        tables[path.stem] = frame
    return tables


def check(name: str, frame: pd.DataFrame) -> None:
    """What an analyst checks by hand. Raises ValueError at the first thing wrong."""

    def refuse(bad: Any, words: str) -> None:
        if bad.any():
            raise ValueError(f"{name}.csv line {int(bad.idxmax()) + 2}: {words}")

    keys, numbers, codes = CHECKS.get(name, ([], {}, {}))
    if list(frame.columns[-8:]) != TAIL and name not in ("corrections", "blackouts", "breaks"):
        raise ValueError(f"{name}.csv: unexpected columns")
    if keys:
        refuse(frame.duplicated(keys), "is there twice")
    for column, (low, high) in numbers.items():
        values = pd.to_numeric(frame[column].replace("", None), errors="coerce")
        refuse((frame[column] != "") & values.isna(), f"{column} is no number")
        refuse((values < low) | (values > high), f"{column} is out of range")
    for column, allowed in codes.items():
        refuse(~frame[column].isin(allowed), f"{column} is not one of {sorted(allowed)}")
    if "source_url" in frame:
        urls = frame["source_url"]
        refuse((urls != "") & ~urls.str.match(r"https?://\S+$"), "source_url is no address")
        refuse((frame["confidence"] != "") & ~frame["confidence"].isin(CONFIDENCE), "confidence unknown")
        for column in ("published_on", "known_on", "retrieved_on"):
            refuse(
                (frame[column] != "") & ~frame[column].str.match(r"\d{4}(-\d\d){0,2}$"),
                f"{column} is no date",
            )


def known(frame: pd.DataFrame) -> Any:
    """The day a row became known: known_on, else published_on, else retrieved_on."""
    if "known_on" not in frame:
        return pd.NaT
    days = last_day(frame["known_on"])
    for column in ("published_on", "retrieved_on"):
        days = days.fillna(last_day(frame[column]))
    return days


def sections(t: Frames, d: Frames) -> list[tuple[str, list[str], list[tuple[str, Any]]]]:
    """What the report holds: headings, chart names and captioned tables."""
    budget = d["wide"][["revenue", "expenditure", "balance"]]
    cause = ["said_on", "speaker", "summary", "quantity", "unit", "compared_value", "compared_source"]
    law = ["day", "jurisdiction", "number", "title_en", "category", "stage"]
    return [
        ("Timeline", ["timeline"], [("The last twelve months", budget.tail(12))]),
        (
            "Federal budget",
            ["budget-balance-cumulative", "budget-first-and-final", "deficit-plan-vintages"],
            [
                ("Cumulative", budget.tail(24)),
                ("By month", d["flows"].tail(24)),
                ("Twelve months", d["rolling"].tail(12)),
                (
                    "Plan and outcome",
                    d["plan_outcome"][["year", "release", "known", "value_plan", "value_outcome"]],
                ),
                (
                    "Revised",
                    d["revisions"][["line", "date", "value_first", "value_last", "revision"]].tail(30),
                ),
            ],
        ),
        (
            "National Wealth Fund",
            ["nwf-liquid", "nwf-composition", "nwf-drawdowns", "nwf-months-left"],
            [
                ("Holdings", d["nwf"].tail(12)),
                ("Change", d["drawdown"].tail(12)),
                ("Months left", d["months_left"].tail(12)),
            ],
        ),
        ("Oil and gas", ["oil-gas-revenue-and-urals"], [("By month", d["energy"].tail(12))]),
        (
            "Reserves and rate",
            ["reserves", "key-rate"],
            [
                ("Reserves", d["reserves"][["day", "value", "fund"]].tail(12)),
                ("Decisions", d["key_rate"][["decided_on", "rate_percent", "change_pp"]].tail(12)),
            ],
        ),
        ("Debt", ["ofz-auctions"], [("By month", d["ofz"].tail(12))]),
        (
            "Defence",
            ["defence-lines"],
            [("Prints", d["defence"][["year", "stage", "release", "value", "known"]])],
        ),
        (
            "Taxes",
            ["sme-vat-threshold"],
            [
                (
                    "Provisions",
                    d["provisions"][["parameter", "valid_from", "valid_to", "value", "stage", "law_number"]],
                )
            ],
        ),
        (
            "Legislation",
            ["acts-calendar"],
            [("Acts", d["acts"][law].tail(30)), ("By subject", d["calendar"])],
        ),
        (
            "Territory",
            ["occupied-area", "net-change-by-mapper"],
            [
                ("Mappers", d["mappers"]),
                ("Oblasts", d["oblasts"].tail(12)),
                ("Area", d["area"].tail(14)),
                (
                    "Estimates",
                    t["territory_estimates"][
                        ["mapper", "measure", "period_start", "period_end", "area_km2"]
                    ].tail(30),
                ),
            ],
        ),
        (
            "Claims",
            ["claimed-and-measured"],
            [("Area", d["claimed"][cause]), ("All", d["claims"][cause].tail(30))],
        ),
        (
            "Strikes and people",
            ["strikes-by-month", "displacement"],
            [
                ("By month", d["strikes"].tail(24)),
                ("People", d["displacement"][["indicator", "date", "value"]]),
            ],
        ),
        (
            "Ukraine",
            ["ukraine-reserves", "ukraine-financing"],
            [("Financing", d["ukraine"][["series", "period", "value", "unit", "publisher"]].tail(40))],
        ),
        (
            "Method",
            [],
            [
                ("Breaks", t["breaks"]),
                ("Blackouts", t["blackouts"]),
                ("Sources", pd.concat(t.values())["publisher"].value_counts().head(40).to_frame("rows")),
            ],
        ),
    ]


def write(t: Frames, d: Frames, out: Path) -> None:
    """The report, the workbook and the CSVs."""
    charts = {}
    for path in sorted((out / "charts").glob("*.svg")):
        code = base64.b64encode(path.read_bytes()).decode()
        charts[path.stem] = f'<img alt="{path.stem}" src="data:image/svg+xml;base64,{code}">'
    made = [
        (
            title,
            names,
            [(caption, table.to_html(na_rep="", float_format="{:,.1f}".format)) for caption, table in tables],
        )
        for title, names, tables in sections(t, d)
    ]
    page = jinja2.Environment(autoescape=True).from_string(REPORT).render(sections=made, charts=charts)
    (out / "report.html").write_text(page, encoding="utf-8")
    everything = {**t, **{f"derived_{name}": frame for name, frame in d.items()}}
    for name, frame in everything.items():
        frame.to_csv(out / f"{name}.csv")
    with pd.ExcelWriter(out / "data.xlsx") as book:
        for name, frame in everything.items():
            frame.to_excel(book, sheet_name=name[:31])


def main() -> None:
    """Read, derive, draw, write."""
    parser = argparse.ArgumentParser(description="The same report with plain pandas and matplotlib.")
    parser.add_argument("raw", type=Path, help="folder with the hand-kept CSVs")
    parser.add_argument("out", type=Path, help="where to write")
    arguments = parser.parse_args()
    (arguments.out / "charts").mkdir(parents=True, exist_ok=True)
    tables = read(arguments.raw)
    derived = derive(tables)
    draw_all(tables, derived, arguments.out)
    write(tables, derived, arguments.out)


if __name__ == "__main__":
    main()
