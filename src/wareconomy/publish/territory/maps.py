"""Maps of where the line moved: between two days, and month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from numpy.typing import NDArray

from wareconomy.analysis.territory import boundaries, overlay
from wareconomy.analysis.territory.boundaries import Boundaries
from wareconomy.analysis.territory.places import Between
from wareconomy.model import period
from wareconomy.publish import theme
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day, listed, month, number, plural, short_day, signed
from wareconomy.publish.territory import canvas
from wareconomy.sources import map_files

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LOCAL = "Drawn from your own copy of the map. Not for publication: the mapper's terms do not allow it."
CLUSTER = 12_000.0
"""Metres within which pieces count as one place for the detail panels."""
MOST_COLUMNS = 5
"""Columns of small maps that still leave room for a month and its figure."""
DETAIL = 0.3
"""Largest size of a group beside the whole from which a panel of its own shows nothing new."""
NARROW, WIDE = 40_000.0, 260_000.0
"""Least width in metres of a detail panel and of the main panel."""


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """What the drawing functions need besides the words of the chart."""

    units: Boundaries
    changes: tuple[Between, ...]
    labels: tuple[str, ...]
    area: NDArray[np.object_]


def source_line(mapper: str, units: Boundaries) -> str:
    """Credit for the map, the boundaries and the place names."""
    return f"{map_files.mapper(mapper).credit}. Boundaries: {units.source} ({units.licence}). Places: GeoNames, CC BY 4.0"


def notes(mapper: str) -> tuple[str, ...]:
    """Terms first, then what a date means on this mapper's maps."""
    who = map_files.mapper(mapper)
    return (who.date if who.publishable else f"{LOCAL} {who.date}",)


def between(change: Between, units: Boundaries, oblast: str | None = None) -> Chart:
    """Chart of where the line moved between two maps; with `oblast` (ISO code) only what moved there.

    Its rows give gained and lost km2 by unit, from the polygon difference of the two maps.
    """
    gained, lost = (shapes.shapes for shapes in (change.gained, change.lost))
    if oblast:
        cells = units.shapes()[oblast]
        gained, lost = (
            overlay.parts(shapely.intersection(shapely.union_all(s), cells)).shapes for s in (gained, lost)
        )
    rows = _by_unit(gained, lost, units)
    won, given = sum(row[2] for row in rows), sum(row[3] for row in rows)
    start, end = change.old.day, change.new.day
    who = map_files.mapper(change.new.mapper)
    where = f"{boundaries.units()[oblast].name}: " if oblast else ""
    less = f"{number(given, 1)} km² lost" if given >= 0.05 else "none lost"
    title = f"{where}{number(won, 1)} km² gained and {less} by Russian forces in {plural((end - start).days, 'day')}"
    subtitle = f"{who.title}: files of {day(start)} and {day(end)}; net {signed(won - given, 1)} km². Equal-area projection"
    subtitle += ". Changes in neighbouring oblasts are drawn, not counted" if oblast else ""
    leading = sorted(rows, key=lambda row: -(row[2] + row[3]))[:3]
    parts = listed([f"{row[1]} {signed(row[2] - row[3], 1)}" for row in leading]) or "nothing changed"
    return Chart(
        id=f"territory-map-{start}-{end}" + (f"-{oblast}" if oblast else ""),
        section="territory",
        title=title,
        subtitle=subtitle,
        source=source_line(change.new.mapper, units),
        as_of=end,
        alt=f"Map of the front with the areas that changed. {title}. Net by oblast in km²: {parts}.",
        columns=("oblast", "name", "gained_km2", "lost_km2", "net_km2"),
        rows=tuple((*row, row[2] - row[3]) for row in rows),
        drawing=f"{__name__}:draw_between",
        payload=Picture(units, (change,), ("",), canvas.broad(np.concatenate([gained, lost]))),
        notes=notes(change.new.mapper),
    )


