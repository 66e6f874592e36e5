"""WeChat chats in the CSV layouts of several export tools."""

from __future__ import annotations

from pathlib import Path

from clawback.readers.contract import Sureness
from clawback.readers.wechat_chat import WeChatTableReader
from reading import codes, read, sureness, told

HERE = Path(__file__).parent
READER = WeChatTableReader()
FIRST = "亲，您的保证金已冻结,\n请先转 3,000.00"


def test_reads_memotrace() -> None:
    reading = read(READER, (HERE / "memotrace.csv").read_bytes())
    assert [told(message) for message in reading.messages] == [
        [
            "2026-03-05T20:01:12+08:00 second assumed",
            "星河客服",
            "亲，您的保证金已冻结,\n请先转 3,000.00",
            [],
        ],
        ["2026-03-05T20:02:00+08:00 second assumed", "我", "为什么？", []],
        ["2026-03-05T20:02:30+08:00 second assumed", None, "你已添加了星河客服，现在可以开始聊天了。", []],
        ["2026-03-05T20:03:00+08:00 second assumed", "星河客服", "[文件]退款说明.pdf", ["退款说明.pdf"]],
    ]
    assert [message.own for message in reading.messages] == [False, True, None, False]
    assert [message.sources[0].locator.row for message in reading.messages] == [2, 4, 5, 6]
    assert reading.problems == ()


def test_reads_wechatmsg_and_reports_a_written_time_that_no_zone_explains() -> None:
    reading = read(READER, (HERE / "wechatmsg.csv").read_bytes(), zone="Europe/London")
    assert [told(message)[:3] for message in reading.messages] == [
        ["2026-03-05T20:01:12+08:00 second stated", "客服小琳", "在吗"],
        ["2026-03-05T20:02:00+08:00 second stated", "夏", "在"],
        ["2026-03-05T12:03:00+00:00 second stated", "客服小琳", "请转账"],
    ]
    assert [message.own for message in reading.messages] == [False, True, False]
    assert [(p.code, p.locator.row) for p in reading.problems] == [
        ("times_disagree", 4),
        ("rows_wider_than_headings", 1),
    ]
    assert reading.complete


def test_reads_pywxdump() -> None:
    reading = read(READER, (HERE / "pywxdump.csv").read_bytes())
    assert [told(message)[:3] for message in reading.messages] == [
        ["2026-03-05T20:01:12+08:00 second assumed", "wxid_example000001", "在吗"],
        ["2026-03-05T20:02:00+08:00 second assumed", "我", "在"],
    ]
    assert [message.own for message in reading.messages] == [False, True]


def test_reads_chatlog() -> None:
    rows = "Time,SenderName,Sender,TalkerName,Talker,Content\n"
    rows += "2026-03-05 20:01:12,星河客服,wxid_example000001,星河客服,wxid_example000001,在吗\n"
    reading = read(READER, rows)
    assert told(reading.messages[0])[:3] == ["2026-03-05T20:01:12+08:00 second assumed", "星河客服", "在吗"]
    assert (reading.messages[0].conversation, reading.messages[0].own) == ("星河客服", None)
    assert sureness(READER, rows) is Sureness.CERTAIN


def test_does_not_say_whose_messages_they_are_when_nobody_is_called_me() -> None:
    rows = "消息ID,类型,发送人,时间,内容\n1,文本,甲,2026-03-05 20:01:12,a\n2,文本,乙,2026-03-05 20:01:13,b\n"
    assert [message.own for message in read(READER, rows).messages] == [None, None]


def test_rows_that_do_not_fit_are_problems_with_their_line() -> None:
    rows = "时间,发送人,内容\n2026-03-05 20:01:12\nsoon,甲,b\n"
    rows += '2026-03-05 20:01:13,甲,"c"x\n2026-03-05 20:01:14,甲,d'
    reading = read(READER, rows)
    assert [message.text for message in reading.messages] == ["b", "d"]
    assert [(p.code, p.locator.row) for p in reading.problems] == [
        ("row_not_understood", 2),
        ("date_not_understood", 3),
        ("row_not_understood", 4),
    ]
    assert not reading.complete


def test_a_quote_that_is_never_closed_is_a_problem_not_a_long_message() -> None:
    reading = read(
        READER,
        '时间,发送人,内容\n2026-03-05 20:01:12,甲,a\n2026-03-05 20:01:13,甲,"b\n2026-03-05 20:01:14,甲,c',
    )
    assert [message.text for message in reading.messages] == ["a"]
    assert codes(reading) == ["row_not_understood"]


def test_reads_gb18030_too() -> None:
    rows = (HERE / "memotrace.csv").read_text(encoding="utf-8-sig").encode("gb18030")
    assert len(read(READER, rows).messages) == 4


def test_is_known_by_its_headings() -> None:
    for sample in ("memotrace.csv", "wechatmsg.csv", "pywxdump.csv"):
        assert sureness(READER, (HERE / sample).read_bytes()) is Sureness.CERTAIN
    assert sureness(READER, "时间,发送人,内容\n") is Sureness.LIKELY
    assert sureness(READER, "交易时间,交易对方,金额\n") is Sureness.NO


def test_accounts_of_others_are_indicators() -> None:
    for sample in ("wechatmsg.csv", "pywxdump.csv"):
        reading = read(READER, (HERE / sample).read_bytes())
        assert [(found.kind, found.value) for found in reading.indicators] == [
            ("wechat", "wxid_example000001")
        ]
