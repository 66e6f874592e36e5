"""Numerals of every script that evidence and papers use, read and written exactly.

Arabic digits with any grouping, Chinese numerals (三万五千, 两千三百五, 4万9千8, 二〇二四), capital numerals
(壹万贰仟元整) and English number words. All values are `Decimal`; what cannot be read for certain is None.
Own grammar rather than a library's, because a reader of evidence must refuse what it does not understand:
the round trip write -> read is a property test, and a second opinion is asked there of `cn2an`.
"""

from __future__ import annotations

import re
from decimal import Decimal

MAX_NUMERAL = 64
"""Characters in a numeral that is read; longer ones are no figure that anybody pays."""

DIGIT_VALUES = {
    **dict(zip("零一二三四五六七八九", range(10), strict=True)),
    **dict(zip("壹贰叁肆伍陆柒捌玖", range(1, 10), strict=True)),
    **{
        "〇": 0,
        "○": 0,
        "两": 2,
        "兩": 2,
        "俩": 2,
        "貳": 2,
        "參": 3,
        "叄": 3,
        "陸": 6,
        "弍": 2,
        "弎": 3,
        "弌": 1,
    },
}
"""Value of each Chinese digit character, everyday, capital and traditional."""

UNIT_VALUES = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
"""Units below ten thousand."""

BIG_UNIT_VALUES = {"万": 10**4, "萬": 10**4, "亿": 10**8, "億": 10**8}
"""Units that count sections of four digits. 兆 is left out: it means 10^6 or 10^12 depending on where."""

TENS_VALUES = {"廿": "二十", "卅": "三十", "卌": "四十"}

CHINESE_CHARACTERS = "".join((*DIGIT_VALUES, *UNIT_VALUES, *BIG_UNIT_VALUES, *TENS_VALUES))
"""Every character that a Chinese numeral can be made of, 点 excepted."""

CAPITAL_CHARACTERS = "壹贰叁肆伍陆柒捌玖拾佰仟貳參叄陸"
"""Characters that only the capital script has."""

_FULL_WIDTH = str.maketrans("０１２３４５６７８９．，", "0123456789.,")
_PLAIN = re.compile(r"[0-9]+(?:\.[0-9]+)?")
_GROUPED = re.compile(
    r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?"  # 1,234.56
    r"|[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}(?:\.[0-9]+)?"  # 12,34,567
    r"|[0-9]{1,3}(?:'[0-9]{3})+(?:\.[0-9]+)?"  # 1'234.56
    r"|[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]+)?"  # 1 234.56
)
_COMMA_DECIMAL = re.compile(
    r"[0-9]{1,3}(?: [0-9]{3})+,[0-9]{1,2}"  # 1 234,56
    r"|[0-9]{1,3}(?:\.[0-9]{3})+,[0-9]{1,2}"  # 1.234,56
    r"|[0-9]{1,3}(?:\.[0-9]{3}){2,}"  # 1.234.567
    r"|[0-9]+,[0-9]{1,2}"  # 1234,56
)
_SPACES = re.compile("[\u00a0\u2009\u202f]")


def parse_digits(text: str) -> Decimal | None:
    """The value of a numeral in Arabic digits, ASCII or full-width, grouped in any usual way, or None.

    One comma before exactly three digits groups (1,234 is 1234); before one or two it is a decimal comma
    (1234,56). One point is a decimal point (1.234 is not 1234).
    """
    if len(text) > MAX_NUMERAL:
        return None
    plain = _SPACES.sub(" ", text.translate(_FULL_WIDTH).replace("’", "'"))
    if _PLAIN.fullmatch(plain):
        return Decimal(plain)
    if _GROUPED.fullmatch(plain):
        return Decimal(re.sub("[ ',]", "", plain))
    if _COMMA_DECIMAL.fullmatch(plain):
        return Decimal(re.sub("[ .]", "", plain).replace(",", "."))
    return None


# ------------------------------------------------------------------------------------------------ Chinese

_TOKEN = re.compile(rf"[0-9]+(?:\.[0-9]+)?|[{CHINESE_CHARACTERS}点點]")
_ONE_BY_ONE = re.compile(f"[{''.join(DIGIT_VALUES)}]{{2,}}")
_MIXED = re.compile(rf"(?:[0-9.,，０-９．]|[{CHINESE_CHARACTERS}点點])+")


