"""What the analyses of a build leave in the ledger (tables claim_checks and links), and how it is read back.

A build asks `results` once, when the ledger is complete but not yet in place. Afterwards the answers of that
day are read, not worked out again; any other day is computed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from wareconomy.analysis import links, questions
from wareconomy.analysis.claims import checks
from wareconomy.analysis.coincidence import Coincidence, Window
from wareconomy.analysis.dates import Record
from wareconomy.analysis.event_study import EventStudy
from wareconomy.analysis.questions import Answer, Run
from wareconomy.ledger import query

if TYPE_CHECKING:
    import duckdb

Row = dict[str, Any]


def results(con: duckdb.DuckDBPyConnection, day: date) -> dict[str, list[Row]]:
    """Rows of claim_checks and links as of a day."""
    rows = [_named(row) for answer in questions.ask_all(con, day) for row in rows_of(answer)]
    return {
        "claim_checks": [item.as_dict() for item in checks.check_all(con, day)],
        "links": [*rows, *map(_named, near_rows(con, day))],
    }


def _named(row: Row) -> Row:
    """The row with its id."""
    window = f"{row['window_low']}..{row['window_high']}" if "window_low" in row else "refused"
    parts = [row["name"], row["part"], row.get("lists"), window]
    return {"link": "/".join(part.replace(" ", "-") for part in parts if part), **row}


def rows_of(answer: Answer) -> Iterator[Row]:
    """One row per run and window of a question; a run that was refused is one row with its reason."""
    asked = answer.question
    for run in answer.runs:
        head: Row = {
            "kind": asked.method,
            "name": asked.name,
            "part": run.part,
            "lists": run.lists,
            "first_day": run.record.first,
            "last_day": run.record.last,
            "p_families": answer.p_families,
            "alpha": asked.alpha,
            "detectable": run.detectable,
            "verdict": answer.verdict if run.result is not None else "not tested",
            "refused": run.reason,
            "reason": run.refused,
            "registered": asked.registered,
            "question_hash": asked.digest,
            "exploratory": run.part == "record",
            "tries": answer.tries,
            "inputs": list(dict.fromkeys(name for event in (*run.a, *run.b) for name in event.rows)),
        }
        if isinstance(run.result, Coincidence):
            yield from (head | _window(run.result, item) for item in run.result.windows)
        elif isinstance(run.result, EventStudy):
            yield head | _study(run.result, asked.windows[0])
        else:
            yield head


def _window(made: Coincidence, item: Window) -> Row:
    return {
        "window_low": item.low,
        "window_high": item.high,
        "k": item.k,
        "n": made.n_a,
        "n_other": made.n_b,
        "chance": item.expected,
        "any_by_chance": item.any_by_chance,
        "coverage": item.coverage,
        "p_shift": item.p_shift,
        "p_redraw": item.p_redraw,
        "p": item.p,
        "p_windows_shift": made.p_family_shift,
        "p_windows_redraw": made.p_family_redraw,
        "p_windows": made.p_family,
        "k_needed": item.needed,
        "shifts": made.shifts,
        "draws": made.draws,
    }


def _study(made: EventStudy, window: tuple[int, int]) -> Row:
    return {
        "window_low": window[0],
        "window_high": window[1],
        "k": made.used,
        "n": made.events,
        "p_shift": made.p,
        "p": made.p,
        "p_windows": made.p,
        "effect": made.effect,
        "effect_low": made.band_low,
        "effect_high": made.band_high,
        "pace": made.mean_pace,
        "shifts": made.placebos,
    }


def near_rows(con: duckdb.DuckDBPyConnection, day: date) -> Iterator[Row]:
    """One row per act and distance: how many statements are as near, and the share of days that have one."""
    for item in links.near_dates(con, day):
        for rate in item.rates:
            yield {
                "kind": "near_dates",
                "name": item.act,
                "part": "record",
                "first_day": rate.record.first,
                "last_day": rate.record.last,
                "window_low": -rate.days,
                "window_high": rate.days,
                "k": rate.statements,
                "n": 1,
                "chance": rate.share,
                "verdict": "no link claimed",
                "exploratory": True,
                "inputs": [*item.rows, *rate.near],
            }


def answers(con: duckdb.DuckDBPyConnection, as_of: date | None = None) -> list[Answer]:
    """The answers to all registered questions: read from the table links when it holds that day and these
    questions, else computed. A study keeps its profile by day, so it is worked out anew (30 ms).
    """
    day = query.as_of_day(con, as_of)
    known = questions.load()
    if query.meta(con)["as_of"] != day.isoformat():
        return questions.ask_all(con, day)
    stored: dict[str, list[Row]] = {name: [] for name in known}
    for row in query.records(con, "SELECT * FROM links WHERE kind <> 'near_dates'"):
        stored.setdefault(row["name"], []).append(row)
    digests = {name: {row["question_hash"] for row in rows} for name, rows in stored.items()}
    if digests != {name: {item.digest} for name, item in known.items()}:
        return questions.ask_all(con, day)
    made = []
    for name, question in known.items():
        rows = stored[name]
        if question.method == "coincidence" and rows[0]["refused"] != "before_the_record":
            made.append(_answer(con, question, day, rows))
        else:
            made.append(questions.ask(con, question, day))
    return questions.across(made)


def _answer(
    con: duckdb.DuckDBPyConnection, question: questions.Question, day: date, rows: list[Row]
) -> Answer:
    parts: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        parts.setdefault((row["part"], row["lists"]), []).append(row)
    runs = []
    for (part, lists), found in parts.items():
        first = found[0]
        record = Record(first["first_day"], first["last_day"])
        a, b = questions.lists(con, question, record)
        result = _coincidence(found, record) if first["k"] is not None else None
        detectable = first["detectable"]
        runs.append(Run(part, lists, record, a, b, result, first["reason"], first["refused"], detectable))
    usable = [run for run in runs if run.part == "record" and run.result is not None]
    agreed = len({questions.p_of(run.result) <= question.alpha for run in usable}) == 1
    return Answer(question, runs[0].record.last, tuple(runs), rows[0]["tries"], agreed if usable else None)


def _coincidence(rows: list[Row], record: Record) -> Coincidence:
    first: Mapping[str, Any] = rows[0]
    windows = tuple(
        Window(
            row["window_low"],
            row["window_high"],
            row["k"],
            row["n"],
            row["chance"],
            row["p_shift"],
            row["p_redraw"],
            row["p"],
            row["k_needed"],
            row["any_by_chance"],
            row["coverage"],
            row["window_high"] - row["window_low"] + 1 > 0.05 * record.days,
        )
        for row in rows
    )
    return Coincidence(
        windows,
        first["p_windows"],
        first["p_windows_shift"],
        first["p_windows_redraw"],
        first["shifts"],
        first["draws"],
        record.days,
        first["n"],
        first["n_other"],
    )
