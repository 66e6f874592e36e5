"""An intake may be killed at any point: the case opens, verifies, and completes on the next run.

The intake runs in a child process that kills itself (SIGKILL, nothing is cleaned up) just before or just
after its n-th durable operation: a call that opens, writes, flushes, renames or removes a file, or that
executes a statement of the database. The points are spread evenly over all of them.
"""

from __future__ import annotations

import io
import os
import signal
import sys
import threading
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType
from typing import BinaryIO

import pytest

from clawback.desk import reading, sealing
from clawback.desk.intake import OpenOptions, Progress, Stage, open_heap
from clawback.desk.reading import ReadingRoom
from clawback.desk.records import exhibit_bytes, load_records, log_lines
from clawback.desk.verifying import verify
from clawback.errors import CaseNotFound
from clawback.model.evidence import Grade, Problem, Severity
from clawback.readers.box import Box
from clawback.readers.contract import Reading
from clawback.readers.wire import Header

NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
DURABLE = {"open", "write", "fsync", "truncate", "mkdir", "replace", "rename", "unlink", "execute", "lockf"}
WORDS = "correct horse battery"


class Counter:
    """Counts durable operations of this process and kills it at one of them."""

    def __init__(self, last: int | None) -> None:
        self.count = 0
        self._last = last

    def __call__(self, frame: FrameType, event: str, called: object) -> None:
        if event in ("c_call", "c_return") and getattr(called, "__name__", "") in DURABLE:
            if self.count == self._last:
                os.kill(os.getpid(), signal.SIGKILL)
            self.count += 1


class Archives:
    """Reads archives for their members and nothing else, in this process; the real box is tried as well."""

    def __init__(self, workers: int) -> None: ...

    def __enter__(self) -> Archives:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(
        self, original: BinaryIO, header: Header, on_member: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        data = original.read()
        if data[:2] != b"PK":
            problem = Problem("no_reader", header.exhibit, severity=Severity.ERROR)
            return Reading("plain", "1", Grade.UNGRADED, problems=(problem,), complete=False)
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for name in archive.namelist():
                on_member(name, "", iter([archive.read(name)]))
        return Reading("archive", "1", Grade.UNGRADED)


@pytest.fixture
def heap(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(sealing, "BATCH_FILES", 2)  # several transactions from few files
    monkeypatch.setattr(reading, "BATCH_READINGS", 2)
    heap = tmp_path / "heap"
    (heap / "sub").mkdir(parents=True)
    for number in range(4):
        (heap / f"{number}.txt").write_text(f"file {number}", "utf-8")
    (heap / "sub" / "again.txt").write_text("file 0", "utf-8")
    (heap / "link").symlink_to("0.txt")
    with zipfile.ZipFile(heap / "chat.zip", "w") as archive:
        archive.writestr("chat.txt", "hello")
        archive.writestr("copy.txt", "file 1")
    return heap


def intake(
    heap: Path,
    case: Path,
    passphrase: str | None,
    room: Callable[[int], ReadingRoom],
    say: Callable[[Progress], None],
) -> None:
    answers = {"user.name": "王小明"}
    open_heap(heap, case, OpenOptions(NOW, passphrase=passphrase, answers=answers), say, room)


def run_killed(
    heap: Path, case: Path, passphrase: str | None, room: Callable[[int], ReadingRoom], last: int | None
) -> tuple[int | None, bool]:
    """An intake in a child killed at operation `last`: operations done (None: killed), was "sealed" said."""
    receiving, sending = os.pipe()
    child = os.fork()
    if child == 0:
        counter = Counter(last)
        sealed = [Stage.SEALED]

        def say(progress: Progress) -> None:
            if progress.stage in sealed:
                sealed.remove(progress.stage)
                os.write(sending, b"sealed;")

        sys.setprofile(counter)
        threading.setprofile(counter)  # exhibits are read in threads
        try:
            intake(heap, case, passphrase, room, say)
        except BaseException:  # noqa: BLE001  # the child must end here, whatever happened
            os._exit(1)
        sys.setprofile(None)
        os.write(sending, str(counter.count).encode())
        os._exit(0)
    os.close(sending)
    with os.fdopen(receiving, "rb") as pipe:
        sealed_said, _, count = pipe.read().rpartition(b";")
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    assert killed or status == 0
    return None if killed else int(count), bool(sealed_said)


def state(case: Path, passphrase: str | None) -> object:
    """Everything that must come out the same however often the intake was interrupted."""
    records = load_records(case, passphrase)
    contents = []
    for line in log_lines(case, passphrase):
        content = dict(line["content"])  # type: ignore[call-overload]
        content.pop("id", None)  # of the case: random
        if passphrase:
            content.pop("stored", None)  # encrypted anew each time
        contents.append(sorted(content.items(), key=str))
    return records.exhibits, dict(records.readings), records.problems, sorted(contents, key=str)


def in_the_box(workers: int) -> Box:
    return Box(workers=workers)


def check_points(
    heap: Path, tmp_path: Path, passphrase: str | None, room: Callable[[int], ReadingRoom], points: int
) -> None:
    whole = tmp_path / "whole"
    total, _ = run_killed(heap, whole, passphrase, room, None)
    expected = state(whole, passphrase)
    assert total is not None
    assert total > 2 * points / 3
    killed = 0
    for point in range(points):
        case = tmp_path / f"killed-{point}"
        count, sealed_said = run_killed(heap, case, passphrase, room, point * total // points)
        killed += count is None
        check_sound(case, passphrase, whole if sealed_said else None)
        intake(heap, case, passphrase, room, lambda _: None)
        assert state(case, passphrase) == expected, point
        assert not verify(case, passphrase).damaged, point
    assert killed > 0.9 * points  # threads do not count quite the same each time


def check_sound(case: Path, passphrase: str | None, whole: Path | None) -> None:
    """The killed case verifies; nothing that was called sealed is missing."""
    try:
        assert not verify(case, passphrase).damaged
        exhibits = load_records(case, passphrase).exhibits
    except CaseNotFound:
        exhibits = ()
    if whole is None:
        return
    handed_in = [one for one in load_records(whole, passphrase).exhibits if one.parent is None]
    assert {one.sha256 for one in handed_in} <= {one.sha256 for one in exhibits}
    for one in handed_in:
        exhibit_bytes(case, one.number, passphrase)


def test_killed_at_twenty_points_the_intake_completes(heap: Path, tmp_path: Path) -> None:
    check_points(heap, tmp_path, None, Archives, 20)


@pytest.mark.slow
def test_killed_at_ten_points_in_the_box_the_intake_completes(heap: Path, tmp_path: Path) -> None:
    check_points(heap, tmp_path, None, in_the_box, 10)


@pytest.mark.slow
def test_killed_at_a_hundred_points_the_intake_completes(heap: Path, tmp_path: Path) -> None:
    check_points(heap, tmp_path, None, Archives, 100)


@pytest.mark.slow
@pytest.mark.usefixtures("quick_passphrase")
def test_killed_at_a_hundred_points_the_intake_of_an_encrypted_case_completes(
    heap: Path, tmp_path: Path
) -> None:
    check_points(heap, tmp_path, WORDS, Archives, 100)
