"""Text cells to values by the declared type of their column; a cell that does not fit becomes a finding."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from wareconomy import model
from wareconomy.catalog import Column

# ASCII throughout: the digits of other scripts would pass, and figures nobody can read would be published.
NUMBER = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)([eE][+-]?\d{1,3})?", re.ASCII)
INTEGER = re.compile(r"[+-]?\d{1,18}", re.ASCII)
DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+", re.ASCII)
DIGIT_GROUPS = re.compile(r"[+-]?\d{1,3}([ ,.\u00a0\u202f']\d{3})+([.,]\d+)?", re.ASCII)
DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
YEAR = re.compile(r"[12]\d{3}", re.ASCII)
SHA256 = re.compile(r"[0-9a-f]{64}")
IDENTIFIER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]*")


class Unfit(ValueError):
    """A cell that does not fit its type: `rule` and `advice` for the finding."""

    def __init__(self, rule: str, advice: str) -> None:
        super().__init__(f"{rule}: {advice}")
        self.rule, self.advice = rule, advice


def convert(column: Column, text: str, decimal: str) -> str | float | int | None:
    """The value of a nonblank cell: a number, or text in normal form (dates stay ISO text).

    `decimal` is the declared decimal mark of the file, "." or ",". Raises Unfit.
    """
    if column.numeric:
        return _number(column, text, decimal)
    if text[0] == "=" or (text[0] in "+@" and len(text) > 1 and not text[1].isdigit()):
        raise Unfit("formula", "a cell may not start with = + or @; type the value itself")
    return CONVERTERS[column.type](column, text)


def _number(column: Column, text: str, decimal: str) -> float | int:
    if text[0] == "=":
        raise Unfit("formula", "type the number itself, not a formula")
    plain = text.replace("\u2212", "-")
    if decimal == ",":
        if "." in plain:
            raise Unfit("decimal mark", "the file declares a decimal comma, this cell has a point")
        plain = plain.replace(",", ".")
    elif DECIMAL_COMMA.fullmatch(plain) and not DIGIT_GROUPS.fullmatch(plain):
        raise Unfit("decimal mark", "a decimal comma; use a point, or declare decimal = ',' in dialects.toml")
    if column.type == "integer":
        if not INTEGER.fullmatch(plain):
            raise Unfit("whole number", _number_advice(text))
        return int(plain)
    if not NUMBER.fullmatch(plain):
        raise Unfit("number", _number_advice(text))
    return float(plain)


def _number_advice(text: str) -> str:
    if DIGIT_GROUPS.fullmatch(text):
        return "remove the thousands marks"
    if text.lower().lstrip("+-") in {"nan", "inf", "infinity", "na", "n/a", "none", "null", "-", "–"}:
        return "leave the cell blank when the value is not known and say why in the note"
    return "digits with a decimal point only; the unit goes into the unit column"


def _text(column: Column, text: str) -> str:
    if column.pattern and not re.fullmatch(column.pattern, text, re.ASCII):
        raise Unfit("pattern", f"must match {column.pattern}")
    return text


def _id(column: Column, text: str) -> str:
    if not IDENTIFIER.fullmatch(text):
        raise Unfit("identifier", "letters, digits, dot, dash, underscore and colon only")
    return _text(column, text)


def _date(_: Column, text: str) -> str:
    try:
        if not DAY.fullmatch(text):  # fromisoformat alone takes the day of an ISO week
            raise ValueError
        return date.fromisoformat(text).isoformat()
    except ValueError:
        raise Unfit("date", "write the day as YYYY-MM-DD") from None


def _reads_as(read: Callable[[str], object], rule: str, advice: str) -> Callable[[Column, str], str]:
    def converter(_: Column, text: str) -> str:
        try:
            read(text)
        except ValueError:
            raise Unfit(rule, advice) from None
        return text

    return converter


def _month(_: Column, text: str) -> str:
    try:
        if len(text) != 7:
            raise ValueError
        model.partial_date(text)
    except ValueError:
        raise Unfit("month", "write the month as YYYY-MM") from None
    return text


def _year(_: Column, text: str) -> str:
    if not YEAR.fullmatch(text):
        raise Unfit("year", "write the year with four digits")
    return text


def _yesno(_: Column, text: str) -> str:
    if text not in {"yes", "no"}:
        raise Unfit("yes or no", "write yes or no")
    return text


def _sha256(_: Column, text: str) -> str:
    if not SHA256.fullmatch(text):
        raise Unfit("SHA-256", "64 lower-case hexadecimal digits")
    return text


def _url(_: Column, text: str) -> str:
    try:
        parts = urlsplit(text)
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and not re.search(r"[\s<>\"]", text)
    except ValueError:
        fits = False
    if not fits:
        raise Unfit("address", "one http or https address without spaces; other words go into the note")
    return text


def _list(column: Column, text: str) -> str:
    parts = [part.strip() for part in text.split(";")]
    for part in parts:
        if not part:
            raise Unfit("list", "separate the values with one semicolon each")
        if column.values and part not in column.values:
            raise Unfit("category", f"{part!r} is not one of {', '.join(column.values)}")
    return ";".join(parts)


CONVERTERS: dict[str, Callable[[Column, str], str]] = {
    "text": _text,
    "category": _text,
    "unit": _text,
    "id": _id,
    "date": _date,
    "partial_date": _reads_as(model.partial_date, "date", "write YYYY, YYYY-MM or YYYY-MM-DD"),
    "period": _reads_as(model.period, "period", "write YYYY, YYYY-MM, YYYY-MM-DD or first..last"),
    "month": _month,
    "year": _year,
    "yesno": _yesno,
    "sha256": _sha256,
    "url": _url,
    "list": _list,
}
