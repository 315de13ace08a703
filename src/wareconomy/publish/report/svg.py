"""Charts made fit to stand inside a page: one SVG among many, that asks the network for nothing.

The files come from our own drawing, and still nothing in them is trusted: scripts, event handlers, foreign content and
links outside the document are dropped.
"""

from __future__ import annotations

import re
from pathlib import Path
from xml.etree import ElementTree

from wareconomy.publish import theme
from wareconomy.publish.charts.model import Chart

SVG = "http://www.w3.org/2000/svg"
XLINK = "http://www.w3.org/1999/xlink"
KEPT = {
    "svg",
    "g",
    "path",
    "text",
    "tspan",
    "defs",
    "clipPath",
    "use",
    "title",
    "desc",
    "rect",
    "line",
    "circle",
    "ellipse",
    "polygon",
    "polyline",
    "pattern",
    "linearGradient",
    "radialGradient",
    "stop",
    "marker",
    "mask",
    "symbol",
    "style",
}
POINTS = 72
"""Units of an SVG to the inch, as matplotlib writes them."""
CLEAR = 0.04
"""Inches left around the panels."""
LOCAL = re.compile(r"url\(\s*['\"]?#([^)'\"]+)['\"]?\s*\)")
OUTSIDE = re.compile(r"(?:url\(\s*['\"]?(?!#)|@import|expression\s*\()", re.IGNORECASE)


def inline(chart: Chart, folder: Path) -> str | None:
    """The SVG element of a chart, its panels alone, with ids of its own; None when it was not drawn.

    The page prints title, subtitle and source in its own type, which stays readable where the drawing gets small.
    """
    path = folder / f"{chart.id}.svg"
    try:
        root = ElementTree.fromstring(path.read_bytes())  # noqa: S314 - no entity is expanded beyond XML's own five
    except (OSError, ElementTree.ParseError):
        return None
    if root.tag != f"{{{SVG}}}svg":
        return None
    mark = f"c-{chart.id}-"
    _clean(root, mark)
    _show_panels(root, chart)
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    root.set("class", "chart")
    ElementTree.register_namespace("", SVG)
    ElementTree.register_namespace("xlink", XLINK)
    return ElementTree.tostring(root, encoding="unicode")


def _show_panels(root: ElementTree.Element, chart: Chart) -> None:
    """Narrow the viewBox to the part between the words, when the drawing has the size charts are drawn at."""
    size = [re.sub(r"[^\d.]", "", root.get(name, "")) for name in ("width", "height")]
    root.attrib.setdefault("viewBox", f"0 0 {size[0] or 0} {size[1] or 0}")
    left, _, width, height = map(float, root.attrib["viewBox"].split())
    box = theme.room(chart, width / POINTS, height / POINTS)
    top = height - (box.top + CLEAR) * POINTS
    tall = (box.top - box.bottom + 2 * CLEAR) * POINTS
    if tall > 0:
        root.set("viewBox", f"{left:g} {top:g} {width:g} {tall:g}")


def _clean(element: ElementTree.Element, mark: str) -> None:
    for child in list(element):
        tag = str(child.tag)
        if tag.rpartition("}")[2] not in KEPT or not tag.startswith(f"{{{SVG}}}"):
            element.remove(child)
        else:
            _clean(child, mark)
    for key, value in list(element.attrib.items()):
        name = key.rpartition("}")[2]
        if name.startswith("on") or OUTSIDE.search(value):
            del element.attrib[key]
        elif name == "id":
            element.set(key, mark + value)
        elif name in ("aria-labelledby", "aria-describedby"):
            element.set(key, " ".join(mark + part for part in value.split()))
        elif name == "href":
            if value.startswith("#"):
                element.set(key, f"#{mark}{value[1:]}")
            else:
                del element.attrib[key]
        elif "url(" in value:
            element.set(key, LOCAL.sub(rf"url(#{mark}\1)", value))
    if element.tag == f"{{{SVG}}}style":
        element.text = "" if OUTSIDE.search(element.text or "") else _scoped(element.text or "", mark)


def _scoped(css: str, mark: str) -> str:
    """Rules of a chart's own style sheet, kept from reaching the page around it."""
    rules = re.findall(r"([^{}]+)\{([^{}]*)\}", css)
    return " ".join(f"svg.chart {selector.strip()} {{{body.strip()}}}" for selector, body in rules)
