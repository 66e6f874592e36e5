"""Text that nobody else claims: pieces with their line."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from clawback.readers.contract import Sureness
from clawback.readers.plain_text import MAX_PIECE, PlainTextReader, pieces_of
from reading import codes, read, sureness

READER = PlainTextReader()


def test_gives_paragraphs_with_their_first_line() -> None:
    reading = read(READER, "一\r\n二\r\n\r\n\r\n三\n")
    assert [(piece.text, piece.locator.line) for piece in reading.texts] == [("一\n二", 1), ("三", 5)]
    assert reading.problems == ()


def test_cuts_a_very_long_line_into_overlapping_spans() -> None:
    line = "".join(chr(0x4E00 + n % 5000) for n in range(2 * MAX_PIECE))
    pieces = read(READER, f"first\n{line}\nlast").texts
    assert pieces[0].text == "first"
    assert pieces[-1].text == "last"
    for piece in pieces[1:-1]:
        assert piece.locator.line == 2
        assert len(piece.text) <= MAX_PIECE
        assert piece.text == line[piece.locator.start : piece.locator.end]
    assert pieces[-2].locator.end == len(line)


@given(st.lists(st.text(st.characters(exclude_characters="\r\n", codec="utf-8"), max_size=30), max_size=30))
def test_loses_no_line(lines: list[str]) -> None:
    kept = [line for piece in pieces_of(lines) for line in piece.text.split("\n")]
    assert kept == [line for line in lines if line.strip()]


def test_is_only_ever_a_fallback_and_refuses_what_is_not_text() -> None:
    assert sureness(READER, "hello", "a.txt") is Sureness.FALLBACK
    assert sureness(READER, b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\x01", "a.txt") is Sureness.NO
    reading = read(READER, b"\x7fELF\x02\x01\x01\x00\x00")
    assert codes(reading) == ["not_text"]
    assert not reading.complete
