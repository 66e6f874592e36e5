"""Saved web pages: their words as pieces of text. Nothing is rendered, run or fetched."""

from __future__ import annotations

import re
from typing import BinaryIO

from clawback.model.evidence import Grade, Severity
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness, TextPiece
from clawback.readers.decode import decode, read_text
from clawback.readers.html_text import MAX_HTML, text_of
from clawback.readers.plain_text import pieces_of

_BEGINNING = re.compile(
    r"\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--.{0,2000}?-->\s*)?<(?:!doctype html|html)\b",
    re.IGNORECASE | re.DOTALL,
)
_SUFFIXES = {".html", ".htm", ".xhtml"}
_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,500})", re.IGNORECASE)


class HtmlPageReader:
    """Reads saved pages."""

    name = "html_page"
    version = "1"
    formats = ("保存的网页（HTML）", "Saved web pages (HTML)")

    def identify(self, peek: Peek) -> Sureness:
        """LIKELY by how it begins, or by its name when it holds tags."""
        decoded = decode(peek.head, whole=peek.size <= len(peek.head))
        if decoded is None:
            return Sureness.NO
        if _BEGINNING.match(decoded.text[:4000]):
            return Sureness.LIKELY
        return Sureness.LIKELY if peek.suffix in _SUFFIXES and "<" in decoded.text else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One TextPiece per block of lines; `line` counts the lines of the page's text, not of its source."""
        decoded, problems = read_text(original, context)
        pieces: tuple[TextPiece, ...] = ()
        facts: tuple[tuple[str, str], ...] = ()
        if decoded:
            if len(decoded.text) > MAX_HTML:
                problems.append(context.problem("text_too_large", None, str(MAX_HTML), Severity.ERROR))
            pieces = tuple(pieces_of(text_of(decoded.text).split("\n")))
            title = _TITLE.search(decoded.text[:100_000])
            facts = (("title", " ".join(title[1].split())),) if title else ()
        return Reading(
            self.name,
            self.version,
            Grade.DOCUMENT,
            texts=pieces,
            problems=tuple(problems),
            facts=facts,
            complete=not any(problem.severity is Severity.ERROR for problem in problems),
        )
