"""The rival's charts of laws and money."""

from __future__ import annotations

from typing import Any

import pandas as pd
from benchmarks.rival_style import BLUE, GREEN, GREY, OCHRE, PURPLE, RED, TALL, Frames, last, panels


def sme_vat_threshold(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    rows = d["provisions"][d["provisions"]["parameter"] == "usn_vat_exemption_threshold"]
    for (name, color), style in zip(
        (("176-FZ", GREY), ("425-FZ", OCHRE), ("228-FZ", BLUE), ("bill 1026190-8 (first reading)", RED)),
        ("--", "-.", "-", ":"),
        strict=True,
    ):
        law = rows[rows["law_number"] == name].sort_values("valid_from")
        years = pd.to_numeric(law["valid_from"].str[:4]).tolist()
        values = law["value"].tolist()
        if years:
            ax.step([*years, 2032], [*values, values[-1]], where="post", color=color, ls=style, label=name)
            for year, value in zip(years, values, strict=True):
                ax.annotate(
                    f"{value:g}", (year + 0.5, value), xytext=(0, 4), textcoords="offset points", color=color
                )
    ax.set_ylim(0, 68)
    ax.legend(ncols=2)
    return fig


def acts_calendar(t: Frames, d: Frames) -> Any:
    fig, ax = panels(size=TALL)
    table = d["calendar"]
    ax.imshow(table, cmap="Blues", aspect="auto", vmax=4)
    for row, counts in enumerate(table.to_numpy()):
        for column, count in enumerate(counts):
            if count:
                ax.text(column, row, str(count), ha="center", va="center", fontsize=7)
    ax.set_yticks(range(len(table.index)), table.index)
    ax.set_xticks(range(len(table.columns)), [str(month) for month in table.columns], rotation=90)
    ax.grid(False)
    return fig


def balance_cumulative(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    rows = d["budget"][(d["budget"]["line"] == "balance") & (d["budget"]["date"] >= "2020-01-01")]
    for year, group in rows.groupby(rows["date"].dt.year):
        color = {2024: GREEN, 2025: RED, 2026: BLUE}.get(int(str(year)), GREY)
        ax.plot(group["date"].dt.month, group["value"], color=color, lw=2 if color != GREY else 1, marker=".")
        ax.annotate(
            f"{year}: {group['value'].iloc[-1]:,.1f}",
            (group["date"].dt.month.iloc[-1], group["value"].iloc[-1]),
            xytext=(6, 0),
            textcoords="offset points",
            color=color,
        )
    ax.axhline(0, color="k", lw=0.8)
    ax.set_xticks(range(1, 13), list("JFMAMJJASOND"))
    return fig


def first_and_final(t: Frames, d: Frames) -> Any:
    fig, axes = panels(1, 4, sharey=True)
    rows = d["revisions"][d["revisions"]["line"] == "balance"]
    for ax, year in zip(axes, (2023, 2024, 2025, 2026), strict=True):
        group = rows[rows["date"].dt.year == year]
        ax.plot(group["date"].dt.month, group["value_first"], "o", mfc="none", color=RED, label="first print")
        ax.plot(group["date"].dt.month, group["value_last"], "D", color=BLUE, ms=4, label="newest print")
        ax.set_xticks(range(1, 13), list("JFMAMJJASOND"))
        ax.set_xlabel(str(year))
    axes[0].legend()
    return fig


def deficit_plans(t: Frames, d: Frames) -> Any:
    fig, axes = panels(1, 4, sharey=True)
    for ax, year in zip(axes, ("2023", "2024", "2025", "2026"), strict=True):
        rows = d["plans"][d["plans"]["year"] == year]
        for stage, mark, color in (("plan", "s", BLUE), ("draft", "D", OCHRE), ("estimate", "^", PURPLE)):
            group = rows[rows["stage"] == stage].dropna(subset=["known"]).sort_values("known")
            ax.plot(
                group["known"],
                -group["value"],
                mark,
                color=color,
                mfc="none" if stage != "plan" else color,
                label=stage,
            )
            if stage == "plan":
                ax.step(group["known"], -group["value"], where="post", color=color)
        for value in -rows[rows["stage"] == "outcome"]["value"]:
            ax.axhline(value, color="k", lw=2)
            ax.annotate(
                f"outcome {value:,.1f}", (0.02, value), xycoords=("axes fraction", "data"), fontweight="bold"
            )
        ax.set_xlabel(f"for {year}")
        ax.tick_params(axis="x", rotation=45)
    axes[0].legend()
    return fig


def oil_and_gas(t: Frames, d: Frames) -> Any:
    fig, (top, bottom) = panels(2, sharex=True)
    rows = d["energy"]["2020-01-01":]
    top.bar(rows.index, rows["oil_gas_revenue"], width=26, color=BLUE)
    bottom.plot(rows.index, rows["urals_tax_price"], color=RED)
    prices = rows["urals_tax_price"].dropna()
    last(bottom, prices.index[-1], prices.iloc[-1], RED)
    return fig


def defence_lines(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    rows = d["defence"].assign(at=pd.to_numeric(d["defence"]["year"]))
    done = rows[rows["stage"] == "outcome"].drop_duplicates("at")
    bars = ax.bar(done["at"], done["value"], color=BLUE, label="outcome")
    ax.bar_label(bars, fmt="{:,.0f}")
    for stage, mark, color in (("plan", "s", BLUE), ("draft", "D", OCHRE), ("estimate", "^", PURPLE)):
        group = rows[rows["stage"] == stage]
        ax.plot(group["at"], group["value"], mark, color=color, mfc="none", label=stage)
    ax.axvspan(2021.5, 2027.5, facecolor="none", edgecolor="#D3D8DD", hatch="///")
    ax.legend(ncols=4)
    return fig


def nwf_liquid(t: Frames, d: Frames) -> Any:
    fig, axes = panels(2, sharex=True)
    for ax, unit, color in zip(axes, ("RUB bn", "percent of GDP"), (BLUE, RED), strict=True):
        values = d["nwf"][("liquid", unit)]
        ax.plot(values.index, values, color=color)
        ax.set_ylim(0)
        last(ax, values.dropna().index[-1], values.dropna().iloc[-1], color)
    return fig


def nwf_composition(t: Frames, d: Frames) -> Any:
    fig, axes = panels(1, 2)
    for ax, item, color in zip(axes, (("yuan", "CNY bn"), ("gold", "tonnes")), (BLUE, OCHRE), strict=True):
        values = d["nwf"][item].dropna()
        ax.plot(values.index, values, color=color, ls="-" if color == BLUE else "--")
        ax.set_ylim(0)
        last(ax, values.index[-1], values.iloc[-1], color)
    return fig


def nwf_drawdowns(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    rows = d["drawdown"]["2023-10-01":]
    up, down = pd.Series(0.0, rows.index), pd.Series(0.0, rows.index)
    for name, color, hatch in (
        ("sales", RED, ""),
        ("nwf_inflows", GREEN, "..."),
        ("revaluation", OCHRE, "///"),
        ("rest", PURPLE, "xx"),
    ):
        values = rows[name].fillna(0)
        ax.bar(
            rows.index,
            values,
            bottom=up.where(values > 0, down),
            width=24,
            color=color,
            hatch=hatch,
            label=name,
        )
        up, down = up + values.clip(lower=0), down + values.clip(upper=0)
    ax.plot(rows.index, rows["change"], "k.", label="whole change")
    ax.legend(ncols=3)
    return fig


def nwf_months_left(t: Frames, d: Frames) -> Any:
    fig, axes = panels(3, sharex=True, sharey=True)
    rows = d["months_left"]["2023-01-01":]
    for ax, name, mark, color in zip(axes, rows.columns, "os^", (RED, BLUE, GREEN), strict=True):
        high = rows[name] > 120
        ax.plot(rows.index, rows[name].where(~high), marker=mark, color=color)
        ax.plot(rows.index[high], [120] * int(high.sum()), "^", mfc="none", color=color)
        ax.set_ylim(0, 130)
        ax.set_ylabel(name)
    return fig


def reserves(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    rows = d["reserves"].set_index("day")
    fund = rows["fund"].dropna().astype(float)
    ax.fill_between(
        fund.index, fund, facecolor="#E8DCC0", edgecolor=OCHRE, hatch="////", label="of which: fund"
    )
    ax.plot(rows.index, rows["value"], ".-", color=BLUE, label="international reserves")
    last(ax, rows["value"].dropna().index[-1], rows["value"].dropna().iloc[-1])
    ax.legend()
    return fig


def key_rate(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    rows = d["key_rate"]
    ax.step(rows["day"], rows["rate_percent"], where="post", color=BLUE)
    kept = rows["rate_percent"] == rows["previous_rate_percent"]
    ax.plot(rows["day"][~kept], rows["rate_percent"][~kept], "o", color=BLUE, ms=4)
    ax.plot(rows["day"][kept], rows["rate_percent"][kept], "o", color=BLUE, mfc="white", ms=4)
    last(ax, rows["day"].iloc[-1], rows["rate_percent"].iloc[-1])
    return fig


def ofz_auctions(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    rows = d["ofz"]
    ax.bar(rows.index, rows["demand"], width=24, facecolor="#E2EEF6", edgecolor=BLUE, label="demand")
    ax.bar(rows.index, rows["placed"], width=24, color=BLUE, label="placed")
    for month, count in rows["failed"][rows["failed"] > 0].items():
        ax.text(month, 4150, f"{count}\nx", ha="center", color=RED)
    ax.legend()
    return fig
