"""The words and names the reader goes by: nothing is listed twice, and every name leads to a row or an office."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from wareconomy import catalog
from wareconomy.sources.registry import registered
from wareconomy.sources.statements import gazetteer, names
from wareconomy.sources.statements.sentences import language, split

MANUAL = Path(__file__).parents[3] / "data" / "raw" / "manual"


def test_every_speaker_has_an_office_and_a_side() -> None:
    with (MANUAL / "claims.csv").open(encoding="utf-8", newline="") as stream:
        known = {row["speaker"] for row in csv.DictReader(stream)}
    listed = [item.name for item in gazetteer.speakers()]
    assert len(listed) == len(set(listed))
    assert [name for name in listed if name not in known and name not in gazetteer.offices()] == []


def test_units_regions_and_subjects_are_those_of_the_tables() -> None:
    tables = catalog.load().tables
    claims = set(tables["claims"].columns["unit"].values)
    assert {unit.code for unit in gazetteer.units() if not unit.money} - claims == {"sq mi"}
    assert {item.name for item in gazetteer.regions()} <= set(tables["claims"].columns["regions"].values)
    assert {name for name, _ in gazetteer.subjects()} <= set(tables["acts"].columns["category"].values)


def test_channels_are_sources() -> None:
    assert set(gazetteer.channel_speakers()) <= set(registered())


def test_every_cue_a_unit_needs_exists() -> None:
    for unit in gazetteer.units():
        for name in (*unit.needs, *unit.never):
            assert gazetteer.cue(name).pattern


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("у Сумській та Харківській областях", ["UA-59", "UA-63"]),
        ("на Сумщині й Харківщині", ["UA-59", "UA-63"]),
        ("в Курской и Белгородской областях", ["RU-KRS", "RU-BEL"]),
        ("near Pokrovsk and Kostiantynivka", ["UA-14", "UA-14"]),
        ("под Купянском", ["UA-63"]),
        ("Kyiv denied it", []),
        ("an attack on Kyiv", ["UA-30"]),
        ("сумма договора", []),
        ("Сергей сказал", []),
    ],
)
def test_places_in_three_languages(text: str, codes: list[str]) -> None:
    assert [item.name for item in names.regions(text)] == codes


def test_ukrainian_names_as_news_spell_them() -> None:
    assert gazetteer.roman("Костянтинівка") == "Kostiantynivka"
    assert gazetteer.roman("Куп'янськ") == "Kupiansk"
    assert gazetteer.roman("Єнакієве") == "Yenakiieve"
    assert gazetteer.roman("Згурівка") == "Zghurivka"


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("Gerasimov told Putin that it was so.", "Valery Gerasimov"),
        ("Zelensky dismissed Putin's claim.", "Volodymyr Zelensky"),
        ("Герасимов доложил Путину.", "Valery Gerasimov"),
        ("Зеленський спростував заяву Путіна.", "Volodymyr Zelensky"),
        ("Drones flew at Putin's residence, officials said.", ""),
        ("Минобороны: сбиты 86 дронов.", "Russian Ministry of Defence"),
    ],
)
def test_who_speaks(text: str, speaker: str) -> None:
    found = names.speaker(text, language(text), ("said", "ordered", "denied"))
    assert (found.name if found else "") == speaker


def test_sentences_do_not_end_at_abbreviations() -> None:
    text = (
        "По словам ген. Герасимова, в декабре занято более 700 кв. км. За год — 6,6 тыс. кв. км.\n"
        "Всего 32 н.п. освобождены, заявил В. В. Путин."
    )
    found = [text[item.start : item.end] for item in split(text)]
    assert found == [
        "По словам ген. Герасимова, в декабре занято более 700 кв. км.",
        "За год — 6,6 тыс. кв. км.",
        "Всего 32 н.п. освобождены, заявил В. В. Путин.",
    ]
    assert [item.paragraph for item in split(text)] == [1, 1, 2]
