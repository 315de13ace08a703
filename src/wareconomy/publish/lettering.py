"""The type charts are set in: where its files are, how wide words come out, and where lines break."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FONTS = Path("fonts", "ttf")
FILES = {False: "DejaVuSans.ttf", True: "DejaVuSans-Bold.ttf"}
UNITS = 1000
"""Size a font is measured at: widths are in proportion to size, as charts are drawn without hinting."""
POINTS = 72
"""Points to the inch."""
TOGETHER = re.compile(r"(?<=\d) (?=[^\W\d]{1,9}\b)|(?<=\bbn|\bmn|\btn) (?=(?:RUB|USD|EUR|CNY|UAH)\b)")
HARD = "\N{NO-BREAK SPACE}"
MORE = " …"


def fonts_folder() -> str:
    """Where matplotlib keeps the fonts it measures with; found without loading it, which takes a tenth of a second."""
    found = find_spec("matplotlib")
    folder = Path(found.origin).with_name("mpl-data") if found and found.origin else Path()
    if not (folder / FONTS).is_dir():  # a distribution that keeps them elsewhere
        from matplotlib import get_data_path

        folder = Path(get_data_path())
    return str(folder / FONTS)


def width(text: str, size: float, bold: bool = False) -> float:
    """Inches a line takes at a size in points."""
    return _font(bold).getlength(text) / UNITS * size / POINTS


def wrap(text: str, room: float, size: float, most: int, bold: bool = False) -> list[str]:
    """Lines of at most `room` inches, numbers kept with their unit; what `most` lines do not hold ends in an ellipsis."""
    words = [word for word in TOGETHER.sub(HARD, " ".join(text.split())).split(" ") if word]
    lines: list[str] = []
    while words:
        last = len(lines) == most - 1
        fit = _fitting(words, room, size, bold)
        if last and fit < len(words):
            lines.append(_cut(words[: fit or 1], room, size, bold))
            break
        if fit == 0:  # a word longer than a line
            word = words[0]
            fit = 1
            cut = next(
                place
                for place in range(len(word), 0, -1)
                if place == 1 or width(word[:place], size, bold) <= room
            )
            words[:1] = [word[:cut], word[cut:]]
        lines.append(" ".join(words[:fit]))
        words = words[fit:]
    return [line.replace(HARD, " ") for line in lines]


def _fitting(words: list[str], room: float, size: float, bold: bool) -> int:
    """How many of the words go on one line; more words are never narrower."""
    return bisect_right(
        range(1, len(words) + 1), room, key=lambda count: width(" ".join(words[:count]), size, bold)
    )


def _cut(words: list[str], room: float, size: float, bold: bool) -> str:
    """The words and an ellipsis, on one line: whole words, or the beginning of a single one that is too long."""
    while len(words) > 1 and width(" ".join(words) + MORE, size, bold) > room:
        words = words[:-1]
    line = " ".join(words)
    while len(line) > 1 and width(line + MORE, size, bold) > room:
        line = line[:-1]
    return line + MORE


@cache
def _font(bold: bool) -> FreeTypeFont:
    from PIL import ImageFont

    return ImageFont.truetype(
        str(Path(fonts_folder(), FILES[bold])), UNITS, layout_engine=ImageFont.Layout.BASIC
    )
