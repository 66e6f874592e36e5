"""Files that come through a door that stays, in pieces or whole, and are sealed as soon as they are there.

A piece is acknowledged once it is on the disk, encrypted if the case is. When the last one is there the file
is sealed at once, in the order that the vault promises, and only then do its pieces go. Nothing waits for
reading, and reading waits for nobody here.
"""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from clawback.desk.custody import Custody
from clawback.desk.heap import Found, display_name
from clawback.desk.livecase import LiveCase
from clawback.desk.register import Additions, Arrival, Register
from clawback.desk.sealing import BATCH_BYTES, BATCH_FILES, write
from clawback.errors import CaseBusy, CaseDamaged, ClawbackError, TargetNotWritable
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

MOST_NAME = 4096  # bytes
MOST_OPEN = 500
KEEP_IDLE_DAYS = 7
_SPARE_BYTES = 64 * 1024 * 1024  # left free, so that records can still be written
_MOST_SIZE = 1 << 40

_in_hand: set[tuple[Path, str]] = set()  # uploads at which a thread of this process is at work
_guard = threading.Lock()
_log = logging.getLogger("clawback.desk")


class UploadRefused(ClawbackError):
    """This cannot be uploaded like this."""

    code = "upload_refused"


class UploadUnknown(UploadRefused):
    """There is no such upload (any more)."""

    code = "upload_unknown"


class UploadConflict(UploadRefused):
    """Somebody is at work at it, or it goes on elsewhere than at this offset: ask how far it is."""

    code = "upload_conflict"


class UploadTooLarge(UploadRefused):
    """More than may come."""

    code = "upload_too_large"


class UploadSpoilt(UploadRefused):
    """What is there is not what was announced. The upload is gone; it can begin again."""

    code = "upload_spoilt"


class DiskFull(TargetNotWritable):
    """Not enough room; what was sealed is safe."""

    code = "disk_full"


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


def begin(case: LiveCase, what: Description) -> Upload:
    """Begin an upload, or go on with the same one begun earlier. Raises UploadRefused (name too
    long, too many), UploadTooLarge, DiskFull, and as `Vault.open`."""
    _check(what)
    open_now = uploads(case)
    if what.head:
        for upload in open_now:
            if upload.what == what:
                return upload
    if len(open_now) >= MOST_OPEN:
        raise UploadRefused(
            f"{MOST_OPEN} uploads are unfinished. Finish some, or give them up.",
            f"没传完的文件已有 {MOST_OPEN} 份，请先传完或放弃一些。",
        )
    _check_space(case, 2 * (what.size or 0))  # the pieces, and then the original made of them
    about = {"name": what.raw.hex(), "size": what.size, "modified": what.modified, "head": what.head}
    with Vault.open(case.folder, case.secret) as vault:
        id = vault.arrivals.begin(json.dumps(about).encode("ascii"))
    return Upload(id, what, 0, 0.0)


def uploads(case: LiveCase) -> tuple[Upload, ...]:
    """Every upload that is not sealed yet, the latest piece first."""
    with Vault.open(case.folder, case.secret) as vault:
        found = [_known(vault, id) for id in vault.arrivals.ids()]
    return tuple(sorted((one for one in found if one is not None), key=lambda one: one.idle_s))


def upload(case: LiveCase, id: str) -> Upload:
    """One of them. Raises UploadUnknown."""
    with Vault.open(case.folder, case.secret) as vault:
        return _one(vault, id)


def keep_piece(case: LiveCase, id: str, offset: int, data: bytes) -> Upload:
    """Keep the bytes from `offset` on; they are on the disk when this returns.

    Raises UploadUnknown, UploadConflict, UploadTooLarge, UploadRefused (too small), DiskFull,
    TargetNotWritable.
    """
    case.idle.renew()  # somebody is at work, even if no page is opened meanwhile
    with _holding(case, id), Vault.open(case.folder, case.secret) as vault:
        before = _one(vault, id)
        end = offset + len(data)
        if offset != before.offset:
            raise _wrong_offset(before.offset)
        if end > (_MOST_SIZE if before.what.size is None else before.what.size):
            raise UploadTooLarge("There are more bytes than were announced.", "收到的内容比事先说的多。")
        if 0 < len(data) < LEAST_PIECE and before.what.size not in (end, None):
            raise UploadRefused(
                f"A piece that is not the last has at least {LEAST_PIECE} bytes.",
                f"除最后一段外，每段至少 {LEAST_PIECE} 字节。",
            )
        if data:
            _check_space(case, len(data))
            vault.arrivals.add(id, offset, data)
        return _one(vault, id)


def finish(case: LiveCase, id: str) -> SealedFile:
    """Seal an upload whose bytes are all there, and let its pieces go. Reading is not begun.

    Of an upload begun without a size, what is there is all. Raises UploadUnknown,
    UploadConflict, UploadSpoilt, DiskFull, and as `seal_files`; the upload stays, unless it is spoilt.
    """
    with _holding(case, id), Vault.open(case.folder, case.secret) as vault:
        found = _one(vault, id)
        if found.what.size is not None and not found.whole:
            raise _wrong_offset(found.offset)
        _check_space(case, found.offset)
        try:
            (sealed,) = seal_files(case, [(found.what.raw, _checked(vault, found))])
        except UploadSpoilt:
            vault.arrivals.remove(id)
            raise
        vault.arrivals.remove(id)
        return sealed


