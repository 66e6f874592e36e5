"""Whatever is changed in a case afterwards is found, and named by exhibit or by line of the log."""

from __future__ import annotations

import contextlib
import random
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import pytest

from clawback.desk.intake import OpenOptions, open_heap
from clawback.desk.records import load_records, log_lines, record_decisions, record_export, record_filings
from clawback.desk.verifying import Finding, Verification, verify
from clawback.errors import CaseDamaged, CaseLocked, ClawbackError
from clawback.model.evidence import Grade
from clawback.readers.contract import Reading
from clawback.readers.wire import Header
from clawback.store.records import Decision, FilingMade
from clawback.vault.folder import blobs

NOW = datetime(2026, 11, 1, 9, 30, tzinfo=UTC)
WORDS = "correct horse battery"


class NoReader:
    """Understands nothing, so that these tests are about what was sealed."""

    def __init__(self, workers: int) -> None: ...

    def __enter__(self) -> NoReader:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(
        self, original: BinaryIO, header: Header, on_member: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        return Reading("none", "1", Grade.UNGRADED)


@pytest.fixture
def case(tmp_path: Path) -> Path:
    """A case with three exhibits (the first with two names), a decision, a filing and a problem.

    Its log: 0 opened, 1-3 sealed, 4 named, 5 noticed, 6-8 derived, 9 decided, 10 filed, 11 exported.
    """
    return make_case(tmp_path, None)


def make_case(tmp_path: Path, passphrase: str | None) -> Path:
    heap = tmp_path / "heap"
    heap.mkdir()
    for name, text in (("a.txt", "one"), ("b.txt", "two" * 1000), ("c.txt", "three"), ("d.txt", "one")):
        (heap / name).write_text(text, "utf-8")
    (heap / "link").symlink_to("a.txt")
    case = open_heap(heap, None, OpenOptions(NOW, passphrase=passphrase), room=NoReader).case_dir
    record_decisions(case, [Decision("scope", ("T1",), "in", "user", NOW)], passphrase)
    record_filings(
        case, [FilingMade("police", "police", (("a.pdf", "0" * 64),), 9, "0" * 64, NOW)], passphrase
    )
    record_export(case, "clawback.case/1", NOW, passphrase)
    return case


def change(case: Path, *statements: str) -> None:
    """What somebody with a database tool could do."""
    connection = sqlite3.connect(case / "case.db")
    with connection:
        connection.execute("PRAGMA foreign_keys = OFF")
        for statement in statements:
            connection.execute(statement)
    connection.close()


def found(case: Path) -> set[tuple[str, int | None, int | None]]:
    result = verify(case)
    assert result.damaged
    return {(one.code, one.exhibit, one.line) for one in result.findings}


def flip(path: Path, at: int) -> None:
    data = bytearray(path.read_bytes())
    data[at] ^= 0x10
    path.chmod(0o600)
    path.write_bytes(data)


def test_an_untouched_case_verifies(case: Path) -> None:
    result = verify(case)
    assert result == Verification((), True, 3, 12, load_records(case).log_root)


def test_verifying_changes_nothing(case: Path) -> None:
    before = {path: path.read_bytes() for path in case.rglob("*") if path.is_file()}
    verify(case)
    assert {path: path.read_bytes() for path in case.rglob("*") if path.is_file()} == before


@pytest.mark.parametrize("at", [0, 1500, 2999])
def test_a_flipped_bit_in_an_original_is_found(case: Path, at: int) -> None:
    flip(max(blobs(case), key=lambda path: path.stat().st_size), at)
    assert found(case) == {("original_changed", 2, None)}


def test_an_original_that_is_gone_is_named(case: Path) -> None:
    max(blobs(case), key=lambda path: path.stat().st_size).unlink()
    assert found(case) == {("original_missing", 2, None)}


def test_an_exhibit_deleted_from_the_records_is_named(case: Path) -> None:
    tables = ("readings", "outbox", "names")
    change(case, *(f"DELETE FROM {table} WHERE exhibit = 2" for table in tables))  # noqa: S608
    change(case, "DELETE FROM exhibits WHERE number = 2")
    assert found(case) == {
        ("exhibit_missing", 2, 2),
        ("reading_missing", 2, 7),
        ("original_without_exhibit", None, None),
    }


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        (
            "UPDATE exhibits SET sealed_at = '2020-01-01T00:00:00+00:00' WHERE number = 3",
            ("exhibit_changed", 3, 3),
        ),
        ("UPDATE exhibits SET parent = 1 WHERE number = 3", ("exhibit_changed", 3, 3)),
        ("UPDATE names SET name = 'z.txt' WHERE exhibit = 2", ("exhibit_changed", 2, 2)),
        ("DELETE FROM names WHERE exhibit = 2", ("exhibit_changed", 2, 2)),
        ("UPDATE names SET name = 'z.txt' WHERE place = 2", ("name_changed", 1, 4)),
        ("DELETE FROM names WHERE place = 2", ("name_missing", 1, 4)),
        (
            "UPDATE readings SET text = replace(text, 'none', 'some') WHERE exhibit = 1",
            ("reading_changed", 1, 6),
        ),
        ("UPDATE readings SET grade = 'photo' WHERE exhibit = 1", ("reading_changed", 1, 6)),
        ("DELETE FROM problems", ("problem_missing", None, 5)),
        ("UPDATE decisions SET value = 'out'", ("decision_changed", None, 9)),
        ("DELETE FROM decisions", ("decision_missing", None, 9)),
        ("UPDATE filings SET files = '[]'", ("filing_changed", None, 10)),
        ("UPDATE cases SET zone = 'UTC'", ("case_changed", None, 0)),
        (
            "INSERT INTO decisions (kind, subject, value, who, at)"
            " VALUES ('scope', '[\"T2\"]', 'in', 'user', '2026-11-01T09:30:00+00:00')",
            ("decision_not_in_log", None, None),
        ),
    ],
)
def test_an_edited_record_is_named(
    case: Path, statement: str, expected: tuple[str, int | None, int | None]
) -> None:
    change(case, statement)
    assert expected in found(case)
    assert {one.code for one in verify(case).findings} <= {expected[0], "never_read", "reading_missing"}


