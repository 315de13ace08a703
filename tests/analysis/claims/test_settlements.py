"""Claimed towns and counts beside maps: three states, distinct ids, repeats, and a count that is a lower bound."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from tests.map_rig import box, folder, mirror

from wareconomy.analysis.claims import settlements
from wareconomy.analysis.territory import places
from wareconomy.errors import UsageError
from wareconomy.ledger import query


def around(name: str, km: float = 5.0) -> list[tuple[float, float]]:
    """A box of some kilometres around a place."""
    (place,) = [item for item in places.listed() if item.id == name]
    x, y = km / 73, km / 111
    return box(
        round(place.lon - x, 5), round(place.lat - y, 5), round(place.lon + x, 5), round(place.lat + y, 5)
    )


POKROVSK, SIVERSK, KUPIANSK, BASE = "704422", "694403", "703656", box(38.2, 47.6, 38.4, 47.8)


@pytest.fixture
def maps(tmp_path: Path) -> Path:
    """Pokrovsk comes in on 25 November, Siversk within December; Kupiansk never."""
    half = around(POKROVSK)
    half = [(x, min(y, places.named(POKROVSK)[0].lat + 0.002)) for x, y in half]
    days = {
        date(2025, 11, 20): [BASE],
        date(2025, 11, 25): [BASE, half],
        date(2025, 12, 1): [BASE, half],
        date(2025, 12, 20): [BASE, half, around(SIVERSK)],
        date(2025, 12, 30): [BASE, around(POKROVSK), around(SIVERSK)],
    }
    return folder(tmp_path / "maps", {day: mirror([[ring] for ring in rings]) for day, rings in days.items()})


def test_declared_places_are_in_the_list_or_said_not_to_be(ledger_path: Path) -> None:
    known = {item.id for item in places.listed()}
    with query.connect(ledger_path) as con:
        claims = {row[0] for row in con.execute("SELECT id FROM claims").fetchall()}
    for claim, items in settlements.claimed().items():
        assert claim in claims
        assert all(place in known for _, place in items if place)
    assert settlements.repeats() == {"713122": ("C013", "C014"), "689304": ("C123", "C141")}


def test_towns(ledger_path: Path, maps: Path) -> None:
    with query.connect(ledger_path) as con:
        found = {item.row: item for item in settlements.towns(con, [maps])}
        early = {item.row for item in settlements.towns(con, [maps], date(2025, 11, 26))}
    pokrovsk, kupiansk = found["claims:C122"], found["claims:C115"]
    assert pokrovsk.centre_in == pokrovsk.keyed == date(2025, 11, 25)
    assert (pokrovsk.state, pokrovsk.days) == ("undetermined, middle inside", -5)
    assert pokrovsk.wholly_in == date(2025, 12, 30)
    assert (kupiansk.state, kupiansk.centre_in, kupiansk.wholly_in) == ("outside", None, None)
    assert found["claims:C055"].state == settlements.NOT_KNOWN
    assert found["claims:C058"].state == "before the first map"
    assert found["claims:C218"].state == "no map near that day (last 2025-12-30)"
    assert found["claims:C123"].again == ("C141",)
    assert "claims:C122" not in early


def test_counts_are_lower_bounds_with_their_coverage(ledger_path: Path, maps: Path) -> None:
    with query.connect(ledger_path) as con:
        found = {item.row: item for item in settlements.counts(con, [maps])}
    december = found["claims:C151"]
    assert (december.stated, december.from_file, december.to_file) == (
        32,
        date(2025, 12, 1),
        date(2025, 12, 30),
    )
    assert "Siversk" in december.sure
    assert "Pokrovsk" in december.maybe  # its disc was cut at the start
    assert (december.listed, december.official) == (979, 6987)
    assert "at least, not at most" in december.sentence
    assert "claims:C202" not in found  # ends after the last map


def test_one_map_is_not_enough(ledger_path: Path, tmp_path: Path) -> None:
    one = folder(tmp_path / "one", {date(2025, 1, 1): mirror([[BASE]])})
    with query.connect(ledger_path) as con, pytest.raises(UsageError, match="two days"):
        settlements.towns(con, [one])
