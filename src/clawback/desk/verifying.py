"""Proving that a case is what was sealed: everything is computed again, and what differs is named."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from clawback.desk import custody
from clawback.desk.heap import HEAP
from clawback.errors import CaseDamaged, CaseNotFound
from clawback.store.cases import CaseStore
from clawback.store.records import LogLine
from clawback.vault.folder import (
    Vault,
    blob_path,
    blobs,
    leftovers,
    read_checkpoint,
    read_hashes,
    read_marker,
)
from clawback.vault.log import Checkpoint, MerkleTree, canonical, commitment, leaf_hash, root_of

_CHUNK = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be.

    `code` is a stable word with a sentence in `desk/wording`. `exhibit`: number, when one is concerned.
    `line`: position in the log from 0, when one is concerned. `detail`: the field, file or value.
    `damage` False: worth knowing, takes nothing away (left over from an interrupted run).
    """

    code: str
    exhibit: int | None = None
    line: int | None = None
    detail: str = ""
    damage: bool = True


@dataclass(frozen=True, slots=True)
class Verification:
    """What a verification found. `complete` False: the case is encrypted and no passphrase was given, so only
    the stored bytes and the shape of the log were checked. `log_root`: hex root of the log as it stands.
    """

    findings: tuple[Finding, ...]
    complete: bool
    exhibits: int
    log_size: int
    log_root: str

    @property
    def damaged(self) -> bool:
        """Is anything not what was sealed?"""
        return any(finding.damage for finding in self.findings)


def verify(
    case_dir: Path,
    passphrase: str | None = None,
    progress: Callable[[int, int, str], None] = lambda *_: None,
    only: int | None = None,
) -> Verification:
    """Compute every hash again and compare. Changes nothing. `progress(done, total, name)` per original.

    `only`: of the originals this one alone; records and log are checked in full all the same. An encrypted
    case without `passphrase` is checked as far as that goes. Raises CaseNotFound (also when its making was
    cut off), CaseLocked (passphrase wrong), CaseDamaged (the case does not even say what it is).
    """
    if read_marker(case_dir).encrypted and passphrase is None:
        return _verify_structure(case_dir, progress)
    with Vault.open(case_dir, passphrase) as vault:
        try:
            store = CaseStore.open(vault.database, vault.database_key)
            if store is None:
                error = custody.no_records(vault)
                if isinstance(error, CaseNotFound):
                    raise error
                return _lost(case_dir, "records_missing", "")
            with store:
                return _Verifier(vault, store, progress, only).verification()
        except CaseDamaged as damage:
            return _lost(case_dir, "records_unreadable", damage.en)


def _lost(case_dir: Path, code: str, detail: str) -> Verification:
    found = _verify_structure(case_dir, lambda *_: None)
    return Verification(
        (Finding(code, detail=detail), *found.findings), False, 0, found.log_size, found.log_root
    )


def _verify_structure(case_dir: Path, progress: Callable[[int, int, str], None]) -> Verification:
    """Without a key: each blob against its name, the log's hashes against the checkpoint."""
    findings = list(_check_leftovers(case_dir))
    stored = list(blobs(case_dir))
    for done, path in enumerate(stored):
        progress(done, len(stored), path.name)
        if _hash_of(path) != path.name or path != blob_path(case_dir, path.name):
            findings.append(Finding("original_changed", detail=path.name))
    hashes = read_hashes(case_dir)
    findings += _check_checkpoint(case_dir, hashes)
    return Verification(tuple(findings), False, len(stored), len(hashes), root_of(hashes).hex())


def _check_checkpoint(case_dir: Path, hashes: list[bytes]) -> Iterator[Finding]:
    try:
        found = read_checkpoint(case_dir)
    except ValueError:
        yield Finding("checkpoint_unreadable")
        return
    if found is None:
        # the first line of a log stands without a checkpoint when making the case was cut off just then
        yield Finding("checkpoint_missing", damage=len(hashes) > 1)
        return
    if found.origin != custody.origin(read_marker(case_dir).case_id):
        yield Finding("checkpoint_of_another_case", detail=found.origin)
    yield from _check_root(hashes, found)


def _check_root(hashes: list[bytes], checkpoint: Checkpoint) -> Iterator[Finding]:
    if len(hashes) < checkpoint.size:
        yield Finding("log_shortened", detail=f"{len(hashes)} < {checkpoint.size}")
    elif root_of(hashes[: checkpoint.size]) != checkpoint.root:
        yield Finding("log_changed")
    elif len(hashes) > checkpoint.size:
        yield Finding("checkpoint_behind", detail=f"{checkpoint.size} < {len(hashes)}", damage=False)


