"""Pictures of files made in the box: right in size and position, and a bad file costs only itself."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Iterator
from datetime import date

import pytest
from PIL import Image

from clawback.model.evidence import Problem
from clawback.readers.box import Box
from clawback.readers.previews import MAX_SIDE, PREVIEW_LIMITS, RAW_TYPE, Frame, wish
from clawback.readers.wire import Header

RED, BLUE, WHITE = (255, 0, 0), (0, 0, 255), (255, 255, 255)


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with Box(limits=PREVIEW_LIMITS, readers="clawback.readers.previews:PREVIEWERS") as running:
        yield running


class Seen:
    """What came back: the picture if there is one, the page count, the problem."""

    def __init__(self, box: Box, data: bytes, media_type: str, page: int = 1, side: int = 320) -> None:
        members: list[tuple[str, str, bytes]] = []
        header = Header(7, wish(page, side), len(data), media_type, "UTC", date.min)
        reading = box.read(
            io.BytesIO(data),
            header,
            lambda name, kind, chunks: members.append((name, kind, b"".join(chunks))),
        )
        self.facts = dict(reading.facts)
        self.problem: Problem | None = reading.problems[0] if reading.problems else None
        self.frame = Frame.named(members[0][0]) if members else None
        if self.frame is not None:
            assert members[0][1] == RAW_TYPE
            assert len(members[0][2]) == self.frame.bytes
            size = (self.frame.width, self.frame.height)
            self.image = Image.frombytes("RGB", size, members[0][2])


def saved(image: Image.Image, format: str, **how: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **how)
    return out.getvalue()


def half_red_half_blue(width: int, height: int) -> Image.Image:
    """Left red, right blue."""
    image = Image.new("RGB", (width, height), RED)
    image.paste(BLUE, (width // 2, 0, width, height))
    return image


def near(one: object, other: tuple[int, int, int]) -> bool:
    assert isinstance(one, tuple)
    return all(abs(a - b) < 12 for a, b in zip(one, other, strict=True))


def pdf_of(pages: int, extra: str = "") -> bytes:
    """A PDF of `pages` empty pages of 200 x 100 points. `extra`: more entries of its catalogue."""
    kids = " ".join(f"{number + 3} 0 R" for number in range(pages))
    objects = [
        f"<< /Type /Catalog /Pages 2 0 R {extra} >>",
        f"<< /Type /Pages /Count {pages} /Kids [{kids}] >>",
    ]
    objects += ["<< /Type /Page /Parent 2 0 R /MediaBox [0 0 200 100] >>"] * pages
    out, starts = bytearray(b"%PDF-1.7\n"), []
    for number, body in enumerate(objects, 1):
        starts.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode("ascii")
    xref = len(out)
    out += f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode("ascii")
    out += b"".join(f"{start:010} 00000 n \n".encode("ascii") for start in starts)
    out += f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{xref}\n%%EOF".encode("ascii")
    return bytes(out)


def png_of_size(width: int, height: int) -> bytes:
    """A PNG that claims a size and is otherwise almost empty."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack("!I", len(body)) + kind + body + struct.pack("!I", zlib.crc32(kind + body))

    head = struct.pack("!IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(b"\0" * 1000))
        + chunk(b"IEND", b"")
    )


def test_a_large_picture_is_made_smaller_and_says_what_it_was(box: Box) -> None:
    seen = Seen(box, saved(half_red_half_blue(1000, 500), "PNG"), "image/png")
    assert seen.frame == Frame(320, 160, 1000, 500)
    assert near(seen.image.getpixel((10, 80)), RED)
    assert near(seen.image.getpixel((310, 80)), BLUE)
    assert seen.facts == {"pages": "1"}


def test_a_small_picture_is_not_enlarged(box: Box) -> None:
    seen = Seen(box, saved(half_red_half_blue(40, 20), "GIF"), "image/gif")
    assert seen.frame == Frame(40, 20, 40, 20)


@pytest.mark.parametrize("format", ["JPEG", "WEBP", "BMP", "PNG", "GIF"])
def test_every_format_that_is_read_can_be_shown(box: Box, format: str) -> None:
    seen = Seen(box, saved(half_red_half_blue(640, 320), format), f"image/{format.lower()}", side=64)
    assert seen.frame == Frame(64, 32, 640, 320)
    assert near(seen.image.getpixel((8, 16)), RED)


