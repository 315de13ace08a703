"""How well the row of a statement is kept: one set of words, and no doubted row without its mark."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from wareconomy import catalog
from wareconomy.publish import keeping, language

DAY = date(2026, 11, 28)
RESULTS = tuple(catalog.load().tables["claims"].columns["audit_result"].values)


def row(result: str | None, second: bool) -> dict[str, Any]:
    return {"audit_result": result, "audited_on": DAY if result else None, "second_source": second}


@pytest.mark.parametrize("second", [True, False])
@pytest.mark.parametrize("result", [None, *RESULTS])
def test_every_result_of_the_audit_has_its_words(result: str | None, second: bool) -> None:
    item = row(result, second)
    words = keeping.sentence(item)
    assert "\n" not in words
    assert not any(language.causal(text) for text in (words, keeping.banner(item), keeping.aside(item)))
    assert (("28" in words) and ("2026" in words)) == (result is not None)
    assert (keeping.SINGLE in words) == (not second or result == "single_source")
    doubted = result in ("contradicted", "not_found")
    assert keeping.sure(item) == (second and not doubted)
    assert bool(keeping.banner(item)) == bool(keeping.aside(item)) == (not keeping.sure(item))
    assert keeping.entry(item)["headline"] == keeping.sure(item)


def test_a_doubted_row_is_marked_even_with_a_second_source_and_the_gravest_mark_comes_first() -> None:
    assert keeping.marks(row("contradicted", second=True)) == ("another page prints another number",)
    assert keeping.marks(row("not_found", second=False)) == ("not found again", "single source")
    assert keeping.marks(row("confirmed", second=True)) == ()
    assert set(keeping.DOUBTED) < set(RESULTS)
    assert all(words in keeping.HOLLOW for words in (keeping.SINGLE, *keeping.DOUBTED.values()))
