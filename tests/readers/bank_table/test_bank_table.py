import io
import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from clawback.model.events import AccountKind, Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Severity
from clawback.model.moments import Precision, ZoneBasis
from clawback.readers.bank_table import BankTable
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness

HERE = Path(__file__).parent


def read(data: bytes | str, name: str = "bank.csv", zone: str = "Europe/London") -> Reading:
    raw = data.encode() if isinstance(data, str) else data
    context = ReadingContext(5, name, zone, date(2026, 11, 1), lambda *_: None)
    return BankTable().read(io.BytesIO(raw), context)


def codes(reading: Reading) -> list[str]:
    return [problem.code for problem in reading.problems]


def ways(reading: Reading) -> list[tuple[str, str]]:
    return [(t.direction.value, t.amount.text) for t in reading.transfers]


def days(reading: Reading) -> list[str | None]:
    return [t.moment.instant.date().isoformat() if t.moment else None for t in reading.transfers]


def spelled(transfer: Transfer) -> dict[str, object]:
    assert transfer.moment is not None
    sides = (transfer.payer, transfer.payee)
    return {
        "row": transfer.sources[0].locator.row,
        "direction": transfer.direction,
        "amount": f"{transfer.amount.text} {transfer.amount.currency}",
        "at": transfer.moment.instant.isoformat(),
        "precision": transfer.moment.precision,
        "status": transfer.status,
        "method": transfer.method,
        "payer": [sides[0].name, sides[0].institution, sides[0].number],
        "payee": [sides[1].name, sides[1].institution, sides[1].number],
        "reference": transfer.reference,
        "note": transfer.note,
    }


@pytest.mark.parametrize("stem", ["sample_zh", "sample_en"])
def test_the_samples_read_as_written_down_by_hand(stem: str) -> None:
    expected = json.loads((HERE / f"{stem}.expected.json").read_text(encoding="utf-8"))
    reading = read((HERE / f"{stem}.csv").read_bytes())
    assert [spelled(t) for t in reading.transfers] == expected["transfers"]
    assert [[p.code, p.locator.row] for p in reading.problems] == expected["problems"]
    assert expected["facts"].items() <= dict(reading.facts).items()


def test_a_chinese_statement_is_in_beijing_time_by_assumption_wherever_the_case_is() -> None:
    moment = read((HERE / "sample_zh.csv").read_bytes()).transfers[0].moment
    assert moment is not None
    assert moment.zone_basis is ZoneBasis.ASSUMED
    assert moment.instant.isoformat() == "2026-03-03T09:15:20+08:00"


def test_the_same_table_as_a_workbook_reads_the_same(workbook: Callable[..., bytes]) -> None:
    rows: list[list[str | float | None]] = [
        ["交易日期", "摘要", "收入", "支出", "余额", "币种"],
        ["20260303", "工资", 8000.0, None, 8500.0, "人民币"],
        ["20260305", "转账", None, 5000.1, 3499.9, "人民币"],
    ]
    reading = read(workbook([], rows), "流水.xlsx")
    assert ways(reading) == [("in", "8000.00"), ("out", "5000.10")]
    assert [(t.sources[0].locator.page, t.sources[0].locator.row) for t in reading.transfers] == [
        (2, 2),
        (2, 3),
    ]


# --- order of day and month ---


def test_a_day_above_twelve_proves_the_order_for_the_whole_file() -> None:
    reading = read("Date,Description,Amount GBP\n03/04/2026,A,-1.00\n25/04/2026,B,-2.00\n")
    assert days(reading) == ["2026-04-03", "2026-04-25"]
    assert "date_order_unclear" not in codes(reading)


def test_rows_in_order_prove_the_order_of_their_dates() -> None:
    reading = read(
        "Date,Description,Amount GBP\n01/05/2026,A,-1.00\n02/04/2026,B,-2.00\n03/06/2026,C,-3.00\n"
    )
    assert days(reading) == ["2026-01-05", "2026-02-04", "2026-03-06"]
    assert "date_order_unclear" not in codes(reading)


