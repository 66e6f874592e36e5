"""Sums of money in running text, and the one place from which all mentions are found.

A number is a sum only where a symbol or word says in which currency. What can be read in two ways (两三千元,
2 100元) is left out rather than guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from clawback.model.dates import (
    DateMention,
    MomentMention,
    PartialDate,
    find_dates,
    find_moments,
)
from clawback.model.figures import FigureMention, Script, find_figures
from clawback.model.money import Amount
from clawback.model.numerals import (
    CHINESE_CHARACTERS,
    ENGLISH_SCALES,
    ENGLISH_VALUES,
    parse_chinese,
    parse_digits,
    parse_english,
    parse_rmb,
)
from clawback.model.runningtext import pieces, plain

__all__ = [
    "AmountMention",
    "DateMention",
    "FigureMention",
    "MomentMention",
    "PartialDate",
    "Script",
    "find_amounts",
    "find_dates",
    "find_figures",
    "find_moments",
]


@dataclass(frozen=True, slots=True)
class AmountMention:
    """A sum in a text: text[start:end] covers number and currency. A sign in front is not part of it."""

    amount: Amount
    start: int
    end: int
    text: str


# Symbols and words in front of the number. "¥" and "$" are shared by several currencies: see `_shared`.
_BEFORE = {
    **{"¥": "¥", "$": "$", "£": "GBP", "€": "EUR", "₮": "USDT", "₿": "BTC", "₩": "KRW", "₹": "INR"},
    **{"US$": "USD", "USD$": "USD", "HK$": "HKD", "A$": "AUD", "AU$": "AUD", "C$": "CAD", "CA$": "CAD"},
    **{"S$": "SGD", "SG$": "SGD", "NT$": "TWD", "NZ$": "NZD", "CN¥": "CNY", "JP¥": "JPY", "人民币": "CNY"},
    **{
        "RMB¥": "CNY",
        "港币": "HKD",
        "美元": "USD",
        "美金": "USD",
        "英镑": "GBP",
        "欧元": "EUR",
        "日元": "JPY",
    },
}
_CODES = {
    **{code: code for code in ("USD", "GBP", "EUR", "CNY", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD", "JPY")},
    **{code: code for code in ("KRW", "INR", "CHF", "THB", "MYR", "PHP", "VND", "AED", "USDT", "USDC")},
    **{code: code for code in ("BTC", "ETH", "TRX", "LTC", "BNB", "SOL")},
    **{"RMB": "CNY", "CNH": "CNY"},
}
_AFTER = {
    **{
        "元人民币": "CNY",
        "人民币": "CNY",
        "元": "元",
        "圆": "元",
        "圓": "元",
        "块钱": "元",
        "块": "元",
        "塊": "元",
    },
    **{"美元": "USD", "美金": "USD", "美刀": "USD", "刀": "USD", "港币": "HKD", "港元": "HKD", "港纸": "HKD"},
    **{"英镑": "GBP", "镑": "GBP", "欧元": "EUR", "日元": "JPY", "日圆": "JPY", "韩元": "KRW", "泰铢": "THB"},
    **{
        "澳元": "AUD",
        "澳币": "AUD",
        "加元": "CAD",
        "加币": "CAD",
        "新币": "SGD",
        "台币": "TWD",
        "新台币": "TWD",
    },
    **{
        "卢比": "INR",
        "个比特币": "BTC",
        "枚比特币": "BTC",
        "比特币": "BTC",
        "个以太坊": "ETH",
        "以太坊": "ETH",
    },
    **{"个泰达币": "USDT", "泰达币": "USDT", "个U": "USDT", "U": "USDT", "€": "EUR", "£": "GBP", "¥": "¥"},
}
_AFTER_WORDS = {
    **{
        "pounds sterling": "GBP",
        "pounds": "GBP",
        "pound": "GBP",
        "quid": "GBP",
        "euros": "EUR",
        "euro": "EUR",
    },
    **{"US dollars": "USD", "dollars": "$", "dollar": "$", "bucks": "$", "yuan": "CNY", "renminbi": "CNY"},
    **{"Hong Kong dollars": "HKD", "bitcoins": "BTC", "bitcoin": "BTC", "tether": "USDT", "ether": "ETH"},
}
_SHARED = {
    "¥": (("CNY", "JPY"), "CNY"),
    "元": (("CNY", "HKD", "TWD"), "CNY"),
    "$": (("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"), "USD"),
}
_CURRENCY = {
    word.lower(): code for table in (_BEFORE, _CODES, _AFTER, _AFTER_WORDS) for word, code in table.items()
}


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_ZH = f"[{CHINESE_CHARACTERS}]"
_UNITS = "十百千万亿拾佰仟萬億"
_START, _END = "(?<![A-Za-z])", "(?![A-Za-z0-9])"
_DIGITS = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?"
    "|[0-9]{1,3}(?:[ \u00a0\u2009\u202f'’][0-9]{3})+(?:[.,][0-9]{1,2})?"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}"
    r"|[0-9]++,[0-9]{2}"
    r"|[0-9]++(?:\.[0-9]++)?)(?![0-9]|[.,'][0-9])"
)
_SCALE = rf"\s?(?:thousand|million|billion){_END}|(?:k|m|bn){_END}|[kw](?=\s?[\u4e00-\u9fff])"
_CHINESE = (
    rf"(?:{_DIGITS}(?=[{_UNITS}])(?:{_ZH}|[0-9]++)*+"
    rf"|{_ZH}++(?:[点點][零〇一二三四五六七八九]++[{_UNITS}]*+)?)"
)
_WORD = f"(?:{_any_of((*ENGLISH_VALUES, 'hundred', *ENGLISH_SCALES))})"
_WORDS = rf"{_START}(?:a\s)?{_WORD}(?:(?:-|,?\s)(?:and\s)?{_WORD}){{0,16}}+{_END}"
_SMALL = (
    rf"(?:零?(?:{_ZH}|[0-9])[角毛](?:零?(?:{_ZH}|[0-9])分)?|零?(?:{_ZH}|[0-9])分"
    r"|(?<=块)[1-9一二三四五六七八九](?![0-9十百千万个张位块点年月日号天次折倍%]))?[整正]?"
)
_YUAN = rf"\s?[元圆圓块塊](?![旦素宵件首月老凶])(?P<small>{_SMALL})(?:钱|人民币)?"
_AFTER_PLAIN = _any_of(
    word for word in _AFTER if word.isalpha() and word not in ("元", "圆", "圓", "块", "塊", "U")
)
# Where a sum can begin: said first, so that the search passes over everything else in one step.
_BEGINS = rf"(?=[0-9¥$£€₮₿₩₹周星礼第人美港英欧日{CHINESE_CHARACTERS}]|(?<![A-Za-z])[A-Za-z])"
_AMOUNTS = re.compile(
    rf"{_BEGINS}(?:"
    r"(?:周|星期|礼拜|第)[一二三四五六日天](?=[0-9一二三四五六七八九十两])"
    rf"|(?:(?P<before>{_START}(?:{_any_of(_BEFORE)}|(?:{_any_of(_CODES)})(?![A-Za-z])))[:\s]{{0,2}}[-−+]?)?"
    rf"(?P<number>{_CHINESE}|(?<![0-9])(?<![0-9][.,]){_DIGITS}(?P<scale>{_SCALE})?|{_WORDS})"
    rf"(?P<after>{_YUAN}|\s?(?:{_AFTER_PLAIN}|[€£¥]|个?U(?![A-Za-z0-9盘位])"
    rf"|(?:{_any_of((*_CODES, *_AFTER_WORDS))}){_END}))?)",
    re.IGNORECASE,
)
_SCALES = {"k": 10**3, "w": 10**4, "m": 10**6, "bn": 10**9, **ENGLISH_SCALES}
_HAS_SYMBOL = re.compile(r"[¥$£€₮₿₩₹元圆圓块塊币镑铢刀金坊比U]|[0-9]\s?u")
_MARK_WORDS = tuple(dict.fromkeys(word.lower() for word in (*_CODES, *_AFTER_WORDS)))
_HAS_NUMBER = re.compile(f"[0-9{CHINESE_CHARACTERS}]|{_WORD}", re.IGNORECASE)
_NEXT_NUMBER = re.compile(r"[:\s]{0,2}[-−+]?[0-9]")
_SPACED = ("EUR", "CHF")
"""Currencies whose digits are grouped with plain spaces."""
_COUNTABLE = ("块", "塊", "刀")
"""Marks that also count things: 两块手表, 三刀."""


def find_amounts(text: str, default_currency: str | None) -> tuple[AmountMention, ...]:
    """Every sum of `text` that is marked with its currency, in order; values are positive.

    `default_currency`: which currency a shared mark (¥, $, 元, 块) stands for here, where that is possible
    (¥ as JPY, $ as HKD); None: CNY for ¥, 元 and 块, USD for $. It never makes a bare number a sum.
    """
    prepared = plain(text)
    if not _may_hold_a_sum(prepared):
        return ()
    return tuple(
        AmountMention(amount, start + begin, start + end, text[start + begin : start + end])
        for start, piece in pieces(prepared)
        for amount, begin, end in _sums(piece, default_currency)
    )


def _may_hold_a_sum(text: str) -> bool:
    """A number and a mark of money: asked first, because most messages hold neither."""
    if not _HAS_NUMBER.search(text):
        return False
    if _HAS_SYMBOL.search(text):
        return True
    lower = text.lower()
    return any(word in lower for word in _MARK_WORDS)


def _sums(piece: str, default: str | None) -> Iterator[tuple[Amount, int, int]]:
    at = 0
    while found := _AMOUNTS.search(piece, at):
        at = found.end()
        if not found["number"] or not (found["before"] or found["after"]):
            continue
        currency, use_after = _currency(found, default)
        if found["before"] and found["after"] and _NEXT_NUMBER.match(piece, found.end()):
            use_after = False  # the mark behind belongs to the next sum: RMB 3000 USDT 500
        if found["after"] and not use_after:
            at = found.end("number")
        value = _value(found, currency, use_after)
        if currency and value is not None:
            yield Amount(value, currency), found.start(), at


def _currency(found: re.Match[str], default: str | None) -> tuple[str | None, bool]:
    """Currency code of a sum, and whether the mark behind the number is part of it."""
    before = _CURRENCY[found["before"].lower()] if found["before"] else None
    after = _behind(found) if found["after"] else None
    if before is None or after is None:
        return _settled(before or after, default), after is not None
    for one, other in ((before, after), (after, before)):
        if one == other or _settled(other, default) in _SHARED.get(one, ((),))[0]:
            return _settled(other, default), True
    return _settled(before, default), False


def _behind(found: re.Match[str]) -> str | None:
    mark = found["after"].strip().lower()
    if mark[0] in "元圆圓块塊":
        return "元"
    return _CURRENCY[mark]


def _settled(mark: str | None, default: str | None) -> str | None:
    if mark not in _SHARED:
        return mark
    possible, usual = _SHARED[mark]
    return default if default in possible else usual


def _value(found: re.Match[str], currency: str | None, with_after: bool) -> Decimal | None:
    written, scale = found["number"], found["scale"] or ""
    number = written[: len(written) - len(scale)]
    value = _number(number)
    if value is None or (" " in number and number[0].isdigit() and currency not in _SPACED):
        return None  # 2 100元: two notes of one hundred, or 2100
    if with_after and found["after"].strip()[0] in _COUNTABLE and value < 10 and not _is_money(found):
        return None
    value *= _SCALES[scale.strip().lower()] if scale else 1
    small = found["small"] if with_after else None
    return value if not small else _with_small(value, small)


def _is_money(found: re.Match[str]) -> bool:
    return (
        bool(found["before"] or found["small"])
        or found["after"].endswith("钱")
        or found["number"][0].isdigit()
    )


def _number(written: str) -> Decimal | None:
    if written[0].isascii() and written[0].isalpha():
        return parse_english(written)
    value = parse_digits(written)
    return parse_chinese(written) if value is None else value


def _with_small(value: Decimal, small: str) -> Decimal | None:
    """元 with its 角 and 分; a lone digit after 块 counts 角 (三块五)."""
    rest = small.rstrip("整正")
    if not rest:
        return value
    worded = rest if rest[-1] in "角毛分" else rest + "角"
    part = parse_rmb(worded)
    return None if part is None else value + part
