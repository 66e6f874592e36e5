"""A small drawing board for phone pictures: text that wraps, soft corners, the phone's own bars.

All lengths are in points of a 360-point-wide phone; the board multiplies them by `scale`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

Colour = str | tuple[int, int, int]

FONT = Path(__file__).resolve().parents[2] / "src" / "clawback" / "filings" / "fonts" / "NotoSansSC-GBK.otf"
"""The font that the product ships, so that the pictures come out the same everywhere."""

WIDTH = 360
HEIGHT = 780


@dataclass(slots=True)
class Board:
    """A picture `WIDTH` points wide and `height` points high; `scale` pixels per point.

    Shapes are drawn at twice the size and brought down at the end, which softens their edges.
    """

    font_path: Path
    paper: Colour
    scale: int = 3
    height: int = HEIGHT
    image: Image.Image = field(init=False)
    pen: ImageDraw.ImageDraw = field(init=False)
    _fonts: dict[int, ImageFont.FreeTypeFont] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.image = Image.new("RGB", (WIDTH * self.unit, self.height * self.unit), self.paper)
        self.pen = ImageDraw.Draw(self.image)

    @property
    def unit(self) -> int:
        """Pixels per point while drawing."""
        return self.scale * 2

    def font(self, size: float) -> ImageFont.FreeTypeFont:
        """The font at `size` points."""
        pixels = round(size * self.unit)
        if pixels not in self._fonts:
            self._fonts[pixels] = ImageFont.truetype(str(self.font_path), pixels)
        return self._fonts[pixels]

    def width(self, text: str, size: float) -> float:
        """Points that one line of `text` takes."""
        return self.font(size).getlength(text) / self.unit

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: Colour = "#191919",
        anchor: str = "lm",
        bold: bool = False,
    ) -> None:
        """One line at (x, y); `anchor` as in Pillow (lm: left, middle of the line)."""
        self.pen.text(
            (x * self.unit, y * self.unit),
            text,
            font=self.font(size),
            fill=colour,
            anchor=anchor,
            stroke_width=round(size * self.unit * 0.025) if bold else 0,
            stroke_fill=colour if bold else None,
        )

    def wrap(self, text: str, size: float, room: float) -> list[str]:
        """`text` cut into lines no wider than `room` points; Latin words stay whole if they can."""
        lines: list[str] = []
        for paragraph in text.split("\n"):
            line = ""
            for piece in _pieces(paragraph):
                if line and self.width(line + piece, size) > room:
                    lines.append(line.rstrip())
                    line = ""
                for char in piece if self.width(piece, size) > room else [piece]:
                    if line and self.width(line + char, size) > room:
                        lines.append(line)
                        line = ""
                    line += char
            lines.append(line)
        return lines

    def box(
        self, left: float, top: float, right: float, bottom: float, colour: Colour, radius: float = 0
    ) -> None:
        """A filled rectangle with round corners."""
        unit = self.unit
        self.pen.rounded_rectangle(
            (left * unit, top * unit, right * unit, bottom * unit), radius * unit, fill=colour
        )

    def disc(self, x: float, y: float, radius: float, colour: Colour) -> None:
        """A filled circle."""
        unit = self.unit
        self.pen.ellipse(
            ((x - radius) * unit, (y - radius) * unit, (x + radius) * unit, (y + radius) * unit), fill=colour
        )

    def line(self, points: list[tuple[float, float]], colour: Colour, thick: float = 1) -> None:
        """A line through `points`."""
        unit = self.unit
        self.pen.line(
            [(x * unit, y * unit) for x, y in points],
            fill=colour,
            width=max(1, round(thick * unit)),
            joint="curve",
        )

    def polygon(self, points: list[tuple[float, float]], colour: Colour) -> None:
        """A filled polygon."""
        self.pen.polygon([(x * self.unit, y * self.unit) for x, y in points], fill=colour)

    def status_bar(self, clock: str, colour: Colour = "#111111", battery: int = 71) -> None:
        """Clock, signal, network and battery along the top edge (26 points)."""
        self.text(18, 15, clock, 12.5, colour, bold=True)
        for bar in range(4):
            self.box(268 + bar * 4.5, 19 - bar * 2.4, 271 + bar * 4.5, 21, colour, 0.6)
        self.text(292, 15.5, "5G", 10.5, colour)
        self.pen.rounded_rectangle(
            [v * self.unit for v in (316, 10, 338, 21)], 2.6 * self.unit, outline=colour, width=self.unit
        )
        self.box(318, 12, 318 + 18 * battery / 100, 19, colour, 1)
        self.box(339, 13.5, 340.6, 17.5, colour, 0.6)

    def back_arrow(self, x: float, y: float, colour: Colour = "#191919") -> None:
        """The "<" of a title bar."""
        self.line([(x + 6, y - 7), (x, y), (x + 6, y + 7)], colour, 1.7)

    def home_bar(self, colour: Colour = "#222222") -> None:
        """The gesture bar at the bottom edge."""
        self.box(126, self.height - 9, 234, self.height - 5, colour, 2)

    def finish(self) -> Image.Image:
        """The picture at its real size."""
        return self.image.resize((WIDTH * self.scale, self.height * self.scale), Image.Resampling.LANCZOS)


def _pieces(text: str) -> list[str]:
    """Latin words and numbers as wholes, others alone; closing marks stay with what they close."""
    pieces: list[str] = []
    for char in text:
        glue = pieces and (
            (char in "，。！？；：、）》”’,.!?;:)%" and pieces[-1] not in (" ", ""))
            or (_latin(char) and _latin(pieces[-1][-1]))
        )
        if glue:
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _latin(char: str) -> bool:
    return char.isascii() and not char.isspace()