def months(changes: Sequence[Between], labels: Sequence[str], units: Boundaries) -> Chart:
    """Chart of one small map a month, all of one extent."""
    rows = tuple(
        (label, item.old.day, item.new.day, item.gained_km2, item.lost_km2, item.gained_km2 - item.lost_km2)
        for item, label in zip(changes, labels, strict=True)
    )
    net = sum(row[5] for row in rows)
    who = map_files.mapper(changes[0].new.mapper)
    title = f"Where the line moved, {month_span(labels[0], labels[-1])}: net {signed(net, 0)} km²"
    most = max(rows, key=lambda row: row[5])
    return Chart(
        id=f"territory-months-{labels[0]}-{labels[-1]}",
        section="territory",
        title=title,
        subtitle=f"{who.title}; each map shows what was gained and lost between its two files. Equal-area projection",
        source=source_line(changes[0].new.mapper, units),
        as_of=changes[-1].new.day,
        alt=f"{len(rows)} small maps of the front, one a month. {title}. "
        f"Largest net change {most[0]}: {signed(most[5], 0)} km².",
        columns=("month", "from_file", "to_file", "gained_km2", "lost_km2", "net_km2"),
        rows=rows,
        drawing=f"{__name__}:draw_months",
        payload=Picture(
            units,
            tuple(changes),
            tuple(labels),
            canvas.broad(np.concatenate([c.gained.shapes for c in changes])),
        ),
        notes=notes(changes[0].new.mapper),
    )


def month_span(first: str, last: str) -> str:
    """January to December 2025, August 2024 to February 2026, or March 2026, from labels like 2025-01."""
    begin, end = (month(period(label).start) for label in (first, last))
    if begin == end:
        return begin
    return f"{begin.split()[0] if first[:4] == last[:4] else begin} to {end}"


def _by_unit(
    gained: NDArray[np.object_], lost: NDArray[np.object_], units: Boundaries
) -> list[tuple[str, str, float, float]]:
    from wareconomy.analysis.territory.plane import Flat

    won, given = (units.by_unit(Flat(shapes)).sum(axis=0) for shapes in (gained, lost))
    rows = []
    for place, code in enumerate(units.columns):
        if won[place] > 0.0005 or given[place] > 0.0005:
            rows.append((code, boundaries.name_of(code), float(won[place]), float(given[place])))
    return rows


# ---------------------------------------------------------------------------- drawing

KEY = (
    (canvas.HELD, "occupied on both days", None),
    (canvas.GAINED, "gained by Russia", None),
    (canvas.LOST, "lost by Russia", "//////"),
    (canvas.LAND, "rest of Ukraine", None),
    (canvas.REST, "other countries", None),
    (canvas.WATER, "sea", None),
)


def draw(chart: Chart) -> Figure:
    """The picture of a territory chart in the house style."""
    with theme.style(chart.id):
        figure = theme.new_figure(tall=True)
        draw_between(figure, chart) if chart.drawing.endswith("draw_between") else draw_months(figure, chart)
    return figure


def draw_between(figure: Figure, chart: Chart) -> None:
    """The front as a whole, and beside it the three places where most changed."""
    data: Picture = chart.payload
    box = theme.frame(figure, chart)
    tall = box.top - box.bottom - 0.3
    details = _details(data.area)
    right = 2.35 if details else 0.0
    wide = box.right - box.left - right - (0.12 if details else 0.0)
    whole = canvas.around(data.area, wide / tall, WIDE) if len(data.area) else _front(data, wide / tall)
    main = canvas.panel(figure, box.left, box.bottom + 0.02, wide, tall, whole)
    _paint(main, data, data.changes[0], whole, 22, edge=0.7, oblasts=True)
    head = 0.2
    high = (tall - 0.06 * (len(details) - 1)) / max(len(details), 1) - head
    across, up = figure.get_size_inches()
    for place, (shapes, size) in enumerate(details):
        extent = canvas.around(shapes, right / high, NARROW, room=0.15)
        low = box.bottom + 0.02 + tall - (place + 1) * (high + head) - place * 0.06
        axes = canvas.panel(figure, box.right - right, low, right, high, extent)
        _paint(axes, data, data.changes[0], extent, 9, edge=0.4)
        letter = "ABC"[place]
        x, y = (box.right - right) / across, (low + high + 0.05) / up
        figure.text(x, y, letter, fontsize=8.5, fontweight="bold")
        figure.text(x + 0.18 / across, y, f"{number(size, 1)} km² changed", fontsize=8)
        _frame_of(main, extent, letter)
    canvas.key(figure, box.left, box.top - 0.18, KEY)