def test_an_order_that_would_lie_in_the_future_is_ruled_out() -> None:
    reading = read("Date,Description,Amount GBP\n10/12/2026,A,-1.00\n")
    assert days(reading) == ["2026-10-12"]
    assert "date_order_unclear" not in codes(reading)


@pytest.mark.parametrize(("currency", "day"), [("GBP", "2026-04-03"), ("USD", "2026-03-04")])
def test_an_unproven_order_is_assumed_with_a_problem_that_says_so(currency: str, day: str) -> None:
    reading = read(f"Date,Description,Amount {currency}\n03/04/2026,A,-1.00\n")
    assert days(reading) == [day]
    (problem,) = [p for p in reading.problems if p.code == "date_order_unclear"]
    assert problem.severity is Severity.WARNING
    assert problem.locator.row == 2


def test_contradicting_dates_are_read_one_by_one_and_the_rest_left_open() -> None:
    reading = read(
        "Date,Description,Amount GBP\n25/04/2026,A,-1.00\n04/25/2026,B,-2.00\n03/04/2026,C,-3.00\n"
    )
    assert days(reading) == ["2026-04-25", "2026-04-25", None]
    assert codes(reading) == ["date_order_unclear"]


def test_days_without_a_year_get_no_moment_and_one_problem() -> None:
    reading = read("Date,Description,Amount GBP\n17 OCT,A,-1.00\n18 OCT,B,-2.00\n")
    assert days(reading) == [None, None]
    assert [(p.code, p.detail) for p in reading.problems] == [("year_missing", "2 rows")]


def test_a_day_that_does_not_exist_keeps_its_money_and_gets_no_moment() -> None:
    reading = read("Date,Description,Amount GBP\n30/02/2026,A,-1.00\n")
    assert (days(reading), ways(reading)) == ([None], [("out", "1.00")])
    assert codes(reading) == ["time_not_understood"]


@pytest.mark.parametrize(
    ("zone", "instant", "basis"),
    [
        ("UTC", "2026-04-25T10:00:00+00:00", ZoneBasis.STATED),
        ("America/New_York", "2026-04-25T10:00:00-04:00", ZoneBasis.STATED),
        ("PST", "2026-04-25T10:00:00+01:00", ZoneBasis.ASSUMED),
    ],
)
def test_a_zone_column_is_used_where_it_names_a_zone(zone: str, instant: str, basis: ZoneBasis) -> None:
    reading = read(f"Date,Time,TimeZone,Description,Amount GBP\n2026-04-25,10:00:00,{zone},A,-1.00\n")
    moment = reading.transfers[0].moment
    assert moment is not None
    assert (moment.instant.isoformat(), moment.zone_basis) == (instant, basis)


def test_midnight_is_a_day_and_not_a_time() -> None:
    moment = read("Date,Description,Amount GBP\n2026-04-25 00:00:00,A,-1.00\n").transfers[0].moment
    assert moment is not None
    assert moment.precision is Precision.DAY


# --- signs ---


def test_a_minus_is_money_out_of_an_account() -> None:
    assert ways(read("Date,Description,Amount GBP\n2026-04-25,A,-1.00\n2026-04-26,B,2.00\n")) == [
        ("out", "1.00"),
        ("in", "2.00"),
    ]


@pytest.mark.parametrize("text", ["(1.00)", "1.00-", "-1.00", "−1.00", "1.00 DR"])
def test_every_way_of_writing_a_minus(text: str) -> None:
    assert ways(read(f"Date,Description,Amount GBP\n2026-04-25,A,{text}\n2026-04-26,B,+2.00\n"))[0] == (
        "out",
        "1.00",
    )


def test_a_side_column_decides_in_either_language() -> None:
    assert ways(read("日期,摘要,借贷标志,金额\n20260401,A,借,1.00\n20260402,B,贷,2.00\n")) == [
        ("out", "1.00"),
        ("in", "2.00"),
    ]
    assert ways(read("Date,Type,Amount GBP\n2026-04-01,DEBIT,1.00\n2026-04-02,CREDIT,2.00\n")) == [
        ("out", "1.00"),
        ("in", "2.00"),
    ]


