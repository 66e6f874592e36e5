from __future__ import annotations

import pytest

from clawback.plan.situations import LONGEST_TEXT, crisis_words, propose_situations
from clawback.rules.load import load_pack

CN, GB = load_pack("cn"), load_pack("gb")


@pytest.mark.parametrize(
    ("said", "situation"),
    [
        ("老师带单，稳赚不赔", "fake_investment"),
        ("亲，这单是联单，做满才能提", "task_scam"),
        ("您的流水不够，先交解冻费", "withdrawal_refused"),
        ("请把钱转到安全账户配合资金清查", "impersonation"),
        ("走平台要手续费，加微信便宜", "fake_shop"),
        ("我在百家乐下注输了", "illegal_gambling"),
        ("我们有黑客技术帮您追回", "recovery_scam"),
        ("您的账号被冻结，请联系客服", "account_frozen"),
        ("我的账号被盗了，不是本人操作", "account_stolen"),
        ("收到的手机与描述不符", "goods_not_as_described"),
        ("商家一直不发货", "goods_not_delivered"),
        ("后台控制开奖，平台操纵", "platform_cheats"),
    ],
)
def test_the_words_propose_the_situation_and_are_quoted(said: str, situation: str) -> None:
    found = {proposal.situation: proposal for proposal in propose_situations([("M1", said)], CN)}
    assert situation in found
    for reason in found[situation].reasons:
        assert reason.detail.casefold() in said.casefold()
        assert reason.records == ("M1",)


def test_two_weak_words_propose_nothing_three_do() -> None:
    assert propose_situations([("M1", "我买了理财"), ("M2", "是投资")], CN) == ()
    three = propose_situations([("M1", "我买了理财"), ("M2", "是投资"), ("M3", "导师推荐")], CN)
    assert [proposal.situation for proposal in three] == ["fake_investment"]


def test_an_ordinary_order_proposes_nothing() -> None:
    chat = [("M1", "物流到哪了，还没到的话我要退款"), ("M2", "亲，今天发货")]
    assert propose_situations(chat, CN) == ()


def test_the_likeliest_comes_first() -> None:
    texts = [("M1", "老师带单，稳赚不赔，内幕消息"), ("M2", "流水不够")]
    assert propose_situations(texts, CN)[0].situation == "fake_investment"


def test_english_words_are_found_whatever_their_case() -> None:
    found = propose_situations([("M1", "Move it to a SAFE ACCOUNT now, says the Fraud Team")], GB)
    assert found[0].situation == "app_payment"


def test_nothing_said_proposes_nothing() -> None:
    assert propose_situations([], CN) == ()
    assert propose_situations([("M1", "今天天气不错")], CN) == ()


def test_only_the_first_records_are_named_and_long_texts_are_cut() -> None:
    texts = [(f"M{n}", "稳赚不赔") for n in range(9)] + [("M10", "x" * LONGEST_TEXT + "内幕消息")]
    (proposal,) = propose_situations(texts, CN)
    assert [reason.records for reason in proposal.reasons] == [("M0", "M1", "M2")]


def test_words_of_crisis_are_noticed_with_their_place() -> None:
    (reason,) = crisis_words([("M1", "钱没了，我不想活了")], CN)
    assert (reason.code, reason.detail, reason.records) == ("crisis_words", "不想活", ("M1",))
    assert crisis_words([("M1", "买了个手机")], CN) == ()
