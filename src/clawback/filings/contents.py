"""What a bundle shows inside: each exhibit as pictures, as typeset words, or as a slip that says why not.

Only what belongs to the case: an exhibit from which a transfer out of scope was read is never shown as a
picture; its rows in scope are typeset instead.

Evidence may be hostile, so nothing here opens a picture or a document: pages are drawn outside (`Originals`),
and the bytes of an exhibit are only hashed, handed on, and for plain text decoded.
"""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import BinaryIO
from typing import Literal as OneOf

from clawback.errors import CaseDamaged
from clawback.model.casefile import CaseFile
from clawback.model.evidence import Exhibit, Grade, Source
from clawback.model.ledger import LedgerEntry, Scope

MAX_PAGES = 40
"""Pages of one document that are shown; the rest is named, and stands in the sealed original."""

MAX_TEXT = 60_000
"""Characters of one text that are typeset."""

MAX_BYTES = 128 * 1024 * 1024
"""Bytes of a file whose pages are drawn: it is held in memory meanwhile."""

BUNDLE_FULL = "bundle_full"
"""Instead of a page: the bundle has become as large as it may, or taken as long."""

_TEXT_BYTES = 4 * MAX_TEXT  # no character takes more
_CHUNK = 1024 * 1024
_JPEG, _PNG = b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"
_TEXTS = ("text/plain", "text/markdown", "text/html", "application/json")

Kind = OneOf[
    "picture", "row", "message", "words", "left_out", "statement",
    "slip", "unread", "damaged", "too_large", "stopped", "full",  # instead of the exhibit
    "page", "rest", "more",  # instead of one page; of those that follow; of what is too long
]  # fmt: skip

_SLIPS: Mapping[str, Kind] = {
    "image_damaged": "damaged",
    "unreadable_file": "damaged",
    "page_unreadable": "damaged",
    "image_too_large": "too_large",
    "page_too_large": "too_large",
    "expands_too_much": "too_large",
    "reader_crashed": "stopped",
    "reader_too_slow": "stopped",
    "reader_out_of_memory": "stopped",
    "reader_broke_contract": "stopped",
    BUNDLE_FULL: "full",
}


@dataclass(frozen=True, slots=True)
class Drawn:
    """An exhibit as it was drawn outside: its first pages, each as PNG or JPEG bytes that were encoded anew,
    or the code of the problem why it could not be. `count`: how many pages it has."""

    pages: tuple[bytes | str, ...]
    count: int


@dataclass(frozen=True, slots=True)
class Originals:
    """Where exhibits come from. `open`: the original by number. `draw`: the first pages (at most so many) of
    an exhibit whose original is given; the same each time, for a paper is put together more than once."""

    open: Callable[[int], BinaryIO]
    draw: Callable[[Exhibit, bytes, int], Drawn]


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


def contents_of(exhibit: Exhibit, casefile: CaseFile, originals: Originals) -> Iterator[Content]:
    """The pieces of one exhibit. Raises CaseDamaged when its bytes are not those that were sealed."""
    entries = [e for e in casefile.entries if any(s.exhibit == exhibit.number for s in e.transfer.sources)]
    stranger = any(e.scope is not Scope.IN for e in entries)
    messages = [m for m in casefile.messages if any(s.exhibit == exhibit.number for s in m.sources)]
    if exhibit.grade is Grade.STATEMENT:
        yield from _statements(exhibit, casefile)
    elif stranger or (entries and exhibit.grade is Grade.PLATFORM_EXPORT):
        yield from _rows(exhibit, entries)
    elif exhibit.media_type.startswith("image/") or exhibit.media_type == "application/pdf":
        yield from _pages(exhibit, originals)
    elif messages:
        yield from (Content("message", exhibit.number, m.id) for m in messages if m.text.strip())
    elif exhibit.media_type in _TEXTS:
        yield from _words(exhibit, originals)
    else:
        yield from _rows(exhibit, entries) if entries else [_slip(exhibit)]


def sealed_start(exhibit: Exhibit, originals: Originals, most: int) -> tuple[bytes, bool]:
    """The first `most` bytes of an original, and whether there are more. All of it is checked against its
    seal: raises CaseDamaged."""
    digest, start, size = hashlib.sha256(), bytearray(), 0
    with originals.open(exhibit.number) as original:
        while piece := original.read(_CHUNK):
            digest.update(piece)
            start += piece[: most - len(start)]
            size += len(piece)
    if digest.hexdigest() != exhibit.sha256:
        raise CaseDamaged(
            f"exhibit {exhibit.number} is not what was sealed.", f"证据{exhibit.number}与封存时不一致。"
        )
    return bytes(start), size > most


def typeset_text(exhibit: Exhibit, originals: Originals) -> tuple[str, bool]:
    """As much of a plain file as is typeset, and whether there is more: UTF-8, else GB18030, with what cannot
    be read marked. Raises CaseDamaged."""
    data, cut = sealed_start(exhibit, originals, _TEXT_BYTES)
    try:
        text = codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=not cut)
    except UnicodeDecodeError:
        text = codecs.getincrementaldecoder("gb18030")("replace").decode(data, final=not cut)
    return text[:MAX_TEXT], cut or len(text) > MAX_TEXT


def _slip(exhibit: Exhibit) -> Content:
    return Content("unread" if exhibit.outcome.value == "unread" else "slip", exhibit.number)


def _statements(exhibit: Exhibit, casefile: CaseFile) -> Iterator[Content]:
    for statement in casefile.statements:
        if statement.sources[0].exhibit == exhibit.number and not statement.private:
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


def _pages(exhibit: Exhibit, originals: Originals) -> Iterator[Content]:
    """Its pages as they were drawn, each missing one in its place, and what was left out at the end."""
    data, cut = sealed_start(exhibit, originals, MAX_BYTES)
    if cut:
        yield Content("too_large", exhibit.number)
        return
    drawn = originals.draw(exhibit, data, MAX_PAGES)
    pages = drawn.pages[:MAX_PAGES]
    if not any(map(_is_picture, pages)):
        yield _undrawn(exhibit, next((page for page in pages if isinstance(page, str)), ""))
        return
    for number, page in enumerate(pages, start=1):
        if isinstance(page, bytes) and _is_picture(page):
            yield Content("picture", exhibit.number, data=page, page=number)
        else:
            yield Content("page", exhibit.number)
    if drawn.count > len(pages):
        yield Content("more" if len(pages) == MAX_PAGES else "rest", exhibit.number)


def _is_picture(page: bytes | str) -> bool:
    return isinstance(page, bytes) and page.startswith((_JPEG, _PNG))


def _undrawn(exhibit: Exhibit, code: str) -> Content:
    """A slip that says why, as far as that is known."""
    return Content(_SLIPS[code], exhibit.number) if code in _SLIPS else _slip(exhibit)


def _words(exhibit: Exhibit, originals: Originals) -> Iterator[Content]:
    text, more = typeset_text(exhibit, originals)
    for line in text.splitlines():
        if line.strip():
            yield Content("words", exhibit.number, f"E{exhibit.number}", line)
    if more:
        yield Content("more", exhibit.number)
