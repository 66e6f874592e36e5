"""Readers that only make pictures: what a screen may show instead of the file itself.

Run in the box like every reader, but apart from those that read evidence:
`Box(readers="clawback.readers.previews:PREVIEWERS")`. The name in the header says which page is wanted and
how large (`wish`). The picture comes back as a member of raw pixels, 3 bytes each (RGB), whose name says its
size and that of the original (`Frame`): nothing of the file's own encoding survives. How many pages there
are is a fact, also when the wished one cannot be drawn.
"""

from __future__ import annotations

import contextlib
import importlib
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO, Self

from PIL import Image, ImageOps, UnidentifiedImageError

from clawback.model.evidence import Grade, Locator, Severity
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.image_ocr import MAX_PIXELS, ImageReader
from clawback.readers.limits import MIB, Limits
from clawback.readers.pdf_text import MAX_PAGE_POINTS, PdfReader

if TYPE_CHECKING:
    import pypdfium2

MAX_SIDE = 3_200
"""Pixels of the longest side of a picture that is handed over, whatever is wished."""

RAW_TYPE = "application/x-rgb"

PREVIEW_LIMITS = Limits(
    cpu_seconds=20,
    image_cpu_seconds=20,
    wall_seconds=40.0,
    image_wall_seconds=40.0,
    memory_bytes=1024 * MIB,
    image_memory_bytes=1024 * MIB,
    message_bytes=MIB,
    members=1,
    member_bytes=3 * MAX_SIDE * MAX_SIDE,
    ratio_free_bytes=3 * MAX_SIDE * MAX_SIDE,
)
"""What one picture may cost: less than reading, for somebody waits for it."""

_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_WISH = re.compile(r"page ([1-9][0-9]{0,5}), side ([1-9][0-9]{0,4})")
_FRAME = re.compile(r"([1-9][0-9]{0,4})x([1-9][0-9]{0,4}) of ([1-9][0-9]{0,5})x([1-9][0-9]{0,5})")
_ENLARGED = 4.0  # pixels per point at most: a tiny page is not blown up without end


def wish(page: int, side: int) -> str:
    """What goes into the header as the name: the page from 1, and pixels of the longest side."""
    return f"page {page}, side {side}"


@dataclass(frozen=True, slots=True)
class Frame:
    """Size of a handed-over picture, and of what it was made from (a picture's own pixels, set upright)."""

    width: int
    height: int
    full_width: int
    full_height: int

    @property
    def name(self) -> str:
        """The name of the member."""
        return f"{self.width}x{self.height} of {self.full_width}x{self.full_height}"

    @classmethod
    def named(cls, name: str) -> Self | None:
        """The frame that `name` tells of; None when it is no such name, or larger than may be."""
        told = _FRAME.fullmatch(name)
        if told is None:
            return None
        frame = cls(*(int(part) for part in told.groups()))
        return frame if max(frame.width, frame.height) <= MAX_SIDE else None

    @property
    def bytes(self) -> int:
        """How many bytes its pixels are."""
        return 3 * self.width * self.height


