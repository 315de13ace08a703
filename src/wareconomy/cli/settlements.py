"""The table of `wareconomy claims counts --maps`: claimed towns and numbers of settlements beside map files."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from wareconomy.cli import output


def on_maps(con: Any, day: date, arguments: Namespace) -> int:
    """Claimed towns and numbers of settlements beside the maps the user holds."""
    from wareconomy.analysis.claims import settlements

    maps = [Path(text) for text in arguments.maps]
    towns = settlements.towns(con, maps, day, arguments.mapper)
    numbers = settlements.counts(con, maps, day, arguments.mapper)
    if arguments.json:
        output.emit_json({"towns": [asdict(t) for t in towns], "numbers": [asdict(n) for n in numbers]})
        return 0
    heads = (
        "claim",
        "said",
        "place",
        "on_that_map",
        "centre_in",
        "centre_out",
        "wholly_in",
        "days",
        "keyed",
        "also_in",
    )
    shown = [
        (
            t.row,
            t.said,
            t.name,
            t.state,
            t.centre_in,
            t.centre_out,
            t.wholly_in,
            t.days,
            t.keyed,
            ", ".join(t.again),
        )
        for t in towns
    ]
    span = f"maps of {towns[0].first_map} to {towns[0].last_map}" if towns else "the maps"
    output.emit_table(heads, shown, f"Claimed towns on {span}; blank: it did not happen on these maps")
    print()
    columns = (
        "claim",
        "stated",
        "from_map",
        "to_map",
        "sure",
        "at_most_listed",
        "listed",
        "official",
        "sure_places",
    )
    output.emit_table(
        columns,
        [
            (
                n.row,
                n.stated,
                n.from_file,
                n.to_file,
                len(n.sure),
                len(n.sure) + len(n.maybe),
                n.listed,
                n.official,
                ", ".join(n.sure),
            )
            for n in numbers
        ],
        "Settlements stated, and listed places that came inside: lower bounds, since most villages are not in the list",
    )
    return 0
