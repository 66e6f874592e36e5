"""Text without its disguises, and the way back to the words as they were written.

Whoever cheats writes 威❤, V 信, 轉帳, ｂｉｔｃｏｉｎ or fr33 so that filters do not see the words. Signals
are looked for in the text as it was meant; what is quoted is always the text as it stands.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import unescape

import opencc

HAN = "㐀-鿿"
"""The characters of Chinese, as part of a character class."""

# Letters of other scripts drawn like a Latin one (after Unicode's confusables), above the letter that is
# meant. Genuine Greek or Russian text is mangled by this; no signal is in those languages.
_DRAWN = "аɑαвьсϲԁеєҽεɡһнιіɩїјкκӏⅼмոпηоοσрρԛгѕꜱтτυսѵνԝωшхχуүγᴢʐ♡♥❤"
_MEANT = "aaabbccdeeeeghhiiiijkkllmnnnoooppqrssttuuvvwwwxxyyyzzvvv"
# Signs for 信 and 微 as they are written in numbers to add: 威❤ is 威信, 薇 is 微.
_SWAPPED_HAN = ("薇嶶徴溦佰芬洊囎帐戸囯", "微微微微百分存赠账户国")
# A character taken apart beside a part that never stands alone: 亻言 is 信.
_SPLIT = {
    "亻言": "信", "亻寸": "付", "亻呆": "保", "亻昔": "借", "亻介": "价", "亻弋": "代", "亻古": "估",
    "氵主": "注", "氵去": "法", "氵充": "流", "氵皮": "波", "扌殳": "投", "扌是": "提", "扌丑": "扭",
    "扌丁": "打", "扌妾": "接", "扌旨": "指", "扌奖": "奖", "车专": "转", "贝长": "账", "贝兼": "赚",
    "贝者": "赌", "贝次": "资", "钅戋": "钱", "钅艮": "银", "讠人": "认", "讠正": "证", "讠果": "课",
    "讠己": "记", "讠舌": "话", "讠义": "议", "忄青": "情", "礻畐": "福", "纟合": "给", "纟及": "级",
    "王见": "现", "禾刂": "利", "禾兑": "税", "彳艮": "很", "阝付": "附", "饣欠": "饮", "疒丙": "病",
}  # fmt: skip
_LEET = str.maketrans("0134579@$!|", "oieastgasii")

_ZERO_WIDTH = (
    "\u00ad\u034f\u061c\u115f\u180e\u200b-\u200f\u202a-\u202e"
    "\u2060-\u2064\u2066-\u206f\u3164\ufe00-\ufe0f\ufeff"
)
_MARKS = "\u0300-\u036f\u0483-\u0489\u20d0-\u20ff"
_PICTURES = "\u2190-\u245f\u2500-\u2bff\u3004\u3012\u3020\ue000-\uf8ff\U0001f000-\U0001faff"
# What may stand between two characters of one word. Not 。，！？；：、 and line ends: those end a clause.
_BRACKETS = r"()（）\[\]【】〔〕〖〗「」『』《》〈〉<>{}"
_BETWEEN = rf"[ \t\u00a0\u3000.·•∙・‧⋅*_~^`'\"|/\\+=#\-–—“”‘’{_BRACKETS}{_PICTURES}]"
_INVISIBLE = re.compile(f"[{_ZERO_WIDTH}{_MARKS}]+")
_RUN = re.compile(f"{_BETWEEN}+")
_ENTITY = re.compile(r"&(?:#[0-9]{2,7}|#x[0-9a-f]{2,6}|[a-z]{2,8});")
_CLAUSE_ENDS = "。.!?;:,"
_SHORT_LINE, _ONE_WORD, _SCREEN = 2, 14, 10  # characters
_FULL_LINE = 0.75  # of the longest line
_LONGEST_RUN = 4  # a row of dashes or spaces parts two things
_SPELT = re.compile(  # by the same mark all through, so that the gap to the next word stays
    rf"(?<![a-z0-9])[a-z0-9](?P<by>{_BETWEEN}{{1,2}})[a-z0-9](?:(?P=by)[a-z0-9]){{2,}}(?![a-z0-9])"
)
_MAYBE_LEET = re.compile(
    r"(?<![a-z0-9@$!|./])(?=[0-9@$!|]*[a-z])(?=[a-z]*[0-9@$!|])"
    r"[a-z0-9@$!|]{2,23}[a-z0-9@$](?![a-z0-9@./])"  # ! behind a word ends a sentence
)
_MAYBE_SPLIT = re.compile(f"[{''.join({pair[0] for pair in _SPLIT})}][{HAN}]")
# Numbers with a unit ($47k, 24hrs), names of accounts (@joe), and digits that outnumber the letters.
_A_NUMBER = re.compile(
    r"^\$?[0-9]+(?:[a-z]{1,2}|hrs?|mins?|days?|usdt?|gbp|eur|btc|eth|th|mph|ghz|kwh|pcm)$"
    r"|^[a-z][0-9]+$|^[a-z]+[0-9]{3,}$|^@|^\$[0-9]|[0-9]{4}|^[a-z][0-9]{3}|^[0-9]{3}[a-z]*$"
)


@dataclass(frozen=True, slots=True)
class Plain:
    """`text`: lower case, simplified, without disguise. `origin[i]`: where text[i] stood in `original`; None
    when every character kept its place."""

    original: str
    text: str
    origin: Sequence[int] | None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where text[start:end] stands in the original; `end` is past the last character, start < end."""
        if self.origin is None:
            return start, end
        return self.origin[start], self.origin[end - 1] + 1


