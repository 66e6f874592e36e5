"""PDF: the text layer, page by page. A page that holds only a picture of text is reported, not guessed."""

from __future__ import annotations

import contextlib
import importlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.readers.contract import (
    MAX_SOURCE_TEXT,
    PEEK_BYTES,
    Peek,
    Reading,
    ReadingContext,
    Sureness,
    TextPiece,
)
from clawback.readers.media_types import sniff
from clawback.readers.plain_text import pieces_of

if TYPE_CHECKING:
    import pypdfium2

MAX_PAGES = 2_000
MAX_PAGE_POINTS = 200 * 72
"""200 inches a side: the largest page that the format foresees (ISO 32000-1, annex C)."""
MAX_CHARACTERS = 20_000_000
"""Of text in one document; a bill of a thousand pages has a tenth of it."""

MAX_ATTACHMENTS = 200
_MAX_LISTED = 40  # pages named one by one; the rest is counted
_WRONG_PASSWORD = 4  # FPDF_ERR_PASSWORD, fpdfview.h
_FAR = 1_000_000.0  # points: beyond any page
_INFO = ("Title", "Author", "Creator", "Producer", "CreationDate", "ModDate")


class PdfReader:
    """Documents with a text layer."""

    name = "pdf_text"
    version = "1"
    formats = ("PDF（含文字层）", "PDF with a text layer")

    def identify(self, peek: Peek) -> Sureness:
        """By its mark, which may stand behind up to 1,024 bytes of something else."""
        if peek.head.startswith(b"%PDF-"):
            return Sureness.CERTAIN
        return Sureness.LIKELY if b"%PDF-" in peek.head[:1024] else Sureness.NO

    def warm(self) -> None:
        """Load the library once, for all processes that are forked later."""
        importlib.import_module("pypdfium2")

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Text pieces per page with their line; no records: bank statements in PDF are text only."""
        import pypdfium2

        try:
            document = pypdfium2.PdfDocument(original)
        except pypdfium2.PdfiumError as error:
            code = "encrypted" if error.err_code == _WRONG_PASSWORD else "broken"
            problem = context.problem(code, severity=Severity.ERROR)
            return Reading(self.name, self.version, Grade.DOCUMENT, problems=(problem,), complete=False)
        with contextlib.closing(document):
            return self._read(document, context)

    def _read(self, document: pypdfium2.PdfDocument, context: ReadingContext) -> Reading:
        found = _Found(context)
        found.take_pages(document)
        found.take_attachments(document)
        problems = tuple(found.shortened())
        return Reading(
            self.name,
            self.version,
            Grade.DOCUMENT,
            texts=tuple(found.texts),
            problems=problems,
            facts=(("pages", str(len(document))), *_facts(document)),
            complete=not any(problem.severity is Severity.ERROR for problem in problems),
        )


@dataclass(slots=True)
class _Found:
    """What one document gave so far."""

    context: ReadingContext
    texts: list[TextPiece] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    characters: int = 0

    def problem(
        self, code: str, page: int | None = None, detail: str = "", severity: Severity = Severity.ERROR
    ) -> None:
        self.problems.append(self.context.problem(code, Locator(page=page), detail, severity))

    def take_pages(self, document: pypdfium2.PdfDocument) -> None:
        """Every page up to the bounds."""
        total = len(document)
        if total == 0:
            self.problem("broken", detail="0 pages")
        if total > MAX_PAGES:
            self.problem("too_many_pages", detail=str(total))
        for number in range(1, min(total, MAX_PAGES) + 1):
            self._page(document, number)
            if self.characters > MAX_CHARACTERS:
                self.problem("text_too_large", number, str(MAX_CHARACTERS))
                return

    def _page(self, document: pypdfium2.PdfDocument, number: int) -> None:
        import pypdfium2

        try:
            if max(document.get_page_size(number - 1)) > MAX_PAGE_POINTS:
                self.problem("page_too_large", number)
                return
            with contextlib.closing(document[number - 1]) as page:
                words, objects = _words(page)
        except pypdfium2.PdfiumError:
            self.problem("page_unreadable", number)
            return
        self.characters += len(words)
        self.texts += _placed(words, number)
        if not words.strip():
            self._without_text(number, objects)
        elif "\ufffd" in words:
            self.problem("characters_unreadable", number, str(words.count("\ufffd")), Severity.WARNING)

    def _without_text(self, number: int, objects: int) -> None:
        """An empty page is worth a note; one with drawings or a scan was not read."""
        if objects:
            self.problem("page_without_text", number)
        else:
            self.problem("page_empty", number, severity=Severity.NOTE)

    def take_attachments(self, document: pypdfium2.PdfDocument) -> None:
        """Files that travel inside the document, such as the data of an electronic invoice."""
        import pypdfium2

        count = document.count_attachments()
        if count > MAX_ATTACHMENTS:
            self.problem("too_many_entries", detail=str(count))
        for place in range(min(count, MAX_ATTACHMENTS)):
            try:
                attachment = document.get_attachment(place)
                name, data = attachment.get_name(), bytes(attachment.get_data())
            except pypdfium2.PdfiumError:
                self.problem("attachment_unreadable", detail=str(place + 1))
                continue
            self.context.member(name, sniff(data[:PEEK_BYTES], name), [data])

    def shortened(self) -> Iterator[Problem]:
        """The problems; of a kind that meets on very many pages the first ones and a count."""
        seen: Counter[str] = Counter()
        for problem in self.problems:
            seen[problem.code] += 1
            if seen[problem.code] <= _MAX_LISTED:
                yield problem
        for code, count in seen.items():
            if count > _MAX_LISTED:
                severity = next(problem.severity for problem in self.problems if problem.code == code)
                yield self.context.problem(code, None, f"+{count - _MAX_LISTED}", severity)


def _words(page: pypdfium2.PdfPage) -> tuple[str, int]:
    """All text of a page, also what stands outside its visible area, and how many objects it has."""
    import pypdfium2

    with contextlib.closing(page.get_textpage()) as layer:
        words = layer.get_text_bounded(-_FAR, -_FAR, _FAR, _FAR, errors="replace")
    return words.replace("\r\n", "\n").replace("\r", "\n"), pypdfium2.raw.FPDFPage_CountObjects(page)


def _placed(words: str, page: int) -> Iterator[TextPiece]:
    for piece in pieces_of(words.split("\n")):
        where = piece.locator
        yield TextPiece(piece.text, Locator(page=page, line=where.line, start=where.start, end=where.end))


def _facts(document: pypdfium2.PdfDocument) -> Iterator[tuple[str, str]]:
    """What the document says about itself: anybody can write anything there."""
    for name in _INFO:
        stated = document.get_metadata_value(name)
        if stated:
            yield name.lower(), stated[:MAX_SOURCE_TEXT]
