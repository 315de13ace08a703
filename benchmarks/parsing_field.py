"""Parsing throughput of the battlefield sources, next to what one would write with json, pandas or BeautifulSoup.

    python benchmarks/parsing_field.py             every format
    python benchmarks/parsing_field.py --runs 9    more runs
    python benchmarks/parsing_field.py --rows 12000000    a whole year of VIINA (about 0.5 GB)

Each line is the median processor time of a few runs on a document made here in the real wire shape and size. The
rival gets the same rows out, with their places, and checks next to nothing; ours checks every row. Exits 1 when a
median is behind its goal by more than a quarter.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import io
import json
import statistics
import sys
import time
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from importlib.util import find_spec

from wareconomy.sources import air_force_table, claimed_losses, deepstate_history, economist_isw, viina
from wareconomy.sources.source import Document, Source
from wareconomy.sources.telegram import Channel

AREA = economist_isw.AREA
NOW = datetime(2026, 8, 23, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Job:
    """One format: the document, our source, the rival and how many times faster we mean to be."""

    name: str
    rival: str
    data: bytes
    source: Source
    other: Callable[[bytes], object]
    goal: float
    document: str = "x"
    url: str = ""

    def ours(self) -> object:
        """All rows of the document."""
        found = Document(self.document, self.data, hashlib.sha256(b"").hexdigest(), self.url, NOW)
        return list(self.source.read(found))

    def theirs(self) -> object:
        """The rival's rows of the same document."""
        return self.other(self.data)


def losses(days: int = 1_626) -> bytes:
    """Claimed losses of that many days, indented as the data set is."""
    keys = sorted(
        claimed_losses.ALWAYS
        | {"special equipment", "submarines", "vehicles and fuel tanks", "cruise missiles"}
    )
    entries = []
    for index in range(days):
        day = date(2022, 2, 25) + timedelta(days=index)
        counts = {key: 100 + index * (place + 1) for place, key in enumerate(keys)}
        entries.append({"date": day.isoformat(), "day": index + 2, **counts})
    return json.dumps(entries, indent=4).encode()


def losses_rival(data: bytes) -> object:
    """pandas: read, melt to one row a count, with where it stood."""
    import pandas as pd

    frame = pd.read_json(io.BytesIO(data)).drop(columns="day")
    frame["place"] = "/" + frame.index.astype(str)
    long = frame.melt(id_vars=["date", "place"], var_name="item").dropna()
    long["locator"] = long["place"] + "/" + long["item"]
    long["printed"] = long["value"].astype(str)
    return long.to_dict("records")


def strikes(count: int = 3_770) -> bytes:
    """A table of strikes of the width and length of June 2026."""
    head = ",".join((*air_force_table.REQUIRED[:8], *air_force_table.OPTIONAL[:3], "source"))
    lines = [head]
    for index in range(count):
        day = date(2022, 10, 1) + timedelta(days=index // 3)
        model = ("Shahed-136/131", "Kalibr", "Orlan-10")[index % 3]
        lines.append(
            f"{day} 18:00,{day + timedelta(days=1)} 08:30,{model},Kursk,Ukraine,"
            f"{index % 90}.0,{index % 9}.0,,,{{}},,k/{index}"
        )
    return ("\n".join(lines) + "\n").replace(",0.0,", ",9.0,").encode()


def strikes_rival(data: bytes) -> object:
    """pandas: read, sums by month and by day and model, with the lines they come from and the rows without a count."""
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(data))
    frame["end"] = pd.to_datetime(frame["time_end"].str.strip())
    frame["line"] = frame.index + 2
    long = frame.melt(
        id_vars=["end", "model", "line"], value_vars=["launched", "destroyed", "not_reach_goal"]
    )
    found = []
    for form in ("%Y-%m", "%Y-%m-%d"):
        groups = long.groupby([long["end"].dt.strftime(form), "model", "variable"])
        sums = groups.agg(
            value=("value", "sum"),
            counted=("value", "count"),
            rows=("line", "size"),
            first=("line", "min"),
            last=("line", "max"),
        )
        found += sums.reset_index().to_dict("records")
    return found


