"""Does a value really stand in the words found at its source?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from clawback.model.mentions import find_figures
from clawback.model.money import Amount

CUT_AT = 500
"""A source keeps this many characters of found text; a value beyond the cut cannot be looked for."""

_TRACED = {"amount", "reference", "merchant_reference", "value", "text"}
_PARTS = {"name", "number"}
_PLAIN = re.compile(r"[\W_]+")


def is_traced(field: str, other: str) -> bool:
    """Must the value of this field stand in the source's words? `other`: "payee" or "payer", the far side.

    A method, a sender's name above a chat and the user's own account come from the heading of a file, not
    from the row, so they are not looked for there.
    """
    side, _, part = field.partition(".")
    return field in _TRACED or (side == other and part in _PARTS)


def stands_in(value: object, texts: Sequence[str]) -> bool:
    """Is `value` among the words? Digits and letters count; white space, grouping and punctuation do not."""
    if not texts or any(len(text) >= CUT_AT for text in texts):
        return bool(texts)
    if isinstance(value, Amount):
        return any(_has_figure(text, value.value) for text in texts)
    if isinstance(value, str):
        wanted = _bare(value)
        return any(wanted in _bare(text) for text in texts) or _is_phone_in(value, texts)
    return True


def _has_figure(text: str, wanted: Decimal) -> bool:
    return any(mention.value == abs(wanted) for mention in find_figures(text))


def _bare(text: str) -> str:
    return _PLAIN.sub("", text).casefold()


def _is_phone_in(value: str, texts: Sequence[str]) -> bool:
    """+8613800138000 is found as 138-0013-8000, +447700900123 as 07700 900123."""
    if not re.fullmatch(r"\+\d{8,15}", value):
        return False
    return any(re.sub(r"\D", "", text).find(value[-9:]) >= 0 for text in texts)
