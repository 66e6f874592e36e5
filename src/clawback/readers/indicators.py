"""Every value in a text that can tie a scam together, with each place where it stands.

Finders run from the most to the least telling form (link, wallet, heading, check digit, telephone plan);
what one has taken, the next leaves alone, so that an order number is no telephone and an Ethereum address
no hash.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from clawback.model.indicators import Indicator, IndicatorKind
from clawback.model.runningtext import pieces as cut
from clawback.model.runningtext import plain
from clawback.readers.contract import SourceMaker, TextPiece
from clawback.readers.spot_accounts import spot_accounts, spot_identities, spot_orders, spot_wallets
from clawback.readers.spot_contacts import spot_handles, spot_phones
from clawback.readers.spot_holders import with_holders
from clawback.readers.spot_links import spot_links
from clawback.readers.spots import Canvas, Spot, within

# Where a number without a country code is dialled: region of the telephone plan by zone.
_REGIONS = {
    "Asia/Shanghai": "CN",
    "Asia/Urumqi": "CN",
    "Asia/Chongqing": "CN",
    "PRC": "CN",
    "Europe/London": "GB",
    "GB": "GB",
}
_WORTH_A_LOOK = re.compile(r"[0-9]{5}|[0-9][ .-][0-9]|@|[A-Za-z0-9\]）)]\s?[.\[(]|//|[A-Za-z0-9_-]{6}")
MAX_SOURCES = 200
"""Places kept per indicator: a number that stands in every line of a log proves nothing more after that."""


def find_indicators(
    pieces: Iterable[TextPiece], make_source: SourceMaker, zone: str, *, telegram: bool = False
) -> tuple[Indicator, ...]:
    """All indicators of `pieces`, one per kind and value, in order of first appearance, with all sources.

    The locator of a source is that of its piece with `start` and `end` set to the characters in the piece.
    `zone`: decides the telephone plan for numbers without country code. `telegram`: the pieces were written
    on Telegram, where a bare @name is a Telegram name.
    """
    gathered: dict[tuple[IndicatorKind, str], Indicator] = {}
    for piece in pieces:
        for spot in spots_in(piece.text, zone, telegram=telegram):
            place = within(piece.locator, spot.start, spot.end, len(piece.text))
            source = make_source(place, piece.text[spot.start : spot.end], piece.certainty)
            _gather(gathered, Indicator(spot.kind, spot.value, (source,), spot.valid, spot.detail))
    return tuple(gathered.values())


def merged(*groups: Iterable[Indicator]) -> tuple[Indicator, ...]:
    """One indicator per kind and value, with the sources of all groups in their order."""
    gathered: dict[tuple[IndicatorKind, str], Indicator] = {}
    for group in groups:
        for indicator in group:
            _gather(gathered, indicator)
    return tuple(gathered.values())


def spots_in(text: str, zone: str, *, telegram: bool = False) -> tuple[Spot, ...]:
    """The spots of one text, by position; positions are those of `text`."""
    if not _WORTH_A_LOOK.search(text) and text.isascii():
        return ()
    prepared, region = plain(text), _REGIONS.get(zone, "")
    return tuple(
        replace(spot, start=spot.start + offset, end=spot.end + offset)
        for offset, part in cut(prepared)
        for spot in _spots(Canvas(part, region, telegram))
    )


def _spots(canvas: Canvas) -> list[Spot]:
    if not _WORTH_A_LOOK.search(canvas.text):
        return []
    spot_wallets(canvas)
    spot_links(canvas)
    spot_orders(canvas)
    spot_identities(canvas)
    spot_handles(canvas)
    spot_accounts(canvas)
    spot_phones(canvas)
    return sorted(with_holders(canvas), key=lambda spot: (spot.start, spot.end))


def _gather(gathered: dict[tuple[IndicatorKind, str], Indicator], new: Indicator) -> None:
    key = (new.kind, _folded(new))
    known = gathered.get(key)
    if known is None:
        gathered[key] = new
        return
    full = len(known.sources) >= MAX_SOURCES
    if full and new.detail == known.detail and (new.valid is None or known.valid is not None):
        return
    added = [] if full else [source for source in new.sources if source not in known.sources]
    gathered[key] = replace(
        known,
        sources=(*known.sources, *added)[:MAX_SOURCES],
        valid=new.valid if known.valid is None else known.valid,
        detail=known.detail if new.detail == known.detail else joined(known.detail, new.detail),
    )


def joined(one: str, other: str) -> str:
    """Two details without repeating a part: "BTC" and "BTC; holder: A" -> "BTC; holder: A"."""
    return "; ".join(dict.fromkeys(part for part in (*one.split("; "), *other.split("; ")) if part))


def _folded(one: Indicator) -> str:
    """The value by which the same thing is known when its capitals differ."""
    wallet = one.kind is IndicatorKind.CRYPTO_WALLET and not one.value.startswith("0x")
    return one.value if wallet or one.kind is IndicatorKind.URL else one.value.lower()
