"""Ratings of every subject over all open cases of the workplace, and the words of those who are rated.

Nothing is published. `share` makes a document for others only when a named person approves it, from enough
independent payers, with a last day and an address where the subject can object.
"""

from __future__ import annotations

import hashlib
import math
import re
import secrets
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

from clawback.desk.genuine import Standing, is_it_theirs
from clawback.desk.outcomes import Ended, Subject, decide_outcome, keep_reply, rule, short
from clawback.desk.overview import Line
from clawback.desk.records import record_export
from clawback.errors import CaseNotFound, UsageError
from clawback.guard import ratings
from clawback.guard.ratings import Contest as Contest
from clawback.guard.ratings import Counted, Flow, Volume
from clawback.guard.ratings import Outcome as Outcome
from clawback.guard.ratings import Rating as Rating
from clawback.guard.ratings import Reply as Reply
from clawback.guard.ratings import Weighed as Weighed
from clawback.ledger.likeness import clean

if TYPE_CHECKING:
    from clawback.desk.outcomes import OutcomeDecided
    from clawback.desk.workplace import Workplace

SCHEMA = "clawback.rating/1"
LEAST_SHARED_PAYERS = 5
"""Fewer independent payers are never shared: they could be recognised, and one report alone proves little."""

LONGEST_LIFE = {"account": 90, "payee": 90, "platform": 180, "seller": 180}
"""Days after which a shared record ends at the latest: accounts sooner than companies."""

