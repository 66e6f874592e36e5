"""How settled, proved payments to a subject ended: counts, sums and an interval. Never a star or one number.

The question is narrow on purpose: *of payers whose payment is proved and whose matter is settled, what share
got what they paid for, or all their money back?* It says nothing about people who never opened a case.

Interval: Wilson's score interval at 95 % (E. B. Wilson, JASA 22, 1927; recommended for small samples by
Brown, Cai and DasGupta, Statistical Science 16, 2001) on discounted counts: each payer adds its weight, 1 or
less, so the effective sample size is the sum of weights. Discounting evidence by a weight between 0 and 1
follows the forgetting factor of the Beta reputation system (Jøsang and Ismail, Bled 2002). Kish's effective
size is not used: it does not shrink when all evidence grows old together.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum
from statistics import NormalDist, median

from clawback.model.money import Amount

HALF_LIFE_WEEKS = 26
"""After half a year an outcome weighs half: as long as a shared record of a company lives (180 days)."""

NEW_RATER_WEIGHT = 0.5
"""Weight of a payer whose own records show no life of payments before; see `Experience.seasoned`."""

BURST_LEAST = 3.0
"""Weight that one side (went well, did not) may always add in one week."""

BURST_FACTOR = 2.0
BURST_WEEKS = 12
"""Beyond `BURST_LEAST` a week may weigh this many times the usual week of the weeks before it."""

LEAST_PAYERS = 5
LEAST_EFFECTIVE = 3.0
"""Below either, nothing is said but "not enough known"."""

CIRCLE_DAYS = 30
CIRCLE_HOPS = 3
CIRCLE_SHARE = Decimal("0.5")
"""Money that comes back to the payer of a smooth purchase, at least this share of it, within so many days and
payments: the purchase was not one."""

CONTEST_WORKING_DAYS = 3

FLOORS: Mapping[str, Decimal] = {
    code: Decimal(floor)
    for code, floor in {
        "CNY": "20", "HKD": "20", "TWD": "80", "MOP": "20", "USD": "3", "USDT": "3", "USDC": "3", "EUR": "3",
        "GBP": "2", "CHF": "3", "AUD": "4", "CAD": "4", "NZD": "4", "SGD": "4", "MYR": "12", "THB": "90",
        "JPY": "400", "KRW": "4000", "INR": "200", "PHP": "150", "IDR": "45000", "VND": "70000",
    }.items()
}  # fmt: skip
"""Smallest sum of one payer that counts, per currency: about a cheap meal, so that votes cost something. Our
choice, no law. A currency without a floor does not count."""

_Z = NormalDist().inv_cdf(0.975)
_GOOD = 0.5


class Outcome(StrEnum):
    """How the matter of one payer with the subject ended."""

    DELIVERED = "delivered"  # paid, and got what was paid for
    REFUNDED = "refunded"  # all of it came back after a complaint
    PARTLY_REFUNDED = "partly_refunded"
    REFUSED = "refused"
    PROVED_FRAUD = "proved_fraud"  # a court or an authority has decided so; never our own conclusion
    UNRESOLVED = "unresolved"  # still open, or given up without an answer


_REFUNDS = (Outcome.REFUNDED, Outcome.PARTLY_REFUNDED)


class Why(StrEnum):
    """Why something is not in the interval."""

    UNRESOLVED = "unresolved"
    NOT_PROVED = "not_proved"  # no file of a bank or payment company, no signed mail shows the payment
    BELOW_FLOOR = "below_floor"
    NO_FLOOR = "no_floor"  # a currency for which no smallest sum is set
    LINKED = "linked"  # payer and subject share an account
    CIRCULAR = "circular"  # the money of a smooth purchase went round and came back
    NO_COMPLAINT = "no_complaint"  # money came back, and nobody is known to have complained
    FUTURE = "future"  # dated after today
    CONTESTED = "contested"  # the subject says it is wrong, and nobody has ruled yet
    WITHDRAWN = "withdrawn"  # the contest was upheld


class Contest(StrEnum):
    """Where a contest stands."""

    OPEN = "open"
    UPHELD = "upheld"  # the entry does not count any more
    REJECTED = "rejected"  # it counts, with the reply beside it


@dataclass(frozen=True, slots=True)
class Experience:
    """How one payer's payments to the subject ended, in one case.

    `payer`: marks of who paid (accounts); two experiences that share one are of one payer. `paid`,
    `returned`: at most one per currency, above zero. `paid_on`: the last payment; `on`: the day it was
    settled, or `paid_on`. `proved`: a bank's or platform's own file shows it. `complained`: a complaint is on
    record. `seasoned`: the payer's records show earlier payments to others, so this account was not made for
    one vote.
    """

    id: str
    payer: frozenset[str]
    outcome: Outcome
    on: date
    paid_on: date
    paid: tuple[Amount, ...]
    returned: tuple[Amount, ...] = ()
    proved: bool = True
    complained: bool = False
    seasoned: bool = False

    def well(self, paid: Amount) -> Decimal:
        """How much of `paid`, one of its payments, the payer has goods or money for."""
        if self.outcome in (Outcome.DELIVERED, Outcome.REFUNDED):
            return paid.value
        if self.outcome is not Outcome.PARTLY_REFUNDED:
            return Decimal(0)
        back = sum((one.value for one in self.returned if one.currency == paid.currency), Decimal(0))
        return min(back, paid.value)


@dataclass(frozen=True, slots=True)
class Flow:
    """A proved payment between two marks, whoever's records show it."""

    source: str
    target: str
    amount: Amount
    on: date


