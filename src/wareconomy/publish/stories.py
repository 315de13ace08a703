"""What lay around an act or a day, in words: a lead, a line for each statement, what was measured, what was
published, and how often chance brings dates as near.

Every sentence passes the gate against claims of cause. No link is claimed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from wareconomy.analysis.links import BaseRate, Story
from wareconomy.ledger import act_names
from wareconomy.publish import keeping
from wareconomy.publish import language as lang

FISCAL = {
    "ru.budget.balance": ("the balance of the federal budget", "RUB bn"),
    "ru.nwf.liquid": ("the liquid part of the National Wealth Fund", "RUB bn"),
    "ru.nwf.total": ("the National Wealth Fund", "RUB bn"),
    "ru.key_rate": ("the key rate", "percent"),
    "ru.budget.revenue_oil_gas": ("oil and gas revenue of the federal budget", "RUB bn"),
}
TOPICS = {
    "territory_gain": "ground",
    "settlement_capture": "towns",
    "buffer_zone": "a zone",
    "strike": "strikes",
    "losses": "losses",
}
WEEK = 7
VERBS = frozenset({"said", "told", "put", "set", "gave", "spoke"})
NO_LINK = "The dates lie near one another. No link is claimed."
CONTROL = "This moment was chosen since nobody would link its parts; it reads like the others."


@dataclass(frozen=True, slots=True)
class Line:
    """One statement of a story: its day, how far that is, who, the words of the row, its marks (see keeping)."""

    day: date
    gap: str
    speaker: str
    words: str
    marks: tuple[str, ...]
    claim: str

    @property
    def sentence(self) -> str:
        """The line as one sentence: `3 July 2026 (1 day before): Vladimir Putin restated the case ...`."""
        first, _, rest = self.words.partition(" ")
        verb = first.lower() in VERBS or (first.endswith("ed") and first.isalpha())
        said = f"{self.speaker} {first.lower()} {rest}" if verb else f"{self.speaker}: {self.words}"
        tail = f" ({'; '.join(self.marks)})" if self.marks else ""
        return f"{lang.day(self.day)} ({self.gap}): {said}{tail}."


@dataclass(frozen=True, slots=True)
class Telling:
    """A story in parts, each gated: `lead`, one `Line` per statement (`nothing` is said where there is none),
    `measured`, `published`, `chance`, `close`.
    """

    lead: str
    lines: tuple[Line, ...]
    nothing: str
    measured: str
    published: tuple[str, ...]
    chance: str
    close: str

    def sentences(self) -> list[str]:
        """Everything in reading order."""
        said = [line.sentence for line in self.lines]
        none = (
            []
            if said
            else ["No statement about ground, towns or a zone is in the ledger within a week of it."]
        )
        return [self.lead, *said, *none, self.measured, *self.published, self.chance, *self.close.split("\n")]


def telling(story: Story) -> Telling:
    """A story in parts. Raises CausalWording for a part that claims a cause."""
    made = Telling(
        _lead(story),
        tuple(_line(story, row) for row in story.claims),
        f"No statement about {about(story)} is in the ledger {within(story)} of it.",
        measured(story),
        tuple(_published(story)),
        chance(story.rates),
        f"{CONTROL}\n{NO_LINK}" if story.control else NO_LINK,
    )
    for text in made.sentences():
        lang.refuse_causal(text)
    return made


def tell(story: Story) -> list[str]:
    """A story in sentences: the act, the statements with their days, the measured change, the figures
    published, the base rate.
    """
    return telling(story).sentences()


def about(story: Story) -> str:
    """What the statements of a story are about: `ground, towns or a zone`."""
    words = [TOPICS[name] for name in story.topics]
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def within(story: Story) -> str:
    """`within a week`, or `within 8 days`."""
    return "within a week" if story.reach == WEEK else f"within {lang.plural(story.reach, 'day')}"


def _lead(story: Story) -> str:
    when = f"{lang.weekday(story.day)}, {lang.day(story.day)}"
    if story.act is None:
        return f"The day is {when}. {_of_the_days(story)}"
    row = story.act
    verb = "signed" if _whole(row["signed_on"]) else "adopted" if row["adopted_on"] else "introduced"
    what = subject(row)
    if name := act_names.capital(act_names.told(row)):
        return f"{name} was {verb} on {when}: {what}."
    where = f" in {abroad}" if (abroad := _abroad(row)) else ""
    return f"{verb.capitalize()}{where} on {when}: {what}."


def _of_the_days(story: Story) -> str:
    """Acts signed around a day one by one, those that came into force by their number and the one named."""
    signed = [
        f"{named(row)} ({', '.join(filter(None, (_abroad(row), lang.partial(row['signed_on']))))})"
        for row in story.acts
    ]
    first = f"Signed {within(story)} of it: {'; '.join(signed)}." if signed else ""
    if not story.starting:
        return first or f"No act was signed {within(story)} of it."
    count = len(story.starting)
    ahead = sum(1 for row in story.starting if row["in_force_on"] > story.as_of.isoformat())
    verb = "came" if not ahead else "come" if ahead == count else "came or come"
    second = f"{lang.plural(count, 'act')} {'comes' if verb == 'come' and count == 1 else verb} into force "
    second += f"{within(story)} of it"
    if 0 < ahead < count:
        second += f" ({lang.number(ahead)} of them after {lang.day(story.as_of)})"
    for row in story.starting:
        if row["act"] == story.named:
            second += f", among them on {lang.partial(row['in_force_on'])} {named(row)}"
    return f"{first} {second}.".strip()


def _whole(text: str | None) -> bool:
    return bool(text) and len(text or "") == 10


def _abroad(row: dict[str, Any]) -> str:
    """Whose act it is, where it is not Russia's and no number says so."""
    return "" if row["jurisdiction"] == "ru" or row["number"] else act_names.COUNTRIES[row["jurisdiction"]]


