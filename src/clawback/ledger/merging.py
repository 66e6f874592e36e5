"""The same transfer seen in a bill, a chat and a screenshot is one transfer with three sources.

Two sightings are compared pair by pair. Only SAME merges; MAYBE is shown as a question. A merge is never
forced: two equal payments in one minute stay two until somebody says otherwise, and what a person decided
(`Ruling`) goes before what is computed.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import IntEnum
from itertools import combinations

from clawback.ledger.likeness import is_masked, payment_company, same_name, same_number
from clawback.model.events import Account, AccountKind, Method, Transfer, TransferStatus
from clawback.model.evidence import Grade
from clawback.model.ledger import Conflict, PossibleMatch, Reason
from clawback.model.moments import Moment, Precision

CLOCK_SLACK = timedelta(minutes=2)
"""Bills, bank rows and receipts of one payment differ by the seconds between order and booking."""

CHAT_SLACK = timedelta(minutes=60)
"""How long after paying people tell the other side so; longer is only a MAYBE."""

_RANK = {grade: place for place, grade in enumerate(Grade)}
_TALK = frozenset({Grade.CHAT_EXPORT, Grade.EMAIL, Grade.SIGNED_EMAIL, Grade.STATEMENT})
_EXACT = frozenset({Precision.MINUTE, Precision.SECOND})


class Verdict(IntEnum):
    """Is it one transfer?"""

    DIFFERENT = 0
    MAYBE = 1
    SAME = 2


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's word on two records (ids as read): are they one transfer?"""

    first: str
    second: str
    same: bool


@dataclass(frozen=True, slots=True)
class Merged:
    """One transfer put together, the ids it was made from (best first), why each joined, and the facts on
    which they do not agree."""

    transfer: Transfer
    members: tuple[str, ...]
    sightings: tuple[Transfer, ...]
    reasons: tuple[Reason, ...]
    conflicts: tuple[Conflict, ...] = ()


def merge(
    sightings: Sequence[Transfer], grades: Mapping[int, Grade], rulings: Iterable[Ruling] = ()
) -> tuple[tuple[Merged, ...], tuple[PossibleMatch, ...]]:
    """All sightings put together, each in exactly one `Merged`, oldest first, undated last in the order
    read; and the pairs that may match."""
    ruled = {frozenset((ruling.first, ruling.second)): ruling.same for ruling in rulings}
    merged: list[Merged] = []
    maybe: list[PossibleMatch] = []
    for block in _blocks(sightings):
        clusters, open_pairs = _cluster(block, grades, ruled)
        made = [_put_together(cluster, reasons, grades) for cluster, reasons in clusters]
        merged.extend(made)
        maybe.extend(_between(open_pairs, made))
    order = {sighting.id: place for place, sighting in enumerate(sightings)}
    merged.sort(key=lambda one: (_time(one), min(order[member] for member in one.members)))
    return tuple(merged), tuple(maybe)


def compare(first: Transfer, second: Transfer, grades: Mapping[int, Grade]) -> tuple[Verdict, Reason]:
    """Are two sightings one transfer? They must already agree in direction, currency and amount."""
    pair = (first.id, second.id)
    if _conflict(first, second):
        return Verdict.DIFFERENT, Reason("accounts_differ", "", pair)
    if shared := _shared_reference(first, second):
        return Verdict.SAME, Reason("same_reference", shared, pair)
    if _references_differ(first, second):
        return Verdict.DIFFERENT, Reason("references_differ", "", pair)
    if first.moment is None or second.moment is None:
        if (_is_stated(first, grades) or _is_stated(second, grades)) and _payee_agrees(first, second):
            return Verdict.SAME, Reason("stated_amount_and_payee", first.amount.text, pair)
        return (Verdict.MAYBE, Reason("same_amount_no_time", first.amount.text, pair))
    return _compare_times(first, second, first.moment, second.moment, grades)


def _compare_times(
    first: Transfer, second: Transfer, one: Moment, two: Moment, grades: Mapping[int, Grade]
) -> tuple[Verdict, Reason]:
    pair = (first.id, second.id)
    if one.precision in _EXACT and two.precision in _EXACT:
        if one.overlaps(two, CLOCK_SLACK):
            return Verdict.SAME, Reason("same_amount_and_minute", first.amount.text, pair)
        if _is_talk(first, grades) != _is_talk(second, grades) and one.overlaps(two, CHAT_SLACK):
            stated = _is_stated(first, grades) or _is_stated(second, grades)
            code = "stated_about_then" if stated else "told_in_chat"
            return Verdict.SAME, Reason(code, first.amount.text, pair)
        same_day = one.overlaps(two, timedelta(hours=12))
        return (Verdict.MAYBE if same_day else Verdict.DIFFERENT), Reason("same_amount_other_time", "", pair)
    if not one.overlaps(two):
        return Verdict.DIFFERENT, Reason("days_differ", "", pair)
    if _payee_agrees(first, second):
        return Verdict.SAME, Reason("same_amount_day_and_payee", first.amount.text, pair)
    return Verdict.MAYBE, Reason("same_amount_and_day", first.amount.text, pair)


