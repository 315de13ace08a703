"""Bytes from outside: entities, bombs, giant sheets, cut bodies, footnote marks, encodings that lie."""

from __future__ import annotations

import struct
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from tests.sources import handed

from wareconomy.errors import MissingExtra
from wareconomy.sources import jsons, markup, texts, xlsx, zipped
from wareconomy.sources.source import Malformed

ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "7">]><r><v>1&a;</v></r>',
    b'<?xml version="1.0"?><!DOCTYPE r SYSTEM "file:///etc/hostname"><r><v>1</v></r>',
    '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE r [<!ENTITY a "7">]><r><v>1&a;</v></r>'.encode(
        "utf-16"
    ),
)


def values(data: bytes, encoding: str | None = None) -> list[str | None]:
    return [element.text for element in markup.stream(data, ("v",), "test", encoding)]


@pytest.mark.parametrize("data", ENTITIES)
def test_a_document_type_is_refused_before_anything_is_read(data: bytes) -> None:
    with pytest.raises(Malformed, match=r"document type|encoding"):
        values(data)


@pytest.mark.parametrize(
    "data",
    [
        b"<r><v>1</v>",
        b"<r><v>1</w></r>",
        b"",
        b"not xml",
        b"<r><v>&undefined;</v></r>",
        b'<?xml version="1.0" encoding="nonsense"?><r/>',
        b"<a>" * 600,
    ],
)
def test_broken_xml_is_named(data: bytes) -> None:
    with pytest.raises(Malformed):
        values(data)


def test_windows_1251_reads_with_and_without_a_declaration_that_lies() -> None:
    text = '<?xml version="1.0" encoding="windows-1251"?><r><v>Доллар</v></r>'
    assert values(text.encode("windows-1251")) == ["Доллар"]
    assert values(text.encode("utf-8"), "utf-8") == ["Доллар"]


def test_streaming_keeps_memory_flat() -> None:
    def peak(rows: int) -> int:
        data = b"<r>" + b"<row><day>2031-03-01</day><v>1.5</v></row>" * rows + b"</r>"
        tracemalloc.start()
        count = sum(1 for _ in markup.stream(data, ("row",), "test"))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == rows
        return highest - len(data)

    assert peak(40_000) < peak(2_000) + 2_000_000


def test_a_page_keeps_words_apart_and_drops_scripts_and_footnote_marks() -> None:
    root = markup.page(
        b"<html><body>5 301<sup>1</sup> one<br/>two<script>9</script><p>three</p>four</body></html>", "t"
    )
    assert markup.text(root) == "5 301 one two three four"


def test_a_page_of_another_charset_and_one_without_any() -> None:
    page = '<html><head><meta charset="windows-1251"></head><body>Рубль</body></html>'
    assert markup.text(markup.page(page.encode("windows-1251"), "t")) == "Рубль"
    assert markup.text(markup.page("<html><body>Рубль</body></html>".encode(), "t")) == "Рубль"


def test_a_bomb_is_refused_by_its_size_and_by_its_ratio() -> None:
    bomb = handed.container({"word/document.xml": b"0" * 30_000_000})
    with pytest.raises(Malformed, match="unpack"):
        zipped.members(bomb, "t")
    with pytest.raises(Malformed, match="members"):
        zipped.members(handed.container({f"{n}": "" for n in range(2_001)}), "t")


def test_a_container_that_lies_about_a_size_ends_in_an_error() -> None:
    data = bytearray(handed.container({"word/document.xml": b"0" * 500_000}))
    size = struct.pack("<I", 500_000)
    while (at := data.find(size)) >= 0:
        data[at : at + 4] = struct.pack("<I", 1_000)
    with pytest.raises(Malformed, match="cut or damaged"):
        zipped.members(bytes(data), "t")


@pytest.mark.parametrize("cut", [10, 100, -10, -200])
def test_a_cut_container_is_named(cut: int) -> None:
    with pytest.raises(Malformed):
        list(xlsx.sheets(handed.workbook({"a": [["x"]]})[:cut], "t", lambda name: True))


