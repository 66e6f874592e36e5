"""Rows out of CSV, TSV, XLS and XLSX files: bounded, in whatever encoding and with whatever delimiter.

Shared by the readers of payment statements. Nothing here knows what a column means; it only says what
stands in which row, and what could not be had (`Flaw`).
"""

from __future__ import annotations

import csv
import html
import io
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import BinaryIO

from clawback.model.evidence import Severity

MAX_BYTES = 48 * 1024 * 1024
MAX_ROWS = 200_000
MAX_COLUMNS = 16_384
MAX_FIELD = 1024 * 1024
MAX_CELLS = 2_000_000
MAX_UNPACKED = 400 * 1024 * 1024
"""Bytes an XLSX may claim to unpack to."""
MAX_GRID = 8_000_000
"""Cells of the rectangle that an XLSX sheet spans: the library fills all of it in memory."""

_QUOTE_REACH = 40  # lines that one quoted cell may span
_SNIFF_LINES = 80
_DELIMITERS = ",;\t|"
_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_WORKBOOK_UTF16 = "Workbook".encode("utf-16-le")
_FORMULA_TEXT = re.compile(r'^="([^"]*)"$')
_CELL_PLACE = re.compile(rb'r="([A-Z]{1,3})([0-9]{1,7})"')
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something that kept rows from being had as they stand. Becomes a Problem of the reader.

    `row` and `sheet` count from 1; None: the whole file. `loses`: something was left unread.
    """

    code: str
    row: int | None = None
    sheet: int | None = None
    detail: str = ""
    severity: Severity = Severity.WARNING
    loses: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One row. `number`: the physical line (sheet row) where it starts, from 1. `text`: as found.

    `cells`: cleaned of padding, formula wrapping and line ends; `text` is not.
    """

    number: int
    text: str
    cells: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Does it hold nothing at all?"""
        return not any(self.cells)

    def cell(self, place: int | None) -> str:
        """The cell at `place` (from 0), "" where there is none."""
        return self.cells[place] if place is not None and place < len(self.cells) else ""


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a text table or of one sheet. `sheet` from 1; None for text."""

    lines: tuple[Line, ...]
    sheet: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Tables:
    """What a file holds: one table for text, one per sheet for a workbook."""

    tables: tuple[Table, ...]
    flaws: tuple[Flaw, ...]


def load_tables(original: BinaryIO) -> Tables:
    """Read every table of the file. Never raises for what the bytes hold."""
    data = original.read(MAX_BYTES + 1)
    if data[:4] == _ZIP or data[:8] == _OLE:
        if len(data) > MAX_BYTES:
            return Tables((), (_too_large(),))
        return _workbook(data)
    flaws = [_too_large()] if len(data) > MAX_BYTES else []
    text, found = decode(data[:MAX_BYTES])
    if is_page(text):
        tables, more = split_page(text)
        return Tables(tables, (*flaws, *found, *more))
    table, more = split_text(text)
    return Tables((table,), (*flaws, *found, *more))


def _too_large() -> Flaw:
    return Flaw("file_too_large", detail=f"> {MAX_BYTES} bytes", severity=Severity.ERROR, loses=True)


# --- decoding ------------------------------------------------------------------------------------------


def decode(data: bytes) -> tuple[str, list[Flaw]]:
    """Text of `data`, and what is unsure about it. Characters that do not decode become U+FFFD."""
    encoding = guess_encoding(data)
    text = data.decode(encoding, errors="replace").removeprefix("\ufeff")
    flaws = []
    if encoding == "cp1252":
        flaws.append(Flaw("encoding_assumed", detail="windows-1252", severity=Severity.NOTE))
    if lost := text.count("\ufffd") - (data.count(b"\xef\xbf\xbd") if encoding == "utf-8" else 0):
        flaws.append(Flaw("characters_unreadable", detail=f"{lost} ({encoding})"))
    return text, flaws