def test_a_log_line_taken_out_is_named(case: Path) -> None:
    change(case, "DELETE FROM log WHERE position = 5")
    assert ("log_line_missing", None, 5) in found(case)


def test_a_log_line_taken_out_and_the_rest_moved_up_is_named(case: Path) -> None:
    change(case, "DELETE FROM log WHERE position = 5")
    for position in range(6, 12):
        change(case, f"UPDATE log SET position = {position - 1} WHERE position = {position}")  # noqa: S608
    assert {("log_line_missing", None, 5), ("log_shortened", None, None)} <= found(case)


def test_the_last_log_lines_cut_off_are_named(case: Path) -> None:
    change(case, "DELETE FROM log WHERE position >= 10", "DELETE FROM filings")
    assert {
        ("log_line_missing", None, 10),
        ("log_line_missing", None, 11),
        ("log_shortened", None, None),
    } <= found(case)
    with pytest.raises(CaseDamaged):
        load_records(case)


def test_two_log_lines_put_in_another_order_are_named(case: Path) -> None:
    change(
        case,
        "UPDATE log SET position = 100 WHERE position = 2",
        "UPDATE log SET position = 2 WHERE position = 3",
        "UPDATE log SET position = 3 WHERE position = 100",
    )
    assert found(case) == {
        ("log_line_moved", None, 2),
        ("log_line_moved", None, 3),
        ("log_changed", None, None),
    }


def test_an_edited_log_line_is_named(case: Path) -> None:
    edit = "CAST(replace(CAST(leaf AS TEXT), '2026-11-01', '2026-10-01') AS BLOB)"
    change(case, f"UPDATE log SET leaf = {edit} WHERE position = 4")  # noqa: S608
    assert {("log_line_changed", None, 4), ("log_changed", None, None)} <= found(case)


def test_an_edited_content_of_a_log_line_is_named(case: Path) -> None:
    change(
        case,
        "UPDATE decisions SET value = 'out'",
        "UPDATE log SET content = CAST(replace(CAST(content AS TEXT), '\"in\"', '\"out\"') AS BLOB)"
        " WHERE position = 9",
    )
    assert found(case) == {("log_line_changed", None, 9)}


