"""Draft -> DOCX, so that a lawyer or the user can work on it: real headings, tables and page numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from datetime import UTC, datetime

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.table import Table as DocxTable
from docx.table import _Cell
from docx.text.paragraph import Paragraph as DocxParagraph
from docx.text.run import Run as DocxRun

from clawback.filings.draft import (
    Block,
    Draft,
    FieldTable,
    Heading,
    Line,
    Missing,
    PageBreak,
    Paragraph,
    Picture,
    Table,
)

_LATIN, _HAN = "Arial", "Microsoft YaHei"
_INK, _SOFT, _ACTION, _GAP = (RGBColor.from_string(c) for c in ("1C2126", "5A626B", "0B4F79", "7E5A00"))
_LINE, _SUNKEN = "D6D3CA", "F3F2ED"
_TEXT_WIDTH = 164
"""Millimetres between the margins of an A4 page."""

_CLOSING = 5
"""Pieces at the end that stay together: table, space below it, heading, declaration, signature."""

_LONG_AGO = (1980, 1, 1, 0, 0, 0)


def render_docx(draft: Draft, made_at: datetime) -> bytes:
    """The DOCX of a draft; the same draft gives the same bytes. `made_at`: the date in its properties."""
    document = docx.Document()
    _prepare(document, draft, made_at)
    _write(document.add_heading(level=0), draft.title)
    if draft.subtitle:
        _write(document.add_paragraph(), draft.subtitle, size=10, colour=_SOFT)
    for block in draft.blocks:
        _block(document, block)
    _keep_signature(document)
    made = io.BytesIO()
    document.save(made)
    return _steady(made.getvalue())


def _prepare(document: Document, draft: Draft, made_at: datetime) -> None:
    properties = document.core_properties
    properties.title, properties.author, properties.comments = draft.title.text, "", ""
    properties.language = "zh-CN" if draft.lang == "zh" else "en-GB"
    properties.created = properties.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    for name, size in (("Normal", 10), ("Title", 21), ("Heading 1", 13), ("Heading 2", 11)):
        _font(document, name, size)
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(23)
    section.top_margin, section.bottom_margin = Mm(25), Mm(23)
    _run(section.header.paragraphs[0], draft.header, 8, _SOFT)
    foot = section.footer.paragraphs[0]
    _run(foot, draft.footer + "\t\t", 8, _SOFT)
    _page_field(foot, "PAGE")
    _run(foot, " / ", 8, _SOFT)
    _page_field(foot, "NUMPAGES")


def _font(document: Document, style: str, size: int) -> None:
    chosen = document.styles[style]
    chosen.font.name, chosen.font.size = _LATIN, Pt(size)
    chosen.font.color.rgb = _INK
    fonts = chosen.element.get_or_add_rPr().get_or_add_rFonts()
    for attribute in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
        fonts.attrib.pop(qn(attribute), None)
    fonts.set(qn("w:eastAsia"), _HAN)
    fonts.set(qn("w:hAnsi"), _LATIN)


def _block(document: Document, block: Block) -> None:
    match block:
        case Heading():
            _write(document.add_heading(level=block.level), block.line)
        case Paragraph():
            _paragraph(document.add_paragraph(), block)
        case FieldTable():
            _fields(document, block)
        case Table():
            _records(document, block)
        case PageBreak():
            document.add_paragraph().add_run().add_break(WD_BREAK.PAGE)
        case Picture():
            _picture(document, block)


def _keep_signature(document: Document) -> None:
    """The last words stay on one page, with the last row of the table before them."""
    last = list(document.iter_inner_content())[-_CLOSING:]
    for item in last[:-1]:
        parts = [item] if isinstance(item, DocxParagraph) else [c.paragraphs[0] for c in item.rows[-1].cells]
        for paragraph in parts:
            paragraph.paragraph_format.keep_with_next = True


def _paragraph(paragraph: DocxParagraph, block: Paragraph) -> None:
    match block.style:
        case "small":
            _write(paragraph, block.line, size=8.5, colour=_SOFT)
        case "lead":
            _write(paragraph, block.line, bold=True)
        case "say":
            _write(paragraph, block.line, size=13)
        case "sign":
            paragraph.paragraph_format.space_before = Pt(30)
            _write(paragraph, block.line)
        case "demand" | "notice":
            paragraph.paragraph_format.left_indent = Mm(4)
            _write(paragraph, block.line, bold=block.style == "demand")
        case _:
            _write(paragraph, block.line)


def _fields(document: Document, block: FieldTable) -> None:
    if not block.rows:
        return
    table = _table(document, len(block.rows), (31, _TEXT_WIDTH - 31))
    large = block.style == "facts"
    for number, (label, value) in enumerate(block.rows):
        left, right = table.rows[number].cells
        _write(left.paragraphs[0], label, size=9, colour=_SOFT)
        _write(right.paragraphs[0], value, size=16 if large and not number else 10.5 if large else 10)
        if large:
            _shade((left, right))
    document.add_paragraph()


def _records(document: Document, block: Table) -> None:
    share = _TEXT_WIDTH / sum(block.widths)
    table = _table(document, len(block.rows) + 1, [width * share for width in block.widths])
    for number, cells in enumerate((block.header, *block.rows)):
        row = table.rows[number]
        for column, line in enumerate(cells):
            paragraph = row.cells[column].paragraphs[0]
            if column in block.figures:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
            _write(paragraph, line, size=8.5, bold=number == 0)
    _shade(table.rows[0].cells)
    _mark_row(table, 0, "w:tblHeader")
    document.add_paragraph()


def _table(document: Document, rows: int, widths: Iterable[float]) -> DocxTable:
    columns = [Mm(width) for width in widths]
    table: DocxTable = document.add_table(rows=rows, cols=len(columns))
    table.autofit = False
    _rules(table)
    for column, width in zip(table.columns, columns, strict=True):
        for cell in column.cells:
            cell.width = width
    for number in range(rows):
        _mark_row(table, number, "w:cantSplit")
    return table


def _mark_row(table: DocxTable, number: int, mark: str) -> None:
    table.rows[number]._tr.get_or_add_trPr().append(OxmlElement(mark))


def _rules(table: DocxTable) -> None:
    """Only hairlines between rows."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "bottom", "insideH"):
        edge = OxmlElement(f"w:{side}")
        for key, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", _LINE)):
            edge.set(qn(f"w:{key}"), value)
        borders.append(edge)
    table._tbl.tblPr.append(borders)


