"""A case kept open by a door that stays: one writer at a time, reading in the background, a view kept fresh.

The command line opens a case, acts, and is gone. A browser looks at the same case hundreds of times while
files arrive, so here the view is worked out once per change, and reading goes on beside everything else.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeVar, cast

from clawback.desk.background import Around, Landed, read_along
from clawback.desk.casefile import Evidence, Gatherer
from clawback.desk.custody import Custody
from clawback.desk.locking import Idle, Tries
from clawback.desk.records import ReadingCache, Records, load_records
from clawback.errors import CaseLocked, ClawbackError
from clawback.model.casefile import CaseFile
from clawback.readers.box import Box
from clawback.vault.folder import forget_key, read_checkpoint, read_marker
from clawback.vault.log import Checkpoint

T = TypeVar("T")

_FRESH_SECONDS = 30.0  # plan and card are computed anew after this, even if nothing changed
_CLOCK_STEP = timedelta(minutes=1)
_MOST_LANDED = 5000
_STALE_FACTOR = 10  # while files are read, the view may be this many times older than it costs to make


@dataclass(frozen=True, slots=True)
class ReadingProgress:
    """How far background reading is. `done` of `total` since it began; `name`: the exhibit in hand, or "".

    `error`: why it stopped before its end, or None.
    """

    running: bool = False
    done: int = 0
    total: int = 0
    name: str = ""
    error: ClawbackError | None = None


class LiveCase:
    """One case that stays open. Safe to use from several threads.

    `id`: its name in addresses, random. `clock`: gives the aware instant by which everything is computed.
    An encrypted case is shut until `unlock`; `shut` forgets the passphrase and all that was read.
    """

    def __init__(self, id: str, folder: Path, clock: Callable[[], datetime]) -> None:
        self.id = id
        self.folder = folder
        self.clock = clock
        self.encrypted = read_marker(folder).encrypted
        self._secret: str | None = None
        self._open = not self.encrypted
        self._writing = threading.Lock()
        self._viewing = threading.Lock()
        self._view = _View()
        self._progress = ReadingProgress()
        self._reader: threading.Thread | None = None
        self._starting = threading.Lock()
        self._asked = self._reading = self._closing = False
        self._landed: deque[Landed] = deque(maxlen=_MOST_LANDED)
        self._landed_ever = 0
        self.resumed = False
        """Was it asked, since it was opened, whether something was cut short?"""
        self.sealed = 0
        """Files that came while it was open, those known already included."""
        self._when_shut: list[Callable[[], None]] = []
        self.idle = Idle()
        self.tries = Tries()

    # shut and open

    @property
    def is_open(self) -> bool:
        """Can it be looked into now?"""
        return self._open

    def unlock(self, passphrase: str) -> None:
        """Open an encrypted case. Raises CaseLocked when the passphrase is wrong, or has been too often."""
        self.tries.begin()
        with Custody.open(self.folder, passphrase):
            self._secret, self._open = passphrase, True
        self.tries.succeeded()
        self.idle.renew()

    def shut_if_idle(self) -> None:
        """Lock an encrypted case that nobody has used for a while; not while its files are being read, which
        needs the passphrase."""
        if self.encrypted and self._open and self.idle.over and not self._progress.running:
            self.shut()

    def shut(self) -> None:
        """Forget the passphrase of an encrypted case, and everything read from it."""
        if self.encrypted:
            with self._viewing:
                if self._secret is not None:
                    forget_key(self.folder, self._secret)
                self._secret, self._open = None, False
                self._view = _View()
            self._landed.clear()
            self.resumed = False
            for forget in self._when_shut:
                forget()

    def when_shut(self, forget: Callable[[], None]) -> None:
        """Have `forget` called when the case is locked: whoever keeps something of it drops it then."""
        self._when_shut.append(forget)

    @property
    def secret(self) -> str | None:
        """The passphrase; None for a case that is not encrypted. Raises CaseLocked while it is shut."""
        if not self._open:
            raise CaseLocked("This case is locked.", "案件已锁上。")
        return self._secret

    # looking

    def file(self) -> CaseFile:
        """The case as it stands now. Raises as `load_records`, and RulePackError."""
        with self._viewing:
            return self._view.file(self.folder, self.secret, self.clock(), hurried=self._progress.running)

    def records(self) -> Records:
        """The stored state behind `file()`."""
        with self._viewing:
            return self._view.evidence(self.folder, self.secret, hurried=self._progress.running).records

    def once(self, make: Callable[[CaseFile], T]) -> T:
        """`make(file())`, worked out once for as long as the evidence does not change.

        What it makes must not depend on the clock. `make`: a function of a module, not one made on the spot.
        """
        with self._viewing:
            file = self._view.file(self.folder, self.secret, self.clock(), hurried=self._progress.running)
            return self._view.once(make, file)

    def once_with_records(self, make: Callable[[CaseFile, Records], T]) -> T:
        """As `once`, for what needs what was written down as well."""
        with self._viewing:
            hurried, secret = self._progress.running, self.secret
            file = self._view.file(self.folder, secret, self.clock(), hurried=hurried)
            records = self._view.evidence(self.folder, secret, hurried=hurried).records
            return self._view.once(make, file, records)

    # changing

    def change(self, work: Callable[[Path, str | None], T]) -> T:
        """Run `work(folder, passphrase)` while nothing else writes; views made after it show what it did."""
        secret = self.secret
        with self._writing:
            result = work(self.folder, secret)
        self._view.outdated = True
        return result

    # reading in the background

    @property
    def progress(self) -> ReadingProgress:
        """How far reading is."""
        return self._progress

    def landed(self, after: int = 0) -> tuple[int, tuple[Landed, ...]]:
        """What background reading has put down since `landed` last gave the number `after`, and that number
        for the next time. The oldest are forgotten after some thousands."""
        with self._starting:
            fresh = min(self._landed_ever - after, len(self._landed))
            return self._landed_ever, tuple(self._landed)[len(self._landed) - fresh :] if fresh > 0 else ()

    def start_reading(self) -> None:
        """Read whatever waits, in the background; returns at once. More may be added meanwhile."""
        _ = self.secret
        with self._starting:
            self._asked = True
            if not self._reading and not self._closing:
                self._reading = True
                self._progress = ReadingProgress(running=True)
                self._reader = threading.Thread(target=self._read, name=f"reading {self.id}", daemon=True)
                self._reader.start()

    def wait_until_read(self, timeout_s: float | None = None) -> None:
        """Return when background reading has ended."""
        with self._starting:  # a reader that is there has begun
            reader = self._reader
        if reader is not None:
            reader.join(timeout_s)

    def close(self) -> None:
        """Stop reading after the exhibits in hand, and let go of everything. What is unread waits."""
        self._closing = True
        self.wait_until_read()

    def _read(self) -> None:
        around = Around(
            folder=self.folder,
            secret=lambda: self.secret,
            clock=self.clock,
            write=self._put_down,
            stop=self._stopped,
            say=self._say,
            land=self._land,
            room=lambda workers: Box(workers=workers),
        )
        error: ClawbackError | None = None
        while self._asked_again(error):
            try:
                read_along(around)
                error = None
            except ClawbackError as fault:
                error = fault if self._open else None  # shut meanwhile: it stops as it was told to
            except BaseException:
                self._asked = False
                self._asked_again(None)
                raise

    def _asked_again(self, error: ClawbackError | None) -> bool:
        """Is there a wish to read that came after the last one was begun? Else reading has ended."""
        with self._starting:
            again = self._asked and not self._stopped()
            self._asked = False
            if not again:  # told in the same breath, or a call just now would start nothing
                self._reading = False
                self._progress = replace(self._progress, running=False, name="", error=error)
                self._view.outdated = True
            return again

    def _stopped(self) -> bool:
        return self._closing or not self._open

    def _put_down(self, work: Callable[[Path, str | None], T]) -> T:
        """As `change`, but a view may stay a little old."""
        secret = self.secret
        with self._writing:
            return work(self.folder, secret)

    def _say(self, done: int, total: int, name: str) -> None:
        self._progress = ReadingProgress(True, done, total, name)

    def _land(self, landed: Landed) -> None:
        with self._starting:
            self._landed.append(landed)
            self._landed_ever += 1


class _View:
    """The case as last worked out, made anew when its log has grown."""

    def __init__(self) -> None:
        self.outdated = True
        self._cache = ReadingCache()
        self._gatherer = Gatherer()
        self._evidence: Evidence | None = None
        self._mark: Checkpoint | None = None
        self._made_at = self._cost = 0.0
        self._file: CaseFile | None = None
        self._filed_at = 0.0
        self._made_once: dict[object, object] = {}

    def evidence(self, folder: Path, secret: str | None, *, hurried: bool) -> Evidence:
        """What the records show. `hurried`: they change all the time just now; a little old will do."""
        mark = _mark_of(folder)
        if self._evidence is not None and mark is not None and mark == self._mark:
            return self._evidence
        start = time.monotonic()
        good_enough = hurried and not self.outdated and start - self._made_at < self._cost * _STALE_FACTOR
        if self._evidence is None or not good_enough:
            self.outdated = False
            self._evidence = self._gatherer.evidence(load_records(folder, secret, self._cache))
            self._mark, self._file, self._made_at = mark, None, time.monotonic()
            self._made_once.clear()
            self._cost = self._made_at - start
        return self._evidence

    def file(self, folder: Path, secret: str | None, now: datetime, *, hurried: bool) -> CaseFile:
        """The whole case at `now`, or a few seconds before it."""
        evidence = self.evidence(folder, secret, hurried=hurried)
        old = self._file
        if old is None or time.monotonic() - self._filed_at > _FRESH_SECONDS or now - old.now > _CLOCK_STEP:
            self._file, self._filed_at = evidence.at(now), time.monotonic()
            return self._file
        return old

    def once(self, make: Callable[..., T], *known: object) -> T:
        """`make(*known)`, kept until the evidence is gathered anew."""
        if make not in self._made_once:
            self._made_once[make] = make(*known)
        return cast(T, self._made_once[make])


def _mark_of(folder: Path) -> Checkpoint | None:
    """The state of the log; None when it cannot be told, and then loading says what is wrong."""
    try:
        return read_checkpoint(folder)
    except ValueError:
        return None
