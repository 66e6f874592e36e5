"""How values are written on paper: amounts, moments, accounts, hashes, in Chinese and English."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from decimal import Decimal

from clawback.filings.fixed import word
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.model.numerals import write_capital_rmb
from clawback.model.writing import amount_en, amount_zh, moment_en, moment_zh

HYPHENS = "\u2010\u2011"
"""Printed as the plain hyphen: PDF readers give these two back in the wrong place."""

LONGEST_VALUE = 300
"""Characters of a name or other found value in a paper; a longer one is cut and says so, lest a cell outgrow
its page. The user's own statements are not cut."""

_PARTS = {
    "zh": re.compile(r"([^ （]+)(?: ([0-9:]+)（([^）]+)）)?"),
    "en": re.compile(r"([^,]+)(?:, ([0-9:]+) \(([^)]+)\))?"),
}


def show_amount(amount: Amount, lang: str) -> str:
    """12000 CNY -> 12,000.00元 / CNY 12,000.00; 80 GBP -> 80.00英镑 / £80.00."""
    return amount_zh(amount) if lang == "zh" else amount_en(amount)


def show_capital(amount: Amount) -> str | None:
    """The sum in capital numerals, None for what capitals do not exist for (not yuan, or parts of a 分)."""
    if amount.currency != "CNY" or amount.value < 0 or amount.value != amount.value.quantize(Decimal("0.01")):
        return None
    return write_capital_rmb(amount.value)


def show_moment(moment: Moment, lang: str, shape: str = "") -> str | None:
    """As exact as the evidence is, with its zone: 2026年9月10日 21:05（北京时间）; an assumed zone says so.

    `shape`: "" all of it, "bare" all but the zone; "day", "clock", "zone" or "time" (clock above zone) one
    part, None when the evidence does not state it.
    """
    whole = moment_zh(moment) if lang == "zh" else moment_en(moment)
    day, clock, zone = _PARTS[lang].fullmatch(whole).groups()  # type: ignore[union-attr]
    if zone and moment.zone_basis is ZoneBasis.ASSUMED:
        zone += word("zone.assumed", lang)
    match shape:
        case "day":
            return day
        case "clock":
            return clock
        case "zone":
            return zone
        case "time":
            return f"{clock}\n{zone}" if clock else None
        case "bare":
            return _joined(day, clock, "", lang)
        case _:
            return _joined(day, clock, zone, lang)


def _joined(day: str, clock: str | None, zone: str | None, lang: str) -> str:
    if not clock:
        return day
    if lang == "zh":
        return f"{day} {clock}" + (f"（{zone}）" if zone else "")
    return f"{day}, {clock}" + (f" ({zone})" if zone else "")


def show_date(when: datetime, lang: str) -> str:
    """The day alone."""
    day = Moment(when, Precision.DAY, ZoneBasis.STATED)
    return moment_zh(day) if lang == "zh" else moment_en(day)


def show_tail(number: str, lang: str) -> str:
    """The last four characters of an account: 尾号0017 / ending 0017."""
    plain = "".join(number.split())
    return f"尾号{plain[-4:]}" if lang == "zh" else f"ending {plain[-4:]}"


def show_masked(number: str) -> str:
    """An identity number with only its first four and last character."""
    plain = "".join(number.split())
    return plain[:4] + "*" * (len(plain) - 5) + plain[-1:] if len(plain) > 6 else "*" * len(plain)


def show_size(size: int) -> str:
    """A file size: 812 B, 12.3 KB, 4.0 MB."""
    if size < 1000:
        return f"{size} B"
    if size < 1_000_000:
        return f"{size / 1000:.1f} KB"
    return f"{size / 1_000_000:.1f} MB"


def visible(text: str, printable: frozenset[int]) -> str:
    """`text` with everything that would not be seen as it is made visible.

    Control, bidirectional and other format characters, and those the font lacks, become □(U+XXXX);
    line ends and tabs become spaces. `printable`: code points that the font has.
    """
    return "".join(_visible(character, printable) for character in text)


def _visible(character: str, printable: frozenset[int]) -> str:
    if character in "\n\r\t\u2028\u2029\u00a0":
        return " "
    if character in HYPHENS:
        return "-"
    if unicodedata.category(character) in {"Cc", "Cf", "Co", "Cs", "Cn"} or ord(character) not in printable:
        return f"□(U+{ord(character):04X})"
    return character
