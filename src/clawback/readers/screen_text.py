"""Amounts and times as screens print them. Whole strings only: a figure inside a sentence is not ours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount

_SIGNS = {"¥": "CNY", "￥": "CNY", "元": "CNY", "£": "GBP", "€": "EUR"}
# "$" stands for a score of currencies and is left out on purpose.
_CODES = ("CNY", "GBP", "USD", "EUR", "HKD", "USDT", "USDC", "BTC", "ETH", "TRX")
_MARK = r"(?:[¥￥£€元]|" + "|".join(_CODES) + ")"
_AMOUNT = re.compile(
    rf"(?P<sign>[-+−–]?)\s?(?P<before>{_MARK})?\s?(?P<inner>[-+−–]?)"
    r"(?P<figure>\d{1,3}(?:,\d{3}){1,5}(?:\.\d{1,8})?|\d{1,15}(?:\.\d{1,8})?)"
    rf"\s?(?P<after>{_MARK})?"
)


@dataclass(frozen=True, slots=True)
class Figure:
    """An amount as printed. `sign`: "-", "+" or "". `currency` None: no mark stands beside it."""

    sign: str
    value: Decimal
    currency: str | None
    decimals: bool

    def amount(self, otherwise: str | None = None) -> Amount | None:
        """As an Amount; `otherwise` is the currency that the page's own format fixes."""
        currency = self.currency or otherwise
        return Amount(self.value, currency) if currency else None


def parse_figure(text: str) -> Figure | None:
    """The amount that `text` is, or None when it is anything else or carries two different marks."""
    found = _AMOUNT.fullmatch(text.strip())
    if not found:
        return None
    marks = {_SIGNS.get(mark, mark) for mark in (found["before"], found["after"]) if mark}
    if len(marks) > 1:
        return None
    sign = (found["sign"] or found["inner"]).translate(str.maketrans("−–", "--"))
    figure = found["figure"].replace(",", "")
    return Figure(sign, Decimal(figure), next(iter(marks), None), "." in figure)


_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("jan", "january"), ("feb", "february"), ("mar", "march"), ("apr", "april"), ("may",),
            ("jun", "june"), ("jul", "july"), ("aug", "august"), ("sep", "sept", "september"),
            ("oct", "october"), ("nov", "november"), ("dec", "december"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip

_CLOCK = (
    r"(?P<half>凌晨|早上|上午|中午|下午|晚上)?\s?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2}))?"
    r"\s?(?P<ampm>[AaPp]\.?[Mm]\.?)?"
)
_DAYS = (
    r"(?P<year>\d{4})\s?[-/.年]\s?(?P<month>\d{1,2})\s?[-/.月]\s?(?P<day>\d{1,2})\s?日?",
    r"(?:(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?,?\s?)?"
    r"(?P<day>\d{1,2})\s?(?P<monthname>[A-Za-z]{3,9})\.?,?\s?(?P<year>\d{4})",
    r"(?P<monthname>[A-Za-z]{3,9})\.?\s?(?P<day>\d{1,2}),?\s?(?P<year>\d{4})",
)
_BETWEEN = r"(?:\s?(?:星期|周)[一二三四五六日天])?[,，]?\s?(?:at\s|\()?"
_FULL = tuple(re.compile(rf"{day}(?:{_BETWEEN}{_CLOCK})?\)?") for day in _DAYS)
_VAGUE = re.compile(
    r"(?:(?:昨天|前天|今天|Yesterday|Today|(?:星期|周)[一二三四五六日天]|\d{1,2}\s?月\s?\d{1,2}\s?日"
    r"|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|[A-Z][a-z]{2,8} \d{1,2}|\d{1,2} [A-Z][a-z]{2,8})"
    rf"\s?[,，]?\s?)?(?:{_CLOCK})?",
    re.IGNORECASE,
)
_ONLY_CLOCK = re.compile(_CLOCK)


@dataclass(frozen=True, slots=True)
class Clock:
    """A time of day without its day."""

    hour: int
    minute: int


def parse_moment(text: str, zone: str, basis: ZoneBasis) -> Moment | None:
    """The moment that `text` is when it states year, month and day; None otherwise. Never fills a gap."""
    for pattern in _FULL:
        if found := pattern.fullmatch(text.strip()):
            return _moment(found, ZoneInfo(zone), basis)
    return None


def is_vague_time(text: str) -> bool:
    """Is `text` a time line that leaves out the day or the year (昨天 20:15, 14:05, 10月3日)?"""
    return bool(text.strip()) and _VAGUE.fullmatch(text.strip()) is not None


def parse_clock(text: str) -> Clock | None:
    """The time of day that `text` is, or None."""
    found = _ONLY_CLOCK.fullmatch(text.strip())
    hour = _hour(found) if found else None
    if found is None or hour is None or int(found["minute"]) > 59:
        return None
    return Clock(hour, int(found["minute"]))


def at_clock(day: Moment, clock: Clock) -> Moment:
    """The minute `clock` on the day of `day`, in the same zone."""
    instant = day.instant.replace(hour=clock.hour, minute=clock.minute, second=0)
    return Moment(instant, Precision.MINUTE, day.zone_basis)


def _moment(found: re.Match[str], zone: ZoneInfo, basis: ZoneBasis) -> Moment | None:
    parts = found.groupdict()
    month = int(parts["month"]) if parts.get("month") else _MONTHS.get(parts["monthname"].lower())
    if month is None:
        return None
    hour = _hour(found) if parts["hour"] else 0
    if hour is None:
        return None
    try:
        instant = datetime(
            int(parts["year"]), month, int(parts["day"]), hour,
            int(parts["minute"] or 0), int(parts["second"] or 0), tzinfo=zone,
        )  # fmt: skip
    except ValueError:
        return None
    precision = Precision.SECOND if parts["second"] else Precision.MINUTE if parts["hour"] else Precision.DAY
    return Moment(instant, precision, basis)


def _hour(found: re.Match[str]) -> int | None:
    """24-hour value, or None when the words contradict the figure (下午 15:05 is fine, 上午 15:05 is not)."""
    hour, half = int(found["hour"]), found["half"]
    ampm = (found["ampm"] or "").replace(".", "").lower()
    late = ampm == "pm" or half in ("下午", "晚上") or (half == "中午" and hour < 11)
    early = ampm == "am" or half in ("凌晨", "早上", "上午")
    if hour > 23 or (ampm and hour > 12) or (early and hour > 12):
        return None
    if late and hour < 12:
        return hour + 12
    return 0 if early and hour == 12 else hour
