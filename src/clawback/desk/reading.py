"""Reading what is sealed; members found inside are sealed before they are read in turn."""

from __future__ import annotations

import dataclasses
import os
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import BinaryIO, Protocol, Self
from zoneinfo import ZoneInfo

from clawback.desk.custody import Custody
from clawback.desk.register import Additions, Arrival, Register
from clawback.desk.sealing import STATEMENT_TYPE, enter
from clawback.model.evidence import Exhibit, Grade, Outcome, Problem, Severity
from clawback.readers import BUILTIN_READERS
from clawback.readers.contract import Reading, ReadingContext
from clawback.readers.statement import StatementReader
from clawback.readers.understand import understand
from clawback.readers.wire import Header, encode_reading
from clawback.store.records import Result, StoredReading
from clawback.vault.folder import Vault
from clawback.vault.media_types import UNKNOWN, media_type_of
from clawback.vault.sealing import Received

RETRIED = frozenset({"no_reader", "extra_missing"})
"""Reasons for an unread exhibit that go away when the program learns more: such exhibits are tried again."""

BATCH_READINGS, BATCH_SECONDS = 16, 2.0
"""Readings that share a transaction: a killed run loses no more than these, and reads them again."""

_MOST_WORKERS = 3  # each may need the memory of the text recognition


def workers() -> int:
    """Exhibits to read at the same time on this machine."""
    return max(1, min(_MOST_WORKERS, os.cpu_count() or 1))


