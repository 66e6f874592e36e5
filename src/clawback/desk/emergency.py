"""The emergency card as a page needs it: which payment first, whom to call, what to say, what is missing."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice

from clawback.desk.planning import latest_statements, opening_of
from clawback.desk.typedfacts import in_crisis
from clawback.errors import UsageError
from clawback.model.card import CardLine, Chance
from clawback.model.casefile import CaseFile
from clawback.model.events import Direction, Method, Statement, TransferStatus
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.plan import Action, ActionKind, Channel
from clawback.model.stated import TYPED_PAYMENT, fact_of, stated_amount, stated_method
from clawback.plan.card import Call, Spoken, unfinished_line
from clawback.rules.load import load_pack
from clawback.rules.pack import Pack, StepRecord

_MOST_BESIDE = 4
_MOST_CANDIDATES = 10
_STATION = ("cn.police_report", "gb.report_fraud", "gb.report_scotland")


class State(StrEnum):
    """What the card is for now."""

    CALL = "call"  # money has left: call
    LATE = "late"  # three days and more: report in person, no hurry that would be false
    CARD = "card"  # paid by card: the own card issuer first
    NO_PAYMENT = "no_payment"  # nothing left: protect what is there
    NO_CALL = "no_call"  # a dispute that the plan does not begin with a call


@dataclass(frozen=True, slots=True)
class Payment:
    """One payment of the card. `finished`: it has a sum, so it is a record; else only what was stated."""

    line: CardLine
    spoken: Spoken
    finished: bool

    @property
    def id(self) -> str:
        """The transfer's id, or the name under which the user types it."""
        return self.line.entry


@dataclass(frozen=True, slots=True)
class EmergencyCard:
    """`payment`: the one shown, number `place` of `total`; None when no money left. `step`: the step of the
    plan that says to call, with its words; `call`: whom. `beside`: other steps that may be done at the same
    time. `protect`: what to do when no money left. `next_rung`: where to go when the call leads nowhere.
    `told`: when the last payment left, as answered ("under_30_minutes"), or "". `crisis`: the human line,
    where words call for it. `candidates`: payments of which nobody has said yet that they belong to the case,
    the newest first, while none does; `candidates_left`: how many more there are."""

    state: State
    payment: Payment | None
    place: int
    payments: tuple[Payment, ...]
    call: Channel | None
    step: Action | None
    beside: tuple[Action, ...]
    protect: tuple[StepRecord, ...]
    next_rung: Action | None
    told: str
    crisis: Channel | None
    candidates: tuple[LedgerEntry, ...]
    candidates_left: int

    def script(self, lang: str) -> str:
        """What to read out: only facts with a source. A card issuer is told of a dispute."""
        if self.payment is None:
            return ""
        if self.state is State.CARD:
            return self.payment.spoken.say(opening_of(ActionKind.BANK)[0 if lang == "zh" else 1], lang)
        return self.payment.line.say_zh if lang == "zh" else self.payment.line.say_en

    @property
    def total(self) -> int:
        """How many payments the card has."""
        return len(self.payments)


def emergency_card(file: CaseFile, wanted: str = "") -> EmergencyCard:
    """The card at the moment of `file`. `wanted`: id of the payment to show; "" for the best chance.

    Raises UsageError for a payment that is not on the card.
    """
    pack = load_pack(file.case.jurisdiction)
    payments = _payments(file, pack)
    place = _place(payments, wanted)
    payment = payments[place - 1] if payments else None
    candidates = () if file.card.lines else _candidates(file)
    told = file.answer("emergency.last_payment")
    state = _state(file, payment, told.value if told else "")
    call = _call(state, payment, pack, asked=told is not None)
    return EmergencyCard(
        state=state,
        payment=payment,
        place=place,
        payments=payments,
        call=call,
        step=_step(file.plan.actions, state, call),
        beside=() if state is State.NO_PAYMENT else _beside(file.plan.actions, call),
        protect=_protect(pack) if state is State.NO_PAYMENT else (),
        next_rung=next((one for one in file.plan.actions if one.id in _STATION), None),
        told=told.value if told else "",
        crisis=pack.crisis if _crisis(file) else None,
        candidates=candidates[:_MOST_CANDIDATES],
        candidates_left=max(0, len(candidates) - _MOST_CANDIDATES),
    )


def next_typed(statements: Iterable[Statement]) -> str:
    """A name for one more payment that the user types."""
    taken = [int(one.subject[1:]) for one in statements if TYPED_PAYMENT.fullmatch(one.subject)]
    return f"p{max(taken, default=0) + 1}"


def typed_name(file: CaseFile, record: str) -> str | None:
    """`record` as the subject of an answer about a payment: a transfer's id, or the name of one being typed.
    None for anything else."""
    if any(record in entry.members for entry in file.entries):
        return record
    return record if any(payment.id == record for payment in unfinished(file)) else None


def answers_for(file: CaseFile, record: str, fact: str, text: str) -> dict[str, str]:
    """The answers that fill in a fact: the user's own name is asked once for the whole case, and a payment
    that gets its sum gets the method that was asked first."""
    if fact == "payer_name":
        return {"user.name": text}
    answers = {f"payment.{fact}@{record}": text}
    paid_by = file.answer("emergency.paid_by")
    known = file.answer("payment.method", record)
    first_sum = fact == "amount" and TYPED_PAYMENT.fullmatch(record) and known is None
    if first_sum and paid_by is not None and stated_method(paid_by.value) is not Method.UNKNOWN:
        answers[f"payment.method@{record}"] = paid_by.value
    return answers


