"""What the rival's charts share: sizes, colours, a figure with panels, the newest value beside its point."""

from __future__ import annotations

from typing import Any

import matplotlib.pyplot as plt
import pandas as pd

Frames = dict[str, pd.DataFrame]
SIZE, TALL, DPI = (8.0, 5.0), (8.0, 7.2), 200
BLUE, RED, GREEN, OCHRE, PURPLE, GREY = "#0072B2", "#C4500B", "#007A5A", "#9A6A00", "#9C4F86", "#868D94"
STYLE: dict[Any, Any] = {
    "font.size": 8.5,
    "svg.fonttype": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "grid.color": "#D3D8DD",
    "legend.frameon": False,
}


def panels(rows: int = 1, columns: int = 1, size: tuple[float, float] = SIZE, **kwargs: Any) -> Any:
    """A figure and its axes."""
    return plt.subplots(rows, columns, figsize=size, constrained_layout=True, **kwargs)


def last(ax: Any, x: Any, y: Any, color: str = BLUE) -> None:
    """The newest value, written beside its point."""
    ax.annotate(
        f"{y:,.1f}",
        (x, y),
        xytext=(6, 0),
        textcoords="offset points",
        color=color,
        fontweight="bold",
        va="center",
    )
