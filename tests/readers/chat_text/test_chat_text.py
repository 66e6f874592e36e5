"""Chats as text: WeChat, QQ and LINE layouts."""

from __future__ import annotations

from pathlib import Path

import pytest

from clawback.readers.chat_text import ChatTextReader
from clawback.readers.contract import Sureness
from reading import codes, read, sureness, written

HERE = Path(__file__).parent
READER = ChatTextReader()
KEFU, WO = "星河客服", "我"
PASTED = "为什么要解冻金？\n付款时间 2026-03-05 19:58:31\n2026-03-05 19:58:31 转账成功"

EXPECTED = {
    "memotrace.txt": (
        [
            ("2026-03-05T20:01:12+08:00 second assumed", KEFU, "亲，您的保证金 ¥500.00 已冻结", False),
            ("2026-03-05T20:02:00+08:00 second assumed", WO, PASTED, True),
            ("2026-03-05T20:03:59+08:00 second assumed", KEFU, "[图片]", False),
            ("2026-03-05T20:04:10+08:00 second assumed", KEFU, "系统要求", False),
            ("2026-03-05T20:05:00+08:00 second assumed", WO, "好", True),
        ],
        ["line_in_other_form"],
    ),
    "copied.txt": (
        [
            ("2026-03-05T20:01:12+08:00 second assumed", KEFU, "亲，在的", False),
            ("2026-03-05T20:02:00+08:00 second assumed", WO, "怎么退款", True),
            ("2026-03-05T20:03:00+08:00 second assumed", KEFU, "请加群", False),
        ],
        [],
    ),
    "mailed.txt": (
        [
            ("2026-03-05T20:01:00+08:00 minute assumed", KEFU, "亲，在的", False),
            ("2026-03-05T20:02:00+08:00 minute assumed", WO, "怎么退款\n到账时间 20:30", True),
            ("2026-03-06T09:00:00+08:00 minute assumed", KEFU, "[文件: 退款说明.pdf]", False),
        ],
        [],
    ),
    "qq.txt": (
        [
            ("2026-03-05T20:01:12+08:00 second assumed", "导师阿远", "今天做单的扣1", None),
            ("2026-03-05T08:02:05+08:00 second assumed", "林知夏", "1\n垫付多少", None),
            ("2026-03-06T00:00:01+08:00 second assumed", "财务", "[图片]", None),
        ],
        [],
    ),
    "line.txt": (
        [
            ("2026-03-05T20:01:00+08:00 minute assumed", "小林", "你好", None),
            ("2026-03-05T20:02:00+08:00 minute assumed", "阿哲", "第一行\n第二行", None),
            ("2026-03-05T20:03:00+08:00 minute assumed", None, "小林已收回訊息", None),
            ("2026-03-06T00:10:00+08:00 minute assumed", "小林", "早", None),
        ],
        [],
    ),
}


@pytest.mark.parametrize("sample", EXPECTED)
def test_reads_each_message_of_a_sample(sample: str) -> None:
    reading = read(READER, (HERE / sample).read_bytes(), sample)
    expected, problems = EXPECTED[sample]
    assert [(written(m.moment), m.sender, m.text, m.own) for m in reading.messages] == expected
    assert codes(reading) == problems
    assert reading.complete


def test_names_channel_and_chat_only_from_what_the_file_says() -> None:
    def first(sample: str, name: str) -> tuple[str, str | None]:
        message = read(READER, (HERE / sample).read_bytes(), name).messages[0]
        return message.channel, message.conversation

    assert first("qq.txt", "a.txt") == ("qq", "星河返利群")
    assert first("line.txt", "a.txt") == ("line", "小林")
    assert first("mailed.txt", "微信聊天.txt") == ("wechat", KEFU)
    assert first("memotrace.txt", "a.txt") == ("unknown", None)


def test_lines_above_the_first_message_are_kept_as_text() -> None:
    reading = read(READER, (HERE / "line.txt").read_bytes())
    assert [piece.text for piece in reading.texts] == [
        "[LINE] 與小林的聊天記錄",
        "儲存日期：2026/03/07 10:00",
    ]


def test_a_long_line_of_text_is_not_cut() -> None:
    long = "长" * 5000
    reading = read(READER, f"2026-03-05 20:01:12 小红: {long}\n2026-03-05 20:02:12 小红: b\n")
    assert reading.messages[0].text == long


def test_is_sure_by_marks_and_names_but_not_of_dated_notes() -> None:
    assert sureness(READER, (HERE / "qq.txt").read_bytes()) is Sureness.CERTAIN
    assert sureness(READER, (HERE / "line.txt").read_bytes()) is Sureness.CERTAIN
    assert sureness(READER, (HERE / "copied.txt").read_bytes(), "微信聊天记录.txt") is Sureness.SURE
    assert sureness(READER, (HERE / "memotrace.txt").read_bytes(), "1.txt") is Sureness.LIKELY
    notes = "2026-03-05 20:01 转账给张三\n2026-03-05 21:00 报警\n2026-03-06 09:00 银行回电\n"
    assert sureness(READER, notes, "经过.txt") is Sureness.NO
    assert sureness(READER, b"\x00\x01", "微信.txt") is Sureness.NO


