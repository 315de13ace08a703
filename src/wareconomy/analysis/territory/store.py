"""Histories on disk: computed once, extended by new maps, never changed otherwise.

One file per mapper and boundary set below `data/processed/territory/`. It is disposable: the maps reproduce it. A
run whose map files have the digest of the last run reads it and computes nothing; a run with new maps computes
those; a run in which an old map changed computes everything anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np

from wareconomy.analysis.territory import boundaries
from wareconomy.analysis.territory.boundaries import Boundaries
from wareconomy.analysis.territory.history import Day, History, Rewritten, extend
from wareconomy.analysis.territory.region import Repair, whole
from wareconomy.errors import StorageError, UsageError
from wareconomy.sources import map_files
from wareconomy.sources.map_errors import restore

ENGINE = "2"
"""Raised whenever the same maps would give other numbers."""


def update(
    paths: Sequence[Path],
    folder: Path | None,
    mapper: str | None = None,
    units: Path | None = None,
    jumps: bool = False,
) -> History:
    """The history of the maps below `paths`, from the store in `folder` as far as it goes (None: nothing is stored).

    Raises UsageError for files that do not fit together, NotAMap for boundaries that do not.
    """
    who, files = map_files.find(paths, mapper)
    shapes = boundaries.load(units)
    key = hashlib.sha256(
        f"{ENGINE} {who} {shapes.digest} {jumps} {sorted(map(str, paths))}".encode()
    ).hexdigest()
    place = folder / f"{who}-{key[:16]}.npz" if folder else None
    try:
        hashes = {path: map_files.hash_file(path) for path in files}
    except OSError as error:
        raise UsageError(f"{error.filename} cannot be read ({error.strerror})") from error
    digest = map_files.digest(hashes, key)
    stored = _read(place) if place else None
    known = bool(stored and stored["digest"] == digest)
    try:
        history = _history(stored, shapes, with_errors=known) if stored else History(who, shapes)
    except (KeyError, TypeError, ValueError):
        history, known = History(who, shapes), False
    if known:
        return history
    try:
        extend(history, map_files.bodies(who, files, hashes), jumps)
    except Rewritten:
        history = extend(History(who, shapes), map_files.bodies(who, files, hashes), jumps)
    if place:
        _write(place, history, digest)
    return history


def _read(path: Path) -> dict[str, Any] | None:
    try:
        with path.open("rb") as opened, np.load(opened, allow_pickle=False) as file:
            stored = {name: file[name] for name in file.files}
        about = json.loads(stored.pop("about").tobytes())
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
        return None
    return {"digest": "", **stored, **about}


def _history(stored: dict[str, Any], shapes: Boundaries, with_errors: bool = False) -> History:
    history = History(stored["mapper"], shapes)
    for row in stored["days"]:
        row["day"] = date.fromisoformat(row["day"])
        row["repairs"] = tuple(Repair(*repair) for repair in row["repairs"])
        row["notes"] = tuple(row["notes"])
        row["before"] = tuple((name, km2) for name, km2 in row["before"])
        history.days.append(Day(**row))
    history.stock, history.gain, history.loss = (stored[name] for name in ("stock", "gain", "loss"))
    history.drift_km2, history.checks = stored["drift"], stored["checks"]
    history.refused = {sha256: tuple(found) for sha256, found in stored["refused"].items()}
    if with_errors:
        history.set_aside = [restore(*found) for found in stored["set_aside"]]
    if history.days:
        numbers = np.split(history.book.number(stored["points"]), np.cumsum(stored["lengths"])[:-1])
        ends = np.cumsum(stored["rings"]).tolist()
        polygons = tuple(tuple(numbers[start:end]) for start, end in zip([0, *ends[:-1]], ends, strict=True))
        history.last = whole(polygons, history.book)
    return history


def _write(path: Path, history: History, digest: str) -> None:
    polygons = history.last.polygons if history.last else ()
    numbers = [ring for polygon in polygons for ring in polygon]
    about = {
        "digest": digest,
        "mapper": history.mapper,
        "drift": history.drift_km2,
        "checks": history.checks,
        "refused": history.refused,
        "set_aside": [
            (item.finding.rule, item.finding.file, item.finding.value, item.finding.advice)
            for item in history.set_aside
        ],
        "days": [_row(day) for day in history.days],
    }
    aside = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with aside.open("wb") as file:
            np.savez(
                file,
                about=np.frombuffer(json.dumps(about, ensure_ascii=False).encode(), dtype=np.uint8),
                stock=history.stock,
                gain=history.gain,
                loss=history.loss,
                points=history.book.lonlat[np.concatenate(numbers)] if numbers else np.empty((0, 2)),
                lengths=np.array([len(ring) for ring in numbers], dtype=np.int64),
                rings=np.array([len(polygon) for polygon in polygons], dtype=np.int64),
            )
        aside.replace(path)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise StorageError(
            f"{path} cannot be written ({error.strerror}). Free space or choose another folder"
        ) from error


def _row(day: Day) -> dict[str, Any]:
    return {
        "day": day.day.isoformat(),
        "sha256": day.sha256,
        "name": day.name,
        "total_km2": day.total_km2,
        "net_km2": day.net_km2,
        "edges": day.edges,
        "redrawn": day.redrawn,
        "before": day.before,
        "unknown_km2": day.unknown_km2,
        "repairs": [(repair.what, repair.km2) for repair in day.repairs],
        "notes": list(day.notes),
    }
