"""Registered questions: what was to be asked, fixed with hash and date; the answer so far, and how many
tries there were.

A question is confirmatory only for events after the day it was registered. What the ledger already held on
that day is run too, and always labelled exploratory: whoever wrote the question could have looked. Nothing
here stars a p-value.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy import catalog
from wareconomy.analysis import coincidence, events
from wareconomy.analysis.dates import CannotTest, Days, Record, decluster, places
from wareconomy.errors import LedgerError, UnknownName
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

FOLDER = "questions"
MOST_WINDOWS = 4
NULLS = "whole-week circular shifts (exact) and cluster redraw; the larger p"


@dataclass(frozen=True, slots=True)
class Question:
    """One registered question. `digest` is the SHA-256 of its file."""

    name: str
    title: str
    registered: date
    digest: str
    hypothesis: str
    method: str
    family: str
    record_start: date
    stop: date
    alpha: float
    least: int
    windows: tuple[tuple[int, int], ...]
    exclusions: str
    acts: dict[str, Any]
    claims: dict[str, Any]
    series: str | None = None
    before_days: int = 30


@dataclass(frozen=True, slots=True)
class Run:
    """One run: which part of the record, which version of the lists, and its result or why it was refused."""

    part: str
    lists: str
    record: Record
    a: tuple[events.Event, ...]
    b: tuple[events.Event, ...]
    result: Any | None
    refused: str | None
    reason: str | None
    detectable: float | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """Everything printed for a question: its registration, each run, and the number of tries.

    `p_families` is its p adjusted over all registered questions, `asked` how many of them could be tested and
    `all_tries` the tries of all of them; None for a question that nobody registered.
    """

    question: Question
    as_of: date
    runs: tuple[Run, ...]
    tries: int
    agreed: bool | None = None
    p_families: float | None = None
    asked: int | None = None
    all_tries: int | None = None

    @property
    def p(self) -> float | None:
        """The larger p of the record's versions, raw and declustered; each is the max-T p over the windows
        and the larger of two nulls. None when neither could be tested.
        """
        return max(
            (p_of(run.result) for run in self.runs if run.part == "record" and run.result), default=None
        )

    @property
    def can_tell(self) -> bool:
        """True when the registered lists, raw and declustered, reject chance together at the registered
        level, the number of questions taken into account.
        """
        record = [run for run in self.runs if run.part == "record" and run.result is not None]
        worst = self.p if self.p_families is None else self.p_families
        return len(record) == 2 and worst is not None and worst <= self.question.alpha

    @property
    def verdict(self) -> str:
        """`beyond chance`, `cannot tell` or `not tested`."""
        return "not tested" if self.p is None else "beyond chance" if self.can_tell else "cannot tell"


def p_of(result: Any) -> float:
    """The p of one run: max-T over the windows of a coincidence, the placebo rank of a study."""
    return float(result.p_family if isinstance(result, coincidence.Coincidence) else result.p)


@cache
def load(folder: Path | None = None) -> dict[str, Question]:
    """All registered questions by name. LedgerError for a file that does not say everything a registration
    must say.
    """
    where = folder or Path(catalog.__file__).with_name(FOLDER)
    made = {}
    for path in sorted(where.glob("*.toml")):
        data = path.read_bytes()
        try:
            body = tomllib.loads(data.decode("utf-8"))
            windows = tuple((int(low), int(high)) for low, high in body["windows"])
            if not 1 <= len(windows) <= MOST_WINDOWS:
                raise ValueError(f"1 to {MOST_WINDOWS} windows are allowed, not {len(windows)}")
            if body["method"] not in ("coincidence", "event_study"):
                raise ValueError(f"unknown method {body['method']!r}")
            made[path.stem] = Question(
                name=path.stem,
                title=body["title"],
                registered=body["registered"],
                digest=hashlib.sha256(data).hexdigest(),
                hypothesis=body["hypothesis"],
                method=body["method"],
                family=body["family"],
                record_start=body["record_start"],
                stop=body["stop"],
                alpha=float(body["alpha"]),
                least=int(body["least"]),
                windows=windows,
                exclusions=body["exclusions"],
                acts=body["acts"],
                claims=body.get("claims", {}),
                series=body.get("series"),
                before_days=int(body.get("before_days", 30)),
            )
        except (KeyError, ValueError) as error:
            raise LedgerError(f"question {path.name}: {error}") from error
    return made


def exploratory(
    start: date,
    stop: date,
    windows: tuple[tuple[int, int], ...],
    acts: dict[str, Any],
    claims: dict[str, Any],
    series: str | None = None,
) -> Question:
    """A question nobody registered: it has no hash, and its answer is labelled so. CannotTest for more than
    four windows.
    """
    if len(windows) > MOST_WINDOWS:
        raise CannotTest(
            "too_many_windows",
            f"{len(windows)} windows; at most {MOST_WINDOWS}, so that the search stays small",
        )
    return Question(
        "exploratory",
        "A question of your own",
        stop,
        "",
        "none registered",
        "event_study" if series else "coincidence",
        "exploratory",
        start,
        stop,
        0.05,
        coincidence.LEAST,
        windows,
        "none declared",
        acts,
        claims,
        series,
    )


def find(name: str) -> Question:
    """A question by name; UnknownName lists the nearest ones."""
    known = load()
    if name not in known:
        raise UnknownName("question", name, known)
    return known[name]


def ask(
    con: duckdb.DuckDBPyConnection,
    question: Question,
    as_of: date | None = None,
    draws: int = 9999,
    power: bool = True,
) -> Answer:
    """Run a question on what was known on a day: the whole record, raw and declustered, and the part after
    its registration.

    `power` adds the smallest coupling the lists could show: a second of simulation for each pair of lists.
    """
    day = min(query.as_of_day(con, as_of), question.stop)
    if day <= question.record_start:
        record = Record(day, day)
        text = f"the record of this question begins on {question.record_start}"
        return Answer(
            question, day, (Run("record", "raw", record, (), (), None, text, "before_the_record"),), 0
        )
    acts = events.select_acts(con, question.acts, day)
    if question.method == "event_study":
        runs = _study(con, question, acts, day)
    else:
        claims = events.select_claims(con, question.claims, day)
        runs = [
            _coincide(question, "record", lists, question.record_start, day, acts, claims, draws, power)
            for lists in ("raw", "declustered")
        ]
        later = question.registered + timedelta(days=1)
        if day >= later:
            runs.append(
                _coincide(question, "after registration", "raw", later, day, acts, claims, draws, power)
            )
    usable = [run for run in runs if run.part == "record" and run.result is not None]
    verdicts = {p_of(run.result) <= question.alpha for run in usable}
    tries = len(question.windows) * len(runs)
    return Answer(question, day, tuple(runs), tries, len(verdicts) == 1 if usable else None)


def ask_all(
    con: duckdb.DuckDBPyConnection, as_of: date | None = None, draws: int = 9999, power: bool = True
) -> list[Answer]:
    """Every registered question, in the order of their names, each p adjusted over all that could be tested."""
    return across([ask(con, question, as_of, draws, power) for question in load().values()])


def across(answers: Sequence[Answer]) -> list[Answer]:
    """The answers with their p adjusted over one another: Benjamini & Yekutieli (2001, Ann. Stat. 29:1165),
    since lists that share events are dependent in ways nobody knows. Inside a question max-T has been used.
    """
    tested = [place for place, answer in enumerate(answers) if answer.p is not None]
    adjusted = coincidence.adjust([answers[place].p or 1.0 for place in tested], "by")
    of = dict(zip(tested, adjusted, strict=True))
    tries = sum(answer.tries for answer in answers)
    return [
        replace(answer, p_families=of.get(place), asked=len(tested), all_tries=tries)
        for place, answer in enumerate(answers)
    ]


def lists(
    con: duckdb.DuckDBPyConnection, question: Question, record: Record
) -> tuple[tuple[events.Event, ...], tuple[events.Event, ...]]:
    """Both event lists of a coincidence question as known on the last day of a record, inside it."""
    acts = events.select_acts(con, question.acts, record.last)
    claims = events.select_claims(con, question.claims, record.last)
    return _inside(acts, record), _inside(claims, record)


def _inside(found: Sequence[events.Event], record: Record) -> tuple[events.Event, ...]:
    return tuple(event for event in found if record.first <= event.day <= record.last)


def _coincide(
    question: Question,
    part: str,
    lists: str,
    first: date,
    last: date,
    acts: Sequence[events.Event],
    claims: Sequence[events.Event],
    draws: int,
    power: bool,
) -> Run:
    record = Record(first, last)
    a, b = _inside(acts, record), _inside(claims, record)
    days_a, days_b = places(events.days(a), record), places(events.days(b), record)
    if lists == "declustered":
        days_a, days_b = decluster(days_a), decluster(days_b)
    try:
        made = coincidence.assess(
            days_a,
            days_b,
            record.days,
            question.windows,
            draws=draws,
            alpha=question.alpha,
            least=question.least,
        )
    except CannotTest as refusal:
        return Run(part, lists, record, a, b, None, str(refusal), refusal.reason)
    widest = max(question.windows, key=lambda window: window[1] - window[0])
    return Run(
        part,
        lists,
        record,
        a,
        b,
        made,
        None,
        None,
        coincidence.detectable(days_a, days_b, record.days, widest, alpha=question.alpha) if power else None,
    )


def _study(
    con: duckdb.DuckDBPyConnection, question: Question, acts: Sequence[events.Event], day: date
) -> list[Run]:
    from wareconomy.analysis import event_study

    assert question.series is not None
    about = query.describe(con, question.series)
    if (about["frequency"], about["kind"]) != ("day", "stock"):
        text = f"{question.series} is a {about['kind']} by {about['frequency']}; an event study needs a daily stock"
        record = Record(min(question.record_start, day), day)
        return [Run("record", "raw", record, _inside(acts, record), (), None, text, "not_a_daily_stock")]
    stock = [item for item in query.figures(con, question.series, day) if item.value is not None]
    runs = []
    last = max((item.period.start for item in stock), default=question.record_start)
    record = Record(question.record_start, max(min(last, day), question.record_start))
    inside = _inside(acts, record)
    breaks = con.execute(
        "SELECT happened_on FROM manual.breaks WHERE $series LIKE replace(series, '*', '%') AND kind IN "
        "('redraw', 'method') "
        "AND length(happened_on) = 10",
        {"series": question.series},
    ).fetchall()
    # The file of a day shows the evening before: its level belongs to that day before.
    at = [(item.period.start - record.first).days - 1 for item in stock]
    levels = [item.value for item in stock if item.value is not None]
    flagged = [(date.fromisoformat(row[0]) - record.first).days - 1 for row in breaks]
    change = event_study.increments(at, levels, record.days, 50.0, flagged)
    for lists in ("raw", "declustered"):
        days: Days = places(events.days(inside), record)
        days = decluster(days) if lists == "declustered" else days
        try:
            made = event_study.study(
                change, days, pre=question.before_days, post=question.windows[0][1], least=question.least
            )
            runs.append(Run("record", lists, record, inside, (), made, None, None, made.mde))
        except CannotTest as refusal:
            runs.append(Run("record", lists, record, inside, (), None, str(refusal), refusal.reason))
    return runs