def test_the_running_balance_proves_the_sign_of_unsigned_amounts() -> None:
    table = "Date,Description,Amount GBP,Balance\n{}\n"
    rows = ["2026-04-01,A,10.00,110.00", "2026-04-02,B,30.00,80.00", "2026-04-03,C,5.00,85.00"]
    assert ways(read(table.format("\n".join(rows)))) == [("out", "30.00"), ("in", "5.00")]
    assert ways(read(table.format("\n".join(reversed(rows))))) == [("in", "5.00"), ("out", "30.00")]


def test_the_running_balance_can_turn_a_reversed_sign_around() -> None:
    reading = read(
        "Date,Description,Amount GBP,Balance\n2026-04-01,A,-5.00,100.00\n2026-04-02,B,30.00,70.00\n"
        "2026-04-03,C,-5.00,75.00\n"
    )
    assert ways(reading) == [("in", "5.00"), ("out", "30.00"), ("in", "5.00")]


def test_on_a_card_statement_a_repayment_with_a_minus_proves_that_plus_was_spent() -> None:
    reading = read(
        "交易日期,入账日期,交易摘要,交易金额,入账金额\n2026-01-05,2026-01-06,消费 甲店,15.90,15.90\n"
        "2026-01-06,2026-01-06,还款,-100.00,-100.00\n"
    )
    assert ways(reading) == [("out", "15.90"), ("in", "100.00")]
    assert {t.method for t in reading.transfers} == {Method.CARD}
    assert "sign_convention_assumed" not in codes(reading)


def test_a_card_list_without_any_sign_is_assumed_spent_and_says_so() -> None:
    reading = read("Card No.,Date,Merchant Name,Amount USD\n**** 1234,2026-04-25,Shop,36.33\n")
    assert ways(reading) == [("out", "36.33")]
    assert codes(reading) == ["sign_convention_assumed"]


def test_amounts_without_any_evidence_of_their_direction_are_not_guessed() -> None:
    reading = read("Date,Description,Amount GBP\n2026-04-25,Abc,36.33\n2026-04-26,Def,1.00\n")
    assert reading.transfers == ()
    assert [(p.code, p.locator.row) for p in reading.problems] == [
        ("direction_unclear", 2),
        ("direction_unclear", 3),
    ]
    assert "2026-04-25,Abc,36.33" in [piece.text for piece in reading.texts]


def test_a_minus_in_the_debit_column_is_a_custom_or_a_reversal() -> None:
    table = "Date,Description,Debit,Credit,Currency\n{}\n"
    custom = read(table.format("2026-04-25,A,-1.00,,GBP\n2026-04-26,B,-2.00,,GBP"))
    assert ways(custom) == [("out", "1.00"), ("out", "2.00")]
    reversal = read(table.format("2026-04-25,A,1.00,,GBP\n2026-04-26,B,-2.00,,GBP"))
    assert ways(reversal) == [("out", "1.00"), ("in", "2.00")]


def test_a_row_with_both_a_debit_and_a_credit_is_not_understood_as_one_movement() -> None:
    reading = read("Date,Description,Debit,Credit,Currency\n2026-04-25,A,1.00,2.00,GBP\n")
    assert reading.transfers == ()
    assert codes(reading) == ["direction_unclear"]


# --- amounts and currency ---


def test_decimal_commas_are_proven_by_the_figures() -> None:
    reading = read(
        "Datum;Betrag;Währung;Verwendungszweck\n10.10.2026;-1.234,56;EUR;A\n11.10.2026;-2.000;EUR;B\n"
    )
    assert [t.amount.value for t in reading.transfers] == [Decimal("1234.56"), Decimal("2000")]


def test_a_mark_before_three_digits_alone_groups_thousands() -> None:
    reading = read('Date,Description,Amount GBP\n2026-04-25,A,"-1,234"\n')
    assert [t.amount.value for t in reading.transfers] == [1234]


