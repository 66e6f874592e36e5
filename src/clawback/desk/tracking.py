"""What became of each step and paper: done or not, handed in, answered, money held and money back.

Everything is a further record on top of the last; nothing is changed or removed, and taking back is a record
too. Where a paper handed in or a reply starts a clock, its date is sealed as the user's own statement, so
that the plan counts from it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from clawback.desk.custody import Custody
from clawback.desk.intake import seal_answers
from clawback.desk.records import Records, record_decisions
from clawback.desk.sealing import answers_held
from clawback.errors import CaseDamaged, UsageError
from clawback.model.casefile import CaseFile
from clawback.model.money import Amount
from clawback.model.plan import Action
from clawback.rules.load import load_pack
from clawback.rules.pack import Pack, QuestionKind, StepRecord
from clawback.store.records import Decision

T = TypeVar("T")

LONGEST_NOTE = 2000
REASONS = ("no_answer", "refused", "papers", "how", "tired", "not_mine", "other")
"""Why a step could not be done."""
_WHO = "user"
_SIGNS = re.compile(r"[\s,¥£$€元]")
_FIGURE = re.compile(r"[0-9]{1,15}(\.[0-9]{1,8})?")


class StepOutcome(StrEnum):
    """What became of a step."""

    DONE = "done"
    COULD_NOT = "could_not"
    NOT_YET = "not_yet"


class ReplyResult(StrEnum):
    """What a reply says, as the person confirmed it."""

    ACCEPTED = "accepted"  # taken up: a case number, a formal acceptance
    MORE = "more"  # asks for more papers
    AGREED = "agreed"  # promises money; not money yet
    STOPPED = "stopped"  # an emergency stop was set
    FROZEN = "frozen"  # money is frozen
    ANSWERED = "answered"  # a final answer or decision that is neither yes nor no
    REFUSED = "refused"
    OTHER = "other"


class RecoveryState(StrEnum):
    """What is said of money of one transfer, through one channel."""

    PROMISED = "promised"  # somebody said that it will come back
    FROZEN = "frozen"  # held, and still lost
    RELEASED = "released"  # no longer held, and not back either
    RETURNED = "returned"  # back: a statement shows it
    WRITTEN_OFF = "written_off"  # the person does not pursue it any more
    PURSUED = "pursued"  # and now does again


@dataclass(frozen=True, slots=True)
class StepMark:
    """The latest word on a step. `on`: the day it was done, where the person said so. `reason`: why it could
    not be done, one of REASONS or ""."""

    outcome: StepOutcome
    reason: str
    note: str
    on: date | None
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class HandIn:
    """A paper that left. `form`: id of the form, or of the step for a paper that is not ours. `at`: a day, or
    an aware instant. `how`: "app", "counter", "post", "mail", "phone" … as typed. `number`: given by us."""

    form: str
    at: date | datetime
    how: str = ""
    reference: str = ""
    to: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that came. `about`: id of a form, a step or a channel. `amount`: the sum it speaks of.
    `exhibit`: the sealed letter or picture, or None for what was only said. `number`: given by us."""

    about: str
    at: date | datetime
    result: ReplyResult
    amount: Amount | None = None
    note: str = ""
    exhibit: int | None = None
    number: int = 0


@dataclass(frozen=True, slots=True)
class Recovery:
    """A word on the money of one transfer. `transfer`: its ledger id (any member). `channel`: id of a channel
    of the rule pack. `amount`: None for states without one. `number`: given by us."""

    transfer: str
    channel: str
    state: RecoveryState
    on: date
    amount: Amount | None = None
    exhibit: int | None = None
    note: str = ""
    number: int = 0


@dataclass(frozen=True, slots=True)
class Recovered:
    """Where one transfer stands through one channel. `frozen` is still lost; `promised` is not back."""

    transfer: str
    channel: str
    promised: Amount
    frozen: Amount
    returned: Amount
    written_off: bool
    notes: tuple[Recovery, ...]


