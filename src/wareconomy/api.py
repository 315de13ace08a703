"""The Python face of the ledger: `wareconomy.open()` and the tidy frames it gives.

>>> import wareconomy as we
>>> balance = we.open().series("ru.budget.balance", as_of="2026-02-10")
>>> balance.attrs["unit"]
'RUB bn'
"""

from __future__ import annotations

import html
import threading
from collections.abc import Callable, Iterable
from datetime import date
from functools import wraps
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from wareconomy import catalog, frames, settings
from wareconomy.errors import LedgerError, OverlapError, UsageError
from wareconomy.ledger import query
from wareconomy.model import label

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

    from wareconomy.analysis.monthly_study import MonthlyStudy
    from wareconomy.analysis.questions import Answer
    from wareconomy.frames import Day
Asked = ParamSpec("Asked")
Told = TypeVar("Told")


def _in_turn(
    method: Callable[Concatenate[Ledger, Asked], Told],
) -> Callable[Concatenate[Ledger, Asked], Told]:
    """One question at a time: a connection gives its answer to whoever asks it next."""

    @wraps(method)
    def asked(self: Ledger, *args: Asked.args, **kwargs: Asked.kwargs) -> Told:
        with self._turn:
            return method(self, *args, **kwargs)

    return cast("Callable[Concatenate[Ledger, Asked], Told]", asked)


def open(path: str | Path | None = None) -> Ledger:
    """The ledger people read: the current release of the data directory, or a DuckDB file of your own.

    Raises LedgerError when none has been built.
    """
    return Ledger(Path(path) if path else settings.find().database)


