"""Cut the font of the papers from Noto Sans SC Regular.

    pip install fonttools pylopdf-fonts-zh-cn
    python tools/build_font.py NotoSansSC-Regular.otf

Keeps the 20,902 ideographs of GBK (names such as 喆 and 祎 need more than GB 2312), Latin, punctuation and
the signs that bills and chats use. The full font is 8 MB, the cut 5 MB. `fonttools` is needed
only here.
"""

from __future__ import annotations

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

FONTS = Path(__file__).resolve().parent.parent / "src" / "clawback" / "filings" / "fonts"
TARGET = FONTS / "NotoSansSC-GBK.otf"
BLOCKS = (
    (0x0020, 0x007E), (0x00A0, 0x024F), (0x0370, 0x03FF), (0x0400, 0x04FF),  # Latin, Greek, Cyrillic
    (0x2000, 0x206F), (0x20A0, 0x20CF), (0x2100, 0x214F), (0x2150, 0x218F),  # punctuation, money, numerals
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2300, 0x23FF), (0x2460, 0x24FF),  # arrows, signs, enclosed
    (0x2500, 0x26FF), (0x2700, 0x27BF), (0x2E80, 0x2FDF), (0x3000, 0x30FF),  # boxes, dingbats, kana
    (0x3100, 0x312F), (0x3200, 0x33FF), (0xFE10, 0xFE1F), (0xFE30, 0xFE4F),
    (0xFF00, 0xFFEF),
)  # fmt: skip


def gbk_ideographs() -> set[int]:
    """Every ideograph that GBK encodes."""
    return {code for code in range(0x4E00, 0x9FA6) if _in_gbk(code)}


def _in_gbk(code: int) -> bool:
    try:
        chr(code).encode("gbk")
    except UnicodeEncodeError:
        return False
    return True


def wanted() -> set[int]:
    """Code points to keep."""
    return gbk_ideographs().union(*(range(first, last + 1) for first, last in BLOCKS))


def build(original: Path) -> None:
    """Write the cut font; the same input gives the same bytes."""
    options = subset.Options()
    options.layout_features = ["kern", "locl", "mark", "mkmk", "ccmp", "pwid"]
    options.name_IDs = ["*"]
    options.hinting = False
    options.recalc_timestamp = False
    font = TTFont(original, recalcTimestamp=False)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=sorted(wanted()))
    cutter.subset(font)
    font.save(TARGET)
    print(f"{TARGET.name}: {TARGET.stat().st_size:,} bytes, {len(font.getBestCmap()):,} characters")


if __name__ == "__main__":
    build(Path(sys.argv[1]))
