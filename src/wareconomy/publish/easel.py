"""Everything drawing needs, loaded by importing this: in the process that the chart workers are forked from.

The workers share its pages, so that the second one costs no memory and no time to load.
"""

from __future__ import annotations

import gc

from wareconomy.publish import charts, theme

theme.prepare()
gc.collect()
gc.freeze()  # what is loaded stays: later collections pass over it, and do not copy its pages

draw, save = charts.draw, theme.save
