"""A page for every statement: what was said and where it was read, the verdict then and now with its interval
and every row it rests on, acts of the same week beside chance. No script, nothing fetched.

A page never asserts a statement: its title is the statement's id, and a statement that one page carries says so at
the top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from wareconomy.analysis import area_question
from wareconomy.analysis.claims import contradictions
from wareconomy.analysis.claims.checks import Check
from wareconomy.ledger import act_names
from wareconomy.model import Period
from wareconomy.publish import claimreview, covered, keeping, stories, verdicts
from wareconomy.publish import language as lang
from wareconomy.publish.claim_desk import WEEK, Desk, read
from wareconomy.publish.document import Block, Fig, Inline, Link, page_of
from wareconomy.publish.report import html
from wareconomy.publish.report.desk import Cell, heading, note, quote, say, table

__all__ = ["Page", "compose", "read", "write"]


@dataclass(frozen=True, slots=True)
class Page:
    """One page before it is HTML. `data` is its structured data, None for the index; `up` links to the index."""

    name: str
    title: str
    subtitle: str
    banner: str
    blocks: tuple[Block, ...]
    data: Mapping[str, Any] | None
    up: bool = True


def compose(desk: Desk) -> list[Page]:
    """The index and one page for each statement, each sentence through the gate."""
    return [_index(desk), *(_page(desk, name) for name in desk.rows)]


def write(pages: Sequence[Page], folder: Path, as_of: date, digest: str) -> list[str]:
    """Write the pages into `folder` (made when missing); their names without the ending."""
    folder.mkdir(parents=True, exist_ok=True)
    made = html.environment().get_template("page.html.j2")
    css = (html.TEMPLATES / "report.css").read_text(encoding="utf-8")
    names = [page.name for page in pages]
    for page in pages:
        text = made.render(
            page={
                "title": page.title,
                "subtitle": page.subtitle,
                "banner": page.banner,
                "blocks": page.blocks,
                "up": page.up,
                "data": html.safe_json(page.data) if page.data else "",
            },
            css=css,
            csp=html.CSP,
            hint=html.Hints({}),
            page_of=page_of(names),
            charts={},
            column_classes=html.column_classes,
            day=as_of,
            as_of=lang.day(as_of),
            short_digest=digest[:12],
        )
        (folder / f"{page.name}.html").write_text(text, encoding="utf-8")
    return names


# ---------------------------------------------------------------------------- one statement


def _page(desk: Desk, name: str) -> Page:
    row, (then, now) = desk.rows[name], desk.checks[name]
    acts = _acts(desk, row)
    blocks: list[Block | None] = [
        *_said(desk, row),
        *_verdict(desk, then, now),
        _measured(desk, now),
        _town(desk, name),
        _left_out(desk, now),
        _doubt(now),
        *_misfits(desk, row),
        *_near(desk, acts),
        note(
            f"Checked by {desk.rule.name}, data with its version and hash; the rule changes only forward. Every id can be "
            "followed to its line: wareconomy explain, then the id."
        ),
    ]
    names = [str(act["act"]) for act in acts]
    data = claimreview.review(now, row, desk.rule, desk.dataset, names, desk.wires.get(name, ()), desk.days)
    return Page(
        name,
        f"Statement {name}",
        f"{row['speaker']}, {lang.partial(row['said_on']) or 'day not known'}: {_verdict_words(now)}",
        keeping.banner(row),
        tuple(block for block in blocks if block is not None),
        data,
    )


def _verdict_words(check: Check) -> str:
    ratio, ends = verdicts.ratio_words(check)
    tail = f", {ratio} {ends} of what was measured" if ratio else ""
    return f"{verdicts.VERDICTS[check.verdict]}{tail}"


def _id(name: str) -> Fig:
    return Fig(name.removeprefix("claims:"), name)


def _web(url: str | None, text: str) -> Inline:
    return Link(text, url) if url and url.startswith(("http://", "https://")) else text


def _said(desk: Desk, row: Mapping[str, Any]) -> list[Block]:
    """The statement, who made it, and every page that carries it."""
    oblasts = {code: unit["name"] for code, unit in area_question.declared()["units"].items()}
    rows: list[list[Cell]] = [
        ["Statement, as recorded", quote(row["summary"])],
        ["Speaker", f"{row['speaker']}, {row['role']}" if row["role"] else row["speaker"]],
        ["Said on", lang.partial(row["said_on"])],
        ["About", _days(row)],
        ["Places", ", ".join(oblasts.get(code, code) for code in row["regions"] or [])],
        ["Number", _number(row)],
        ["Kind", KINDS.get(row["kind"], row["kind"])],
        ["Read in", [_web(row["source_url"], row["publisher"] or "page"), _dated(row["published_on"])]],
        ["Second source", "yes" if row["second_source"] else "none yet"],
        ["How the row is kept", keeping.sentence(row)],
        ["Note", quote(row["note"])],
    ]
    if row["variant_of"]:
        rows.append(["Wire version of", _id(f"claims:{row['variant_of']}")])
    shown = [cells for cells in rows if cells[1]]
    blocks: list[Block] = [table("What was said", ("", "As the ledger has it"), shown)]
    wires: list[list[Cell]] = [
        [
            item["wire"],
            lang.amount(item["quantity"], item["unit"] or "", lang.decimals_of(item["quantity"] or 0)),
            [_web(item["source_url"], item["publisher"] or "page"), _dated(item["published_on"])],
            quote(item["note"]),
        ]
        for item in desk.wires.get(row["id"], ())
    ]
    if wires:
        blocks.append(table("Versions of the wires", ("Wire", "Number", "Read in", "Note"), wires))
    read: list[list[Cell]] = [
        [
            [_web(item["source_url"], item["publisher"] or "page"), _dated(item["published_on"])],
            AGREES.get(item["result"], item["result"]),
            ", ".join(item["checked"] or []),
            quote(item["words"]),
        ]
        for item in desk.pages.get(row["id"], ())
    ]
    if read:
        head = f"Pages read when it was checked, {lang.day(row['audited_on'])}"
        if row["audit_result"] == "corrected":
            head += ", and held against the row before it was corrected"
        blocks.append(table(head, ("Page", "Result", "Held against it", "Words seen, shortened"), read))
    return blocks


AGREES = {"agrees": "agrees", "differs": "differs", "same_source": "the same source"}


KINDS = {
    "record": "a record of what happened",
    "order": "an order: not checked as a record",
    "announcement": "an announcement: not checked as a record",
    "statement": "a statement without an event to measure",
}


def _dated(day: str | None) -> str:
    return f", {lang.partial(day)}" if day else ""


def _number(row: Mapping[str, Any]) -> str:
    if row["quantity"] is None:
        return ""
    return lang.amount(row["quantity"], row["unit"] or "", lang.decimals_of(row["quantity"]))


def _days(row: Mapping[str, Any]) -> str:
    if len(row["period_start"] or "") == len(row["period_end"] or "") == 10:
        start, end = date.fromisoformat(row["period_start"]), date.fromisoformat(row["period_end"])
        if start <= end:
            return lang.period(start, end)
    first, last = lang.partial(row["period_start"]), lang.partial(row["period_end"])
    return first if first == last else " to ".join(filter(None, (first, last)))


def _verdict(desk: Desk, then: Check, now: Check) -> list[Block]:
    rows: list[list[Cell]] = []
    for item in (then, now):
        sized = item.judged.measured if item.judged else None
        ratio, ends = verdicts.ratio_words(item)
        interval = (
            f"{lang.number(sized.centre)} [{lang.number(sized.low)}, {lang.number(sized.high)}]"
            if sized
            else ""
        )
        rows.append(
            [
                f"{verdicts.VIEWS[item.view]} ({lang.day(item.as_of)})",
                verdicts.VERDICTS[item.verdict],
                interval,
                f"{ratio} {ends}".strip(),
                verdicts.why(item),
            ]
        )
    heads = ("View", "Verdict", "Measured [95%], km²", "Stated to measured", "To know")
    return [
        heading("Verdict"),
        say(" ".join(verdicts.summary(now, desk.rule, desk.days))),
        table("With what was known then and now", heads, rows),
    ]


def _measured(desk: Desk, now: Check) -> Block | None:
    alone = verdicts.alone(now, desk.rule)
    rows: list[list[Cell]] = []
    for item in now.estimates:
        ids: list[Inline] = []
        for name in item.rows:
            ids += [", " if ids else "", Fig(name, name)]
        single = alone.get(item.family, now.verdict)
        rows.append(
            [
                desk.rule.title(item.family),
                lang.number(item.value),
                _covers(desk, now, item.rows),
                item.how,
                single,
                item.grade,
                ids,
            ]
        )
    heads = ("Measurer", "km²", "Days", "How", "Verdict alone", "Grade", "Rows")
    return table("What was measured, with every row it rests on", heads, rows, (1,)) if rows else None


def _covers(desk: Desk, check: Check, rows: Sequence[str]) -> str:
    """The days a measurement covers."""
    found = covered.other(check, rows, desk.days)
    if found is None and check.start is not None:
        found = Period(check.start, check.end)
    return lang.period(found.start, found.end) if found else lang.NOT_KNOWN


def _town(desk: Desk, name: str) -> Block | None:
    """For a claimed capture: from when the mapper's polygon held the town's centre (the latest entry)."""
    item = desk.towns.get(name)
    if item is None:
        return None
    gap = ""
    if item.entered and item.said:
        gap = stories.gap(item.entered, item.said).replace("the same day", "the day of the statement")
    entered = lang.day(item.entered) if item.entered else "not inside so far"
    until = lang.day(item.seen_to) if item.seen_to else ""
    rows: list[list[Cell]] = [[entered, gap, until, quote(item.source)]]
    heads = ("Centre inside the polygon from", "Counted from the statement", "Map seen to", "Source")
    return table("What the map shows of the town", heads, rows)


def _left_out(desk: Desk, now: Check) -> Block | None:
    rows: list[list[Cell]] = []
    for name, value, verdict, inputs in now.others:
        ids: list[Inline] = []
        for item in inputs:
            ids += [", " if ids else "", Fig(item, item)]
        why = str(desk.rule.excluded[name]["why"]).replace("km2", "km²")
        days = _covers(desk, now, inputs)
        rows.append([desk.rule.title(name), lang.number(value), days, why, verdict, ids])
    heads = ("Left out", "km²", "Days", "Why", "Verdict with it", "Rows")
    return table("Measured as well and not used", heads, rows, (1,)) if rows else None


def _doubt(now: Check) -> Block | None:
    """How sure the measurement is, where a check carries its `doubt`: each component with its size, and whether it
    sets the width of the interval.
    """
    found = getattr(now, "doubt", None)
    if found is None:
        return None
    rows: list[list[Cell]] = []
    for text in found.sentences():
        name, _, rest = lang.refuse_causal(text).replace("km2", "km²").partition(", ")
        size, _, effect = rest.rpartition(": ")
        rows.append([name[:1].upper() + name[1:], size, effect])
    return table("How sure the measurement is", ("Component", "Size", "What it does to the interval"), rows)


def _misfits(desk: Desk, row: Mapping[str, Any]) -> list[Block]:
    rows: list[list[Cell]] = []
    for item in desk.misfits.get(row["id"], ()):
        ids: list[Inline] = []
        for name in item.rows:
            ids += [", " if ids else "", Fig(name.removeprefix("claims:"), name)]
        figures = " and ".join(lang.number(value, lang.decimals_of(value)) for value in item.values)
        end = item.period.end or item.period.start
        words = [contradictions.KINDS[item.kind], f"{figures} {lang.unit_words(item.unit)}"]
        rows.append([*words, lang.period(item.period.start, end), ids])
    heads = ("What does not fit", "Figures", "Days", "Rows")
    return [table("Statements that do not fit this one", heads, rows)] if rows else []


def _acts(desk: Desk, row: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Acts signed within a week of the statement."""
    said = row["said_on"] or ""
    if len(said) != 10:
        return []
    day = date.fromisoformat(said)
    return [
        item
        for item in desk.acts
        if len(item["signed_on"] or "") == 10
        and abs((date.fromisoformat(item["signed_on"]) - day).days) <= WEEK
    ]


