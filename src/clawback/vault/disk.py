"""Writing so that it stays written."""

from __future__ import annotations

import errno
import os
import secrets
from pathlib import Path

from clawback.errors import TargetNotWritable

_NO_SUCH_FLUSH = {errno.EINVAL, errno.ENOTSUP}  # some network file systems; they order names themselves


def target_not_writable(path: Path, error: OSError) -> TargetNotWritable:
    """The error for the person when the case folder cannot be written (full, read-only, forbidden)."""
    reason = error.strerror or type(error).__name__
    return TargetNotWritable(
        f"cannot write in {path.name or path} ({reason}); what was sealed before is safe",
        f"无法写入“{path.name or path}”（{reason}）；此前已封存的内容不受影响",
    )


def make_folder(path: Path) -> None:
    """Make a folder (and its parents) for the owner only. Raises TargetNotWritable."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise target_not_writable(path, error) from error


def flush_folder(path: Path) -> None:
    """Make the names in a folder durable."""
    if os.name == "nt":  # Windows has no such call; its file system journals names
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _NO_SUCH_FLUSH:
            raise
    finally:
        os.close(handle)


def write_whole(path: Path, data: bytes) -> None:
    """Replace a small file in one step: after a crash it holds the old bytes or the new, never a mix.

    Raises TargetNotWritable.
    """
    draft = path.with_name(f"{path.name}.{secrets.token_hex(8)}.new")
    try:
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
        flush_folder(path.parent)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise target_not_writable(path, error) from error
