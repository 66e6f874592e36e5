"""The rows of a bill or spreadsheet as a table, with the headings of the file itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from clawback.desk.showing import Passage
from clawback.readers.cells import Columns, columns_of
from clawback.readers.contract import Reading


@dataclass(frozen=True, slots=True)
class Strip:
    """Passages that follow one another, either all rows of one table or all lines as they stand.

    `names`: the columns' headings; () for lines. `sheet`: of a workbook, from 1. `rows`: the place of each in
    the given passages, and its cells, one for each heading; () for a line.
    """

    names: tuple[str, ...]
    sheet: int | None
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def strips(reading: Reading, found: Sequence[Passage], kept: int | None = None) -> tuple[Strip, ...]:
    """Some passages of a reading in their order, as tables where they are rows of one.

    The row of the headings is left out where its table follows, unless it stands at `kept`.
    """
    columns = columns_of(reading)
    cells = [_cells(passage, columns) for passage in found]

    def belongs(at: int) -> tuple[int | None, bool]:
        return found[at].place.page, bool(cells[at])

    made: list[Strip] = []
    for (sheet, is_table), places in groupby(range(len(found)), key=belongs):
        names = columns[sheet].names if is_table else ()
        rows = tuple((at, cells[at]) for at in places)
        if is_table and made and kept != rows[0][0] - 1:
            _take_headings(made, found, columns[sheet].row, sheet)
        made.append(Strip(names, sheet, rows))
    return tuple(strip for strip in made if strip.rows)


def _cells(passage: Passage, columns: dict[int | None, Columns]) -> tuple[str, ...]:
    place = passage.place
    own = columns.get(place.page)
    if own is None or place.row is None or passage.message or passage.statement:
        return ()
    return own.cells(place.row, passage.text) or ()


def _take_headings(made: list[Strip], found: Sequence[Passage], row: int, sheet: int | None) -> None:
    """Take the headings off the end of the lines that stand before their table."""
    before = made[-1]
    if not before.names and before.sheet == sheet and found[before.rows[-1][0]].place.row == row:
        made[-1] = Strip((), sheet, before.rows[:-1])
