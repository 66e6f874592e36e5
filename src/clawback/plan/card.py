"""The emergency card: ten facts per transfer, the one that can most probably still be stopped first.

The sentence to read out contains only facts that have a source: a missing fact's clause drops out, it is
never "about" or "xxx".
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawback.model.card import TEN_FACTS, Card, CardLine, Chance, Fact
from clawback.model.events import Account, Direction, Method, Statement, TransferStatus
from clawback.model.evidence import Source
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.plan import Channel
from clawback.model.writing import amount_en, amount_zh, iso, moment_en, moment_zh

_FRESH = timedelta(hours=24)
_DAYS = timedelta(hours=72)
"""The FBI kill chain takes transfers up to 72 hours old; the first day is when delayed transfers are still
unbooked (filing-forms 5.2; 银发〔2016〕261号 item 8)."""

_BEST_FIRST = (Chance.PENDING, Chance.FRESH, Chance.DAYS, Chance.UNKNOWN, Chance.LATE)

_METHODS = {
    Method.ALIPAY: ("支付宝", "Alipay"),
    Method.WECHAT_PAY: ("微信支付", "WeChat Pay"),
    Method.BANK_TRANSFER: ("银行转账", "bank transfer"),
    Method.CARD: ("银行卡支付", "card payment"),
    Method.CRYPTO: ("虚拟货币转账", "crypto transfer"),
    Method.WALLET: ("电子钱包", "e-wallet"),
    Method.CASH: ("现金", "cash"),
}


@dataclass(frozen=True, slots=True)
class Call:
    """Whom to call about a transfer, and how the sentence begins in each language."""

    channel: Channel | None
    opening_zh: str
    opening_en: str


def make_card(
    entries: Sequence[LedgerEntry],
    answers: Mapping[str, Statement],
    call_for: Callable[[LedgerEntry], Call],
    crisis: tuple[str, str],
    now: datetime,
) -> Card:
    """The card for all outgoing transfers in scope that moved (or may have moved) money.

    `answers`: the user's latest statement per question; `user.name` fills a payer's name that no record
    gives. `crisis`: (zh, en) line of human help.
    """
    sent = [
        entry
        for entry in entries
        if entry.scope is Scope.IN
        and entry.transfer.direction is Direction.OUT
        and entry.transfer.status not in (TransferStatus.FAILED, TransferStatus.RETURNED)
    ]
    lines = [_line(entry, answers, call_for(entry), now) for entry in sorted(sent, key=_newest_first)]
    lines.sort(key=lambda line: _BEST_FIRST.index(line.chance))
    return Card(tuple(lines), lines[0].call if lines else None, *crisis)


def chance(entry: LedgerEntry, now: datetime) -> Chance:
    """Can the transfer probably still be stopped at `now`?"""
    moment = entry.transfer.moment
    if moment is None:
        return Chance.UNKNOWN
    age = now - moment.instant
    if entry.transfer.status is TransferStatus.PENDING and age <= _DAYS:
        return Chance.PENDING
    if age <= _FRESH:
        return Chance.FRESH
    return Chance.DAYS if age <= _DAYS else Chance.LATE


def _newest_first(entry: LedgerEntry) -> tuple[float, str]:
    moment = entry.transfer.moment
    return (-moment.utc.timestamp() if moment else float("inf"), entry.id)


def _line(entry: LedgerEntry, answers: Mapping[str, Statement], call: Call, now: datetime) -> CardLine:
    facts = _ten_facts(entry, answers)
    known = {fact.key: fact.text for fact in facts if fact.text is not None}
    return CardLine(
        entry=entry.id,
        facts=facts,
        chance=chance(entry, now),
        call=call.channel,
        say_zh=_say_zh(entry, known, call.opening_zh),
        say_en=_say_en(entry, known, call.opening_en),
    )


def _ten_facts(entry: LedgerEntry, answers: Mapping[str, Statement]) -> tuple[Fact, ...]:
    transfer = entry.transfer
    known: dict[str, str | None] = {
        "payer_name": transfer.payer.name,
        "paying_institution": transfer.payer.institution,
        "paying_account": transfer.payer.number,
        "moment": iso(transfer.moment) if transfer.moment else None,
        "amount": f"{transfer.amount.text} {transfer.amount.currency}",
        "method": None if transfer.method is Method.UNKNOWN else transfer.method.value,
        "reference": transfer.reference,
        "payee_name": transfer.payee.name,
        "payee_account": transfer.payee.number,
        "payee_institution": transfer.payee.institution,
    }
    return tuple(_fact(key, known[key], transfer.sources, answers) for key in TEN_FACTS)


def _fact(key: str, text: str | None, sources: tuple[Source, ...], answers: Mapping[str, Statement]) -> Fact:
    stated = answers.get("user.name")
    if text is None and key == "payer_name" and stated is not None:
        return Fact(key, stated.value, stated.sources)
    return Fact(key, text, sources if text else ())


def _say_zh(entry: LedgerEntry, known: Mapping[str, str], opening: str) -> str:
    transfer = entry.transfer
    own = _account_zh(transfer.payer)
    to = _account_zh(transfer.payee)
    clauses = [
        f"{moment_zh(transfer.moment)}，" if transfer.moment else "",
        f"我从{own}" if own else "我",
        f"转出 {amount_zh(transfer.amount)}",
        f"，收款方是“{transfer.payee.name}”" if transfer.payee.name else "",
        f"，收款账户是{to}" if to else "",
        f"，方式是{_METHODS[transfer.method][0]}" if "method" in known else "",
        f"，单号 {transfer.reference}" if transfer.reference else "",
    ]
    return opening + "".join(clauses) + "。"


def _say_en(entry: LedgerEntry, known: Mapping[str, str], opening: str) -> str:
    transfer = entry.transfer
    own = _account_en(transfer.payer)
    to = _account_en(transfer.payee)
    clauses = [
        f"On {moment_en(transfer.moment)}, I sent" if transfer.moment else "I sent",
        f" {amount_en(transfer.amount)}",
        f" from {own}" if own else "",
        f' to "{transfer.payee.name}"' if transfer.payee.name else "",
        f"{',' if transfer.payee.name else ''} to {to}" if to else "",
        f", by {_METHODS[transfer.method][1]}" if "method" in known else "",
        f", reference {transfer.reference}" if transfer.reference else "",
    ]
    return f"{opening} {''.join(clauses)}."


def _account_zh(account: Account) -> str:
    return " ".join(part for part in (account.institution, account.number) if part)


def _account_en(account: Account) -> str:
    parts = [account.institution, f"account {account.number}" if account.number else None]
    return " ".join(part for part in parts if part)