def test_figures_that_prove_both_marks_leave_the_doubtful_ones_out() -> None:
    reading = read(
        "Date;Description;Amount GBP\n2026-04-25;A;-1,50\n2026-04-26;B;-2.50\n2026-04-27;C;-1,234\n"
    )
    assert [t.amount.value for t in reading.transfers] == [Decimal("1.50"), Decimal("2.50")]
    assert codes(reading) == ["amount_unclear"]


@pytest.mark.parametrize(
    ("table", "currency", "problem"),
    [
        ("Date,Description,Amount,Currency\n2026-04-25,A,-1.00,chf\n", "CHF", None),
        ("Date,Description,Amount (EUR)\n2026-04-25,A,-1.00\n", "EUR", None),
        ("Date,Description,Amount\n2026-04-25,A,-£1.00\n", "GBP", None),
        ("Currency: SEK\nDate,Description,Amount\n2026-04-25,A,-1.00\n", "SEK", None),
        ("日期,摘要,金额\n20260401,A,-1.00\n", "CNY", Severity.NOTE),
        ("Date,Description,Amount\n2026-04-25,A,-$1.00\n", "USD", Severity.WARNING),
        ("Date,Description,Amount\n04/25/2026,A,-1.00\n", "USD", Severity.WARNING),
        ("Date,Description,Amount\n2026-04-25,A,-1.00\n", "GBP", Severity.WARNING),
    ],
)
def test_the_currency_is_stated_or_assumed_with_a_problem(
    table: str, currency: str, problem: Severity | None
) -> None:
    reading = read(table)
    assert [t.amount.currency for t in reading.transfers] == [currency]
    assert [p.severity for p in reading.problems if p.code == "currency_unclear"] == (
        [problem] if problem else []
    )


def test_no_currency_and_no_place_means_no_amount() -> None:
    reading = read("Date,Description,Amount\n2026-04-25,A,-1.00\n", zone="Antarctica/Troll")
    assert reading.transfers == ()
    assert set(codes(reading)) == {"currency_unclear"}


def test_what_was_booked_counts_and_not_what_was_traded_abroad() -> None:
    reading = read(
        "交易日期,记账日期,交易说明,交易币种/金额,入账币种/金额\n"
        "2026-01-18,2026-01-19,消费 Train,JPY 1000.00,CNY 49.85\n"
    )
    assert [(t.amount.text, t.amount.currency) for t in reading.transfers] == [("49.85", "CNY")]


# --- rows that are no transfers ---


def test_every_row_is_a_transfer_or_known_furniture_or_a_problem() -> None:
    reading = read(
        "Date,Description,Amount GBP\n2026-04-25,A,-1.00\nDate,Description,Amount GBP\n,half a row,\n"
        "2026-04-26,zero,0.00\n2026-04-26,no sum,\n2026-04-27,BALANCE BROUGHT FORWARD,12.00\nTotal,,-1.00\n"
    )
    assert ways(reading) == [("out", "1.00")]
    assert [(p.code, p.locator.row) for p in reading.problems] == [
        ("row_not_understood", 6),
        ("balance_row", 7),
        ("zero_amount", 5),
    ]


def test_a_break_in_the_running_balance_is_reported_once() -> None:
    reading = read(
        "Date,Description,Amount GBP,Balance\n2026-04-01,A,-1.00,99.00\n2026-04-02,B,-1.00,98.00\n"
        "2026-04-05,C,-1.00,90.00\n2026-04-06,D,-1.00,89.00\n"
    )
    assert [(p.code, p.locator.row, p.detail) for p in reading.problems] == [
        ("balance_disagrees", 4, "1 of 3")
    ]


def test_a_stated_count_that_disagrees_is_reported() -> None:
    reading = read("共3笔\n日期,摘要,金额\n20260401,A,-1.00\n")
    assert [p.detail for p in reading.problems if p.code == "totals_disagree"] == ["共: stated 3, found 1"]


