"""Transfers that somebody says to have made, in a chat or a mail: conservative on purpose.

One clause must say that money has gone, in the first person or without one, with one marked sum. A request, a
question, a condition, a total, and whatever the other side says to have paid, is no claim.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from clawback.model.events import Account, AccountKind, Direction, Message, Method, Transfer, TransferStatus
from clawback.model.evidence import Source
from clawback.model.indicators import IndicatorKind
from clawback.model.mentions import AmountMention, find_amounts, find_moments
from clawback.model.moments import Moment, Precision
from clawback.readers.contract import MAX_SOURCE_TEXT
from clawback.readers.indicators import spots_in
from clawback.readers.spot_holders import SURNAMES
from clawback.readers.spots import Spot, within

MAX_CLAIM_TEXT = 8192
"""Characters of a message that are searched for claims: nobody tells of a payment at greater length."""


@dataclass(frozen=True, slots=True)
class Clause:
    """One clause of a message: text[start:end], and whether it asks."""

    text: str
    start: int
    end: int
    asks: bool


_CLAUSE = re.compile(r"(?:[^。！？!?；;\n，,.]|(?<=[0-9])[,，.](?=[0-9])|\.(?=\S))+")
_PAY_ZH = "(?:转账|转帐|付款|汇款|打款|充值|支付|入金|转|付|打|汇|充|存|投|交|缴|提(?![现示供交前到醒出])|刷)"
_PAST_ZH = re.compile(
    rf"{_PAY_ZH}(?:了|过|完|好了|成功|出去|进去|(?:给|到|至|向|进)?[^了没]{{0,30}}(?:过去|出去|进去|了))"
    rf"|(?:已经?|刚刚?|刚才)[^没]{{0,16}}{_PAY_ZH}"
)
_RECORD_ZH = re.compile(r"\s*(?:转账|付款|汇款|打款|充值)\s?[¥0-9]")
_NOT_ZH = re.compile(
    r"没|未|不|别|如果|要是|假如|若|请|需|必须|应该|先|想|准备|打算|让|叫|要|求|帮|麻烦|是否|等|再|即将|明天|可以|能|会(?![员费])"
    r"|他|她|对方|客户|有人|受害|一共|共计|总共|累计|合计|总计|前后|[二两三四五六七八九十几多0-9]次|多少|谁|为什么|怎么|骗"
)
_ALLOWED_ZH = re.compile("不小心|不得不|不知道|不懂事|要求的|会员|会费")
_YOU = re.compile(r"[你您]|(?<![a-z])you(?:r|rs)?(?![a-z])", re.IGNORECASE)
_GOT_ZH = re.compile("(?:收到|到账|退(?:了|给)?我|退回)(?:了|过)?")
_PAST_EN = re.compile(
    r"(?:(?<![a-z])(?:i|we)(?:'ve|’ve|\s{1,2}have)?\s{1,2}(?:(?:just|already|now|also|then)\s{1,2}){0,2}"
    r"|^\s{0,3}(?:(?:just|already|ok|okay|done|so|and|then)\s{1,2}){0,3})"
    r"(?:sent|paid|transferr?ed|wired|deposited|made\s(?:a|the)\s(?:payment|transfer|deposit)\sof)(?![a-z])",
    re.IGNORECASE,
)
_PASSIVE_EN = re.compile(r"payment\sof.{1,40}(?:sent|made|done|gone\sthrough)", re.IGNORECASE)
_NOT_EN = re.compile(
    r"(?<![a-z])(?:not|never|if|should|would|could|can|will|please|need|must|want|going\sto|about\sto|ask(?:ed)?|tell|told"
    r"|when|unless|until|before|total|altogether|in\sall|how\smuch|why)(?![a-z])|n't|n’t",
    re.IGNORECASE,
)
_GOT_EN = re.compile(
    r"(?<![a-z])(?:i|we)(?:'ve|’ve|\s+have)?\s+(?:just\s+)?(?:received|got)(?![a-z])|refunded\sme",
    re.IGNORECASE,
)
_REFUND = re.compile(r"退|返还|refund|chargeback|money\sback|got\sback", re.IGNORECASE)
_APP_RECORD = re.compile(r"^\s*[\[【](?:微信)?转账[\]】]|^\s*[\[【]transfer[\]】]", re.IGNORECASE)
_SIDE_SUM = re.compile(
    r"(?:余额|手续费|奖金|返利|佣金|收益|利润|fee|balance|profit|bonus)[^0-9]{0,8}$", re.IGNORECASE
)
_TOLD_TIME = re.compile(
    r"昨|前天|上周|上个|去年|之前|以前|那天|星期|周[一二三四五六日]|yesterday|ago|last\s|earlier|on\s[a-z]+day",
    re.IGNORECASE,
)
_TODAY = re.compile(r"今天|刚|today|just", re.IGNORECASE)

_TO_ZH = re.compile(
    "(?:给|向|到)(?P<name>[\u4e00-\u9fff]{2,3}?)(?=[转付打汇充存的了，,（(]|$|账户|帐户|的卡)"
)
_TO_EN = re.compile(r"(?<![A-Za-z])to\s(?P<name>[A-Z][a-z]+(?:\s[A-Z][a-z]+){0,2})(?![A-Za-z])")
_ACCOUNT_KINDS = {
    IndicatorKind.BANK_CARD: AccountKind.CARD,
    IndicatorKind.BANK_ACCOUNT: AccountKind.BANK,
    IndicatorKind.IBAN: AccountKind.BANK,
    IndicatorKind.CRYPTO_WALLET: AccountKind.CRYPTO,
}
CRYPTO = frozenset({"USDT", "USDC", "BTC", "ETH", "TRX", "LTC", "BNB", "SOL"})
"""Codes of tokens: a sum in one of them went over a chain."""
_METHODS = (
    (re.compile("支付宝|花呗|alipay", re.IGNORECASE), Method.ALIPAY),
    (re.compile("微信|财付通|wechat", re.IGNORECASE), Method.WECHAT_PAY),
    (
        re.compile(r"刷卡|信用卡|credit\scard|debit\scard|(?<![a-z])card\s(?:payment|ending)", re.IGNORECASE),
        Method.CARD,
    ),
    (re.compile(r"paypal|revolut|cash\s?app|venmo|zelle|wise(?![a-z])", re.IGNORECASE), Method.WALLET),
    (re.compile(r"现金|(?<![a-z])in\scash", re.IGNORECASE), Method.CASH),
    (
        re.compile(r"银行|卡|网银|汇款|bank|faster\spayment|wire|sort\scode|iban", re.IGNORECASE),
        Method.BANK_TRANSFER,
    ),
)


def claims_in(message: Message, zone: str) -> Iterator[Transfer]:
    """The transfers that `message` claims, each from one clause of it."""
    text = message.text[:MAX_CLAIM_TEXT]
    places = [mention.start for mention in find_amounts(text, None)]
    spots: tuple[Spot, ...] | None = None
    for clause in clauses(text) if places else ():
        if not any(clause.start <= place < clause.end for place in places):
            continue
        direction = _direction(clause, message)
        main = _main_sum(clause.text, find_amounts(clause.text, None)) if direction else None
        if direction and main:
            spots = spots_in(text, zone) if spots is None else spots
            yield _claim(message, clause, main, direction, spots, zone)


def clauses(text: str) -> Iterator[Clause]:
    """The clauses of `text`; a comma or point inside a number ends none. Quoted mail lines are left out."""
    for found in _CLAUSE.finditer(text):
        line = text.rfind("\n", 0, found.start()) + 1
        if text[line : line + 1] == ">":
            continue
        asks = text[found.end() : found.end() + 1] in ("?", "？") or found.group().rstrip()[-1:] in (
            "吗",
            "么",
        )
        yield Clause(found.group(), found.start(), found.end(), asks)


def _direction(clause: Clause, message: Message) -> Direction | None:
    """OUT when the speaker says to have paid, IN when the user says to have received, else None."""
    text = clause.text
    if clause.asks:
        return None
    if message.own is not None and _APP_RECORD.search(text):
        return Direction.OUT if message.own else Direction.IN
    if message.own is False or _denied(text):
        return None
    if message.own and (_GOT_ZH.search(text) or _GOT_EN.search(text)):
        return Direction.IN
    if message.own is None and _YOU.search(text):
        return None  # whoever speaks may be the other side
    return Direction.OUT if _paid(text) or (message.own and _RECORD_ZH.match(text)) else None


def _denied(text: str) -> bool:
    return bool(_NOT_ZH.search(_ALLOWED_ZH.sub("", text)) or _NOT_EN.search(text))


def _paid(text: str) -> bool:
    return any(pattern.search(text) for pattern in (_PAST_ZH, _PAST_EN, _PASSIVE_EN))


def _main_sum(text: str, sums: Sequence[AmountMention]) -> AmountMention | None:
    main = [found for found in sums if not _SIDE_SUM.search(text[: found.start])]
    return main[0] if len(main) == 1 and main[0].amount.value > 0 else None


def _claim(
    message: Message,
    clause: Clause,
    found: AmountMention,
    direction: Direction,
    spots: Sequence[Spot],
    zone: str,
) -> Transfer:
    returned = direction is Direction.IN and _REFUND.search(clause.text)
    far = _far_account(clause, spots) if direction is Direction.OUT else Account()
    return Transfer(
        direction=direction,
        amount=found.amount,
        moment=moment_of(clause.text, message.moment, zone),
        status=TransferStatus.RETURNED if returned else TransferStatus.UNKNOWN,
        method=method_of(clause.text, found.amount.currency, far, message.channel),
        payer=Account(),
        payee=far,
        sources=(source_of(message, clause.start, clause.end),),
        reference=_reference(spots),
    )


def source_of(message: Message, start: int, end: int) -> Source:
    """The place of message.text[start:end] inside the place of the message."""
    whole = message.sources[0]
    return replace(
        whole,
        locator=within(whole.locator, start, end, len(message.text)),
        text=message.text[start:end][:MAX_SOURCE_TEXT],
    )


def moment_of(text: str, said_at: Moment | None, zone: str) -> Moment | None:
    """When it happened: the one time that the words give, else when they were said; None where the words
    speak of another time that cannot be read."""
    told = [mention.moment for mention in find_moments(text, zone, said_at)]
    told = [one for one in told if said_at is None or one.instant < said_at.end]
    if len(told) == 1:
        only_today = said_at and told[0].precision is Precision.DAY and told[0].overlaps(said_at)
        return said_at if only_today and _TODAY.search(text) else told[0]
    return None if told or _TOLD_TIME.search(text) else said_at


def _far_account(clause: Clause, spots: Sequence[Spot]) -> Account:
    """The account named in the clause, or the only one in the message; a person named as recipient."""
    accounts = [spot for spot in spots if spot.kind in _ACCOUNT_KINDS]
    inside = [spot for spot in accounts if clause.start <= spot.start < clause.end]
    chosen = inside if inside else accounts
    if len(chosen) != 1:
        return Account(name=_recipient(clause.text))
    spot = chosen[0]
    stated = dict(part.split(": ", 1) for part in spot.detail.split("; ") if ": " in part)
    name = stated.get("holder") or _recipient(clause.text)
    return Account(name, stated.get("bank"), spot.value, _ACCOUNT_KINDS[spot.kind])


def _recipient(text: str) -> str | None:
    for found in _TO_ZH.finditer(text):
        if found["name"][0] in SURNAMES:
            return found["name"]
    found_en = _TO_EN.search(text)
    return found_en["name"] if found_en else None


def method_of(text: str, currency: str, account: Account, channel: str) -> Method:
    """The rail that the words, the currency or the account tell; UNKNOWN when none does."""
    if currency in CRYPTO or account.kind is AccountKind.CRYPTO:
        return Method.CRYPTO
    if channel == "wechat" and _APP_RECORD.search(text):
        return Method.WECHAT_PAY
    for words, method in _METHODS:
        if words.search(text):
            return method
    bank = account.kind in (AccountKind.CARD, AccountKind.BANK)
    return Method.BANK_TRANSFER if bank else Method.UNKNOWN


def _reference(spots: Sequence[Spot]) -> str | None:
    """The transaction hash or number that the message gives, if it gives one."""
    for kind in (IndicatorKind.CRYPTO_TX, IndicatorKind.ORDER_NUMBER):
        values = {spot.value for spot in spots if spot.kind is kind}
        if len(values) == 1:
            return values.pop()
    return None
