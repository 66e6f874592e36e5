from decimal import Decimal

import pytest

from builders import account, message, moment, source, transfer
from clawback.ledger.flows import draw, flows
from clawback.ledger.losses import add_up
from clawback.ledger.merging import merge
from clawback.ledger.scope import find_ties, propose
from clawback.ledger.timeline import order
from clawback.model.events import Direction, Message, Transfer, TransferStatus
from clawback.model.evidence import Grade
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.money import Amount

BILL, CHAT, SHOT = 1, 2, 3
GRADES = {BILL: Grade.PLATFORM_EXPORT, CHAT: Grade.CHAT_EXPORT, SHOT: Grade.SCREENSHOT}
NAMED = Indicator(
    IndicatorKind.BANK_CARD, "6222000000000001", (source(CHAT),), True, "holder: 刘测试; bank: 示例银行"
)


def look(
    *sightings: Transfer,
    messages: tuple[Message, ...] = (),
    indicators: tuple[Indicator, ...] = (),
    amounts: tuple[Amount, ...] = (),
    named: tuple[str, ...] = (),
    decided: dict[str, Scope] | None = None,
) -> dict[str, LedgerEntry]:
    merged, _ = merge(sightings, GRADES)
    ties = find_ties(messages, indicators, GRADES, named, (), amounts)
    return {entry.id: entry for entry in propose(merged, ties, GRADES, decided or {})}


def test_a_payee_account_named_in_the_chat_puts_the_row_in_scope_and_says_why() -> None:
    paid = transfer(payee=account("刘测试", "6222 0000 0000 0001"))
    lunch = transfer("23.50", "2026-09-10T12:10", account("某某面馆"), row=2)
    entries = look(paid, lunch, messages=(message("转到 6222000000000001"),), indicators=(NAMED,))
    assert entries[paid.id].scope is Scope.IN
    assert entries[paid.id].scope_reasons[0].code == "payee_account_named"
    assert entries[lunch.id].scope is Scope.OUT


def test_an_amount_in_the_chat_alone_makes_a_row_unsure_not_in() -> None:
    paid = transfer("3000.00", "2026-09-10T21:05")
    hint = Amount(Decimal("3000.00"), "CNY")
    entries = look(paid, messages=(message("最低充值3000元"),), amounts=(hint,))
    assert entries[paid.id].scope is Scope.UNSURE


def test_an_order_number_quoted_in_a_mail_ties_the_payment() -> None:
    paid = transfer(reference="2026091022001111")
    entries = look(paid, messages=(message("您的订单 2026091022001111 已付款"),))
    assert [reason.code for reason in entries[paid.id].scope_reasons] == ["reference_in_talk"]


def test_a_second_payment_to_the_same_payee_follows_the_first() -> None:
    first = transfer(payee=account("刘测试", "6222000000000001"))
    second = transfer("800", "2026-09-11T09:00", account("刘测试", "6222000000000001"), row=2)
    other = transfer("800", "2026-09-11T09:00", account("刘测试", "6222000000000002"), row=3)
    entries = look(first, second, other, indicators=(NAMED,), messages=(message("好"),))
    assert entries[second.id].scope is Scope.IN
    assert entries[other.id].scope is Scope.IN, "the holder's full name was given in the chat"


def test_money_that_came_from_the_payee_counts_as_returned() -> None:
    paid = transfer(payee=account("刘测试", "6222000000000001"))
    back = transfer(
        "50.00",
        "2026-09-11T09:00",
        payer=account("刘测试", "6222000000000001"),
        direction=Direction.IN,
        row=2,
    )
    salary = transfer("9000", "2026-09-15T09:00", payer=account("某公司"), direction=Direction.IN, row=3)
    entries = look(paid, back, salary, indicators=(NAMED,))
    (loss,) = add_up(tuple(entries.values()))
    assert (loss.sent.text, loss.returned.text, loss.lost.text) == ("3000.00", "50.00", "2950.00")
    assert entries[salary.id].scope is Scope.OUT


