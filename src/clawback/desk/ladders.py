"""Where each road upwards stands: which rung is done, which waits, and what opens the next one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from clawback.desk.calling import CallMade
from clawback.desk.nextsteps import Step, steps_of
from clawback.desk.tracking import HandIn, Reply, StepOutcome, Tracking
from clawback.model.casefile import CaseFile
from clawback.model.plan import Action, Channel
from clawback.rules.load import load_pack
from clawback.rules.pack import Ladder, Pack, Words


class RungState(StrEnum):
    """Where a rung stands."""

    DONE = "done"
    COULD_NOT = "could_not"
    WAITING = "waiting"  # handed in, or the other side's turn
    NOW = "now"  # the person can take it
    CLOSED = "closed"  # something must happen first


@dataclass(frozen=True, slots=True)
class Rung:
    """One rung. `step` None: not in the plan yet. `opens`: the event that opens it. `reply`: the latest."""

    id: str
    title: Words
    state: RungState
    step: Step | None
    channel: Channel | None
    opens: Words | None
    hand_in: HandIn | None
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class Road:
    """A ladder of the rule pack with the rungs that apply to this case."""

    id: str
    name: Words
    rungs: tuple[Rung, ...]


@dataclass(frozen=True, slots=True)
class Route:
    """One body and where it stands. `next_date`: the next last day that concerns it."""

    channel: Channel
    hand_in: HandIn | None
    call: CallMade | None
    reply: Reply | None
    next_date: datetime | None


def roads_of(file: CaseFile, tracking: Tracking) -> tuple[Road, ...]:
    """The ladders with at least two rungs that apply."""
    pack = load_pack(file.case.jurisdiction)
    steps = {step.action.id.removeprefix(f"{pack.id}."): step for step in steps_of(file, tracking)}
    events = _events(pack, file.plan.situations)
    roads = (
        Road(id, ladder.name, tuple(_rungs(ladder, pack, steps, events, tracking)))
        for id, ladder in pack.ladders.items()
    )
    return tuple(road for road in roads if len(road.rungs) > 1)


def _events(pack: Pack, situations: Sequence[str]) -> dict[str, Words | None]:
    """Steps of the situations, each with the event that opens it, where the pack names one."""
    events: dict[str, Words | None] = {}
    for situation in situations:
        for use in pack.situations[situation].steps:
            known = use.open.get("known") if use.open else None
            question = pack.questions.get(known) if isinstance(known, str) else None
            if question is not None or use.open is None:
                events.setdefault(use.step, question.event if question else None)
    return events


def _rungs(
    ladder: Ladder,
    pack: Pack,
    steps: Mapping[str, Step],
    events: Mapping[str, Words | None],
    tracking: Tracking,
) -> list[Rung]:
    return [
        _rung(id, pack, steps.get(id), events.get(id), tracking)
        for id in ladder.steps
        if id in steps or events.get(id) is not None
    ]


def _rung(id: str, pack: Pack, step: Step | None, opens: Words | None, tracking: Tracking) -> Rung:
    record = pack.steps[id]
    about = (f"{pack.id}.{id}", id, *((record.form,) if record.form else ()))
    handed = [one for one in tracking.hand_ins if one.form in about]
    replies = tracking.replies_to(*about)
    return Rung(
        id=id,
        title=record.title,
        state=_state(step, bool(handed or replies)),
        step=step,
        channel=pack.channel(record.channel) if record.channel else None,
        opens=opens if step is None else None,
        hand_in=handed[-1] if handed else None,
        reply=replies[-1] if replies else None,
    )


def _state(step: Step | None, taken: bool) -> RungState:
    if step is None:
        return RungState.CLOSED
    if step.outcome is StepOutcome.DONE:
        return RungState.DONE
    if step.outcome is StepOutcome.COULD_NOT:
        return RungState.COULD_NOT
    if taken:
        return RungState.DONE
    return RungState.WAITING if step.waiting else RungState.NOW


def routes_of(file: CaseFile, tracking: Tracking, calls: Sequence[CallMade]) -> tuple[Route, ...]:
    """Every body that something was handed to, that was called, that answered, or that a paper is for."""
    pack = load_pack(file.case.jurisdiction)
    actions: dict[str, list[Action]] = {}
    for action in file.plan.actions:
        if action.channel is not None:
            actions.setdefault(action.channel.id, []).append(action)
    touched = [
        *(call.channel for call in calls),
        *(reply.about for reply in tracking.replies),
        *(channel for one in tracking.hand_ins for channel in _channels_of(pack, one.form)),
        *(channel for one in tracking.replies for channel in _channels_of(pack, one.about)),
    ]
    papers = [action.channel.id for action in file.plan.actions if action.form and action.channel]
    channels = dict.fromkeys((*touched, *papers))
    return tuple(
        _route(pack, id, actions.get(id, []), tracking, calls, file.now)
        for id in channels
        if id in pack.channels
    )


def _channels_of(pack: Pack, about: str) -> list[str]:
    """The bodies that a form or a step goes to."""
    return [
        step.channel
        for id, step in pack.steps.items()
        if step.channel and about in (id, f"{pack.id}.{id}", step.form)
    ][:1]


def _route(
    pack: Pack,
    channel: str,
    actions: Sequence[Action],
    tracking: Tracking,
    calls: Sequence[CallMade],
    now: datetime,
) -> Route:
    handed = [one for one in tracking.hand_ins if channel in _channels_of(pack, one.form)]
    replies = [
        one for one in tracking.replies if one.about == channel or channel in _channels_of(pack, one.about)
    ]
    mine = [call for call in calls if call.channel == channel]
    ahead = [
        action.deadline.last
        for action in actions
        if action.deadline and action.deadline.last and action.deadline.last >= now
        if tracking.outcome(action.id) is not StepOutcome.DONE
    ]
    return Route(
        channel=pack.channel(channel),
        hand_in=max(handed, key=lambda one: day_of(one.at), default=None),
        call=max(mine, key=lambda call: call.at, default=None),
        reply=max(replies, key=lambda one: day_of(one.at), default=None),
        next_date=min(ahead, default=None),
    )


def day_of(at: date | datetime) -> date:
    """The day of a hand-in or a reply."""
    return at.date() if isinstance(at, datetime) else at


@dataclass(frozen=True, slots=True)
class About:
    """Something that a reply can be about: a paper, a step, or a body."""

    id: str
    name: Words


def things_to_answer(file: CaseFile, tracking: Tracking) -> tuple[About, ...]:
    """What a reply may be about: papers and steps with a body, those handed in first, then the bodies."""
    pack = load_pack(file.case.jurisdiction)
    found: dict[str, About] = {}
    handed = {one.form for one in tracking.hand_ins}
    for action in file.plan.actions:
        if action.channel is not None:
            id = action.form or action.id
            found.setdefault(id, About(id, Words(zh=action.title_zh, en=action.title_en)))
    ordered = sorted(found.values(), key=lambda one: one.id not in handed)
    bodies = dict.fromkeys(action.channel.id for action in file.plan.actions if action.channel is not None)
    return (*ordered, *(About(id, pack.channels[id].name) for id in bodies))


def name_of(file: CaseFile, about: str, lang: str) -> str:
    """What a form, a step or a channel is called; its id where the pack does not know it (any more)."""
    pack = load_pack(file.case.jurisdiction)
    step = pack.steps.get(about.removeprefix(f"{pack.id}.")) or next(
        (one for one in pack.steps.values() if one.form == about), None
    )
    if step is not None:
        return step.title.say(lang)
    channel = pack.channels.get(about)
    return channel.name.say(lang) if channel else about
