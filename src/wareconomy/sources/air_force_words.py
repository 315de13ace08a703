"""Counting in the Ukrainian of the Air Force's reports: "сімома ракетами", "189 ударними БпЛА", "ракетою" (one).

A group is a noun (missile, drone, loitering munition) with the number before it, digits or a word, at
most four words apart. A missile in the singular without a number is one; a plural without a number is a
group without a count. Drones named after a counted group of drones, without a number of their own,
belong to that group.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

WORDS = {
    1: "один одна одне одну одного однією одним одної",
    2: "два дві двох двома",
    3: "три трьох трьома",
    4: "чотири чотирьох чотирма",
    5: "п'ять п'яти п'ятьма п'ятьома",
    6: "шість шести шістьма шістьома",
    7: "сім семи сьома сімома",
    8: "вісім восьми вісьма вісьмома",
    9: "дев'ять дев'яти дев'ятьма дев'ятьома",
    10: "десять десяти десятьма десятьома",
}
NUMBERS = {word: number for number, words in WORDS.items() for word in words.split()}
NUMBER = rf"(?:\d{{1,5}}|{'|'.join(sorted(NUMBERS, key=len, reverse=True))})"
NOUN = re.compile(
    r"(?<![\w-])(?:(?P<missiles>ракет(?:ами|ою|ах|и|у|а|і)?)(?!\w)|(?P<munitions>баражуюч\w+ боєприпас\w*|Бандероль)"
    r"|(?P<drones>БпЛА|безпілотник\w*|дрон(?:ами|ів|и|ом|у|а)?)(?![\w]))"
)
BEFORE = re.compile(
    rf"(?:^|[\s,;:–—-])(?P<number>{NUMBER}) "
    r"(?:(?:(?!та |і |й |із |з |типу )[^\W\d_][\w'/-]*,?|S8000) ){0,4}$",
    re.IGNORECASE,
)
LONGER = re.compile(
    r"(?:\d|[а-яіїє']*(?:дцят|десят|сорок|дев'яност)\w*|\bст[оа]|\bдвіст\w*|\bтрист\w*)$", re.IGNORECASE
)
"""What stands before a number that is only the end of a longer one ("двадцятьма двома", "1 024")."""
AT_LEAST = re.compile(r"\b(?:понад|більше|більш як|щонайменше)$", re.IGNORECASE)
ABOUT = re.compile(r"\b(?:близько|майже|до|приблизно|орієнтовно)$", re.IGNORECASE)
ONE = frozenset({"ракетою", "ракету", "ракета", "боєприпасом", "дроном", "дрон"})
BRACKETS = re.compile(r"\([^()]{0,300}\)")
NAME = re.compile(r'["«»“”„]')
BANDEROL = re.compile(r'(?:баражуюч\w+ боєприпас\w* )?"Бандероль"(?:/"[^"]{1,20}")?')
MISSED = re.compile(r"не досягл|уточню|локаційно втрачен|не долет", re.IGNORECASE)
PLURAL_FLOOR = 2


@dataclass(frozen=True, slots=True)
class Counted:
    """A kind's count: what is printed, groups without a number, and the least these can be together."""

    known: int
    groups_without: int
    floor_without: int

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.known + other.known,
            self.groups_without + other.groups_without,
            self.floor_without + other.floor_without,
        )


def normal(text: str) -> str:
    """The text in one Unicode form, with plain blanks, quotes and apostrophes."""
    plain = unicodedata.normalize("NFC", text).replace("\u00a0", " ").replace("\u202f", " ")
    plain = re.sub("[’ʼ`´]", "'", plain)
    plain = NAME.sub('"', plain)
    return "\n".join(" ".join(line.split()) for line in plain.splitlines())


def count_lines(lines: list[str]) -> dict[str, Counted]:
    """Counts of a list: each line begins with its number, and its first noun says what it counts."""
    found: dict[str, Counted] = {}
    for line in lines:
        groups = list(_groups(_bare(line.lstrip("- ").rstrip(";. "))))
        if groups:
            kind, counted = groups[0]
            found[kind] = found.get(kind, Counted(0, 0, 0)) + counted
    return found


def count_inline(sentence: str) -> dict[str, Counted]:
    """Counts of a sentence, clause by clause; clauses about what missed or is being checked are left out."""
    found: dict[str, Counted] = {}
    drones_counted = False
    for clause in re.split(r", (?=[^,]{0,80}не досягл)|(?<=[а-яіїєґ])\. ", _bare(sentence)):
        if MISSED.search(clause):
            continue
        for kind, counted in _groups(clause):
            if counted.groups_without and kind != "missiles" and drones_counted:
                continue
            drones_counted = drones_counted or (kind == "drones" and counted.known > 0)
            found[kind] = found.get(kind, Counted(0, 0, 0)) + counted
    return found


def _bare(text: str) -> str:
    """The text without brackets, with each loitering munition under one name."""
    previous = ""
    while previous != text:
        previous, text = text, BRACKETS.sub(" ", text)
    text = BANDEROL.sub("Бандероль", text)
    return " ".join(text.split())


def _groups(clause: str) -> list[tuple[str, Counted]]:
    """Nouns of a clause in order, each with its count."""
    found: list[tuple[str, Counted]] = []
    last = 0
    for noun in NOUN.finditer(clause):
        kind = str(noun.lastgroup)
        text = clause[last : noun.start()][-160:]
        before = BEFORE.search(text)
        last = noun.end()
        if before:
            found.append((kind, _counted(before["number"].lower(), text[: before.start()].rstrip())))
        elif noun[0].split()[-1] in ONE:
            found.append((kind, Counted(1, 0, 0)))
        else:
            found.append((kind, Counted(0, 1, PLURAL_FLOOR)))
    return found


def _counted(word: str, before: str) -> Counted:
    """A group with a number before it. A number that is cut off or only about right is a group without a count."""
    number = NUMBERS[word] if word in NUMBERS else int(word)
    if LONGER.search(before) or ABOUT.search(before):
        return Counted(0, 1, PLURAL_FLOOR)
    return Counted(0, 1, number) if AT_LEAST.search(before) else Counted(number, 0, 0)
