"""Files that come in pieces, or whole from a page, end up sealed: once, under every name, none lost."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawback.desk.livecase import LiveCase
from clawback.desk.records import exhibit_bytes, load_records
from clawback.desk.uploads import seal_files
from clawback.desk.verifying import verify
from clawback.desk.workplace import Workplace
from clawback.errors import TargetNotWritable

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
WORDS = "correct horse battery"


@pytest.fixture
def workplace(tmp_path: Path) -> Iterator[Workplace]:
    place = Workplace(tmp_path / "home", lambda: NOW)
    yield place
    place.close()


@pytest.fixture
def case(workplace: Workplace) -> LiveCase:
    return workplace.begin("cn")


@pytest.fixture
def locked(workplace: Workplace, quick_passphrase: None) -> LiveCase:
    return workplace.begin("cn", passphrase=WORDS)


def names(case: LiveCase) -> list[tuple[str, ...]]:
    return [exhibit.names for exhibit in load_records(case.folder, case.secret).exhibits]


def test_files_given_whole_are_sealed_in_order_under_their_names(case: LiveCase) -> None:
    sealed = seal_files(case, [("截图.png".encode(), [b"one ", b"two"]), (b"b.txt", [])])
    assert [(one.number, one.name, one.size, one.known) for one in sealed] == [
        (1, "截图.png", 7, False),
        (2, "b.txt", 0, False),
    ]
    assert exhibit_bytes(case.folder, 1) == b"one two"
    assert not verify(case.folder).findings


def test_the_same_bytes_twice_are_one_exhibit_with_two_names(case: LiveCase) -> None:
    first, second = seal_files(case, [(b"a.txt", [b"same"]), (b"folder/b.txt", [b"same"])])
    (third,) = seal_files(case, [(b"c.txt", [b"sa", b"me"])])
    assert (first.number, second.number, third.number) == (1, 1, 1)
    assert (first.known, second.known, third.known) == (False, True, True)
    assert names(case) == [("a.txt", "folder/b.txt", "c.txt")]


def test_what_came_whole_before_a_file_broke_off_is_sealed(case: LiveCase) -> None:
    def broken() -> Iterator[bytes]:
        yield b"begin"
        raise ConnectionError

    with pytest.raises(ConnectionError):
        seal_files(case, [(b"whole.txt", [b"whole"]), (b"broken.txt", broken())])
    assert names(case) == [("whole.txt",)]
    assert not verify(case.folder).findings


def test_a_file_made_by_a_system_is_sealed_and_noted(case: LiveCase) -> None:
    seal_files(case, [(b"album/.DS_Store", [b"\0\0\0\1Bud1"])])
    assert [problem.code for problem in load_records(case.folder).problems] == ["system_file"]


def test_nothing_stays_behind_when_the_records_cannot_be_written(case: LiveCase) -> None:
    shutil.rmtree(case.folder / "blobs")
    (case.folder / "blobs").write_bytes(b"in the way")
    with pytest.raises(TargetNotWritable):
        seal_files(case, [(b"a.txt", [b"a"])])
    assert list((case.folder / "incoming").iterdir()) == []


def test_in_an_encrypted_case_no_sealed_byte_lies_in_plain(locked: LiveCase) -> None:
    mark = hashlib.sha256(b"mark").hexdigest().encode()
    seal_files(locked, [(b"secret-name.txt", [mark])])
    stored = b"".join(path.read_bytes() for path in locked.folder.rglob("*") if path.is_file())
    assert mark not in stored
    assert b"secret-name" not in stored
    assert exhibit_bytes(locked.folder, 1, WORDS) == mark
