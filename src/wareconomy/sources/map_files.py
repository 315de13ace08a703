"""Finds map files and gives their bytes in the order of days: folders, single files, and archives of one map a line.

deepstatemap_data_20260101.geojson     daily mirror of DeepState
1711228520.geojson                     raw body of the DeepState API (Unix second of publication)
anything-2026-01-01.geojson            another mapper's map, named with --mapper (classes in catalog/mappers.toml)
days.ndjson, days.ndjson.xz            one map a line: {"date": ..., "file": ..., "geometry": ...}, oldest first
"""

from __future__ import annotations

import hashlib
import lzma
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from importlib import resources
from pathlib import Path
from typing import IO, Any

from wareconomy.errors import UnknownName, UsageError
from wareconomy.sources import deepstate_maps
from wareconomy.sources.map_errors import (
    EmptyMap,
    MapError,
    MapTooLarge,
    NotAMap,
    TruncatedMap,
    UndatedMap,
    UnknownStatus,
)
from wareconomy.sources.maps import (
    MAX_BYTES,
    MapFile,
    Polygon,
    PolygonReader,
    Status,
    VertexBook,
    features,
    load_json,
    polygonal,
)

MIRROR_NAME = re.compile(r"deepstatemap_data_(\d{8})")
RAW_NAME = re.compile(r"(\d{10})")
DATED_NAME = re.compile(r"(?<!\d)(20\d\d)-?([01]\d)-?([0-3]\d)(?!\d)")
RECORD = re.compile(rb'\s*\{\s*"date"\s*:\s*"([^"]{10})"\s*,\s*"file"\s*:\s*"([^"\\]{0,200})"')
MAP_ENDINGS = (".geojson", ".json")
ARCHIVE_ENDINGS = (".ndjson", ".jsonl", ".ndjson.xz", ".jsonl.xz")


@dataclass(frozen=True, slots=True)
class Mapper:
    """A mapper as `catalog/mappers.toml` declares it."""

    name: str
    title: str
    source: str
    geometry: str
    credit: str
    month_from: int
    lag_days: tuple[int, int]
    date: str
    all: str | None = None
    class_property: str | None = None
    classes: Mapping[str, str] | None = None

    @property
    def publishable(self) -> bool:
        """Whether a picture of the shapes may be published."""
        return self.geometry == "open"


@cache
def mappers() -> Mapping[str, Mapper]:
    """Every declared mapper by name."""
    text = resources.files("wareconomy.catalog").joinpath("mappers.toml").read_text(encoding="utf-8")
    return {name: Mapper(name, **body) for name, body in tomllib.loads(text)["mappers"].items()}


def mapper(name: str) -> Mapper:
    """One mapper. UnknownName lists the nearest."""
    if name not in mappers():
        raise UnknownName("mapper", name, mappers())
    return mappers()[name]


@dataclass(frozen=True, slots=True)
class Body:
    """One map, not parsed yet: its bytes, or the file they are in. `identity` is the id of a raw snapshot, 0 otherwise."""

    mapper: str
    day: date
    name: str
    identity: int
    sha256: str
    line: bytes | None = None
    path: Path | None = None

    def data(self) -> bytes:
        """The bytes. Raises NotAMap when the file cannot be read or is no longer the one that was hashed."""
        if self.line is not None:
            return self.line
        assert self.path is not None
        try:
            found = self.path.read_bytes()
        except OSError as error:
            raise NotAMap(self.name, f"it cannot be read ({error.strerror})") from error
        if hashlib.sha256(found).hexdigest() != self.sha256:
            raise NotAMap(self.name, "the file changed while it was read", "Run again")
        return found

    def read(self, book: VertexBook) -> MapFile:
        """Parse and check. Raises a MapError, by name, for what is wrong."""
        if self.mapper == "deepstate":
            return deepstate_maps.read_mirror(self.data(), self.name, self.sha256, self.day, book)
        if self.mapper == "deepstate_raw":
            return deepstate_maps.read_raw(self.data(), self.name, self.sha256, self.identity, book)
        return _classed(self, mapper(self.mapper), book)


def _classed(body: Body, who: Mapper, book: VertexBook) -> MapFile:
    """Any GeoJSON whose classes the catalog declares."""
    reader = PolygonReader(book, body.name)
    areas: dict[Status, list[Polygon]] = {}
    document = load_json(body.data(), body.name)
    if isinstance(document, dict) and "type" not in document and "geometry" in document:
        document = document["geometry"]
    for feature in features(document, body.name):
        if not polygonal(feature):
            continue
        status = _class(feature.get("properties") or {}, who, body.name)
        found = reader.polygons(feature.get("geometry"), status)
        if found:
            areas.setdefault(status, []).extend(found)
    if not any(areas.get(status) for status in (Status.OCCUPIED, Status.OCCUPIED_BEFORE)):
        raise EmptyMap(
            body.name, "no occupied area in it", "An empty layer is a fault of the source, never a withdrawal"
        )
    made = {status: tuple(found) for status, found in areas.items()}
    return MapFile(who.name, body.day, None, body.name, body.sha256, book, made, tuple(reader.notes))


def _class(properties: Mapping[str, Any], who: Mapper, where: str) -> Status:
    if who.all:
        return Status(who.all)
    value = str(properties.get(who.class_property or "status") or "")
    if not who.classes or value not in who.classes:
        known = ", ".join(who.classes or ())
        raise UnknownStatus(
            where,
            f"`{who.class_property}` must be one of {known}",
            "Declare it in catalog/mappers.toml",
            value,
        )
    return Status(who.classes[value])


