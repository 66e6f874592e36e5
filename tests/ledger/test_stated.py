"""What the user states fills gaps, is theirs to correct, and never overwrites what evidence says."""

from dataclasses import replace
from decimal import Decimal

from builders import account, moment, transfer
from clawback.ledger.losses import add_up
from clawback.ledger.merging import Merged, merge
from clawback.ledger.scope import find_ties, propose
from clawback.ledger.stated import complete, corrected
from clawback.model.events import Account, Method, Statement, Transfer, TransferStatus
from clawback.model.evidence import Grade, Locator, Source
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.money import Amount

BILL, SAID, LATER, SHOT = 1, 5, 6, 7
GRADES = {
    BILL: Grade.PLATFORM_EXPORT,
    SAID: Grade.STATEMENT,
    LATER: Grade.STATEMENT,
    SHOT: Grade.SCREENSHOT,
}
ZONE = "Asia/Shanghai"


def said(fact: str, value: str, subject: str = "p1", exhibit: int = SAID, item: int = 1) -> Statement:
    place = Source(exhibit, Locator(item=str(item)), value, "statement", "2")
    day = "2026-09-11T09:30" if exhibit == SAID else "2026-09-12T09:30"
    return Statement(f"payment.{fact}", value, moment(day), (place,), subject)


def typed(
    amount: str = "3000.00", when: str | None = "2026-09-10T21:00", payee: Account | None = None
) -> Transfer:
    one = transfer(amount, when, payee, SAID, status=TransferStatus.UNKNOWN)
    return replace(one, sources=said("amount", f"{amount} CNY").sources)


def put_together(
    *sightings: Transfer,
    statements: tuple[Statement, ...] = (),
    chosen: dict[tuple[str, str], str] | None = None,
) -> tuple[Merged, ...]:
    merged, _ = merge(corrected(sightings, statements, ZONE), GRADES)
    return complete(merged, statements, chosen or {}, ZONE)


def entries(*merged: Merged) -> tuple[LedgerEntry, ...]:
    return propose(merged, find_ties((), (), GRADES, (), (), ()), GRADES, {})


def test_a_payment_that_the_user_typed_belongs_to_the_case_because_they_said_so() -> None:
    (entry,) = entries(*put_together(typed(), statements=(said("amount", "3000.00 CNY"),)))
    assert entry.scope is Scope.IN
    assert [reason.code for reason in entry.scope_reasons] == ["stated_by_user"]
    assert add_up((entry,))[0].lost.text == "3000.00"


def test_a_bill_row_that_comes_later_joins_it_and_counts_once() -> None:
    row = transfer("3000", "2026-09-10T21:05:12", account("刘测试"), BILL, reference="2026091022001111")
    lunch = transfer("23.50", "2026-09-10T12:10", account("某某面馆"), BILL, row=2)
    merged = put_together(typed(), row, lunch, statements=(said("amount", "3000.00 CNY"),))
    found = {entry.id: entry for entry in entries(*merged)}
    assert len(found) == 2
    assert found[row.id].scope is Scope.IN
    assert found[row.id].members == (row.id, "T5.i1")
    assert found[row.id].transfer.reference == "2026091022001111"
    assert found[lunch.id].scope is not Scope.IN
    assert [reason.code for reason in found[row.id].merge_reasons] == ["stated_about_then"]


def test_without_a_time_the_payee_decides_and_without_a_payee_it_is_asked() -> None:
    row = transfer("3000", "2026-09-10T21:05:12", account("刘测试"), BILL)
    known, unknown = typed(when=None, payee=account("刘测试")), typed(when=None)
    assert len(put_together(known, row)) == 1
    merged, asked = merge([unknown, row], GRADES)
    assert len(merged) == 2
    assert [match.reason.code for match in asked] == ["same_amount_no_time"]


def test_two_equal_payments_typed_in_one_go_are_two() -> None:
    second = replace(typed(), sources=said("amount", "3000.00 CNY", "p2", item=2).sources)
    merged, asked = merge([typed(), second], GRADES)
    assert len(merged) == 2
    assert asked == ()


def test_a_stated_fact_fills_a_gap_with_the_statement_as_its_source() -> None:
    row = transfer("3000", payee=account("刘测试"), exhibit=BILL)
    (one,) = put_together(row, statements=(said("payee_account", "6222000000000001", row.id),))
    assert one.transfer.payee.number == "6222000000000001"
    assert [source.exhibit for source in one.transfer.sources] == [BILL, SAID]
    assert one.conflicts == ()
    assert one.transfer.id == row.id


def test_a_stated_fact_never_overwrites_evidence_and_is_shown_as_a_conflict() -> None:
    row = transfer("3000", payee=account("刘测试", institution="工商银行"), exhibit=BILL)
    (one,) = put_together(row, statements=(said("payee_institution", "农业银行", row.id),))
    assert one.transfer.payee.institution == "工商银行"
    (conflict,) = one.conflicts
    assert conflict.fact == "payee_institution"
    assert [claim.text for claim in conflict.claims] == ["工商银行", "农业银行"]
    assert [claim.sources[0].exhibit for claim in conflict.claims] == [BILL, SAID]
    assert not conflict.settled


def test_the_person_chooses_between_claims_and_may_stay_unsure() -> None:
    row = transfer("3000", payee=account("刘测试", institution="工商银行"), exhibit=BILL)
    stated = (said("payee_institution", "农业银行", row.id),)
    (one,) = put_together(row, statements=stated, chosen={(row.id, "payee_institution"): "农业银行"})
    assert one.transfer.payee.institution == "农业银行"
    assert one.conflicts[0].settled
    assert SAID in [source.exhibit for source in one.transfer.sources]
    (unsure,) = put_together(row, statements=stated, chosen={(row.id, "payee_institution"): ""})
    assert unsure.transfer.payee.institution == "工商银行"
    assert not unsure.conflicts[0].settled


