"""Telegram Desktop's `result.json`: one chat, or the export of a whole account (`chats.list`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, BinaryIO

from clawback.model.events import Message
from clawback.model.evidence import Locator, Severity
from clawback.model.indicators import IndicatorKind
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.chat_times import local_moment
from clawback.readers.contract import Peek, Reading, ReadingContext, SourceMaker, Sureness
from clawback.readers.decode import decode
from clawback.readers.gathering import Gathering, as_found, items, plain, unix_moment
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
_USER = re.compile(r"(?:user|channel)[0-9]{1,19}")
_CLOCK = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}")
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
        work = _Account(context, SourceMaker(self.name, self.version, context.exhibit), problems)
        if isinstance(document, dict):
            work.account(document)
        elif not problems:
            work.lost("json_not_understood", Locator(), type(document).__name__)
        return work.reading(self)


@dataclass(slots=True)
class _Account(Gathering):
    """One export on its way through. `user`: id of the user, when the export names it."""

    user: str | None = None

    def account(self, document: dict[str, Any]) -> None:
        """A whole export: its chats, or itself when it is one chat."""
        person = document.get("personal_information")
        if isinstance(person, dict) and isinstance(person.get("user_id"), int):
            self.user = f"user{person['user_id']}"
        if "messages" in document:
            self.chat(document, "")
            return
        lists = [document.get(key) for key in ("chats", "left_chats")]
        chats = [chat for part in lists if isinstance(part, dict) for chat in items(part.get("list"))]
        for number, chat in enumerate(chats, start=1):
            self.chat(chat, f"{plain(chat.get('id')) or number}/" if isinstance(chat, dict) else "")
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
        title = plain(chat.get("name")) or plain(chat.get("type"))
        for number, entry in enumerate(chat["messages"], start=1):
            known = plain(entry.get("id")) if isinstance(entry, dict) else None
            place = self.place(known, number, prefix)
            if not isinstance(entry, dict) or entry.get("type") not in ("message", "service"):
                self.lost("entry_not_understood", place, as_found(entry))
            elif not self.keep(self._message(entry, place, title)):
                return

    def _message(self, entry: dict[str, Any], place: Locator, title: str | None) -> Message:
        service = entry["type"] == "service"
        author = plain(entry.get("actor_id" if service else "from_id"))
        if author and self._own(entry, service) is not True and _USER.fullmatch(author):
            self.accounts.append((IndicatorKind.TELEGRAM, author, self.source(place, author)))
        return Message(
            self._moment(entry, place),
            _actor(entry) if service else plain(entry.get("from")) or plain(entry.get("from_id")),
            _service_text(entry) if service else self._text(entry.get("text"), place),
            "telegram",
            (self.source(place, as_found(_without_repetition(entry))),),
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
            self.warn("entry_not_understood", place, as_found(text))
        return whole_text("".join(word for word in words if isinstance(word, str)))

    def _moment(self, entry: dict[str, Any], place: Locator) -> Moment | None:
        local, stated = _local(entry.get("date")), unix_moment(entry.get("date_unixtime"))
        moment = stated
        if stated is not None and local is not None:
            moment = replace(stated, instant=self._in_offset(stated.instant, local, place))
        elif local is not None:
            moment = local_moment(local, Precision.SECOND, self.context.zone, ZoneBasis.ASSUMED)
        return self.checked(moment, place, as_found(entry))

    def _in_offset(self, instant: datetime, local: datetime, place: Locator) -> datetime:
        """`instant` in the offset that the export's own clock had."""
        offset = local.replace(tzinfo=UTC) - instant
        if abs(offset) > timedelta(hours=14) or offset % _QUARTER:
            self.warn("times_disagree", place, f"{local.isoformat()} ≠ {instant.isoformat()}")
            return instant
        return instant.astimezone(timezone(offset))


def _without_repetition(entry: dict[str, Any]) -> dict[str, Any]:
    """The entry without "text_entities", which says the text once more."""
    return {key: value for key, value in entry.items() if key != "text_entities"}


def _actor(entry: dict[str, Any]) -> str | None:
    return plain(entry.get("actor")) if entry.get("action") in _SAID_BY_SOMEBODY else None


def _service_text(entry: dict[str, Any]) -> str:
    """The action and its plain particulars, in the words of the export."""
    shown = [plain(entry.get("actor")) or "", f"[{plain(entry.get('action')) or ''}]"]
    shown += [f"{key}: {value}" for key, raw in entry.items() if key not in _KNOWN and (value := plain(raw))]
    return whole_text(" ".join(part for part in shown if part))


def _attachments(entry: dict[str, Any]) -> Iterator[str]:
    """File names of the entry; "(File not included …)" is a remark of the export, not a name."""
    for key in _FILES:
        path = plain(entry.get(key))
        if path and not path.startswith("("):
            yield path.replace("\\", "/").rpartition("/")[2]
        elif path and key == "file" and (name := plain(entry.get("file_name"))):
            yield name


def _local(written: Any) -> datetime | None:
    if not isinstance(written, str) or not _CLOCK.fullmatch(written):
        return None
    try:
        return datetime.fromisoformat(written)
    except ValueError:
        return None
