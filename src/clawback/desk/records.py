"""Everything that a case holds, loaded at once: what the case file is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clawback.model.case import Case
from clawback.model.evidence import Exhibit, Problem
from clawback.readers.contract import Reading
from clawback.store.records import Decision, FilingMade


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


def load_records(case_dir: Path, passphrase: str | None = None) -> Records:
    """Load a case without changing it.

    Raises CaseNotFound, CaseLocked (passphrase missing or wrong) or CaseDamaged.
    """
    raise NotImplementedError


def exhibit_bytes(case_dir: Path, number: int, passphrase: str | None = None) -> bytes:
    """The original bytes of one exhibit, checked against its hash. Raises CaseDamaged when they differ."""
    raise NotImplementedError


def record_decisions(case_dir: Path, decisions: tuple[Decision, ...], passphrase: str | None = None) -> None:
    """Append decisions to the case and to its log. Raises as `load_records`, and CaseBusy."""
    raise NotImplementedError


def record_filing(case_dir: Path, filing: FilingMade, passphrase: str | None = None) -> None:
    """Write down that a paper was made. Raises as `record_decisions`."""
    raise NotImplementedError


def record_export(case_dir: Path, what: str, at: datetime, passphrase: str | None = None) -> None:
    """Log that the case was exported (`what`: the schema name). Raises as `record_decisions`."""
    raise NotImplementedError
