"""Amounts and times as the cells of payment statements write them.

Nothing is guessed: what can be read in two ways is answered with both ways, and the caller decides from
the whole file or says that it cannot be decided.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from clawback.model.moments import Precision

# ruff: noqa: SIM905 - codes and names read better as one line of words

# --- amounts -----------------------------------------------------------------------------------------------

_SYMBOLS = {
    "人民币元": "CNY", "人民币": "CNY", "港币": "HKD", "港元": "HKD", "美元": "USD", "美金": "USD",
    "欧元": "EUR", "英镑": "GBP", "日元": "JPY", "日圆": "JPY", "澳元": "AUD", "澳大利亚元": "AUD",
    "加元": "CAD", "加拿大元": "CAD", "新加坡元": "SGD", "新币": "SGD", "新台币": "TWD", "台币": "TWD",
    "澳门元": "MOP", "澳门币": "MOP", "韩元": "KRW", "韩币": "KRW", "泰铢": "THB", "瑞士法郎": "CHF",
    "瑞郎": "CHF", "卢布": "RUB", "新西兰元": "NZD", "马来西亚林吉特": "MYR", "令吉": "MYR",
    "HK$": "HKD", "US$": "USD", "S$": "SGD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD",
    "NZ$": "NZD", "NT$": "TWD", "R$": "BRL", "RM": "MYR", "RMB": "CNY", "CNH": "CNY", "CN¥": "CNY",
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "฿": "THB", "₽": "RUB", "₫": "VND", "₱": "PHP",
    "₺": "TRY", "₴": "UAH", "₦": "NGN", "₪": "ILS", "zł": "PLN", "Kč": "CZK", "Ft": "HUF", "Fr.": "CHF",
    "SFr.": "CHF",
}  # fmt: skip
"""Words and signs that mean one currency. `$`, `¥`, `kr` and 元 mean several and are not here."""

AMBIGUOUS_SYMBOLS = {"$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD"), "¥": ("CNY", "JPY")}

ISO_CODES = frozenset(
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD "
    "CDF CHF CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ "
    "GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR "
    "LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN "
    "PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS "
    "TMT TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW "
    "USDT USDC BTC ETH TRX".split()
)
"""ISO 4217 codes in use, and the tokens that wallets list beside them."""

_NUMBER = re.compile(r"[0-9]+(?:[.,' \u00a0\u202f\u2019][0-9]+)*|[.,][0-9]+")
_CJK_NOTE = re.compile(r"[(（][^()（）]*[\u4e00-\u9fff][^()（）]*[)）]\s*$")
_MINUS = "-−–－"


class Mark(StrEnum):
    """The decimal mark that a figure proves, or leaves open."""

    POINT = "."
    COMMA = ","
    OPEN = "?"  # 1.234 or 1,234: thousands or decimals
    NONE = ""  # no mark in it at all


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as written. `digits`: with its marks, without sign and currency. `negative` as shown.

    `currency`: what the cell itself says, None when it says nothing or something of several meanings,
    in which case `symbol` holds the sign. `turned`: "CR" or "DR" when written behind the figure.
    """

    digits: str
    negative: bool
    signed: bool
    currency: str | None
    symbol: str | None
    turned: str | None

    @property
    def mark(self) -> Mark:
        """Which decimal mark the digits prove."""
        return _mark(self.digits)

    def value(self, mark: Mark) -> Decimal | None:
        """The signed value in a file whose decimal mark is `mark`; None: it does not fit, or is open."""
        own = self.mark
        if own is Mark.OPEN:
            own = mark
        elif own is not Mark.NONE and mark in (Mark.POINT, Mark.COMMA) and mark is not own:
            return None
        size = None if own is Mark.OPEN else _unsigned(self.digits, own)
        return None if size is None else -size if self.negative else size


_MOST_DIGITS = 30  # no statement holds a longer sum; longer runs of digits are account numbers


def parse_figure(cell: str) -> Figure | None:
    """Read an amount cell ("¥1,234.50", "CNY13.50", "(5.00)", "1.234,56-", "100.00 DR"); None if not one."""
    text = unicodedata.normalize("NFKC", _CJK_NOTE.sub("", cell)).strip() if len(cell) <= 80 else ""
    found = _NUMBER.search(text)
    if not found:
        return None
    before, digits, after = text[: found.start()], found.group(0), text[found.end() :]
    if len(digits) > _MOST_DIGITS or any(character.isdigit() for character in after):
        return None
    words = _Words(before, after)
    if not words.understood:
        return None
    return Figure(digits, words.negative, words.signed, words.currency, words.symbol, words.turned)


