"""What messages say beside their records; names, accounts and sums are invented, expectations are by hand."""

from __future__ import annotations

import time
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clawback.model.events import Account, AccountKind, Direction, Message, Method, Transfer, TransferStatus
from clawback.model.evidence import Grade, Locator, Source
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount
from clawback.readers.contract import Reading, ReadingContext, TextPiece
from clawback.readers.understand import understand

CARD = "6222000000000000004"
TRON = "TR7NHqjeKQxGTCi8q8ZY4pL8otSzgjLj6t"
SAID_AT = Moment(
    datetime(2026, 3, 2, 20, 33, 40, tzinfo=timezone(timedelta(hours=8))), Precision.SECOND, ZoneBasis.FORMAT
)
CONTEXT = ReadingContext(1, "chat.txt", "Asia/Shanghai", date(2026, 3, 3), lambda *_: None)


def source(text: str, item: str = "5") -> Source:
    return Source(1, Locator(item=item), text, "test", "1")


def message(text: str, own: bool | None = True, channel: str = "wechat") -> Message:
    return Message(SAID_AT, "somebody", text, channel, (source(text),), own)


def read(*messages: Message, **parts: object) -> Reading:
    return understand(
        Reading("test", "1", Grade.CHAT_EXPORT, messages=messages, **parts),  # type: ignore[arg-type]
        CONTEXT,
    )


def told(text: str, own: bool | None = True, channel: str = "wechat") -> list[tuple[str, str, str]]:
    found = read(message(text, own, channel)).transfers
    return [(t.direction.value, f"{t.amount.value.normalize():f}", t.amount.currency) for t in found]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("我刚转了3000元过去", ("out", "3000", "CNY")),
        ("已付款 ¥399", ("out", "399", "CNY")),
        (f"转账 500U 到 {TRON}", ("out", "500", "USDT")),
        ("转了1000元", ("out", "1000", "CNY")),
        ("8000元转过去了", ("out", "8000", "CNY")),
        ("20000元已转", ("out", "20000", "CNY")),
        ("20000元转给某某说的那个账户了", ("out", "20000", "CNY")),
        ("提了500 USDT过去", ("out", "500", "USDT")),
        ("不小心转了三万五千块", ("out", "35000", "CNY")),
        ("转了3000元，手续费5元", ("out", "3000", "CNY")),
        ("已转账3000元手续费5元", ("out", "3000", "CNY")),
        ("[转账] ¥200.00", ("out", "200", "CNY")),
        ("收到120元返利", ("in", "120", "CNY")),
        ("I've just sent £2,000", ("out", "2000", "GBP")),
        ("Just sent £75 via PayPal", ("out", "75", "GBP")),
        ("Payment of £2,000 has been made", ("out", "2000", "GBP")),
        ("I received £50", ("in", "50", "GBP")),
        ("Sent £20 to Jane", ("out", "20", "GBP")),
    ],
)
def test_the_user_says_that_money_went_or_came(text: str, expected: tuple[str, str, str]) -> None:
    assert told(text) == [expected]


@pytest.mark.parametrize(
    "text",
    [
        "我还没转3000元",
        "要转3000元吗",
        "转了3000元？",
        "我申请提现58,600元",
        "一共转了三次：1000元",
        "如果转了3000元会怎样",
        "请把3000元转到卡里",
        "我转了3000",  # no currency
        "我转了300元和500元",  # two sums in one clause
        "他们让我转3000元",
        "I haven't paid £200",
        "I will send £200 tomorrow",
        "Did you get the £200 I sent?",
        "They sent £50 to me",
        "My late uncle had deposited £50 there",
        "她投资了10万元",
        "> I've just sent £2,000",
    ],
)
def test_what_does_not_say_that_one_sum_has_gone_is_no_transfer(text: str) -> None:
    assert told(text) == []


@pytest.mark.parametrize(
    "text",
    [
        f"请转3000元到卡{CARD}",
        "我已经给你转了500元",
        "300元已经原路退给您了",
        "We have sent you £50",
        "您已支付3000元",
    ],
)
@pytest.mark.parametrize("own", [False, None])
def test_requests_and_promises_of_the_other_side_are_no_transfers(text: str, own: bool | None) -> None:
    assert told(text, own) == []


def test_a_claim_of_an_unknown_speaker_counts_only_without_a_second_person() -> None:
    assert told("我刚转了3000元过去", own=None) == [("out", "3000", "CNY")]
    assert told("我刚转了3000元给你", own=None) == []


