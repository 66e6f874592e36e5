"""The parts of a mail, found within bounds (RFC 5322, RFC 2045-2047, RFC 2231).

The standard library's parser is not used for the structure: on 3,000 nested parts it ends in a
RecursionError, on 300,000 parts it does not end. Here delimiters are looked for in the bytes, each level
once, and both numbers are bounded.
"""

from __future__ import annotations

import binascii
import codecs
import email.header
import email.message
import email.parser
import email.policy
import email.utils
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from clawback.readers.decode import Decoded, decode

MAX_HEADER_BYTES = 256 * 1024
MAX_PARTS = 1_000
MAX_DEPTH = 20
MAX_ENCODED_WORDS = 2_000
MAX_STRUCTURAL_CHARACTERS = 16 * 1024
"""Of a field that says how a part is made; taking its parameters apart costs the square of its length."""

# An empty line; or, where a broken sender left it out, the first delimiter line.
_HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r|\r?\n(?=--)")
_BLANK_LINE = re.compile(rb"\r?\n[ \t]+\r?\n")
_ENCODED_WORD = re.compile(r"=\?[^?\s]{1,100}\?[bBqQ]\?[^?\s]*\?=")
_UNFOLD = re.compile(r"\r?\n(?=[ \t])")
_BASE64 = re.compile(rb"[A-Za-z0-9+/=\s]*")
# A label that names the smaller set is everywhere used for the larger one.
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "big5": "big5hkscs",
          "ks_c_5601-1987": "cp949", "iso-2022-jp": "iso2022_jp_ext", "shift_jis": "cp932",
          "us-ascii": "utf-8", "ascii": "utf-8", "iso-8859-1": "cp1252"}  # fmt: skip
_NOT_MAIL = frozenset(("idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined"))
_STRUCTURAL = ("Content-Type", "Content-Disposition", "Content-Transfer-Encoding")


class MimeLimit(Exception):
    """A bound is exceeded; the argument is the problem's code."""


@dataclass(frozen=True, slots=True)
class Part:
    """One leaf of the mail. `path`: its number at each level, "1.2". `body`: still transfer-encoded.

    `alternative`: the path of the multipart/alternative that it stands in, or None.
    """

    path: str
    fields: email.message.Message
    body: bytes
    alternative: str | None
    cut_off: bool = False

    @property
    def media_type(self) -> str:
        """As declared, lower case; text/plain when nothing (valid) is declared."""
        return self.fields.get_content_type()

    @property
    def file_name(self) -> str | None:
        """The declared file name, decoded; None when the part has none."""
        try:
            name = self.fields.get_filename()
        except (LookupError, ValueError, TypeError):
            return None
        return decode_words(name) if name else None

    @property
    def attached(self) -> bool:
        """Is it a file of its own rather than text of the mail?"""
        if self.fields.get_content_disposition() == "attachment" or self.file_name:
            return True
        return self.fields.get_content_maintype() != "text"


def split_header(data: bytes) -> tuple[bytes, bytes]:
    """Header block and body. Raises `MimeLimit` when the header does not end within its bound."""
    within = (0, MAX_HEADER_BYTES)
    found = _HEADER_END.search(data, *within) or _BLANK_LINE.search(data, *within)
    if found:
        return data[: found.start()], data[found.end() :]
    if len(data) > MAX_HEADER_BYTES:
        raise MimeLimit("header_too_long")
    return data, b""


def fields_of(header: bytes) -> email.message.Message:
    """The header fields, undecoded. Raises `MimeLimit` for a structural field beyond all sense."""
    fields = email.parser.BytesHeaderParser(policy=email.policy.compat32).parsebytes(header)
    if any(len(str(fields.get(name, ""))) > MAX_STRUCTURAL_CHARACTERS for name in _STRUCTURAL):
        raise MimeLimit("header_too_long")
    return fields


def leaves(data: bytes) -> tuple[email.message.Message, Iterator[Part]]:
    """The mail's own header fields, and its leaf parts in order.

    Raises `MimeLimit` at once or while parts are taken: `header_too_long`, `too_many_parts`,
    `nested_too_deep`.
    """
    header, body = split_header(data)
    fields = fields_of(header)
    return fields, _Walk().leaves(fields, body, "1", 0, None)


class _Walk:
    def __init__(self) -> None:
        self._parts = 0

    def leaves(
        self, fields: email.message.Message, body: bytes, path: str, depth: int, alternative: str | None
    ) -> Iterator[Part]:
        if fields.get_content_maintype() != "multipart":
            yield Part(path, fields, body, alternative)
            return
        if depth >= MAX_DEPTH:
            raise MimeLimit("nested_too_deep")
        if fields.get_content_subtype() == "alternative":
            alternative = path
        pieces, closed = _between(body, _boundary(fields))
        for number, piece in enumerate(pieces, start=1):
            self._parts += 1
            if self._parts > MAX_PARTS:
                raise MimeLimit("too_many_parts")
            yield from self._piece(piece, f"{path}.{number}", depth + 1, alternative)
        if not closed:
            yield Part(path, fields, b"", alternative, cut_off=True)

    def _piece(self, piece: bytes, path: str, depth: int, alternative: str | None) -> Iterator[Part]:
        if piece.startswith((b"\n", b"\r\n")):  # no header fields at all
            return self.leaves(fields_of(b""), piece.lstrip(b"\r\n"), path, depth, alternative)
        header, body = split_header(piece)
        return self.leaves(fields_of(header), body, path, depth, alternative)


