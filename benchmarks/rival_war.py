"""The rival's charts of territory, claims, strikes, people and Ukraine, and the timeline."""

from __future__ import annotations

from typing import Any

import pandas as pd
from benchmarks.rival_style import BLUE, GREEN, GREY, OCHRE, RED, TALL, Frames, last, panels


def timeline(t: Frames, d: Frames) -> Any:
    fig, axes = panels(5, size=TALL, sharex=True, height_ratios=[2, 2, 2, 1.5, 1.5])
    acts = d["acts"][d["acts"]["day"] >= "2024-11-01"]
    for ax, frame, day, group in (
        (axes[0], acts, "day", "category"),
        (axes[1], recent_claims(d), "said", "topic"),
    ):
        codes = frame[group].str.split(";").str[0]
        groups = codes.value_counts().index[:5]
        for place, name in enumerate(groups):
            here = frame[codes == name]
            ax.plot(here[day], [place] * len(here), "s", ms=4, alpha=0.8)
        ax.set_yticks(range(len(groups)), groups)
    net = d["mappers"]
    axes[2].bar(net.index, net["deepstate"], width=24, color=GREEN)
    axes[2].plot(net.index, net["net_isw_km2"], "D", ms=4, mfc="none", color=RED)
    flows = d["flows"].loc["2024-11-01":, "balance"]
    axes[3].bar(flows.index, flows, width=24, color=OCHRE)
    fund = d["nwf"].loc["2024-11-01":, ("liquid", "RUB bn")]
    axes[4].plot(fund.index, fund, color=BLUE)
    last(axes[4], fund.index[-1], fund.iloc[-1])
    for ax in axes:
        for day in ("2025-11-28", "2025-12-30", "2026-07-04"):
            ax.axvline(pd.Timestamp(day), color=RED, lw=0.7)
    for ax, words in zip(
        axes[1:], ("Statements", "Net change, km²", "Balance, RUB bn", "Fund, RUB bn"), strict=True
    ):
        ax.set_title(words, loc="left", fontweight="bold")
    return fig


def recent_claims(d: Frames) -> pd.DataFrame:
    """Statements since November 2024."""
    return d["claims"][d["claims"]["said"] >= "2024-11-01"]


def occupied_area(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    area = d["area"]["area"]
    ax.plot(area.index, area, color=BLUE)
    gone = area.index[area.isna()]
    ax.plot(gone, [area.min()] * len(gone), "kx")
    ax.axvline(pd.Timestamp("2026-08-13"), color="k", ls="--", lw=0.8)
    ax.text(pd.Timestamp("2026-08-10"), 110_200, "redraw of 13 August 2026", ha="right")
    last(ax, area.dropna().index[-1], area.dropna().iloc[-1])
    return fig


def net_change(t: Frames, d: Frames) -> Any:
    fig, axes = panels(3, sharex=True, sharey=True)
    rows = d["mappers"]
    apart = rows[(rows.min(axis=1) < 0) & (rows.max(axis=1) > 0)].index
    for ax, name, color in zip(
        axes, ("deepstate", "net_isw_km2", "net_liveuamap_km2"), (BLUE, RED, GREEN), strict=True
    ):
        ax.bar(rows.index, rows[name], width=24, color=color)
        ax.axhline(0, color="k", lw=0.8)
        ax.set_ylabel(name)
        for month in apart:
            ax.axvspan(
                month - pd.Timedelta(days=14), month + pd.Timedelta(days=14), color="#EEF1F4", zorder=0
            )
    return fig


def claimed_and_measured(t: Frames, d: Frames) -> Any:
    fig, ax = panels(size=TALL)
    rows = d["claimed"].tail(18).reset_index(drop=True)
    ax.hlines(rows.index, rows["measured"], rows["quantity"], color=GREY, lw=1)
    ax.plot(rows["quantity"], rows.index, "o", mfc="none", color=RED, label="stated")
    ax.plot(rows["measured"], rows.index, "D", color=GREEN, ms=5, label="measured")
    for place, row in rows.iterrows():
        ax.annotate(
            f"{row['quantity']:,.0f}",
            (row["quantity"], place),
            xytext=(6, 0),
            textcoords="offset points",
            color=RED,
        )
        ax.annotate(
            row["compared_source"],
            (row["measured"], place),
            xytext=(0, 5),
            textcoords="offset points",
            fontsize=6,
        )
    ax.set_yticks(
        rows.index,
        [f"{speaker}, {said:%d %b %Y}" for speaker, said in zip(rows["speaker"], rows["said"], strict=True)],
    )
    ax.invert_yaxis()
    ax.legend()
    return fig


def strikes_by_month(t: Frames, d: Frames) -> Any:
    fig, axes = panels(2, sharex=True)
    for ax, weapon, color in zip(axes, ("shahed_decoy", "missiles"), (BLUE, RED), strict=True):
        rows = d["strikes"][weapon]
        ax.bar(
            rows.index,
            rows["launched"],
            width=24,
            facecolor="white",
            edgecolor=color,
            label=f"{weapon} launched",
        )
        ax.bar(rows.index, rows["intercepted"], width=24, color=color, label="intercepted")
        ax.legend(ncols=2, loc="upper left")
    return fig


def ukraine_reserves(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    rows = d["ukraine"]
    rows = rows[(rows["series"] == "ua.reserves.total") & (rows["period"].str.len() == 10)].sort_values(
        "period"
    )
    ax.plot(pd.to_datetime(rows["period"]), rows["value"], ".-", color=BLUE)
    ax.set_ylim(0)
    last(ax, pd.to_datetime(rows["period"].iloc[-1]), rows["value"].iloc[-1])
    return fig


def ukraine_financing(t: Frames, d: Frames) -> Any:
    fig, (left, right) = panels(1, 2)
    rows = d["ukraine"]
    external = rows[rows["series"] == "ua.financing.external.usd"].drop_duplicates("period").head(4)
    bars = left.bar(
        external["period"].str.replace("..", "\n", regex=False),
        external["value"],
        facecolor="white",
        edgecolor=BLUE,
        hatch="//",
    )
    left.bar_label(bars, fmt="{:,.1f}")
    kiel = rows[(rows["series"] == "ua.kiel.financial_disbursement") & (rows["period"].str.len() == 7)]
    if kiel.empty:
        kiel = rows[rows["series"].str.startswith("ua.kiel.") & (rows["period"].str.len() == 7)]
    right.bar(pd.to_datetime(kiel["period"]), kiel["value"], width=24, color=GREEN)
    return fig


def displacement(t: Frames, d: Frames) -> Any:
    fig, ax = panels()
    for name, group in d["displacement"].groupby("indicator"):
        ax.plot(group["day"], group["value"] / 1e6, "o-", label=str(name))
    ax.axvline(pd.Timestamp("2022-06-10"), color="k", ls="--", lw=0.8)
    ax.legend()
    return fig
