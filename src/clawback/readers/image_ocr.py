"""Screenshots and photographs: text by OCR, then the screen's layout.

What the picture itself proves is little: anybody can make a screenshot or a photo, and the grade says so.
"""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO, cast

from PIL import ExifTags, Image, ImageChops, ImageOps, ImageStat, UnidentifiedImageError

from clawback.errors import ExtraMissing
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.readers import ocr_engine
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness, TextPiece
from clawback.readers.screen_layout import Box, Colour, Screen, ScreenLine, understand

MAX_PIXELS = 50_000_000
"""Width times height above which a picture is not decoded (about 150 MB in memory as RGB)."""

LOW_CERTAINTY = 80
"""Lines that the engine is less sure of than this are listed for a person to read."""

_ICON_CERTAINTY = 70
_MAX_LISTED = 40  # problems about single lines; a photo of a newspaper needs no more
_SAME = (
    10  # difference per channel within which two pixels are one flat colour: WeChat's white bubbles differ
)
# from its grey page by 18, the noise of a JPEG in flat areas stays below 6
_TURNS = {
    180: Image.Transpose.ROTATE_180,
    90: Image.Transpose.ROTATE_270,  # Pillow counts against the clock
    270: Image.Transpose.ROTATE_90,
}
_Lines = tuple[ocr_engine.OcrLine, ...]
_FORMATS = ("PNG", "JPEG", "WEBP", "BMP", "GIF")
_HEIC_BRANDS = (b"heic", b"heix", b"mif1", b"msf1", b"hevc", b"avif")


class ImageReader:
    """PNG, JPEG, WebP, BMP and GIF pictures."""

    name = "image_ocr"
    version = "1"
    formats = (
        "截图与照片（PNG、JPEG、WebP、BMP、GIF）",
        "screenshots and photos (PNG, JPEG, WebP, BMP, GIF)",
    )

    def warm(self) -> None:
        """Load the models before processes are forked. Raises ExtraMissing without the extra `ocr`."""
        ocr_engine.warm()

    def identify(self, peek: Peek) -> Sureness:
        """By magic bytes only."""
        head = peek.head
        known = (
            head.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF87a", b"GIF89a"))
            or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")
            or _is_heic(head)
        )
        if known:
            return Sureness.CERTAIN
        # "BM" alone is two letters that a text may start with: the bitmap's own size must agree.
        bitmap = head[:2] == b"BM" and int.from_bytes(head[2:6], "little") == peek.size
        return Sureness.CERTAIN if bitmap else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Every line with its box and certainty; messages and transfers where the layout is known."""
        head = original.read(64)
        original.seek(0)
        if _is_heic(head):
            brand = head[8:12].decode("ascii").strip()
            return self._unread(context, "image_format_unsupported", brand)
        try:
            with _strict_pillow():
                return self._read_picture(original, context)
        except ExtraMissing as missing:
            return self._unread(context, missing.code, missing.extra)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning):
            return self._unread(context, "image_too_large")
        except UnidentifiedImageError:
            return self._unread(context, "image_damaged", "header")
        except (OSError, SyntaxError, ValueError, EOFError) as error:
            # Pillow raises these for torn or hostile files, SyntaxError among them.
            return self._unread(context, "image_damaged", type(error).__name__)

    def _read_picture(self, original: BinaryIO, context: ReadingContext) -> Reading:
        with Image.open(original, formats=_FORMATS) as opened:
            if opened.width * opened.height > MAX_PIXELS:
                return self._unread(context, "image_too_large", f"{opened.width}x{opened.height}")
            problems = _animation(opened, context)
            photo = _from_camera(opened)
            views = _views(opened)
        image, lines, turned = _best_view(views)
        if turned:
            problems.append(context.problem("picture_turned", detail=f"{turned}°", severity=Severity.NOTE))
        grade = Grade.PHOTO if photo or _noisy(image) else Grade.SCREENSHOT
        return self._reading(image, lines, grade, problems, context)

    def _reading(
        self,
        image: Image.Image,
        lines: _Lines,
        grade: Grade,
        problems: list[Problem],
        context: ReadingContext,
    ) -> Reading:
        if not lines:
            problems.append(context.problem("no_text_found", severity=Severity.NOTE))
        problems += _doubts(lines, context)
        screen = Screen(
            image.width,
            image.height,
            tuple(_screen_line(image, line) for line in lines),
            photo=grade is Grade.PHOTO,
        )
        understood = understand(screen, context, SourceMaker(self.name, self.version, context.exhibit))
        return Reading(
            self.name,
            self.version,
            grade,
            transfers=tuple(understood.transfers),
            messages=tuple(understood.messages),
            texts=tuple(TextPiece(line.text, Locator(box=line.box), line.certainty) for line in lines),
            problems=(*problems, *understood.problems),
            facts=(("screen", understood.kind),),
            complete=not any(problem.code == "only_first_frame_read" for problem in problems),
        )

    def _unread(self, context: ReadingContext, code: str, detail: str = "") -> Reading:
        problem = context.problem(code, detail=detail, severity=Severity.ERROR)
        return Reading(self.name, self.version, Grade.UNGRADED, problems=(problem,), complete=False)


def _is_heic(head: bytes) -> bool:
    return head[4:8] == b"ftyp" and head[8:12] in _HEIC_BRANDS


@contextmanager
def _strict_pillow() -> Iterator[None]:
    """Pillow's own warning about huge pictures becomes an error; its other warnings are about metadata."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        yield


