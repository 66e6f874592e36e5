"""WhatsApp text exports, in the forms of several phones and languages."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from clawback.model.evidence import Grade, Severity
from clawback.readers.contract import Sureness
from clawback.readers.whatsapp import WhatsAppReader
from reading import codes, read, sureness, told, written

HERE = Path(__file__).parent
READER = WhatsAppReader()


@pytest.mark.parametrize(
    ("sample", "zone"),
    [
        ("ios_zh", "Asia/Shanghai"),
        ("android_en_gb", "Europe/London"),
        ("android_en_us", "America/New_York"),
    ],
)
def test_reads_each_message_of_a_sample(sample: str, zone: str) -> None:
    reading = read(READER, (HERE / f"{sample}.txt").read_bytes(), "_chat.txt", zone)
    expected = json.loads((HERE / f"{sample}.expected.json").read_text(encoding="utf-8"))
    assert [told(message) for message in reading.messages] == expected
    assert reading.problems == ()
    assert reading.complete
    assert reading.grade is Grade.CHAT_EXPORT


def test_source_keeps_the_lines_as_found_with_their_place() -> None:
    reading = read(READER, (HERE / "ios_zh.txt").read_bytes(), "_chat.txt")
    photo, long = reading.messages[4].sources[0], reading.messages[2].sources[0]
    assert photo.text.startswith("\u200e[2024/12/2 下午9:21:12]")
    assert photo.locator.line == 8
    assert long.text.count("\n") == 3


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        ("13/02/24, 10:00 - A: x", "01/03/24, 10:00 - A: y", "2024-03-01T10:00:00+08:00"),
        ("2/13/24, 10:00 - A: x", "3/1/24, 10:00 - A: y", "2024-03-01T10:00:00+08:00"),
        ("24/2/13, 10:00 - A: x", "24/3/1, 10:00 - A: y", "2024-03-01T10:00:00+08:00"),
        ("13.02.24, 10:00 - A: x", "01.03.24, 10:00 - A: y", "2024-03-01T10:00:00+08:00"),
        ("1.2.24, 10:00 - A: x", "1.3.24, 10:00 - A: y", "2024-03-01T10:00:00+08:00"),
        ("2024-02-13, 10:00 - A: x", "2024-03-01, 10:00 - A: y", "2024-03-01T10:00:00+08:00"),
        ("2024年2月13日 10:00 - A: x", "2024年3月1日 10:00 - A: y", "2024-03-01T10:00:00+08:00"),
        ("2024. 2. 13. 오전 10:00 - A: x", "2024. 3. 1. 오후 10:00 - A: y", "2024-03-01T22:00:00+08:00"),
        ("[13.02.24, 10:00:00] A: x", "[01.03.24, 10:00:05] A: y", "2024-03-01T10:00:05+08:00"),
        ("13/2/24 10:00 a. m. - A: x", "1/3/24 10:00 p. m. - A: y", "2024-03-01T22:00:00+08:00"),
        ("13.2.2024 klo 10.00 - A: x", "1.3.2024 klo 10.05 - A: y", "2024-03-01T10:05:00+08:00"),
        ("13.02.24 um 10:00 Uhr - A: x", "01.03.24 um 10:05 Uhr - A: y", "2024-03-01T10:05:00+08:00"),
        ("2024-02-13 10 h 00 - A: x", "2024-03-01 10 h 05 - A: y", "2024-03-01T10:05:00+08:00"),
        ("2024. 02. 13. 10:00 - A: x", "2024. 03. 01. 10:05 - A: y", "2024-03-01T10:05:00+08:00"),
        ("13.02.24 г., 10:00 ч. - A: x", "1.03.24 г., 10:05 ч. - A: y", "2024-03-01T10:05:00+08:00"),
        ("10:00, 13/2/24 - A: x", "10:05, 1/3/24 - A: y", "2024-03-01T10:05:00+08:00"),
        ("13.02.14 10:00:00: A: x", "01.03.14 10:00:05: A: y", "2014-03-01T10:00:05+08:00"),
        ("2024/2/13 10:00 - A: x", "2024/3/1 10:05 - A: y", "2024-03-01T10:05:00+08:00"),
        ("१३/०२/२४, 10:00 - A: x", "०१/०३/२४, 10:00 - A: y", "2024-03-01T10:00:00+08:00"),
    ],
)
def test_understands_the_date_forms_of_other_phones(first: str, second: str, expected: str) -> None:
    reading = read(READER, f"{first}\n{second}\n")
    moment = reading.messages[1].moment
    assert codes(reading) == []
    assert moment is not None
    assert moment.instant.isoformat() == expected


def test_order_of_lines_proves_day_before_month() -> None:
    lines = ["01/11/24, 10:00 - A: x", "02/11/24, 10:00 - A: x", "01/12/24, 10:00 - A: y"]
    reading = read(READER, "\n".join(lines), zone="America/New_York")
    assert codes(reading) == []
    assert [written(m.moment)[:10] for m in reading.messages] == ["2024-11-01", "2024-11-02", "2024-12-01"]


def test_name_of_an_attached_file_proves_the_order() -> None:
    lines = ["3/4/25, 10:00 - A: IMG-20250304-WA0001.jpg (file attached)", "4/4/25, 10:00 - A: y"]
    reading = read(READER, "\n".join(lines), zone="Europe/London")
    assert codes(reading) == []
    assert [written(m.moment)[:10] for m in reading.messages] == ["2025-03-04", "2025-04-04"]


@pytest.mark.parametrize(
    ("line", "zone", "day"),
    [
        ("3/4/25, 10:00 - A: x", "Europe/London", "2025-04-03"),
        ("3/4/25, 10:00 - A: x", "America/New_York", "2025-03-04"),
        ("3/4/25, 10:00 AM - A: x", "Asia/Shanghai", "2025-03-04"),
        ("03/04/25, 10:00 - A: x", "America/New_York", "2025-04-03"),
    ],
)
def test_an_open_order_is_read_the_likelier_way_and_said(line: str, zone: str, day: str) -> None:
    reading = read(READER, line, zone=zone)
    assert codes(reading) == ["date_order_unclear"]
    assert reading.problems[0].severity is Severity.WARNING
    assert written(reading.messages[0].moment)[:10] == day


def test_a_few_days_are_likelier_than_many_months() -> None:
    reading = read(READER, "1/4/25, 10:00 - A: x\n2/4/25, 10:00 - A: y", zone="America/New_York")
    assert codes(reading) == ["date_order_unclear"]
    assert [written(m.moment)[:10] for m in reading.messages] == ["2025-04-01", "2025-04-02"]


def test_a_chat_line_pasted_into_a_message_is_text_not_a_message() -> None:
    own = [f"02/12/2024, 21:{minute} - A: line {minute}" for minute in range(10, 30)]
    pasted = "[02/12/24, 20:00:00] Mallory: I never said that"
    reading = read(READER, "\n".join([*own[:5], pasted, *own[5:]]), zone="Europe/London")
    assert len(reading.messages) == 20
    assert reading.messages[4].text == f"line 14\n{pasted}"
    assert "line_in_other_form" in codes(reading)


def test_what_cannot_be_a_time_stays_without_one() -> None:
    lines = [
        "13/02/2024, 10:00 - A: x",
        "31/02/2024, 10:00 - A: no such day",
        "14/02/2024, 25:61 - A: no such hour",
    ]
    reading = read(READER, "\n".join(lines))
    assert [m.moment is None for m in reading.messages] == [False, True, True]
    assert codes(reading) == ["date_not_understood", "date_not_understood"]
    assert [p.locator.line for p in reading.problems] == [2, 3]


def test_a_date_of_another_calendar_stays_without_one() -> None:
    reading = read(READER, "1403/9/12, 10:00 - A: x\n1403/9/13, 10:00 - A: y")
    assert [message.moment for message in reading.messages] == [None, None]
    assert codes(reading) == ["date_not_understood"] * 2


def test_a_date_after_the_day_of_opening_is_refused() -> None:
    reading = read(READER, "2026-11-01, 10:00 - A: x\n2031-01-01, 10:00 - A: later")
    assert reading.messages[1].moment is None
    assert codes(reading) == ["date_in_future"]


def test_lines_before_the_first_stamp_are_problems() -> None:
    reading = read(READER, "hello\n2024-02-13, 10:00 - A: x")
    assert codes(reading) == ["line_not_understood"]
    assert not reading.complete


def test_is_sure_by_stamps_and_certain_by_name() -> None:
    chat = "13/02/2024, 10:00 - A: x\n13/02/2024, 10:01 - B: y\n"
    assert sureness(READER, chat, "whatever.txt") is Sureness.SURE
    assert sureness(READER, chat, "WhatsApp Chat with B.txt") is Sureness.CERTAIN
    assert sureness(READER, "just a note\n", "note.txt") is Sureness.NO
    assert sureness(READER, b"\x89PNG\r\n\x1a\n\x00\x00", "a.png") is Sureness.NO


def test_takes_the_title_of_the_chat_from_the_file_name() -> None:
    chat = "13/02/2024, 10:00 - A: x"
    assert read(READER, chat, "WhatsApp Chat with Bob.txt").messages[0].conversation == "Bob"
    assert read(READER, chat, "与客服的 WhatsApp 聊天.txt").messages[0].conversation == "客服"
    assert read(READER, chat, "_chat.txt").messages[0].conversation is None


def test_a_number_that_stands_as_sender_is_an_indicator() -> None:
    reading = read(READER, (HERE / "android_en_gb.txt").read_bytes(), zone="Europe/London")
    assert [(found.kind, found.value) for found in reading.indicators] == [("phone", "+447700900123")]
    assert reading.indicators[0].sources[0].locator.line == 2
    assert reading.indicators[0].sources[0].text == "+44 7700 900123"


NOTICE = "\u200eMessages and calls are end-to-end encrypted. Only people in this chat can read them."


def test_the_name_of_a_group_is_no_sender() -> None:
    chat = (
        f"[2026-03-05, 20:01:00] VIP Signals: {NOTICE}\n"
        "[2026-03-05, 20:01:01] VIP Signals: \u200eCoach Vale added you\n"
        "[2026-03-05, 20:01:02] Coach Vale: welcome\n"
        "[2026-03-05, 20:01:03] Sam Sample: hi\n"
    )
    reading = read(READER, chat)
    assert [message.sender for message in reading.messages] == [None, None, "Coach Vale", "Sam Sample"]
    assert {message.conversation for message in reading.messages} == {"VIP Signals"}


def test_the_person_whom_a_private_chat_is_named_after_stays_a_sender() -> None:
    chat = (
        f"[2026-03-05, 20:01:00] Coach Vale: {NOTICE}\n"
        "[2026-03-05, 20:01:02] Coach Vale: \u200eimage omitted\n"
        "[2026-03-05, 20:01:03] Sam Sample: hi\n"
    )
    reading = read(READER, chat)
    assert [message.sender for message in reading.messages] == [None, "Coach Vale", "Sam Sample"]
    assert reading.messages[0].conversation == "Coach Vale"
