"""Whatever the bytes: readers of chats and text answer, with the same answer for the same bytes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawback.readers.chat_text import ChatTextReader
from clawback.readers.contract import Reader
from clawback.readers.discord import DiscordReader
from clawback.readers.html_page import HtmlPageReader
from clawback.readers.messenger import MessengerReader
from clawback.readers.plain_text import PlainTextReader
from clawback.readers.sms_backup import SmsBackupReader
from clawback.readers.statement import StatementReader
from clawback.readers.telegram import TelegramReader
from clawback.readers.telegram_page import TelegramPageReader
from clawback.readers.wechat_chat import WeChatTableReader
from clawback.readers.whatsapp import WhatsAppReader
from reading import read, sureness

READERS: tuple[Reader, ...] = (
    WhatsAppReader(),
    TelegramReader(),
    TelegramPageReader(),
    HtmlPageReader(),
    WeChatTableReader(),
    ChatTextReader(),
    MessengerReader(),
    DiscordReader(),
    SmsBackupReader(),
    StatementReader(),
    PlainTextReader(),
)
SAMPLES = sorted(
    path.read_bytes()
    for folder in ("whatsapp", "telegram", "telegram_page", "wechat_chat", "chat_text")
    for path in (Path(__file__).parents[1] / folder).iterdir()
    if path.suffix in (".txt", ".json", ".csv", ".html")
)
PIECES = (
    "1", " ", "\t", "—", "2024-01-01 ",
    "1/1/24, 10:00 ", "[1/1/24", "<a:", "(a.b ", '"', "\\", '\\"', "A: ", "下午",
)  # fmt: skip
EDGES = (
    b"",
    b"\x00",
    b"\n" * 1000,
    "\u202e‮\u200f[\u200e12/12/24, 10:00]".encode(),
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"[" * 5000,
    b'{"messages": [' * 500,
    "﷽".encode() * 1000,
    b"2024-01-01 10:00:00 A\n" * 500,
)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize("data", EDGES)
def test_edges_are_answered(reader: Reader, data: bytes) -> None:
    sureness(reader, data)
    assert read(reader, data).reader == reader.name


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@given(data=st.data())
@settings(max_examples=60, deadline=None)
def test_damaged_samples_are_answered_twice_alike(reader: Reader, data: st.DataObject) -> None:
    sample = data.draw(st.sampled_from(SAMPLES))
    at = data.draw(st.integers(0, len(sample)))
    width = data.draw(st.integers(0, 20))
    damaged = sample[:at] + data.draw(st.binary(max_size=20)) + sample[at + width :]
    sureness(reader, damaged, data.draw(st.sampled_from(["_chat.txt", "聊天记录.csv", "x"])))
    assert read(reader, damaged) == read(reader, damaged)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@given(text=st.text(alphabet="0123456789年月日上午下 :：/.-[]()（）,，\t\nAM—<>\"'{}\u200e", max_size=400))
@settings(max_examples=60, deadline=None)
def test_text_that_nearly_looks_right_is_answered(reader: Reader, text: str) -> None:
    sureness(reader, text)
    reading = read(reader, text)
    assert len({message.id for message in reading.messages}) == len(reading.messages)


@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.name)
@pytest.mark.parametrize("piece", PIECES)
def test_long_repeated_text_takes_linear_time(reader: Reader, piece: str) -> None:
    def cost(times: int) -> float:
        line = "2024-01-01, 10:00 - A: x\n" + piece * times
        begun = time.process_time()
        sureness(reader, line)
        read(reader, line)
        return time.process_time() - begun

    assert cost(100_000) < 2.0
