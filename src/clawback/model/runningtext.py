"""Running text made ready for searching: digits of every script as ASCII, in pieces of bounded length.

All functions keep character positions: what is found at 5-9 in the prepared text stands at 5-9 in the
original.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

PIECE = 64 * 1024
"""Characters that are searched at once, so that no input makes a search hold more."""

_BACK = 1024
"""How far a cut may be moved back to a place where no number, word or link is torn."""

_FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")
_FULL_WIDTH_MARK = re.compile(r"(?<=[０-９])[，．](?=[０-９])")
_FULL_WIDTH_MARKS = {"，": ",", "．": "."}
_WIDE = str.maketrans(
    {"￥": "¥", "￡": "£", "＄": "$", "：": ":", "（": "(", "）": ")", "　": " ", "＋": "+"}
)
_GAP = re.compile(r"[\s。，；！？]")


def plain(text: str) -> str:
    """`text` of the same length with every decimal digit as ASCII and full-width marks narrowed.

    A full-width comma or point becomes , or . only between full-width digits; elsewhere it is punctuation.
    """
    if text.isascii():
        return text
    text = _FULL_WIDTH_MARK.sub(lambda found: _FULL_WIDTH_MARKS[found.group()], text)
    text = _FOREIGN_DIGIT.sub(lambda found: str(unicodedata.digit(found.group())), text)
    return text.translate(_WIDE)


def pieces(text: str, size: int = PIECE) -> Iterator[tuple[int, str]]:
    """(start, piece) with pieces of at most `size` characters, cut at a gap where there is one nearby."""
    start = 0
    while len(text) - start > size:
        end = start + size
        gaps = [found.end() for found in _GAP.finditer(text, max(start + 1, end - _BACK), end)]
        end = gaps[-1] if gaps else end
        yield start, text[start:end]
        start = end
    yield start, text[start:]
