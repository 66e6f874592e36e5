"""Who appears in the case, and as what. Says nothing about guilt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from clawback.ledger.likeness import clean, same_name
from clawback.model.case import Party, Role
from clawback.model.events import Account, Direction, Message, Statement
from clawback.model.evidence import Source
from clawback.model.indicators import Indicator
from clawback.model.ledger import LedgerEntry, Scope

_SELF = frozenset({"我", "me", "you", "您"})


def gather(
    messages: Sequence[Message],
    entries: Sequence[LedgerEntry],
    indicators: Sequence[Indicator],
    statements: Iterable[Statement],
) -> tuple[Party, ...]:
    """Victim, subjects, platform and institutions, in that order; other voices in chats come last.

    A voice in a chat is a subject when it named an account that received money of this case, or when the
    user named it; everybody else stays UNKNOWN.
    """
    inside = [entry for entry in entries if entry.scope is Scope.IN]
    said = {statement.question: statement for statement in statements}
    victim = _victim(messages, inside, said)
    subjects = _payees(inside)
    named = _named(said, "subject.names", Role.SUBJECT)
    voices = _voices(messages, victim, subjects, named, indicators)
    everybody = [victim, *subjects, *named, *_named(said, "platform.name", Role.PLATFORM)]
    everybody += [*_institutions(inside), *voices]
    return tuple(_joined([party for party in everybody if party.names]))


def _victim(messages: Iterable[Message], inside: Iterable[LedgerEntry], said: dict[str, Statement]) -> Party:
    names: dict[str, tuple[Source, ...]] = {}
    for question in ("user.name", "user.account_names"):
        for name in _split(said[question].value) if question in said else ():
            names.setdefault(name, said[question].sources)
    for entry in inside:
        own = entry.transfer.payer if entry.transfer.direction is Direction.OUT else entry.transfer.payee
        if own.name:
            names.setdefault(own.name, entry.transfer.sources[:1])
    for message in messages:
        if message.own and message.sender and clean(message.sender) not in _SELF:
            names.setdefault(message.sender, message.sources)
    return Party(tuple(names), Role.VICTIM, (), _sources(names.values()))


def _payees(inside: Iterable[LedgerEntry]) -> list[Party]:
    found: dict[str, Party] = {}
    for entry in inside:
        far = entry.transfer.other
        key = far.number or clean(far.name or "")
        if key and key not in found:
            names = (far.name,) if far.name else (far.number or "",)
            handles = (far.number,) if far.number else ()
            found[key] = Party(names, Role.SUBJECT, handles, entry.transfer.sources)
    return list(found.values())


def _named(said: dict[str, Statement], question: str, role: Role) -> list[Party]:
    if question not in said:
        return []
    return [Party((name,), role, (), said[question].sources) for name in _split(said[question].value)]


def _voices(
    messages: Iterable[Message],
    victim: Party,
    subjects: Sequence[Party],
    named: Sequence[Party],
    indicators: Sequence[Indicator],
) -> list[Party]:
    paid_to = {handle for party in subjects for handle in party.handles}
    telling = {
        (source.exhibit, source.locator.row, source.locator.line, source.locator.item)
        for indicator in indicators
        if indicator.value in paid_to
        for source in indicator.sources
    }
    voices: dict[str, tuple[Role, Source]] = {}
    for message in messages:
        sender = message.sender
        if not sender or message.own or clean(sender) in _SELF:
            continue
        if any(same_name(sender, name) for name in victim.names):
            continue
        place = message.sources[0]
        key = (place.exhibit, place.locator.row, place.locator.line, place.locator.item)
        called = any(same_name(sender, name) for party in named for name in party.names)
        role = Role.SUBJECT if key in telling or called else Role.UNKNOWN
        if sender not in voices or (role is Role.SUBJECT and voices[sender][0] is Role.UNKNOWN):
            voices[sender] = (role, place)
    return [Party((sender,), role, (), (place,)) for sender, (role, place) in voices.items()]


def _institutions(inside: Iterable[LedgerEntry]) -> list[Party]:
    found: dict[str, tuple[Source, ...]] = {}
    for entry in inside:
        accounts: tuple[Account, ...] = (entry.transfer.payer, entry.transfer.payee)
        for account in accounts:
            if account.institution:
                found.setdefault(account.institution, entry.transfer.sources[:1])
    return [Party((name,), Role.INSTITUTION, (), sources) for name, sources in found.items()]


def _joined(parties: Sequence[Party]) -> list[Party]:
    """One party per role and first name; handles and sources of equal names are put together."""
    joined: dict[tuple[Role, str], Party] = {}
    for party in parties:
        key = (party.role, clean(party.names[0]))
        known = joined.get(key)
        if known is None:
            joined[key] = party
        else:
            handles = tuple(dict.fromkeys(known.handles + party.handles))
            sources = tuple(dict.fromkeys(known.sources + party.sources))
            joined[key] = Party(known.names, known.role, handles, sources)
    return list(joined.values())


def _split(value: str) -> list[str]:
    """Names in one answer, separated by 、，,; or a line break."""
    for separator in "、，;；\n":
        value = value.replace(separator, ",")
    return [name.strip() for name in value.split(",") if name.strip()]


def _sources(groups: Iterable[tuple[Source, ...]]) -> tuple[Source, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(groups)))