def normalise(text: str) -> Plain:
    """The text as it was meant. Never raises; the result is at most as long as the input."""
    folded = text.lower() if text.isascii() else text.translate(_table())
    if len(folded) != len(text):  # a few capitals grow in lower case
        folded = "".join(char.lower()[:1] or char for char in text)
    folded = _unleet(folded)
    cuts = sorted(_cuts(folded))
    if not cuts:
        return Plain(text, folded, None)
    return _without(text, folded, cuts)


def turned_around(text: str) -> bool:
    """Does an override make Latin or Chinese text run from right to left?"""
    return "\u202e" in text


def mixed_scripts(text: str) -> bool:
    """Traditional and Simplified forms side by side: nobody writes like that but to pass a filter."""
    if text.isascii():
        return False
    characters = set(text)
    return all(len(forms & characters) > 1 for forms in _forms())


@cache
def _forms() -> tuple[frozenset[str], frozenset[str]]:
    """Characters that are only Simplified, and only Traditional."""
    return frozenset(_converted("s2t")), frozenset(_converted("t2s"))


@cache
def _converted(way: str) -> dict[str, str]:
    """Characters that the other script writes otherwise, and how ("t2s": as Simplified)."""
    han = [chr(code) for code in range(0x3400, 0xA000)]
    others = opencc.OpenCC(way).convert("\n".join(han)).split("\n")
    return {one: other for one, other in zip(han, others, strict=True) if one != other}


def _unleet(text: str) -> str:
    """fr33 m0ney becomes free money; a number with a letter behind it stays (5g, 200w, k12)."""
    return _MAYBE_LEET.sub(
        lambda found: found.group() if _A_NUMBER.search(found.group()) else found.group().translate(_LEET),
        text,
    )


def _cuts(text: str) -> Iterator[tuple[int, int, str]]:
    """(start, end, what stands there instead) of everything that only disguises."""
    yield from _entities(text)
    yield from _wrapped(text)
    if text.isascii():
        yield from _spelt(text)
        return
    for found in _INVISIBLE.finditer(text):
        yield found.start(), found.end(), ""
    for found in _RUN.finditer(text):
        if _inside_a_word(text, found.start(), found.end()):
            yield found.start(), found.end(), ""
    for found in _MAYBE_SPLIT.finditer(text):
        if found.group() in _SPLIT:
            yield found.start(), found.end(), _SPLIT[found.group()]
    yield from _spelt(text)


def _entities(text: str) -> Iterator[tuple[int, int, str]]:
    """&#24494; is 微."""
    if "&" in text and ";" in text:
        for found in _ENTITY.finditer(text):
            meant = unescape(found.group())
            if len(meant) == 1:
                yield found.start(), found.end(), meant.translate(_table())


