"""Numerals: expected values are worked out by hand; the round trips are properties."""

from __future__ import annotations

from decimal import Decimal

import cn2an
import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.numerals import (
    parse_chinese,
    parse_digits,
    parse_english,
    parse_rmb,
    write_capital_rmb,
    write_chinese,
)

sums = st.decimals(min_value=0, max_value=Decimal("9999999999999999.99"), places=2)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1,234.56", "1234.56"),
        ("1 234,56", "1234.56"),
        ("1\u202f234.56", "1234.56"),
        ("12,34,567", "1234567"),
        ("1.234,56", "1234.56"),
        ("1234,56", "1234.56"),
        ("1'234.50", "1234.50"),
        ("１２３．４", "123.4"),
        ("007", "7"),
    ],
)
def test_arabic_digits_are_read_in_every_usual_grouping(written: str, value: str) -> None:
    assert parse_digits(written) == Decimal(value)


@pytest.mark.parametrize("written", ["", "12,345,6", "1,,2", "1.2.3", "12a", "1" * 65])
def test_digits_that_no_grouping_explains_are_refused(written: str) -> None:
    assert parse_digits(written) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("三万五千", 35000),
        ("三万五", 35000),
        ("两千三百五", 2350),
        ("两千三百零五", 2305),
        ("4万9千8", 49800),
        ("一百二十万", 1200000),
        ("3.5万", 35000),
        ("三点五万", 35000),
        ("3万5000", 35000),
        ("1,200万", 12000000),
        ("二〇二四", 2024),
        ("十五", 15),
        ("一百零五", 105),
        ("廿五", 25),
        ("卅", 30),
        ("一万零五", 10005),
        ("一万二千亿", 1200000000000),
        ("一千零一亿", 100100000000),
        ("壹万贰仟", 12000),
        ("貳萬伍仟", 25000),
    ],
)
def test_chinese_numerals_are_read(written: str, value: int) -> None:
    assert parse_chinese(written) == value


@pytest.mark.parametrize(
    "written", ["", "万一", "3万50", "百千", "十百", "三五百", "一万亿亿", "点五", "五点", "abc", "一" * 65]
)
def test_chinese_numerals_that_are_not_certain_are_refused(written: str) -> None:
    assert parse_chinese(written) is None


@given(st.integers(min_value=0, max_value=10**16 - 1))
def test_what_is_written_in_everyday_numerals_reads_back(value: int) -> None:
    assert parse_chinese(write_chinese(value)) == value


@given(st.integers(min_value=1, max_value=10**12 - 1))
def test_an_independent_library_reads_our_numerals_the_same(value: int) -> None:
    assert cn2an.cn2an(write_chinese(value), "smart") == value


@given(sums)
def test_sums_in_capitals_read_back_to_the_cent(value: Decimal) -> None:
    assert parse_rmb(write_capital_rmb(value)) == value


@given(st.text(alphabet="零一二三十百千万亿点两0123456789.,角分元整", max_size=70))
def test_no_mixture_of_numeral_characters_raises(text: str) -> None:
    for parse in (parse_chinese, parse_rmb, parse_digits):
        value = parse(text)
        assert value is None or value >= 0


# The examples that the rule itself gives (附一, point 4).
@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("1409.50", "壹仟肆佰零玖元伍角"),
        ("6007.14", "陆仟零柒元壹角肆分"),
        ("1680.32", "壹仟陆佰捌拾元叁角贰分"),
        ("107000.53", "壹拾万柒仟元伍角叁分"),
        ("16409.02", "壹万陆仟肆佰零玖元零贰分"),
        ("325.04", "叁佰贰拾伍元零肆分"),
        ("12000", "壹万贰仟元整"),
        ("1000500", "壹佰万零伍佰元整"),
        ("0.50", "伍角"),
        ("0.05", "伍分"),
        ("0", "零元整"),
    ],
)
def test_capital_numerals_follow_the_bank_rule(value: str, written: str) -> None:
    assert write_capital_rmb(Decimal(value)) == written


@pytest.mark.parametrize("value", ["-1", "0.001", "10000000000000000"])
def test_sums_that_the_bank_rule_cannot_write_are_refused(value: str) -> None:
    with pytest.raises(ValueError, match="capital numerals"):
        write_capital_rmb(Decimal(value))


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("人民币壹万贰仟元整", "12000"),
        ("叁佰元零伍分", "300.05"),
        ("壹仟陆佰捌拾元零叁角贰分", "1680.32"),  # with the 零 that the rule leaves to the writer
        ("壹拾万零柒仟元伍角叁分", "107000.53"),
        ("伍拾元正", "50"),
        ("3块5毛", "3.5"),
        ("1.2万元", "12000"),
    ],
)
def test_sums_of_yuan_in_words_are_read(written: str, value: str) -> None:
    assert parse_rmb(written) == Decimal(value)


@pytest.mark.parametrize("written", ["元", "整", "伍分整", "叁佰元拾角", "人民币"])
def test_sums_that_contradict_themselves_are_refused(written: str) -> None:
    assert parse_rmb(written) is None


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("three thousand and fifty", 3050),
        ("a hundred", 100),
        ("twenty-one", 21),
        ("two hundred and five thousand, three hundred", 205300),
        ("fifteen hundred", 1500),
        ("One Million", 1000000),
        ("zero", 0),
    ],
)
def test_english_number_words_are_read(written: str, value: int) -> None:
    assert parse_english(written) == value


@pytest.mark.parametrize("written", ["", "a", "and five", "five and", "one two", "thousand million", "third"])
def test_english_words_that_are_no_number_are_refused(written: str) -> None:
    assert parse_english(written) is None
