"""Charts of a history of maps: area and share by oblast, gains against losses by month, and how daily changes spread."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from wareconomy.analysis.territory import boundaries, periods
from wareconomy.analysis.territory.history import History
from wareconomy.analysis.territory.periods import Move
from wareconomy.publish import theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, number, plural, signed
from wareconomy.publish.territory import maps
from wareconomy.publish.theme import BLUE, GREY, INK, MID, PALE, RED
from wareconomy.sources import map_files

if TYPE_CHECKING:
    from matplotlib.figure import Figure

KINDS = ("oblasts", "months", "days")


def build(
    history: History, kind: str, start: date, end: date, unit: str = periods.WHOLE, which: str = "oblast"
) -> Chart:
    """One of the charts in KINDS over a period of a history, for the whole or for one unit."""
    if kind == "oblasts":
        return oblasts(history, start, end, which)
    table = periods.Table(history, unit)
    if kind == "months":
        return months(history, [m for m in table.months() if start <= m.start and m.end <= end], unit)
    return days(history, [m for m in table.daily()[1:] if start < m.end <= end], unit)


def _name(unit: str) -> str:
    return "" if unit == periods.WHOLE else f", {boundaries.name_of(unit)}"


def _chart(history: History, name: str, last: date, **words: Any) -> Chart:
    who = map_files.mapper(history.mapper)
    return Chart(
        id=f"territory-{name}",
        section="territory",
        source=f"{who.credit}; areas computed from its polygons. Boundaries: "
        f"{history.boundaries.source} ({history.boundaries.licence})",
        as_of=last,
        drawing=f"{__name__}:draw",
        **words,
    )


def oblasts(history: History, start: date, end: date, which: str = "oblast") -> Chart:
    """Occupied area and share by unit on the last map, with the net change over the period."""
    rows = periods.by_oblast(history, start, end, which)
    rows.sort(key=lambda row: (row["oblast"] in boundaries.REST, -float(str(row["area_km2"]))))
    move = periods.Table(history).between(start, end)
    base = boundaries.DENOMINATORS[which]
    who = map_files.mapper(history.mapper)
    title = (
        f"{number(move.area_km2)} km² of Ukraine occupied on the map of {day(move.end)}, "
        f"{signed(move.net_km2, 1 if abs(move.net_km2) < 1000 else 0)} since {day(move.start)}"
    )
    return _chart(
        history,
        f"oblasts-{start}-{end}",
        move.end,
        title=title,
        subtitle=f"{who.title}: occupied area by unit, km²; share of the {base}; net change",
        alt=f"Bars by oblast. {title}.",
        columns=(
            "oblast",
            "name",
            "area_km2",
            "share_pct",
            "net_km2",
            "gained_km2",
            "lost_km2",
        ),
        rows=tuple(tuple(row.values()) for row in rows),
        payload={"kind": "oblasts", "rows": rows},
        notes=(
            "What the mapper's polygons cover of the sea and beyond the border is in no oblast and has no share. Shares "
            "divide by areas of the land register, not of the shapes.",
        ),
    )


def months(history: History, moves: list[Move], unit: str) -> Chart:
    """Gains above the line, losses below, net as a dot with the range of its boundary files."""
    who = map_files.mapper(history.mapper)
    won, given, net = (
        (sum(values) for values in zip(*((m.gained_km2, m.lost_km2, m.net_km2) for m in moves), strict=True))
        if moves
        else (0.0, 0.0, 0.0)
    )
    span = maps.month_span(moves[0].label, moves[-1].label) if moves else "no whole month"
    who_where = _name(unit).removeprefix(", ") or "Net change"
    title = f"{who_where}: {signed(net)} km² ({number(won)} gained, {number(given)} lost), {span}"
    return _chart(
        history,
        f"months{_name(unit).replace(', ', '-')}",
        moves[-1].end if moves else history.days[-1].day,
        title=title,
        subtitle=f"{who.title}: sums of daily gains and losses by month, km²; plus: Russian gain",
        alt=f"Bars of gains and losses by month with the net change. {title}.",
        columns=(
            "month",
            "from_file",
            "to_file",
            "gained_km2",
            "lost_km2",
            "net_km2",
            "low_km2",
            "high_km2",
            "note",
        ),
        rows=tuple(
            (m.label, m.start, m.end, m.gained_km2, m.lost_km2, m.net_km2, m.low_km2, m.high_km2, m.note)
            for m in moves
        ),
        payload={"kind": "months", "moves": moves},
        notes=(
            "Dot: net change; line through it: its range over the possible dates of the boundary files. Ground that changed "
            f"hands twice counts in both bars. {who.date}",
        ),
    )


def days(history: History, moves: list[Move], unit: str) -> Chart:
    """How many days saw how much net change."""
    who = map_files.mapper(history.mapper)
    nets = np.array([m.net_km2 for m in moves])
    still = int((np.abs(nets) < 0.005).sum())
    largest = max(moves, key=lambda m: abs(m.net_km2), default=None)
    middle = float(np.median(nets)) if len(nets) else 0.0
    title = (
        f"Half of {plural(len(nets), 'daily change')} are below {number(middle, 1)} km²{_name(unit)}; "
        f"{plural(still, 'day')} without any"
    )
    return _chart(
        history,
        f"days{_name(unit).replace(', ', '-')}",
        moves[-1].end if moves else history.days[-1].day,
        title=title,
        subtitle=f"{who.title}: number of days by net change since the map before, km²",
        alt=f"Histogram. {title}. Largest: {signed(largest.net_km2, 1)} km² on {day(largest.end)}."
        if largest
        else title,
        columns=("day", "net_km2", "gained_km2", "lost_km2"),
        rows=tuple((m.end, m.net_km2, m.gained_km2, m.lost_km2) for m in moves),
        payload={"kind": "days", "nets": nets, "middle": middle, "largest": largest, "still": still},
        notes=(
            "A map shows a change on the day it was drawn, which is not the day it took place; a large single change is "
            "often a redraw after several days.",
        ),
    )


# ---------------------------------------------------------------------------- drawing


def draw(chart: Chart) -> Figure:
    """The picture of one of these charts, in the house style."""
    with theme.style(chart.id):
        figure = theme.new_figure()
        {"oblasts": _oblasts, "months": _months, "days": _days}[chart.payload["kind"]](figure, chart)
    return figure


def _oblasts(figure: Figure, chart: Chart) -> None:
    rows = chart.payload["rows"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=1.45, right=2.5, head=0.26, foot=0.05)
    axes.grid(visible=False)
    most = max((row["area_km2"] for row in rows), default=1.0)
    heads = ((0.11, "km²"), (0.29, "share, %"), (0.5, "net, km²"))
    for place, row in enumerate(rows):
        axes.barh(
            place,
            row["area_km2"],
            height=0.62,
            color=MID if row["oblast"] in boundaries.REST else RED,
            zorder=3,
        )
        share = "" if row["share_pct"] is None else number(row["share_pct"], 1)
        net = signed(row["net_km2"], 1) if abs(row["net_km2"]) >= 0.05 else "0"
        for (x, _), text in zip(heads, (number(row["area_km2"]), share, net), strict=True):
            axes.text(
                1 + x,
                place,
                text,
                transform=axes.get_yaxis_transform(),
                ha="right",
                va="center",
                fontsize=8.5,
            )
    for x, text in heads:
        axes.text(
            1 + x,
            -0.85,
            text,
            transform=axes.get_yaxis_transform(),
            ha="right",
            va="center",
            fontsize=8,
            color=GREY,
        )
    axes.set_yticks(range(len(rows)), [row["name"] for row in rows])
    axes.set_xlim(0, most * 1.04)
    axes.set_ylim(len(rows) - 0.5, -0.6)
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)


def _months(figure: Figure, chart: Chart) -> None:
    moves: list[Move] = chart.payload["moves"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.55, head=0.3)
    if not moves:
        return
    at = np.arange(len(moves))
    axes.bar(
        at, [m.gained_km2 for m in moves], width=0.7, color="#E2A78A", zorder=3, label="gained by Russia"
    )
    axes.bar(
        at,
        [-m.lost_km2 for m in moves],
        width=0.7,
        color="white",
        edgecolor=BLUE,
        hatch="//////",
        linewidth=0.6,
        zorder=3,
        label="lost by Russia",
    )
    axes.vlines(
        at, [m.low_km2 for m in moves], [m.high_km2 for m in moves], color=INK, linewidth=1.2, zorder=5
    )
    axes.plot(
        at,
        [m.net_km2 for m in moves],
        linestyle="none",
        marker="o",
        markersize=3.6,
        color=INK,
        zorder=6,
        label="net, with its figure",
    )
    low, high = -max(m.lost_km2 for m in moves), max(max(m.gained_km2, m.high_km2) for m in moves)
    marks.values(axes, low * 1.25 - 0.02 * high, high * 1.14, count=5)
    for x, m in zip(at.tolist(), moves, strict=True):
        axes.text(
            x,
            max(m.gained_km2, m.high_km2) + 0.02 * high,
            number(m.net_km2),
            ha="center",
            va="bottom",
            fontsize=7.5,
        )
    names = [
        f"{marks.MONTHS[int(m.label[5:]) - 1]}"
        + (f"\n{m.label[:4]}" if m.label.endswith("-01") or m is moves[0] else "")
        for m in moves
    ]
    axes.set_xticks(at, names)
    axes.set_xlim(-0.6, len(moves) - 0.4)
    axes.tick_params(axis="x", length=0)
    marks.key(axes, columns=3)


def _days(figure: Figure, chart: Chart) -> None:
    nets = chart.payload["nets"]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=0.55, head=0.12, foot=0.35)
    if not len(nets):
        return
    width = 5.0 if np.abs(nets).max() > 20 else 1.0
    edges = np.arange(np.floor(nets.min() / width) * width, nets.max() + width, width)
    counts, _ = np.histogram(nets, edges)
    middles = edges[:-1] + width / 2
    axes.bar(middles, counts, width=width * 0.92, color=[RED if x > 0 else BLUE for x in middles], zorder=3)
    marks.values(axes, 0, counts.max() * 1.12, count=5)
    axes.axvline(chart.payload["middle"], color=INK, linewidth=1, linestyle=(0, (4, 2)), zorder=4)
    axes.text(
        chart.payload["middle"] + width * 0.3,
        counts.max() * 1.06,
        f"median {number(chart.payload['middle'], 1)}",
        fontsize=8.5,
        va="center",
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none"},
        zorder=6,
    )
    largest: Move = chart.payload["largest"]
    spot = (largest.net_km2, 1)
    axes.annotate(
        f"{signed(largest.net_km2, 1)} on {day(largest.end)}",
        spot,
        xytext=(0, 34),
        textcoords="offset points",
        ha="right" if largest.net_km2 > 0 else "left",
        fontsize=8.5,
        arrowprops={"arrowstyle": "-", "color": MID, "linewidth": 0.8},
    )
    still = plural(chart.payload["still"], "day")
    axes.set_xlabel(
        f"net change since the map before, km² (bars of {number(width)} km²; {still} at zero)", fontsize=8.5
    )
    axes.grid(axis="x", color=PALE, linewidth=0.4)
