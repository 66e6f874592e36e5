"""The same message seen in an export and in a screenshot is one message with two sources."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta

from clawback.ledger.likeness import clean, same_name
from clawback.model.events import Message

_SLACK = timedelta(minutes=1)
_SHORTEST = 4
"""Folded characters below which equal words ("好", "ok") prove nothing."""


def join_messages(messages: Iterable[Message]) -> tuple[Message, ...]:
    """Messages in the order given; a repeat from another exhibit adds its sources to the first.

    Joined only when the words are equal, both times are known and within a minute, and the senders do not
    exclude each other. Two equal messages in one exhibit stay two.
    """
    joined: list[Message] = []
    places: dict[str, list[int]] = {}
    for message in messages:
        words = clean(message.text)
        candidates = places.setdefault(words, [])
        twin = next((place for place in candidates if _same(joined[place], message, words)), None)
        if twin is None:
            candidates.append(len(joined))
            joined.append(message)
        else:
            joined[twin] = _join(joined[twin], message)
    return tuple(joined)


def _same(first: Message, second: Message, words: str) -> bool:
    if len(words) < _SHORTEST or first.moment is None or second.moment is None:
        return False
    exhibits = {source.exhibit for source in first.sources}
    apart = second.sources[0].exhibit not in exhibits
    speakers = same_name(first.sender, second.sender) is not False or first.own == second.own is True
    return apart and speakers and first.moment.overlaps(second.moment, _SLACK)


def _join(first: Message, second: Message) -> Message:
    return replace(
        first,
        sender=first.sender or second.sender,
        own=first.own if first.own is not None else second.own,
        sources=first.sources + second.sources,
    )
