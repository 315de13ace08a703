"""Text to sentences with their places, and the language of each. Blanks and apostrophes become plain ones, lengths stay."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from wareconomy.errors import MissingExtra

PLAIN = str.maketrans(
    dict.fromkeys("\u00a0\u202f\u2009\u2007\u2002\u2003\u200a\t", " ") | dict.fromkeys("’ʼ`´‘", "'")
)
"""One character for one, so that a place in the plain text is the same place in the text as it was."""
SHORT = re.compile(
    r"(?:\b(?:гл|ген|им|обл|нас|кв|тыс|тис|руб|грн|млн|млрд|трлн|дол|долл|пос|рр|гг|ст|sq|approx|incl|Gen|Lt|Col|Adm|No|St)|"
    r"\b[\d\s]+[гр]|\b[А-ЯІЇЄҐA-Z])\.\s*$"
)
"""After these a sentence does not end, whatever the splitter says: offices, units, years, initials."""
ENDS = re.compile(r"(?:кв\.\s*км|тыс|тис|млн|млрд|руб|грн|[гр])\.\s*$")
LONGEST = 1200
"""A "sentence" longer than this is a list or a table without stops; no figure is read from it."""
UKRAINIAN, RUSSIAN = re.compile("[іїєґІЇЄҐ]"), re.compile("[ыэъёЫЭЪЁ]")
CYRILLIC = re.compile("[а-яА-Я]")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence: `plain` is the text for reading, `start` and `end` its place in the whole, `paragraph` counts from 1."""

    plain: str
    start: int
    end: int
    paragraph: int
    language: str


def language(text: str, otherwise: str = "ru") -> str:
    """`uk`, `ru` or `en` by the letters; Cyrillic without a telling letter is `otherwise`."""
    if not CYRILLIC.search(text) and not UKRAINIAN.search(text):
        return "en"
    ukrainian, russian = len(UKRAINIAN.findall(text)), len(RUSSIAN.findall(text))
    if ukrainian == russian:
        return otherwise
    return "uk" if ukrainian > russian else "ru"


def split(text: str) -> Iterator[Sentence]:
    """Sentences of a text whose paragraphs are its lines. Raises MissingExtra without the splitter's library."""
    try:
        from sentencex import get_sentence_boundaries
    except ImportError:
        raise MissingExtra("Reading statements", "text") from None
    whole = language(text)
    offset = 0
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            spoken = language(line, whole if whole != "en" else "ru")
            plain = line.translate(PLAIN)
            edges = [
                (item["start_index"], item["end_index"]) for item in get_sentence_boundaries(spoken, plain)
            ]
            for start, end in _joined(plain, edges):
                start += len(plain[start:end]) - len(plain[start:end].lstrip())
                end = start + len(plain[start:end].rstrip())
                if end > start:
                    yield Sentence(plain[start:end], offset + start, offset + end, number, spoken)
        offset += len(line) + 1


def _joined(plain: str, edges: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Edges without those that stand after an abbreviation."""
    held: int | None = None
    for index, (start, end) in enumerate(edges):
        begin = start if held is None else held
        following = plain[end : end + 1]
        last = index + 1 == len(edges)
        if (
            not last
            and SHORT.search(plain[begin:end])
            and not (following.isupper() and ENDS.search(plain[begin:end]))
        ):
            held = begin
            continue
        held = None
        yield begin, end
