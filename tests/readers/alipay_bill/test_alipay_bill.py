import io
import json
from datetime import date
from pathlib import Path

import pytest

from clawback.model.events import Account, Direction, Transfer, TransferStatus
from clawback.model.evidence import Grade, Severity
from clawback.model.moments import Precision, ZoneBasis
from clawback.readers.alipay_bill import AlipayBill
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness

HERE = Path(__file__).parent
NEW = (HERE / "sample_new.csv").read_bytes()
HEADING = (
    "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交易状态,交易订单号,商家订单号,备注,"
)
OLD_HEADING = (
    "交易号,商家订单号,交易创建时间,付款时间,最近修改时间,交易来源地,类型,交易对方,商品名称,金额（元）,收/支,交易状态,"
    "服务费（元）,成功退款（元）,备注,资金状态,"
)


def read(data: bytes) -> Reading:
    context = ReadingContext(7, "bill.csv", "Europe/London", date(2026, 11, 1), lambda *_: None)
    return AlipayBill().read(io.BytesIO(data), context)


def bill(*rows: str, heading: str = HEADING, before: str = "支付宝账户：lin@mail.example") -> Reading:
    return read("\n".join((before, heading, *rows)).encode("gb18030"))


def spelled(transfer: Transfer) -> dict[str, object]:
    def side(account: Account) -> dict[str, object]:
        return {k: getattr(account, k) for k in ("name", "institution", "number", "kind")}

    assert transfer.moment is not None
    return {
        "row": transfer.sources[0].locator.row,
        "direction": transfer.direction,
        "value": str(transfer.amount.value),
        "currency": transfer.amount.currency,
        "at": transfer.moment.instant.isoformat(),
        "status": transfer.status,
        "payer": side(transfer.payer),
        "payee": side(transfer.payee),
        "reference": transfer.reference,
        "merchant_reference": transfer.merchant_reference,
        "note": transfer.note,
    }


def test_the_current_layout_reads_as_written_down_by_hand() -> None:
    expected = json.loads((HERE / "sample_new.expected.json").read_text(encoding="utf-8"))
    reading = read(NEW)
    assert [spelled(t) for t in reading.transfers] == expected["transfers"]
    assert [{"code": p.code, "row": p.locator.row} for p in reading.problems] == expected["problems"]
    assert expected["facts"].items() <= dict(reading.facts).items()
    assert reading.grade is Grade.PLATFORM_EXPORT
    assert reading.complete


def test_the_same_bill_in_utf8_reads_the_same() -> None:
    again = read(NEW.decode("gb18030").encode("utf-8-sig"))
    assert [spelled(t) for t in again.transfers] == [spelled(t) for t in read(NEW).transfers]


def test_times_are_beijing_time_by_format_wherever_the_case_is() -> None:
    moment = read(NEW).transfers[0].moment
    assert moment is not None
    assert (moment.zone_basis, moment.precision) == (ZoneBasis.FORMAT, Precision.SECOND)


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-8-sig"])
def test_a_bill_is_recognised_for_certain(encoding: str) -> None:
    head = NEW.decode("gb18030").encode(encoding)
    assert AlipayBill().identify(Peek("x.csv", len(head), "text/csv", head)) is Sureness.CERTAIN


def test_the_row_stands_in_its_source_as_found() -> None:
    source = read(NEW).transfers[0].sources[0]
    assert source.text.startswith("2026-02-26 21:32:14 ,转账红包 ")
    assert (source.exhibit, source.reader, source.locator.row) == (7, "alipay_bill", 19)


def test_totals_that_disagree_are_reported_with_both_figures_and_not_repaired() -> None:
    changed = NEW.replace("13,348.50元".encode("gb18030"), "13,348.40元".encode("gb18030"))
    problem = next(p for p in read(changed).problems if p.code == "totals_disagree")
    assert "13348.40" in problem.detail
    assert "13348.50" in problem.detail
    assert problem.locator.row == 10
    assert len(read(changed).transfers) == 7


def test_a_row_cut_out_of_the_bill_makes_its_count_disagree() -> None:
    lines = NEW.splitlines(keepends=True)
    del lines[-1]
    details = [p.detail for p in read(b"".join(lines)).problems if p.code == "totals_disagree"]
    assert any("stated 8, found 7" in detail for detail in details)


def test_the_old_layout_is_read_with_fee_and_payment_time() -> None:
    reading = bill(
        "2019010122001,T0001,2019-01-01 10:00:00,2019-01-01 10:00:30,2019-01-09 10:00:00,其他,"
        "即时到账交易,示例商家,示例货物,88.00,支出,交易成功,0.10,0.00,,已支出,",
        heading=OLD_HEADING,
        before="支付宝交易记录明细查询\n账号:[lin@mail.example]",
    )
    (transfer,) = reading.transfers
    assert transfer.moment is not None
    assert transfer.moment.instant.isoformat() == "2019-01-01T10:00:30+08:00"
    assert (transfer.amount.text, transfer.fee and transfer.fee.text) == ("88.00", "0.10")
    assert transfer.payer.number == "lin@mail.example"


