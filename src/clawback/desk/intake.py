"""From a heap of files to a sealed case: seal everything first, then read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from clawback.model.case import Case
from clawback.model.evidence import Problem


class Stage(StrEnum):
    """Where an intake is."""

    SEALING = "sealing"  # copying and hashing; `name` is the file in hand
    SEALED = "sealed"  # every file of the heap is safe; said once
    READING = "reading"  # `name` is the exhibit in hand
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` files in this stage (the total of READING grows as members appear)."""

    stage: Stage
    done: int
    total: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class OpenOptions:
    """How to open a heap. `now`: aware; the clock of this run, written into the log as a claim.

    `jurisdiction`, `lang` and `zone` hold for a new case; an existing one keeps its own. `zone`: IANA
    zone to assume where evidence is silent. `passphrase` None: a new case is not encrypted.
    `answers`: question id to answer ("question@subject" for one about a record), sealed as a statement.
    """

    now: datetime
    jurisdiction: str = "cn"
    lang: str = "zh"
    zone: str = "Asia/Shanghai"
    passphrase: str | None = None
    answers: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class IntakeReport:
    """What one run did. Counts are of this run; `exhibits` is the total now in the case.

    `sealed`: new exhibits from the heap. `members`: new exhibits found inside others. `known`: files whose
    bytes were in the case already. `complete`/`partial`/`unread`: how reading ended for those read now.
    `problems`: of sealing (not those inside readings). `log_root`: hex.
    """

    case_dir: Path
    case: Case
    created: bool
    sealed: int
    members: int
    known: int
    complete: int
    partial: int
    unread: int
    exhibits: int
    problems: tuple[Problem, ...]
    log_size: int
    log_root: str


def default_case_dir(heap: Path) -> Path:
    """Where a case goes when no folder is named: beside the heap, `<heap>.case`."""
    heap = heap.absolute()
    return heap.with_name(heap.name + ".case")


def open_heap(
    heap: Path | Sequence[Path],
    case_dir: Path | None,
    options: OpenOptions,
    progress: Callable[[Progress], None] = lambda _: None,
) -> IntakeReport:
    """Seal every file of `heap` (a folder, a file, or several), then read what is not read yet.

    Running it again adds only what is new. Raises HeapError (missing, empty, unreadable),
    TargetNotWritable, CaseBusy, CaseLocked, CaseDamaged; before anything was written unless the disk
    fills up half-way, and then what was sealed stays sealed.
    """
    raise NotImplementedError


def seal_answers(
    case_dir: Path, answers: Mapping[str, str], now: datetime, passphrase: str | None = None
) -> int:
    """Seal the user's answers as a dated statement (grade STATEMENT), read it, return its exhibit number.

    `answers`: question id to answer, "question@subject" for one about a record. Raises as `open_heap`.
    """
    raise NotImplementedError
