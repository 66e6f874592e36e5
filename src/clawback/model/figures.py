"""Every figure in running text, in any script, so that a paper can be checked figure by figure.

The gate of the papers relies on one property: no number token is missed. What does not parse as a whole is
therefore given in parts, and what may be a mere word (一 in 统一, "one of them") is marked, not left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from clawback.model.numerals import (
    CAPITAL_CHARACTERS,
    CHINESE_CHARACTERS,
    ENGLISH_SCALES,
    ENGLISH_VALUES,
    MAX_NUMERAL,
    parse_chinese,
    parse_digits,
    parse_english,
    parse_rmb,
)
from clawback.model.runningtext import pieces, plain


class Script(StrEnum):
    """How a figure is written."""

    DIGITS = "digits"
    CHINESE = "chinese"
    CAPITAL = "capital"
    ENGLISH = "english"
    SYMBOL = "symbol"  # ③, ½, Ⅳ


@dataclass(frozen=True, slots=True)
class FigureMention:
    """A number in a text. `text` is text[start:end] as found; a sign is not part of it.

    `wordlike`: may be an everyday word rather than a figure (一 alone, 万一, 千万, "one").
    """

    value: Decimal
    start: int
    end: int
    text: str
    script: Script
    wordlike: bool = False


_START, _END = "(?<![A-Za-z])", "(?![A-Za-z0-9])"
# not \b: Chinese characters count as word characters, and no space stands between them and Latin ones
_SIMPLE_DIGITS = set("零〇○一二三四五六七八九两兩俩")
_UNITS = "十百千万亿拾佰仟萬億"
_ZH = f"[{CHINESE_CHARACTERS}]"
_DIGIT = "[零〇○一二三四五六七八九]"
_GROUPED = (
    r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?"
    "|[0-9]{1,3}(?:[\u00a0\u2009\u202f'’][0-9]{3})+(?:[.,][0-9]{1,2})?"
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{2}"
    r"|(?<![0-9]\.)[0-9]++\.[0-9]++(?!\.[0-9]))(?![0-9]|[.,][0-9])"
)
_ARABIC = rf"(?>{_GROUPED}|[0-9]++)"
_WORD = "(?:" + "|".join(sorted((*ENGLISH_VALUES, "hundred", *ENGLISH_SCALES), key=len, reverse=True)) + ")"
_WORDS = (
    rf"{_START}(?:a\s(?=(?:hundred|thousand|million|billion){_END}))?{_WORD}"
    rf"(?:(?:-|\s|(?:(?<=thousand)|(?<=million)|(?<=billion)),\s)(?:and\s)?{_WORD})*{_END}"
)
_FIGURE = re.compile(
    rf"(?P<rmb>(?:{_ARABIC}|{_ZH})(?:{_ZH}|[0-9])*+[元圆圓块塊]零?"
    rf"(?:(?:{_ZH}|[0-9])[角毛](?:零?(?:{_ZH}|[0-9])分)?|(?:{_ZH}|[0-9])分)"
    r"|[壹贰叁肆伍陆柒捌玖](?:角(?:零?[壹贰叁肆伍陆柒捌玖]分)?|分))"
    rf"|(?P<scaled>{_ARABIC}\s?(?:thousand|million|billion|bn|k|m){_END})"
    rf"|(?P<digits>{_ARABIC})(?![{_UNITS}])"
    rf"|(?P<chinese>(?:{_ARABIC}(?=[{_UNITS}])|{_ZH})(?:{_ZH}|[0-9]++(?![.,][0-9]))*+"
    rf"(?:[点點]{_DIGIT}+(?![零〇○一二三四五六七八九分十刻半整])[{_UNITS}]*)?)"
    rf"|(?P<words>{_WORDS})"
    r"|(?P<symbol>[\u00b2\u00b3\u00b9\u00bc-\u00be\u2070-\u2089\u2150-\u218b\u2460-\u249b\u24ea-\u24ff"
    r"\u2776-\u2793\u3021-\u3029\u3038-\u303a\u3192-\u3195\u3220-\u3229\u3248-\u324f\u3251-\u325f\u3280-\u3289"
    r"\u32b1-\u32bf])",
    re.IGNORECASE,
)
_SCALES = {"k": 10**3, "m": 10**6, "bn": 10**9, **ENGLISH_SCALES}
_WORDLIKE = {"万一", "千万", "万千", "十万", "百万", "一万", "十", "百", "千", "万", "亿", "one", "百千"}
_LONGEST_SPLIT = 24
_CHINESE_PART = re.compile(rf"[0-9]+(?:\.[0-9]+)?|{_DIGIT}{{2,16}}|{_ZH}")


def find_figures(text: str) -> tuple[FigureMention, ...]:
    """Every number token of `text`, in order, without overlaps.

    Compound sums are one figure (叁佰元零伍分 is 300.05, 3万5 is 35000, 1.2 million is 1200000); dates,
    times and dotted numbers are one figure per part. A plain space never groups digits here, because in a
    table it separates. What does not parse as a whole is given character by character.
    """
    return tuple(figure for start, piece in pieces(plain(text)) for figure in _figures(piece, start, text))


def _figures(piece: str, offset: int, original: str) -> Iterator[FigureMention]:
    for found in _FIGURE.finditer(piece):
        kind, written = str(found.lastgroup), found.group()
        start = offset + found.start()
        for value, at, length in _values(kind, written):
            end = start + at + length
            as_found = original[start + at : end]
            yield FigureMention(
                value, start + at, end, as_found, _script(kind, as_found), _wordlike(as_found)
            )


def _values(kind: str, written: str) -> Iterator[tuple[Decimal, int, int]]:
    """(value, start, length) of the whole, or of its parts where the whole makes no sense."""
    whole = _whole(kind, written)
    if whole is not None:
        yield whole, 0, len(written)
    elif kind == "words":
        yield from _word_parts(written)
    else:
        yield from _parts(written)


def _whole(kind: str, written: str) -> Decimal | None:
    match kind:
        case "rmb":
            return parse_rmb(written)
        case "scaled":
            return _scaled(written)
        case "digits":
            return parse_digits(written)
        case "chinese":
            return parse_chinese(written)
        case "words":
            return parse_english(written) if len(written) <= 4 * MAX_NUMERAL else None
    return _symbol(written)


def _scaled(written: str) -> Decimal | None:
    number = re.match(r"[^a-z\s]+", written.lower())
    value = parse_digits(number.group()) if number else None
    scale = _SCALES[re.sub(r"[^a-z]", "", written.lower())]
    return None if value is None else value * scale


def _symbol(written: str) -> Decimal | None:
    value = unicodedata.numeric(written, None)
    return None if value is None else Decimal(str(value))


def _parts(written: str) -> Iterator[tuple[Decimal, int, int]]:
    """A run that is no single number: what stands before a readable ending (周一|三万五), then the ending."""
    if len(written) <= _LONGEST_SPLIT:
        for at in range(1, len(written)):
            ending = parse_chinese(written[at:])
            if ending is not None:
                before = parse_chinese(written[:at])
                yield from _characters(written[:at]) if before is None else [(before, 0, at)]
                yield ending, at, len(written) - at
                return
    yield from _characters(written)


def _characters(written: str) -> Iterator[tuple[Decimal, int, int]]:
    for found in _CHINESE_PART.finditer(written):
        value = parse_chinese(found.group())
        if value is None and found.group().isdigit():
            value = Decimal(found.group())
        if value is not None:
            yield value, found.start(), len(found.group())


def _word_parts(written: str) -> Iterator[tuple[Decimal, int, int]]:
    """Runs like "one two three": the longest readable group from each place, at most twelve words long."""
    words = list(re.finditer(r"[a-z]+", written, re.IGNORECASE))
    at = 0
    while at < len(words):
        for last in range(min(at + 12, len(words)) - 1, at - 1, -1):
            value = parse_english(written[words[at].start() : words[last].end()])
            if value is not None:
                yield value, words[at].start(), words[last].end() - words[at].start()
                at = last
                break
        else:
            lone = words[at].group().lower()  # "hundred" after a finished number
            if lone in ENGLISH_SCALES or lone == "hundred":
                yield Decimal(ENGLISH_SCALES.get(lone, 100)), words[at].start(), len(lone)
        at += 1


def _script(kind: str, written: str) -> Script:
    if kind in ("words", "symbol"):
        return Script.ENGLISH if kind == "words" else Script.SYMBOL
    if any(character in CAPITAL_CHARACTERS for character in written):
        return Script.CAPITAL
    return Script.DIGITS if kind in ("digits", "scaled") or written[0].isdigit() else Script.CHINESE


def _wordlike(written: str) -> bool:
    return written in _SIMPLE_DIGITS or written.lower() in _WORDLIKE