@dataclass(frozen=True, slots=True)
class Reply:
    """What the rated party says. `about`: id of an experience, or "" for all. `contest`: None when it does
    not say that the entry is wrong; only a reply about one entry can. `number`: tells replies apart."""

    number: str
    on: date
    by: str
    text: str
    about: str = ""
    contest: Contest | None = None

    @property
    def due(self) -> date:
        """Last day on which a contest must be answered: the third working day (Monday to Friday) after it."""
        day, left = self.on, CONTEST_WORKING_DAYS
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5
        return day


@dataclass(frozen=True, slots=True)
class Interval:
    """`estimate` None: nothing counts, and the interval is all of 0 to 1."""

    low: float
    high: float
    estimate: float | None


@dataclass(frozen=True, slots=True)
class Weighed:
    """An interval with what stands behind it: different `payers`, and the sum of their weights."""

    interval: Interval
    payers: int
    effective: float

    @property
    def enough(self) -> bool:
        """May the interval be shown? Otherwise not enough is known, which is neither good nor bad."""
        return self.payers >= LEAST_PAYERS and self.effective >= LEAST_EFFECTIVE


@dataclass(frozen=True, slots=True)
class Counted:
    """One payer in one quarter. `share`: by money over its experiences. Three factors between 0 and 1:
    `recency` by age, `standing` (`NEW_RATER_WEIGHT` or 1), and `damped`, what a burst left."""

    ids: tuple[str, ...]
    on: date
    share: float
    recency: float
    standing: float
    damped: float

    @property
    def weight(self) -> float:
        """What it adds to the effective number of payers."""
        return self.recency * self.standing * self.damped


@dataclass(frozen=True, slots=True)
class Burst:
    """A week in which one side brought more than it may. `payers` weigh like `counted_as` seasoned payers."""

    week: date
    good: bool
    payers: int
    counted_as: float


@dataclass(frozen=True, slots=True)
class LeftOut:
    """An experience that is not in the interval."""

    id: str
    why: Why


@dataclass(frozen=True, slots=True)
class Volume:
    """Sums of one currency over what counts; never added across currencies. `well`: the part of `paid` for
    which the payers have goods or their money; many small payments move the interval and hardly this.
    `returned`: money that came back. `payers`: with such payments."""

    paid: Amount
    well: Amount
    returned: Amount
    payers: int


@dataclass(frozen=True, slots=True)
class Rating:
    """Everything that may be said of a subject. `counts`: experiences that count, by outcome, with
    those still unresolved. `with_contested`: as `known`, if every open contest were rejected: contesting
    everything hides nothing. `contested`: entries under contest.
    """

    counts: Mapping[Outcome, int]
    volumes: tuple[Volume, ...]
    known: Weighed
    with_contested: Weighed
    contested: int
    counted: tuple[Counted, ...]
    left_out: tuple[LeftOut, ...]
    bursts: tuple[Burst, ...]
    replies: tuple[Reply, ...]
    first: date | None
    last: date | None


def wilson(well: float, total: float) -> Interval:
    """Wilson's 95 % interval for `well` of `total`; both may be fractions of a payer."""
    if total <= 0:
        return Interval(0.0, 1.0, None)
    estimate = min(max(well / total, 0.0), 1.0)
    centre = (total * estimate + _Z * _Z / 2) / (total + _Z * _Z)
    half = _Z / (total + _Z * _Z) * math.sqrt(total * estimate * (1 - estimate) + _Z * _Z / 4)
    return Interval(max(0.0, min(centre - half, estimate)), min(1.0, max(centre + half, estimate)), estimate)


