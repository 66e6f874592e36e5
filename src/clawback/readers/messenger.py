"""Facebook Messenger and Instagram: `message_1.json` of "download your information".

Their export writes each byte of UTF-8 as a character of its own ("å¥½" for 好). That is undone only when it
works for every text in the file without a rest; the Source keeps what stands there.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, BinaryIO

from clawback.model.events import Message
from clawback.model.evidence import Locator, Severity
from clawback.readers.contract import Peek, Reading, ReadingContext, Sureness
from clawback.readers.gathering import Gathering, as_found, gathering, items, plain, unix_moment
from clawback.readers.json_text import read_json

_FILES = ("photos", "videos", "files", "audio_files", "gifs")
_NAMES = ("sender_name", "content", "title")


class MessengerReader:
    """Reads Messenger and Instagram JSON exports."""

    name = "messenger"
    version = "1"
    formats = (
        "Messenger、Instagram 导出（message_1.json）",
        "Messenger and Instagram exports (message_1.json)",
    )

    def identify(self, peek: Peek) -> Sureness:
        """CERTAIN by the keys that only this export has together."""
        marks = (b'"participants"', b'"sender_name"', b'"timestamp_ms"')
        return Sureness.CERTAIN if all(mark in peek.head for mark in marks) else Sureness.NO

    def read(self, original: BinaryIO, context: ReadingContext) -> Reading:
        """One Message per entry, in the order of the file (newest first)."""
        document, problems = read_json(original, context)
        work = gathering(self, context, problems)
        entries = document.get("messages") if isinstance(document, dict) else None
        if isinstance(entries, list):
            _chat(work, document, entries)
        elif not problems:
            work.lost("json_not_understood", Locator(), "messages")
        return work.reading(self)


def _chat(work: Gathering, document: dict[str, Any], entries: list[Any]) -> None:
    split = _bytes_as_characters(document, entries)
    if split:
        work.problems.append(
            work.context.problem("bytes_as_characters", None, "UTF-8 → Latin-1", Severity.NOTE)
        )
    title = _text(document.get("title"), split)
    for number, entry in enumerate(entries, start=1):
        place = work.place(None, number)
        if not isinstance(entry, dict):
            work.lost("entry_not_understood", place, as_found(entry))
        elif not work.keep(_message(work, entry, place, title, split)):
            return


def _message(
    work: Gathering, entry: dict[str, Any], place: Locator, title: str | None, split: bool
) -> Message:
    found = as_found(entry)
    return Message(
        work.checked(unix_moment(entry.get("timestamp_ms"), 1000), place, found),
        _text(entry.get("sender_name"), split),
        _text(entry.get("content"), split) or "",
        "messenger",
        (work.source(place, found),),
        conversation=title,
        attachments=tuple(_attachments(entry, split)),
    )


def _attachments(entry: dict[str, Any], split: bool) -> Iterator[str]:
    """File names of what was sent along; links and stickers stay in the Source."""
    for key in _FILES:
        for part in items(entry.get(key)):
            path = _text(part.get("uri"), split) if isinstance(part, dict) else None
            if path:
                yield path.rpartition("/")[2]


def _bytes_as_characters(document: dict[str, Any], entries: list[Any]) -> bool:
    """Is every text beyond ASCII in the file UTF-8 written byte by byte?"""
    texts = [document.get("title")]
    texts += [entry.get(key) for entry in entries if isinstance(entry, dict) for key in _NAMES]
    beyond = [text for text in texts if isinstance(text, str) and not text.isascii()]
    return bool(beyond) and all(_joined(text) is not None for text in beyond)


def _joined(text: str) -> str | None:
    try:
        return text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        return None


def _text(value: Any, split: bool) -> str | None:
    text = plain(value)
    return (_joined(text) or text) if text and split else text
