"""What maps are drawn with: shapes in the equal-area plane, an extent, a scale bar, names that do not collide."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wareconomy.analysis.territory import boundaries
from wareconomy.analysis.territory.boundaries import SEA, Boundaries
from wareconomy.analysis.territory.places import Place, listed, points
from wareconomy.publish.theme import INK, PALE

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LAND, REST, WATER, HELD, GAINED, LOST = "#FBFAF6", "#E4E5E6", "#D3E3EC", "#DDBFB3", "#A3200F", "#0B61A4"
"""Ukraine, its neighbours, the sea, occupied on both maps, gained, lost."""


@dataclass(frozen=True, slots=True)
class Extent:
    """The part of the plane a panel shows, in metres."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        """Metres across."""
        return self.right - self.left

    @property
    def box(self) -> Any:
        """As a shape."""
        return shapely.box(self.left, self.bottom, self.right, self.top)


def around(shapes: NDArray[np.object_], ratio: float, least: float, room: float = 0.08) -> Extent:
    """An extent of the given ratio of width to height around shapes, at least `least` metres wide."""
    left, bottom, right, top = shapely.total_bounds(shapes)
    wide = max((right - left) * (1 + 2 * room), (top - bottom) * (1 + 2 * room) * ratio, least)
    x, y = (left + right) / 2, (bottom + top) / 2
    return Extent(x - wide / 2, y - wide / ratio / 2, x + wide / 2, y + wide / ratio / 2)


def panel(figure: Figure, left: float, bottom: float, width: float, height: float, extent: Extent) -> Axes:
    """A panel at a place in inches that shows an extent, without ticks."""
    whole, tall = figure.get_size_inches()
    axes = figure.add_axes((left / whole, bottom / tall, width / whole, height / tall), facecolor=REST)
    axes.set(xlim=(extent.left, extent.right), ylim=(extent.bottom, extent.top), xticks=[], yticks=[])
    axes.set_aspect("equal")
    for spine in axes.spines.values():
        spine.set(color=PALE, linewidth=0.8)
    return axes


def fill(axes: Axes, shapes: Sequence[Any] | NDArray[np.object_], colour: str, **kwargs: Any) -> None:
    """Polygons, holes left open, as one patch."""
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    points, codes = [], []
    for shape in shapely.get_parts(np.asarray(shapes, dtype=object)):
        for part in shapely.get_parts(np.array([shape], dtype=object)):
            for ring in (part.exterior, *part.interiors) if part.geom_type == "Polygon" else ():
                corners = shapely.get_coordinates(ring)
                if len(corners) > 2:
                    points.append(corners)
                    codes.append([Path.MOVETO] + [Path.LINETO] * (len(corners) - 2) + [Path.CLOSEPOLY])
    if points:
        path = Path(np.vstack(points), np.concatenate(codes))
        # add_artist, not add_patch: the limits are set, and working them out again takes most of the time.
        axes.add_artist(
            PathPatch(path, facecolor=colour, **{"edgecolor": "none", "linewidth": 0.0, **kwargs})
        )


def ground(axes: Axes, units: Boundaries, held: Sequence[Any] | NDArray[np.object_]) -> None:
    """Ukraine, what is held, and the lines between oblasts."""
    lands = np.array([shape for code, shape in units.shapes().items() if code != SEA], dtype=object)
    fill(axes, lands, LAND, zorder=1)
    fill(axes, held, HELD, zorder=2)
    if SEA in units.codes:
        # Over what is held: mappers draw their polygons out over the water, and a reader looks for the coast.
        fill(axes, [units.shapes()[SEA]], WATER, zorder=3)
    fill(axes, lands, "none", edgecolor="#8C8273", linewidth=0.6, zorder=4)


def broad(shapes: NDArray[np.object_]) -> NDArray[np.object_]:
    """Shapes wider than 100 m and larger than 0.02 km2; what is thinner is the same line drawn again."""
    if not len(shapes):
        return shapes
    width = 2 * shapely.area(shapes) / np.maximum(shapely.length(shapes), 1e-9)
    found: NDArray[np.object_] = shapes[(width > 50) & (shapely.area(shapes) > 20_000)]
    return found


def moved(axes: Axes, gained: NDArray[np.object_], lost: NDArray[np.object_], edge: float = 0.5) -> None:
    """Gained and lost shapes, each with a thin line of its own colour so that small ones are seen; lost is hatched.

    Slivers of a redrawn line (see `broad`) are filled without that line, which would make them look like movement.
    """
    fill(axes, gained, GAINED, zorder=5)
    fill(axes, lost, LOST, zorder=5)
    fill(axes, broad(gained), GAINED, edgecolor=GAINED, linewidth=edge, zorder=5)
    fill(axes, broad(lost), "white", edgecolor=LOST, linewidth=edge, hatch="//////", zorder=6)


def oblast_names(
    axes: Axes, units: Boundaries, extent: Extent, size: float = 7.5, apart: bool = False
) -> list[tuple[float, float, str]]:
    """Names of the oblasts a panel shows enough of, with `apart` only those that do not touch; returns where they stand."""
    stands = []
    metres = extent.width / _width(axes)
    boxes: list[Any] = []
    for code, land in units.shapes().items():
        if code == SEA:
            continue
        shown = shapely.intersection(
            land, shapely.buffer(extent.box, -0.05 * extent.width, join_style="mitre")
        )
        if shown.area < 0.012 * extent.box.area:
            continue
        spot = shapely.centroid(shown)
        if not shapely.contains(shown, spot):
            spot = shapely.point_on_surface(shown)
        box = _box(spot.x, spot.y, boundaries.units()[code].name.upper(), size, metres, centre=True)
        if apart and (
            any(shapely.intersects(box, other) for other in boxes) or not shapely.within(box, extent.box)
        ):
            continue
        boxes.append(box)
        axes.text(
            spot.x,
            spot.y,
            boundaries.units()[code].name.upper(),
            fontsize=size,
            color="#7A7163",
            ha="center",
            va="center",
            zorder=7,
            fontstretch="condensed",
            path_effects=_halo(2.0),
        )
        stands.append((spot.x, spot.y, boundaries.units()[code].name))
    return stands


def place_names(
    axes: Axes, extent: Extent, most: int, taken: Sequence[tuple[float, float, str]] = (), size: float = 6.8
) -> None:
    """The largest places a panel shows, each with a dot, as many as fit without touching."""
    spots = points()
    inner = shapely.buffer(extent.box, -0.03 * extent.width, join_style="mitre")
    inside = np.flatnonzero(shapely.contains(inner, spots))
    order = sorted(inside, key=lambda i: -(listed()[i].population or 0))
    metres = extent.width / _width(axes)  # of one inch
    boxes = [_box(x, y, name.upper(), size + 1, metres, centre=True) for x, y, name in taken]
    corner = 0.09 * extent.width
    boxes.append(
        shapely.box(extent.left, extent.bottom, extent.left + 0.32 * extent.width, extent.bottom + corner)
    )
    shown = 0
    for i in order:
        if shown == most:
            break
        item: Place = listed()[i]
        x, y = shapely.get_coordinates(spots[i])[0]
        box = _box(x, y, item.name, size, metres)
        right = shapely.bounds(box)[2] + 0.02 * extent.width < extent.right
        box = box if right else _box(x, y, item.name, size, metres, right=False)
        if any(shapely.intersects(box, other) for other in boxes):
            continue
        boxes.append(box)
        axes.plot(
            [x],
            [y],
            marker="o",
            markersize=2.2,
            color=INK,
            markeredgecolor="white",
            markeredgewidth=0.4,
            zorder=8,
        )
        axes.annotate(
            item.name,
            (x, y),
            xytext=(3 if right else -3, 0),
            textcoords="offset points",
            fontsize=size,
            color=INK,
            ha="left" if right else "right",
            va="center",
            zorder=8,
            path_effects=_halo(1.6),
        )
        shown += 1


def _width(axes: Axes) -> float:
    """Width of a panel in inches."""
    return float(axes.get_position().width * axes.figure.get_figure(root=True).get_size_inches()[0])


def _box(
    x: float, y: float, text: str, size: float, metres: float, right: bool = True, centre: bool = False
) -> Any:
    wide, tall = len(text) * size * 0.62 / 72 * metres, size * 1.35 / 72 * metres
    start = x - wide / 2 if centre else x if right else x - wide
    return shapely.box(start, y - tall / 2, start + wide, y + tall / 2)


def _halo(width: float) -> list[Any]:
    from matplotlib.patheffects import withStroke

    return [withStroke(linewidth=width, foreground="white", alpha=0.85)]


def scale_bar(axes: Axes, extent: Extent, size: float = 7.0) -> None:
    """A bar of a round number of kilometres in the lower left corner."""
    aim = extent.width / 5 / 1000
    length = next((step for step in (200, 100, 50, 20, 10, 5, 2, 1) if step <= aim), 1)
    x = extent.left + 0.05 * extent.width
    y = extent.bottom + 0.035 * extent.width
    axes.plot([x, x + length * 1000], [y, y], color=INK, linewidth=2.0, solid_capstyle="butt", zorder=9)
    axes.text(
        x,
        y + 0.008 * extent.width,
        f"{length} km",
        fontsize=size,
        ha="left",
        va="bottom",
        zorder=9,
        path_effects=_halo(1.6),
    )


def key(
    figure: Figure, x: float, y: float, items: Sequence[tuple[str, str, str | None]], gap: float = 0.2
) -> None:
    """A legend in one row at a place in inches: colour, words, hatch."""
    from matplotlib.patches import Rectangle

    wide, tall = figure.get_size_inches()
    for colour, words, hatch in items:
        face = "white" if hatch else colour
        figure.add_artist(
            Rectangle(
                (x / wide, y / tall),
                0.2 / wide,
                0.12 / tall,
                transform=figure.transFigure,
                facecolor=face,
                edgecolor=colour if hatch else "#8C8273",
                linewidth=0.6,
                hatch=hatch,
            )
        )
        figure.text((x + 0.26) / wide, (y + 0.06) / tall, words, fontsize=8, va="center", color=INK)
        x += 0.26 + _inches(words, 8) + gap


def _inches(words: str, size: float) -> float:
    from matplotlib.textpath import TextPath

    return float(TextPath((0, 0), words, size=size).get_extents().width) / 72
