"""Names of acts: every kind of the catalog has its words, every number of the table is named with its kind."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from wareconomy import catalog
from wareconomy.ledger import act_names

ACTS = Path(__file__).parents[2] / "data" / "raw" / "manual" / "acts.csv"


def row(act_type: str, number: str | None, jurisdiction: str = "ru", sure: bool = True) -> dict[str, object]:
    return {"act_type": act_type, "number": number, "jurisdiction": jurisdiction, "number_verified": sure}


@pytest.mark.parametrize(
    ("printed", "shown"),
    [
        ("425-ФЗ", "425-FZ"),
        ("1-ФКЗ", "1-FKZ"),
        ("4125-р", "4125-r"),
        ("4015-IX", "4015-IX"),
        ("228-FZ", "228-FZ"),
    ],
)
def test_act_numbers_are_shown_in_latin_letters(printed: str, shown: str) -> None:
    assert act_names.latin(printed) == shown


def test_every_kind_of_act_has_its_words() -> None:
    assert set(act_names.KINDS) == set(catalog.load().tables["acts"].columns["act_type"].values)
    assert set(act_names.COUNTRIES) == set(catalog.load().tables["acts"].columns["jurisdiction"].values)


@pytest.mark.parametrize(
    ("act_type", "printed", "jurisdiction", "shown"),
    [
        ("federal_law", "425-ФЗ", "ru", "law 425-FZ"),
        ("federal_constitutional_law", "5-ФКЗ", "ru", "constitutional law 5-FKZ"),
        ("presidential_decree", "644", "ru", "decree No. 644"),
        ("presidential_decree", "520 (16.07.2023)", "ru", "decree No. 520 of 16.07.2023"),
        ("government_resolution", "1875", "ru", "resolution No. 1875"),
        ("government_order", "4125-р", "ru", "order No. 4125-r"),
        ("bill", "1026190-8", "ru", "bill No. 1026190-8"),
        ("bill", "11416-d (bill)", "ua", "bill No. 11416-d of Ukraine"),
        ("government_decision", "256", "ua", "decision No. 256 of the government of Ukraine"),
        ("law_ukraine", "4015-IX", "ua", "law 4015-IX of Ukraine"),
        ("law_ukraine", "14000 (bill)", "ua", "law from bill No. 14000 of Ukraine"),
        ("eu_regulation", "2026/467", "eu", "regulation (EU) 2026/467"),
    ],
)
def test_an_act_is_told_by_its_kind_its_number_and_a_country_that_is_not_russia(
    act_type: str, printed: str, jurisdiction: str, shown: str
) -> None:
    assert act_names.told(row(act_type, printed, jurisdiction)).replace("\u00a0", " ") == shown
    unsure = act_names.told(row(act_type, printed, jurisdiction, sure=False)).replace("\u00a0", " ")
    assert unsure == f"{shown} (number not confirmed)"


def test_an_act_without_a_number_is_named_by_its_kind() -> None:
    assert act_names.told(row("presidential_decree", None)) == ""
    assert act_names.cell(row("presidential_decree", None)) == "Decree, no number printed"
    assert act_names.cell(row("law_ukraine", None, "ua"), country=True) == "Law of Ukraine, no number printed"
    assert act_names.kind(row("presidential_decree", None), country=True) == "decree of Russia"
    assert act_names.kind(row("bank_instruction", None), country=True) == "act of the Bank of Russia"


def test_no_number_of_the_table_stands_bare() -> None:
    with ACTS.open(encoding="utf-8", newline="") as stream:
        found = [line for line in csv.DictReader(stream) if line["number"]]
    assert len(found) > 50
    for line in found:
        name = act_names.told(row(line["act_type"], line["number"], line["jurisdiction"]))
        assert name.startswith(act_names.KINDS[line["act_type"]].partition(" of ")[0])
        assert "ФЗ" not in name
        assert line["number"].split("-")[0].split(" ")[0] in name
