"""Layout rules on lines placed by hand: no picture, no OCR."""

from __future__ import annotations

from datetime import date

import pytest

from clawback.model.events import Direction, TransferStatus
from clawback.readers.contract import ReadingContext, SourceMaker
from clawback.readers.screen_layout import Screen, ScreenLine, Understood, rows_of, understand
from clawback.readers.screen_receipts import tron_proposal, tron_valid

PAGE = (237, 237, 237)
GREEN = (149, 236, 105)
ORANGE = (250, 157, 59)
WHITE = (255, 255, 255)
WIDTH, HEIGHT = 1000, 2000
WALLET = "TJRabPrwbZy45sbavfcjinPJC18kjpRTv8"


def plain(text: str, left: int, top: int, right: int | None = None, height: int = 40) -> ScreenLine:
    """A line on the bare page."""
    box = (left, top, right or left + 20 * len(text), top + height)
    return ScreenLine(text, box, 99, PAGE, (0, 0, WIDTH - 1, HEIGHT - 1))


def row(label: str, value: str, top: int) -> list[ScreenLine]:
    return [plain(label, 60, top), plain(value, 960 - 20 * len(value), top, 960)]


def bubble(*texts: str, top: int, own: bool, ground: tuple[int, int, int] | None = None) -> list[ScreenLine]:
    left, right = (300, 840) if own else (160, 700)
    patch = (left, top, right, top + 60 * len(texts) + 20)
    colour = ground or (GREEN if own else WHITE)
    return [
        ScreenLine(
            text,
            (left + 30, top + 10 + 60 * n, left + 30 + 20 * len(text), top + 60 + 60 * n),
            99,
            colour,
            patch,
        )
        for n, text in enumerate(texts)
    ]


def read(*lines: ScreenLine | list[ScreenLine], photo: bool = False) -> Understood:
    flat = [one for line in lines for one in (line if isinstance(line, list) else [line])]
    context = ReadingContext(3, "a.png", "Asia/Shanghai", date(2026, 11, 20), lambda *_: None)
    return understand(Screen(WIDTH, HEIGHT, tuple(flat), photo), context, SourceMaker("image_ocr", "1", 3))


def codes(result: Understood) -> list[str]:
    return [problem.code for problem in result.problems]


TITLE = plain("老周", 480, 130)
SUCCESS = plain("转账成功", 460, 300)
BIG = plain("¥88.00", 400, 380, 600, 90)


def test_pieces_side_by_side_are_one_row() -> None:
    lines = [plain("收款人", 60, 100), plain("甲", 900, 104), plain("金额", 60, 180)]
    assert [[line.text for line in one] for one in rows_of(lines)] == [["收款人", "甲"], ["金额"]]


def test_a_page_without_labels_is_neither_receipt_nor_chat() -> None:
    result = read(TITLE, BIG, plain("今日特价", 100, 600))
    assert (result.kind, result.transfers, result.messages) == ("other", [], [])


def test_a_slip_that_does_not_say_which_way_gives_no_transfer_but_says_so() -> None:
    result = read(BIG, row("付款人", "甲", 600), row("收款人", "乙", 700))
    assert result.transfers == []
    assert codes(result) == ["direction_unclear"]


def test_an_amount_without_currency_on_a_bank_page_is_not_guessed() -> None:
    figure = plain("-88.00", 400, 380, 600, 90)
    result = read(SUCCESS, figure, row("收款人", "乙", 700), row("收款银行", "示例银行", 800))
    assert result.transfers == []
    assert codes(result) == ["amount_without_currency"]


def test_two_amounts_that_disagree_are_both_shown() -> None:
    result = read(SUCCESS, BIG, row("收款人", "乙", 700), row("转账金额", "¥89.00", 800))
    assert [transfer.amount.text for transfer in result.transfers] == ["88.00"]
    assert codes(result) == ["amounts_disagree"]


@pytest.mark.parametrize(
    ("word", "status"),
    [
        ("交易关闭", TransferStatus.FAILED),
        ("处理中", TransferStatus.PENDING),
        ("交易成功", TransferStatus.COMPLETED),
    ],
)
def test_the_page_says_what_became_of_the_payment(word: str, status: TransferStatus) -> None:
    result = read(plain("-¥88.00", 400, 380, 600, 90), row("交易状态", word, 600), row("收款人", "乙", 700))
    assert [transfer.status for transfer in result.transfers] == [status]


def test_the_page_right_after_paying_names_the_shop_and_has_no_time() -> None:
    result = read(plain("支付成功", 460, 130), plain("测试小店", 460, 300), BIG, plain("完成", 480, 1700))
    (transfer,) = result.transfers
    assert (transfer.direction, transfer.amount.text, transfer.payee.name) == (
        Direction.OUT,
        "88.00",
        "测试小店",
    )
    assert transfer.moment is None


