"""Disguised text is read as it was meant, and what is quoted stands in the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.guard.normalise import mixed_scripts, normalise, turned_around


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("轉帳到安全賬戶", "转账到安全账户"),
        ("加 V 信", "加v信"),
        ("微.信 微🔥信 微\u200b信", "微信微信微信"),
        ("【请】【加】微信", "【请加微信"),  # a bracket at the start stands between nothing
        ("亻言用贷款", "信用贷款"),
        ("ＢＩＴＣＯＩＮ", "bitcoin"),
        ("раураl", "paypal"),  # Cyrillic
        ("𝐁𝐢𝐭𝐜𝐨𝐢𝐧", "bitcoin"),
        ("Café", "cafe"),
        ("fr33 m0ney", "free money"),
        ("r3c0v3r3d", "recovered"),
        ("〔安〕〔全〕〔账〕〔户〕", "〔安全账户〕"),
        ("我\n们\n在“金\n鼎\n平\n台\n登\n记", "我们在金鼎平台登记"),
        ("g u a r a n t e e d profit", "guaranteed profit"),
        ("①②③", "123"),
        ("&#24494;&#20449;", "微信"),
        ("加\n我\n微\n信", "加我微信"),
        ("pay\nthe\nfee", "pay the fee"),
    ],
)
def test_a_disguise_is_undone(written: str, meant: str) -> None:
    assert normalise(written).text == meant


@pytest.mark.parametrize(
    "text",
    [
        "5g 200w k12 abc123",
        "$47k in 24hrs",
        "(@joe_x)",
        "2026-11-25 10:30",
        "see a.example/x1y",
        "第一行。\n第二行。",
    ],
)
def test_what_is_no_disguise_stays(text: str) -> None:
    assert normalise(text).text == text


def test_a_line_that_the_screen_cut_goes_on() -> None:
    text = "这是一条很长的消息被屏幕截断了所以要\n接起来才看得懂后面的意思是什么"
    assert "\n" not in normalise(text).text


def test_quotes_are_the_words_as_written() -> None:
    written = "请 加 威❤ abc"
    plain = normalise(written)
    start = plain.text.index("威")
    first, last = plain.span(start, start + 2)
    assert written[first:last] == "威❤"


def test_mixed_scripts_are_two_of_each() -> None:
    assert mixed_scripts("幸運之星得十八萬和笔记本，请尽快填写资料")
    assert not mixed_scripts("幸運之星得十八萬和筆記本，請盡快填寫資料")
    assert not mixed_scripts("这是普通的简体消息，陳先生您好")
    assert not mixed_scripts("plain English")


def test_an_override_is_seen() -> None:
    assert turned_around("abc\u202efed")
    assert not turned_around("abc")


@given(st.text(max_size=300))
def test_every_place_of_the_plain_text_is_a_place_of_the_original(text: str) -> None:
    plain = normalise(text)
    assert len(plain.text) <= max(len(text), 1) * 1
    at = 0
    for place in range(len(plain.text)):
        start, end = plain.span(place, place + 1)
        assert 0 <= start < end <= len(text)
        assert start >= at
        at = start


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=200))
def test_plain_text_is_lower_case_of_itself(text: str) -> None:
    plain = normalise(text).text
    assert normalise(plain).text.lower() == normalise(plain).text
