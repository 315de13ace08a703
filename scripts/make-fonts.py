"""Writes the house font: DejaVu Sans cut down to Latin, Cyrillic and the signs charts use, under a name of its own.

A tenth of the size, so that a chart's PDF takes a third of the time and a report can carry the font it was measured
with. Run once with fontTools (it comes with matplotlib): python scripts/make-fonts.py
"""

from __future__ import annotations

import shutil
from pathlib import Path

import matplotlib
from fontTools import subset
from fontTools.ttLib import TTFont

NAME = "Wareconomy Sans"
TARGET = Path(__file__).resolve().parents[1] / "src" / "wareconomy" / "publish" / "fonts"
SIGNS = (
    "‐‑‒–—‘’‚“”„•…‰€₽₴←↑→↓−≈≠≤≥■□▲△▶▼○●◆◇✓✕²³   "
)


def main() -> None:
    """Write the two weights and the licence."""
    source = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
    wanted = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x400, 0x492), *map(ord, SIGNS)]
    TARGET.mkdir(exist_ok=True)
    for file, weight in (("DejaVuSans", "Regular"), ("DejaVuSans-Bold", "Bold")):
        options = subset.Options(layout_features=["kern"], hinting=True, name_IDs=["*"], drop_tables=["FFTM"])
        options.recalc_timestamp = False
        font = TTFont(source / f"{file}.ttf", recalcTimestamp=False)
        cut = subset.Subsetter(options)
        cut.populate(unicodes=wanted)
        cut.subset(font)
        for record in font["name"].names:
            new = {1: NAME, 3: f"{NAME} {weight}", 4: f"{NAME} {weight}", 6: f"WareconomySans-{weight}", 16: NAME}
            if record.nameID in new:
                record.string = new[record.nameID]
        font.save(TARGET / f"WareconomySans-{weight}.ttf")
    shutil.copyfile(source / "LICENSE_DEJAVU", TARGET / "LICENSE_DEJAVU")


if __name__ == "__main__":
    main()