def test_a_refund_stated_on_the_payment_alone_is_a_problem_and_not_booked() -> None:
    reading = bill(
        "2019010122001,T0001,2019-01-01 10:00:00,2019-01-01 10:00:30,2019-01-09 10:00:00,淘宝,"
        "担保交易,示例商家,示例货物,88.00,支出,交易关闭,0.00,88.00,,已支出,",
        heading=OLD_HEADING,
    )
    assert [t.direction for t in reading.transfers] == [Direction.OUT]
    assert ("refund_row_missing", "88.00") in [(p.code, p.detail) for p in reading.problems]


def test_a_row_without_a_provable_direction_stays_text_with_a_problem() -> None:
    row = "2026-02-10 12:00:31,其他,某某,/,某事,不计收支,5.00,余额,交易成功,2026021000001,,,"
    reading = bill(row)
    assert reading.transfers == ()
    (problem,) = [p for p in reading.problems if p.code == "direction_unclear"]
    assert problem.locator.row == 3
    assert row in [piece.text for piece in reading.texts]


def test_the_phone_apps_column_order_is_read_by_its_headings() -> None:
    reading = bill(
        "支出,示例商家,sho***@shop.example,货物,余额,10.00,交易成功,日用百货,2026,M1,2026-02-10 12:00:31,",
        heading="收/支,交易对方,对方账号,商品说明,收/付款方式,金额,交易状态,交易分类,交易订单号,商家订单号,交易时间,",
    )
    assert [(t.amount.text, t.status) for t in reading.transfers] == [("10.00", TransferStatus.COMPLETED)]


def test_the_ledger_list_gives_direction_by_its_two_amount_columns() -> None:
    reading = bill(
        "1,2026021000002,,货物,2026-02-10 12:00:31,示例商家,,-10.00,90.00,支付宝,在线支付,,",
        "2,2026021000003,,退款,2026-02-11 12:00:31,示例商家,10.00,,100.00,支付宝,其它,,",
        heading="账务流水号,业务流水号,商户订单号,商品名称,发生时间,对方账号,收入金额（+元）,支出金额（-元）,账户余额（元）,"
        "交易渠道,业务类型,备注,",
        before="#支付宝账务明细查询\n#账号：[20880000000000000156]",
    )
    assert [(t.direction, t.amount.text) for t in reading.transfers] == [
        (Direction.OUT, "10.00"),
        (Direction.IN, "10.00"),
    ]


def test_a_file_without_the_heading_is_an_error_and_keeps_its_text() -> None:
    reading = read("支付宝\n没有表头\n".encode())
    assert [p.code for p in reading.problems] == ["table_not_understood"]
    assert reading.problems[0].severity is Severity.ERROR
    assert not reading.complete
    assert [piece.text for piece in reading.texts] == ["支付宝", "没有表头"]


def test_a_row_of_nothing_moves_nothing() -> None:
    reading = bill("2026-02-10 12:00:31,餐饮美食,某店,/,满减,支出,0.00,余额,交易成功,2026021000001,,,")
    assert reading.transfers == ()
    assert [p.code for p in reading.problems] == ["zero_amount"]


def test_a_thousand_problems_of_one_kind_are_listed_and_the_rest_counted() -> None:
    rows = [f"2026-02-10 12:00:31,其他,某某,/,某事,不计收支,5.00,余额,交易成功,{n},,," for n in range(1005)]
    problems = bill(*rows).problems
    assert len(problems) == 1001
    assert (problems[-1].code, problems[-1].detail) == ("more_problems", "direction_unclear +5")


def test_the_old_layouts_totals_count_by_what_became_of_the_money() -> None:
    reading = bill(
        "1,T1,2019-01-31 10:11:12,2019-01-31 10:11:20,,淘宝,担保,某店,货,88.00,支出,交易成功,0,0,,已支出,",
        "2,,2019-01-29 10:11:12,2019-01-29 10:11:20,,网站,提现,林,提现,500.00,,交易成功,0,0,,资金转移,",
        "3,T3,2019-01-28 10:11:12,,,淘宝,担保交易,某店,货,66.00,,交易关闭,0,0,,,",
        "共3笔记录",
        "已支出:1笔,88.00元",
        "待支出:0笔,0.00元",
        heading=OLD_HEADING,
    )
    assert [t.amount.text for t in reading.transfers] == ["88.00"]
    assert [p.code for p in reading.problems] == ["neutral_movement", "closed_unpaid"]
