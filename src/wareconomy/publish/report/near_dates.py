"""Dates of laws and of statements that lie close together: described as coincidence, with the rate of chance.

The rule, fixed before looking: acts are Russian, signed on a known day, one law counted once; statements are those
of the Russian side about territory, wire variants left out; a pair is an act and a statement at most three days
apart. Chance is coverage: the share of days of the window that lie within three days of a statement, times the
number of acts.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from wareconomy.publish import language as lang
from wareconomy.publish.document import Block, Fig, Section
from wareconomy.publish.report.desk import Cell, Desk, note, quote, say, section, table, year_before
from wareconomy.publish.report.law import number, title

NEAR = 3
ACTS = (
    "SELECT act, signed_on, min(id) AS id FROM acts_as_of($day) WHERE jurisdiction = 'ru' AND stage NOT IN "
    "('proposed', 'statement') "
    "AND length(signed_on) = 10 AND CAST(signed_on AS DATE) BETWEEN $first AND $last GROUP BY act, signed_on"
)
CLAIMS = (
    "SELECT id, said_on FROM claims_as_of($day) WHERE side = 'russia' AND variant_of IS NULL AND length(said_on) = 10 "
    "AND topic IN ('territory_gain', 'settlement_capture', 'buffer_zone') AND CAST(said_on AS DATE) BETWEEN $first AND $last"
)
CLOSE = f"abs(CAST(a.signed_on AS DATE) - CAST(c.said_on AS DATE)) <= {NEAR}"
STORIES = (
    (date(2026, 7, 3), date(2026, 7, 4), "July 2026"),
    (date(2025, 12, 27), date(2025, 12, 31), "December 2025"),
)


def compose(desk: Desk) -> Section:
    """Counts and chance first, the pairs after, then two named stories."""
    last = desk.as_of
    first = year_before(last) + timedelta(days=1)
    blocks: list[Block | None] = [
        *_counts(desk, first, last),
        *_stories(desk),
        *desk.pictures("near-dates"),
        _pairs(desk, first, last),
    ]
    blocks.append(
        note(
            "No link is claimed. Laws are signed in batches and statements come in clusters, before "
            "meetings and at the end of a year; dates "
            "that cluster fall near one another more often than this plain expectation says. Both lists are "
            "selections, not censuses, and rows gathered around known weeks bring dates together by themselves. "
            "No test is printed: with so few dates none could tell a link from chance."
        )
    )
    return section("near-dates", "Dates of laws and of statements", blocks)


def _counts(desk: Desk, first: date, last: date) -> list[Block]:
    span = {"first": first, "last": last}
    window = f"{lang.day(first)} to {lang.day(last)}"
    acts, acts_fig = desk.count(
        "near-acts", f"Russian acts signed {window}", f"SELECT count(*) FROM ({ACTS})", span
    )
    claims, claims_fig = desk.count(
        "near-claims",
        f"Russian statements about territory {window}",
        f"SELECT count(*) FROM ({CLAIMS})",
        span,
    )
    if not acts or not claims:
        return [
            say(
                f"From {window} the ledger holds ",
                acts_fig,
                f" signed {lang.noun(acts, 'act')} and ",
                claims_fig,
                f" {lang.noun(claims, 'statement')} about territory by the Russian side; there is nothing to compare.",
            )
        ]
    days, days_fig = desk.count(
        "near-claim-days",
        "days with such a statement",
        f"SELECT count(DISTINCT said_on) FROM ({CLAIMS})",
        span,
    )
    signing, signing_fig = desk.count(
        "near-signing-days",
        "days on which such an act was signed",
        f"SELECT count(DISTINCT signed_on) FROM ({ACTS})",
        span,
    )
    pairs, pairs_fig = desk.count(
        "near-pairs",
        f"pairs of an act and a statement at most {NEAR} days apart",
        f"SELECT count(*) FROM ({ACTS}) AS a JOIN ({CLAIMS}) AS c ON {CLOSE}",
        span,
    )
    hit_sql = (
        f"SELECT count(DISTINCT (a.act, a.signed_on)) FROM ({ACTS}) AS a JOIN ({CLAIMS}) AS c ON {CLOSE}"
    )
    hits, hits_fig = desk.count("near-acts-hit", "acts with a statement nearby", hit_sql, span)
    hits_fig = hits_fig if hits else Fig("no", hits_fig.id)
    pairs_fig = pairs_fig if pairs else Fig("no", pairs_fig.id)
    day_sql = f"SELECT count(DISTINCT a.signed_on) FROM ({ACTS}) AS a JOIN ({CLAIMS}) AS c ON {CLOSE}"
    _, hit_days_fig = desk.count(
        "near-signing-days-hit", "signing days with a statement nearby", day_sql, span
    )
    cover_sql = (
        "SELECT count(DISTINCT d) FROM (SELECT CAST(unnest(generate_series($first::TIMESTAMP, "
        "$last::TIMESTAMP, INTERVAL 1 DAY)) AS DATE) AS d) "
        f"JOIN ({CLAIMS}) AS c ON abs(d - CAST(c.said_on AS DATE)) <= {NEAR}"
    )
    covered, covered_fig = desk.count(
        "near-days-covered", f"days of the window within {NEAR} days of such a statement", cover_sql, span
    )
    length = (last - first).days + 1
    chance = acts * covered / length
    chance_days = signing * covered / length
    formula = f"acts × days covered ÷ {length} days of the window"
    chance_fig = desk.calc("near-expected", chance, lang.number(chance, 1), formula, [acts_fig, covered_fig])
    days_formula = f"signing days × days covered ÷ {length} days of the window"
    chance_days_fig = desk.calc(
        "near-expected-days",
        chance_days,
        lang.number(chance_days, 1),
        days_formula,
        [signing_fig, covered_fig],
    )
    return [
        say(
            f"From {window} the ledger holds ",
            acts_fig,
            f" Russian {lang.noun(acts, 'act')} signed on ",
            signing_fig,
            f" {lang.noun(signing, 'day')}, and ",
            claims_fig,
            f" {lang.noun(claims, 'statement')} of the Russian side about territory made on ",
            days_fig,
            f" {lang.noun(days, 'day')}. They form ",
            pairs_fig,
            f" {lang.noun(pairs, 'pair')} at most three days apart; ",
            hits_fig,
            f" {lang.noun(hits, 'act')} ",
            "has" if hits == 1 else "have",
            " a statement nearby.",
        ),
        say(
            "By chance alone: ",
            covered_fig,
            f" of the {length} days lie within three days of a statement. Signing days that had nothing to "
            "do with the statements would give ",
            chance_fig,
            " acts with a statement nearby, or, counting a day with several acts once, ",
            chance_days_fig,
            " signing days where ",
            hit_days_fig,
            " are seen. No link is claimed.",
        ),
    ]


def _near(desk: Desk, first: date, last: date) -> list[dict[str, Any]]:
    sql = (
        "SELECT a.id, a.signed_on, list(c.id ORDER BY c.said_on, c.id) AS claims, list(DISTINCT c.said_on "
        "ORDER BY c.said_on) AS days "
        f"FROM ({ACTS}) AS a JOIN ({CLAIMS}) AS c ON {CLOSE} GROUP BY a.id, a.signed_on ORDER BY a.signed_on DESC, a.id"
    )
    return desk.rows(sql, {"first": first, "last": last})


def _pairs(desk: Desk, first: date, last: date) -> Block | None:
    acts = {row["id"]: row for row in desk.rows("SELECT * FROM acts_as_of($day)")}
    rows: list[list[Cell]] = []
    for found in _near(desk, first, last):
        act = acts[found["id"]]
        listed: list[Any] = []
        for name in found["claims"]:
            listed += [", " if listed else "", desk.known(f"claims:{name}", name, None, None)]
        rows.append(
            [
                lang.partial(found["signed_on"]),
                desk.row("acts", act, number(act) or "no number printed"),
                title(act),
                lang.series_of([lang.partial(day) for day in found["days"]]),
                listed,
            ]
        )
    if not rows:
        return None
    heads = ("Signed", "Act", "What", "Statements made on", "Statements")
    return table(f"Acts with a statement at most {NEAR} days away", heads, rows)


def _stories(desk: Desk) -> list[Block]:
    blocks: list[Block] = []
    for first, last, name in STORIES:
        if last > desk.as_of:
            continue
        near = {"first": first - timedelta(days=NEAR), "last": last + timedelta(days=NEAR)}
        acts = desk.rows(
            f"SELECT b.* FROM ({ACTS}) AS a JOIN manual.acts AS b ON b.id = a.id ORDER BY b.signed_on, b.id",
            near,
        )
        claims = desk.rows(
            f"SELECT b.* FROM ({CLAIMS}) AS c JOIN manual.claims AS b ON b.id = c.id ORDER BY b.said_on, b.id",
            {"first": first, "last": last},
        )
        claims = [row for row in claims if row["topic"] == "buffer_zone"] or claims
        acts = [row for row in acts if first <= date.fromisoformat(row["signed_on"]) <= last]
        if acts and claims:
            blocks.append(_story(desk, name, acts, claims))
    return blocks


def _story(desk: Desk, name: str, acts: list[dict[str, Any]], claims: list[dict[str, Any]]) -> Block:
    parts: list[Any] = [f"{name}: "]
    for place, row in enumerate(acts):
        signed = date.fromisoformat(row["signed_on"])
        what = title(row)
        act: Fig | str = desk.row("acts", row, number(row) or what)
        tail = f" ({what})" if number(row) else ""
        parts += [
            "; " if place else "",
            act,
            f"{tail} was signed on {lang.weekday(signed)}, {lang.day(signed)}",
        ]
    parts.append(". ")
    for place, row in enumerate(claims):
        said = date.fromisoformat(row["said_on"])
        summary = quote(row["summary"]).rstrip(".")
        lead = "; " if place else "Statements: "
        parts += [
            f"{lead}{row['speaker']}, {lang.day(said)}: {summary[:1].lower()}{summary[1:]} (",
            desk.row("claims", row, row["id"]),
            ")",
        ]
    days = [date.fromisoformat(text) for row in acts for text in (row["signed_on"],)] + [
        date.fromisoformat(row["said_on"]) for row in claims
    ]
    weeks = {day.isocalendar()[:2] for day in days}
    near = (
        "lie in the same week"
        if len(weeks) == 1
        else f"lie within {lang.plural((max(days) - min(days)).days, 'day')} of one another"
    )
    parts.append(f". The dates {near}. No link is claimed.")
    return say(*parts)
