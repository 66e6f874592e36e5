"""How the conversations of a case went, by counterpart; and that of one chat file, of which nothing is kept.

Who is who comes from the evidence and the user: what a reader marked as the user's own, the name that the
user gave, a name that is the user's in another message of the case, and the name of the chat, which in a
conversation of two is the other's. Where none of that tells, every word counts, and it is said.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import BinaryIO

from clawback.guard.conversation import Course, Point, Quoted, Sign, follow
from clawback.guard.typologies import Stage, Typology, load_typologies
from clawback.guard.verdict import Result
from clawback.ledger.conversation import join_messages
from clawback.ledger.likeness import clean, same_name
from clawback.model.casefile import CaseFile
from clawback.model.events import Message
from clawback.model.moments import Precision
from clawback.readers.box import Box
from clawback.readers.wire import Header
from clawback.vault.media_types import media_type_of

__all__ = [
    "ChatCheck",
    "Conversation",
    "Course",
    "Point",
    "Quoted",
    "Result",
    "Sign",
    "Stage",
    "check_chat_file",
    "conversations",
]

LARGEST_CHAT = 64 * 1024 * 1024
"""Bytes of a chat file that is looked at outside a case."""

_HEAD = 64 * 1024
_NO_CHAT = frozenset({"email", "note"})
_GRAVEST = (Result.LIKELY, Result.SOME, Result.NONE, Result.CANNOT)
_COARSE = (Precision.DAY, Precision.MONTH, Precision.YEAR)
_LATEST = datetime.max.replace(tzinfo=UTC)
_FEWEST_WORDS = 8  # characters of Chinese or letters below which nothing can be said
_ME = frozenset({"我", "me", "you", "您", "你"})


@dataclass(frozen=True, slots=True)
class Conversation:
    """One counterpart and how it went. `name`: of the chat or the other side, as written; "" when none is.

    `sides_known`: False when nothing tells which words are the user's: then all of them were counted.
    `count`: messages, the user's own included. `kind`: `course.type` in full. `next_of`: the kind of scam and
    the stage that say what comes next.
    """

    id: str
    name: str
    channel: str
    count: int
    sides_known: bool
    course: Course
    kind: Typology | None
    next_of: tuple[Typology, Stage] | None

    @property
    def result(self) -> Result:
        """The gravest that was reached; `CANNOT` when the other side said next to nothing."""
        said = sum(char.isalnum() for point in self.course.points for char in point.message.text)
        few = said < _FEWEST_WORDS and self.course.result is Result.NONE
        return Result.CANNOT if few else self.course.result

    @property
    def next_words(self) -> tuple[str, str] | None:
        """What they will probably do next, Chinese and English, as a phrase that completes a sentence."""
        if self.next_of is None:
            return None
        kind, stage = self.next_of
        return kind.stages[stage].next.zh, kind.stages[stage].next.en


@dataclass(frozen=True, slots=True)
class ChatCheck:
    """What a chat file shows. `problem`: code of why there is nothing, or None."""

    conversations: tuple[Conversation, ...]
    problem: str | None


def conversations(file: CaseFile) -> tuple[Conversation, ...]:
    """Every counterpart of a case, the gravest first. It does not depend on the clock."""
    stated = file.answer("user.name")
    return _followed(file.messages, stated.value if stated else "")


def check_chat_file(
    name: str, chat: BinaryIO, size: int, today: date, own_name: str = "", box: Box | None = None
) -> ChatCheck:
    """Look at an export of a chat, or a screenshot of one, in a box of its own; nothing is kept.

    `own_name`: the user's name in it, "" if unknown. `box`: an open one; None: one is opened.
    """
    if size > LARGEST_CHAT:
        return ChatCheck((), "too_large")
    kind = media_type_of(name, chat.read(_HEAD))
    chat.seek(0)
    header = Header(1, name, size, kind, "Asia/Shanghai", today)
    if box is None:
        with Box() as own:
            reading = own.read(chat, header, lambda *_: None)
    else:
        reading = box.read(chat, header, lambda *_: None)
    messages = join_messages(reading.messages)
    found = _followed(messages, own_name or _owner_by_file_name(messages, name))
    if found:
        return ChatCheck(found, None)
    return ChatCheck((), next((problem.code for problem in reading.problems), "no_chat"))


def _owner_by_file_name(messages: Sequence[Message], file_name: str) -> str:
    """An export of a conversation of two is named after the other: then who is not named is the user."""
    speakers = sorted({message.sender for message in messages if message.sender})
    named = [speaker for speaker in speakers if clean(speaker) in clean(file_name)]
    return next(one for one in speakers if one not in named) if len(speakers) == 2 and len(named) == 1 else ""


def _followed(messages: Iterable[Message], own_name: str) -> tuple[Conversation, ...]:
    chats = [message for message in messages if message.channel not in _NO_CHAT and message.text.strip()]
    own = {clean(message.sender) for message in chats if message.own and message.sender}
    own |= {clean(own_name)} - {""}
    by_name: dict[str, list[Message]] = {}
    for message in chats:
        by_name.setdefault(_chat_of(message), []).append(message)
    by_name = _named(by_name, own)
    made = [_conversation(name, found, own) for name, found in by_name.items()]
    return tuple(sorted(made, key=lambda one: _GRAVEST.index(one.result)))


def _chat_of(message: Message) -> str:
    """Title of the chat, or the exhibit where it has none."""
    return message.conversation or f"\0{message.sources[0].exhibit}"


def _named(chats: dict[str, list[Message]], own: set[str]) -> dict[str, list[Message]]:
    """Chats by title; one without is called after the only other speaker, and joins the chat of that name."""
    names: dict[str, str] = {}
    named: dict[str, list[Message]] = {}
    for title, messages in chats.items():
        others = {message.sender for message in messages if message.sender and not _mine(message, own)}
        alone = next(iter(others)) if title.startswith("\0") and len(others) == 1 else title
        name = names.setdefault(clean(alone), alone)
        named.setdefault(name, []).extend(messages)
    return named


def _mine(message: Message, own: set[str]) -> bool:
    if message.own is not None:
        return message.own
    return message.sender is not None and (clean(message.sender) in own or message.sender.lower() in _ME)


def _conversation(name: str, messages: list[Message], own: set[str]) -> Conversation:
    settled, known = _settled(name, messages, own)
    course = follow(_in_order(settled))
    kinds = load_typologies()
    script = course.script
    return Conversation(
        id=messages[0].id,
        name="" if name.startswith("\0") else name,
        channel=messages[0].channel,
        count=len(messages),
        sides_known=known,
        course=course,
        kind=kinds.get(course.type) if course.type else None,
        next_of=(kinds[script[0]], script[1]) if script and script[0] in kinds else None,
    )


def _settled(name: str, messages: Sequence[Message], own: set[str]) -> tuple[list[Message], bool]:
    """Each message with its side; and whether a side was found for all who speak."""
    speakers = {clean(message.sender) for message in messages if message.sender}
    mine = {speaker for speaker in speakers if speaker in own or speaker in _ME}
    others = {speaker for speaker in speakers if same_name(name, speaker)}
    if len(speakers) == 2 and len(others) == 1 and not mine:
        mine = speakers - others
    settled = [replace(one, own=_mine(one, mine)) for one in messages if one.sender or one.own is not None]
    known = bool(mine) or all(one.own is not None for one in messages if one.sender) or speakers == others
    return settled, known


def _in_order(messages: Sequence[Message]) -> list[Message]:
    """By time. What is known only by day, or not at all, stays behind what precedes it in its exhibit."""
    times: dict[str, datetime] = {}
    before: dict[int, datetime] = {}
    for message in messages:
        exhibit = message.sources[0].exhibit
        times[message.id] = before[exhibit] = _time(message, before.get(exhibit))
    return sorted(messages, key=lambda message: times[message.id])


def _time(message: Message, before: datetime | None) -> datetime:
    moment = message.moment
    if moment is None:
        return before or _LATEST
    if before is not None and moment.precision in _COARSE and moment.utc <= before < moment.end:
        return before
    return moment.utc


def as_document(one: Conversation) -> dict[str, object]:
    """A conversation for programs: each point names its message by id, with the words that are its signs."""
    course = one.course
    return {
        "id": one.id,
        "name": one.name,
        "channel": one.channel,
        "messages": one.count,
        "sides_known": one.sides_known,
        "result": one.result.value,
        "type": one.kind.id if one.kind else None,
        "turned": course.turned.message.id if course.turned else None,
        "stayed": course.stayed,
        "asked_money": _quoted(course.asked_money),
        "moved": _quoted(course.moved),
        "next": None if one.next_words is None else dict(zip(("zh", "en"), one.next_words, strict=True)),
        "points": [_point(point) for point in course.points],
    }


def _quoted(found: Quoted | None) -> dict[str, object] | None:
    return None if found is None else {"message": found.message.id, "quote": found.quote}


def _point(point: Point) -> dict[str, object]:
    moment = point.message.moment
    return {
        "message": point.message.id,
        "at": moment.instant.isoformat() if moment else None,
        "result": point.result.value,
        "pressure": point.pressure,
        "stage": point.reached.value if point.reached else None,
        "signs": [{"id": sign.signal.id, "quotes": list(sign.quotes)} for sign in point.signs],
    }
