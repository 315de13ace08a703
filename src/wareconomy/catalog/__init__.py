"""What the project knows before it reads a number: tables, series, sources and derived series, as TOML.

`tables/` holds one file per hand-kept table (its columns, rules and how a row becomes observations),
`series/` and `sources/` what is measured and by whom, `derived.toml` the formulas, `overlaps.toml` the
series that must never be added. Adding a table or a series is an edit here, not code.
"""

from wareconomy.catalog.load import Catalog, extended, load
from wareconomy.catalog.specs import Column, Derived, Observed, Overlap, Reference, Series, Source, Table

__all__ = [
    "Catalog",
    "Column",
    "Derived",
    "Observed",
    "Overlap",
    "Reference",
    "Series",
    "Source",
    "Table",
    "extended",
    "load",
]
