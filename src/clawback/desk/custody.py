"""A case open for work: vault, records and log moved together, so that none says what the others do not.

Every change is one transaction: originals made durable, rows and log lines committed together, then the
checkpoint put down.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from clawback.errors import CaseDamaged, CaseNotFound
from clawback.model.case import Case
from clawback.model.evidence import Exhibit, Problem
from clawback.store.cases import CaseStore
from clawback.store.records import Decision, FilingMade, LogLine, Name, Result, StoredReading
from clawback.vault.folder import Vault, blobs, read_checkpoint
from clawback.vault.log import Checkpoint, MerkleTree, leaf_hash, make_entry
from clawback.vault.sealing import Received

ACTOR = "local"
"""Who works here, in the log: one person on one machine. A server gives pseudonyms."""


def origin(case_id: str) -> str:
    """The name of a case's log in its checkpoints."""
    return f"clawback/case/{case_id}"


class Custody:
    """A case open for reading or, with the writer's lock, for changes. A context manager."""

    def __init__(self, vault: Vault, store: CaseStore) -> None:
        self.vault = vault
        self.store = store
        self.tree = MerkleTree()

    @classmethod
    def open(cls, folder: Path, passphrase: str | None, *, writing: bool = False) -> Custody:
        """Open an existing case and check that its log goes on from its checkpoint.

        Raises CaseNotFound (also when its making was cut off), CaseLocked, CaseDamaged; with `writing` also
        CaseBusy and TargetNotWritable.
        """
        vault = Vault.open(folder, passphrase, writing=writing)
        try:
            store = CaseStore.open(vault.database, vault.database_key)
            if store is None:
                raise no_records(vault)
            custody = cls(vault, store)
            try:
                custody._load_log(repair=writing)
            except BaseException:
                store.close()
                raise
            return custody
        except BaseException:
            vault.close()
            raise

    @classmethod
    def open_or_create(
        cls, folder: Path, passphrase: str | None, jurisdiction: str, lang: str, zone: str, now: datetime
    ) -> tuple[Custody, bool]:
        """Open the case for changes, or make it; the flag says: made now.

        Raises as `open`, and UsageError.
        """
        if Vault.exists(folder):
            try:
                return cls.open(folder, passphrase, writing=True), False
            except CaseNotFound:
                vault = Vault.open(folder, passphrase, writing=True)  # its making was cut off: go on
        else:
            vault = Vault.create(folder, passphrase)
        try:
            case = Case(vault.marker.case_id, jurisdiction, lang, zone, now, vault.marker.encrypted)
            return cls._begin(vault, case), True
        except BaseException:
            vault.close()
            raise

    @classmethod
    def _begin(cls, vault: Vault, case: Case) -> Custody:
        custody = cls(vault, CaseStore.create(vault.database, vault.database_key))
        try:
            with custody.change(case.opened_at) as change:
                change.begin(case)
        except BaseException:
            custody.store.close()
            raise
        return custody

    def __enter__(self) -> Custody:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the records and let go of the lock."""
        self.store.close()
        self.vault.close()

    def _load_log(self, *, repair: bool) -> None:
        found = _checkpoint(self.vault)
        hashes: list[bytes] = []
        size = found.size if found else None
        for leaf in self.store.leaves():
            if self.tree.size == size:
                _agree(found, self.tree)
            self.tree.append(leaf)
            hashes.append(leaf_hash(leaf))
        if found is None:
            if self.tree.size > 1:  # the first line stands without one only if making the case was cut off
                raise _log_damaged("its checkpoint is missing", "校验点文件不见了")
        elif self.tree.size < found.size:
            raise _log_damaged("it is shorter than its checkpoint says", "比校验点所记的更短")
        elif self.tree.size == found.size:
            _agree(found, self.tree)
        if repair and (found is None or found.size < self.tree.size):
            # a run ended between its commit and its checkpoint
            self._put_down(hashes[found.size if found else 0 :])

    def _put_down(self, hashes: list[bytes]) -> None:
        """Write the last leaf hashes, then size and root of the log, beside the records."""
        self.vault.write_hashes(self.tree.size - len(hashes), hashes)
        self.vault.write_checkpoint(
            Checkpoint(origin(self.vault.marker.case_id), self.tree.size, self.tree.root())
        )

    @contextmanager
    def change(self, at: datetime) -> Iterator[Change]:
        """One transaction with its log lines, stamped `at`; durable, with its checkpoint, on return."""
        self.vault.settle()
        draft = self.tree.copy()
        change = Change(self, draft, at)
        with self.store.transaction():
            yield change
        self.tree = draft
        self._put_down(change.hashes)


class Change:
    """What may be done inside one transaction. Each method writes a record and the log line that fixes it."""

    def __init__(self, custody: Custody, tree: MerkleTree, at: datetime) -> None:
        self._vault = custody.vault
        self._store = custody.store
        self._tree = tree
        self._at = at
        self.hashes: list[bytes] = []

    def begin(self, case: Case) -> None:
        """Make the case."""
        self._store.make_case(case)
        self._log("opened", case_content(case))

    def seal(self, exhibit: Exhibit, raw_name: bytes, received: Received) -> None:
        """An exhibit whose bytes the vault keeps."""
        self._store.add_exhibit(exhibit, raw_name, received.stored)
        self._log("sealed", exhibit_content(exhibit, raw_name, received.stored))

    def name(self, name: Name) -> None:
        """The same bytes under another name."""
        self._store.add_name(name)
        self._log("named", name_content(name))

    def problem(self, problem: Problem) -> None:
        """Something that intake could not do."""
        self._store.add_problem(problem)
        self._log("noticed", problem_content(problem))

    def read(self, reading: StoredReading, result: Result) -> None:
        """What was understood of an exhibit."""
        self._store.save_reading(reading, result)
        self._log("derived", reading_content(reading, result))

    def decide(self, decision: Decision) -> None:
        """What a person decided."""
        self._store.add_decision(decision)
        self._log("decided", decision_content(decision))

    def file(self, filing: FilingMade) -> None:
        """A paper that was made."""
        self._store.add_filing(filing)
        self._log("filed", filing_content(filing))

    def export(self, what: str) -> None:
        """The case, or a part of it, was written out."""
        self._log("exported", {"what": what})

    def _log(self, kind: str, content: object) -> None:
        entry = make_entry(self._vault.marker.case_id, kind, self._at, ACTOR, content)
        self._store.append_log(LogLine(self._tree.size, entry.leaf, entry.salt, entry.content))
        self._tree.append(entry.leaf)
        self.hashes.append(leaf_hash(entry.leaf))


# What a log line commits to. Verification makes the same again from the rows and compares.


def case_content(case: Case) -> dict[str, object]:
    """The row of the case."""
    return dataclasses.asdict(case) | {"opened_at": case.opened_at.isoformat()}


def exhibit_content(exhibit: Exhibit, raw_name: bytes, stored: str) -> dict[str, object]:
    """The facts of sealing, without what reading adds later."""
    return {
        "media_type": exhibit.media_type,
        "name": exhibit.name,
        "number": exhibit.number,
        "parent": exhibit.parent,
        "raw_name": raw_name.hex(),
        "sealed_at": exhibit.sealed_at.isoformat(),
        "sha256": exhibit.sha256,
        "size": exhibit.size,
        "stored": stored,
    }


def name_content(name: Name) -> dict[str, object]:
    """A further name."""
    return {"exhibit": name.exhibit, "name": name.name, "place": name.place, "raw_name": name.raw.hex()}


def problem_content(problem: Problem) -> dict[str, object]:
    """A problem of intake."""
    return {
        "code": problem.code,
        "detail": problem.detail,
        "exhibit": problem.exhibit,
        "severity": problem.severity.value,
    }


def reading_content(reading: StoredReading, result: Result) -> dict[str, object]:
    """A reading, by the hash of its text."""
    return {
        "exhibit": reading.exhibit,
        "grade": result.grade.value,
        "outcome": result.outcome.value,
        "reader": reading.reader,
        "reason": result.reason,
        "sha256": reading.sha256,
        "version": reading.version,
    }


def decision_content(decision: Decision) -> dict[str, object]:
    """A decision."""
    return dataclasses.asdict(decision) | {"subject": list(decision.subject), "at": decision.at.isoformat()}


def filing_content(filing: FilingMade) -> dict[str, object]:
    """A filing made."""
    files = [list(file) for file in filing.files]
    changed = {"files": files, "at": filing.at.isoformat(), "missing": list(filing.missing)}
    return dataclasses.asdict(filing) | changed


def _checkpoint(vault: Vault) -> Checkpoint | None:
    try:
        found = read_checkpoint(vault.folder)
    except ValueError as error:
        raise _log_damaged("its checkpoint is not readable", "校验点文件无法识别") from error
    if found is not None and found.origin != origin(vault.marker.case_id):
        raise _log_damaged("its checkpoint is of another case", "校验点属于另一个案卷")
    return found


def _agree(found: Checkpoint | None, tree: MerkleTree) -> None:
    if found is not None and found.root != tree.root():
        raise _log_damaged("it was changed", "内容被改动过")


def _log_damaged(en: str, zh: str) -> CaseDamaged:
    return CaseDamaged(
        f"the log of the case does not add up: {en}; run verify", f"案卷日志不符：{zh}；请运行 verify 查看"
    )


def no_records(vault: Vault) -> CaseDamaged | CaseNotFound:
    """A case whose making was cut off holds nothing yet; any other without records has lost them."""
    if any(blobs(vault.folder)) or read_checkpoint(vault.folder) is not None:
        return CaseDamaged("the records of the case are missing", "案卷记录不见了")
    return CaseNotFound(
        "making this case was cut off; open the heap again", "此案卷上次没有建立完成，请重新打开证据文件夹"
    )
