"""Places and speakers in one sentence: regions by ISO 3166-2 code, towns by their oblast, and who it is that speaks."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wareconomy.sources.statements import gazetteer

NEAR = 90
"""Most characters between a speaker and the word of speaking."""
ADDRESSED = re.compile(
    r"\b(?:told|briefed|informed|reported to|доложил\w*|доповів|доповіла|отчитал\w*|рассказал\w*|сообщил\w*)\s+"
    r"(?:[A-Z]\w+\s+|[а-яіїєґё]+\s+){0,2}$"
)
"""What stands before the person who is told something."""
ABOUT_THEM = re.compile(
    r"\b(?:statement|claim|claims|residence|forces|army|words|заяв[уаиі]|заявлени[ея]|слова|резиденци\w+|резиденці\w+)\s+"
    r"(?:by\s+|of\s+)?(?:[A-ZА-ЯІЇЄҐ]\w+\s+|президента\s+)?$"
)
POSSESSIVE = re.compile(r"^(?:'s|')\s")
BY_WORD = re.compile(
    r"\b(?:according to|за словами|по словам|за даними|по данным|by)\s+(?:\w+\s+){0,4}$", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Mention:
    """A name in the text and what it stands for."""

    name: str
    start: int
    end: int


def regions(plain: str, towns: bool = True) -> list[Mention]:
    """Regions named in the sentence, in order; with `towns`, a town counts as its oblast."""
    found = [
        Mention(item.name, match.start(), match.end())
        for item in gazetteer.regions()
        for match in item.pattern.finditer(plain)
    ]
    pattern, known = gazetteer.towns()
    for match in pattern.finditer(plain) if towns else ():
        if not any(item.start < match.end() and match.start() < item.end for item in found):
            found.append(Mention(known[match["c"] or match["l"]][1], match.start(), match.end()))
    return sorted(found, key=lambda item: item.start)


def towns(plain: str) -> list[Mention]:
    """Towns named in the sentence, by the name places.csv has."""
    pattern, known = gazetteer.towns()
    return [
        Mention(known[match["c"] or match["l"]][0], match.start(), match.end())
        for match in pattern.finditer(plain)
    ]


def speakers(plain: str, language: str) -> list[Mention]:
    """Every speaker named in the sentence, in order."""
    found = []
    for item in gazetteer.speakers():
        patterns = [item.pattern, *([item.home[language]] if language in item.home else [])]
        for pattern in patterns:
            found += [Mention(item.name, match.start(), match.end()) for match in pattern.finditer(plain)]
    return sorted(dict.fromkeys(found), key=lambda item: (item.start, -item.end))


def speaker(plain: str, language: str, acts: tuple[str, ...]) -> Mention | None:
    """Who says, orders, denies or signs it: the name nearest to a word of one of these cues; None when nobody is named.

    Those who are told something, and those whose words or forces are spoken of, do not count.
    """
    verbs = [match for name in acts for match in gazetteer.cue(name).finditer(plain)]
    best: tuple[float, Mention] | None = None
    for mention in speakers(plain, language):
        before, after = plain[: mention.start], plain[mention.end :]
        if BY_WORD.search(before) or (after.startswith(":") and not before.strip()):
            cost = 0.0
        elif _no_speaker(before, after) or (
            ADDRESSED.search(before) and _somebody_else(plain, language, mention)
        ):
            continue
        else:
            cost = min((_gap(mention, verb) for verb in verbs), default=NEAR + 1.0)
        if cost <= NEAR and (best is None or cost < best[0]):
            best = cost, mention
    return best[1] if best else None


def _no_speaker(before: str, after: str) -> bool:
    """Whether a name only owns something that is spoken of: `Putin's residence`, `the statement of Gerasimov`."""
    return bool(ABOUT_THEM.search(before) or POSSESSIVE.match(after))


def _gap(mention: Mention, verb: re.Match[str]) -> float:
    if verb.start() >= mention.end:
        return verb.start() - mention.end
    return mention.start - verb.end() + 5 if mention.start >= verb.end() else NEAR + 1.0


def _somebody_else(plain: str, language: str, mention: Mention) -> bool:
    return any(other.name != mention.name for other in speakers(plain, language))
