"""Messenger's message_1.json; its entries here are invented."""

from __future__ import annotations

import json
from typing import Any

from clawback.readers.contract import Sureness
from clawback.readers.messenger import MessengerReader
from reading import codes, read, sureness, told

READER = MessengerReader()


def split(text: str) -> str:
    """UTF-8 byte by byte, as the export writes it."""
    return text.encode().decode("latin-1")


def export(*entries: dict[str, Any], title: str = "Vale") -> str:
    return json.dumps({"participants": [{"name": "Vale"}], "title": title, "messages": list(entries)})


def entry(**more: object) -> dict[str, Any]:
    return {"sender_name": "Vale", "timestamp_ms": 1772712072056} | more


def test_reads_messages_with_what_was_sent_along() -> None:
    reading = read(
        READER,
        export(
            entry(content="pay here"),
            entry(photos=[{"uri": "messages/inbox/vale_1/photos/7.jpg"}], sticker={"uri": "s.png"}),
        ),
    )
    assert [told(message) for message in reading.messages] == [
        ["2026-03-05T12:01:12+00:00 second stated", "Vale", "pay here", []],
        ["2026-03-05T12:01:12+00:00 second stated", "Vale", "", ["7.jpg"]],
    ]
    assert [message.sources[0].locator.item for message in reading.messages] == ["#1", "#2"]
    assert reading.messages[0].conversation == "Vale"


def test_joins_characters_that_were_written_byte_by_byte_and_says_so() -> None:
    reading = read(
        READER, export(entry(sender_name=split("客服"), content=split("请转账 😀")), title=split("客服"))
    )
    message = reading.messages[0]
    assert (message.sender, message.text, message.conversation) == ("客服", "请转账 😀", "客服")
    assert codes(reading) == ["bytes_as_characters"]
    assert reading.complete


def test_leaves_text_alone_when_not_all_of_it_was_split() -> None:
    reading = read(READER, export(entry(content=split("请转账")), entry(content="café 好")))
    assert [message.text for message in reading.messages] == [split("请转账"), "café 好"]
    assert codes(reading) == []


def test_odd_entries_are_problems() -> None:
    document = json.loads(export(entry(timestamp_ms="soon")))
    document["messages"].append(5)
    reading = read(READER, json.dumps(document))
    assert codes(reading) == ["date_not_understood", "entry_not_understood"]
    assert not reading.complete
    assert codes(read(READER, "[]")) == ["json_not_understood"]


def test_is_known_by_its_keys() -> None:
    assert sureness(READER, export(entry())) is Sureness.CERTAIN
    assert sureness(READER, '{"messages": []}') is Sureness.NO
