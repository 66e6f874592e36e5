"""The money of a case in rows: sums, the ledger, pairs to judge, one transfer with its records, a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from clawback.desk.deciding import Pair, pairs_decided
from clawback.desk.records import Records
from clawback.desk.tracking import Tracking
from clawback.ledger.flows import far_key, moved
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, Direction, Transfer, TransferStatus
from clawback.model.ledger import LedgerEntry, Loss, PossibleMatch, Scope
from clawback.model.moments import Moment
from clawback.model.money import Amount
from clawback.model.writing import iso


class MoneyState(StrEnum):
    """What is known of the money of a transfer or a band."""

    SENT = "sent"
    PENDING = "pending"
    FROZEN = "frozen"
    PARTLY_FROZEN = "partly_frozen"
    PROMISED = "promised"
    RETURNED = "returned"
    REVIEW = "review"  # it may be one payment written down twice
    FAILED = "failed"
    GIVEN_UP = "given_up"


@dataclass(frozen=True, slots=True)
class Sums:
    """One currency. `loss`: the ledger's sums. `twice`: what may be counted twice until pairs are judged.
    `frozen` and `given_up` are parts of what is lost. `count`: transfers out that are in scope."""

    loss: Loss
    twice: Amount
    frozen: Amount
    promised: Amount
    given_up: Amount
    count: int


@dataclass(frozen=True, slots=True)
class PairCard:
    """Two entries that may be one transfer. `same`/`different`: facts that agree, and that do not ("amount",
    "day", "time", "payee", "account", "reference"). `left`: the person was not sure before."""

    match: PossibleMatch
    first: LedgerEntry
    second: LedgerEntry
    same: tuple[str, ...]
    different: tuple[str, ...]
    left: bool


def sums_of(file: CaseFile, tracking: Tracking) -> tuple[Sums, ...]:
    """The sums of each currency, never converted."""
    doubled = _doubled(file)
    entries = {entry.id: entry for entry in file.entries} if tracking.recovered else {}
    return tuple(_sums(loss, file, tracking, doubled, entries) for loss in file.losses)


def _sums(
    loss: Loss,
    file: CaseFile,
    tracking: Tracking,
    doubled: Mapping[str, Decimal],
    entries: Mapping[str, LedgerEntry],
) -> Sums:
    currency = loss.currency
    followed = {
        one.transfer
        for one in tracking.recovered
        if entries[one.transfer].transfer.amount.currency == currency
    }
    frozen = sum((tracking.frozen(id, currency).value for id in followed), Decimal(0))
    promised = sum((one.promised.value for one in tracking.recovered if one.transfer in followed), Decimal(0))
    given_up = sum(
        (entries[id].transfer.amount.value for id in followed if tracking.written_off(id)), Decimal(0)
    )
    inside = set(loss.entries)
    return Sums(
        loss=loss,
        twice=Amount(doubled.get(currency, Decimal(0)), currency),
        frozen=Amount(frozen, currency),
        promised=Amount(promised, currency),
        given_up=Amount(given_up, currency),
        count=sum(entry.transfer.direction is Direction.OUT for entry in file.entries if entry.id in inside),
    )


def _doubled(file: CaseFile) -> dict[str, Decimal]:
    """Per currency, what would leave the sum sent if every open pair were one payment."""
    if not file.possible_matches:
        return {}
    counted = {entry.id: entry for entry in moved(file.entries)}
    twice: dict[str, Decimal] = {}
    gone: set[str] = set()
    for match in file.possible_matches:
        if match.first in counted and match.second in counted and match.second not in gone:
            transfer = counted[match.second].transfer
            if transfer.direction is Direction.OUT:
                currency = transfer.amount.currency
                twice[currency] = twice.get(currency, Decimal(0)) + transfer.amount.value
                gone.add(match.second)
    return twice


def state_of(entry: LedgerEntry, tracking: Tracking) -> MoneyState:
    """What is known of the money of one transfer."""
    status = entry.transfer.status
    if status is TransferStatus.FAILED:
        return MoneyState.FAILED
    if entry.transfer.direction is Direction.IN:
        return MoneyState.RETURNED
    if tracking.written_off(entry.id):
        return MoneyState.GIVEN_UP
    frozen = tracking.frozen(entry.id, entry.transfer.amount.currency).value
    if frozen:
        return MoneyState.FROZEN if frozen >= entry.transfer.amount.value else MoneyState.PARTLY_FROZEN
    promised = any(one.promised.value for one in tracking.recovered if one.transfer == entry.id)
    if promised:
        return MoneyState.PROMISED
    return MoneyState.PENDING if status is TransferStatus.PENDING else MoneyState.SENT


# --------------------------------------------------------------------------------------------------- pairs


def pairs_of(file: CaseFile, records: Records) -> tuple[PairCard, ...]:
    """The pairs to judge; those that the person left open before come last."""
    if not file.possible_matches:
        return ()
    entries = {member: entry for entry in file.entries for member in entry.members}
    left = {pair for pair, one in pairs_decided(records.decisions).items() if one.kind == Pair.OPEN}
    cards = [
        _card(match, entries[match.first], entries[match.second], left)
        for match in file.possible_matches
        if match.first in entries and match.second in entries
    ]
    return tuple(sorted(cards, key=lambda card: card.left))


def _card(
    match: PossibleMatch, first: LedgerEntry, second: LedgerEntry, left: Iterable[frozenset[str]]
) -> PairCard:
    findings = _compared(first.transfer, second.transfer)
    return PairCard(
        match=match,
        first=first,
        second=second,
        same=tuple(name for name, agrees in findings.items() if agrees),
        different=tuple(name for name, agrees in findings.items() if agrees is False),
        left=frozenset((match.first, match.second)) in left,
    )


def _compared(one: Transfer, two: Transfer) -> dict[str, bool | None]:
    """Which facts agree; None where one of the two is silent."""
    return {
        "amount": one.amount == two.amount,
        "day": _agree(_day(one.moment), _day(two.moment)),
        "time": _agree(_clock(one.moment), _clock(two.moment)),
        "payee": _agree(one.other.name, two.other.name),
        "account": _agree(one.other.number, two.other.number),
        "reference": _agree(one.reference, two.reference),
    }


def _agree(one: str | None, two: str | None) -> bool | None:
    return None if one is None or two is None else one == two


def _day(moment: Moment | None) -> str | None:
    return iso(moment)[:10] if moment and len(iso(moment)) >= len("2026-11-20") else None


def _clock(moment: Moment | None) -> str | None:
    return iso(moment)[11:16] or None if moment else None


# ---------------------------------------------------------------------------------------------------- rows


def rows_of(file: CaseFile, scope: Scope, *, currency: str = "", like: str = "") -> tuple[LedgerEntry, ...]:
    """The entries of one scope, the newest first and undated ones last. `like`: only those to or from the
    same account as the entry of this id."""
    found = [entry for entry in file.entries if entry.scope is scope]
    if currency:
        found = [entry for entry in found if entry.transfer.amount.currency == currency]
    if like:
        model = next((entry for entry in file.entries if like in entry.members), None)
        key = far_key(model.transfer.other) if model else None
        found = [entry for entry in found if far_key(entry.transfer.other) == key]
    dated = [entry for entry in found if entry.transfer.moment]
    return (*reversed(dated), *(entry for entry in found if not entry.transfer.moment))


def unsettled_of(file: CaseFile) -> tuple[LedgerEntry, ...]:
    """The entries whose scope is to be asked; those that wait for a word on a pair are asked about there."""
    paired = {id for match in file.possible_matches for id in (match.first, match.second)}
    return tuple(entry for entry in rows_of(file, Scope.UNSURE) if entry.id not in paired)


def entry_of(file: CaseFile, id: str) -> LedgerEntry | None:
    """The entry that has this id among its records."""
    return next((entry for entry in file.entries if id in entry.members), None)


def sightings_of(entry: LedgerEntry, records: Records) -> tuple[Transfer, ...]:
    """The transfer as each of its records has it, in the order of the entry's members."""
    wanted = {id: int(found[1]) for id in entry.members if (found := re.match(r"T(\d+)", id))}
    seen = {
        transfer.id: transfer
        for number in dict.fromkeys(wanted.values())
        if number in records.readings
        for transfer in records.readings[number].transfers
        if transfer.sources[0].exhibit == number and transfer.id in wanted
    }
    return tuple(seen[id] for id in entry.members if id in seen)


