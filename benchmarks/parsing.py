"""How fast documents become rows, format by format, beside the library that people would take: the same rows, one core.

    python -m benchmarks.parsing             about a minute
    python -m benchmarks.parsing --small     a tenth of the rows

CPU seconds of this process, medians of interleaved runs, so that a busy machine hits both sides alike. Every pair is
first held to the same rows. The goals: at least as fast as the rival everywhere; three times, where a faster field
library exists; XML at 80 MB a second and a core, with memory that does not grow with the document. Beside the streamed
XML stands what bare lxml takes for the same fields of the same bytes in the same run: our reading is that and what it
checks, so on a machine on which bare lxml is slower than 80 MB a second, that is the yardstick. A rival that is not
installed (pip install openpyxl beautifulsoup4) is left out and named. Exits 1 when a goal is missed by more than a fifth.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import resource
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from lxml import etree

from wareconomy.sources import cbr_reserves, markup, minfin_budget, nbu, numbers, xlsx
from wareconomy.sources.source import Document, Reading

XML_GOAL = 80.0
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Pair:
    """One format: our reading, the rival's name, modules and reading, and how many times faster we should be."""

    name: str
    size: int
    ours: Callable[[], Rows]
    rival: str
    modules: tuple[str, ...]
    theirs: Callable[[], Rows]
    goal: float


def document(data: bytes, name: str = "bench") -> Document:
    """A document as a source is handed it."""
    return Document(name, data, hashlib.sha256(data).hexdigest(), "", datetime(2031, 3, 12, tzinfo=UTC))


def plain(rows: list[Any]) -> Rows:
    """Readings as tuples to compare."""
    return [(row.series, row.period, row.value) for row in rows]


def page(rows: int) -> Pair:
    """A table of four columns in an HTML page."""
    cells = "".join(
        f"<tr><td>{n % 28 + 1:02}.03.2031</td><td>{n}&nbsp;123,4</td><td>текст строки {n}</td><td>{n}</td></tr>"
        for n in range(rows)
    )
    head = '<html><head><meta charset="utf-8"></head><body><table class="data"><tr><th>a</th><th>b</th><th>c</th>'
    data = f"{head}<th>d</th></tr>{cells}</table></body></html>".encode()

    def ours() -> Rows:
        [table] = markup.page(data, "bench").iter("table")
        return [tuple(row) for row in markup.table(table)[1:]]

    def theirs() -> Rows:
        import pandas as pd

        [table] = pd.read_html(io.StringIO(data.decode()), thousands="~")
        return [
            tuple(" ".join(str(cell).split()) for cell in row)
            for row in table.itertuples(index=False, name=None)
        ]

    return Pair("HTML table", len(data), ours, "pandas.read_html", ("pandas",), theirs, 1.0)


def soup(rows: int) -> Pair:
    """The same page against bs4."""
    first = page(rows)
    inner = first.ours
    data = inner.__closure__[0].cell_contents if inner.__closure__ else b""

    def theirs() -> Rows:
        from bs4 import BeautifulSoup

        table = BeautifulSoup(data, "lxml").find("table")
        assert table is not None
        lines = table.find_all("tr")[1:]
        return [tuple(" ".join(cell.get_text().split()) for cell in line.find_all("td")) for line in lines]

    return Pair("HTML table", len(data), inner, "beautifulsoup4", ("bs4",), theirs, 3.0)


def workbook(rows: int) -> Pair:
    """A sheet of eight columns, one of them text."""
    import xlsxwriter  # type: ignore[import-untyped, unused-ignore]

    packed = io.BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True, "constant_memory": True})
    sheet = book.add_worksheet("a")
    for n in range(rows):
        sheet.write_row(n, 0, [f"row {n}", *(n * 8 + c + 0.5 for c in range(7))])
    book.close()
    data = packed.getvalue()

    def ours() -> Rows:
        [found] = xlsx.sheets(data, "bench", lambda name: True)
        return [tuple(row) for row in found.rows]

    def theirs() -> Rows:
        import pandas as pd

        frame = pd.read_excel(io.BytesIO(data), header=None, engine="openpyxl")
        return list(frame.itertuples(index=False, name=None))

    return Pair(
        "XLSX sheet", len(data), ours, "pandas.read_excel, openpyxl", ("pandas", "openpyxl"), theirs, 3.0
    )


