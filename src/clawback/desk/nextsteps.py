"""Where a person stands today: the one next step, those after it, those that wait for others, those done."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from clawback.desk.tracking import StepMark, StepOutcome, Tracking
from clawback.model.casefile import CaseFile
from clawback.model.evidence import Source
from clawback.model.plan import Action, ActionKind
from clawback.plan.situations import propose_situations
from clawback.rules.load import load_pack
from clawback.rules.pack import DeadlineKind, DeadlineRule, Pack, Words

_SOON = timedelta(days=3)
_RECOVERY = "recovery_scam"
_RECOVERY_NOTICE = "recovery_seen"


class Clock(StrEnum):
    """What a step's clock says."""

    NONE = "none"
    UNKNOWN = "unknown"  # the day that starts it is not known: ask
    UNVERIFIED = "unverified"  # the rule is not verified or not held: no date
    MUST = "must"  # the person's own last day
    ANSWER = "answer"  # the other side's last day
    HOLDS = "holds"  # a measure lapses then
    GOOD = "good"  # a good time, nothing is lost


_CLOCKS = {
    DeadlineKind.GOLDEN: Clock.MUST,
    DeadlineKind.VICTIM_MUST: Clock.MUST,
    DeadlineKind.RECIPIENT_MUST: Clock.ANSWER,
    DeadlineKind.VALIDITY: Clock.HOLDS,
    DeadlineKind.ADVICE: Clock.GOOD,
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step with all that a page says of it.

    `last`: the last moment, where `clock` has one; `to_the_hour`: it is an instant, not the end of a day.
    `soon`: something is lost within three days. `lost`: what missing it costs. `starts`: the date question
    that doing it answers, or None.
    """

    action: Action
    outcome: StepOutcome
    mark: StepMark | None
    clock: Clock
    last: datetime | None
    to_the_hour: bool
    overdue: bool
    soon: bool
    lost: Words | None
    starts: str | None

    @property
    def waiting(self) -> bool:
        """Is it the other side's turn?"""
        return self.clock is Clock.ANSWER and not self.overdue

    @property
    def when(self) -> str:
        """When to do it: what lapses within days is for today, whatever the plan said."""
        return "today" if self.soon and self.action.when != "now" else self.action.when

    @property
    def open(self) -> bool:
        """Is there something left for the person to do?"""
        return self.outcome is StepOutcome.NOT_YET


@dataclass(frozen=True, slots=True)
class Agenda:
    """The steps of a case as a person meets them. `first`: what cannot wait, or None when nothing must be
    done now. `coming`: the other open ones in order. `warnings`: what not to do, which is never "first".
    `waiting`: the other side's turn, soonest first."""

    first: Step | None
    coming: tuple[Step, ...]
    warnings: tuple[Step, ...]
    waiting: tuple[Step, ...]
    could_not: tuple[Step, ...]
    done: tuple[Step, ...]

    @property
    def next_dated(self) -> Step | None:
        """What comes next on the calendar."""
        dated = [step for step in (*self.coming, *self.waiting) if step.last and not step.overdue]
        return min(dated, key=_last, default=None)


def agenda_of(file: CaseFile, tracking: Tracking) -> Agenda:
    """The agenda at `file.now`: what is for now, then what lapses within days, then the order of the plan."""
    steps = steps_of(file, tracking)
    warnings = tuple(step for step in steps if step.open and step.action.kind is ActionKind.WARN)
    todo = [step for step in steps if step.open and not step.waiting and step not in warnings]
    todo.sort(key=_urgency)
    first = next((step for step in todo if step.action.when != "later" or step.overdue), None)
    return Agenda(
        first=first,
        coming=tuple(step for step in todo if step is not first),
        warnings=warnings,
        waiting=tuple(sorted((step for step in steps if step.open and step.waiting), key=_last)),
        could_not=tuple(step for step in steps if step.outcome is StepOutcome.COULD_NOT),
        done=tuple(step for step in steps if step.outcome is StepOutcome.DONE),
    )


def steps_of(file: CaseFile, tracking: Tracking) -> tuple[Step, ...]:
    """Every step of the plan, in its order."""
    pack = load_pack(file.case.jurisdiction)
    return tuple(_step(action, pack, tracking, file.now) for action in file.plan.actions)


def _urgency(step: Step) -> tuple[int, float]:
    if step.action.when == "now":
        return 0, 0.0
    return (1, _last(step).timestamp()) if step.soon else (2, 0.0)


def _last(step: Step) -> datetime:
    assert step.last is not None  # noqa: S101 - only asked of steps that have one
    return step.last


def _step(action: Action, pack: Pack, tracking: Tracking, now: datetime) -> Step:
    deadline = action.deadline
    rule = pack.deadlines[deadline.rule_id] if deadline else None
    record = pack.steps[action.id.removeprefix(f"{pack.id}.")]
    last = deadline.last if deadline else None
    clock = _clock(action, rule)
    return Step(
        action=action,
        outcome=tracking.outcome(action.id),
        mark=tracking.steps.get(action.id),
        clock=clock,
        last=last,
        to_the_hour=last is not None and (last.hour, last.minute, last.second) != (23, 59, 59),
        overdue=last is not None and last < now,
        soon=last is not None and clock in (Clock.MUST, Clock.HOLDS) and now <= last <= now + _SOON,
        lost=rule.lost if rule else None,
        starts=f"dates.{record.starts}" if record.starts else None,
    )


def _clock(action: Action, rule: DeadlineRule | None) -> Clock:
    if action.deadline is None or rule is None:
        return Clock.NONE
    if action.deadline.last is not None:
        return _CLOCKS[rule.kind]
    return Clock.UNKNOWN if action.deadline.question else Clock.UNVERIFIED


# -------------------------------------------------------------------------------------------------- alarms


@dataclass(frozen=True, slots=True)
class Sign:
    """Words in the evidence that speak for a second scam, and where they stand."""

    words: str
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Notices:
    """What stands beside the plan: urgent words first. `recovery`: somebody offers to get the money back."""

    recovery: str | None
    urgent: tuple[str, ...]
    others: tuple[str, ...]


def notices_of(file: CaseFile, lang: str) -> Notices:
    """The plan's notices in `lang`, the recovery-scam alarm and other urgent ones apart."""
    pack = load_pack(file.case.jurisdiction)
    said = file.plan.notices_zh if lang == "zh" else file.plan.notices_en
    urgent = {one.text.say(lang): id for id, one in pack.notices.items() if one.urgent}
    alarm = next((text for text in said if urgent.get(text) == _RECOVERY_NOTICE), None)
    if alarm is None and _RECOVERY in file.plan.situations:
        alarm = pack.situations[_RECOVERY].outlook.say(lang)
    return Notices(
        recovery=alarm,
        urgent=tuple(text for text in said if text in urgent and text != alarm),
        others=tuple(text for text in said if text not in urgent and text != alarm),
    )


def recovery_signs(file: CaseFile) -> tuple[Sign, ...]:
    """The words that raised the recovery-scam alarm, with their places. Goes through all messages."""
    pack = load_pack(file.case.jurisdiction)
    if _RECOVERY not in pack.situations:
        return ()
    only = pack.model_copy(update={"situations": {_RECOVERY: pack.situations[_RECOVERY]}})
    found = propose_situations(((message.id, message.text) for message in file.messages), only)
    wanted = {record for one in found for reason in one.reasons for record in reason.records}
    sources = {message.id: message.sources for message in file.messages if message.id in wanted}
    return tuple(
        Sign(reason.detail, tuple(_first_sources(reason.records, sources)))
        for one in found
        for reason in one.reasons
    )


def _first_sources(records: Iterable[str], sources: dict[str, tuple[Source, ...]]) -> Iterable[Source]:
    return (sources[record][0] for record in records if record in sources)
