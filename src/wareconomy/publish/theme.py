"""One house style for every chart, and the files a chart is saved as.

No pyplot, no layout engine: margins are fixed, so drawing is fast and the same on every run. Colours follow Okabe and
Ito, darkened until each stands out from white by 3:1 or more; none is used alone, a marker, dash, hatch or label
always says the same.
"""

from __future__ import annotations

import csv
import html
import io
import re
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wareconomy.publish import lettering, printed
from wareconomy.publish.charts.model import Chart
from wareconomy.publish.charts.words import day

if TYPE_CHECKING:
    from matplotlib.figure import Figure

BLUE, RED, GREEN, OCHRE, PURPLE, SKY = "#0072B2", "#C4500B", "#007A5A", "#9A6A00", "#9C4F86", "#2F8FC4"
INK, GREY, MID, PALE, WASH = "#1F2328", "#5F666D", "#868D94", "#D3D8DD", "#EEF1F4"
PALETTE = (BLUE, RED, GREEN, OCHRE, PURPLE, SKY)
"""Colours of series, in order of use; INK and GREY are for words, MID for older lines, PALE and WASH for areas."""

WIDTH, HEIGHT, TALL = 8.0, 5.0, 7.2
"""Inches. One size for all charts; a few with many rows are TALL (payload `tall`)."""
DPI = 200
PACKED = 3
"""How hard a PNG is packed: half the time of the usual 6, for files a twelfth larger."""
TAG = "wareconomy"
MARGIN = 0.16
TITLE, SUBTITLE, FOOT = (13, 3), (9, 2), (7, 3)
"""Points, and the most lines each may take."""
FONT = "DejaVu Sans"
FONT_STACK = "'DejaVu Sans', Verdana, sans-serif"
RC: dict[str, Any] = {
    "font.family": FONT,
    "font.size": 8.5,
    "text.color": INK,
    "text.parse_math": False,
    "axes.edgecolor": MID,
    "axes.labelcolor": GREY,
    "axes.linewidth": 0.7,
    "axes.unicode_minus": True,
    "axes.formatter.use_mathtext": False,
    "xtick.color": GREY,
    "ytick.color": GREY,
    "hatch.linewidth": 0.6,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "svg.fonttype": "none",
    "pdf.fonttype": 3,
    "text.hinting": "no_hinting",
    "figure.dpi": 100,
    "savefig.dpi": DPI,
    "path.simplify": True,
}
UNPRINTABLE = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\N{MINUS SIGN}")


def style(salt: str = TAG) -> AbstractContextManager[None]:
    """A context in which matplotlib follows the house style; `salt` fixes the ids inside an SVG."""
    from matplotlib import rc_context

    settings: Any = {**RC, "svg.hashsalt": salt}
    return rc_context(settings)


def prepare() -> None:
    """Load everything drawing needs (half a second), so that a worker is warm before its first chart."""
    from matplotlib.backends import backend_agg, backend_pdf, backend_svg  # noqa: F401

    with style():
        figure = new_figure()
        figure.text(0.5, 0.5, day(date(2026, 1, 1)))
        figure.savefig(io.BytesIO(), format="png", dpi=20)


