"""The house style: colours people can tell apart, words that cannot break a file, cells that cannot run."""

from __future__ import annotations

import io
import sys
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from wareconomy.publish import theme
from wareconomy.publish.charts.model import Chart

# Viénot, Brettel and Mollon 1999, on linear RGB: what people without red or without green receptors see.
PROTANOPE = ((0.11238, 0.88762, 0.0), (0.11238, 0.88762, 0.0), (0.00401, -0.00401, 1.0))
DEUTERANOPE = ((0.29275, 0.70725, 0.0), (0.29275, 0.70725, 0.0), (-0.02234, 0.02234, 1.0))


def chart(**changes: Any) -> Chart:
    words: dict[str, Any] = {
        "id": "a-chart",
        "section": "law",
        "title": "A title",
        "subtitle": "RUB bn",
        "source": "Somebody",
        "as_of": date(2026, 7, 4),
        "alt": "A line.",
        "columns": ("when", "value"),
        "rows": ((date(2026, 7, 4), 1.5),),
        "drawing": "x:y",
        "payload": {},
    }
    return Chart(**{**words, **changes})


def linear(colour: str) -> list[float]:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    return [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]


def contrast(colour: str) -> float:
    red, green, blue = linear(colour)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize("colour", theme.PALETTE)
def test_series_stand_out_from_white(colour: str) -> None:
    assert contrast(colour) >= 3


@pytest.mark.parametrize("colour", [theme.INK, theme.GREY])
def test_words_are_readable(colour: str) -> None:
    assert contrast(colour) >= 4.5


@pytest.mark.parametrize("matrix", [PROTANOPE, DEUTERANOPE])
def test_the_first_colours_differ_for_colour_blind_readers(matrix: tuple[tuple[float, ...], ...]) -> None:
    def seen(colour: str) -> list[float]:
        rgb = linear(colour)
        mixed = [max(0.0, sum(w * c for w, c in zip(row, rgb, strict=True))) for row in matrix]
        return [value ** (1 / 2.4) for value in mixed]

    for one, other in combinations((theme.BLUE, theme.RED, theme.INK), 2):
        apart = sum((a - b) ** 2 for a, b in zip(seen(one), seen(other), strict=True)) ** 0.5
        assert apart > 0.15, (one, other)


@pytest.mark.parametrize(
    ("value", "printed"),
    [
        ("=HYPERLINK(1)", "'=HYPERLINK(1)"),
        ("  @cmd", "'  @cmd"),
        ("\t=1", "'\t=1"),
        ("-over 700", "'-over 700"),
        ("plain", "plain"),
        ("bell\x07 and turn\u202e", "bell and turn"),
        (-3.5, "-3.5"),
        (3.0, "3"),
        (0.1 + 0.2, "0.3"),
        (None, ""),
        (True, "yes"),
        (date(2026, 7, 4), "2026-07-04"),
    ],
)
def test_cells_cannot_run_as_formulas(value: Any, printed: str) -> None:
    assert theme.cell(value) == printed


def test_text_from_data_cannot_leave_its_place() -> None:
    from xml.etree import ElementTree

    hostile = chart(
        title='</svg><script>alert("1")</script> & $x^2$ \x00', alt="<b>alt</b>", source="A & B <c>"
    )
    with theme.style(hostile.id):
        figure = theme.new_figure()
        theme.frame(figure, hostile)
        body = theme.svg_bytes(figure, hostile)
        again = theme.svg_bytes(figure, hostile)
        png = theme.png_bytes(figure, hostile)
    root = ElementTree.fromstring(body)
    assert body == again
    assert not [item for item in root.iter() if item.tag.endswith("script")]
    assert "$x^2$" in "".join(root.itertext())
    assert b"Somebody" not in png
    assert b"A & B <c>" in png


def printed(one: Chart) -> tuple[bytes, bytes]:
    """The PDF of a chart, made twice."""
    with theme.style(one.id):
        figure = theme.new_figure()
        theme.frame(figure, one)
        svg = theme.svg_bytes(figure, one)
        return theme.pdf_bytes(figure, one, svg), theme.pdf_bytes(figure, one)


def test_a_pdf_has_text_words_about_it_and_the_day_of_its_data_for_a_clock() -> None:
    from pypdf import PdfReader

    first, second = printed(chart(title="A title & <more>", alt="A line."))
    assert first == second
    read = PdfReader(io.BytesIO(first))
    assert "A title & <more>" in read.pages[0].extract_text()
    about = read.metadata
    assert about is not None
    assert about.title == "A title & <more>"
    assert about.subject == "A line. As known on 4 July 2026. Source: Somebody"
    assert str(about.creation_date)[:10] == "2026-07-04"
    assert b"/Type3" not in first.replace(b" ", b"")


@pytest.mark.parametrize("typst", [True, False])
def test_a_png_is_sharp_and_says_what_it_is(monkeypatch: pytest.MonkeyPatch, typst: bool) -> None:
    from PIL import Image

    if not typst:
        monkeypatch.setitem(sys.modules, "typst", None)
    one = chart(title="Дефіцит & <more>")
    with theme.style(one.id):
        figure = theme.new_figure()
        theme.frame(figure, one)
        first, second = theme.png_bytes(figure, one), theme.png_bytes(figure, one)
    assert first == second
    picture = Image.open(io.BytesIO(first))
    picture.load()
    assert picture.size == (1600, 1000)
    assert picture.info["Title"] == "Дефіцит & <more>"
    assert picture.info["As of"] == "2026-07-04"
    assert round(picture.info["dpi"][0]) == theme.DPI


def test_without_typst_matplotlib_writes_the_pdf(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "typst", None)
    first, second = printed(chart())
    assert first == second
    assert first.startswith(b"%PDF-")
    assert b"CreationDate" not in first


@pytest.mark.parametrize("word", ["title", "subtitle", "source", "alt", "columns", "drawing"])
def test_a_chart_without_its_words_is_refused(word: str) -> None:
    with pytest.raises(ValueError, match=word):
        chart(**{word: ()} if word == "columns" else {word: ""})


def test_saving_writes_the_asked_formats_and_the_data(tmp_path: Path) -> None:
    one = chart(columns=("who", "value"), rows=(("=cmd", 2.0), ("Фонд", None)))
    theme.prepare()
    with theme.style(one.id):
        figure = theme.new_figure()
        theme.frame(figure, one)
    paths = theme.save(figure, one, tmp_path, ("svg", "pdf"))
    assert [path.name for path in paths] == ["a-chart.svg", "a-chart.pdf", "a-chart.csv"]
    assert (tmp_path / "a-chart.csv").read_text("utf-8") == "who,value\n'=cmd,2\nФонд,\n"
    assert io.BytesIO((tmp_path / "a-chart.pdf").read_bytes()).read(5) == b"%PDF-"
