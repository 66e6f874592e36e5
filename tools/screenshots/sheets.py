"""Contact sheets: many pictures on one, to see at a glance what stands out."""

from __future__ import annotations

from pathlib import Path

from PIL import Image, ImageDraw

_PER_ROW = {"phone": 8, "desk": 4}
_CELL = {"phone": (230, 500), "desk": (460, 420)}
_ROWS = 3
_CAPTION = 16


def write_sheets(out: Path) -> None:
    """Write `sheet-….png` into `out` for each folder of pictures in it."""
    for folder in sorted(path for path in out.iterdir() if path.is_dir()):
        size = "phone" if "phone" in folder.name else "desk"
        pictures = sorted(folder.glob("*.png"))
        on_one = _PER_ROW[size] * _ROWS
        for number, first in enumerate(range(0, len(pictures), on_one), start=1):
            sheet = _sheet(pictures[first : first + on_one], size)
            sheet.save(out / f"sheet-{folder.name}-{number:02}.png")


def _sheet(pictures: list[Path], size: str) -> Image.Image:
    width, height = _CELL[size]
    across = _PER_ROW[size]
    sheet = Image.new("RGB", (across * (width + 8), _ROWS * (height + _CAPTION + 8)), "#888")
    draw = ImageDraw.Draw(sheet)
    for place, path in enumerate(pictures):
        left, top = place % across * (width + 8), place // across * (height + _CAPTION + 8)
        draw.text((left + 2, top + 2), path.stem.encode("ascii", "replace").decode()[:60], fill="white")
        with Image.open(path) as picture:
            tall = round(picture.height * width / picture.width)
            small = picture.convert("RGB").resize((width, tall))
        sheet.paste(small.crop((0, 0, width, min(tall, height))), (left, top + _CAPTION))
    return sheet
