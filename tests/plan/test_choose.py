from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from clawback.model.events import Method, TransferStatus
from clawback.model.ledger import Reason
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.plan.choose import choose_plan
from clawback.plan.facts import CaseFacts, Payment, is_past_stopping, known_dates, rule_facts
from clawback.plan.situations import Proposal
from clawback.rules.load import load_pack

CN = load_pack("cn")
NOW = datetime(2026, 11, 23, 15, tzinfo=ZoneInfo("Asia/Shanghai"))


def paid(ago: timedelta | None, status: TransferStatus = TransferStatus.COMPLETED) -> Payment:
    moment = None if ago is None else Moment(NOW - ago, Precision.MINUTE, ZoneBasis.FORMAT)
    return Payment(Method.BANK_TRANSFER, moment, Amount(Decimal("12000"), "CNY"), status)


def ids(facts: CaseFacts) -> list[str]:
    return [action.id for action in choose_plan(facts, CN, NOW).actions]


def test_orders_count_from_one_and_never_go_back_in_urgency() -> None:
    plan = choose_plan(CaseFacts("cn", ("fake_investment", "goods_not_delivered")), CN, NOW)
    assert [action.order for action in plan.actions] == list(range(1, len(plan.actions) + 1))
    ranks = [("now", "today", "week", "later").index(action.when) for action in plan.actions]
    assert ranks == sorted(ranks)


def test_a_step_that_two_situations_share_stands_once_for_both() -> None:
    facts = CaseFacts("cn", ("fake_investment", "task_scam"), payments=(paid(timedelta(hours=1)),))
    plan = choose_plan(facts, CN, NOW)
    (call,) = [action for action in plan.actions if action.id == "cn.call_110"]
    assert call.situations == ("fake_investment", "task_scam")
    assert call.order == 1


def test_criminal_consumer_and_civil_roads_keep_their_kinds() -> None:
    facts = CaseFacts("cn", ("goods_not_delivered",), {"seller_vanished": "yes"}, (paid(timedelta(hours=1)),))
    kinds = {a.id.removeprefix("cn."): a.kind.value for a in choose_plan(facts, CN, NOW).actions}
    assert kinds["call_110"] == "stop"
    assert kinds["police_report"] == "report"
    assert kinds["complaint_12315"] == "regulator"
    assert kinds["lawyer_bundle"] == "civil"


def test_a_proposed_situation_is_used_and_said_to_be_only_that() -> None:
    proposal = Proposal("fake_investment", 2, (Reason("sign_strong", "稳赚不赔", ("M3.l4",)),))
    plan = choose_plan(CaseFacts("cn", proposed=(proposal,), payments=(paid(timedelta(hours=1)),)), CN, NOW)
    assert plan.situations == ()
    assert plan.questions[0] == "situation"
    assert "稳赚不赔" in plan.notices_zh[0]
    assert "虚假投资" in plan.notices_zh[0]
    assert "Please confirm" in plan.notices_en[0]


def test_a_confirmed_situation_overrules_what_was_proposed() -> None:
    proposal = Proposal("illegal_gambling", 4, ())
    plan = choose_plan(CaseFacts("cn", ("goods_not_delivered",), proposed=(proposal,)), CN, NOW)
    assert plan.situations == ("goods_not_delivered",)
    assert "situation" not in plan.questions
    assert not any("还没有选择" in notice for notice in plan.notices_zh)


def test_words_of_crisis_come_before_everything_else() -> None:
    plan = choose_plan(CaseFacts("cn", ("fake_investment",), flags={"crisis_words_seen": True}), CN, NOW)
    assert "12356" in plan.notices_zh[0]
    calm = choose_plan(CaseFacts("cn", ("goods_not_delivered",)), CN, NOW)
    assert not any("12356" in notice for notice in calm.notices_zh)


def test_money_that_failed_or_came_back_starts_no_clock_and_calls_nobody() -> None:
    gone = tuple(paid(timedelta(hours=1), s) for s in (TransferStatus.FAILED, TransferStatus.RETURNED))
    facts = CaseFacts("cn", ("account_stolen",), payments=gone)
    assert known_dates(facts, CN) == {}
    assert "cn.call_110" not in ids(facts)


@pytest.mark.parametrize(
    ("payments", "past"),
    [
        ((), False),
        ((paid(timedelta(hours=71)),), False),
        ((paid(timedelta(hours=73)),), True),
        ((paid(timedelta(hours=73)), paid(None)), False),
        ((paid(timedelta(hours=73)), paid(timedelta(hours=1))), False),
    ],
)
def test_money_is_past_stopping_only_when_every_payment_is_known_to_be_old(
    payments: tuple[Payment, ...], past: bool
) -> None:
    assert is_past_stopping(CaseFacts("cn", payments=payments), NOW) is past


def test_a_day_that_may_still_be_within_three_days_counts_as_fresh() -> None:
    day = datetime(2026, 11, 20, tzinfo=NOW.tzinfo)
    payment = Payment(
        Method.ALIPAY, Moment(day, Precision.DAY, ZoneBasis.FORMAT), Amount(Decimal(1), "CNY"),
        TransferStatus.COMPLETED,
    )  # fmt: skip
    assert not is_past_stopping(CaseFacts("cn", payments=(payment,)), NOW)


def test_a_year_that_no_law_counts_from_is_treated_as_no_date() -> None:
    for year in (1, 9999):
        absurd = Moment(datetime(year, 12, 31, 23, 59, tzinfo=UTC), Precision.MINUTE, ZoneBasis.STATED)
        payment = Payment(Method.ALIPAY, absurd, Amount(Decimal(1), "CNY"), TransferStatus.COMPLETED)
        facts = CaseFacts(
            "cn", ("fake_shop",), payments=(payment,), dates={"refusal_notice_received": absurd}
        )
        plan = choose_plan(facts, CN, NOW)
        assert plan.actions[0].id == "cn.call_110"
        (review,) = [a.deadline for a in plan.actions if a.id == "cn.review_refusal"]
        assert review is not None
        assert review.last is None


def test_payments_give_the_first_and_the_newest_date_and_answers_overrule_them() -> None:
    payments = (paid(timedelta(days=2)), paid(timedelta(days=9)), paid(timedelta(days=5)))
    dates = known_dates(CaseFacts("cn", payments=payments), CN)
    assert dates["transfer_sent"].instant == NOW - timedelta(days=2)
    assert dates["first_payment"].instant == NOW - timedelta(days=9)
    stated = CaseFacts("cn", answers={"dates.transfer_sent": "2026-11-01"}, payments=payments)
    assert known_dates(stated, CN)["transfer_sent"].instant.date().isoformat() == "2026-11-01"


def test_foreign_money_is_not_added_to_the_total() -> None:
    moment = Moment(NOW, Precision.MINUTE, ZoneBasis.STATED)
    coins = Payment(Method.CRYPTO, moment, Amount(Decimal(9000), "USDT"), TransferStatus.COMPLETED)
    facts = rule_facts(CaseFacts("cn", payments=(coins, paid(timedelta(hours=1)))), CN)
    assert facts["paid_total"] == Decimal(12000)


def test_an_unconfirmed_case_asks_what_happened_first() -> None:
    assert choose_plan(CaseFacts("cn"), CN, NOW).questions[0] == "situation"


def test_the_plan_says_by_which_pack_and_when_it_was_made() -> None:
    plan = choose_plan(CaseFacts("cn", ("fake_shop",)), CN, NOW)
    assert (plan.jurisdiction, plan.pack_version, plan.made_at) == ("cn", CN.version, NOW)