def guess_encoding(data: bytes) -> str:
    """utf-8, utf-16-le, utf-16-be, gb18030 or cp1252, from marks and from the bytes themselves."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")):
        if data.startswith(mark):
            return name
    sample = data[:65536]
    if wide := _unmarked_utf16(sample):
        return wide
    if _is_utf8(data):
        return "utf-8"
    if _nearly_utf8(sample):
        return "utf-8"
    return "gb18030" if _looks_paired(sample) else "cp1252"


def _unmarked_utf16(sample: bytes) -> str | None:
    half = len(sample) // 2
    if half < 8:
        return None
    if sample[1::2].count(0) > half * 0.4 and sample[0::2].count(0) < half * 0.05:
        return "utf-16-le"
    if sample[0::2].count(0) > half * 0.4 and sample[1::2].count(0) < half * 0.05:
        return "utf-16-be"
    return None


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError as error:
        # a file cut off in the middle of its last character is still UTF-8
        return error.start >= len(data) - 3 and error.reason == "unexpected end of data"
    return True


def _looks_paired(sample: bytes) -> bool:
    """Do high bytes come in pairs, as in Chinese, rather than alone among letters, as in Western text?"""
    pairs = alone = 0
    place = 0
    while place < len(sample) - 1:
        first, second = sample[place], sample[place + 1]
        if first < 0x81:
            place += 1
        elif second >= 0x81:
            pairs += 1
            place += 2
        else:
            alone += 1
            place += 1
    return pairs > 2 * alone


def _nearly_utf8(sample: bytes) -> bool:
    """UTF-8 with a few damaged bytes; text in another encoding has hardly any valid sequence."""
    text = sample.decode("utf-8", errors="replace")
    wrong = text.count("\ufffd")
    wide = sum(1 for character in text if ord(character) > 0x7F) - wrong
    return wide > 3 * wrong


# --- text tables -----------------------------------------------------------------------------------------


def split_text(text: str) -> tuple[Table, list[Flaw]]:
    """Rows of a delimited text; the delimiter is the one that yields the steadiest table."""
    lines = _physical_lines(text)
    delimiter = find_delimiter(lines[:_SNIFF_LINES])
    flaws: list[Flaw] = []
    rows: list[Line] = []
    cells = 0
    for row in _rows(lines, delimiter, flaws):
        cells += len(row.cells)
        if len(rows) >= MAX_ROWS or cells > MAX_CELLS:
            flaws.append(_rest_unread(row.number))
            break
        rows.append(row)
    return Table(tuple(rows)), flaws


def _rest_unread(row: int, sheet: int | None = None) -> Flaw:
    return Flaw("table_too_long", row, sheet, f"> {MAX_ROWS} rows", Severity.ERROR, loses=True)


def _physical_lines(text: str) -> list[str]:
    # not str.splitlines: that also cuts at U+0085 and form feeds, which a person does not count as lines
    lines = _LINE_END.split(text)
    if lines and not lines[-1]:
        lines.pop()
    return lines


def find_delimiter(lines: Sequence[str]) -> str:
    """Of comma, semicolon, tab and bar, the one giving the most rows of the same, largest width."""
    return max(_DELIMITERS, key=lambda mark: (_steadiness(lines, mark), -_DELIMITERS.index(mark)))


def _steadiness(lines: Sequence[str], mark: str) -> int:
    widths = Counter(
        len(_cut(line, mark)[0]) for line in lines if line.strip() and len(line) <= MAX_FIELD and mark in line
    )
    return max((width * times for width, times in widths.items() if width > 1), default=0)


def _rows(lines: Sequence[str], delimiter: str, flaws: list[Flaw]) -> Iterator[Line]:
    place = 0
    while place < len(lines):
        number, line = place + 1, lines[place]
        place += 1
        if len(line) > MAX_FIELD:
            flaws.append(Flaw("line_too_long", number, None, f"{len(line)}", Severity.ERROR, loses=True))
            continue
        cells, open_quote = _cut(line, delimiter)
        if open_quote:
            used, joined = _close_quote(lines, place - 1, delimiter)
            if used:
                place += used
                line = "\n".join(lines[number - 1 : place])
                cells = joined
            else:
                flaws.append(Flaw("quote_not_closed", number, severity=Severity.NOTE))
                cells = line.split(delimiter)
        if len(cells) > MAX_COLUMNS:
            flaws.append(Flaw("row_too_wide", number, None, f"{len(cells)}", Severity.ERROR, loses=True))
            continue
        yield Line(number, line, tuple(map(clean_cell, cells)))


def cut_row(text: str, delimiter: str) -> list[str]:
    """Raw cells of one row that was read before: of a `Line.text`."""
    cells, open_quote = _cut(text, delimiter)
    return text.split(delimiter) if open_quote else cells


def _cut(line: str, delimiter: str) -> tuple[list[str], bool]:
    """Cells of one line, and whether it ends inside a quoted cell."""
    if '"' not in line:
        return line.split(delimiter), False
    csv.field_size_limit(MAX_FIELD)
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=True), []), False
    except csv.Error as error:
        if "end of data" in str(error):
            return [], True
    try:
        return next(csv.reader([line], delimiter=delimiter, strict=False), []), False
    except csv.Error:
        return line.split(delimiter), False


def _close_quote(lines: Sequence[str], start: int, delimiter: str) -> tuple[int, list[str]]:
    """How many following lines belong to the row that starts at `start`, and its cells; 0 if none fit."""
    joined = lines[start]
    for used, line in enumerate(lines[start + 1 : start + 1 + _QUOTE_REACH], start=1):
        joined = f"{joined}\n{line}"
        if len(joined) > MAX_FIELD:
            break
        if '"' not in line:
            continue
        try:
            return used, next(csv.reader([joined], delimiter=delimiter, strict=True), [])
        except csv.Error as error:
            if "end of data" not in str(error):
                break
    return 0, []


def clean_cell(cell: str) -> str:
    """The cell without padding and without the wrapping that keeps spreadsheets from eating digits."""
    cell = cell.strip(" \t\r\n\u00a0\u3000\ufeff\u200b")
    if wrapped := _FORMULA_TEXT.match(cell):
        cell = wrapped.group(1).strip()
    if cell.startswith(("'", "`")):
        # a leading apostrophe keeps long numbers as text: '6222…  or '6222…'
        cell = cell[1:].removesuffix(cell[0])
    return cell.replace("\r\n", " ").replace("\n", " ").strip()


def plain(text: str) -> str:
    """`text` for comparing headings: full-width to half-width, no white space, lower case."""
    return "".join(unicodedata.normalize("NFKC", text).split()).casefold()


# --- tables in pages -------------------------------------------------------------------------------------

_PAGE_START = re.compile(
    r"\s{0,200}<(?:!doctype html|html|table|meta|head|\?xml[^<>]{0,200}>\s{0,200}<(?:html|table))",
    re.IGNORECASE,
)
# not the library's parser: its time grows with the square of the size on broken pages
_PAGE_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9]{0,20})[^<>]{0,4000}>")


def is_page(text: str) -> bool:
    """Is this a web page? Banks' "XLS" is often one."""
    return bool(_PAGE_START.match(text)) and "<table" in text[:200_000].casefold()


