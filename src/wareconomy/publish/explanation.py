"""One node of the tree that says where a figure comes from, as text for a person and as values for a machine."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from wareconomy.publish.provenance import Record

IN_TITLE = ("value", "unit", "period", "series", "inputs")


@dataclass(frozen=True, slots=True)
class Explanation:
    """One node of the tree.

    kind is figure, derived, row, count, calculation or missing; `facts` are label and value (plain values, in
    the order to print); `prints` are other prints of the same period; `limits` breaks and blackouts; `inputs`
    the figures it was made from.
    """

    id: str
    kind: str
    title: str
    facts: tuple[tuple[str, Any], ...]
    prints: tuple[Record, ...] = ()
    limits: tuple[Record, ...] = ()
    inputs: tuple[Explanation, ...] = field(default_factory=tuple)

    def as_dict(self) -> dict[str, Any]:
        """The tree as JSON values: dates in ISO form."""
        return {
            "id": self.id,
            "kind": self.kind,
            "title": self.title,
            **{label.replace(" ", "_"): plain(value) for label, value in self.facts},
            "other_prints": [plain(item) for item in self.prints],
            "limits": [plain(item) for item in self.limits],
            "inputs": [item.as_dict() for item in self.inputs],
        }

    def as_text(self) -> str:
        """The tree as indented plain text, two spaces a level."""
        return "\n".join(self._lines(0, set()))

    def _lines(self, depth: int, said: set[str]) -> Iterator[str]:
        pad = "  " * depth
        yield f"{pad}{self.id}: {self.title}" if self.title else f"{pad}{self.id}"
        for label, value in self.facts:
            if value is None or (label in IN_TITLE and self.kind in ("figure", "derived")):
                continue
            text = f"{label}: {words(value)}"
            if label in ("definition", "terms") and text in said:
                continue
            said.add(text)
            yield f"{pad}  {text}"
        if self.prints:
            yield f"{pad}  other prints of the same period:"
            yield from (f"{pad}    {print_line(item)}" for item in self.prints)
        if self.limits:
            yield f"{pad}  breaks and blackouts:"
            yield from (
                f"{pad}    {item['table']}:{item['id']}, {item['when']}: {item['what']}"
                for item in self.limits
            )
        if self.inputs:
            yield f"{pad}  {'figures read from it' if self.kind == 'row' else 'made from'}:"
            for item in self.inputs:
                yield from item._lines(depth + 2, said)


def print_line(item: Record) -> str:
    """Another print of the same period, in one line."""
    place = f" {item['source_url']}" if item["source_url"] else ""
    assumed = " (assumed)" if item["basis"] == "assumed" else ""
    return (
        f"{words(item['value'])}, known {item['vintage']}{assumed}, {item['publisher']} "
        f"[{item['observation']}], {item['against this']}{place}"
    )


def words(value: Any) -> str:
    """A value as plain text: thousands with commas, a true minus, dates in ISO form."""
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        text = f"{value:,.10f}".rstrip("0").rstrip(".") if isinstance(value, float) else f"{value:,}"
        return text.replace("-", "−") if text not in ("-0",) else "0"
    if isinstance(value, list | tuple):
        return "; ".join(map(words, value))
    return " ".join(str(value).split())


def plain(value: Any) -> Any:
    """A value as JSON has it: dates in ISO form, names of fields without blanks."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {str(key).replace(" ", "_"): plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
