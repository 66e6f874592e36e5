"""Reading what is sealed: one exhibit after the other, members sealed before they are read in turn."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import BinaryIO, Protocol, Self
from zoneinfo import ZoneInfo

from clawback.desk.custody import Custody
from clawback.desk.register import Additions, Arrival, Register
from clawback.desk.sealing import STATEMENT_TYPE
from clawback.model.evidence import Exhibit, Grade, Outcome, Problem, Severity
from clawback.readers.contract import Reading
from clawback.readers.wire import Header, encode_reading
from clawback.store.records import Result, StoredReading
from clawback.vault.media_types import UNKNOWN, media_type_of
from clawback.vault.sealing import Received

MAX_DEPTH = 3
"""How many exhibits one may be found inside of (an attachment in a mail in an archive); what lies deeper is
handed over by no reader."""


class ReadingRoom(Protocol):
    """What is needed of `readers.box.Box`: a context manager that reads one exhibit at a time."""

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


@dataclass(slots=True)
class ReadingDone:
    """What reading did in this run."""

    members: int = 0
    complete: int = 0
    partial: int = 0
    unread: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one exhibit."""
        self.complete += outcome is Outcome.OK
        self.partial += outcome is Outcome.PARTIAL
        self.unread += outcome is Outcome.UNREAD


def read_waiting(
    custody: Custody,
    register: Register,
    now: datetime,
    room: Callable[[], ReadingRoom],
    say: Callable[[int, int, str], None],
) -> ReadingDone:
    """Read every exhibit that waits, in order of number, and then what was found inside them.

    `say(done, total, name)` before each. Each reading is one transaction with the members it found.
    """
    done = ReadingDone()
    waiting = list(custody.store.waiting())
    if not waiting:
        return done
    with room() as readers:
        reader = _ExhibitReader(custody, register, now, readers)
        for place, number in enumerate(waiting):  # grows while it runs
            say(place, len(waiting), register.exhibits[number].name)
            result, members = reader.read(number)
            done.add(result.outcome)
            done.members += len(members)
            waiting += members
    return done


class _ExhibitReader:
    """Reads one exhibit: through the box, its members into the vault, everything in one transaction."""

    def __init__(self, custody: Custody, register: Register, now: datetime, room: ReadingRoom) -> None:
        self._custody = custody
        self._register = register
        self._now = now
        self._room = room
        self._zone = custody.store.case().zone
        self._blobs = dict(custody.store.blob_names())

    def read(self, number: int) -> tuple[Result, list[int]]:
        """How it ended, and the numbers of new exhibits found inside."""
        exhibit = self._register.exhibits[number]
        found: list[tuple[str, str, Received]] = []

        def on_member(name: str, media_type: str, chunks: Iterator[bytes]) -> None:
            found.append((name, media_type, self._custody.vault.receive(chunks)))

        with self._custody.vault.original(self._blobs[number]) as original:
            reading = self._room.read(original, self._header(exhibit), on_member)
        return self._write(exhibit, _ours_only(exhibit, reading), found)

    def _header(self, exhibit: Exhibit) -> Header:
        return Header(
            exhibit=exhibit.number,
            name=exhibit.name,
            size=exhibit.size,
            media_type=exhibit.media_type,
            zone=self._zone,
            today=self._now.astimezone(ZoneInfo(self._zone)).date(),
            depth=self._register.depth(exhibit.number),
        )

    def _write(
        self, exhibit: Exhibit, reading: Reading, found: list[tuple[str, str, Received]]
    ) -> tuple[Result, list[int]]:
        additions = Additions()
        for name, media_type, received in found:
            self._register.add(_member(name, media_type, received, exhibit.number), additions)
        result = result_of(reading)
        text = encode_reading(reading).decode("utf-8")
        with self._custody.change(self._now) as change:
            for member, raw_name, received in additions.exhibits:
                change.seal(member, raw_name, received)
                self._blobs[member.number] = received.stored
            for further in additions.names:
                change.name(further)
            change.read(StoredReading(exhibit.number, reading.reader, reading.version, text), result)
        return result, [member.number for member, _, _ in additions.exhibits]


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
