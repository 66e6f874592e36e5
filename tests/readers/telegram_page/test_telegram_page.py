"""Telegram Desktop's HTML export."""

from __future__ import annotations

from pathlib import Path

from clawback.readers.contract import Sureness
from clawback.readers.telegram_page import TelegramPageReader
from reading import codes, read, sureness, told

SAMPLE = (Path(__file__).parent / "messages.html").read_bytes()
READER = TelegramPageReader()
FIRST = "注册入口 https://yuanhang.example/reg\n首充 5,000"


def message(number: int, classes: str = "default clearfix", inside: str = "") -> str:
    return f'<div class="message {classes}" id="message{number}">{inside}</div>'


def test_reads_each_entry_of_the_sample() -> None:
    reading = read(READER, SAMPLE, "messages.html")
    assert [told(entry) for entry in reading.messages] == [
        [None, None, "1 March 2026", []],
        ["2026-03-01T09:01:05+08:00 second stated", "导师远航", FIRST, []],
        ["2026-03-01T09:02:00+08:00 second stated", "导师远航", "名额有限", []],
        ["2026-03-01T02:05:00+01:00 second stated", "Lin", "已转账 <5,000>", ["photo_1@28-02-2026.jpg"]],
        ["2026-03-01T09:07:00+08:00 second assumed", "Lin", "receipt.pdf\n12.1 KB", ["receipt.pdf"]],
    ]
    assert {entry.conversation for entry in reading.messages} == {"导师远航 & Team"}
    assert [entry.sources[0].locator.item for entry in reading.messages] == ["-1", "11", "12", "13", "14"]
    assert "VIP 群" in reading.messages[3].sources[0].text
    assert reading.problems == ()


def test_a_joined_message_without_one_above_has_no_sender() -> None:
    date = '<div class="pull_right date details" title="01.03.2026 09:02:00">09:02</div>'
    page = message(1, "default clearfix joined", f'{date}<div class="text">x</div>')
    reading = read(READER, page)
    assert (reading.messages[0].sender, reading.messages[0].text) == (None, "x")
    assert codes(reading) == ["sender_missing"]


def test_a_missing_or_impossible_date_is_a_problem() -> None:
    name = '<div class="from_name">A</div>'
    date = '<div class="pull_right date details" title="31.02.2026 09:02:00">09:02</div>'
    reading = read(READER, message(1, inside=name) + message(2, inside=name + date))
    assert codes(reading) == ["date_not_understood", "date_not_understood"]


def test_parts_that_are_never_closed_cost_little() -> None:
    page = message(1, inside='<div class="text">' * 50_000)
    assert len(read(READER, page).messages) == 1


def test_a_page_without_messages_says_so() -> None:
    assert codes(read(READER, "<html></html>")) == ["no_messages_found"]


def test_is_known_by_its_classes() -> None:
    assert sureness(READER, SAMPLE, "messages2.html") is Sureness.CERTAIN
    assert sureness(READER, "<html><title>Exported Data</title></html>") is Sureness.NO