def parse_chinese(text: str) -> Decimal | None:
    """The value of a Chinese numeral, or None.

    Reads everyday and capital digits, units up to 万亿, Arabic coefficients (3.5万, 4万9千8), digit by digit
    writing (二〇二四), decimals (三点五) and the spoken short form in which a last digit counts in the next
    lower unit (两千三百五 is 2350, 三万五 is 35000).
    """
    if not text or len(text) > MAX_NUMERAL or not _MIXED.fullmatch(text):
        return None
    return _number(_spelled_out(text))


def _spelled_out(text: str) -> str:
    """Full-width digits made plain, grouping commas and 廿 卅 卌 resolved."""
    plain = text.translate(_FULL_WIDTH)
    plain = re.sub(r"[0-9][0-9,]*(?:\.[0-9]+)?", _ungrouped, plain)
    return "".join(TENS_VALUES.get(character, character) for character in plain)


def _ungrouped(found: re.Match[str]) -> str:
    value = parse_digits(found.group())
    return found.group() if value is None else f"{value:f}"


def _number(text: str) -> Decimal | None:
    """亿, then 万, then the section below; each coefficient is a number of its own."""
    for units in ("亿億", "万萬"):
        at = max(text.rfind(unit) for unit in units)
        if at >= 0:
            return _split_at(text, at, BIG_UNIT_VALUES[text[at]])
    return _section(text)


def _split_at(text: str, at: int, unit: int) -> Decimal | None:
    head, tail = text[:at], text[at + 1 :]
    if not head or any(BIG_UNIT_VALUES.get(character, 0) >= unit for character in head):
        return None
    if _ONE_BY_ONE.fullmatch(head):  # 周一三万 is not thirteen times ten thousand
        return None
    coefficient = _number(head)
    rest = _tail(tail, unit)
    if coefficient is None or rest is None or (rest and coefficient != int(coefficient)):
        return None
    return coefficient * unit + rest


