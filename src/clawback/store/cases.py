"""The records of one case. Takes nouns and returns nouns; knows nothing of files or of readers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from datetime import datetime
from pathlib import Path
from types import UnionType
from typing import Any

from clawback.errors import CaseDamaged
from clawback.model.case import Case
from clawback.model.evidence import Exhibit, Grade, Locator, Outcome, Problem, Severity
from clawback.store.database import Connection, connect, faults_named, transaction
from clawback.store.records import Decision, FilingMade, LogLine, Name, Result, StoredReading
from clawback.store.schema import has_tables, make_tables

_HASH = re.compile("[0-9a-f]{64}")
_Type = type | UnionType
_INT, _STR, _BYTES = int | None, str | None, bytes | None


class CaseStore:
    """An open case database; a context manager. Every write must stand inside `transaction`.

    Any method raises CaseDamaged when the database is not what was written, TargetNotWritable when it cannot
    be written, CaseBusy when another program holds it.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @classmethod
    def open(cls, path: Path, key: bytes | None) -> CaseStore | None:
        """Open the records; None when there are none yet (making the case was cut off)."""
        if not path.exists():
            return None
        store = cls(connect(path, key, create=False))
        try:
            with faults_named():
                made = has_tables(store._connection)
        except BaseException:
            store.close()
            raise
        if not made:
            store.close()
            return None
        return store

    @classmethod
    def create(cls, path: Path, key: bytes | None) -> CaseStore:
        """A store without tables; the first transaction must begin with `make_case`."""
        return cls(connect(path, key, create=True))

    def __enter__(self) -> CaseStore:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the database."""
        self._connection.close()

    def transaction(self) -> AbstractContextManager[None]:
        """All or nothing; durable when it ends."""
        return transaction(self._connection)

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one state, even while another program writes (it has to wait)."""
        with faults_named():
            self._connection.execute("BEGIN")
            try:
                yield
            finally:
                self._connection.execute("ROLLBACK")

    # writing

    def make_case(self, case: Case) -> None:
        """Make the tables and the one row of the case."""
        make_tables(self._connection)
        self._do(
            "INSERT INTO cases VALUES (?, ?, ?, ?, ?, ?)",
            case.id, case.jurisdiction, case.lang, case.zone, case.opened_at.isoformat(), int(case.encrypted),
        )  # fmt: skip

    def add_exhibit(self, exhibit: Exhibit, raw_name: bytes, stored: str) -> None:
        """A new exhibit with its first name, waiting to be read. `stored`: name of its blob."""
        self._do(
            "INSERT INTO exhibits VALUES (?, ?, ?, ?, ?, ?, ?)",
            exhibit.number, exhibit.sha256, exhibit.size, exhibit.media_type, exhibit.sealed_at.isoformat(),
            exhibit.parent, stored,
        )  # fmt: skip
        self._do("INSERT INTO names VALUES (?, 1, ?, ?)", exhibit.number, exhibit.name, raw_name)
        self._do("INSERT INTO outbox VALUES (?)", exhibit.number)

    def add_name(self, name: Name) -> None:
        """Another name under which an exhibit was handed in."""
        self._do("INSERT INTO names VALUES (?, ?, ?, ?)", name.exhibit, name.place, name.name, name.raw)

    def add_problem(self, problem: Problem) -> None:
        """A problem of intake itself (its locator is the whole exhibit)."""
        self._do(
            "INSERT INTO problems (exhibit, code, detail, severity) VALUES (?, ?, ?, ?)",
            problem.exhibit, problem.code, problem.detail, problem.severity.value,
        )  # fmt: skip

    def save_reading(self, reading: StoredReading, result: Result) -> None:
        """Keep what was read and take the exhibit out of the outbox."""
        self._do(
            "INSERT OR REPLACE INTO readings VALUES (?, ?, ?, ?, ?, ?, ?)",
            reading.exhibit, reading.reader, reading.version, result.grade.value, result.outcome.value,
            result.reason, reading.text,
        )  # fmt: skip
        self._do("DELETE FROM outbox WHERE exhibit = ?", reading.exhibit)

    def add_decision(self, decision: Decision) -> None:
        """Append a decision."""
        self._do(
            "INSERT INTO decisions (kind, subject, value, who, at) VALUES (?, ?, ?, ?, ?)",
            decision.kind, json.dumps(decision.subject), decision.value, decision.who,
            decision.at.isoformat(),
        )  # fmt: skip

    def add_filing(self, filing: FilingMade) -> None:
        """Append a filing made."""
        self._do(
            "INSERT INTO filings (form, recipient, files, log_size, log_root, at, missing)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            filing.form, filing.recipient, json.dumps(filing.files), filing.log_size, filing.log_root,
            filing.at.isoformat(), json.dumps(filing.missing),
        )  # fmt: skip

    def append_log(self, line: LogLine) -> None:
        """Append one line; its position must be the next."""
        self._do("INSERT INTO log VALUES (?, ?, ?, ?)", line.position, line.leaf, line.salt, line.content)

    # reading

    def case(self) -> Case:
        """The case."""
        query = "SELECT id, jurisdiction, lang, zone, opened_at, encrypted FROM cases"
        rows = self._rows(query, str, str, str, str, str, int)
        if len(rows) != 1:
            raise CaseDamaged("the row of the case is missing", "案卷的基本信息不见了")
        with _shapes_named("the case", "基本信息"):
            identity, jurisdiction, lang, zone, opened_at, encrypted = rows[0]
            return Case(
                identity, jurisdiction, lang, zone, datetime.fromisoformat(opened_at), bool(encrypted)
            )

    def exhibits(self) -> tuple[Exhibit, ...]:
        """Every exhibit, by number."""
        names: dict[int, list[str]] = {}
        for name in self.names():
            names.setdefault(name.exhibit, []).append(name.name)
        rows = self._rows(
            "SELECT e.number, e.sha256, e.size, e.media_type, e.sealed_at, e.parent,"
            " r.grade, r.outcome, r.reason, r.reader"
            " FROM exhibits e LEFT JOIN readings r ON r.exhibit = e.number ORDER BY e.number",
            int, str, int, str, str, _INT, _STR, _STR, _STR, _STR,
        )  # fmt: skip
        return tuple(_exhibit(row, tuple(names.get(row[0], ("",)))) for row in rows)

    def names(self) -> tuple[Name, ...]:
        """Every name, by exhibit and place."""
        query = "SELECT exhibit, place, name, raw FROM names ORDER BY exhibit, place"
        rows = self._rows(query, int, int, str, bytes)
        return tuple(Name(*row) for row in rows)

    def blob_names(self) -> Mapping[int, str]:
        """Name of the blob of each exhibit."""
        rows = self._rows("SELECT number, stored FROM exhibits ORDER BY number", int, str)
        for number, stored in rows:
            if not _HASH.fullmatch(stored):  # it becomes a path
                raise _not_as_written(f"exhibit {number}", f"第 {number} 号证据")
        return dict(rows)

    def waiting(self) -> tuple[int, ...]:
        """Numbers of exhibits sealed and not read yet."""
        rows = self._rows("SELECT exhibit FROM outbox ORDER BY exhibit", int)
        return tuple(number for (number,) in rows)

    def readings(self, grade: Grade | None = None) -> Iterator[StoredReading]:
        """Every reading (of one grade), by exhibit, one at a time."""
        query = "SELECT exhibit, reader, version, text FROM readings"
        if grade is None:
            cursor = self._cursor(query + " ORDER BY exhibit")
        else:
            cursor = self._cursor(query + " WHERE grade = ? ORDER BY exhibit", grade.value)
        with faults_named():
            for row in cursor:
                yield StoredReading(*_typed(row, (int, str, str, str)))

    def results(self) -> Mapping[int, Result]:
        """How reading ended, by exhibit."""
        rows = self._rows("SELECT exhibit, grade, outcome, reason FROM readings", int, str, str, _STR)
        with _shapes_named("the readings", "读取结果"):
            return {number: Result(Grade(grade), Outcome(end), why) for number, grade, end, why in rows}

    def problems(self) -> tuple[Problem, ...]:
        """Problems of intake, in order of discovery."""
        query = "SELECT code, exhibit, detail, severity FROM problems ORDER BY id"
        rows = self._rows(query, str, int, str, str)
        with _shapes_named("the problems", "疑点"):
            return tuple(Problem(row[0], row[1], Locator(), row[2], Severity(row[3])) for row in rows)

    def decisions(self) -> tuple[Decision, ...]:
        """Decisions, oldest first."""
        query = "SELECT kind, subject, value, who, at FROM decisions ORDER BY id"
        rows = self._rows(query, str, str, str, str, str)
        with _shapes_named("the decisions", "确认事项"):
            return tuple(
                Decision(kind, tuple(json.loads(subject)), value, who, datetime.fromisoformat(at))
                for kind, subject, value, who, at in rows
            )

    def filings(self) -> tuple[FilingMade, ...]:
        """Filings made, oldest first."""
        rows = self._rows(
            "SELECT form, recipient, files, log_size, log_root, at, missing FROM filings ORDER BY id",
            str, str, str, int, str, str, str,
        )  # fmt: skip
        with _shapes_named("the filings", "文书"):
            return tuple(
                FilingMade(
                    form, to, tuple((name, sha) for name, sha in json.loads(files)), size, root,
                    datetime.fromisoformat(at), tuple(json.loads(missing)),
                )
                for form, to, files, size, root, at, missing in rows
            )  # fmt: skip

    def log(self) -> tuple[LogLine, ...]:
        """Every line of the log, by position."""
        query = "SELECT position, leaf, salt, content FROM log ORDER BY position"
        rows = self._rows(query, int, bytes, _BYTES, _BYTES)
        return tuple(LogLine(*row) for row in rows)

    def leaves(self) -> Iterable[bytes]:
        """The leaves alone, by position."""
        return [leaf for (leaf,) in self._rows("SELECT leaf FROM log ORDER BY position", bytes)]

    def faults(self) -> tuple[str, ...]:
        """What the database's own check finds wrong with its structure. It notices far from everything: only
        the log tells whether a record was changed."""
        rows = self._rows("PRAGMA integrity_check", str)
        return tuple(text for (text,) in rows if text != "ok")

    def _do(self, statement: str, *values: object) -> None:
        with faults_named():
            self._connection.execute(statement, values)

    def _cursor(self, query: str, *values: object) -> Any:
        with faults_named():
            return self._connection.execute(query, values)

    def _rows(self, query: str, *types: _Type) -> list[Any]:
        with faults_named():
            rows = self._connection.execute(query).fetchall()
        return [_typed(row, types) for row in rows]


