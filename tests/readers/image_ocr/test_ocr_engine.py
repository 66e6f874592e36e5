from __future__ import annotations

import itertools
import sys

import pytest
from PIL import Image, ImageDraw

from clawback.errors import ExtraMissing
from clawback.readers import ocr_engine
from clawback.readers.ocr_engine import _bands


def test_an_ordinary_screen_is_searched_in_one_piece() -> None:
    assert _bands(1080, 2340) == [(0, 2340)]


def test_a_long_screenshot_is_searched_in_bands_that_overlap_and_leave_nothing_out() -> None:
    bands = _bands(1080, 9000)
    assert bands[0][0] == 0
    assert bands[-1][1] == 9000
    assert all(after[0] < before[1] - 200 for before, after in itertools.pairwise(bands))
    assert max(bottom - top for top, bottom in bands) <= 1080 * 2.4


def test_without_the_extra_the_command_to_add_it_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr_engine, "installed", lambda: False)
    ocr_engine._engine.cache_clear()
    with pytest.raises(ExtraMissing, match=r"clawback\[ocr\]"):
        ocr_engine.warm()


@pytest.mark.slow
@pytest.mark.skipif(not ocr_engine.installed(), reason="the extra `ocr` is not installed")
def test_each_line_of_a_long_picture_is_read_once() -> None:
    image = Image.new("RGB", (300, 2000), "white")
    pen = ImageDraw.Draw(image)
    drawn = [f"LINE {number:03d}" for number in range(100, 150)]
    for row, text in enumerate(drawn):
        pen.text((40, row * 40 + 8), text, fill="black", font_size=24)
    assert [line.text.replace(" ", "") for line in ocr_engine.read_lines(image)] == [
        text.replace(" ", "") for text in drawn
    ]


@pytest.mark.skipif(not ocr_engine.installed(), reason="the extra `ocr` is not installed")
def test_reading_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    ocr_engine.read_lines(Image.new("RGB", (64, 64), "white"))
    assert capfd.readouterr() == ("", "")
    assert "rapidocr" in sys.modules
