"""Takes the text out of what was printed, so that the gate reads what the recipient will read."""

from __future__ import annotations

import io
from collections.abc import Iterator

import docx
import pypdfium2
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph


def pdf_pages(data: bytes) -> tuple[str, ...]:
    """The text of each page of a PDF, in the order in which it was written."""
    document = pypdfium2.PdfDocument(io.BytesIO(data))
    try:
        return tuple(document[number].get_textpage().get_text_range() for number in range(len(document)))
    finally:
        document.close()


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