def test_a_refunded_purchase_that_a_wallet_calls_neutral_is_a_payment_and_its_refund() -> None:
    reading = read(
        "交易时间,商户名称,交易说明,金额,收/付款方式,交易状态,收/支\n"
        "2026-04-02 10:00:00,样例商城,退款-羽绒服 XL,468.32,示例银行信用卡(0001),退款成功,不计收支\n"
        "2026-04-01 10:00:00,样例商城,羽绒服 XL,468.32,示例银行信用卡(0001),交易成功,不计收支\n"
        "2026-04-01 09:00:00,样例商城,小金库转入,99.00,余额,交易成功,不计收支\n"
    )
    assert [(t.direction, t.status) for t in reading.transfers] == [
        (Direction.IN, TransferStatus.RETURNED),
        (Direction.OUT, TransferStatus.COMPLETED),
    ]
    assert [(p.code, p.locator.row) for p in reading.problems if p.code != "currency_unclear"] == [
        ("neutral_movement", 4)
    ]


def test_payer_and_payee_columns_put_each_side_where_it_belongs() -> None:
    reading = read(
        "交易时间,付款人名称,付款人账号,收款人名称,收款人账号,币种,交易金额,借贷标志\n"
        "2026/03/01 10:20:30,王小样,6222000000000000,赵样例,6217000000000001,人民币,5.00,借\n"
        "2026/03/02 10:20:30,钱样例,6217000000000002,王小样,6222000000000000,人民币,3.00,贷\n"
    )
    assert [(t.payer.name, t.payee.name) for t in reading.transfers] == [
        ("王小样", "赵样例"),
        ("钱样例", "王小样"),
    ]
    assert [t.other.number for t in reading.transfers] == ["6217000000000001", "6217000000000002"]


def test_a_name_with_its_account_number_behind_it_is_taken_apart() -> None:
    reading = read("日期,摘要,金额,对手信息\n20260401,转账,-1.00,张样例 6222000000000000\n")
    payee = reading.transfers[0].payee
    assert (payee.name, payee.number, payee.kind) == ("张样例", "6222000000000000", AccountKind.BANK)


# --- headings ---


def test_bare_rows_are_read_when_only_one_way_fits() -> None:
    reading = read("13/02/2026,RENT,-250.00\n14/02/2026,SHOP,-5.00\n15/02/2026,PAY,1000.00\n")
    assert ways(reading) == [("out", "250.00"), ("out", "5.00"), ("in", "1000.00")]
    assert codes(reading) == ["headings_inferred", "currency_unclear"]


def test_two_columns_of_figures_without_headings_need_a_balance_that_runs() -> None:
    running = read("2026-02-13,A,-1.00,99.00\n2026-02-14,B,-2.00,97.00\n2026-02-15,C,3.00,100.00\n")
    assert ways(running) == [("out", "1.00"), ("out", "2.00"), ("in", "3.00")]
    unrelated = read("2026-02-13,A,-1.00,5.00\n2026-02-14,B,-2.00,7.00\n2026-02-15,C,3.00,8.00\n")
    assert unrelated.transfers == ()
    assert set(codes(unrelated)) == {"table_not_understood"}


@pytest.mark.parametrize(
    ("text", "sure"),
    [
        ("Date,Description,Amount\n2026-04-25,A,-1.00\n", Sureness.LIKELY),
        ("日期,摘要,金额\n20260401,A,-1.00\n", Sureness.LIKELY),
        ("name,colour,size\na,b,c\n", Sureness.NO),
        ("Dear Sir, on Monday, I paid\n", Sureness.NO),
        ("", Sureness.NO),
    ],
)
def test_a_table_is_likely_a_statement_when_it_has_days_and_sums(text: str, sure: Sureness) -> None:
    data = text.encode()
    assert BankTable().identify(Peek("x.csv", len(data), "text/csv", data)) is sure


def test_a_table_of_something_else_is_an_error_and_keeps_its_text() -> None:
    reading = read("name,colour,size\na,b,c\n")
    assert ("table_not_understood", Severity.ERROR) in [(p.code, p.severity) for p in reading.problems]
    assert [piece.text for piece in reading.texts] == ["name,colour,size", "a,b,c"]
    assert not reading.complete


