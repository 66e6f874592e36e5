from decimal import Decimal

import pytest

from builders import moment
from clawback.model.moments import Precision
from clawback.model.money import Amount
from clawback.model.writing import amount_en, amount_zh, iso, moment_en, moment_zh


@pytest.mark.parametrize(
    ("when", "machine", "chinese", "english"),
    [
        ("2026-09-10", "2026-09-10", "2026年9月10日", "10 September 2026"),
        (
            "2026-09-10T09:05",
            "2026-09-10T09:05+08:00",
            "2026年9月10日 09:05（北京时间）",
            "10 September 2026, 09:05 (UTC+08:00)",
        ),
        (
            "2026-09-10T09:05:07+01:00",
            "2026-09-10T09:05:07+01:00",
            "2026年9月10日 09:05:07（UTC+01:00）",
            "10 September 2026, 09:05:07 (UTC+01:00)",
        ),
    ],
)
def test_a_moment_is_written_to_the_precision_that_is_known(
    when: str, machine: str, chinese: str, english: str
) -> None:
    known = moment(when)
    assert (iso(known), moment_zh(known), moment_en(known)) == (machine, chinese, english)


def test_a_day_is_never_padded_to_midnight() -> None:
    day = moment("2026-09-10")
    assert day.precision is Precision.DAY
    assert ":" not in iso(day) + moment_zh(day) + moment_en(day)


@pytest.mark.parametrize(
    ("value", "currency", "chinese", "english"),
    [
        ("12000", "CNY", "12,000.00元", "CNY 12,000.00"),
        ("0.5", "BTC", "0.50 BTC", "BTC 0.50"),
        ("500.123456", "USDT", "500.123456 USDT", "USDT 500.123456"),
        ("1500", "JPY", "1,500 JPY", "JPY 1,500"),
        ("85", "GBP", "85.00英镑", "£85.00"),
    ],
)
def test_an_amount_keeps_every_digit_and_its_currency(
    value: str, currency: str, chinese: str, english: str
) -> None:
    amount = Amount(Decimal(value), currency)
    assert (amount_zh(amount), amount_en(amount)) == (chinese, english)
