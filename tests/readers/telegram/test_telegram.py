"""Telegram Desktop's result.json, one chat or a whole account."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from clawback.model.evidence import Grade
from clawback.readers.contract import Sureness
from clawback.readers.telegram import TelegramReader
from reading import codes, read, sureness, told

SAMPLE = (Path(__file__).parent / "result.json").read_bytes()
READER = TelegramReader()


def chat(*entries: dict[str, Any], **more: object) -> str:
    return json.dumps({"name": "X", "type": "personal_chat", "id": 7, "messages": list(entries), **more})


def entry(number: int = 1, **more: object) -> dict[str, Any]:
    return (
        {"id": number, "type": "message", "from": "A", "from_id": "user1", "text": "hi"}
        | {"date_unixtime": "1772326800"}
        | more
    )


def test_reads_each_entry_of_the_sample() -> None:
    reading = read(READER, SAMPLE, "result.json", "Europe/London")
    assert [told(message) for message in reading.messages] == [
        ["2026-03-01T09:00:00+08:00 second stated", None, "导师-远航 Capital [joined_telegram]", []],
        [
            "2026-03-01T09:01:05+08:00 second stated",
            "导师-远航 Capital",
            "注册入口 https://yuanhang.example/reg 首充 5,000",
            [],
        ],
        ["2026-03-01T09:05:00+08:00 second stated", "Lin", "已转账", ["photo_1@01-03-2026_09-05-00.jpg"]],
        ["2026-03-01T09:06:00+08:00 second stated", "Lin", "", ["receipt.pdf"]],
        [
            "2026-03-01T10:00:00+08:00 second stated",
            "Lin",
            "Lin [phone_call] duration_seconds: 56 discard_reason: hangup",
            [],
        ],
        ["2026-03-02T08:00:00+00:00 second assumed", "user7770001", "withdrawal frozen", []],
    ]
    assert reading.problems == ()
    assert reading.grade is Grade.CHAT_EXPORT
    assert {message.own for message in reading.messages} == {None}
    assert {message.conversation for message in reading.messages} == {"导师-远航 Capital"}


def test_a_message_points_to_its_id_and_shows_what_stood_there() -> None:
    source = read(READER, SAMPLE).messages[2].sources[0]
    assert source.locator.item == "3"
    assert '"forwarded_from": "VIP 群"' in source.text


def test_an_account_export_knows_which_messages_are_the_users_own() -> None:
    whole = {
        "about": "…",
        "personal_information": {"user_id": 1},
        "contacts": {"list": []},
        "chats": {
            "about": "…",
            "list": [
                json.loads(chat(entry(), entry(2, from_id="user9"))),
                {"type": "saved_messages", "id": 8, "messages": [entry()]},
            ],
        },
    }
    reading = read(READER, json.dumps(whole), "result.json")
    assert [message.own for message in reading.messages] == [True, False, True]
    assert [m.sources[0].locator.item for m in reading.messages] == ["7/1", "7/2", "8/1"]
    assert reading.messages[2].conversation == "saved_messages"
    assert [(p.code, p.detail) for p in reading.problems] == [("section_not_read", "contacts")]
    assert reading.complete


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"date_unixtime": "soon"}, "date_not_understood"),
        ({"date_unixtime": "99999999999999999999"}, "date_not_understood"),
        ({"date_unixtime": "1962000000"}, "date_in_future"),
        ({"date": "2026-03-01T09:00:07"}, "times_disagree"),
        ({"text": {"odd": 1}}, "entry_not_understood"),
        ({"type": "unknown"}, "entry_not_understood"),
    ],
)
def test_what_is_odd_in_an_entry_is_a_problem_at_its_place(more: dict[str, Any], expected: str) -> None:
    reading = read(READER, chat(entry(**more), entry(2)))
    assert codes(reading) == [expected]
    assert reading.problems[0].locator.item == "1"
    assert reading.messages[-1].text == "hi"


def test_ids_that_come_twice_stay_apart() -> None:
    reading = read(READER, chat(entry(5), entry(5)))
    assert len({message.id for message in reading.messages}) == 2
    assert codes(reading) == ["duplicate_item"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ('{"messages": [' + "[" * 300 + "]" * 300 + "]}", "nested_too_deep"),
        ('{"messages": [', "json_broken"),
        ('{"messages": [{"id": ' + "9" * 5000 + "}]}", "json_broken"),
        ('{"messages": NaN}', "json_broken"),
        ("[]", "json_not_understood"),
        ('{"messages": 5}', "json_not_understood"),
        ("{}", "json_not_understood"),
    ],
)
def test_hostile_or_foreign_json_is_a_problem(data: str, code: str) -> None:
    reading = read(READER, data)
    assert codes(reading) == [code]
    assert not reading.complete


def test_a_key_given_twice_is_reported_and_half_surrogates_do_not_travel() -> None:
    twice = chat(entry(text="\ud83d")).replace('"name": "X"', '"name": "X", "name": "Y"')
    reading = read(READER, twice)
    assert codes(reading) == ["duplicate_keys"]
    assert reading.messages[0].text == "\ufffd"
    reading.messages[0].sources[0].text.encode()


def test_is_known_by_its_keys() -> None:
    assert sureness(READER, SAMPLE, "anything") is Sureness.CERTAIN
    assert sureness(READER, '{"messages": []}', "result.json") is Sureness.NO
    assert sureness(READER, "[1]", "result.json") is Sureness.NO


def test_accounts_of_others_are_indicators() -> None:
    assert [i.value for i in read(READER, SAMPLE).indicators] == ["user7770001", "user7770002"]
    whole = {"personal_information": {"user_id": 1}, "chats": {"list": [json.loads(chat(entry()))]}}
    assert read(READER, json.dumps(whole)).indicators == ()