def draw_months(figure: Figure, chart: Chart) -> None:
    """A grid of maps, oldest first."""
    data: Picture = chart.payload
    box = theme.frame(figure, chart)
    count = len(data.changes)
    gap, head = 0.1, 0.2
    columns, wide, tall = _grid(data, count, box.right - box.left, box.top - box.bottom - 0.3, gap, head)
    extent = canvas.around(data.area, wide / tall, WIDE, room=0.04)
    whole, high = figure.get_size_inches()
    for place, (item, label) in enumerate(zip(data.changes, data.labels, strict=True)):
        line, column = divmod(place, columns)
        x = box.left + column * (wide + gap)
        y = box.top - 0.3 - (line + 1) * (tall + head) - line * gap
        axes = canvas.panel(figure, x, y, wide, tall, extent)
        _paint(axes, data, item, extent, 0, edge=0.9, bar=place == count - 1)
        if place == 0:
            canvas.oblast_names(axes, data.units, extent, size=4.6, apart=True)
        net = item.gained_km2 - item.lost_km2
        figure.text(x / whole, (y + tall + 0.05) / high, _short(label), fontsize=8.5, fontweight="bold")
        figure.text(
            (x + wide) / whole, (y + tall + 0.05) / high, f"{signed(net, 0)} km²", fontsize=8.5, ha="right"
        )
    canvas.key(figure, box.left, box.top - 0.18, KEY)


def _paint(
    axes: Axes,
    data: Picture,
    change: Between,
    extent: canvas.Extent,
    names: int,
    edge: float,
    bar: bool = True,
    oblasts: bool = False,
) -> None:
    both = shapely.intersection(
        *(overlay.flat(r, change.plane).shapes[0] for r in (change.before, change.after))
    )
    canvas.ground(
        axes, data.units, [shapely.intersection(both, shapely.buffer(extent.box, extent.width * 0.01))]
    )
    canvas.moved(axes, change.gained.shapes, change.lost.shapes, edge)
    stands = canvas.oblast_names(axes, data.units, extent) if oblasts else []
    if names:
        canvas.place_names(axes, extent, names, stands)
    if bar:
        canvas.scale_bar(axes, extent)


def _grid(
    data: Picture, count: int, wide: float, tall: float, gap: float, head: float
) -> tuple[int, float, float]:
    """Number of columns, and width and height of a panel in inches: those that draw the front largest."""
    shapes = (
        data.area if len(data.area) else overlay.flat(data.changes[0].after, data.changes[0].plane).shapes
    )
    left, bottom, right, top = shapely.total_bounds(shapes)
    made = []
    for columns in range(1, min(count, MOST_COLUMNS) + 1):
        lines = -(-count // columns)
        across = (wide - gap * (columns - 1)) / columns
        high = (tall - lines * head - gap * (lines - 1)) / lines
        made.append((min(across / (right - left), high / (top - bottom)), columns, across, high))
    _, columns, across, high = max(made)
    return columns, across, high


def _short(label: str) -> str:
    return short_day(date.fromisoformat(f"{label}-01")).split(" ", 1)[1]


def _front(data: Picture, ratio: float) -> canvas.Extent:
    """Where to look when nothing changed: the middle of the occupied area."""
    area = overlay.flat(data.changes[0].after, data.changes[0].plane).shapes
    return canvas.around(area, ratio, WIDE)


def _frame_of(axes: Axes, extent: canvas.Extent, letter: str) -> None:
    from matplotlib.patches import Rectangle

    corner = (extent.left, extent.bottom)
    size = (extent.width, extent.top - extent.bottom)
    axes.add_patch(Rectangle(corner, *size, facecolor="none", edgecolor=theme.INK, linewidth=0.7, zorder=9))
    axes.text(extent.left, extent.top, letter, fontsize=8, fontweight="bold", va="bottom", zorder=9)


def _details(shapes: NDArray[np.object_]) -> list[tuple[NDArray[Any], float]]:
    """Up to three groups worth a panel of their own: those that are small beside the whole."""
    if not len(shapes):
        return []
    left, bottom, right, top = shapely.total_bounds(shapes)
    most = DETAIL * max(right - left, top - bottom, WIDE)
    kept = []
    for group, size in _clusters(shapes):
        west, south, east, north = shapely.total_bounds(group)
        if max(east - west, north - south) < most:
            kept.append((group, size))
    return kept[:3]


def _clusters(shapes: NDArray[np.object_]) -> list[tuple[NDArray[Any], float]]:
    """Pieces near one another as groups, the group with most area first; groups under 1 km2 are left out."""
    if not len(shapes):
        return []
    grown = shapely.get_parts(shapely.union_all(shapely.buffer(shapes, CLUSTER / 2)))
    found = []
    for blob in grown:
        mine = shapes[shapely.intersects(shapes, blob)]
        found.append((mine, float(shapely.area(mine).sum()) / 1e6))
    return sorted((item for item in found if item[1] >= 1.0), key=lambda item: -item[1])