def areas(days: int = 1_642) -> bytes:
    """The Economist's table of that many days."""
    lines = [",".join(("date", AREA, *economist_isw.LAGS, economist_isw.PERCENT))]
    levels: list[float] = []
    for index in range(days):
        level = 119_000_000_000.25 + index * 1_000_000.5
        changes = [
            str(level - (levels[-lag] if len(levels) >= lag else levels[0])) if levels else ""
            for lag in (1, 7, 30)
        ]
        lines.append(
            f"{date(2022, 2, 22) + timedelta(days=index)},{level},{','.join(changes)},{level / 6036280000}"
        )
        levels.append(level)
    return ("\n".join(lines) + "\n").encode()


def areas_rival(data: bytes) -> object:
    """pandas: read as text so that digits stay, unit, where it stood, the three changes compared, months from their ends."""
    import pandas as pd

    frame = pd.read_csv(io.BytesIO(data), dtype=str)
    area = pd.to_numeric(frame[AREA])
    frame["value"] = area / 1e6
    frame["locator"] = "line " + (frame.index + 2).astype(str)
    for name, lag in economist_isw.LAGS.items():
        frame[f"off {lag}"] = (pd.to_numeric(frame[name]) - (area - area.shift(lag))).abs() > 0.5
    frame["month"] = pd.to_datetime(frame["date"])
    months = frame.set_index("month")["value"].resample("ME").last().diff().round(2)
    return frame.to_dict("records"), months.to_dict()


def map_body(polygons: int = 125, points: int = 375) -> bytes:
    """A DeepState body of the size of 2025 (about 600 KB)."""
    ring = [[35.5 + index * 1e-4, 47.5 + index * 1e-5, 0] for index in range(170)]
    properties = {
        "name": "Окуповано /// Occupied /// geoJSON.status.occupied",
        "fill": "#a52714",
        "stroke": "#a52714",
    }
    features = [
        {"type": "Feature", "geometry": {"type": "Polygon", "coordinates": [ring]}, "properties": properties}
    ] * polygons
    point = {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": [37.1, 48.2, 0]},
        "properties": properties,
    }
    return json.dumps({"type": "FeatureCollection", "features": features + [point] * points}).encode()


def map_rival(data: bytes) -> object:
    """json: the features."""
    return [(item["geometry"]["type"], item["properties"]) for item in json.loads(data)["features"]]


def telegram_page(posts: int = 20) -> bytes:
    """A page of the preview with the weight that pictures and emoji give it (about 130 KB)."""
    emoji = '<i class="emoji" style="background-image:url(\'//telegram.org/img/emoji/40/E29AA1.png\')"><b>⚡️</b></i>'
    icon = '<svg class="bubble_icon"><g fill="none"><path class="background" d="M8,1 L9,1 L9,20"></path></g></svg>'
    blocks = "".join(
        f'<div class="tgme_widget_message_wrap js-widget_message_wrap"><div class="tgme_widget_message js-widget_message" '
        f'data-post="channel/{number}">{icon * 20}<div class="tgme_widget_message_text js-message_text" dir="auto">'
        f'{(emoji + " Words of a post &quot;quoted&quot;<br/>") * 14}</div><span class="tgme_widget_message_meta">'
        f'<a class="tgme_widget_message_date"><time datetime="2026-04-09T07:01:44+00:00"></time></a></span></div></div>'
        for number in range(100, 100 + posts)
    )
    return f'<html><head></head><body><div class="tgme_channel_info"></div>{blocks}</body></html>'.encode()


def telegram_rival(data: bytes) -> object:
    """BeautifulSoup on the same lxml parser: number, time and text of each post."""
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(data, "lxml")
    return [
        (
            block["data-post"],
            block.select_one("a.tgme_widget_message_date time")["datetime"],  # type: ignore[index]
            block.select_one(".js-message_text").get_text("\n"),  # type: ignore[union-attr]
        )
        for block in soup.select("[data-post]")
    ]


