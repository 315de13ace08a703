"""The traps that publishers set, one by one: what is served, and the tests that hold us to the right answer.

The table is the index; a test checks that every test it names is there. Traps that needed a source and the wire at
once stand below it.
"""

from __future__ import annotations

import ast
import gzip
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from tests.collect import replay as served
from tests.collect.everybody import Here, place
from tests.collect.replay import Replay, Reply
from tests.sources import handed

from wareconomy import errors
from wareconomy.collect import accept
from wareconomy.collect.ask import Ask, Document
from wareconomy.sources import cbr_rates, cbr_reserves, crea, kiel, minfin_budget, nbu, pravo
from wareconomy.sources.source import Malformed, Source

TESTS = Path(__file__).resolve().parents[1]
CLIENT, SOURCES, ALL = "collect/test_client.py", "sources", "collect/test_all_sources.py"
TRAPS = {
    # Ministry, bank, portal and statistics
    "503 with a page that says access is restricted": (
        "collect/test_traps.py::test_a_region_block_names_itself_and_the_way_out",
        f"{CLIENT}::test_what_is_no_document_has_a_name",
    ),
    "403 to a client that names only its library": (
        "collect/test_traps.py::test_we_say_who_we_are_to_a_server_that_asks",
    ),
    "429 twice with Retry-After, then the document": (
        "collect/test_traps.py::test_too_many_requests_twice_and_then_the_document",
        f"{CLIENT}::test_429_is_waited_for_and_a_long_wait_is_not",
    ),
    "HTML on 200 where JSON was due": (
        "collect/test_traps.py::test_a_wrong_path_of_the_portal_is_no_answer",
        f"{SOURCES}/test_untrusted.py::test_what_is_not_json_is_named",
    ),
    "a stub page of less than 2,500 bytes": ("collect/test_traps.py::test_a_stub_page_is_no_document",),
    "windows-1251, declared in the header, in the body only, or nowhere": (
        "collect/test_traps.py::test_rates_in_windows_1251_whatever_the_header_says",
        f"{SOURCES}/test_untrusted.py::test_windows_1251_reads_with_and_without_a_declaration_that_lies",
        f"{SOURCES}/test_bank_of_russia.py::test_a_body_transcoded_on_the_way_still_reads",
    ),
    "a packed body": (
        "collect/test_traps.py::test_rates_in_windows_1251_whatever_the_header_says",
        f"{CLIENT}::test_packed_bodies_unpack",
    ),
    "an address under /ru/ that is a 404": (
        f"{SOURCES}/test_minfin_budget.py::test_the_catalogue_leads_to_the_newest_file_by_its_stamp",
    ),
    "an old host that sends on to a new one": (
        "collect/test_traps.py::test_an_old_host_sends_on_and_the_last_address_is_the_one_noted",
        f"{CLIENT}::test_redirects_go_only_to_hosts_the_source_names",
    ),
    "the day served is not the day asked for": (
        f"{SOURCES}/test_bank_of_russia.py::test_the_day_served_counts_not_the_day_asked_for",
    ),
    "an empty answer of each kind": (
        "collect/test_traps.py::test_nothing_there_is_no_row_no_error_and_no_zero",
        f"{SOURCES}/test_bank_of_russia.py::test_an_empty_span_is_no_row_and_no_error",
        f"{CLIENT}::test_nothing_published_is_no_failure_and_no_document",
    ),
    "an error object on 200": (
        f"{CLIENT}::test_what_is_no_document_has_a_name",
        f"{SOURCES}/test_untrusted.py::test_an_error_object_with_status_200_is_an_error",
    ),
    "the same address answers with other figures": (
        f"{ALL}::test_a_third_after_a_revision_in_place_keeps_both_and_says_so",
        f"{SOURCES}/test_minfin_budget.py::test_a_revision_in_place_gives_the_same_period_with_another_figure",
    ),
    "the newest row is filled in part": (
        f"{SOURCES}/test_minfin_budget.py::test_blank_cells_of_the_newest_row_are_no_zeros",
    ),
    "numbers that are text with stars": (
        f"{SOURCES}/test_minfin_fund.py::test_a_column_is_the_month_of_movements_and_the_balance_of_the_day_after",
        f"{SOURCES}/test_numbers.py::test_numbers_with_a_decimal_comma",
    ),
    "a body shorter than announced, a cut archive": (
        f"{CLIENT}::test_what_is_no_document_has_a_name",
        f"{SOURCES}/test_untrusted.py::test_a_cut_container_is_named",
        f"{SOURCES}/test_publishers.py::test_a_cut_document_brings_no_figure_that_the_whole_one_does_not_have",
    ),
    "a page cut inside a number": (
        f"{SOURCES}/test_minfin_budget.py::test_a_page_cut_inside_a_number_of_its_table_is_refused",
        f"{SOURCES}/test_abroad.py::test_a_last_line_cut_in_its_figure_is_no_smaller_figure",
    ),
    "a press digest that quotes the figure": (
        f"{SOURCES}/test_minfin_fund.py::test_the_mirror_lacks_the_liquid_part_and_digests_are_left_out",
    ),
    "a parameter the server does not know": (
        f"{SOURCES}/test_pravo.py::test_a_misspelt_parameter_shows_in_the_answer",
        f"{SOURCES}/test_pravo.py::test_an_answer_to_another_question_is_refused",
    ),
    "words glued by <br/>": (
        f"{SOURCES}/test_untrusted.py::test_a_page_keeps_words_apart_and_drops_scripts_and_footnote_marks",
        f"{SOURCES}/test_minfin_budget.py::test_the_mirror_has_no_word_deficit_so_the_balance_is_computed",
    ),
    "a zero where there is no estimate": (
        f"{SOURCES}/test_abroad.py::test_a_zero_of_the_tracker_is_a_day_without_an_estimate",
    ),
    "dollars beside a scale that only says how to show them": (
        f"{SOURCES}/test_abroad.py::test_the_unit_of_the_imf_is_proved_by_magnitude",
    ),
    "millions and kilograms here, billions and tonnes there": (
        f"{SOURCES}/test_minfin_fund.py::test_millions_and_kilograms_become_billions_and_tonnes",
    ),
    # The wire
    "a redirect to loopback, to a private network, to a file": (
        f"{CLIENT}::test_what_is_no_document_has_a_name",
        f"{CLIENT}::test_loopback_is_refused_unless_a_test_allows_it",
        f"{CLIENT}::test_the_address_judged_is_the_address_connected_to",
    ),
    "a body, or headers, without end": (f"{CLIENT}::test_what_is_no_document_has_a_name",),
    "bombs in gzip and ZIP": (
        f"{CLIENT}::test_what_is_no_document_has_a_name",
        f"{SOURCES}/test_untrusted.py::test_a_bomb_is_refused_by_its_size_and_by_its_ratio",
    ),
    "XML entities": (
        f"{CLIENT}::test_what_is_no_document_has_a_name",
        f"{SOURCES}/test_untrusted.py::test_a_document_type_is_refused_before_anything_is_read",
    ),
    # Maps, tables of areas, strikes, losses, channels
    "a map list that lost an entry's form, an edited snapshot": (
        f"{SOURCES}/test_map_sources.py::test_a_list_that_changed_its_form_stops",
        f"{SOURCES}/test_map_sources.py::test_an_edited_snapshot_is_asked_for_again",
    ),
    "a layer cut by the server's limit, a renamed layer": (
        f"{SOURCES}/test_map_sources.py::test_a_layer_is_paged_to_its_end",
        f"{SOURCES}/test_map_sources.py::test_faults_of_the_layers_are_named",
    ),
    "days without a mirror file": (
        f"{SOURCES}/test_map_sources.py::test_missing_days_of_the_mirror_are_not_asked_for",
    ),
    "square metres in a column without a unit": (
        f"{SOURCES}/test_area_tables.py::test_square_metres_become_square_kilometres_exactly",
    ),
    "a spike larger than the country": (
        f"{SOURCES}/test_area_tables.py::test_more_than_the_country_is_kept_as_printed_and_has_no_value",
    ),
    "a year's file of a gigabyte": (f"{SOURCES}/test_viina.py::test_memory_stays_flat",),
    "columns that come and go, times and dicts typed by hand": (
        f"{SOURCES}/test_strikes_and_losses.py::test_the_older_header_is_read_alike",
        f"{SOURCES}/test_strikes_and_losses.py::test_the_region_column_may_have_either_name",
        f"{SOURCES}/test_strikes_and_losses.py::test_a_table_that_changed_stops",
    ),
    "keys that come and go, a cumulative count that falls, silent corrections": (
        f"{SOURCES}/test_strikes_and_losses.py::test_keys_come_and_go_with_their_dates",
        f"{SOURCES}/test_strikes_and_losses.py::test_counts_are_kept_as_printed_and_falls_are_noted",
        f"{SOURCES}/test_strikes_and_losses.py::test_corrections_are_rows_of_their_own",
    ),
    "views and tokens that change at every read": (
        f"{SOURCES}/test_telegram.py::test_what_changes_on_every_read_does_not_change_the_hash",
    ),
    "two times in one post, quoted words, posts without text": (
        f"{SOURCES}/test_telegram.py::test_posts_are_read_as_written",
    ),
    "a post deleted, a post edited with and without a mark": (
        f"{SOURCES}/test_telegram.py::test_deleted_posts_are_noticed_within_the_page_only",
        f"{SOURCES}/test_telegram.py::test_changed_words_change_the_hash_with_or_without_a_mark",
    ),
    "a channel sent on to its contact page": (f"{SOURCES}/test_telegram.py::test_other_pages_are_named",),
    "a canonical link that leads nowhere": (f"{SOURCES}/test_telegram.py::test_pages_lead_both_ways",),
    "a pointer of a large-file store": (f"{SOURCES}/test_wire.py::test_what_is_no_json_is_named",),
}


