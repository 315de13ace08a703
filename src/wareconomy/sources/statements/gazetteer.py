"""The words and names of `catalog/gazetteer/` as patterns: cues, units, numbers in words, speakers, regions, towns.

An entry is words that follow one another; `*` at the end of a word stands for any ending.
"""

from __future__ import annotations

import csv
import hashlib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from wareconomy.catalog.load import HERE

FOLDER = HERE / "gazetteer"
LETTER = r"[\w'-]"
BEFORE, AFTER = r"(?<![\w'-])", r"(?![\w'])"
CYRILLIC = re.compile(r"[а-яіїєґё]", re.IGNORECASE)
SOFT = re.compile("(?:ий|ый|ій|ое|ее|ая|[аяоеєиіїйьыуюё])$")
"""The end of a name that changes with its case."""
ROMAN = str.maketrans(
    dict(zip("абвгґдезиіклмнопрстуфь'", [*"abvhgdezyiklmnoprstuf", "", ""], strict=True))
    | {
        "є": "ie",
        "ж": "zh",
        "ї": "i",
        "й": "i",
        "х": "kh",
        "ц": "ts",
        "ч": "ch",
        "ш": "sh",
        "щ": "shch",
        "ю": "iu",
        "я": "ia",
    }
)
ROMAN_FIRST = {"є": "ye", "ї": "yi", "й": "y", "ю": "yu", "я": "ya"}
"""Romanisation of Ukrainian names as news have it: resolution 55 of the Cabinet of Ministers, 27 January 2010."""
FOUR_TIMES = 4
"""A name that two towns share means the larger one only when that has four times the people."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit: its code, its patterns, its factor for km2, and the cues its sentence must and must not have."""

    code: str
    after: re.Pattern[str]
    before: re.Pattern[str] | None
    money: bool
    between: int
    km2: float | None
    needs: tuple[str, ...]
    never: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Named:
    """A speaker or region: its name or code, and the patterns that name it (`home`: only in texts of one language)."""

    name: str
    pattern: re.Pattern[str]
    home: Mapping[str, re.Pattern[str]]


def phrase(entry: str) -> str:
    """The pattern of one entry, without its edges."""
    parts = [
        re.escape(word.removesuffix("*")) + (LETTER + "*" if word.endswith("*") else "")
        for word in entry.split()
    ]
    return r"\s+".join(parts)


def either(entries: Iterable[str], ignore_case: bool = True) -> re.Pattern[str]:
    """One pattern for all entries, the longest first, as whole words."""
    ordered = sorted(set(entries), key=lambda entry: (-len(entry), entry))
    return re.compile(
        f"{BEFORE}(?:{'|'.join(map(phrase, ordered))}){AFTER}", re.IGNORECASE if ignore_case else 0
    )


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))


@cache
def digest() -> str:
    """Digest of every file the reader goes by, so that texts are read anew when one changes."""
    total = hashlib.sha256((HERE / "places.csv").read_bytes())
    for path in sorted(FOLDER.glob("*.toml")):
        total.update(path.read_bytes())
    return total.hexdigest()


@cache
def cue(name: str) -> re.Pattern[str]:
    """The pattern of a list of cues.toml. Raises KeyError for a list nobody wrote."""
    return either(_file("cues")[name]["words"])


@cache
def units() -> tuple[Unit, ...]:
    """Every unit, in the order of the file."""
    return tuple(
        Unit(
            entry["unit"],
            re.compile(
                f"(?:{'|'.join(sorted(map(phrase, entry['words']), key=len, reverse=True))}){AFTER}",
                re.IGNORECASE,
            ),
            re.compile(
                "(?:" + "|".join(sorted(map(re.escape, entry["prefixes"]), key=len, reverse=True)) + r")\s?$"
            )
            if entry.get("prefixes")
            else None,
            entry.get("money", False),
            entry["between"],
            entry.get("km2"),
            tuple(entry["needs"]),
            tuple(entry["never"]),
        )
        for entry in _file("units")["unit"]
    )


@cache
def modifiers() -> tuple[str, ...]:
    """Words that may stand between a number and its unit, beside Cyrillic adjectives."""
    return tuple(_file("units")["modifiers"])


@cache
def _verbs() -> tuple[tuple[tuple[str, ...], str, re.Pattern[str] | None], ...]:
    return tuple(
        (tuple(entry["units"]), entry["word"], either(entry["cues"]) if entry["cues"] else None)
        for entry in _file("units")["verb"]
    )


def verb(unit: str, plain: str, start: int, end: int) -> str:
    """The word of a summary for what became of a figure at a place (taken, shot down): that of the nearest cue."""
    best: tuple[int, str] | None = None
    otherwise = ""
    for units, word, pattern in _verbs():
        if unit not in units:
            continue
        if pattern is None:
            otherwise = word
            continue
        for match in pattern.finditer(plain):
            gap = start - match.end() if match.end() <= start else match.start() - end
            if best is None or gap < best[0]:
                best = gap, word
    return best[1] if best else otherwise


@cache
def calendar() -> dict[str, Any]:
    """Months, days of the week and spans: the body of calendar.toml."""
    return _file("calendar")


