"""Codes and passwords are taken out of what somebody types; numbers that are answers stay."""

from __future__ import annotations

import pytest

from clawback.desk.discarding import without_codes


@pytest.mark.parametrize(
    ("reply", "left"),
    [
        ("482913", ""),
        (" 123 ", ""),
        ("4829", ""),
        ("验证码482913", "验证码［…］"),
        ("我告诉他验证码是 4829 了", "我告诉他验证码是 ［…］ 了"),
        ("支付密码：112233，登录密码：abc123", "支付密码：［…］，登录密码：［…］"),
        ("CVV 123", "CVV ［…］"),
        ("my PIN is 0000 and my password is Sunny1", "my PIN is ［…］ and my password is ［…］"),
        ("the one-time code: 998877", "the one-time code: ［…］"),
    ],
)
def test_codes_are_taken_out(reply: str, left: str) -> None:
    assert without_codes("user.story", reply) == left


@pytest.mark.parametrize(
    "reply",
    [
        "他要验证码，我没有给",
        "19900000456",
        "12000元",
        "2026111822001",
        "he asked for my password and the code",
        "we opened the door at 12:30",
        "12345",
    ],
)
def test_everything_else_stays(reply: str) -> None:
    assert without_codes("user.story", reply) is None


@pytest.mark.parametrize("question", ["seller.phone", "order_number", "platform.account", "fee_words"])
def test_a_bare_number_is_an_answer_where_one_is_asked_for(question: str) -> None:
    assert without_codes(question, "482913") is None
