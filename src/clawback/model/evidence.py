"""What was sealed, where in it a fact stands, and what could not be understood."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Grade(StrEnum):
    """Where an exhibit can be shown to come from, best first (product promise 5).

    Every exhibit is also "unchanged since sealed"; the grade is about the time before that.
    """

    PLATFORM_EXPORT = "platform_export"  # a file that the platform or bank itself produced
    SIGNED_EMAIL = "signed_email"  # e-mail whose DKIM signature was verified
    EMAIL = "email"  # e-mail source without a verified signature
    PAGE_CAPTURE = "page_capture"  # live capture of a page
    DOCUMENT = "document"  # PDF or office document of unproven origin
    CHAT_EXPORT = "chat_export"  # text export of a chat app: editable by whoever held it
    SCREENSHOT = "screenshot"
    PHOTO = "photo"
    STATEMENT = "statement"  # what the user stated, dated
    UNGRADED = "ungraded"


class Outcome(StrEnum):
    """How reading an exhibit ended. Sealing always comes first and does not depend on it."""

    OK = "ok"
    PARTIAL = "partial"  # something was read, something was not: see the problems
    UNREAD = "unread"  # nothing was read: the reason says why
    WAITING = "waiting"  # sealed, not read yet


@dataclass(frozen=True, slots=True)
class Locator:
    """The place inside an exhibit. Counts start at 1; unused parts are None.

    `row`: line of a table as a person counts it in the file; `page`: page of a document;
    `line`: text line; `item`: n-th message or entry, or its id in the export;
    `start`/`end`: character span within the text of that place; `box`: left, top, right, bottom pixels.
    """

    row: int | None = None
    page: int | None = None
    line: int | None = None
    item: str | None = None
    start: int | None = None
    end: int | None = None
    box: tuple[int, int, int, int] | None = None

    def __str__(self) -> str:
        parts = [
            f"{name} {value}"
            for name, value in (
                ("page", self.page),
                ("row", self.row),
                ("line", self.line),
                ("item", self.item),
            )
            if value is not None
        ]
        if self.start is not None:
            parts.append(f"chars {self.start}-{self.end}")
        if self.box is not None:
            parts.append("box " + ",".join(map(str, self.box)))
        return ", ".join(parts) or "whole"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a fact was read: exhibit number, place, the text as found, and who read it.

    `text` is verbatim (cut to 500 characters). `reader` and `version` name the code that read it, so
    that an old record can be told from a new one. `certainty` is 0-100: 100 for machine-written text,
    the engine's own figure for OCR.
    """

    exhibit: int
    locator: Locator
    text: str
    reader: str
    version: str
    certainty: int = 100


class Severity(StrEnum):
    """How much a problem takes away."""

    NOTE = "note"  # worth knowing, nothing lost
    WARNING = "warning"  # something may be wrong or missing
    ERROR = "error"  # something was not read


@dataclass(frozen=True, slots=True)
class Problem:
    """Something wrong with or unread in the evidence, with its place. A value, never an exception.

    `code` is a stable snake_case word with a sentence in both languages in `desk/wording`; `detail` is
    the specific part (a count, the text found), free of language where possible.
    """

    code: str
    exhibit: int
    locator: Locator = field(default_factory=Locator)
    detail: str = ""
    severity: Severity = Severity.WARNING


@dataclass(frozen=True, slots=True)
class Exhibit:
    """One sealed original. Never changed; numbers are given once and never reused.

    `names`: every path under which these bytes were handed in (first is the display name, cleaned of
    control and bidirectional characters); the same bytes twice are one exhibit with two names.
    `parent`: exhibit number of the archive or mail it was found in. `sha256`: hex of the original
    bytes. `size` in bytes. `sealed_at` in UTC. `reason`: problem code when not read in full.
    """

    number: int
    names: tuple[str, ...]
    sha256: str
    size: int
    media_type: str
    sealed_at: datetime
    parent: int | None = None
    grade: Grade = Grade.UNGRADED
    outcome: Outcome = Outcome.WAITING
    reason: str | None = None
    reader: str | None = None

    @property
    def name(self) -> str:
        """The display name."""
        return self.names[0]
