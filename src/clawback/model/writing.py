"""How amounts and moments are written for a person, the same in every paper and on every screen."""

from __future__ import annotations

from datetime import timedelta

from clawback.model.moments import Moment, Precision
from clawback.model.money import Amount

_CUT = {Precision.YEAR: 4, Precision.MONTH: 7, Precision.DAY: 10, Precision.HOUR: 13, Precision.MINUTE: 16}
_COARSE = frozenset({Precision.YEAR, Precision.MONTH, Precision.DAY})
_UNITS_ZH = {"CNY": "元", "GBP": "英镑", "USD": "美元", "HKD": "港元", "EUR": "欧元"}
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip  # strftime would follow the machine's language


def iso(moment: Moment) -> str:
    """ISO 8601 with offset, cut to what the evidence states: 2026-09-10T21:05+08:00, 2026-09-10."""
    text = moment.instant.strftime("%Y-%m-%dT%H:%M:%S")[: _CUT.get(moment.precision, 19)]
    return text if moment.precision in _COARSE else text + _offset(moment)


def moment_zh(moment: Moment) -> str:
    """2026年9月10日 21:05（北京时间）, 2026年9月10日, 2026年9月: never padded with what is not known."""
    at = moment.instant
    day = f"{at.year}年{at.month}月{at.day}日"
    coarse = {Precision.YEAR: f"{at.year}年", Precision.MONTH: f"{at.year}年{at.month}月", Precision.DAY: day}
    zone = "北京时间" if at.utcoffset() == timedelta(hours=8) else f"UTC{_offset(moment)}"
    return coarse.get(moment.precision, f"{day} {_clock(moment)}（{zone}）")


def moment_en(moment: Moment) -> str:
    """10 September 2026, 21:05 (UTC+08:00); 10 September 2026; September 2026."""
    at = moment.instant
    month = f"{_MONTHS[at.month - 1]} {at.year}"
    coarse = {Precision.YEAR: str(at.year), Precision.MONTH: month, Precision.DAY: f"{at.day} {month}"}
    return coarse.get(moment.precision, f"{at.day} {month}, {_clock(moment)} (UTC{_offset(moment)})")


def figure(amount: Amount) -> str:
    """The figure with thousands commas and the currency's usual digits: 12,000.00."""
    whole, point, fraction = amount.text.partition(".")
    return f"{int(whole):,}{point}{fraction}"


def amount_zh(amount: Amount) -> str:
    """12,000.00元, 500.00 USDT."""
    unit = _UNITS_ZH.get(amount.currency)
    return f"{figure(amount)}{unit}" if unit else f"{figure(amount)} {amount.currency}"


def amount_en(amount: Amount) -> str:
    """CNY 12,000.00, £85.00."""
    return f"£{figure(amount)}" if amount.currency == "GBP" else f"{amount.currency} {figure(amount)}"


def _clock(moment: Moment) -> str:
    forms = {Precision.HOUR: "%H:00", Precision.MINUTE: "%H:%M"}
    return moment.instant.strftime(forms.get(moment.precision, "%H:%M:%S"))


def _offset(moment: Moment) -> str:
    offset = moment.instant.strftime("%z")
    return f"{offset[:3]}:{offset[3:5]}"
