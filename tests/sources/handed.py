"""Documents handed to sources in tests: fixtures by name, workbooks and DOCX made on the spot in the real wire shape."""

from __future__ import annotations

import hashlib
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

from wareconomy.sources.source import Document, Reading, Row, Source

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
FETCHED = datetime(2031, 3, 15, 6, 0, tzinfo=UTC)


def document(data: bytes | str, name: str = "by-hand", url: str = "") -> Document:
    """A document with these bytes, or with those of the fixture of that name."""
    body = (FIXTURES / data).read_bytes() if isinstance(data, str) else data
    return Document(name, body, hashlib.sha256(body).hexdigest(), url, FETCHED)


def read(source: Source, data: bytes | str, name: str = "by-hand", url: str = "") -> list[Row]:
    """Rows of one document."""
    return list(source.read(document(data, name, url)))


def figures(rows: Sequence[Row]) -> dict[tuple[str, str], float | None]:
    """Series and period to value."""
    made = [row for row in rows if isinstance(row, Reading)]
    return {(row.series, row.period): row.value for row in made}


def changed(fixture: str, before: str | bytes, after: str | bytes) -> bytes:
    """A fixture with one thing replaced; the thing must be there."""
    data = (FIXTURES / fixture).read_bytes()
    old, new = (part.encode() if isinstance(part, str) else part for part in (before, after))
    assert old in data
    return data.replace(old, new)


def workbook(sheets: dict[str, list[list[Any]]]) -> bytes:
    """An XLSX; dates become Excel dates, None stays empty."""
    import xlsxwriter  # type: ignore[import-untyped, unused-ignore]

    packed = BytesIO()
    book = xlsxwriter.Workbook(packed, {"in_memory": True})
    day = book.add_format({"num_format": "mm.yyyy"})
    for name, rows in sheets.items():
        sheet = book.add_worksheet(name)
        for r, row in enumerate(rows):
            for c, value in enumerate(row):
                if isinstance(value, date):
                    sheet.write_datetime(r, c, datetime(value.year, value.month, value.day), day)
                elif value is not None:
                    sheet.write(r, c, value)
    book.close()
    return packed.getvalue()