def _time(one: Merged) -> float:
    return one.transfer.moment.utc.timestamp() if one.transfer.moment else math.inf


def _blocks(sightings: Iterable[Transfer]) -> Iterable[list[Transfer]]:
    by_key: dict[tuple[str, str, str], list[Transfer]] = defaultdict(list)
    for sighting in sightings:
        key = (sighting.direction.value, sighting.amount.currency, str(sighting.amount.value.normalize()))
        by_key[key].append(sighting)
    return by_key.values()


def _cluster(
    block: list[Transfer], grades: Mapping[int, Grade], ruled: Mapping[frozenset[str], bool]
) -> tuple[list[tuple[list[Transfer], list[Reason]]], list[tuple[str, str, Reason]]]:
    """Groups of one transfer each, and the pairs left open."""
    group_of = {sighting.id: {sighting.id} for sighting in block}
    reasons: dict[frozenset[str], Reason] = {}
    apart = {pair for pair, same in ruled.items() if not same}
    open_pairs: list[tuple[str, str, Reason]] = []
    for verdict, reason, first, second in _ranked_pairs(block, grades, ruled):
        if verdict is Verdict.MAYBE or not _may_join(group_of, first, second, apart, reason):
            open_pairs.append((first, second, reason))
            continue
        joined = group_of[first] | group_of[second]
        reasons[frozenset((first, second))] = reason
        for member in joined:
            group_of[member] = joined
    by_id = {sighting.id: sighting for sighting in block}
    place = {member: number for number, member in enumerate(by_id)}
    groups = {frozenset(group) for group in group_of.values()}
    ordered = sorted(groups, key=lambda group: min(place[member] for member in group))
    clusters = [
        (
            [by_id[member] for member in sorted(group, key=place.__getitem__)],
            [reason for pair, reason in reasons.items() if pair <= group],
        )
        for group in ordered
    ]
    return clusters, open_pairs


def _ranked_pairs(
    block: list[Transfer], grades: Mapping[int, Grade], ruled: Mapping[frozenset[str], bool]
) -> list[tuple[Verdict, Reason, str, str]]:
    """Pairs that are or may be the same; a person's ruling first, then references, then times.

    A SAME by time is taken back to MAYBE when either side has a second such partner in the same exhibit.
    """
    pairs: list[tuple[int, Verdict, Reason, str, str]] = []
    for first, second in combinations(block, 2):
        word = ruled.get(frozenset((first.id, second.id)))
        if word is True:
            reason = Reason("confirmed_by_user", "", (first.id, second.id))
            pairs.append((0, Verdict.SAME, reason, first.id, second.id))
        elif word is None and not _one_list(first, second, grades):
            verdict, reason = compare(first, second, grades)
            if verdict is not Verdict.DIFFERENT:
                rank = 1 if reason.code == "same_reference" else 2 if verdict is Verdict.SAME else 3
                pairs.append((rank, verdict, reason, first.id, second.id))
    exhibit = {sighting.id: sighting.sources[0].exhibit for sighting in block}
    partners: dict[tuple[str, int], int] = defaultdict(int)
    for rank, _, _, one, two in pairs:
        if rank == 2:
            partners[one, exhibit[two]] += 1
            partners[two, exhibit[one]] += 1
    ranked = []
    for rank, verdict, reason, one, two in sorted(pairs, key=lambda pair: pair[0]):
        if rank == 2 and max(partners[one, exhibit[two]], partners[two, exhibit[one]]) > 1:
            verdict, reason = Verdict.MAYBE, Reason("several_candidates", reason.detail, (one, two))
        ranked.append((verdict, reason, one, two))
    return ranked


def _may_join(
    group_of: Mapping[str, set[str]],
    first: str,
    second: str,
    apart: set[frozenset[str]],
    reason: Reason,
) -> bool:
    """No ruling may keep two members apart, and one exhibit may not be in a group twice by computation."""
    if group_of[first] is group_of[second]:
        return True
    cross = {frozenset((one, two)) for one in group_of[first] for two in group_of[second]}
    if cross & apart:
        return False
    if reason.code == "confirmed_by_user":
        return True
    exhibits = [member.split(".")[0] for member in group_of[first] | group_of[second]]
    return len(exhibits) == len(set(exhibits))


def _one_list(first: Transfer, second: Transfer, grades: Mapping[int, Grade]) -> bool:
    """Two rows of one bill are two transfers: a bill lists each once, and so does a person who types them."""
    same_exhibit = first.sources[0].exhibit == second.sources[0].exhibit
    return same_exhibit and grades.get(first.sources[0].exhibit) in (Grade.PLATFORM_EXPORT, Grade.STATEMENT)


