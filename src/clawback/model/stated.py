"""What the user states about a payment, fact by fact: the names of the questions, the form of the answers.

A question is "payment." and one of the ten facts; its subject is a payment that the user types ("p1") or the
id of a transfer that evidence shows already.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from clawback.model.card import TEN_FACTS
from clawback.model.events import Method, Statement
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.money import Amount

PAYMENT = "payment."
TYPED_PAYMENT = re.compile(r"p[1-9][0-9]{0,4}")
"""Subject of the answers about a payment that the user types."""

STATED_QUESTIONS: Mapping[str, tuple[str, str]] = {
    "payment.payer_name": ("付款人", "Payer"),
    "payment.paying_institution": ("付款银行或机构", "Paying bank or wallet"),
    "payment.paying_account": ("付款账号", "Paying account"),
    "payment.moment": ("付款时间", "Time of the payment"),
    "payment.amount": ("付款金额", "Amount of the payment"),
    "payment.method": ("付款方式", "Method of the payment"),
    "payment.reference": ("单号或流水号", "Reference of the payment"),
    "payment.payee_name": ("收款人", "Payee"),
    "payment.payee_account": ("收款账号", "Payee's account"),
    "payment.payee_institution": ("收款银行或机构", "Payee's bank"),
    "emergency.last_payment": ("最近一笔转出大约在什么时候", "When the last payment left, roughly"),
    "emergency.paid_by": ("这笔钱怎么转的", "How the payment was made"),
    "emergency.place": ("付款账户是哪里开的", "Where the account paid from is held"),
    "emergency.still_in_contact": ("是否还有人在联系", "Whether somebody is still in contact"),
}
"""(zh, en) name of each question that no rule pack asks."""

_METHODS = {
    "bank_transfer": ("银行转账", "Bank transfer"),
    "wechat_pay": ("微信", "WeChat Pay"),
    "alipay": ("支付宝", "Alipay"),
    "card": ("信用卡或借记卡付款", "Card payment"),
    "crypto": ("虚拟货币", "Cryptocurrency"),
    "cash": ("现金或礼品卡", "Cash or gift card"),
    "other": ("其他", "Other"),
    "not_sure": ("不确定", "Not sure"),
}
STATED_CHOICES: Mapping[str, Mapping[str, tuple[str, str]]] = {
    "emergency.still_in_contact": {
        "yes": ("有", "Yes"),
        "no": ("没有", "No"),
        "not_sure": ("不确定", "Not sure"),
    },
    "emergency.last_payment": {
        "under_30_minutes": ("不到 30 分钟", "Less than 30 minutes ago"),
        "earlier_today": ("今天，30 分钟以前", "Earlier today"),
        "two_days": ("昨天或前天", "Yesterday or the day before"),
        "longer_ago": ("三天以前", "Longer ago"),
        "not_sure": ("记不清", "I do not remember"),
        "none_sent": ("我没有转钱", "I sent no money"),
    },
    "emergency.paid_by": _METHODS,
    "payment.method": _METHODS,
    "emergency.place": {
        "cn": ("中国内地", "Mainland China"),
        "hk": ("香港", "Hong Kong"),
        "gb": ("英国", "United Kingdom"),
        "elsewhere": ("其他地方", "Somewhere else"),
        "not_sure": ("不确定", "Not sure"),
    },
}
"""By question: each answer with its (zh, en) label, in the order in which they are offered."""

_AMOUNT = re.compile(r"([0-9]{1,15}(?:\.[0-9]{1,8})?) ([A-Z]{3,5})")
_MOMENT = re.compile(
    r"([0-9]{4}-[0-9]{2}-[0-9]{2})(?:T([0-9]{2}:[0-9]{2})(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)


_CORRECTED = {
    "payer_institution": "paying_institution",
    "payer_number": "paying_account",
    "payee_number": "payee_account",
}


def told_about(statement: Statement) -> tuple[str, str] | None:
    """(subject, fact) that a statement is about, or None when it is not about a payment.

    A correction ("correction" on "T3.r7/payee_number") says that a fact was misread in one record.
    """
    fact = fact_of(statement.question)
    if fact is not None:
        return statement.subject, fact
    if statement.question != "correction":
        return None
    record, _, field = statement.subject.rpartition("/")
    fact = _CORRECTED.get(field, field)
    return (record, fact) if fact in TEN_FACTS else None


def fact_of(question: str) -> str | None:
    """Which of the ten facts a question is about, or None."""
    fact = question.removeprefix(PAYMENT)
    return fact if question.startswith(PAYMENT) and fact in TEN_FACTS else None


def stated_amount(text: str) -> Amount | None:
    """ "12000.00 CNY" as an amount; None when it is anything else, or nothing."""
    found = _AMOUNT.fullmatch(text)
    value = Decimal(found[1]) if found else Decimal(0)
    return Amount(value, found[2]) if found and value else None


def stated_moment(text: str, zone: str) -> Moment | None:
    """2026-11-23T14:32+08:00 or 2026-11-23 as a moment; `zone` for a bare day. None for anything else."""
    found = _MOMENT.fullmatch(text)
    if found is None:
        return None
    day, minute, second, offset = found.groups()
    try:
        if minute is None:
            start = datetime.fromisoformat(f"{day}T00:00").replace(tzinfo=ZoneInfo(zone))
            return Moment(start, Precision.DAY, ZoneBasis.ASSUMED)
        at = datetime.fromisoformat(f"{day}T{minute}{second or ''}{offset}")
    except ValueError:
        return None
    return Moment(at, Precision.SECOND if second else Precision.MINUTE, ZoneBasis.ASSUMED)


def stated_method(text: str) -> Method:
    """The method of this name; UNKNOWN for anything else."""
    return next((method for method in Method if method.value == text), Method.UNKNOWN)
