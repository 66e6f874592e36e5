"""Amounts, times and numbers as a person reads them. Rooms never format; the door does, here.

Every function takes the value and the language ("zh" or "en").
"""

from __future__ import annotations

import re
from datetime import date, datetime

from markupsafe import Markup, escape

from clawback.model.evidence import Locator
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.model.writing import amount_en, amount_zh, moment_en, moment_zh

_DAYS_ZH = "一二三四五六日"
_DAYS_EN = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_LONG_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_COARSE = (Precision.YEAR, Precision.MONTH, Precision.DAY)


def money(amount: Amount, lang: str) -> Markup:
    """12,000.00 元; £12,000.00. Never broken over two lines."""
    return _atom(amount_zh(amount) if lang == "zh" else amount_en(amount))


def signed(amount: Amount, lang: str, out: bool) -> Markup:
    """With − for money that left (U+2212) and + for money that came."""
    return _atom(("−" if out else "+") + (amount_zh(amount) if lang == "zh" else amount_en(amount)))


def moment(at: Moment, lang: str) -> str:
    """In full, as exactly as it is known, with its zone."""
    return moment_zh(at) if lang == "zh" else moment_en(at)


def stamp(at: datetime, lang: str) -> str:
    """An instant of our own records, to the second, with its zone."""
    return moment(Moment(at, Precision.SECOND, ZoneBasis.STATED), lang)


def clock(at: Moment, lang: str) -> str:
    """Hour and minute (14:32), or "" where only the day is known. `lang` is not needed."""
    return "" if at.precision in _COARSE else at.instant.strftime("%H:%M")


def day(at: date | datetime | Moment, lang: str) -> str:
    """2026年11月23日; 23 November 2026; only as much of it as is known."""
    if isinstance(at, Moment):
        known, at = at.precision, at.instant
        if known is Precision.YEAR:
            return f"{at.year}年" if lang == "zh" else str(at.year)
        if known is Precision.MONTH:
            return f"{at.year}年{at.month}月" if lang == "zh" else f"{_LONG_MONTHS[at.month - 1]} {at.year}"
    if lang == "zh":
        return f"{at.year}年{at.month}月{at.day}日"
    return f"{at.day} {_LONG_MONTHS[at.month - 1]} {at.year}"


def weekday(at: date | datetime, lang: str) -> str:
    """11月26日 周四; Thu 26 Nov."""
    if lang == "zh":
        return f"{at.month}月{at.day}日 周{_DAYS_ZH[at.weekday()]}"
    return f"{_DAYS_EN[at.weekday()]} {at.day} {_MONTHS[at.month - 1]}"


def short(at: Moment, lang: str) -> str:
    """For lists: 2026-11-23 14:32, as far as it is known."""
    forms = {Precision.YEAR: "%Y", Precision.MONTH: "%Y-%m", Precision.DAY: "%Y-%m-%d"}
    return at.instant.strftime(forms.get(at.precision, "%Y-%m-%d %H:%M"))


def size(count: int, lang: str) -> str:
    """Bytes as 12 MB, 95.7 KB, 340 B."""
    value, unit = float(count), "B"
    for larger in ("KB", "MB", "GB"):
        if value < 1000:
            break
        value, unit = value / 1000, larger
    return f"{value:.0f} {unit}" if unit == "B" or value >= 100 else f"{value:.1f} {unit}"


def tail(number: str, lang: str) -> str:
    """尾号 9921; ending 9921."""
    return f"尾号 {number[-4:]}" if lang == "zh" else f"ending {number[-4:]}"


def groups(number: str, lang: str) -> Markup:
    """An account in groups of four set apart by style alone: copying gives clean digits."""
    if not number.isascii() or not number.isalnum():
        return _atom(number)
    parts = [number[at : at + 4] for at in range(0, len(number), 4)]
    return Markup('<span class="groups">{}</span>').format(
        Markup("").join(Markup('<span class="group">{}</span>').format(part) for part in parts)
    )


def _atom(text: str) -> Markup:
    return Markup('<span class="atom">{}</span>').format(escape(text))


def place(locator: Locator, lang: str) -> str:
    """A locator as it stands in an address: p1.r12.l3.iX.c10-20.b1-2-3-4; "" for the whole exhibit."""
    box = "-".join(map(str, locator.box)) if locator.box else None
    span = f"{locator.start}-{locator.end}" if locator.start is not None else None
    parts = {"p": locator.page, "r": locator.row, "l": locator.line, "i": locator.item, "c": span, "b": box}
    return ".".join(f"{letter}{value}" for letter, value in parts.items() if value is not None)


_BOX_AT_END = re.compile(r"(?:^|\.)b(-?\d{1,16})-(-?\d{1,16})-(-?\d{1,16})-(-?\d{1,16})$", re.ASCII)
_SPAN_AT_END = re.compile(r"(?:^|\.)c(\d{1,16})-(\d{1,16})$", re.ASCII)
_COUNTS = re.compile(r"(?:p(\d{1,16})(?:\.|$))?(?:r(\d{1,16})(?:\.|$))?(?:l(\d{1,16})(?:\.|$))?", re.ASCII)


def place_of(text: str) -> Locator | None:
    """The locator that `place` wrote; None for anything else."""
    box = _BOX_AT_END.search(text)
    rest = text[: box.start()] if box else text
    span = _SPAN_AT_END.search(rest)
    rest = rest[: span.start()] if span else rest
    counts = _COUNTS.match(rest)
    assert counts is not None  # noqa: S101 - every part may be missing
    item = rest[counts.end() :]
    if not text or (item and not item.startswith("i")):
        return None
    page, row, line = (int(part) if part else None for part in counts.groups())
    start, end = (int(span[1]), int(span[2])) if span else (None, None)
    corners = (int(box[1]), int(box[2]), int(box[3]), int(box[4])) if box else None
    return Locator(row, page, line, item[1:] if item else None, start, end, corners)


_UNSEEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)


def seen(text: str, lang: str) -> Markup:
    """Words of the evidence, with characters that would not be seen, or would turn the line round, shown."""
    parts, last = [], 0
    for found in _UNSEEN.finditer(text.replace("\r\n", "\n")):
        parts.append(escape(found.string[last : found.start()]))
        parts.append(Markup('<span class="unseen">U+{:04X}</span>').format(ord(found[0])))
        last = found.end()
    return Markup("").join([*parts, escape(text.replace("\r\n", "\n")[last:])])