def split_page(text: str) -> tuple[tuple[Table, ...], list[Flaw]]:
    """Every table of a page, as if it were a sheet. Row numbers count the rows of its table."""
    page = _PageTables()
    place = 0
    text = _without_comments(text)
    for tag in _PAGE_TAG.finditer(text):
        page.words(text[place : tag.start()])
        page.tag(tag[2].casefold(), ending=bool(tag[1]))
        place = tag.end()
    return tuple(page.finished()), page.flaws


def _without_comments(text: str) -> str:
    parts, place = [], 0
    while (start := text.find("<!--", place)) >= 0 and (end := text.find("-->", start)) >= 0:
        parts.append(text[place:start])
        place = end + 3
    return "".join((*parts, text[place:]))


class _PageTables:
    """Cells of tables, nested ones included as tables of their own."""

    def __init__(self) -> None:
        self.flaws: list[Flaw] = []
        self._tables: list[list[Line]] = []
        self._open: list[int] = []
        self._row: list[str] | None = None
        self._cell: list[str] | None = None
        self._count = 0

    def tag(self, name: str, ending: bool) -> None:
        """Take one tag; others than those of tables mean nothing here."""
        if name in ("td", "th"):
            self._end_cell()
            self._cell = [] if not ending and self._row is not None else None
        elif name == "tr":
            self._end_row()
            self._row = None if ending else []
        elif name == "table":
            self._end_row()
            self._turn_table(ending)
        elif name == "br":
            self.words(" ")

    def words(self, text: str) -> None:
        """Take the text between two tags."""
        if self._cell is not None:
            self._cell.append(html.unescape(text))

    def _turn_table(self, ending: bool) -> None:
        if ending and self._open:
            self._open.pop()
        elif not ending and len(self._open) < 20 and len(self._tables) < 500:
            self._open.append(len(self._tables))
            self._tables.append([])

    def finished(self) -> list[Table]:
        """The tables that hold anything."""
        self._end_row()
        filled = [lines for lines in self._tables if any(not line.empty for line in lines)]
        return [Table(tuple(lines), place) for place, lines in enumerate(filled, start=1)]

    def _end_cell(self) -> None:
        if self._cell is not None and self._row is not None and len(self._row) < MAX_COLUMNS:
            self._row.append("".join(self._cell)[:MAX_FIELD])
            self._count += 1
        self._cell = None

    def _end_row(self) -> None:
        self._end_cell()
        if self._row is not None and self._open:
            lines = self._tables[self._open[-1]]
            number = len(lines) + 1
            if number > MAX_ROWS or self._count > MAX_CELLS:
                if not any(flaw.code == "table_too_long" for flaw in self.flaws):
                    self.flaws.append(_rest_unread(number))
            else:
                text = "\t".join(" ".join(cell.split()) for cell in self._row)
                lines.append(Line(number, text, tuple(map(clean_cell, self._row))))
        self._row = None


