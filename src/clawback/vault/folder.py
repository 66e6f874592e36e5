"""The case folder: originals, the wrapped key, the checkpoint, the writer's lock.

clawback.json   format, case id, encrypted or not: written last, so a folder with it is whole
case.key.age    the case's identity wrapped by the passphrase (encrypted cases)
case.db         the records (room `store`)
checkpoint      size and root of the log, after each transaction
blobs/ab/<hex>  originals, named by the SHA-256 of the stored bytes
incoming/       copies not finished; kept 7 days after a crash
uploads/        files that arrive in pieces (see `arrivals`)
lock            held by the one writer
"""

from __future__ import annotations

import dataclasses
import json
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from clawback.errors import CaseDamaged, CaseNotFound, UsageError
from clawback.vault.arrivals import Arrivals
from clawback.vault.crypt import CaseKey
from clawback.vault.disk import flush_folder, make_folder, target_not_writable, write_whole
from clawback.vault.lock import WriterLock
from clawback.vault.log import Checkpoint
from clawback.vault.sealing import Received, open_source, receive, source_chunks, source_state

FORMAT = "clawback.vault/1"
DATABASE = "case.db"
KEEP_LEFTOVERS_DAYS = 7
HASH_BYTES = 32
_MARKER, _KEY, _CHECKPOINT, _LOG, _LOCK = "clawback.json", "case.key.age", "checkpoint", "log", "lock"
_BLOBS, _INCOMING = "blobs", "incoming"
_OURS = re.compile(r"(clawback\.json|case\.key\.age|checkpoint)(\.[0-9a-f]{16}\.new)?|lock|blobs|incoming")
_MOST_MARKER_BYTES = 64 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Marker:
    """What `clawback.json` says. `case_id`: random pseudonym, 32 hex digits."""

    case_id: str
    encrypted: bool