def test_an_open_spelling_fills_what_a_mask_hides_and_a_short_bank_name_is_no_conflict() -> None:
    row = transfer("3000", payee=account("刘*试", "6222********0001", "中国工商银行北京分行"), exhibit=BILL)
    stated = (
        said("payee_name", "刘测试", row.id),
        said("payee_account", "6222000000000001", row.id, item=2),
        said("payee_institution", "工行", row.id, item=3),
    )
    (one,) = put_together(row, statements=stated)
    assert (one.transfer.payee.name, one.transfer.payee.number) == ("刘测试", "6222000000000001")
    assert one.transfer.payee.institution == "中国工商银行北京分行"
    assert one.conflicts == ()


def test_a_stated_minute_sharpens_a_day_and_another_day_conflicts() -> None:
    row = transfer("3000", "2026-09-10", exhibit=BILL)
    (sharper,) = put_together(row, statements=(said("moment", "2026-09-10T14:32+08:00", row.id),))
    assert sharper.transfer.moment is not None
    assert sharper.transfer.moment.instant.isoformat() == "2026-09-10T14:32:00+08:00"
    (other,) = put_together(row, statements=(said("moment", "2026-09-12T14:32+08:00", row.id),))
    assert other.transfer.moment == row.moment
    assert [conflict.fact for conflict in other.conflicts] == ["moment"]


def test_a_typed_sum_can_be_corrected_and_then_finds_its_row() -> None:
    row = transfer("3000", "2026-09-10T21:05:12", exhibit=BILL)
    wrong = typed("300.00")
    stated = (said("amount", "300.00 CNY"), said("amount", "3000.00 CNY", exhibit=LATER))
    (one,) = put_together(wrong, row, statements=stated)
    assert one.transfer.amount == Amount(Decimal("3000"), "CNY")
    assert "T5.i1" in one.members


def test_a_typed_payment_stated_again_is_the_same_payment() -> None:
    again = replace(typed("500.00"), sources=said("amount", "500.00 CNY", exhibit=LATER).sources)
    stated = (said("amount", "300.00 CNY"), said("amount", "500.00 CNY", exhibit=LATER))
    (one,) = put_together(typed("300.00"), again, statements=stated)
    assert (one.members, one.transfer.amount.text) == (("T5.i1",), "500.00")


def test_a_typed_fact_that_is_emptied_is_missing_again() -> None:
    one = replace(typed(payee=account("刘测试")), sources=said("amount", "3000.00 CNY").sources)
    stated = (
        said("amount", "3000.00 CNY"),
        said("payee_name", "刘测试", item=2),
        said("payee_name", "", exhibit=LATER),
    )
    (found,) = put_together(one, statements=stated)
    assert found.transfer.payee.name is None


def test_another_sum_for_a_known_payment_is_shown_and_changes_nothing() -> None:
    row = transfer("3000", exhibit=BILL)
    chosen = {(row.id, "amount"): "9000.00 CNY"}
    (one,) = put_together(row, statements=(said("amount", "9000.00 CNY", row.id),), chosen=chosen)
    assert one.transfer.amount.text == "3000.00"
    assert [claim.text for claim in one.conflicts[0].claims] == ["3000.00 CNY", "9000.00 CNY"]


def test_two_records_of_one_payment_that_name_different_banks_conflict() -> None:
    payee = account("刘测试", "6222000000000001", "工商银行")
    bill = transfer("3000", "2026-09-10T21:05", payee, BILL)
    shot = transfer("3000", "2026-09-10T21:05", replace(payee, institution="农业银行"), SHOT)
    (one,) = put_together(bill, shot)
    assert [claim.text for claim in one.conflicts[0].claims] == ["工商银行", "农业银行"]
    assert one.transfer.payee.institution == "工商银行"


def test_a_payment_company_and_a_shops_two_names_are_no_conflict() -> None:
    company = account("支付宝（中国）网络技术有限公司")
    when, number = "2026-09-10T21:05", "SN00000001"
    bank = transfer("3000", when, company, BILL, reference=number)
    shop = transfer("3000", when, account("样本优选数码店"), SHOT, method=Method.ALIPAY, reference=number)
    firm = transfer("3000", when, account("样本贸易有限公司"), 8, method=Method.ALIPAY, reference=number)
    (one,) = put_together(bank, shop, firm)
    assert one.transfer.payee.name == "样本优选数码店"
    assert one.conflicts == ()


def test_a_fact_that_was_misread_is_a_claim_beside_what_was_read() -> None:
    row = transfer("3000", payee=account("刘测试", "6222000000000001"), exhibit=BILL)
    word = replace(
        said("payee_account", "6222000000000007"), question="correction", subject=f"{row.id}/payee_number"
    )
    (one,) = put_together(row, statements=(word,))
    assert one.transfer.payee.number == "6222000000000001"
    assert [claim.text for claim in one.conflicts[0].claims] == ["6222000000000001", "6222000000000007"]
    (right,) = put_together(row, statements=(word,), chosen={(row.id, "payee_account"): "6222000000000007"})
    assert right.transfer.payee.number == "6222000000000007"


def test_a_word_about_another_record_touches_nothing() -> None:
    row = transfer("3000", exhibit=BILL)
    (one,) = put_together(row, statements=(said("payee_name", "某人", "T9.r9"),))
    assert one.transfer == row
