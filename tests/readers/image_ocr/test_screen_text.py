from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.moments import Precision, ZoneBasis
from clawback.readers.screen_text import Clock, is_vague_time, parse_clock, parse_figure, parse_moment


@pytest.mark.parametrize(
    ("text", "sign", "value", "currency"),
    [
        ("-3,268.00", "-", "3268.00", None),
        ("¥20,000.00", "", "20000.00", "CNY"),
        ("￥ 88.5", "", "88.5", "CNY"),
        ("-¥12.00", "-", "12.00", "CNY"),
        ("¥-12.00", "-", "12.00", "CNY"),
        ("+0.01元", "+", "0.01", "CNY"),
        ("£1,250.00", "", "1250.00", "GBP"),
        ("-500.00 USDT", "-", "500.00", "USDT"),
        ("0.00000001 BTC", "", "0.00000001", "BTC"),
        ("−45.10", "-", "45.10", None),
    ],
)
def test_amounts_as_screens_print_them(text: str, sign: str, value: str, currency: str | None) -> None:
    figure = parse_figure(text)
    assert figure is not None
    assert (figure.sign, figure.value, figure.currency) == (sign, Decimal(value), currency)


@pytest.mark.parametrize(
    "text",
    ["", "已付¥20", "1,23.00", "12,3456.00", "¥1 USDT", "12:30", "2026-10-08", "1.2.3", "$5.00"],
)
def test_what_is_not_wholly_one_amount_is_none(text: str) -> None:
    assert parse_figure(text) is None


@pytest.mark.parametrize(
    ("text", "iso", "precision"),
    [
        ("2026-10-08 21:17:45", "2026-10-08T21:17:45+08:00", Precision.SECOND),
        ("2026-10-0821:17:45", "2026-10-08T21:17:45+08:00", Precision.SECOND),
        ("2026年10月3日 14:05", "2026-10-03T14:05:00+08:00", Precision.MINUTE),
        ("2026年10月3日14:05", "2026-10-03T14:05:00+08:00", Precision.MINUTE),
        ("2026年10月3日 星期六 下午2:05", "2026-10-03T14:05:00+08:00", Precision.MINUTE),
        ("2026/10/3", "2026-10-03T00:00:00+08:00", Precision.DAY),
        ("12 Oct 2026, 14:05", "2026-10-12T14:05:00+08:00", Precision.MINUTE),
        ("Oct 12, 2026 at 2:05 PM", "2026-10-12T14:05:00+08:00", Precision.MINUTE),
        ("3 October 2026", "2026-10-03T00:00:00+08:00", Precision.DAY),
    ],
)
def test_full_dates(text: str, iso: str, precision: Precision) -> None:
    moment = parse_moment(text, "Asia/Shanghai", ZoneBasis.ASSUMED)
    assert moment is not None
    assert (moment.instant.isoformat(), moment.precision) == (iso, precision)


@pytest.mark.parametrize(
    "text", ["昨天 20:15", "14:05", "10月3日 14:05", "星期三", "Yesterday", "下午2:05", "October 3"]
)
def test_times_that_leave_something_out_are_vague_and_no_moment(text: str) -> None:
    assert is_vague_time(text)
    assert parse_moment(text, "Asia/Shanghai", ZoneBasis.ASSUMED) is None


@pytest.mark.parametrize(
    "text", ["2026-02-30 10:00", "2026-13-01", "2026-10-08 25:00", "2026年10月3日 上午15:05"]
)
def test_impossible_dates_are_none(text: str) -> None:
    assert parse_moment(text, "Asia/Shanghai", ZoneBasis.ASSUMED) is None


def test_clock_of_a_bubble() -> None:
    assert parse_clock("20:03") == Clock(20, 3)
    assert parse_clock("8:03 PM") == Clock(20, 3)
    assert parse_clock("20:73") is None


@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    parse_figure(text)
    parse_clock(text)
    is_vague_time(text)
    parse_moment(text, "Asia/Shanghai", ZoneBasis.ASSUMED)


@given(st.decimals(min_value=0, max_value=10**9, places=2))
def test_a_grouped_figure_reads_back_exactly(value: Decimal) -> None:
    figure = parse_figure(f"¥{value:,.2f}")
    assert figure is not None
    assert figure.value == value
