"""One text to its proposals: statements and acts that a person may accept, each with its place in the text.

A false number is worse than a missed one: a figure is proposed only when its unit stands beside it and the sentence says
that ground, weapons or people changed, or that a law sets it. What a sentence does not say stays blank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from wareconomy.sources.statements import days, figures, gazetteer, names, sentences
from wareconomy.sources.statements.figures import Figure
from wareconomy.sources.statements.sentences import Sentence

RECORD, ORDER, AHEAD, DENIAL = "record", "order", "forward-looking", "denial"
SPEAKING = ("said", "ordered", "denied")
TOPICS = {
    "km2": "territory_gain", "sq mi": "territory_gain", "percent": "territory_gain", "settlements": "settlement_capture",
    "drones": "strike", "missiles": "strike", "guided bombs": "strike", "tanks": "losses", "persons": "losses",
    "km2 per day": "territory_gain", "persons per month": "losses",
}  # fmt: skip
SHARE_OF = re.compile(
    r"\s*(?:of|від|от)?\s*(?:the\s+)?(?:(?:territory|area|land|територі[їя]|площі|территории|площади)\s+)?(?:of\s+)?(?:the\s+)?",
    re.IGNORECASE,
)
"""All that may stand between a share and the region it is a share of."""
HELD = re.compile(
    r"\s*(?:is |are )?(?:under|controlled|occupied|підконтроль|під контрол|окупован|контролю|под контр|оккупиров|контролир)",
    re.IGNORECASE,
)
BEFORE_SHARE = 40
"""Most characters between a region and the share of it that follows: `Luhansk oblast is 100% under control`."""
CAPTURE = 40
"""Most characters between a word of capture and the town that was taken."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What one figure (or one order) of a text would be as a row.

    `start` and `end` are the sentence's place in the text, `figure_start` and `figure_end` the figure's (the sentence's when
    there is none). `value` is None for a statement without a number. `period` and `said_on` are text; `*_assumed` says that
    the page's date had to help. `page_date` is that date and nothing else. `unsure` lists why a person must look twice.
    """

    table: str
    kind: str
    topic: str
    quote: str
    start: int
    end: int
    figure_start: int
    figure_end: int
    paragraph: int
    language: str
    value: float | None
    high: float | None
    was: float | None
    unit: str
    bound: str
    km2: float | None
    period: str
    period_assumed: bool
    said_on: str
    said_assumed: bool
    speaker: str
    places: tuple[str, ...]
    category: str
    verb: str
    page_date: str
    unsure: tuple[str, ...]

    @property
    def confidence(self) -> str:
        """`high` when speaker, day and period are printed, `medium` when one is missing or assumed, else `low`."""
        return ("high", "medium", "medium", "low")[min(len(self.unsure), 3)]


def proposals(
    text: str, page_date: date | None, speaker: str = "", said_on: date | None = None
) -> list[Proposal]:
    """Every proposal of a text, in its order.

    `speaker` and `said_on` are those of a channel's own post: they stand where the sentence names nobody and no day.
    """
    found: list[Proposal] = []
    before: tuple[int, str] = (0, "")
    for sentence in sentences.split(text):
        if len(sentence.plain) > sentences.LONGEST:
            continue
        spoken = names.speaker(sentence.plain, sentence.language, (*SPEAKING, "law"))
        named = spoken.name if spoken else ""
        inherited = ""
        if (
            not named
            and sentence.paragraph - before[0] <= 1
            and gazetteer.cue("pronoun").match(sentence.plain)
        ):
            inherited = before[1]
        who = named or inherited or speaker
        found += _of_sentence(sentence, page_date, who, bool(inherited), said_on)
        if named or inherited:
            before = sentence.paragraph, named or inherited
    return found


def _of_sentence(
    sentence: Sentence, page_date: date | None, speaker: str, inherited: bool, said_on: date | None
) -> Iterator[Proposal]:
    plain = sentence.plain
    reference = said_on or page_date
    spoken = days.said(plain, reference)
    kind = _kind(plain)
    usable = [item for item in figures.figures(plain, sentence.language) if _belongs(item, plain)]
    for item in usable:
        table = _table(item, plain)
        places = _places(plain, item)
        if not table or (table == "claims" and item.code == "percent" and not places):
            continue
        span = (
            days.period(plain, item.start, reference, spoken, kind in (AHEAD, ORDER))
            if table == "claims"
            else None
        )
        yield _made(sentence, table, kind, item, span, spoken, said_on, speaker, inherited, places, page_date)
    if not usable:
        place = _bare(plain, kind, speaker)
        if place is not None:
            span = days.period(plain, place, reference, spoken, kind in (AHEAD, ORDER))
            places = tuple(dict.fromkeys(item.name for item in names.regions(plain)))
            yield _made(
                sentence, "claims", kind, None, span, spoken, said_on, speaker, inherited, places, page_date
            )


def _made(
    sentence: Sentence,
    table: str,
    kind: str,
    item: Figure | None,
    span: days.Span | None,
    spoken: days.Span | None,
    said_on: date | None,
    speaker: str,
    inherited: bool,
    places: tuple[str, ...],
    page_date: date | None,
) -> Proposal:
    day = spoken.text() if spoken else said_on.isoformat() if said_on else ""
    zone = gazetteer.cue("zone").search(sentence.plain)
    topic = (
        "buffer_zone"
        if zone and kind == ORDER
        else TOPICS.get(item.code, "other")
        if item
        else "settlement_capture"
    )
    doubts = {
        "no speaker is named": not speaker and table == "claims",
        "the speaker stands in the sentence before": inherited,
        "the day of the statement is not printed": not day,
        "the year of the statement comes from the page": bool(spoken and spoken.assumed),
        "no period is printed": span is None and table == "claims" and kind != ORDER,
        "the period is worked out from the page's date": bool(
            span and span.assumed and not said_on and not (spoken and not spoken.assumed)
        ),
        "a range, no single number": bool(item and item.high is not None),
    }
    return Proposal(
        table=table,
        kind=kind,
        topic=topic if table == "claims" else "",
        quote=sentence.plain,
        start=sentence.start,
        end=sentence.end,
        figure_start=sentence.start + (item.start if item else 0),
        figure_end=sentence.start + item.end if item else sentence.end,
        paragraph=sentence.paragraph,
        language=sentence.language,
        value=item.value if item else None,
        high=item.high if item else None,
        was=item.was if item else None,
        unit=item.code if item else "",
        bound=item.bound if item else "",
        km2=item.km2 if item else None,
        period=span.text() if span else "",
        period_assumed=bool(span and span.assumed),
        said_on=day,
        said_assumed=bool(spoken and spoken.assumed),
        speaker=speaker,
        places=places,
        category=_category(sentence.plain) if table == "acts" else "",
        verb=_verb(item, sentence.plain),
        page_date=page_date.isoformat() if page_date else "",
        unsure=tuple(why for why, holds in doubts.items() if holds),
    )


def _belongs(item: Figure, plain: str) -> bool:
    """Whether the sentence is about what the unit counts here."""
    if any(gazetteer.cue(name).search(plain) for name in item.unit.never):
        return False
    return any(gazetteer.cue(name).search(plain) for name in item.unit.needs)


def _table(item: Figure, plain: str) -> str:
    """`claims`, `acts`, or nothing for a figure that has no table here."""
    if item.unit.money or item.code == "percent":
        legal = gazetteer.cue("law").search(plain) and gazetteer.cue("duty").search(plain)
        if legal:
            return "acts"
        return "claims" if item.code == "percent" and gazetteer.cue("control").search(plain) else ""
    return "claims"


def _places(plain: str, item: Figure) -> tuple[str, ...]:
    """Regions of the sentence; for a share, the one it is a share of."""
    if item.code == "percent":
        return next(
            ((place.name,) for place in names.regions(plain, towns=False) if _share_of(plain, item, place)),
            (),
        )
    return tuple(sorted({place.name for place in names.regions(plain)}))


def _share_of(plain: str, item: Figure, place: names.Mention) -> bool:
    """Whether a share is said of this region: `70% of Donetsk oblast`, or `Luhansk oblast is 100% under control`."""
    if place.start >= item.end:
        return SHARE_OF.fullmatch(plain[item.end : place.start]) is not None
    between = plain[place.end : item.start]
    return (
        0 <= item.start - place.end <= BEFORE_SHARE
        and "%" not in between
        and HELD.match(plain[item.end :]) is not None
    )


def _kind(plain: str) -> str:
    if gazetteer.cue("denied").search(plain) and not gazetteer.cue("not_denied").search(plain):
        return DENIAL
    if gazetteer.cue("negated").search(plain):
        return DENIAL
    if gazetteer.cue("zone").search(plain) and gazetteer.cue("ordered").search(plain):
        return ORDER
    return AHEAD if gazetteer.cue("ahead").search(plain) else RECORD


def _bare(plain: str, kind: str, speaker: str) -> int | None:
    """Where a statement without a number stands: an order about a zone, or somebody naming a town that was taken."""
    zone = gazetteer.cue("zone").search(plain)
    if zone and kind == ORDER:
        return zone.start()
    if (
        not speaker
        or kind not in (RECORD, DENIAL)
        or re.search(r"\d", plain)
        or gazetteer.cue("elsewhere").search(plain)
    ):
        return None
    for town in names.towns(plain):
        for match in gazetteer.cue("captured").finditer(plain):
            if -CAPTURE <= town.start - match.end() <= CAPTURE:
                return town.start
    return None


def _verb(item: Figure | None, plain: str) -> str:
    """What became of what is counted; the whole of `226 of 242 drones` was launched, whatever became of the 226."""
    if item is None:
        return "taken"
    return "launched" if item.whole else gazetteer.verb(item.code, plain, item.start, item.end)


def _category(plain: str) -> str:
    return next((name for name, pattern in gazetteer.subjects() if pattern.search(plain)), "other")