@dataclass(frozen=True, slots=True)
class Tracking:
    """What became of everything, now. Hand-ins, replies and recoveries oldest first, those taken back left
    out. `next_date`: the next last day of a step that is not done, or None."""

    steps: Mapping[str, StepMark]
    hand_ins: tuple[HandIn, ...]
    replies: tuple[Reply, ...]
    recoveries: tuple[Recovery, ...]
    recovered: tuple[Recovered, ...]
    next_date: datetime | None

    def outcome(self, action_id: str) -> StepOutcome:
        """What became of a step; NOT_YET when nothing was said."""
        mark = self.steps.get(action_id)
        return mark.outcome if mark else StepOutcome.NOT_YET

    def handed_in(self, form: str) -> tuple[HandIn, ...]:
        """When this paper was handed in."""
        return tuple(one for one in self.hand_ins if one.form == form)

    def replies_to(self, *about: str) -> tuple[Reply, ...]:
        """Replies about any of these forms, steps or channels."""
        return tuple(one for one in self.replies if one.about in about)

    def frozen(self, transfer: str, currency: str) -> Amount:
        """What is held of a transfer: told by several channels, it is still the same money."""
        held = [one.frozen for one in self.recovered if one.transfer == transfer]
        return max(held, key=lambda amount: amount.value, default=Amount(Decimal(0), currency))

    def written_off(self, transfer: str) -> bool:
        """Does the person not pursue this transfer any more, through any channel?"""
        mine = [one.written_off for one in self.recovered if one.transfer == transfer]
        return bool(mine) and all(mine)


@dataclass(frozen=True, slots=True)
class ClockStarted:
    """A date that was sealed because of a record. `kept`: another date was stated before, and stays."""

    question: str
    value: str
    kept: str | None = None


# ------------------------------------------------------------------------------------------- writing down


def mark_step(
    case_dir: Path,
    passphrase: str | None,
    action_id: str,
    outcome: StepOutcome | str,
    note: str,
    now: datetime,
    on: date | None = None,
    reason: str = "",
) -> ClockStarted | None:
    """Write down what became of a step. `on`: the day it was done; if doing it starts a clock, that day is
    sealed. `reason`: one of REASONS. Raises UsageError for a step that no pack has, and as
    `record_decisions`."""
    outcome = StepOutcome(outcome)
    pack, _ = _case(case_dir, passphrase)
    step = _step(pack, action_id)
    if step is None:
        raise UsageError(f"There is no step {action_id}.", f"没有“{action_id}”这一步。")
    body: dict[str, object] = {
        "outcome": outcome.value,
        "reason": reason if reason in REASONS else "",
        "note": _note(note),
    }
    body["on"] = on.isoformat() if on else None
    started = None
    if outcome is StepOutcome.DONE and on is not None:
        _not_in_future(on, now)
        started = _start_clock(case_dir, passphrase, pack, step.starts, on, now)
    _record(case_dir, passphrase, "step", (action_id,), body, now)
    return started


def record_hand_in(
    case_dir: Path, passphrase: str | None, hand_in: HandIn, now: datetime
) -> ClockStarted | None:
    """Write down that a paper was handed in, and seal the date that it starts a clock with, if it does.

    Raises UsageError for an unknown form or a day in the future, and as `record_decisions`.
    """
    pack, _ = _case(case_dir, passphrase)
    steps = _steps_about(pack, hand_in.form)
    if not steps and hand_in.form not in pack.head.forms:
        raise UsageError(f"There is no paper {hand_in.form}.", f"没有“{hand_in.form}”这份材料。")
    _not_in_future(hand_in.at, now)
    trigger = next((step.starts for step in steps if step.starts), None)
    started = _start_clock(case_dir, passphrase, pack, trigger, hand_in.at, now)
    body = {
        "at": hand_in.at.isoformat(),
        "how": _note(hand_in.how),
        "reference": _note(hand_in.reference),
        "to": _note(hand_in.to),
        "started": _started(started),
    }
    _record(case_dir, passphrase, "hand_in", (hand_in.form,), body, now)
    return started


