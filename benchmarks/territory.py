"""Times the maps: a folder of daily mirror files, from cold files to area by day and oblast with gains and losses.

    python benchmarks/territory.py FOLDER [--rival-days N] [--runs 3] [--times-ten]

FOLDER holds deepstatemap_data_YYYYMMDD.geojson files (not part of this project: their terms forbid it). Medians
of whole processes. The rival is the notebook one would write with geopandas: read each file, project it, overlay
it with the 27 units, and overlay what was gained and lost since the day before. Its figures are compared with ours.
"""

from __future__ import annotations

import argparse
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import date, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

EQUAL = 1e-6
GOALS = {"cold": 5.0, "one day, work": 0.030, "one day, process": 0.6, "nothing new, process": 0.6}


def ours(
    folder: Path, store: Path | None, save: Path | None = None, straight: bool = False
) -> dict[str, float]:
    """One process of ours: seconds of reading, comparing and giving to units, peak memory in MB, maps parsed.

    `straight` takes edges as straight in the plane, as the notebook does, and not as geodesics.
    """
    begun = time.perf_counter()
    modules: list[Any] = [
        import_module(f"wareconomy.analysis.territory.{name}") for name in ("plane", "edges", "store")
    ]
    plane, edges, histories = modules
    plane.geod()
    if straight:
        plane.STEP = edges.STEP = float("inf")
    loaded = time.perf_counter()
    spent = 0.0
    extend = histories.extend

    def timed(*arguments: Any) -> Any:
        nonlocal spent
        start = time.perf_counter()
        result = extend(*arguments)
        spent += time.perf_counter() - start
        return result

    histories.extend = timed
    history = histories.update([folder], store)
    done = time.perf_counter()
    if save:
        import numpy as np

        np.savez(
            save,
            history.stock,
            history.gain,
            history.loss,
            days=np.array([day.day.isoformat() for day in history.days]),
        )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return {
        "work": spent,
        "whole": done - loaded,
        "imports": loaded - begun,
        "peak": peak,
        "fresh": history.fresh,
        "drift": history.drift_km2,
        "cpu": time.process_time(),
    }


