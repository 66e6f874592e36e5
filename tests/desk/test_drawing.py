"""Whatever evidence does to who draws it, the bundle is made and says what it lacks; nothing else falls."""

from __future__ import annotations

import hashlib
import io
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

import pypdfium2
import pytest
from PIL import Image

from clawback.desk import drawing, intake
from clawback.desk.casefile import open_casefile
from clawback.desk.drawing import BundlePictures, Drawer, Raw, Undrawn, originals_of
from clawback.desk.filing import write_one
from clawback.desk.printing import Press, Wanted
from clawback.desk.workplace import Workplace
from clawback.errors import CaseDamaged, ClawbackError, UsageError
from clawback.filings.contents import BUNDLE_FULL
from clawback.filings.printed import docx_text, pdf_pages
from clawback.model.evidence import Exhibit, Grade
from clawback.readers.contract import Reading
from clawback.readers.previews import PREVIEW_LIMITS
from clawback.readers.wire import Header

NOW = datetime.fromisoformat("2026-11-20T10:00:00+08:00")
HOSTILE = f"{Path(__file__).with_name('hostile_previewers.py')}:PREVIEWERS"
STOPPED = "打开本件时出错或超时，为安全起见未列印"


class Glance:
    """Reads nothing, so that no test waits for text recognition."""

    def __enter__(self) -> Glance:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(self, original: BinaryIO, header: Header, _: object) -> Reading:
        return Reading("glance", "1", Grade.UNGRADED)


def png(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (0, 0, 255)).save(out, "PNG")
    return out.getvalue()


