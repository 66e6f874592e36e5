"""The text layer, page by page; what has none, or cannot be opened, is named."""

from __future__ import annotations

import io
import zlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

import pytest

from clawback.model.evidence import Grade, Severity
from clawback.readers import pdf_text
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.pdf_text import PdfReader

TEXT = b"BT /F1 12 Tf 50 700 Td (%s) Tj 0 -20 Td (%s) Tj ET"
DRAWING = b"10 10 100 100 re f"
EMPTY = b""


def document(
    *pages: bytes, box: str = "0 0 595 842", extra: dict[int, bytes] | None = None, root: bytes = b""
) -> bytes:
    """A PDF by hand: one content stream per page, Helvetica, WinAnsi letters only."""
    kids = " ".join(f"{4 + 2 * place} 0 R" for place in range(len(pages)))
    objects: dict[int, bytes] = {
        1: b"<< /Type /Catalog /Pages 2 0 R %s >>" % root,
        2: f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>".encode(),
        3: b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
        **(extra or {}),
    }
    for place, content in enumerate(pages):
        number = 4 + 2 * place
        objects[number] = (
            f"<< /Type /Page /Parent 2 0 R /MediaBox [{box}] /Contents {number + 1} 0 R "
            "/Resources << /Font << /F1 3 0 R >> >> >>"
        ).encode()
        packed = zlib.compress(content)
        objects[number + 1] = b"<< /Length %d /Filter /FlateDecode >>\nstream\n%s\nendstream" % (
            len(packed),
            packed,
        )
    made = io.BytesIO()
    made.write(b"%PDF-1.7\n")
    places = {}
    for number in sorted(objects):
        places[number] = made.tell()
        made.write(b"%d 0 obj\n%s\nendobj\n" % (number, objects[number]))
    start = made.tell()
    made.write(b"xref\n0 1\n0000000000 65535 f \n")
    for number in sorted(objects):
        made.write(b"%d 1\n%010d 00000 n \n" % (number, places[number]))
    encryption = b" /Encrypt 900 0 R /ID [<00><00>]" if 900 in objects else b""
    made.write(b"trailer << /Size 999 /Root 1 0 R%s >>\nstartxref\n%d\n%%%%EOF\n" % (encryption, start))
    return made.getvalue()


@dataclass
class Opened:
    reading: Reading
    members: dict[str, bytes] = field(default_factory=dict)

    @property
    def problems(self) -> list[tuple[str, int | None]]:
        return [(problem.code, problem.locator.page) for problem in self.reading.problems]


def opened(data: bytes) -> Opened:
    members: dict[str, bytes] = {}

    def member(name: str, _media_type: str, chunks: Iterable[bytes]) -> None:
        members[name] = b"".join(chunks)

    context = ReadingContext(5, "paper.pdf", "Europe/London", date(2026, 1, 31), member)
    return Opened(PdfReader().read(io.BytesIO(data), context), members)


def test_every_line_has_its_page_and_place() -> None:
    found = opened(document(TEXT % (b"Order 1001", b"Paid 30.00 GBP"), TEXT % (b"Second page", b"end")))
    assert [(piece.text, piece.locator.page, piece.locator.line) for piece in found.reading.texts] == [
        ("Order 1001\nPaid 30.00 GBP", 1, 1),
        ("Second page\nend", 2, 1),
    ]
    assert found.reading.grade is Grade.DOCUMENT
    assert found.reading.complete
    assert found.problems == []
    assert ("pages", "2") in found.reading.facts


def test_a_page_without_text_is_reported_and_an_empty_one_noted() -> None:
    found = opened(document(TEXT % (b"words", b"more"), DRAWING, EMPTY))
    assert found.problems == [("page_without_text", 2), ("page_empty", 3)]
    assert found.reading.problems[0].severity is Severity.ERROR
    assert not found.reading.complete


def test_words_outside_the_visible_page_are_read_too() -> None:
    found = opened(document(b"BT /F1 12 Tf 5000 5000 Td (hidden) Tj ET"))
    assert [piece.text for piece in found.reading.texts] == ["hidden"]


def test_a_page_larger_than_any_paper_is_not_read() -> None:
    side = pdf_text.MAX_PAGE_POINTS
    assert opened(document(TEXT % (b"a", b"b"), box=f"0 0 {side} 842")).problems == []
    assert opened(document(TEXT % (b"a", b"b"), box=f"0 0 {side + 1} 842")).problems == [
        ("page_too_large", 1)
    ]


def test_pages_beyond_the_limit_are_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf_text, "MAX_PAGES", 2)
    page = TEXT % (b"a", b"b")
    assert opened(document(page, page)).problems == []
    found = opened(document(page, page, page))
    assert found.problems == [("too_many_pages", None)]
    assert len(found.reading.texts) == 2


def test_very_many_pages_without_text_are_listed_shortly() -> None:
    found = opened(document(*[DRAWING] * 50))
    assert len(found.problems) == 41
    assert found.reading.problems[-1].detail == "+10"


def test_a_document_with_a_password_says_so() -> None:
    lock = b"<< /Filter /Standard /V 1 /R 2 /P -4 /O <" + b"11" * 32 + b"> /U <" + b"22" * 32 + b"> >>"
    found = opened(document(TEXT % (b"a", b"b"), extra={900: lock}))
    assert found.problems == [("encrypted", None)]
    assert not found.reading.complete


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n" + bytes(2000), b""])
def test_what_is_no_document_says_so(data: bytes) -> None:
    assert opened(data).problems == [("broken", None)]


def test_a_file_inside_the_document_is_handed_over() -> None:
    extra = {
        800: b"<< /Names [(data.xml) 801 0 R] >>",
        801: b"<< /Type /Filespec /F (data.xml) /UF (data.xml) /EF << /F 802 0 R >> >>",
        802: b"<< /Type /EmbeddedFile /Length 6 >>\nstream\n<bill>\nendstream",
    }
    found = opened(document(TEXT % (b"a", b"b"), extra=extra, root=b"/Names << /EmbeddedFiles 800 0 R >>"))
    assert found.members == {"data.xml": b"<bill>"}


@pytest.mark.parametrize("flips", range(0, 400, 7))
def test_a_damaged_document_never_raises(flips: int) -> None:
    data = bytearray(document(TEXT % (b"Order 1001", b"Paid"), DRAWING))
    data[flips] ^= 0xFF
    opened(bytes(data))
    opened(bytes(data[: len(data) - flips]))


def test_documents_are_recognised() -> None:
    reader = PdfReader()
    assert reader.identify(Peek("a", 9, "", b"%PDF-1.7\n")) is Sureness.CERTAIN
    assert reader.identify(Peek("a", 19, "", b"junk before %PDF-1.7\n")) is Sureness.LIKELY
    assert reader.identify(Peek("a.pdf", 5, "", b"hello")) is Sureness.NO