def _typed(row: Any, types: tuple[_Type, ...]) -> Any:
    """The row, if each value has its type; the database does not promise it once its file was damaged."""
    if all(isinstance(value, kind) for value, kind in zip(row, types, strict=True)):
        return row
    raise _not_as_written(f"number {row[0]}", f"第 {row[0]} 号")


def _exhibit(row: Any, names: tuple[str, ...]) -> Exhibit:
    number, sha256, size, media_type, sealed_at, parent, grade, outcome, reason, reader = row
    with _shapes_named(f"exhibit {number}", f"第 {number} 号证据"):
        return Exhibit(
            number=number,
            names=names,
            sha256=sha256,
            size=size,
            media_type=media_type,
            sealed_at=datetime.fromisoformat(sealed_at),
            parent=parent,
            grade=Grade(grade) if grade else Grade.UNGRADED,
            outcome=Outcome(outcome) if outcome else Outcome.WAITING,
            reason=reason,
            reader=reader,
        )


@contextmanager
def _shapes_named(en: str, zh: str) -> Iterator[None]:
    """Rows that do not have the shape they were written with are damage, not a bug."""
    try:
        yield
    except (ValueError, TypeError, KeyError) as error:
        raise _not_as_written(en, zh) from error


def _not_as_written(en: str, zh: str) -> CaseDamaged:
    return CaseDamaged(f"the record of {en} is not what was written", f"案卷中{zh}的记录与当初写入的不符")
