"""Method, limits and sources: how much is assumed, where publishers fell silent, what failed, who measured."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from wareconomy.analysis.claims import rule
from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Fig, Link, Section
from wareconomy.publish.report import collected
from wareconomy.publish.report.desk import Cell, Desk, heading, note, quote, say, section, table

CHECKED = (
    "FROM checks AS c WHERE EXISTS (SELECT 1 FROM observations AS o "
    "WHERE o.series = c.series AND o.edition = c.edition AND o.vintage <= $day)"
)
COUNTED = "FROM observations WHERE vintage <= $day"


def compose(desk: Desk) -> Section:
    """Vintages, how statements and dates are judged, blackouts, failed checks, rows set aside, overdue figures."""
    blocks: list[Block | None] = [
        *_vintages(desk),
        *_claims_and_dates(),
        heading("What is missing"),
        _blackouts(desk),
        _checks(desk),
        _aside(desk),
        _late(desk),
        *collected.blocks(desk),
    ]
    blocks.append(
        say(
            "The ledger holds what was collected, not everything that was published. Figures quoted by the press "
            "were checked against official texts where one was found."
        )
    )
    return section("method", "Method and limits", blocks)


def _claims_and_dates() -> list[Block]:
    """The rule about ground and the test of dates, in the words of a reader who has to defend them."""
    loaded = rule.load()
    months = lang.series_of([lang.number(month) for month in loaded.months])
    spread = lang.series_of([lang.number(loaded.sigma(month), 2) for month in loaded.months])
    used = lang.series_of([str(item["title"]) for item in loaded.families.values() if item["use"]])
    return [
        heading("How a statement about ground is judged"),
        say(
            f"By {loaded.name}, a file of numbers that is published with the code and changes only forward. The words "
            "give the number an interval: “more than 700” is 700 and more, “about” is five percent to either side, a "
            f"plain number is as exact as its digits. One figure of each independent family measures the same days (a "
            f"printed figure may begin or end up to {lang.number(loaded.tolerance)} days off, and its days are printed): "
            f"{used}. A family that counts what a party claims never checks that party, and a mapper never checks "
            "himself. Where the days are open, every reading is tried and the mildest verdict is kept."
        ),
        say(
            f"The interval of a measurement is as wide as honest measurers differ: {spread} on the log scale for "
            f"windows of {months} months, and a further {lang.number(loaded.s_b, 2)} for what they define differently. "
            f"Overstated means that the lowest number the words allow lies above {lang.number(loaded.overstated, 1)} "
            f"times the upper end; understated, that the highest lies below {lang.number(loaded.understated, 1)} times "
            "the lower end."
        ),
        heading("How dates are compared"),
        say(
            "A count of dates that fall together means nothing by itself. Chance is taken twice: every shift of the "
            "first list by whole weeks, which keeps its weekdays and its clusters, and its clusters redrawn from its "
            "weekday and slow trend. The larger p is printed. Several windows of one question are judged by the "
            "largest of them under the same shifts; several questions are taken together by the method of Benjamini "
            "and Yekutieli. Lists of fewer than five days, or windows that cover more than 60% of the record, are "
            "not tested: the lists are printed instead."
        ),
    ]


def _vintages(desk: Desk) -> list[Block]:
    total, total_fig = desk.count(
        "observations", "observations known by the day", f"SELECT count(*) {COUNTED}"
    )
    if not total:
        return [say(f"No observation was known on {lang.day(desk.as_of)}.")]
    assumed, assumed_fig = desk.count(
        "observations-assumed",
        "observations whose day is assumed",
        f"SELECT count(*) {COUNTED} AND basis = 'assumed'",
    )
    _, series_fig = desk.count(
        "series", "series with at least one observation", f"SELECT count(DISTINCT series) {COUNTED}"
    )
    share = desk.calc(
        "assumed-share",
        100 * assumed / total,
        lang.percent(100 * assumed / total),
        "assumed observations divided by all",
        [assumed_fig, total_fig],
    )
    return [
        say(
            "Every figure carries two times: the period it is about and the day from which the public "
            "could know it. This report uses only "
            f"what was known on {lang.day(desk.as_of)}: ",
            total_fig,
            f" {lang.noun(total, 'observation')} of ",
            series_fig,
            " series. The day is printed on the document for most of them; for ",
            assumed_fig,
            " (",
            share,
            ") it is assumed from the usual lag of the series and marked so.",
        ),
        say(
            "A statement is known from the day it was made and a law from the day it was signed; the page cited for it "
            "may be younger, and the notes beside rows are those of today. What became known of a row later, such as a "
            "measurement published against a statement, is in no report of an earlier day."
        ),
        say(
            "Any figure of this report leads back to the line it was read from: “wareconomy explain” "
            "followed by the figure's id, which a "
            "reader of the web page sees on pointing at the figure. Ids that begin with “count:” or "
            "“calc:” are defined in figures.json, which lies "
            "beside this report."
        ),
    ]


def _blackouts(desk: Desk) -> Block | None:
    sql = "SELECT * FROM manual.blackouts_as_of($day) ORDER BY starts_on, id"
    rows: list[list[Cell]] = []
    seen: set[tuple[str, str]] = set()
    for row in desk.rows(sql):
        if (row["what"], row["starts_on"]) in seen:
            continue
        seen.add((row["what"], row["starts_on"]))
        ended = row["ends_on"] and row["ends_on"] <= desk.as_of.isoformat()
        rows.append(
            [
                quote(row["what"].split(":")[0]),
                lang.partial(row["starts_on"]),
                lang.partial(row["ends_on"]) if ended else "not ended",
                quote(row["reason"]) or "no official reason in the ledger",
            ]
        )
    return (
        table(
            "Blackouts: what publishers stopped publishing", ("What", "From", "To", "Official reason"), rows
        )
        if rows
        else None
    )


def _checks(desk: Desk) -> Block:
    total, total_fig = desk.count("checks", "accounting identities evaluated", f"SELECT count(*) {CHECKED}")
    failed, failed_fig = desk.count(
        "checks-failed",
        "identities that do not hold within rounding",
        f"SELECT count(*) {CHECKED} AND NOT passed",
    )
    if not total:
        return say("No accounting identity could be checked over what was known.")
    parts: list[Any] = [
        "Of ",
        total_fig,
        f" accounting {lang.noun(total, 'identity')} checked over the ledger (revenue minus expenditure is the balance, and "
        "the like), ",
        failed_fig if failed else Fig("none", failed_fig.id),
        f" {'does' if failed == 1 else 'do'} not hold within rounding"
        if failed
        else " fails to hold within rounding",
    ]
    worst = desk.rows(
        f"SELECT * {CHECKED} AND NOT passed ORDER BY abs(difference) DESC, series, period LIMIT 3"
    )
    for place, row in enumerate(worst):
        name = f"check-difference-{place + 1}"
        fig = desk.calc(
            name,
            row["difference"],
            lang.signed(row["difference"], 1),
            f"{row['name']}: printed minus expected, {row['edition']}",
            [f"{row['series']}@{row['period']}"],
        )
        parts += [
            ": " if place == 0 else "; ",
            f"{desk.title(row['series'])}, {row['period'][:4]}, by ",
            fig,
            f" {lang.unit_words(desk.unit(row['series']))}",
        ]
    parts.append(
        ". Figures that official tables give together must pass; rounded prints of the press may not add up."
    )
    return say(*parts)


def _aside(desk: Desk) -> Block | None:
    total, fig = desk.count(
        "rows-set-aside", "rows read that are no observation", "SELECT count(*) FROM rejections"
    )
    if not total:
        return None
    found = desk.rows(
        'SELECT "table", reason, count(*) AS n FROM rejections GROUP BY ALL ORDER BY n DESC, "table"'
    )
    words = "; ".join(f"{row['n']} in {row['table'].replace('_', ' ')} ({row['reason']})" for row in found)
    return say("Rows read and set aside, kept but no figure: ", fig, f". They are {quote(words)}.")


def _late(desk: Desk) -> Block | None:
    """Sources past the day by which their next figure is usual."""
    sql = (
        "SELECT s.source, s.title, s.stale_after_days AS days, max(o.period_end) AS newest FROM "
        "observations AS o JOIN sources AS s USING (source) "
        "WHERE o.vintage <= $day AND o.period_end <= $day AND s.stale_after_days IS NOT NULL AND o.value "
        "IS NOT NULL GROUP BY ALL ORDER BY newest DESC, s.source"
    )
    late = [row for row in desk.rows(sql) if row["newest"] + timedelta(days=row["days"]) < desk.as_of]
    if not late:
        return None
    rows: list[list[Cell]] = [
        [quote(row["title"]), lang.day(row["newest"]), lang.plural(row["days"], "day")] for row in late
    ]
    return table(
        "Known gaps: sources whose next figure is overdue in the ledger",
        ("Source", "Newest figure is of", "Usually followed within"),
        rows,
    )


def sources(desk: Desk) -> Section:
    """Who measured, under which terms, and up to when."""
    sql = (
        "SELECT s.*, max(o.period_end) FILTER (o.period_end <= $day) AS newest, count(*) AS n FROM sources AS s "
        "JOIN observations AS o USING (source) WHERE o.vintage <= $day GROUP BY ALL ORDER BY s.title, s.source"
    )
    rows: list[list[Cell]] = []
    for row in desk.rows(sql):
        name = quote(row["title"])
        url = row["url"] or ""
        marks = [
            word
            for flag, word in (
                (row["party"], "party to the war"),
                (row["includes_claims"], "includes a party's claims"),
            )
            if flag
        ]
        rows.append(
            [
                Link(name, url) if url.startswith(("http://", "https://")) else name,
                quote(row["publisher"]),
                quote(row["licence"]),
                quote(row["terms"]),
                lang.day(row["newest"]) if row["newest"] else None,
                ", ".join(marks),
            ]
        )
    heads = ("Source", "Who answers for it", "Licence", "What may be published", "Figures to", "Note")
    blocks: list[Block | None] = [
        table("Sources with their licence and terms", heads, rows)
        if rows
        else say("No source had a figure by that day."),
        note(
            "A source is who measured. The page each row was read in is named in the ledger, row by row, "
            "and printed by “wareconomy explain”."
        ),
    ]
    return section("sources", "Sources and terms", blocks)
