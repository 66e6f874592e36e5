"""From a heap of files to a sealed case: seal everything first, then read."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from clawback.desk.custody import Custody
from clawback.desk.heap import walk
from clawback.desk.reading import OwnWords, ReadingRoom, read_waiting
from clawback.desk.register import Register
from clawback.desk.sealing import HeapSealer, check_answers, seal_new_answers
from clawback.errors import UsageError
from clawback.model.case import Case
from clawback.model.evidence import Problem
from clawback.readers.box import Box


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
    heap = heap.resolve()
    return heap.with_name(heap.name + ".case")


def _box(workers: int) -> ReadingRoom:
    return Box(workers=workers)


def open_heap(
    heap: Path | Sequence[Path],
    case_dir: Path | None,
    options: OpenOptions,
    progress: Callable[[Progress], None] = lambda _: None,
    room: Callable[[int], ReadingRoom] = _box,
) -> IntakeReport:
    """Seal every file of `heap` (a folder, a file, or several), then read what is not read yet.

    Running it again adds only what is new. `room`: makes what reads (for tests). Raises HeapError (missing,
    empty, unreadable), TargetNotWritable, CaseBusy, CaseLocked, CaseDamaged, UsageError; before anything
    was written, unless the disk fills up half-way, and then what was sealed stays sealed.
    """
    roots = [heap] if isinstance(heap, Path) else list(heap)
    folder = case_dir or default_case_dir(roots[0])
    _check(options)
    found = walk(roots, folder)
    custody, created = Custody.open_or_create(
        folder, options.passphrase, options.jurisdiction, options.lang, options.zone, options.now
    )
    with custody:
        custody.vault.clear_old_leftovers()
        register = Register(custody, options.now)
        total = len(found.files)
        sealed = HeapSealer(custody, register, options.now).seal(
            found.files,
            found.problems,
            lambda done, name: progress(Progress(Stage.SEALING, done, total, name)),
        )
        seal_new_answers(custody, register, options.answers or {}, options.now)
        progress(Progress(Stage.SEALED, total, total))
        read = read_waiting(
            custody, register, options.now, room, lambda *now: progress(Progress(Stage.READING, *now))
        )
        progress(Progress(Stage.DONE, total, total))
        return IntakeReport(
            case_dir=folder,
            case=custody.store.case(),
            created=created,
            sealed=sealed.new,
            members=read.members,
            known=sealed.known,
            complete=read.complete,
            partial=read.partial,
            unread=read.unread,
            exhibits=len(register.exhibits),
            problems=sealed.problems,
            log_size=custody.tree.size,
            log_root=custody.tree.root().hex(),
        )


def seal_answers(
    case_dir: Path, answers: Mapping[str, str], now: datetime, passphrase: str | None = None
) -> int | None:
    """Seal the user's answers as a dated statement (grade STATEMENT) and read it; its exhibit number.

    Answers that the case has already, unchanged, are not sealed again; None when nothing is left.
    `answers`: question id to answer, "question@subject" for one about a record. Raises as `open_heap`.
    """
    _check_now(now)
    check_answers(answers)
    with Custody.open(case_dir, passphrase, writing=True) as custody:
        register = Register(custody, now)
        number = seal_new_answers(custody, register, answers, now)
        if number is not None:
            read_waiting(custody, register, now, lambda _: OwnWords(), lambda *_: None, only=number)
        return number


def _check_now(now: datetime) -> None:
    if now.tzinfo is None:
        raise UsageError("the instant of --now needs a time zone", "--now 的时间需要带时区")


def _check(options: OpenOptions) -> None:
    _check_now(options.now)
    check_answers(options.answers or {})
    try:
        ZoneInfo(options.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            f"{options.zone} is not a time zone", f"“{options.zone}”不是有效的时区名称"
        ) from error