def subject(row: dict[str, Any]) -> str:
    """What an act is about, as its row says."""
    return wording(str(row["title_en"]))


def named(row: dict[str, Any]) -> str:
    """Kind, number and subject of an act."""
    return ", ".join(filter(None, (act_names.told(row), subject(row))))


def _line(story: Story, row: dict[str, Any]) -> Line:
    said = date.fromisoformat(row["said_on"])
    return Line(
        said,
        gap(said, story.day),
        row["speaker"],
        wording(row["summary"]),
        keeping.marks(row),
        row["id"],
    )


def gap(day: date, other: date) -> str:
    """How far a day lies from another: `the same day`, `3 days before`, `1 day after`."""
    days = (day - other).days
    if days == 0:
        return "the same day"
    return f"{lang.plural(abs(days), 'day')} {'after' if days > 0 else 'before'}"


def measured(story: Story) -> str:
    """The change of the map in the week before and the week from the day."""
    if not (story.before and story.after):
        return "No daily map covers both weeks around that day."
    return (
        f"On the DeepState map the occupied area changed by {lang.signed(story.before.value)} km² in the seven "
        f"days before and by {lang.signed(story.after.value)} km² in the seven days from that day."
    )


def _published(story: Story) -> list[str]:
    """Fiscal figures made public within two weeks, each with its period and the day it became known."""
    made = []
    for item in story.fiscal:
        if item["series"] in FISCAL:
            title, unit = FISCAL[item["series"]]
            value = lang.amount(item["value"], unit, lang.decimals_of(item["value"]))
            assumed = " (day assumed)" if item["basis"] == "assumed" else ""
            start, end = item["period_start"], item["period_end"]
            when = "" if start == end == item["vintage"] else f", {lang.period(start, end)}"
            made.append(f"Made public {lang.day(item['vintage'])}{assumed}: {title}{when}, {value}.")
    return made


def chance(rates: tuple[BaseRate, ...]) -> str:
    """Statements near the day, and the share of days of the record with one as near."""
    parts = [
        f"within {lang.plural(rate.days, 'day')} {lang.number(rate.statements)} (as near a statement lies on "
        f"{lang.percent(100 * rate.share)} of all days)"
        for rate in rates
    ]
    record = rates[0].record
    return (
        f"Statements near it, one speaker on one topic within five days counted once: {'; '.join(parts)}. "
        f"Record: {lang.day(record.first)} to {lang.day(record.last)}."
    )


def wording(text: str) -> str:
    """Words of a row as collected, one form for numbers of acts. Wording that claims a cause is not repeated."""
    cleaned = act_names.latin(" ".join(text.split())).rstrip(".").replace("km2", "km²")
    return "a statement whose wording is in the row" if lang.causal(cleaned) else cleaned
