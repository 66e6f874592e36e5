"""Reading while others work at the same case: it is held only for the moments in which results are put down.

Text recognition takes seconds for each picture. Somebody who adds a file or answers a question meanwhile must
not wait for it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from clawback.desk.custody import Custody
from clawback.desk.reading import (
    BATCH_READINGS,
    BATCH_SECONDS,
    ExhibitReader,
    Job,
    Read,
    ReadingRoom,
    Scribe,
    result_of,
    stale_readings,
    workers,
)
from clawback.desk.register import Register
from clawback.errors import CaseBusy, CaseDamaged
from clawback.model.evidence import Outcome
from clawback.vault.folder import Vault

_BUSY_SECONDS, _BUSY_STEP = 60.0, 0.25  # another program has the case: how long to be patient

Work = Callable[[Path, str | None], list["Job"]]


@dataclass(frozen=True, slots=True)
class Landed:
    """An exhibit that was just read. `reason`: problem code when not in full. Counts of what was found."""

    number: int
    name: str
    outcome: Outcome
    reason: str | None
    messages: int
    transfers: int


@dataclass(frozen=True, slots=True)
class Around:
    """What background reading needs of the case that it reads.

    `secret`: raises CaseLocked while the case is shut. `write`: runs work while nothing else writes. `stop`:
    once true nothing new is begun. `say(done, total, name)`: how far it is. `land`: an exhibit is put down.
    `room(workers)`: makes what reads.
    """

    folder: Path
    secret: Callable[[], str | None]
    clock: Callable[[], datetime]
    write: Callable[[Work], list[Job]]
    stop: Callable[[], bool]
    say: Callable[[int, int, str], None]
    land: Callable[[Landed], None]
    room: Callable[[int], ReadingRoom]


def read_along(around: Around) -> None:
    """Read everything that waits, also what is added meanwhile.

    An original that is damaged stays waiting and does not keep the others from being read. Raises CaseDamaged
    for it in the end; CaseLocked when the case is shut, CaseBusy when another program holds it for a minute,
    TargetNotWritable; what was put down before stays.
    """
    count = workers()
    now = around.clock()
    secret = around.secret()
    with Custody.open(around.folder, secret) as custody:
        zone = custody.store.case().zone
        stale = stale_readings(custody)
        if not (stale or custody.store.waiting()):
            return
    with (
        Vault.open(around.folder, secret) as vault,
        ThreadPoolExecutor(count) as pool,
        around.room(count) as room,  # the last to come is the first to go, and ends what still runs
    ):
        try:
            _Run(around, ExhibitReader(vault, zone, now, room), pool, count, stale).go()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise


class _Run:
    """One run over what waits. Results are put down in the order of numbers, whoever is faster."""

    def __init__(
        self,
        around: Around,
        reader: ExhibitReader,
        pool: ThreadPoolExecutor,
        ahead: int,
        stale: dict[int, str],
    ) -> None:
        self._around = around
        self._reader = reader
        self._pool = pool
        self._ahead = ahead
        self._stale = stale
        self._seen: set[int] = set()
        self._queue: deque[Job] = deque()
        self._running: deque[tuple[Job, Future[Read]]] = deque()
        self._unwritten: list[tuple[Job, Read]] = []
        self._written_at = time.monotonic()
        self._done = 0
        self._damage: CaseDamaged | None = None

    def go(self) -> None:
        """Until nothing waits, or it is told to stop."""
        self._look()
        while True:
            self._start()
            if self._running:
                self._finish_one()
            elif self._unwritten:
                self._put_down()
            elif self._around.stop() or not self._look():
                break
        if self._damage is not None:
            raise self._damage

    def _start(self) -> None:
        while self._queue and len(self._running) <= self._ahead and not self._around.stop():
            job = self._queue.popleft()
            self._running.append((job, self._pool.submit(self._reader.read, job)))

    def _finish_one(self) -> None:
        job, future = self._running.popleft()
        total = self._done + 1 + len(self._running) + len(self._queue)
        self._around.say(self._done, total, job.exhibit.name)
        try:
            read = future.result()
        except CaseDamaged as damage:
            self._damage = self._damage or damage
            return
        self._done += 1
        self._around.say(self._done, total, job.exhibit.name)
        self._unwritten.append((job, read))
        late = time.monotonic() - self._written_at > BATCH_SECONDS
        if read.found or late or len(self._unwritten) >= BATCH_READINGS:
            self._put_down()

    def _look(self) -> bool:
        """Is there anything to read that was not begun in this run?"""
        with Custody.open(self._around.folder, self._around.secret()) as custody:
            self._queue += self._new(custody, Register(custody, self._around.clock()))
        return bool(self._queue)

    def _new(self, custody: Custody, register: Register) -> list[Job]:
        now = self._around.clock()
        numbers = sorted({*custody.store.waiting(), *self._stale} - self._seen)
        self._seen.update(numbers)
        scribe = Scribe(custody, register, now)
        return [scribe.job(number) for number in numbers]

    def _put_down(self) -> None:
        until = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                self._queue += self._around.write(self._write)
                break
            except CaseBusy:
                if time.monotonic() > until or self._around.stop():
                    raise
                time.sleep(_BUSY_STEP)
        for job, read in self._unwritten:
            self._around.land(_landed(job, read))
        self._unwritten.clear()
        self._written_at = time.monotonic()

    def _write(self, folder: Path, secret: str | None) -> list[Job]:
        now = self._around.clock()
        with Custody.open(folder, secret, writing=True) as custody:
            register = Register(custody, now)
            scribe = Scribe(custody, register, now)
            due = {*custody.store.waiting(), *self._stale}
            for job, read in self._unwritten:
                if job.exhibit.number in due:  # else another program read it meanwhile
                    scribe.take(job.exhibit, read, self._stale.get(job.exhibit.number))
            scribe.write()
            return self._new(custody, register)


def _landed(job: Job, read: Read) -> Landed:
    result, reading = result_of(read.reading), read.reading
    return Landed(
        job.exhibit.number,
        job.exhibit.name,
        result.outcome,
        result.reason,
        len(reading.messages),
        len(reading.transfers),
    )
