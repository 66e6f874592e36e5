"""What the store keeps beside exhibits: readings, decisions, filings made, and lines of the log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A reading as text. The store does not look into it; `readers.wire` does.

    `exhibit`: number of the exhibit that was read. `reader`/`version`: who wrote it. `text`: the encoded
    reading.
    """

    exhibit: int
    reader: str
    version: str
    text: str


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided about records. Append-only: the latest on the same subject holds.

    `kind`: "scope" (`subject` = one entry id, `value` "in", "out" or "unsure"), "merge" or "unmerge"
    (`subject` = two transfer ids, `value` ""). `who`: name or role of the
    person who decided. `at`: aware.
    """

    kind: str
    subject: tuple[str, ...]
    value: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FilingMade:
    """A paper that was rendered and handed out.

    `files`: (file name, hex SHA-256) of each file. `log_root`/`log_size`: the state of the log printed on it.
    """

    form: str
    recipient: str
    files: tuple[tuple[str, str], ...]
    log_size: int
    log_root: str
    at: datetime


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the append-only log as stored.

    `position` starts at 0. `leaf`: canonical bytes, hashed into the tree. `salt` and `content`: what the
    leaf's commitment opens to; None after an erasure.
    """

    position: int
    leaf: bytes
    salt: bytes | None
    content: bytes | None