def _compare_hashes(here: list[bytes], written: list[bytes]) -> Iterator[Finding]:
    """The log's lines against the hashes written beside it: which were changed, moved, taken out or put in.

    Lines after the last hash are not compared: a run may have ended before it wrote them.
    """
    start = _common(here, written)
    if start == len(written):
        return
    end = _common(here[start:][::-1], written[start:][::-1])
    changed_here, changed_there = here[start : len(here) - end], written[start : len(written) - end]
    kept = set(changed_here) & set(changed_there)
    gone = [start + at for at, each in enumerate(changed_there) if each not in kept]
    put_in = [start + at for at, each in enumerate(changed_here) if each not in kept]
    if gone == put_in and gone:
        yield from (Finding("log_line_changed", line=line) for line in gone)
        return
    yield from (Finding("log_line_missing", line=line) for line in gone)
    yield from (Finding("log_line_put_in", line=line) for line in put_in)
    if not gone and not put_in:
        yield from (
            Finding("log_line_moved", line=start + at) for at in _differing(changed_here, changed_there)
        )


def _common(first: Sequence[bytes], second: Sequence[bytes]) -> int:
    """Length of the common beginning."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((at for at, (one, other) in pairs if one != other), min(len(first), len(second)))


def _differing(first: list[bytes], second: list[bytes]) -> list[int]:
    return [at for at, (one, other) in enumerate(zip(first, second, strict=False)) if one != other]


def _check_leftovers(case_dir: Path) -> Iterator[Finding]:
    for path in leftovers(case_dir):
        yield Finding("unfinished_copy", detail=path.name, damage=False)


def _hash_of(path: Path) -> str | None:
    """Hex SHA-256 of a file; None when it cannot be read or is a link."""
    digest = hashlib.sha256()
    try:
        if path.is_symlink():
            return None
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                digest.update(chunk)
    except OSError:
        return None
    return digest.hexdigest()


class _Verifier:
    """With the key (or without encryption): each record against the log, each original against its record."""

    def __init__(
        self, vault: Vault, store: CaseStore, progress: Callable[[int, int, str], None], only: int | None
    ) -> None:
        self._only = only
        self._vault = vault
        self._store = store
        self._progress = progress
        with store.snapshot():
            self._log = store.log()
            self._exhibits = store.exhibits()
            self._blobs = store.blob_names()
            self._found = [
                *(Finding("records_faulty", detail=text) for text in store.faults()),
                *self._check_log(),
                *self._check_records(),
                *self._check_waiting(),
            ]

    def verification(self) -> Verification:
        """The originals take the time, so they are read after the records are let go of."""
        findings = [
            *self._found,
            *self._check_originals(),
            *self._check_strays(),
            *_check_leftovers(self._vault.folder),
        ]
        tree = MerkleTree(line.leaf for line in self._log)
        return Verification(tuple(findings), True, len(self._exhibits), tree.size, tree.root().hex())

    # the log

    def _check_log(self) -> Iterator[Finding]:
        for place, line in enumerate(self._log):
            if line.position != place:
                yield Finding("log_line_missing", line=place)
                break
        yield from (found for line in self._log if (found := self._check_line(line)))
        hashes = [leaf_hash(line.leaf) for line in self._log]
        yield from _compare_hashes(hashes, read_hashes(self._vault.folder))
        yield from _check_checkpoint(self._vault.folder, hashes)

    def _check_line(self, line: LogLine) -> Finding | None:
        """Does the leaf belong to this case, and does its commitment open to the content beside it?"""
        if line.salt is None or line.content is None:
            return Finding("log_content_missing", line=line.position)
        leaf = _parsed(line.leaf)
        if canonical(leaf) != line.leaf or leaf.get("case") != self._vault.marker.case_id:
            return Finding("log_line_changed", line=line.position)
        if leaf.get("commitment") != commitment(line.salt, line.content):
            return Finding("log_line_changed", line=line.position, detail="commitment")
        return None

    # the records

    def _check_records(self) -> Iterator[Finding]:
        if self._store.case().encrypted != self._vault.marker.encrypted:
            yield Finding("case_changed", detail="encrypted")
        logged = _contents(self._log)
        for kind, rows in self._rows().items():
            yield from _compare(kind, logged.get(kind, {}), rows)

    def _rows(self) -> dict[str, dict[int, dict[str, object]]]:
        """What each kind of log line should commit to, made again from the rows, by number."""
        store = self._store
        names = store.names()
        raw = {name.exhibit: name.raw for name in names if name.place == 1}
        results = store.results()
        return {
            "opened": {1: custody.case_content(store.case())},
            "sealed": {
                e.number: custody.exhibit_content(e, raw.get(e.number, b""), self._blobs[e.number])
                for e in self._exhibits
            },
            "named": {
                name.exhibit * _NAMES + name.place: custody.name_content(name)
                for name in names
                if name.place > 1
            },
            "noticed": dict(enumerate(map(custody.problem_content, store.problems()), 1)),
            "derived": {
                reading.exhibit: custody.reading_content(reading, results[reading.exhibit])
                for reading in store.readings()
            },
            "decided": dict(enumerate(map(custody.decision_content, store.decisions()), 1)),
            "filed": dict(enumerate(map(custody.filing_content, store.filings()), 1)),
        }

    def _check_waiting(self) -> Iterator[Finding]:
        settled = set(self._store.waiting()) | set(self._store.results())
        for exhibit in self._exhibits:
            if exhibit.number not in settled:
                yield Finding("never_read", exhibit.number)

    # the originals

    def _check_originals(self) -> Iterator[Finding]:
        concerned = [one for one in self._exhibits if self._only in (None, one.number)]
        for done, exhibit in enumerate(concerned):
            self._progress(done, len(concerned), exhibit.name)
            stored = self._blobs[exhibit.number]
            path = blob_path(self._vault.folder, stored)
            if not path.is_file():
                yield Finding("original_missing", exhibit.number)
            elif _hash_of(path) != stored or not self._opens_to(stored, exhibit.sha256, exhibit.size):
                yield Finding("original_changed", exhibit.number)

    def _opens_to(self, stored: str, sha256: str, size: int) -> bool:
        digest, count = hashlib.sha256(), 0
        if self._vault.database_key is None:
            return stored == sha256 and blob_path(self._vault.folder, stored).stat().st_size == size
        try:
            with self._vault.original(stored) as original:
                while chunk := original.read(_CHUNK):
                    digest.update(chunk)
                    count += len(chunk)
        except CaseDamaged:
            return False
        return (digest.hexdigest(), count) == (sha256, size)

    def _check_strays(self) -> Iterator[Finding]:
        known = {blob_path(self._vault.folder, stored) for stored in self._blobs.values()}
        for path in blobs(self._vault.folder):
            if path not in known:
                yield Finding("original_without_exhibit", detail=path.name, damage=False)


_NAMES = 1_000_000  # more names than one exhibit can have


def _parsed(data: bytes) -> dict[str, object]:
    try:
        value = json.loads(data)
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _contents(log: tuple[LogLine, ...]) -> dict[str, dict[int, tuple[int, dict[str, object]]]]:
    """Position and content of the last log line about each thing, by kind and by the thing's number."""
    found: dict[str, dict[int, tuple[int, dict[str, object]]]] = {}
    for line in log:
        if line.content is None:
            continue
        kind, content = str(_parsed(line.leaf).get("kind")), _parsed(line.content)
        of_kind = found.setdefault(kind, {})
        of_kind[_number(kind, content, len(of_kind) + 1)] = (line.position, content)
    return found