def control_lines(rows: int) -> Iterator[bytes]:
    """A control file, place by place, 365 days each."""
    yield (",".join(viina.HEADER) + "\n").encode()
    days = [(date(2025, 1, 1) + timedelta(days=index)).strftime("%Y%m%d") for index in range(365)]
    for place in range(rows // 365):
        status = ("UA", "RU", "UA", "CONTESTED")[place % 4]
        yield "".join(
            f"{700_000 + place},{day},{status},{status},UA,{status},{status},2026-01-01\n" for day in days
        ).encode()


def control(rows: int) -> bytes:
    """The same, zipped."""
    held = io.BytesIO()
    with (
        zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("control_latest_2025.csv", "w", force_zip64=True) as file,
    ):
        for block in control_lines(rows):
            file.write(block)
    return held.getvalue()


def control_rival(data: bytes) -> object:
    """pandas in chunks of two million rows: counts by day and status."""
    import pandas as pd

    with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open(archive.namelist()[0]) as file:
        chunks = pd.read_csv(
            file, usecols=["date", "status"], dtype=str, keep_default_na=False, chunksize=2_000_000
        )
        return pd.concat([chunk.value_counts() for chunk in chunks]).groupby(level=[0, 1]).sum().to_dict()


def medians(ours: Callable[[], object], rival: Callable[[], object], runs: int) -> tuple[float, float]:
    """Median processor time of both, run in turns after one to warm up, so that a busy machine slows both alike."""
    times: tuple[list[float], list[float]] = ([], [])
    for run in range(runs + 1):
        for work, taken in zip((ours, rival), times, strict=True):
            gc.collect()
            start = time.process_time()
            work()
            if run:
                taken.append(time.process_time() - start)
    return statistics.median(times[0]), statistics.median(times[1])


def main() -> int:
    """One line a format; the exit code says whether the goals were met."""
    parser = argparse.ArgumentParser(description="Time the parsers of the battlefield sources.")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument(
        "--rows", type=int, default=1_500_000, help="rows of the VIINA table (default 1,500,000)"
    )
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    channel = Channel("telegram_noel_reports", "channel")
    jobs = [
        Job(
            "map body, JSON",
            "json",
            map_body(),
            deepstate_history.SOURCE,
            map_rival,
            1.0,
            "map-1764627000-20251202T091530",
        ),
        Job("losses, JSON", "pandas", losses(), claimed_losses.SOURCE, losses_rival, 1.0),
        Job("areas, CSV", "pandas", areas(), economist_isw.SOURCE, areas_rival, 1.0),
        Job("strikes, CSV", "pandas", strikes(), air_force_table.SOURCE, strikes_rival, 1.0),
        Job(
            "channel, HTML",
            "bs4",
            telegram_page(),
            channel,
            telegram_rival,
            3.0,
            "latest",
            "https://t.me/s/channel",
        ),
        Job(
            "VIINA, zipped CSV",
            "pandas",
            control(given.rows),
            viina.SOURCE,
            control_rival,
            1.0,
            "control-2025",
        ),
    ]
    missed = 0
    print(
        f"{'format':<20}{'MB':>8}{'ours ms':>10}{'MB/s':>8}{'rival':>9}{'rival ms':>10}{'ratio':>7}{'goal':>6}"
    )
    for job in jobs:
        if job.rival == "bs4" and find_spec("bs4") is None:
            print(f"{job.name:<20} left out: pip install beautifulsoup4")
            continue
        size = given.rows * 45e-6 if "VIINA" in job.name else len(job.data) / 1e6
        ours, rival = medians(job.ours, job.theirs, given.runs if size < 20 else 3)
        slow = rival / ours < job.goal / 1.25
        missed += slow
        print(
            f"{job.name:<20}{size:>8.1f}{ours * 1e3:>10.1f}{size / ours:>8.0f}{job.rival:>9}{rival * 1e3:>10.1f}"
            f"{rival / ours:>7.1f}{job.goal:>6.1f}{'   slow' if slow else ''}"
        )
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
