"""What goes into the Python face and comes out of it: days as people have them, frames with the types of their columns."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, TypeAlias, cast

from wareconomy.errors import UsageError
from wareconomy.ledger import query

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

    Day: TypeAlias = str | date | pd.Timestamp | np.datetime64
DATES = ("as_of", "period_start", "period_end", "vintage")
TEXTS = ("period", "status", "basis", "source", "figure")


def typed(frame: pd.DataFrame) -> pd.DataFrame:
    """Dates as datetime64, values as float64 and text as text, also where there are no rows to tell it from."""
    import pandas as pd

    for column in DATES:
        if column in frame:
            frame[column] = pd.to_datetime(frame[column])
    if "value" in frame:
        frame["value"] = frame["value"].astype("float64")
    return frame.astype({name: "str" for name in TEXTS if name in frame}) if frame.empty else frame


def day(given: Day | None) -> date | None:
    """The day meant: ISO text, a date, or a moment of pandas, numpy or the standard library, of which the day counts.

    UsageError for anything else, and for a moment that is none.
    """
    if given is None or type(given) is date:
        return given
    if isinstance(given, str):
        return query.parse_day(given)
    moment: object = given
    if type(given).__name__ == "datetime64":  # numpy, which need not be loaded to know it; a month is no day
        told = cast("np.datetime64", given)
        moment = (
            None if told.dtype.str.endswith(("[Y]", "[M]", "[W]")) else told.astype("datetime64[D]").item()
        )
    if isinstance(moment, date) and moment == moment:
        return date(moment.year, moment.month, moment.day)
    raise UsageError(f"{given!r} is not a day; give YYYY-MM-DD or a date")