def rival(folder: Path, days: int, save: Path) -> dict[str, float]:
    """The notebook: geopandas over the first `days` files."""
    begun = time.perf_counter()
    import geopandas as gpd
    import numpy as np

    flat = "+proj=laea +lat_0=48.5 +lon_0=34 +ellps=WGS84 +units=m"
    catalog = Path(__file__).resolve().parents[1] / "src" / "wareconomy" / "catalog"
    units = (
        gpd.read_file(catalog / "oblasts.geojson")
        .to_crs(flat)
        .dissolve("code")
        .reset_index()[["code", "geometry"]]
    )
    codes = list(units["code"])

    def by_unit(frame: Any) -> Any:
        """Area in km2 in each unit, and outside all."""
        found = np.zeros(len(codes) + 1)
        if len(frame):
            cut = gpd.overlay(frame, units, how="intersection", keep_geom_type=True)
            areas = cut.assign(km2=cut.area / 1e6).groupby("code")["km2"].sum()
            found[:-1] = areas.reindex(codes).fillna(0.0)
            found[-1] = frame.area.sum() / 1e6 - found[:-1].sum()
        return found

    stock, gain, loss, names = [], [], [], []
    before = None
    for path in sorted(folder.glob("*.geojson"))[:days]:
        today = gpd.read_file(path).to_crs(flat)[["geometry"]]
        stock.append(by_unit(today))
        if before is not None:
            gain.append(by_unit(gpd.overlay(today, before, how="difference", keep_geom_type=True)))
            loss.append(by_unit(gpd.overlay(before, today, how="difference", keep_geom_type=True)))
        names.append(path.stem[-8:])
        before = today
    np.savez(save, np.array(stock), np.array(gain), np.array(loss))
    return {
        "cpu": time.process_time(),
        "work": time.perf_counter() - begun,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def run(*arguments: str) -> dict[str, float]:
    """One fresh process of this file; its own figures, and `process`: its wall time."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, __file__, *arguments], check=True, capture_output=True, text=True)
    return {**json.loads(done.stdout), "process": time.perf_counter() - begun}


def compare(mine: Path, theirs: Path) -> tuple[float, str]:
    """The largest relative difference, and all in words: stocks relative to the unit's, a day's gains and losses to 1 km2.

    Every day and every unit is compared; below 1 km2 a difference counts in km2.
    """
    import numpy as np

    a, b = np.load(mine), np.load(theirs)
    n = len(b["arr_0"])
    stock, other = a["arr_0"][:n, :-1], b["arr_0"][:, :-1]
    relative = float(np.max(np.abs(stock - other) / np.maximum(other, 1.0)))
    total = np.max(np.abs(a["arr_0"][:n].sum(axis=1) / b["arr_0"].sum(axis=1) - 1))
    flows = [np.abs(a[name][1:n] - b[name]).max() for name in ("arr_1", "arr_2")]
    sums = [abs(a[name][1:n].sum() / b[name].sum() - 1) for name in ("arr_1", "arr_2")]
    worst = max(relative, float(total), *map(float, flows), *map(float, sums))
    return worst, (
        f"stock by unit within {relative:.1e}, total within {total:.1e} (relative); a day's gain within {flows[0]:.1e} km2, "
        f"loss within {flows[1]:.1e} km2; sums of gains {sums[0]:.1e}, losses {sums[1]:.1e} (relative)"
    )


def tenfold(folder: Path, made: Path) -> None:
    """Ten times the days: the sequence there and back, so that every step is a real one."""
    files = sorted(folder.glob("*.geojson"))
    day = date(2000, 1, 1)
    for turn in range(10):
        for path in files if turn % 2 == 0 else reversed(files):
            (made / f"deepstatemap_data_{day:%Y%m%d}.geojson").symlink_to(path)
            day += timedelta(days=1)


def main() -> int:
    """Print the table; 1 when a goal is missed by more than half, or the figures differ."""
    parser = argparse.ArgumentParser(description="Time the maps.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rival-days", type=int, default=10_000, help="only the first N days with the rival")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--times-ten", action="store_true")
    parser.add_argument("--only", choices=("ours", "straight", "rival"), help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--save", type=Path, help=argparse.SUPPRESS)
    asked = parser.parse_args()
    folder = asked.folder.resolve()
    if asked.only:
        if asked.only == "rival":
            found = rival(folder, asked.rival_days, asked.save)
        else:
            found = ours(folder, asked.store, asked.save, asked.only == "straight")
        print(json.dumps(found))
        return 0
    files = sorted(folder.glob("deepstatemap_data_*.geojson"))
    with tempfile.TemporaryDirectory() as text:
        work = Path(text)
        mine, theirs, plain = work / "ours.npz", work / "rival.npz", work / "plain.npz"
        cold = [run(str(folder), "--only", "ours", "--save", str(mine)) for _ in range(asked.runs)]
        one, none = [], []
        some, store = work / "some", work / "store"
        some.mkdir()
        for path in files[:-1]:
            (some / path.name).symlink_to(path)
        run(str(some), "--only", "ours", "--store", str(store))
        kept = work / "kept"
        shutil.copytree(store, kept)
        (some / files[-1].name).symlink_to(files[-1])
        for _ in range(asked.runs):
            shutil.rmtree(store)
            shutil.copytree(kept, store)
            one.append(run(str(some), "--only", "ours", "--store", str(store)))
            none.append(run(str(some), "--only", "ours", "--store", str(store)))
        notebook = run(
            str(folder), "--only", "rival", "--rival-days", str(asked.rival_days), "--save", str(theirs)
        )
        median = {
            "cold": statistics.median(item["process"] for item in cold),
            "one day, work": statistics.median(item["work"] for item in one),
            "one day, process": statistics.median(item["process"] for item in one),
            "nothing new, process": statistics.median(item["process"] for item in none),
        }
        print(f"{len(files)} maps, medians of {asked.runs} processes")
        for name, value in median.items():
            print(f"{name:<24}{value:>9.3f} s   goal {GOALS[name]:g} s")
        print(f"{'peak memory, cold':<24}{max(item['peak'] for item in cold):>9.0f} MB  goal 300 MB")
        busy = statistics.median(item["cpu"] for item in cold)
        print(f"{'cold, processor time':<24}{busy:>9.3f} s   what tells on a busy machine")
        print(f"{'drift':<24}{cold[0]['drift']:>9.1e} km2")
        days = min(asked.rival_days, len(files))
        scaled = notebook["process"] * len(files) / days
        print(
            f"{'geopandas notebook':<24}{notebook['process']:>9.2f} s   {days} days, {notebook['peak']:.0f} MB; "
            f"{scaled / median['cold']:.1f} times ours"
            f" by the clock, {notebook['cpu'] * len(files) / days / busy:.1f} by processor time"
            + (" (scaled to all days)" if days < len(files) else "")
        )
        run(str(folder), "--only", "straight", "--save", str(plain))
        worst, words = compare(plain, theirs)
        equal = worst < EQUAL
        print(
            f"{'equal to the notebook' if equal else 'NOT equal to the notebook'} within {EQUAL:g}, every day and unit, the "
            f"edges straight on the plane as it takes them: {words}"
        )
        print(f"what our definition changes (edges are geodesics): {compare(mine, theirs)[1]}")
        if asked.times_ten:
            ten = work / "ten"
            ten.mkdir()
            tenfold(folder, ten)
            long = run(str(ten), "--only", "ours")
            times = long["cpu"] / busy
            print(
                f"{'ten times the days':<24}{long['process']:>9.2f} s   {times:.1f} times the processor time, "
                f"{long['peak']:.0f} MB"
            )
    return int(not equal or any(value > 1.5 * GOALS[name] for name, value in median.items()))


if __name__ == "__main__":
    raise SystemExit(main())
