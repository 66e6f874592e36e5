"""Where the money of a case went: one band of the picture per row of the table beside it.

A band and a row are the same record: picture and table cannot say different things.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from clawback.desk.moneyrows import MoneyState, state_of
from clawback.desk.tracking import Tracking
from clawback.ledger.flows import Flow, far_key, flows, moved, single
from clawback.model.casefile import CaseFile
from clawback.model.events import Account, Direction
from clawback.model.evidence import Source
from clawback.model.ledger import LedgerEntry
from clawback.model.moments import Moment
from clawback.model.money import Amount

FEW, EACH, MERGED, LARGEST_FROM = 2, 12, 60, 200
"""Up to so many transfers: no picture; a band each; bands by accounts; the largest and one for the rest."""

_SHOWN, _ON_REQUEST = 8, 12


@dataclass(frozen=True, slots=True)
class Band:
    """A row of the table and a band of the picture. `rest`: how many payees it stands for, where small ones
    are put together, else 0. `like`: id of an entry by which its rows are found. `frozen`: part of the sum.
    """

    flow: Flow
    state: MoneyState
    frozen: Amount
    first: Moment | None
    last: Moment | None
    sources: tuple[Source, ...]
    like: str
    rest: int = 0

    @property
    def own(self) -> Account:
        """The account of the person's own."""
        return self.flow.payee if self.flow.back else self.flow.payer

    @property
    def far(self) -> Account:
        """The account on the other side."""
        return self.flow.payer if self.flow.back else self.flow.payee


class Mode(StrEnum):
    """How many transfers there are decides what is drawn."""

    NONE = "none"
    FEW = "few"  # a sentence and the rows
    EACH = "each"
    MERGED = "merged"
    LARGEST = "largest"
    TABLE = "table"  # the picture only on request


@dataclass(frozen=True, slots=True)
class Trail:
    """Where the money of one currency went. `bands` in the order of picture and table alike. `drawn`: is
    there a picture? `largest`: the payee who got most, with the sum. `unknown`: sent to payees unknown."""

    currency: str
    mode: Mode
    bands: tuple[Band, ...]
    drawn: bool
    transfers: int
    sent: Amount
    largest: tuple[Account, Amount] | None
    unknown: Amount


def trails_of(
    file: CaseFile, tracking: Tracking, *, on_request: bool = False, expanded: bool = False
) -> tuple[Trail, ...]:
    """Where the money went, per currency. `on_request`: draw the largest of very many. `expanded`: put no
    small ones together in the table (and draw no picture then)."""
    reviewed = {id for match in file.possible_matches for id in (match.first, match.second)}
    inside = moved(file.entries)
    currencies = dict.fromkeys(entry.transfer.amount.currency for entry in inside)
    return tuple(
        _trail(
            currency,
            [entry for entry in inside if entry.transfer.amount.currency == currency],
            tracking,
            reviewed,
            on_request,
            expanded,
        )
        for currency in currencies
    )


def _trail(
    currency: str,
    entries: Sequence[LedgerEntry],
    tracking: Tracking,
    reviewed: set[str],
    on_request: bool,
    expanded: bool,
) -> Trail:
    mode = _mode(len(entries))
    by_id = {entry.id: entry for entry in entries}
    streams = [single(entry) for entry in entries] if mode in (Mode.FEW, Mode.EACH) else flows(entries)
    bands = _ordered([_band(stream, by_id, tracking, reviewed) for stream in streams])
    drawn = mode in (Mode.EACH, Mode.MERGED, Mode.LARGEST) or (mode is Mode.TABLE and on_request)
    if expanded:
        drawn = False
    elif mode is Mode.LARGEST or (mode is Mode.TABLE and on_request):
        bands = _largest(bands, _SHOWN if mode is Mode.LARGEST else _ON_REQUEST)
    elif drawn:
        bands = _largest(bands, EACH)
    sent = [band for band in bands if not band.flow.back]
    return Trail(
        currency=currency,
        mode=mode,
        bands=tuple(bands),
        drawn=drawn,
        transfers=len(entries),
        sent=_total(currency, sent),
        largest=_most(currency, entries),
        unknown=_total(currency, [band for band in sent if not far_key(band.far) and not band.rest]),
    )


def _mode(count: int) -> Mode:
    if not count:
        return Mode.NONE
    limits = ((FEW, Mode.FEW), (EACH, Mode.EACH), (MERGED, Mode.MERGED), (LARGEST_FROM, Mode.LARGEST))
    return next((mode for most, mode in limits if count <= most), Mode.TABLE)


