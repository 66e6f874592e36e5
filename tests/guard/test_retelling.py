"""What is told of others, or warned of, is no sign; what is said to the reader is."""

from __future__ import annotations

import pytest

from clawback.guard.signals import retells, warns
from clawback.guard.verdict import Result, judge


@pytest.mark.parametrize(
    "sentence",
    [
        "李某添加微信后转账三次。",
        "骗子往往冒充客服,诱导对方转账。",
        "凡是要求先交费的都是诈骗。",
        "scammers often pose as lawyers and ask for a fee.",
        "anyone online who promises to trace your coins wants your money.",
        "he paid twice, the court heard.",
    ],
)
def test_news_and_notices_retell(sentence: str) -> None:
    assert retells(sentence)


@pytest.mark.parametrize(
    "sentence",
    [
        "我帮您追回,先交五百元。",
        "我们锁定了对方后台。",
        "我朋友认识一位律师。",
        "i can trace your coins for a fee.",
        "a lady who used to work at a bank got mine back.",
    ],
)
def test_an_offer_retells_nothing(sentence: str) -> None:
    assert not retells(sentence)
    assert not warns(sentence)


def test_the_same_words_are_a_sign_when_offered_and_none_when_retold() -> None:
    offered = judge("我们通过技术手段拦截资金，先付500元服务费，加微信详谈。")
    retold = judge("骗子谎称通过技术手段拦截资金，先付500元服务费，加微信详谈。")

    assert offered.result is Result.LIKELY
    assert offered.type == "recovery_scam"
    assert retold.result is Result.NONE
    assert retold.warned


def test_good_advice_does_not_hide_the_expert_at_its_end() -> None:
    advice = "First tell your bank. Then report it to the police. Beware of firms that ask for a fee. "
    bait = (
        "In the end I was in your place too, and Dana Example, a private investigator, got my $9,000 back. "
        "You only cover the filing fee of $300. Write to her and mention my name."
    )

    assert judge(advice).result is Result.NONE
    assert judge(advice + bait).type == "recovery_scam"
