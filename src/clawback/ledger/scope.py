"""A bill holds a whole life: which transfers belong to the case, and why.

Proposed with a reason, confirmed by the user. What has no tie to the case stays out and appears in no sum
and no paper; what has a weak tie is unsure and asked about.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from clawback.ledger.likeness import clean, is_masked, same_name, same_number, tail
from clawback.ledger.merging import Merged
from clawback.model.events import Direction, Message, Transfer, TransferStatus
from clawback.model.evidence import Grade
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.ledger import LedgerEntry, Reason, Scope
from clawback.model.money import Amount

_ACCOUNT_KINDS = frozenset(
    {
        IndicatorKind.BANK_CARD,
        IndicatorKind.BANK_ACCOUNT,
        IndicatorKind.IBAN,
        IndicatorKind.CRYPTO_WALLET,
        IndicatorKind.PHONE,
        IndicatorKind.EMAIL,
    }
)
_TALK = frozenset({Grade.CHAT_EXPORT, Grade.EMAIL, Grade.SIGNED_EMAIL, Grade.SCREENSHOT, Grade.PHOTO})
_SHOWN = frozenset({Grade.SCREENSHOT, Grade.PHOTO, Grade.EMAIL, Grade.SIGNED_EMAIL, Grade.DOCUMENT})
_MARGIN = timedelta(days=1)
_CODE = re.compile(r"[0-9a-z]{8,64}")
_GROUPED = re.compile(r"\d{2,}(?:[ -]\d{2,}){1,12}")
_PAYEE_CUE = re.compile(
    r"(?:收款人|收款方|收款户名|户名|账户名|开户名|姓名)(?:是|为)?[\s:：“\"「]*"
    r"|[转打汇付][^\n，。；,;]{0,20}?[给至到](?:了)?[\s:：“\"「]*"
    r"|\b(?:payee|beneficiary|account (?:name|holder)|(?:pay|send|transfer|sent|paid)\b[^\n.;]{0,40}?\bto)"
    r"[\s:\"“]*",
    re.IGNORECASE,
)
"""Words after which talk names the person or firm that is to be paid."""

_LONGEST_NAME = 60
_LEAST_REFERENCE = 8
"""Digits or letters an order number needs before its mere occurrence in a chat ties a payment to it."""


class SaidPayees:
    """What stands in talk right after words that announce a payee; asked whether it begins with a name."""

    def __init__(self, texts: Iterable[str]) -> None:
        self._by_start: dict[str, set[str]] = {}
        for text in texts:
            for found in _PAYEE_CUE.finditer(text):
                said = clean(text[found.end() : found.end() + _LONGEST_NAME])
                self._by_start.setdefault(said[:2], set()).add(said)

    def name(self, name: str | None) -> bool:
        """Was this very name said? Masked and very short names never were."""
        if not name or is_masked(name):
            return False
        plain = clean(name)
        if len(plain) < (4 if plain.isascii() else 2):
            return False
        return any(
            said.startswith(plain) and _ends(said, plain) for said in self._by_start.get(plain[:2], ())
        )


def _ends(said: str, name: str) -> bool:
    """Is `name` a whole word of `said`? Chinese has no spaces, so only Latin names are held to it."""
    return not (name[-1].isascii() and said[len(name) : len(name) + 1].isalnum())


class Numbers:
    """Account numbers found once and asked for often: by their whole form, and by their last four digits."""

    def __init__(self, numbers: Iterable[str]) -> None:
        self._whole: dict[str, str] = {}
        self._by_tail: dict[str, list[str]] = {}
        for number in numbers:
            self._whole.setdefault(clean(number), number)
            if end := tail(number):
                self._by_tail.setdefault(end, []).append(number)

    def __bool__(self) -> bool:
        return bool(self._whole)

    def same(self, number: str | None) -> str | None:
        """The known number that this is, or None."""
        if not number:
            return None
        if whole := self._whole.get(clean(number)):
            return whole
        return next((known for known in self._near(number) if same_number(number, known)), None)

    def maybe(self, number: str | None) -> str | None:
        """A known number of which only the end agrees, or None."""
        return next((known for known in self._near(number) if same_number(number, known) is None), None)

    def _near(self, number: str | None) -> list[str]:
        return self._by_tail.get(tail(number) or "", [])


@dataclass(frozen=True, slots=True)
class Ties:
    """What in the evidence can tie a transfer to the case.

    `accounts`: account numbers that the other side named. `names`: names that the user or the other side
    gave for payees; `said`: where talk names a payee in passing. `words`: what could be an
    order number in chats, mails and pictures.
    `amounts`: amounts mentioned in talk, as (currency, value text). `first`/`last`: time of contact.
    """

    accounts: Numbers
    names: tuple[str, ...]
    said: SaidPayees
    words: frozenset[str]
    amounts: frozenset[tuple[str, str]]
    first: datetime | None
    last: datetime | None

    @property
    def silent(self) -> bool:
        """True when there is nothing to compare a bill with."""
        return not (self.accounts or self.names or self.words) and self.first is None


def find_ties(
    messages: Sequence[Message],
    indicators: Iterable[Indicator],
    grades: Mapping[int, Grade],
    named: Iterable[str],
    talked: Iterable[str],
    amounts: Iterable[Amount],
) -> Ties:
    """Gather the ties. `named`: payee names known from statements; `talked`: texts of pictures and papers;
    `amounts`: sums mentioned in messages."""
    accounts = tuple(
        indicator
        for indicator in indicators
        if indicator.kind in _ACCOUNT_KINDS
        and any(grades.get(source.exhibit) in _TALK for source in indicator.sources)
    )
    holders = [part for one in accounts for part in [_holder(one.detail)] if part]
    moments = [message.moment for message in messages if message.moment and message.sender]
    return Ties(
        accounts=Numbers(indicator.value for indicator in accounts),
        names=tuple(dict.fromkeys(chain(named, holders))),
        said=SaidPayees(message.text for message in messages),
        words=frozenset(chain.from_iterable(map(_codes, chain((m.text for m in messages), talked)))),
        amounts=frozenset((amount.currency, amount.text) for amount in amounts),
        first=min((moment.utc for moment in moments), default=None),
        last=max((moment.utc for moment in moments), default=None),
    )


def propose(
    merged: Sequence[Merged],
    ties: Ties,
    grades: Mapping[int, Grade],
    decided: Mapping[str, Scope],
) -> tuple[LedgerEntry, ...]:
    """Every transfer with its proposed scope and reasons; the user's decision goes before the proposal.

    `decided` maps a record id (any member) to the scope that the user chose.
    """
    entries = [_first_look(one, ties, grades, decided) for one in merged]
    paid = [entry for entry in entries if _is_paid(entry)]
    entries = _same_payee(entries, paid)
    paid = [entry for entry in entries if _is_paid(entry)]
    return tuple(_money_back(entry, paid, ties) for entry in entries)


def _is_paid(entry: LedgerEntry) -> bool:
    return entry.scope is Scope.IN and entry.transfer.direction is Direction.OUT


def _first_look(
    one: Merged, ties: Ties, grades: Mapping[int, Grade], decided: Mapping[str, Scope]
) -> LedgerEntry:
    word = next((decided[member] for member in one.members if member in decided), None)
    if word is not None:
        return _entry(one, word, (Reason("user_decided"),), confirmed=True)
    if one.transfer.direction is Direction.IN:
        return _entry(one, Scope.OUT, (Reason("no_tie"),))
    strong = tuple(_strong(one, ties, grades))
    if strong:
        return _entry(one, Scope.IN, strong)
    weak = tuple(_weak(one, ties, grades))
    if weak:
        return _entry(one, Scope.UNSURE, weak)
    return _entry(one, Scope.OUT, (Reason("no_tie"),))


def _strong(one: Merged, ties: Ties, grades: Mapping[int, Grade]) -> Iterable[Reason]:
    transfer = one.transfer
    if named := ties.accounts.same(transfer.payee.number):
        yield Reason("payee_account_named", named, (transfer.id,))
    for name in ties.names:
        if same_name(transfer.payee.name, name) and not is_masked(transfer.payee.name):
            yield Reason("payee_named", name, (transfer.id,))
            break
    else:
        if ties.said.name(transfer.payee.name):
            yield Reason("payee_named", transfer.payee.name or "", (transfer.id,))
    for reference in (transfer.reference, transfer.merchant_reference):
        if reference and len(reference) >= _LEAST_REFERENCE and _bare(reference) in ties.words:
            yield Reason("reference_in_talk", reference, (transfer.id,))
            break
    if stated := [member.id for member in one.sightings if _is_stated(member, grades)]:
        yield Reason("stated_by_user", transfer.amount.text, tuple(stated))
    if _in_a_bill(one, grades) and len(one.members) > 1:
        shown = [
            member.id for member in one.sightings if _grade_of(member.sources[0].exhibit, grades) in _TALK
        ]
        if shown:
            yield Reason("told_or_shown", transfer.amount.text, tuple(shown))
    elif _grade_of(one.sightings[0].sources[0].exhibit, grades) in _SHOWN:
        yield Reason("receipt_kept", transfer.amount.text, one.members)


def _weak(one: Merged, ties: Ties, grades: Mapping[int, Grade]) -> Iterable[Reason]:
    transfer = one.transfer
    if transfer.status is TransferStatus.FAILED:
        return
    if not _in_a_bill(one, grades):
        yield Reason("only_told", transfer.amount.text, one.members)
    if alike := ties.accounts.maybe(transfer.payee.number):
        yield Reason("account_end_alike", alike, (transfer.id,))
    if any(same_name(transfer.payee.name, name) for name in ties.names):
        yield Reason("masked_name_alike", transfer.payee.name or "", (transfer.id,))
    in_contact = _in_contact(one, ties)
    if in_contact and (transfer.amount.currency, transfer.amount.text) in ties.amounts:
        yield Reason("amount_in_talk", transfer.amount.text, (transfer.id,))
    if ties.silent:
        yield Reason("nothing_to_compare", "", (transfer.id,))


def _same_payee(entries: Sequence[LedgerEntry], paid: Sequence[LedgerEntry]) -> list[LedgerEntry]:
    """A payment to the payee of a payment that is in scope is in scope too."""
    numbers = Numbers(one.transfer.payee.number for one in paid if one.transfer.payee.number)
    names = {clean(name): one for one in paid if (name := one.transfer.payee.name) and not is_masked(name)}
    return [_follow(entry, numbers, names) for entry in entries]


def _follow(entry: LedgerEntry, numbers: Numbers, names: Mapping[str, LedgerEntry]) -> LedgerEntry:
    payee = entry.transfer.payee
    if entry.scope is Scope.IN or entry.confirmed or entry.transfer.direction is Direction.IN:
        return entry
    if number := numbers.same(payee.number):
        return _with(entry, Scope.IN, (Reason("same_payee", number),))
    known = names.get(clean(payee.name or ""))
    if known and same_number(payee.number, known.transfer.payee.number) is not False:
        return _with(entry, Scope.IN, (Reason("same_payee", payee.name or "", (known.id,)),))
    return entry


def _money_back(entry: LedgerEntry, paid: Sequence[LedgerEntry], ties: Ties) -> LedgerEntry:
    """Money that came from a payee in scope, or that refunds a payment in scope, belongs to the case."""
    transfer = entry.transfer
    if transfer.direction is Direction.OUT or entry.confirmed:
        return entry
    for one in paid:
        reason = _refund_of(entry, one)
        if reason is not None:
            return _with(entry, Scope.IN, (reason,))
    if named := ties.accounts.same(transfer.payer.number):
        return _with(entry, Scope.IN, (Reason("payee_account_named", named),))
    if any(
        same_name(transfer.payer.name, name) and not is_masked(transfer.payer.name) for name in ties.names
    ):
        return _with(entry, Scope.IN, (Reason("payee_named", transfer.payer.name or ""),))
    return entry


def _refund_of(entry: LedgerEntry, paid: LedgerEntry) -> Reason | None:
    back, out = entry.transfer, paid.transfer
    too_early = back.moment and out.moment and back.moment.end <= out.moment.instant
    if too_early or back.amount.currency != out.amount.currency:
        return None
    references = {
        ref for ref in (out.reference, out.merchant_reference) if ref and len(ref) >= _LEAST_REFERENCE
    }
    mine = " ".join(filter(None, (back.reference, back.merchant_reference, back.note)))
    if any(reference in mine for reference in references):
        return Reason("refund_of_reference", next(r for r in references if r in mine), (paid.id,))
    if same_number(back.payer.number, out.payee.number):
        return Reason("came_from_payee", back.payer.number or "", (paid.id,))
    if same_name(back.payer.name, out.payee.name) and not is_masked(back.payer.name):
        return Reason("came_from_payee", back.payer.name or "", (paid.id,))
    return None


def _in_contact(one: Merged, ties: Ties) -> bool:
    moment = one.transfer.moment
    if moment is None or ties.first is None or ties.last is None:
        return False
    return ties.first - _MARGIN <= moment.utc <= ties.last + _MARGIN


def _is_stated(sighting: Transfer, grades: Mapping[int, Grade]) -> bool:
    return _grade_of(sighting.sources[0].exhibit, grades) is Grade.STATEMENT


def _in_a_bill(one: Merged, grades: Mapping[int, Grade]) -> bool:
    return any(
        _grade_of(sighting.sources[0].exhibit, grades) is Grade.PLATFORM_EXPORT for sighting in one.sightings
    )


def _grade_of(exhibit: int, grades: Mapping[int, Grade]) -> Grade:
    return grades.get(exhibit, Grade.UNGRADED)


def _codes(text: str) -> Iterator[str]:
    """Runs of letters and digits long enough for an order number, and digits written in groups."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    yield from _CODE.findall(folded)
    for grouped in _GROUPED.findall(folded):
        yield _bare(grouped)


def _bare(code: str) -> str:
    return "".join(char for char in unicodedata.normalize("NFKC", code).casefold() if char.isalnum())


def _holder(detail: str) -> str | None:
    """The holder's name that a message gave with an account ("holder: 张三; bank: …")."""
    for part in detail.split(";"):
        key, _, value = part.partition(":")
        if key.strip() == "holder" and value.strip():
            return value.strip()
    return None


def _entry(one: Merged, scope: Scope, reasons: tuple[Reason, ...], confirmed: bool = False) -> LedgerEntry:
    return LedgerEntry(one.transfer, one.members, one.reasons, scope, reasons, confirmed, one.conflicts)


def _with(entry: LedgerEntry, scope: Scope, reasons: tuple[Reason, ...]) -> LedgerEntry:
    return replace(entry, scope=scope, scope_reasons=reasons)
