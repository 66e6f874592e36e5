"""What a person types is read strictly, kept in one form, and never guessed at."""

from __future__ import annotations

from datetime import datetime

import pytest

from clawback.desk.typedfacts import Frame, in_crisis, read_typed, today_in

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
CN, GB = Frame.of("cn", NOW), Frame.of("gb", NOW)


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("12000", "12000.00 CNY"),
        ("12,000.00", "12000.00 CNY"),
        ("1.2万", "12000.00 CNY"),
        ("１２０００元", "12000.00 CNY"),
        ("一万二", "12000.00 CNY"),
        ("壹万贰仟元整", "12000.00 CNY"),
        ("500 USDT", "500.00 USDT"),
        ("£85", "85.00 GBP"),
    ],
)
def test_a_sum_is_kept_with_its_currency(typed: str, kept: str) -> None:
    found = read_typed({"amount": typed}, CN)
    assert (found.facts, found.wrong) == ({"amount": kept}, {})


@pytest.mark.parametrize("typed", ["很多", "12000 左右", "0", "-5", "1 2 3", "12000 和 500"])
def test_a_sum_that_is_unclear_is_asked_again(typed: str) -> None:
    found = read_typed({"amount": typed}, CN)
    assert (found.facts, found.wrong) == ({}, {"amount": "amount"})


def test_a_bare_figure_is_in_the_currency_of_the_place_or_the_one_chosen() -> None:
    assert read_typed({"amount": "85"}, GB).facts == {"amount": "85.00 GBP"}
    assert read_typed({"amount": "85", "currency": "HKD"}, CN).facts == {"amount": "85.00 HKD"}


@pytest.mark.parametrize(
    ("day", "clock", "kept"),
    [
        ("2026-11-20", "09:40", "2026-11-20T09:40+08:00"),
        ("2026年11月20日", "9:40", "2026-11-20T09:40+08:00"),
        ("20 November 2026", "09:40", "2026-11-20T09:40+08:00"),
        ("2026-11-20", "09:40:12", "2026-11-20T09:40:12+08:00"),
        ("2026-11-20", "", "2026-11-20"),
    ],
)
def test_a_time_is_kept_as_exactly_as_it_was_said(day: str, clock: str, kept: str) -> None:
    assert read_typed({"day": day, "clock": clock}, CN).facts == {"moment": kept}


@pytest.mark.parametrize(
    ("day", "clock", "why"),
    [
        ("", "09:40", "day"),
        ("昨天", "", "moment"),
        ("2026-11-20", "25:00", "moment"),
        ("2026-11-21", "", "future"),
    ],
)
def test_a_time_that_cannot_be_is_asked_again(day: str, clock: str, why: str) -> None:
    found = read_typed({"day": day, "clock": clock}, CN)
    assert (found.facts, found.wrong) == ({}, {"moment": why})


def test_an_account_is_kept_without_the_spaces_it_was_pasted_with() -> None:
    assert (
        read_typed({"payee_account": " 6222 0000-0000 0009 "}, CN).facts["payee_account"]
        == "6222000000000009"
    )
    assert (
        read_typed({"payee_account": "shop@样本.example"}, CN).facts["payee_account"] == "shop@样本.example"
    )


@pytest.mark.parametrize("typed", ["验证码 739154", "密码是 abc123", "739154", "CVV: 123"])
def test_a_code_is_thrown_away(typed: str) -> None:
    found = read_typed({"payee_name": typed}, CN)
    assert found.facts == {}
    assert found.wrong == {"payee_name": "code"}
    assert found.discarded == ["payee_name"]


def test_a_reference_may_be_short_and_bare() -> None:
    assert read_typed({"reference": "739154"}, CN).facts == {"reference": "739154"}


def test_only_methods_that_exist_are_kept() -> None:
    assert read_typed({"method": "alipay"}, CN).facts == {"method": "alipay"}
    assert read_typed({"method": "pigeon"}, CN).wrong == {"method": "method"}


def test_words_of_crisis_are_found_in_either_language() -> None:
    assert in_crisis({"a": "我不想活了"}, "cn", "gb")
    assert in_crisis({"a": "I want to end it all"}, "gb")
    assert not in_crisis({"a": "我想把钱追回来"}, "cn", "gb")


def test_today_is_the_day_where_the_account_is() -> None:
    late = datetime.fromisoformat("2026-11-20T02:00:00+08:00")
    assert today_in("Asia/Shanghai", late) == "2026-11-20"
    assert today_in("Europe/London", late) == "2026-11-19"
