"""Dates and times in running text, Chinese and English, as exactly as they are stated and no more.

`find_dates` gives every date with all its possible readings, for checking papers; `find_moments` gives only
what has one reading, as a `Moment` with the precision that the words carry.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.numerals import parse_chinese, parse_english
from clawback.model.runningtext import pieces, plain

FIRST_YEAR, LAST_YEAR = 1900, 2199
"""Years that a four-digit group is taken for."""


@dataclass(frozen=True, slots=True)
class PartialDate:
    """A date as written; None: that part is not stated. Not checked against the calendar."""

    year: int | None
    month: int | None
    day: int | None


@dataclass(frozen=True, slots=True)
class DateMention:
    """A date in a text. `readings`: one, or two where day and month cannot be told apart (01/03/2026)."""

    readings: tuple[PartialDate, ...]
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class MomentMention:
    """A time in a text, read in one certain way."""

    moment: Moment
    start: int
    end: int
    text: str


_START, _END = "(?<![A-Za-z])", "(?![A-Za-z0-9])"
# not \b: Chinese characters count as word characters, and no space stands between them and Latin ones
_ENGLISH_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?:Jan(?:uary)?|Feb(?:ruary)?|Mar(?:ch)?|Apr(?:il)?|May|June?|July?|Aug(?:ust)?|Sept?(?:ember)?"
    rf"|Oct(?:ober)?|Nov(?:ember)?|Dec(?:ember)?){_END}\.?"
)
_ZH_DAY = "(?:[0-9]{1,2}|[一二三四五六七八九十廿卅]{1,3})"
_ZH_YEAR = "(?:[0-9]{4}|[零〇○一二三四五六七八九]{4})"
_YEAR = "(?:19|20|21)[0-9]{2}"
_DATE = (
    rf"(?P<zy>(?<![0-9]){_ZH_YEAR})\s?年(?:\s?(?P<zm>{_ZH_DAY})\s?月(?:份|\s?(?P<zd>{_ZH_DAY})\s?[日号])?)?"
    rf"|(?P<xm>(?<![0-9个]){_ZH_DAY})\s?月\s?(?P<xd>{_ZH_DAY})\s?[日号]"
    rf"|(?P<iy>(?<![0-9./-]){_YEAR})(?P<sep>[-/.])(?P<im>[0-9]{{1,2}})(?P=sep)(?P<id>[0-9]{{1,2}})(?![0-9])"
    rf"|(?P<cy>(?<![0-9A-Za-z.]){_YEAR})(?P<cm>0[1-9]|1[0-2])(?P<cd>0[1-9]|[12][0-9]|3[01])"
    r"(?![0-9A-Za-z]|[.,][0-9])"
    rf"|(?P<na>(?<![0-9./-])[0-9]{{1,2}})(?P<nsep>[-/.])(?P<nb>[0-9]{{1,2}})(?P=nsep)(?P<ny>{_YEAR})(?![0-9])"
    rf"|(?P<ed>(?<![0-9.,])[0-9]{{1,2}})(?:st|nd|rd|th)?\s(?:of\s)?(?P<em>{_MONTH})"
    rf"(?:,?\s(?P<ey>{_YEAR})(?![0-9]))?"
    rf"|{_START}(?P<fm>{_MONTH})\s(?P<fd>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9]|:[0-9])"
    rf"(?:,?\s(?P<fy>{_YEAR})(?![0-9]))?"
    rf"|{_START}(?P<gm>{_MONTH}),?\s(?P<gy>{_YEAR})(?![0-9])"
)
_DATES = re.compile(_DATE, re.IGNORECASE)
_ANY_DATE_MARK = re.compile(
    rf"年|月|[0-9][-/.][0-9]|{_YEAR}[01][0-9][0-3][0-9]|{_START}{_MONTH}", re.IGNORECASE
)


def find_dates(text: str) -> tuple[DateMention, ...]:
    """Every calendar date of `text`: full, without a year, month only, year only with 年, compact 20260301.

    Relative words (昨天) are not dates. Impossible ones (2月31日) are given as written.
    """
    prepared = plain(text)
    if not _ANY_DATE_MARK.search(prepared):
        return ()
    return tuple(
        DateMention(readings, begin, end, text[begin:end])
        for start, piece in pieces(prepared)
        for found in _DATES.finditer(piece)
        if (readings := _readings(found))
        for begin, end in [(start + found.start(), start + found.end())]
    )


def _number(text: str | None) -> int | None:
    if not text:
        return None
    value = int(text) if text.isdigit() and text.isascii() else parse_chinese(text)
    return None if value is None else int(value)


def _readings(found: re.Match[str]) -> tuple[PartialDate, ...]:
    groups = found.groupdict()
    if groups["na"]:
        if groups["nsep"] == ".":  # with points the day comes first wherever it is written
            return (PartialDate(int(groups["ny"]), int(groups["nb"]), int(groups["na"])),)
        return _numeric(int(groups["na"]), int(groups["nb"]), int(groups["ny"]))
    for letters in ("zy zm zd", "iy im id", "cy cm cd", "fy fm fd", "ey em ed", "gy gm", "xy xm xd"):
        names = letters.split()
        parts = [groups.get(name) for name in names] + [None]
        if parts[0] or parts[1]:
            month = _month(parts[1])
            if (parts[1] and month is None) or (parts[1] in ("may", "mar", "march") and not parts[0]):
                return ()  # "you may 5" is no date
            return (PartialDate(_number(parts[0]), month, _number(parts[2])),)
    return ()


def _month(text: str | None) -> int | None:
    if text and text[0].isascii() and text[0].isalpha():
        return _ENGLISH_MONTHS.index(text[:3].lower()) + 1
    return _number(text)


def _numeric(first: int, second: int, year: int) -> tuple[PartialDate, ...]:
    """01/03/2026: day first and month first, whichever the calendar allows."""
    readings = {PartialDate(year, second, first): second, PartialDate(year, first, second): first}
    possible = tuple(reading for reading, month in readings.items() if 1 <= month <= 12)
    return possible or tuple(readings)


# ---------------------------------------------------------------------------------------------- times

_PARTS = {
    **dict.fromkeys(("凌晨",), "night"),
    **dict.fromkeys(("早上", "早晨", "清晨", "上午", "早"), "am"),
    **dict.fromkeys(("中午",), "noon"),
    **dict.fromkeys(("下午", "傍晚"), "pm"),
    **dict.fromkeys(("晚上", "夜里", "深夜", "晚间", "夜间", "晚", "夜"), "evening"),
}
_PART = "(?:" + "|".join(sorted(_PARTS, key=len, reverse=True)) + ")"
_TWO = "(?:[0-9]{1,2}|[零〇一二三四五六七八九十两]{1,3})"
_ZONE = (
    rf"(?:Z{_END}|\(?(?:UTC|GMT)(?:\s?[+-][0-9]{{1,2}}(?::?[0-9]{{2}})?)?{_END}\)?|[+-][0-9]{{2}}:?[0-9]{{2}}{_END}"
    r"|\(?(?:北京时间|Beijing time)\)?)"
)
_CLOCK = (
    rf"(?P<part>{_PART})?\s?(?:"
    r"(?P<h>[0-2]?[0-9]):(?P<mi>[0-5][0-9])(?::(?P<s>[0-5][0-9])(?:[.,][0-9]+)?)?(?![0-9:])"
    rf"(?:\s?(?P<ap>[ap]\.?m{_END}\.?))?"
    rf"|(?P<zh>{_TWO})\s?(?P<mark>[点點时時])(?![间候])"
    rf"(?:(?P<half>半|整|一刻|三刻)|(?P<zmi>{_TWO})(?![0-9])分?(?:(?P<zs>{_TWO})秒)?)?"
    rf"|(?P<eh>[01]?[0-9])(?:\s?(?P<eap>[ap]\.?m{_END}\.?)))"
    rf"(?:\s?(?P<zone>{_ZONE}))?"
)
_AHEAD = 24
_CLOCK_AHEAD = re.compile(
    r"(?<![0-9:])(?P<h>[0-2]?[0-9]):(?P<mi>[0-5][0-9])(?::(?P<s>[0-5][0-9]))?(?:\s?(?P<ap>[ap]\.?m\.?))?"
    r"(?:,?\s(?:on\s)?(?:the\s)?)$",
    re.IGNORECASE,
)
_COUNT = (
    "(?:[0-9]{1,3}|[一二三四五六七八九十两半]{1,3}|a|an|one|two|three|four|five|six|seven|eight|nine|ten)"
)
_ZH_DAYS = {"大前天": -3, "前天": -2, "昨天": -1, "昨日": -1, "今天": 0, "今日": 0, "明天": 1, "后天": 2}
_ZH_NIGHTS = {
    **{"昨晚": (-1, "晚"), "昨夜": (-1, "晚"), "前晚": (-2, "晚"), "今晚": (0, "晚")},
    **{"今早": (0, "早"), "今晨": (0, "早")},
}
_EN_DAYS = {"the day before yesterday": -2, "yesterday": -1, "today": 0, "tomorrow": 1}
_RELATIVE = (
    rf"(?P<rday>{'|'.join((*_ZH_DAYS, *_ZH_NIGHTS))}|{_START}(?:{'|'.join(_EN_DAYS)}){_END})"
    rf"|(?P<rn>{_COUNT})\s?(?:(?P<runit>天|日|周|个?星期|个月|年|个?小时|分钟)\s?(?:以|之)?前"
    rf"|(?P<eunit>days?|weeks?|months?|years?|hours?|minutes?|mins?)\sago{_END})"
)
_MOMENTS = re.compile(
    rf"(?:(?P<date>{_DATE})|{_RELATIVE})"
    rf"(?:(?:\s{{0,2}}|,?\s?at\s|,\s|\s?[T(]?)(?:(?:周|星期)[一二三四五六日天]\)?\s?)?{_CLOCK})?",
    re.IGNORECASE,
)
_UNITS = {
    **dict.fromkeys(("天", "日", "day", "days"), "day"),
    **dict.fromkeys(("周", "星期", "个星期", "week", "weeks"), "week"),
    **dict.fromkeys(("个月", "month", "months"), "month"),
    **dict.fromkeys(("年", "year", "years"), "year"),
    **dict.fromkeys(("小时", "个小时", "hour", "hours"), "hour"),
    **dict.fromkeys(("分钟", "minute", "minutes", "min", "mins"), "minute"),
}
_ORDER = list(Precision)
_ANY_RELATIVE = re.compile(
    rf"[今昨前明后][天日晚夜早晨]|前|{_START}ago{_END}|day{_END}|tomorrow", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class _Day:
    """A day (or month, or year) that the words name, before the clock is read."""

    date: datetime  # midnight at its start, in its zone
    precision: Precision
    basis: ZoneBasis
    part: str | None = None


def find_moments(text: str, zone: str, base: Moment | None) -> tuple[MomentMention, ...]:
    """Every time of `text` that can be read in one way only.

    `zone`: IANA zone where the text states none (basis ASSUMED). `base`: when the text was written; words
    like 昨天 and dates without a year (the one nearest to `base`) are read from it, and left out when it is
    None or too coarse. A clock time alone, 01/03/2026 and impossible dates are left out; 3月1日2点 without
    上午 or 下午 is read to the day only.
    """
    prepared = plain(text)
    dated = _ANY_DATE_MARK.search(prepared)
    if not dated and (base is None or not _ANY_RELATIVE.search(prepared)):
        return ()
    place = ZoneInfo(zone)
    return tuple(
        MomentMention(moment, start + begin, start + end, text[start + begin : start + end])
        for start, piece in pieces(prepared)
        for moment, begin, end in _moments(piece, place, base)
    )


def _moments(piece: str, place: tzinfo, base: Moment | None) -> Iterator[tuple[Moment, int, int]]:
    """Moment, start, end of each mention; a clock time may stand in front of its day (14:05 on 1 March)."""
    last = 0
    for found in _MOMENTS.finditer(piece):
        moment, begin = _moment(found, place, base), found.start()
        if moment and moment.precision is Precision.DAY and not _has_clock(found):
            ahead = _CLOCK_AHEAD.search(piece, max(last, begin - _AHEAD), begin)
            clock = _clock_ahead(ahead, moment) if ahead else None
            moment, begin = (clock, ahead.start()) if ahead and clock else (moment, begin)
        if moment:
            yield moment, begin, found.end()
        last = found.end()


def _clock_ahead(ahead: re.Match[str], day: Moment) -> Moment | None:
    hour = _half_day(int(ahead["h"]), ahead["ap"]) if ahead["ap"] else int(ahead["h"])
    if hour is None or hour > 23:
        return None
    precision = Precision.SECOND if ahead["s"] else Precision.MINUTE
    clock = day.instant.replace(hour=hour, minute=int(ahead["mi"]), second=int(ahead["s"] or 0))
    return Moment(clock, precision, day.zone_basis)


def _moment(found: re.Match[str], place: tzinfo, base: Moment | None) -> Moment | None:
    try:
        day = _named_day(found, place, base) if found["date"] else _relative_day(found, base)
        return None if day is None else _at_clock(found, day)
    except (ValueError, OverflowError):  # the calendar has no such day
        return None


def _named_day(found: re.Match[str], place: tzinfo, base: Moment | None) -> _Day | None:
    readings = _readings(found)
    if len(readings) != 1:
        return None
    read = readings[0]
    if read.year is None:
        return None if base is None else _nearest_year(read, place, base)
    if not FIRST_YEAR <= read.year <= LAST_YEAR:
        return None
    precision = Precision.DAY if read.day else Precision.MONTH if read.month else Precision.YEAR
    start = datetime(read.year, read.month or 1, read.day or 1, tzinfo=place)
    return _Day(start, precision, ZoneBasis.ASSUMED)


def _nearest_year(read: PartialDate, place: tzinfo, base: Moment) -> _Day | None:
    """The day in the year that brings it closest to `base`: 12月28日 said in January is last year's."""
    if read.month is None or read.day is None or base.precision in (Precision.YEAR, Precision.MONTH):
        return None
    if read.month == 2 and read.day == 29:
        return None  # which leap year is not said
    around = base.instant.astimezone(place)
    days = [datetime(around.year + step, read.month, read.day, tzinfo=place) for step in (-1, 0, 1)]
    nearest = min(days, key=lambda day: abs(day - around))
    return _Day(nearest, Precision.DAY, ZoneBasis.ASSUMED)


