"""Bytes to text, within bounds, and honest about how sure the encoding is.

Order: byte order marks, strict UTF-8, UTF-16 without a mark, GB18030 when the result is plausible Chinese,
then a Western single-byte reading that is reported as a guess. Nothing is repaired: bytes that fit no
character become U+FFFD and are counted.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from typing import BinaryIO

from clawback.model.evidence import Problem, Severity
from clawback.readers.contract import ReadingContext

MAX_TEXT_BYTES = 64 * 1024 * 1024
"""Bytes of one text file that are read; the rest stays sealed and is reported."""

MAX_RECORDS = 200_000
"""Messages or pieces kept from one file, so that what a reader hands back stays bounded."""

MAX_READING_BYTES = 52 * 1024 * 1024
"""Bytes that the records of one reading may take on their way back; the rest of the bound of 64 MiB is for
what is found in them afterwards."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # before UTF-16: its mark begins with the UTF-16 mark
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_CONTROLS = bytes(set(range(32)) - {8, 9, 10, 11, 12, 13, 26, 27}) + b"\x7f"
_SAMPLE = 64 * 1024
_ORDINARY = re.compile("[\t\n\r\x20-\x7e\xa0-\u024f\u2000-\u206f\u3000-\u30ff\u4e00-\u9fff\uff00-\uffef]")


class ProblemList(list[Problem]):
    """Problems of one file. Appending stops at MOST, so that a file made of nothing else cannot fill the
    memory; `more` counts what came after."""

    MOST = 20_000

    def __init__(self) -> None:
        super().__init__()
        self.more = 0

    def append(self, problem: Problem) -> None:
        """Keep or count one more problem."""
        if len(self) < self.MOST:
            super().append(problem)
        else:
            self.more += 1


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text and how it was got. `sure` False: the encoding is a guess. `damaged`: places where bytes fitted
    no character and stand as U+FFFD in `text`."""

    text: str
    encoding: str
    sure: bool = True
    damaged: int = 0

    @property
    def lines(self) -> list[str]:
        """The text cut at CR LF, LF and CR only, so that line numbers are those of an editor."""
        return self.text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def decode(data: bytes, whole: bool = True) -> Decoded | None:
    """`data` as text, or None when it is not text at all. `whole` False: it may end inside a character."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _replacing(data[len(mark) :], encoding, whole)
    sixteen = _unmarked_utf16(data)
    if sixteen:
        return _replacing(data, sixteen, whole)
    if looks_binary(data):
        return None
    return _utf8(data, whole) or _gb18030(data, whole) or _western(data)


def looks_binary(data: bytes) -> bool:
    """True when control bytes that no text file holds are frequent at the start of `data`."""
    sample = data[:_SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return b"\x00" in sample or controls * 50 > len(sample)


def read_text(original: BinaryIO, context: ReadingContext) -> tuple[Decoded | None, ProblemList]:
    """The text of a file, with what has to be said about it: `text_too_large`, `not_text`,
    `encoding_unclear`, `bytes_unreadable`. None: not text."""
    data = original.read(MAX_TEXT_BYTES + 1)
    problems = ProblemList()
    whole = len(data) <= MAX_TEXT_BYTES
    if not whole:
        data = data[:MAX_TEXT_BYTES]
        problems.append(context.problem("text_too_large", None, str(MAX_TEXT_BYTES), Severity.ERROR))
    decoded = decode(data, whole)
    if decoded is None:
        problems.append(context.problem("not_text", severity=Severity.ERROR))
    else:
        problems += _doubts(decoded, context)
    return decoded, problems


def _doubts(decoded: Decoded, context: ReadingContext) -> list[Problem]:
    problems = []
    if not decoded.sure:
        problems.append(context.problem("encoding_unclear", None, decoded.encoding))
    if decoded.damaged:
        problems.append(context.problem("bytes_unreadable", None, f"{decoded.encoding}: {decoded.damaged}"))
    return problems


def _strict(data: bytes, encoding: str, whole: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(encoding)().decode(data, final=whole)
    except UnicodeDecodeError:
        return None


def _lenient(data: bytes, encoding: str, whole: bool) -> str:
    return codecs.getincrementaldecoder(encoding)("replace").decode(data, final=whole)


def _replacing(data: bytes, encoding: str, whole: bool) -> Decoded:
    strict = _strict(data, encoding, whole)
    if strict is not None:
        return Decoded(strict, encoding)
    text = _lenient(data, encoding, whole)
    return Decoded(text, encoding, damaged=text.count("\ufffd"))


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 shows itself by zero bytes on one side: line ends, digits and Latin letters have them. Binary
    data may have them too, so what comes out must also be made of ordinary characters."""
    sample = data[: _SAMPLE if len(data) > _SAMPLE else len(data) // 2 * 2]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if max(even, odd) <= len(sample) // 40 or min(even, odd) * 10 > max(even, odd):
        return None
    encoding = "utf-16-le" if odd > even else "utf-16-be"
    text = _strict(sample, encoding, whole=False) or ""
    return encoding if len(_ORDINARY.findall(text)) * 10 >= len(text) * 9 > 0 else None


def _utf8(data: bytes, whole: bool) -> Decoded | None:
    strict = _strict(data, "utf-8", whole)
    if strict is not None:
        return Decoded(strict, "utf-8")
    text = _lenient(data, "utf-8", whole)
    damaged = text.count("\ufffd") - data.count("\ufffd".encode())
    multibyte = len(re.findall("[\u0080-\ufffc\U00010000-\U0010ffff]", text))
    return Decoded(text, "utf-8", damaged=damaged) if multibyte >= 20 * damaged else None


def _gb18030(data: bytes, whole: bool) -> Decoded | None:
    """Many single-byte texts also decode as GB18030, into rare characters; real Chinese is nearly all
    within GB 2312, so that is the test."""
    text = _strict(data, "gb18030", whole)
    damaged = 0
    if text is None:
        text = _lenient(data, "gb18030", whole)
        damaged = text.count("\ufffd")
    wide = re.sub("[\x00-\x7f]+", "", text)[:20_000]
    common = len(wide.encode("gb2312", "ignore")) // 2
    if common * 5 < len(wide) * 4 or damaged * 20 > len(wide):
        return None
    return Decoded(text, "gb18030", damaged=damaged)


def _western(data: bytes) -> Decoded:
    text = _strict(data, "cp1252", whole=True)
    if text is not None:
        return Decoded(text, "cp1252", sure=False)
    return Decoded(data.decode("latin-1"), "latin-1", sure=False)
