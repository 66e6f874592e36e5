"""The one place that knows the OCR library. Text lines out of pixels, offline, in one thread.

The models are the small ones inside the library's own package, named by path, so that nothing is ever
fetched. One thread per session and none in the image library: the process can then be forked after `warm`.
"""

from __future__ import annotations

import logging
import warnings
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from clawback.errors import ExtraMissing

if TYPE_CHECKING:
    from PIL import Image

DETECTION_SIDE = 1280
"""Longest side in pixels at which lines are searched for; they are then read at full size."""

TILE_RATIO = 2.4
"""A picture higher than this many widths is searched in bands, so that small text stays readable."""

_OVERLAP = 0.25  # of the width: more than two lines of any chat, so that no line is cut in both bands
_MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}

Box = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class OcrLine:
    """One line of text as read. `box`: left, top, right, bottom in pixels. `certainty`: 0-100, the
    engine's own mean over the characters."""

    text: str
    box: Box
    certainty: int


def installed() -> bool:
    """Is the extra `ocr` there? Looks without importing it."""
    return find_spec("rapidocr") is not None and find_spec("onnxruntime") is not None


def warm() -> None:
    """Load the models (about a second) so that processes forked afterwards share them.

    Raises ExtraMissing when the extra `ocr` is not installed.
    """
    _engine()


def read_lines(image: Image.Image) -> tuple[OcrLine, ...]:
    """All lines of an RGB image, top to bottom, then left to right.

    Raises ExtraMissing when the extra `ocr` is not installed.
    """
    lines: list[OcrLine] = []
    for top, bottom in _bands(image.width, image.height):
        found = _read_band(image.crop((0, top, image.width, bottom)), top)
        inner = [line for line in found if _whole(line, top, bottom, image.height)]
        lines += [line for line in inner if not any(_same_place(line, other) for other in lines)]
    return tuple(sorted(lines, key=lambda line: (line.box[1], line.box[0])))


def _bands(width: int, height: int) -> list[tuple[int, int]]:
    """Bands of at most TILE_RATIO widths that overlap; one band for an ordinary picture."""
    tall = max(int(width * TILE_RATIO), 640)
    if height <= tall:
        return [(0, height)]
    step = tall - int(width * _OVERLAP)
    count = -(-(height - tall) // step) + 1
    return [(n * step, min(n * step + tall, height)) for n in range(count)]


def _whole(line: OcrLine, top: int, bottom: int, height: int) -> bool:
    """False for a line that touches the cut edge of its band: the next band has it whole."""
    cut_above = top > 0 and line.box[1] <= top + 2
    cut_below = bottom < height and line.box[3] >= bottom - 2
    return not (cut_above or cut_below)


def _same_place(one: OcrLine, other: OcrLine) -> bool:
    across = min(one.box[2], other.box[2]) - max(one.box[0], other.box[0])
    down = min(one.box[3], other.box[3]) - max(one.box[1], other.box[1])
    if across <= 0 or down <= 0:
        return False
    smaller = min(_area(one.box), _area(other.box))
    return across * down > 0.5 * smaller


def _area(box: Box) -> int:
    return max(1, (box[2] - box[0]) * (box[3] - box[1]))


def _read_band(image: Image.Image, offset: int) -> list[OcrLine]:
    import numpy

    # The library expects blue, green, red, as its image library does.
    pixels = numpy.ascontiguousarray(numpy.asarray(image.convert("RGB"))[:, :, ::-1])
    output = _engine()(pixels)
    if output.boxes is None or output.txts is None:
        return []
    return [
        OcrLine(text.strip(), _box(corners, offset), round(float(score) * 100))
        for corners, text, score in zip(output.boxes, output.txts, output.scores, strict=True)
        if text.strip()
    ]


def _box(corners: Any, offset: int) -> Box:
    xs, ys = corners[:, 0], corners[:, 1]
    return (int(xs.min()), int(ys.min()) + offset, int(xs.max()), int(ys.max()) + offset)


@cache
def _engine() -> Any:
    if not installed():
        raise ExtraMissing("ocr", "Reading text in images", "识别图片中的文字")
    with warnings.catch_warnings():
        # Third-party import-time deprecations are not the user's business.
        warnings.simplefilter("ignore")
        import cv2
        import rapidocr

        logging.getLogger("RapidOCR").setLevel(logging.CRITICAL)
        cv2.setNumThreads(0)
        engine: Any = rapidocr.RapidOCR(params=_settings(Path(rapidocr.__file__).parent / "models"))
        engine._load_det_model()
        engine._load_rec_model()
    return engine


def _settings(models: Path) -> dict[str, Any]:
    absent = [name for name in _MODELS.values() if not (models / name).is_file()]
    if absent:
        raise ExtraMissing("ocr", "Reading text in images", "识别图片中的文字")
    return {
        "Global.log_level": "critical",
        "Global.use_cls": False,
        "Global.use_preprocess_img": False,
        "Global.text_score": 0.0,
        "Det.limit_side_len": DETECTION_SIDE,
        "Det.limit_type": "max",
        "Det.model_path": str(models / _MODELS["Det"]),
        "Rec.model_path": str(models / _MODELS["Rec"]),
        "EngineConfig.onnxruntime.intra_op_num_threads": 1,
        "EngineConfig.onnxruntime.inter_op_num_threads": 1,
    }