def test_a_file_without_any_heading_keeps_its_text_and_says_so() -> None:
    reading = read(READER, "消息记录（此消息记录为文本格式，不支持重新导入）\n空\n")
    assert codes(reading) == ["no_messages_found"]
    assert [piece.text for piece in reading.texts][-1] == "空"


def test_impossible_and_future_times_stay_empty() -> None:
    reading = read(READER, "2026-02-30 10:00:00 小红\na\n2031-01-01 10:00:00 小红\nb\n")
    assert [m.moment for m in reading.messages] == [None, None]
    assert codes(reading) == ["date_not_understood", "date_in_future"]


@pytest.mark.parametrize(
    "hostile", [" " * 200_000, "—" * 200_000, "2026-03-05 10:00 " + "a " * 100_000, "1 " * 100_000]
)
def test_hostile_lines_cost_little(hostile: str) -> None:
    read(READER, f"2026-03-05 10:00:00 小红\n{hostile}\n{hostile}\n")


def test_weekday_names_prove_the_order_of_day_and_month() -> None:
    american = (
        "[LINE] Chat history with Vale\nSaved on: 3/7/2026, 10:00\n\nThu, 3/5/2026\n8:01 PM\tVale\thi\n"
    )
    british = "[LINE] Chat history with Vale\n\nThu, 05/03/2026\n20:01\tVale\thi\n"
    for chat in (american, british):
        reading = read(READER, chat)
        assert written(reading.messages[0].moment) == "2026-03-05T20:01:00+08:00 minute assumed"
        assert reading.messages[0].conversation == "Vale"
        assert codes(reading) == []


def test_a_weekday_that_no_reading_explains_leaves_the_day_open() -> None:
    reading = read(READER, "[LINE] Chat history with Vale\n\nMon, 05/03/2026\n20:01\tVale\thi\n")
    assert reading.messages[0].moment is None
    assert codes(reading) == ["date_order_unclear", "date_not_understood"]


def test_reads_japanese_line_and_a_date_within_a_message_opens_no_day() -> None:
    chat = (
        "[LINE] 田中とのトーク履歴\n保存日時：2026/03/07 10:00\n\n2026/3/5(木)\n20:01\t田中\t予定\n2026/3/9\n"
        "20:02\t田中\tです\n\n2026/3/6(金)\n0:10\t田中\tおはよう\n"
    )
    reading = read(READER, chat)
    assert [(written(m.moment)[:16], m.text) for m in reading.messages] == [
        ("2026-03-05T20:01", "予定\n2026/3/9"),
        ("2026-03-05T20:02", "です"),
        ("2026-03-06T00:10", "おはよう"),
    ]
    assert reading.messages[0].conversation == "田中"


def test_reads_time_in_brackets_behind_the_name_and_day_halves() -> None:
    chat = "小红 (2026-03-05 08:01:12 PM):在吗\n我 (2026-03-05 20:02:12):在\n小红(2026-03-05 20:03:12)\n好\n"
    reading = read(READER, chat, "微信.txt")
    assert [(written(m.moment)[:19], m.sender, m.text) for m in reading.messages] == [
        ("2026-03-05T20:01:12", "小红", "在吗"),
        ("2026-03-05T20:02:12", "我", "在"),
        ("2026-03-05T20:03:12", "小红", "好"),
    ]
    assert codes(reading) == []


def test_reads_messages_copied_from_telegram() -> None:
    chat = "导师远航, [13.03.2026 20:01]\n名额有限\n\nLin, [13.03.2026 20:02]\n多少\n\n"
    chat += "导师远航, [01.04.2026 9:03]\n5000\n"
    reading = read(READER, chat, "telegram.txt")
    assert [(written(m.moment)[:16], m.sender, m.text) for m in reading.messages] == [
        ("2026-03-13T20:01", "导师远航", "名额有限"),
        ("2026-03-13T20:02", "Lin", "多少"),
        ("2026-04-01T09:03", "导师远航", "5000"),
    ]
    assert reading.messages[0].channel == "telegram"
    assert codes(reading) == []
    assert sureness(READER, chat, "a.txt") is Sureness.LIKELY


def test_an_open_order_of_day_and_month_is_said_here_too() -> None:
    reading = read(READER, "A, [3/4/2026 20:01]\nx\n", "telegram.txt", "Europe/London")
    assert codes(reading) == ["date_order_unclear"]
    assert written(reading.messages[0].moment)[:10] == "2026-04-03"


def test_numbers_and_addresses_of_qq_are_indicators() -> None:
    reading = read(READER, (HERE / "qq.txt").read_bytes())
    assert [(found.kind, found.value) for found in reading.indicators] == [
        ("qq", "10000001"),
        ("qq", "10000002"),
        ("email", "caiwu@xinghe.example"),
    ]
