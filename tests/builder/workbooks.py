"""Workbooks for tests, written part by part: right ones, and such as nobody would save."""

import io
import zipfile
from collections.abc import Mapping, Sequence
from xml.sax.saxutils import escape

_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"


def text_cell(reference: str, text: str) -> str:
    """A cell that holds a text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{escape(text)}</t></is></c>'


def number_cell(reference: str, number: object) -> str:
    """A cell that holds a number."""
    return f'<c r="{reference}"><v>{number}</v></c>'


def rows_of(*rows: Sequence[str], first: int = 1) -> str:
    """Rows of texts, from the first column and this line on."""
    written = ""
    for line, texts in enumerate(rows, start=first):
        cells = "".join(text_cell(f"{chr(65 + place)}{line}", text) for place, text in enumerate(texts))
        written += f'<row r="{line}">{cells}</row>'
    return written


def workbook(
    sheets: Mapping[str, str], *, hidden: Sequence[str] = (), parts: Mapping[str, bytes] | None = None
) -> bytes:
    """An XLSX with these sheets, each by the XML of its rows; with these parts besides, or instead."""
    listed = ""
    for number, name in enumerate(sheets, start=1):
        state = "hidden" if name in hidden else "visible"
        listed += f'<sheet name="{name}" sheetId="{number}" state="{state}" r:id="rId{number}"/>'
    related = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{number}.xml"/>'
        for number in range(1, len(sheets) + 1)
    )
    written: Mapping[str, str | bytes] = {
        "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/officeDocument"'
        ' Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} xmlns:r="{_OFFICE}"><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{related}</Relationships>',
    } | {
        f"xl/worksheets/sheet{number}.xml": f"<worksheet {_MAIN}><sheetData>{rows}</sheetData></worksheet>"
        for number, rows in enumerate(sheets.values(), start=1)
    }
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as package:
        for name, body in {**written, **(parts or {})}.items():
            package.writestr(name, body)
    return content.getvalue()
