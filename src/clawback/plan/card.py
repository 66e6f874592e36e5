"""The emergency card: ten facts per transfer, the one that can most probably still be stopped first.

The sentence to read out contains only facts that have a source: a missing fact's clause drops out, it is
never "about" or "xxx".
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawback.model.card import TEN_FACTS, Card, CardLine, Chance, Fact
from clawback.model.events import Account, Direction, Method, Statement, Transfer, TransferStatus
from clawback.model.evidence import Source
from clawback.model.ledger import Conflict, LedgerEntry, Scope
from clawback.model.moments import Moment
from clawback.model.money import Amount
from clawback.model.plan import Channel
from clawback.model.stated import fact_of, stated_amount, stated_method, stated_moment
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


@dataclass(frozen=True, slots=True)
class Spoken:
    """What is said of a payment; `amount` None while nobody knows it."""

    moment: Moment | None
    amount: Amount | None
    method: Method
    payer: Account
    payee: Account
    reference: str | None

    @classmethod
    def of(cls, transfer: Transfer) -> Spoken:
        """What a record says."""
        return cls(
            transfer.moment,
            transfer.amount,
            transfer.method,
            transfer.payer,
            transfer.payee,
            transfer.reference,
        )

    def say(self, opening: str, lang: str) -> str:
        """The sentence to read out, in "zh" or "en"."""
        return _say_zh(self, opening) if lang == "zh" else _say_en(self, opening)


def unfinished_line(
    subject: str, statements: Sequence[Statement], answers: Mapping[str, Statement], call: Call, zone: str
) -> tuple[CardLine, Spoken]:
    """A payment of which the sum is not known yet: no record, but what was stated can be read out.

    `subject`: name under which the user typed it; `statements`: all of them, the latest on a fact holds.
    """
    mine = [one for one in statements if one.subject == subject and fact_of(one.question)]
    said = {str(fact_of(one.question)): one for one in sorted(mine, key=lambda one: one.moment.utc)}
    paid_by = answers.get("emergency.paid_by")
    if paid_by is not None and stated_method(paid_by.value) is not Method.UNKNOWN:
        said.setdefault("method", paid_by)
    words = {fact: one.value for fact, one in said.items() if one.value}
    spoken = Spoken(
        stated_moment(words.get("moment", ""), zone),
        stated_amount(words.get("amount", "")),
        stated_method(words.get("method", "")),
        Account(words.get("payer_name"), words.get("paying_institution"), words.get("paying_account")),
        Account(words.get("payee_name"), words.get("payee_institution"), words.get("payee_account")),
        words.get("reference"),
    )
    facts = tuple(
        _fact(key, words.get(key), said[key].sources if key in words else (), answers) for key in TEN_FACTS
    )
    say = spoken.say(call.opening_zh, "zh"), spoken.say(call.opening_en, "en")
    return CardLine(subject, facts, Chance.UNKNOWN, call.channel, *say), spoken


def _line(entry: LedgerEntry, answers: Mapping[str, Statement], call: Call, now: datetime) -> CardLine:
    spoken = Spoken.of(entry.transfer)
    return CardLine(
        entry=entry.id,
        facts=_ten_facts(entry, answers),
        chance=chance(entry, now),
        call=call.channel,
        say_zh=spoken.say(call.opening_zh, "zh"),
        say_en=spoken.say(call.opening_en, "en"),
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
    conflicts = {conflict.fact: conflict for conflict in entry.conflicts}
    return tuple(
        _fact(key, known[key], _where(key, known[key], transfer), answers, conflicts.get(key))
        for key in TEN_FACTS
    )


def _where(key: str, text: str | None, transfer: Transfer) -> tuple[Source, ...]:
    """The sources in whose words a fact stands; all of them where it is in no single one's words."""
    if text is None:
        return ()
    wanted = _plain(text)
    if key == "amount":
        wanted = _plain(transfer.amount.text)
    elif key == "moment" and transfer.moment:
        wanted = transfer.moment.instant.strftime("%Y%m%d")
    telling = tuple(source for source in transfer.sources if wanted in _plain(source.text))
    return telling or transfer.sources


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _fact(
    key: str,
    text: str | None,
    sources: tuple[Source, ...],
    answers: Mapping[str, Statement],
    conflict: Conflict | None = None,
) -> Fact:
    stated = answers.get("user.name")
    if text is None and key == "payer_name" and stated is not None:
        return Fact(key, stated.value, stated.sources)
    return Fact(key, text, sources if text else (), conflict)


def _say_zh(said: Spoken, opening: str) -> str:
    own = _account_zh(said.payer)
    to = _account_zh(said.payee)
    clauses = [
        f"{moment_zh(said.moment)}，" if said.moment else "",
        f"我从{own}" if own else "我",
        f"转出 {amount_zh(said.amount)}" if said.amount else "转出了一笔钱",
        f"，收款方是“{said.payee.name}”" if said.payee.name else "",
        f"，收款账户是{to}" if to else "",
        "" if said.method is Method.UNKNOWN else f"，方式是{_METHODS[said.method][0]}",
        f"，单号 {said.reference}" if said.reference else "",
    ]
    return opening + "".join(clauses) + "。"


def _say_en(said: Spoken, opening: str) -> str:
    own = _account_en(said.payer)
    to = _account_en(said.payee)
    clauses = [
        f"On {moment_en(said.moment)}, I sent" if said.moment else "I sent",
        f" {amount_en(said.amount)}" if said.amount else " a payment",
        f" from {own}" if own else "",
        f' to "{said.payee.name}"' if said.payee.name else "",
        f"{',' if said.payee.name else ''} to {to}" if to else "",
        "" if said.method is Method.UNKNOWN else f", by {_METHODS[said.method][1]}",
        f", reference {said.reference}" if said.reference else "",
    ]
    return f"{opening} {''.join(clauses)}."


def _account_zh(account: Account) -> str:
    return " ".join(part for part in (account.institution, account.number) if part)


def _account_en(account: Account) -> str:
    parts = [account.institution, f"account {account.number}" if account.number else None]
    return " ".join(part for part in parts if part)
