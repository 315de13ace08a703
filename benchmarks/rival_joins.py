"""The rival's arithmetic: joins, differences within the year, sums, shares and paces, frame by frame."""

from __future__ import annotations

import pandas as pd

Frames = dict[str, pd.DataFrame]
RELEASES = ["comparative", "compiled", "preliminary", "revised", "open_data"]  # the last one known is kept


def last_day(text: pd.Series[str]) -> pd.Series[pd.Timestamp]:
    """The last day of a year, a month or a day given as text; NaT for blank."""
    full = text.str.len() == 10
    month = text.str.len() == 7
    year = text.str.len() == 4
    padded = text.where(full, (text + "-01").where(month, (text + "-12-01").where(year, "")))
    days = pd.to_datetime(padded.replace("", None), format="%Y-%m-%d")
    ends: pd.Series[pd.Timestamp] = days.where(full, days + pd.offsets.MonthEnd(0))
    return ends


def derive(t: Frames) -> Frames:
    """The joins, differences, sums and shares that the charts and tables show."""
    d: Frames = {}
    monthly = t["budget_monthly"].assign(
        rank=t["budget_monthly"]["release"].map({name: place for place, name in enumerate(RELEASES)}),
        date=pd.to_datetime(t["budget_monthly"]["month"], format="%Y-%m"),
    )
    monthly["known"] = monthly["known"].fillna(monthly["date"] + pd.offsets.MonthEnd(1))
    ordered = monthly.sort_values(["line", "date", "known", "rank"])
    d["budget"] = ordered.drop_duplicates(["line", "date"], keep="last").copy()
    d["first"] = ordered[ordered["release"] == "preliminary"].drop_duplicates(["line", "date"], keep="first")
    d["revisions"] = d["first"].merge(d["budget"], on=["line", "date"], suffixes=("_first", "_last"))
    d["revisions"]["revision"] = d["revisions"]["value_last"] - d["revisions"]["value_first"]
    wide = d["budget"].pivot_table(index="date", columns="line", values="value")
    year = pd.DatetimeIndex(wide.index).year
    flows = wide.groupby(year).diff().fillna(wide[pd.DatetimeIndex(wide.index).month == 1])
    d["wide"], d["flows"] = wide, flows
    d["rolling"] = flows.rolling(12, min_periods=12).sum()
    whole = ordered[ordered["release"] == "open_data"].pivot_table(
        index="date", columns="line", values="value"
    )
    gap = (whole["revenue"] - whole["expenditure"] - whole["balance"]).abs()
    parts = (whole["revenue_oil_gas"] + whole["revenue_non_oil_gas"] - whole["revenue"]).abs()
    if (gap > 0.5).any() or (parts > 0.5).any():
        raise ValueError("revenue, expenditure and balance do not add up")

    annual = t["budget_annual"]
    d["plans"] = annual[(annual["line"] == "balance") & (annual["unit"] == "RUB bn")].sort_values(
        ["year", "known"]
    )
    outcome = d["plans"][d["plans"]["stage"] == "outcome"][["year", "value"]]
    d["plan_outcome"] = d["plans"][d["plans"]["stage"] == "plan"].merge(
        outcome, on="year", how="left", suffixes=("_plan", "_outcome")
    )

    fund = (
        t["nwf"].assign(day=pd.to_datetime(t["nwf"]["date"])).sort_values(["item", "unit", "day", "release"])
    )
    fund = fund.drop_duplicates(["item", "unit", "day"], keep="last")
    d["nwf"] = fund.pivot_table(index="day", columns=["item", "unit"], values="value")
    liquid = d["nwf"][("liquid", "RUB bn")]
    draw = t["reserve_drawdowns"]
    draw = draw[draw["period"].str.len().eq(22) & (draw["usable"] == "yes")].copy()
    draw["month"] = pd.to_datetime(draw["period"].str[:10])
    draw["days"] = (pd.to_datetime(draw["period"].str[-10:]) - draw["month"]).dt.days
    draw = draw[draw["days"] < 32]
    draw["month"] = draw["month"].dt.to_period("M").dt.to_timestamp()
    moves = draw.pivot_table(index="month", columns="operation", values="value", aggfunc="last")
    change = pd.DataFrame({"change": liquid.shift(-1) - liquid}).join(moves)
    change["revaluation"] = d["nwf"].get(("revaluation", "RUB bn"), 0.0)
    change["sales"] = -change["nwf_sale_for_deficit"]
    change["rest"] = change["change"] - change[["sales", "nwf_inflows", "revaluation"]].sum(axis=1)
    d["drawdown"] = change
    sold = change["nwf_sale_for_deficit"]
    d["months_left"] = pd.DataFrame(
        {
            "last_month": liquid / sold.where(sold > 0),
            "last_12_months": liquid / (sold.fillna(0).rolling(12).sum() / 12).where(lambda pace: pace > 0),
            "budget_rule": liquid / moves.get("budget_rule_fx_gold", sold).abs().where(lambda pace: pace > 0),
        }
    )

    energy = t["energy"][t["energy"]["period"].str.len() == 7].copy()
    energy["month"] = pd.to_datetime(energy["period"])
    energy = energy.sort_values(["indicator", "month", "known"]).drop_duplicates(
        ["indicator", "month"], keep="last"
    )
    d["energy"] = energy.pivot(index="month", columns="indicator", values="value")
    reserves = t["international_reserves"].assign(day=pd.to_datetime(t["international_reserves"]["date"]))
    d["reserves"] = reserves[
        (reserves["item"] == "total") & (reserves["point"] == "month_start")
    ].sort_values("day")
    d["reserves"] = (
        d["reserves"]
        .drop_duplicates("day", keep="last")
        .merge(
            d["nwf"][("liquid", "USD bn")].rename("fund").reset_index()
            if ("liquid", "USD bn") in d["nwf"]
            else pd.DataFrame({"day": d["nwf"].index, "fund": None}),
            on="day",
            how="outer",
        )
        .sort_values("day")
    )
    auctions = t["ofz_auctions"].assign(day=pd.to_datetime(t["ofz_auctions"]["auction_date"]))
    auctions = auctions[auctions["day"] >= "2023-11-01"]
    d["ofz"] = auctions.groupby(auctions["day"].dt.to_period("M").dt.to_timestamp()).agg(
        demand=("demand_rub_bn", "sum"),
        placed=("placed_rub_bn", "sum"),
        failed=("failed", lambda c: (c == "yes").sum()),
    )
    d["key_rate"] = t["key_rate"].assign(day=pd.to_datetime(t["key_rate"]["decided_on"])).sort_values("day")
    defence = t["defence"]
    d["defence"] = defence[(defence["line"] == "national_defence") & (defence["period"].str.len() == 4)]

    daily = (
        t["occupied_area_daily"].assign(day=pd.to_datetime(t["occupied_area_daily"]["day"])).set_index("day")
    )
    area = daily["area_km2"].asfreq("D")
    d["area"] = pd.DataFrame({"area": area, **{f"net_{n}": area.diff(n) for n in (1, 7, 365)}})
    month_start = area.ffill(limit=2)[pd.DatetimeIndex(area.index).day == 2]
    nets = (
        t["occupied_area_monthly"]
        .assign(month=pd.to_datetime(t["occupied_area_monthly"]["month"]))
        .set_index("month")
    )
    first = pd.DatetimeIndex(month_start.index).to_period("M").to_timestamp()
    deepstate = (month_start.shift(-1) - month_start).rename("deepstate").set_axis(first)
    d["mappers"] = nets[["net_isw_km2", "net_liveuamap_km2"]].join(deepstate, how="outer")["2024-10-01":]
    d["oblasts"] = t["occupied_area_oblast"].pivot_table(index="day", columns="oblast", values="area_km2")

    claims = t["claims"].assign(said=last_day(t["claims"]["said_on"]))
    d["claims"] = claims
    km2 = claims[
        (claims["unit"] == "km2") & (claims["side"] == "russia") & (claims["compared_value"] != "")
    ].copy()
    km2["measured"] = pd.to_numeric(km2["compared_value"], errors="coerce")
    d["claimed"] = km2.dropna(subset=["measured", "quantity"]).sort_values("said")
    strikes = t["strikes"][t["strikes"]["source"] == "air_force_posts"].assign(
        month=lambda f: pd.to_datetime(f["month"])
    )
    d["strikes"] = strikes.pivot_table(
        index="month", columns=["weapon", "metric"], values="value", aggfunc="sum"
    )
    acts = t["acts"].assign(day=last_day(t["acts"]["signed_on"]).fillna(last_day(t["acts"]["adopted_on"])))
    acts["day"] = acts["day"].fillna(last_day(acts["introduced_on"])).fillna(acts["known"])
    d["acts"] = acts.sort_values("day")
    recent = d["acts"][d["acts"]["day"] >= "2024-11-01"].assign(month=lambda f: f["day"].dt.to_period("M"))
    recent = recent.assign(category=recent["category"].str.split(";")).explode("category")
    d["calendar"] = recent.pivot_table(
        index="category", columns="month", values="id", aggfunc="count", fill_value=0
    )
    d["provisions"] = t["provisions"].merge(t["acts"][["act", "title_en", "signed_on"]], on="act", how="left")
    d["ukraine"] = t["ukraine_financing"]
    d["displacement"] = t["displacement"].assign(day=last_day(t["displacement"]["date"])).sort_values("day")
    return d
