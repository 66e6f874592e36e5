"""Files that come through a door that stays, in pieces or whole, and are sealed as soon as they are there.

A piece is acknowledged once it is on the disk, encrypted if the case is. When the last one is there the file
is sealed at once, in the order that the vault promises, and only then do its pieces go. Nothing waits for
reading, and reading waits for nobody here.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from clawback.desk.custody import Custody
from clawback.desk.heap import Found, display_name
from clawback.desk.livecase import LiveCase
from clawback.desk.register import Additions, Arrival, Register
from clawback.desk.sealing import BATCH_BYTES, BATCH_FILES, write
from clawback.errors import ClawbackError
from clawback.model.evidence import Severity
from clawback.vault.folder import Vault
from clawback.vault.media_types import media_type_of
from clawback.vault.sealing import Received

PIECE = 4 * 1024 * 1024
"""Bytes of a piece; a shorter one is kept too when a connection breaks."""

LEAST_PIECE = 64 * 1024
"""A piece that is not the last must have as many, or a file could fill a folder with crumbs."""

HEAD = 64 * 1024
"""Bytes of the start whose hash tells whether a file is the one that was begun."""

MOST_NAME = 4096
MOST_OPEN = 500
KEEP_IDLE_DAYS = 7
_SPARE_BYTES = 64 * 1024 * 1024  # left free, so that records can still be written
_MOST_SIZE = 1 << 40


class UploadRefused(ClawbackError):
    """This upload cannot go on like this. `reason`: a stable word; `offset`: where to go on."""

    code = "upload_refused"

    def __init__(self, reason: str, en: str, zh: str, offset: int | None = None) -> None:
        super().__init__(en, zh)
        self.reason = reason
        self.offset = offset


@dataclass(frozen=True, slots=True)
class SealedFile:
    """`number` of the exhibit that holds these bytes. `known`: it was in the case already."""

    number: int
    name: str
    size: int
    known: bool


@dataclass(frozen=True, slots=True)
class Description:
    """What arrives. `raw`: the path as the sender gives it. `size` None: not known before it ends.

    `modified`: milliseconds since 1970, as the sender says. `head`: hex SHA-256 of the first `HEAD` bytes; ""
    if not told. Both tell only whether a file is the one begun earlier.
    """

    raw: bytes
    size: int | None
    modified: int | None = None
    head: str = ""

    @property
    def name(self) -> str:
        """For display."""
        return display_name(self.raw)


@dataclass(frozen=True, slots=True)
class Upload:
    """A file on its way. `offset`: bytes that are safe. `idle_s`: seconds since the last piece."""

    id: str
    what: Description
    offset: int
    idle_s: float

    @property
    def whole(self) -> bool:
        """Is everything there, and only sealing missing?"""
        return self.offset == self.what.size


def seal_files(case: LiveCase, files: Iterable[tuple[bytes, Iterable[bytes]]]) -> tuple[SealedFile, ...]:
    """Seal files given as (raw name, chunks); in the order given. Reading is not begun: `start_reading` does.

    The case is held only while records are written, not while bytes arrive. Raises as `Custody.open`, and
    whatever the chunks raise; what came whole before that is sealed all the same.
    """
    sealed: list[SealedFile] = []
    batch: list[tuple[bytes, Received]] = []
    with Vault.open(case.folder, case.secret) as vault:
        try:
            for raw, chunks in files:
                batch.append((raw, vault.receive(chunks)))
                if len(batch) >= BATCH_FILES or sum(part.size for _, part in batch) >= BATCH_BYTES:
                    sealed += _enter(case, vault, batch)
                    batch = []
        finally:
            sealed += _enter(case, vault, batch)
    return tuple(sealed)


def _enter(case: LiveCase, vault: Vault, batch: Sequence[tuple[bytes, Received]]) -> list[SealedFile]:
    """Steps 4 and 5 of sealing for what has been received."""

    def work(folder: Path, secret: str | None) -> list[SealedFile]:
        now = case.clock()
        with Custody.open(folder, secret, writing=True) as custody:
            register, additions = Register(custody, now), Additions()
            sealed = [_add(register, additions, raw, received) for raw, received in batch]
            write(custody, additions, now)
        return sealed

    if not batch:
        return []
    try:
        return case.change(work)
    finally:
        for _, received in batch:
            vault.discard(received)  # what was kept has another name by now


def _add(register: Register, additions: Additions, raw: bytes, received: Received) -> SealedFile:
    found = Found(b"", raw)
    known = register.number_of(received.sha256) is not None
    kind = media_type_of(found.name, received.head)
    number = register.add(Arrival(raw, kind, received), additions)
    if found.of_system and not known:
        register.note(number, "system_file", Severity.NOTE, additions)
    return SealedFile(number, found.name, received.size, known)
