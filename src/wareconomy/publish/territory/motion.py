"""The line in motion: a GIF or an MP4 over a run of maps, each frame with its date and the change since the first.

A GIF is written by pillow, which is always there. An MP4 (H.264, a tenth of the size) is written by PyAV
(`wareconomy[film]`), whose wheels bring FFmpeg along.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from wareconomy.analysis.territory import overlay, places
from wareconomy.analysis.territory.boundaries import Boundaries
from wareconomy.errors import MissingExtra, UsageError
from wareconomy.publish import theme
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, signed
from wareconomy.publish.territory import canvas, maps
from wareconomy.sources import map_files
from wareconomy.sources.map_files import Body

if TYPE_CHECKING:
    from PIL import Image

DPI = 110
HOLD = 3.0
"""Seconds the last frame stays."""
FILMS = (".gif", ".mp4")
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
    """Write a film of a run of maps, oldest first, as GIF or MP4 by the name of the file.

    The chart returned holds its words and its data. Raises MissingExtra for an MP4 without PyAV, UsageError for another
    ending, before anything is drawn.
    """
    if path.suffix not in FILMS:
        raise UsageError(f"{path.name}: a film ends in {', '.join(FILMS)}")
    if path.suffix == ".mp4" and find_spec("av") is None:
        raise MissingExtra("an MP4 film (a GIF needs nothing more: end the name in .gif)", "film")
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
    (_mp4 if path.suffix == ".mp4" else _gif)(pictures, path, seconds)
    return chart


def _gif(pictures: Sequence[Image.Image], path: Path, seconds: float) -> None:
    from PIL import Image

    palette = pictures[-1].quantize(128)
    small = [picture.quantize(palette=palette, dither=Image.Dither.NONE) for picture in pictures]
    times = [int(1000 * seconds)] * (len(small) - 1) + [int(1000 * HOLD)]
    small[0].save(path, save_all=True, append_images=small[1:], duration=times, loop=0, optimize=False)


def _mp4(pictures: Sequence[Image.Image], path: Path, seconds: float) -> None:
    import av

    rate = round(1 / seconds)
    wide, tall = (side - side % 2 for side in pictures[0].size)  # the usual pixel format needs even sides
    options = {"crf": "20", "preset": "medium"}
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as film:
        stream = film.add_stream("libx264", rate=rate, options=options)
        stream.width, stream.height, stream.pix_fmt = wide, tall, "yuv420p"
        for picture in [*pictures, *[pictures[-1]] * round(HOLD * rate)]:
            frame = av.VideoFrame.from_ndarray(np.asarray(picture)[:tall, :wide], format="rgb24")
            film.mux(stream.encode(frame))
        film.mux(stream.encode())


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