@cache
def span_words(name: str) -> re.Pattern[str]:
    """The pattern of one kind of span of calendar.toml (night, year_so_far, ...)."""
    return either(calendar()["spans"][name])


@cache
def values() -> dict[str, int]:
    """Number words below a thousand to their values."""
    return {word: int(value) for value, words in _file("numerals")["values"].items() for word in words}


@cache
def scales() -> dict[str, int]:
    """Scale words (thousand, млн, мільярдів) to their values."""
    return {word: int(value) for value, words in _file("numerals")["scales"].items() for word in words}


@cache
def bounds() -> dict[str, re.Pattern[str]]:
    """Bound (over, about, at least, up to, under) to the pattern that ends right before the number."""
    return {
        name: re.compile(
            f"{BEFORE}(?:{'|'.join(sorted(map(phrase, words), key=len, reverse=True))})\\s*$", re.IGNORECASE
        )
        for name, words in _file("numerals")["bounds"].items()
    }


@cache
def subjects() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """Category of the table acts and its pattern, in the order they are tried."""
    return tuple((entry["category"], either(entry["words"])) for entry in _file("subjects")["subject"])


@cache
def speakers() -> tuple[Named, ...]:
    """Every speaker; patterns keep case."""
    return tuple(
        Named(
            entry["name"],
            either(entry["forms"], ignore_case=False),
            {language: either(forms, ignore_case=False) for language, forms in entry.get("home", {}).items()},
        )
        for entry in _file("speakers")["speaker"]
    )


@cache
def offices() -> dict[str, tuple[str, str]]:
    """Office and side of the speakers that have no row of their own in the table claims yet."""
    return {
        entry["name"]: (entry["role"], entry["side"])
        for entry in _file("speakers")["speaker"]
        if "role" in entry
    }


@cache
def channel_speakers() -> dict[str, str]:
    """Source of a channel to the speaker whose own statements it carries."""
    return {
        channel: entry["name"]
        for entry in _file("speakers")["speaker"]
        for channel in entry.get("channels", ())
    }


@cache
def regions() -> tuple[Named, ...]:
    """Every region by code, with `place_only` names bound to a word of place before them."""
    body = _file("regions")
    place = "|".join(sorted(map(phrase, body["place"]["words"]), key=len, reverse=True))
    made = []
    for code, entry in body["regions"].items():
        parts = [phrase(form) for language in ("en", "uk", "ru") for form in entry.get(language, ())]
        parts.sort(key=len, reverse=True)
        pattern = f"{BEFORE}(?:{'|'.join(parts)}){AFTER}"
        if entry.get("place_only"):
            only = "|".join(map(phrase, entry["place_only"]))
            pattern += f"|{BEFORE}(?i:{place})\\s+(?:{only}){AFTER}"
        made.append(Named(code, re.compile(pattern), {}))
    return tuple(made)


@cache
def towns() -> tuple[re.Pattern[str], Mapping[str, tuple[str, str]]]:
    """A pattern whose match, shorn of its ending, is a key of the mapping to (name, code of the oblast)."""
    rules = _file("regions")["towns"]
    found: dict[str, list[tuple[int, str, str]]] = {}
    with (HERE / "places.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            people = int(row["population"] or 0)
            if people < rules["least"] or row["oblast"] in {"", *rules["not_in"]}:
                continue
            names = {row["name"], *filter(None, row["also"].split(";"))}
            for name in names | {roman(name) for name in names}:
                stem = _stem(name)
                if len(stem) >= rules["shortest"] and not name.startswith(tuple(rules["never"])):
                    found.setdefault(stem, []).append((people, row["name"], row["oblast"]))
    kept: dict[str, tuple[str, str]] = {}
    for stem, places in found.items():
        places.sort(reverse=True)
        if len({place[2] for place in places}) == 1 or places[0][0] >= FOUR_TIMES * places[1][0]:
            kept[stem] = places[0][1:]
    cyrillic = sorted((stem for stem in kept if CYRILLIC.search(stem)), key=len, reverse=True)
    latin = sorted((stem for stem in kept if not CYRILLIC.search(stem)), key=len, reverse=True)
    inflected = f"(?P<c>{'|'.join(map(re.escape, cyrillic))})[а-яіїєґё]{{0,3}}"
    fixed = f"(?P<l>{'|'.join(map(re.escape, latin))})"
    return re.compile(f"{BEFORE}(?:{inflected}|{fixed}){AFTER}"), kept


def _stem(name: str) -> str:
    """A name without the ending that its cases change; of a name in Latin letters, the whole."""
    plain = name.replace("’", "'")
    return SOFT.sub("", plain) if CYRILLIC.search(plain) else plain


def roman(name: str) -> str:
    """A Ukrainian name in Latin letters, as news spell it (Костянтинівка: Kostiantynivka)."""
    words = []
    for word in name.replace("’", "'").lower().replace("зг", "zgh").split(" "):
        made = ROMAN_FIRST.get(word[:1], word[:1].translate(ROMAN)) + word[1:].translate(ROMAN)
        words.append("-".join(part.capitalize() for part in made.split("-")))
    return " ".join(words)
