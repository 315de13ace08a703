"""Lines end where the margin is, by the width of their letters and not by their number."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from matplotlib import get_data_path
from matplotlib.font_manager import FontProperties
from matplotlib.textpath import TextToPath

from wareconomy.publish import lettering

SENTENCES = st.lists(
    st.text(st.sampled_from("iIlmMwW0.,–²éЖ"), min_size=1, max_size=30), min_size=1, max_size=30
).map(" ".join)


def test_a_number_stays_with_its_unit() -> None:
    lines = lettering.wrap("Threshold under the law of 28 November 2025 is 15 mn RUB", 2.2, 9, 3)
    assert lines == ["Threshold under the law of", "28 November 2025 is 15 mn RUB"]


def test_no_words_take_no_line() -> None:
    assert lettering.wrap(" ", 2.2, 9, 3) == []


@given(text=SENTENCES, room=st.floats(1, 8), most=st.integers(1, 4), bold=st.booleans())
def test_no_line_is_wider_than_its_room_and_what_is_left_out_is_marked(
    text: str, room: float, most: int, bold: bool
) -> None:
    lines = lettering.wrap(text, room, 13, most, bold)
    assert 1 <= len(lines) <= most
    assert all(lettering.width(line, 13, bold) <= room for line in lines)
    whole = "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert whole != lines[-1].endswith(lettering.MORE)


@pytest.mark.parametrize("bold", [False, True])
def test_widths_are_those_matplotlib_draws(bold: bool) -> None:
    text = "23 Russian statements of area taken, beside what mappers measured in the"
    set_in = FontProperties(family="DejaVu Sans", weight="bold" if bold else "normal", size=13)
    drawn, _, _ = TextToPath().get_text_width_height_descent(text, set_in, ismath=False)
    assert lettering.width(text, 13, bold) == pytest.approx(drawn / lettering.POINTS, rel=0.01)


def test_the_fonts_are_found_where_matplotlib_keeps_them() -> None:
    assert Path(lettering.fonts_folder()) == Path(get_data_path(), "fonts", "ttf")
