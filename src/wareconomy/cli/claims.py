"""The command about statements: claims, with its checks, contradictions, counts and rule."""

from __future__ import annotations

from argparse import Namespace
from datetime import date
from typing import Any

from wareconomy import settings
from wareconomy.cli import output
from wareconomy.errors import UnknownName, UsageError
from wareconomy.ledger import query as ledger
from wareconomy.model import label

LISTED = (
    "claim",
    "said_on",
    "speaker",
    "stated",
    "period",
    "measured",
    "ratio",
    "verdict",
    "then",
    "reasons",
)


def claims(arguments: Namespace) -> int:
    """List the checks, show one, or list contradictions, counts, or the rule itself."""
    actions = {
        "list": _list,
        "check": _check,
        "contradictions": _contradictions,
        "counts": _counts,
        "rule": _rule,
    }
    with ledger.connect(settings.find().database) as con:
        day = ledger.as_of_day(con, ledger.day_asked(arguments.as_of, date.today()))
        return actions[arguments.action](con, day, arguments)


def plain(line: str) -> str:
    """A sentence for a terminal: no-break spaces become spaces before control characters are dropped."""
    return output.clean(line.replace("\u00a0", " "))


def _list(con: Any, day: date, arguments: Namespace) -> int:
    from wareconomy.analysis.claims import stored

    found = stored.all_checks(con, day)
    if arguments.json:
        output.emit_json([item.as_dict() for item in found])
        return 0
    rows = {row["id"]: row for row in ledger.records(con, "SELECT * FROM claims_as_of($day)", {"day": day})}
    then = {item.claim: item.verdict for item in found if item.view == "then"}
    lines = []
    for item in found:
        if item.view == "then" or item.verdict == "not_quantitative":
            continue
        row, made = rows[item.claim], item.judged
        sized = made.measured if made else None
        lines.append(
            (
                item.claim,
                row["said_on"],
                row["speaker"],
                f"{row['quantity'] or '':g} {row['unit']}" if row["quantity"] is not None else "",
                label(item.start, item.end) if item.start else "",
                f"{sized.centre:.0f} [{sized.low:.0f}, {sized.high:.0f}]" if sized else "",
                round(made.ratio, 2) if made and made.ratio else None,
                item.verdict,
                then.get(item.claim),
                ";".join(item.reasons),
            )
        )
    output.emit_table(LISTED, lines, f"Statements checked as known on {day}")
    return 0


def _check(con: Any, day: date, arguments: Namespace) -> int:
    from wareconomy.analysis.claims import rule, stored
    from wareconomy.publish import claimreview, covered, identifiers, keeping, verdicts

    if len(arguments.id) != 1:
        raise UsageError("name one statement: wareconomy claims check C154")
    name = arguments.id[0].removeprefix("claims:")
    found = [item for item in stored.all_checks(con, day) if item.claim == name]
    if not found:
        known = [row[0] for row in con.execute("SELECT id FROM claims_as_of($day)", {"day": day}).fetchall()]
        raise UnknownName("claim", name, known)
    row = ledger.records(con, "SELECT * FROM claims_as_of($day) WHERE id = $id", {"day": day, "id": name})[0]
    if arguments.review:
        dataset = identifiers.dataset(day, ledger.meta(con)["input_digest"])
        output.emit_json(claimreview.review(found[-1], row, rule.load(), dataset, days=covered.read(con)))
    elif arguments.json:
        kept = {"kept": keeping.entry(row)}
        output.emit_json([item.as_dict() | kept for item in found])
    else:
        print(output.clean(row["summary"]))
        print(f"  {output.clean(row['source_url'])}")
        print(f"  how the row is kept: {plain(keeping.sentence(row))}")
        days = covered.read(con)
        for item in found:
            when = "was known when it was made" if item.view == "then" else "is known now"
            print(f"\nWith what {when} ({item.as_of}):")
            told = verdicts.check_sentences(item, rule.load(), row["speaker"], row["said_on"] or "", days)
            for line in told:
                print(f"  {plain(line)}")
            for estimate in item.estimates:
                print(f"    {estimate.family}: {output.clean(estimate.how)} [{', '.join(estimate.rows)}]")
            for line in item.doubt.sentences() if item.doubt else ():
                print(f"    how sure: {line}")
    return 0


