"""Writes docs/tables.md and docs/commands.md from the catalog and the parser; a test compares them."""

from __future__ import annotations

import argparse
from pathlib import Path

from wareconomy import catalog
from wareconomy.checks.templates import template
from wareconomy.cli.parser import EXIT_CODES, make_parser

DOCS = Path(__file__).resolve().parents[1] / "docs"
ERRORS = """\
An error is one line on standard error, and one more for each finding in a file. With `--json` standard output holds it
too, as the last line, for whatever runs the command: `error` (the name of the class in `wareconomy.errors`), `exit_code`,
`message`, and `findings` (`file`, `line`, `column`, `value`, `rule`, `advice`) where files are at fault. So standard output
is JSON, unless it could not be written (exit code 6) or the process was killed.

Pipes and files get UTF-8 in every locale, unless `PYTHONIOENCODING` says otherwise; arguments must be UTF-8."""


def tables() -> str:
    """Every hand-kept table: what it holds, its columns, codes and header."""
    declared = catalog.load().tables.values()
    head = [
        "# The hand-kept tables",
        "",
        "Written from `src/wareconomy/catalog/tables/` by `python scripts/write-docs.py`. "
        "The same text for one table: `wareconomy check --template TABLE`.",
        "",
        "`dialects.toml` beside the files says what is kept otherwise than the program expects: under `[table]`, "
        '`decimal = ","` for numbers with a decimal comma, and `may_be_empty = true` for a table of which no rows are kept.',
        "",
        *(f"- [{table.name}](#{table.name}): {table.title}" for table in declared),
        "",
    ]
    return "\n".join(head) + "\n" + "\n\n".join(map(template, declared)) + "\n"


def commands() -> str:
    """Every command with its arguments and an example, and the exit codes (the same text on every Python)."""
    parser = make_parser()
    parts = ["# Commands", "", "Written by `python scripts/write-docs.py` from the command line itself.", ""]
    parts += ["```text", EXIT_CODES, "```", "", ERRORS, ""]
    (group,) = (action for action in parser._actions if isinstance(action, argparse._SubParsersAction))
    for name, command in group.choices.items():
        parts += [f"## wareconomy {name}", "", str(command.description), ""]
        actions = [action for action in command._actions if action.dest != "help"]
        if actions:
            parts += ["| argument | what it does |", "| --- | --- |"]
            parts += [f"| `{_name(action)}` | {action.help} |" for action in actions]
            parts.append("")
        example = str(command.epilog).removesuffix(EXIT_CODES).removeprefix("example:").strip()
        parts += ["```console", f"$ {example}", "```", ""]
    return "\n".join(parts)


def _name(action: argparse.Action) -> str:
    value = "|".join(map(str, action.choices)) if action.choices else str(action.metavar or action.dest)
    if not action.option_strings:
        return f"{value}..." if action.nargs in {"*", "+"} else value
    names = ", ".join(action.option_strings)
    return names if action.nargs == 0 else f"{names} {value}"


def main() -> None:
    """Write both files."""
    (DOCS / "tables.md").write_text(tables(), encoding="utf-8")
    (DOCS / "commands.md").write_text(commands(), encoding="utf-8")


if __name__ == "__main__":
    main()
