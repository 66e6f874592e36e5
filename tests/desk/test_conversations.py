"""Conversations of a case and of a dropped file: who is who, over many exhibits, and what is said."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest

from clawback.desk.conversations import (
    LARGEST_CHAT,
    ChatCheck,
    Conversation,
    Result,
    _followed,
    as_document,
    check_chat_file,
)
from clawback.model.events import Message
from clawback.model.evidence import Locator, Source
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.readers.box import Box

TODAY = date(2026, 11, 20)
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
BEIJING = timezone(timedelta(hours=8))

ENGLISH = """\
18/11/2026, 14:20 - Alex Morgan: Good afternoon, hope you are well
18/11/2026, 14:22 - Sam Example: Yes thanks
18/11/2026, 14:30 - Alex Morgan: My mentor trades crypto, guaranteed profit of 5% every day, zero risk
18/11/2026, 14:41 - Alex Morgan: Start small, send £200 to the trading account: sort code 20-00-00
19/11/2026, 09:00 - Alex Morgan: To withdraw you must first pay a tax of £900
"""
CHINESE = """\
2026-11-18 20:10:00 导师小林
您好，内部消息，跟着老师下单，稳赚不赔，每天保底收益8%

2026-11-18 20:12:00 云朵
先转500元可以吗

2026-11-18 20:15:00 导师小林
可以，收款账号：6222 0000 0000 0000
"""


@pytest.fixture(scope="module")
def box() -> Iterator[Box]:
    with Box() as open_box:
        yield open_box


def check(name: str, text: str | bytes, box: Box, own_name: str = "") -> ChatCheck:
    data = text.encode() if isinstance(text, str) else text
    return check_chat_file(name, io.BytesIO(data), len(data), TODAY, own_name, box)


def only(checked: ChatCheck) -> Conversation:
    assert checked.problem is None
    (one,) = checked.conversations
    return one


def said(
    line: int,
    who: str | None,
    text: str,
    *,
    exhibit: int = 1,
    chat: str | None = None,
    own: bool | None = None,
) -> Message:
    at = Moment(datetime(2026, 11, 18, 20, line, tzinfo=BEIJING), Precision.MINUTE, ZoneBasis.STATED)
    source = Source(exhibit, Locator(line=line), text, "test", "1")
    return Message(at, who, text, "wechat", (source,), own=own, conversation=chat)


def test_an_english_export_turns_at_the_promise_and_its_first_request_names_the_sum(box: Box) -> None:
    one = only(check("WhatsApp Chat with Alex Morgan.txt", ENGLISH, box))
    assert (one.name, one.sides_known, one.count) == ("Alex Morgan", True, 5)
    assert one.result is Result.LIKELY
    assert one.course.turned is not None
    assert one.course.turned.message.text.startswith("My mentor trades crypto")
    assert one.course.asked_money is not None
    assert one.course.asked_money.message.text.startswith("Start small")


def test_a_chinese_export_named_after_the_other_says_who_the_user_is(box: Box) -> None:
    one = only(check("微信聊天_导师小林.txt", CHINESE, box))
    assert one.sides_known
    assert {point.message.sender for point in one.course.points} == {"导师小林"}
    assert one.course.turned is not None
    assert one.course.turned.message.text.startswith("您好，内部消息")


def test_where_nothing_tells_who_is_who_every_word_counts_and_that_is_said(box: Box) -> None:
    one = only(check("chat.txt", CHINESE, box))
    assert not one.sides_known
    assert {point.message.sender for point in one.course.points} == {"导师小林", "云朵"}
    assert only(check("chat.txt", CHINESE, box, own_name="云朵")).sides_known


def test_a_file_that_is_no_chat_says_so(box: Box) -> None:
    assert check("a.txt", "买菜，交电费", box).conversations == ()
    assert check("a.png", b"\x89PNG\r\n\x1a\n broken", box).problem is not None


def test_a_file_that_is_too_large_is_not_looked_at() -> None:
    checked = check_chat_file("a.txt", io.BytesIO(b""), LARGEST_CHAT + 1, TODAY)
    assert checked == ChatCheck((), "too_large")


def test_the_player_s_mentor_turned_before_he_first_asked_for_money(box: Box) -> None:
    """By hand: the first two messages of "Helen" promise a gift for signing up and 8% a day; in the third she
    names a sum and an account. On October 10 the withdrawal is refused until more is paid."""
    export = EXAMPLES / "player" / "Telegram导出" / "result.json"
    one = only(check("result.json", export.read_bytes(), box, own_name="陆一鸣"))
    assert one.result is Result.LIKELY
    assert one.course.turned is not None
    assert one.course.turned.message.id in ("M1.i1001", "M1.i1003")
    assert one.course.asked_money is not None
    assert one.course.asked_money.message.id == "M1.i1004"
    assert one.course.moved is not None
    assert one.course.moved.message.id == "M1.i1011"
    assert one.next_of is not None
    assert one.next_of[0].id == "withdrawal_fee_scam"


def test_the_shopper_s_seller_is_no_scam_by_his_words(box: Box) -> None:
    """By hand: he sells, asks for 200 yuan more and refuses a return: a dispute, and no script."""
    export = EXAMPLES / "shopper" / "聊天记录" / "微信聊天_橙果客服小周.txt"
    one = only(check(export.name, export.read_bytes(), box, own_name="知微"))
    assert (one.result, one.course.turned) == (Result.NONE, None)
    assert one.course.asked_money is not None
    assert "200元" in one.course.asked_money.message.text


def test_one_counterpart_in_two_exhibits_is_one_conversation_in_order_of_time() -> None:
    messages = [
        said(10, "小林", "在吗", exhibit=1, chat="小林"),
        said(30, "小林", "好的", exhibit=1, chat="小林"),
        said(20, "小林", "看截图", exhibit=2, own=False),
    ]
    (one,) = _followed(messages, "")
    assert [point.message.text for point in one.course.points] == ["在吗", "看截图", "好的"]


def test_what_is_known_only_by_day_stays_behind_what_precedes_it() -> None:
    bare = Moment(datetime(2026, 11, 18, tzinfo=BEIJING), Precision.DAY, ZoneBasis.STATED)
    source = Source(1, Locator(line=11), "二", "test", "1")
    second = Message(bare, "小林", "二", "wechat", (source,), own=False, conversation="小林")
    messages = [said(10, "小林", "一", chat="小林"), second, said(30, "小林", "三", chat="小林")]
    (one,) = _followed(messages, "")
    assert [point.message.text for point in one.course.points] == ["一", "二", "三"]


def test_a_name_that_is_the_user_s_in_one_exhibit_is_so_in_another() -> None:
    messages = [
        said(1, "云朵", "稳赚不赔吗", exhibit=1, chat="小林", own=True),
        said(2, "云朵", "内部消息，跟着老师下单，稳赚不赔", exhibit=2, chat="小林"),
        said(3, "小林", "周末爬山去吗，天气不错", exhibit=2, chat="小林", own=False),
    ]
    (one,) = _followed(messages, "")
    assert [point.message.sender for point in one.course.points] == ["小林"]
    assert one.result is Result.NONE


def test_a_counterpart_who_said_next_to_nothing_cannot_be_judged() -> None:
    (one,) = _followed([said(1, "小林", "在吗", chat="小林", own=False)], "")
    assert one.result is Result.CANNOT


def test_mails_and_notes_are_no_conversations() -> None:
    mail = said(1, "a@shop.example", "Your order has been sent")
    assert _followed([Message(mail.moment, mail.sender, mail.text, "email", mail.sources)], "") == ()


def test_the_document_names_messages_and_holds_no_more_than_the_words(box: Box) -> None:
    one = only(check("WhatsApp Chat with Alex Morgan.txt", ENGLISH, box))
    document = json.loads(json.dumps(as_document(one)))
    ids = [point["message"] for point in document["points"]]
    assert document["turned"] in ids
    assert document["asked_money"]["message"] in ids
    for point, shown in zip(one.course.points, document["points"], strict=True):
        assert all(quote in point.message.text for sign in shown["signs"] for quote in sign["quotes"])