def _between(pairs: Iterable[tuple[str, str, Reason]], merged: Sequence[Merged]) -> Iterable[PossibleMatch]:
    head = {member: one.members[0] for one in merged for member in one.members}
    seen: set[frozenset[str]] = set()
    for first, second, reason in pairs:
        key = frozenset((head[first], head[second]))
        if len(key) == 2 and key not in seen:
            seen.add(key)
            yield PossibleMatch(head[first], head[second], reason)


def _put_together(cluster: list[Transfer], reasons: list[Reason], grades: Mapping[int, Grade]) -> Merged:
    best = sorted(cluster, key=lambda one: _standing(one, grades))
    if len(best) == 1:
        return Merged(best[0], (best[0].id,), tuple(best), ())
    transfer = replace(
        best[0],
        moment=_sharpest([one.moment for one in best]),
        status=_first_known(best),
        method=_method(best),
        payer=_account([one.payer for one in best]),
        payee=_account([one.payee for one in best]),
        reference=_first(one.reference for one in best),
        merchant_reference=_first(one.merchant_reference for one in best),
        note=_first(one.note for one in best),
        fee=next((one.fee for one in best if one.fee), None),
        sources=tuple(source for one in best for source in one.sources),
    )
    return Merged(transfer, tuple(one.id for one in best), tuple(best), tuple(reasons))


def _account(spellings: list[Account]) -> Account:
    """The fullest account that the sightings give together: an open spelling before a masked one."""
    useful = [one for one in spellings if not payment_company(one.name)] or spellings
    return Account(
        name=_open_first(one.name for one in useful),
        institution=_first(one.institution for one in useful),
        number=_open_first(one.number for one in useful),
        kind=next((one.kind for one in useful if one.kind is not AccountKind.UNKNOWN), AccountKind.UNKNOWN),
    )


def _open_first(values: Iterable[str | None]) -> str | None:
    known = [value for value in values if value]
    return next((value for value in known if not is_masked(value)), known[0] if known else None)


def _first(values: Iterable[str | None]) -> str | None:
    return next((value for value in values if value), None)


def _first_known(best: list[Transfer]) -> TransferStatus:
    known = (one.status for one in best if one.status is not TransferStatus.UNKNOWN)
    return next(known, TransferStatus.UNKNOWN)


def _method(best: list[Transfer]) -> Method:
    """The payment company before the bank that funded it: that is who can still stop it."""
    companies = (Method.ALIPAY, Method.WECHAT_PAY, Method.WALLET)
    methods = [one.method for one in best if one.method is not Method.UNKNOWN]
    return next((m for m in methods if m in companies), methods[0] if methods else Method.UNKNOWN)


def _sharpest(moments: list[Moment | None]) -> Moment | None:
    order = list(Precision)
    known = [moment for moment in moments if moment]
    return max(known, key=lambda moment: order.index(moment.precision), default=None)


def _grade(transfer: Transfer, grades: Mapping[int, Grade]) -> Grade:
    return grades.get(transfer.sources[0].exhibit, Grade.UNGRADED)


def _standing(transfer: Transfer, grades: Mapping[int, Grade]) -> tuple[bool, int, int]:
    """Whose figure wins: records of the payment before talk about it, then by grade, then by certainty."""
    return _is_talk(transfer, grades), _RANK[_grade(transfer, grades)], -transfer.sources[0].certainty


def _is_talk(transfer: Transfer, grades: Mapping[int, Grade]) -> bool:
    return _grade(transfer, grades) in _TALK


def _is_stated(transfer: Transfer, grades: Mapping[int, Grade]) -> bool:
    return _grade(transfer, grades) is Grade.STATEMENT


def _references(transfer: Transfer) -> set[str]:
    return {ref.strip() for ref in (transfer.reference, transfer.merchant_reference) if ref and len(ref) > 5}


def _shared_reference(first: Transfer, second: Transfer) -> str | None:
    shared = _references(first) & _references(second)
    return min(shared) if shared else None


def _references_differ(first: Transfer, second: Transfer) -> bool:
    """Different numbers given by the *same* institution's records mean different payments."""
    alike = first.method is second.method and first.method in (
        Method.ALIPAY,
        Method.WECHAT_PAY,
        Method.CRYPTO,
    )
    return alike and bool(first.reference) and bool(second.reference)


def _conflict(first: Transfer, second: Transfer) -> bool:
    """Do the far sides exclude each other? A payment company stands for whoever is behind it."""
    one, two = first.other, second.other
    for name, method in ((one.name, second.method), (two.name, first.method)):
        company = payment_company(name)
        if company is not None:
            return company != method.value and method is not Method.UNKNOWN and not payment_company(two.name)
    if same_number(one.number, two.number) is False and one.kind is two.kind:
        return True
    return same_name(one.name, two.name) is False and same_number(one.number, two.number) is not True


def _payee_agrees(first: Transfer, second: Transfer) -> bool:
    one, two = first.other, second.other
    return bool(same_number(one.number, two.number)) or bool(same_name(one.name, two.name))