def test_a_shop_page_with_prices_is_no_payment() -> None:
    result = read(plain("限时特价", 460, 300), BIG, plain("加入购物车", 450, 1700))
    assert (result.kind, result.transfers) == ("other", [])


def test_a_transfer_that_waits_for_the_other_side_names_it() -> None:
    result = read(SUCCESS, plain("待老周确认收款", 430, 500), BIG, plain("完成", 480, 1700))
    (transfer,) = result.transfers
    assert (transfer.payee.name, transfer.status) == ("老周", TransferStatus.PENDING)


def test_money_back_is_incoming_and_returned() -> None:
    result = read(
        plain("账单详情", 440, 130),
        plain("+300.00", 400, 380, 600, 90),
        plain("退款成功", 460, 500),
        row("退款时间", "2026-10-03 11:26:08", 600),
        row("对方账户", "测试店 che***@shop.example", 700),
        row("付款方式", "余额宝", 800),
    )
    (transfer,) = result.transfers
    assert (transfer.direction, transfer.status) == (Direction.IN, TransferStatus.RETURNED)
    assert (transfer.payer.name, transfer.payer.number) == ("测试店", "che***@shop.example")


def test_a_time_that_is_not_understood_is_a_problem_and_no_time() -> None:
    result = read(SUCCESS, BIG, row("收款人", "乙", 700), row("转账时间", "10月3日 14:05", 800))
    assert [transfer.moment for transfer in result.transfers] == [None]
    assert codes(result) == ["time_not_understood"]


def test_a_misread_wallet_is_reported_with_the_only_reading_that_fits_and_left_as_read() -> None:
    misread = WALLET.replace("Zy45s", "Zy4Ss")
    result = read(
        plain("-5 USDT", 400, 380, 600, 90), row("地址", misread, 700), row("网络", "TRX (TRC20)", 800)
    )
    assert [transfer.payee.number for transfer in result.transfers] == [misread]
    assert [(one.code, one.detail) for one in result.problems] == [
        ("digits_doubtful", f"{misread} ~ {WALLET}")
    ]


def test_wallet_checksum() -> None:
    assert tron_valid(WALLET)
    assert not tron_valid(WALLET[:-1] + "9")
    assert tron_proposal("T" + "1" * 33) is None


def test_sides_tell_who_speaks_and_the_title_names_the_other() -> None:
    result = read(TITLE, bubble("在吗", top=300, own=False), bubble("在", top=500, own=True))
    assert [(one.own, one.sender, one.text) for one in result.messages] == [
        (False, "老周", "在吗"),
        (True, None, "在"),
    ]


def test_in_a_group_nobody_is_named_by_the_title() -> None:
    group = plain("内部通道(12)", 420, 130)
    result = read(group, bubble("在吗", top=300, own=False), bubble("在", top=500, own=True))
    assert [one.sender for one in result.messages] == [None, None]


def test_a_card_that_only_confirms_is_not_a_second_transfer() -> None:
    mine = bubble("¥88.00", "已被接收", "微信转账", top=300, own=True, ground=ORANGE)
    theirs = bubble("¥88.00", "已收款", "微信转账", top=600, own=False, ground=ORANGE)
    assert [one.direction for one in read(TITLE, mine, theirs).transfers] == [Direction.OUT]


def test_a_confirming_card_alone_leaves_the_direction_open() -> None:
    theirs = bubble("¥88.00", "已收款", "微信转账", top=600, own=False, ground=ORANGE)
    result = read(TITLE, bubble("好", top=300, own=True), theirs)
    assert result.transfers == []
    assert codes(result) == ["direction_unclear"]


def test_a_card_from_the_other_side_that_waits_is_pending_incoming_money() -> None:
    theirs = bubble("¥88.00", "请收款", "微信转账", top=600, own=False, ground=ORANGE)
    (transfer,) = read(TITLE, bubble("好", top=300, own=True), theirs).transfers
    assert (transfer.direction, transfer.status) == (Direction.IN, TransferStatus.PENDING)
    assert transfer.payer.name == "老周"


def test_a_date_at_the_very_top_of_a_cropped_chat_counts() -> None:
    first = plain("2026年10月3日 14:05", 320, 20, 680)
    message, *_ = read(first, bubble("在吗", top=100, own=False), bubble("在", top=300, own=True)).messages
    assert message.moment is not None
    assert message.moment.instant.isoformat() == "2026-10-03T14:05:00+08:00"
    assert message.sender is None


def test_a_page_of_rows_is_no_chat_although_two_patches_look_like_bubbles() -> None:
    rows = [plain(f"第{number}行", 60, 700 + 80 * number) for number in range(8)]
    result = read(TITLE, bubble("网址", top=300, own=False), bubble("其他", top=500, own=True), rows)
    assert (result.kind, result.messages) == ("other", [])


def test_a_photo_is_never_taken_for_a_chat() -> None:
    result = read(TITLE, bubble("在吗", top=300, own=False), bubble("在", top=500, own=True), photo=True)
    assert (result.kind, result.messages) == ("other", [])
