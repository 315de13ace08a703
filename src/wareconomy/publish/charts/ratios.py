"""Forest plot of checked statements: stated over measured with its interval, by claimant."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from wareconomy.publish import keeping, theme
from wareconomy.publish.charts import marks
from wareconomy.publish.charts.known import Known, make
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import claimant, left_out, number, plural, span
from wareconomy.publish.theme import BLUE, GREEN, INK, MID, PALE, RED

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from wareconomy.analysis.claims.rule import Rule

SHOWN = 34
"""Lines that can be read at the height of a tall chart."""
OBLASTS = {
    "UA-09": "Luhansk",
    "UA-12": "Dnipropetrovsk",
    "UA-14": "Donetsk",
    "UA-23": "Zaporizhzhia",
    "UA-59": "Sumy",
    "UA-63": "Kharkiv",
    "UA-65": "Kherson",
}
VERDICT_MARKS = {"overstated": ("o", RED), "consistent": ("s", BLUE), "understated": ("D", GREEN)}


def claim_ratios(known: Known) -> Chart | None:
    """Forest plot: stated over measured with its 95 percent interval, by claimant, every statement the rule
    could judge.
    """
    from wareconomy.analysis.claims import rule, stored

    loaded = rule.load()
    table = {row["id"]: row for row in known.records("SELECT * FROM claims_as_of($day)")}
    found = [
        item
        for item in stored.all_checks(known.con, known.day)
        if item.view == "now"
        and not table[item.claim]["variant_of"]
        and item.judged
        and item.judged.ratio
        and item.judged.ratio_low
        and item.start
        and item.end
    ]
    if not found:
        return None
    over = sum(1 for item in found if item.verdict == "overstated")
    even = sum(1 for item in found if item.verdict == "consistent")
    title = (
        f"Of {plural(len(found), 'statement')} of area that could be checked, {over} overstated and "
        f"{even} consistent with independent maps"
    )
    found.sort(key=lambda item: (table[item.claim]["said_on"] or "", item.claim))
    undrawn = len(found[:-SHOWN])  # the oldest; the counts of the title are of all
    found = found[-SHOWN:]
    found.sort(key=lambda item: claimant(table[item.claim]["speaker"]))
    rows: list[dict[str, Any]] = []
    for item in found:
        made, row = item.judged, table[item.claim]
        assert made
        assert made.measured
        assert item.start
        assert item.end
        rows.append(
            {
                "name": f"{item.claim} {claimant(row['speaker'])}, {span(item.start, item.end)}{_part(row)}",
                "ratio": made.ratio,
                "low": made.ratio_low,
                "high": made.ratio_high,
                "verdict": item.verdict,
                "sure": keeping.sure(row),
                "second": bool(row["second_source"]),
                "claim": item.claim,
                "families": len(item.estimates),
                "split": "definition_dependent" in item.reasons,
                "open": item.stated.wording == "at_least" if item.stated else False,
            }
        )
    return make(
        known,
        "claim-ratios",
        "claims",
        "ratios:draw_claim_ratios",
        title=title,
        subtitle=f"Area stated over area measured on the same days (printed figures: to within {loaded.tolerance} days), "
        f"with 95% interval, by {loaded.name}; 1 is exactly as measured",
        alt=f"Points with intervals by statement on a ratio axis. {title}. "
        + " ".join(
            f"{row['claim']}: {number(row['ratio'], 1)}, {number(row['low'], 1)} to {_top(row['high'])}, "
            f"{row['verdict']}."
            for row in rows
        ),
        columns=("claim", "ratio", "low", "high", "verdict", "measurers", "second_source"),
        rows=[
            (r["claim"], r["ratio"], r["low"], r["high"], r["verdict"], r["families"], r["second"])
            for r in rows
        ],
        payload={"tall": True, "rows": rows},
        sources=["Statements as listed", "deepstate_mirror", "isw"],
        figures=[f"claims:{item.claim}" for item in found],
        notes=[
            f"{keeping.HOLLOW} A star: each measurer alone would not give the same verdict. "
            "“More than” is drawn as the number said." + _trust(known, loaded),
            "Of one statement in several wire versions the first is drawn. Statements on part of the front are "
            "measured in the oblasts named." + left_out(undrawn),
        ],
    )


def _trust(known: Known, loaded: Rule) -> str:
    """How often the rule accuses an honest measurer, where that can be computed."""
    from wareconomy.analysis.claims import calibration

    found = calibration.false_alarms(known.con, loaded, known.day)
    if not found:
        return ""
    return (
        f" Of {found[0]['windows']} months of an honest measurer the rule calls {found[0]['overstated']} overstated "
        "(in-sample)."
    )


def _part(row: dict[str, Any]) -> str:
    """The oblast of a statement about one oblast."""
    regions = row["regions"] or []
    return f", {OBLASTS.get(regions[0], regions[0])}" if len(regions) == 1 else ""


def _top(high: float | None) -> str:
    return number(high, 1) if high is not None else "no upper end"


def draw_claim_ratios(figure: Figure, chart: Chart) -> None:
    """One line per statement on a logarithmic ratio axis; shape and colour by verdict."""
    from matplotlib.lines import Line2D

    rows: list[dict[str, Any]] = chart.payload["rows"][::-1]
    (axes,) = marks.panels(figure, theme.frame(figure, chart), left=2.9, right=0.65, head=0.3)
    axes.set_xscale("log")
    axes.grid(visible=False, axis="y")
    axes.grid(visible=True, axis="x", color=PALE, linewidth=0.6)
    highs = [row["high"] or row["ratio"] * 2 for row in rows]
    axes.set_xlim(min(0.3, *(row["low"] * 0.9 for row in rows)), max(*highs, 4) * 1.1)
    ticks = [
        tick for tick in (0.25, 0.5, 1, 1.5, 2, 3, 5, 8) if axes.get_xlim()[0] <= tick <= axes.get_xlim()[1]
    ]
    axes.set_xticks(ticks, [f"×{number(tick, 1) if tick % 1 else number(tick)}" for tick in ticks])
    axes.minorticks_off()
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_yticks(range(len(rows)), [theme.clean(row["name"]) for row in rows], fontsize=7.5)
    axes.axvline(1, color=INK, linewidth=1, zorder=1)
    for y, row in enumerate(rows):
        shape, colour = VERDICT_MARKS.get(row["verdict"], ("x", MID))
        axes.hlines(y, row["low"], row["high"] or axes.get_xlim()[1], color=colour, linewidth=1.6, zorder=2)
        axes.plot(
            [row["ratio"]],
            [y],
            shape,
            color=colour,
            markersize=5.5,
            markerfacecolor=colour if row["sure"] else "white",
            markeredgewidth=1.4,
            zorder=3,
        )
        words = f"{'≥ ' if row['open'] else ''}{number(row['ratio'], 1)}{'*' if row['split'] else ''}"
        axes.text(
            1.012, y, words, transform=axes.get_yaxis_transform(), va="center", fontsize=7.5, color=colour
        )
    handles = [
        Line2D([], [], marker=shape, color=colour, linewidth=1.6, markersize=5.5, label=name)
        for name, (shape, colour) in VERDICT_MARKS.items()
        if any(row["verdict"] == name for row in rows)
    ]
    marks.key(axes, columns=3, lift=0.06, handles=handles)
