"""The rival's 22 charts: pyplot, one after another, each saved as SVG (real text), PNG at 200 dpi and a page of one PDF."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import matplotlib as mpl
import matplotlib.pyplot as plt
from benchmarks import rival_money as money
from benchmarks import rival_war as war
from benchmarks.rival_style import DPI, STYLE, Frames
from matplotlib.backends.backend_pdf import PdfPages

Draw = Callable[[Frames, Frames], Any]
MINFIN = "Ministry of Finance of Russia"
CHARTS: dict[str, tuple[str, str, str, Draw]] = {
    "timeline": ("Legislation, claims, territory and money", "Acts by day", "as listed", war.timeline),
    "sme-vat-threshold": (
        "VAT threshold of small firms",
        "RUB mn, by year of application",
        "Federal laws",
        money.sme_vat_threshold,
    ),
    "acts-calendar": (
        "Acts by subject and month",
        "Number of acts",
        "Acts of Russia and Ukraine",
        money.acts_calendar,
    ),
    "budget-balance-cumulative": (
        "Federal balance",
        "Cumulative from January, RUB bn",
        MINFIN,
        money.balance_cumulative,
    ),
    "budget-first-and-final": (
        "First print and newest print",
        "Federal balance, RUB bn",
        MINFIN,
        money.first_and_final,
    ),
    "deficit-plan-vintages": (
        "Deficit planned and deficit run",
        "RUB bn, by day known",
        MINFIN,
        money.deficit_plans,
    ),
    "oil-gas-revenue-and-urals": (
        "Oil and gas revenue and Urals",
        "RUB bn; USD per barrel",
        MINFIN,
        money.oil_and_gas,
    ),
    "defence-lines": (
        "National defence",
        "RUB bn by year",
        "Ministry of Finance, bills, press",
        money.defence_lines,
    ),
    "nwf-liquid": (
        "Liquid assets of the National Wealth Fund",
        "RUB bn; percent of GDP",
        MINFIN,
        money.nwf_liquid,
    ),
    "nwf-composition": ("Yuan and gold in the fund", "CNY bn; tonnes", MINFIN, money.nwf_composition),
    "nwf-drawdowns": ("Change of the fund's liquid assets", "By month, RUB bn", MINFIN, money.nwf_drawdowns),
    "nwf-months-left": ("Months of the liquid fund left", "At three paces", MINFIN, money.nwf_months_left),
    "reserves": ("International reserves", "USD bn", "Bank of Russia", money.reserves),
    "key-rate": ("Key rate of the Bank of Russia", "Percent a year", "Bank of Russia", money.key_rate),
    "ofz-auctions": (
        "Auctions of federal bonds",
        "Demand and placement by month, RUB bn",
        MINFIN,
        money.ofz_auctions,
    ),
    "occupied-area": (
        "Area under Russian occupation",
        "km², by day of the map",
        "DeepState",
        war.occupied_area,
    ),
    "net-change-by-mapper": (
        "Net change by month, three mappers",
        "km²",
        "DeepState, ISW, Liveuamap",
        war.net_change,
    ),
    "claimed-and-measured": (
        "Area claimed and area measured",
        "km²",
        "Statements; ISW, DeepState",
        war.claimed_and_measured,
    ),
    "strikes-by-month": (
        "Drones and missiles launched at Ukraine",
        "By month",
        "Ukrainian Air Force",
        war.strikes_by_month,
    ),
    "ukraine-reserves": (
        "Ukraine's international reserves",
        "USD bn",
        "National Bank of Ukraine",
        war.ukraine_reserves,
    ),
    "ukraine-financing": (
        "Ukraine's external financing",
        "USD bn; EUR bn",
        "Ministry of Finance; Kiel",
        war.ukraine_financing,
    ),
    "displacement": ("People displaced", "Millions, by day of the count", "UNHCR, IOM", war.displacement),
}
"""Every chart: title, subtitle, source, function."""


def draw_all(t: Frames, d: Frames, out: Path) -> None:
    """Draw and save everything."""
    mpl.use("Agg")
    with plt.rc_context(STYLE), PdfPages(out / "charts.pdf") as pages:
        for name, (title, subtitle, source, function) in CHARTS.items():
            figure = function(t, d)
            figure.suptitle(title, x=0.01, ha="left", fontsize=13, fontweight="bold")
            figure.axes[0].set_title(subtitle, loc="left", fontsize=9, color="#5F666D")
            figure.supxlabel(f"Source: {source}", x=0.01, ha="left", fontsize=7, color="#5F666D")
            figure.savefig(out / "charts" / f"{name}.svg")
            figure.savefig(out / "charts" / f"{name}.png", dpi=DPI)
            pages.savefig(figure)
            plt.close(figure)
