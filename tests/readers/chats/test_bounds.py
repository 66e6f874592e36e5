"""A chat of any length comes back in part, never not at all."""

from __future__ import annotations

import json

import pytest

from clawback.readers.chat_text import ChatTextReader
from clawback.readers.contract import Reader
from clawback.readers.decode import ProblemList
from clawback.readers.gathering import MAX_PROBLEMS
from clawback.readers.plain_text import PlainTextReader
from clawback.readers.telegram import TelegramReader
from clawback.readers.wechat_chat import WeChatTableReader
from clawback.readers.whatsapp import WhatsAppReader
from clawback.readers.wire import encode_reading
from reading import codes, read

MANY = 60
LONG = "长" * 20_000


def telegram() -> str:
    entry = {"type": "message", "date": "2026-03-05T20:01:12", "from": "A", "text": LONG}
    entries = [entry | {"id": number} for number in range(MANY)]
    return json.dumps({"name": "x", "type": "personal_chat", "messages": entries})


@pytest.mark.parametrize(
    ("reader", "data"),
    [
        (WhatsAppReader(), f"2026-03-05, 10:00 - A: {LONG}\n" * MANY),
        (ChatTextReader(), f"2026-03-05 20:01:12 小红\n{LONG}\n\n" * MANY),
        (WeChatTableReader(), "时间,发送人,内容\n" + f"2026-03-05 20:01:12,小红,{LONG}\n" * MANY),
        (TelegramReader(), telegram()),
        (PlainTextReader(), f"{LONG}\n\n" * MANY),
    ],
    ids=lambda given: getattr(given, "name", ""),
)
def test_what_is_too_much_is_left_out_from_a_named_place(
    reader: Reader, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bound = 1024 * 1024
    for module in ("gathering", "plain_text"):
        monkeypatch.setattr(f"clawback.readers.{module}.MAX_READING_BYTES", bound)
    reading = read(reader, data)
    assert codes(reading) == ["too_many_records"]
    assert str(reading.problems[0].locator) != "whole"
    assert 0 < len(reading.messages) + len(reading.texts) < MANY
    assert not reading.complete
    assert bound // 2 < len(encode_reading(reading)) < bound * 64 // 52


def test_problems_without_end_are_counted() -> None:
    reading = read(WhatsAppReader(), "2026-03-05, 10:00 - A: x\n" + "2026-02-30, 10:00 - A: y\n" * 3000)
    assert len(reading.problems) == MAX_PROBLEMS + 1
    assert (reading.problems[-1].code, reading.problems[-1].detail) == ("more_problems", "2000")
    assert reading.problems[-1].locator.line == MAX_PROBLEMS + 2


def test_a_file_made_of_nothing_but_problems_does_not_fill_the_memory() -> None:
    entries = ",".join("1" for _ in range(ProblemList.MOST + 500))
    reading = read(TelegramReader(), f'{{"name": "x", "messages": [{entries}]}}')
    assert len(reading.problems) == MAX_PROBLEMS + 1
    assert reading.problems[-1].detail == str(ProblemList.MOST + 500 - MAX_PROBLEMS)
    assert not reading.complete
