"""One file per format, behind one contract (`contract.py`), each file read in a process of its own."""

from __future__ import annotations

from clawback.readers.contract import Peek, Reader, Sureness

BUILTIN_READERS: tuple[Reader, ...] = ()
"""In order of preference when two are equally sure. Heavy libraries are imported inside `read`."""


def choose(peek: Peek) -> Reader | None:
    """The reader that is surest of this file, or None when none recognises it."""
    rated = [(reader.identify(peek), -place, reader) for place, reader in enumerate(BUILTIN_READERS)]
    best = max(rated, key=lambda entry: entry[:2], default=None)
    return best[2] if best and best[0] > Sureness.NO else None
