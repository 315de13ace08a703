"""The Ukrainian Air Force's report of the night: how many drones and missiles came, and how many were brought down.

The post prints preliminary numbers, as digits or as words, some not at all ("with ballistic missiles"):
then the total is not known, only its floor. What was brought down must add up to the total in the text
or the headline, and may not be more than what came; a report that does not fit itself yields rows
without a value and the reason, never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, timedelta

from wareconomy.sources.air_force_words import Counted, count_inline, count_lines, normal
from wareconomy.sources.source import Post, Reading

MONTHS = tuple(
    "січня|лютого|березня|квітня|травня|червня|липня|серпня|вересня|жовтня|листопада|грудня".split("|")  # noqa: SIM905
)
GENITIVE = "|".join(MONTHS)
NIGHT = re.compile(
    rf"У ніч на (?P<day>\d{{1,2}}) (?P<month>{GENITIVE})(?: \d{{4}}(?: року)?)?,? "
    rf"\(з ?\d{{1,2}}[:.]\d{{2}} (?P<eve>\d{{1,2}}) (?P<eve_month>{GENITIVE})\)",
)
ATTACK = re.compile(r"противник\w* (?:атакува\w+|завда\w+)|зафіксовано (?=\d+ засоб)")
TOTAL_ATTACK = re.compile(r"зафіксовано (?P<all>\d+) засоб\w* повітряного нападу")
DEFENCE = re.compile(r"збито/подавлено|підтверджено збиття|збито/приземлено")
HEADLINE = re.compile(r"ЗБИТО/ПОДАВЛЕНО (?P<all>\d+) (?P<what>ЦІЛ\w+|ВОРОЖ\w+ БПЛА|БПЛА|БЕЗПІЛОТНИК\w+)")
TOTAL_DOWN = re.compile(r"(?:збито/подавлено|збиття) (?P<all>\d+) ціл\w+")
HITS = re.compile(r"влучання [^.]{0,160}?\bна ?(?P<all>\d+) локаці")
DEBRIS = re.compile(r"падіння [^.\d]{0,80}?\bна ?(?P<all>\d+)\b")
LIST_END = ("Повітряний напад", "Зафіксовано", "Атака", "За попередн", "Тримаймо", "Інформація")
KINDS = {"drones": "drones", "missiles": "missiles", "munitions": "loitering_munitions"}
LATEST = timedelta(days=2)
LONGEST = 20_000
"""Telegram allows 4,096 characters; a longer text is no post of this channel."""


def figures(post: Post) -> Iterator[Reading]:
    """Numbers of a report of the night; nothing for any other post.

    An edited post carries no `known_on`: the day it was changed is not printed, so the receipt's day counts.
    """
    if len(post.text) > LONGEST:
        return
    text = normal(post.text)
    night = NIGHT.search(text.replace("\n", " "))
    if not night or not DEFENCE.search(text):
        return
    span = _span(post, night)
    if span is None:
        return
    period = f"{span[0].isoformat()}..{span[1].isoformat()}"
    attack, defence = _section(text, ATTACK), _section(text, DEFENCE)
    came, down = _counts(attack), _counts(defence)
    fault = _fault(text, came, down)

    def reading(tail: str, counted: Counted | int, where: str) -> Reading:
        whole = Counted(counted, 0, 0) if isinstance(counted, int) else counted
        unknown = whole.groups_without > 0
        reason = fault or (f"{whole.groups_without} group(s) without a count: a floor" if unknown else None)
        missing = fault is not None or unknown
        return Reading(
            f"strikes.night.{tail}",
            period,
            None if missing else float(whole.known),
            str(whole.known),
            f"{post.locator}, {where}",
            status="M" if missing else "P",
            low=float(whole.known + whole.floor_without) if unknown and not fault else None,
            known_on=None if post.edited else post.posted_at.astimezone(UTC).date(),
            edition=f"{post.channel} {post.number}",
            note=reason,
        )

    for kind, tail in KINDS.items():
        for counts, metric, where in ((came, "launched", "attack"), (down, "intercepted", "brought down")):
            if kind in counts:
                yield reading(f"{tail}.{metric}", counts[kind], where)
    body = text.replace("\n", " ")
    for pattern, tail in ((HITS, "hit_locations"), (DEBRIS, "debris_locations")):
        found = pattern.search(body)
        if found:
            yield reading(tail, int(found["all"]), tail.replace("_", " "))


def _span(post: Post, night: re.Match[str]) -> tuple[date, date] | None:
    """Evening and morning; the year is that of the post. None when the night is not the one just past."""
    posted = post.posted_at.astimezone(UTC).date()
    for year in (posted.year, posted.year - 1):
        try:
            morning = date(year, MONTHS.index(night["month"]) + 1, int(night["day"]))
        except ValueError:
            continue
        evening = morning - timedelta(days=1)
        named = (int(night["eve"]), MONTHS.index(night["eve_month"]) + 1)
        if timedelta(0) <= posted - morning <= LATEST and named in {
            (d.day, d.month) for d in (evening, morning)
        }:
            return evening, morning
    return None


def _section(text: str, opening: re.Pattern[str]) -> list[str]:
    """From the last sentence that opens the section to the end of its paragraph and of the list after it."""
    lines = [line for line in text.split("\n") if not HEADLINE.search(line)]
    starts = [index for index, line in enumerate(lines) if opening.search(line)]
    if not starts:
        return []
    start = starts[-1]
    found = next(opening.finditer(lines[start]))
    kept = [lines[start][found.end() :]]
    for line in lines[start + 1 :]:
        if line.startswith(LIST_END):
            break
        if line.startswith("-"):
            kept.append(line)
    return kept


def _counts(section: list[str]) -> dict[str, Counted]:
    """Counts by kind: of the list's lines where there is a list, else of the sentence."""
    if not section:
        return {}
    listed = [line for line in section[1:] if line.startswith("-")]
    return count_lines(listed) if listed else count_inline(section[0])


