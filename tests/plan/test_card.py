from datetime import UTC, datetime

from builders import account, moment, source, transfer
from clawback.model.card import TEN_FACTS, Chance
from clawback.model.events import Direction, Statement, Transfer, TransferStatus
from clawback.model.ledger import LedgerEntry, Scope
from clawback.plan.card import Call, make_card

NOW = datetime(2026, 9, 11, 2, 0, tzinfo=UTC)  # 10:00 in Beijing
CALL = Call(None, "我被骗了，请帮我做紧急止付。", "I have been scammed. Please stop this payment.")


def entry(one: Transfer, scope: Scope = Scope.IN) -> LedgerEntry:
    return LedgerEntry(one, (one.id,), (), scope, ())


def card(*entries: LedgerEntry, answers: dict[str, Statement] | None = None):  # type: ignore[no-untyped-def]
    return make_card(entries, answers or {}, lambda _: CALL, ("热线", "helpline"), NOW)


def test_the_transfer_that_can_best_be_stopped_comes_first() -> None:
    old = entry(transfer(when="2026-09-01T10:00", row=1))
    days = entry(transfer(when="2026-09-09T10:00", row=2))
    fresh = entry(transfer(when="2026-09-11T09:00", row=3))
    waiting = entry(transfer(when="2026-09-10T09:00", row=4, status=TransferStatus.PENDING))
    undated = entry(transfer(when=None, row=5))
    lines = card(old, days, fresh, waiting, undated).lines
    assert [line.chance for line in lines] == [
        Chance.PENDING,
        Chance.FRESH,
        Chance.DAYS,
        Chance.UNKNOWN,
        Chance.LATE,
    ]


def test_only_money_that_left_and_belongs_to_the_case_is_on_the_card() -> None:
    lines = card(
        entry(transfer(row=1), Scope.OUT),
        entry(transfer(row=2), Scope.UNSURE),
        entry(transfer(row=3, direction=Direction.IN)),
        entry(transfer(row=4, status=TransferStatus.FAILED)),
    ).lines
    assert lines == ()


def test_a_missing_fact_stays_missing_and_drops_out_of_the_sentence() -> None:
    (line,) = card(entry(transfer("12000", "2026-09-10T21:05", account("刘测试"), reference="SN0001"))).lines
    assert tuple(fact.key for fact in line.facts) == TEN_FACTS
    assert set(line.missing) == {
        "payer_name",
        "paying_institution",
        "paying_account",
        "payee_account",
        "payee_institution",
    }
    assert line.say_zh == (
        "我被骗了，请帮我做紧急止付。2026年9月10日 21:05（北京时间），我转出 12,000.00元，"
        "收款方是“刘测试”，方式是银行转账，单号 SN0001。"
    )
    assert line.say_en == (
        "I have been scammed. Please stop this payment. On 10 September 2026, 21:05 (UTC+08:00), "
        'I sent CNY 12,000.00 to "刘测试", by bank transfer, reference SN0001.'
    )


def test_the_users_own_name_comes_from_their_statement_with_its_source() -> None:
    said = Statement("user.name", "王示例", moment("2026-09-11T09:30"), (source(9),))
    (line,) = card(entry(transfer()), answers={"user.name": said}).lines
    assert line.facts[0].text == "王示例"
    assert line.facts[0].sources[0].exhibit == 9