class _Words:
    """What stands around the digits of a figure."""

    def __init__(self, before: str, after: str) -> None:
        bracketed = "(" in before and after.strip().endswith(")")
        around = f"{before} {after}"
        self.negative = bracketed or any(mark in around for mark in _MINUS)
        self.signed = self.negative or "+" in around
        for mark in f"{_MINUS}+()":
            around = around.replace(mark, " ")
        self.turned: str | None = None
        self.currency: str | None = None
        self.symbol: str | None = None
        self.understood = all(self._take(word) for word in around.split())

    def _take(self, word: str) -> bool:
        if word.upper() in ("CR", "DR", "DB"):
            self.turned = "CR" if word.upper() == "CR" else "DR"
        elif code := currency_code(word):
            self.currency = code
        elif word in AMBIGUOUS_SYMBOLS:
            self.symbol = word
        elif word != "元":
            return False
        return True


def currency_code(text: str) -> str | None:
    """The one currency that a cell names (CNY, 人民币, €); None: it names none, or could mean several."""
    word = unicodedata.normalize("NFKC", text).strip(" :：")
    if word.upper() in ISO_CODES:
        return word.upper()
    return _SYMBOLS.get(word) or _SYMBOLS.get(word.upper())


def _mark(digits: str) -> Mark:
    point, comma = digits.rfind("."), digits.rfind(",")
    if point < 0 and comma < 0:
        return Mark.NONE
    if point >= 0 and comma >= 0:
        return Mark.POINT if point > comma else Mark.COMMA
    sign, place = (".", point) if point >= 0 else (",", comma)
    if digits.count(sign) > 1:
        return Mark.COMMA if sign == "." else Mark.POINT
    if len(digits) - place - 1 != 3 or digits.startswith("0") or place == 0 or place > 3:
        return Mark(sign)
    return Mark.OPEN


def _unsigned(digits: str, mark: Mark) -> Decimal | None:
    decimal = "," if mark is Mark.COMMA else "."
    whole, _, fraction = digits.partition(decimal)
    groups = re.split(r"[^0-9]", whole)
    if len(groups) > 1 and not _grouped(groups):
        return None
    if not fraction.isdecimal() and fraction:
        return None
    try:
        return Decimal(f"{''.join(groups) or '0'}.{fraction or '0'}" if fraction else "".join(groups))
    except InvalidOperation:
        return None


def _grouped(groups: list[str]) -> bool:
    """1,234,567 or 12,34,567 (lakh): every group but the first has three digits, or two in the middle."""
    return (
        1 <= len(groups[0]) <= 3
        and len(groups[-1]) == 3
        and all(len(group) in (2, 3) for group in groups[1:-1])
    )


def decimal_mark(figures: Iterable[Figure]) -> Mark:
    """The decimal mark of a file: what its figures prove. OPEN: both or neither proven but needed."""
    seen = {figure.mark for figure in figures}
    proven = seen & {Mark.POINT, Mark.COMMA}
    if len(proven) == 1:
        return proven.pop()
    return Mark.OPEN if proven or Mark.OPEN in seen else Mark.NONE


# --- times -------------------------------------------------------------------------------------------------


FIRST_YEAR, LAST_YEAR = 1950, 2199
"""Years that a statement can speak of; others are slips of a program or of a forger."""


