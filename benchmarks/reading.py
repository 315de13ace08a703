"""How well statements are read: precision and recall over labelled sentences in English, Ukrainian and Russian.

    python -m benchmarks.reading              both sets
    python -m benchmarks.reading --misses     and what was missed or made up in the set the rules were made on

A proposal and a label are one when number and unit agree (a statement without a number: when its kind does). Then each of
five fields counts: quantity with its bound, unit, period, speaker, places. A field that is blank in both counts for nothing.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
import tomllib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))  # run as a file, by make

from wareconomy.sources.statements.proposal import Proposal, proposals  # noqa: E402

SETS = ROOT / "tests" / "data" / "reading"
FIELDS = ("quantity", "unit", "period", "speaker", "places")
PRECISION, RECALL = 0.9, 0.8
ROUNDS = 5


@dataclass(slots=True)
class Score:
    """Right, made up and missed, for one field or for the number with its unit."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """Share of what was proposed that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """Share of what is there that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    def count(self, ours: str, theirs: str) -> None:
        """Compare one field; blank in both counts for nothing, a differing value is both made up and missed."""
        if ours and ours == theirs:
            self.right += 1
            return
        self.wrong += bool(ours)
        self.missed += bool(theirs)


@dataclass(slots=True)
class Result:
    """Scores of one set: `key` for number and unit, one for each field, `all` over the fields, `kind` for the kind."""

    key: Score = field(default_factory=Score)
    all: Score = field(default_factory=Score)
    kind: Score = field(default_factory=Score)
    fields: dict[str, Score] = field(default_factory=lambda: {name: Score() for name in FIELDS})
    languages: dict[str, Score] = field(default_factory=dict)
    misses: list[str] = field(default_factory=list)
    sentences: int = 0


def load(name: str) -> list[dict[str, Any]]:
    """The labelled sentences of a set."""
    body = tomllib.loads((SETS / f"{name}.toml").read_text(encoding="utf-8"))
    return list(body["sentence"])


def measure(entries: list[dict[str, Any]]) -> Result:
    """Read every sentence and compare."""
    made = Result(sentences=len(entries))
    for entry in entries:
        found = [_ours(item) for item in proposals(entry["text"], date.fromisoformat(entry["page"]))]
        gold = [_theirs(item) for item in entry.get("gold", [])]
        score = made.languages.setdefault(entry["lang"], Score())
        for pair in _pairs(found, gold):
            _count(made, score, entry, *pair)
    return made


def _pairs(
    found: list[dict[str, str]], gold: list[dict[str, str]]
) -> list[tuple[dict[str, str], dict[str, str]]]:
    left, pairs = list(gold), []
    for ours in found:
        match = next((item for item in left if item["key"] == ours["key"]), None)
        if match:
            left.remove(match)
        pairs.append((ours, match or {}))
    return [*pairs, *(({}, item) for item in left)]


def _count(
    made: Result, language: Score, entry: dict[str, Any], ours: dict[str, str], theirs: dict[str, str]
) -> None:
    for score in (made.key, language):
        score.count(ours.get("key", ""), theirs.get("key", ""))
    made.kind.count(ours.get("kind", ""), theirs.get("kind", ""))
    differ = []
    for name in FIELDS:
        mine, right = ours.get(name, ""), theirs.get(name, "")
        for score in (made.fields[name], made.all):
            score.count(mine, right)
        if mine != right:
            differ.append(f"{name} {mine or '-'} for {right or '-'}")
    if ours.get("kind") != theirs.get("kind"):
        differ.append(f"kind {ours.get('kind') or '-'} for {theirs.get('kind') or '-'}")
    if differ:
        made.misses.append(f"{entry['text'][:100]}\n      {'; '.join(differ)}")


def _ours(item: Proposal) -> dict[str, str]:
    return _row(
        item.value,
        item.high,
        item.unit,
        item.bound,
        item.period,
        item.speaker,
        item.places,
        item.kind,
        item.table,
    )


def _theirs(item: dict[str, Any]) -> dict[str, str]:
    places = tuple(filter(None, item.get("places", "").split(";")))
    return _row(
        item.get("value"), item.get("high"), item["unit"], item.get("about", ""), item.get("period", ""),
        item.get("speaker", ""), places, item["kind"], item.get("table", "claims"),
    )  # fmt: skip


def _row(
    value: float | None, high: float | None, unit: str, bound: str, period: str, speaker: str,
    places: tuple[str, ...], kind: str, table: str,
) -> dict[str, str]:  # fmt: skip
    number = "" if value is None else f"{value:.10g}" + (f"..{high:.10g}" if high is not None else "")
    return {
        "key": f"{table} {number} {unit}" if number else f"{table} {kind}",
        "quantity": f"{bound} {number}".strip() if number else "",
        "unit": unit,
        "period": period,
        "speaker": speaker,
        "places": ";".join(sorted(places)),
        "kind": kind,
    }


def show(name: str, result: Result, misses: bool) -> None:
    """Print one set."""
    print(f"\n{name}: {result.sentences} sentences")
    print(f"{'':<28}{'precision':>10}{'recall':>8}{'right':>7}{'wrong':>7}{'missed':>8}")
    lines = {
        "number and unit": result.key,
        **{f"  {name}": score for name, score in sorted(result.languages.items())},
        "all five fields": result.all,
        **{f"  {name}": score for name, score in result.fields.items()},
        "kind": result.kind,
    }
    for label, score in lines.items():
        print(
            f"{label:<28}{score.precision:>10.3f}{score.recall:>8.3f}{score.right:>7}{score.wrong:>7}{score.missed:>8}"
        )
    if misses:
        print("".join(f"\n    {line}" for line in result.misses))


def speed(entries: list[dict[str, Any]]) -> float:
    """Milliseconds of processor time for one sentence, the median of several rounds."""
    taken = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        for entry in entries:
            proposals(entry["text"], date.fromisoformat(entry["page"]))
        taken.append((time.process_time() - begun) / len(entries) * 1000)
    return statistics.median(taken)


def run(misses: bool, only: str = "") -> int:
    """Measure and print; 1 when the held-out set misses a goal."""
    poor = False
    for name in ("tuned", "held_out"):
        if only in ("", name):
            result = measure(load(name))
            show(name, result, misses and name == "tuned")
            poor |= name == "held_out" and (result.all.precision < PRECISION or result.all.recall < RECALL)
    entries = load("tuned")
    counts = ", ".join(
        f"{count} {name}" for name, count in Counter(entry["lang"] for entry in entries).items()
    )
    print(f"\n{speed(entries):.2f} ms of processor time a sentence ({counts})")
    return int(poor)


def main() -> int:
    """Read the arguments and run."""
    parser = argparse.ArgumentParser(description="Precision and recall of the reader of statements.")
    parser.add_argument(
        "--misses", action="store_true", help="list what went wrong in the set the rules were made on"
    )
    parser.add_argument("--only", default="", help="one set: tuned or held_out")
    arguments = parser.parse_args()
    return run(arguments.misses, arguments.only)


if __name__ == "__main__":
    raise SystemExit(main())
