"""The command line: parses arguments, calls one function, prints. Nothing heavy is imported before it is needed."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Sequence

from wareconomy.cli import streams
from wareconomy.cli.parser import make_parser
from wareconomy.errors import InputError, StorageError, UsageError, WareconomyError

INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; the exit code (errors.py draws the tree of codes)."""
    words = sys.argv[1:] if argv is None else list(argv)
    streams.prepare()
    try:
        try:
            return _command(words)
        finally:
            streams.flush()
    except BrokenPipeError:
        streams.abandon()  # whoever read has seen enough
        return 0
    except OSError as error:
        if error.errno is None:
            raise
        streams.abandon()
        place = error.filename or "the output cannot be written"
        streams.complain(f"{place}: {error.strerror}")
        return StorageError.exit_code


def _command(words: Sequence[str]) -> int:
    as_json = "--json" in words
    try:
        arguments = _parse(words)
        if arguments.version:
            from wareconomy import __version__

            print(f"wareconomy {__version__}")
            return 0
        if not arguments.command:
            make_parser().print_help()
            return 0
        as_json = getattr(arguments, "json", False)  # it may have been shortened
        return _run(arguments)
    except WareconomyError as error:
        _say(error)
        if as_json:
            _emit(type(error).__name__, error.exit_code, str(error).splitlines()[0], error)
        return error.exit_code
    except KeyboardInterrupt:
        text = "interrupted; what was published before is untouched"
        streams.complain(text)
        if as_json:
            _emit("Interrupted", INTERRUPTED, text)
        return INTERRUPTED
    except SystemExit as stop:  # the parser has said on standard error what is wrong
        if as_json and stop.code == UsageError.exit_code:
            _emit("UsageError", UsageError.exit_code, "the arguments were not understood; see standard error")
        raise


def _parse(words: Sequence[str]) -> Namespace:
    for word in words:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UsageError(
                f"the argument {word!a} is not text in UTF-8; type it again, or rename the file"
            ) from None
    return make_parser(words[0] if words else None).parse_args(words)


def _say(error: WareconomyError) -> None:
    """The error for a person: its line, and one for each finding."""
    if not isinstance(error, InputError):
        streams.complain(str(error))
        return
    from wareconomy.cli.output import clean

    head, *_ = str(error).splitlines()
    streams.complain("\n  ".join([head, *map(clean, error.findings)]))


def _emit(kind: str, code: int, message: str, error: WareconomyError | None = None) -> None:
    """The error for a machine: one line of JSON on standard output, also after lines that were printed before it."""
    import json
    from dataclasses import asdict

    findings = error.findings if isinstance(error, InputError) else []
    answer = {"error": kind, "exit_code": code, "message": message}
    if findings:
        answer["findings"] = [asdict(finding) for finding in findings]
    print(json.dumps(answer, ensure_ascii=False))


def _run(arguments: Namespace) -> int:
    from importlib import import_module

    module, function = arguments.run.split(":")
    result: int = getattr(import_module(f"wareconomy.cli.{module}"), function)(arguments)
    return result
