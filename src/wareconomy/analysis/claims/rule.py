"""The rule that judges a statement about ground, read from `catalog/claim_rule.toml`: versioned, hashed, no
number in code.
"""

from __future__ import annotations

import hashlib
import math
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from wareconomy import catalog
from wareconomy.errors import LedgerError

FILE = "claim_rule.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """Rule v1. `sigma` is the s.d. of the log of one source for a window of so many months; `s_b` that of
    the definition.

    Calibrated on the disagreement of two honest measurers (DeepState and AFP's calculation from ISW data,
    16 months): the s.d. of their log ratio by window, divided by the square root of two, and half the log
    of their constant ratio.
    """

    version: str
    digest: str
    z: float
    month_days: float
    months: tuple[float, ...]
    pair: tuple[float, ...]
    short_below_days: int
    s_b: float
    additive_below: float
    additive_sd: float
    overstated: float
    understated: float
    about: float
    tolerance: int
    file_lags: tuple[int, ...]
    then_days: int
    gap_days: int
    families: Mapping[str, Mapping[str, Any]]
    excluded: Mapping[str, Mapping[str, Any]]
    readings: Mapping[str, Mapping[str, Any]]

    @property
    def name(self) -> str:
        """What a sentence cites: rule v1 (1a2b3c4d)."""
        return f"rule v{self.version} ({self.digest[:8]})"

    def window(self, start: date, end: date) -> float:
        """Length of a window in months. ValueError when it ends before it begins."""
        if end < start:
            raise ValueError(f"the period ends before it begins: {start} to {end}")
        return ((end - start).days + 1) / self.month_days

    def short(self, start: date, end: date) -> bool:
        """Whether the window is shorter than the shortest one that was calibrated."""
        return (end - start).days + 1 < self.short_below_days

    def sigma(self, months: float) -> float:
        """S.d. of the log of one source over a window of so many months."""
        root = math.sqrt(2)
        if months * self.month_days < self.short_below_days:
            return self.pair[0] / root / math.sqrt(months)
        if months <= self.months[0]:
            return self.pair[0] / root
        for place in range(1, len(self.months)):
            left, right = self.months[place - 1], self.months[place]
            if months <= right:
                share = (months - left) / (right - left)
                return (self.pair[place - 1] + share * (self.pair[place] - self.pair[place - 1])) / root
        return self.pair[-1] / root

    def family_of(self, method: str) -> str | None:
        """The independent family a method belongs to, None when it is excluded or not known."""
        return next(
            (name for name, item in self.families.items() if item["use"] and method in item["methods"]), None
        )

    def excluded_as(self, method: str) -> str | None:
        """The excluded source a method belongs to."""
        return next((name for name, item in self.excluded.items() if method in item["methods"]), None)

    def title(self, name: str) -> str:
        """Name to print of a family or an excluded source."""
        entry = self.families.get(name) or self.excluded.get(name)
        return str(entry["title"]) if entry else name


@cache
def load(path: Path | None = None) -> Rule:
    """The rule of this installation, or the one in a file of your own. LedgerError when it does not fit
    together.
    """
    source = path or Path(catalog.__file__).with_name(FILE)
    try:
        data = source.read_bytes()
        body = tomllib.loads(data.decode("utf-8"))
        interval, verdict, windows = body["interval"], body["verdict"], body["windows"]
        made = Rule(
            version=body["version"],
            digest=hashlib.sha256(data).hexdigest(),
            z=float(interval["z"]),
            month_days=float(interval["month_days"]),
            months=tuple(map(float, interval["sigma_months"])),
            pair=tuple(map(float, interval["sigma_pair"])),
            short_below_days=int(interval["short_below_days"]),
            s_b=math.log(interval["definition_ratio"]) / 2,
            additive_below=float(interval["additive_below_km2"]),
            additive_sd=float(interval["additive_sd_km2"]),
            overstated=float(verdict["overstated_factor"]),
            understated=float(verdict["understated_factor"]),
            about=float(verdict["about_percent"]) / 100,
            tolerance=int(windows["tolerance_days"]),
            file_lags=tuple(windows["file_lag_days"]),
            then_days=int(windows["then_days"]),
            gap_days=int(windows["gap_days"]),
            families=body["families"],
            excluded=body.get("excluded", {}),
            readings=body.get("readings", {}),
        )
    except (OSError, KeyError, ValueError) as error:
        raise LedgerError(f"the claim rule in {source.name} cannot be read: {error}") from error
    if len(made.months) != len(made.pair) or sorted(made.months) != list(made.months):
        raise LedgerError(f"the claim rule in {source.name}: sigma_months and sigma_pair do not fit together")
    return made