def test_a_line_put_into_the_log_is_named(case: Path) -> None:
    change(
        case,
        "UPDATE log SET position = position + 100 WHERE position >= 6",
        "UPDATE log SET position = position - 99 WHERE position >= 100",
        "INSERT INTO log SELECT 6, leaf, salt, content FROM log WHERE position = 0",
    )
    assert {("log_line_put_in", None, 6), ("log_changed", None, None)} <= found(case)


@pytest.mark.parametrize("name", ["checkpoint", "log"])
def test_a_damaged_checkpoint_or_hash_list_is_found(case: Path, name: str) -> None:
    flip(case / name, 40)
    assert found(case)


def test_a_case_put_back_to_an_older_state_is_found(case: Path, tmp_path: Path) -> None:
    older = (case / "case.db").read_bytes()
    record_decisions(case, [Decision("scope", ("T1",), "out", "user", NOW)])
    (case / "case.db").write_bytes(older)
    assert {("log_line_missing", None, 12), ("log_shortened", None, None)} <= found(case)


def test_records_that_are_gone_or_broken_are_found(case: Path) -> None:
    (case / "case.db").write_bytes(b"\0" * 4096)
    assert ("records_unreadable", None, None) in found(case)
    (case / "case.db").unlink()
    assert ("records_missing", None, None) in found(case)


def test_what_an_interrupted_run_left_is_named_without_alarm(case: Path) -> None:
    (case / "incoming" / ("0" * 32)).write_bytes(b"half")
    result = verify(case)
    assert result.findings == (Finding("unfinished_copy", detail="0" * 32, damage=False),)
    assert not result.damaged


@pytest.mark.usefixtures("quick_passphrase")
def test_an_encrypted_case_is_checked_in_part_without_its_passphrase(
    tmp_path: Path,
) -> None:
    case = make_case(tmp_path, WORDS)
    without, complete = verify(case), verify(case, WORDS)
    assert (without.complete, complete.complete) == (False, True)
    assert without.log_root == complete.log_root
    assert not without.findings
    assert not complete.findings
    with pytest.raises(CaseLocked):
        verify(case, "wrong")
    blob = max(blobs(case), key=lambda path: path.stat().st_size)
    flip(blob, 300)
    assert [(one.code, one.detail) for one in verify(case).findings] == [("original_changed", blob.name)]
    assert [(one.code, one.exhibit) for one in verify(case, WORDS).findings] == [("original_changed", 2)]
    flip(case / "log", 40)
    assert "log_changed" in {one.code for one in verify(case).findings}


def test_every_single_bit_flip_in_the_records_that_changes_a_record_is_found(case: Path) -> None:
    """Flips spread over the database file: whatever then loads differently must be found."""
    database = case / "case.db"
    sound = database.read_bytes()
    truth = _contents(database)
    silent = []
    for at in range(0, len(sound), max(1, len(sound) // 400)):
        data = bytearray(sound)
        data[at] ^= 1 << (at % 8)
        database.write_bytes(data)
        if _contents(database) != truth and not verify(case).damaged:
            silent.append(at)
    assert silent == []


def _contents(database: Path) -> object:
    connection = sqlite3.connect(database)
    try:
        tables = ("cases", "exhibits", "names", "readings", "problems", "decisions", "filings", "log")
        return [connection.execute(f"SELECT * FROM {table}").fetchall() for table in tables]  # noqa: S608
    except (sqlite3.Error, UnicodeDecodeError):
        return None
    finally:
        connection.close()


@pytest.mark.parametrize("seed", range(30))
def test_whatever_is_damaged_ends_in_a_finding_or_in_one_of_our_own_errors(case: Path, seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311  # repeatable, not secret
    others = [path for path in case.rglob("*") if path.is_file() and path.stat().st_size]
    path = case / "case.db" if seed % 2 else draw.choice(sorted(others))
    data = bytearray(path.read_bytes())
    at = draw.randrange(len(data))
    if seed % 3 == 0:
        del data[at:]
    else:
        data[at : at + 100] = draw.randbytes(draw.randrange(1, 200))
    path.write_bytes(data)
    for use in (verify, load_records, log_lines, lambda case: record_export(case, "x", NOW)):
        with contextlib.suppress(ClawbackError):
            use(case)