def rate(
    experiences: Iterable[Experience],
    today: date,
    *,
    subject: frozenset[str] = frozenset(),
    replies: Iterable[Reply] = (),
    flows: Sequence[Flow] = (),
) -> Rating:
    """What is known of the subject with the marks `subject`. The order of what comes in does not matter."""
    told = sorted(experiences, key=lambda one: (one.on, one.id))
    said = tuple(sorted(replies, key=lambda one: (one.on, one.number)))
    state = _contests(said)
    whys = {one.id: _why(one, today, subject, state.get(one.id), flows) for one in told}
    counting = [one for one in told if whys[one.id] is None]
    contested = [one for one in told if whys[one.id] is Why.CONTESTED]
    counted, bursts = _weighed(counting, today)
    both = [*counting, *contested]
    unsettled = [one for one in told if whys[one.id] is Why.UNRESOLVED]
    return Rating(
        counts={kind: sum(one.outcome is kind for one in (*counting, *unsettled)) for kind in Outcome},
        volumes=_volumes(counting),
        known=_summed(counting, counted),
        with_contested=_summed(both, _weighed(both, today)[0]),
        contested=len(contested),
        counted=counted,
        left_out=tuple(LeftOut(id, why) for id, why in whys.items() if why is not None),
        bursts=bursts,
        replies=said,
        first=min((one.paid_on for one in counting), default=None),
        last=max((one.on for one in counting), default=None),
    )


def _summed(experiences: Sequence[Experience], counted: Iterable[Counted]) -> Weighed:
    weights = [(one.weight, one.share) for one in counted]
    total = math.fsum(weight for weight, _ in weights)  # exact, so that the order does not matter
    interval = wilson(math.fsum(weight * share for weight, share in weights), total)
    return Weighed(interval, len(set(_payers(experiences).values())), total)


# ------------------------------------------------------------------------------------------- what is left out


def _contests(replies: Iterable[Reply]) -> dict[str, Contest]:
    """The state of each contested entry: upheld once is upheld, else open as long as one is open."""
    rank = {Contest.REJECTED: 0, Contest.OPEN: 1, Contest.UPHELD: 2}
    states: dict[str, Contest] = {}
    for reply in replies:
        if reply.about and reply.contest is not None:
            held = states.get(reply.about, reply.contest)
            states[reply.about] = max(held, reply.contest, key=rank.__getitem__)
    return states


def _why(
    one: Experience, today: date, subject: frozenset[str], contest: Contest | None, flows: Sequence[Flow]
) -> Why | None:
    """Why it does not count; the first reason that holds. None when it counts."""
    if not one.proved or not one.paid:
        return Why.NOT_PROVED
    if max(one.on, one.paid_on) > today:
        return Why.FUTURE
    if subject & one.payer:
        return Why.LINKED
    if not any(amount.currency in FLOORS for amount in one.paid):
        return Why.NO_FLOOR
    if not any(amount.value >= FLOORS.get(amount.currency, amount.value + 1) for amount in one.paid):
        return Why.BELOW_FLOOR
    if one.outcome is Outcome.DELIVERED and any(_circular(one, paid, subject, flows) for paid in one.paid):
        return Why.CIRCULAR
    if one.outcome in _REFUNDS and not one.complained:
        return Why.NO_COMPLAINT
    if contest is Contest.UPHELD:
        return Why.WITHDRAWN
    if one.outcome is Outcome.UNRESOLVED:
        return Why.UNRESOLVED
    return Why.CONTESTED if contest is Contest.OPEN else None


def _circular(one: Experience, paid: Amount, subject: frozenset[str], flows: Sequence[Flow]) -> bool:
    """Did the money come back to the payer of a smooth purchase, straight or through others?"""
    near = timedelta(days=CIRCLE_DAYS)
    onward: dict[str, set[str]] = defaultdict(set)
    for flow in flows:
        same_size = flow.amount.currency == paid.currency and flow.amount.value >= paid.value * CIRCLE_SHARE
        if same_size and abs(flow.on - one.paid_on) <= near:
            onward[flow.source].add(flow.target)
    reached = set(subject)
    for _ in range(CIRCLE_HOPS):
        reached |= {target for source in reached for target in onward.get(source, ())}
        if reached & one.payer:
            return True
    return False


# --------------------------------------------------------------------------------------------------- weights


