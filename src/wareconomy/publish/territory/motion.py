"""The line in motion: an animated GIF over a run of maps, each frame with its date and the change since the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from wareconomy.analysis.territory import overlay, places
from wareconomy.analysis.territory.boundaries import Boundaries
from wareconomy.errors import UsageError
from wareconomy.publish import theme
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, signed
from wareconomy.publish.territory import canvas, maps
from wareconomy.sources import map_files
from wareconomy.sources.map_files import Body

if TYPE_CHECKING:
    from PIL import Image

DPI = 110
MOST = 400
"""Most frames of one film."""


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One map of the film: its day and what changed since the first map, in the plane and in km2."""

    day: date
    gained: np.ndarray
    lost: np.ndarray
    net_km2: float


def frames(bodies: Sequence[Body], step: int) -> tuple[list[Frame], Any]:
    """Every `step`-th map and the last, compared with the first; and the first map's area in the plane."""
    chosen = list(dict.fromkeys([*bodies[::step], bodies[-1]]))
    if len(chosen) < 2:
        raise UsageError("a film needs maps of two days or more")
    if len(chosen) > MOST:
        raise UsageError(
            f"{len(chosen)} frames are too many (most {MOST}); take a larger step or a shorter period"
        )
    made = []
    first = None
    for body in chosen:
        change = places.between(chosen[0], body)
        first = first if first is not None else overlay.flat(change.before, change.plane).shapes[0]
        made.append(
            Frame(body.day, change.gained.shapes, change.lost.shapes, change.gained_km2 - change.lost_km2)
        )
    return made, first


def film(
    bodies: Sequence[Body], units: Boundaries, path: Path, step: int = 7, seconds: float = 0.25
) -> Chart:
    """Write an animated GIF of a run of maps, oldest first; the chart returned holds its words and its data."""
    from PIL import Image

    made, first = frames(bodies, step)
    who = map_files.mapper(bodies[0].mapper)
    area = canvas.broad(np.concatenate([made[-1].gained, made[-1].lost]))
    chart = Chart(
        id=path.stem,
        section="territory",
        title=f"The line from {day(made[0].day)} to {day(made[-1].day)}: net {signed(made[-1].net_km2, 0)} km²",
        subtitle=f"{who.title}; every frame compares one map with the first. Equal-area projection",
        source=maps.source_line(who.name, units),
        as_of=made[-1].day,
        alt=f"Film of {len(made)} maps of the front; the last shows a net change of {signed(made[-1].net_km2, 0)} km².",
        columns=("file", "net_km2_since_first"),
        rows=tuple((frame.day, frame.net_km2) for frame in made),
        drawing=f"{__name__}:film",
        payload=None,
        notes=maps.notes(who.name),
    )
    pictures = _pictures(chart, made, first, units, area)
    palette = pictures[-1].quantize(128)
    small = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    times = [int(1000 * seconds)] * (len(small) - 1) + [3000]
    small[0].save(path, save_all=True, append_images=small[1:], duration=times, loop=0, optimize=False)
    return chart


def _pictures(
    chart: Chart, made: list[Frame], first: Any, units: Boundaries, area: np.ndarray
) -> list[Image.Image]:
    from PIL import Image

    out = []
    with theme.style(chart.id):
        figure = theme.new_figure(tall=True)
        figure.set_dpi(DPI)
        box = theme.frame(figure, chart)
        wide, tall = box.right - box.left, box.top - box.bottom - 0.3
        extent = (
            canvas.around(area, wide / tall, maps.WIDE)
            if len(area)
            else canvas.around(np.array([first]), wide / tall, maps.WIDE)
        )
        axes = canvas.panel(figure, box.left, box.bottom + 0.02, wide, tall, extent)
        canvas.ground(axes, units, [shapely.intersection(first, shapely.buffer(extent.box, 5000))])
        canvas.place_names(axes, extent, 18, canvas.oblast_names(axes, units, extent))
        canvas.scale_bar(axes, extent)
        first_key = (canvas.HELD, f"occupied on {day(made[0].day)}", None)
        canvas.key(figure, box.left, box.top - 0.18, (first_key, *maps.KEY[1:]), gap=0.16)
        words = axes.text(
            0.985,
            0.975,
            "",
            transform=axes.transAxes,
            ha="right",
            va="top",
            fontsize=13,
            fontweight="bold",
            zorder=20,
            bbox={"boxstyle": "square,pad=0.35", "facecolor": "white", "edgecolor": theme.PALE},
        )
        for frame in made:
            known = set(axes.get_children())
            canvas.moved(axes, frame.gained, frame.lost, 0.6)
            words.set_text(f"{day(frame.day)}\n{signed(frame.net_km2, 0)} km²")
            figure.canvas.draw()
            pixels = np.asarray(figure.canvas.buffer_rgba())  # type: ignore[attr-defined]
            out.append(Image.fromarray(pixels[..., :3].copy()))
            for artist in set(axes.get_children()) - known:
                artist.remove()
    return out
