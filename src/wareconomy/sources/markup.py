"""XML and HTML from outside: no document type, no entities, no network, and limits that hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from io import BytesIO

from lxml import etree, html
from lxml.html import HtmlElement

from wareconomy.sources.source import Malformed

BLOCKS = "br, p, div, li, tr, td, th, table, ul, ol, section, article, header, footer, h1, h2, h3, h4, h5, h6"
BREAKS = (*BLOCKS.split(", "), "blockquote", "caption", "dd", "dt")
CELLS = frozenset({"td", "th"})
SILENT = ("script", "style", "noscript", "template", "svg", "head", "sup")
"""`sup` holds footnote marks, which would otherwise be glued to the number before them."""
KEPT = 64
"""So many read elements are freed at a time, which is quicker than one by one."""
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""No page holds these; each becomes a sign that no number can contain."""
UTF16 = (b"\xff\xfe", b"\xfe\xff")
INVISIBLE = re.compile("[\u200b\u200c\u200d\ufeff\u00ad]")
CHARSET = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]+)", re.IGNORECASE)


def stream(
    data: bytes, tags: tuple[str, ...], source: str, encoding: str | None = None
) -> Iterator[etree._Element]:
    """The elements of these local names in document order, each complete; those already asked for are freed.

    Reads with flat memory: of what stands before an element nothing may be looked at when a later one is asked for.
    Raises Malformed for a document type, broken XML, or a cut body.
    """
    if data[:2] in UTF16 or b"\0" in data[:256]:
        raise Malformed(source, "the XML is in an encoding that nobody publishes here")
    try:
        walk = etree.iterparse(
            BytesIO(data),
            events=("end",),
            tag=[f"{{*}}{tag}" for tag in tags],
            encoding=encoding,
            resolve_entities=False,
            load_dtd=False,
            no_network=True,
            huge_tree=False,
            remove_comments=True,
            remove_pis=True,
        )
        for count, (_, element) in enumerate(walk, 1):
            if count == 1 and element.getroottree().docinfo.doctype:
                raise Malformed(source, "the XML has a document type; nobody publishes one here")
            yield element
            if count % KEPT == 0:
                for above in element.iterancestors():
                    del above[:-1]
    except etree.LxmlError as error:
        raise Malformed(source, f"the XML is broken: {_first_line(error)}") from error
    except (LookupError, UnicodeError) as error:
        raise Malformed(source, f"the XML's encoding is not known: {_first_line(error)}") from error
    except SystemError as error:  # the expat front end reports some bad bytes this way
        raise Malformed(source, "the XML is broken") from error


def children(element: etree._Element) -> dict[str, str]:
    """Local name and stripped text of each child; a repeated name is refused by ValueError."""
    fields: dict[str, str] = {}
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = local(child)
        if name in fields:
            raise ValueError(f"{name} stands twice")
        fields[name] = (child.text or "").strip()
    return fields


def local(element: etree._Element) -> str:
    """The tag without its namespace."""
    return str(element.tag).rpartition("}")[2]


def page(data: bytes, source: str) -> HtmlElement:
    """The root of an HTML page, decoded by its own charset (UTF-8 without one), with a line break at each block.

    Text of scripts, styles and footnote marks is gone. Raises Malformed when it is not HTML.
    """
    head = CHARSET.search(data[:4096])
    encoding = head[1].decode("ascii") if head else "utf-8"
    try:
        text = data.decode(encoding, errors="replace")
    except LookupError:
        text = data.decode("utf-8", errors="replace")
    clean = CONTROL.sub("\ufffd", re.sub(r"^\s*<\?xml[^>]*\?>", "", text))
    try:
        parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, huge_tree=False)
        root = html.document_fromstring(clean, parser=parser)
        _part(root)
    except (etree.LxmlError, ValueError, AssertionError) as error:
        raise Malformed(source, f"not an HTML page: {_first_line(error)}") from error
    return root


def _part(root: HtmlElement) -> None:
    """Drop what is silent and put a line break at each end of a block."""
    for element in list(root.iter(*SILENT)):
        if element.getparent() is not None:
            element.drop_tree()
    for element in root.iter(*BREAKS):
        tag, after = element.tag, element.tail
        if after or tag not in CELLS:  # the next cell begins with a break of its own
            element.tail = "\n" + (after or "")
        if tag != "br":
            element.text = "\n" + (element.text or "")


def text(element: HtmlElement) -> str:
    """The words of an element on one line."""
    return squeeze(str(element.text_content()))


def squeeze(words: str) -> str:
    """All kinds of white space as single spaces, zero-width characters gone."""
    return " ".join(INVISIBLE.sub("", words).split())


def table(element: HtmlElement) -> list[list[str]]:
    """Cell texts of a table, row by row; a nested table's rows are not this table's."""
    rows = []
    for row in element.iter("tr"):
        if next(row.iterancestors("table"), None) is element:
            rows.append([_cell(cell) for cell in row.iterchildren("td", "th")])
    return rows


def _cell(element: HtmlElement) -> str:
    return text(element) if len(element) else squeeze(element.text or "")


def links(root: HtmlElement, base: str) -> list[tuple[str, str]]:
    """Address (made absolute) and words of each link of the page, in order."""
    from urllib.parse import urljoin

    found = []
    for anchor in root.iter("a"):
        href = (anchor.get("href") or "").strip()
        if href:
            try:
                found.append((urljoin(base, href), text(anchor)))
            except ValueError:
                continue
    return found


def _first_line(error: BaseException) -> str:
    return str(error).splitlines()[0][:160] if str(error) else type(error).__name__
