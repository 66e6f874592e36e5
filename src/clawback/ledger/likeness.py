"""Can two spellings be the same name or the same account? Masks hide, they do not differ."""

from __future__ import annotations

import re
import unicodedata

_MASK = re.compile(r"[*＊●•]+")
_SPACE = re.compile(r"[\s\-–—·]+")
_TAIL = re.compile(r"(?:尾号|末四位|ending(?: in)?|\()\s*(\d{4})\)?\s*$", re.IGNORECASE)

PAYMENT_COMPANIES = {
    "alipay": ("支付宝", "alipay", "蚂蚁"),
    "wechat_pay": ("财付通", "微信支付", "微信转账", "tenpay", "wechat pay"),
}
"""Names under which a bank statement shows a payment that went through a payment company."""


def clean(text: str) -> str:
    """Case, width, spaces and dashes folded away; masks kept as single `*`."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _MASK.sub("*", _SPACE.sub("", folded))


def same_name(first: str | None, second: str | None) -> bool | None:
    """True: the same name; False: different names; None: one is missing, so nothing can be said.

    A mask stands for any letters: 张*三 may be 张小三, but not 李小三.
    """
    if not first or not second:
        return None
    one, two = clean(first), clean(second)
    if not one.strip("*") or not two.strip("*"):
        return None
    return one == two or _fits(one, two) or _fits(two, one)


def is_masked(text: str | None) -> bool:
    """Does the spelling hide part of itself?"""
    return bool(text) and bool(_MASK.search(text or ""))


def same_number(first: str | None, second: str | None) -> bool | None:
    """True, False, or None when missing or when only shortened forms (last four digits) are alike."""
    if not first or not second:
        return None
    one, two = clean(first), clean(second)
    if one == two:
        return True
    tail_one, tail_two = tail(first), tail(second)
    shortened = is_masked(first) or is_masked(second) or _TAIL.search(first) or _TAIL.search(second)
    if shortened and tail_one and tail_two:
        return None if tail_one == tail_two else False
    return _fits(one, two) or _fits(two, one)


def tail(number: str | None) -> str | None:
    """The last four digits, when four digits end the number."""
    digits = re.search(r"(\d{4})\D{0,2}$", unicodedata.normalize("NFKC", number or ""))
    return digits.group(1) if digits else None


def payment_company(name: str | None) -> str | None:
    """Which payment company a payee name on a bank statement stands for, or None."""
    folded = clean(name or "")
    for method, words in PAYMENT_COMPANIES.items():
        if any(clean(word) in folded for word in words):
            return method
    return None


def _fits(pattern: str, text: str) -> bool:
    """Does `text` fit `pattern`, in which `*` stands for one or more characters?"""
    if "*" not in pattern:
        return False
    head, *middle, last = pattern.split("*")
    if len(text) < len(pattern) or not text.startswith(head) or not text.endswith(last):
        return False
    place = len(head)
    for part in middle:
        place = text.find(part, place)
        if place < 0:
            return False
        place += len(part)
    return place <= len(text) - len(last)