def _band(stream: Flow, by_id: Mapping[str, LedgerEntry], tracking: Tracking, reviewed: set[str]) -> Band:
    entries = [by_id[id] for id in stream.entries]
    currency = stream.total.currency
    frozen = Amount(sum((tracking.frozen(id, currency).value for id in stream.entries), Decimal(0)), currency)
    moments = sorted((one.transfer.moment for one in entries if one.transfer.moment), key=_utc)
    return Band(
        flow=stream,
        state=_state(stream, entries, frozen, tracking, reviewed),
        frozen=frozen,
        first=moments[0] if moments else None,
        last=moments[-1] if moments else None,
        sources=tuple(source for one in entries for source in one.transfer.sources),
        like=stream.entries[0],
    )


def _utc(moment: Moment) -> float:
    return moment.utc.timestamp()


def _state(
    stream: Flow,
    entries: Sequence[LedgerEntry],
    frozen: Amount,
    tracking: Tracking,
    reviewed: set[str],
) -> MoneyState:
    if stream.back:
        return MoneyState.RETURNED
    if frozen.value:
        return MoneyState.FROZEN if frozen.value >= stream.total.value else MoneyState.PARTLY_FROZEN
    if any(entry.id in reviewed for entry in entries):
        return MoneyState.REVIEW
    states = {state_of(entry, tracking) for entry in entries}
    return states.pop() if len(states) == 1 else MoneyState.SENT


def _ordered(bands: Sequence[Band]) -> list[Band]:
    """By payee, the largest first and the unknown last; what came back directly after what was paid there."""
    totals: dict[str, Decimal] = {}
    for band in bands:
        key = far_key(band.far)
        totals[key] = totals.get(key, Decimal(0)) + (Decimal(0) if band.flow.back else band.flow.total.value)

    def place(band: Band) -> tuple[bool, Decimal, str, bool, float]:
        key = far_key(band.far)
        time = _utc(band.first) if band.first else float("inf")
        return (not key, -totals[key], key, band.flow.back, time)

    return sorted(bands, key=place)


def _largest(bands: Sequence[Band], most: int) -> list[Band]:
    """The bands of the `most` largest payees, and one band for all others in each direction."""
    payees = list(dict.fromkeys(far_key(band.far) for band in bands))
    if len(payees) <= most:
        return list(bands)
    kept = set(payees[:most])
    shown = [band for band in bands if far_key(band.far) in kept]
    others = [band for band in bands if far_key(band.far) not in kept]
    for back in (False, True):
        if group := [band for band in others if band.flow.back is back]:
            shown.append(_together(group, back))
    return shown


def _together(group: Sequence[Band], back: bool) -> Band:
    currency = group[0].flow.total.currency
    own = {far_key(band.own): band.own for band in group}
    mine = next(iter(own.values())) if len(own) == 1 else Account()
    entries = tuple(id for band in group for id in band.flow.entries)
    payer, payee = (Account(), mine) if back else (mine, Account())
    firsts = sorted((band.first for band in group if band.first), key=_utc)
    lasts = sorted((band.last for band in group if band.last), key=_utc)
    states = {band.state for band in group}
    return Band(
        flow=Flow(payer, payee, _total(currency, group), sum(b.flow.count for b in group), back, entries),
        state=states.pop() if len(states) == 1 else MoneyState.SENT,
        frozen=Amount(sum((band.frozen.value for band in group), Decimal(0)), currency),
        first=firsts[0] if firsts else None,
        last=lasts[-1] if lasts else None,
        sources=tuple(source for band in group for source in band.sources),
        like="",
        rest=len({far_key(band.far) for band in group}),
    )


def _total(currency: str, bands: Iterable[Band]) -> Amount:
    return Amount(sum((band.flow.total.value for band in bands), Decimal(0)), currency)


def _most(currency: str, entries: Iterable[LedgerEntry]) -> tuple[Account, Amount] | None:
    """The known payee who got most."""
    sums: dict[str, Decimal] = {}
    accounts: dict[str, Account] = {}
    for entry in entries:
        transfer = entry.transfer
        if transfer.direction is Direction.OUT and far_key(transfer.payee):
            key = far_key(transfer.payee)
            sums[key] = sums.get(key, Decimal(0)) + transfer.amount.value
            accounts.setdefault(key, transfer.payee)
    if not sums:
        return None
    key = max(sums, key=lambda one: sums[one])
    return accounts[key], Amount(sums[key], currency)
