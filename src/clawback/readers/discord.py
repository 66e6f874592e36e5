"""Discord chats as JSON, as DiscordChatExporter writes them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any, BinaryIO

from clawback.model.events import Message
from clawback.model.evidence import Locator
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.gathering import Gathering, as_found, gathering, items, plain
from clawback.readers.json_text import read_json

_SAID = {"Default", "Reply", "ThreadStarterMessage", "ChatInputCommand", "ContextMenuCommand", "0", "19"}
"""Types that a person writes; all others are remarks of the app about what a person did."""


class DiscordReader:
    """Reads DiscordChatExporter JSON."""

    name = "discord"
    version = "1"
    formats = ("Discord 聊天 JSON（DiscordChatExporter）", "Discord chats as JSON (DiscordChatExporter)")

    def identify(self, peek: Peek) -> Sureness:
        """CERTAIN by the keys that the export begins with."""
        marks = (b'"guild"', b'"channel"', b'"dateRange"')
        return Sureness.CERTAIN if all(mark in peek.head for mark in marks) else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message per entry, remarks of the app included (without sender)."""
        document, problems = read_json(original, context)
        work = gathering(self, context, problems)
        entries = document.get("messages") if isinstance(document, dict) else None
        if isinstance(entries, list):
            _chat(work, document, entries)
        elif not problems:
            work.lost("json_not_understood", Locator(), "messages")
        return work.reading(self)


def _chat(work: Gathering, document: dict[str, Any], entries: list[Any]) -> None:
    title = plain(_part(document, "channel").get("name"))
    for number, entry in enumerate(entries, start=1):
        place = work.place(plain(entry.get("id")) if isinstance(entry, dict) else None, number)
        if not isinstance(entry, dict):
            work.lost("entry_not_understood", place, as_found(entry))
        elif not work.keep(_message(work, entry, place, title)):
            return
    stated = document.get("messageCount")
    if isinstance(stated, int) and stated != len(entries):
        work.warn("totals_disagree", Locator(), f"messageCount {stated} ≠ {len(entries)}")


def _message(work: Gathering, entry: dict[str, Any], place: Locator, title: str | None) -> Message:
    found, author = as_found(entry), _part(entry, "author")
    name = plain(author.get("nickname")) or plain(author.get("name")) or plain(author.get("id"))
    said = plain(entry.get("type")) in _SAID
    text = plain(entry.get("content")) or ""
    if not said:
        text = " ".join(part for part in (name, f"[{plain(entry.get('type')) or ''}]", text) if part)
    return Message(
        work.checked(_moment(entry.get("timestamp")), place, found),
        name if said else None,
        text,
        "discord",
        (work.source(place, found),),
        conversation=title,
        attachments=tuple(_attachments(entry)),
    )


def _part(entry: dict[str, Any], key: str) -> dict[str, Any]:
    part = entry.get(key)
    return part if isinstance(part, dict) else {}


def _attachments(entry: dict[str, Any]) -> Iterator[str]:
    for part in items(entry.get("attachments")):
        name = plain(part.get("fileName")) if isinstance(part, dict) else None
        if name:
            yield name


def _moment(written: Any) -> Moment | None:
    """ISO 8601 with offset; the export always writes one."""
    if not isinstance(written, str):
        return None
    try:
        instant = datetime.fromisoformat(written)
    except ValueError:
        return None
    if instant.tzinfo is None:
        return None
    return Moment(instant.replace(microsecond=0), Precision.SECOND, ZoneBasis.STATED)