def _tail(text: str, unit: int) -> Decimal | None:
    """After a big unit: nothing, 零 and less, a last digit in the next lower unit, or a full section."""
    if not text:
        return Decimal(0)
    if len(text) == 1:
        digit = _digit(text)
        return None if not digit else Decimal(digit * unit // 10)
    after_zero = text.lstrip("零〇○")
    value = _number(after_zero) if after_zero else None
    if value is None or value >= unit:
        return None
    # 三万五十 is unheard of without 零, but 3万50 could be a slip for 3万5: neither is guessed at.
    if after_zero == text and after_zero.isdigit() and value * 10 < unit:
        return None
    return value


def _digit(part: str) -> int | None:
    if part.isascii() and part.isdigit() and len(part) == 1:
        return int(part)
    return DIGIT_VALUES.get(part)


def _section(text: str) -> Decimal | None:
    """A number below ten thousand with units, or digits written one by one."""
    parts = _TOKEN.findall(text)
    if not parts or "".join(parts) != text:
        return None
    if not any(part in UNIT_VALUES for part in parts):
        return _positional(parts)
    point = next((i for i, part in enumerate(parts) if part in "点點"), None)
    if point is None:
        return _with_units(parts)
    return _joined(_with_units(parts[:point]), parts[point + 1 :])


def _joined(whole: Decimal | None, decimals: list[str]) -> Decimal | None:
    digits = [_digit(part) for part in decimals]
    if whole is None or not digits or any(digit is None for digit in digits):
        return None
    return whole + Decimal("0." + "".join(map(str, digits)))


def _positional(parts: list[str]) -> Decimal | None:
    """One Arabic number, or Chinese digits one after the other, perhaps with 点."""
    if len(parts) == 1 and parts[0][0].isdigit() and parts[0].isascii():
        return Decimal(parts[0])
    if parts[0] in "点點" or parts[-1] in "点點" or sum(part in "点點" for part in parts) > 1:
        return None
    written = "".join("." if part in "点點" else str(_digit(part)) for part in parts)
    return Decimal(written) if re.fullmatch(r"[0-9]+(?:\.[0-9]+)?", written) else None


def _with_units(parts: list[str]) -> Decimal | None:
    total, last_unit, position, zero = Decimal(0), 10**4, 0, False
    while position < len(parts):
        part = parts[position]
        if part in "零〇○":
            zero, position = True, position + 1
            continue
        unit = UNIT_VALUES.get(parts[position + 1], 0) if position + 1 < len(parts) else 0
        if part in UNIT_VALUES:  # 十五, 百二: the coefficient one is left out only in front
            coefficient, unit, step = Decimal(1), UNIT_VALUES[part], 1
            if position and not zero:
                return None
        else:
            read = _coefficient(part)
            if read is None:
                return None
            coefficient, step = read, 2 if unit else 1
        if unit >= last_unit or coefficient == 0 or (coefficient >= 10 and position and unit):
            return None
        if not unit:
            return _last(total, coefficient, last_unit, zero, rest=len(parts) - position - 1)
        total, last_unit, position, zero = total + coefficient * unit, unit, position + step, False
    return None if zero else total


def _coefficient(part: str) -> Decimal | None:
    if part.isascii():
        return Decimal(part)
    digit = DIGIT_VALUES.get(part)
    return None if digit is None else Decimal(digit)


def _last(total: Decimal, digit: Decimal, last_unit: int, zero: bool, rest: int) -> Decimal | None:
    """A last number without a unit: 五 in 三百五 counts tens, in 三百零五 ones."""
    if rest or digit != int(digit) or digit >= last_unit:
        return None
    if zero or last_unit == 10:
        return total + digit
    return total + digit * (last_unit // 10) if digit < 10 else total + digit


# ------------------------------------------------------------------------------- sums of money in Chinese

_RMB = re.compile(
    r"(?:人民币|人民幣|RMB|CNY)?[:：]?\s*"
    rf"(?:(?P<yuan>[0-9.,０-９．，{CHINESE_CHARACTERS}]+)[元圆圓块塊])?零?"
    rf"(?:(?P<jiao>[0-9０-９{CHINESE_CHARACTERS}])[角毛])?零?"
    rf"(?:(?P<fen>[0-9０-９{CHINESE_CHARACTERS}])分)?[钱]?(?P<whole>[整正])?"
)


def parse_rmb(text: str) -> Decimal | None:
    """Yuan written out with 元 角 分 (叁佰元零伍分, 人民币壹万贰仟元整, 3块5毛), or None.

    整 after 分 contradicts itself and is refused.
    """
    found = _RMB.fullmatch(text) if len(text) <= MAX_NUMERAL else None
    if not found or not any(found.group("yuan", "jiao", "fen")) or (found["fen"] and found["whole"]):
        return None
    total = Decimal(0)
    for part, worth in (("yuan", Decimal(1)), ("jiao", Decimal("0.1")), ("fen", Decimal("0.01"))):
        if found[part]:
            value = parse_chinese(found[part])
            if value is None or (part != "yuan" and value >= 10):
                return None
            total += value * worth
    return total


_CAPITAL_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_CAPITAL_UNITS = ("", "拾", "佰", "仟")
_PLAIN_DIGITS = "零一二三四五六七八九"
_PLAIN_UNITS = ("", "十", "百", "千")
_SECTION_UNITS = ("", "万", "亿", "万亿")
LARGEST_WRITTEN = Decimal(10) ** 16
"""Sums from here on are refused when writing."""


def write_capital_rmb(value: Decimal) -> str:
    """`value` yuan in capital numerals: 12000 -> 壹万贰仟元整, 325.04 -> 叁佰贰拾伍元零肆分.

    Rules: 中国人民银行《支付结算办法》(银发〔1997〕393号) 附一《正确填写票据和结算凭证的基本规定》
    points 1, 2 and 4: 整 after 元, none after 角 and 分; one 零 for inner zeros; 零 between 元 and 分 when
    there is no 角. The 零 that point 4(3) leaves to the writer is left out. Without 人民币 in front.

    Raises ValueError for a negative sum, a fraction of a 分, or 10^16 and more.
    """
    if value < 0 or value >= LARGEST_WRITTEN or value != value.quantize(Decimal("0.01")):
        raise ValueError("capital numerals need a sum from 0 in whole 分 below 10^16")
    fen_total = int(value * 100)
    yuan, jiao, fen = fen_total // 100, fen_total // 10 % 10, fen_total % 10
    if not fen_total:
        return "零元整"
    words = _written(yuan, _CAPITAL_DIGITS, _CAPITAL_UNITS) + "元" if yuan else ""
    if not jiao and not fen:
        return words + "整"
    words += _CAPITAL_DIGITS[jiao] + "角" if jiao else ("零" if yuan else "")
    return words + (_CAPITAL_DIGITS[fen] + "分" if fen else "")


def write_chinese(value: int) -> str:
    """`value` in everyday numerals: 10005 -> 一万零五, 15 -> 十五. Raises ValueError outside 0..10^16-1."""
    if not 0 <= value < LARGEST_WRITTEN:
        raise ValueError("Chinese numerals are written from 0 below 10^16")
    words = _written(value, _PLAIN_DIGITS, _PLAIN_UNITS) if value else "零"
    return words[1:] if words.startswith("一十") else words


def _written(value: int, digits: str, units: tuple[str, ...]) -> str:
    words, zero_due = "", False
    for power in range(3, -1, -1):
        section = value // 10 ** (4 * power) % 10**4
        if not section:
            zero_due = zero_due or bool(words)
            continue
        if words and (zero_due or section < 1000):
            words += "零"
        words += _written_section(section, digits, units) + _section_unit(value, power)
        zero_due = False
    return words


def _section_unit(value: int, power: int) -> str:
    if power == 3 and value // 10**8 % 10**4:
        return "万"  # 一万二千亿: 亿 is said once, after the lower section
    return _SECTION_UNITS[power]


def _written_section(section: int, digits: str, units: tuple[str, ...]) -> str:
    words, zero_due = "", False
    for power in range(3, -1, -1):
        digit = section // 10**power % 10
        if digit:
            words += ("零" if zero_due else "") + digits[digit] + units[power]
            zero_due = False
        else:
            zero_due = bool(words)
    return words


# ---------------------------------------------------------------------------------------------- English

_ONES = [
    "zero",
    "one",
    "two",
    "three",
    "four",
    "five",
    "six",
    "seven",
    "eight",
    "nine",
    "ten",
    "eleven",
    "twelve",
    "thirteen",
    "fourteen",
    "fifteen",
    "sixteen",
    "seventeen",
    "eighteen",
    "nineteen",
]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
ENGLISH_VALUES = {
    **{word: value for value, word in enumerate(_ONES)},
    **{word: 10 * (index + 2) for index, word in enumerate(_TENS)},
}
"""Value of each English number word below one hundred."""

ENGLISH_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9}
_ENGLISH_WORD = re.compile(r"[a-z]+")


def parse_english(text: str) -> Decimal | None:
    """The value of English number words ("three thousand and fifty", "a hundred", "twenty-one"), or None.

    Strictly descending scales; "and" only inside. "fifteen hundred" is 1500. No ordinals, no fractions.
    """
    if len(text) > 4 * MAX_NUMERAL:
        return None
    words = _ENGLISH_WORD.findall(text.lower())
    if not words or re.sub(r"[a-z\s,-]", "", text.lower()) or words[0] == "and" or words[-1] == "and":
        return None
    return _english_total(words)


def _english_total(words: list[str]) -> Decimal | None:
    total, last_scale, start = 0, 10**12, 0
    for position, word in enumerate([*words, ""]):
        scale = ENGLISH_SCALES.get(word, 1 if not word else 0)
        if not scale:
            continue
        part = words[start:position]
        if part and part[0] == "and":
            part = part[1:]
        if not part and not word and start:  # ends on a scale: "two thousand"
            break
        below = _below_thousand(part, lone=not word and not start)
        if below is None or scale >= last_scale:
            return None
        total, last_scale, start = total + below * scale, scale, position + 1
    return Decimal(total)


def _below_thousand(words: list[str], lone: bool) -> int | None:
    """ "two hundred and five" -> 205. `lone`: nothing before or after, so "a" alone is no number."""
    if "hundred" in words:
        at = words.index("hundred")
        head = _below_hundred(words[:at])
        rest = words[at + 1 :]
        tail = _below_hundred(rest[1:] if rest and rest[0] == "and" else rest) if rest else 0
        return None if not head or tail is None or (rest and not tail) else head * 100 + tail
    if words == ["a"] and lone:
        return None
    return _below_hundred(words)


def _below_hundred(words: list[str]) -> int | None:
    if words == ["a"]:
        return 1
    values = [ENGLISH_VALUES.get(word) for word in words]
    match values:
        case [int(value)]:
            return value
        case [int(tens), int(ones)] if tens >= 20 and 0 < ones < 10:
            return tens + ones
        case _:
            return None
