"""Files that arrive in pieces, before they are sealed. A piece counts once it is on the disk.

uploads/<id>/about        what arrives, as described by whoever sends it
uploads/<id>/<from>-<to>  one piece: hex offsets of its plain bytes
uploads/<id>.gone         on its way out

In an encrypted case each of these files is encrypted for itself. No writer's lock is needed: nothing here
belongs to the records yet.
"""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import Iterator
from pathlib import Path

from clawback.errors import CaseDamaged
from clawback.vault.crypt import CaseKey
from clawback.vault.disk import flush_folder, make_folder, target_not_writable
from clawback.vault.sealing import CHUNK, receive

FOLDER = "uploads"
_ID = re.compile("[0-9a-f]{24}")
_PIECE = re.compile("([0-9a-f]{12})-([0-9a-f]{12})")
_ABOUT, _GONE = "about", ".gone"


class Arrivals:
    """The `uploads` of a case folder. Ids that were never given out hold nothing and offset 0."""

    def __init__(self, case_folder: Path, key: CaseKey | None) -> None:
        self._folder = case_folder / FOLDER
        self._key = key

    def begin(self, about: bytes) -> str:
        """Make room for one more file; its id. Raises TargetNotWritable."""
        id = secrets.token_hex(12)
        make_folder(self._folder / id)
        self._store(id, _ABOUT, about)
        try:
            flush_folder(self._folder)
        except OSError as error:
            raise target_not_writable(self._folder, error) from error
        return id

    def ids(self) -> tuple[str, ...]:
        """Everything that has begun and is not removed."""
        if not self._folder.is_dir():
            return ()
        found = (path.name for path in self._folder.iterdir())
        return tuple(sorted(name for name in found if _ID.fullmatch(name) and self.has(name)))

    def has(self, id: str) -> bool:
        """Has this one begun?"""
        return bool(_ID.fullmatch(id)) and (self._folder / id / _ABOUT).is_file()

    def about(self, id: str) -> bytes:
        """What was said when it began. Raises CaseDamaged."""
        return b"".join(self._plain(self._folder / id / _ABOUT))

    def offset(self, id: str) -> int:
        """How many bytes from the start are safe on the disk, without a gap."""
        return max((end for _, end in self._chain(id)), default=0)

    def add(self, id: str, start: int, data: bytes) -> None:
        """Keep one piece; safe on return. Raises TargetNotWritable."""
        self._store(id, f"{start:012x}-{start + len(data):012x}", data)

    def chunks(self, id: str) -> Iterator[bytes]:
        """The bytes of all pieces in order. Raises CaseDamaged when one is not what was kept."""
        for start, end in self._chain(id):
            size = 0
            for chunk in self._plain(self._folder / id / f"{start:012x}-{end:012x}"):
                size += len(chunk)
                yield chunk
            if size != end - start:
                raise _not_as_kept()

    def touched_at(self, id: str) -> float:
        """When the last piece came, as seconds since 1970."""
        try:
            return (self._folder / id).stat().st_mtime
        except OSError:
            return 0.0

    def remove(self, id: str) -> None:
        """Let go of it. Cut off half-way it is gone all the same: `sweep` completes it."""
        try:
            (self._folder / id).rename(self._folder / (id + _GONE))
        except OSError:
            return
        shutil.rmtree(self._folder / (id + _GONE), ignore_errors=True)

    def sweep(self, before: float) -> None:
        """Remove what a crash left half removed, and whatever got its last piece `before`."""
        if not self._folder.is_dir():
            return
        for path in list(self._folder.iterdir()):
            if path.name.endswith(_GONE):
                shutil.rmtree(path, ignore_errors=True)
            elif _ID.fullmatch(path.name) and self.touched_at(path.name) < before:
                self.remove(path.name)

    def _store(self, id: str, name: str, data: bytes) -> None:
        folder = self._folder / id
        draft = receive([data], folder / f"{secrets.token_hex(8)}.new", self._key).path
        try:
            draft.replace(folder / name)
            flush_folder(folder)
        except OSError as error:
            raise target_not_writable(folder, error) from error

    def _chain(self, id: str) -> Iterator[tuple[int, int]]:
        """Pieces that follow each other from the start; of two that begin alike, the longer."""
        folder = self._folder / id
        if not _ID.fullmatch(id) or not folder.is_dir():
            return
        longest: dict[int, int] = {}
        for path in folder.iterdir():
            if match := _PIECE.fullmatch(path.name):
                start, end = (int(part, 16) for part in match.groups())
                longest[start] = max(end, longest.get(start, 0))
        at = 0
        while longest.get(at, 0) > at:
            yield at, longest[at]
            at = longest[at]

    def _plain(self, path: Path) -> Iterator[bytes]:
        try:
            file = path.open("rb")
        except OSError as error:
            raise _not_as_kept() from error
        with self._key.decrypting(file) if self._key else file as plain:
            while chunk := plain.read(CHUNK):
                yield chunk


def _not_as_kept() -> CaseDamaged:
    return CaseDamaged(
        "a piece of an unfinished upload is not what was kept; add the file again",
        "没有传完的文件有一段和当初收到的不符，请重新放入这份文件",
    )
