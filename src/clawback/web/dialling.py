"""A code that a phone's camera reads to dial a number: the page is at a desk, the phone can call."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

import segno

QUIET = 4
"""Empty modules around the code, without which cameras do not find it."""


@dataclass(frozen=True, slots=True)
class DialCode:
    """A square of `side` modules, the quiet zone included. `path`: its dark modules, as of an SVG path."""

    side: int
    path: str


@lru_cache(maxsize=64)
def dial_code(address: str) -> DialCode:
    """The code of a `tel:` address, drawn here: nothing is asked of anybody."""
    rows = segno.make(address, error="m", micro=False).matrix
    runs = []
    for y, row in enumerate(rows, QUIET):
        x = QUIET
        for dark, modules in groupby(row):
            length = len(tuple(modules))
            if dark:
                runs.append(f"M{x} {y}h{length}v1h-{length}z")
            x += length
    return DialCode(len(rows) + 2 * QUIET, "".join(runs))
