"""Clawback's own sealed answers document (`clawback.statement/1`): what the user stated, and when.

The document is written by the desk, sealed as an exhibit, and read back from there like all evidence::

    {"schema": "clawback.statement/1", "made_at": "2026-11-23T09:30:00+08:00",
     "answers": [{"question": "user.name", "subject": "", "value": "…"}]}

`subject` may be left out and is then "" (the whole case). A payment that the user typed is a transfer too.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any, BinaryIO

from clawback.model.events import Statement
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness
from clawback.readers.decode import MAX_RECORDS
from clawback.readers.json_text import read_json, whole_text
from clawback.readers.stated_payments import payments_in

SCHEMA = "clawback.statement/1"
MAX_VALUE = 100_000
"""Characters of one answer."""

_MARK = re.compile(rb'\A(?:\xef\xbb\xbf)?\s*\{[^{}\[\]]{0,400}"schema"\s*:\s*"clawback\.statement/1"')
_QUESTION = re.compile(r"[a-z][a-z0-9_.]{0,99}\Z")
_KEYS = {"question", "subject", "value"}


class StatementReader:
    """Reads `clawback.statement/1`."""

    name = "statement"
    version = "2"
    formats = ("用户陈述（clawback.statement/1）", "Statements of the user (clawback.statement/1)")

    def identify(self, peek: Peek) -> Sureness:
        """By its schema mark alone; the name says nothing."""
        return Sureness.CERTAIN if _MARK.match(peek.head) else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Statement per well-formed answer; anything odd is a Problem and is left out."""
        document, problems = read_json(original, context)
        made_at = _made_at(document)
        if problems or made_at is None or not isinstance(document.get("answers"), list):
            if not problems:
                problems.append(context.problem("statement_malformed", severity=Severity.ERROR))
            return Reading(self.name, self.version, Grade.STATEMENT, problems=tuple(problems), complete=False)
        unknown = sorted(set(document) - {"schema", "made_at", "answers"})
        if unknown:
            problems.append(context.problem("statement_malformed", None, ", ".join(unknown)))
        return self._reading(document["answers"], made_at, context, problems)

    def _reading(
        self, answers: list[Any], made_at: datetime, context: ReadingContext, problems: list[Problem]
    ) -> Reading:
        moment = Moment(made_at, Precision.SECOND, ZoneBasis.STATED)
        source = SourceMaker(self.name, self.version, context.exhibit)
        statements = []
        for number, answer in enumerate(answers[:MAX_RECORDS], start=1):
            place = Locator(item=str(number))
            if not _well_formed(answer):
                problems.append(
                    context.problem("statement_malformed", place, repr(answer)[:200], Severity.ERROR)
                )
                continue
            value = whole_text(answer["value"])
            statements.append(
                Statement(
                    answer["question"], value, moment, (source(place, value),), answer.get("subject", "")
                )
            )
        if len(answers) > MAX_RECORDS:
            problems.append(context.problem("too_many_records", None, str(len(answers)), Severity.ERROR))
        transfers, unclear = payments_in(statements, context)
        problems += unclear
        return Reading(
            self.name,
            self.version,
            Grade.STATEMENT,
            transfers=transfers,
            statements=tuple(statements),
            problems=tuple(problems),
            complete=not problems,
        )


def _made_at(document: Any) -> datetime | None:
    """The instant with its offset, or None when the document is not of this schema."""
    if not isinstance(document, dict) or document.get("schema") != SCHEMA:
        return None
    written = document.get("made_at")
    if not isinstance(written, str):
        return None
    try:
        made_at = datetime.fromisoformat(written)
    except ValueError:
        return None
    return made_at if made_at.tzinfo is not None else None


def _well_formed(answer: Any) -> bool:
    return (
        isinstance(answer, dict)
        and set(answer) <= _KEYS
        and isinstance(answer.get("question"), str)
        and _QUESTION.match(answer["question"]) is not None
        and isinstance(answer.get("value"), str)
        and len(answer["value"]) <= MAX_VALUE
        and isinstance(answer.get("subject", ""), str)
        and len(answer.get("subject", "")) <= 200
    )