def _fault(text: str, came: dict[str, Counted], down: dict[str, Counted]) -> str | None:
    """Why the report contradicts itself; None when it does not."""
    if not came or not down:
        return "the sentence of what came or of what was brought down is not in a known form"
    body = text.replace("\n", " ")
    total = TOTAL_ATTACK.search(body)
    known = {name: _sum(counts) for name, counts in (("came", came), ("down", down))}
    complete = {name: _complete(counts) for name, counts in (("came", came), ("down", down))}
    if total and complete["came"] and int(total["all"]) != known["came"]:
        return f"{total['all']} came by the text, {known['came']} by its parts"
    stated = TOTAL_DOWN.search(body)
    if stated and complete["down"] and int(stated["all"]) != known["down"]:
        return f"{stated['all']} brought down by the text, {known['down']} by its parts"
    headline = HEADLINE.search(body)
    if headline and complete["down"]:
        targets = headline["what"].startswith("ЦІЛ")
        parts = known["down"] if targets else down.get("drones", Counted(0, 0, 0)).known
        if int(headline["all"]) != parts:
            return f"{headline['all']} brought down by the headline, {parts} by the text"
    return _more_than_came(came, down)


def _more_than_came(came: dict[str, Counted], down: dict[str, Counted]) -> str | None:
    """More brought down than came, where what came is fully counted. Munitions may be counted among drones."""
    for kind in ("missiles", "drones"):
        most = came.get(kind, Counted(0, 0, 0))
        if down.get(kind, most).known > most.known and not most.groups_without:
            return f"more {kind} brought down than came"
    return None


def _sum(counts: dict[str, Counted]) -> int:
    return sum(counted.known for counted in counts.values())


def _complete(counts: dict[str, Counted]) -> bool:
    return not any(counted.groups_without for counted in counts.values())
