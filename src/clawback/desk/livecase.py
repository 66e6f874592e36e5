"""A case kept open by a door that stays: one writer at a time, reading in the background, a view kept fresh.

The command line opens a case, acts, and is gone. A browser looks at the same case hundreds of times while
files arrive, so here the view is worked out once per change, and reading goes on in slices between which
everything else gets its turn.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self, TypeVar

from clawback.desk.casefile import Evidence, gather_evidence
from clawback.desk.custody import Custody
from clawback.desk.reading import read_waiting
from clawback.desk.records import ReadingCache, Records, load_records
from clawback.desk.register import Register
from clawback.errors import CaseLocked, ClawbackError
from clawback.model.casefile import CaseFile
from clawback.readers.box import Box
from clawback.vault.folder import read_checkpoint, read_marker
from clawback.vault.log import Checkpoint

T = TypeVar("T")

_SLICE_SECONDS = 5.0
_FRESH_SECONDS = 30.0  # plan and card are computed anew after this, even if nothing changed
_CLOCK_STEP = timedelta(minutes=1)
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
        self._turns = _Turns()
        self._viewing = threading.Lock()
        self._view = _View()
        self._progress = ReadingProgress()
        self._reader: threading.Thread | None = None
        self._box: Box | None = None
        self._closing = False

    # shut and open

    @property
    def is_open(self) -> bool:
        """Can it be looked into now?"""
        return self._open

    def unlock(self, passphrase: str) -> None:
        """Open an encrypted case. Raises CaseLocked when the passphrase is wrong."""
        with Custody.open(self.folder, passphrase):
            self._secret, self._open = passphrase, True

    def shut(self) -> None:
        """Forget the passphrase of an encrypted case, and everything read from it."""
        if self.encrypted:
            with self._viewing:
                self._secret, self._open = None, False
                self._view = _View()

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

    # changing

    def change(self, work: Callable[[Path, str | None], T]) -> T:
        """Run `work(folder, passphrase)` while nothing else writes; views made after it show what it did."""
        secret = self.secret
        with self._turns.taken():
            result = work(self.folder, secret)
        self._view.outdated = True
        return result

    # reading in the background

    @property
    def progress(self) -> ReadingProgress:
        """How far reading is."""
        return self._progress

    def start_reading(self) -> None:
        """Read whatever waits, in the background; returns at once. More may be added meanwhile."""
        _ = self.secret
        with self._viewing:
            if self._reader is None or not self._reader.is_alive():
                self._progress = ReadingProgress(running=True)
                self._reader = threading.Thread(target=self._read, name=f"reading {self.id}", daemon=True)
                self._reader.start()

    def wait_until_read(self, timeout_s: float | None = None) -> None:
        """Return when background reading has ended."""
        if self._reader is not None:
            self._reader.join(timeout_s)

    def close(self) -> None:
        """Stop reading after the exhibits in hand, and let go of everything. What is unread waits."""
        self._closing = True
        self.wait_until_read()
        if self._box is not None:
            self._box.close()
            self._box = None

    def _read(self) -> None:
        before, error = 0, None
        try:
            while not self._closing and self._waiting():
                before += self._read_slice(before)
        except ClawbackError as fault:
            error = fault
        self._progress = replace(self._progress, running=False, name="", error=error)
        self._view.outdated = True

    def _waiting(self) -> int:
        if not self._open:
            return 0
        with Custody.open(self.folder, self.secret) as custody:
            return len(custody.store.waiting())

    def _read_slice(self, before: int) -> int:
        """Read until somebody else wants the case, or a few seconds; how many were read."""
        until = time.monotonic() + _SLICE_SECONDS
        handled = 0

        def say(done: int, total: int, name: str) -> None:
            nonlocal handled
            handled = done
            self._progress = ReadingProgress(True, before + done, before + total, name)

        def stop() -> bool:
            return self._closing or self._turns.wanted or time.monotonic() > until

        with (
            self._turns.patiently_taken(),
            Custody.open(self.folder, self.secret, writing=True) as custody,
        ):
            now = self.clock()
            done = read_waiting(custody, Register(custody, now), now, self._kept_box, say, stop=stop)
        return done.handled

    def _kept_box(self, workers: int) -> _Kept:
        if self._box is None:
            self._box = Box(workers=workers)
        return _Kept(self._box)


class _View:
    """The case as last worked out, made anew when its log has grown."""

    def __init__(self) -> None:
        self.outdated = True
        self._cache = ReadingCache()
        self._evidence: Evidence | None = None
        self._mark: Checkpoint | None = None
        self._made_at = self._cost = 0.0
        self._file: CaseFile | None = None
        self._filed_at = 0.0

    def evidence(self, folder: Path, secret: str | None, *, hurried: bool) -> Evidence:
        """What the records show. `hurried`: they change all the time just now; a little old will do."""
        mark = read_checkpoint(folder)
        if self._evidence is not None and mark == self._mark:
            return self._evidence
        start = time.monotonic()
        good_enough = hurried and not self.outdated and start - self._made_at < self._cost * _STALE_FACTOR
        if self._evidence is None or not good_enough:
            self.outdated = False
            self._evidence = gather_evidence(load_records(folder, secret, self._cache))
            self._mark, self._file, self._made_at = mark, None, time.monotonic()
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


class _Kept:
    """A box that stays when one slice of reading is done with it: its libraries are loaded once."""

    def __init__(self, box: Box) -> None:
        self.read = box.read

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None


class _Turns:
    """One writer at a time; a patient one lets everybody else go first."""

    def __init__(self) -> None:
        self._free = threading.Lock()
        self._counting = threading.Lock()
        self._waiting = 0

    @property
    def wanted(self) -> bool:
        """Does somebody wait who is not patient?"""
        return self._waiting > 0

    @contextmanager
    def taken(self) -> Iterator[None]:
        """Wait for a turn, and hold it."""
        self._count(1)
        try:
            self._free.acquire()
        finally:
            self._count(-1)
        try:
            yield
        finally:
            self._free.release()

    @contextmanager
    def patiently_taken(self) -> Iterator[None]:
        """The same, after everybody who waits."""
        while self.wanted:
            time.sleep(0.01)
        with self._free:
            yield

    def _count(self, step: int) -> None:
        with self._counting:
            self._waiting += step