def judged_with(entry: LedgerEntry, records: Records) -> tuple[tuple[str, str], ...]:
    """Pairs of records, one of this entry, about which the person said something; one per other record."""
    mine = set(entry.members)
    judged = [
        (one.subject[0], one.subject[1])
        for one in pairs_decided(records.decisions).values()
        if one.kind != Pair.OPEN and mine & set(one.subject)
    ]
    return tuple({second if first in mine else first: (first, second) for first, second in judged}.values())


# ----------------------------------------------------------------------------------------------------- CSV

_HEADINGS = {
    "zh": (
        "时间", "方向", "付款方", "付款账号", "收款方", "收款账号", "金额", "币种",
        "状态", "是否本案", "方式", "单号", "证据",
    ),
    "en": (
        "time", "direction", "payer", "payer account", "payee", "payee account", "amount", "currency",
        "status", "scope", "method", "reference", "exhibits",
    ),
}  # fmt: skip
_MOST_DIGITS = 11
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def ledger_csv(file: CaseFile, lang: str) -> bytes:
    """The ledger for a spreadsheet: what is in the case and what may be, oldest first, UTF-8 with a mark.

    What is out of scope is not in it. A cell that a spreadsheet would run as a formula, or round as a number,
    begins with an apostrophe: names and notes come from evidence, and evidence may be hostile.
    """
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(_HEADINGS[lang])
    for entry in file.entries:
        if entry.scope is not Scope.OUT:
            writer.writerow([_defused(cell) for cell in _cells(entry)])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def _cells(entry: LedgerEntry) -> list[str]:
    transfer = entry.transfer
    return [
        iso(transfer.moment) if transfer.moment else "",
        transfer.direction.value,
        _who(transfer.payer),
        transfer.payer.number or "",
        _who(transfer.payee),
        transfer.payee.number or "",
        transfer.amount.text,
        transfer.amount.currency,
        transfer.status.value,
        entry.scope.value,
        transfer.method.value,
        transfer.reference or "",
        " ".join(f"E{number}" for number in dict.fromkeys(s.exhibit for s in transfer.sources)),
    ]


def _who(account: Account) -> str:
    return " ".join(filter(None, (account.name, account.institution)))


def _defused(cell: str) -> str:
    harmful = cell.lstrip(" ").startswith(_FORMULA) or (cell.isdigit() and len(cell) > _MOST_DIGITS)
    return f"'{cell}" if harmful else cell
