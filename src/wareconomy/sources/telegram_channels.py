"""The Telegram channels that are read: those named as provenance of the original reporting, and official ones.

Only the Air Force's channel yields figures, its report of the night; of all others posts alone are kept,
locally.
"""

from __future__ import annotations

from wareconomy.sources.air_force_night import figures
from wareconomy.sources.telegram import Channel

CHANNELS = (
    Channel("telegram_tsn_ua", "TSN_ua"),
    Channel("telegram_euronews", "euronews"),
    Channel("telegram_noel_reports", "noel_reports"),
    Channel("telegram_mod_russia", "mod_russia"),
    Channel("telegram_kpszsu", "kpszsu", figures),
    Channel("telegram_minfin", "minfin"),
    Channel("telegram_deepstate_ua", "DeepStateUA"),
)
