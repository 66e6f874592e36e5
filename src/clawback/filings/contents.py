"""What a bundle shows inside: each exhibit as pictures, as typeset words, or as a slip that says why not.

Only what belongs to the case: an exhibit from which a transfer out of scope was read is never shown as a
picture; its rows in scope are typeset instead.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal as OneOf

import pypdfium2
from PIL import Image, ImageOps, UnidentifiedImageError

from clawback.errors import CaseDamaged
from clawback.filings.printed import opened_pdf
from clawback.model.casefile import CaseFile
from clawback.model.evidence import Exhibit, Grade, Source
from clawback.model.ledger import LedgerEntry, Scope

MAX_PAGES = 40
"""Pages of one document that are shown; the rest is named, and stands in the sealed original."""

MAX_TEXT = 60_000
"""Characters of one text that are typeset."""

_MAX_PIXELS = 60_000_000
_LONGEST_SIDE = 1600
_TEXTS = ("text/plain", "text/markdown", "text/html", "application/json")

Kind = OneOf["picture", "row", "message", "words", "left_out", "more", "slip", "unread", "statement"]


@dataclass(frozen=True, slots=True)
class Content:
    """One piece: `data` of a picture, or the `record` whose words are shown, or only what is said (slips).

    `text`: the words of a row, as found.
    """

    kind: Kind
    exhibit: int
    record: str = ""
    text: str = ""
    data: bytes = b""
    page: int = 0


def contents_of(
    exhibit: Exhibit, casefile: CaseFile, read_exhibit: Callable[[int], bytes]
) -> Iterator[Content]:
    """The pieces of one exhibit. Raises CaseDamaged when its bytes are not those that were sealed."""
    entries = [e for e in casefile.entries if any(s.exhibit == exhibit.number for s in e.transfer.sources)]
    stranger = any(e.scope is not Scope.IN for e in entries)
    messages = [m for m in casefile.messages if any(s.exhibit == exhibit.number for s in m.sources)]
    if exhibit.grade is Grade.STATEMENT:
        yield from _statements(exhibit, casefile)
    elif stranger or (entries and exhibit.grade is Grade.PLATFORM_EXPORT):
        yield from _rows(exhibit, entries)
    elif exhibit.media_type.startswith("image/"):
        yield from _picture(exhibit, sealed_bytes(exhibit, read_exhibit))
    elif exhibit.media_type == "application/pdf":
        yield from _pages(exhibit, sealed_bytes(exhibit, read_exhibit))
    elif messages:
        yield from (Content("message", exhibit.number, m.id) for m in messages if m.text.strip())
    elif exhibit.media_type in _TEXTS:
        yield from _words(exhibit, sealed_bytes(exhibit, read_exhibit))
    else:
        yield from _rows(exhibit, entries) if entries else [_slip(exhibit)]


def sealed_bytes(exhibit: Exhibit, read_exhibit: Callable[[int], bytes]) -> bytes:
    """The original, checked against its seal."""
    data = read_exhibit(exhibit.number)
    if hashlib.sha256(data).hexdigest() != exhibit.sha256:
        raise CaseDamaged(
            f"exhibit {exhibit.number} is not what was sealed.", f"证据{exhibit.number}与封存时不一致。"
        )
    return data


def decoded(data: bytes) -> str:
    """The text of a plain file: UTF-8, else GB18030, with what cannot be read marked."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("gb18030", errors="replace")


def _slip(exhibit: Exhibit) -> Content:
    return Content("unread" if exhibit.outcome.value == "unread" else "slip", exhibit.number)


def _statements(exhibit: Exhibit, casefile: CaseFile) -> Iterator[Content]:
    for statement in casefile.statements:
        if statement.sources[0].exhibit == exhibit.number:
            yield Content("statement", exhibit.number, statement.id)


def _rows(exhibit: Exhibit, entries: list[LedgerEntry]) -> Iterator[Content]:
    inside = [(s, e) for e in entries if e.scope is Scope.IN for s in e.transfer.sources]
    own = [(s, e) for s, e in inside if s.exhibit == exhibit.number]
    for source, entry in sorted(own, key=lambda pair: _place(pair[0])):
        yield Content("row", exhibit.number, entry.id, source.text)
    yield Content("left_out", exhibit.number)


def _place(source: Source) -> tuple[int, int, int]:
    where = source.locator
    return where.page or 0, where.row or 0, where.line or 0


def _picture(exhibit: Exhibit, data: bytes) -> Iterator[Content]:
    made = _redrawn(data)
    yield Content("picture", exhibit.number, data=made, page=1) if made else _slip(exhibit)


def _redrawn(data: bytes) -> bytes | None:
    """The picture drawn anew: upright, of a bounded size, without hidden data; None when it cannot be."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            if picture.width * picture.height > _MAX_PIXELS:
                return None
            upright = ImageOps.exif_transpose(picture).convert("RGB")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    return _as_jpeg(upright)


def _as_jpeg(picture: Image.Image) -> bytes:
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    made = io.BytesIO()
    picture.save(made, "JPEG", quality=85)
    return made.getvalue()


def _pages(exhibit: Exhibit, data: bytes) -> Iterator[Content]:
    try:
        drawn, count = _drawn(data)
    except pypdfium2.PdfiumError:
        yield _slip(exhibit)
        return
    for number, page in enumerate(drawn, start=1):
        yield Content("picture", exhibit.number, data=page, page=number)
    if count > MAX_PAGES:
        yield Content("more", exhibit.number)


def _drawn(data: bytes) -> tuple[list[bytes], int]:
    """The first pages of a PDF as pictures, and how many it has."""
    with opened_pdf(data) as document:
        made = []
        for number in range(min(len(document), MAX_PAGES)):
            page = document[number]
            scale = min(2.0, _LONGEST_SIDE / max(page.get_size()))
            made.append(_as_jpeg(page.render(scale=scale).to_pil().convert("RGB")))
        return made, len(document)


def _words(exhibit: Exhibit, data: bytes) -> Iterator[Content]:
    text = decoded(data)
    for line in text[:MAX_TEXT].splitlines():
        if line.strip():
            yield Content("words", exhibit.number, f"E{exhibit.number}", line)
    if len(text) > MAX_TEXT:
        yield Content("more", exhibit.number)
