"""What interval a statement gives: from its words ("over", "about", "nearly") and the digits printed."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from wareconomy.model import rounding_unit

AT_LEAST = r"more than|over|at least|in excess of|exceeding|upwards of"
UP_TO = r"up to|at most|no more than|less than|under"
NEARLY = r"nearly|almost|close to"
ABOUT = r"about|around|roughly|approximately|some|circa"
WORDS = {"at_least": AT_LEAST, "up_to": UP_TO, "nearly": NEARLY, "about": ABOUT}
BOUND = re.compile(
    r"\b(?:" + "|".join(f"(?P<{kind}>{words})" for kind, words in WORDS.items()) + r")\s+(?:the\s+)?(?=\d)",
    re.IGNORECASE,
)
"""A word of bound directly before a number; the longer wording counts where one holds another ("no more than")."""
NUMBER = re.compile(r"\d+(?:[, ]\d{3})*(?:\.\d+)?")
SCALES = {"thousand": 1e3, "million": 1e6}


@dataclass(frozen=True, slots=True)
class Stated:
    """The quantity as stated: the printed value, the interval the wording allows, and the word that decides
    it.

    `high` is infinite for "over" and "at least".
    """

    value: float
    low: float
    high: float
    wording: str


def stated(quantity: float, summary: str = "", about: float = 0.05, printed: str | None = None) -> Stated:
    """The interval of a statement. ValueError for a quantity that is negative or not a number.

    The word directly before the number decides: "over X" is [X, inf), "up to X" is [0, X], "about X" is X
    plus or minus 5 percent, "nearly X" reaches 5 percent below X. Without a word the printed digits give
    the rounding: 6,640 is 6,635 to 6,645.
    """
    if not math.isfinite(quantity) or quantity < 0:
        raise ValueError(f"a stated quantity must be a number of zero or more, not {quantity!r}")
    digits = printed or (f"{quantity:.10g}")
    word = _word(quantity, summary)
    if word == "at_least":
        return Stated(quantity, quantity, math.inf, word)
    if word == "up_to":
        return Stated(quantity, 0.0, quantity, word)
    half = rounding_unit(digits) / 2
    if word == "about":
        return Stated(quantity, quantity * (1 - about), quantity * (1 + about), word)
    if word == "nearly":
        return Stated(quantity, quantity * (1 - about), quantity, word)
    return Stated(quantity, max(quantity - half, 0.0), quantity + half, "printed")


def _word(quantity: float, summary: str) -> str | None:
    text = summary.replace("\u00a0", " ").replace("\u202f", " ")
    digits = f"{quantity:.10g}"
    found = {
        str(match.lastgroup)
        for match in BOUND.finditer(text)
        if re.sub(r"(?<=\d)[, ](?=\d{3})", "", NUMBER.match(text, match.end())[0]) == digits  # type: ignore[index]
    }
    return next((kind for kind in WORDS if kind in found), None)
