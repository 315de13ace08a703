"""Occupied area: each mapper in a column of its own, never averaged."""

from __future__ import annotations

from datetime import date, timedelta
from fnmatch import fnmatchcase

from wareconomy.ledger.query import Figure
from wareconomy.model import partial_date
from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Inline, Section
from wareconomy.publish.report.desk import (
    Cell,
    Desk,
    months_back,
    note,
    quote,
    say,
    section,
    table,
    year_before,
)

STOCK = "territory.occupied.deepstate"
NET = f"{STOCK}.net_month"
MAPPERS = (
    (NET, "DeepState map, area computed from a daily mirror"),
    ("territory.net.isw", "ISW assessed control, area kept by The Economist"),
    ("territory.net.liveuamap", "Liveuamap, area by NZZ"),
)
RAW = ("territory.net.deepstate_raw", "DeepState map, area computed from raw snapshots")
LATER = (
    (
        "territory.published.deepstate_oblast_sums.occupied_increase_net.ukraine_incl_crimea",
        "sums of the DeepState areas by oblast",
    ),
    ("territory.published.isw_layer.net_gain.ukraine_incl_crimea", "copies of the ISW control layer"),
)
OBLASTS = {
    "UA-09": "Luhansk",
    "UA-12": "Dnipropetrovsk",
    "UA-14": "Donetsk",
    "UA-23": "Zaporizhzhia",
    "UA-40": "Sevastopol",
    "UA-43": "Crimea",
    "UA-48": "Mykolaiv",
    "UA-59": "Sumy",
    "UA-63": "Kharkiv",
    "UA-65": "Kherson",
}
MONTHS = 14


def compose(desk: Desk) -> Section:
    """The stock, the mappers side by side, oblasts, breaks."""
    if not any(desk.figures(name) for name, _ in (*MAPPERS, RAW)):
        blocks: list[Block | None] = [
            say(f"No figure of the occupied area was known on {lang.day(desk.as_of)}.")
        ]
    else:
        blocks = [
            _stock(desk),
            _disagree(desk),
            *desk.pictures("territory"),
            _monthly(desk),
            _later(desk),
            _oblasts(desk),
            _breaks(desk),
        ]
    blocks.append(
        note(
            "Mappers define control differently and redraw their maps; their figures stand side by side "
            "and are never averaged. A plus is "
            "more occupied area. A map file shows the evening before its date, in about a fifth of cases "
            "the evening before that. A month "
            "runs from the file of the 2nd to the file of the next 2nd, which reproduces DeepState's own monthly figures."
        )
    )
    return section("territory", "Territory, by mapper", blocks)


def _stock(desk: Desk) -> Block | None:
    now = desk.last(STOCK)
    if now is None:
        return None
    parts: list[Inline] = [
        "The DeepState map file of ",
        f"{lang.day(now.period.start)} shows ",
        desk.fig(now, lang.km2(now.value)),
        " of Ukraine as occupied, Crimea included",
    ]
    year = desk.last(f"{STOCK}.net_year")
    if year and year.value is not None:
        parts += [
            f". In {lang.period(year.period.start, year.period.end)} the net change was ",
            desk.fig(year, f"{lang.signed(year.value)}{lang.NO_BREAK}km²"),
        ]
    return say(*parts, ".")


def _disagree(desk: Desk) -> Block | None:
    """The newest month every mapper has, in one sentence with each figure named."""
    common = None
    for item in reversed(desk.figures("territory.net.isw")):
        same = [desk.at(name, item.period.start, item.period.end) for name, _ in MAPPERS]
        if all(same):
            common = (item.period.start, [one for one in same if one is not None])
            break
    if common is None:
        return None
    start, found = common
    names = ("DeepState", "ISW (The Economist)", "Liveuamap (NZZ)")
    parts: list[Inline] = [
        f"In {lang.month(start)}, the newest month all three mappers cover, the net change was "
    ]
    for place, (name, figure) in enumerate(zip(names, found, strict=True)):
        join = "" if place == 0 else " and " if place == len(names) - 1 else ", "
        parts += [
            join,
            desk.fig(figure, f"{lang.signed(figure.value)}{lang.NO_BREAK}km²"),
            f" on the map of {name}",
        ]
    values = [figure.value or 0 for figure in found]
    tail = ". They do not even agree on the sign." if min(values) < 0 < max(values) else "."
    return say(*parts, tail)