# --- workbooks -------------------------------------------------------------------------------------------


def _workbook(data: bytes) -> Tables:
    if flaw := _unsafe_package(data):
        return Tables((), (flaw,))
    return _sheets(data)


def _sheets(data: bytes) -> Tables:
    import python_calamine

    tables: list[Table] = []
    flaws: list[Flaw] = []
    try:
        book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        for place, name in enumerate(book.sheet_names[:64], start=1):
            rows = book.get_sheet_by_name(name).iter_rows()
            tables.append(Table(_sheet_lines(rows, place, flaws), place, name))
    except (python_calamine.CalamineError, ValueError, OSError) as error:
        flaws.append(_unreadable(error))
    except BaseException as error:
        # a panic of the library's native code is not an Exception; it must cost this file only
        if type(error).__name__ != "PanicException":
            raise
        flaws.append(_unreadable(error))
    return Tables(tuple(tables), tuple(flaws))


def _unreadable(error: BaseException) -> Flaw:
    return Flaw("workbook_unreadable", detail=type(error).__name__, severity=Severity.ERROR, loses=True)


def _sheet_lines(rows: Iterator[Sequence[object]], sheet: int, flaws: list[Flaw]) -> tuple[Line, ...]:
    lines: list[Line] = []
    cells = 0
    for number, row in enumerate(rows, start=1):
        cells += len(row)
        if number > MAX_ROWS or cells > MAX_CELLS:
            flaws.append(_rest_unread(number, sheet))
            break
        for value in row:
            if isinstance(value, float) and abs(value) >= _EXACT_FLOAT:
                flaws.append(Flaw("digits_lost_in_spreadsheet", number, sheet, cell_text(value)))
        texts = [cell_text(value)[:MAX_FIELD] for value in row]
        lines.append(Line(number, "\t".join(texts).rstrip("\t"), tuple(map(clean_cell, texts))))
    return tuple(lines)