def record_reply(case_dir: Path, passphrase: str | None, reply: Reply, now: datetime) -> ClockStarted | None:
    """Write down a reply, and seal the date that its result starts a clock with, if it does.

    Raises UsageError for an unknown form, step or channel, an unknown exhibit or a day in the future.
    """
    pack, exhibits = _case(case_dir, passphrase)
    steps = _steps_about(pack, reply.about)
    if not steps and reply.about not in pack.channels and reply.about not in pack.head.forms:
        raise UsageError(f"Nothing here is called {reply.about}.", f"这里没有“{reply.about}”。")
    _not_in_future(reply.at, now)
    _known_exhibit(reply.exhibit, exhibits)
    trigger = next((step.replies[reply.result] for step in steps if reply.result in step.replies), None)
    started = _start_clock(case_dir, passphrase, pack, trigger, reply.at, now)
    body = {
        "at": reply.at.isoformat(),
        "result": reply.result.value,
        "amount": _amount_json(reply.amount),
        "note": _note(reply.note),
        "exhibit": reply.exhibit,
        "started": _started(started),
    }
    _record(case_dir, passphrase, "reply", (reply.about,), body, now)
    return started


def record_recovery(case_dir: Path, passphrase: str | None, recovery: Recovery, now: datetime) -> None:
    """Write down what is said of the money of one transfer.

    "Returned" needs the exhibit that shows it: a promise is not money. Raises UsageError, and as
    `record_decisions`.
    """
    pack, exhibits = _case(case_dir, passphrase)
    if recovery.channel not in pack.channels:
        raise UsageError(f"There is no channel {recovery.channel}.", f"没有“{recovery.channel}”这个途径。")
    _not_in_future(recovery.on, now)
    _known_exhibit(recovery.exhibit, exhibits)
    needs_amount = recovery.state in (RecoveryState.PROMISED, RecoveryState.FROZEN, RecoveryState.RETURNED)
    if needs_amount and (recovery.amount is None or recovery.amount.value <= 0):
        raise UsageError("An amount above zero is needed.", "请填大于零的金额。")
    if recovery.state is RecoveryState.RETURNED and recovery.exhibit is None:
        raise UsageError(
            "Money counts as returned when a statement shows it: name the exhibit.",
            "有流水或回单看得到，才算退回：请指明是哪份证据。",
        )
    body = {
        "state": recovery.state.value,
        "on": recovery.on.isoformat(),
        "amount": _amount_json(recovery.amount),
        "exhibit": recovery.exhibit,
        "note": _note(recovery.note),
    }
    _record(case_dir, passphrase, "recovery", (recovery.transfer, recovery.channel), body, now)


def withdraw(case_dir: Path, passphrase: str | None, number: int, now: datetime) -> None:
    """Take a hand-in, reply, recovery or call back by its number; a date that it sealed is taken back too.

    Raises UsageError when there is no such record (any more), and as `record_decisions`.
    """
    with Custody.open(case_dir, passphrase) as custody:
        decisions = custody.store.decisions()
    held = _held(decisions)
    if number not in held or held[number].kind not in ("hand_in", "reply", "recovery", "call"):
        raise UsageError(f"There is no record {number} to take back.", f"没有第 {number} 条记录可以撤回。")
    started = _body(held[number]).get("started")
    if started:
        seal_answers(case_dir, {str(started): ""}, now, passphrase)
    _record(case_dir, passphrase, "withdraw", (str(number),), None, now)


def _case(case_dir: Path, passphrase: str | None) -> tuple[Pack, int]:
    """The pack of a case, and how many exhibits it has."""
    with Custody.open(case_dir, passphrase) as custody:
        return load_pack(custody.store.case().jurisdiction), len(custody.store.exhibits())


def _step(pack: Pack, action_id: str) -> StepRecord | None:
    return pack.steps.get(action_id.removeprefix(f"{pack.id}."))


def _steps_about(pack: Pack, id: str) -> list[StepRecord]:
    """The steps that a form serves, or the step of this id."""
    named = _step(pack, id)
    return [named] if named else [step for step in pack.steps.values() if step.form == id]


