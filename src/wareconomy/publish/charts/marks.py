"""What charts are drawn with: panels, time axes, broken lines, direct labels, and the marks of gaps and breaks.

Time runs in days (`date.toordinal`), so that ticks and labels are ours.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from wareconomy.publish import lettering, theme
from wareconomy.publish.charts.words import number
from wareconomy.publish.theme import GREY, INK, MID, PALE, Box

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def at(when: date) -> int:
    """Where a day stands on a time axis."""
    return when.toordinal()


def panels(
    figure: Figure,
    box: Box,
    rows: int = 1,
    columns: int = 1,
    *,
    heights: Sequence[float] | None = None,
    left: float = 0.5,
    right: float = 0.1,
    head: float = 0.1,
    foot: float = 0.22,
    gap: float = 0.3,
    across: float = 0.35,
) -> list[Axes]:
    """Axes in a grid inside a box, all margins in inches, row by row.

    head is room above each row of panels (captions, keys), foot room for tick labels below the last row, gap between rows.
    """
    width, height = figure.get_size_inches()
    parts = heights or [1.0] * rows
    inner = box.top - box.bottom - foot - head * rows - gap * (rows - 1)
    wide = (box.right - box.left - left - right - across * (columns - 1)) / columns
    made = []
    y = box.top
    for part in parts:
        tall = inner * part / sum(parts)
        y -= head + tall
        for column in range(columns):
            x = box.left + left + column * (wide + across)
            axes = figure.add_axes((x / width, y / height, wide / width, tall / height))
            _dress(axes)
            made.append(axes)
        y -= gap
    return made


def _dress(axes: Axes) -> None:
    for side in ("left", "right", "top"):
        axes.spines[side].set_visible(False)
    axes.grid(axis="y", color=PALE, linewidth=0.6)
    axes.set_axisbelow(True)
    axes.tick_params(axis="y", length=0, pad=3, labelsize=8.5)
    axes.tick_params(axis="x", length=3, color=MID, pad=2, labelsize=8.5)
    axes.margins(x=0)


def inches(axes: Axes) -> tuple[float, float]:
    """Width and height of a panel."""
    place = axes.get_position()
    wide, tall = axes.figure.get_figure(root=True).get_size_inches()
    return float(place.width * wide), float(place.height * tall)


def caption(axes: Axes, text: str, lift: float = 0.06) -> None:
    """The name of a panel, above its left end."""
    _, height = inches(axes)
    axes.text(
        0, 1 + lift / height, text, transform=axes.transAxes, fontsize=9, fontweight="bold", va="bottom"
    )


def key(
    axes: Axes, columns: int = 4, lift: float = 0.02, handles: Sequence[Any] | None = None, x: float = 0.0
) -> None:
    """A legend in one or more rows above a panel, flush left."""
    _, height = inches(axes)
    more = {"handles": list(handles)} if handles is not None else {}
    axes.legend(
        loc="lower left",
        bbox_to_anchor=(x, 1 + lift / height),
        ncols=columns,
        borderaxespad=0,
        borderpad=0,
        handlelength=1.9,
        handletextpad=0.5,
        columnspacing=1.3,
        labelspacing=0.35,
        **more,
    )


def values(axes: Axes, low: float, high: float, digits: int = 0, count: int = 5) -> None:
    """The value axis from low to high with round ticks."""
    step = _step((high - low) / count)
    first = int(low // step) * step
    ticks = []
    tick = first
    while tick <= high + 1e-9:
        if tick >= low - 1e-9:
            ticks.append(tick)
        tick += step
    axes.set_ylim(low, high)
    axes.set_yticks(ticks, [number(tick, max(digits, 1 if step % 1 else 0)) for tick in ticks])
    if low < 0 < high:
        axes.axhline(0, color=INK, linewidth=0.8, zorder=2.5)


def _step(raw: float) -> float:
    size = 1.0
    while size > raw:
        size /= 10
    while size * 10 <= raw:
        size *= 10
    return next((size * factor for factor in (1, 2, 2.5, 5, 10) if size * factor >= raw), size * 10)


def times(axes: Axes, start: date, end: date, labels: bool = True) -> None:
    """The time axis: years, quarters or months as the span allows; a January label carries its year."""
    axes.set_xlim(at(start), at(end))
    days = (end - start).days
    wanted = (
        (1,)
        if days > 1500
        else (1, 7)
        if days > 1100
        else (1, 4, 7, 10)
        if days > 420
        else tuple(range(1, 13))
    )
    ticks: list[int] = []
    names: list[str] = []
    when = date(start.year, start.month, 1)
    while when <= end:
        if when >= start and when.month in wanted:
            ticks.append(at(when))
            year_too = when.month == 1 or (not names and when.month <= 7)
            short = str(when.year) if len(wanted) == 1 else MONTHS[when.month - 1]
            names.append(short if len(wanted) == 1 or not year_too else f"{short} {when.year}")
        when = (when + timedelta(days=32)).replace(day=1)
    axes.set_xticks(ticks, names if labels else [""] * len(ticks))
    if labels and ticks:
        _hold_last(axes, names[-1], (at(end) - ticks[-1]) / max(days, 1))


def _hold_last(axes: Axes, name: str, share: float) -> None:
    """Set the last label to the left of its tick, `share` of the axis before its end, where it would leave the picture."""
    wide = float(axes.figure.get_figure(root=True).get_size_inches()[0])
    right = wide * (1 - axes.get_position().x1) + share * inches(axes)[0]
    if lettering.width(name, theme.RC["font.size"]) / 2 > right - theme.MARGIN / 2:
        axes.get_xticklabels()[-1].set_horizontalalignment("right")


def line(axes: Axes, runs: Sequence[Sequence[tuple[date, float]]], **kwargs: Any) -> None:
    """A line that stops at every hole; a run of one point is a dot."""
    label = kwargs.pop("label", None)
    for place, run in enumerate(runs):
        xs, ys = [at(day) for day, _ in run], [value for _, value in run]
        extra = {"marker": "o", "markersize": 3.2} if len(run) == 1 and "marker" not in kwargs else {}
        axes.plot(xs, ys, label=label if place == 0 else None, **{**kwargs, **extra})


def label(axes: Axes, when: date | float, value: float, text: str, **kwargs: Any) -> None:
    """Words beside a point, on a thin white ground so that lines do not cross them."""
    x = at(when) if isinstance(when, date) else when
    offset = kwargs.pop("offset", (4, 0))
    settings = {"fontsize": 8.5, "va": "center", "color": INK, "zorder": 6, **kwargs}
    box = {"boxstyle": "square,pad=0.08", "facecolor": "white", "edgecolor": "none", "alpha": 0.85}
    axes.annotate(
        theme.clean(text), (x, value), xytext=offset, textcoords="offset points", bbox=box, **settings
    )


def end_labels(
    axes: Axes, items: Sequence[tuple[float, str, str]], apart: float = 0.145, shift: float = 0.05
) -> None:
    """Direct labels at the right edge, pushed apart so that none covers another. Items: value, words, colour."""
    wide, tall = inches(axes)
    low, high = axes.get_ylim()
    step = apart / tall
    spots = sorted((((value - low) / (high - low)), text, colour) for value, text, colour in items)
    heights = [spot[0] for spot in spots]
    for _ in range(60):
        moved = False
        for i in range(1, len(heights)):
            lack = step - (heights[i] - heights[i - 1])
            if lack > 1e-6:
                heights[i] += lack / 2
                heights[i - 1] -= lack / 2
                moved = True
        if not moved:
            break
    for y, (_, text, colour) in zip(heights, spots, strict=True):
        x = 1 + shift / wide
        axes.text(x, y, theme.clean(text), transform=axes.transAxes, va="center", color=colour, fontsize=8.5)


def blackout(axes: Axes, start: float, end: float, text: str) -> None:
    """A hatched span: nothing was published there."""
    axes.axvspan(start, end, facecolor="#F7F8FA", edgecolor=PALE, hatch="///", linewidth=0, zorder=0)
    note = {"boxstyle": "square,pad=0.25", "facecolor": "white", "edgecolor": "none"}
    axes.text(
        (start + end) / 2,
        0.97,
        text,
        transform=axes.get_xaxis_transform(),
        ha="center",
        va="top",
        fontsize=8,
        color=GREY,
        bbox=note,
        zorder=5,
    )


def break_mark(axes: Axes, when: date | float, text: str, *, side: str = "left", y: float = 0.97) -> None:
    """A dashed upright line where a series changed for another reason than the thing measured."""
    x = at(when) if isinstance(when, date) else when
    axes.axvline(x, color=INK, linewidth=0.9, linestyle=(0, (3, 2)), zorder=3)
    move = -4 if side == "left" else 4
    axes.annotate(
        text,
        (x, y),
        xycoords=axes.get_xaxis_transform(),
        xytext=(move, 0),
        textcoords="offset points",
        ha="right" if side == "left" else "left",
        va="top",
        fontsize=8,
        color=INK,
        bbox={"boxstyle": "square,pad=0.1", "facecolor": "white", "edgecolor": "none", "alpha": 0.85},
        zorder=5,
    )


def gap_ticks(axes: Axes, days: Sequence[date]) -> None:
    """Small crosses on the time axis for days without a value."""
    if days:
        axes.plot(
            [at(day) for day in days],
            [0.012] * len(days),
            "x",
            color=INK,
            markersize=4,
            transform=axes.get_xaxis_transform(),
            clip_on=False,
            zorder=6,
            label="no value",
        )
