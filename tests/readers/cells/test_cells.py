"""Rows of a reading are cut again where their reader cut them, and stay lines where that is not certain."""

from __future__ import annotations

from clawback.model.evidence import Grade, Locator
from clawback.readers.cells import columns_of
from clawback.readers.contract import Reading, TextPiece

WECHAT = ("交易时间", "交易类型", "交易对方", "商品", "收/支", "金额(元)", "支付方式", "当前状态", "交易单号")


def reading(reader: str, *rows: str, sheet: int | None = None, first: int = 1) -> Reading:
    pieces = tuple(TextPiece(row, Locator(row=at, page=sheet)) for at, row in enumerate(rows, first))
    return Reading(reader, "1", Grade.PLATFORM_EXPORT, texts=pieces)


def test_a_text_row_is_cut_at_the_delimiter_of_its_file_with_quotes_understood() -> None:
    heading = "交易日期;摘要;支出金额;账户余额"
    row = '2026-09-20;"转账;备注";"1,000.00";30576.72'
    columns = columns_of(reading("bank_table", "某银行明细", heading, row))[None]
    assert columns.names == ("交易日期", "摘要", "支出金额", "账户余额")
    assert columns.row == 2
    assert columns.cells(3, row) == ("2026-09-20", "转账;备注", "1,000.00", "30576.72")


def test_a_row_of_a_workbook_is_cut_at_tabs_and_its_quotes_are_only_quotes() -> None:
    row = '2026-10-09\t转账\t"甲\t/\t支出\t¥1.00'
    columns = columns_of(reading("wechat_bill", "\t".join(WECHAT), row, sheet=2))[2]
    assert columns.cells(2, row) == ("2026-10-09", "转账", '"甲', "/", "支出", "¥1.00", "", "", "")


def test_what_stands_around_a_table_stays_a_line() -> None:
    rows = ("微信支付账单明细,,,,,,,,", "共1笔记录,,,", ",".join(WECHAT))
    columns = columns_of(reading("wechat_bill", *rows))[None]
    assert columns.cells(1, rows[0]) is None
    assert columns.cells(3, rows[2]) is None
    assert columns.cells(9, "注：以上,仅供核对,,,,") is None


def test_a_row_with_more_cells_than_headings_stays_a_line() -> None:
    columns = columns_of(reading("bank_table", "Date,Description,Amount", "2026-10-01,Tea,2.00"))[None]
    assert columns.cells(2, "2026-10-01,Tea, green,2.00") is None
    assert columns.cells(2, "2026-10-01,Tea,2.00,,,") == ("2026-10-01", "Tea", "2.00")


def test_a_quote_that_never_closes_cuts_at_every_delimiter_as_the_reader_did() -> None:
    columns = columns_of(reading("bank_table", "Date,Description,Amount", '2026-10-01,"Tea,2.00'))[None]
    assert columns.cells(2, '2026-10-01,"Tea,2.00') == ("2026-10-01", '"Tea', "2.00")


def test_a_file_without_known_headings_has_no_columns() -> None:
    assert columns_of(reading("bank_table", "2026-10-01,Tea,2.00", "2026-10-02,Rice,3.00")) == {}


def test_only_readers_of_tables_have_columns() -> None:
    assert columns_of(reading("plain_text", "Date,Description,Amount", "2026-10-01,Tea,2.00")) == {}


def test_headings_far_down_are_found_by_their_row_number() -> None:
    columns = columns_of(reading("bank_table", "Date,Description,Amount", first=150))
    assert columns[None].row == 150
    assert columns_of(reading("bank_table", "Date,Description,Amount", first=201)) == {}
