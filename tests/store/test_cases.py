"""What is put into the records comes back as it was, or not at all."""

from __future__ import annotations

import sqlite3
from datetime import datetime, timedelta, timezone
from pathlib import Path

import pytest

from clawback.errors import CaseBusy, CaseDamaged, TargetNotWritable
from clawback.model.case import Case
from clawback.model.evidence import Exhibit, Grade, Outcome, Problem, Severity
from clawback.store.cases import CaseStore
from clawback.store.records import Decision, FilingMade, LogLine, Name, Result, StoredReading

NOW = datetime(2026, 11, 1, 17, 30, 0, 123456, tzinfo=timezone(timedelta(hours=8)))
CASE = Case("0" * 32, "cn", "zh", "Asia/Shanghai", NOW, False)
KEY = bytes(range(32))


def exhibit(number: int, **changes: object) -> Exhibit:
    fields: dict[str, object] = {
        "number": number,
        "names": (f"{number}.txt",),
        "sha256": f"{number:064x}",
        "size": number,
        "media_type": "text/plain",
        "sealed_at": NOW,
    }
    return Exhibit(**(fields | changes))  # type: ignore[arg-type]


def make(path: Path, key: bytes | None = None) -> CaseStore:
    store = CaseStore.create(path, key)
    with store.transaction():
        store.make_case(CASE)
    return store


@pytest.mark.parametrize("key", [None, KEY])
def test_everything_comes_back_as_it_was_put_in(tmp_path: Path, key: bytes | None) -> None:
    first, second = exhibit(1), exhibit(2, parent=1)
    decision = Decision("merge", ("T1.r2", "T3.p1"), "", "用户", NOW)
    filing = FilingMade(
        "cn.police", "派出所", (("报案材料.pdf", "0" * 64),), 4, "f" * 64, NOW, ("payee_name",)
    )
    problem = Problem("link_not_followed", 0, detail="链接", severity=Severity.ERROR)
    with make(tmp_path / "case.db", key) as store, store.transaction():
        store.add_exhibit(first, b"1.txt", "a" * 64)
        store.add_exhibit(second, b"\xff", "b" * 64)
        store.add_name(Name(1, 2, "copy.txt", b"copy.txt"))
        store.save_reading(
            StoredReading(1, "plain", "2", '{"x": "文"}'), Result(Grade.PHOTO, Outcome.PARTIAL, "blurred")
        )
        store.add_decision(decision)
        store.add_filing(filing)
        store.add_problem(problem)
        store.append_log(LogLine(0, b"leaf", b"salt", b"content"))
        store.append_log(LogLine(1, b"erased", None, None))
    again = CaseStore.open(tmp_path / "case.db", key)
    assert again is not None
    with again:
        assert again.case() == CASE
        read = exhibit(
            1,
            names=("1.txt", "copy.txt"),
            grade=Grade.PHOTO,
            outcome=Outcome.PARTIAL,
            reason="blurred",
            reader="plain",
        )
        assert again.exhibits() == (read, second)
        assert [name.raw for name in again.names()] == [b"1.txt", b"copy.txt", b"\xff"]
        assert again.blob_names() == {1: "a" * 64, 2: "b" * 64}
        assert again.waiting() == (2,)
        assert [reading.text for reading in again.readings()] == ['{"x": "文"}']
        assert list(again.readings(Grade.STATEMENT)) == []
        assert again.decisions() == (decision,)
        assert again.filings() == (filing,)
        assert again.problems() == (problem,)
        assert again.log() == (LogLine(0, b"leaf", b"salt", b"content"), LogLine(1, b"erased", None, None))
        assert again.faults() == ()


def test_a_transaction_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with make(tmp_path / "case.db") as store:
        with pytest.raises(ZeroDivisionError):
            _fail_half_way(store)
        assert store.exhibits() == ()


def _fail_half_way(store: CaseStore) -> None:
    with store.transaction():
        store.add_exhibit(exhibit(1), b"1.txt", "a" * 64)
        raise ZeroDivisionError