def answers(rows: int) -> Pair:
    """The National Bank of Ukraine's list of reserves."""
    items = [
        {
            "dt": f"{1900 + n // 12}{n % 12 + 1:02}01",
            "txt": "Офіційні резервні активи",
            "txten": "Official reserve assets",
            "id_api": "RES_OffReserveAssets",
            "leveli": 1,
            "parent": "Off_Reserve_Assets",
            "freq": "M",
            "value": 28000.06 + n,
            "tzep": "T071USD_7",
        }
        for n in range(rows)
    ]
    data = json.dumps(items, ensure_ascii=False).encode()

    def ours() -> Rows:
        return plain(list(nbu.SOURCE.read(document(data))))

    def theirs() -> Rows:
        made = []
        for index, item in enumerate(json.loads(data)):
            if item["id_api"] == "RES_OffReserveAssets":
                day = datetime.strptime(item["dt"], "%Y%m%d").date().isoformat()
                value = round(item["value"] / 1000, 12)
                made.append(Reading("ua.reserves.total", day, value, str(value), f"/{index}"))
        return plain(made)

    return Pair("JSON list", len(data), ours, "json, no checks", ("json",), theirs, 1.0)


def budget(rows: int) -> Pair:
    """The Ministry's budget by month: 51 columns, ten figures kept a row."""
    from wareconomy.sources.minfin_open_data import CODE, MONTH, SERIES, UNIT, UNUSED, YEAR

    heads = [YEAR, MONTH, *SERIES, *UNUSED, UNIT, CODE]
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(heads)
    zeros = ["0.0"] * (len(SERIES) + len(UNUSED))
    for n in range(rows):
        writer.writerow([1000 + n // 12, numbers.NOMINATIVE[n % 12], *zeros, "OKEI", "386"])
    data = text.getvalue().encode()

    def ours() -> Rows:
        return plain(list(minfin_budget.SOURCE.read(document(data))))

    def theirs() -> Rows:
        import pandas as pd

        frame = pd.read_csv(
            io.BytesIO(data), dtype=str, keep_default_na=False
        )  # the digits are part of a row
        months = {name: number for number, name in enumerate(numbers.NOMINATIVE, 1)}
        made = []
        for index, row in enumerate(frame.to_dict("records"), 2):
            month = date(int(row[YEAR]), months[row[MONTH]], 1)
            span = f"{month:%Y}-01..{month:%Y-%m}" if 1 < month.month < 12 else f"{month:%Y-%m}"
            span = f"{month:%Y}" if month.month == 12 else span
            for name, line in SERIES.items():
                made.append(Reading(f"ru.budget.{line}", span, float(row[name]), row[name], f"line {index}"))
        return plain(made)

    return Pair("CSV budget", len(data), ours, "pandas.read_csv, no checks", ("pandas",), theirs, 1.0)


def soap(rows: int) -> Pair:
    """Weekly reserves: tiny rows, so this is the cost of a row and not of a byte."""
    days = [date.fromordinal(date(1990, 1, 5).toordinal() + n) for n in range(rows)]
    body = "".join(
        f"<mr><D0>{day}T00:00:00+03:00</D0><val>{500 + n % 90}.50</val></mr>" for n, day in enumerate(days)
    )
    data = f'<?xml version="1.0"?><e><mmrf7d xmlns="">{body}</mmrf7d></e>'.encode()

    def ours() -> Rows:
        return plain(list(cbr_reserves.SOURCE.read(document(data))))

    def theirs() -> Rows:
        import pandas as pd

        frame = pd.read_xml(io.BytesIO(data), iterparse={"mr": ["D0", "val"]}, dtype=str, parser="lxml")
        return [
            ("ru.reserves.total.weekly", day[:10], float(val))
            for day, val in zip(frame["D0"], frame["val"], strict=True)
        ]

    return Pair("XML small rows", len(data), ours, "pandas.read_xml", ("pandas",), theirs, 1.0)


RECORD = (
    '<Документ ИдДок="{n:08}" ДатаСост="10.07.2031" ДатаВклМСП="10.08.2016" ВидСубМСП="1" КатСубМСП="1" ПризНовМСП="2" '
    'СведСоцПред="2" ССЧР="5"><ОргВклМСП НаимОрг="ОБЩЕСТВО С ОГРАНИЧЕННОЙ ОТВЕТСТВЕННОСТЬЮ ПРИМЕР" ИННЮЛ="7700000000" '
    'ОГРН="1000000000000"/><СведМН КодРегион="77"><Регион Тип="ГОРОД" Наим="МОСКВА"/></СведМН><СвОКВЭД><СвОКВЭДОсн '
    'КодОКВЭД="62.01" НаимОКВЭД="Разработка компьютерного программного обеспечения" ВерсОКВЭД="2014"/></СвОКВЭД></Документ>'
)
"""One of the 255,000 records of the tax service's register that the goal was measured on, with invented names."""


def resident() -> float:
    """Memory of this process in MB: now, where the system says; its peak elsewhere."""
    try:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 2**20
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def fields(element: Any) -> None:
    """The four fields of a record that both sides read."""
    place = element.find("СведМН")
    element.get("ИдДок"), element.get("КатСубМСП"), element.get("ССЧР"), place.get("КодРегион")


def bare(data: bytes) -> int:
    """How one reads a long file with lxml alone: elements by tag, each emptied, those before it dropped."""
    count = 0
    for _, element in etree.iterparse(io.BytesIO(data), events=("end",), tag="Документ"):
        fields(element)
        count += 1
        element.clear()
        above = element.getparent()
        while above is not None and element.getprevious() is not None:
            del above[0]
    return count


@dataclass(frozen=True, slots=True)
class Streamed:
    """MB a second of CPU, ours and bare lxml's, and MB by which memory grew while ours ran."""

    ours: float
    lxml: float
    grown: float


def streamed(megabytes: int, runs: int) -> Streamed:
    """A register of that size: four fields a record."""
    one = len(RECORD.format(n=0).encode())
    due = megabytes * 1_000_000 // one
    records = "".join(RECORD.format(n=n) for n in range(due))
    data = f'<?xml version="1.0" encoding="UTF-8"?><Файл>{records}</Файл>'.encode()
    del records
    before = highest = resident()
    ours, theirs = [], []
    for _ in range(runs):
        count, start = 0, time.process_time()
        for element in markup.stream(data, ("Документ",), "bench"):
            fields(element)
            count += 1
            if count % 10_000 == 0:
                highest = max(highest, resident())
        ours.append(time.process_time() - start)
        assert count == due
        start = time.process_time()
        assert bare(data) == due
        theirs.append(time.process_time() - start)
    size = len(data) / 1e6
    return Streamed(size / median(ours), size / median(theirs), highest - before)


def seconds(run: Callable[[], Rows]) -> float:
    """CPU seconds of one run."""
    start = time.process_time()
    run()
    return time.process_time() - start


def compare(pair: Pair, runs: int) -> bool:
    """One line of the table; False when the goal is missed by more than a fifth."""
    absent = [name for name in pair.modules if find_spec(name) is None]
    ours, theirs = [seconds(pair.ours)], [0.0]
    if not absent:
        left, right = pair.ours(), pair.theirs()
        assert left == right, next(
            ((a, b) for a, b in zip(left, right, strict=False) if a != b), "lengths differ"
        )
        theirs = []
        for _ in range(runs):
            ours.append(seconds(pair.ours))
            theirs.append(seconds(pair.theirs))
    else:
        ours += [seconds(pair.ours) for _ in range(runs)]
    usual = median(ours)
    rate = pair.size / 1e6 / usual
    times = (
        f"{median(theirs) / usual:.1f}x {pair.rival} (goal {pair.goal:g}x)"
        if not absent
        else f"{absent[0]} is absent"
    )
    print(f"{pair.name:<16}{pair.size / 1e6:>7.1f} MB{usual * 1000:>9.0f} ms{rate:>8.1f} MB/s   {times}")
    return bool(absent) or median(theirs) / usual >= 0.8 * pair.goal


def main() -> int:
    """Print the table; the exit code says whether the goals were met."""
    parser = argparse.ArgumentParser(description="Time the reading of documents beside other libraries.")
    parser.add_argument("--small", action="store_true", help="a tenth of the rows")
    parser.add_argument("--runs", type=int, default=5, help="runs of each side (default 5)")
    asked = parser.parse_args()
    part = 10 if asked.small else 1
    makers = (
        (page, 5200),
        (soup, 5200),
        (workbook, 50_000),
        (answers, 20_000),
        (budget, 20_000),
        (soap, 30_000),
    )
    met = [compare(make(rows // part), asked.runs) for make, rows in makers]
    sizes = (5, 20) if asked.small else (20, 60, 120)
    results = [streamed(size, asked.runs) for size in sizes]
    for size, found in zip(sizes, results, strict=True):
        print(
            f"{'XML streamed':<16}{size:>7} MB{'':>12}{found.ours:>8.1f} MB/s   bare lxml {found.lxml:.1f} MB/s; "
            f"memory grew by {found.grown:.0f} MB (goal {XML_GOAL:g} MB/s, or bare lxml's)"
        )
    flat = all(later.grown <= earlier.grown + 30 for earlier, later in pairwise(results))
    met += [any(found.ours >= 0.8 * min(XML_GOAL, found.lxml) for found in results), flat]
    return int(not all(met))


if __name__ == "__main__":
    raise SystemExit(main())