def test_a_claim_keeps_moment_account_holder_and_place() -> None:
    text = f"好的。我刚转了3000元到{CARD}，户名：张三 开户行：工商银行"
    (transfer,) = read(message(text)).transfers
    assert transfer.moment == SAID_AT
    assert transfer.status is TransferStatus.UNKNOWN
    assert transfer.method is Method.BANK_TRANSFER
    assert transfer.payee == Account("张三", "工商银行", CARD, AccountKind.CARD)
    (place,) = transfer.sources
    assert place.text == f"我刚转了3000元到{CARD}"
    assert text[place.locator.start : place.locator.end] == place.text
    assert transfer.id == "T1.i5.c3"


@pytest.mark.parametrize(
    ("text", "instant", "precision"),
    [
        ("昨天晚上10点03分转了5000元", "2026-03-01T22:03", "minute"),
        ("前天转了2000元", "2026-02-28T00:00", "day"),
        ("今天转了2000元", "2026-03-02T20:33", "second"),
        ("I paid £399 yesterday at 10:03 pm", "2026-03-01T22:03", "minute"),
    ],
)
def test_the_words_own_time_wins_over_when_they_were_said(text: str, instant: str, precision: str) -> None:
    (transfer,) = read(message(text)).transfers
    assert transfer.moment is not None
    assert (transfer.moment.instant.isoformat()[:16], transfer.moment.precision.value) == (instant, precision)


def test_a_time_that_cannot_be_read_leaves_the_transfer_without_one() -> None:
    (transfer,) = read(message("昨晚1点转了5000元")).transfers
    assert transfer.moment is None


@pytest.mark.parametrize(
    ("text", "method"),
    [
        ("支付宝付了3268元", Method.ALIPAY),
        ("刚才用微信转了200元", Method.WECHAT_PAY),
        ("信用卡刷了500元", Method.CARD),
        ("转了500 USDT过去", Method.CRYPTO),
        ("I've paid £20 via PayPal", Method.WALLET),
        ("付了500元现金", Method.CASH),
        ("转了500元", Method.UNKNOWN),
    ],
)
def test_the_rail_is_taken_from_the_words(text: str, method: Method) -> None:
    (transfer,) = read(message(text)).transfers
    assert transfer.method is method


def test_a_transaction_hash_in_the_message_is_the_reference() -> None:
    (transfer,) = read(message("提了500 USDT过去，TxID " + "ab" * 32)).transfers
    assert transfer.reference == "ab" * 32


def test_a_chinese_bank_alert_is_a_completed_transfer() -> None:
    text = "【建设银行】您尾号1234的储蓄卡3月1日14时05分向张三转账支出人民币3,000.00元，活期余额12.34元。"
    (transfer,) = read(message(text, own=None, channel="sms")).transfers
    assert (transfer.direction, transfer.amount) == (Direction.OUT, Amount(Decimal("3000.00"), "CNY"))
    assert transfer.moment is not None
    assert transfer.moment.instant.isoformat() == "2026-03-01T14:05:00+08:00"
    assert transfer.status is TransferStatus.COMPLETED
    assert transfer.payer == Account(None, "建设银行", "尾号1234", AccountKind.BANK)
    assert transfer.payee.name == "张三"


@pytest.mark.parametrize(
    ("text", "direction", "amount", "status", "method"),
    [
        (
            "您尾号(1234)卡3月1日14:05收入500.00元，余额1,500.00元。",
            "in",
            "500",
            "completed",
            "bank_transfer",
        ),
        ("您尾号1234的信用卡3月1日在优品商城消费399.00元", "out", "399", "completed", "card"),
        ("您尾号1234的账户退款88.00元已到账", "in", "88", "returned", "bank_transfer"),
        ("您尾号1234账户转账5000元失败", "out", "5000", "failed", "bank_transfer"),
        (
            "You've paid £250.00 to J Bloggs from your account ending 1234.",
            "out",
            "250",
            "completed",
            "unknown",
        ),
        ("£45.00 was spent at FAKE SHOP on your account ending 1234.", "out", "45", "completed", "unknown"),
        ("You have received £50.00 from Jane Doe.", "in", "50", "completed", "unknown"),
    ],
)
def test_alerts_say_direction_sum_and_status(
    text: str, direction: str, amount: str, status: str, method: str
) -> None:
    (transfer,) = read(message(text, own=None, channel="sms")).transfers
    seen = (transfer.direction, f"{transfer.amount.value.normalize():f}", transfer.status, transfer.method)
    assert seen == (direction, amount, status, method)


@pytest.mark.parametrize("channel", ["whatsapp", "telegram", "wechat"])
def test_in_a_chat_app_nobody_is_a_bank(channel: str) -> None:
    assert told("You've received £5,000.00 in your wallet", None, channel) == []
    assert told("您尾号1234的账户收入5000元", None, channel) == []


