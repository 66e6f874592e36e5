"""What the finders of indicators share: a spot in a text, and the words that stand before it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace

from clawback.model.evidence import Locator
from clawback.model.indicators import IndicatorKind

CONTEXT = 24
"""Characters before a number in which a word says what it is (卡号, account no, 订单号)."""


@dataclass(frozen=True, slots=True)
class Spot:
    """An indicator at text[start:end], before it gets its source. Fields as in `Indicator`."""

    kind: IndicatorKind
    value: str
    start: int
    end: int
    valid: bool | None = None
    detail: str = ""


@dataclass(slots=True)
class Canvas:
    """One prepared text and what has been spotted on it; a later finder leaves taken characters alone.

    `text` has the digits of every script as ASCII and the length of the original. `telegram`: the text was
    written on Telegram, so a bare @name is a Telegram name.
    """

    text: str
    region: str
    telegram: bool = False
    spots: list[Spot] = field(default_factory=list)
    lower: str = field(init=False)
    _taken: bytearray = field(init=False)

    def __post_init__(self) -> None:
        self.lower = self.text.lower()
        self._taken = bytearray(len(self.text))

    def has(self, *words: str) -> bool:
        """Does any of `words` (lower case) occur? A cheap question before a dear search."""
        return any(word in self.lower for word in words)

    def add(self, spot: Spot, take: bool = True) -> None:
        """Keep `spot`; with `take` its characters belong to it alone."""
        self.spots.append(spot)
        if take:
            self.take(spot.start, spot.end)

    def take(self, start: int, end: int) -> None:
        """Later finders leave text[start:end] alone."""
        self._taken[start:end] = b"\x01" * (end - start)

    def free(self, start: int, end: int) -> bool:
        """Has nobody taken any character of text[start:end]?"""
        return self._taken.find(1, start, end) < 0

    def before(self, start: int, size: int = CONTEXT) -> str:
        """Up to `size` characters of the same line before `start`, lower case."""
        return self.text[max(0, start - size) : start].rpartition("\n")[2].lower()

    def after(self, end: int, size: int = CONTEXT) -> str:
        """Up to `size` characters of the same line from `end` on, lower case."""
        return self.text[end : end + size].partition("\n")[0].lower()


def says(words: re.Pattern[str], context: str) -> bool:
    """Does one of `words` stand in `context`?"""
    return words.search(context) is not None


def within(place: Locator, start: int, end: int, length: int) -> Locator:
    """`place` narrowed to characters `start`-`end` of its text of `length` characters. A span that `place`
    already has is moved along only if it is the span of exactly that text."""
    shift = place.start if place.start is not None and place.end == place.start + length else 0
    return replace(place, start=shift + start, end=shift + end)
