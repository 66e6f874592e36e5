"""What the plan knows of a case: the little that decides which steps are right."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal

from clawback.model.events import Method, TransferStatus
from clawback.model.moments import Moment
from clawback.model.money import Amount
from clawback.plan.deadlines import is_reckonable
from clawback.plan.interview import dates_from_answers
from clawback.plan.situations import Proposal
from clawback.rules.evaluate import Fact
from clawback.rules.pack import Pack

PAST_STOPPING = timedelta(hours=72)
"""After this a stop is unlikely and the order of steps changes (see Chance.LATE); reporting still counts."""

_MOVED = (TransferStatus.COMPLETED, TransferStatus.PENDING, TransferStatus.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Payment:
    """One out-going transfer that belongs to the case. `moment` None: the evidence gives no time."""

    method: Method
    moment: Moment | None
    amount: Amount
    status: TransferStatus


@dataclass(frozen=True, slots=True)
class CaseFacts:
    """The facts that choose a plan.

    `situations`: ids that the user confirmed. `proposed`: what the evidence suggests, used only while nothing
    is confirmed, and said so. `answers`: question id to canonical answer (see `interview.parse_answer`).
    `payments`: out-going transfers in scope. `dates`: trigger name ("refusal_notice_received") to moment;
    answers to `dates.*` questions count too. `flags`: what the evidence shows ("recovery_offer_seen").
    """

    jurisdiction: str
    situations: tuple[str, ...] = ()
    answers: Mapping[str, str] = field(default_factory=dict)
    payments: tuple[Payment, ...] = ()
    dates: Mapping[str, Moment] = field(default_factory=dict)
    flags: Mapping[str, bool] = field(default_factory=dict)
    proposed: tuple[Proposal, ...] = ()


def known_dates(facts: CaseFacts, pack: Pack) -> dict[str, Moment]:
    """Every trigger date that is known: from payments, then answers, then stated dates (last wins).

    `transfer_sent`: the newest payment; `first_payment`: the oldest. Payments that failed or came back do
    not start a clock.
    """
    moments = sorted((m for m in _moved(facts)), key=lambda m: m.utc)
    dates = {"first_payment": moments[0], "transfer_sent": moments[-1]} if moments else {}
    return {**dates, **dates_from_answers(facts.answers, pack), **facts.dates}


def rule_facts(facts: CaseFacts, pack: Pack) -> dict[str, Fact]:
    """The case as the conditions of a rule pack see it; what is not known is left out."""
    known: dict[str, Fact] = {
        f"answers.{id}": _answer(id, value, pack) for id, value in facts.answers.items()
    }
    known |= {f"flags.{name}": value for name, value in facts.flags.items()}
    known |= {f"dates.{name}": moment.instant for name, moment in known_dates(facts, pack).items()}
    known["situations"] = frozenset(facts.situations)
    moved = [p for p in facts.payments if p.status in _MOVED]
    if moved:
        known["methods"] = frozenset(p.method.value for p in moved if p.method is not Method.UNKNOWN) or None
        known["pending_payment"] = any(p.status is TransferStatus.PENDING for p in moved)
        known["paid_total"] = sum(
            (p.amount.value for p in moved if p.amount.currency == pack.head.currency), Decimal(0)
        )
    moments = [m.instant for m in _moved(facts)]
    if moments:
        known["newest_payment"] = max(moments)
    return known


def is_past_stopping(facts: CaseFacts, now: datetime) -> bool:
    """Is the newest payment known to be older than the time in which money can be stopped?

    An unknown time counts as fresh: the cost of one call is smaller than the cost of not calling.
    """
    moments = _moved(facts)
    undated = len(moments) < sum(p.status in _MOVED for p in facts.payments)
    return bool(moments) and not undated and max(m.end for m in moments) < now - PAST_STOPPING


def _moved(facts: CaseFacts) -> list[Moment]:
    return [p.moment for p in facts.payments if p.status in _MOVED and p.moment and is_reckonable(p.moment)]


def _answer(id: str, value: str, pack: Pack) -> Fact:
    question = pack.questions.get(id)
    return frozenset(value.split(",")) if question is not None and question.many else value
