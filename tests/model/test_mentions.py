"""Sums of money in running text; every expectation by hand."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.mentions import find_amounts
from clawback.model.numerals import write_capital_rmb, write_chinese


def sums(text: str, default: str | None = None) -> list[tuple[str, str]]:
    return [(f"{m.amount.value.normalize():f}", m.amount.currency) for m in find_amounts(text, default)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("¥3,000.00", [("3000", "CNY")]),
        ("￥３，０００．５０", [("3000.5", "CNY")]),
        ("3000元", [("3000", "CNY")]),
        ("3000 元", [("3000", "CNY")]),
        ("3千块", [("3000", "CNY")]),
        ("RMB 3000", [("3000", "CNY")]),
        ("人民币叁仟元整", [("3000", "CNY")]),
        ("叁佰元零伍分", [("300.05", "CNY")]),
        ("1.2万元", [("12000", "CNY")]),
        ("三万五千块钱", [("35000", "CNY")]),
        ("4万9千8百块", [("49800", "CNY")]),
        ("3块5毛", [("3.5", "CNY")]),
        ("三块五", [("3.5", "CNY")]),
        ("3w块", [("30000", "CNY")]),
        ("£1,200", [("1200", "GBP")]),
        ("GBP 50", [("50", "GBP")]),
        ("£35k", [("35000", "GBP")]),
        ("two thousand pounds", [("2000", "GBP")]),
        ("a hundred quid", [("100", "GBP")]),
        ("$18,640.55", [("18640.55", "USD")]),
        ("US$5 HK$5,000", [("5", "USD"), ("5000", "HKD")]),
        ("$1.2 million", [("1200000", "USD")]),
        ("一百万美金", [("1000000", "USD")]),
        ("€1 234,56", [("1234.56", "EUR")]),
        ("1.234,56 €", [("1234.56", "EUR")]),
        ("500 USDT / 500U", [("500", "USDT"), ("500", "USDT")]),
        ("0.05 BTC", [("0.05", "BTC")]),
        ("0.05个比特币", [("0.05", "BTC")]),
        ("¥3000元", [("3000", "CNY")]),
        ("£1,200 GBP 50", [("1200", "GBP"), ("50", "GBP")]),
        ("RMB 3000 USDT 500", [("3000", "CNY"), ("500", "USDT")]),
        ("支出3,000.00元,余额12.34元", [("3000", "CNY"), ("12.34", "CNY")]),
        ("尾号1234 500.00元", [("500", "CNY")]),
        ("周五三千元", [("3000", "CNY")]),
        ("星期一3000元", [("3000", "CNY")]),
    ],
)
def test_marked_sums_are_found_with_their_currency(text: str, expected: list[tuple[str, str]]) -> None:
    assert sums(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "三万五",
        "35k",
        "3000",
        "两三千元",
        "2 100元",
        "两块手表",
        "一块去",
        "R$100",
        "32U盘",
        "2026元旦",
        "3万50元",
        "thank u",
    ],
)
def test_unmarked_and_ambiguous_numbers_are_no_sums(text: str) -> None:
    assert sums(text) == []


def test_a_shared_mark_follows_the_default_where_it_can() -> None:
    assert sums("$5, ¥500, 100元", "HKD") == [("5", "HKD"), ("500", "CNY"), ("100", "HKD")]
    assert sums("¥500", "JPY") == [("500", "JPY")]
    assert sums("500", "GBP") == []


def test_positions_are_those_of_the_original() -> None:
    text = "我刚转了￥３，０００元过去"
    (found,) = find_amounts(text, None)
    assert (found.text, text[found.start : found.end]) == ("￥３，０００元",) * 2


@given(st.decimals(min_value=Decimal("0.01"), max_value=Decimal("99999999.99"), places=2))
def test_a_sum_is_found_in_digits_groups_and_capitals(value: Decimal) -> None:
    for written in (f"¥{value:,}", f"{value}元", f"人民币{write_capital_rmb(value)}", f"{value:,} RMB"):
        if value >= 1:
            assert [m.amount.value for m in find_amounts(f"共{written}。", None)] == [value], written


@given(st.integers(min_value=10, max_value=10**9))
def test_a_whole_sum_is_found_in_chinese_numerals(value: int) -> None:
    assert sums(f"付了{write_chinese(value)}块钱") == [(str(value), "CNY")]


@given(st.text(alphabet="0123456789.,-$¥£€元块万千一三五 角分UkRMBgbpUSDT", max_size=60))
def test_no_text_raises_and_spans_fit(text: str) -> None:
    for mention in find_amounts(text, None):
        assert text[mention.start : mention.end] == mention.text


@pytest.mark.parametrize(
    "piece",
    ["1 元", "1,", "1", "one ", "百千", "¥", "点一", "1 234", "元", "$1", "1万元", "a hundred ", "USD"],
)
def test_hostile_text_is_searched_in_linear_time(piece: str) -> None:
    begin = time.process_time()
    find_amounts(piece * (60_000 // len(piece)) + "元", None)
    assert time.process_time() - begin < 5
