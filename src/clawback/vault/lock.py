"""One writer at a time: two could tear the log."""

from __future__ import annotations

import errno
import os
import sys
import threading
from pathlib import Path

from clawback.errors import CaseBusy
from clawback.vault.disk import target_not_writable

if sys.platform == "win32":
    import msvcrt

    def _take(handle: int) -> None:
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
else:
    import fcntl

    def _take(handle: int) -> None:
        # A record lock and not flock: it dies with this process even when a child of ours lives on, so a
        # killed run never leaves the case shut.
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


_TAKEN = {errno.EACCES, errno.EAGAIN, errno.EDEADLK}

_held: set[str] = set()  # a record lock does not stop a second writer inside the same process
_guard = threading.Lock()


class WriterLock:
    """Held from construction to `release`. Raises CaseBusy when another run holds it.

    The operating system drops the lock when the process ends, however it ends: there is no stale lock.
    """

    def __init__(self, path: Path) -> None:
        self._key = str(path.resolve())
        with _guard:
            if self._key in _held:
                raise _busy()
            self._handle = _open(path)
            try:
                _take(self._handle)
            except OSError as error:
                os.close(self._handle)
                if error.errno not in _TAKEN:
                    raise target_not_writable(path, error) from error
                raise _busy() from error
            _held.add(self._key)

    def release(self) -> None:
        """Let the next writer in."""
        with _guard:
            if self._key in _held:
                _held.remove(self._key)
                os.close(self._handle)


def _open(path: Path) -> int:
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o600)
    except OSError as error:
        raise target_not_writable(path, error) from error


def _busy() -> CaseBusy:
    return CaseBusy(
        "another run is working on this case; wait for it to end and try again",
        "另一个程序正在处理此案卷，请等它结束后再试",
    )
