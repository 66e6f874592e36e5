"""Rows of a table stand together under the file's headings; everything else stays a line, in its order."""

from __future__ import annotations

from clawback.desk.showing import passages
from clawback.desk.tabling import strips
from clawback.model.evidence import Grade, Locator
from clawback.readers.contract import Reading, TextPiece

ROWS = ("某银行", "Date,Description,Amount", "2026-10-01,Tea,2.00", "2026-10-02,Rice,3.00", "合计")
NAMES = ("Date", "Description", "Amount")


def reading(*rows: str, sheets: tuple[int | None, ...] = (None,), joined: str = ",") -> Reading:
    pieces = tuple(
        TextPiece(row.replace(",", joined), Locator(row=at, page=sheet))
        for sheet in sheets
        for at, row in enumerate(rows, 1)
    )
    return Reading("bank_table", "1", Grade.PLATFORM_EXPORT, texts=pieces)


def test_rows_between_lines_become_a_table_with_the_headings_taken_out_of_the_lines() -> None:
    read = reading(*ROWS)
    before, table, after = strips(read, passages(read))
    assert (before.names, before.rows) == ((), ((0, ()),))
    assert table.names == NAMES
    assert table.rows == ((2, ("2026-10-01", "Tea", "2.00")), (3, ("2026-10-02", "Rice", "3.00")))
    assert after.rows == ((4, ()),)


def test_the_row_of_headings_stays_when_it_was_asked_for() -> None:
    read = reading(*ROWS)
    assert strips(read, passages(read), kept=1)[0].rows == ((0, ()), (1, ()))


def test_a_later_page_of_rows_has_the_headings_of_the_first() -> None:
    read = reading(*ROWS)
    (table, after) = strips(read, passages(read)[3:])
    assert table.names == NAMES
    assert table.rows == ((0, ("2026-10-02", "Rice", "3.00")),)
    assert after.rows == ((1, ()),)


def test_headings_alone_at_the_end_of_a_page_stay_a_line() -> None:
    read = reading(*ROWS)
    (lines,) = strips(read, passages(read)[:2])
    assert lines.rows == ((0, ()), (1, ()))


def test_each_sheet_has_a_table_of_its_own() -> None:
    read = reading(*ROWS[1:4], sheets=(1, 2), joined="\t")
    first, second = strips(read, passages(read))
    assert (first.sheet, [at for at, _ in first.rows]) == (1, [1, 2])
    assert (second.sheet, [at for at, _ in second.rows]) == (2, [4, 5])


def test_no_passage_is_lost_or_doubled() -> None:
    read = reading(*ROWS, sheets=(1, 2), joined="\t")
    shown = [at for strip in strips(read, passages(read)) for at, _ in strip.rows]
    assert shown == [0, 2, 3, 4, 5, 7, 8, 9]