@pytest.mark.parametrize("mark", ['"', "'"])
def test_one_cell_in_the_last_corner_makes_no_giant_table(mark: str) -> None:
    with zipfile.ZipFile(BytesIO(handed.workbook({"a": [["x", 1]]}))) as made:
        members: dict[str, str | bytes] = {name: made.read(name) for name in made.namelist()}
    sheet = members["xl/worksheets/sheet1.xml"]
    assert isinstance(sheet, bytes)
    far = f"<row r={mark}1048576{mark}><c r={mark}XFD1048576{mark}><v>1</v></c></row></sheetData>".encode()
    members["xl/worksheets/sheet1.xml"] = sheet.replace(b"</sheetData>", far)
    with pytest.raises(Malformed, match="refused"):
        list(xlsx.sheets(handed.container(members), "t", lambda name: True))


def test_a_cell_has_its_place_as_a_person_would_say_it() -> None:
    [sheet] = xlsx.sheets(handed.workbook({"Свод": [[], [None, "x", 2.5]]}), "t", lambda name: True)
    assert (sheet.place(1, 2), sheet.rows[1][2]) == ("Свод!C2", 2.5)
    assert [xlsx.letters(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_superscript_runs_of_a_docx_are_no_digits() -> None:
    data = handed.docx([["1 534,0", "^1", " млн ", "рублей"], ["вторая"]])
    assert texts.words(handed.document(data), "t") == "1 534,0 млн рублей вторая"


def test_a_docx_with_entities_or_without_its_body_is_refused() -> None:
    body = b'<!DOCTYPE d [<!ENTITY a "b">]><d>&a;</d>'
    for members, words in (
        ({"word/document.xml": body}, "document type"),
        ({"other.xml": b"<a/>"}, "not a DOCX"),
    ):
        with pytest.raises(Malformed, match=words):
            texts.words(handed.document(handed.container(dict(members))), "t")


def test_a_pdf_that_is_none_ends_in_an_error() -> None:
    for data in (
        b"%PDF-1.7\nnonsense",
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 1 0 R>>endobj\ntrailer<</Root 1 0 R>>",
    ):
        with pytest.raises(Malformed, match="PDF"):
            texts.words(handed.document(data), "t")


def test_a_pdf_of_too_many_pages_or_bytes_is_no_message(monkeypatch: pytest.MonkeyPatch) -> None:
    typst = pytest.importorskip("typst")
    made = typst.compile(b"one #pagebreak() two #pagebreak() three")
    assert texts.words(handed.document(made), "t").split() == ["one", "two", "three"]
    for limit, value in (("MAX_PAGES", 2), ("MAX_PDF_BYTES", 100), ("MAX_CHARACTERS", 5)):
        with monkeypatch.context() as patch:
            patch.setattr(texts, limit, value)
            with pytest.raises(Malformed, match="PDF"):
                texts.words(handed.document(made), "t")


def test_a_pdf_without_the_library_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pypdf", None)
    with pytest.raises(MissingExtra, match="documents"):
        texts.words(handed.document(b"%PDF-1.7"), "t")


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<!DOCTYPE html><html></html>", "page instead"),
        (b'{"a": ', "broken"),
        (b'{"a": NaN}', "broken"),
        (b"[" * 100_000, "broken"),
        ('["рубль"]'.encode("windows-1251"), "UTF-8"),
    ],
)
def test_what_is_not_json_is_named(data: bytes, words: str) -> None:
    with pytest.raises(Malformed, match=words):
        jsons.parse(handed.document(data), "t")


def test_an_error_object_with_status_200_is_an_error() -> None:
    with pytest.raises(Malformed, match="answered an error: Invalid"):
        jsons.items({"message": "Invalid value"}, "t")


def test_the_streams_can_be_left_in_the_middle() -> None:
    walk: Iterator[object] = markup.stream(b"<r><v>1</v><v>2</v></r>", ("v",), "t")
    next(walk)
    close: Callable[[], None] = getattr(walk, "close")  # noqa: B009 - iterators have no close, generators do
    close()