def test_every_trap_has_its_tests() -> None:
    written = {
        f"{path.relative_to(TESTS).as_posix()}::{node.name}"
        for path in TESTS.rglob("test_*.py")
        for node in ast.parse(path.read_text(encoding="utf-8")).body
        if isinstance(node, ast.FunctionDef)
    }
    assert {name for names in TRAPS.values() for name in names} - written == set()


@pytest.fixture
def here(publisher: Replay) -> Iterator[Here]:
    """A client that reaches the replay server under every publisher's own address."""
    made = Here(publisher)
    yield made
    made.close()


def first(source: Source) -> Ask:
    return next(iter(source.asks(date(2031, 3, 12))))


def path(ask: Ask) -> str:
    import requests

    asked = requests.Request(ask.method, ask.url, params=dict(ask.params) or None, headers=dict(ask.headers))
    return place(asked.prepare())


def judged(here: Here, ask: Ask, folder: Path) -> Document | None:
    """Fetch and judge as a refresh does; None when there is nothing yet."""
    answer = here.fetch(ask, folder)
    if answer.body is None or not accept.body(
        answer.body.path, answer.body.size, answer.media_type, ask, answer.status
    ):
        return None
    moment = datetime(2031, 3, 12, tzinfo=UTC)
    data = answer.body.path.read_bytes()
    return Document(ask.name, data, answer.body.sha256, answer.url, moment, answer.media_type)


