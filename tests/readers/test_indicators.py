"""Indicators in text; names, numbers and pages are invented, expectations are by hand."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.evidence import Locator
from clawback.model.indicators import Indicator
from clawback.readers.contract import SourceMaker, TextPiece
from clawback.readers.indicators import find_indicators, spots_in

CARD = "6222000000000000004"  # Luhn from the right: 4 + 2·2 + 2 + 2·2 + 6 = 20
TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"  # the USDT contract
ETH = "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"  # ERC-55 test case
MAKE = SourceMaker("test", "1", 7)


def found(text: str, zone: str = "Asia/Shanghai", *, telegram: bool = False) -> list[tuple[str, str]]:
    return [(spot.kind.value, spot.value) for spot in spots_in(text, zone, telegram=telegram)]


def indicators(*texts: str, zone: str = "Asia/Shanghai") -> tuple[Indicator, ...]:
    pieces = [TextPiece(text, Locator(line=line)) for line, text in enumerate(texts, 1)]
    return find_indicators(pieces, MAKE, zone)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("转到卡号" + CARD + "，快点", [("bank_card", CARD)]),
        ("电话13800138000联系", [("phone", "+8613800138000")]),
        ("座机010-12345678", [("phone", "+861012345678")]),
        ("加V：abcdef1", [("wechat", "abcdef1")]),
        ("微信号：wx_abc123", [("wechat", "wx_abc123")]),
        ("他的微信zhang_san88", [("wechat", "zhang_san88")]),
        ("QQ：123456789", [("qq", "123456789")]),
        ("扣扣 12345", [("qq", "12345")]),
        ("电报 @fake_agent", [("telegram", "fake_agent")]),
        ("飞机号：Fake_Agent", [("telegram", "fake_agent")]),
        ("wa.me/447700900123", [("url", "wa.me/447700900123"), ("whatsapp", "+447700900123")]),
        ("https://t.me/fake_agent", [("url", "https://t.me/fake_agent"), ("telegram", "fake_agent")]),
        ("订单号：202603010000123456789", [("order_number", "202603010000123456789")]),
        ("订单号13800138000", [("order_number", "13800138000")]),
        ("邮箱abc@pay.example吧", [("email", "abc@pay.example"), ("domain", "pay.example")]),
        ("邮箱 100000001@qq.com", [("email", "100000001@qq.com")]),
        ("打开shop-demo.test看", [("domain", "shop-demo.test")]),
        ("充到" + TRON + "波场", [("crypto_wallet", TRON)]),
        ("erc20 " + ETH, [("crypto_wallet", ETH)]),
        ("交易哈希：" + "ab" * 32, [("crypto_tx", "ab" * 32)]),
        ("身份证号11010519491231002X", [("id_card", "11010519491231002X")]),
        ("信用代码：91350100M000100Y43", [("company_id", "91350100M000100Y43")]),
        ("收款账号：1234567890123", [("bank_account", "1234567890123")]),
        ("支付宝账号：13800138000", [("phone", "+8613800138000")]),
        ("電話：１３８００１３８０００", [("phone", "+8613800138000")]),
    ],
)
def test_chinese_text_without_spaces(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(text)) == sorted(expected)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("call 07700 900456 or +44 7700 900123", [("phone", "+447700900123"), ("phone", "+447700900456")]),
        ("sort code 20-00-00 account number 55779911", [("bank_account", "20-00-00 55779911")]),
        ("account: 55779911, s/c 200000", [("bank_account", "20-00-00 55779911")]),
        ("IBAN GB29 NWBK 6016 1331 9268 19 please", [("iban", "GB29NWBK60161331926819")]),
        ("card 4111 1111 1111 1111", [("bank_card", "4111111111111111")]),
        ("Order no. AB-12345-X", [("order_number", "AB-12345-X")]),
        ("WhatsApp: +1 202-555-0123", [("phone", "+12025550123"), ("whatsapp", "+12025550123")]),
        (
            "hxxps://evil[.]shop[.]example/x",
            [("url", "https://evil.shop.example/x"), ("domain", "shop.example")],
        ),
        ("foo[@]bar[.]example", [("email", "foo@bar.example"), ("domain", "bar.example")]),
        ("(see https://a.example/x_(y).)", [("url", "https://a.example/x_(y)"), ("domain", "a.example")]),
        ("shop.example.co.uk", [("domain", "example.co.uk")]),
        ("Company number 01234567", [("company_id", "01234567")]),
        ("telegram: fake_agent", [("telegram", "fake_agent")]),
        (
            "https://a.example/?u=http%3A%2F%2Fb.example%2F",
            [
                ("url", "https://a.example/?u=http%3A%2F%2Fb.example%2F"),
                ("domain", "a.example"),
                ("domain", "b.example"),
            ],
        ),
    ],
)
def test_english_text(text: str, expected: list[tuple[str, str]]) -> None:
    assert sorted(found(text, "Europe/London")) == sorted(expected)


@pytest.mark.parametrize(
    "text",
    [
        "下单时间2026-03-01 14:05:09 金额3000.00",
        "readme.md, node.js, done.So we, e.g. i.e. 张三.pdf v1.2.3",
        "微信转账 wechat payment 微信payment 微信支付",
        "4200001234202603011234567890",  # 28 digits without a heading
        "6222000000000000001",  # Luhn fails and nothing says that it is a card
        "第12345678901234567890页",
        "sha256 " + "ab" * 32,
        "weibo @somebody_else",
        "just as 2014, 3.5万, 1-2-3",
        TRON[:-1] + "u",  # checksum fails and nothing says that it is a wallet
        "reference letter",
        "游戏账号 12345678",
        "账号：622200******0058",
        "卡号 ****1234567890123456",
        "电话 138****8000",
        "FITID 0020260915001",
        "10:00 2000957249",
        "250.00 20260915001",
        "Assets:WeChat:RedPacket",
        "Message-ID: <order-20260926@shop.example>",
    ],
)
def test_what_only_looks_like_an_indicator_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_check_digits_say_whether_a_form_is_proven() -> None:
    right, wrong = indicators("卡号" + CARD, "卡号6222000000000000001")
    assert (right.valid, wrong.valid) == (True, False)
    (mistyped,) = indicators("钱包地址 " + TRON[:-1] + "u")
    assert (mistyped.valid, mistyped.detail) == (False, "TRON")
    (identity,) = indicators("身份证110105194912310021")
    assert identity.valid is False


def test_what_a_narrow_screen_broke_is_joined_only_where_a_check_proves_it() -> None:
    assert found("地址：" + TRON[:20] + "\n" + TRON[20:]) == [("crypto_wallet", TRON)]
    assert found("地址：" + TRON[:20] + "\n" + TRON[20:-1] + "u") == []
    assert found("TxID " + "ab" * 20 + "\n" + "ab" * 12) == [("crypto_tx", "ab" * 32)]
    assert found("卡号 4111 1111\n1111 1111") == [("bank_card", "4111111111111111")]
    assert found("卡号 4111 1111\n1111 1112") == []


def test_the_same_value_in_two_places_is_one_indicator_with_two_sources() -> None:
    (phone,) = indicators("电话 13800138000", "再打138-0013-8000")
    assert [(s.locator.line, s.locator.start, s.locator.end, s.text) for s in phone.sources] == [
        (1, 3, 14, "13800138000"),
        (2, 2, 15, "138-0013-8000"),
    ]
    assert {s.exhibit for s in phone.sources} == {7}


def test_the_place_keeps_page_row_and_box_and_shifts_a_span() -> None:
    place = Locator(page=2, row=3, box=(1, 2, 3, 4), start=100, end=113)
    (phone,) = find_indicators([TextPiece("电话13800138000", place, certainty=80)], MAKE, "Asia/Shanghai")
    (source,) = phone.sources
    assert source.locator == Locator(page=2, row=3, box=(1, 2, 3, 4), start=102, end=113)
    assert source.certainty == 80


def test_holder_and_bank_stay_with_their_account() -> None:
    (card,) = indicators("转到卡号" + CARD + "户名：张三 开户行：工商银行北京支行，转完截图")
    assert card.detail == "holder: 张三; bank: 工商银行北京支行"
    (account,) = indicators(
        "sort code 20-00-00 account number 55779911\nName: Jane Doe", zone="Europe/London"
    )
    assert account.detail == "GB; holder: Jane Doe"


@pytest.mark.parametrize(
    "text", [f"{CARD} 张三 工商银行", f"张三，{CARD}，工商银行北京支行", f"{CARD}\n张三\n工商银行"]
)
def test_a_name_right_beside_an_account_with_its_bank_is_the_holder(text: str) -> None:
    (card,) = indicators(text)
    assert card.detail.startswith("holder: 张三; bank: 工商银行")


@pytest.mark.parametrize(
    "text", [f"{CARD} 马上 工商银行", f"{CARD} 张三", f"张三说转到 {CARD} 工商银行", f"{CARD} 客服 工商银行"]
)
def test_other_words_beside_an_account_are_no_holder(text: str) -> None:
    (card,) = indicators(text)
    assert "holder" not in card.detail


def test_each_of_two_accounts_keeps_its_own_holder() -> None:
    first, second = indicators(
        f"户名：张三\n卡号：{CARD}\n\n" + f"{'-' * 10}\n户名：李四\n账号：1234567890123"
    )
    assert (first.detail, second.detail) == ("holder: 张三", "holder: 李四")


def test_a_bare_name_counts_only_where_telegram_is_the_place() -> None:
    assert found("联系 @fake_agent") == []
    assert found("联系 @fake_agent", telegram=True) == [("telegram", "fake_agent")]


def test_punycode_is_shown_as_the_browser_would() -> None:
    (_, domain) = indicators("http://xn--fiq228c.example/")
    assert (domain.value, domain.detail) == ("xn--fiq228c.example", "中文.example")


@given(st.text(alphabet="0123456789abcTx.@/:-+ 账号卡微信QQ电话户名：[]（）\n张", max_size=120))
def test_no_text_raises_and_spans_fit(text: str) -> None:
    for indicator in indicators(text):
        for source in indicator.sources:
            assert text[source.locator.start : source.locator.end] == source.text


@pytest.mark.parametrize(
    "piece",
    [
        "1 ",
        "1",
        "a.",
        "a@",
        "http://",
        "12 ",
        "账号 1",
        "T",
        "GB29 ",
        "0x",
        "户名：张",
        "[.]",
        "微信",
        "12-34-56 ",
        "(1)",
    ],
)
def test_hostile_text_is_searched_in_linear_time(piece: str) -> None:
    begin = time.process_time()
    spots_in(piece * (60_000 // len(piece)), "Asia/Shanghai")
    assert time.process_time() - begin < 5