def _contradictions(con: Any, day: date, arguments: Namespace) -> int:
    from wareconomy.analysis.claims import contradictions

    found = contradictions.find(con, day)
    heaps = contradictions.heaping(con, day)
    if arguments.json:
        output.emit_json(
            {
                "contradictions": [
                    {
                        "kind": c.kind,
                        "rows": c.rows,
                        "values": c.values,
                        "unit": c.unit,
                        "period": str(c.period),
                        "gap": c.gap,
                        "speakers": c.speakers,
                    }
                    for c in found
                ],
                "heaping": [
                    {
                        "speaker": h.speaker,
                        "figures": h.n,
                        "round": h.heaped,
                        "expected": h.expected,
                        "p": h.p,
                        "refused": h.refused,
                    }
                    for h in heaps
                ],
            }
        )
        return 0
    rows = [
        (
            c.kind,
            ", ".join(c.speakers),
            " / ".join(f"{v:g}" for v in c.values),
            c.unit,
            str(c.period),
            c.gap,
            " ".join(c.rows),
        )
        for c in found
    ]
    output.emit_table(
        ("kind", "speakers", "values", "unit", "period", "gap", "rows"),
        rows,
        "Statements that do not fit one another",
    )
    shown = [
        (
            h.speaker,
            h.n,
            h.heaped,
            h.expected,
            h.p if h.p is None else max(round(h.p, 4), 0.0001),
            h.refused or "",
        )
        for h in heaps
    ]
    print()
    output.emit_table(
        ("speaker", "figures", "round", "expected", "p_at_most", "refused"),
        shown,
        "Round numbers by claimant",
    )
    return 0


def _counts(con: Any, day: date, arguments: Namespace) -> int:
    if arguments.maps:
        from wareconomy.cli import settlements

        return settlements.on_maps(con, day, arguments)
    from wareconomy.analysis.claims import counts

    towns, counted, promised = counts.towns(con, day), counts.counted(con, day), counts.promises(con, day)
    if arguments.json:
        output.emit_json(
            {
                "towns": [
                    {"claim": t.row, "said": t.said, "state": t.state, "entered": t.entered, "days": t.days}
                    for t in towns
                ],
                "counts": [
                    {
                        "claim": c.row,
                        "stated": c.stated,
                        "unit": c.unit,
                        "counted": c.counted,
                        "counted_unit": c.counted_unit,
                        "source": c.source,
                        "independent": c.independent,
                        "ratio": c.ratio,
                    }
                    for c in counted
                ],
                "promises": [
                    {
                        "who": p.who,
                        "promised": p.promised,
                        "given": p.given,
                        "share": p.share,
                        "unit": p.unit,
                        "rows": p.rows,
                    }
                    for p in promised
                ],
            }
        )
        return 0
    output.emit_table(
        ("claim", "said", "state", "entered", "days", "summary"),
        [(t.row, t.said, t.state, t.entered, t.days, t.summary) for t in towns],
        "Claimed captures and the day from which the map polygon held the town's centre (the latest entry)",
    )
    print()
    output.emit_table(
        ("claim", "stated", "unit", "counted", "counted_unit", "source", "independent", "ratio"),
        [
            (
                c.row,
                c.stated,
                c.unit,
                c.counted,
                c.counted_unit,
                c.source,
                c.independent,
                c.ratio and round(c.ratio, 2),
            )
            for c in counted
        ],
        "Stated, and counted or estimated; no interval, none was calibrated",
    )
    print()
    output.emit_table(
        ("who", "promised", "given", "share", "unit", "from", "to"),
        [(p.who, p.promised, p.given, round(p.share, 3), p.unit, p.start, p.end) for p in promised],
        "Aid promised and aid allocated",
    )
    return 0


def _rule(con: Any, day: date, arguments: Namespace) -> int:
    from wareconomy.analysis.claims import calibration, rule

    loaded = rule.load()
    found = calibration.false_alarms(con, loaded, day)
    if arguments.json:
        output.emit_json({"version": loaded.version, "hash": loaded.digest, "false_alarms": found})
        return 0
    print(f"{loaded.name}, sha256 {loaded.digest}")
    print(
        "An honest measurer in the claimant's place (AFP's figures from ISW data against DeepState; "
        "in-sample, the windows the rule was fitted on):"
    )
    output.emit_table(
        ("months", "windows", "overstated", "understated", "plain_ratio_above_1.25"),
        [
            (row["months"], row["windows"], row["overstated"], row["understated"], row["naive"])
            for row in found
        ],
    )
    return 0
