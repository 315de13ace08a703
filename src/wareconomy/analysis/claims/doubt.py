"""How sure the measurement behind a check is: digitising, recording lag and definition, stated apart.

Two of them make the interval of the rule (`catalog/claim_rule.toml`): the lag with which a mapper records a change, which
grows smaller as windows grow longer, and the definition of what counts as held, which does not. Digitising, how exactly
the line was drawn, is far below both; it is listed and never sets the width. Nothing here changes a verdict.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from wareconomy.analysis.claims.evaluate import Measured
from wareconomy.analysis.claims.rule import Rule

SIGMA_M = 100.0
"""Standard error of a vertex in metres that the digitising error is stated for."""
DIGITISING = {1: 2.3, 2: 2.9, 3: 3.3, 4: 3.4, 6: 3.5}
"""Standard error in km2 of a net change over so many months for SIGMA_M (Chrisman and Yandell 1988): medians over the daily
DeepState maps from July 2024 to March 2026, computed by `analysis.territory.uncertainty.net_sd`."""
DIGITISING_MOST = 13.1
"""The largest of them, where the mapper had redrawn a long stretch of unmoved line; taken beyond six months."""
LAG, DEFINITION, DIGITISED = "recording lag", "definition", "digitising"


@dataclass(frozen=True, slots=True)
class Doubt:
    """The three components of one check, each one standard deviation.

    `scale` is `log` (lag and definition are s.d. of the logarithm) or `km2` (then the calibrated lag holds the differences
    of definition too, and `definition` is None). `se` of the interval is the root of the sum of their squares. `span` is the
    range in km2 over the days the map files may show, None where no map file was used.
    """

    scale: str
    lag: float
    definition: float | None
    digitising_km2: float
    centre_km2: float
    sets_width: tuple[str, ...]
    span_km2: tuple[float, float] | None = None
    listed_only: tuple[str, ...] = (DIGITISED,)

    @property
    def lag_km2(self) -> float:
        """One s.d. of the lag upwards from the centre, in km2."""
        return self.lag if self.scale == "km2" else self.centre_km2 * math.expm1(self.lag)

    @property
    def definition_km2(self) -> float | None:
        """One s.d. of the definition upwards from the centre, in km2."""
        return None if self.definition is None else self.centre_km2 * math.expm1(self.definition)

    @classmethod
    def of_row(cls, row: Mapping[str, Any]) -> Doubt | None:
        """The inverse of `columns`, from a row of claim_checks; None where nothing was measured."""
        if row["lag_sd"] is None:
            return None
        return cls(
            "km2" if row["branch"] == "additive" else "log",
            row["lag_sd"],
            row["definition_sd"],
            row["digitising_km2"],
            row["measured"],
            tuple(row["width_from"]),
            None if row["span_low"] is None else (row["span_low"], row["span_high"]),
            tuple(row["listed_only"]),
        )

    def sentences(self) -> list[str]:
        """The three in words, with their sizes and what each does to the interval."""
        if self.definition is None:
            first = (
                f"{LAG} and {DEFINITION} together, ±{self.lag_km2:,.0f} km2 (one standard deviation of a mapper's change "
                "over such a window; ratios have no meaning near zero): sets the width"
            )
            made = [first]
        else:
            made = [
                f"{LAG}, ±{100 * math.expm1(self.lag):.0f} % or {self.lag_km2:,.0f} km2 (one standard deviation, smaller "
                "the longer the window): sets the width",
                f"{DEFINITION}, ±{100 * math.expm1(self.definition):.0f} % or {self.definition_km2:,.0f} km2 (what counts "
                "as held; the same over any window): sets the width",
            ]
        if self.span_km2 and self.span_km2[0] != self.span_km2[1]:
            low, high = self.span_km2
            made.append(
                f"day of the map, {low:,.1f} to {high:,.1f} km2 over the days the files may show: read as a whole"
            )
        made.append(
            f"{DIGITISED}, ±{self.digitising_km2:.1f} km2 (vertices true to {SIGMA_M:.0f} m): listed, not in the width"
        )
        return made


def columns(doubt: Doubt | None) -> dict[str, Any]:
    """Plain values, as columns of the table claim_checks; all None or empty where nothing was measured."""
    low, high = (doubt.span_km2 if doubt else None) or (None, None)
    return {
        "lag_sd": doubt and doubt.lag,
        "lag_km2": doubt and doubt.lag_km2,
        "definition_sd": doubt and doubt.definition,
        "definition_km2": doubt and doubt.definition_km2,
        "digitising_km2": doubt and doubt.digitising_km2,
        "span_low": low,
        "span_high": high,
        "width_from": list(doubt.sets_width) if doubt else [],
        "listed_only": list(doubt.listed_only) if doubt else [],
    }


def components(
    rule: Rule, measured: Measured, months: float, families: int, days: Sequence[float] = ()
) -> Doubt:
    """What the interval of a check is made of: `months` of window, `families` measured, `days` the km2 by day of file.

    On the log scale lag is sigma(W)/sqrt(J) and definition s_b; on the additive one the s.d. of the calibrated difference of
    two mappers holds both. ValueError for no family or no window.
    """
    if families < 1 or not months > 0:
        raise ValueError("an interval needs a family that measured and a window")
    span = (min(days), max(days)) if days else None
    drawn = digitising_km2(months)
    if measured.branch == "additive":
        width = (f"{LAG} and {DEFINITION}",)
        return Doubt("km2", measured.se, None, drawn, measured.centre, width, span)
    lag = rule.sigma(months) / math.sqrt(families)
    return Doubt("log", lag, rule.s_b, drawn, measured.centre, (LAG, DEFINITION), span)


def digitising_km2(months: float) -> float:
    """Standard error in km2 of a net change over a window for SIGMA_M, that of the next longer window listed."""
    return next((km2 for window, km2 in DIGITISING.items() if months <= window), DIGITISING_MOST)