def new_figure(tall: bool = False) -> Figure:
    """An empty white figure of the house size, drawn by Agg."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(WIDTH, TALL if tall else HEIGHT), facecolor="white")
    FigureCanvasAgg(figure)
    return figure


def clean(text: str) -> str:
    """Text fit to print: no control or direction-changing characters, which XML and readers refuse."""
    return UNPRINTABLE.sub("", text)


# ---------------------------------------------------------------------------- the frame of a chart


@dataclass(frozen=True, slots=True)
class Box:
    """The part of a figure left for panels, in inches from the lower left corner."""

    left: float
    bottom: float
    right: float
    top: float


@dataclass(frozen=True, slots=True)
class Words:
    """The lines written above and below the panels."""

    title: list[str]
    subtitle: list[str]
    foot: list[str]


def words(chart: Chart, width: float) -> Words:
    """Title, subtitle and footer of a chart so many inches wide, broken into lines that end at its margin."""
    foot = [f"Note: {chart.notes[0]}"] if chart.notes else []
    foot.append(f"Source: {chart.source}")
    across = width - 2 * MARGIN
    return Words(
        lettering.wrap(clean(chart.title), across, *TITLE, bold=True),
        lettering.wrap(clean(chart.subtitle), across, *SUBTITLE),
        [line for text in foot for line in lettering.wrap(clean(text), across, *FOOT)],
    )


def room(chart: Chart, width: float, height: float) -> Box:
    """What the words of a chart leave for its panels; a page that prints the words itself shows this part alone."""
    said = words(chart, width)
    top = height - MARGIN - 0.235 * len(said.title) - 0.02 - 0.165 * len(said.subtitle)
    return Box(MARGIN, _foot_top(said) + 0.1, width - MARGIN, top - 0.06)


def _foot_top(said: Words) -> float:
    return MARGIN - 0.04 + 0.14 * (len(said.foot) + 1)


def frame(figure: Figure, chart: Chart) -> Box:
    """Write title, subtitle and footer; what is left between them is for the panels."""
    width, height = map(float, figure.get_size_inches())
    said = words(chart, width)

    def line(text: str, x: float, y: float, **kwargs: Any) -> None:
        figure.text(x / width, y / height, text, va="top", **kwargs)

    y = height - MARGIN
    for text in said.title:
        line(text, MARGIN, y, fontsize=TITLE[0], fontweight="bold")
        y -= 0.235
    y -= 0.02
    for text in said.subtitle:
        line(text, MARGIN, y, fontsize=SUBTITLE[0], color=GREY)
        y -= 0.165
    y = _foot_top(said)
    for text in said.foot:
        line(text, MARGIN, y, fontsize=FOOT[0], color=GREY)
        y -= 0.14
    line(f"As known on {day(chart.as_of)}", MARGIN, y, fontsize=FOOT[0], color=INK, fontweight="bold")
    line(TAG, width - MARGIN, y, fontsize=FOOT[0], color=GREY, ha="right")
    return room(chart, width, height)


# ---------------------------------------------------------------------------- files


def save(figure: Figure, chart: Chart, folder: Path, formats: Sequence[str] = ("svg", "png")) -> list[Path]:
    """Write `<id>.svg`, `.png`, `.pdf` as asked and always `<id>.csv`; the same bytes on every run."""
    paths = []
    with style(chart.id):
        svg = svg_bytes(figure, chart)
        for name in formats:
            path = folder / f"{chart.id}.{name}"
            path.write_bytes(svg if name == "svg" else WRITERS[name](figure, chart, svg))
            paths.append(path)
    path = folder / f"{chart.id}.csv"
    path.write_bytes(csv_bytes(chart))
    return [*paths, path]


def svg_bytes(figure: Figure, chart: Chart) -> bytes:
    """SVG with real text, a title and a description for screen readers, and ids that differ between charts."""
    stream = io.BytesIO()
    facts = {
        "Date": None,
        "Creator": TAG,
        "Source": clean(chart.source),
        "Description": clean(f"{chart.title}. {as_known(chart)}"),
        "Identifier": chart.id,
    }
    figure.savefig(stream, format="svg", metadata=facts)
    text = stream.getvalue().decode("utf-8")
    text = re.sub(r'\bid="([^"]+)"', rf'id="{chart.id}-\1"', text)
    text = re.sub(r'(url\(#|href="#)', rf"\1{chart.id}-", text)
    text = text.replace(f"'{FONT}'", FONT_STACK)
    words = (
        f'<title id="{chart.id}-title">{escape(chart.title)}</title>\n'
        f' <desc id="{chart.id}-desc">{escape(chart.alt)} {escape(as_known(chart))}</desc>'
    )
    role = f' role="img" lang="en" aria-labelledby="{chart.id}-title {chart.id}-desc"'
    text = re.sub(r"(<svg\b[^>]*)>", lambda match: f"{match[1]}{role}>\n {words}", text, count=1)
    return text.encode("utf-8")


def escape(text: str) -> str:
    """Text for XML."""
    return html.escape(clean(text), quote=True)


def as_known(chart: Chart) -> str:
    """The sentence that dates a chart."""
    return f"As known on {day(chart.as_of)}."


def _sheet(figure: Figure, chart: Chart, svg: bytes) -> printed.Sheet:
    about = clean(f"{chart.alt} {as_known(chart)} Source: {chart.source}")
    width = float(figure.get_size_inches()[0])
    return printed.Sheet(svg or svg_bytes(figure, chart), width, clean(chart.title), about, chart.as_of)


def png_bytes(figure: Figure, chart: Chart, svg: bytes = b"") -> bytes:
    """PNG at twice the screen size, with title, source and date in its text chunks; `svg` if it is drawn already."""
    facts = {
        "Title": clean(chart.title),
        "Description": clean(chart.alt),
        "Source": clean(chart.source),
        "As of": chart.as_of.isoformat(),
        "Software": TAG,
    }
    if made := _sheet(figure, chart, svg).png(DPI, facts):
        return made
    stream = io.BytesIO()
    figure.savefig(stream, format="png", dpi=DPI, metadata=facts, pil_kwargs={"compress_level": PACKED})
    return stream.getvalue()


def pdf_bytes(figure: Figure, chart: Chart, svg: bytes = b"") -> bytes:
    """PDF for print, without a clock in it; `svg` if it is drawn already."""
    paper = _sheet(figure, chart, svg)
    if made := paper.pdf():
        return made
    stream = io.BytesIO()
    facts = {"Title": paper.title, "Subject": paper.about, "Creator": TAG, "CreationDate": None}
    figure.savefig(stream, format="pdf", metadata=facts)
    return stream.getvalue()


WRITERS = {"png": png_bytes, "pdf": pdf_bytes}
"""What makes a file of the other formats, from the figure and its SVG."""


def csv_bytes(chart: Chart) -> bytes:
    """The data of a chart: UTF-8, comma, LF; a text that a spreadsheet would run as a formula gets an apostrophe."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(chart.columns)
    writer.writerows([[cell(value) for value in row] for row in chart.rows])
    return stream.getvalue().encode("utf-8")


def cell(value: Any) -> str:
    """One value as CSV text: dates in ISO form, numbers without noise, blank for what is not known."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        rounded = round(value, 6)
        return str(int(rounded)) if rounded == int(rounded) else repr(rounded)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    text = clean(str(value))
    return f"'{text}" if text.lstrip().startswith(FORMULA) or text.startswith(("\t", "\r")) else text