def _boundary(fields: email.message.Message) -> bytes | None:
    """None: none is stated that can be found."""
    try:
        stated = fields.get_boundary()
    except (LookupError, ValueError, TypeError):
        return None
    return stated.encode("ascii", "surrogateescape") if stated and stated.isascii() else None


def _between(body: bytes, boundary: bytes | None) -> tuple[Iterable[bytes], bool]:
    """What stands between the delimiter lines, and whether the closing one is there. Without any delimiter
    all of it is one piece without header fields."""
    if boundary is None:
        return [b"\n" + body], False
    line = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    marks = []
    for mark in line.finditer(body):
        marks.append(mark)
        if mark.group(1) or len(marks) > MAX_PARTS + 1:
            break
    if not marks or marks[0].group(1):
        return [b"\n" + body], False
    closed = bool(marks[-1].group(1))
    ends = [mark.start() for mark in marks[1:]] + ([] if closed else [len(body)])
    starts = [mark.end() for mark in marks if not mark.group(1)]
    pieces = (_without_line_end(body[start:end]) for start, end in zip(starts, ends, strict=False))
    return pieces, closed


def _without_line_end(piece: bytes) -> bytes:
    """Without the line end that belongs to the delimiter before it."""
    return piece[2:] if piece.startswith(b"\r\n") else piece[1:] if piece.startswith(b"\n") else piece


def content(part: Part) -> tuple[bytes, bool]:
    """The bytes of a part after its transfer encoding, and whether that decoded without damage."""
    encoding = str(part.fields.get("Content-Transfer-Encoding", "7bit")).strip().lower()
    if encoding == "base64":
        return _from_base64(part.body)
    if encoding == "quoted-printable":
        return binascii.a2b_qp(part.body), True
    return part.body, encoding in ("", "7bit", "8bit", "binary")


def _from_base64(body: bytes) -> tuple[bytes, bool]:
    sound = _BASE64.fullmatch(body) is not None
    try:
        return binascii.a2b_base64(body), sound
    except binascii.Error:
        padded = body.rstrip() + b"=="
        try:
            return binascii.a2b_base64(padded), False
        except binascii.Error:
            return b"", False


def text(part: Part) -> Decoded | None:
    """The words of a text part; None when the bytes are no text. An encoding that is not stated, not known
    or contradicted by the bytes is found from the bytes, and `sure` says when that is a guess."""
    data, _ = content(part)
    stated = _charset(part.fields)
    if stated is not None:
        try:
            return Decoded(data.decode(stated), stated)
        except (UnicodeDecodeError, LookupError):
            pass
    return decode(data)


def _charset(fields: email.message.Message) -> str | None:
    try:
        stated = fields.get_content_charset()
    except (LookupError, ValueError, TypeError):
        return None
    return known_charset(stated) if stated else None


def known_charset(label: str) -> str | None:
    """Python's name of a text encoding, the wider set where a label is used loosely; None when unknown."""
    label = label.strip().strip("'\"").lower()
    try:
        info = codecs.lookup(_WIDER.get(label, label))
    except (LookupError, ValueError):
        return None
    return info.name if info._is_text_encoding and info.name not in _NOT_MAIL else None


def field_text(fields: email.message.Message, name: str) -> str | None:
    """The first field of that name, unfolded and decoded; None when absent."""
    wanted = name.lower()
    for each, stated in fields.raw_items():  # `get` would lose letters beyond ASCII
        if each.lower() == wanted:
            return decode_words(str(stated)).strip()
    return None


def decode_words(raw: str) -> str:
    """Encoded words (RFC 2047) as text; what does not decode stays as it was written.

    Raises `MimeLimit` for more words than are ever needed.
    """
    raw = _UNFOLD.sub("", _raw_text(raw))
    if "=?" not in raw:
        return raw
    if raw.count("=?") > MAX_ENCODED_WORDS:
        raise MimeLimit("header_too_long")
    glued = re.sub(r"(\?=)[ \t\r\n]+(?==\?)", r"\1", raw)
    return _joined(glued)


def _joined(raw: str) -> str:
    """Neighbouring words of one charset are joined before decoding: senders cut inside characters."""
    pieces: list[str] = []
    pending, charset, at = b"", "", 0
    for found in _ENCODED_WORD.finditer(raw):
        label, encoding, words = found.group(0)[2:-2].split("?", 2)
        data = _word_bytes(encoding, words)
        known = known_charset(label.split("*")[0])
        if data is None or known is None:
            continue
        if found.start() > at or known != charset:
            pieces += (_lenient(pending, charset), raw[at : found.start()])
            pending, charset = b"", known
        pending += data
        at = found.end()
    return "".join((*pieces, _lenient(pending, charset), raw[at:]))


def _word_bytes(encoding: str, words: str) -> bytes | None:
    try:
        data = words.encode("ascii")
        if encoding in "qQ":
            return binascii.a2b_qp(data, header=True)
        return binascii.a2b_base64(data + b"=" * (-len(data) % 4))
    except (UnicodeEncodeError, binascii.Error):
        return None


def _lenient(data: bytes, charset: str) -> str:
    return data.decode(charset, "replace") if data else ""


def _raw_text(raw: str) -> str:
    """Header bytes beyond ASCII arrive as surrogates; UTF-8 or Chinese they usually are."""
    if raw.isascii():
        return raw
    data = raw.encode("utf-8", "surrogateescape")
    decoded = decode(data)
    return decoded.text if decoded else data.decode("utf-8", "replace")
