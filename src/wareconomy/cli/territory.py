"""The command `territory`: occupied area from map files, or from the stored figures, as table, CSV, chart or map."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy import settings
from wareconomy.analysis import occupied
from wareconomy.analysis.occupied import Answer, Question
from wareconomy.cli import output
from wareconomy.errors import LedgerError, StorageError, UsageError
from wareconomy.ledger import query

if TYPE_CHECKING:
    from wareconomy.analysis.territory.history import History
    from wareconomy.publish.charts.model import Chart

ROUND = 3
PICTURES = (".svg", ".png", ".pdf")


def territory(arguments: Namespace) -> int:
    """Answer from the maps named, else from the ledger; write what was asked for."""
    between = tuple(query.parse_day(text) for text in arguments.between) if arguments.between else None
    asked = Question(
        by=arguments.by or ("oblast" if between else "month"),
        between=(between[0], between[1]) if between else None,
        oblast=occupied.code_of(arguments.oblast) if arguments.oblast else None,
        as_of=query.parse_day(arguments.as_of) if arguments.as_of else None,
        denominator=arguments.share_of
        or ("oblast" if (arguments.by or between) and arguments.by != "day" else "ukraine"),
    )
    maps = [Path(text) for text in arguments.maps]
    written: list[Path] = []
    if maps:
        units = Path(arguments.boundaries) if arguments.boundaries else None
        if units and not units.is_file():
            raise UsageError(f"no boundary file at {units}")
        history = occupied.history(
            maps, _store(arguments), arguments.mapper, units, arguments.accept_jumps, asked.as_of
        )
        answer = _places(maps, history, asked) if arguments.places else occupied.measured(history, asked)
        if arguments.chart:
            written += _save(_chart(history, asked), Path(arguments.chart))
        if arguments.map:
            written += _map(maps, history, asked, Path(arguments.map), arguments.mapper)
    else:
        if arguments.map or arguments.chart or arguments.places:
            raise UsageError(
                "a map, a chart of gains and losses, and places need the map files: wareconomy territory MAPS... "
                "Charts of the stored figures: wareconomy chart occupied-area"
            )
        with query.connect(settings.find().database) as con:
            answer = occupied.stored(con, asked, arguments.mapper)
    if arguments.csv:
        written.append(_csv(answer, Path(arguments.csv)))
    _emit(answer, written, arguments)
    return 0


def _store(arguments: Namespace) -> Path | None:
    if arguments.no_store:
        return None
    try:
        return settings.find().processed / "territory"
    except LedgerError:
        return None


def _emit(answer: Answer, written: list[Path], arguments: Namespace) -> None:
    rows = [
        [round(cell, ROUND) + 0.0 if isinstance(cell, float) else cell for cell in row] for row in answer.rows
    ]
    if arguments.json:
        table = [dict(zip(answer.columns, row, strict=True)) for row in rows]
        output.emit_json(
            {"rows": table, "notes": answer.notes, **answer.facts, "files": [str(path) for path in written]}
        )
        return
    output.emit_table(answer.columns, rows, "Occupied area")
    if not arguments.quiet:
        for note in answer.notes:
            print(output.clean(note), file=sys.stderr)
        for path in written:
            print(f"wrote {path}", file=sys.stderr)


def _csv(answer: Answer, path: Path) -> Path:
    try:
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(answer.columns)
            for row in answer.rows:
                writer.writerow([round(cell, 6) + 0.0 if isinstance(cell, float) else cell for cell in row])
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror})") from error
    return path


def _span(history: History, asked: Question) -> tuple[date, date]:
    return asked.between or (history.days[0].day, history.days[-1].day)


def _chart(history: History, asked: Question) -> Chart:
    from wareconomy.analysis.territory.periods import WHOLE
    from wareconomy.publish.territory import charts

    kind = {"day": "days", "month": "months", "oblast": "oblasts"}[asked.by]
    return charts.build(history, kind, *_span(history, asked), asked.oblast or WHOLE, asked.denominator)


def _save(chart: Chart, path: Path) -> list[Path]:
    """Write a chart as the file asked for, and its data beside it."""
    from wareconomy.publish import theme
    from wareconomy.publish.territory import charts, maps

    if path.suffix not in PICTURES:
        raise UsageError(f"{path.name}: a picture ends in {', '.join(PICTURES)}")
    figure = charts.draw(chart) if chart.drawing.startswith(charts.__name__) else maps.draw(chart)
    make = {".svg": theme.svg_bytes, ".png": theme.png_bytes, ".pdf": theme.pdf_bytes}[path.suffix]
    data = path.with_suffix(".csv")
    try:
        with theme.style(chart.id):
            path.write_bytes(make(figure, chart))
        data.write_bytes(theme.csv_bytes(chart))
    except OSError as error:
        raise StorageError(f"{path} cannot be written ({error.strerror})") from error
    return [path, data]


def _map(paths: list[Path], history: History, asked: Question, path: Path, mapper: str | None) -> list[Path]:
    from wareconomy.analysis.territory import places
    from wareconomy.analysis.territory.periods import Table
    from wareconomy.publish.territory import maps, motion

    start, end = _span(history, asked)
    known = {day.day: day.sha256 for day in history.days}
    bodies = {
        body.day: body
        for body in places.bodies_of(paths, mapper)
        if known.get(body.day) == body.sha256 and start <= body.day <= end
    }
    table = Table(history)
    if path.suffix == ".gif":
        step = max(1, len(bodies) // 60)
        chart = motion.film([bodies[day] for day in sorted(bodies)], history.boundaries, path, step=step)
        data = path.with_suffix(".csv")
        from wareconomy.publish import theme

        data.write_bytes(theme.csv_bytes(chart))
        return [path, data]
    if asked.by == "month":
        moves = [move for move in table.months() if move.start in bodies and move.end in bodies]
        if not moves:
            raise UsageError(f"no whole month of maps between {start} and {end}")
        changes = [places.between(bodies[move.start], bodies[move.end]) for move in moves[-24:]]
        return _save(maps.months(changes, [move.label for move in moves[-24:]], history.boundaries), path)
    ends = table.days[table.on(start)], table.days[table.on(end)]
    old, new = (places.body_on(paths, day, mapper) for day in ends)
    return _save(maps.between(places.between(old, new), history.boundaries, asked.oblast), path)


def _places(paths: list[Path], history: History, asked: Question) -> Answer:
    from wareconomy.analysis.territory import places

    start, end = _span(history, asked)
    known = {day.day: day.sha256 for day in history.days}
    bodies = [
        body
        for body in places.bodies_of(paths, history.mapper)
        if known.get(body.day) == body.sha256 and start <= body.day <= end
    ]
    rows: list[tuple[Any, ...]] = [
        (
            item.place.id,
            item.place.name,
            item.place.oblast,
            item.first.name.lower(),
            item.last.name.lower(),
            item.first_in,
            item.first_out,
        )
        for item in places.follow(bodies)
        if not asked.oblast or item.place.oblast == asked.oblast
    ]
    came = sum(row[4] == "inside" != row[3] for row in rows)
    doubt = sum(row[4] == "undetermined" != row[3] for row in rows)
    notes = [
        f"{came} places came wholly inside between the files of {start} and {end}; {doubt} more are undetermined "
        "(the line is within 1 km)",
        f"places: {places.CREDIT}; small villages are missing, so counts are of this list",
    ]
    return Answer(
        ("id", "name", "oblast", "first", "last", "first_in", "first_out"),
        rows,
        notes,
        {"credit": places.CREDIT},
    )
