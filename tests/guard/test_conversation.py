"""How a conversation went: the turn, the first request, what is left out, and what it costs."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clawback.guard import conversation
from clawback.guard.conversation import WINDOW, Course, follow
from clawback.guard.signals import library
from clawback.guard.typologies import Stage
from clawback.guard.verdict import Result, judge
from clawback.model.events import Message
from clawback.model.evidence import Locator, Source

PLATFORM = (
    ("她", "你好呀，我是上周同学会加您的小林"),
    ("我", "你好，记得"),
    ("她", "周末去爬山了，照片发您看看"),
    ("她", "我表哥是做量化的，有内部消息，跟着老师下单，稳赚不赔"),
    ("我", "真的吗"),
    ("她", "先充500元试试，赚了随时可以提"),
    ("我", "充了500元"),
    ("她", "您看，今天赚了60元"),
    ("她", "系统显示流水不足，要先交20%的税才能提现"),
)
RECOVERY = (
    ("Desk", "Hello, how are you today?"),
    ("me", "Who is this?"),
    (
        "Desk",
        "We are a crypto recovery team, our hackers trace the scammer's wallet, 98% success rate guaranteed",
    ),
    ("Desk", "Only a fee of £150 first and the money is released within 24 hours"),
    ("Desk", "Do not tell the police, it will only slow us down"),
)
SHOP = (
    ("店家", "亲，您的订单已经发货，预计周三到"),
    ("我", "好的，谢谢"),
    ("店家", "收到后有问题随时联系我，七天内可以退换"),
    ("店家", "尺码不合适的话，退货运费我们出"),
)


def chat(lines: tuple[tuple[str, str], ...]) -> list[Message]:
    return [said(place, who, text) for place, (who, text) in enumerate(lines, 1)]


def said(line: int, who: str, text: str) -> Message:
    source = Source(1, Locator(line=line), text[:100], "test", "1")
    return Message(None, who, text, "wechat", (source,), own=who in ("我", "me"))


def turned(course: Course) -> str:
    assert course.turned is not None
    return course.turned.message.text


def test_the_turn_is_the_message_that_promises_gains() -> None:
    course = follow(chat(PLATFORM))
    assert turned(course) == PLATFORM[3][1]
    assert (course.result, course.stayed) == (Result.LIKELY, True)


def test_the_first_request_for_money_is_quoted_from_its_message() -> None:
    asked = follow(chat(PLATFORM)).asked_money
    assert asked is not None
    assert (asked.message.id, "500元" in asked.quote) == ("M1.l6", True)


def test_a_script_that_leads_into_another_says_what_comes_next_from_there() -> None:
    course = follow(chat(PLATFORM))
    assert course.script == ("withdrawal_fee_scam", Stage.DRAIN)


def test_an_english_recovery_scam_turns_where_it_offers_to_trace_the_wallet() -> None:
    course = follow(chat(RECOVERY))
    assert turned(course) == RECOVERY[2][1]
    assert course.type == "recovery_scam"
    assert course.asked_money is not None
    assert course.asked_money.message.text == RECOVERY[3][1]


def test_a_fee_is_where_the_money_goes_whichever_script_it_is() -> None:
    assert follow(chat(RECOVERY[:3])).script == ("recovery_scam", Stage.HOOK)
    assert follow(chat(RECOVERY[:4])).script == ("recovery_scam", Stage.DRAIN)


def test_a_shop_that_sends_its_goods_never_turns() -> None:
    course = follow(chat(SHOP))
    assert (course.result, course.turned, course.type, course.asked_money) == (Result.NONE, None, None, None)


def test_signs_that_say_little_each_are_judged_together() -> None:
    apart = (("她", "我是银行客服，您的账户异常"), ("她", "请您把验证码告诉我"))
    points = follow(chat(apart)).points
    assert points[1].probability > max(judge(text).probability for _, text in apart)


def test_the_words_of_the_user_are_no_signs() -> None:
    swapped = tuple(("我" if who != "我" else "她", text) for who, text in PLATFORM)
    course = follow(chat(swapped))
    assert (course.result, course.asked_money) == (Result.NONE, None)


def test_nothing_at_all_cannot_be_judged() -> None:
    assert follow([]).result is Result.CANNOT
    assert follow(chat((("我", "稳赚不赔，先充500元"),))).result is Result.CANNOT


def test_quotes_stand_in_their_message_as_written() -> None:
    for point in follow(chat(PLATFORM + RECOVERY)).points:
        for sign in point.signs:
            assert all(quote and quote in point.message.text for quote in sign.quotes)


def test_a_message_without_signs_has_no_pressure_and_keeps_what_stood() -> None:
    points = follow(chat(PLATFORM)).points
    quiet = next(point for point in points if point.message.text == PLATFORM[7][1])
    assert (quiet.pressure, quiet.signs, quiet.result) == (0, (), Result.LIKELY)


def test_small_talk_in_between_takes_nothing_back() -> None:
    talk = tuple(("她", f"今天第{n}天上班，天气不错") for n in range(1, 60))
    course = follow(chat((*PLATFORM[:6], *talk, *PLATFORM[6:])))
    assert turned(course) == PLATFORM[3][1]
    assert course.stayed


def test_words_do_not_run_from_one_message_into_the_next() -> None:
    halves = (("她", "这个项目稳"), ("她", "赚不赔的时候也有，别投"))
    assert not any(
        sign.signal.id == "guaranteed_return" for p in follow(chat(halves)).points for sign in p.signs
    )
    assert follow(chat(halves)).result is Result.NONE


@pytest.mark.parametrize(
    "text",
    [
        "今天返利120元已经打到你卡上",
        "您不用付运费50元",
        "退您300元，请查收",
        "We will send you £50 back today",
        "Never pay £20 to anybody who calls",
    ],
)
def test_what_they_give_or_forbid_is_no_request(text: str) -> None:
    assert follow(chat((("她", text),))).asked_money is None


@pytest.mark.parametrize(
    ("text", "quote"),
    [
        ("加200元可以升级", "加200元"),
        ("微信转我就行", "转我"),
        ("户名：王样本，账号：6222 0000 0000 0000", "户名："),
        ("Please send the 2,500 to us, sort code 20-00-00", "sort code"),
        ("You must deposit at least 300 USDT today", "deposit at least 300 USDT"),
    ],
)
def test_a_request_names_a_sum_or_where_to_pay(text: str, quote: str) -> None:
    asked = follow(chat((("她", text),))).asked_money
    assert asked is not None
    assert asked.quote == quote


def test_a_way_to_pay_is_no_move_to_another_channel() -> None:
    assert follow(chat((("她", "延保200元，微信转我就行"),))).moved is None
    moved = follow(chat((("她", "平台上不方便，加我微信聊"),))).moved
    assert moved is not None
    assert "微信" in moved.quote


def test_the_signals_that_ask_or_move_are_in_the_library() -> None:
    assert set(library().signals) >= conversation._ASKS_MONEY | conversation._MOVES | conversation._DRAINS


def test_a_window_holds_only_so_many_characters_and_always_the_last_message() -> None:
    long = "x" * conversation.WINDOW_CHARACTERS
    assert conversation._together([long, "last"]) == "last"
    assert conversation._together(["one", "two"]) == "one。\ntwo"


LINES = st.sampled_from([*PLATFORM, *RECOVERY, *SHOP])


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_the_user_s_own_messages_change_nothing(lines: list[tuple[str, str]]) -> None:
    theirs = [message for message in chat(tuple(lines)) if not message.own]
    assert follow(chat(tuple(lines))) == follow(theirs)


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=12), st.integers(0, 12))
def test_what_comes_later_does_not_change_what_stood(lines: list[tuple[str, str]], cut: int) -> None:
    whole, part = follow(chat(tuple(lines))).points, follow(chat(tuple(lines[:cut]))).points
    before = [(point.result, point.probability, point.signs) for point in part]
    assert [(point.result, point.probability, point.signs) for point in whole][: len(before)] == before


@settings(max_examples=60, deadline=None)
@given(st.lists(LINES, max_size=12))
def test_points_are_the_other_side_s_messages_in_order(lines: list[tuple[str, str]]) -> None:
    messages = chat(tuple(lines))
    course = follow(messages)
    assert [point.message for point in course.points] == [one for one in messages if not one.own]
    assert (course.turned is None) == (course.result in (Result.NONE, Result.CANNOT))


def test_the_cost_grows_with_the_conversation_and_not_faster(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[int] = []

    def counting(text: str) -> object:
        looked.append(len(text))
        return judge(text)

    monkeypatch.setattr(conversation, "judge", counting)
    costs = []
    for times in (20, 40):
        looked.clear()
        follow(chat(PLATFORM * times))
        costs.append(sum(looked))
    # Twice the messages, twice the characters: the window is full from the first repetition on.
    assert costs[1] <= 2.05 * costs[0]
    longest = max(len(text) for _, text in PLATFORM)
    assert costs[1] <= 40 * len(PLATFORM) * (WINDOW + 1) * (longest + 2)


def test_a_long_conversation_of_nothing_but_signs_takes_seconds_at_most() -> None:
    start = time.monotonic()
    follow(chat(PLATFORM * 200))
    assert time.monotonic() - start < 10