class DayOrder(StrEnum):
    """Which of two small numbers of a date is the day."""

    DAY_FIRST = "dmy"
    MONTH_FIRST = "mdy"


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date with or without time, as written. `first`/`second`: the two numbers whose order is open.

    `year` None: not written. When the order is known (year first, month by name), `month` and `day` are
    set. `clock`: (hour, minute, second or None). `offset`: stated UTC offset in minutes.
    """

    year: int | None
    month: int | None = None
    day: int | None = None
    first: int | None = None
    second: int | None = None
    clock: tuple[int, int, int | None] | None = None
    offset: int | None = None
    dotted: bool = False

    @property
    def open(self) -> bool:
        """Is it unknown which number is the day?"""
        return self.first is not None

    def proves(self) -> DayOrder | None:
        """The order that this date alone proves."""
        if self.first is None or self.second is None:
            return None
        if self.first > 12 >= self.second:
            return DayOrder.DAY_FIRST
        return DayOrder.MONTH_FIRST if self.second > 12 >= self.first else None

    def parts(self, order: DayOrder | None) -> tuple[int | None, int | None, int | None]:
        """(year, month, day); month and day None while the order is open."""
        if self.first is None or self.second is None:
            return self.year, self.month, self.day
        if self.first == self.second:
            return self.year, self.first, self.second
        if order is DayOrder.DAY_FIRST:
            return self.year, self.second, self.first
        if order is DayOrder.MONTH_FIRST:
            return self.year, self.first, self.second
        return self.year, None, None


_YEAR_FIRST = re.compile(r"^(\d{4})\s?[-/.年]\s?(\d{1,2})\s?[-/.月]\s?(\d{1,2})日?(?![\d])")
_COMPACT = re.compile(r"^(19\d\d|20\d\d)(\d\d)(\d\d)(?:(\d\d)(\d\d)(\d\d)?)?(?!\d)")
_SMALL_FIRST = re.compile(r"^(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
_NAMED = re.compile(
    r"^(\d{1,2})(?:st|nd|rd|th)?[-/. ]{0,2}([^\W\d_]{3,10})\.?(?:[-/, ]{0,2}'?(\d{4}|\d{2})(?![\d:]))?"
)
_MONTH_NAMED = re.compile(
    r"^([^\W\d_]{3,10})\.?[- ](\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?[- ]{1,2}(\d{4})(?!\d))?"
)
_NO_YEAR = re.compile(r"^(\d{1,2})[-/](\d{1,2})$")
_NO_YEAR_ZH = re.compile(r"^(\d{1,2})月(\d{1,2})日")
_CLOCK = re.compile(
    r"^(\d{1,2})[:：时.](\d{2})(?:[:：分.](\d{2})秒?(?:[.,]\d{1,9})?)?\s*(am|pm|a\.m\.|p\.m\.|上午|下午)?",
    re.IGNORECASE,
)
_CLOCK_COMPACT = re.compile(r"^(\d{2})(\d{2})(\d{2})$")
_OFFSET = re.compile(r"^(?:UTC|GMT)?\s?([+-])(\d{1,2}):?(\d{2})?$|^(Z|UTC|GMT)$", re.IGNORECASE)

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january januar janvier enero ene janv gennaio januari",
            "feb february februar febr fevrier febrero fev febbraio februari",
            "mar march marz maerz mars marzo mrz maart",
            "apr april avril abril abr avr aprile",
            "may mai mayo maggio mei",
            "jun june juni juin junio giugno",
            "jul july juli juillet julio juil luglio",
            "aug august aout agosto ago augustus",
            "sep sept september septembre septiembre settembre",
            "oct october oktober octobre octubre okt ottobre",
            "nov november novembre noviembre",
            "dec december dezember decembre diciembre dez dic dicembre",
        ),
        start=1,
    )
    for name in names.split()
}


def month_number(name: str) -> int | None:
    """1-12 for a month name or its usual short form (English and large European languages)."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return _MONTHS.get(bare.rstrip("."))


def parse_stamp(cell: str) -> Stamp | None:
    """Read a date cell with or without a time; None when it does not begin with a date."""
    text = unicodedata.normalize("NFKC", cell).strip() if len(cell) <= 60 else ""
    return _compact(text) or _year_first(text) or _small_first(text) or _named(text) or _yearless(text)


def _year_first(text: str) -> Stamp | None:
    if not (found := _YEAR_FIRST.match(text)):
        return None
    year, month, day = map(int, found.groups())
    return _timed(Stamp(year, month, day), text[found.end() :]) if _possible(month, day) else None


def _compact(text: str) -> Stamp | None:
    if not (found := _COMPACT.match(text)):
        return None
    year, month, day = map(int, found.group(1, 2, 3))
    if not _possible(month, day):
        return None
    if found.group(4) is None:
        return _timed(Stamp(year, month, day), text[found.end() :])
    clock = parse_clock(f"{found[4]}:{found[5]}" + (f":{found[6]}" if found[6] else ""))
    return Stamp(year, month, day, clock=clock) if clock else None