def _relative_day(found: re.Match[str], base: Moment | None) -> _Day | None:
    if base is None or _ORDER.index(base.precision) < _ORDER.index(Precision.DAY):
        return None
    midnight = base.instant.replace(hour=0, minute=0, second=0, microsecond=0)
    word = (found["rday"] or "").lower()
    if word in _ZH_NIGHTS:
        shift, part = _ZH_NIGHTS[word]
        return _Day(midnight + timedelta(days=shift), Precision.DAY, base.zone_basis, part)
    if word:
        shift = _ZH_DAYS.get(word, _EN_DAYS.get(word, 0))
        return _Day(midnight + timedelta(days=shift), Precision.DAY, base.zone_basis)
    return _ago(found, base, midnight)


def _ago(found: re.Match[str], base: Moment, midnight: datetime) -> _Day | None:
    count = _count(found["rn"])
    if not count:
        return None
    match _UNITS[(found["runit"] or found["eunit"]).lower()]:
        case "day":
            return _Day(midnight - timedelta(days=count), Precision.DAY, base.zone_basis)
        case "month":
            months = midnight.year * 12 + midnight.month - 1 - count
            start = midnight.replace(year=months // 12, month=months % 12 + 1, day=1)
            return _Day(start, Precision.MONTH, base.zone_basis)
        case "year":
            start = midnight.replace(year=midnight.year - count, month=1, day=1)
            return _Day(start, Precision.YEAR, base.zone_basis)
        case "hour" | "minute" as unit:
            return _shortly_ago(base, count, Precision(unit))
    return None  # 一周前: a week is said loosely, and no precision stands for it


def _shortly_ago(base: Moment, count: int, unit: Precision) -> _Day | None:
    if _ORDER.index(base.precision) < _ORDER.index(unit):
        return None
    step = timedelta(hours=count) if unit is Precision.HOUR else timedelta(minutes=count)
    at = base.instant - step
    start = at.replace(second=0, microsecond=0, minute=0 if unit is Precision.HOUR else at.minute)
    return _Day(start, unit, base.zone_basis)


def _count(text: str) -> int | None:
    if text.isascii() and text.isdigit():
        return int(text)
    if text.lower() in ("a", "an"):
        return 1
    value = parse_english(text) if text.isascii() else parse_chinese(text)
    return None if value is None or value != int(value) else int(value)


def _at_clock(found: re.Match[str], day: _Day) -> Moment | None:
    clock = None if day.precision is not Precision.DAY else _clock(found, day.part)
    if clock is None:
        return None if day.part and _has_clock(found) else Moment(day.date, day.precision, day.basis)
    hour, minute, second = clock
    precision = Precision.HOUR if minute is None else Precision.MINUTE if second is None else Precision.SECOND
    zone = _stated_zone(found["zone"])
    start = day.date.replace(hour=hour, minute=minute or 0, second=second or 0)
    if zone is None:
        return Moment(start, precision, day.basis)
    return Moment(start.replace(tzinfo=zone), precision, ZoneBasis.STATED)


def _has_clock(found: re.Match[str]) -> bool:
    return any(found.group("h", "zh", "eh"))


def _clock(found: re.Match[str], part: str | None) -> tuple[int, int | None, int | None] | None:
    """Hour of 24, minute, second as stated, or None when there is no clock or it can be read in two ways."""
    part = _PARTS.get(found["part"] or part or "")
    if found["h"]:
        hour, minute, second = int(found["h"]), _number(found["mi"]), _number(found["s"])
        certain, half = True, found["ap"]
    elif found["eh"]:
        hour, minute, second, certain, half = int(found["eh"]), None, None, True, found["eap"]
    elif found["zh"]:
        hour, minute, second = _number(found["zh"]) or 0, _zh_minute(found), _number(found["zs"])
        certain, half = found["mark"] in "时時" or hour > 12, None
    else:
        return None
    hour24 = _half_day(hour, half) if half else _in_part(hour, part, certain)
    if hour24 is None or hour24 > 23 or (minute or 0) > 59 or (second or 0) > 59:
        return None
    return hour24, minute, second


def _zh_minute(found: re.Match[str]) -> int | None:
    if found["half"]:
        return {"半": 30, "整": 0, "一刻": 15, "三刻": 45}[found["half"]]
    return _number(found["zmi"])


def _half_day(hour: int, half: str) -> int | None:
    if not 1 <= hour <= 12:
        return None
    return hour % 12 + (12 if half.lower().startswith("p") else 0)


def _in_part(hour: int, part: str | None, certain: bool) -> int | None:
    """Hour of 24 from an hour and its part of the day; None when the two do not fit or leave a choice."""
    match part:
        case None:
            return hour if certain else None
        case "night":
            return hour % 12 if hour <= 6 or hour == 12 else None
        case "am":
            return hour if hour <= 12 else None
        case "noon":
            return hour if 10 <= hour <= 14 else hour + 12 if 1 <= hour <= 2 else None
        case "pm":
            return hour + 12 if hour < 12 and hour else hour
        case _:  # evening: 晚上12点 and 晚上1点 may mean the next day
            return hour + 12 if 5 <= hour < 12 else hour if hour >= 17 else None


def _stated_zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    offset = re.search(r"([+-])([0-9]{1,2}):?([0-9]{2})?", text)
    if offset:
        size = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(size if offset[1] == "+" else -size)
    return timezone(timedelta(hours=8)) if "北京" in text or "eijing" in text else UTC
