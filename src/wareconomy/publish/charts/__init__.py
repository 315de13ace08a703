"""Charts: what each shows is gathered from the ledger as known on a day, and drawn elsewhere from plain
data.

`build` asks every builder in reading order; a chart whose data was not known yet is left out. `draw` makes
the picture of one chart, in any process, from its payload alone.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from importlib import import_module
from typing import TYPE_CHECKING, Any

from wareconomy.errors import UnknownName
from wareconomy.publish.charts.model import Chart

if TYPE_CHECKING:
    import duckdb
    from matplotlib.figure import Figure

BUILDERS: dict[str, str] = {
    "timeline": "timeline:timeline",
    "sme-vat-threshold": "law:sme_vat_threshold",
    "acts-calendar": "law:acts_calendar",
    "budget-balance-cumulative": "budget:balance_cumulative",
    "budget-first-and-final": "budget:first_and_final",
    "deficit-plan-vintages": "plans:deficit_plans",
    "oil-gas-revenue-and-urals": "energy:oil_gas_revenue_and_urals",
    "defence-lines": "defence:defence_lines",
    "nwf-liquid": "fund:nwf_liquid",
    "nwf-composition": "fund:nwf_composition",
    "nwf-drawdowns": "drawdown:nwf_drawdowns",
    "nwf-months-left": "drawdown:nwf_months_left",
    "reserves": "reserves:reserves",
    "key-rate": "reserves:key_rate",
    "ofz-auctions": "reserves:ofz_auctions",
    "occupied-area": "territory:occupied_area",
    "net-change-by-mapper": "territory:net_change_by_mapper",
    "claimed-and-measured": "claims:claimed_and_measured",
    "claim-ratios": "ratios:claim_ratios",
    "chance-by-window": "links:chance_by_window",
    "pace-around-acts": "links:pace_around_acts",
    "weeks-of-an-act": "links:weeks_of_an_act",
    "strikes-by-month": "strikes:strikes_by_month",
    "ukraine-reserves": "ukraine:ukraine_reserves",
    "ukraine-financing": "ukraine:ukraine_financing",
    "displacement": "people:displacement",
}
"""Every chart by its id, in reading order: module and function of this package that gather its data."""


def build(con: duckdb.DuckDBPyConnection, as_of: date, only: Sequence[str] = ()) -> list[Chart]:
    """The charts that can be drawn from what was known on a day, in reading order; `only` names some of them.

    Raises UnknownName for a chart that does not exist.
    """
    from wareconomy.publish.charts.known import Known

    for name in only:
        if name not in BUILDERS:
            raise UnknownName("chart", name, BUILDERS)
    known = Known.load(con, as_of)
    made = (_find(place)(known) for name, place in BUILDERS.items() if not only or name in only)
    return [chart for chart in made if chart is not None]


def draw(chart: Chart) -> Figure:
    """The picture of a chart, in the house style, from its payload alone."""
    from wareconomy.publish import theme

    with theme.style(chart.id):
        figure = theme.new_figure(tall=bool(chart.payload.get("tall")))
        module, _, name = chart.drawing.partition(":")
        getattr(import_module(module), name)(figure, chart)
    return figure


def _find(place: str) -> Callable[..., Any]:
    module, _, name = place.partition(":")
    found: Callable[..., Any] = getattr(import_module(f"{__name__}.{module}"), name)
    return found
