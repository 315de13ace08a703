"""Arguments of the commands about statements, acts and their dates: claims, links, study."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from typing import Any

INBOX = ("read", "inbox", "accept", "reject")
"""Actions of `claims` that are about proposals, in cli.inbox."""


class _Route(argparse.Action):
    """The action's word, and which module does it."""

    def __call__(self, parser: Any, namespace: argparse.Namespace, values: Any, option: Any = None) -> None:
        setattr(namespace, self.dest, values)
        if values in INBOX:
            namespace.run = "inbox:inbox"


def number(low: int, high: int | None = None) -> Callable[[str], int]:
    """A type for arguments that are whole numbers from `low` to `high`."""

    def read(text: str) -> int:
        fits = text.isascii() and text.isdecimal() and len(text) < 10 and int(text) >= low
        if not fits or (high is not None and int(text) > high):
            span = f"from {low} up" if high is None else f"from {low} to {high}"
            raise argparse.ArgumentTypeError(f"{text!r} is no number {span}")
        return int(text)

    return read


def declare(command: Callable[..., argparse.ArgumentParser]) -> None:
    """Declare the commands through `command`, which makes the parser of one."""
    _claims(command)
    _links(command)
    _study(command)


def _claims(command: Callable[..., argparse.ArgumentParser]) -> None:
    claims = command(
        "claims",
        "claims:claims",
        "check statements against what was measured, and against one another",
        "wareconomy claims check C154",
        "as-of",
        "json",
    )
    claims.add_argument(
        "--maps",
        nargs="+",
        default=[],
        metavar="MAP",
        help="with counts: map files to follow the towns through",
    )
    claims.add_argument("--mapper", help="whose maps they are")
    actions = ("list", "check", "contradictions", "counts", "rule", *INBOX)
    claims.add_argument(
        "action", nargs="?", choices=actions, default="list", action=_Route, help="what to do (default: list)"
    )
    claims.add_argument(
        "id",
        nargs="*",
        metavar="ID",
        help="a statement (check), a proposal (accept, reject), FILE, URL or - (read)",
    )
    claims.add_argument("--url", metavar="URL", help="with read: where the file was found")
    claims.add_argument("--page-date", metavar="DATE", help="with read: the date the page shows")
    claims.add_argument(
        "--set", nargs="+", action="extend", metavar="FIELD=VALUE", help="with accept: cells you know better"
    )
    claims.add_argument(
        "--limit",
        type=number(1),
        metavar="N",
        help="with inbox: the newest N (10 at a terminal, all in a pipe or with --json)",
    )
    claims.add_argument("--why", metavar="TEXT", help="with reject: the reason")
    claims.add_argument("--review", action="store_true", help="with check: schema.org ClaimReview as JSON-LD")


def _links(command: Callable[..., argparse.ArgumentParser]) -> None:
    links = command(
        "links",
        "dates:links",
        "tell what lay around an act, or answer a registered question",
        "wareconomy links ru-228-fz-2026",
        "as-of",
        "json",
    )
    links.add_argument("what", metavar="ACT", help="an act or its row (L119); or the word test")
    links.add_argument(
        "question", nargs="?", metavar="QUESTION", help="with test: the question; without it the list"
    )


def _study(command: Callable[..., argparse.ArgumentParser]) -> None:
    study = command(
        "study",
        "dates:study",
        "ask a question of your own about dates; the answer is labelled exploratory",
        "wareconomy study --category sme_tax vat --topic buffer_zone --window 0 7",
        "as-of",
        "json",
    )
    study.add_argument("--stage", default="signed", help="stage of the acts (default: signed)")
    study.add_argument("--jurisdiction", nargs="+", metavar="CODE", help="acts of these: ru, ua, eu")
    study.add_argument("--category", nargs="+", metavar="CATEGORY", help="acts of these categories")
    study.add_argument("--topic", nargs="+", metavar="TOPIC", help="statements on these topics")
    study.add_argument("--side", nargs="+", metavar="SIDE", help="statements of these sides")
    study.add_argument("--speaker", nargs="+", metavar="NAME", help="statements of these speakers")
    study.add_argument(
        "--window",
        nargs=2,
        type=int,
        action="append",
        metavar=("LOW", "HIGH"),
        help="days after; up to four times",
    )
    study.add_argument(
        "--from", dest="start", default="2024-02-01", metavar="DATE", help="first day of the record"
    )
    study.add_argument(
        "--series",
        metavar="SERIES",
        help="a daily stock: event study; a monthly series: local projections; instead of coincidence",
    )
    study.add_argument(
        "--horizons",
        type=number(0, 6),
        default=6,
        metavar="MONTHS",
        help="with a monthly series: 0 (the same month alone) to 6 (default: 6)",
    )
