"""JSON answers, read with every digit kept, and looked into with errors that say where."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from wareconomy.sources import markup
from wareconomy.sources.source import Document, Malformed

Item = Mapping[str, Any]


def parse(document: Document, source: str) -> Any:
    """The value of a JSON body; numbers with a point are Decimal. Raises Malformed for HTML and for broken JSON."""
    head = document.data[:200].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"<"):
        raise Malformed(source, "a page instead of JSON", advice="a wrong address answers like this")
    import msgspec

    try:
        return _decoder()(document.data.removeprefix(codecs.BOM_UTF8))
    except UnicodeError as error:
        raise Malformed(source, "the JSON is not UTF-8") from error
    except (msgspec.DecodeError, ValueError, ArithmeticError, RecursionError) as error:
        raise Malformed(source, f"the JSON is broken: {str(error)[:160]}") from error


def items(value: Any, source: str, place: str = "/") -> list[Item]:
    """A list of objects. An object with a message is an error the server answered with status 200."""
    _no_error(value, source, place)
    if not isinstance(value, list) or not all(isinstance(item, Mapping) for item in value):
        raise Malformed(source, "not a list of objects", place)
    return value


def member(value: Any, name: str, source: str) -> list[Item]:
    """The list of objects under a name of the answer."""
    if isinstance(value, Mapping) and name in value:
        return items(value[name], source, f"/{name}")
    _no_error(value, source, "/")
    raise Malformed(source, f"no {name} in the answer")


def text(item: Item, name: str, source: str, place: str) -> str:
    """A text field that must be there. Raises Malformed."""
    found = item.get(name)
    if not isinstance(found, str):
        known = ", ".join(sorted(map(str, item)))[:160]
        raise Malformed(source, f"no text field {name}; fields are {known}", place)
    return found


def _no_error(value: Any, source: str, place: str) -> None:
    if isinstance(value, Mapping) and ("message" in value or "error" in value):
        said = markup.squeeze(str(value.get("message", value.get("error"))))
        raise Malformed(source, f"the server answered an error: {said[:160]}", place)


@cache
def _decoder() -> Callable[[bytes], Any]:
    import msgspec

    decode: Callable[[bytes], Any] = msgspec.json.Decoder(float_hook=Decimal).decode
    return decode