def _shade(cells: Iterable[_Cell]) -> None:
    for cell in cells:
        shade = OxmlElement("w:shd")
        for key, value in (("val", "clear"), ("color", "auto"), ("fill", _SUNKEN)):
            shade.set(qn(f"w:{key}"), value)
        cell._tc.get_or_add_tcPr().append(shade)


def _picture(document: Document, block: Picture) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    shape = paragraph.add_run().add_picture(io.BytesIO(block.data), width=Mm(_TEXT_WIDTH))
    if shape.height > Mm(200):
        shape.width, shape.height = round(shape.width * Mm(200) / shape.height), Mm(200)
    shape._inline.docPr.set("descr", block.describes)


def _write(
    paragraph: DocxParagraph, line: Line, *, size: float | None = None, bold: bool = False,
    colour: RGBColor | None = None,
) -> None:  # fmt: skip
    for run in line.runs:
        made = _run(paragraph, run.text, size, _GAP if isinstance(run, Missing) and run.field else colour)
        made.bold = bold or isinstance(run, Missing) or None


def _run(paragraph: DocxParagraph, text: str, size: float | None, colour: RGBColor | None) -> DocxRun:
    made = paragraph.add_run(text)
    if size:
        made.font.size = Pt(size)
    if colour is not None:
        made.font.color.rgb = colour
    return made


def _page_field(paragraph: DocxParagraph, name: str) -> None:
    run = _run(paragraph, "", 8, _SOFT)._r
    for kind in ("begin", "instr", "end"):
        if kind == "instr":
            part = OxmlElement("w:instrText")
            part.text = name
        else:
            part = OxmlElement("w:fldChar")
            part.set(qn("w:fldCharType"), kind)
        run.append(part)


def _steady(data: bytes) -> bytes:
    """The same archive without the clock of the machine in its directory."""
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            new.writestr(zipfile.ZipInfo(entry.filename, _LONG_AGO), old.read(entry), zipfile.ZIP_DEFLATED)
    return made.getvalue()
