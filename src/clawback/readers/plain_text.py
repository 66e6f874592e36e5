"""Plain text and Markdown: no records, only readable pieces with their line, for finding and quoting."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from clawback.model.evidence import Grade, Locator, Severity
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness, TextPiece
from clawback.readers.decode import MAX_READING_BYTES, MAX_RECORDS, decode, read_text

MAX_PIECE = 16 * 1024
"""Characters of one piece; longer lines are cut into spans."""

_PIECE_BYTES = 150
"""What a piece takes beside its text when it is handed back."""

_SUFFIXES = {".txt", ".text", ".md", ".markdown", ".log", ".csv", ".json", ".srt", ".vtt"}


class PlainTextReader:
    """Reads what no other reader claims, if it is text."""

    name = "plain_text"
    version = "1"
    formats = ("纯文本、Markdown", "Plain text, Markdown")

    def identify(self, peek: Peek) -> Sureness:
        """FALLBACK for anything that decodes as text; an empty file only by its name."""
        if not peek.head:
            return Sureness.FALLBACK if peek.suffix in _SUFFIXES else Sureness.NO
        decoded = decode(peek.head, whole=peek.size <= len(peek.head))
        return Sureness.NO if decoded is None else Sureness.FALLBACK

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One TextPiece per paragraph (lines up to a blank line), placed at its first line."""
        decoded, problems = read_text(original, context)
        pieces: list[TextPiece] = []
        size = 0
        for piece in pieces_of(decoded.lines) if decoded else ():
            size += _PIECE_BYTES + len(piece.text.encode("utf-8", "replace"))
            if len(pieces) == MAX_RECORDS or size > MAX_READING_BYTES:
                detail = str(len(pieces))
                problems.append(context.problem("too_many_records", piece.locator, detail, Severity.ERROR))
                break
            pieces.append(piece)
        lost = any(problem.severity is Severity.ERROR for problem in problems)
        return Reading(
            self.name,
            self.version,
            Grade.UNGRADED,
            texts=tuple(pieces),
            problems=tuple(problems),
            complete=not lost,
        )


def pieces_of(lines: list[str]) -> Iterator[TextPiece]:
    """Paragraphs as pieces of at most MAX_PIECE characters; a longer line becomes several spans."""
    block: list[str] = []
    first, size = 1, 0
    for number, line in enumerate([*lines, ""], start=1):
        fits = size + len(line) <= MAX_PIECE
        if block and (not line.strip() or not fits):
            yield TextPiece("\n".join(block), Locator(line=first))
            block, size = [], 0
        if len(line) > MAX_PIECE:
            yield from _spans(line, number)
        elif line.strip():
            first = first if block else number
            block.append(line)
            size += len(line) + 1


def _spans(line: str, number: int) -> Iterator[TextPiece]:
    """Cut a long line; neighbouring spans overlap a little so that nothing is split in every piece."""
    overlap = 200
    for start in range(0, max(len(line) - overlap, 1), MAX_PIECE - overlap):
        end = min(start + MAX_PIECE, len(line))
        yield TextPiece(line[start:end], Locator(line=number, start=start, end=end))
