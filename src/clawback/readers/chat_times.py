"""Dates and times as chat exports write them, and which of day and month comes first.

An export writes all its stamps in one form. `02/12/24` alone has two readings, so the order is decided
over the whole file: by a part above 12, by the lines being in time order, by the dates in the names of
attached files, by the separator (no locale of CLDR puts the month first with full stops). What remains open
is read in the likelier order and reported.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from itertools import groupby, pairwise
from zoneinfo import ZoneInfo

from clawback.model.moments import Moment, Precision, ZoneBasis

_BEFORE_NOON = (
    "上午", "凌晨", "清晨", "早上", "오전", "午前", "am", "a.m.", "a. m.", "a.m", "ص", "π.μ.", "sa", "öö",
    "पूर्वाह्न", "de.", "ante meridiem",
)  # fmt: skip
_AFTER_NOON = (
    "下午", "中午", "傍晚", "晚上", "오후", "午後", "pm", "p.m.", "p. m.", "p.m", "م", "μ.μ.", "ch", "ös",
    "अपराह्न", "du.", "post meridiem",
)  # fmt: skip
_NOON_WORD = "中午"
HALVES = "|".join(re.escape(word) for word in sorted((*_BEFORE_NOON, *_AFTER_NOON), key=len, reverse=True))
"""Alternatives of a pattern: the words that tell morning from afternoon, in many languages."""

_DATE = (
    r"(?P<a>\d{1,4})(?P<sep>\s?[./\-]\s?|\s?[年년]\s?)(?P<b>\d{1,2})(?:\s?[./\-]\s?|\s?[月월]\s?)(?P<c>\d{1,4})"
    r"(?:\s?[日일]|\s?г?\.)?"
)
_WEEKDAY = r"(?:[,،]?\s?\([^()\d]{1,10}\)|[,،]?\s?（[^（）\d]{1,10}）)?"
_TIME = (
    rf"(?:(?P<pre>{HALVES})\s?)?"
    r"(?P<h>\d{1,2})(?:[:.]|\sh\s)(?P<m>\d{2})(?:[:.](?P<s>\d{2}))?"
    rf"(?:\s?(?P<post>{HALVES})(?=$|[\s\]:,)）])|\s?(?:Uhr|ч\.))?"
)
_BETWEEN = r"(?:[,،]\s?|\s)(?:(?:klo|kl\.|um|at|à|às|a las|ore|om|o)\s)?"

STAMP = _DATE + _WEEKDAY + _BETWEEN + _TIME
"""Pattern of one stamp, for use with re.IGNORECASE on a line whose odd spaces are plain ones."""

STAMP_TIME_FIRST = rf"{_TIME},?\s{_DATE}"
"""The same where the time stands first (Vietnamese phones)."""

_EARLIEST = date(2009, 1, 1)
"""An order of day, month and year that would put a chat before WhatsApp (2009) is not the right one."""

_FIRST_CHATS = date(1999, 1, 1)
"""No date before this is read: it belongs to another calendar, or is damaged. QQ is from 1999."""

ORDERS = ("YMD", "DMY", "MDY")


@dataclass(frozen=True, slots=True)
class Stamp:
    """One stamp as written: the three date parts in order, and the time. `half`: "am", "pm", "noon" or
    None for a 24-hour clock. `second` None: not written."""

    parts: tuple[str, str, str]
    separator: str
    hour: int
    minute: int
    second: int | None
    half: str | None

    @property
    def shape(self) -> tuple[str, int, int, bool, bool]:
        """What all stamps of one export have in common."""
        first, last = (4 if len(part) > 2 else 2 for part in (self.parts[0], self.parts[2]))
        return self.separator, first, last, self.second is not None, self.half is not None

    def day(self, order: str) -> date | None:
        """The date when read as `order` ("YMD", "DMY", "MDY"), or None when that is no date."""
        year, month, day = (self.parts[order.index(letter)] for letter in "YMD")
        if len(year) not in (2, 4) or max(len(month), len(day)) > 2:
            return None
        try:
            return date(int(year) + (2000 if len(year) == 2 else 0), int(month), int(day))
        except ValueError:
            return None

    def clock(self) -> tuple[int, int, int] | None:
        """Hour, minute, second on a 24-hour clock, or None when the parts contradict each other."""
        hour = _full_hour(self.hour, self.half)
        if hour is None or self.minute > 59 or (self.second or 0) > 59:
            return None
        return hour, self.minute, self.second or 0

    def moment(self, order: str, zone: str, basis: ZoneBasis) -> Moment | None:
        """The moment when the date is read as `order`; None when that is not a time."""
        day, clock = self.day(order), self.clock()
        if day is None or clock is None or day < _FIRST_CHATS:
            return None
        precision = Precision.SECOND if self.second is not None else Precision.MINUTE
        return local_moment(datetime(day.year, day.month, day.day, *clock), precision, zone, basis)  # noqa: DTZ001


@dataclass(frozen=True, slots=True)
class DateOrder:
    """How the dates of one file are read. `proven` False: another order fits as well."""

    order: str
    proven: bool


def stamp_of(match: re.Match[str]) -> Stamp:
    """The stamp of a match of STAMP."""
    half = half_of(match["pre"] or match["post"])
    second = int(match["s"]) if match["s"] else None
    parts = (match["a"], match["b"], match["c"])
    return Stamp(parts, match["sep"].strip(), int(match["h"]), int(match["m"]), second, half)


def local_moment(naive: datetime, precision: Precision, zone: str, basis: ZoneBasis) -> Moment:
    """A moment from a clock reading in `zone` (IANA), kept with the offset that held there then."""
    offset = naive.replace(tzinfo=ZoneInfo(zone)).utcoffset() or timedelta(0)
    return Moment(naive.replace(tzinfo=timezone(offset)), precision, basis)


def decide_order(
    stamps: Sequence[Stamp],
    zone: str,
    last: date,
    dated_names: Iterable[tuple[Stamp, date]] = (),
) -> DateOrder:
    """The order in which the dates of a file are to be read.

    `last`: dates after it do not count as possible (the day after opening). `dated_names`: stamps with
    the date in the name of the file attached there.
    """
    stamps = [next(run) for _, run in groupby(stamps, key=lambda stamp: stamp.parts)]
    fitting = _most_fitting(stamps, last)
    if len(fitting) > 1:
        fitting = _in_time_order(stamps, fitting)
    if len(fitting) > 1:
        fitting = _by_names(list(dated_names), fitting)
    if len(fitting) > 1 and all(stamp.separator == "." for stamp in stamps) and "DMY" in fitting:
        fitting = ["DMY"]
    if len(fitting) > 1 and _same_days(stamps, fitting):
        fitting = fitting[:1]
    if len(fitting) == 1:
        return DateOrder(fitting[0], proven=True)
    return DateOrder(_likelier(stamps, zone, fitting), proven=False)


def _most_fitting(stamps: Sequence[Stamp], last: date) -> list[str]:
    """The orders under which the most stamps are possible dates."""
    counts = {order: sum(_possible(stamp.day(order), last) for stamp in stamps) for order in ORDERS}
    most = max(counts.values())
    if most == 0:
        return [order for order in ORDERS if any(stamp.day(order) for stamp in stamps)]
    return [order for order in ORDERS if counts[order] == most]


def _possible(day: date | None, last: date) -> bool:
    return day is not None and _EARLIEST <= day <= last


def _in_time_order(stamps: Sequence[Stamp], orders: list[str]) -> list[str]:
    """The orders with the fewest steps back by more than a day: an export is written in time order."""
    steps = {}
    for order in orders:
        days = [day for stamp in stamps if (day := stamp.day(order))]
        steps[order] = sum(after < before - timedelta(days=1) for before, after in pairwise(days))
    fewest = min(steps.values())
    return [order for order in orders if steps[order] == fewest]


def _by_names(dated: list[tuple[Stamp, date]], orders: list[str]) -> list[str]:
    """The orders that agree with the dates that the app wrote into the names of attached files."""
    near = timedelta(days=1)
    counts = {
        order: sum(abs(day - named) <= near for stamp, named in dated if (day := stamp.day(order)))
        for order in orders
    }
    most = max(counts.values())
    return [order for order in orders if counts[order] == most]


def _same_days(stamps: Sequence[Stamp], orders: list[str]) -> bool:
    return all(len({stamp.day(order) for order in orders}) == 1 for stamp in stamps)


def _likelier(stamps: Sequence[Stamp], zone: str, fitting: list[str]) -> str:
    """Only when nothing is proven: leading zeros are not written by month-first locales (CLDR "M/d/yy"); a
    chat of a few days is likelier than one of years; else the habit of the assumed place."""
    candidates = fitting or list(ORDERS)
    padded = any(part.startswith("0") for stamp in stamps for part in stamp.parts[:2])
    if padded and "DMY" in candidates and "MDY" in candidates:
        candidates = [order for order in candidates if order != "MDY"]
    spans = {order: _span(stamps, order) for order in candidates}
    shortest = min(candidates, key=lambda order: spans[order])
    if all(spans[order] > 3 * spans[shortest] for order in candidates if order != shortest):
        return shortest
    month_first = zone.startswith(("America/", "US/")) or any(stamp.half for stamp in stamps)
    preferred = "MDY" if month_first and not padded else "DMY"
    return preferred if preferred in candidates else candidates[0]


def _span(stamps: Sequence[Stamp], order: str) -> int:
    """Days from the earliest to the latest date, plus one."""
    days = [day for stamp in stamps if (day := stamp.day(order))]
    return (max(days) - min(days)).days + 1 if days else 1


def half_of(word: str | None) -> str | None:
    """ "am", "pm" or "noon" for one of the words of HALVES; None for none."""
    if word is None:
        return None
    if word == _NOON_WORD:
        return "noon"
    return "am" if word.lower() in _BEFORE_NOON else "pm"


def _full_hour(hour: int, half: str | None) -> int | None:
    """The hour of a 24-hour clock; None when `hour` and `half` cannot both be right."""
    if half is None:
        return hour if hour <= 23 else None
    if half == "noon":
        return {11: 11, 12: 12, 1: 13, 13: 13}.get(hour)
    if half == "am":
        return hour % 12 if hour <= 12 else None
    if hour > 12:
        return hour if hour <= 23 else None
    return hour % 12 + 12
