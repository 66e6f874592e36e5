"""Sealing a heap, and the user's answers: everything is safe before anything is read."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain

from clawback.desk.custody import Change, Custody
from clawback.desk.heap import Found, display_name, heap_problem
from clawback.desk.register import Additions, Arrival, Register
from clawback.errors import UsageError
from clawback.model.evidence import Grade, Problem, Severity
from clawback.readers.statement import MAX_VALUE
from clawback.readers.wire import decode_reading
from clawback.vault.media_types import media_type_of
from clawback.vault.sealing import Received, SourceRefused, open_source, source_chunks

STATEMENT_TYPE = "application/vnd.clawback.statement+json"
"""Media type of the user's own sealed answers. Nothing else gives it: a file in a heap that claims to be a
statement is evidence like any other."""

STATEMENT_SCHEMA = "clawback.statement/1"
_QUESTION = re.compile(r"[a-z][a-z0-9_.]{0,99}")
_MOST_SUBJECT = 200  # longer ones, and longer values, the statement reader refuses
BATCH_FILES, BATCH_BYTES = 64, 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Sealed:
    """What sealing did. `known`: files whose bytes were in the case already (or twice in this heap)."""

    new: int
    known: int
    problems: tuple[Problem, ...]


class HeapSealer:
    """Seals files in batches: a batch shares one transaction, and none of it counts as sealed before that."""

    def __init__(self, custody: Custody, register: Register, now: datetime) -> None:
        self._custody = custody
        self._register = register
        self._now = now
        self._new = 0
        self._known = 0
        self._problems: list[Problem] = []

    def seal(
        self, files: Sequence[Found], problems: Sequence[Problem], say: Callable[[int, str], None]
    ) -> Sealed:
        """Seal every file and write down what could not be sealed. `say(done, name)` before each file."""
        additions = Additions()
        for done, found in enumerate(files):
            say(done, found.name)
            self._take(found, additions)
            if len(additions.exhibits) >= BATCH_FILES or additions.size >= BATCH_BYTES:
                self._commit(additions)
                additions = Additions()
        for problem in problems:
            self._register.add_problem(problem, additions)
        self._commit(additions)
        return Sealed(self._new, self._known, tuple(self._problems))

    def _take(self, found: Found, additions: Additions) -> None:
        try:
            number = self._known_number(found)
            if number is None:
                self._copy(found, additions)
            else:
                self._known += 1
                self._register.add_name(number, found.raw, additions)
        except SourceRefused as refused:
            problem = heap_problem(refused.code, found.raw, refused.detail)
            self._register.add_problem(problem, additions)

    def _known_number(self, found: Found) -> int | None:
        """Exhibit number of a file that the case holds; None when only a copy can tell.

        Read in place and not copied, so that opening a heap again does not write it all again.
        """
        with open_source(found.path) as source:
            if source.seek(0, 2) not in self._register.sizes:
                return None
            source.seek(0)
            digest = hashlib.sha256()
            for chunk in source_chunks(source):
                digest.update(chunk)
        return self._register.number_of(digest.hexdigest())

    def _copy(self, found: Found, additions: Additions) -> None:
        received = self._custody.vault.receive_file(found.path)
        known = self._register.number_of(received.sha256) is not None
        number = self._register.add(
            Arrival(found.raw, media_type_of(found.name, received.head), received), additions
        )
        self._known += known
        self._new += not known
        if found.of_system:
            self._register.note(number, "system_file", Severity.NOTE, additions)
        if received.changed:
            self._register.note(number, "changed_while_sealing", Severity.WARNING, additions)

    def _commit(self, additions: Additions) -> None:
        write(self._custody, additions, self._now)
        self._problems += additions.problems


def write(custody: Custody, additions: Additions, now: datetime) -> None:
    """One transaction for all of `additions`; none when there is nothing to add."""
    if not additions:
        return
    with custody.change(now) as change:
        enter(change, additions)


def enter(change: Change, additions: Additions) -> None:
    """Put `additions` down inside a transaction."""
    for exhibit, raw_name, received in additions.exhibits:
        change.seal(exhibit, raw_name, received)
    for name in additions.names:
        change.name(name)
    for problem in additions.problems:
        change.problem(problem)


def check_answers(answers: Mapping[str, str]) -> None:
    """Refuse what could not be read back as an answer, before anything is written. Raises UsageError."""
    for key, value in answers.items():
        question, subject = _key(key)
        if not _QUESTION.fullmatch(question) or len(subject) > _MOST_SUBJECT or len(value) > MAX_VALUE:
            raise UsageError(
                f"{display_name(key.encode('utf-8', 'replace'))}: this answer cannot be kept",
                f"“{display_name(key.encode('utf-8', 'replace'))}”：这条回答无法保存（问题名不对或内容过长）",
            )


def seal_new_answers(
    custody: Custody, register: Register, answers: Mapping[str, str], now: datetime
) -> int | None:
    """Seal those answers that the case does not have yet; the exhibit's number, or None."""
    held = answers_held(custody)
    new = {key: value for key, value in answers.items() if held.get(_key(key), "") != value}
    if not new:
        return None
    document = statement_document(new, now)
    received: Received = custody.vault.receive([document])
    name = f"statement {now.isoformat(timespec='seconds')}.json".replace(":", "-")
    additions = Additions()
    number = register.add(Arrival(name.encode("ascii"), STATEMENT_TYPE, received), additions)
    write(custody, additions, now)
    return number


def statement_document(answers: Mapping[str, str], now: datetime) -> bytes:
    """The answers as the JSON document `clawback.statement/1`."""
    items = [
        {"question": question, "subject": subject, "value": value}
        for (question, subject), value in ((_key(key), value) for key, value in answers.items())
    ]
    body = {"schema": STATEMENT_SCHEMA, "made_at": now.isoformat(), "answers": items}
    return (json.dumps(body, ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def _key(written: str) -> tuple[str, str]:
    question, _, subject = written.partition("@")
    return question, subject


def answers_held(custody: Custody) -> dict[tuple[str, str], str]:
    """The latest answer to each (question, subject), as a case file finds it; "" where one was taken back."""
    stored = custody.store.readings(Grade.STATEMENT)
    readings = [decode_reading(one.text.encode("utf-8"), one.exhibit) for one in stored]
    said = sorted(chain.from_iterable(one.statements for one in readings), key=lambda one: one.moment.utc)
    return {(one.question, one.subject): one.value for one in said}
