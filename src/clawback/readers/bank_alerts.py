"""Messages in which a bank or payment company tells of a booking: they are read as transfers that happened.

Chinese alerts name the last digits of the account (您尾号1234的储蓄卡); English ones address the customer
("You've paid £250.00 to ..."). Chat apps are left out: there anybody can write like a bank.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from clawback.model.events import Account, AccountKind, Direction, Message, Method, Transfer, TransferStatus
from clawback.model.mentions import AmountMention, find_amounts
from clawback.readers.claims import MAX_CLAIM_TEXT, method_of, moment_of, source_of

_CHAT_APPS = ("whatsapp", "telegram", "wechat", "qq", "line", "messenger", "discord")
_TAIL = re.compile(r"(?P<tail>(?:尾号|尾数|末四位)(?:为|是|:|：)?\s?[(（]?[0-9]{3,4}[)）]?)")
_OUT_ZH = (
    "(?:转账支出|消费支出|快捷支付|网上支付|支出|转出|消费|支付|扣款|扣收|取款|取现|汇出|付款|转账汇款|转账)"
)
_IN_ZH = "(?:转账收入|工资|收入|转入|入账|存入|到账|收到|汇入|退款|退回)"
_VERB_ZH = re.compile(f"(?P<incoming>{_IN_ZH})|(?P<outgoing>{_OUT_ZH})")
_SIDE_ZH = re.compile("(?:余额|可用|额度|手续费|限额)[^0-9¥]{0,8}$")
_FAILED = re.compile(r"失败|未成功|被拒|撤销|declined|failed|rejected|cancelled|could not be", re.IGNORECASE)
_REFUND = re.compile("退款|退回|refund", re.IGNORECASE)
_BANK_ZH = re.compile("[【\\[](?P<bank>[\u4e00-\u9fff]{2,12}(?:银行|信用社|农信|农商行))[】\\]]")
_OTHER_ZH = re.compile(
    "(?:对方户名|对方账户|收款人|付款人|商户|户名)[:：为]?(?P<name>[\u4e00-\u9fff*·]{2,20})"
    "|向(?:[\u4e00-\u9fff*·]{2,8}银行)?(?P<to>[\u4e00-\u9fff*·]{2,20}?)(?=转账|汇款|付款|支付|转出|的|[(（])"
    "|在(?P<at>[\u4e00-\u9fff*·A-Za-z-]{2,20}?)(?=消费|支付|快捷)"
)
_YOUR_EN = re.compile(
    r"(?<![a-z])(?:you(?:'ve|’ve|\shave)?\s(?:just\s)?(?P<verb>paid|sent|transferred|spent|received|made\sa\spayment)"
    r"|(?P<passive>(?:has|have)\sleft\syour\saccount|was\s(?:paid|sent|taken|spent|debited)|has\sbeen\s(?:paid|sent|debited|taken)"
    r"|(?:was|has\sbeen)\s(?P<credit>credited|refunded)))(?![a-z])",
    re.IGNORECASE,
)
_ENDING_EN = re.compile(r"(?P<tail>ending\s(?:in\s|with\s)?\*{0,4}[0-9]{3,4})", re.IGNORECASE)
_OTHER_EN = re.compile(
    r"(?<![A-Za-z])(?P<where>to|at|from)\s(?!your)(?P<name>[A-Z][A-Za-z0-9&'.*-]*(?:\s[A-Z][A-Za-z0-9&'.*-]*){0,4})"
)
_SENTENCE_EN = re.compile(r"(?:[^.!?\n]|(?<=[0-9])\.(?=[0-9])|\.(?=[a-z0-9]))+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Booking:
    """What one alert says: text[start:end] of the message."""

    amount: AmountMention
    direction: Direction
    other: str | None
    own: Account
    start: int
    end: int


def is_chinese_alert(text: str) -> bool:
    """Does `text` name a bank in the brackets of a sender and the last digits of an account?"""
    return bool(_TAIL.search(text) and _BANK_ZH.search(text))


def alerts_in(message: Message, zone: str) -> Iterator[Transfer]:
    """The bookings of which `message` tells; nothing when the user wrote it or it came through a chat app."""
    text = message.text[:MAX_CLAIM_TEXT]
    if message.own or message.channel in _CHAT_APPS:
        return
    for booking in _bookings(text):
        yield _transfer(message, booking, zone)


def _bookings(text: str) -> Iterator[_Booking]:
    if ("尾" in text or "末四位" in text) and _TAIL.search(text):
        yield from _chinese(text)
    elif "ou" in text and _YOUR_EN.search(text):  # you, your, You
        yield from _english(text)


def _chinese(text: str) -> Iterator[_Booking]:
    """One booking per named account: from its last digits to the next account or the end."""
    tails = list(_TAIL.finditer(text))
    bank = _BANK_ZH.search(text)
    for found, following in zip(tails, [*tails[1:], None], strict=True):
        start, end = found.start(), following.start() if following else len(text)
        part = text[start:end]
        verb = _VERB_ZH.search(part)
        sums = [one for one in find_amounts(part, None) if not _SIDE_ZH.search(part[: one.start])]
        if not verb or not sums:
            continue
        direction = Direction.IN if verb["incoming"] or _REFUND.search(part) else Direction.OUT
        own = Account(None, bank["bank"] if bank else None, found["tail"], _kind(part))
        yield _Booking(sums[0], direction, _named(_OTHER_ZH, part), own, start, end)


def _kind(text: str) -> AccountKind:
    return AccountKind.CARD if "信用卡" in text or "贷记卡" in text else AccountKind.BANK


def _named(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.search(text)
    return next((value for value in found.groups() if value), None) if found else None


def _english(text: str) -> Iterator[_Booking]:
    for found in _SENTENCE_EN.finditer(text):
        part = found.group()
        verb = _YOUR_EN.search(part)
        sums = find_amounts(part, None) if verb else ()
        tail = _ENDING_EN.search(part)
        if not verb or len(sums) != 1 or (verb["passive"] and not (tail or "your account" in part.lower())):
            continue
        incoming = bool(verb["credit"]) or (verb["verb"] or "").lower() == "received"
        other = _OTHER_EN.search(part)
        own = Account(None, None, tail["tail"] if tail else None, AccountKind.UNKNOWN)
        direction = Direction.IN if incoming else Direction.OUT
        yield _Booking(sums[0], direction, other["name"] if other else None, own, found.start(), found.end())


def _transfer(message: Message, booking: _Booking, zone: str) -> Transfer:
    words = message.text[booking.start : booking.end]
    far = Account(name=booking.other.rstrip(".") if booking.other else None)
    outgoing = booking.direction is Direction.OUT
    method = method_of(words, booking.amount.amount.currency, far, message.channel)
    if method is Method.UNKNOWN and booking.own.number and "尾号" in booking.own.number:
        method = Method.BANK_TRANSFER
    return Transfer(
        direction=booking.direction,
        amount=booking.amount.amount,
        moment=moment_of(words, message.moment, zone),
        status=_status(words, booking.direction),
        method=Method.CARD if "消费" in words and method is Method.BANK_TRANSFER else method,
        payer=booking.own if outgoing else far,
        payee=far if outgoing else booking.own,
        sources=(source_of(message, booking.start, booking.end),),
    )


def _status(words: str, direction: Direction) -> TransferStatus:
    if _FAILED.search(words):
        return TransferStatus.FAILED
    refund = direction is Direction.IN and _REFUND.search(words)
    return TransferStatus.RETURNED if refund else TransferStatus.COMPLETED
