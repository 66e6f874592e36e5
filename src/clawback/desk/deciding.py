"""What a person decides about records: scope, and whether two records are one transfer."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from clawback.desk.records import load_records, record_decisions
from clawback.errors import UsageError
from clawback.model.ledger import Scope
from clawback.store.records import Decision


def confirm_scope(
    case_dir: Path, transfer: str, scope: Scope, now: datetime, passphrase: str | None = None
) -> str:
    """Write down the user's scope for a transfer (any id that it was read under); returns the case's
    language. Raises UsageError for an unknown id, and as `record_decisions`."""
    return _record(case_dir, Decision("scope", (transfer,), scope.value, "user", now), passphrase)


def same(
    case_dir: Path, first: str, second: str, one: bool, now: datetime, passphrase: str | None = None
) -> str:
    """Write down that two records are (or are not) one transfer; returns the case's language."""
    kind = "merge" if one else "unmerge"
    return _record(case_dir, Decision(kind, (first, second), "", "user", now), passphrase)


def _record(case_dir: Path, decision: Decision, passphrase: str | None) -> str:
    records = load_records(case_dir, passphrase)
    known = {transfer.id for reading in records.readings.values() for transfer in reading.transfers}
    for id in decision.subject:
        if id not in known:
            raise UsageError(f"No transfer {id} in this case.", f"案件里没有转账 {id}。")
    record_decisions(case_dir, (decision,), passphrase)
    return records.case.lang
