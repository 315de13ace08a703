"""The sources of the battlefield, in the order of a refresh: maps, tables of areas, strikes, losses, channels."""

from __future__ import annotations

from wareconomy.sources import (
    air_force_table,
    claimed_losses,
    deepstate_history,
    deepstate_mirror,
    economist_isw,
    isw_layers,
    nzz_liveuamap,
    viina,
)
from wareconomy.sources.source import Source
from wareconomy.sources.telegram_channels import CHANNELS

SOURCES: tuple[Source, ...] = (
    deepstate_history.SOURCE,
    deepstate_mirror.SOURCE,
    isw_layers.SOURCE,
    economist_isw.SOURCE,
    nzz_liveuamap.SOURCE,
    viina.SOURCE,
    air_force_table.SOURCE,
    claimed_losses.SOURCE,
    *CHANNELS,
)