def _start_clock(
    case_dir: Path,
    passphrase: str | None,
    pack: Pack,
    trigger: str | None,
    at: date | datetime,
    now: datetime,
) -> ClockStarted | None:
    """Seal the date of `trigger` unless one is stated already: the first day is the one that counts."""
    question = pack.questions.get(f"dates.{trigger}") if trigger else None
    if question is None:
        return None
    value = _as_answer(question.kind, at)
    with Custody.open(case_dir, passphrase) as custody:
        stated = _stated(custody, question.id)
    if stated:
        return ClockStarted(question.id, value, kept=stated)
    seal_answers(case_dir, {question.id: value}, now, passphrase)
    return ClockStarted(question.id, value)


def _as_answer(kind: QuestionKind, at: date | datetime) -> str:
    if isinstance(at, datetime) and kind is QuestionKind.DATE:
        return at.date().isoformat()
    return at.isoformat()


def _stated(custody: Custody, question: str) -> str:
    return answers_held(custody).get((question, ""), "")


def _started(started: ClockStarted | None) -> str | None:
    return started.question if started and started.kept is None else None


def _not_in_future(at: date | datetime, now: datetime) -> None:
    if at > now if isinstance(at, datetime) else at > now.date():
        raise UsageError("That day has not come yet.", "这一天还没有到。")


def _known_exhibit(exhibit: int | None, count: int) -> None:
    if exhibit is not None and not 1 <= exhibit <= count:
        raise UsageError(f"there is no exhibit {exhibit}", f"没有第 {exhibit} 号证据")


def _note(text: str) -> str:
    if len(text) > LONGEST_NOTE:
        raise UsageError(f"At most {LONGEST_NOTE} characters.", f"最多{LONGEST_NOTE}字。")
    return text.strip()


def _amount_json(amount: Amount | None) -> list[str] | None:
    return [str(amount.value), amount.currency] if amount else None


def _record(
    case_dir: Path,
    passphrase: str | None,
    kind: str,
    subject: tuple[str, ...],
    body: Mapping[str, object] | None,
    now: datetime,
) -> None:
    value = json.dumps(body, ensure_ascii=False, sort_keys=True) if body is not None else ""
    record_decisions(case_dir, (Decision(kind, subject, value, _WHO, now),), passphrase)


def typed_amount(text: str, currency: str) -> Amount | None:
    """A sum as a person types it (6,600.00; ￥6600; 6600元); None when it is no sum above zero."""
    plain = _SIGNS.sub("", unicodedata.normalize("NFKC", text))
    if not _FIGURE.fullmatch(plain):
        return None
    value = Decimal(plain)
    return Amount(value, currency) if value > 0 else None


# -------------------------------------------------------------------------------------------- reading back


def tracking_of(records: Records, file: CaseFile) -> Tracking:
    """Where everything stands. Raises CaseDamaged when a record is not what was written."""
    held = _held(records.decisions)
    recoveries = _each(held, "recovery", _recovery)
    steps = {one.subject[0]: _mark(one) for one in held.values() if one.kind == "step"}
    return Tracking(
        steps=steps,
        hand_ins=_each(held, "hand_in", _hand_in),
        replies=_each(held, "reply", _reply),
        recoveries=recoveries,
        recovered=_recovered(recoveries, file),
        next_date=_next_date(file.plan.actions, steps, file.now),
    )


def noted(records: Records) -> tuple[HandIn | Reply, ...]:
    """Every paper handed in and every reply, those taken back left out. Raises as `tracking_of`."""
    held = _held(records.decisions)
    return (*_each(held, "hand_in", _hand_in), *_each(held, "reply", _reply))


def _held(decisions: Sequence[Decision]) -> dict[int, Decision]:
    """Decisions by their number (their place in the order of writing), those taken back left out."""
    held = dict(enumerate(decisions, start=1))
    for one in decisions:
        if one.kind == "withdraw":
            held.pop(int(one.subject[0]), None)
    return held


def _each(held: Mapping[int, Decision], kind: str, read: Callable[[Decision, int], T]) -> tuple[T, ...]:
    return tuple(read(one, number) for number, one in held.items() if one.kind == kind)


def _body(decision: Decision) -> dict[str, Any]:
    try:
        body = json.loads(decision.value)
    except ValueError as error:
        raise _damaged() from error
    if not isinstance(body, dict):
        raise _damaged()
    return body