def test_the_same_bytes_or_the_same_log_line_twice_is_refused(tmp_path: Path) -> None:
    with make(tmp_path / "case.db") as store:
        with store.transaction():
            store.add_exhibit(exhibit(1), b"1.txt", "a" * 64)
            store.append_log(LogLine(0, b"leaf", b"salt", b"content"))
        with pytest.raises(CaseDamaged), store.transaction():
            store.add_exhibit(exhibit(2, sha256=exhibit(1).sha256), b"2.txt", "b" * 64)
        with pytest.raises(CaseDamaged), store.transaction():
            store.append_log(LogLine(0, b"leaf", b"salt", b"content"))


def test_there_are_no_records_where_making_them_was_cut_off(tmp_path: Path) -> None:
    assert CaseStore.open(tmp_path / "case.db", None) is None
    (tmp_path / "case.db").touch()
    assert CaseStore.open(tmp_path / "case.db", None) is None


def test_a_file_that_is_no_database_of_ours_is_damage(tmp_path: Path) -> None:
    (tmp_path / "noise.db").write_bytes(b"noise" * 1000)
    with pytest.raises(CaseDamaged):
        CaseStore.open(tmp_path / "noise.db", None)
    connection = sqlite3.connect(tmp_path / "other.db")
    connection.execute("CREATE TABLE t (x)")
    connection.close()
    with pytest.raises(CaseDamaged):
        CaseStore.open(tmp_path / "other.db", None)


def test_records_of_a_later_format_are_left_alone(tmp_path: Path) -> None:
    make(tmp_path / "case.db").close()
    connection = sqlite3.connect(tmp_path / "case.db")
    connection.execute("PRAGMA user_version = 2")
    connection.close()
    with pytest.raises(CaseDamaged, match="newer"):
        CaseStore.open(tmp_path / "case.db", None)


def test_encrypted_records_open_only_with_their_key(tmp_path: Path) -> None:
    make(tmp_path / "case.db", KEY).close()
    assert b"Asia/Shanghai" not in (tmp_path / "case.db").read_bytes()
    for key in (None, bytes(32)):
        with pytest.raises(CaseDamaged):
            CaseStore.open(tmp_path / "case.db", key)


def test_a_record_with_an_impossible_value_is_named(tmp_path: Path) -> None:
    with make(tmp_path / "case.db") as store, store.transaction():
        store.add_exhibit(exhibit(1), b"1.txt", "a" * 64)
    connection = sqlite3.connect(tmp_path / "case.db")
    with connection:
        connection.execute("UPDATE exhibits SET sealed_at = 'yesterday'")
    connection.close()
    again = CaseStore.open(tmp_path / "case.db", None)
    assert again is not None
    with again, pytest.raises(CaseDamaged, match="exhibit 1"):
        again.exhibits()


def test_commits_are_flushed_in_full(tmp_path: Path) -> None:
    with make(tmp_path / "case.db") as store:
        connection = store._connection
        assert connection.execute("PRAGMA synchronous").fetchone() == (3,)  # EXTRA
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("delete",)


def test_a_full_disk_is_told_from_damage_and_leaves_the_records_as_they_were(tmp_path: Path) -> None:
    with make(tmp_path / "case.db") as store:
        (pages,) = store._connection.execute("PRAGMA page_count").fetchone()
        store._connection.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(TargetNotWritable):
            _add_much(store)
        assert store.exhibits() == ()
        assert store.faults() == ()


def _add_much(store: CaseStore) -> None:
    with store.transaction():
        store.add_exhibit(exhibit(1, names=("x" * 100_000,)), b"1.txt", "a" * 64)


def test_a_second_program_that_writes_is_waited_for_and_then_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("clawback.store.database._WAIT_SECONDS", 0.05)
    with make(tmp_path / "case.db") as store:
        other = sqlite3.connect(tmp_path / "case.db", isolation_level=None)
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(CaseBusy):
            CaseStore.open(tmp_path / "case.db", None)
        other.execute("ROLLBACK")
        other.close()
        assert store.case() == CASE