def test_with_nothing_to_compare_everything_is_unsure() -> None:
    paid = transfer()
    entries = look(paid)
    assert entries[paid.id].scope is Scope.UNSURE
    (loss,) = add_up(tuple(entries.values()))
    assert (loss.lost.text, loss.unsure.text) == ("0.00", "3000.00")


def test_the_users_word_goes_before_the_proposal() -> None:
    paid = transfer(payee=account("刘测试", "6222000000000001"))
    entries = look(paid, indicators=(NAMED,), decided={paid.id: Scope.OUT})
    assert entries[paid.id].scope is Scope.OUT
    assert entries[paid.id].confirmed


def test_a_claim_that_only_a_chat_makes_is_unsure() -> None:
    claim = transfer("3000", "2026-09-10T21:05", exhibit=CHAT)
    entries = look(claim, messages=(message("我转了3000"),))
    assert [reason.code for reason in entries[claim.id].scope_reasons] == ["only_told"]


def test_a_failed_payment_is_in_no_sum_and_currencies_are_kept_apart() -> None:
    failed = transfer(payee=account("刘测试", "6222000000000001"), status=TransferStatus.FAILED)
    coin = transfer("500", payee=account("刘测试", "6222000000000001"), currency="USDT", row=2)
    losses = add_up(tuple(look(failed, coin, indicators=(NAMED,)).values()))
    assert [(loss.currency, loss.lost.text) for loss in losses] == [("USDT", "500.00")]


def test_the_timeline_is_ordered_by_instant_and_leaves_out_what_is_out_of_scope() -> None:
    paid = transfer(payee=account("刘测试", "6222000000000001"), when="2026-09-10T21:05")
    lunch = transfer("23.50", "2026-09-10T12:10", row=2)
    late = message("晚安", "2026-09-10T15:30+00:00", row=1)
    undated = message("没有时间", None, row=2)
    entries = look(paid, lunch, indicators=(NAMED,), messages=(late,))
    items = order((undated, late), entries.values())
    assert [item.record for item in items] == [paid.id, late.id, undated.id]


def test_the_picture_escapes_what_the_evidence_says_and_sums_each_stream() -> None:
    payee = account("<script>alert(1)</script>", "6222000000000001")
    first = transfer("1000", payee=payee)
    second = transfer("2000", "2026-09-11T10:00", payee, row=2)
    (stream,) = flows(tuple(look(first, second, indicators=(NAMED,)).values()))
    assert (stream.total.text, stream.count) == ("3000.00", 2)
    picture = draw((stream,), "zh")
    assert "<script>" not in picture
    assert "3,000.00 CNY" in picture
    assert "尚无" in draw((), "zh")


def test_builders_speak_beijing_time() -> None:
    assert moment("2026-09-10T21:05").utc.hour == 13


@pytest.mark.parametrize(
    ("said", "payee"),
    [
        ("先转3000到支付宝，收款人 王样本，转好截图", "王样本"),
        ("再转8000元给李样例就能提现", "李样例"),
        ("户名：“赵示范”，卡号等会发", "赵示范"),
        ("Please send the money to Northgate Asset Desk, today", "Northgate Asset Desk"),
    ],
)
def test_a_payee_named_in_talk_puts_the_payment_in_scope(said: str, payee: str) -> None:
    paid = transfer(payee=account(payee))
    entries = look(paid, messages=(message(said),))
    assert entries[paid.id].scope is Scope.IN
    assert [reason.code for reason in entries[paid.id].scope_reasons] == ["payee_named"]


@pytest.mark.parametrize(
    ("said", "payee"),
    [
        ("昨天在王样本家吃饭", "王样本"),  # named, but not as a payee
        ("收款人 王*本", "王*本"),
        ("Please pay to Northgatesville", "Northgate"),
        ("收款人：A", "A"),
    ],
)
def test_a_name_that_is_not_said_to_be_paid_ties_nothing(said: str, payee: str) -> None:
    paid = transfer(payee=account(payee))
    assert look(paid, messages=(message(said, when=None),))[paid.id].scope is not Scope.IN
