"""The Ministry's monthly message on the National Wealth Fund: page, DOCX, PDF or Telegram mirror.

Millions of roubles, dollars and yuan and kilograms of gold, where the table has billions and tonnes. The mirror lacks
the liquid part. Only balances are taken; the yuan are those on the account, not the many others in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date

from wareconomy.sources import minfin, numbers
from wareconomy.sources.minfin import Message
from wareconomy.sources.numbers import Figure
from wareconomy.sources.source import Ask, Document, Malformed, Reading

TITLE = re.compile(r"результатах размещения средств Фонда национального благосостояния", re.IGNORECASE)
SLUG = "rezultatakh_razmeshcheniya_sredstv_fonda_natsionalnogo_blagosostoyaniya"
MONTH = numbers.MONTH_WORD
AMOUNT = r"(\d{1,3}(?: \d{3})*,\d)(\d?)"
"""All amounts have one decimal; a second one is the mark of a footnote that a PDF has glued to the number."""
SCALE = {"млн": -3, "млрд": 0, "кг": -3, "тонн": 0, "т": 0}
DAY = rf"По состоянию на 1 ({MONTH}) (\d{{4}}) ?(?:г\.|года)"
TOTAL = re.compile(
    rf"{DAY},? объем (?:средств )?ФНБ,? составил ?(?:эквивалент )?{AMOUNT} ?(млн|млрд) руб\w*,? или (\d+,\d) ?% ?ВВП"
    rf".{{0,400}}?эквивалентно {AMOUNT} ?(млн|млрд) долл",
    re.IGNORECASE,
)
LIQUID = re.compile(
    rf"{DAY},? объем ликвидных активов ?(?:Фонда|ФНБ) ?(?:\([^)]{{0,120}}\))? ?составил ?(?:эквивалент )?{AMOUNT} ?"
    rf"(млн|млрд) руб\w*,? или {AMOUNT} ?(млн|млрд) долл\. ?США ?\((\d+,\d) ?% ?ВВП",
    re.IGNORECASE,
)
ACCOUNTS = re.compile(
    r"на отдельных счетах по учету средств (?:ФНБ|Фонда) в Банке России размещено:?(.{0,400})", re.I
)
ACCOUNTS_END = re.compile(r"\b2\) |на депозитах|Подробнее|#ФНБ")
YUAN = re.compile(rf"{AMOUNT} ?(млн|млрд) китайских юаней", re.IGNORECASE)
GOLD = re.compile(rf"{AMOUNT} ?(кг|тонн|т) золота", re.IGNORECASE)
LIMITS = {"total": (100.0, 200_000.0), "yuan": (0.0, 20_000.0), "gold": (0.0, 5_000.0)}


class NwfMessage:
    """Balances on the first of a month."""

    id = "minfin_nwf_message"

    def asks(self, today: date, since: date | None = None) -> Iterable[Ask]:
        """The press list and the mirror. Older messages are handed in as files."""
        return minfin.press_asks("fund")

    def follow(self, document: Document) -> Iterable[Ask]:
        """The newest message."""
        return minfin.follow(document, SLUG, "fund", self.id)

    def read(self, document: Document) -> Iterator[Reading]:
        """Total and liquid part in roubles, dollars and percent of GDP; yuan and gold on the accounts."""
        for message in minfin.messages(document, TITLE, self.id):
            yield from self._balances(message)

    def _balances(self, message: Message) -> Iterator[Reading]:
        words, place = message.words, message.place
        total, liquid = TOTAL.search(words), LIQUID.search(words)
        if not total:
            raise Malformed(self.id, "the size of the fund is not found", place, "the wording has changed")
        if not liquid and not message.mirror:
            raise Malformed(self.id, "the liquid assets are not found", place, "the wording has changed")
        day = self._day(total, place)
        found = {
            "total": self._amount(total, 3, place),
            "total.pct_gdp": (minfin.amount(total[6], self.id, place), None),
            "total.usd": self._amount(total, 7, place),
        }
        if liquid:
            if self._day(liquid, place) != day:
                raise Malformed(self.id, "total and liquid assets are of different days", place)
            found["liquid"] = self._amount(liquid, 3, place)
            found["liquid.usd"] = self._amount(liquid, 6, place)
            found["liquid.pct_gdp"] = (minfin.amount(liquid[9], self.id, place), None)
        accounts = ACCOUNTS.search(words)
        section = ACCOUNTS_END.split(accounts[1], maxsplit=1)[0] if accounts else ""
        for item, pattern in (("yuan", YUAN), ("gold", GOLD)):
            if match := pattern.search(section):
                found[item] = self._amount(match, 1, place)
        self._plausible({item: figure.value for item, (figure, _) in found.items()}, place)
        known = message.day if message.day and message.day >= day else None
        for item, (figure, note) in found.items():
            yield Reading(
                f"ru.nwf.{item}",
                day.isoformat(),
                figure.value,
                figure.printed,
                place,
                known_on=known,
                note=note,
            )

    def _day(self, match: re.Match[str], place: str) -> date:
        try:
            return date(int(match[2]), numbers.month_number(match[1]), 1)
        except ValueError as error:
            raise Malformed(self.id, f"the day: {error}", place) from error

    def _amount(self, match: re.Match[str], first: int, place: str) -> tuple[Figure, str | None]:
        """Three groups: the amount, a footnote mark, the scale word. Billions or tonnes."""
        scale = SCALE[match[first + 2].lower()]
        note = f"printed {match[first]} {match[first + 2]}"
        if match[first + 1]:
            note += f"; the {match[first + 1]} after it is the mark of a footnote"
        return minfin.amount(match[first], self.id, place, scale), note

    def _plausible(self, value: dict[str, float], place: str) -> None:
        for item, (low, high) in LIMITS.items():
            if item in value and not low <= value[item] <= high:
                raise Malformed(
                    self.id, f"{item} of {value[item]:g} is not plausible", place, "a unit changed?"
                )
        rate = value["total"] / value["total.usd"] if value["total.usd"] else 0
        if not 20 <= rate <= 500:
            raise Malformed(self.id, f"{rate:.1f} roubles a dollar between the two totals", place)
        if "liquid" in value:
            if value["liquid"] > value["total"]:
                raise Malformed(self.id, "more liquid assets than the fund has", place)
            other = value["liquid"] / value["liquid.usd"] if value["liquid.usd"] else 0
            minfin.agree(self.id, place, "roubles a dollar of total and liquid", rate, other, 0.001 * rate)


SOURCE = NwfMessage()
