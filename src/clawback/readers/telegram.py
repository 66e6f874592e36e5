"""Telegram Desktop's `result.json`: one chat, or the export of a whole account (`chats.list`)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

from clawback.model.events import Message
from clawback.model.evidence import Grade, Locator, Problem, Severity
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.chat_times import local_moment
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness
from clawback.readers.decode import MAX_RECORDS, decode
from clawback.readers.json_text import read_json, whole_text

_CHAT_TYPES = (
    "personal_chat", "bot_chat", "saved_messages", "private_group", "private_supergroup",
    "public_supergroup", "private_channel", "public_channel", "replies", "verify_codes",
)  # fmt: skip
_MARKS = re.compile(rf'"type"\s*:\s*"(?:{"|".join(_CHAT_TYPES)})"')
_FILES = ("photo", "file", "contact_vcard")
_SAID_BY_SOMEBODY = {"phone_call"}
"""Service entries that are an act of one person towards the other; the rest are remarks of the app."""

_KNOWN = {"id", "type", "date", "date_unixtime", "actor", "actor_id", "action", "text", "text_entities"}
_QUARTER = timedelta(minutes=15)


class TelegramReader:
    """Reads Telegram Desktop JSON exports."""

    name = "telegram"
    version = "1"
    formats = ("Telegram Desktop 导出（result.json）", "Telegram Desktop export (result.json)")

    def identify(self, peek: Peek) -> Sureness:
        """CERTAIN by the keys that a chat of this export begins with."""
        decoded = decode(peek.head, whole=peek.size <= len(peek.head))
        if decoded is None or not decoded.text.lstrip().startswith("{"):
            return Sureness.NO
        text = decoded.text
        if _MARKS.search(text) and '"messages"' in text:
            return Sureness.CERTAIN
        account = '"personal_information"' in text and ('"user_id"' in text or '"chats"' in text)
        return Sureness.SURE if account and peek.name.lower().endswith(".json") else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message per entry, service entries included."""
        document, problems = read_json(original, context)
        work = _Work(context, SourceMaker(self.name, self.version, context.exhibit), problems)
        if isinstance(document, dict):
            work.account(document)
        elif not problems:
            work.lost("json_not_understood", Locator(), type(document).__name__)
        return Reading(
            self.name,
            self.version,
            Grade.CHAT_EXPORT,
            messages=tuple(work.messages),
            problems=tuple(work.problems),
            complete=not any(problem.severity is Severity.ERROR for problem in work.problems),
        )


