"""Workbooks made for tests, without a library that writes them."""

import io
import zipfile
from collections.abc import Callable, Sequence
from xml.sax.saxutils import escape

import pytest

Rows = Sequence[Sequence[str | float | None]]

_BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>{}</sheets></workbook>'
)
_SHEET_NAME = '<sheet name="Sheet{0}" sheetId="{0}" r:id="rId{0}"/>'
_LINKS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
)
_LINK = (
    '<Relationship Id="rId{0}" Target="worksheets/sheet{0}.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/>'
)
_BOOK_LINK = (
    '<Relationship Id="rId1" Target="xl/workbook.xml" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>'
)
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>'
)
_SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
    "<sheetData>{}</sheetData></worksheet>"
)


def _cell(place: str, value: str | float | None) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'
    return f'<c r="{place}"><v>{value!r}</v></c>'


def _sheet(rows: Rows) -> str:
    lines = []
    for number, row in enumerate(rows, start=1):
        cells = "".join(_cell(f"{chr(65 + place)}{number}", value) for place, value in enumerate(row))
        if cells:
            lines.append(f'<row r="{number}">{cells}</row>')
    return _SHEET.format("".join(lines))


def build_workbook(*sheets: Rows) -> bytes:
    """An XLSX with one sheet per argument; None leaves a cell out, a float is stored as a number."""
    numbers = range(1, len(sheets) + 1)
    package = io.BytesIO()
    with zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as members:
        members.writestr("[Content_Types].xml", _TYPES)
        members.writestr("_rels/.rels", _LINKS.format(_BOOK_LINK))
        members.writestr("xl/workbook.xml", _BOOK.format("".join(map(_SHEET_NAME.format, numbers))))
        members.writestr("xl/_rels/workbook.xml.rels", _LINKS.format("".join(map(_LINK.format, numbers))))
        for number, rows in zip(numbers, sheets, strict=True):
            members.writestr(f"xl/worksheets/sheet{number}.xml", _sheet(rows))
    return package.getvalue()


@pytest.fixture
def workbook() -> Callable[..., bytes]:
    """`build_workbook`, for test files that cannot import each other."""
    return build_workbook