def test_a_region_block_names_itself_and_the_way_out(here: Here, publisher: Replay, tmp_path: Path) -> None:
    ask = first(minfin_budget.SOURCE)
    publisher.serve(path(ask), Reply(served.WAF.encode(), 503, "text/html"))
    with pytest.raises(errors.Blocked, match="wareconomy add"):
        judged(here, ask, tmp_path)


def test_we_say_who_we_are_to_a_server_that_asks(here: Here, publisher: Replay, tmp_path: Path) -> None:
    ask = first(cbr_reserves.SOURCE)

    def picky(handler: object) -> None:
        agent = handler.headers.get("User-Agent", "")  # type: ignore[attr-defined]
        refused = agent.startswith("python-requests") or "Mozilla" not in agent
        body = b"" if refused else handed.document("cbr_reserves/weekly.xml").data
        publisher._send(handler, Reply(body, 403 if refused else 200, "text/xml"))

    publisher.serve(path(ask), Reply(play=picky))
    assert judged(here, ask, tmp_path)


def test_too_many_requests_twice_and_then_the_document(
    publisher: Replay, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask = first(cbr_reserves.SOURCE)
    body = handed.document("cbr_reserves/weekly.xml").data
    busy = Reply(b"slow down", 429, "text/plain", {"Retry-After": "0"})
    publisher.serve(path(ask), busy, busy, Reply(body, media="text/xml"))
    client = Here(publisher)
    client._retries = client._retries.new(total=2)
    try:
        found = judged(client, ask, tmp_path)
    finally:
        client.close()
    assert found
    assert found.data == body
    assert len(publisher.asked) == 3


def test_a_wrong_path_of_the_portal_is_no_answer(here: Here, publisher: Replay, tmp_path: Path) -> None:
    ask = first(pravo.SOURCE)
    page = "<!DOCTYPE html><html><head><title>Портал</title></head><body>" + "<p>Меню</p>" * 400
    publisher.serve(path(ask), Reply(page.encode() + b"</body></html>", media="text/html; charset=utf-8"))
    with pytest.raises(errors.HtmlInstead):
        judged(here, ask, tmp_path)
    with pytest.raises(Malformed, match="page instead"):
        handed.read(pravo.SOURCE, page.encode())


def test_a_stub_page_is_no_document(here: Here, publisher: Replay, tmp_path: Path) -> None:
    ask = first(kiel.SOURCE)
    publisher.serve(path(ask), Reply(b"<html><body>Please come back later</body></html>", media="text/html"))
    with pytest.raises(errors.StubPage):
        judged(here, ask, tmp_path)


@pytest.mark.parametrize("media", ["application/xml; charset=windows-1251", "application/xml", "text/xml"])
@pytest.mark.parametrize("packed", [False, True])
def test_rates_in_windows_1251_whatever_the_header_says(
    here: Here, publisher: Replay, tmp_path: Path, media: str, packed: bool
) -> None:
    ask = first(cbr_rates.SOURCE)
    data = handed.document("cbr_rates/daily.xml").data
    assert "Доллар".encode("cp1251") in data
    reply = Reply(data, media=media)
    if packed:
        reply = replace(reply, body=gzip.compress(data), headers={"Content-Encoding": "gzip"})
    publisher.serve(path(ask), reply)
    found = judged(here, ask, tmp_path)
    assert found
    assert found.data == data
    assert list(cbr_rates.SOURCE.read(found)) == handed.read(cbr_rates.SOURCE, data)


def test_an_old_host_sends_on_and_the_last_address_is_the_one_noted(
    here: Here, publisher: Replay, tmp_path: Path
) -> None:
    new = replace(first(kiel.SOURCE), min_bytes=1)
    old = replace(new, url="https://www.ifw-kiel.de/topics/ukraine-support-tracker/")
    publisher.serve(path(old), Reply(status=301, headers={"Location": new.url}))
    publisher.serve(path(new), Reply(handed.document("kiel/page.html").data, media="text/html"))
    found = judged(here, old, tmp_path)
    assert found
    assert found.url == new.url
    [workbook] = kiel.SOURCE.follow(found)
    assert workbook.url.startswith("https://www.kielinstitut.de/")


def test_nothing_there_is_no_row_no_error_and_no_zero(here: Here, publisher: Replay, tmp_path: Path) -> None:
    fossil, reserves = first(crea.SOURCE), first(nbu.SOURCE)
    publisher.serve(path(fossil), Reply(status=204, media=""))
    assert judged(here, fossil, tmp_path) is None
    publisher.serve(path(reserves), Reply(b"[]", media="application/json"))
    found = judged(here, reserves, tmp_path)
    assert found
    assert list(nbu.SOURCE.read(found)) == []
