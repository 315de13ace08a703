"""Three components of doubt: two make the width of the rule's interval, the third is only listed."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from wareconomy.analysis.claims import checks, doubt, rule
from wareconomy.analysis.claims.evaluate import measure
from wareconomy.ledger import query

RULE = rule.load()


@pytest.mark.parametrize(("values", "months"), [([461.0], 0.95), ([461.0, 365.0], 0.95), ([4319.0], 12.0)])
def test_lag_and_definition_redo_the_width_and_digitising_is_no_part_of_it(
    values: list[float], months: float
) -> None:
    sized = measure(RULE, values, months)
    found = doubt.components(RULE, sized, months, len(values), (430.0, 461.0))
    assert found.definition is not None
    assert math.hypot(found.lag, found.definition) == pytest.approx(sized.se)
    assert found.sets_width == ("recording lag", "definition")
    assert found.listed_only == ("digitising",)
    assert found.digitising_km2 < found.lag_km2
    assert found.span_km2 == (430.0, 461.0)


def test_more_measurers_make_the_lag_smaller_and_never_the_definition() -> None:
    one, two = (doubt.components(RULE, measure(RULE, [500.0] * n, 1.0), 1.0, n) for n in (1, 2))
    assert two.lag == pytest.approx(one.lag / math.sqrt(2))
    assert two.definition == one.definition == RULE.s_b


def test_near_zero_the_two_are_one_and_the_sentence_says_so() -> None:
    sized = measure(RULE, [20.0, -60.0], 2.0)
    found = doubt.components(RULE, sized, 2.0, 2)
    assert (found.scale, found.lag, found.definition) == ("km2", sized.se, None)
    assert "together" in found.sentences()[0]
    assert "listed, not in the width" in found.sentences()[-1]
    with pytest.raises(ValueError, match="a family"):
        doubt.components(RULE, sized, 2.0, 0)


def test_every_check_with_an_interval_carries_its_doubt(ledger_path: Path) -> None:
    with query.connect(ledger_path) as con:
        found = checks.check_all(con)
    judged = [item for item in found if item.judged and item.judged.measured]
    assert len(judged) > 20
    for item in judged:
        row = item.as_dict()
        together = math.hypot(row["lag_sd"], row["definition_sd"] or 0.0)
        assert together == pytest.approx(row["se"])
        assert row["digitising_km2"] <= doubt.DIGITISING_MOST
    assert all(item.doubt is None for item in found if not (item.judged and item.judged.measured))