def test_a_page_exported_as_a_spreadsheet_is_a_statement() -> None:
    page = (
        "<html><body><table><tr><td>日期</td><td>摘要</td><td>金额</td></tr>"
        "<tr><td>20260401</td><td>转账</td><td>-1.00</td></tr></table></body></html>"
    ).encode()
    assert BankTable().identify(Peek("明细.xls", len(page), "", page)) is Sureness.LIKELY
    assert BankTable().identify(Peek("page.html", len(page), "", page)) is Sureness.NO
    assert ways(read(page, "明细.xls")) == [("out", "1.00")]


def test_a_sheet_that_names_the_account_serves_the_sheet_with_the_rows(
    workbook: Callable[..., bytes],
) -> None:
    reading = read(
        workbook(
            [["户名：王小样", "账号：6222000000000000"]],
            [["日期", "摘要", "金额"], ["20260401", "转账", -1.0]],
        )
    )
    assert [(t.payer.name, t.payer.number) for t in reading.transfers] == [("王小样", "6222000000000000")]
    assert reading.complete


def test_a_date_in_the_preamble_proves_the_order_for_the_rows() -> None:
    reading = read(
        "Ending balance as of 01/31/2026,,1.00\nDate,Description,Amount\n"
        "01/05/2026,A,-1.00\n01/06/2026,B,-2.00\n"
    )
    assert days(reading) == ["2026-01-05", "2026-01-06"]
    assert {t.amount.currency for t in reading.transfers} == {"USD"}
    assert "date_order_unclear" not in codes(reading)


def test_an_empty_merchant_column_leaves_the_payee_column_to_speak() -> None:
    reading = read(
        "Date,Amount,Currency,Merchant,Payer Name,Payee Name,Running Balance\n"
        "2026-02-13,-5.00,EUR,,,J Sample,10.00\n2026-02-14,-1.00,EUR,Shop,,,9.00\n"
    )
    assert [t.payee.name for t in reading.transfers] == ["J Sample", "Shop"]


def test_an_iban_beside_payer_and_payee_is_the_far_sides() -> None:
    reading = read(
        "Buchungsdatum;Zahlungspflichtige*r;Zahlungsempfänger*in;Verwendungszweck;IBAN;Betrag (€)\n"
        "31.03.26;A Beispiel;B Muster;Miete;DE00600000000000000000;-1.250\n"
    )
    (transfer,) = reading.transfers
    assert (transfer.payee.name, transfer.payee.number) == ("B Muster", "DE00600000000000000000")
    assert transfer.payer.number is None


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (
            "Txn Date,Value Date,Narration,Ref No./Cheque No.,Debit,Credit,Balance (INR)",
            "05 Jan 2026,,UPI,1,5.00,,9.00",
        ),
        (
            "Date,Narration,Chq./Ref.No.,Value Dt,Withdrawal Amt. (INR),Deposit Amt.,Closing Balance",
            "05/01/26,a,1,,5.00,,9",
        ),
        ("Tran Date,PARTICULARS,DR (INR),CR,BAL", "05-01-2026,a,5.00,,9.00"),
        (
            "交易发生日期,借方发生额(支取),贷方发生额(收入),账户可用余额,对方账户户名,交易摘要信息",
            "20260105,5.00,,9.00,赵样例,转账",
        ),
    ],
)
def test_headings_that_are_not_listed_are_known_by_their_parts(heading: str, row: str) -> None:
    reading = read(f"{heading}\n{row}\n")
    assert ways(reading) == [("out", "5.00")]
    assert days(reading) == ["2026-01-05"]


def test_an_account_column_that_some_rows_leave_empty_beside_payees_is_the_payees() -> None:
    head = "Date,Description,Amount,Currency,Payee,Account number\n"
    gaps = read(
        head + "18/10/2026,Payment,-5.00,GBP,North Desk,12345678\n17/10/2026,Card,-1.00,GBP,Bakery,\n"
    )
    assert [(t.payer.number, t.payee.number) for t in gaps.transfers] == [(None, "12345678"), (None, None)]
    full = read(
        head + "18/10/2026,Payment,-5.00,GBP,North Desk,12345678\n17/10/2026,Card,-1.00,GBP,Bakery,12345678\n"
    )
    assert {(t.payer.number, t.payee.number) for t in full.transfers} == {("12345678", None)}
