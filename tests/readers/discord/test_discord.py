"""Discord chats as JSON; the entries here are invented."""

from __future__ import annotations

import json
from typing import Any

from clawback.readers.contract import Sureness
from clawback.readers.discord import DiscordReader
from reading import codes, read, sureness, told

READER = DiscordReader()


def export(*entries: Any, count: int | None = None) -> str:
    return json.dumps(
        {
            "guild": {"id": "0", "name": "Direct Messages"},
            "channel": {"id": "9", "name": "signals-vip"},
            "dateRange": {"after": None, "before": None},
            "messages": list(entries),
            "messageCount": len(entries) if count is None else count,
        }
    )


def entry(number: int, **more: object) -> dict[str, Any]:
    return {
        "id": str(number),
        "type": "Default",
        "timestamp": "2026-03-05T20:01:12.366+08:00",
        "content": "buy now",
        "author": {"id": "5", "name": "vale", "nickname": "Coach Vale"},
        "attachments": [],
    } | more


def test_reads_messages_and_remarks_of_the_app() -> None:
    reading = read(
        READER,
        export(
            entry(1, attachments=[{"fileName": "proof.png"}]),
            entry(2, type="Call", content="Started a call."),
            entry(3, author={"id": "6"}),
        ),
    )
    time = "2026-03-05T20:01:12+08:00 second stated"
    assert [told(message) for message in reading.messages] == [
        [time, "Coach Vale", "buy now", ["proof.png"]],
        [time, None, "Coach Vale [Call] Started a call.", []],
        [time, "6", "buy now", []],
    ]
    assert [message.sources[0].locator.item for message in reading.messages] == ["1", "2", "3"]
    assert reading.messages[0].conversation == "signals-vip"
    assert reading.problems == ()


def test_reports_a_stated_count_that_does_not_agree() -> None:
    assert codes(read(READER, export(entry(1), count=7))) == ["totals_disagree"]


def test_odd_entries_are_problems() -> None:
    reading = read(READER, export(5, entry(1, timestamp="2026-03-05T20:01:12"), entry(1)))
    assert codes(reading) == ["entry_not_understood", "date_not_understood", "duplicate_item"]


def test_is_known_by_its_keys() -> None:
    assert sureness(READER, export(entry(1))) is Sureness.CERTAIN
    assert sureness(READER, '{"messages": []}') is Sureness.NO