def _damaged() -> CaseDamaged:
    return CaseDamaged("a record of what was done is not what was written", "有一条跟进记录与当初写入的不符")


def _mark(decision: Decision) -> StepMark:
    body = _body(decision)
    on = date.fromisoformat(body["on"]) if body["on"] else None
    return StepMark(StepOutcome(body["outcome"]), body["reason"], body["note"], on, decision.at)


def _hand_in(decision: Decision, number: int) -> HandIn:
    body = _body(decision)
    return HandIn(decision.subject[0], _at(body["at"]), body["how"], body["reference"], body["to"], number)


def _reply(decision: Decision, number: int) -> Reply:
    body = _body(decision)
    return Reply(
        about=decision.subject[0],
        at=_at(body["at"]),
        result=ReplyResult(body["result"]),
        amount=_amount(body["amount"]),
        note=body["note"],
        exhibit=body["exhibit"],
        number=number,
    )


def _recovery(decision: Decision, number: int) -> Recovery:
    body = _body(decision)
    return Recovery(
        transfer=decision.subject[0],
        channel=decision.subject[1],
        state=RecoveryState(body["state"]),
        on=date.fromisoformat(body["on"]),
        amount=_amount(body["amount"]),
        exhibit=body["exhibit"],
        note=body["note"],
        number=number,
    )


def _at(text: str) -> date | datetime:
    return date.fromisoformat(text) if len(text) == len("2026-11-20") else datetime.fromisoformat(text)


def _amount(parts: Sequence[str] | None) -> Amount | None:
    return Amount(Decimal(parts[0]), parts[1]) if parts else None


@dataclass
class _Running:
    """Sums of one transfer through one channel while its records are gone through."""

    currency: str
    promised: Decimal = Decimal(0)
    frozen: Decimal = Decimal(0)
    returned: Decimal = Decimal(0)
    written_off: bool = False
    notes: list[Recovery] = field(default_factory=list)

    def take(self, one: Recovery) -> None:
        """The next record. Money that came back is no longer held or promised."""
        value = one.amount.value if one.amount else Decimal(0)
        match one.state:
            case RecoveryState.PROMISED:
                self.promised = value
            case RecoveryState.FROZEN:
                self.frozen = value
            case RecoveryState.RELEASED:
                self.frozen = Decimal(0)
            case RecoveryState.RETURNED:
                self.returned += value
                self.frozen = max(self.frozen - value, Decimal(0))
                self.promised = max(self.promised - value, Decimal(0))
            case RecoveryState.WRITTEN_OFF:
                self.written_off = True
            case RecoveryState.PURSUED:
                self.written_off = False
        self.notes.append(one)


def _recovered(recoveries: Iterable[Recovery], file: CaseFile) -> tuple[Recovered, ...]:
    recoveries = tuple(recoveries)
    asked = {one.transfer for one in recoveries}
    entries = {id: entry for entry in file.entries for id in entry.members if id in asked} if asked else {}
    running: dict[tuple[str, str], _Running] = {}
    for one in recoveries:
        entry = entries.get(one.transfer)
        if entry is None:
            continue
        currency = entry.transfer.amount.currency
        held = running.setdefault((entry.id, one.channel), _Running(currency))
        held.take(replace(one, transfer=entry.id))
    return tuple(
        Recovered(
            transfer=transfer,
            channel=channel,
            promised=Amount(sums.promised, sums.currency),
            frozen=Amount(sums.frozen, sums.currency),
            returned=Amount(sums.returned, sums.currency),
            written_off=sums.written_off,
            notes=tuple(sums.notes),
        )
        for (transfer, channel), sums in running.items()
    )


def _next_date(actions: Iterable[Action], steps: Mapping[str, StepMark], now: datetime) -> datetime | None:
    """The next last day that is still ahead, of a step that is not done."""
    ahead = [
        action.deadline.last
        for action in actions
        if action.deadline is not None
        and action.deadline.last is not None
        and action.deadline.last >= now
        and not (action.id in steps and steps[action.id].outcome is StepOutcome.DONE)
    ]
    return min(ahead, default=None)
