"""The order of writing is the promise: flushed, renamed, flushed again, committed, said, only then read."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO, Self

import pytest

from clawback.desk.intake import OpenOptions, Progress, open_heap
from clawback.desk.records import load_records
from clawback.model.evidence import Grade
from clawback.readers.contract import Reading
from clawback.readers.wire import Header
from clawback.store.database import Connection, transaction

pytestmark = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="needs /proc to name open files")


class Diary:
    """What was done, in order: (what, path)."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.entries: list[tuple[str, str]] = []
        self._fsync, self._replace = os.fsync, os.replace
        patch.setattr(os, "fsync", self._flush)
        patch.setattr(os, "replace", self._rename)
        patch.setattr("clawback.store.cases.transaction", self._commit)

    def _flush(self, handle: int) -> None:
        self._fsync(handle)
        self.entries.append(("flushed", str(Path(f"/proc/self/fd/{handle}").readlink())))

    def _rename(self, source: Path, target: Path) -> None:
        self._replace(source, target)
        self.entries.append(("renamed", f"{source} -> {target}"))

    @contextmanager
    def _commit(self, connection: Connection) -> Iterator[None]:
        with transaction(connection):
            yield
        self.entries.append(("committed", ""))

    def say(self, progress: Progress) -> None:
        self.entries.append(("said", progress.stage.value))

    def after(self, place: int, what: str, part: str) -> int:
        """Where `what` happened next after `place`, to a path with `part`."""
        later = range(place + 1, len(self.entries))
        return next(at for at in later if self.entries[at][0] == what and part in self.entries[at][1])


class Room:
    """Reads nothing, and says when."""

    diary: Diary

    def __init__(self, workers: int) -> None: ...

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(
        self, original: BinaryIO, header: Header, on_member: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        self.diary.entries.append(("read", str(header.exhibit)))
        return Reading("none", "1", Grade.UNGRADED)


@pytest.mark.usefixtures("quick_passphrase")
@pytest.mark.parametrize("passphrase", [None, "correct horse battery"])
def test_nothing_is_moved_up_in_the_order_of_writing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, passphrase: str | None
) -> None:
    heap = (tmp_path / "heap").resolve()
    heap.mkdir()
    for number in range(5):
        (heap / f"{number}.txt").write_text(f"file {number}", "utf-8")
    diary = Room.diary = Diary(monkeypatch)
    case = tmp_path / "case"
    now = datetime(2026, 11, 1, tzinfo=UTC)
    open_heap(heap, case, OpenOptions(now, passphrase=passphrase), diary.say, Room)

    renames = [what for kind, what in diary.entries if kind == "renamed" and "/incoming/" in what]
    assert len(renames) == len(load_records(case, passphrase).exhibits) == 5
    for rename in renames:
        incoming, blob = rename.split(" -> ")
        flushed = diary.after(-1, "flushed", incoming)
        renamed = diary.after(flushed, "renamed", incoming)
        named = diary.after(renamed, "flushed", str(Path(blob).parent))
        committed = diary.after(named, "committed", "")
        checkpoint = diary.after(committed, "renamed", "/checkpoint")
        said = diary.after(checkpoint, "said", "sealed")
        diary.after(said, "read", "")
    first_read = diary.after(-1, "read", "")
    assert first_read > diary.after(-1, "said", "sealed")
