"""Words in the rows of bank tables: which way money went, what carried it, what is no movement at all."""

from __future__ import annotations

import re

from clawback.model.events import Direction, Method, TransferStatus
from clawback.readers.tables import plain

# ruff: noqa: E501, SIM905 - patterns and word lists broken over lines are harder to check

_SIDES = {
    Direction.OUT: frozenset(
        "借 借方 支 支出 出 付 付款 转出 支取 已支出 出账 扣款 debit dr d db debitor soll s af out outgoing "
        "withdrawal moneyout debittransfer paymentout sent -".split()
    ),
    Direction.IN: frozenset(
        "贷 贷方 收 收入 入 收款 转入 存入 已收入 入账 进账 credit cr c kredit haben h bij in incoming deposit "
        "moneyin credittransfer paymentin received +".split()
    ),
}
"""Words of a column that says which side of the account a row stands on. 借 is a debit: money that left."""

_NEUTRAL_SIDES = frozenset({"不计收支", "其他", "/", "中性交易", "中性", "不计"})

_IN_WORDS = re.compile(
    r"退款|退货|退回|冲正|工资|代发|结息|利息|汇入|转入|存入|现存|收款|入账|返现|奖励|报销|refund|reversal|salary|payroll|"
    r"interest paid|interest earned|deposit|cashback|received|incoming|direct credit|bank credit|credit transfer"
)
_OUT_WORDS = re.compile(
    r"消费|支付|取款|取现|转出|汇出|扣款|缴费|代扣|手续费|分期|付款|购买|purchase|withdrawal|point of sale|\bpos\b|"
    r"direct debit|standing order|card payment|payment to|sent to|\batm\b|\bfee\b|bill payment|outgoing|debit transfer"
)
_CARD_IN_WORDS = re.compile(
    r"还款|退款|退货|返还|返现|奖励|payment received|payment thank|thank you|autopay|auto pay|refund|cashback"
)
_THANKS = re.compile(
    r"\bthank you\b|payment received|autopay (payment|pymt)|mobile payment - thank|信用卡还款.*谢谢"
)
_BALANCE_ROW = re.compile(
    r"^(承前|上期|期初|期末|本期|上页|转下页)[^0-9]{0,6}(余额|结余)|^(余额|期初|期末)$|"
    r"\b(opening|closing|previous|starting|ending|beginning) (statement )?balance\b|"
    r"\bbalance (b/?f|c/?f|brought|carried|previous|from previous|at end|at start)|"
    r"\b(previous|last) (statement|month)('?s)? balance\b|^balance$"
)
_FOOTER = re.compile(
    r"合计|总计|小计|共计|总额|总笔数|以上数据|打印|仅供参考|温馨提示|说明[:：]|注[:：]|备注[:：]|查询时间|导出时间|下载时间|"
    r"^\W{0,3}(grand |sub)?totals?\b|^end of|^generated|^disclaimer|^note[:s]|saldo (inicial|final)|^\*{2,}|^-{3,}|^={3,}"
)
_CASH = re.compile(
    r"取款|取现|存现|现金[存取支]|^现金$|\batm\b|cash withdrawal|cash machine|bargeld|geldautomat|reintegro|prelievo"
)
_ALIPAY = re.compile(r"支付宝|蚂蚁|alipay")
_WECHAT = re.compile(r"财付通|微信|tenpay|wechat|weixin")
_CARD = re.compile(
    r"消费|刷卡|\bpos\b|card purchase|card payment|debit card|visa|mastercard|contactless|carte|kartenzahlung"
)
_CRYPTO = frozenset({"USDT", "USDC", "BTC", "ETH", "TRX"})

_ENGLISH_STATES = (
    (re.compile(r"declin|fail|reject|revert|cancel|void|return"), TransferStatus.FAILED),
    (re.compile(r"refund"), TransferStatus.RETURNED),
    (
        re.compile(r"pend|vorgemerkt|process|progress|hold|authori|scheduled|uncleared"),
        TransferStatus.PENDING,
    ),
    (
        re.compile(r"complet|post|paid|clear|settl|success|done|booked|cleared|gebucht|ok\b"),
        TransferStatus.COMPLETED,
    ),
)


def side_of(cell: str) -> Direction | None:
    """The side of the account that a cell of a side column names, None for other words."""
    word = plain(cell).replace(" ", "").replace("-", "") or cell.strip()
    return next((side for side, words in _SIDES.items() if word in words), None)


def is_neutral_side(cell: str) -> bool:
    """Does the side column say that the row is neither in nor out?"""
    return cell.strip() in _NEUTRAL_SIDES


def movement(text: str, card: bool) -> Direction | None:
    """What the words of a row say about the account (`card`: of a credit card); None if nothing or both."""
    words = text.casefold()
    if card and _CARD_IN_WORDS.search(words):
        return Direction.IN
    came, went = bool(_IN_WORDS.search(words)), bool(_OUT_WORDS.search(words))
    if came == went:
        return None
    return Direction.IN if came else Direction.OUT


def is_card_payment(text: str) -> bool:
    """Words with which only a card's bank books the holder's own payment."""
    return bool(_THANKS.search(text.casefold()))


def is_balance_row(text: str) -> bool:
    """A row that carries a balance forward and moves nothing."""
    return bool(_BALANCE_ROW.search(text.strip().casefold()))


def is_footer(text: str) -> bool:
    """Totals, notes and closing lines below the rows."""
    return bool(_FOOTER.search(text.strip().casefold()))


def method_of(text: str, card: bool, currency: str) -> Method:
    """The rail, as far as the words of a row name it."""
    words = text.casefold()
    for pattern, method in ((_CASH, Method.CASH), (_ALIPAY, Method.ALIPAY), (_WECHAT, Method.WECHAT_PAY)):
        if pattern.search(words):
            return method
    if currency in _CRYPTO:
        return Method.CRYPTO
    return Method.CARD if card or _CARD.search(words) else Method.BANK_TRANSFER


def english_status(cell: str) -> TransferStatus:
    """What an English state word means; UNKNOWN for others."""
    words = cell.casefold()
    return next(
        (status for pattern, status in _ENGLISH_STATES if pattern.search(words)), TransferStatus.UNKNOWN
    )
