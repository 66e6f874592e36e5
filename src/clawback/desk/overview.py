"""All cases of the workplace at a glance: worked out in the background, once per change of each case.

A case is loaded, summed up in a few lines and let go, so that hundreds may lie in a folder. What is kept of
an encrypted case is forgotten when it is locked; of a locked one only that it is locked can be said.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from clawback.desk.calling import calls
from clawback.desk.casefile import gather_evidence
from clawback.desk.outcomes import CaseOutcomes, outcomes_of
from clawback.desk.planning import latest_statements
from clawback.desk.records import Records, load_records
from clawback.desk.searching import Index, index_of
from clawback.desk.tracking import StepOutcome, Tracking, tracking_of
from clawback.errors import ClawbackError
from clawback.model.casefile import CaseFile
from clawback.model.ledger import Scope
from clawback.model.money import Amount
from clawback.rules.load import load_pack

if TYPE_CHECKING:
    from clawback.desk.livecase import LiveCase
    from clawback.desk.workplace import Workplace

NOTE = "helper.note"
"""Question id under which a helper's own reference for a case is kept, as a private statement."""

_MOST_INDEXED = 60_000_000
"""Characters of all search indexes together; what was used longest ago is let go and made again if needed."""

_MASK = "＊"


class State(StrEnum):
    """What can be said of a case."""

    READY = "ready"
    WORKING = "working"  # being summed up; look again in a moment
    LOCKED = "locked"
    BROKEN = "broken"  # it does not load; `error` says why


@dataclass(frozen=True, slots=True)
class Clock:
    """The last day (or hour) of a step that is not done."""

    last: datetime
    title_zh: str
    title_en: str


@dataclass(frozen=True, slots=True)
class Sums:
    """Money of one currency: lost (sent less returned), held meanwhile, and returned."""

    lost: Amount
    frozen: Amount | None
    returned: Amount


@dataclass(frozen=True, slots=True)
class Summary:
    """What a case shows in a list. `person`: masked. `reference`: the helper's own, or "".

    `situations`: (id, zh, en). `clocks`: soonest first. `gaps`: facts that the emergency card lacks.
    `doubtful`: matches and scopes to decide. `waiting`: papers handed in without an answer. `acted`: the day
    of the first call or paper, or None. `outcomes`: how it ended with each subject.
    """

    opened: datetime
    changed: datetime
    person: str
    reference: str
    situations: tuple[tuple[str, str, str], ...]
    sums: tuple[Sums, ...]
    clocks: tuple[Clock, ...]
    gaps: int
    doubtful: int
    waiting: int
    acted: date | None
    outcomes: CaseOutcomes = field(default_factory=CaseOutcomes)

    def next_clock(self, now: datetime) -> Clock | None:
        """The next that has not passed."""
        return next((clock for clock in self.clocks if clock.last >= now), None)

    def overdue(self, now: datetime) -> int:
        """How many have passed."""
        return sum(clock.last < now for clock in self.clocks)

    def due_today(self, now: datetime) -> bool:
        """Is something due before the end of today?"""
        clock = self.next_clock(now)
        return clock is not None and clock.last.astimezone(now.tzinfo).date() == now.date()


@dataclass(frozen=True, slots=True)
class Line:
    """A case in the list. `summary` only when READY, or when WORKING on a newer one. `touched`: when its
    folder last changed, all that can be said of a locked one."""

    id: str
    state: State
    touched: datetime
    summary: Summary | None = None
    error: ClawbackError | None = None


@dataclass(frozen=True, slots=True)
class _Mark:
    """What a summary depends on: the state of the log, which is put down anew with each change, and the day.

    The file is not read: two hundred cases would be two hundred files for each look at the list.
    """

    log: tuple[int, int, int]
    day: date


@dataclass(frozen=True, slots=True)
class _Known:
    mark: _Mark
    summary: Summary | None
    error: ClawbackError | None