def _animation(image: Image.Image, context: ReadingContext) -> list[Problem]:
    # A phone's MPO holds its preview beside the picture: no animation. Frames are not counted, for a
    # hostile file may claim millions.
    if image.format == "MPO" or not getattr(image, "is_animated", False):
        return []
    return [context.problem("only_first_frame_read")]


def _from_camera(image: Image.Image) -> bool:
    """Does the file name a camera maker or lens? Phones write these into photos, never into screenshots."""
    exif = image.getexif()
    return any(exif.get(tag) for tag in (ExifTags.Base.Make, ExifTags.Base.Model, ExifTags.Base.FNumber))


def _views(image: Image.Image) -> list[Image.Image]:
    """Upright RGB. A picture with transparency is laid on white and, for white letters, on black."""
    upright = ImageOps.exif_transpose(image)
    if not upright.has_transparency_data:
        return [upright.convert("RGB")]
    clear = upright.convert("RGBA")
    views = []
    for ground in ("white", "black"):
        sheet = Image.new("RGBA", clear.size, ground)
        views.append(Image.alpha_composite(sheet, clear).convert("RGB"))
    return views


def _best_view(views: list[Image.Image]) -> tuple[Image.Image, _Lines, int]:
    """The first view with readable text, its lines, and by how many degrees it had to be turned clockwise.

    A photo that lies on its side without saying so is read in all four positions. What the engine reads in
    a wrong position is little and doubtful, so that the sum of certainties decides.
    """
    for view in views:
        lines = _read(view)
        if _trust(lines) >= LOW_CERTAINTY:
            return view, lines, 0
    best = (views[0], _read(views[0]), 0)
    for degrees, turn in _TURNS.items():
        turned = views[0].transpose(turn)
        lines = _read(turned)
        if _trust(lines) >= LOW_CERTAINTY and _weight(lines) > 2 * _weight(best[1]):
            best = (turned, lines, degrees)
    return best


def _read(image: Image.Image) -> _Lines:
    return tuple(line for line in ocr_engine.read_lines(image) if not _is_icon(line))


def _weight(lines: _Lines) -> int:
    return sum(len(line.text) * line.certainty for line in lines if not _upended(line))


def _upended(line: ocr_engine.OcrLine) -> bool:
    """The engine turns a high narrow line by itself; on a picture lying on its side all lines are such."""
    left, top, right, bottom = line.box
    return len(line.text) > 2 and bottom - top > right - left


def _trust(lines: _Lines) -> int:
    """Mean certainty over all characters, 0 when there are none."""
    return _weight(lines) // max(1, sum(len(line.text) for line in lines))


def _noisy(image: Image.Image) -> bool:
    """A camera's grain: on a screenshot most neighbouring pixels are equal, on a photo few are."""
    middle = image.convert("L").crop(_centre(image.width, image.height))
    shifted = middle.transform(middle.size, Image.Transform.AFFINE, (1, 0, 1, 0, 1, 0))
    equal = ImageChops.difference(middle, shifted).point(lambda value: 255 if value <= 1 else 0)
    return ImageStat.Stat(equal).mean[0] / 255 < 0.45


