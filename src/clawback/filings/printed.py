"""Takes the text out of what was printed, so that the gate reads what the recipient will read."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import docx
import pypdfium2
import pypdfium2.raw
from docx.document import Document
from docx.table import Table
from docx.text.paragraph import Paragraph
from PIL import Image

_ONE_THREAD = threading.RLock()

_COLOURS = 48

_SAME_LINE, _TOUCHING = 0.1, 1.5
"""Points within which two pieces stand on one line, and touch: then they are one run of characters."""


def pdf_pages(data: bytes) -> tuple[str, ...]:
    """The text of each page of a PDF, piece by piece in the order in which it was written.

    Not by the library's own reading order, which sorts pieces by their place on the line and so tears the
    lines of a table apart.
    """
    with opened_pdf(data) as document:
        return tuple(_page_text(page) for page in document)


@contextmanager
def opened_pdf(data: bytes) -> Iterator[pypdfium2.PdfDocument]:
    """A PDF, opened for one thread at a time: the library bears no more. Raises pypdfium2.PdfiumError."""
    with _ONE_THREAD:
        document = pypdfium2.PdfDocument(io.BytesIO(data))
        try:
            yield document
        finally:
            document.close()


def page_sizes(data: bytes) -> tuple[tuple[float, float], ...]:
    """Width and height of each page of a PDF, in points."""
    with opened_pdf(data) as document:
        return tuple(page.get_size() for page in document)


def page_picture(data: bytes, number: int, width: int) -> bytes:
    """A page (from 1) of a PDF of ours as PNG, `width` pixels wide."""
    with opened_pdf(data) as document:
        page = document[number - 1]
        drawn = page.render(scale=width / page.get_size()[0]).to_pil()
        has_photo = next(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE]), None) is not None
    if not has_photo:  # ink on paper needs few colours, and is a third of the size so
        drawn = drawn.quantize(_COLOURS, method=Image.Quantize.FASTOCTREE, dither=Image.Dither.NONE)
    made = io.BytesIO()
    drawn.save(made, "PNG", compress_level=3)
    return made.getvalue()


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
