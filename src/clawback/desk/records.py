"""Everything that a case holds, loaded at once: what the case file is computed from."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clawback.desk.custody import Custody
from clawback.errors import CaseDamaged, UsageError
from clawback.model.case import Case
from clawback.model.evidence import Exhibit, Problem
from clawback.readers.contract import Reading
from clawback.readers.wire import ContractBroken, decode_reading
from clawback.store.records import Decision, FilingMade, LogLine, StoredReading
from clawback.vault.log import leaf_hash


@dataclass(frozen=True, slots=True)
class Records:
    """The stored state of a case.

    `exhibits` in order of number. `readings` by exhibit number; an exhibit that is still waiting has none.
    `problems`: those of intake itself (links, special files, changed while sealed; exhibit 0 = the heap);
    the problems inside readings are not repeated here. `decisions` and `filings` oldest first.
    `log_root`: hex root of the log of `log_size` lines.
    """

    case: Case
    exhibits: tuple[Exhibit, ...]
    readings: Mapping[int, Reading]
    problems: tuple[Problem, ...]
    decisions: tuple[Decision, ...]
    filings: tuple[FilingMade, ...]
    log_size: int
    log_root: str


class ReadingCache:
    """Readings decoded before, so that a case kept open decodes only what is new."""

    def __init__(self) -> None:
        self._known: dict[int, tuple[str, Reading]] = {}

    def decoded(self, stored: StoredReading) -> Reading:
        """The reading that `stored` holds. Raises CaseDamaged."""
        digest = stored.sha256
        known = self._known.get(stored.exhibit)
        if known is None or known[0] != digest:
            known = self._known[stored.exhibit] = (digest, _decoded(stored))
        return known[1]


def load_records(case_dir: Path, passphrase: str | None = None, cache: ReadingCache | None = None) -> Records:
    """Load a case without changing it. `cache`: kept by who loads the same case again and again.

    Raises CaseNotFound, CaseLocked (passphrase missing or wrong) or CaseDamaged.
    """
    with Custody.open(case_dir, passphrase) as custody:
        store = custody.store
        decoded = cache.decoded if cache else _decoded
        return Records(
            case=store.case(),
            exhibits=store.exhibits(),
            readings={stored.exhibit: decoded(stored) for stored in store.readings()},
            problems=store.problems(),
            decisions=store.decisions(),
            filings=store.filings(),
            log_size=custody.tree.size,
            log_root=custody.tree.root().hex(),
        )


def _decoded(stored: StoredReading) -> Reading:
    try:
        return decode_reading(stored.text.encode("utf-8"), stored.exhibit)
    except ContractBroken as error:
        raise CaseDamaged(
            f"the reading of exhibit {stored.exhibit} is not what was written",
            f"第 {stored.exhibit} 号证据的读取记录与当初写入的不符",
        ) from error


def exhibit_bytes(case_dir: Path, number: int, passphrase: str | None = None) -> bytes:
    """The original bytes of one exhibit, checked against its hash.

    Raises as `load_records`; CaseDamaged when the bytes differ; UsageError when there is no such exhibit.
    """
    with Custody.open(case_dir, passphrase) as custody:
        exhibit = next((e for e in custody.store.exhibits() if e.number == number), None)
        if exhibit is None:
            raise UsageError(f"there is no exhibit {number}", f"没有第 {number} 号证据")
        with custody.vault.original(custody.store.blob_names()[number]) as original:
            data = original.read()
    if hashlib.sha256(data).hexdigest() != exhibit.sha256:
        raise CaseDamaged(
            f"exhibit {number} is not what was sealed; run verify",
            f"第 {number} 号证据与封存时不一致，请运行 verify 查看",
        )
    return data


def record_decisions(case_dir: Path, decisions: Sequence[Decision], passphrase: str | None = None) -> None:
    """Append decisions to the case and to its log. Raises as `load_records`, and CaseBusy."""
    if not decisions:
        return
    with (
        Custody.open(case_dir, passphrase, writing=True) as custody,
        custody.change(max(decision.at for decision in decisions)) as change,
    ):
        for decision in decisions:
            change.decide(decision)


def record_filings(case_dir: Path, filings: Sequence[FilingMade], passphrase: str | None = None) -> None:
    """Write down that papers were made. Raises as `record_decisions`."""
    if not filings:
        return
    with (
        Custody.open(case_dir, passphrase, writing=True) as custody,
        custody.change(max(filing.at for filing in filings)) as change,
    ):
        for filing in filings:
            change.file(filing)


def log_lines(case_dir: Path, passphrase: str | None = None) -> tuple[dict[str, object], ...]:
    """The log as JSON values, by position: `position`, `leaf` (hashed in its RFC 8785 form), `leaf_hash`,
    and what its commitment opens to: `salt` (hex) and `content`; both None after an erasure.

    Raises as `load_records`.
    """
    with Custody.open(case_dir, passphrase) as custody:
        return tuple(_log_json(line) for line in custody.store.log())


def _log_json(line: LogLine) -> dict[str, object]:
    try:
        return {
            "position": line.position,
            "leaf": json.loads(line.leaf),
            "leaf_hash": leaf_hash(line.leaf).hex(),
            "salt": line.salt.hex() if line.salt is not None else None,
            "content": json.loads(line.content) if line.content is not None else None,
        }
    except ValueError as error:
        raise CaseDamaged(
            f"line {line.position} of the log is not what was written",
            f"日志第 {line.position} 行与当初写入的不符",
        ) from error


def record_export(case_dir: Path, what: str, at: datetime, passphrase: str | None = None) -> None:
    """Log that the case was written out (`what`: the schema name). Raises as `record_decisions`."""
    with Custody.open(case_dir, passphrase, writing=True) as custody, custody.change(at) as change:
        change.export(what)
