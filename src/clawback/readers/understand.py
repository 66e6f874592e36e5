"""The last step of reading: what the words of an exhibit say beside the records that its format holds.

Adds indicators from every readable text, message, memo and far account, and the transfers of which messages
tell (`claims`, `bank_alerts`). What the reader itself found is kept as it is.
"""

from __future__ import annotations

import re
from bisect import bisect
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from typing import TypeVar

from clawback.model.events import Account, AccountKind, Message, Transfer
from clawback.model.evidence import Locator, Source
from clawback.model.indicators import Indicator, IndicatorKind
from clawback.readers import checksums
from clawback.readers.bank_alerts import alerts_in, is_chinese_alert
from clawback.readers.claims import claims_in
from clawback.readers.contract import Reading, ReadingContext, SourceMaker, TextPiece
from clawback.readers.indicators import find_indicators, merged, spots_in

MAX_CHARACTERS = 6_000_000
"""Characters of one exhibit that are searched: about ten seconds of one processor."""

_Record = TypeVar("_Record")
_NUMBER = re.compile(r"[0-9](?:[ -]?[0-9]){7,33}")


def understand(reading: Reading, context: ReadingContext) -> Reading:
    """`reading` with the indicators and the told transfers of its words added; same words, same result.

    What lies beyond the first `MAX_CHARACTERS` is kept but not searched, and a Problem says so.
    """
    make = SourceMaker(reading.reader, reading.version, context.exhibit)
    searched = _searched(reading)
    told = tuple(transfer for message in _voices(searched, make) for transfer in _told(message, context.zone))
    indicators = merged(
        reading.indicators,
        _in_messages(searched, make, context.zone),
        find_indicators(_other_texts(searched), make, context.zone),
        _in_transfers(searched.transfers, make, context.zone),
    )
    found = replace(reading, indicators=indicators, transfers=(*reading.transfers, *_new(reading, told)))
    return found if searched is reading else _with_problem(found, searched, context)


def _searched(reading: Reading) -> Reading:
    """`reading` itself, or its first messages, texts and transfers where there are too many to search."""
    if _characters(reading) <= MAX_CHARACTERS:
        return reading
    messages = _first(reading.messages, [len(message.text) for message in reading.messages])
    texts = _first(reading.texts, [len(piece.text) for piece in reading.texts])
    notes = _first(reading.transfers, [len(transfer.note or "") for transfer in reading.transfers])
    return replace(reading, messages=messages, texts=texts, transfers=notes)


def _characters(reading: Reading) -> int:
    said = sum(len(message.text) for message in reading.messages)
    notes = sum(len(transfer.note or "") for transfer in reading.transfers)
    return said + notes + sum(len(piece.text) for piece in reading.texts)


def _first(records: tuple[_Record, ...], sizes: list[int]) -> tuple[_Record, ...]:
    """As many of the first records as fit into a third of the characters, the share of each kind."""
    fitting = bisect(list(accumulate(sizes)), MAX_CHARACTERS // 3)
    return records[:fitting]


def _with_problem(found: Reading, searched: Reading, context: ReadingContext) -> Reading:
    detail = f"{_characters(searched)}/{_characters(found)}"
    problem = context.problem("too_many_records", Locator(), detail)
    return replace(found, problems=(*found.problems, problem), complete=False)


def _voices(reading: Reading, make: SourceMaker) -> Iterator[Message]:
    """The messages; in a file without records, also the paragraphs that are plainly alerts of a bank."""
    yield from reading.messages
    if reading.messages or reading.transfers:
        return
    for piece in reading.texts:
        if is_chinese_alert(piece.text):
            yield Message(
                None, None, piece.text, "unknown", (make(piece.locator, piece.text, piece.certainty),)
            )


def _told(message: Message, zone: str) -> Iterator[Transfer]:
    alerts = list(alerts_in(message, zone))
    if alerts:
        yield from alerts
    else:
        yield from claims_in(message, zone)


def _new(reading: Reading, told: tuple[Transfer, ...]) -> Iterator[Transfer]:
    """Told transfers that the reader has not itself read at the same place (a chat app's payment record)."""
    known = {(_place(one.sources[0]), one.amount) for one in reading.transfers}
    for transfer in told:
        if (_place(transfer.sources[0]), transfer.amount) not in known:
            yield transfer


def _place(source: Source) -> tuple[object, ...]:
    where = source.locator
    return (source.exhibit, where.page, where.row, where.line, where.item)


def _in_messages(reading: Reading, make: SourceMaker, zone: str) -> tuple[Indicator, ...]:
    """Telegram's bare @names are told apart by the channel of the message."""
    found: list[tuple[Indicator, ...]] = []
    for telegram in (False, True):
        pieces = (
            TextPiece(message.text, message.sources[0].locator, message.sources[0].certainty)
            for message in reading.messages
            if (message.channel == "telegram") is telegram
        )
        found.append(find_indicators(pieces, make, zone, telegram=telegram))
    return merged(*found)


def _other_texts(reading: Reading) -> Iterator[TextPiece]:
    """Readable texts that are not simply the text of a message again."""
    said = {message.text for message in reading.messages}
    return (piece for piece in reading.texts if piece.text not in said)


def _in_transfers(transfers: tuple[Transfer, ...], make: SourceMaker, zone: str) -> tuple[Indicator, ...]:
    """Memos, and the account on the far side: the user's own is nobody's trace."""
    found: list[tuple[Indicator, ...]] = []
    for transfer in transfers:
        source = transfer.sources[0]
        if transfer.note:
            piece = TextPiece(transfer.note, replace(source.locator, start=None, end=None), source.certainty)
            found.append(find_indicators([piece], make, zone))
        found.append(_far_account(transfer.other, source, zone))
    return merged(*found)


def _far_account(account: Account, source: Source, zone: str) -> tuple[Indicator, ...]:
    """The far account as an indicator where its number is shown in full."""
    if not account.number:
        return ()
    spots = spots_in(account.number, zone)
    parts = (("holder", account.name), ("bank", account.institution))
    detail = "; ".join(f"{label}: {value}" for label, value in parts if value)
    if spots:
        return tuple(Indicator(s.kind, s.value, (source,), s.valid, s.detail or detail) for s in spots)
    digits = re.sub("[ -]", "", account.number)
    if not _NUMBER.fullmatch(account.number) or account.kind in (AccountKind.WALLET, AccountKind.CRYPTO):
        return ()
    card = 15 <= len(digits) <= 19 and checksums.luhn(digits)
    kind = IndicatorKind.BANK_CARD if card else IndicatorKind.BANK_ACCOUNT
    return (Indicator(kind, digits, (source,), True if card else None, detail),)