_TINY = 1e-9  # so that three tenths, which no float is, stay three
_IN_DIRECTORY = (
    Standing.THEIRS,
    Standing.ANOTHERS,
    Standing.NAMED,
    Standing.UNVERIFIED,
    Standing.DISPUTED,
)
_CONTACT = re.compile(r"\S+@\S+\.\S+|https://\S+|\S.{9,}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Told:
    """How it ended in one case. `case`: its id in addresses."""

    case: str
    ended: Ended


@dataclass(frozen=True, slots=True)
class Rated:
    """A subject with its rating, and each case that it comes from (newest first). `handle`: its name in
    addresses, different at each start, so that no account number stands in one."""

    handle: str
    subject: Subject
    rating: Rating
    told: tuple[Told, ...]

    def why_left_out(self, case_id: str) -> str:
        """Why the entry of a case (by its own id) is not in the interval; "" when it is."""
        return next((one.why.value for one in self.rating.left_out if one.id == case_id), "")

    def counted(self, case_id: str) -> Counted | None:
        """What the entry of a case adds to the interval, with others of its payer; None when left out."""
        return next((one for one in self.rating.counted if case_id in one.ids), None)


@dataclass(frozen=True, slots=True)
class Ratings:
    """Every subject: most payers first, then by name. `counted` of `total` cases are in it; the others are
    locked, being summed up, or broken, and replies kept in them are not shown."""

    rated: tuple[Rated, ...]
    total: int
    counted: int
    locked: int
    working: int
    broken: int

    def of(self, handle: str) -> Rated:
        """The subject with this handle. Raises CaseNotFound."""
        for one in self.rated:
            if one.handle == handle:
                return one
        raise CaseNotFound("There is no such record here.", "这里没有这条记录。")

    def told(self, handle: str, case: str) -> Told:
        """How it ended with a subject in one case. Raises CaseNotFound."""
        for one in self.of(handle).told:
            if one.case == case:
                return one
        raise CaseNotFound("There is no such record here.", "这里没有这条记录。")

    def named(self, wanted: str) -> tuple[Rated, ...]:
        """Those whose name or account holds `wanted`, spaces and dashes aside; all for ""."""
        words = clean(wanted)
        return tuple(
            one
            for one in self.rated
            if words in clean(one.subject.name) or words in clean(one.subject.account)
        )


@dataclass(frozen=True, slots=True)
class Approval:
    """Who lets a rating leave, and on what terms. `until`: its last day. `contest`: where the subject can
    object: mail, web or postal address. `basis`: what was seen. `although_genuine`: said of a subject that
    stands in the directory of genuine bodies, whose name somebody else may have used."""

    by: str
    until: date
    contest: str
    basis: str
    although_genuine: bool = False


class Handles:
    """Names of subjects in addresses: they last while the program runs, and tell nothing without it."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)

    def of(self, key: str) -> str:
        """The handle of a subject."""
        return hashlib.blake2b(key.encode(), key=self._secret, digest_size=8).hexdigest()


def ratings_of(lines: Sequence[Line], today: date, handle: Callable[[str], str]) -> Ratings:
    """The ratings over these cases."""
    told: dict[str, list[Told]] = defaultdict(list)
    replies: dict[str, dict[str, Reply]] = defaultdict(dict)
    flows: list[Flow] = []
    for line in lines:
        if line.summary is not None:
            for ended in line.summary.outcomes.ended:
                told[ended.subject.key].append(Told(line.id, ended))
            for key, reply in line.summary.outcomes.replies:
                replies[key][reply.number] = _settled(replies[key].get(reply.number), reply)
            flows += line.summary.outcomes.flows
    rated = [_rated(handle(key), ones, replies[key].values(), flows, today) for key, ones in told.items()]
    states = [line.state.value for line in lines]
    counted = sum(line.summary is not None for line in lines)
    return Ratings(
        rated=tuple(sorted(rated, key=lambda one: (-one.rating.known.payers, one.subject.name, one.handle))),
        total=len(lines),
        counted=counted,
        locked=states.count("locked"),
        broken=states.count("broken"),
        working=len(lines) - counted - states.count("locked") - states.count("broken"),
    )


def _settled(known: Reply | None, reply: Reply) -> Reply:
    """A reply kept in several cases, ruled on in one: the ruling holds for all."""
    return known if known is not None and known.contest not in (None, Contest.OPEN) else reply


def _rated(
    handle: str, told: Sequence[Told], replies: Iterable[Reply], flows: Sequence[Flow], today: date
) -> Rated:
    ordered = tuple(sorted(told, key=lambda one: (one.ended.experience.on, one.case), reverse=True))
    subjects = [one.ended.subject for one in ordered]
    subject = max(subjects, key=lambda one: (len(one.name), one.name))  # the fullest name that was seen
    marks = frozenset[str]().union(*(one.ended.marks for one in ordered))
    experiences = [one.ended.experience for one in ordered]
    rating = ratings.rate(experiences, today, subject=marks, replies=replies, flows=flows)
    return Rated(handle, subject, rating, ordered)


def of_ten(known: Weighed) -> tuple[int, int]:
    """The interval as people of ten, rounded outwards: words never make it narrower than it is."""
    low, high = known.interval.low, known.interval.high
    return math.floor(low * 10 + _TINY), math.ceil(high * 10 - _TINY)


# --------------------------------------------------------------------------------------------------- deciding


def add_reply(workplace: Workplace, rated: Rated, reply: Reply) -> None:
    """Keep what the subject says in every open case that speaks of it, so that no case shows itself without.

    `reply.number` is given here. Raises as `keep_reply`.
    """
    now = workplace.clock()
    numbered = replace(reply, number=secrets.token_hex(6))
    for told in rated.told:
        workplace.case(told.case).change(
            lambda folder, secret: keep_reply(folder, secret, rated.subject.key, numbered, now)
        )


def rule_on(workplace: Workplace, rated: Rated, number: str, result: Contest, note: str) -> None:
    """Say what was found about a contest, in every open case that speaks of the subject. Raises as `rule`."""
    open_ones = [one.number for one in rated.rating.replies if one.contest is Contest.OPEN]
    if number not in open_ones or result is Contest.OPEN:
        raise UsageError("There is no open contest to rule on.", "没有待处理的异议。")
    now = workplace.clock()
    for told in rated.told:
        workplace.case(told.case).change(
            lambda folder, secret: rule(folder, secret, rated.subject.key, number, result, note, now)
        )


def decide(workplace: Workplace, case_id: str, word: OutcomeDecided) -> None:
    """Say how it ended with a subject in one case. Raises as `decide_outcome`."""
    case, now = workplace.case(case_id), workplace.clock()
    records = case.records()
    case.change(lambda folder, secret: decide_outcome(folder, secret, word, records, now))


# ---------------------------------------------------------------------------------------------------- sharing


def share(workplace: Workplace, rated: Rated, approval: Approval) -> dict[str, Any]:
    """The rating as a document for others, noted in the log of every case behind it.

    Raises UsageError when a person's name, a last day or an address for objections is missing or too far off,
    when too few independent payers stand behind it, when the subject is known by name alone or stands in
    the directory of genuine bodies and nobody said so, or while a contest has waited longer than it may.
    """
    now = workplace.clock()
    _may_be_shared(rated, approval, now.date())
    document = _document(rated, approval, now)
    for told in rated.told:
        workplace.case(told.case).change(
            lambda folder, secret: record_export(
                folder, f"{SCHEMA} · {approval.by.strip()} · {approval.until.isoformat()}", now, secret
            )
        )
    return document


def is_genuine(subject: Subject) -> bool:
    """Does the subject's account or name stand in the directory of genuine bodies?"""
    asked = filter(None, (subject.account, subject.name))
    return any(is_it_theirs(one).standing in _IN_DIRECTORY for one in asked)


def _may_be_shared(rated: Rated, approval: Approval, today: date) -> None:
    rating, kind = rated.rating, rated.subject.kind
    if kind == "payee":
        raise UsageError(
            "A payee known by name alone may be several people; that is not shared.",
            "只知道名字的收款人可能不止一人，不能分享。",
        )
    if not rating.known.enough or rating.known.payers < LEAST_SHARED_PAYERS:
        raise UsageError(
            f"At least {LEAST_SHARED_PAYERS} independent payers are needed.",
            f"至少要有 {LEAST_SHARED_PAYERS} 名互不相关的付款人。",
        )
    if any(one.contest is Contest.OPEN and one.due < today for one in rating.replies):
        raise UsageError(
            "A contest has waited too long; answer it first.", "有一条异议过了期限还没处理，请先处理。"
        )
    for fault in wrong_terms(rated, approval, today).values():
        raise fault


def wrong_terms(rated: Rated, approval: Approval, today: date) -> dict[str, UsageError]:
    """What is wrong with the terms, by field of `Approval`."""
    wrong: dict[str, UsageError] = {}
    if len(short(approval.by)) < 2 or clean(approval.by) in ("user", "admin", "helper"):
        wrong["by"] = UsageError("Write the name of the person who approves.", "请写批准人的姓名。")
    if not short(approval.basis):
        wrong["basis"] = UsageError("Write what you have seen.", "请写明您看过哪些材料。")
    if not _CONTACT.fullmatch(short(approval.contest)):
        wrong["contest"] = UsageError(
            "Give a mail, web or postal address where the other side can object.",
            "请留下对方可以提出异议的邮箱、网址或通信地址。",
        )
    longest = LONGEST_LIFE[rated.subject.kind]
    if not today < approval.until <= today + timedelta(days=longest):
        wrong["until"] = UsageError(
            f"The last day must be within {longest} days from today.",
            f"有效期要在今天之后 {longest} 天以内。",
        )
    if is_genuine(rated.subject) and not approval.although_genuine:
        wrong["although_genuine"] = UsageError(
            "This name or number stands in the directory of genuine bodies; say that you know.",
            "这个名字或号码在真实机构名录里，要先确认您知道这一点。",
        )
    return wrong


def _document(rated: Rated, approval: Approval, now: datetime) -> dict[str, Any]:
    """No payer, no case and no exact day stands in it; sums only where enough payers stand behind them."""
    subject, rating = rated.subject, rated.rating
    return {
        "schema": SCHEMA,
        "subject": {"kind": subject.kind, "value": subject.account or subject.name},
        "statement": {
            "zh": "付款有据、已有结果的付款人里，货款有着落的比例。不是对任何人的指控。",
            "en": "Share of payers with a proved payment and a settled matter who have goods or money for "
            "it. No accusation of anybody.",
        },
        **rating_json(rating),
        "volumes": [volume_json(one) for one in rating.volumes if one.payers >= LEAST_SHARED_PAYERS],
        "volumes_withheld": sum(one.payers < LEAST_SHARED_PAYERS for one in rating.volumes),
        "first_seen": _month(rating.first),
        "last_seen": _month(rating.last),
        "basis": short(approval.basis),
        "approved_by": short(approval.by),
        "made_at": now.isoformat(),
        "valid_until": approval.until.isoformat(),
        "contest_address": short(approval.contest),
        "in_directory_of_genuine_bodies": is_genuine(subject),
        "handling": "TLP:AMBER",
    }


def rating_json(rating: Rating) -> dict[str, Any]:
    """A rating for programs, without sums and without what could name a payer or a case."""
    left = [one.why.value for one in rating.left_out]
    return {
        "method": "Wilson score interval, 95 %, on counts weighted by age, standing and bursts",
        "enough_known": rating.known.enough,
        "known": _weighed_json(rating.known),
        "with_contested": _weighed_json(rating.with_contested),
        "contested": rating.contested,
        "outcomes": {kind.value: rating.counts[kind] for kind in Outcome},
        "left_out": {why: left.count(why) for why in sorted(set(left))},
        "bursts": [
            {
                "week": one.week.isoformat(),
                "side": "ended_well" if one.good else "did_not",
                "payers": one.payers,
                "counted_as": round(one.counted_as, 2),
            }
            for one in rating.bursts
        ],
        "replies": [
            {
                "on": one.on.isoformat(),
                "by": one.by,
                "text": one.text,
                "contest": one.contest.value if one.contest else None,
            }
            for one in rating.replies
        ],
    }


def _weighed_json(one: Weighed) -> dict[str, Any]:
    interval = one.interval
    return {
        "payers": one.payers,
        "effective_payers": round(one.effective, 2),
        "interval": [round(interval.low, 3), round(interval.high, 3)] if one.enough else None,
    }


def volume_json(one: Volume) -> dict[str, Any]:
    """Sums of one currency for programs."""
    return {
        "currency": one.paid.currency,
        "payers": one.payers,
        **{
            name: amount.text
            for name, amount in (("paid", one.paid), ("ended_well", one.well), ("returned", one.returned))
        },
    }


def ratings_json(found: Ratings) -> dict[str, Any]:
    """All ratings for programs on this machine."""
    return {
        "cases": {
            "total": found.total,
            "counted": found.counted,
            "locked": found.locked,
            "working": found.working,
            "broken": found.broken,
        },
        "subjects": [
            {
                "kind": one.subject.kind,
                "name": one.subject.name,
                "account": one.subject.account,
                **rating_json(one.rating),
                "volumes": [volume_json(volume) for volume in one.rating.volumes],
                "first": one.rating.first.isoformat() if one.rating.first else None,
                "last": one.rating.last.isoformat() if one.rating.last else None,
            }
            for one in found.rated
        ],
    }


def _month(day: date | None) -> str | None:
    return day.strftime("%Y-%m") if day else None