def _number(kind: str, content: dict[str, object], turn: int) -> int:
    number, exhibit, place = (content.get(key) for key in ("number", "exhibit", "place"))
    if kind == "sealed" and isinstance(number, int):
        return number
    if kind == "derived" and isinstance(exhibit, int):
        return exhibit
    if kind == "named" and isinstance(exhibit, int) and isinstance(place, int):
        return exhibit * _NAMES + place
    return turn


_WORDS = {
    "opened": "case",
    "sealed": "exhibit",
    "named": "name",
    "noticed": "problem",
    "derived": "reading",
    "decided": "decision",
    "filed": "filing",
}


def _compare(
    kind: str,
    logged: Mapping[int, tuple[int, dict[str, object]]],
    rows: Mapping[int, dict[str, object]],
) -> Iterator[Finding]:
    word = _WORDS[kind]
    for number, (position, content) in logged.items():
        exhibit = _exhibit_of(content)
        row = rows.get(number)
        if row is None:
            yield Finding(f"{word}_missing", exhibit, position)
        elif canonical(row) != canonical(content):
            fields = sorted(key for key in row.keys() | content.keys() if row.get(key) != content.get(key))
            yield Finding(f"{word}_changed", exhibit, position, ", ".join(fields))
    for number in sorted(rows.keys() - logged.keys()):
        yield Finding(f"{word}_not_in_log", _exhibit_of(rows[number]))


def _exhibit_of(content: Mapping[str, object]) -> int | None:
    number = content.get("number", content.get("exhibit"))
    return number if isinstance(number, int) and number != HEAP else None