def _small_first(text: str) -> Stamp | None:
    if not (found := _SMALL_FIRST.match(text)):
        return None
    first, second, year = int(found[1]), int(found[3]), _full_year(found[4])
    if not (_possible(first, second) or _possible(second, first)):
        return None
    # no country that writes its dates with points puts the month first
    dotted = found[2] == "."
    stamp = Stamp(year, first=first, second=second, dotted=dotted)
    if dotted:
        stamp = Stamp(year, second, first, dotted=True) if _possible(second, first) else stamp
    return _timed(stamp, text[found.end() :])


def _named(text: str) -> Stamp | None:
    if found := _NAMED.match(text):
        day, name, year = found.groups()
    elif found := _MONTH_NAMED.match(text):
        name, day, year = found.groups()
    else:
        return None
    month = month_number(name)
    if not month or not _possible(month, int(day)):
        return None
    return _timed(Stamp(_full_year(year) if year else None, month, int(day)), text[found.end() :])


def _yearless(text: str) -> Stamp | None:
    if found := _NO_YEAR_ZH.match(text):
        month, day = int(found[1]), int(found[2])
        return _timed(Stamp(None, month, day), text[found.end() :]) if _possible(month, day) else None
    if found := _NO_YEAR.match(text):
        first, second = int(found[1]), int(found[2])
        if _possible(first, second) or _possible(second, first):
            return Stamp(None, first=first, second=second)
    return None


def _timed(stamp: Stamp, rest: str) -> Stamp | None:
    """`stamp` with the time that follows; None when what follows is no time."""
    rest = rest.strip(" ,T\t")
    if not rest:
        return stamp
    found = _CLOCK.match(rest)
    clock = parse_clock(found.group(0)) if found else None
    if not found or not clock:
        return None
    offset = parse_offset(rest[found.end() :].strip())
    if rest[found.end() :].strip() and offset is None:
        return None
    return Stamp(stamp.year, stamp.month, stamp.day, stamp.first, stamp.second, clock, offset, stamp.dotted)


def _possible(month: int, day: int) -> bool:
    return 1 <= month <= 12 and 1 <= day <= 31


def _full_year(text: str) -> int:
    return int(text) if len(text) == 4 else 2000 + int(text)


def parse_clock(cell: str) -> tuple[int, int, int | None] | None:
    """(hour, minute, second or None) of a time cell ("18:53:19", "185319", "06:50 PM"); None if not one."""
    text = unicodedata.normalize("NFKC", cell).strip() if len(cell) <= 40 else ""
    if found := _CLOCK_COMPACT.match(text):
        hour, minute, second = int(found[1]), int(found[2]), int(found[3])
        return (hour, minute, second) if hour < 24 and minute < 60 and second < 60 else None
    if not (found := _CLOCK.fullmatch(text)):
        return None
    hour, minute = int(found[1]), int(found[2])
    half = (found[4] or "").casefold().replace(".", "")
    if half and not 1 <= hour <= 12:
        half = ""
    if half in ("pm", "下午") and hour < 12:
        hour += 12
    elif half in ("am", "上午") and hour == 12:
        hour = 0
    last = int(found[3]) if found[3] else None
    return (hour, minute, last) if hour < 24 and minute < 60 and (last or 0) < 60 else None


def parse_offset(text: str) -> int | None:
    """Minutes east of UTC that "Z", "UTC", "+08:00" or "GMT+8" state; None when `text` states none."""
    if not (found := _OFFSET.match(text.strip())):
        return None
    if found[4]:
        return 0
    minutes = int(found[2]) * 60 + int(found[3] or 0)
    return (-minutes if found[1] == "-" else minutes) if minutes <= 14 * 60 else None


def offset_zone(minutes: int) -> timezone:
    """The fixed zone `minutes` east of UTC."""
    return timezone(timedelta(minutes=minutes))


def precision_of(clock: tuple[int, int, int | None] | None) -> Precision:
    """The smallest unit that the clock states."""
    if clock is None:
        return Precision.DAY
    return Precision.MINUTE if clock[2] is None else Precision.SECOND


def to_datetime(
    year: int, month: int, day: int, clock: tuple[int, int, int | None] | None
) -> datetime | None:
    """The wall time, naive; None when there is no such day (30 February), or no statement of that age."""
    if not FIRST_YEAR <= year <= LAST_YEAR:
        return None
    hour, minute, second = clock or (0, 0, 0)
    try:
        return datetime(year, month, day, hour, minute, second or 0)  # noqa: DTZ001 - the caller adds the zone
    except ValueError:
        return None
