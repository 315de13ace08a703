"""The command line: parses arguments, calls one function, prints. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from wareconomy.cli.parser import make_parser
from wareconomy.errors import WareconomyError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code (errors.py draws the tree of codes)."""
    words = sys.argv[1:] if argv is None else list(argv)
    parser = make_parser(words[0] if words else None)
    arguments = parser.parse_args(words)
    if arguments.version:
        from wareconomy import __version__

        print(f"wareconomy {__version__}")
        return 0
    if not arguments.command:
        parser.print_help()
        return 0
    try:
        return _run(arguments)
    except WareconomyError as error:
        print(f"wareconomy: {error}", file=sys.stderr)
        return error.exit_code
    except BrokenPipeError:
        sys.stderr.close()
        return 0
    except KeyboardInterrupt:
        print("wareconomy: interrupted; what was published before is untouched", file=sys.stderr)
        return 130


def _run(arguments: Namespace) -> int:
    from importlib import import_module

    module, function = arguments.run.split(":")
    result: int = getattr(import_module(f"wareconomy.cli.{module}"), function)(arguments)
    return result
