"""Takes the text out of what was printed, so that the gate reads what the recipient will read."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
import pypdfium2
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph

_SAME_LINE, _TOUCHING = 0.1, 1.5
"""Points within which two pieces stand on one line, and touch: then they are one run of characters."""


def pdf_pages(data: bytes) -> tuple[str, ...]:
    """The text of each page of a PDF, piece by piece in the order in which it was written.

    Not by the library's own reading order, which sorts pieces by their place on the line and so tears the
    lines of a table apart.
    """
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        return tuple(_page_text(page) for page in document)
    finally:
        document.close()


def _page_text(page: pypdfium2.PdfPage) -> str:
    words = page.get_textpage()
    made, last_right, last_base = "", 0.0, 0.0
    for piece in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_TEXT], textpage=words):
        left, _, right, _ = piece.get_bounds()
        base = piece.get_matrix().f
        goes_on = abs(base - last_base) < _SAME_LINE and abs(left - last_right) < _TOUCHING
        made += ("" if goes_on or not made else "\n") + str(piece.extract())
        last_right, last_base = right, base
    return made


def docx_text(data: bytes) -> str:
    """The text of a DOCX's body in reading order, one line per paragraph."""
    document: Document = docx.Document(io.BytesIO(data))
    return "\n".join(_body(document))


def _body(document: Document) -> Iterator[str]:
    for item in document.iter_inner_content():
        match item:
            case Paragraph():
                yield item.text
            case Table():
                yield from (cell.text for row in item.rows for cell in row.cells)
