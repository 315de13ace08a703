"""Reads cells that hold the repr of a Python dict or list, such as `{'south': 61, 'north': NaN}`.

Such a cell is neither JSON (single quotes) nor a Python literal (bare NaN), and a cell from the network
is never evaluated. This reads strings, numbers, NaN, None, lists and dicts, nested four deep at most;
all else is a ValueError.
"""

from __future__ import annotations

import re
from typing import TypeAlias

Value: TypeAlias = "str | float | list[Value] | dict[str, Value] | None"

MAX_LENGTH = 20_000
MAX_DEPTH = 4
TOKEN = re.compile(
    r"""\s*(?:
        (?P<text>'(?:[^'\\]|\\['"\\nt])*'|"(?:[^"\\]|\\['"\\nt])*")
      | (?P<number>-?\d{1,15}(?:\.\d{1,15})?)(?![\w.])
      | (?P<word>NaN|nan|None)\b
      | (?P<mark>[][{}:,])
      | (?P<end>\Z)
    )""",
    re.VERBOSE,
)
ESCAPES = {"\\'": "'", '\\"': '"', "\\\\": "\\", "\\n": "\n", "\\t": "\t"}


def parse(cell: str) -> Value:
    """The value of the cell; NaN and None are None. ValueError when it is anything else."""
    if len(cell) > MAX_LENGTH:
        raise ValueError(f"{len(cell):,} characters in one cell")
    tokens = _tokens(cell)
    value, at = _value(tokens, 0, MAX_DEPTH)
    if tokens[at][0] != "end":
        raise ValueError(f"{tokens[at][1]!r} after the value")
    return value


def _tokens(cell: str) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    at = 0
    while not found or found[-1][0] != "end":
        match = TOKEN.match(cell, at)
        if match is None or match.lastgroup is None:
            raise ValueError(f"cannot be read from {cell[at : at + 20]!r} on")
        found.append((match.lastgroup, match[match.lastgroup]))
        at = match.end()
    return found


def _value(tokens: list[tuple[str, str]], at: int, depth: int) -> tuple[Value, int]:
    kind, text = tokens[at]
    if kind == "text":
        return re.sub(r"\\.", lambda found: ESCAPES[found[0]], text[1:-1]), at + 1
    if kind == "number":
        return float(text), at + 1
    if kind == "word":
        return None, at + 1
    if text == "{" and depth:
        return _dict(tokens, at + 1, depth - 1)
    if text == "[" and depth:
        return _list(tokens, at + 1, depth - 1)
    raise ValueError("nested too deeply" if text in {"{", "["} else f"{text!r} where a value was due")


def _list(tokens: list[tuple[str, str]], at: int, depth: int) -> tuple[Value, int]:
    items: list[Value] = []
    while tokens[at][1] != "]" or tokens[at][0] != "mark":
        value, at = _value(tokens, at, depth)
        items.append(value)
        at = _separator(tokens, at, "]")
    return items, at + 1


def _dict(tokens: list[tuple[str, str]], at: int, depth: int) -> tuple[Value, int]:
    items: dict[str, Value] = {}
    while tokens[at][1] != "}" or tokens[at][0] != "mark":
        key, at = _value(tokens, at, 0)
        if not isinstance(key, str):
            raise ValueError("a key that is no text")
        if key in items:
            raise ValueError(f"the key {key!r} twice")
        if tokens[at] != ("mark", ":"):
            raise ValueError(f"no value for the key {key!r}")
        items[key], at = _value(tokens, at + 1, depth)
        at = _separator(tokens, at, "}")
    return items, at + 1


def _separator(tokens: list[tuple[str, str]], at: int, closing: str) -> int:
    """Past a comma; stays at the closing mark. A bracket that never closes ends here."""
    if tokens[at] == ("mark", ","):
        return at + 1
    if tokens[at] != ("mark", closing):
        raise ValueError(f"{tokens[at][1]!r} where a comma or {closing} was due")
    return at
