"""Files that come in pieces, or whole from a page, end up sealed: once, under every name, none lost."""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections import namedtuple
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from clawback.desk import uploads as desk_uploads
from clawback.desk.custody import Custody
from clawback.desk.livecase import LiveCase
from clawback.desk.records import exhibit_bytes, load_records
from clawback.desk.uploads import (
    HEAD,
    PIECE,
    Description,
    DiskFull,
    UploadConflict,
    UploadRefused,
    UploadSpoilt,
    UploadTooLarge,
    UploadUnknown,
    begin,
    complete,
    finish,
    give_up,
    keep_piece,
    resume,
    seal_files,
    upload,
    uploads,
)
from clawback.desk.verifying import verify
from clawback.desk.workplace import Workplace
from clawback.errors import CaseLocked, TargetNotWritable

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


# in pieces

MB = 1024 * 1024


def described(data: bytes, name: str = "录音.m4a") -> Description:
    return Description(name.encode(), len(data), 1763600000000, hashlib.sha256(data[:HEAD]).hexdigest())


def send(case: LiveCase, id: str, data: bytes, start: int = 0, end: int | None = None) -> None:
    for at in range(start, len(data) if end is None else end, PIECE):
        keep_piece(case, id, at, data[at : at + PIECE])


DATA = b"".join(hashlib.sha256(str(number).encode()).digest() for number in range(9 * MB // 32)) + b"end"


@pytest.mark.parametrize("kind", ["case", "locked"])
def test_a_file_in_pieces_is_sealed_as_it_was(kind: str, request: pytest.FixtureRequest) -> None:
    case: LiveCase = request.getfixturevalue(kind)
    begun = begin(case, described(DATA))
    send(case, begun.id, DATA)
    assert upload(case, begun.id).whole
    sealed = finish(case, begun.id)
    assert (sealed.number, sealed.name, sealed.size, sealed.known) == (1, "录音.m4a", 9 * MB + 3, False)
    assert exhibit_bytes(case.folder, 1, case.secret) == DATA
    assert uploads(case) == ()
    assert list((case.folder / "uploads").iterdir()) == []
    assert not verify(case.folder, case.secret).findings


def test_an_unfinished_upload_goes_on_where_its_last_piece_ended(case: LiveCase) -> None:
    begun = begin(case, described(DATA))
    send(case, begun.id, DATA, end=PIECE)
    again = begin(case, described(DATA))
    assert (again.id, again.offset) == (begun.id, 4 * MB)
    assert begin(case, described(DATA, "another name.m4a")).offset == 0
    other = b"x" + DATA[1:]
    assert begin(case, described(other)).offset == 0
    assert len(uploads(case)) == 3


def test_without_a_hash_of_its_head_no_upload_is_taken_for_another(case: LiveCase) -> None:
    what = Description(b"a.txt", 10)
    assert begin(case, what).id != begin(case, what).id


def test_pieces_may_be_of_any_size_that_is_no_crumb(case: LiveCase) -> None:
    begun = begin(case, described(DATA))
    keep_piece(case, begun.id, 0, DATA[: MB + 5])
    with pytest.raises(UploadRefused):
        keep_piece(case, begun.id, MB + 5, DATA[MB + 5 : MB + 6])
    assert keep_piece(case, begun.id, MB + 5, DATA[MB + 5 :]).whole
    assert finish(case, begun.id).size == len(DATA)


def test_a_piece_for_another_place_is_refused_and_changes_nothing(case: LiveCase) -> None:
    begun = begin(case, described(DATA))
    send(case, begun.id, DATA, end=PIECE)
    for wrong in (0, PIECE - 1, PIECE + 1, 10**12):
        with pytest.raises(UploadConflict):
            keep_piece(case, begun.id, wrong, DATA[:PIECE])
    with pytest.raises(UploadTooLarge):
        keep_piece(case, begun.id, PIECE, DATA)
    with pytest.raises(UploadConflict):
        finish(case, begun.id)
    assert upload(case, begun.id).offset == PIECE


def test_one_thread_at_a_time_works_at_an_upload(case: LiveCase, monkeypatch: pytest.MonkeyPatch) -> None:
    begun = begin(case, described(b"abc"))
    seen: list[type[Exception]] = []

    def meanwhile(*_: object) -> None:
        with pytest.raises(UploadConflict) as refused:
            give_up(case, begun.id)
        seen.append(refused.type)

    monkeypatch.setattr(desk_uploads, "_check_space", meanwhile)
    keep_piece(case, begun.id, 0, b"abc")
    assert seen == [UploadConflict]
    assert upload(case, begun.id).whole


def test_bytes_that_are_not_what_was_announced_are_never_sealed(case: LiveCase) -> None:
    begun = begin(case, described(DATA))
    send(case, begun.id, b"x" + DATA[1:])
    with pytest.raises(UploadSpoilt):
        finish(case, begun.id)
    with pytest.raises(UploadUnknown):
        upload(case, begun.id)
    assert names(case) == []


def test_a_piece_that_was_damaged_on_the_disk_is_noticed(case: LiveCase) -> None:
    begun = begin(case, described(DATA))
    send(case, begun.id, DATA)
    piece = next((case.folder / "uploads" / begun.id).glob("000000400000-*"))
    piece.write_bytes(piece.read_bytes()[:-1])
    with pytest.raises(UploadSpoilt):
        finish(case, begun.id)
    assert names(case) == []


def test_an_empty_file_is_sealed_too(case: LiveCase) -> None:
    begun = begin(case, described(b""))
    assert begun.whole
    assert finish(case, begun.id).size == 0


def test_the_same_file_again_is_one_more_name(case: LiveCase) -> None:
    for name in ("a.mp4", "b.mp4"):
        begun = begin(case, described(DATA, name))
        send(case, begun.id, DATA)
        finish(case, begun.id)
    assert names(case) == [("a.mp4", "b.mp4")]


def test_in_an_encrypted_case_no_piece_and_no_name_lies_in_plain(locked: LiveCase) -> None:
    mark = b"plain words of a secret chat" * 5000
    begun = begin(locked, Description(b"secret-name.txt", 2 * len(mark)))
    keep_piece(locked, begun.id, 0, mark)
    files = [path for path in locked.folder.rglob("*") if path.is_file()]
    assert len([path for path in files if "uploads" in path.parts]) == 2
    stored = b"".join(path.read_bytes() for path in files)
    assert b"secret chat" not in stored
    assert b"secret-name".hex().encode() not in stored


def test_a_shut_case_takes_no_piece(locked: LiveCase) -> None:
    begun = begin(locked, described(DATA))
    locked.shut()
    with pytest.raises(CaseLocked):
        keep_piece(locked, begun.id, 0, DATA[:PIECE])
    locked.unlock(WORDS)
    assert upload(locked, begun.id).offset == 0


def test_a_full_disk_is_told_before_anything_is_written(
    case: LiveCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = begin(case, described(DATA))
    disk = namedtuple("disk", "total used free")
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk(10**9, 10**9 - 68 * MB, 68 * MB))
    keep_piece(case, begun.id, 0, DATA[:PIECE])
    monkeypatch.setattr(shutil, "disk_usage", lambda _: disk(10**9, 10**9 - 64 * MB, 64 * MB))
    with pytest.raises(DiskFull) as full:
        keep_piece(case, begun.id, PIECE, DATA[PIECE : 2 * PIECE])
    assert full.value.zh == "磁盘满了。已封存的都完好，请清出约 5 MB 后再继续。"
    with pytest.raises(DiskFull) as full:
        begin(case, described(DATA, "b"))
    assert full.value.en == "The disk is full. What was sealed is safe. Free about 19 MB, then go on."
    assert upload(case, begun.id).offset == PIECE


def test_names_and_numbers_have_bounds(case: LiveCase, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UploadRefused):
        begin(case, Description(b"n" * 4097, 1))
    with pytest.raises(UploadTooLarge):
        begin(case, Description(b"n", 1 << 41))
    monkeypatch.setattr(desk_uploads, "MOST_OPEN", 2)
    begin(case, Description(b"n", 1))
    begin(case, Description(b"n", 1))
    with pytest.raises(UploadRefused):
        begin(case, Description(b"n", 1))


def test_hostile_names_are_shown_clean_and_kept_raw(case: LiveCase) -> None:
    raw = "../../‮gpj.<img src=x>\n.exe".encode()
    begun = begin(case, Description(raw, 1))
    keep_piece(case, begun.id, 0, b"!")
    assert finish(case, begun.id).name == "../../<U+202E>gpj.<img src=x><U+000A>.exe"
    with Custody.open(case.folder, None) as custody:
        assert [name.raw for name in custody.store.names()] == [raw]


def test_ids_that_were_never_given_lead_nowhere(case: LiveCase) -> None:
    for id in ("", "0" * 24, "..", "../blobs", "about", "0" * 24 + ".gone"):
        with pytest.raises(UploadUnknown):
            upload(case, id)
        with pytest.raises(UploadUnknown):
            keep_piece(case, id, 0, b"x")
        with pytest.raises(UploadUnknown):
            give_up(case, id)


def test_given_up_is_gone(case: LiveCase) -> None:
    begun = begin(case, described(DATA))
    send(case, begun.id, DATA, end=PIECE)
    give_up(case, begun.id)
    assert uploads(case) == ()
    assert list((case.folder / "uploads").iterdir()) == []


def test_what_a_stop_cut_short_is_completed(case: LiveCase) -> None:
    """Everything was there, but the program ended before it was sealed, or before its pieces were removed."""
    for name in ("a.bin", "b.bin"):
        begun = begin(case, described(DATA, name))
        send(case, begun.id, DATA)
    seal_files(case, [(b"b.bin", [DATA])])
    half = begin(case, described(DATA, "half.bin"))
    send(case, half.id, DATA, end=PIECE)
    assert {(one.name, one.known) for one in complete(case)} == {("a.bin", True), ("b.bin", True)}
    assert names(case) == [("b.bin", "a.bin")]
    assert [one.id for one in uploads(case)] == [half.id]
    assert complete(case) == ()


def test_after_a_week_without_a_piece_an_upload_is_forgotten(case: LiveCase) -> None:
    old, new = (begin(case, described(DATA, name)) for name in ("old", "new"))
    for one, days in ((old, 7.1), (new, 6.9)):
        then = time.time() - days * 86400
        os.utime(case.folder / "uploads" / one.id, (then, then))
    gone = case.folder / "uploads" / (secrets.token_hex(12) + ".gone")
    gone.mkdir()
    (gone / "about").write_bytes(b"{}")
    complete(case)
    assert [one.id for one in uploads(case)] == [new.id]
    assert not gone.exists()


def test_an_upload_whose_description_is_damaged_is_not_offered(case: LiveCase) -> None:
    begun = begin(case, described(DATA))
    (case.folder / "uploads" / begun.id / "about").write_bytes(b'{"name": "zz"}')
    assert uploads(case) == ()


def test_opening_a_case_again_completes_it_once(case: LiveCase, workplace: Workplace) -> None:
    begun = begin(case, described(b"abc"))
    keep_piece(case, begun.id, 0, b"abc")
    again = LiveCase(case.id, case.folder, lambda: NOW)
    resume(again)
    until = time.monotonic() + 20
    while not (names(again) and not uploads(again) and again.landed()[1]):
        assert time.monotonic() < until
        time.sleep(0.02)
    resume(again)
    again.close()