@dataclass(slots=True)
class _Work:
    """What is gathered while one export is walked through."""

    context: ReadingContext
    source: SourceMaker
    problems: list[Problem]
    messages: list[Message] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    user: str | None = None

    def lost(self, code: str, place: Locator, detail: str) -> None:
        self.problems.append(self.context.problem(code, place, detail, Severity.ERROR))

    def account(self, document: dict[str, Any]) -> None:
        """A whole export: its chats, or itself when it is one chat."""
        person = document.get("personal_information")
        if isinstance(person, dict) and isinstance(person.get("user_id"), int):
            self.user = f"user{person['user_id']}"
        if "messages" in document:
            self.chat(document, "")
            return
        lists = [document.get(key) for key in ("chats", "left_chats")]
        chats = [chat for part in lists if isinstance(part, dict) for chat in _list(part.get("list"))]
        for number, chat in enumerate(chats, start=1):
            self.chat(chat, f"{_plain(chat.get('id')) or number}/" if isinstance(chat, dict) else "")
        unread = sorted(set(document) - {"about", "chats", "left_chats", "personal_information"})
        if unread:
            self.problems.append(
                self.context.problem("section_not_read", Locator(), ", ".join(unread), Severity.NOTE)
            )
        if not chats:
            self.lost("json_not_understood", Locator(), "chats")

    def chat(self, chat: Any, prefix: str) -> None:
        """The entries of one chat, in the order of the export."""
        if not isinstance(chat, dict) or not isinstance(chat.get("messages"), list):
            self.lost("json_not_understood", Locator(item=prefix or None), "messages")
            return
        title = _plain(chat.get("name")) or _plain(chat.get("type"))
        for number, entry in enumerate(chat["messages"], start=1):
            place = Locator(item=self._item(entry, prefix, number))
            if len(self.messages) == MAX_RECORDS:
                self.lost("too_many_records", place, str(MAX_RECORDS))
                return
            if isinstance(entry, dict) and entry.get("type") in ("message", "service"):
                self.messages.append(self._message(entry, place, title))
            else:
                self.lost("entry_not_understood", place, _as_found(entry))

    def _item(self, entry: Any, prefix: str, number: int) -> str:
        """The entry's id, made unique: an id that comes twice is reported."""
        known = _plain(entry.get("id")) if isinstance(entry, dict) else None
        item = prefix + (known or f"#{number}")
        if item in self.seen:
            detail, item = item, f"{item}#{number}"
            self.problems.append(self.context.problem("duplicate_item", Locator(item=item), detail))
        self.seen.add(item)
        return item

    def _message(self, entry: dict[str, Any], place: Locator, title: str | None) -> Message:
        service = entry["type"] == "service"
        return Message(
            self._moment(entry, place),
            _actor(entry) if service else _plain(entry.get("from")) or _plain(entry.get("from_id")),
            _service_text(entry) if service else self._text(entry.get("text"), place),
            "telegram",
            (self.source(place, _as_found(entry)),),
            own=self._own(entry, service),
            conversation=title,
            attachments=tuple(_attachments(entry)),
        )

    def _own(self, entry: dict[str, Any], service: bool) -> bool | None:
        author = entry.get("actor_id" if service else "from_id")
        return None if self.user is None or author is None else author == self.user

    def _text(self, text: Any, place: Locator) -> str:
        parts = text if isinstance(text, list) else [text]
        words = [part.get("text") if isinstance(part, dict) else part for part in parts]
        if not all(isinstance(word, str) for word in words):
            self.problems.append(self.context.problem("entry_not_understood", place, _as_found(text)))
        return whole_text("".join(word for word in words if isinstance(word, str)))

    def _moment(self, entry: dict[str, Any], place: Locator) -> Moment | None:
        local, instant = _local(entry.get("date")), _instant(entry.get("date_unixtime"))
        moment = None
        if instant is not None:
            moment = Moment(self._in_offset(instant, local, place), Precision.SECOND, ZoneBasis.STATED)
        elif local is not None:
            moment = local_moment(local, Precision.SECOND, self.context.zone, ZoneBasis.ASSUMED)
        if moment is None:
            self.problems.append(self.context.problem("date_not_understood", place, _as_found(entry)))
        elif moment.instant.date() > self.context.today + timedelta(days=1):
            self.problems.append(self.context.problem("date_in_future", place, _as_found(entry)))
            return None
        return moment

    def _in_offset(self, instant: datetime, local: datetime | None, place: Locator) -> datetime:
        """`instant` in the offset that the export's own clock had; UTC when it shows none."""
        if local is None:
            return instant
        offset = local.replace(tzinfo=UTC) - instant
        if abs(offset) > timedelta(hours=14) or offset % _QUARTER:
            detail = f"{local.isoformat()} ≠ {instant.isoformat()}"
            self.problems.append(self.context.problem("times_disagree", place, detail))
            return instant
        return instant.astimezone(timezone(offset))


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _plain(value: Any) -> str | None:
    """A string or whole number as text; None for anything else and for ""."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        return None
    return whole_text(str(value)) or None


def _actor(entry: dict[str, Any]) -> str | None:
    return _plain(entry.get("actor")) if entry.get("action") in _SAID_BY_SOMEBODY else None


def _service_text(entry: dict[str, Any]) -> str:
    """The action and its plain particulars, in the words of the export."""
    shown = [_plain(entry.get("actor")) or "", f"[{_plain(entry.get('action')) or ''}]"]
    shown += [f"{key}: {value}" for key, raw in entry.items() if key not in _KNOWN and (value := _plain(raw))]
    return whole_text(" ".join(part for part in shown if part))


def _attachments(entry: dict[str, Any]) -> Iterator[str]:
    """File names of the entry; "(File not included …)" is a remark of the export, not a name."""
    for key in _FILES:
        path = _plain(entry.get(key))
        if path and not path.startswith("("):
            yield path.replace("\\", "/").rpartition("/")[2]
        elif path and key == "file" and (name := _plain(entry.get("file_name"))):
            yield name


def _local(written: Any) -> datetime | None:
    if not isinstance(written, str):
        return None
    try:
        return datetime.strptime(written, "%Y-%m-%dT%H:%M:%S")  # noqa: DTZ007 - the zone is the question
    except ValueError:
        return None


def _instant(written: Any) -> datetime | None:
    if not isinstance(written, str | int) or isinstance(written, bool):
        return None
    try:
        return datetime.fromtimestamp(int(written), UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _as_found(entry: Any) -> str:
    """The entry as compact JSON, for the Source."""
    return whole_text(json.dumps(entry, ensure_ascii=False))