class ReadingRoom(Protocol):
    """What is needed of `readers.box.Box`: a context manager that reads exhibits, each for itself."""

    def __enter__(self) -> Self:
        """Start."""
        ...

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        ...

    def read(
        self, original: BinaryIO, header: Header, on_member: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        """What was understood of `original`; members found inside are handed over while it runs."""
        ...


class OwnWords:
    """Reads in this process, and only what this program itself wrote down a moment ago: the user's answers.

    No box is needed for bytes of our own making, and an answer should not wait for one.
    """

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def read(
        self, original: BinaryIO, header: Header, _: Callable[[str, str, Iterator[bytes]], None]
    ) -> Reading:
        """What the statement says."""
        context = ReadingContext(header.exhibit, header.name, header.zone, header.today, lambda *_: None)
        return understand(StatementReader().read(original, context), context)


@dataclass(slots=True)
class ReadingDone:
    """What reading did in this run."""

    handled: int = 0
    members: int = 0
    complete: int = 0
    partial: int = 0
    unread: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one exhibit."""
        self.handled += 1
        self.complete += outcome is Outcome.OK
        self.partial += outcome is Outcome.PARTIAL
        self.unread += outcome is Outcome.UNREAD


def read_waiting(
    custody: Custody,
    register: Register,
    now: datetime,
    room: Callable[[int], ReadingRoom],
    say: Callable[[int, int, str], None],
    *,
    stop: Callable[[], bool] = lambda: False,
    only: int | None = None,
) -> ReadingDone:
    """Read every exhibit that waits, in order of number, and then what was found inside them.

    `room(workers)`: makes what reads. `say(done, total, name)` before each is written down. Several are read
    at the same time, but written down in order, so numbers do not depend on who is faster. Members are
    sealed, in one transaction with the reading that found them, before they are read. Once `stop()` is true
    nothing new is begun; what is left waits for the next call. `only`: this one exhibit and no other.
    """
    done = ReadingDone()
    stale = stale_readings(custody) if only is None else {}
    waiting = deque(sorted({*custody.store.waiting(), *stale}) if only is None else [only])
    if not waiting:
        return done
    count = workers()
    with ThreadPoolExecutor(count) as pool, room(count) as readers:
        reader = ExhibitReader(custody.vault, custody.store.case().zone, now, readers)
        scribe = Scribe(custody, register, now)
        running: deque[tuple[Exhibit, Future[Read]]] = deque()
        total = len(waiting)
        try:
            while waiting or running:
                while waiting and len(running) <= count and not stop():
                    exhibit = register.exhibits[waiting.popleft()]
                    job = scribe.job(exhibit.number)
                    running.append((exhibit, pool.submit(reader.read, job)))
                if not running:
                    break
                exhibit, future = running.popleft()
                say(done.handled, total, exhibit.name)
                result, members = scribe.take(exhibit, future.result(), stale.get(exhibit.number))
                done.add(result.outcome)
                done.members += len(members)
                waiting += members if only is None else ()
                total += len(members)
            scribe.write()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)  # what runs ends when the room closes
            raise
    return done


def stale_readings(custody: Custody) -> dict[int, str]:
    """Text of each reading that this program would make anew: by an older version of a reader, or for want
    of one."""
    versions = {reader.name: reader.version for reader in BUILTIN_READERS}
    retried = {number for number, result in custody.store.results().items() if result.reason in RETRIED}
    return {
        stored.exhibit: stored.text
        for stored in custody.store.readings()
        if stored.exhibit in retried or versions.get(stored.reader, stored.version) != stored.version
    }


@dataclass(frozen=True, slots=True)
class Job:
    """An exhibit to read. `stored`: name of its blob. `depth`: how many exhibits it was found inside of."""

    exhibit: Exhibit
    stored: str
    depth: int


@dataclass(frozen=True, slots=True)
class Read:
    """A reading with the members that were received while it ran."""

    reading: Reading
    found: tuple[tuple[str, str, Received], ...]


class ExhibitReader:
    """Reads exhibits through the box and takes their members into the vault's `incoming`. Touches neither the
    records nor the register: several threads may read."""

    def __init__(self, vault: Vault, zone: str, now: datetime, room: ReadingRoom) -> None:
        self._vault = vault
        self._zone = zone
        self._today = now.astimezone(ZoneInfo(zone)).date()
        self._room = room

    def read(self, job: Job) -> Read:
        """What was understood. Raises CaseDamaged, TargetNotWritable."""
        found: list[tuple[str, str, Received]] = []

        def on_member(name: str, media_type: str, chunks: Iterator[bytes]) -> None:
            found.append((name, media_type, self._vault.receive(chunks)))

        with self._vault.original(job.stored) as original:
            reading = self._room.read(original, self._header(job), on_member)
        return Read(_ours_only(job.exhibit, reading), tuple(found))

    def _header(self, job: Job) -> Header:
        return Header(
            exhibit=job.exhibit.number,
            name=job.exhibit.name,
            size=job.exhibit.size,
            media_type=job.exhibit.media_type,
            zone=self._zone,
            today=self._today,
            depth=job.depth,
        )


class Scribe:
    """Puts readings down, with the members that they found, everything of one exhibit in one transaction."""

    def __init__(self, custody: Custody, register: Register, now: datetime) -> None:
        self._custody = custody
        self._register = register
        self._now = now
        self._blobs = dict(custody.store.blob_names())
        self._unwritten: list[tuple[Additions, StoredReading, Result]] = []
        self._written_at = time.monotonic()

    def job(self, number: int) -> Job:
        """How to read an exhibit."""
        return Job(self._register.exhibits[number], self._blobs[number], self._register.depth(number))

    def take(self, exhibit: Exhibit, read: Read, before: str | None) -> tuple[Result, list[int]]:
        """Take what was read, to be put down: how it ended, and the numbers of new exhibits found inside.

        `before`: the text of an older reading; the same again is not put down.
        """
        additions = Additions()
        for name, media_type, received in read.found:
            self._register.add(_member(name, media_type, received, exhibit.number), additions)
        reading, result = read.reading, result_of(read.reading)
        text = encode_reading(reading).decode("utf-8")
        if additions or text != before:
            stored = StoredReading(exhibit.number, reading.reader, reading.version, text)
            self._unwritten.append((additions, stored, result))
        self._blobs |= {member.number: received.stored for member, _, received in additions.exhibits}
        late = time.monotonic() - self._written_at > BATCH_SECONDS
        if additions.exhibits or late or len(self._unwritten) >= BATCH_READINGS:
            self.write()
        return result, [member.number for member, _, _ in additions.exhibits]

    def write(self) -> None:
        """Put down everything taken since the last time, in one transaction."""
        if self._unwritten:
            with self._custody.change(self._now) as change:
                for additions, stored, result in self._unwritten:
                    enter(change, additions)
                    change.read(stored, result)
        self._unwritten.clear()
        self._written_at = time.monotonic()


def _member(name: str, media_type: str, received: Received, parent: int) -> Arrival:
    # what the bytes say outweighs what the archive or mail says about them
    found = media_type_of(name, received.head)
    kind = media_type if found == UNKNOWN and media_type != STATEMENT_TYPE and media_type else found
    return Arrival(name.encode("utf-8", "surrogateescape"), kind, received, parent)


def _ours_only(exhibit: Exhibit, reading: Reading) -> Reading:
    """Only the user's own sealed answers speak for the user; a file that poses as them does not."""
    if exhibit.media_type == STATEMENT_TYPE or not (reading.statements or reading.grade is Grade.STATEMENT):
        return reading
    problem = Problem("statement_not_made_here", exhibit.number, severity=Severity.ERROR)
    return dataclasses.replace(
        reading,
        statements=(),
        transfers=(),
        grade=Grade.UNGRADED,
        problems=(*reading.problems, problem),
        complete=False,
    )


def result_of(reading: Reading) -> Result:
    """OK when everything was read; PARTIAL when something was; UNREAD when nothing was."""
    errors = [problem.code for problem in reading.problems if problem.severity is Severity.ERROR]
    if reading.complete and not errors:
        return Result(reading.grade, Outcome.OK, None)
    anything = reading.transfers or reading.messages or reading.statements or reading.texts or reading.facts
    reason = errors[0] if errors else next((problem.code for problem in reading.problems), "incomplete")
    return Result(reading.grade, Outcome.PARTIAL if anything else Outcome.UNREAD, reason)