class PicturePreviewer:
    """A picture, set upright, on white where it is transparent; of an animation the first frame."""

    name = "picture_preview"
    version = "1"
    formats = ImageReader.formats

    def warm(self) -> None:
        """Load the decoders before processes are forked."""
        Image.init()

    def identify(self, peek: Peek) -> Sureness:
        """As the reader of pictures does."""
        return ImageReader().identify(peek)

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Hand over the one picture."""
        page, side = _wished(context.name)
        if page != 1:
            return _nothing(self, context, "page_unreadable", str(page))
        try:
            with _strict_pillow(), Image.open(original, formats=_FORMATS) as opened:
                if opened.width * opened.height > MAX_PIXELS:
                    return _nothing(self, context, "image_too_large", f"{opened.width}x{opened.height}")
                _hand_over(opened, side, context)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            return _nothing(self, context, "image_too_large")
        except UnidentifiedImageError:
            original.seek(4)  # HEIC and AVIF say so here
            foreign = original.read(4) == b"ftyp"
            code = "image_format_unsupported" if foreign else "image_damaged"
            return _nothing(self, context, code, "header")
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            return _nothing(self, context, "image_damaged", type(error).__name__)
        return Reading(self.name, self.version, Grade.UNGRADED, facts=(("pages", "1"),))


class PdfPreviewer:
    """One page of a PDF as it would be printed: no script, form or link of it does anything."""

    name = "pdf_preview"
    version = "2"
    formats = PdfReader.formats

    def warm(self) -> None:
        """Load the library before processes are forked."""
        importlib.import_module("pypdfium2")

    def identify(self, peek: Peek) -> Sureness:
        """As the reader of PDF does."""
        return PdfReader().identify(peek)

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Hand over the wished page."""
        import pypdfium2

        page, side = _wished(context.name)
        pages = 0
        try:
            with contextlib.closing(pypdfium2.PdfDocument(original)) as document:
                pages = len(document)
                if page > pages:
                    return _nothing(self, context, "page_unreadable", f"{page} > {pages}", pages)
                largest = max(document.get_page_size(page - 1))
                if not 0 < largest <= MAX_PAGE_POINTS:
                    return _nothing(self, context, "page_too_large", str(page), pages)
                with contextlib.closing(document[page - 1]) as drawn:
                    _draw(drawn, min(side / largest, _ENLARGED), side, context)
        except pypdfium2.PdfiumError as error:
            code = "page_unreadable" if pages else "unreadable_file"
            return _nothing(self, context, code, type(error).__name__, pages)
        return Reading(self.name, self.version, Grade.UNGRADED, facts=(("pages", str(pages)),))


PREVIEWERS = (PicturePreviewer(), PdfPreviewer())
"""Kept apart from `BUILTIN_READERS`: they know nothing about evidence."""


def _wished(name: str) -> tuple[int, int]:
    told = _WISH.fullmatch(name)
    if told is None:
        return 1, MAX_SIDE
    return int(told[1]), min(int(told[2]), MAX_SIDE)


@contextlib.contextmanager
def _strict_pillow() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _hand_over(opened: Image.Image, side: int, context: ReadingContext) -> None:
    wide, high = opened.size
    if opened.mode in ("RGB", "L") and not opened.has_transparency_data:
        small = opened
    else:  # made smaller only in full colours, or thin lines vanish
        small = opened.convert("RGBA" if opened.has_transparency_data else "RGB")
    # Before anything is turned: a JPEG is then decoded at an eighth, a quarter or a half of its size.
    small.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
    upright = ImageOps.exif_transpose(small)
    if upright.size != small.size:
        wide, high = high, wide
    if upright.mode == "RGBA":
        upright = Image.alpha_composite(Image.new("RGBA", upright.size, "white"), upright)
    frame = Frame(upright.width, upright.height, wide, high)
    context.member(frame.name, RAW_TYPE, [upright.convert("RGB").tobytes()])


def _draw(page: pypdfium2.PdfPage, scale: float, side: int, context: ReadingContext) -> None:
    with contextlib.closing(page.render(scale=scale, may_draw_forms=False, rev_byteorder=True)) as bitmap:
        pixels = bitmap.to_pil().convert("RGB")
        pixels.thumbnail((side, side))  # rounding up may have made it one pixel too large
        frame = Frame(pixels.width, pixels.height, pixels.width, pixels.height)
        context.member(frame.name, RAW_TYPE, [pixels.tobytes()])


def _nothing(
    reader: PicturePreviewer | PdfPreviewer,
    context: ReadingContext,
    code: str,
    detail: str = "",
    pages: int = 0,
) -> Reading:
    problem = context.problem(code, Locator(), detail, Severity.ERROR)
    facts = (("pages", str(pages)),) if pages else ()
    return Reading(
        reader.name, reader.version, Grade.UNGRADED, facts=facts, problems=(problem,), complete=False
    )