class Overview:
    """Keeps the summaries and search indexes of a workplace. Safe to use from several threads."""

    def __init__(self, workplace: Workplace) -> None:
        self._workplace = workplace
        self._known: dict[str, _Known] = {}
        self._indexes: dict[str, tuple[_Mark, Index]] = {}  # used last comes last
        self._waiting: dict[str, LiveCase] = {}
        self._change = threading.Condition()
        self._worker: threading.Thread | None = None
        self._closing = False

    def lines(self, wait_s: float = 0.4) -> tuple[Line, ...]:
        """Every case, newest first. Waits a moment for those that are being summed up."""
        cases, broken = self._cases()
        marks = {case.id: self._mark(case) for case in cases}
        for case in cases:
            if case.is_open and not self._is_fresh(case.id, marks[case.id]):
                self._ask(case)
        self._await(wait_s)
        return (*(self._line(case, marks[case.id]) for case in cases), *broken)

    def indexes(self, lines: Iterable[Line]) -> Iterable[tuple[str, Index]]:
        """Search indexes of those of `lines` that are ready, in their order; one let go is made anew."""
        for line in lines:
            if line.state is State.READY:
                index = self._index(self._workplace.case(line.id))
                if index is not None:
                    yield line.id, index

    def close(self) -> None:
        """Stop after the case in hand."""
        with self._change:
            self._closing = True
            self._waiting.clear()

    def forget(self, id: str) -> None:
        """Drop everything kept of a case: it has been locked."""
        with self._change:
            self._known.pop(id, None)
            self._indexes.pop(id, None)
            self._waiting.pop(id, None)

    def _cases(self) -> tuple[list[LiveCase], list[Line]]:
        """All cases, and a line for each folder that does not even say what it is."""
        cases: list[LiveCase] = []
        broken: list[Line] = []
        for id in self._workplace.ids():
            try:
                case = self._workplace.case(id)
            except ClawbackError as error:
                broken.append(Line(id, State.BROKEN, self._workplace.clock(), error=error))
                continue
            case.shut_if_idle()
            cases.append(case)
        return cases, broken

    def _is_fresh(self, id: str, mark: _Mark) -> bool:
        known = self._known.get(id)
        return known is not None and known.mark == mark

    def _mark(self, case: LiveCase) -> _Mark:
        return _Mark(_log_state(case.folder), self._workplace.clock().date())

    def _line(self, case: LiveCase, mark: _Mark) -> Line:
        touched = datetime.fromtimestamp(mark.log[0] / 1e9).astimezone()
        if not case.is_open:
            return Line(case.id, State.LOCKED, touched)
        known = self._known.get(case.id)
        if known is None:
            return Line(case.id, State.WORKING, touched)
        if known.error is not None:
            return Line(case.id, State.BROKEN, touched, error=known.error)
        return Line(
            case.id, State.READY if self._is_fresh(case.id, mark) else State.WORKING, touched, known.summary
        )

    def _ask(self, case: LiveCase) -> None:
        with self._change:
            self._waiting[case.id] = case
            if not self._closing and (self._worker is None or not self._worker.is_alive()):
                self._worker = threading.Thread(target=self._work, name="overview", daemon=True)
                self._worker.start()

    def _await(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        with self._change:
            while self._waiting and (left := until - time.monotonic()) > 0:
                self._change.wait(left)

    def _work(self) -> None:
        while True:
            with self._change:
                case = next(iter(self._waiting.values()), None)
                if case is None or self._closing:
                    self._worker = None
                    return
            self._sum_up(case)
            with self._change:
                self._waiting.pop(case.id, None)
                self._change.notify_all()

    def _sum_up(self, case: LiveCase) -> None:
        mark = self._mark(case)
        try:
            records, file = _loaded(case, self._workplace.clock)
            summary, index = summarise(records, file), index_of(records, file)
        except ClawbackError as error:
            if case.is_open:
                with self._change:
                    self._known[case.id] = _Known(mark, None, error)
            return
        with self._change:
            if case.is_open:  # it may have been locked meanwhile
                self._known[case.id] = _Known(mark, summary, None)
                self._keep(case.id, mark, index)

    def _keep(self, id: str, mark: _Mark, index: Index) -> None:
        self._indexes.pop(id, None)
        self._indexes[id] = mark, index
        while len(self._indexes) > 1 and sum(one.size for _, one in self._indexes.values()) > _MOST_INDEXED:
            self._indexes.pop(next(iter(self._indexes)))

    def _index(self, case: LiveCase) -> Index | None:
        mark = self._mark(case)
        with self._change:
            held = self._indexes.pop(case.id, None)
            if held is not None and held[0].log == mark.log:
                self._indexes[case.id] = held
                return held[1]
        try:
            index = index_of(*_loaded(case, self._workplace.clock))
        except ClawbackError:
            return None
        with self._change:
            if case.is_open:
                self._keep(case.id, mark, index)
        return index


def summarise(records: Records, file: CaseFile) -> Summary:
    """A case in a few lines."""
    pack = load_pack(file.case.jurisdiction)
    tracking = tracking_of(records, file)
    said = latest_statements(file.statements)
    name, reference = said.get("user.name"), said.get(NOTE)
    return Summary(
        opened=file.case.opened_at,
        changed=_changed(records),
        person=masked(name.value) if name else "",
        reference=reference.value if reference else "",
        situations=tuple(
            (id, pack.situations[id].name.zh, pack.situations[id].name.en)
            for id in file.plan.situations
            if id in pack.situations
        ),
        sums=_sums(file, tracking),
        clocks=_clocks(file, tracking),
        gaps=sum(len(line.missing) for line in file.card.lines),
        doubtful=len(file.possible_matches) + sum(entry.scope is Scope.UNSURE for entry in file.entries),
        waiting=_waiting_for(tracking),
        acted=_acted(records, file, tracking),
        outcomes=outcomes_of(records, file, tracking),
    )


def masked(name: str) -> str:
    """A name of which only the first character of each part stays: 甲＊, J＊ S＊."""
    return " ".join(part[0] + _MASK for part in name.split())


def _loaded(case: LiveCase, clock: Callable[[], datetime]) -> tuple[Records, CaseFile]:
    """The case, loaded on its own and not kept: a list of hundreds must not hold hundreds."""
    records = load_records(case.folder, case.secret)
    return records, gather_evidence(records).at(clock())


def _log_state(folder: Path) -> tuple[int, int, int]:
    """When the log was last put down, and which file that made; of the folder while there is none."""
    try:
        found = (folder / "checkpoint").stat()
    except OSError:
        found = folder.stat()
    return found.st_mtime_ns, found.st_ino, found.st_size


def _changed(records: Records) -> datetime:
    times = [records.case.opened_at]
    times += [exhibit.sealed_at for exhibit in records.exhibits]
    times += [decision.at for decision in records.decisions]
    times += [filing.at for filing in records.filings]
    return max(times)


def _sums(file: CaseFile, tracking: Tracking) -> tuple[Sums, ...]:
    held: dict[str, Amount] = {}
    for entry in file.entries:
        currency = entry.transfer.amount.currency
        frozen = tracking.frozen(entry.id, currency) if tracking.recovered else None
        if frozen is not None and frozen.value:
            held[currency] = held[currency] + frozen if currency in held else frozen
    return tuple(Sums(loss.lost, held.get(loss.currency), loss.returned) for loss in file.losses)


def _clocks(file: CaseFile, tracking: Tracking) -> tuple[Clock, ...]:
    clocks = [
        Clock(action.deadline.last, action.title_zh, action.title_en)
        for action in file.plan.actions
        if action.deadline and action.deadline.last and tracking.outcome(action.id) is not StepOutcome.DONE
    ]
    return tuple(sorted(clocks, key=lambda clock: clock.last))


def _waiting_for(tracking: Tracking) -> int:
    forms = {hand_in.form for hand_in in tracking.hand_ins}
    return sum(not tracking.replies_to(form) for form in forms)


def _acted(records: Records, file: CaseFile, tracking: Tracking) -> date | None:
    """The day of the first call or paper that somebody wrote down."""
    phoned = {action.id for action in file.plan.actions if action.channel and action.channel.phone}
    days = [_day(hand_in.at) for hand_in in tracking.hand_ins]
    days += [call.at.date() for call in calls(records)]
    days += [
        mark.on or mark.noted_at.date()
        for id, mark in tracking.steps.items()
        if id in phoned and mark.outcome is StepOutcome.DONE
    ]
    return min(days, default=None)


def _day(at: date | datetime) -> date:
    return at.date() if isinstance(at, datetime) else at