def find(paths: Sequence[Path], name: str | None = None) -> tuple[str, list[Path]]:
    """The mapper and the map files below `paths`, in the order of their days. UsageError when they do not fit."""
    if name:
        mapper(name)
    listed: list[Path] = []
    for path in paths:
        if path.is_dir():
            listed += sorted(
                item for item in path.iterdir() if item.name.endswith(MAP_ENDINGS + ARCHIVE_ENDINGS)
            )
        elif path.is_file():
            listed.append(path)
        else:
            raise UsageError(f"no map file or folder at {path}")
    if not listed:
        raise UsageError(
            f"no map below {', '.join(map(str, paths))}; maps end in {', '.join(MAP_ENDINGS + ARCHIVE_ENDINGS)}"
        )
    kinds = {kind for path in listed if (kind := _kind(path))}
    if not name and len(kinds) != 1:
        what = (
            f"maps of {' and '.join(sorted(kinds))}" if kinds else "no file name tells whose maps these are"
        )
        raise UsageError(f"{what}: choose with --mapper ({', '.join(mappers())})")
    chosen = name or kinds.pop()
    rest = [path for path in listed if path.name.endswith(ARCHIVE_ENDINGS)]
    return chosen, sorted(set(listed) - set(rest), key=_order) + rest


def _kind(path: Path) -> str | None:
    if MIRROR_NAME.search(path.name):
        return "deepstate"
    if path.name.endswith(ARCHIVE_ENDINGS):
        try:
            with _open(path) as file:
                record = RECORD.match(file.readline(400))
        except (OSError, EOFError, lzma.LZMAError):
            return None
        return "deepstate" if record and MIRROR_NAME.search(record[2].decode(errors="replace")) else None
    return "deepstate_raw" if RAW_NAME.fullmatch(path.stem) else None


def _order(path: Path) -> tuple[str, str]:
    day = _day(path.name)
    return (day[0].isoformat() if day else "", path.name)


def _day(name: str) -> tuple[date, int] | None:
    stem = Path(name).stem
    raw = RAW_NAME.fullmatch(stem)
    if raw:
        return datetime.fromtimestamp(int(stem), tz=UTC).date(), int(stem)
    match = DATED_NAME.search(stem)
    try:
        return (date(int(match[1]), int(match[2]), int(match[3])), 0) if match else None
    except ValueError:
        return None


def bodies(
    who: str, files: Sequence[Path], hashes: Mapping[Path, str] | None = None
) -> Iterator[Body | MapError]:
    """Every map, oldest first within a folder and within an archive; faults come as values, by name.

    Of several raw snapshots of one day only the last is given. `hashes` of whole files, where they are known, save
    reading files whose maps are known.
    """
    single = [path for path in files if not path.name.endswith(ARCHIVE_ENDINGS)]
    days = [_day(path.name) for path in single]
    for path, found, following in zip(single, days, [*days[1:], None], strict=False):
        if not found:
            yield UndatedMap(
                path.name, "no day in the name of the file", "Name it like map-2026-01-01.geojson"
            )
            continue
        if who == "deepstate_raw" and following and following[0] == found[0]:
            continue
        try:
            size = path.stat().st_size
            if size > MAX_BYTES:
                yield MapTooLarge(
                    path.name, f"{size:,} bytes, the limit is {MAX_BYTES:,}", "It is no map of one day"
                )
                continue
            sha256 = (hashes or {}).get(path) or hash_file(path)
        except OSError as error:
            yield NotAMap(path.name, f"it cannot be read ({error.strerror})")
            continue
        yield Body(who, found[0], path.name, found[1], sha256, path=path)
    for path in files:
        if path.name.endswith(ARCHIVE_ENDINGS):
            yield from _lines(who, path)


def _open(path: Path) -> IO[bytes]:
    return lzma.open(path) if path.name.endswith(".xz") else path.open("rb")


def _lines(who: str, path: Path) -> Iterator[Body | MapError]:
    number = 0
    try:
        with _open(path) as file:
            while line := file.readline(MAX_BYTES + 1):
                number += 1
                where = f"{path.name}:{number}"
                if len(line) > MAX_BYTES:
                    yield MapTooLarge(
                        where,
                        f"a line of more than {MAX_BYTES:,} bytes",
                        "It is no map of one day; reading ends here",
                    )
                    return
                record = RECORD.match(line)
                try:
                    day = date.fromisoformat(record[1].decode()) if record else None
                except ValueError:
                    day = None
                if not line.strip():
                    continue
                if record is None or day is None:
                    yield UndatedMap(
                        where,
                        "the line does not begin with its date and file",
                        'Write {"date": ..., "file": ...',
                    )
                    continue
                yield Body(who, day, where, 0, hashlib.sha256(line).hexdigest(), line=line)
    except (EOFError, lzma.LZMAError, OSError) as error:
        yield TruncatedMap(f"{path.name}:{number + 1}", f"the archive ends here ({error})", "Fetch it again")


def hash_file(path: Path) -> str:
    """SHA-256 of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def digest(hashes: Mapping[Path, str], extra: str = "") -> str:
    """One hash over the names and bytes of all files: equal digest, nothing new."""
    whole = hashlib.sha256(extra.encode())
    for path, sha256 in hashes.items():
        whole.update(f"{path.name} {sha256}\n".encode())
    return whole.hexdigest()
