"""A case that stays open: writers never wait for reading, nothing stays unread, trouble ends cleanly."""

from __future__ import annotations

import io
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest

from clawback.desk import background, livecase
from clawback.desk.custody import Custody
from clawback.desk.livecase import LiveCase
from clawback.desk.records import load_records
from clawback.desk.uploads import seal_files
from clawback.desk.verifying import verify
from clawback.desk.workplace import Workplace
from clawback.errors import CaseBusy, CaseDamaged, CaseLocked, TargetNotWritable
from clawback.model.evidence import Grade, Outcome
from clawback.readers.contract import Reading
from clawback.readers.wire import Header
from clawback.store.records import Decision
from clawback.vault.folder import blob_path

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WORDS = "correct horse battery"


class Room:
    """Reads in this process: archives for their members, everything else as nothing. `gate`: to be passed
    before each reading."""

    gate = threading.Event()
    begun: list[str] = []  # noqa: RUF012 - made anew for each test

    def __init__(self, workers: int) -> None: ...

    def __enter__(self) -> Room:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(
        self, original: BinaryIO, header: Header, on_member: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        self.begun.append(header.name)
        assert self.gate.wait(20)
        data = original.read()
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                for name in archive.namelist():
                    on_member(name, "", iter([archive.read(name)]))
        if data == b"bug":
            raise ArithmeticError
        return Reading("plain", "1", Grade.UNGRADED)


@pytest.fixture(autouse=True)
def room(monkeypatch: pytest.MonkeyPatch) -> type[Room]:
    Room.gate, Room.begun = threading.Event(), []
    Room.gate.set()
    monkeypatch.setattr(livecase, "Box", Room)
    return Room


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path / "home", lambda: NOW)
    yield place
    Room.gate.set()
    place.close()


@pytest.fixture
def case(workplace: Workplace) -> LiveCase:
    return workplace.begin("cn")


def add(case: LiveCase, *texts: str) -> None:
    seal_files(case, [(f"{text}.txt".encode(), [text.encode()]) for text in texts])


def outcomes(case: LiveCase) -> list[Outcome]:
    return [exhibit.outcome for exhibit in load_records(case.folder, case.secret).exhibits]


def read(case: LiveCase) -> None:
    case.start_reading()
    case.wait_until_read(30)
    assert not case.progress.running


def until(true: Callable[[], object]) -> None:
    end = time.monotonic() + 20
    while not true():
        assert time.monotonic() < end
        time.sleep(0.005)


def test_everything_that_waits_is_read_and_told(case: LiveCase) -> None:
    add(case, "a", "b", "c")
    read(case)
    assert outcomes(case) == [Outcome.OK] * 3
    mark, landed = case.landed()
    assert [(one.number, one.name, one.outcome) for one in landed] == [
        (1, "a.txt", Outcome.OK),
        (2, "b.txt", Outcome.OK),
        (3, "c.txt", Outcome.OK),
    ]
    assert case.landed(mark) == (mark, ())
    add(case, "d")
    read(case)
    assert [one.number for one in case.landed(mark)[1]] == [4]
    assert case.progress.error is None
    assert not verify(case.folder).findings


def test_a_file_found_inside_another_is_sealed_and_read_in_the_same_run(case: LiveCase) -> None:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr("inner/chat.txt", "hello")
        archive.writestr("copy.txt", "a")
    add(case, "a")
    seal_files(case, [(b"chat.zip", [data.getvalue()])])
    read(case)
    found = load_records(case.folder).exhibits
    assert [(one.number, one.names, one.parent, one.outcome) for one in found] == [
        (1, ("a.txt", "copy.txt"), None, Outcome.OK),
        (2, ("chat.zip",), None, Outcome.OK),
        (3, ("inner/chat.txt",), 2, Outcome.OK),
    ]
    assert (case.progress.done, case.progress.total) == (3, 3)
    assert not verify(case.folder).findings


def test_who_writes_does_not_wait_for_a_reading(case: LiveCase, room: type[Room]) -> None:
    add(case, "a", "b")
    room.gate.clear()
    case.start_reading()
    until(lambda: room.begun)
    before = time.monotonic()
    add(case, "c")
    assert time.monotonic() - before < 2
    assert outcomes(case) == [Outcome.WAITING] * 3
    assert len(case.records().exhibits) == 3
    room.gate.set()
    case.wait_until_read(30)
    assert outcomes(case) == [Outcome.OK] * 3  # also what came while the others were read


