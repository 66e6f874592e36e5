"""Rows that a reading holds, cut into cells again, so that they can be looked at as the table they were.

Nothing is understood here. A row is cut where its reader cut it, and stays a line where that is not certain.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clawback.readers.alipay_bill import WANTED as ALIPAY_HEADINGS
from clawback.readers.alipay_bill import AlipayBill
from clawback.readers.bank_headings import find_headings
from clawback.readers.bank_table import HEADING_REACH, BankTable
from clawback.readers.bills import find_heading
from clawback.readers.contract import Reading, TextPiece
from clawback.readers.tables import Line, Table, clean_cell, cut_row, find_delimiter
from clawback.readers.wechat_bill import WANTED as WECHAT_HEADINGS
from clawback.readers.wechat_bill import WechatBill

_SNIFFED_ROWS = 80
_LEAST_COLUMNS = 3
_LEAST_OF_BILL, _LEAST_OF_BANK = 4, 2
"""Filled cells of a row of the table; what stands around a bill's table has fewer."""
_READERS = frozenset({AlipayBill.name, WechatBill.name, BankTable.name})


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of one sheet, named as the file names them. `row`: where the names stand.

    `delimiter` None: a workbook's row, whose cells the reader joined with tabs. `least`: filled cells that
    make a row of the table.
    """

    row: int
    names: tuple[str, ...]
    delimiter: str | None
    least: int

    def cells(self, row: int, text: str) -> tuple[str, ...] | None:
        """The cells of a row below the headings, one for each column; None where it is no row of the table.

        So it is with lines around the table, and with rows that have more cells than there are headings.
        """
        if row <= self.row:
            return None
        cells = _filled(_cut(text, self.delimiter))
        if len(cells) > len(self.names) or sum(map(bool, cells)) < self.least:
            return None
        return cells + ("",) * (len(self.names) - len(cells))


def columns_of(reading: Reading) -> dict[int | None, Columns]:
    """The columns of each sheet of a bill or spreadsheet, by sheet; empty for what is no table."""
    if reading.reader not in _READERS:
        return {}
    rows = [piece for piece in reading.texts if piece.locator.row is not None]
    found = {}
    for sheet in dict.fromkeys(piece.locator.page for piece in rows):
        first = [piece for piece in rows if piece.locator.page == sheet and _row(piece) <= HEADING_REACH]
        if columns := _columns(reading.reader, sheet, first):
            found[sheet] = columns
    return found


def _row(piece: TextPiece) -> int:
    return piece.locator.row or 0


def _columns(reader: str, sheet: int | None, rows: Sequence[TextPiece]) -> Columns | None:
    delimiter = find_delimiter(_sniffed(rows)) if sheet is None else None
    lines = tuple(Line(_row(piece), piece.text, _cut(piece.text, delimiter)) for piece in rows)
    heading = _heading(reader, Table(lines, sheet))
    if heading is None:
        return None
    names = _filled(heading.cells)
    least = _LEAST_OF_BANK if reader == BankTable.name else _LEAST_OF_BILL
    return Columns(heading.number, names, delimiter, least) if len(names) >= _LEAST_COLUMNS else None


def _sniffed(rows: Iterable[TextPiece]) -> list[str]:
    return [line for piece in rows if _row(piece) <= _SNIFFED_ROWS for line in piece.text.split("\n")]


def _heading(reader: str, table: Table) -> Line | None:
    if reader == BankTable.name:
        headings = find_headings(table.lines)
        return headings.line if headings else None
    wanted, least = (ALIPAY_HEADINGS, 5) if reader == AlipayBill.name else (WECHAT_HEADINGS, 6)
    found = find_heading(table, wanted, least)
    return found[0] if found else None


def _cut(text: str, delimiter: str | None) -> tuple[str, ...]:
    cells = text.split("\t") if delimiter is None else cut_row(text, delimiter)
    return tuple(map(clean_cell, cells))


def _filled(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Without the empty cells at the end, which exports are full of."""
    end = max((at for at, cell in enumerate(cells, 1) if cell), default=0)
    return cells[:end]
