"""The running text of a message that comes as a page, a DOCX, a PDF or plain text, on one line, footnote marks gone."""

from __future__ import annotations

from io import BytesIO

from lxml import etree

from wareconomy.errors import MissingExtra
from wareconomy.sources import markup, zipped
from wareconomy.sources.source import Document, Malformed

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
BODY = "word/document.xml"
MAX_PAGES = 40
MAX_PDF_BYTES = 20_000_000
MAX_CHARACTERS = 2_000_000
SPACE = frozenset({f"{WORD}tab", f"{WORD}br", f"{WORD}cr"})


def kind(document: Document) -> str:
    """`pdf`, `docx`, `html` or `text`, by the first bytes."""
    head = document.data[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF"):
        return "pdf"
    if head.startswith(b"PK\x03\x04"):
        return "docx"
    return "html" if head.startswith(b"<") else "text"


def words(document: Document, source: str) -> str:
    """The text of the document. Raises Malformed, and MissingExtra for a PDF without the library."""
    found = kind(document)
    if found == "pdf":
        text = _pdf(document.data, source)
    elif found == "docx":
        text = "\n".join(_paragraph(item) for item in _docx(document.data, source).iter(f"{WORD}p"))
    elif found == "html":
        text = str(markup.page(document.data, source).text_content())
    else:
        try:
            text = document.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise Malformed(source, "the text is not UTF-8") from error
    return markup.squeeze(text[:MAX_CHARACTERS])


def tables(document: Document, source: str) -> list[list[list[str]]]:
    """Tables of a DOCX or a page as cell texts, row by row."""
    if kind(document) == "docx":
        return [
            [
                [
                    markup.squeeze(" ".join(map(_paragraph, cell.iter(f"{WORD}p"))))
                    for cell in row.iter(f"{WORD}tc")
                ]
                for row in grid.iter(f"{WORD}tr")
            ]
            for grid in _docx(document.data, source).iter(f"{WORD}tbl")
        ]
    return [markup.table(grid) for grid in markup.page(document.data, source).iter("table")]


def _docx(data: bytes, source: str) -> etree._Element:
    body = zipped.members(data, source, lambda name: name == BODY).get(BODY)
    if body is None:
        raise Malformed(source, "the container is not a DOCX: it has no word/document.xml")
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body or b"\0" in body[:256]:
        raise Malformed(source, "the DOCX has a document type")
    parser = etree.XMLParser(resolve_entities=False, load_dtd=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.LxmlError as error:
        raise Malformed(source, f"the DOCX is broken: {str(error)[:160]}") from error


def _paragraph(paragraph: etree._Element) -> str:
    """Text of the runs, without those set as superscript: these are footnote marks, not digits."""
    parts = []
    for run in paragraph.iter(f"{WORD}r"):
        raised = run.find(f"{WORD}rPr/{WORD}vertAlign")
        if raised is not None and raised.get(f"{WORD}val") == "superscript":
            continue
        for node in run:
            if node.tag == f"{WORD}t":
                parts.append(node.text or "")
            elif node.tag in SPACE:
                parts.append(" ")
            elif node.tag == f"{WORD}noBreakHyphen":
                parts.append("-")
    return "".join(parts)


def _pdf(data: bytes, source: str) -> str:
    try:
        from pypdf import PdfReader
    except ImportError:
        raise MissingExtra("Reading a PDF", "documents") from None
    import logging

    if len(data) > MAX_PDF_BYTES:
        raise Malformed(source, f"a PDF of {len(data):,} bytes is not a monthly message")
    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    parts: list[str] = []
    try:
        pages = PdfReader(BytesIO(data), strict=False).pages
        if len(pages) > MAX_PAGES:
            raise Malformed(source, f"a PDF of {len(pages)} pages is not a monthly message")
        for sheet in pages:
            parts.append(sheet.extract_text())
            if sum(map(len, parts)) > MAX_CHARACTERS:
                raise Malformed(source, "a PDF with too much text for a monthly message")
    except Malformed:
        raise
    except Exception as error:  # a damaged PDF makes the library raise nearly anything
        raise Malformed(source, f"the PDF cannot be read: {type(error).__name__}") from error
    return "\n".join(parts)
