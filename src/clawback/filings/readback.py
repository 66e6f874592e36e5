"""Reads a shown value back from its words and compares it with the value of the record.

Written apart from `phrasing`: what one puts into words, the other takes out of them again by other means, so
that a slip in either shows.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from clawback.filings.facts import Value
from clawback.filings.fixed import VOCABULARIES, term
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.model.numerals import parse_digits, parse_rmb

_CURRENCIES = {"元": "CNY", "英镑": "GBP", "美元": "USD", "港元": "HKD", "欧元": "EUR", "£": "GBP"}
_AMOUNT = re.compile(
    r"(?P<before>£|[A-Z]{3,6} )?(?P<sign>[-−])?(?P<figure>[0-9,]+(?:\.[0-9]+)?)"
    r"(?P<after>元|英镑|美元|港元|欧元| [A-Z]{3,6})?"
)
_ZH_DAY = re.compile(r"(?P<y>\d{4})年(?:(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})日)?)?")
_EN_DAY = re.compile(r"(?:(?:(?P<d>\d{1,2}) )?(?P<mon>[A-Z][a-z]+) )?(?P<y>\d{4})")
_CLOCK = re.compile(r"(?P<H>\d\d):(?P<M>\d\d)(?::(?P<S>\d\d))?")
_ZONE = re.compile(
    r"(?:(?P<bj>北京时间)|UTC(?P<sign>[+-])(?P<h>\d\d):(?P<min>\d\d))"
    r"(?P<assumed>，时区为推定|, zone assumed)?"
)
_WHOLE = {
    "zh": re.compile(r"(?P<day>[^ ]+?)(?: (?P<clock>[0-9:]+)(?:（(?P<zone>[^）]+)）)?)?"),
    "en": re.compile(r"(?P<day>[^,]+)(?:, (?P<clock>[0-9:]+)(?: \((?P<zone>[^)]+)\))?)?"),
}
_MONTH_NUMBERS = dict(zip(
    ("January", "February", "March", "April", "May", "June",
     "July", "August", "September", "October", "November", "December"),
    range(1, 13), strict=True,
))  # fmt: skip
_BEIJING = timedelta(hours=8)
_HIDDEN = re.compile(r"□\(U\+([0-9A-F]{4,6})\)")
_UNITS = {"B": 1, "KB": 1000, "MB": 1_000_000}


def says(text: str, value: Value, field: str, shape: str, lang: str) -> bool:
    """Does `text` say exactly `value`? `field` and `shape` as in `Bound.field`."""
    match value:
        case Amount():
            return _says_amount(text, value, shape)
        case Moment():
            return _says_moment(text, value, shape, lang)
        case datetime():
            return _says_instant(text, value, shape, lang)
        case int():
            return _says_size(text, value) if field == "size" else parse_digits(text) == value
        case str():
            return _says_text(text, value, field, shape, lang)


def _says_amount(text: str, value: Amount, shape: str) -> bool:
    if shape == "capital":
        return value.currency == "CNY" and parse_rmb(text) == value.value
    found = _AMOUNT.fullmatch(text)
    if not found or bool(found["before"]) == bool(found["after"]):
        return False
    unit = (found["before"] or found["after"]).strip()
    figure = parse_digits(found["figure"])
    if figure is None or _CURRENCIES.get(unit, unit) != value.currency:
        return False
    return (-figure if found["sign"] else figure) == value.value


def _says_moment(text: str, value: Moment, shape: str, lang: str) -> bool:
    if shape in ("day", "clock", "zone"):
        check = {"day": _says_day, "clock": _says_clock, "zone": _says_zone}[shape]
        return check(text, value)
    if shape == "time":
        clock, _, zone = text.partition("\n")
        return not _is_coarse(value) and _says_clock(clock, value) and _says_zone(zone, value)
    found = _WHOLE[lang].fullmatch(text)
    if not found or not _says_day(found["day"], value):
        return False
    if not found["clock"]:
        return _is_coarse(value)
    if bool(found["zone"]) == (shape == "bare"):
        return False
    zoned = shape == "bare" or _says_zone(found["zone"], value)
    return not _is_coarse(value) and _says_clock(found["clock"], value) and zoned


def _is_coarse(value: Moment) -> bool:
    return value.precision in (Precision.YEAR, Precision.MONTH, Precision.DAY)


def _says_day(text: str, value: Moment) -> bool:
    zh, en = _ZH_DAY.fullmatch(text), _EN_DAY.fullmatch(text)
    if zh:
        parts = tuple(int(zh[name]) if zh[name] else None for name in ("y", "m", "d"))
    elif en:
        month = _MONTH_NUMBERS.get(en["mon"]) if en["mon"] else None
        parts = (int(en["y"]), month, int(en["d"]) if en["d"] else None)
    else:
        return False
    at = value.instant
    exact: dict[Precision, tuple[int | None, ...]] = {
        Precision.YEAR: (at.year, None, None),
        Precision.MONTH: (at.year, at.month, None),
    }
    return parts == exact.get(value.precision, (at.year, at.month, at.day))


def _says_clock(text: str, value: Moment) -> bool:
    found = _CLOCK.fullmatch(text)
    if not found:
        return False
    at = value.instant
    seconds = int(found["S"]) if found["S"] else None
    stated = value.precision is Precision.SECOND
    minute = 0 if value.precision is Precision.HOUR else at.minute
    return (int(found["H"]), int(found["M"]), seconds) == (at.hour, minute, at.second if stated else None)


def _says_zone(text: str, value: Moment) -> bool:
    found = _ZONE.fullmatch(text)
    if not found or bool(found["assumed"]) != (value.zone_basis is ZoneBasis.ASSUMED):
        return False
    if found["bj"]:
        return value.instant.utcoffset() == _BEIJING
    offset = timedelta(hours=int(found["h"]), minutes=int(found["min"]))
    return value.instant.utcoffset() == (-offset if found["sign"] == "-" else offset)


def _says_instant(text: str, value: datetime, shape: str, lang: str) -> bool:
    if shape == "minute":
        try:
            read = datetime.strptime(text, "%Y-%m-%d %H:%M UTC").replace(tzinfo=UTC)
        except ValueError:
            return False
        return read == value.astimezone(UTC).replace(second=0, microsecond=0)
    return _says_day(text, Moment(value, Precision.DAY, ZoneBasis.STATED))


def _says_size(text: str, value: int) -> bool:
    figure, _, unit = text.partition(" ")
    if unit not in _UNITS or not re.fullmatch(r"[0-9]+(\.[0-9])?", figure):
        return False
    half_step = Decimal(_UNITS[unit]) / 20 if unit != "B" else Decimal(0)
    return abs(Decimal(figure) * _UNITS[unit] - value) <= half_step


def _says_text(text: str, value: str, field: str, shape: str, lang: str) -> bool:
    if field in VOCABULARIES:
        return text == term(field, value, lang)
    match shape:
        case "tail":
            word = "尾号" if lang == "zh" else "ending "
            return text.startswith(word) and text[len(word) :] == _squeezed(value)[-4:]
        case "masked":
            return _says_masked(text, value)
        case "short":
            return len(text) >= 8 and value.startswith(text)
        case _:
            return same_words(text, value)


def _says_masked(text: str, value: str) -> bool:
    plain = _squeezed(value)
    open_places = sum(character != "*" for character in text)
    fits = all(shown in ("*", there) for shown, there in zip(text, plain, strict=False))
    return len(text) == len(plain) and open_places <= 6 and fits


def same_words(shown: str, found: str) -> bool:
    """Is `shown` the words of `found`, hidden characters made visible and white space evened out?"""
    return flat(revealed(shown)) == flat(found)


def revealed(shown: str) -> str:
    """`shown` with □(U+XXXX) put back to the character it stands for."""
    return _HIDDEN.sub(lambda mark: chr(min(int(mark[1], 16), 0x10FFFF)), shown)


_HYPHENS = str.maketrans({"\u2010": "-", "\u2011": "-"})


def flat(text: str) -> str:
    """`text` without white space, its hyphens plain."""
    return "".join(text.translate(_HYPHENS).split())


def says_choice(text: str, value: str, labels: Mapping[str, str]) -> bool:
    """Are the labels in `text` exactly those of the choices in `value` ("refund,damages")?"""
    chosen = sorted(part.strip() for part in value.split(","))
    known = {label: id for id, label in labels.items()}
    for separator in ("、", "; "):
        if sorted(known.get(part, "") for part in text.split(separator)) == chosen:
            return True
    return False


def _squeezed(value: str) -> str:
    return "".join(value.split())