def test_an_alert_kept_as_a_note_is_read_without_a_time_that_it_does_not_state() -> None:
    text = "【建设银行】您尾号1234的储蓄卡3月1日向张三转账支出3,000.00元。"
    (transfer,) = read(texts=(TextPiece(text, Locator(line=4)),)).transfers
    assert (transfer.moment, transfer.status) == (None, TransferStatus.COMPLETED)
    assert transfer.sources[0].locator.line == 4
    assert read(texts=(TextPiece("I paid £20, 我转了3000元", Locator(line=1)),)).transfers == ()


def test_accounts_that_the_other_side_names_are_indicators_with_the_message_as_source() -> None:
    reading = read(message(f"今天走这个账户：户名：赵示范，账号：{CARD}，中国农业银行", own=False))
    (card,) = reading.indicators
    assert (card.value, card.valid, card.detail) == (CARD, True, "holder: 赵示范; bank: 中国农业银行")
    assert card.sources[0].locator == Locator(item="5", start=18, end=37)


def test_memos_and_far_accounts_of_transfers_are_searched_but_not_the_users_own() -> None:
    row = Source(1, Locator(row=9), "row", "test", "1")
    transfer = Transfer(
        direction=Direction.OUT,
        amount=Amount(Decimal(5), "CNY"),
        moment=SAID_AT,
        status=TransferStatus.COMPLETED,
        method=Method.BANK_TRANSFER,
        payer=Account(number="4111111111111111", kind=AccountKind.CARD),
        payee=Account("张三", "工商银行", CARD, AccountKind.CARD),
        sources=(row,),
        note="加微信号：abc_123456",
    )
    reading = read(transfers=(transfer,))
    assert [(i.kind.value, i.value, i.detail) for i in reading.indicators] == [
        ("wechat", "abc_123456", ""),
        ("bank_card", CARD, "holder: 张三; bank: 工商银行"),
    ]
    assert all(i.sources[0].locator.row == 9 for i in reading.indicators)
    assert reading.transfers == (transfer,)


def test_a_text_that_only_repeats_a_message_adds_no_second_source() -> None:
    said = message("电话13800138000")
    reading = read(
        said, texts=(TextPiece(said.text, Locator(line=1)), TextPiece("电话13800138000！", Locator(line=2)))
    )
    (phone,) = reading.indicators
    assert [s.locator.line for s in phone.sources] == [None, 2]


def test_a_bare_name_is_a_telegram_name_only_on_telegram() -> None:
    assert [i.value for i in read(message("找 @fake_agent", channel="telegram")).indicators] == ["fake_agent"]
    assert read(message("找 @fake_agent", channel="wechat")).indicators == ()


def test_understanding_twice_tells_no_transfer_twice() -> None:
    once = read(message(f"我刚转了3000元到{CARD}"))
    assert understand(once, CONTEXT).transfers == once.transfers


@given(st.text(alphabet="我你转付了过去已收到3000元¥£,.。？\n 尾号1234支出sent paid I'veU昨天", max_size=80))
def test_no_message_raises_and_every_source_quotes_it(text: str) -> None:
    for own in (True, None):
        for transfer in read(message(text, own, "sms")).transfers:
            place = transfer.sources[0].locator
            assert text[place.start : place.end] == transfer.sources[0].text


def test_beyond_the_bound_words_are_kept_unsearched_and_a_problem_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("clawback.readers.understand.MAX_CHARACTERS", 60)
    first, late = message("电话13800138000"), message("电话13800138001")
    reading = read(first, late)
    assert (reading.complete, reading.problems) == (True, ())
    reading = read(first, late, texts=(TextPiece("说" * 40, Locator(line=1)),))
    assert [indicator.value for indicator in reading.indicators] == ["+8613800138000"]
    assert reading.messages == (first, late)
    assert [(problem.code, problem.detail) for problem in reading.problems] == [("too_many_records", "13/66")]
    assert not reading.complete


def test_one_value_in_a_hundred_thousand_places_is_gathered_quickly() -> None:
    text = "看 https://a.example/x"
    many = tuple(Message(SAID_AT, None, text, "wechat", (source(text, str(n)),)) for n in range(3000))
    begin = time.process_time()
    found = {indicator.value: len(indicator.sources) for indicator in read(*many).indicators}
    assert found == {"https://a.example/x": 200, "a.example": 200}
    assert time.process_time() - begin < 10


def test_an_everyday_message_takes_well_below_a_millisecond() -> None:
    text = "亲，您的账户被冻结，需要缴纳保证金3000元才能解冻，请尽快处理，电话13800138000。" * 4
    reading = Reading(
        "test", "1", Grade.CHAT_EXPORT, messages=tuple(message(text, False) for _ in range(200))
    )
    understand(reading, CONTEXT)
    begin = time.process_time()
    understand(reading, CONTEXT)
    assert (time.process_time() - begin) / 200 < 0.004  # slack for a loaded machine; 0.6 ms when idle