def give_up(case: LiveCase, id: str) -> None:
    """Forget an upload and its pieces. Raises UploadUnknown, UploadConflict."""
    with _holding(case, id), Vault.open(case.folder, case.secret) as vault:
        _one(vault, id)
        vault.arrivals.remove(id)


def complete(case: LiveCase) -> tuple[SealedFile, ...]:
    """What a stop cut short: seal whatever is there in full, forget what nobody touched for a week.

    Raises as `seal_files`.
    """
    with Vault.open(case.folder, case.secret) as vault:
        vault.arrivals.sweep(time.time() - KEEP_IDLE_DAYS * 86400)
    sealed = []
    for one in uploads(case):
        if one.whole and (case.folder, one.id) not in _in_hand:
            try:
                sealed.append(finish(case, one.id))
            except UploadRefused:
                continue  # somebody else was quicker
    return tuple(sealed)


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
        case.sealed += len(sealed)  # one writer at a time is here
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


def resume(case: LiveCase) -> None:
    """The first time since the case was opened: complete what a stop cut short, and read what waits. In the
    background; returns at once."""
    if case.is_open and not case.resumed:
        case.resumed = True
        threading.Thread(target=_resume, args=(case,), name=f"resuming {case.id}", daemon=True).start()


def _resume(case: LiveCase) -> None:
    try:
        complete(case)
    except ClawbackError as error:  # every page that needs the case says it again
        _log.warning("case %s could not be resumed: %s", case.id, error.code)
    try:
        if _waits(case):
            case.start_reading()
    except ClawbackError as error:
        _log.warning("case %s could not be read on: %s", case.id, error.code)


def _waits(case: LiveCase) -> bool:
    """Is something sealed and unread? Also when that cannot be seen just now because another writes: else it
    would wait until somebody asks again."""
    try:
        with Custody.open(case.folder, case.secret) as custody:
            return bool(custody.store.waiting())
    except CaseBusy:
        return True


@contextmanager
def _holding(case: LiveCase, id: str) -> Iterator[None]:
    """One thread at a time works at an upload: a page that is open twice must not mix its pieces."""
    mark = (case.folder, id)
    with _guard:
        if mark in _in_hand:
            raise UploadConflict("This file is being worked on just now.", "这份文件正在处理，请稍等。")
        _in_hand.add(mark)
    try:
        yield
    finally:
        _in_hand.discard(mark)


def _one(vault: Vault, id: str) -> Upload:
    found = _known(vault, id)
    if found is None:
        raise UploadUnknown(
            "There is no such upload; add the file again.", "没有这份上传，请重新放入这份文件。"
        )
    return found


def _known(vault: Vault, id: str) -> Upload | None:
    """None also for one whose description cannot be read: nothing can be done with its pieces."""
    arrivals = vault.arrivals
    if not arrivals.has(id):
        return None
    try:
        about = json.loads(arrivals.about(id))
        what = Description(bytes.fromhex(about["name"]), about["size"], about["modified"], about["head"])
    except (CaseDamaged, ValueError, KeyError, TypeError):
        return None
    return Upload(id, what, arrivals.offset(id), max(0.0, time.time() - arrivals.touched_at(id)))


def _checked(vault: Vault, found: Upload) -> Iterator[bytes]:
    """The joined pieces; raises UploadSpoilt when they are not what was kept or announced."""
    head, size = b"", 0
    try:
        for chunk in vault.arrivals.chunks(found.id):
            head += chunk[: HEAD - len(head)]
            size += len(chunk)
            yield chunk
    except CaseDamaged as error:
        raise UploadSpoilt(error.en, error.zh) from error
    if size != found.offset or found.what.head not in ("", hashlib.sha256(head).hexdigest()):
        raise UploadSpoilt(
            "What arrived is not the file that was announced. Add the file again.",
            "收到的内容和事先说的不是同一份，请重新放入这份文件。",
        )


def _check(what: Description) -> None:
    if len(what.raw) > MOST_NAME:
        raise UploadRefused(
            "The name is too long. Give the file a shorter one.",
            "文件名太长，请改短后再放入。",
        )
    if what.size is not None and not 0 <= what.size <= _MOST_SIZE:
        raise UploadTooLarge(
            "The file is too large. Split it, or cut out the part that matters.",
            "文件太大，请拆开，或只截取要紧的部分。",
        )


def _check_space(case: LiveCase, wanted: int) -> None:
    missing = wanted + _SPARE_BYTES - shutil.disk_usage(case.folder).free
    if missing > 0:
        more = missing // 1_000_000 + 1
        raise DiskFull(
            f"The disk is full. What was sealed is safe. Free about {more} MB, then go on.",
            f"磁盘满了。已封存的都完好，请清出约 {more} MB 后再继续。",
        )


def _wrong_offset(right: int) -> UploadConflict:
    return UploadConflict(f"Go on from byte {right}.", f"请从第 {right} 字节继续。")
