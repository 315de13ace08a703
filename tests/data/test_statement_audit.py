"""What a second look at the statements found, and that their rows say it: results, pages read and corrections agree."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

ROOT = Path(__file__).parents[2]
MANUAL = ROOT / "data" / "raw" / "manual"


def rows(table: str) -> list[dict[str, str]]:
    with (MANUAL / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


CLAIMS = {row["id"]: row for row in rows("claims")}
PAGES: dict[str, list[dict[str, str]]] = defaultdict(list)
for page in rows("claim_audits"):
    PAGES[page["claim"]].append(page)
CORRECTED = defaultdict(set)
for correction in rows("corrections"):
    CORRECTED[correction["table"], correction["row_key"]].add(correction["column"])


def test_a_result_follows_from_the_pages_read_and_from_nothing_else() -> None:
    for name, row in CLAIMS.items():
        results = {page["result"] for page in PAGES[name]}
        differs = [page for page in PAGES[name] if page["result"] == "differs"]
        match row["audit_result"]:
            case "":
                assert (row["audited_on"], PAGES[name]) == ("", []), name
            case "not_found":
                assert (bool(row["audited_on"]), PAGES[name]) == (True, []), name
            case "single_source":
                assert results == {"same_source"}, name
            case "confirmed":
                assert "agrees" in results, name
            case "corrected":
                assert CORRECTED["claims", name] - {"note"}, name
            case "contradicted":
                assert any("quantity" in page["checked"] for page in differs), name
            case other:
                raise AssertionError(f"{name}: {other}")


def test_a_page_that_agrees_is_a_second_source_and_no_other_is() -> None:
    for name, row in CLAIMS.items():
        if any(page["result"] == "agrees" for page in PAGES[name]):
            assert row["second_source"] == "yes", name
            assert any(
                page["result"] == "agrees" and page["source_url"] != row["source_url"] for page in PAGES[name]
            ), name


def test_every_page_has_an_address_the_words_seen_and_the_day_it_was_read() -> None:
    for page in rows("claim_audits"):
        assert all(page[name] for name in ("source_url", "words", "retrieved_on")), page


def test_a_correction_keeps_the_value_that_was_keyed() -> None:
    for row in rows("corrections"):
        if row["table"] == "claims":
            assert CLAIMS[row["row_key"]][row["column"]] == row["expect"] != row["value"]
            assert all(row[name] for name in ("source_url", "reason"))


def test_the_data_notes_print_the_counts_of_the_tables() -> None:
    notes = (ROOT / "docs" / "data.md").read_text(encoding="utf-8")
    section = notes.split("## How the statements were audited")[1].split("\n## ")[0]
    printed = {
        name: int(count) for name, count in re.findall(r"^\| `(\w+)` \|[^|]*\| (\d+) \|$", section, re.M)
    }
    assert printed == Counter(row["audit_result"] or "unchecked" for row in CLAIMS.values())


def test_english_text_of_acts_writes_their_numbers_in_latin_letters() -> None:
    for row in rows("acts"):
        for column in ("title_en", "note", "afterwards", "parameter"):
            assert not re.search(r"\d-(ФКЗ|ФЗ|р)\b", row[column]), f"{row['id']} {column}"
    assert not any(re.search("[А-я]", row["law_number"]) for row in rows("provisions"))
