"""A run of maps as a history: occupied area by day and unit, gross gains and losses between consecutive maps.

The stock of the first day is cut by the plain overlay; each later day adds what changed (`edges.change`). Every
64th day, and the last one of a run of several, are cut by the plain overlay again; a difference beyond 1e-6 km2
stops the run, so nothing drifts unseen. The total of a day is geodesic; the units are areas in the equal-area
plane, and `outside` is the rest.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from wareconomy.analysis.territory import overlay
from wareconomy.analysis.territory.boundaries import Boundaries
from wareconomy.analysis.territory.edges import Change, change
from wareconomy.analysis.territory.plane import Flat, Floats, Plane
from wareconomy.analysis.territory.region import Region, Repair, geodesic_km2, region_of
from wareconomy.errors import CheckFailed
from wareconomy.sources.map_errors import DuplicateDay, MapError, MapJump, restore
from wareconomy.sources.map_files import Body
from wareconomy.sources.maps import MapFile, VertexBook

CHECK_EVERY = 64
DRIFT_KM2 = 1e-6
CHUNK = 64
JUMP_KM2 = 12_000.0
"""Net change between two maps from which a map is set aside; 1,000 km2 more for each day without a map, at most 50,000.

The largest movement of the war within days (Kyiv, Kharkiv 2022) is below it."""
JUMP_MOST = 50_000.0


@dataclass(frozen=True, slots=True)
class Day:
    """One map of the history beside its areas. `edges` differ from the map before; `net_km2` is geodesic."""

    day: date
    sha256: str
    name: str
    total_km2: float
    net_km2: float
    edges: int
    redrawn: bool
    before: tuple[tuple[str, float], ...]
    unknown_km2: float | None
    repairs: tuple[Repair, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class History:
    """Days in order, with arrays of one row a day and one column a cell (the last: in no cell), all in km2."""

    mapper: str
    boundaries: Boundaries
    days: list[Day] = field(default_factory=list)
    stock: Floats = field(default_factory=lambda: np.empty((0, 0)))
    gain: Floats = field(default_factory=lambda: np.empty((0, 0)))
    loss: Floats = field(default_factory=lambda: np.empty((0, 0)))
    set_aside: list[MapError] = field(default_factory=list)
    drift_km2: float = 0.0
    checks: int = 0
    last: Region | None = None
    book: VertexBook = field(default_factory=VertexBook)
    refused: dict[str, tuple[str, str, str, str]] = field(default_factory=dict)
    """Maps set aside, by hash: rule, place, value and advice; they are not parsed again."""
    fresh: int = 0
    """Maps parsed in this run; the others were known by their hash."""

    def until(self, day: date) -> History:
        """The history as it was with the maps up to a day; it can be read but not extended."""
        count = bisect_right([item.day for item in self.days], day)
        stock, gain, loss = (array[:count] for array in (self.stock, self.gain, self.loss))
        cut = History(self.mapper, self.boundaries, self.days[:count], stock, gain, loss, self.set_aside)
        cut.drift_km2, cut.checks = self.drift_km2, self.checks
        return cut


class Rewritten(Exception):
    """A map the history was computed from has changed, or an older one came in: compute it anew."""


def extend(history: History, bodies: Iterable[Body | MapError], jumps: bool = False) -> History:
    """Add maps to a history, in the order of their days. Faulty maps are set aside by name and the rest goes on.

    Maps the history already holds (same day, same hash) are skipped. Raises Rewritten when a map behind the
    history has other bytes now, or a map older than its last day came in. `jumps` lets jumps in area pass.
    """
    work = _Work(history, Plane(history.book), jumps)
    known = {day.day: day.sha256 for day in history.days}
    kept = history.days[-1].day if history.days else None
    seen: dict[date, str] = {}
    for body in bodies:
        if isinstance(body, MapError):
            history.set_aside.append(body)
            continue
        sha256 = body.sha256
        try:
            if sha256 in history.refused:
                raise restore(*history.refused[sha256])
            if body.day in seen:
                if seen[body.day] != sha256:
                    raise DuplicateDay(
                        body.name,
                        f"another map of {body.day} was read before it",
                        "Keep the right one of the two",
                    )
                continue
            seen[body.day] = sha256
            if known.get(body.day) == sha256:
                continue
            if kept and body.day <= kept:
                raise Rewritten
            if history.days and body.day < history.days[-1].day:
                raise DuplicateDay(
                    body.name,
                    f"{body.day} comes after {history.days[-1].day}",
                    "Put the maps in the order of days",
                )
            history.fresh += 1
            work.add(body.read(history.book))
        except MapError as error:
            finding = error.finding
            if not isinstance(error, DuplicateDay):
                history.refused[sha256] = (finding.rule, finding.file, finding.value, finding.advice)
            history.set_aside.append(error)
    work.finish()
    return history


class _Work:
    """The running state of `extend`: changes waiting to be given to units in one go."""

    def __init__(self, history: History, plane: Plane, jumps: bool) -> None:
        self.history = history
        self.plane = plane
        self.jumps = jumps
        self.waiting: list[Change] = []
        self.marks: list[tuple[int, Region]] = []

    def add(self, map_file: MapFile) -> None:
        history = self.history
        region = region_of(map_file, history.last)
        if history.last is None:
            total, net, differing, redrawn = geodesic_km2(region, history.book), 0.0, 0, False
            cells = self._cut(region, total)
            history.stock = cells[None, :]
            history.gain = np.zeros_like(history.stock)
            history.loss = np.zeros_like(history.stock)
        else:
            found = change(history.last, region, self.plane)
            previous = history.days[-1]
            gap = (map_file.day - previous.day).days
            limit = min(JUMP_KM2 + 1000.0 * (gap - 1), JUMP_MOST)
            if abs(found.net_km2) > limit and not self.jumps:
                raise MapJump(
                    map_file.name,
                    f"{found.net_km2:+,.0f} km2 since {previous.day}, more than {limit:,.0f}",
                    "Look at the map; let it in with --accept-jumps if it is right",
                )
            net, differing, redrawn = found.net_km2, found.edges, found.redrawn
            total = previous.total_km2 + net
            self.waiting.append(found)
        history.days.append(
            Day(
                map_file.day,
                map_file.sha256,
                map_file.name,
                total,
                net,
                differing,
                redrawn,
                region.before,
                region.unknown_km2,
                region.repairs,
                map_file.notes,
            )
        )
        history.last = region
        if len(history.days) % CHECK_EVERY == 0:
            self.marks.append((len(history.days) - 1, region))
        if len(self.waiting) >= CHUNK:
            self.flush()

    def finish(self) -> None:
        if self.history.last is not None and self.history.fresh > 1:
            self.marks.append((len(self.history.days) - 1, self.history.last))
        self.flush()

    def flush(self) -> None:
        """Give the waiting changes to units, add them up, and check the marked days against the plain overlay."""
        history = self.history
        if self.waiting:
            gain = self._given([item.gained for item in self.waiting])
            loss = self._given([item.lost for item in self.waiting])
            stock = history.stock[-1] + np.cumsum(gain - loss, axis=0)
            stock[:, -1] = [day.total_km2 for day in history.days[-len(self.waiting) :]] - stock[:, :-1].sum(
                axis=1
            )
            history.stock = np.vstack([history.stock, stock])
            history.gain = np.vstack([history.gain, gain])
            history.loss = np.vstack([history.loss, loss])
            self.waiting = []
        for place, region in self.marks:
            total = geodesic_km2(region, history.book)
            drift = float(np.abs(self._cut(region, total) - history.stock[place]).max())
            drift = max(drift, abs(total - history.days[place].total_km2))
            history.drift_km2 = max(history.drift_km2, drift)
            history.checks += 1
            if drift > DRIFT_KM2:
                raise CheckFailed(
                    f"{history.days[place].name}: the running areas differ from the full overlay by {drift:.3g} km2 "
                    f"(limit {DRIFT_KM2:g}); nothing was kept. Please report this with the map"
                )
        self.marks = []

    def _cut(self, region: Region, total: float) -> Floats:
        cells = overlay.by_cell(overlay.flat(region, self.plane), self.history.boundaries.cells)
        return np.append(cells, total - cells.sum())

    def _given(self, shapes: list[Flat]) -> Floats:
        counts = [len(item.shapes) for item in shapes]
        cells = self.history.boundaries.by_unit(Flat(np.concatenate([item.shapes for item in shapes])))
        day = np.repeat(np.arange(len(shapes)), counts)
        added = np.zeros((len(shapes), cells.shape[1]))
        np.add.at(added, day, cells)
        return added
