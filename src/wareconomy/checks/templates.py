"""The template of a hand-kept table in words: header, one line per column, and how the table is checked."""

from __future__ import annotations

from wareconomy.catalog import Column, Table

TYPES = {
    "text": "text",
    "id": "identifier",
    "category": "one of the codes below",
    "unit": "one of the units below",
    "number": "number with a decimal point",
    "integer": "whole number",
    "yesno": "yes or no",
    "date": "YYYY-MM-DD",
    "partial_date": "YYYY, YYYY-MM or YYYY-MM-DD",
    "month": "YYYY-MM",
    "year": "YYYY",
    "period": "YYYY, YYYY-MM, YYYY-MM-DD or first..last",
    "url": "http or https address",
    "sha256": "64 hexadecimal digits",
    "list": "values separated by semicolons",
}


def template(table: Table) -> str:
    """Markdown: what the table holds, its columns with their rules, and the header to copy."""
    lines = [f"## {table.name}", "", f"{table.title}. {table.about}", ""]
    lines += ["| column | what it holds | form | rules |", "| --- | --- | --- | --- |"]
    lines += [_row(column) for column in table.columns.values()]
    empty = (
        "It may be without rows."
        if table.may_be_empty
        else "A file without rows is refused, unless dialects.toml allows it."
    )
    lines += ["", f"One row per {' + '.join(table.key)}. {empty}", ""]
    for column in table.columns.values():
        if any(column.values.values()) and column.name not in {"basis", "confidence"}:
            lines += [f"Codes of `{column.name}`:", ""]
            lines += [f"- `{code}`: {meaning}" for code, meaning in column.values.items()]
            lines.append("")
    lines += ["```csv", ",".join(table.columns), "```"]
    return "\n".join(lines)


def _row(column: Column) -> str:
    rules = ["required" if column.required else "may be blank"]
    if column.min is not None or column.max is not None:
        rules.append(f"{_number(column.min)} to {_number(column.max)}")
    if column.values and not any(column.values.values()):
        rules.append(" / ".join(column.values))
    if column.pattern:
        rules.append(f"matches `{column.pattern}`")
    if column.not_before:
        rules.append(f"not before {column.not_before}")
    if column.not_after:
        rules.append(f"not after {column.not_after}")
    if column.future:
        rules.append("may lie in the future")
    if column.since and column.since != column.name:
        rules.append(f"shown from {column.since}" + ("" if column.undated else ", which it needs"))
    cells = (f"`{column.name}`", column.about, TYPES[column.type], ", ".join(rules))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _number(value: float | None) -> str:
    return "any" if value is None else f"{value:g}"