def _monthly(desk: Desk) -> Block | None:
    starts = sorted(
        {
            item.period.start
            for name, _ in (*MAPPERS, RAW)
            for item in desk.figures(name, months_back(desk.as_of, 30))
        }
    )
    shown_months = starts[-MONTHS:]
    mirror = {item.period.start for item in desk.figures(NET)}
    columns = (
        MAPPERS if 2 * len(mirror.intersection(shown_months)) >= len(shown_months) else (RAW, *MAPPERS[1:])
    )
    rows: list[list[Cell]] = []
    for start in reversed(shown_months):
        end = (start.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        cells: list[Cell] = [lang.month(start)]
        for name, _ in columns:
            shown = desk.plain(desk.at(name, start, end), 0, sign=True)
            cells.append([shown, " (break)"] if method_break(desk, name, start, end) else shown)
        rows.append(cells)
    heads = ("Month", *(name for _, name in columns))
    return (
        table("Net change of the occupied area by month and mapper, km²", heads, rows, (1, 2, 3))
        if rows
        else None
    )


def method_break(desk: Desk, series: str, start: date, end: date) -> bool:
    """Whether a series changed its method inside a period: its change there is not a change of the front."""
    sql = "SELECT series, happened_on FROM manual.breaks_as_of($day) WHERE kind = 'method'"
    for row in desk.cached(sql):
        when = partial_date(row["happened_on"])
        if fnmatchcase(series, row["series"]) and when.start <= end and (when.end or when.start) >= start:
            return True
    return False


def _later(desk: Desk) -> Block | None:
    """Months after the daily mirror ends, from other computations on the same maps."""
    last = desk.last(NET)
    parts: list[Inline] = []
    for name, words in LATER:
        found = [
            item
            for item in desk.figures(name)
            if last and _whole_month(item) and item.period.start > last.period.start
        ]
        for place, item in enumerate(found):
            join = ", " if place else f"{'; ' if parts else ''}{words} give "
            parts += [
                join,
                desk.fig(item, f"{lang.signed(item.value, 1)}{lang.NO_BREAK}km²"),
                f" for {lang.month(item.period.start)}",
            ]
    if not parts:
        return None
    return say(
        "For later months the ledger holds only other computations, whose levels differ, so they continue "
        "no column of the table: ",
        *parts,
        ".",
    )


def _whole_month(item: Figure) -> bool:
    end = item.period.end
    return end is not None and item.period.start.day == 1 and (end + timedelta(days=1)).day == 1


def _oblasts(desk: Desk) -> Block | None:
    now = desk.last(f"{STOCK}.UA-14")
    if now is None:
        return None
    day = now.period.start
    days = [item.period.start for item in desk.figures(f"{STOCK}.UA-14")]
    base = min(days, key=lambda one: abs((one - year_before(day)).days))
    if abs((base - year_before(day)).days) > 20:
        base = days[0]
    rows: list[list[Cell]] = []
    for code, name in sorted(OBLASTS.items(), key=lambda pair: pair[1]):
        area = desk.at(f"{STOCK}.{code}", day)
        then = desk.at(f"{STOCK}.{code}", base)
        if area is not None:
            rows.append([name, desk.plain(area, 0), desk.plain(then, 0), _difference(desk, code, area, then)])
    heads = ("Oblast", f"Map file of {lang.day(day)}", f"Map file of {lang.day(base)}", "Difference")
    caption = f"Occupied area by oblast on the DeepState map, km²{_apart(day, base)}"
    return table(caption, heads, rows, (1, 2, 3))


def _apart(day: date, base: date) -> str:
    """What is said where the file of the same day a year earlier is not held: how many days the change covers."""
    if base == year_before(day):
        return ""
    wanted = lang.day(year_before(day))
    return f": {lang.plural((day - base).days, 'day')} apart, as no areas by oblast of {wanted} are held"


def _difference(desk: Desk, code: str, now: Figure, then: Figure | None) -> Cell:
    if then is None or now.value is None or then.value is None:
        return lang.NOT_KNOWN
    value = now.value - then.value
    return desk.calc(
        f"area-{code}-{now.period}",
        value,
        lang.signed(value),
        "area of the later map file minus area of the earlier one",
        [now.id, then.id],
    )


def _breaks(desk: Desk) -> Block | None:
    since = months_back(desk.as_of, 18).isoformat()
    sql = (
        "SELECT * FROM manual.breaks_as_of($day) "
        "WHERE (series LIKE 'territory.occupied.%' OR series LIKE 'territory.net.%') AND kind <> 'gap' "
        "AND happened_on >= $since AND happened_on <= strftime($day, '%Y-%m-%d') ORDER BY happened_on DESC"
    )
    rows: list[list[Cell]] = []
    for row in desk.rows(sql, {"since": since}):
        size: Cell = (
            desk.row("breaks", row, lang.signed(row["size"], lang.decimals_of(row["size"])))
            if row["size"] is not None
            else None
        )
        rows.append([lang.partial(row["happened_on"]), quote(row["what"]), size])
    if not rows:
        return None
    return table("Redraws and changes of method inside these months", ("When", "What", "km²"), rows, (2,))
