"""The fiscal and legal sources, in the order of a refresh: Bank of Russia, Ministry of Finance, law, Ukraine, others."""

from __future__ import annotations

from wareconomy.sources import (
    cbr_key_rate,
    cbr_liquidity,
    cbr_rates,
    cbr_reserves,
    crea,
    imf_reserves,
    kiel,
    minfin_budget,
    minfin_nwf_message,
    minfin_nwf_table,
    minfin_oil_gas,
    nbu,
    pravo,
)
from wareconomy.sources.source import Source

SOURCES: tuple[Source, ...] = (
    cbr_reserves.SOURCE,
    cbr_key_rate.SOURCE,
    cbr_liquidity.SOURCE,
    cbr_rates.SOURCE,
    minfin_budget.SOURCE,
    minfin_nwf_message.SOURCE,
    minfin_nwf_table.SOURCE,
    minfin_oil_gas.SOURCE,
    pravo.SOURCE,
    nbu.SOURCE,
    imf_reserves.SOURCE,
    crea.SOURCE,
    kiel.SOURCE,
)
