import csv
import io
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

from clawback.model.events import AccountKind, Direction, Method, Transfer, TransferStatus
from clawback.model.evidence import Grade, Severity
from clawback.model.moments import ZoneBasis
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.wechat_bill import WechatBill

HERE = Path(__file__).parent
SAMPLE = (HERE / "sample.csv").read_bytes()
HEADING = "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单号,商户单号,备注"


def read(data: bytes) -> Reading:
    context = ReadingContext(3, "bill.csv", "Europe/London", date(2026, 11, 1), lambda *_: None)
    return WechatBill().read(io.BytesIO(data), context)


def bill(*rows: str) -> Reading:
    return read("\n".join(("微信支付账单明细,", HEADING, *rows)).encode())


def spelled(transfer: Transfer) -> dict[str, object]:
    assert transfer.moment is not None
    assert transfer.moment.zone_basis is ZoneBasis.FORMAT
    assert transfer.method is Method.WECHAT_PAY
    return {
        "row": transfer.sources[0].locator.row,
        "direction": transfer.direction,
        "value": str(transfer.amount.value),
        "at": transfer.moment.instant.isoformat(),
        "status": transfer.status,
        "payer": [transfer.payer.name, transfer.payer.institution, transfer.payer.number],
        "payee": [transfer.payee.name, transfer.payee.institution, transfer.payee.number],
        "reference": transfer.reference,
        "merchant_reference": transfer.merchant_reference,
        "note": transfer.note,
    }


def test_the_sample_reads_as_written_down_by_hand() -> None:
    expected = json.loads((HERE / "sample.expected.json").read_text(encoding="utf-8"))
    reading = read(SAMPLE)
    assert [spelled(t) for t in reading.transfers] == expected["transfers"]
    assert [[p.code, p.locator.row] for p in reading.problems] == expected["problems"]
    assert expected["facts"].items() <= dict(reading.facts).items()
    assert (reading.grade, reading.complete) == (Grade.PLATFORM_EXPORT, True)


def test_the_same_table_as_a_workbook_reads_the_same(workbook: Callable[..., bytes]) -> None:
    rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(SAMPLE.decode("utf-8-sig")))]
    data = workbook(rows)
    assert WechatBill().identify(Peek("x.xlsx", len(data), "", data[:65536])) is Sureness.CERTAIN
    again = read(data)
    assert [spelled(t) for t in again.transfers] == [spelled(t) for t in read(SAMPLE).transfers]
    assert [p.code for p in again.problems] == [p.code for p in read(SAMPLE).problems]


def test_a_bill_is_recognised_for_certain() -> None:
    assert WechatBill().identify(Peek("x.csv", len(SAMPLE), "text/csv", SAMPLE)) is Sureness.CERTAIN


def test_neutral_rows_are_notes_and_stay_readable() -> None:
    reading = read(SAMPLE)
    notes = [p for p in reading.problems if p.code == "neutral_movement"]
    assert [(p.locator.row, p.severity) for p in notes] == [(23, Severity.NOTE), (24, Severity.NOTE)]
    assert any("服务费¥0.10" in piece.text for piece in reading.texts)


def test_a_fee_in_the_remark_is_a_fee_and_not_part_of_the_amount() -> None:
    (transfer,) = bill(
        "2026-02-18 16:29:37,转账,李样例,/,支出,¥100.10,零钱,支付成功,1,/,服务费¥0.10"
    ).transfers
    assert (transfer.amount.text, transfer.fee and transfer.fee.text) == ("100.10", "0.10")


def test_a_full_refund_without_its_row_is_reported() -> None:
    reading = bill("2026-02-18 16:29:37,商户消费,样例店,货,支出,¥100.10,零钱,已全额退款,1,M1,/")
    assert [t.status for t in reading.transfers] == [TransferStatus.COMPLETED]
    assert [(p.code, p.detail) for p in reading.problems] == [("refund_row_missing", "100.10")]


def test_stated_totals_are_checked() -> None:
    changed = SAMPLE.replace("支出：3笔 5138.00元".encode(), "支出：4笔 5138.00元".encode())
    details = [p.detail for p in read(changed).problems if p.code == "totals_disagree"]
    assert details == ["支出: stated 4 / 5138.00, found 3 / 5138.00"]


def test_a_payment_to_a_bank_card_does_not_claim_a_wechat_account() -> None:
    (transfer,) = bill(
        "2026-02-18 16:29:37,转账到银行卡-李样例,李样例,/,支出,¥9.00,零钱,支付成功,1,/,/"
    ).transfers
    assert (transfer.payee.institution, transfer.payee.kind) == (None, AccountKind.UNKNOWN)


def test_an_unknown_side_is_unclear_and_never_guessed() -> None:
    reading = bill("2026-02-18 16:29:37,转账,李样例,/,???,¥9.00,零钱,支付成功,1,/,/")
    assert reading.transfers == ()
    assert [(p.code, p.locator.row) for p in reading.problems] == [("direction_unclear", 3)]


def test_a_sum_that_is_no_figure_is_not_understood() -> None:
    reading = bill("2026-02-18 16:29:37,转账,李样例,/,支出,¥九元,零钱,支付成功,1,/,/")
    assert [p.code for p in reading.problems] == ["row_not_understood"]


def test_a_row_whose_time_is_unreadable_keeps_its_money() -> None:
    reading = bill("昨天,转账,李样例,/,支出,¥9.00,零钱,支付成功,1,/,/")
    assert [(t.moment, t.direction) for t in reading.transfers] == [(None, Direction.OUT)]
    assert [p.code for p in reading.problems] == ["time_not_understood"]


def test_a_red_packet_paid_from_two_pockets_names_the_card_and_the_person() -> None:
    (transfer,) = bill(
        "2026-02-26 20:03:00,微信红包（单发）,发给李样例,/,支出,¥20.00,零钱&招商银行(0036),支付成功,5,6,/"
    ).transfers
    assert (transfer.payer.institution, transfer.payer.number) == ("招商银行", "0036")
    assert transfer.payee.name == "李样例"