_EXACT_FLOAT = 1e15  # spreadsheets keep 15 significant digits; longer numbers have lost their end


def cell_text(value: object) -> str:
    """What a person sees in a spreadsheet cell, for a value as the library hands it over."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        return _float_text(value)
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value)


def _float_text(value: float) -> str:
    if abs(value) >= _EXACT_FLOAT:
        return f"{value:.15G}"
    exact = Decimal(repr(value))
    if len(exact.as_tuple().digits) > 15:
        # binary dust of a computed cell (67.10000000000001): a spreadsheet itself shows 15 digits
        exact = Decimal(f"{value:.15g}")
    whole = exact == exact.to_integral_value()
    return f"{int(exact)}" if whole else f"{exact:f}"


def _unsafe_package(data: bytes) -> Flaw | None:
    """Would this package fill the memory? Only XLSX can claim so much from so little."""
    if data[:4] != _ZIP:
        return None
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            members = package.infolist()
            claimed = sum(member.file_size for member in members)
            if len(members) > 5_000 or claimed > MAX_UNPACKED:
                return _bomb(f"{claimed} bytes")
            for member in members:
                if member.filename.startswith("xl/worksheets/") and (cells := _grid(package, member)):
                    return _bomb(f"{cells} cells")
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, RuntimeError, NotImplementedError) as error:
        return _unreadable(error)
    return None


def _bomb(detail: str) -> Flaw:
    return Flaw("workbook_too_large", detail=detail, severity=Severity.ERROR, loses=True)


def _grid(package: zipfile.ZipFile, member: zipfile.ZipInfo) -> int:
    """Cells of the rectangle that the sheet spans where that is more than `MAX_GRID`, else 0."""
    columns: set[bytes] = set()
    rows = 0
    tail = b""
    with package.open(member) as sheet:
        while chunk := sheet.read(1 << 20):
            for column, row in _CELL_PLACE.findall(tail + chunk):
                columns.add(column)
                rows = max(rows, int(row))
            tail = chunk[-20:]
    widest = max(map(_column_number, columns), default=0)
    return rows * widest if rows * widest > MAX_GRID else 0


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


# --- what a peek shows -----------------------------------------------------------------------------------


def peek_text(head: bytes) -> str:
    """Text at the start of a file for recognising it; of an XLSX the strings that the peek holds."""
    if head[:4] == _ZIP:
        return _package_text(head)
    if head[:8] == _OLE or b"\x00\x00\x00\x00" in head[:4096]:
        return ""
    return decode(head)[0]


def is_workbook(head: bytes, suffix: str) -> bool:
    """Is this an XLSX or XLS, as far as a peek can tell?"""
    if head[:8] == _OLE:
        return suffix in (".xls", ".et") or _WORKBOOK_UTF16 in head
    return head[:4] == _ZIP and (suffix == ".xlsx" or b"xl/" in head)


def _package_text(head: bytes) -> str:
    found: list[str] = []
    place = 0
    while (place := head.find(_ZIP, place)) >= 0 and len(found) < 32:
        name_size = int.from_bytes(head[place + 26 : place + 28], "little")
        extra_size = int.from_bytes(head[place + 28 : place + 30], "little")
        name = head[place + 30 : place + 30 + name_size]
        start = place + 30 + name_size + extra_size
        if name.startswith(b"xl/") and name.endswith((b"sharedStrings.xml", b"sheet1.xml")):
            found.append(_inflate(head[start:], head[place + 8 : place + 10] == b"\x08\x00"))
        place += 4
    return re.sub(r"<[^<>]{0,400}>", "\t", "\n".join(found))


def _inflate(data: bytes, deflated: bool) -> str:
    if not deflated:
        return data[:262_144].decode("utf-8", errors="replace")
    try:
        return zlib.decompressobj(-15).decompress(data, 262_144).decode("utf-8", errors="replace")
    except zlib.error:
        return ""
