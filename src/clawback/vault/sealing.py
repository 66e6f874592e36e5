"""Copying an original into the vault, byte for byte. The write order is the promise:

1. Open the source read-only, following no link; refuse whatever is not a regular file.
2. Stream it through SHA-256 (and encryption) into `incoming/<random>`; count; compare its size and time
   before and after.
3. Flush the file. Rename it to `blobs/<2 hex>/<SHA-256 of the stored bytes>`. Flush the folders.
4. (the caller) One database transaction: exhibit, log line, note of work to do.
5. (the caller) Only now say "sealed".
6. (the caller) Only now read.

Nothing may be moved up in this list.
"""

from __future__ import annotations

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import pyrage  # type: ignore[import-untyped]

from clawback.vault.crypt import CaseKey
from clawback.vault.disk import target_not_writable

CHUNK = 1024 * 1024
HEAD_BYTES = 64 * 1024
"""Bytes kept from the start of each original, to tell its media type."""


class SourceRefused(Exception):
    """This source cannot be sealed; becomes a Problem. `code` is the problem's code."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes that are safe in `incoming`, not yet kept.

    `sha256` and `size`: of the original. `stored`: hex SHA-256 of the bytes on disk (the same unless
    encrypted). `head`: the first 64 KiB. `changed`: the source changed while it was read.
    """

    path: Path
    sha256: str
    size: int
    stored: str
    head: bytes
    changed: bool


def open_source(path: bytes) -> BinaryIO:
    """Step 1. Raises SourceRefused for a link, a device, a pipe, a socket, or what cannot be opened."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            raise _not_regular(os.lstat(path).st_mode)
        flags = os.O_RDONLY | _flag("O_NOFOLLOW") | _flag("O_NONBLOCK") | _flag("O_BINARY")
        handle = os.open(path, flags)
    except OSError as error:
        raise SourceRefused("source_not_readable", error.strerror or "") from error
    found = os.fstat(handle).st_mode  # asked again: the name may have been swapped since
    if not stat.S_ISREG(found):
        os.close(handle)
        raise _not_regular(found)
    return os.fdopen(handle, "rb", buffering=0)


def _flag(name: str) -> int:
    return int(getattr(os, name, 0))  # Windows lacks some


def _not_regular(mode: int) -> SourceRefused:
    return SourceRefused("link_not_followed" if stat.S_ISLNK(mode) else "special_file")


def source_chunks(source: BinaryIO) -> Iterator[bytes]:
    """The bytes of an opened source. Raises SourceRefused when it cannot be read to its end."""
    try:
        while chunk := source.read(CHUNK):
            yield chunk
    except OSError as error:
        raise SourceRefused("source_not_readable", error.strerror or "") from error


def source_state(source: BinaryIO) -> tuple[int, int]:
    """Size and time of last change; equal before and after means: read in one state."""
    state = os.fstat(source.fileno())
    return state.st_size, state.st_mtime_ns


def receive(chunks: Iterable[bytes], path: Path, key: CaseKey | None) -> Received:
    """Steps 2 and 3 up to the flush. Whatever goes wrong, `path` is gone afterwards.

    Raises TargetNotWritable; what `chunks` raises passes through.
    """
    source, sink = _Counting(chunks), _Storing(path)
    try:
        with sink:
            _pump(source, sink, key)
            sink.settle()
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return Received(path, source.hash.hexdigest(), source.size, sink.hash.hexdigest(), source.head, False)


def _pump(source: _Counting, sink: _Storing, key: CaseKey | None) -> None:
    if key is None:
        while chunk := source.read(CHUNK):
            sink.write(chunk)
        return
    try:
        key.encrypt(source, sink)
    except pyrage.EncryptError:
        # age reports either end's failure as its own; the end knows better
        if cause := source.failure or sink.failure:
            raise cause from None
        raise


class _Counting:
    """The original on its way in: hashed and counted."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self.hash = hashlib.sha256()
        self.size = 0
        self.head = b""
        self.failure: Exception | None = None
        self._chunks = iter(chunks)
        self._rest = memoryview(b"")

    def read(self, size: int = -1) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._chunks))
        except StopIteration:
            return b""
        except Exception as error:
            self.failure = error
            raise
        piece = bytes(self._rest[:size] if size >= 0 else self._rest)
        self._rest = self._rest[len(piece) :]
        self._count(piece)
        return piece

    def _count(self, piece: bytes) -> None:
        self.hash.update(piece)
        self.size += len(piece)
        if len(self.head) < HEAD_BYTES:
            self.head += piece[: HEAD_BYTES - len(self.head)]


class _Storing:
    """The stored bytes on their way to disk: hashed again, as what verification will find."""

    def __init__(self, path: Path) -> None:
        self.hash = hashlib.sha256()
        self.failure: Exception | None = None
        self._path = path
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _flag("O_BINARY"), 0o600)
        except OSError as error:
            raise target_not_writable(path.parent, error) from error
        self._file = os.fdopen(handle, "wb", buffering=0)

    def __enter__(self) -> _Storing:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def write(self, data: bytes) -> int:
        try:
            left = memoryview(data)
            while left:
                left = left[self._file.write(left) :]
        except OSError as error:
            self.failure = target_not_writable(self._path.parent, error)
            raise self.failure from error
        self.hash.update(data)
        return len(data)

    def flush(self) -> None:
        """Nothing is buffered."""

    def settle(self) -> None:
        """Step 3: the bytes are on the disk, not only on their way."""
        try:
            os.fsync(self._file.fileno())
        except OSError as error:
            raise target_not_writable(self._path.parent, error) from error
