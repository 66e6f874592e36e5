from builders import account, transfer
from clawback.ledger.merging import Merged, Ruling, merge
from clawback.model.events import Direction, Method
from clawback.model.evidence import Grade
from clawback.model.moments import Precision

BILL, BANK, CHAT, SHOT = 1, 2, 3, 4
GRADES = {
    BILL: Grade.PLATFORM_EXPORT,
    BANK: Grade.PLATFORM_EXPORT,
    CHAT: Grade.CHAT_EXPORT,
    SHOT: Grade.SCREENSHOT,
}


def members(merged: tuple[Merged, ...]) -> list[set[str]]:
    return [set(one.members) for one in merged]


def test_a_bill_row_a_chat_claim_and_a_receipt_are_one_transfer_with_three_sources() -> None:
    bill = transfer("3000", "2026-09-10T21:05:12", account("刘测试", "6222000000000001"), BILL)
    chat = transfer("3000", "2026-09-10T21:09", None, CHAT)
    shot = transfer("3000", "2026-09-10T21:05", account("刘*试"), SHOT)
    merged, maybe = merge([chat, shot, bill], GRADES)
    assert members(merged) == [{bill.id, chat.id, shot.id}]
    assert maybe == ()
    assert [source.exhibit for source in merged[0].transfer.sources] == [BILL, SHOT, CHAT]
    assert {reason.code for reason in merged[0].reasons} == {"same_amount_and_minute", "told_in_chat"}


def test_the_open_name_and_the_sharpest_time_are_kept() -> None:
    bill = transfer("3000", "2026-09-10T21:05:12", account("刘*试"), BILL)
    shot = transfer("3000", "2026-09-10T21:05", account("刘测试", "6222000000000001"), SHOT)
    (one,), _ = merge([shot, bill], GRADES)
    assert one.transfer.payee.name == "刘测试"
    assert one.transfer.payee.number == "6222000000000001"
    assert one.transfer.moment is not None
    assert one.transfer.moment.precision is Precision.SECOND


def test_two_rows_of_one_bill_stay_two_even_when_all_is_equal() -> None:
    first, second = transfer("500", row=1), transfer("500", row=2)
    merged, maybe = merge([first, second], GRADES)
    assert len(merged) == 2
    assert maybe == ()


def test_one_receipt_that_fits_two_rows_is_asked_about_and_not_merged() -> None:
    first, second = transfer("500", "2026-09-10T21:05", row=1), transfer("500", "2026-09-10T21:06", row=2)
    shot = transfer("500", "2026-09-10T21:05", None, SHOT)
    merged, maybe = merge([first, second, shot], GRADES)
    assert len(merged) == 3
    assert {match.reason.code for match in maybe} == {"several_candidates"}


def test_different_payee_accounts_are_never_one_transfer() -> None:
    first = transfer("500", payee=account("刘测试", "6222000000000001"), exhibit=BANK)
    second = transfer("500", payee=account("刘测试", "6222000000000002"), exhibit=SHOT)
    merged, maybe = merge([first, second], GRADES)
    assert len(merged) == 2
    assert maybe == ()


def test_the_same_order_number_merges_across_days() -> None:
    first = transfer("500", "2026-09-10", exhibit=BANK, reference="2026091022001111")
    second = transfer("500", "2026-09-12T08:00", exhibit=SHOT, reference="2026091022001111")
    merged, _ = merge([first, second], GRADES)
    assert members(merged) == [{first.id, second.id}]
    assert merged[0].reasons[0].code == "same_reference"


def test_money_out_and_its_refund_are_two_transfers() -> None:
    out = transfer("500", exhibit=BILL, reference="2026091022001111")
    back = transfer("500", exhibit=SHOT, reference="2026091022001111", direction=Direction.IN)
    assert len(merge([out, back], GRADES)[0]) == 2


def test_the_bank_row_behind_an_alipay_payment_is_the_same_money() -> None:
    paid = transfer("88.50", "2026-09-10T21:05:12", account("某某旗舰店"), BILL, method=Method.ALIPAY)
    bank = transfer("88.50", "2026-09-10T21:05:30", account("支付宝（中国）网络技术有限公司"), BANK)
    (one,), _ = merge([bank, paid], GRADES)
    assert one.transfer.payee.name == "某某旗舰店"
    assert one.transfer.method is Method.ALIPAY


def test_a_wechat_row_is_not_the_bank_row_of_an_alipay_payment() -> None:
    paid = transfer("88.50", "2026-09-10T21:05:12", account("某某旗舰店"), BILL, method=Method.WECHAT_PAY)
    bank = transfer("88.50", "2026-09-10T21:05:30", account("支付宝（中国）网络技术有限公司"), BANK)
    assert len(merge([bank, paid], GRADES)[0]) == 2


def test_same_day_and_amount_without_a_payee_is_only_a_question() -> None:
    day = transfer("500", "2026-09-10", account("刘测试"), BANK)
    shot = transfer("500", "2026-09-10T21:05", None, SHOT)
    merged, maybe = merge([day, shot], GRADES)
    assert len(merged) == 2
    assert [match.reason.code for match in maybe] == ["same_amount_and_day"]


def test_what_a_person_decided_goes_before_what_is_computed() -> None:
    bill = transfer("3000", "2026-09-10T21:05:12", exhibit=BILL)
    shot = transfer("3000", "2026-09-10T21:05", exhibit=SHOT)
    assert len(merge([bill, shot], GRADES, [Ruling(bill.id, shot.id, same=False)])[0]) == 2
    far = transfer("3000", "2026-09-12T09:00", exhibit=SHOT)
    merged, _ = merge([bill, far], GRADES, [Ruling(far.id, bill.id, same=True)])
    assert members(merged) == [{bill.id, far.id}]
    assert merged[0].reasons[0].code == "confirmed_by_user"


def test_every_sighting_is_in_exactly_one_transfer() -> None:
    sightings = [transfer("500", f"2026-09-10T21:{m:02}", exhibit=1 + m % 4, row=m) for m in range(40)]
    merged, _ = merge(sightings, GRADES)
    seen = [member for one in merged for member in one.members]
    assert sorted(seen) == sorted(sighting.id for sighting in sightings)