def test_many_writers_at_once_lose_nothing(case: LiveCase) -> None:
    failures: list[BaseException] = []

    def write(writer: int) -> None:
        def work(folder: Path, secret: str | None) -> None:
            with (
                Custody.open(folder, secret, writing=True) as custody,
                custody.change(NOW) as change,
            ):
                change.decide(Decision("scope", (f"T{writer}",), "in", "user", NOW))

        try:
            for step in range(5):
                case.change(work)
                add(case, f"file {writer} {step}")
                case.start_reading()
        except BaseException as error:  # noqa: BLE001 - told below, in the test's own thread
            failures.append(error)

    threads = [threading.Thread(target=write, args=(writer,)) for writer in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    case.wait_until_read(30)
    assert failures == []
    assert outcomes(case) == [Outcome.OK] * 20
    assert len(load_records(case.folder).decisions) == 20
    assert not verify(case.folder).findings


def test_a_wish_to_read_is_never_lost_between_two_runs(case: LiveCase) -> None:
    for number in range(40):
        add(case, f"file {number}")
        case.start_reading()
    case.wait_until_read(30)
    assert outcomes(case) == [Outcome.OK] * 40
    assert not case.progress.running


def test_closing_while_reading_leaves_the_rest_for_the_next_time(case: LiveCase, room: type[Room]) -> None:
    add(case, *"abcdefghij")
    room.gate.clear()
    case.start_reading()
    until(lambda: room.begun)
    closing = threading.Thread(target=case.close)
    closing.start()
    until(lambda: case._closing)
    room.gate.set()
    closing.join(20)
    assert not closing.is_alive()
    done = outcomes(case).count(Outcome.OK)
    assert 1 <= done < 10
    assert not verify(case.folder).damaged
    case.start_reading()  # closed: nothing begins any more
    assert not case.progress.running
    again = LiveCase(case.id, case.folder, lambda: NOW)
    read(again)
    assert outcomes(again) == [Outcome.OK] * 10


@pytest.mark.usefixtures("quick_passphrase")
def test_locking_a_case_stops_its_reading_and_unlocking_goes_on(
    workplace: Workplace, room: type[Room]
) -> None:
    case = workplace.begin("cn", passphrase=WORDS)
    add(case, *"abcdefghij")
    room.gate.clear()
    case.start_reading()
    until(lambda: room.begun)
    case.shut()
    room.gate.set()
    case.wait_until_read(30)
    assert (case.progress.running, case.progress.error) == (False, None)
    assert case.landed(0)[1] == ()
    with pytest.raises(CaseLocked):
        case.start_reading()
    case.unlock(WORDS)
    assert outcomes(case) == [Outcome.WAITING] * 10
    read(case)
    assert outcomes(case) == [Outcome.OK] * 10
    assert not verify(case.folder, WORDS).damaged


def test_a_damaged_original_keeps_no_other_from_being_read(case: LiveCase) -> None:
    add(case, "a", "b", "c")
    with Custody.open(case.folder, None) as custody:
        blob_path(case.folder, custody.store.blob_names()[2]).unlink()
    read(case)
    assert isinstance(case.progress.error, CaseDamaged)
    assert outcomes(case) == [Outcome.OK, Outcome.WAITING, Outcome.OK]
    add(case, "d")
    read(case)
    assert outcomes(case) == [Outcome.OK, Outcome.WAITING, Outcome.OK, Outcome.OK]


def test_a_full_disk_ends_reading_and_the_next_run_completes_it(
    case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(case, "a", "b")

    def full(*_: object) -> None:
        raise TargetNotWritable("full", "满")

    with monkeypatch.context() as patch:
        patch.setattr(background.Scribe, "write", full)
        read(case)
    assert isinstance(case.progress.error, TargetNotWritable)
    assert outcomes(case) == [Outcome.WAITING] * 2
    read(case)
    assert case.progress.error is None
    assert outcomes(case) == [Outcome.OK] * 2


def test_reading_is_patient_while_another_program_has_the_case(
    case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(case, "a")
    with Custody.open(case.folder, None, writing=True):
        case.start_reading()
        until(lambda: case.progress.total)
        time.sleep(0.3)
        assert case.progress.running
    case.wait_until_read(30)
    assert outcomes(case) == [Outcome.OK]
    monkeypatch.setattr(background, "_BUSY_SECONDS", 0.0)
    add(case, "b")
    with Custody.open(case.folder, None, writing=True):
        read(case)
    assert isinstance(case.progress.error, CaseBusy)
    assert outcomes(case) == [Outcome.OK, Outcome.WAITING]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_after_a_fault_of_ours_reading_does_not_pretend_to_go_on(case: LiveCase) -> None:
    add(case, "bug")
    read(case)
    assert outcomes(case) == [Outcome.WAITING]
    add(case, "a")
    case.start_reading()
    case.wait_until_read(30)
    assert not case.progress.running


def test_a_view_made_after_a_change_shows_it_even_while_files_are_read(
    case: LiveCase, room: type[Room]
) -> None:
    add(case, "a")
    room.gate.clear()
    case.start_reading()
    until(lambda: room.begun)
    assert len(case.records().exhibits) == 1
    add(case, "b")
    assert len(case.records().exhibits) == 2


def test_a_damaged_checkpoint_is_told_as_damage(case: LiveCase) -> None:
    add(case, "a")
    assert len(case.records().exhibits) == 1
    (case.folder / "checkpoint").write_bytes(b"\xff torn")
    with pytest.raises(CaseDamaged):
        case.records()