def docx(paragraphs: Sequence[Sequence[str]], table: Sequence[Sequence[str]] = ()) -> bytes:
    """A DOCX; a paragraph is its runs, a run that begins with ^ is set as superscript."""
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"

    def run(text: str) -> str:
        raised = '<w:rPr><w:vertAlign w:val="superscript"/></w:rPr>' if text.startswith("^") else ""
        return f'<w:r>{raised}<w:t xml:space="preserve">{text.lstrip("^")}</w:t></w:r>'

    body = "".join(f"<w:p>{''.join(map(run, runs))}</w:p>" for runs in paragraphs)
    if table:
        cells = ("".join(f"<w:tc><w:p>{run(cell)}</w:p></w:tc>" for cell in row) for row in table)
        body += "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in cells) + "</w:tbl>"
    return container(
        {"word/document.xml": f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'}
    )


def container(members: dict[str, str | bytes]) -> bytes:
    """A ZIP with these members."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as made:
        for name, body in members.items():
            made.writestr(name, body)
    return packed.getvalue()


def fund_table() -> list[list[Any]]:
    """The sheet of the fund's movements: three months before market value came in and two after, stars and all."""
    months: list[Any] = [date(2020, month, 1) for month in (2, 3, 4, 5)]
    rows: list[list[Any]] = [
        [],
        ["Фонд национального благосостояния", None, "млрд. руб."],
        ["№ п/п", "Показатель", "Январь 2020*", *months],
        [1, "Объем на начало периода", 100.0, 110.0, 105.5, 120.5, 400.25],
        ["1.1.", "Поступления", 20.0, 0.0, 10.0, 0.0, 1.0],
        ["1.1.1.", "в т.ч. доходы от размещения", 0, 0, 0, 0, 0],
        ["1.2.", "Изъятия", 5.0, 0.0, 0.0, 0.0006, 0.0],
        ["1.3.", "Курсовая разница от переоценки активов в иностранной валюте**", -5.0, -4.5, 5.0, 1.5, -2.0],
        [2, "Объем на конец периода", 110.0, 105.5, 120.5, "400,25***", 398.0],
        ["2.1.", "в т.ч. в процентах к ВВП", 0.019, 0.019, 0.02, 0.06, 0.059],
        [],
        [3, "Справочно: "],
        ["3.1.", "Объем средств фонда на конец периода (млрд. долларов США)", 1.7, 1.6, 1.8, 5.5, 5.6],
        ["3.2.", "Доходы от размещения, зачисленные в федеральный бюджет", 1, 1, 1, 1, 1],
        ["3.3.", "Расчетная сумма дохода от размещения на счетах", 1, 1, 1, 1, 1],
        [4, "Валютная структура средств фонда на счетах в Банке России на конец периода**"],
        ["4.1.", "доллары США", 0.5, 0.5, 0.5, 0.5, 0.5],
        ["4.2.", "евро", 0.4, 0.4, 0.4, 0.4, 0.4],
        ["4.3.", "фунты стерлингов", 0.1, 0.1, 0.1, 0.1, 0.1],
        ["4.4.", "японские иены", 0, 0, 0, 0, 0],
        ["4.5.", "китайские юани", 3, 3, 3, 3, 3],
        ["4.6.", "золото в обезличенной форме*****", 12.5, 12.5, 12.5, 12.5, 12.5],
        ["4.7.", "рубли", 7, 7, 7, 7, "142,04******  "],
        [5, "Размещено в иные разрешенные активы на конец периода", 1, 1, 1, 1, 1],
        ["5.1.", "рубли", 90, 90, 90, "3 442,66***", 90],
        ["5.2.", "иностранная валюта", 2, 2, 2, 2, 2],
        [],
        ["* 30 января 2008 г. средства зачислены"],
        ["***** В тоннах."],
    ]
    return rows


def tracker(total: float = 21.0) -> dict[str, list[list[Any]]]:
    """The tracker's workbook with four donors; preamble rows, blank first column, unit row, doubled headings."""
    kinds = [
        f"{kind} {what}"
        for what in ("allocations", "commitments")
        for kind in ("Financial", "Humanitarian", "Military", "Total bilateral")
    ]
    summary: list[list[Any]] = [[], [None, "Ukraine Support Tracker Release 31"], [], []]
    summary.append([None, "Country", "EU member", "Geographic Europe", *kinds, *kinds[:4]])
    summary.append([None, None, None, None, *["€ billion"] * 8, *["% 2021 GDP"] * 4])
    donors = {
        "EU (Commission and Council)": (0, 1, 5.0, 1.0, 0.0, 6.0, 9.0, 1.0, 0.0, 10.0),
        "Norway": (0, 1, 2.03, 1.78, 6.19, 10.0, 5.03, 1.66, 18.03, 24.72),
        "Poland": (1, 1, 0.5, 0.5, 2.0, 3.0, 0.5, 0.5, 2.0, 3.0),
        "United States": (0, 0, 1.0, 0.5, 0.5, 2.0, 1.0, 0.5, 0.5, 2.0),
    }
    summary += [[None, name, *values, 0.1, 0.1, 0.1, 0.1] for name, values in donors.items()]
    summary += [[None, "Total", None, None, 8.53, 3.78, 8.69, total, 15.53, 3.66, 20.53, 39.72]]
    paid: list[list[Any]] = [
        [],
        [None, None, None, "January", "February", "March", *[None] * 0],
        [None, "Country", "EU member", "1", "2", "3"],
        [],
        [None, "Norway", 0, 0.0, 0.5, 0.25],
        [None, "Poland", 1, 1.0, "No budget support", 0],
        [None, "Total per month", None, 1.0, 0.5, 0.25],
    ]
    main: list[list[Any]] = [
        ["donor", "announcement_date", "aid_type_general", "measure", "month", "tot_sub_activity_value_EUR"],
        ["Norway", date(2022, 3, 5), "Humanitarian ", "Allocation", 3, 1000000],
        ["Poland", date(2022, 2, 5), "Military", "Commitment", 2, 5000000],
    ]
    return {
        "ReadMe": [["Ukraine Support Tracker"]],
        "Bilateral Assistance, MAIN DATA": main,
        "Country Summary (€)": summary,
        "Financial disb per Month (€)": paid,
    }
