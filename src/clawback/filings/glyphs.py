"""Which characters the shipped font can draw, so that no paper shows an empty box without saying so."""

from __future__ import annotations

import struct
from functools import lru_cache
from pathlib import Path

FONTS = Path(__file__).resolve().parent / "fonts"
FONT_FILE = FONTS / "NotoSansSC-GBK.otf"
FONT_FAMILY = "Noto Sans SC"


@lru_cache(maxsize=1)
def printable() -> frozenset[int]:
    """Code points that the font maps to a glyph, read from its `cmap` table (formats 4 and 12)."""
    data = FONT_FILE.read_bytes()
    cmap = _table(data, b"cmap")
    count = struct.unpack(">H", cmap[2:4])[0]
    covered: set[int] = set()
    for index in range(count):
        _, _, offset = struct.unpack(">HHI", cmap[4 + 8 * index : 12 + 8 * index])
        covered |= _subtable(cmap[offset:])
    return frozenset(covered)


def _table(data: bytes, tag: bytes) -> bytes:
    for index in range(struct.unpack(">H", data[4:6])[0]):
        name, _, offset, length = struct.unpack(">4sIII", data[12 + 16 * index : 28 + 16 * index])
        if name == tag:
            return data[offset : offset + length]
    raise ValueError(f"the font has no {tag.decode()} table")


def _subtable(table: bytes) -> set[int]:
    match struct.unpack(">H", table[:2])[0]:
        case 4:
            return _segments(table)
        case 12:
            return _groups(table)
        case _:
            return set()


def _segments(table: bytes) -> set[int]:
    """Format 4: segments of the basic plane; glyph 0 means not there."""
    length = struct.unpack(">H", table[6:8])[0] // 2
    words = struct.unpack(f">{length * 4 + 1}H", table[14 : 14 + 2 * (length * 4 + 1)])
    ends, starts = words[:length], words[length + 1 : 2 * length + 1]
    deltas, offsets = words[2 * length + 1 : 3 * length + 1], words[3 * length + 1 :]
    covered: set[int] = set()
    for index, (first, last) in enumerate(zip(starts, ends, strict=True)):
        for code in range(first, min(last, 0xFFFE) + 1):
            if _glyph(table, length, index, code, first, deltas[index], offsets[index]):
                covered.add(code)
    return covered


def _glyph(table: bytes, length: int, index: int, code: int, first: int, delta: int, offset: int) -> int:
    if not offset:
        return (code + delta) & 0xFFFF
    place = 16 + 6 * length + 2 * index + offset + 2 * (code - first)
    glyph = int(struct.unpack(">H", table[place : place + 2])[0])
    return (glyph + delta) & 0xFFFF if glyph else 0


def _groups(table: bytes) -> set[int]:
    """Format 12: groups of code points of all planes."""
    count = struct.unpack(">I", table[12:16])[0]
    covered: set[int] = set()
    for index in range(count):
        first, last, _ = struct.unpack(">III", table[16 + 12 * index : 28 + 12 * index])
        covered.update(range(first, last + 1))
    return covered
