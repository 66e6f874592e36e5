"""Passwords and codes are thrown away before anything is kept: we never need one, whoever types it."""

from __future__ import annotations

import re

GONE = "［…］"
"""What stands where a code stood."""

_NAMED = re.compile(
    r"(?P<name>验证码|校验码|动态码|短信码|安全码|支付密码|登录密码|取款密码|交易密码|密码|cvv2?|cvc2?|passcode"
    r"|password|verification code|security code|one[- ]time (?:code|password)|otp|pin(?: code| number)?)"
    r"(?P<link>\s*(?:是|为|就是|[:：=]|is|was)?\s*[“\"'「]?)(?P<code>(?=[a-z0-9]*[0-9])[a-z0-9!@#$%^&*._-]{3,32})",
    re.IGNORECASE,
)
_BARE = re.compile(r"\s*[0-9]{3,4}\s*|\s*[0-9]{6}\s*")
_NUMBERS_FIT = ("phone", "number", "account", "fee_words", "amount", "description")
"""Questions whose answer may well be a bare number of a code's length."""


def without_codes(question: str, reply: str) -> str | None:
    """`reply` with everything that looks like a password, code or CVV taken out; None when nothing does.

    A figure beside such a word is one; so is a bare figure of a code's length where a question expects words.
    """
    if _BARE.fullmatch(reply) and not any(word in question for word in _NUMBERS_FIT):
        return ""
    cleaned = _NAMED.sub(lambda found: f"{found['name']}{found['link']}{GONE}", reply)
    return cleaned if cleaned != reply else None
