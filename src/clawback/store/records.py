"""What the store keeps beside exhibits: readings, decisions, filings made, and lines of the log."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime

from clawback.model.evidence import Grade, Outcome


@dataclass(frozen=True, slots=True)
class StoredReading:
    """A reading as text. The store does not look into it; `readers.wire` does.

    `exhibit`: number of the exhibit that was read. `reader`/`version`: who wrote it. `text`: the encoded
    reading.
    """

    exhibit: int
    reader: str
    version: str
    text: str

    @property
    def sha256(self) -> str:
        """Hex SHA-256 of the text."""
        return hashlib.sha256(self.text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Decision:
    """What a person decided or wrote down. Append-only: nothing is changed, undoing is a further record.

    `who`: name or role of the person. `at`: aware. `value` is a word, or JSON where it has parts. A record's
    number is its place in the order of writing, from 1. Kinds, with the latest on a subject holding:

    - "scope": `subject` one entry id; "in", "out" or "unsure"
    - "merge", "unmerge", "unpair": `subject` two transfer ids; "". "unpair" takes the word back
    - "language": no subject; the language of papers made from now on
    - "fact": `subject` a transfer id and one of the ten facts; the claim that is right, "" while not sure
    - "step": `subject` an action id; outcome, reason, note, on
    - "checkup": `subject` an item of the check-up of one's own accounts; "done" or "open"
    - "outcome": `subject` the key of a subject; outcome ("" takes it back), on, exhibit, note
    - "rating_ruling": `subject` the key of a subject and a reply's number; result, note

    and with every one holding until it is withdrawn:

    - "hand_in": `subject` a form or step id; at, how, reference, to, started (the date question it answered)
    - "reply": `subject` a form, step or channel id; at, result, amount, note, exhibit, started
    - "recovery": `subject` a transfer id and a channel id; state, on, amount, exhibit, note
    - "call": `subject` a channel id and a transfer id; result, at, phone, reference, officer
    - "withdraw": `subject` the number of the record taken back; ""

    and with every one holding for good:

    - "rating_reply": `subject` the key of a subject and the reply's number; on, by, text, about, contest
    """

    kind: str
    subject: tuple[str, ...]
    value: str
    who: str
    at: datetime


@dataclass(frozen=True, slots=True)
class FilingMade:
    """A paper that was rendered and handed out.

    `files`: (file name, hex SHA-256) of each file. `log_root`/`log_size`: the state of the log printed on it.
    `missing`: keys of the facts that the paper shows as missing.
    """

    form: str
    recipient: str
    files: tuple[tuple[str, str], ...]
    log_size: int
    log_root: str
    at: datetime
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of the append-only log as stored.

    `position` starts at 0. `leaf`: canonical bytes, hashed into the tree. `salt` and `content`: what the
    leaf's commitment opens to; None after an erasure.
    """

    position: int
    leaf: bytes
    salt: bytes | None
    content: bytes | None


@dataclass(frozen=True, slots=True)
class Name:
    """One name under which an exhibit was handed in. `place` from 1; `name` cleaned for display; `raw` as the
    file system or archive gave it."""

    exhibit: int
    place: int
    name: str
    raw: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """How reading an exhibit ended. `reason`: problem code when it was not read in full, else None."""

    grade: Grade
    outcome: Outcome
    reason: str | None
