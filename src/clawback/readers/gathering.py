"""What a reader of a chat export gathers on its way through the entries."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from clawback.model.events import Message
from clawback.model.evidence import Grade, Locator, Problem, Severity, Source
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.contract import Reader, Reading, ReadingContext, SourceMaker
from clawback.readers.decode import MAX_READING_BYTES, MAX_RECORDS, ProblemList
from clawback.readers.json_text import whole_text

_MESSAGE_BYTES = 420
"""What a message takes beside its text when it is handed back."""

_MAX_ITEM = 200
_AS_JSON = json.JSONEncoder(ensure_ascii=False)

_NUMBER = re.compile(r"\+[0-9][0-9 ()./\-]{6,24}")
_DIGITS = re.compile(r"[0-9]")

MAX_PROBLEMS = 1_000
"""Problems listed one by one for one file; the rest is counted."""


@dataclass(slots=True)
class Gathering:
    """Messages and problems so far. `seen`: places already used, so that no two records share one.
    `accounts`: accounts that others wrote from, where the export names them beside the sender. `size`:
    bytes that the messages take when they are handed back."""

    context: ReadingContext
    source: SourceMaker
    problems: list[Problem]
    messages: list[Message] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    accounts: list[tuple[IndicatorKind, str, Source]] = field(default_factory=list)
    size: int = 0

    def lost(self, code: str, place: Locator, detail: str = "") -> None:
        """Something was not read."""
        self.problems.append(self.context.problem(code, place, detail, Severity.ERROR))

    def warn(self, code: str, place: Locator, detail: str = "") -> None:
        """Something is odd, but was read."""
        self.problems.append(self.context.problem(code, place, detail))

    def place(self, known: str | None, number: int, prefix: str = "") -> Locator:
        """The place of the `number`-th entry: its id where it has one, made unique; a repeat is reported."""
        item = (prefix + (known or f"#{number}"))[:_MAX_ITEM]
        if item in self.seen:
            repeated, item = item, f"{item}#{number}"
            self.warn("duplicate_item", Locator(item=item), repeated)
        self.seen.add(item)
        return Locator(item=item)

    def keep(self, message: Message) -> bool:
        """Take `message`; False, with a Problem at its place, when one reading can hold no more."""
        self.size += _size(message)
        if len(self.messages) == MAX_RECORDS or self.size > MAX_READING_BYTES:
            self.lost("too_many_records", message.sources[0].locator, str(len(self.messages)))
            return False
        self.messages.append(message)
        return True

    def checked(self, moment: Moment | None, place: Locator, detail: str) -> Moment | None:
        """`moment`, or None with a Problem when it is missing or after the day of opening."""
        if moment is None:
            self.warn("date_not_understood", place, detail)
        elif moment.instant.date() > self.context.today + timedelta(days=1):
            self.warn("date_in_future", place, detail)
            return None
        return moment

    def reading(self, reader: Reader) -> Reading:
        """All of it; complete when nothing was lost."""
        return Reading(
            reader.name,
            reader.version,
            Grade.CHAT_EXPORT,
            messages=tuple(self.messages),
            indicators=accounts(self.accounts) or numbers_of(self.messages, self.source),
            problems=listed(self.problems, self.context),
            complete=not any(problem.severity is Severity.ERROR for problem in self.problems),
        )


def within_bounds(
    messages: Iterable[Message], context: ReadingContext, problems: list[Problem]
) -> tuple[Message, ...]:
    """As many of `messages`, from the first, as one reading may hold; a Problem names the first left out."""
    kept: list[Message] = []
    size = 0
    for message in messages:
        size += _size(message)
        if len(kept) == MAX_RECORDS or size > MAX_READING_BYTES:
            place, detail = message.sources[0].locator, str(len(kept))
            problems.append(context.problem("too_many_records", place, detail, Severity.ERROR))
            break
        kept.append(message)
    return tuple(kept)


def accounts(found: Iterable[tuple[IndicatorKind, str, Source]]) -> tuple[Indicator, ...]:
    """The accounts that others wrote from, each with the place where it is first seen."""
    first: dict[tuple[IndicatorKind, str], Source] = {}
    for kind, value, source in found:
        first.setdefault((kind, value), source)
    return tuple(Indicator(kind, value, (source,)) for (kind, value), source in first.items())


def numbers_of(messages: Iterable[Message], source: SourceMaker) -> tuple[Indicator, ...]:
    """Phone numbers that stand as senders in international form; the user's own are left out."""
    return accounts(
        (IndicatorKind.PHONE, f"+{digits}", source(message.sources[0].locator, message.sender))
        for message in messages
        if message.sender and message.own is not True and (digits := _international(message.sender))
    )


def _international(name: str) -> str | None:
    """The digits of "+44 7700 900123"; None for anything else. E.164 has at most 15 digits."""
    digits = "".join(_DIGITS.findall(name))
    return digits if _NUMBER.fullmatch(name) and 8 <= len(digits) <= 15 else None


def listed(problems: Sequence[Problem], context: ReadingContext) -> tuple[Problem, ...]:
    """All problems, or the first MAX_PROBLEMS and one that says how many more there are."""
    if len(problems) <= MAX_PROBLEMS:
        return tuple(problems)
    left_out = problems[MAX_PROBLEMS:]
    worst = Severity.ERROR if any(p.severity is Severity.ERROR for p in left_out) else Severity.WARNING
    count = len(left_out) + (problems.more if isinstance(problems, ProblemList) else 0)
    more = context.problem("more_problems", left_out[0].locator, str(count), worst)
    return (*problems[:MAX_PROBLEMS], more)


def _size(message: Message) -> int:
    names = (message.sender or "", message.conversation or "", *message.attachments)
    texts = (message.text, *names, *(found.text for found in message.sources))
    return _MESSAGE_BYTES + sum(map(_bytes, texts))


def _bytes(text: str) -> int:
    """What `text` takes in a JSON string."""
    return len(text.encode("utf-8", "replace")) + sum(map(text.count, '"\\\n'))


def gathering(reader: Reader, context: ReadingContext, problems: list[Problem]) -> Gathering:
    """An empty gathering of `reader` for one exhibit."""
    return Gathering(context, SourceMaker(reader.name, reader.version, context.exhibit), problems)


def plain(value: Any) -> str | None:
    """A string or whole number as text; None for anything else and for ""."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return whole_text(str(value)) or None


def items(value: Any) -> list[Any]:
    """The list, or an empty one when `value` is none."""
    return value if isinstance(value, list) else []


def as_found(entry: Any) -> str:
    """An entry as compact JSON, for its Source."""
    return whole_text(_AS_JSON.encode(entry))


def unix_moment(written: Any, per_second: int = 1) -> Moment | None:
    """The moment of a count since 1970 (seconds, or 1000 `per_second`) in UTC, None when it is none."""
    if not isinstance(written, str | int) or isinstance(written, bool):
        return None
    try:
        instant = datetime.fromtimestamp(int(written) // per_second, UTC)
    except (ValueError, OverflowError, OSError):
        return None
    return Moment(instant, Precision.SECOND, ZoneBasis.STATED)
