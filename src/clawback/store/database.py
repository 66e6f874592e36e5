"""Opening SQLite so that a commit is durable, with or without encryption, and naming what goes wrong."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import sqlcipher3.dbapi2 as sqlcipher  # type: ignore[import-untyped]

from clawback.errors import CaseBusy, CaseDamaged, ClawbackError, TargetNotWritable

Connection = sqlite3.Connection
"""The encrypted one is another class with the same methods."""

_FAULTS: tuple[type[Exception], ...] = (sqlite3.Error, sqlcipher.Error)
_WAIT_SECONDS = 30.0
_FULL = ("full", "readonly", "read-only", "unable to open", "disk i/o error")


def connect(path: Path, key: bytes | None, *, create: bool) -> Connection:
    """Open the database; `key` is 32 raw bytes for an encrypted one. Journal and full flushes as documented.

    A rollback journal, not a write-ahead log: between transactions the whole record is one file that can be
    copied. Raises CaseDamaged, CaseBusy, TargetNotWritable.
    """
    uri = f"{path.absolute().as_uri()}?mode={'rwc' if create else 'rw'}"
    with faults_named():
        connection = _raw(uri, key)
        try:
            _settle(connection, key)
        except BaseException:
            connection.close()
            raise
    return connection


def _raw(uri: str, key: bytes | None) -> Connection:
    if key is None:
        return sqlite3.connect(uri, uri=True, isolation_level=None, timeout=_WAIT_SECONDS)
    return cast(Connection, sqlcipher.connect(uri, uri=True, isolation_level=None, timeout=_WAIT_SECONDS))


def _settle(connection: Connection, key: bytes | None) -> None:
    if key is not None:
        connection.execute(f"PRAGMA key = \"x'{key.hex()}'\"")
    connection.execute("PRAGMA journal_mode = DELETE")
    connection.execute("PRAGMA synchronous = EXTRA")  # also the folder after the journal is gone
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA temp_store = MEMORY")  # no plain text in temporary files
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA cell_size_check = ON")


@contextmanager
def faults_named() -> Iterator[None]:
    """Turn the database's faults into ours."""
    try:
        yield
    except _FAULTS as error:
        raise _named(error) from error


def _named(error: Exception) -> ClawbackError:
    text = str(error).lower()
    if "locked" in text or "busy" in text:
        return CaseBusy(
            "another run is writing the case; try again when it has ended",
            "另一个程序正在写入此案卷，请等它结束后再试",
        )
    if any(word in text for word in _FULL):
        return TargetNotWritable(
            f"the records of the case cannot be written ({text})", f"案卷记录无法写入（{text}）"
        )
    return CaseDamaged(f"the records of the case are damaged ({text})", f"案卷记录已损坏（{text}）")


@contextmanager
def transaction(connection: Connection) -> Iterator[None]:
    """All or nothing, durable on return."""
    with faults_named():
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