def unfinished(file: CaseFile) -> tuple[Payment, ...]:
    """Payments that the user began to type and whose sum is missing; one that is still to be typed when the
    card is empty and the user says that money left."""
    pack = load_pack(file.case.jurisdiction)
    told = file.answer("emergency.last_payment")
    subjects = [s for s in _typed_subjects(file.statements) if not _has_sum(s, file.statements)]
    if not subjects and not file.card.lines and told is not None and told.value != "none_sent":
        subjects = [next_typed(file.statements)]
    call = Call(pack.emergency, *opening_of(ActionKind.STOP))
    answers = latest_statements(file.statements)
    made = (unfinished_line(s, file.statements, answers, call, pack.head.zone) for s in subjects)
    return tuple(Payment(line, spoken, finished=False) for line, spoken in made)


def _typed_subjects(statements: Iterable[Statement]) -> list[str]:
    latest: dict[tuple[str, str], str] = {}
    for one in sorted(statements, key=lambda one: one.moment.utc):
        if TYPED_PAYMENT.fullmatch(one.subject) and fact_of(one.question):
            latest[one.subject, one.question] = one.value
    return list(dict.fromkeys(subject for (subject, _), value in latest.items() if value))


def _has_sum(subject: str, statements: Iterable[Statement]) -> bool:
    return any(
        one.subject == subject and one.question == "payment.amount" and stated_amount(one.value)
        for one in statements
    )


def _payments(file: CaseFile, pack: Pack) -> tuple[Payment, ...]:
    entries = {entry.id: entry for entry in file.entries}
    lines = [Payment(line, Spoken.of(entries[line.entry].transfer), True) for line in file.card.lines]
    return (*lines, *unfinished(file))


def _candidates(file: CaseFile) -> tuple[LedgerEntry, ...]:
    """Money that left and that no one has spoken of yet, the newest first (entries are oldest first)."""
    found = [
        entry
        for entry in file.entries
        if entry.transfer.direction is Direction.OUT
        and entry.transfer.status is not TransferStatus.FAILED
        and entry.scope is not Scope.IN
        and not entry.confirmed
    ]
    dated = [entry for entry in found if entry.transfer.moment]
    return (*reversed(dated), *(entry for entry in found if not entry.transfer.moment))


def _place(payments: Sequence[Payment], wanted: str) -> int:
    if not wanted:
        return 1
    for place, payment in enumerate(payments, start=1):
        if payment.id == wanted:
            return place
    raise UsageError(f"No payment {wanted} on the card.", f"急救卡上没有 {wanted} 这一笔。")


def _state(file: CaseFile, payment: Payment | None, told: str) -> State:
    if payment is None:
        return State.NO_PAYMENT if told == "none_sent" else State.NO_CALL
    if payment.spoken.method is Method.CARD or _said_card(file, payment):
        return State.CARD
    chance = payment.line.chance
    if chance is Chance.LATE or (chance is Chance.UNKNOWN and told == "longer_ago"):
        return State.LATE
    if payment.finished and payment.line.call is None and not told:
        return State.NO_CALL
    return State.CALL


def _said_card(file: CaseFile, payment: Payment) -> bool:
    said = file.answer("emergency.paid_by")
    unknown = payment.spoken.method is Method.UNKNOWN
    return unknown and said is not None and stated_method(said.value) is Method.CARD


def _call(state: State, payment: Payment | None, pack: Pack, *, asked: bool) -> Channel | None:
    """Whom to call first. Somebody in an emergency always gets a number, whatever the plan begins with."""
    if state in (State.NO_PAYMENT, State.NO_CALL):
        return None
    if state is State.CARD:
        return pack.channel("own_bank") if "own_bank" in pack.channels else pack.emergency
    planned = payment.line.call if payment else None
    return planned or (pack.emergency if asked else None)


def _step(actions: Sequence[Action], state: State, call: Channel | None) -> Action | None:
    if state is State.LATE:
        return next((one for one in actions if one.id in _STATION), None)
    if state is State.NO_CALL:
        return actions[0] if actions else None
    return next((one for one in actions if call and one.channel and one.channel.id == call.id), None)


def _protect(pack: Pack) -> tuple[StepRecord, ...]:
    """What protects anybody; a step with a clock follows something that was done before."""
    steps = (step for step in pack.steps.values() if step.kind is ActionKind.PROTECT and not step.deadline)
    return tuple(islice(steps, _MOST_BESIDE))


def _beside(actions: Sequence[Action], call: Channel | None) -> tuple[Action, ...]:
    """Other steps for now and today that stop money or protect, each with somebody to turn to."""
    kinds = (ActionKind.STOP, ActionKind.BANK, ActionKind.PROTECT)
    fitting = [
        one
        for one in actions
        if one.kind in kinds
        and one.when in ("now", "today")
        and one.channel is not None
        and (call is None or one.channel.id != call.id)
    ]
    return tuple(fitting[:_MOST_BESIDE])


def _crisis(file: CaseFile) -> bool:
    said = {one.id: one.value for one in file.statements}
    return in_crisis(said, file.case.jurisdiction)
