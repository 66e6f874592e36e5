"""One timeline of everything that happened, oldest first, undated last."""

from __future__ import annotations

from collections.abc import Iterable

from clawback.model.events import Direction, Message
from clawback.model.ledger import LedgerEntry, Scope, TimelineItem, TimelineKind


def order(messages: Iterable[Message], entries: Iterable[LedgerEntry]) -> tuple[TimelineItem, ...]:
    """Messages and the transfers that are not out of scope, by the start of their moment in UTC.

    Items of one instant keep the order in which they were read.
    """
    items = [_from_message(message) for message in messages]
    items += [_from_entry(entry) for entry in entries if entry.scope is not Scope.OUT]
    dated = [(item.moment.utc, place, item) for place, item in enumerate(items) if item.moment]
    undated = [item for item in items if item.moment is None]
    return (*(item for _, _, item in sorted(dated, key=lambda entry: entry[:2])), *undated)


def _from_message(message: Message) -> TimelineItem:
    kind = TimelineKind.MAIL if message.channel == "email" else TimelineKind.MESSAGE
    return TimelineItem(message.moment, kind, message.id, message.sender, message.text, message.sources)


def _from_entry(entry: LedgerEntry) -> TimelineItem:
    transfer = entry.transfer
    sign = "-" if transfer.direction is Direction.OUT else "+"
    text = f"{sign}{transfer.amount.text} {transfer.amount.currency}"
    return TimelineItem(
        transfer.moment, TimelineKind.TRANSFER, entry.id, transfer.other.name, text, transfer.sources
    )
