"""A heap becomes a sealed case: everything kept, everything numbered once, nothing dropped silently."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import BinaryIO, Self

import pytest

from clawback.desk.casefile import open_casefile
from clawback.desk.custody import Custody
from clawback.desk.intake import OpenOptions, Progress, Stage, open_heap, seal_answers
from clawback.desk.records import exhibit_bytes, load_records
from clawback.desk.sealing import answers_held
from clawback.desk.verifying import verify
from clawback.errors import CaseBusy, CaseLocked, CaseNotFound, HeapError, TargetNotWritable, UsageError
from clawback.model.evidence import Grade, Outcome, Problem, Severity
from clawback.readers.contract import Reading
from clawback.readers.wire import Header

NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
WORDS = "correct horse battery"
MARKER = b"NEVER-ON-DISK-19900000001"


class PlainRoom:
    """Reads in this process: text as text, archives as their members, nothing else."""

    seen: list[Header]

    def __init__(self, workers: int = 1) -> None:
        self.seen = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(
        self, original: BinaryIO, header: Header, on_member: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        self.seen.append(header)
        data = original.read()
        if data[:2] == b"PK":
            self._members(data, on_member)
            return Reading("plain_archive", "1", Grade.UNGRADED)
        return Reading("plain", "1", Grade.DOCUMENT, texts=())

    def _members(self, data: bytes, on_member: Callable[[str, str, Iterator[bytes]], None]) -> None:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for info in archive.infolist():
                on_member(info.filename, "", iter([archive.read(info)]))


def options(**changes: object) -> OpenOptions:
    return OpenOptions(**({"now": NOW} | changes))  # type: ignore[arg-type]


def make_heap(folder: Path) -> Path:
    heap = folder / "证据"
    (heap / "聊天").mkdir(parents=True)
    (heap / "bill.csv").write_bytes("时间,金额\n2026-10-01,12.00\n".encode("gb18030"))
    (heap / "聊天" / "记录.txt").write_text("张三: 你好", "utf-8")
    (heap / "聊天" / "copy of bill.csv").write_bytes((heap / "bill.csv").read_bytes())
    (heap / "empty.txt").touch()
    return heap


def test_every_file_is_sealed_byte_for_byte_and_numbered_in_order_of_name(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    report = open_heap(heap, None, options(), room=PlainRoom)
    assert report.case_dir == tmp_path / "证据.case"
    assert (report.sealed, report.known, report.exhibits, report.created) == (3, 1, 3, True)
    exhibits = load_records(report.case_dir).exhibits
    assert [e.names for e in exhibits] == [
        ("bill.csv", "聊天/copy of bill.csv"),
        ("empty.txt",),
        ("聊天/记录.txt",),
    ]
    for exhibit in exhibits:
        original = (heap / exhibit.name).read_bytes()
        assert exhibit.sha256 == hashlib.sha256(original).hexdigest()
        assert exhibit.size == len(original)
        assert exhibit_bytes(report.case_dir, exhibit.number) == original


def test_everything_is_sealed_before_anything_is_read(tmp_path: Path) -> None:
    said: list[Progress] = []
    open_heap(make_heap(tmp_path), None, options(), said.append, PlainRoom)
    stages = [progress.stage for progress in said]
    assert stages == [Stage.SEALING] * 4 + [Stage.SEALED] + [Stage.READING] * 3 + [Stage.DONE]


def test_opening_again_adds_only_what_is_new(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    first = open_heap(heap, None, options(), room=PlainRoom)
    again = open_heap(heap, None, options(now=NOW + timedelta(days=1)), room=PlainRoom)
    assert (again.sealed, again.known, again.created, again.log_root) == (0, 4, False, first.log_root)
    (heap / "new.txt").write_text("new", "utf-8")
    (heap / "bill.csv").rename(heap / "renamed.csv")
    third = open_heap(heap, None, options(now=NOW + timedelta(days=2)), room=PlainRoom)
    assert (third.sealed, third.exhibits) == (1, 4)
    exhibits = load_records(third.case_dir).exhibits
    assert exhibits[0].names == ("bill.csv", "聊天/copy of bill.csv", "renamed.csv")
    assert exhibits[3].name == "new.txt"


def test_a_single_file_is_a_heap(tmp_path: Path) -> None:
    make_heap(tmp_path)
    report = open_heap(tmp_path / "证据" / "bill.csv", tmp_path / "case", options(), room=PlainRoom)
    assert [e.name for e in load_records(report.case_dir).exhibits] == ["bill.csv"]


def test_several_roots_are_one_heap(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    roots = [heap / "bill.csv", heap / "聊天"]
    report = open_heap(roots, tmp_path / "case", options(), room=PlainRoom)
    assert [e.names for e in load_records(report.case_dir).exhibits] == [
        ("bill.csv", "聊天/copy of bill.csv"),
        ("聊天/记录.txt",),
    ]


def test_members_become_exhibits_with_their_parent_and_are_read_in_turn(tmp_path: Path) -> None:
    heap = tmp_path / "heap.zip"
    inner = tmp_path / "inner.zip"
    with zipfile.ZipFile(inner, "w") as archive:
        archive.writestr("deep.txt", "deep")
    with zipfile.ZipFile(heap, "w") as archive:
        archive.writestr("a/聊天.txt", "hello")
        archive.write(inner, "inner.zip")
    report = open_heap(heap, tmp_path / "case", options(), room=PlainRoom)
    exhibits = load_records(report.case_dir).exhibits
    assert [(e.number, e.name, e.parent) for e in exhibits] == [
        (1, "heap.zip", None),
        (2, "a/聊天.txt", 1),
        (3, "inner.zip", 1),
        (4, "deep.txt", 3),
    ]
    assert (report.sealed, report.members, report.complete) == (1, 3, 4)
    assert exhibit_bytes(report.case_dir, 4) == b"deep"


def test_a_statement_is_sealed_once_and_again_only_when_an_answer_changes(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    answers = {"user.name": "王小明", "transfer.scope@T1.r2": "in"}
    report = open_heap(heap, None, options(answers=answers))
    records = load_records(report.case_dir)
    (statement,) = [e for e in records.exhibits if e.grade is Grade.STATEMENT]
    said = records.readings[statement.number].statements
    assert [(s.question, s.subject, s.value) for s in said] == [
        ("user.name", "", "王小明"),
        ("transfer.scope", "T1.r2", "in"),
    ]
    assert open_heap(heap, None, options(answers=answers)).exhibits == report.exhibits
    assert seal_answers(report.case_dir, {"user.name": "王小明"}, NOW) is None
    assert seal_answers(report.case_dir, {"user.name": "王大明"}, NOW) == report.exhibits + 1
    assert not verify(report.case_dir).damaged


def test_what_counts_as_said_already_is_the_answer_that_is_shown(tmp_path: Path) -> None:
    folder = open_heap(make_heap(tmp_path), None, options(answers={})).case_dir
    later = NOW + timedelta(hours=1)
    seal_answers(folder, {"user.name": "甲"}, later)
    seal_answers(folder, {"user.name": "乙"}, later)  # in the same second: the one given last
    with Custody.open(folder, None) as custody:
        assert answers_held(custody)["user.name", ""] == "乙"
    seal_answers(folder, {"user.name": "丙"}, NOW)  # the clock was set back
    with Custody.open(folder, None) as custody:
        assert answers_held(custody)["user.name", ""] == "乙"
    assert open_casefile(folder, later).answer("user.name").value == "乙"  # type: ignore[union-attr]
    assert seal_answers(folder, {"user.name": "乙"}, later) is None


def test_a_file_that_poses_as_the_users_own_statement_does_not_speak_for_the_user(tmp_path: Path) -> None:
    heap = tmp_path / "heap"
    heap.mkdir()
    (heap / "answers.json").write_text(
        '{"schema": "clawback.statement/1", "made_at": "2026-11-01T09:30:00+08:00",'
        ' "answers": [{"question": "user.name", "subject": "", "value": "Mallory"}]}',
        "utf-8",
    )
    records = load_records(open_heap(heap, None, options()).case_dir)
    assert records.exhibits[0].grade is Grade.UNGRADED
    assert records.readings[1].statements == ()
    assert "statement_not_made_here" in [problem.code for problem in records.readings[1].problems]


def test_links_pipes_and_sockets_are_named_and_not_opened(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    (heap / "link.txt").symlink_to("bill.csv")
    (heap / "folder link").symlink_to("聊天")
    os.mkfifo(heap / "pipe")
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(heap / "sock"))
        report = open_heap(heap, None, options(), room=PlainRoom)
    assert {(p.code, p.detail) for p in report.problems} == {
        ("link_not_followed", "link.txt"),
        ("link_not_followed", "folder link"),
        ("special_file", "pipe"),
        ("special_file", "sock"),
    }
    assert report.exhibits == 3
    assert load_records(report.case_dir).problems == report.problems
    assert open_heap(heap, None, options(), room=PlainRoom).problems == ()  # said once


def test_names_are_shown_safely_and_long_ones_keep_their_extension(tmp_path: Path) -> None:
    heap = tmp_path / "heap"
    heap.mkdir()
    (heap / "bill\u202egnp.exe").write_bytes(b"1")
    (heap / "cafe\u0301.txt").write_bytes(b"2")
    Path(os.fsdecode(os.fsencode(heap) + b"/\xff\x01.txt")).write_bytes(b"3")
    (heap / ("长" * 80 + ".txt")).write_bytes(b"4")
    (heap / "deep").mkdir()
    (heap / "deep" / ("b" * 140 + ".csv")).write_bytes(b"5")
    case = open_heap(heap, None, options(), room=PlainRoom).case_dir
    names = {exhibit.name for exhibit in load_records(case).exhibits}
    assert "bill<U+202E>gnp.exe" in names
    assert "caf\u00e9.txt" in names
    assert "<U+DCFF><U+0001>.txt" in names
    assert "长" * 80 + ".txt" in names
    (cut,) = [name for name in names if "…" in name]
    assert len(cut) == 120
    assert cut.startswith("deep/bbb")
    assert cut.endswith("bbb.csv")


def test_what_an_operating_system_left_behind_is_sealed_and_noted(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    (heap / ".DS_Store").write_bytes(b"\x00\x00\x00\x01Bud1")
    report = open_heap(heap, None, options(), room=PlainRoom)
    (problem,) = report.problems
    assert (problem.code, problem.exhibit, problem.severity) == ("system_file", 1, Severity.NOTE)


def test_the_case_folder_inside_the_heap_is_not_evidence(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    for _ in range(2):
        report = open_heap(heap, heap / "case", options(), room=PlainRoom)
        assert report.exhibits == 3


def test_another_case_in_the_heap_is_left_out_and_named(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    open_heap(heap / "bill.csv", None, options(), room=PlainRoom)
    report = open_heap(heap, None, options(), room=PlainRoom)
    assert [(p.code, p.detail) for p in report.problems] == [("case_folder_left_out", "bill.csv.case")]
    assert report.exhibits == 3


def test_a_case_is_no_heap(tmp_path: Path) -> None:
    case = open_heap(make_heap(tmp_path), None, options(), room=PlainRoom).case_dir
    with pytest.raises(HeapError):
        open_heap(case, None, options(), room=PlainRoom)


@pytest.mark.parametrize("prepare", ["missing", "empty", "only a link"])
def test_a_heap_without_files_is_refused_and_nothing_made(tmp_path: Path, prepare: str) -> None:
    heap = tmp_path / "heap"
    if prepare != "missing":
        heap.mkdir()
    if prepare == "only a link":
        (heap / "l").symlink_to("/etc/hostname")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(HeapError):
        open_heap(heap, None, options(), room=PlainRoom)
    assert sorted(tmp_path.rglob("*")) == before


def test_a_folder_with_other_files_is_not_made_a_case(tmp_path: Path) -> None:
    target = tmp_path / "photos"
    target.mkdir()
    (target / "cat.jpg").write_bytes(b"cat")
    with pytest.raises(UsageError):
        open_heap(make_heap(tmp_path), target, options(), room=PlainRoom)
    assert [path.name for path in target.iterdir()] == ["cat.jpg"]


def test_loading_what_is_no_case_says_so(tmp_path: Path) -> None:
    with pytest.raises(CaseNotFound):
        load_records(tmp_path)


def test_a_second_run_at_the_same_time_is_refused(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)

    def again(progress: Progress) -> None:
        if progress.stage is Stage.READING:
            with pytest.raises(CaseBusy):
                open_heap(heap, None, options(), room=PlainRoom)

    report = open_heap(heap, None, options(), again, PlainRoom)
    assert not verify(report.case_dir).damaged


@pytest.mark.usefixtures("quick_passphrase")
def test_a_wrong_or_missing_passphrase_changes_nothing(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    case = open_heap(heap, None, options(passphrase=WORDS), room=PlainRoom).case_dir
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    (heap / "more.txt").write_text("more", "utf-8")
    for passphrase in ("wrong", None):
        with pytest.raises(CaseLocked):
            open_heap(heap, None, options(passphrase=passphrase), room=PlainRoom)
        with pytest.raises(CaseLocked):
            load_records(case, passphrase)
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before


def test_an_encrypted_case_holds_no_plain_byte_of_evidence(tmp_path: Path) -> None:
    heap = tmp_path / "heap"
    heap.mkdir()
    (heap / "chat.txt").write_bytes(MARKER * 400)
    with zipfile.ZipFile(heap / (MARKER.decode() + ".zip"), "w") as archive:
        archive.writestr(MARKER.decode() + ".txt", MARKER + b" inside")
    report = open_heap(heap, None, options(passphrase=WORDS, answers={"user.name": MARKER.decode()}))
    assert report.exhibits == 4
    for path in report.case_dir.rglob("*"):
        assert MARKER.decode() not in path.name
        if path.is_file():
            assert MARKER not in path.read_bytes()
    chat = next(e for e in load_records(report.case_dir, WORDS).exhibits if e.name == "chat.txt")
    assert chat.outcome is Outcome.OK
    assert exhibit_bytes(report.case_dir, chat.number, WORDS) == MARKER * 400
    assert not verify(report.case_dir, WORDS).findings
    assert not verify(report.case_dir).findings  # what can be seen without the key


def test_a_disk_that_fills_up_keeps_what_was_sealed_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heap = make_heap(tmp_path)
    case = open_heap(heap, None, options(), room=PlainRoom).case_dir
    (heap / "more.txt").write_text("more", "utf-8")
    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", _full)
        with pytest.raises(TargetNotWritable):
            open_heap(heap, None, options(), room=PlainRoom)
    assert not verify(case).damaged
    assert open_heap(heap, None, options(), room=PlainRoom).exhibits == 4
    assert list((case / "incoming").iterdir()) == []


def _full(_: int) -> None:
    raise OSError(28, "No space left on device")


@contextmanager
def ordinary_user() -> Iterator[None]:
    """The superuser may write anywhere; these tests are about somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.fixture