class Ledger:
    """A finished ledger, opened read-only; it may be used as a context manager, and from several threads.

    Methods that tell what was known take `as_of`, a day (ISO text, a date or a timestamp): what was known then. Without
    it: all that is known. Questions of several threads are answered one after the other, as they share `connection`;
    open one ledger for each thread to have them answered together, and take `connection.cursor()` for queries of your
    own in other threads. After `close` whatever asks the ledger raises LedgerError.
    """

    def __init__(self, path: Path) -> None:
        import duckdb  # noqa: F401 - whoever holds `connection` may want relations, frames and Arrow of it

        self.path = path
        self._turn = threading.RLock()
        self._context = query.connect(path)
        self._connection: duckdb.DuckDBPyConnection | None = self._context.__enter__()

    @property
    def connection(self) -> duckdb.DuckDBPyConnection:
        """The read-only DuckDB connection, for queries of your own. LedgerError once the ledger is closed."""
        if self._connection is None:
            raise LedgerError(f"{self.path} was closed; open it again with wareconomy.open()")
        return self._connection

    def __enter__(self) -> Ledger:
        return self

    def __exit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the connection; frames already made stay. A second time does nothing."""
        with self._turn:
            if self._connection is not None:
                self._connection = None
                self._context.__exit__(None, None, None)

    @_in_turn
    def series(self, name: str, as_of: Day | None = None, vintages: bool = False) -> pd.DataFrame:
        """One series as a tidy frame, oldest period first.

        Columns: period (text), period_start, period_end, value, status (SDMX), vintage, basis, source,
        figure (what `explain` takes). With `vintages=True` every print of every period instead of the
        newest known one; a derived series has no prints, which is a UsageError. `frame.attrs` holds series,
        title, unit, definition, as_of, sources (name, licence, url).
        """
        import pandas as pd

        day = query.as_of_day(self.connection, frames.day(as_of))
        about = query.describe(self.connection, name)
        if vintages and about["formula"]:
            raise UsageError(
                f"{name} is computed here and has no prints; ask for those of its inputs: {about['formula']}"
            )
        if vintages:
            sql = (
                "SELECT period_start, period_end, value, status, vintage, basis, source, observation AS "
                "figure "
                "FROM observations WHERE series = $name AND vintage <= $day "
                "ORDER BY period_start, period_end, vintage, observation"
            )
            columns, rows = query.table(self.connection, sql, {"name": name, "day": day})
            frame = pd.DataFrame(rows, columns=columns)
        else:
            found = query.figures(self.connection, name, day)
            frame = pd.DataFrame(
                [
                    (f.period.start, f.period.end, f.value, f.status, f.vintage, f.basis, f.source, f.id)
                    for f in found
                ],
                columns=[
                    "period_start",
                    "period_end",
                    "value",
                    "status",
                    "vintage",
                    "basis",
                    "source",
                    "figure",
                ],
            )
        spans = zip(frame["period_start"], frame["period_end"], strict=True)
        frame.insert(0, "period", [label(start, end) for start, end in spans])
        frame = frames.typed(frame)
        sources = [
            {key: s[key] for key in ("source", "title", "publisher", "licence", "url")}
            for s in about["sources"]
        ]
        frame.attrs = {
            **{
                key: about[key]
                for key in ("series", "title", "unit", "frequency", "kind", "area", "definition", "formula")
            },
            "as_of": day.isoformat(),
            "sources": sources,
        }
        return frame

    @_in_turn
    def total(self, names: Iterable[str], as_of: Day | None = None) -> pd.DataFrame:
        """The sum of several series where all have a figure for the same period.

        Raises OverlapError for series that contain one another (NWF liquid assets are inside the
        international reserves) and UsageError for different units, or for a single name in the place of several.
        """
        listed = [] if isinstance(names, str) else list(names)
        if not listed:
            raise UsageError("name the series to add, in a list")
        declared = catalog.load()
        for place, left in enumerate(listed):
            for right in listed[place + 1 :]:
                overlap = declared.overlap(left, right)
                if overlap or left == right:
                    why = overlap.why if overlap else "It is the same series twice."
                    raise OverlapError(f"{left} and {right} must not be added. {why}")
        frames = [self.series(name, as_of) for name in listed]
        units = sorted({frame.attrs["unit"] for frame in frames})
        if len(units) > 1:
            raise UsageError(f"series in {' and '.join(units)} cannot be added")
        keyed = [frame.set_index(["period", "period_start", "period_end"])["value"] for frame in frames]
        result = keyed[0]
        for values in keyed[1:]:
            result = (result + values).dropna()
        made = result.dropna().reset_index()
        made.attrs = {"series": " + ".join(listed), "unit": units[0] if units else None}
        return made

    @_in_turn
    def query(self, sql: str, params: Any = None) -> pd.DataFrame:
        """One question in SQL, as a frame with dates as datetime64; `observations_as_of(DATE '...')` is the
        as-of view.

        A mistake in the SQL is a UsageError with DuckDB's first line, and so is what asks nothing (COPY, ATTACH, SET);
        `connection` takes any SQL.
        """
        query.refuse_writing(self.connection, sql)
        return query.frame(self.connection, sql, params)

    @_in_turn
    def acts(self, as_of: Day | None = None) -> pd.DataFrame:
        """Acts and bills known on a day, one row per measure; `stage` tells a proposal from a law."""
        return self._known("acts_as_of", as_of)

    @_in_turn
    def claims(self, as_of: Day | None = None) -> pd.DataFrame:
        """Statements known on a day, one row each, with the value an independent source published, where
        one did.
        """
        return self._known("claims_as_of", as_of)

    @_in_turn
    def claim_checks(self, as_of: Day | None = None) -> pd.DataFrame:
        """Every statement set beside what was measured, by the published rule: two rows each, `then` and
        `now`.

        Columns are those of the table claim_checks: verdict, reasons, intervals, ratio, estimates with the
        rows they rest on.
        """
        import pandas as pd

        from wareconomy.analysis.claims import checks, stored

        found = stored.all_checks(self.connection, frames.day(as_of))
        return frames.typed(pd.DataFrame([item.as_dict() for item in found], columns=list(checks.COLUMNS)))

    @_in_turn
    def contradictions(self, as_of: Day | None = None) -> pd.DataFrame:
        """Statements that do not fit one another: kind, rows, values, unit, period, gap, speakers."""
        import pandas as pd

        from wareconomy.analysis.claims import contradictions

        columns = ["kind", "rows", "values", "unit", "period", "gap", "speakers"]
        found = contradictions.find(self.connection, frames.day(as_of))
        rows = [
            (c.kind, list(c.rows), list(c.values), c.unit, str(c.period), c.gap, list(c.speakers))
            for c in found
        ]
        return pd.DataFrame(rows, columns=columns)

    @_in_turn
    def links(self, act: str, as_of: Day | None = None) -> list[str]:
        """What lay around an act, in sentences, with the rate of chance; no link is ever claimed."""
        from wareconomy.analysis import links
        from wareconomy.publish import stories

        return stories.tell(links.of_act(self.connection, act, frames.day(as_of)))

    @_in_turn
    def ask(self, question: str, as_of: Day | None = None) -> Answer:
        """The answer so far to a registered question: each run with its p, what was needed, and what could
        not be tested.
        """
        from wareconomy.analysis import questions, stored

        asked = questions.find(question)
        found = stored.answers(self.connection, frames.day(as_of))
        return next(answer for answer in found if answer.question.name == asked.name)

    @_in_turn
    def study(
        self,
        series: str | None = None,
        *,
        windows: Iterable[tuple[int, int]] = ((0, 7),),
        start: Day = "2024-02-01",
        acts: dict[str, Any] | None = None,
        claims: dict[str, Any] | None = None,
        horizons: int = 6,
        as_of: Day | None = None,
    ) -> Answer | MonthlyStudy:
        """A question of your own, always exploratory: two lists of dates, or acts and a `series` (daily: event study;
        monthly: local projections over `horizons` months).

        `acts` may hold stage, jurisdiction and category, `claims` side, topic and speaker, each one or a list.
        UsageError for another key, a value that no row has, or a day that lies ahead.
        """
        from wareconomy.analysis import events, monthly_study, questions

        day = query.as_of_day(self.connection, frames.day(as_of))
        first, day = events.record(self.connection, frames.day(start) or day, day, date.today())
        chosen = {"stage": "signed", **events.chosen(self.connection, "acts", acts or {}, day)}
        said = events.chosen(self.connection, "claims", claims or {}, day)
        if series and monthly_study.monthly(self.connection, series):
            return monthly_study.study(self.connection, series, chosen, first, day, horizons)
        asked = questions.exploratory(first, day, tuple(windows), chosen, said, series)
        return questions.ask(self.connection, asked, day)

    @_in_turn
    def catalog(self) -> pd.DataFrame:
        """Every series with its unit, frequency and number of figures."""
        sql = (
            "SELECT s.*, coalesce(n.figures, d.figures, 0) AS figures FROM series s "
            "LEFT JOIN (SELECT series, count(*) AS figures FROM observations GROUP BY 1) n USING (series) "
            "LEFT JOIN (SELECT series, count(*) AS figures FROM derived GROUP BY 1) d USING (series) ORDER "
            "BY series"
        )
        return self.query(sql)

    @_in_turn
    def _known(self, macro: str, as_of: Day | None) -> pd.DataFrame:
        day = query.as_of_day(self.connection, frames.day(as_of))
        return self.query(f"SELECT * FROM {macro}($day) ORDER BY known, file_line", {"day": day})

    @_in_turn
    def _repr_html_(self) -> str:
        if self._connection is None:
            return f"<b>wareconomy ledger</b>, closed: {html.escape(str(self.path))}"
        facts = query.meta(self.connection)
        count = "SELECT count(*), count(DISTINCT series) FROM observations"
        figures, names = self.connection.execute(count).fetchall()[0]
        return (
            f"<b>wareconomy ledger</b>, as known on {facts['as_of']}<br>"
            f"{figures:,} observations of {names:,} series; input digest "
            f"<code>{facts['input_digest'][:12]}</code>"
        )

    def __repr__(self) -> str:
        return f"Ledger({str(self.path)!r})"


def territory(
    maps: str | Path | Iterable[str | Path] | None = None,
    *,
    by: str = "month",
    between: tuple[Day, Day] | None = None,
    oblast: str | None = None,
    mapper: str | None = None,
    as_of: Day | None = None,
    share_of: str = "oblast",
    boundaries: str | Path | None = None,
    accept_jumps: bool = False,
    store: bool = True,
    geometry: bool = False,
) -> pd.DataFrame:
    """Occupied area by day, month or oblast, in km2: from map files of yours, or without `maps` from the ledger.

    `by` is day, month, oblast, largest (changes, with their place) or places (that changed sides); `between` two days;
    `oblast` an ISO 3166-2 code or name; `share_of` what percentages divide by (oblast, ukraine, claimed).

    `frame.attrs` holds notes (sentences a reader must know) and facts (breaks, repairs, missing days, maps set
    aside). With `geometry=True` and `between`, a GeoDataFrame of the pieces gained and lost (columns change, oblast,
    km2) in WGS84, which needs geopandas (`wareconomy[geo]`); mind the mapper's terms before you publish shapes.

    Raises MissingExtra without `wareconomy[maps]`, UsageError for files or days that do not fit.
    """
    import pandas as pd

    from wareconomy.analysis import area_question, occupied, stored_area

    ends = tuple(frames.day(end) for end in between) if between else None
    asked = area_question.Question(
        by,
        (ends[0], ends[1]) if ends and ends[0] and ends[1] else None,
        area_question.code_of(oblast) if oblast else None,
        frames.day(as_of),
        share_of,
    )
    if maps is None:
        if geometry:
            raise UsageError("shapes are only in the map files: give `maps`")
        with query.connect(settings.find().database) as con:
            answer = stored_area.stored(con, asked, mapper)
    else:
        paths = [Path(maps)] if isinstance(maps, (str, Path)) else [Path(path) for path in maps]
        units = Path(boundaries) if boundaries else None
        if geometry:
            from wareconomy.analysis.territory import frames as shaped

            shapes: pd.DataFrame = shaped.pieces(paths, asked, mapper, units)
            return shapes
        folder = settings.find().processed / "territory" if store else None
        found = occupied.history(paths, folder, mapper, units, accept_jumps, asked.as_of)
        answer = occupied.measured(found, asked, paths)
    frame = pd.DataFrame(answer.rows, columns=list(answer.columns))
    for column in {
        "day",
        "map_from",
        "map_to",
        "since",
        "from_file",
        "to_file",
        "known_on",
        "first_in",
        "first_out",
    }.intersection(frame.columns):
        frame[column] = pd.to_datetime(frame[column])
    frame.attrs = {"notes": answer.notes, "facts": answer.facts}
    return frame