def bomb(side: int) -> bytes:
    """A PNG of a few kilobytes that says it has side x side pixels, and has them: all black."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packer = zlib.compressobj(9)
    rows = b"".join(packer.compress(bytes(1 + side // 8)) for _ in range(side)) + packer.flush()
    head = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


Sealing = Callable[..., Path]


@pytest.fixture
def sealed(tmp_path: Path) -> Sealing:
    """Seals files, given by name, as exhibits in this order; the case folder."""

    def make(**files: bytes) -> Path:
        heap = tmp_path / "heap"
        heap.mkdir()
        for number, (name, data) in enumerate(files.items(), start=1):
            (heap / f"{number}.{name.partition('_')[0]}").write_bytes(data)
        intake.open_heap(heap, tmp_path / "case", intake.OpenOptions(now=NOW), room=lambda _: Glance())
        return tmp_path / "case"

    return make


@pytest.fixture(scope="module")
def doomed() -> Iterator[Drawer]:
    with Drawer(HOSTILE, replace(PREVIEW_LIMITS, cpu_seconds=1)) as drawer:
        yield drawer


def bundle(case: Path, drawer: Drawer | None = None) -> tuple[str, int]:
    """The text of the bundle without spaces (the same in PDF and DOCX), and how many pictures it shows."""
    made = write_one(case, open_casefile(case, NOW), "lawyer_bundle", None, drawer)
    pdf, word = (path.read_bytes() for path in made.files)
    text = "".join("".join(pdf_pages(pdf)).split())
    assert text.count("请核对封存的原件") == "".join(docx_text(word).split()).count("请核对封存的原件")
    with pypdfium2.PdfDocument(pdf) as document:
        images = [
            found
            for page in document
            for found in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE])
        ]
        return text, len(images)


def pdf_exhibit(data: bytes, number: int = 1) -> Exhibit:
    digest = hashlib.sha256(data).hexdigest()
    return Exhibit(number, ("a.pdf",), digest, len(data), "application/pdf", NOW)


def test_a_bomb_gets_a_slip_and_the_bundle_is_made(sealed: Sealing) -> None:
    hidden = bomb(20_000)
    assert len(hidden) < 100_000
    text, pictures = bundle(sealed(png=png(40, 30), png_b=hidden, png_c=b"\x89PNG\r\n\x1a\n broken"))
    assert pictures == 1
    assert "本件画面或文件过大，未列印" in text
    assert "本件已损坏或设有密码" in text


def test_documents_that_kill_or_hold_up_who_draws_them_get_slips(sealed: Sealing, doomed: Drawer) -> None:
    case = sealed(pdf=b"%PDF-1.7 die", pdf_b=b"%PDF-1.7 loop", png=png(40, 30))
    text, pictures = bundle(case, doomed)
    assert text.count(STOPPED) == 2
    assert pictures == 1


def test_what_comes_back_and_is_no_picture_gets_a_slip(sealed: Sealing, doomed: Drawer) -> None:
    text, pictures = bundle(sealed(pdf=b"%PDF-1.7 lie", pdf_b=b"%PDF-1.7 raw"), doomed)
    assert text.count(STOPPED) == 2
    assert pictures == 0


def test_a_document_that_kills_at_its_third_page_shows_two_and_is_left_alone(
    sealed: Sealing, doomed: Drawer
) -> None:
    text, pictures = bundle(sealed(pdf=b"%PDF-1.7 die on page 3"), doomed)
    assert pictures == 2
    assert text.count("此处有一页无法列印") == 1
    assert text.count("其余各页未能列印") == 1


def test_this_process_opens_no_evidence(sealed: Sealing, monkeypatch: pytest.MonkeyPatch) -> None:
    own = io.BytesIO()
    Image.new("RGB", (60, 40)).save(own, "PDF")
    case = sealed(png=png(40, 30), pdf=own.getvalue())
    opened: list[bytes] = []

    class Watched(pypdfium2.PdfDocument):
        def __init__(self, data: BinaryIO) -> None:
            opened.append(data.read())
            data.seek(0)
            super().__init__(data)

    def never(*_: object, **__: object) -> None:
        raise AssertionError("a picture was opened here")

    monkeypatch.setattr(pypdfium2, "PdfDocument", Watched)
    monkeypatch.setattr(Image, "open", never)
    made = write_one(case, open_casefile(case, NOW), "lawyer_bundle")
    assert own.getvalue() not in opened
    assert made.files[0].read_bytes() in opened  # read back by the gate


def test_an_exhibit_that_is_not_what_was_sealed_stops_the_bundle_undrawn(
    sealed: Sealing, doomed: Drawer
) -> None:
    case = sealed(png=png(40, 30))
    (blob,) = (path for path in (case / "blobs").rglob("*") if path.is_file())
    blob.chmod(0o600)
    blob.write_bytes(png(41, 30))
    with pytest.raises(CaseDamaged, match="exhibit 1"):
        bundle(case, doomed)
    assert not list((case / "papers").glob("lawyer_bundle*"))


def test_the_browser_prints_the_bundle_with_the_drawer_of_its_workplace(tmp_path: Path) -> None:
    place, heap = Workplace(tmp_path / "home", lambda: NOW), tmp_path / "heap"
    heap.mkdir()
    (heap / "1.pdf").write_bytes(b"%PDF-1.7 die")
    (heap / "2.png").write_bytes(png(40, 30))
    place.previews.drawer = Drawer(HOSTILE)
    case = place.begin("cn")
    case.change(
        lambda folder, secret: intake.open_heap(
            heap, folder, intake.OpenOptions(now=NOW, passphrase=secret), room=lambda _: Glance()
        )
    )
    printed = Press().print(case, Wanted("lawyer_bundle", "zh"), 60, place.previews.drawer)
    assert printed is not None
    assert STOPPED in "".join("".join(pdf_pages(printed.pdf)).split())
    place.close()


def test_an_exhibit_is_drawn_once_for_a_paper(doomed: Drawer, monkeypatch: pytest.MonkeyPatch) -> None:
    data = b"%PDF-1.7"
    pictures = BundlePictures(doomed)
    first = pictures.draw(pdf_exhibit(data), data, 40)
    assert (len(first.pages), first.count) == (9, 9)
    monkeypatch.setattr(doomed, "draw", None)
    assert pictures.draw(pdf_exhibit(data), data, 40) is first


def test_no_more_pages_are_drawn_than_are_wanted(doomed: Drawer) -> None:
    data = b"%PDF-1.7"
    drawn = BundlePictures(doomed).draw(pdf_exhibit(data), data, 2)
    assert (len(drawn.pages), drawn.count) == (2, 9)


def test_a_bundle_holds_no_more_bytes_and_takes_no_more_time_than_it_may(doomed: Drawer) -> None:
    data = b"%PDF-1.7"
    whole = BundlePictures(doomed).draw(pdf_exhibit(data), data, 9)
    page = whole.pages[0]
    assert isinstance(page, bytes)
    small = BundlePictures(doomed, most_bytes=2 * len(page) + 1)
    assert small.draw(pdf_exhibit(data), data, 9).pages == (page, page, BUNDLE_FULL)
    assert small.draw(pdf_exhibit(data, 2), data, 9).pages == (BUNDLE_FULL,)
    hurried = BundlePictures(doomed, seconds=-1.0)
    assert hurried.draw(pdf_exhibit(data), data, 9).pages == (BUNDLE_FULL,)


def test_the_page_count_is_told_even_of_a_page_that_cannot_be_drawn() -> None:
    made = io.BytesIO()
    Image.new("RGB", (60, 40)).save(made, "PDF", resolution=0.2)  # 21,600 points wide
    data = made.getvalue()
    with Drawer() as drawer:
        drawn = drawer.draw(io.BytesIO(data), pdf_exhibit(data), 1, 320)
    assert isinstance(drawn, Undrawn)
    assert (drawn.problem.code, drawn.pages) == ("page_too_large", 1)


def test_a_page_of_the_bundle_is_a_jpeg_of_a_bounded_size() -> None:
    data = png(4000, 1000)
    picture = replace(pdf_exhibit(data), media_type="image/png")
    with Drawer() as drawer:
        (page,) = BundlePictures(drawer).draw(picture, data, 40).pages
    assert isinstance(page, bytes)
    shown = Image.open(io.BytesIO(page))
    assert (shown.format, shown.size) == ("JPEG", (drawing.PRINTED_SIDE, drawing.PRINTED_SIDE // 4))
    assert not shown.getexif()


def test_a_drawer_that_is_closed_turns_everybody_away(sealed: Sealing) -> None:
    drawer = Drawer()
    data = png(4, 4)
    picture = replace(pdf_exhibit(data), media_type="image/png")
    assert isinstance(drawer.draw(io.BytesIO(data), picture, 1, 320), Raw)
    drawer.close()
    with pytest.raises(ClawbackError, match="closing"):
        drawer.draw(io.BytesIO(data), picture, 1, 320)


def test_there_is_no_original_of_a_number_that_was_never_given(sealed: Sealing, doomed: Drawer) -> None:
    originals = originals_of(sealed(png=png(4, 4)), None, doomed)
    with originals.open(1) as original:
        assert original.read() == png(4, 4)
    with pytest.raises(UsageError, match="no exhibit 7"):
        originals.open(7)
