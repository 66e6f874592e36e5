"""What a reader is: bytes in, records and problems out."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import IntEnum
from typing import BinaryIO, Protocol

from clawback.model.events import Message, Statement, Transfer
from clawback.model.evidence import Grade, Locator, Problem, Severity, Source
from clawback.model.indicators import Indicator

MAX_SOURCE_TEXT = 500
"""Characters of found text kept in a Source."""

PEEK_BYTES = 64 * 1024


class Sureness(IntEnum):
    """How sure a reader is that a file is its own. The surest reads it; ties go to the list order."""

    NO = 0
    FALLBACK = 10  # could be read as this if nobody knows better (plain text)
    LIKELY = 50  # the shape fits (a CSV with money columns)
    SURE = 90  # the format's own marks are there
    CERTAIN = 100  # magic bytes or a heading that only this format has


@dataclass(frozen=True, slots=True)
class Peek:
    """What `identify` may look at. `head` is at most 64 KiB; `name` is the file name as given."""

    name: str
    size: int
    media_type: str
    head: bytes

    @property
    def suffix(self) -> str:
        """Lower-case file extension with its dot, or ""."""
        dot = self.name.rfind(".")
        return self.name[dot:].lower() if dot > 0 else ""


@dataclass(slots=True)
class ReadingContext:
    """What a reader may know about the case, and where it hands over members it found inside.

    `exhibit`: number of the exhibit being read. `zone`: IANA zone to assume where the evidence is
    silent. `today`: the date of opening, only to refuse dates in the future, never to fill one in.
    `member(name, media_type, chunks)`: hands over a file found inside (attachment, archive member), which
    becomes an exhibit of its own; chunks are consumed before the call returns.
    """

    exhibit: int
    name: str
    zone: str
    today: date
    member: Callable[[str, str, Iterable[bytes]], None]

    def problem(
        self,
        code: str,
        locator: Locator | None = None,
        detail: str = "",
        severity: Severity = Severity.WARNING,
    ) -> Problem:
        """A problem in this exhibit."""
        return Problem(code, self.exhibit, locator or Locator(), detail[:MAX_SOURCE_TEXT], severity)


@dataclass(frozen=True, slots=True)
class TextPiece:
    """Readable text of one place in the exhibit (a page, a mail body, an OCR line), for finding
    indicators, for quoting, and for the gate. `locator` names the place."""

    text: str
    locator: Locator
    certainty: int = 100


@dataclass(frozen=True, slots=True)
class Reading:
    """What one reader understood of one exhibit. Same bytes, same reading.

    `grade`: what the format proves about origin. `complete` False: something was left unread, and
    `problems` says what. `facts`: metadata pairs worth showing (account holder of a bill, period,
    stated totals), as (key, value).
    """

    reader: str
    version: str
    grade: Grade
    transfers: tuple[Transfer, ...] = ()
    messages: tuple[Message, ...] = ()
    statements: tuple[Statement, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    texts: tuple[TextPiece, ...] = ()
    problems: tuple[Problem, ...] = ()
    facts: tuple[tuple[str, str], ...] = ()
    complete: bool = True


class Reader(Protocol):
    """One file format.

    `name` is stable for ever: it is written into every Source. `version` is raised when output changes.
    `formats` is what a help page says it reads, (zh, en).
    """

    name: str
    version: str
    formats: tuple[str, str]

    def identify(self, peek: Peek) -> Sureness:
        """How sure are you? Must not raise and sees nothing but the peek."""
        ...

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """Read untrusted bytes. What is not understood becomes a Problem with its place."""
        ...


@dataclass(slots=True)
class SourceMaker:
    """Makes the Sources of one reader for one exhibit, so that no reader forgets a part."""

    reader: str
    version: str
    exhibit: int
    certainty: int = field(default=100)

    def __call__(self, locator: Locator, text: str, certainty: int | None = None) -> Source:
        """A source at `locator` with the text as found."""
        return Source(
            self.exhibit,
            locator,
            text[:MAX_SOURCE_TEXT],
            self.reader,
            self.version,
            self.certainty if certainty is None else certainty,
        )
