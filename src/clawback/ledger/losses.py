"""What was lost: sums over the entries in scope, per currency, computed anew each time."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from clawback.model.events import Direction, TransferStatus
from clawback.model.ledger import LedgerEntry, Loss, Scope
from clawback.model.money import Amount


def add_up(entries: Sequence[LedgerEntry]) -> tuple[Loss, ...]:
    """One Loss per currency that occurs in scope or unsure, in order of first appearance.

    A failed transfer moved no money and is in no sum. Out-of-scope entries are in no sum.
    """
    counted = [
        entry
        for entry in entries
        if entry.scope is not Scope.OUT and entry.transfer.status is not TransferStatus.FAILED
    ]
    currencies = dict.fromkeys(entry.transfer.amount.currency for entry in counted)
    return tuple(_loss(currency, counted) for currency in currencies)


def _loss(currency: str, entries: Sequence[LedgerEntry]) -> Loss:
    mine = [entry for entry in entries if entry.transfer.amount.currency == currency]
    inside = [entry for entry in mine if entry.scope is Scope.IN]
    sent = _total(currency, [e for e in inside if e.transfer.direction is Direction.OUT])
    returned = _total(currency, [e for e in inside if e.transfer.direction is Direction.IN])
    open_sum = [e for e in mine if e.scope is Scope.UNSURE and e.transfer.direction is Direction.OUT]
    return Loss(
        currency=currency,
        sent=sent,
        returned=returned,
        lost=sent - returned,
        unsure=_total(currency, open_sum),
        entries=tuple(entry.id for entry in inside),
    )


def _total(currency: str, entries: Sequence[LedgerEntry]) -> Amount:
    return Amount(sum((entry.transfer.amount.value for entry in entries), Decimal(0)), currency)
