"""Short ways to hand bytes to a reader and to write down what came back."""

from __future__ import annotations

import io
from datetime import date

from clawback.model.events import Message
from clawback.model.moments import Moment
from clawback.readers.contract import PEEK_BYTES, Peek, Reader, Reading, ReadingContext, Sureness

OPENED_ON = date(2026, 11, 23)


def read(reader: Reader, data: bytes | str, name: str = "file", zone: str = "Asia/Shanghai") -> Reading:
    """What `reader` makes of `data` as exhibit 1, opened on OPENED_ON."""
    found = data.encode() if isinstance(data, str) else data
    context = ReadingContext(1, name, zone, OPENED_ON, lambda _name, _type, _chunks: None)
    return reader.read(io.BytesIO(found), context)


def sureness(reader: Reader, data: bytes | str, name: str = "file") -> Sureness:
    """How sure `reader` is of `data`."""
    found = data.encode() if isinstance(data, str) else data
    return reader.identify(Peek(name, len(found), "application/octet-stream", found[:PEEK_BYTES]))


def written(moment: Moment | None) -> str | None:
    """`2024-12-02T21:15:03+08:00 second assumed`, or None."""
    if moment is None:
        return None
    return f"{moment.instant.isoformat()} {moment.precision.value} {moment.zone_basis.value}"


def told(message: Message) -> list[object]:
    """A message as the golden files write it: moment, sender, text, attachments."""
    return [written(message.moment), message.sender, message.text, list(message.attachments)]


def codes(reading: Reading) -> list[str]:
    """The codes of the problems, in order."""
    return [problem.code for problem in reading.problems]
