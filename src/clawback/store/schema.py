"""The tables of a case. A change raises SCHEMA_VERSION and adds a step that old cases go through."""

from __future__ import annotations

from clawback.errors import CaseDamaged
from clawback.store.database import Connection

SCHEMA_VERSION = 1
APPLICATION_ID = 0x434C4157  # "CLAW"

_TABLES = (
    """CREATE TABLE cases (
        id TEXT PRIMARY KEY, jurisdiction TEXT NOT NULL, lang TEXT NOT NULL, zone TEXT NOT NULL,
        opened_at TEXT NOT NULL, encrypted INTEGER NOT NULL) STRICT""",
    """CREATE TABLE exhibits (
        number INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, size INTEGER NOT NULL,
        media_type TEXT NOT NULL, sealed_at TEXT NOT NULL, parent INTEGER REFERENCES exhibits,
        stored TEXT NOT NULL UNIQUE) STRICT""",
    """CREATE TABLE names (
        exhibit INTEGER NOT NULL REFERENCES exhibits, place INTEGER NOT NULL, name TEXT NOT NULL,
        raw BLOB NOT NULL, PRIMARY KEY (exhibit, place), UNIQUE (exhibit, raw)) STRICT""",
    "CREATE TABLE outbox (exhibit INTEGER PRIMARY KEY REFERENCES exhibits) STRICT",
    """CREATE TABLE readings (
        exhibit INTEGER PRIMARY KEY REFERENCES exhibits, reader TEXT NOT NULL, version TEXT NOT NULL,
        grade TEXT NOT NULL, outcome TEXT NOT NULL, reason TEXT, text TEXT NOT NULL) STRICT""",
    """CREATE TABLE problems (
        id INTEGER PRIMARY KEY, exhibit INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
        severity TEXT NOT NULL, UNIQUE (exhibit, code, detail)) STRICT""",
    """CREATE TABLE decisions (
        id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, value TEXT NOT NULL,
        who TEXT NOT NULL, at TEXT NOT NULL) STRICT""",
    """CREATE TABLE filings (
        id INTEGER PRIMARY KEY, form TEXT NOT NULL, recipient TEXT NOT NULL, files TEXT NOT NULL,
        log_size INTEGER NOT NULL, log_root TEXT NOT NULL, at TEXT NOT NULL,
        missing TEXT NOT NULL) STRICT""",
    """CREATE TABLE log (
        position INTEGER PRIMARY KEY, leaf BLOB NOT NULL, salt BLOB, content BLOB) STRICT""",
)


def make_tables(connection: Connection) -> None:
    """Make every table, inside the caller's transaction."""
    for table in _TABLES:
        connection.execute(table)
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {SCHEMA_VERSION}")


def has_tables(connection: Connection) -> bool:
    """False for a database whose making was cut off.

    Raises CaseDamaged when it is not ours, or of a later version than this program knows.
    """
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    if (version, application) == (0, 0):
        (count,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        if count == 0:
            return False
    if application != APPLICATION_ID or version != SCHEMA_VERSION:
        raise CaseDamaged(
            f"the records are of another format (version {version}); a newer program may open them",
            f"案卷记录的格式不同（版本 {version}），请用更新的程序打开",
        )
    return True