def _near(desk: Desk, acts: Sequence[Mapping[str, Any]]) -> list[Block]:
    if not acts:
        return []
    rows: list[list[Cell]] = [
        [
            lang.partial(item["signed_on"]),
            act_names.cell(item, country=True),
            stories.wording(item["title_en"]),
            Fig(str(item["id"]), f"acts:{item['id']}"),
        ]
        for item in acts
    ]
    rate = (
        f" On {lang.percent(100 * desk.share)} of all days a statement lies within a week."
        if desk.share
        else ""
    )
    return [
        heading("Acts signed within a week"),
        table("Near in time, and nothing more", ("Signed", "Act", "What", "Id"), rows),
        say(f"Dates that lie near one another.{rate} No link is claimed."),
    ]


# ---------------------------------------------------------------------------- the index


def _index(desk: Desk) -> Page:
    rows: list[list[Cell]] = []
    for name, row in sorted(
        desk.rows.items(), key=lambda item: (item[1]["said_on"] or "", item[0]), reverse=True
    ):
        now = desk.checks[name][1]
        ratio, ends = verdicts.ratio_words(now)
        doubt = keeping.DOUBTED.get(row["audit_result"])
        rows.append(
            [
                lang.partial(row["said_on"]) or "day not known",
                _id(f"claims:{name}"),
                row["speaker"],
                quote(row["summary"]) + (f" ({doubt})" if doubt else ""),
                now.verdict.replace("_", " "),
                f"{ratio} {ends}".strip(),
                "two" if row["second_source"] else "one",
            ]
        )
    heads = (
        "Said on",
        "Page",
        "Speaker",
        "Statement, as recorded",
        "Verdict",
        "Stated to measured",
        "Sources",
    )
    blocks = (
        say(
            f"{lang.plural(len(rows), 'statement')} known on {lang.day(desk.as_of)}, newest first. Only statements about "
            "ground gained in Ukraine can be judged; what cannot be checked says why on its page."
        ),
        table("Every statement", heads, rows),
    )
    return Page("index", "Statements", f"Checked by {desk.rule.name}", "", blocks, None, up=False)
