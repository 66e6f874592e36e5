"""Figures in running text; expected values by hand. The property that the gate lives on: none is missed."""

from __future__ import annotations

import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.figures import Script, find_figures
from clawback.model.numerals import DIGIT_VALUES, write_capital_rmb, write_chinese


def values(text: str) -> list[str]:
    return [f"{figure.value:f}" for figure in find_figures(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("共计人民币壹万贰仟元整（¥12,000.00）", ["12000", "12000.00"]),
        ("叁佰元零伍分，两千三百五", ["300.05", "2350"]),
        ("2026年3月1日14:05:09", ["2026", "3", "1", "14", "5", "9"]),
        ("二〇二六年三月一日下午两点零五分", ["2026", "3", "1", "2", "5"]),
        ("三点五万元", ["35000"]),
        ("转账3万5给尾号1234", ["35000", "1234"]),
        ("4万9千8", ["49800"]),
        ("3000，5000，１２，３４５．６元", ["3000", "5000", "12345.6"]),
        ("three thousand and fifty pounds", ["3050"]),
        ("one two three", ["1", "2", "3"]),
        ("共three thousand元，3k元", ["3000", "3000"]),
        ("35k or 1.2 million", ["35000", "1200000"]),
        ("192.168.1.10", ["192", "168", "1", "10"]),
        ("T20260301AB12", ["20260301", "12"]),
        ("周一三万五", ["1", "35000"]),
        ("3万50", ["30000", "50"]),
        ("3块5毛", ["3.5"]),
        ("½ ③", ["0.5", "3"]),
        ("٣٤", ["34"]),
        ("3 150", ["3", "150"]),
        ("没有数", []),
    ],
)
def test_every_script_gives_its_figures(text: str, expected: list[str]) -> None:
    assert [Decimal(value) for value in values(text)] == [Decimal(value) for value in expected]


def test_positions_and_text_are_those_of_the_original() -> None:
    text = "共￥３，０００．００元，壹万贰仟元整"
    first, second = find_figures(text)
    assert text[first.start : first.end] == first.text == "３，０００．００"
    assert (second.text, second.script) == ("壹万贰仟", Script.CAPITAL)


def test_mere_words_are_marked_not_left_out() -> None:
    assert [(figure.text, figure.wordlike) for figure in find_figures("统一转三万，one of them")] == [
        ("一", True),
        ("三万", False),
        ("one", True),
    ]


@given(st.text(alphabet="0123456789０９一二三两万千百十亿零点元角分,.，。 年kab壹贰½", max_size=80))
def test_no_digit_character_is_ever_outside_a_figure(text: str) -> None:
    figures = find_figures(text)
    covered = {place for figure in figures for place in range(figure.start, figure.end)}
    missed = [c for at, c in enumerate(text) if at not in covered and (c.isdigit() or c in DIGIT_VALUES)]
    assert [c for c in missed if c not in "零两"] == []  # 零 and 两 alone may glue or count
    assert all(text[figure.start : figure.end] == figure.text for figure in figures)


@given(st.integers(min_value=10, max_value=10**12))
def test_a_figure_is_found_in_every_way_of_writing_it(value: int) -> None:
    for written in (str(value), f"{value:,}", write_chinese(value), write_capital_rmb(Decimal(value))):
        assert [f.value for f in find_figures(f"金额：{written}，已付")] == [Decimal(value)]


@pytest.mark.parametrize(
    "piece",
    [
        "一",
        "1,",
        "1",
        "one ",
        "百千",
        "1 million",
        "点一",
        "1,234",
        "一1",
        "1万",
        "一元零",
        "1元0",
        "a hundred ",
    ],
)
def test_hostile_text_is_searched_in_linear_time(piece: str) -> None:
    begin = time.process_time()
    find_figures(piece * (60_000 // len(piece)))
    assert time.process_time() - begin < 5