def _payers(experiences: Iterable[Experience]) -> dict[str, str]:
    """Which payer each experience is of: experiences that share a mark, also by way of others, are one's."""
    leader: dict[str, str] = {}

    def find(mark: str) -> str:
        while leader.setdefault(mark, mark) != mark:
            leader[mark] = leader[leader[mark]]
            mark = leader[mark]
        return mark

    marks: dict[str, list[str]] = {}
    for one in experiences:
        marks[one.id] = sorted(one.payer) or [f"\0{one.id}"]
        for mark in marks[one.id]:
            first, second = sorted((find(marks[one.id][0]), find(mark)))
            leader[second] = first
    return {id: find(own[0]) for id, own in marks.items()}


def _weighed(experiences: Sequence[Experience], today: date) -> tuple[tuple[Counted, ...], tuple[Burst, ...]]:
    """Each payer once a quarter, with its weight, and the weeks that were damped."""
    payers = _payers(experiences)
    groups: dict[tuple[str, int, int], list[Experience]] = defaultdict(list)
    for one in experiences:
        groups[payers[one.id], one.on.year, (one.on.month - 1) // 3].append(one)
    counted = [_one_vote(group, today) for group in groups.values()]
    sides: dict[tuple[int, bool], list[Counted]] = defaultdict(list)
    for vote in counted:
        sides[_week(vote.on), vote.share >= _GOOD].append(vote)
    bursts: list[Burst] = []
    damped: list[Counted] = []
    for (week, good), votes in sides.items():
        total = math.fsum(vote.standing for vote in votes)
        most = _allowance(week, good, sides)
        factor = min(1.0, most / total)
        if factor < 1:
            bursts.append(Burst(_monday(week), good, len(votes), most))
        damped += [
            Counted(vote.ids, vote.on, vote.share, vote.recency, vote.standing, factor) for vote in votes
        ]
    ordered = sorted(damped, key=lambda vote: (vote.on, vote.ids))
    return tuple(ordered), tuple(sorted(bursts, key=lambda burst: (burst.week, burst.good)))


def _one_vote(group: Sequence[Experience], today: date) -> Counted:
    """What one payer says in one quarter: the share of its money, so that a small sum that went well does not
    stand for a large one that did not. Age in whole weeks, so that one week is of one age."""
    latest = max(one.on for one in group)
    age = max(_week(today) - _week(latest), 0)
    return Counted(
        ids=tuple(sorted(one.id for one in group)),
        on=latest,
        share=_by_money(group),
        recency=0.5 ** (age / HALF_LIFE_WEEKS),
        standing=1.0 if any(one.seasoned for one in group) else NEW_RATER_WEIGHT,
        damped=1.0,
    )


def _by_money(group: Sequence[Experience]) -> float:
    """Share of the group's money that ended well; where there are several currencies, the least of them."""
    paid: dict[str, Decimal] = defaultdict(Decimal)
    well: dict[str, Decimal] = defaultdict(Decimal)
    for one in group:
        for amount in one.paid:
            paid[amount.currency] += amount.value
            well[amount.currency] += one.well(amount)
    return float(min(well[currency] / paid[currency] for currency in paid))


def _allowance(week: int, good: bool, sides: Mapping[tuple[int, bool], Sequence[Counted]]) -> float:
    """How much one side may add in this week. The two sides are damped apart: a flood of praise must not
    wash a complaint of the same week away."""
    before = [
        math.fsum(vote.standing for vote in sides.get((week - back, good), ()))
        for back in range(1, BURST_WEEKS + 1)
    ]
    return max(BURST_LEAST, BURST_FACTOR * median(before))


def _week(day: date) -> int:
    return (day.toordinal() - 1) // 7


def _monday(week: int) -> date:
    return date.fromordinal(week * 7 + 1)


def _volumes(experiences: Sequence[Experience]) -> tuple[Volume, ...]:
    payers = _payers(experiences)
    paid: dict[str, Decimal] = defaultdict(Decimal)
    well: dict[str, Decimal] = defaultdict(Decimal)
    back: dict[str, Decimal] = defaultdict(Decimal)
    who: dict[str, set[str]] = defaultdict(set)
    for one in experiences:
        for amount in one.paid:
            paid[amount.currency] += amount.value
            well[amount.currency] += one.well(amount)
            who[amount.currency].add(payers[one.id])
        for amount in one.returned:
            back[amount.currency] += amount.value
    return tuple(
        Volume(Amount(paid[code], code), Amount(well[code], code), Amount(back[code], code), len(who[code]))
        for code in sorted(paid)
    )