def _centre(width: int, height: int) -> Box:
    """The middle, at most 800 pixels a side."""
    across, down = min(width, 800), min(height, 800)
    left, top = (width - across) // 2, (height - down) // 2
    return left, top, left + across, top + down


def _is_icon(line: ocr_engine.OcrLine) -> bool:
    """A doubtful single character, or doubtful marks without a letter, are a drawing, not text."""
    if line.certainty < _ICON_CERTAINTY and "*" not in line.text:
        return len(line.text) == 1 or not _has_letters(line.text)
    # Back arrows come out as kana or a Latin letter, never as a Chinese character.
    return len(line.text) == 1 and line.certainty < LOW_CERTAINTY and not "\u4e00" <= line.text <= "\u9fff"


def _has_letters(text: str) -> bool:
    return any(char.isalnum() for char in text)


def _doubts(lines: _Lines, context: ReadingContext) -> list[Problem]:
    doubtful = [line for line in lines if line.certainty < LOW_CERTAINTY and _has_letters(line.text)]
    problems = [
        context.problem(
            "low_certainty_text", Locator(box=line.box), f"{line.text} ({line.certainty}%)", Severity.NOTE
        )
        for line in doubtful[:_MAX_LISTED]
    ]
    if len(doubtful) > _MAX_LISTED:
        rest = str(len(doubtful) - _MAX_LISTED)
        problems.append(context.problem("low_certainty_text", detail=rest, severity=Severity.NOTE))
    return problems


def _screen_line(image: Image.Image, line: ocr_engine.OcrLine) -> ScreenLine:
    ground = _ground(image, line.box)
    return ScreenLine(line.text, line.box, line.certainty, ground, _patch(image, line.box, ground))


def _ground(image: Image.Image, box: Box) -> Colour:
    """The most frequent colour on the outline of the box, which lies outside the letters."""
    left, top, right, bottom = _inside(image, box)
    step = max(1, (right - left) // 60)
    points = [(x, y) for x in range(left, right + 1, step) for y in (top, bottom)]
    points += [(x, y) for y in range(top, bottom + 1, 2) for x in (left, right)]
    seen = Counter(_pixel(image, x, y) for x, y in points)
    coarse = Counter({(r // 16, g // 16, b // 16): 0 for r, g, b in seen})
    for (r, g, b), count in seen.items():
        coarse[(r // 16, g // 16, b // 16)] += count
    best = coarse.most_common(1)[0][0]
    return next(colour for colour, _ in seen.most_common() if tuple(part // 16 for part in colour) == best)


def _patch(image: Image.Image, box: Box, ground: Colour) -> Box:
    """How far the ground colour reaches from the box in each direction, along the clearest of three lines."""
    left, top, right, bottom = _inside(image, box)
    gap = max(2, (bottom - top) // 8)
    ys = (top, (top + bottom) // 2, bottom)
    xs = (max(0, left - gap), left, min(image.width - 1, right + gap))
    return (
        min(_walk(image, (left, y), (-1, 0), ground) for y in ys),
        min(_walk(image, (x, top), (0, -1), ground) for x in xs),
        max(_walk(image, (right, y), (1, 0), ground) for y in ys),
        max(_walk(image, (x, bottom), (0, 1), ground) for x in xs),
    )


def _walk(image: Image.Image, start: tuple[int, int], step: tuple[int, int], ground: Colour) -> int:
    """The last coordinate on the way from `start` that still shows `ground`."""
    x, y = start
    dx, dy = step
    while 0 <= x + dx < image.width and 0 <= y + dy < image.height:
        x, y = x + dx, y + dy
        if not _alike(_pixel(image, x, y), ground):
            return x - dx if dx else y - dy
    return x if dx else y


def _inside(image: Image.Image, box: Box) -> Box:
    left, top = max(0, box[0]), max(0, box[1])
    return left, top, max(left, min(box[2], image.width - 1)), max(top, min(box[3], image.height - 1))


def _pixel(image: Image.Image, x: int, y: int) -> Colour:
    return cast(Colour, image.getpixel((x, y)))


def _alike(one: Colour, other: Colour) -> bool:
    return all(abs(a - b) <= _SAME for a, b in zip(one, other, strict=True))
