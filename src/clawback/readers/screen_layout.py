"""From lines of text on a screen to what the screen says: a payment receipt, a chat, or neither.

Works on `Screen`, which knows for each line its place, the colour behind it and the flat patch it lies on.
Receipts are read in `screen_receipts`, chats in `screen_chats`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from clawback.model.events import Message, Transfer
from clawback.model.evidence import Locator, Problem
from clawback.readers.contract import ReadingContext, SourceMaker

Box = tuple[int, int, int, int]
Colour = tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ScreenLine:
    """A line of text. `box`: left, top, right, bottom pixels. `ground`: colour behind the letters.
    `patch`: the box of that colour around the line (a bubble, a card, or the whole page)."""

    text: str
    box: Box
    certainty: int
    ground: Colour
    patch: Box

    @property
    def height(self) -> int:
        """Pixels from top to bottom."""
        return self.box[3] - self.box[1]

    @property
    def middle(self) -> tuple[float, float]:
        """Centre point."""
        return (self.box[0] + self.box[2]) / 2, (self.box[1] + self.box[3]) / 2


@dataclass(frozen=True, slots=True)
class Screen:
    """All lines of one picture, top to bottom. `photo`: taken by a camera, so flat patches mean nothing."""

    width: int
    height: int
    lines: tuple[ScreenLine, ...]
    photo: bool = False


@dataclass(slots=True)
class Understood:
    """What a layout gave. Empty when the screen is neither a receipt nor a chat."""

    messages: list[Message] = field(default_factory=list)
    transfers: list[Transfer] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    kind: str = "other"


def understand(screen: Screen, context: ReadingContext, source: SourceMaker) -> Understood:
    """Receipt, chat or neither. What a recognised layout leaves unclear becomes a Problem with its box."""
    from clawback.readers.screen_chats import read_chat
    from clawback.readers.screen_receipts import read_receipt

    chat = None if screen.photo else read_chat(screen, context, source)
    return chat or read_receipt(screen, context, source) or Understood()


def rows_of(lines: Iterable[ScreenLine]) -> list[list[ScreenLine]]:
    """Lines side by side as one row, left to right; rows from top to bottom."""
    rows: list[list[ScreenLine]] = []
    for line in sorted(lines, key=lambda item: item.middle[1]):
        if rows and _beside(rows[-1][0], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda item: item.box[0]) for row in rows]


def _beside(one: ScreenLine, other: ScreenLine) -> bool:
    return abs(one.middle[1] - other.middle[1]) < 0.45 * min(one.height, other.height)


def around(lines: Iterable[ScreenLine]) -> Box:
    """The smallest box around all `lines` (at least one)."""
    lefts, tops, rights, bottoms = zip(*(line.box for line in lines), strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def at(lines: Iterable[ScreenLine]) -> Locator:
    """Where `lines` stand."""
    return Locator(box=around(lines))
