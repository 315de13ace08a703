"""What changed between two regions, from the edges they do not share.

Two consecutive maps share almost all of their directed edges; these cancel. The rest, the new edges forward and
the gone ones backward, is the boundary of (new area minus old area): a chain w with w = +1 where area was gained,
-1 where it was lost and 0 elsewhere. Its faces are cut out by noding and polygonising the few edges left, and each
is given its w by the edges crossed on the way out. A face of any other w, or a day redrawn whole, goes to the
plain overlay. Net change is geodesic: the chain falls into closed loops, and each has its geodesic area.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely
from numpy.typing import NDArray

from wareconomy.analysis.territory import overlay
from wareconomy.analysis.territory.plane import STEP, Flat, Floats, Plane, ring_km2
from wareconomy.analysis.territory.region import HALF, Codes, Region, geodesic_km2

REDRAWN = 1500
"""Edges that differ from which a day counts as redrawn and is left to the plain overlay."""


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """Gained and lost shapes between two maps, the geodesic net change in km2, and how many edges differed."""

    gained: Flat
    lost: Flat
    net_km2: float
    edges: int
    redrawn: bool


NOTHING = np.empty(0, dtype=object)


def change(old: Region, new: Region, plane: Plane) -> Change:
    """The change from one region to the next."""
    if len(old.edges) == len(new.edges) and np.array_equal(old.edges, new.edges):
        return Change(Flat(NOTHING), Flat(NOTHING), 0.0, 0, False)
    added = without(new.edges, old.edges)
    gone = without(old.edges, new.edges)
    differing = len(added) + len(gone)
    if differing <= REDRAWN:
        chain = np.concatenate([added, _backward(gone)])
        faces = _faces(chain, plane)
        if faces is not None:
            return Change(*faces, _loops_km2(chain, plane), differing, False)
    gained, lost = overlay.difference(old, new, plane)
    net = geodesic_km2(new, plane.book) - geodesic_km2(old, plane.book)
    return Change(gained, lost, net, differing, True)


def without(edges: Codes, others: Codes) -> Codes:
    """Edges that are not among the others; both sorted."""
    if not len(others):
        return edges
    place = np.searchsorted(others, edges)
    place[place == len(others)] = 0
    found: Codes = edges[others[place] != edges]
    return found


def _backward(codes: Codes) -> Codes:
    return ((codes & 0xFFFFFFFF) << HALF) | (codes >> HALF)


def _faces(chain: Codes, plane: Plane) -> tuple[Flat, Flat] | None:
    """Gained and lost faces of a chain; None when one is neither."""
    starts, ends = (chain >> HALF).astype(np.int32), (chain & 0xFFFFFFFF).astype(np.int32)
    head, tail = _segments(starts, ends, plane)
    lines = shapely.linestrings(np.stack([head, tail], axis=1))
    faces = shapely.get_parts(shapely.polygonize([shapely.union_all(lines)]))
    if not len(faces):
        return Flat(NOTHING), Flat(NOTHING)
    inner = shapely.get_coordinates(shapely.point_on_surface(faces))
    turns = _winding(inner, head, tail)
    if np.abs(turns).max() > 1:
        return None
    return Flat(faces[turns == 1]), Flat(faces[turns == -1])


def _segments(starts: NDArray[np.int32], ends: NDArray[np.int32], plane: Plane) -> tuple[Floats, Floats]:
    xy = plane.xy
    head, tail = xy[starts], xy[ends]
    long = np.hypot(*(tail - head).T) > STEP
    if not long.any():
        return head, tail
    heads, tails = [head[~long]], [tail[~long]]
    for a, b in zip(starts[long], ends[long], strict=True):
        path = plane.path(np.array([a, b], dtype=np.int32))
        heads.append(path[:-1])
        tails.append(path[1:])
    return np.vstack(heads), np.vstack(tails)


def _winding(points: Floats, head: Floats, tail: Floats) -> NDArray[np.int64]:
    """How often directed edges run around each point: edges crossed eastward, upward ones +1, downward ones -1."""
    px, py = points[:, :1], points[:, 1:]
    (x1, y1), (x2, y2) = head.T, tail.T
    up = (y1 <= py) & (py < y2)
    down = (y2 <= py) & (py < y1)
    with np.errstate(divide="ignore", invalid="ignore"):
        crossing = x1 + (py - y1) * (x2 - x1) / (y2 - y1)
    east = crossing > px
    return np.asarray((up & east).sum(axis=1, dtype=np.int64) - (down & east).sum(axis=1, dtype=np.int64))


def _loops_km2(chain: Codes, plane: Plane) -> float:
    """Geodesic area inside a closed chain: it is walked in loops, each measured on the ellipsoid."""
    onward: dict[int, list[int]] = {}
    for code in chain.tolist():
        onward.setdefault(code >> HALF, []).append(code & 0xFFFFFFFF)
    total = 0.0
    while onward:
        start = next(iter(onward))
        walk = [start]
        while True:
            options = onward[walk[-1]]
            step = options.pop()
            if not options:
                del onward[walk[-1]]
            walk.append(step)
            if step == start:
                break
        if len(walk) > 3:
            total += ring_km2(plane.book.lonlat[walk])
    return total
