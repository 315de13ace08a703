"""The command `territory`: occupied area from map files, or from the stored figures, as table, CSV, chart or map."""

from __future__ import annotations

import csv
import sys
from argparse import Namespace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from wareconomy import settings
from wareconomy.analysis import occupied, stored_area
from wareconomy.analysis.area_question import Answer, Question, code_of
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
        oblast=code_of(arguments.oblast) if arguments.oblast else None,
        as_of=query.day_asked(arguments.as_of, date.today()),
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
        answer = occupied.measured(history, asked, maps)
        if arguments.chart:
            written += _save(_chart(history, asked), Path(arguments.chart))
        if arguments.map:
            written += _map(maps, history, asked, Path(arguments.map))
    else:
        if arguments.map or arguments.chart:
            raise UsageError(
                "a map and a chart of gains and losses need the map files: wareconomy territory MAPS... "
                "Charts of the stored figures: wareconomy chart occupied-area"
            )
        with query.connect(settings.find().database) as con:
            answer = stored_area.stored(con, asked, arguments.mapper)
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

    kind = {"month": "months", "oblast": "oblasts"}.get(asked.by, "days")
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


def _map(paths: list[Path], history: History, asked: Question, path: Path) -> list[Path]:
    from wareconomy.analysis.territory import places, shapes
    from wareconomy.analysis.territory.periods import Table
    from wareconomy.publish import theme
    from wareconomy.publish.territory import maps, motion

    bodies = {body.day: body for body in shapes.measured_bodies(history, asked, paths)}
    table = Table(history)
    if path.suffix in motion.FILMS:
        step = max(1, len(bodies) // 60)
        try:
            chart = motion.film(list(bodies.values()), history.boundaries, path, step=step)
            path.with_suffix(".csv").write_bytes(theme.csv_bytes(chart))
        except OSError as error:
            raise StorageError(f"{path} cannot be written ({error.strerror})") from error
        return [path, path.with_suffix(".csv")]
    if asked.by == "month":
        moves = [move for move in table.months() if move.start in bodies and move.end in bodies][-24:]
        if not moves:
            raise UsageError("no whole month between the first map and the last")
        changes = [places.between(bodies[move.start], bodies[move.end]) for move in moves]
        return _save(maps.months(changes, [move.label for move in moves], history.boundaries), path)
    start, end = _span(history, asked)
    move = table.between(start, end)
    every = {body.day: body for body in places.bodies_of(paths, history.mapper)}
    change = places.between(every[move.start], every[move.end])
    return _save(maps.between(change, history.boundaries, asked.oblast), path)
