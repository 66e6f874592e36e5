"""Chats: messages found against the counts and contents that each source states about itself.

Ground truths, one row each: counts in file names (`2A_5M`), `*.expected.json` beside a file,
"one message per line" for generated chats, the files that lie beside a chat for its attachments, and the
number of text messages that a backup's source states. A file without any of these gives a row without truth.
`found` counts what somebody said; remarks of the app are left out, as the truths leave them out.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from tools.accuracy.rows import Opened, Row, open_file, origin_of

from clawback.model.events import Message

_COUNTED = re.compile(r"_?(?P<authors>\d+)A_(?P<messages>\d+)M$")
_LINE = re.compile(r"\[(?P<time>\d{4}-\d\d-\d\d \d\d:\d\d)\] (?P<sender>[^:]+): (?P<text>.*)")
_CHAT_FILES = {".txt", ".json", ".csv", ".xml", ".html"}
_NOT_EVIDENCE = (".expected.json", "-bookmarks.json", "SOURCE.md")
_ZONE = "Asia/Shanghai"


def measure(data: Path) -> list[Row]:
    """Rows of every chat source under `data`."""
    return [row for source in sorted(data.iterdir()) if source.is_dir() for row in _source(source)]


def _source(source: Path) -> Iterator[Row]:
    for path in sorted(source.rglob("*")):
        if path.suffix in _CHAT_FILES and not path.name.endswith(_NOT_EVIDENCE):
            opened = open_file(path, _ZONE)
            yield _row(source, path, opened)
            if path.parent.name.endswith("-chat"):
                yield _attachments(source, path, opened)


def _row(source: Path, path: Path, opened: Opened) -> Row:
    said = _said(opened)
    expected, exact = _truth(path, said)
    return Row(
        "chats",
        origin_of(source),
        path.relative_to(source).as_posix(),
        files=1,
        read=int(opened.reading is not None),
        no_reader=int(opened.reader is None),
        errors=int(opened.error is not None),
        expected=expected,
        found=len(said),
        exact=exact,
    )


def _said(opened: Opened) -> list[Message]:
    messages = opened.reading.messages if opened.reading else ()
    return [message for message in messages if message.sender is not None or message.own is not None]


def _truth(path: Path, said: Sequence[Message]) -> tuple[int | None, dict[str, int]]:
    """How many messages there should be, and how many of them were read exactly, property by property."""
    counted = _COUNTED.search(path.stem)
    if counted:
        return int(counted["messages"]), {}
    beside = path.with_suffix(".expected.json")
    if beside.exists():
        rows = json.loads(beside.read_text(encoding="utf-8"))["messages"]
        truth = [(row[0], row[-3], row[-1]) for row in rows if row[-2] != "system"]
        return len(truth), _agreement(truth, said)
    if path.stem == "lorem-2000":
        return 2000, _agreement(list(_generated(path)), said)
    if path.name == "sms-dupes.xml":
        return 8, {}
    return None, {}


def _generated(path: Path) -> Iterator[tuple[str, str, str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        match = _LINE.fullmatch(line)
        if match:
            yield match["time"].replace(" ", "T"), match["sender"], match["text"]


def _agreement(truth: Sequence[tuple[str, str, str]], said: Sequence[Message]) -> dict[str, int]:
    """Messages compared in order: local time to the precision of the truth, sender, text."""
    pairs = list(zip(truth, said, strict=False))
    return {
        "time": sum(
            m.moment is not None and m.moment.instant.isoformat().startswith(t) for (t, _, _), m in pairs
        ),
        "sender": sum(sender == message.sender for (_, sender, _), message in pairs),
        "text": sum(text == message.text for (_, _, text), message in pairs),
    }


def _attachments(source: Path, path: Path, opened: Opened) -> Row:
    """Of the files that lie beside the chat, how many does a message name?"""
    beside = {other.name for other in path.parent.iterdir()} - {path.name}
    named = [name for message in _said(opened) for name in message.attachments]
    return Row(
        "chats",
        origin_of(source),
        f"attachments of {path.relative_to(source).as_posix()}",
        files=1,
        read=1,
        no_reader=0,
        errors=0,
        expected=len(beside),
        found=len(named),
        exact={"attachment": len(beside & set(named))},
    )