def test_a_photo_that_says_it_lies_on_its_side_is_set_upright_and_measured_so(box: Box) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter clockwise to see it upright
    photo = saved(half_red_half_blue(800, 400), "JPEG", exif=exif, quality=95)
    seen = Seen(box, photo, "image/jpeg", side=100)
    assert seen.frame == Frame(50, 100, 400, 800)
    assert near(seen.image.getpixel((25, 10)), RED)  # what was left is now above
    assert near(seen.image.getpixel((25, 90)), BLUE)


def test_what_is_transparent_is_white(box: Box) -> None:
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))
    seen = Seen(box, saved(clear, "PNG"), "image/png")
    assert seen.image.getpixel((25, 25)) == WHITE


def test_of_an_animation_the_first_frame_is_shown(box: Box) -> None:
    first, *rest = [Image.new("RGB", (30, 30), colour) for colour in (RED, BLUE, WHITE)]
    data = saved(first, "GIF", save_all=True, append_images=rest, duration=1)
    seen = Seen(box, data, "image/gif")
    assert near(seen.image.getpixel((15, 15)), RED)


def test_a_page_of_a_document_is_drawn_and_pages_are_counted(box: Box) -> None:
    seen = Seen(box, pdf_of(3), "application/pdf", page=2, side=400)
    assert seen.frame == Frame(400, 200, 400, 200)
    assert seen.image.getpixel((5, 5)) == WHITE
    assert seen.facts == {"pages": "3"}


def test_a_document_of_ten_thousand_pages_costs_one_page(box: Box) -> None:
    seen = Seen(box, pdf_of(10_000), "application/pdf", page=10_000, side=100)
    assert seen.frame == Frame(100, 50, 100, 50)
    assert seen.facts == {"pages": "10000"}


def test_a_script_in_a_document_does_nothing(box: Box) -> None:
    script = "/OpenAction << /S /JavaScript /JS (app.alert\\(1\\); while \\(true\\) {}) >>"
    seen = Seen(box, pdf_of(1, script), "application/pdf")
    assert seen.frame == Frame(320, 160, 320, 160)


@pytest.mark.parametrize(
    ("data", "media_type", "code"),
    [
        (png_of_size(60_000, 60_000), "image/png", "image_too_large"),
        (png_of_size(5_000, 5_000), "image/png", "image_damaged"),
        (saved(half_red_half_blue(500, 500), "PNG")[:200], "image/png", "image_damaged"),
        (saved(half_red_half_blue(500, 500), "JPEG")[:300], "image/jpeg", "image_damaged"),
        (b"\x89PNG\r\n\x1a\n", "image/png", "image_damaged"),
        (b"GIF89a" + b"\xff" * 500, "image/gif", "image_damaged"),
        (b"%PDF-1.7\nnothing of a document", "application/pdf", "unreadable_file"),
        (pdf_of(2), "application/pdf", "page_unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "image/svg+xml", "no_reader"),
        (b"\0\0\0\x18ftypheic" + b"\0" * 50, "image/heic", "image_format_unsupported"),
        (b"", "image/png", "no_reader"),
        (b"date,amount\n2026-01-01,1\n", "text/csv", "no_reader"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_bad_file_has_no_picture_and_says_why(box: Box, data: bytes, media_type: str, code: str) -> None:
    seen = Seen(box, data, media_type, page=3 if code == "page_unreadable" else 1)
    assert seen.frame is None
    assert seen.problem is not None
    assert (seen.problem.code, seen.problem.exhibit) == (code, 7)


def test_nothing_larger_than_the_largest_is_handed_over_whatever_is_wished(box: Box) -> None:
    wide = Image.new("RGB", (6_000, 40), RED)
    seen = Seen(box, saved(wide, "PNG"), "image/png", side=99_999)
    assert seen.frame == Frame(MAX_SIDE, 21, 6_000, 40)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "1x1",
        "0x5 of 9x9",
        "1x1 of 9x",
        "3201x5 of 9x9",
        "99999999x1 of 1x1",
        "١x1 of 1x1",
        "1x1 of 1x1\n",
    ],
)
def test_a_name_that_is_no_frame_is_refused(name: str) -> None:
    assert Frame.named(name) is None


def test_a_frame_is_read_back_from_its_name() -> None:
    frame = Frame(738, 1600, 1080, 2340)
    assert Frame.named(frame.name) == frame
    assert frame.bytes == 3 * 738 * 1600
