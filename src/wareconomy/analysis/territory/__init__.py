"""Occupied area from maps: by day and oblast, with gains, losses and where they were.

Importing anything here needs shapely and pyproj (`wareconomy[maps]`) and says so; whoever only reads stored figures
never comes here. For that reason the modules import numpy and shapely when they are loaded.
"""

from importlib.util import find_spec

from wareconomy.errors import MissingExtra

if find_spec("shapely") is None or find_spec("pyproj") is None:
    raise MissingExtra("measuring maps", "maps")