class Vault:
    """An open case folder. Made by `create` and `open`; a context manager.

    `database_key` is None for a case that is not encrypted. Only a vault opened for writing holds the lock
    and may change anything.
    """

    def __init__(self, folder: Path, marker: Marker, key: CaseKey | None, lock: WriterLock | None) -> None:
        self.folder = folder
        self.marker = marker
        self.database_key = key.database_key() if key else None
        self._key = key
        self._lock = lock
        self._touched: set[Path] = set()

    @staticmethod
    def exists(folder: Path) -> bool:
        """Is there a case in `folder`?"""
        return (folder / _MARKER).is_file()

    @classmethod
    def create(cls, folder: Path, passphrase: str | None) -> Vault:
        """Make an empty case and hold it for writing. Completes a creation that was cut off.

        Raises UsageError (folder holds something else, empty passphrase), TargetNotWritable, CaseBusy.
        """
        if passphrase == "":
            raise UsageError("the passphrase is empty", "口令不能为空")
        _refuse_foreign(folder)
        make_folder(folder)
        lock = WriterLock(folder / _LOCK)
        try:
            return cls._furnish(folder, passphrase, lock)
        except BaseException:
            lock.release()
            raise

    @classmethod
    def _furnish(cls, folder: Path, passphrase: str | None, lock: WriterLock) -> Vault:
        _refuse_foreign(folder)  # asked again: now nobody else can be at work here
        for name in (_BLOBS, _INCOMING):
            make_folder(folder / name)
        key = None if passphrase is None else CaseKey.generate()
        if key is not None and passphrase is not None:
            write_whole(folder / _KEY, key.wrap(passphrase))
        else:
            (folder / _KEY).unlink(missing_ok=True)  # of a creation that was cut off
        marker = Marker(secrets.token_hex(16), key is not None)
        body = {"format": FORMAT, "case": marker.case_id, "encrypted": marker.encrypted}
        write_whole(folder / _MARKER, (json.dumps(body, indent=1) + "\n").encode("ascii"))
        flush_folder(folder.parent)
        return cls(folder, marker, key, lock)

    @classmethod
    def open(cls, folder: Path, passphrase: str | None, *, writing: bool = False) -> Vault:
        """Open a case; `writing` takes the lock.

        Raises CaseNotFound, CaseDamaged (marker or key file unreadable), CaseLocked, UsageError (passphrase
        for a case that is not encrypted), CaseBusy, TargetNotWritable.
        """
        marker = read_marker(folder)
        if passphrase is not None and not marker.encrypted:
            raise UsageError("this case is not encrypted: it has no passphrase", "此案卷未加密，没有口令")
        key = CaseKey.unwrap(_key_file(folder), passphrase) if marker.encrypted else None
        return cls(folder, marker, key, WriterLock(folder / _LOCK) if writing else None)

    def __enter__(self) -> Vault:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the lock."""
        if self._lock is not None:
            self._lock.release()

    @property
    def arrivals(self) -> Arrivals:
        """Files on their way in; needs no lock."""
        return Arrivals(self.folder, self._key)

    @property
    def database(self) -> Path:
        """Where the store keeps its file."""
        return self.folder / DATABASE

    def receive_file(self, path: bytes) -> Received:
        """Copy a file into `incoming`. Raises SourceRefused, TargetNotWritable."""
        with open_source(path) as source:
            before = source_state(source)
            received = self.receive(source_chunks(source))
            whole = before == source_state(source) and before[0] == received.size
        return received if whole else dataclasses.replace(received, changed=True)

    def receive(self, chunks: Iterable[bytes]) -> Received:
        """Copy a stream into `incoming`. Raises TargetNotWritable, and whatever `chunks` raises."""
        return receive(chunks, self.folder / _INCOMING / secrets.token_hex(16), self._key)

    def keep(self, received: Received) -> None:
        """Give received bytes their final name. Durable only after `settle`."""
        target = blob_path(self.folder, received.stored)
        try:
            if not target.parent.exists():
                target.parent.mkdir(mode=0o700)
                self._touched.add(target.parent.parent)
            received.path.replace(target)
        except OSError as error:
            raise target_not_writable(self.folder, error) from error
        self._touched.add(target.parent)

    def discard(self, received: Received) -> None:
        """Drop received bytes that the case has already."""
        received.path.unlink(missing_ok=True)

    def settle(self) -> None:
        """Make every kept name durable: before the database transaction, never after."""
        try:
            for folder in sorted(self._touched):
                flush_folder(folder)
        except OSError as error:
            raise target_not_writable(self.folder, error) from error
        self._touched.clear()

    def original(self, stored: str) -> BinaryIO:
        """The plain bytes of the blob named `stored`. Raises CaseDamaged when it is missing (here) or does
        not decrypt (while reading)."""
        try:
            file = blob_path(self.folder, stored).open("rb")
        except OSError as error:
            raise CaseDamaged(
                f"a sealed original is missing: {stored[:12]}", f"有一份封存的原件不见了：{stored[:12]}"
            ) from error
        return self._key.decrypting(file) if self._key else file

    def write_hashes(self, start: int, hashes: Sequence[bytes]) -> None:
        """Put down the leaf hashes of the log from line `start` on; what stood there is cut off.

        Raises TargetNotWritable.
        """
        path = self.folder / _LOG
        try:
            with os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
                file.seek(start * HASH_BYTES)
                file.write(b"".join(hashes))
                file.truncate()
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise target_not_writable(path, error) from error

    def write_checkpoint(self, checkpoint: Checkpoint) -> None:
        """Put down the state of the log beside the database. Raises TargetNotWritable."""
        write_whole(self.folder / _CHECKPOINT, checkpoint.text().encode("utf-8"))

    def clear_old_leftovers(self) -> None:
        """Remove unfinished copies that a crash left more than seven days ago."""
        for path in leftovers(self.folder):
            try:
                if time.time() - path.stat().st_mtime > KEEP_LEFTOVERS_DAYS * 86400:
                    path.unlink()
            except OSError as error:
                raise target_not_writable(path, error) from error


def _refuse_foreign(folder: Path) -> None:
    """A new case goes into a new or empty folder, or one where making a case was cut off."""
    try:
        names = [entry.name for entry in folder.iterdir()] if folder.exists() else []
    except OSError as error:
        raise target_not_writable(folder, error) from error
    started = _BLOBS in names and any((folder / _BLOBS).iterdir())
    if started or _MARKER in names or not all(_OURS.fullmatch(name) for name in names):
        raise UsageError(
            f"{folder.name} holds other files; name a new or empty folder for the case",
            f"文件夹“{folder.name}”里已有其他文件，请为案卷指定一个新的或空的文件夹",
        )


def forget_key(folder: Path, passphrase: str) -> None:
    """Let go of what opening the case with `passphrase` left in memory."""
    with suppress(CaseDamaged):  # without its key file nothing opened it, and nothing will
        CaseKey.forget(_key_file(folder), passphrase)


def read_marker(folder: Path) -> Marker:
    """What the case says about itself without a key. Raises CaseNotFound, CaseDamaged."""
    if not Vault.exists(folder):
        raise CaseNotFound(
            f"there is no case in {folder.name or folder}", f"“{folder.name or folder}”里没有案卷"
        )
    try:
        body = json.loads((folder / _MARKER).read_bytes()[:_MOST_MARKER_BYTES])
        if body["format"] != FORMAT or not re.fullmatch("[0-9a-f]{32}", body["case"]):
            raise ValueError("another format")
        return Marker(body["case"], body["encrypted"] is True)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise CaseDamaged(
            f"{_MARKER} is not readable; the case cannot be opened", f"{_MARKER} 无法识别，案卷打不开"
        ) from error


def _key_file(folder: Path) -> bytes:
    try:
        return (folder / _KEY).read_bytes()
    except OSError as error:
        raise CaseDamaged(f"{_KEY} is missing", f"密钥文件 {_KEY} 不见了") from error


def read_checkpoint(folder: Path) -> Checkpoint | None:
    """The state of the log as last put down; None when there is none. Raises ValueError when damaged."""
    try:
        data = (folder / _CHECKPOINT).read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise ValueError("not readable") from error
    return Checkpoint.parse(data.decode("utf-8"))


def read_hashes(folder: Path) -> list[bytes]:
    """The leaf hashes as put down beside the records, without a torn last one; [] when there are none."""
    try:
        data = (folder / _LOG).read_bytes()
    except OSError:
        return []
    return [data[at : at + HASH_BYTES] for at in range(0, len(data) - HASH_BYTES + 1, HASH_BYTES)]


def blob_path(folder: Path, stored: str) -> Path:
    """Where the blob with this hash of stored bytes lies."""
    return folder / _BLOBS / stored[:2] / stored


def blobs(folder: Path) -> Iterator[Path]:
    """Every file under `blobs`, in order of name."""
    yield from sorted(path for path in (folder / _BLOBS).rglob("*") if not path.is_dir())


def leftovers(folder: Path) -> list[Path]:
    """Unfinished copies in `incoming`."""
    return sorted((folder / _INCOMING).iterdir()) if (folder / _INCOMING).is_dir() else []
