"""One line of the accuracy table, and the one way in which every kind opens a file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import BinaryIO

from clawback.readers import choose
from clawback.readers.contract import PEEK_BYTES, Peek, Reading, ReadingContext


@dataclass(frozen=True, slots=True)
class Row:
    """What was measured for one source, or for one part of it.

    `kind`: payments, chats, mail or screens: one table each. `source`: public origin
    ("github:owner/name"), never a local path. `part`: folder or format within the source, "" for all.
    `files`: files handed in, ground-truth files not counted. `read`: files that a reader took and read
    without an unhandled error. `no_reader`: files that no reader recognises. `errors`: files that ended in
    an unhandled error (must be 0). `expected`: records in the ground truth, None when there is none.
    `found`: records read. `exact`: how many expected records were found with exactly the right value,
    per property, in column order: {"date": 9, "amount": 9, "sign": 9, "currency": 9} for payments,
    for instance {"time": .., "sender": .., "text": ..} for chats. A key that the truth says nothing about is
    left out and shown as a dash.
    """

    kind: str
    source: str
    part: str
    files: int
    read: int
    no_reader: int
    errors: int
    expected: int | None
    found: int
    exact: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Opened:
    """One file after `open_file`. `reading` None: no reader, or `error` (class name) says what escaped."""

    name: str
    reader: str | None
    reading: Reading | None
    error: str | None = None
    members: tuple[str, ...] = ()


def open_file(path: Path, zone: str, media_type: str = "application/octet-stream") -> Opened:
    """Choose a reader for `path` and read it in this process. Never raises for what a reader does."""
    members: list[str] = []

    def member(name: str, _media_type: str, chunks: object) -> None:
        members.append(name)
        for _ in chunks:  # type: ignore[attr-defined]
            pass

    with path.open("rb") as original:
        head = original.read(PEEK_BYTES)
        reader = choose(Peek(path.name, path.stat().st_size, media_type, head))
        if reader is None:
            return Opened(path.name, None, None)
        context = ReadingContext(1, path.name, zone, date(2100, 1, 1), member)
        return _read(reader, original, context, members)


def _read(reader: object, original: BinaryIO, context: ReadingContext, members: list[str]) -> Opened:
    original.seek(0)
    try:
        reading = reader.read(original, context)  # type: ignore[attr-defined]
    except Exception as error:  # noqa: BLE001 - counting what escapes is the purpose here
        return Opened(context.name, reader.name, None, type(error).__name__)  # type: ignore[attr-defined]
    return Opened(context.name, reading.reader, reading, None, tuple(members))


def origin_of(source: Path) -> str:
    """The public origin that the folder's SOURCE.md states, without its commit; the folder's name if none."""
    about = source / "SOURCE.md"
    text = about.read_text(encoding="utf-8") if about.exists() else ""
    found = re.search(r"github:[\w.-]+/[\w.-]+", text)
    return found.group(0) if found else source.name
