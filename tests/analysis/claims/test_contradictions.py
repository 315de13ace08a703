"""Rival totals, totals below their parts, falling running totals, and round numbers."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from wareconomy.analysis.claims import contradictions, counts
from wareconomy.ledger import query

FRONT = ["UA-09", "UA-14", "UA-23", "UA-65"]


def row(
    name: str, quantity: float, start: str = "2025-01-01", end: str = "2025-06-30", **more: Any
) -> dict[str, Any]:
    made = {
        "id": name,
        "said_on": "2025-07-01",
        "speaker": "Somebody",
        "side": "russia",
        "topic": "territory_gain",
        "regions": FRONT,
        "summary": "",
        "quantity": quantity,
        "unit": "km2",
        "period_start": start,
        "period_end": end,
        "variant_of": None,
    }
    return {**made, **more}


def kinds(*rows: dict[str, Any]) -> list[str]:
    return [item.kind for item in contradictions.of_rows(rows)]


def test_two_totals_for_one_period() -> None:
    assert kinds(row("C1", 1234), row("C2", 1357, speaker="Another")) == ["different_totals"]
    assert kinds(row("C1", 1234), row("C2", 1234)) == []


def test_losses_of_two_armies_are_two_things() -> None:
    ours = {"topic": "losses", "unit": "persons", "losses_of": "ukraine_killed"}
    theirs = {**ours, "losses_of": "russia_killed"}
    assert kinds(row("C1", 43000, **ours), row("C2", 198000, **theirs)) == []
    assert kinds(row("C1", 43000, **ours), row("C2", 46000, **ours)) == ["different_totals"]
    assert kinds(row("C1", 198000, **theirs), row("C2", 55000, end="2025-12-31", **ours)) == []


def test_wording_may_just_reconcile_two_figures() -> None:
    assert kinds(row("C1", 33000, summary="more than 33,000"), row("C2", 35000)) == ["different_figures"]


def test_other_units_sides_and_areas_are_never_compared() -> None:
    assert kinds(row("C1", 1234), row("C2", 99, unit="settlements")) == []
    assert kinds(row("C1", 1234), row("C2", 99, side="ukraine")) == []
    assert kinds(row("C1", 1234), row("C2", 99, regions=["UA-14"])) == []


def test_a_total_below_its_parts() -> None:
    parts = [row(f"C{i}", 701, regions=[name]) for i, name in enumerate(FRONT)]
    assert kinds(row("C9", 2001), *parts) == ["total_below_parts"]
    assert kinds(row("C9", 3001), *parts) == []
    halves = [row("C1", 801, end="2025-03-31"), row("C2", 801, start="2025-04-01")]
    assert "total_below_parts" in kinds(row("C9", 1501), *halves)


def test_a_running_total_cannot_fall() -> None:
    assert kinds(row("C1", 1234, end="2025-05-31"), row("C2", 1111)) == ["running_total_falls"]


def test_reversed_and_open_periods_are_left_out() -> None:
    assert (
        kinds(row("C1", 1234, start="2025-07-01", end="2025-01-01"), row("C2", 1, start="2025-01-01")) == []
    )


def test_the_known_contradictions_of_the_ledger(ledger_path: Path) -> None:
    with query.connect(ledger_path) as con:
        found = {(item.kind, item.rows[0]): item for item in contradictions.find(con)}
        assert list(found["wire_variants", "claims:C152"].values) == [6460, 6640]
        assert list(found["different_figures", "claims:C051"].values) == [4500, 4377]
        # 89 drones over all of Russia are no version of the 91 said to have been sent to one residence.
        assert not any("claims:C148" in item.rows for item in found.values())
        heaps = {item.speaker: item for item in contradictions.heaping(con)}
        p = {name: item.p for name, item in heaps.items()}
        assert 0 < (p["Valery Gerasimov"] or 0) < 1e-6
        assert p["Vladimir Putin"] is None
        assert heaps["Vladimir Putin"].refused


@pytest.mark.parametrize(
    ("numbers", "p"), [([101.0] * 30, None), ([float(n) for n in range(101, 131)], 0.59), ([], None)]
)
def test_repeated_figures_count_once(numbers: list[float], p: float | None) -> None:
    made = contradictions.heaped("x", numbers)
    assert (made.p is None) == (p is None)
    if p is not None:
        assert made.p == pytest.approx(p, abs=0.05)


def test_promises_and_counts(ledger_path: Path) -> None:
    with query.connect(ledger_path) as con:
        promised = {item.who: item for item in counts.promises(con)}
        assert promised["total"].promised == 545.5
        assert promised["total"].share == pytest.approx(349.93 / 545.5)
        counted = {item.row: item for item in counts.counted(con)}
        assert counted["claims:C202"].ratio == pytest.approx(80 / 13)
        assert counted["claims:C202"].independent
        assert not counted["claims:C184"].independent
        assert counted["claims:C149"].ratio is None  # nothing was counted: no ratio to nought