def _wrapped(text: str) -> Iterator[tuple[int, int, str]]:
    """Lines that only a screen or a disguise cut: as long as the longest, or of one character or word."""
    if "\n" not in text:
        return
    breaks = [at for at, char in enumerate(text) if char == "\n"]
    starts = [0, *(at + 1 for at in breaks)]
    scraps = sum(0 < end - start <= _SHORT_LINE for start, end in zip(starts, breaks, strict=False))
    chopped = 2 * scraps > len(breaks)  # nobody writes most lines in one or two characters
    longest = max(end - start for start, end in zip(starts, [*breaks, len(text)], strict=True))
    for start, end in zip(starts, breaks, strict=False):
        line = text[start:end]
        if not line or line[-1] in _CLAUSE_ENDS or end + 1 == len(text):
            continue
        if chopped or _one_piece(line) or len(line) >= max(_FULL_LINE * longest, _SCREEN):
            yield end, end + 1, "" if is_han(line[-1]) and is_han(text[end + 1]) else " "


def _one_piece(line: str) -> bool:
    """One or two characters of Chinese, or one word."""
    return len(line) <= _SHORT_LINE or (len(line) <= _ONE_WORD and line.isascii() and " " not in line)


def _inside_a_word(text: str, start: int, end: int) -> bool:
    """Between two Chinese characters, or one and a letter or digit: Chinese is written without gaps."""
    if not 0 < start < end < len(text) or end - start > _LONGEST_RUN:
        return False
    before, after = text[start - 1], text[end]
    return (is_han(before) and (is_han(after) or after.isalnum())) or (is_han(after) and before.isalnum())


def is_han(char: str) -> bool:
    """Is it one Chinese character?"""
    return HAN[0] <= char <= HAN[-1]


def _spelt(text: str) -> Iterator[tuple[int, int, str]]:
    """g u a r a n t e e: what stands between single letters."""
    for found in _SPELT.finditer(text):
        for between in _RUN.finditer(text, found.start(), found.end()):
            yield between.start(), between.end(), ""


def _without(original: str, folded: str, cuts: Sequence[tuple[int, int, str]]) -> Plain:
    pieces: list[str] = []
    origin: list[int] = []
    at = 0
    for start, end, instead in cuts:
        if start < at:
            continue
        pieces += (folded[at:start], instead)
        origin += (*range(at, start), *([end - 1] * len(instead)))
        at = end
    pieces.append(folded[at:])
    origin += range(at, len(folded))
    return Plain(original, "".join(pieces), origin)


@cache
def _table() -> dict[int, str]:
    """One character for one character: NFKC, lower case, Simplified, without accents, Latin look-alikes."""
    table: dict[int, str] = {}
    for code in (
        *range(0x80, 0x3400),
        *range(0xA000, 0xD800),
        *range(0xF900, 0x10000),
        *range(0x1D400, 0x1F200),
    ):
        char = chr(code)
        meant = _meant(char)
        if meant != char:
            table[code] = meant
    table |= {ord(one): other for one, other in _converted("t2s").items()}
    swapped = str.maketrans(*_SWAPPED_HAN)
    table = {code: char.translate(swapped) for code, char in table.items()} | {
        code: chr(other) for code, other in swapped.items()
    }
    for one, other in zip(_DRAWN, _MEANT, strict=True):
        table |= {ord(one): other, ord(one.upper()): other}
    table |= {code: chr(code + 32) for code in range(ord("A"), ord("Z") + 1)}
    table[ord("’")] = "'"  # how telephones write don't
    return table


def _meant(char: str) -> str:
    wide = unicodedata.normalize("NFKC", char).lower()
    if len(wide) == 1 and not wide.isascii() and wide.isalpha():
        bare = unicodedata.normalize("NFD", wide)[0]
        return bare if bare.isascii() else wide
    if len(wide) == 1:
        return wide
    inner = wide.strip("()[]. ")  # ⑴ and 🄐
    return inner if len(inner) == 1 else char