def reachable() -> Iterator[Path]:
    """A folder that an ordinary user can reach."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)


def test_a_read_only_target_is_refused(reachable: Path) -> None:
    heap = make_heap(reachable)
    shut = reachable / "shut"
    shut.mkdir()
    shut.chmod(0o555)
    with ordinary_user(), pytest.raises(TargetNotWritable):
        open_heap(heap, shut / "case", options(), room=PlainRoom)
    assert list(shut.iterdir()) == []


def test_a_case_on_a_read_only_disk_can_be_looked_at_and_not_added_to(reachable: Path) -> None:
    heap = make_heap(reachable)
    case = open_heap(heap, None, options(), room=PlainRoom).case_dir
    for path in [*case.rglob("*"), case]:
        path.chmod(0o555)
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    with ordinary_user():
        with pytest.raises(TargetNotWritable):
            open_heap(heap, None, options(), room=PlainRoom)
        assert len(load_records(case).exhibits) == 3
        assert not verify(case).findings
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before
    for path in [case, *case.rglob("*")]:
        path.chmod(0o755)


def test_a_target_below_a_file_is_refused(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(TargetNotWritable):
        open_heap(heap, tmp_path / "file" / "case", options(), room=PlainRoom)


class Improving(PlainRoom):
    """A room whose readers do not know text at first."""

    knows_text = False

    def read(
        self, original: BinaryIO, header: Header, on_member: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        if self.knows_text:
            return super().read(original, header, on_member)
        problem = Problem("no_reader", header.exhibit, severity=Severity.ERROR)
        return Reading("box", "1", Grade.UNGRADED, problems=(problem,), complete=False)


def test_what_an_older_program_could_not_read_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    heap = make_heap(tmp_path)
    first = open_heap(heap, None, options(), room=Improving)
    assert (first.unread, first.complete) == (3, 0)
    again = open_heap(heap, None, options(), room=Improving)
    assert again.log_root == first.log_root  # the same again is not written down again
    monkeypatch.setattr(Improving, "knows_text", True)
    third = open_heap(heap, None, options(), room=Improving)
    assert (third.unread, third.complete) == (0, 3)
    assert {e.outcome for e in load_records(third.case_dir).exhibits} == {Outcome.OK}
    assert not verify(third.case_dir).damaged


class Failing(PlainRoom):
    """A room that breaks down at the second exhibit."""

    def read(
        self, original: BinaryIO, header: Header, on_member: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        if header.exhibit == 2:
            raise KeyboardInterrupt
        return super().read(original, header, on_member)


def test_a_run_that_is_broken_off_while_reading_keeps_what_is_sealed_and_goes_on_later(
    tmp_path: Path,
) -> None:
    heap = make_heap(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        open_heap(heap, None, options(), room=Failing)
    case = tmp_path / "证据.case"
    assert len(load_records(case).exhibits) == 3
    assert not verify(case).damaged
    report = open_heap(heap, None, options(), room=PlainRoom)
    assert {e.outcome for e in load_records(report.case_dir).exhibits} == {Outcome.OK}


def test_an_instant_without_a_zone_and_an_unknown_zone_are_refused(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    for wrong in ({"now": datetime(2026, 11, 1)}, {"zone": "Moon/Base"}, {"zone": "../etc"}):  # noqa: DTZ001
        with pytest.raises(UsageError):
            open_heap(heap, None, options(**wrong), room=PlainRoom)
    assert not (tmp_path / "证据.case").exists()


def test_an_existing_case_keeps_its_own_place_and_language(tmp_path: Path) -> None:
    heap = make_heap(tmp_path)
    open_heap(heap, None, options(jurisdiction="gb", lang="en", zone="Europe/London"), room=PlainRoom)
    case = open_heap(heap, None, options(), room=PlainRoom).case
    assert (case.jurisdiction, case.lang, case.zone) == ("gb", "en", "Europe/London")


@pytest.mark.parametrize(
    "answers", [{"": "x"}, {"User Name": "x"}, {"a@" + "s" * 201: "x"}, {"a": "x" * 100_001}]
)
def test_an_answer_that_could_not_be_read_back_is_refused_at_once(
    tmp_path: Path, answers: dict[str, str]
) -> None:
    with pytest.raises(UsageError):
        open_heap(make_heap(tmp_path), None, options(answers=answers), room=PlainRoom)
    assert not (tmp_path / "证据.case").exists()
