"""Chooses the steps for a case, in the order of what can still be stopped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from clawback.model.moments import Moment
from clawback.model.plan import Action, Deadline, Plan
from clawback.plan.deadlines import compute_deadline
from clawback.plan.facts import CaseFacts, is_past_stopping, known_dates, rule_facts
from clawback.rules.evaluate import Fact, Truth, evaluate
from clawback.rules.pack import DeadlineKind, Notice, Pack, StepUse, When, Words

UNSURE = "unsure"
"""The situation used while nothing is confirmed and nothing is proposed: the steps that are always right."""

_WHENS: tuple[When, ...] = ("now", "today", "week", "later")
_CLOSE = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A step with its place in the plan and every situation that asks for it."""

    step: str
    when: When
    place: tuple[int, int]
    situations: tuple[str, ...]


def choose_plan(facts: CaseFacts, pack: Pack, now: datetime) -> Plan:
    """The plan for `facts` at `now` (aware), in both languages.

    Steps of all situations are joined, each once, at the earliest time that any of them sets. A step whose
    condition is not known is left out and its question asked, unless the pack says to show it. While no
    situation is confirmed, proposed ones are used and a notice says so; with none, the steps that are always
    right. KeyError for a situation that the pack does not have.
    """
    situations = facts.situations or tuple(p.situation for p in facts.proposed) or (UNSURE,)
    known = rule_facts(facts, pack) | {"situations": frozenset(situations)}
    chosen, questions = _choose(situations, known, pack, now, is_past_stopping(facts, now))
    dates = known_dates(facts, pack)
    actions = _actions(chosen, pack, dates, now)
    asked = [a.deadline.question for a in actions if a.deadline and a.deadline.question]
    unconfirmed = [] if facts.situations else ["situation"]
    notices = _notices(facts, situations, known, pack, now)
    return Plan(
        jurisdiction=pack.id,
        pack_version=pack.version,
        situations=facts.situations,
        made_at=now,
        actions=actions,
        questions=tuple(dict.fromkeys([*unconfirmed, *questions, *asked])),
        notices_zh=tuple(zh for zh, _ in notices),
        notices_en=tuple(en for _, en in notices),
    )


def _choose(
    situations: tuple[str, ...], known: Mapping[str, Fact], pack: Pack, now: datetime, old: bool
) -> tuple[list[_Chosen], list[str]]:
    chosen: dict[str, _Chosen] = {}
    questions: list[str] = []
    for id in situations:
        situation = pack.situations[id]
        for index, use in enumerate(situation.steps):
            finding = evaluate(use.open, known, now)
            if finding.truth is Truth.UNKNOWN:
                questions += [q for name in finding.missing if (q := _question_of(name, pack))]
            if finding.truth is Truth.TRUE or (finding.truth is Truth.UNKNOWN and use.unknown == "show"):
                place = (situation.urgency, index)
                _join(chosen, _Chosen(use.step, _when(use, old), place, (id,)))
    return list(chosen.values()), questions


def _join(chosen: dict[str, _Chosen], new: _Chosen) -> None:
    old = chosen.get(new.step)
    if old is None:
        chosen[new.step] = new
        return
    when = min(old.when, new.when, key=_WHENS.index)
    chosen[new.step] = _Chosen(new.step, when, min(old.place, new.place), (*old.situations, *new.situations))


def _when(use: StepUse, old: bool) -> When:
    return use.when_old if old and use.when_old else use.when


def _question_of(fact: str, pack: Pack) -> str | None:
    """The question that would settle `fact`, or None if only evidence can."""
    question = fact.removeprefix("answers.")
    return question if question in pack.questions else None


def _actions(
    chosen: list[_Chosen], pack: Pack, dates: Mapping[str, Moment], now: datetime
) -> tuple[Action, ...]:
    dated = [(item, _deadline(item.step, pack, dates, now)) for item in chosen]
    ranked = sorted(
        dated, key=lambda pair: (_WHENS.index(_pressing(pair[0], pair[1], pack, now)), pair[0].place)
    )
    return tuple(
        _action(item, order, _pressing(item, deadline, pack, now), deadline, pack)
        for order, (item, deadline) in enumerate(ranked, start=1)
    )


def _deadline(step: str, pack: Pack, dates: Mapping[str, Moment], now: datetime) -> Deadline | None:
    rule = pack.steps[step].deadline
    return compute_deadline(rule, pack, dates, now) if rule else None


def _pressing(item: _Chosen, deadline: Deadline | None, pack: Pack, now: datetime) -> When:
    """When to do it: a right that lapses within three days is for today, whatever the pack said."""
    if deadline is None or deadline.last is None or item.when in ("now", "today"):
        return item.when
    must = pack.deadlines[deadline.rule_id].kind is DeadlineKind.VICTIM_MUST
    return "today" if must and now <= deadline.last <= now + _CLOSE else item.when


def _action(item: _Chosen, order: int, when: When, deadline: Deadline | None, pack: Pack) -> Action:
    step = pack.steps[item.step]
    return Action(
        id=f"{pack.id}.{item.step}",
        order=order,
        kind=step.kind,
        when=when,
        title_zh=step.title.zh,
        title_en=step.title.en,
        why_zh=step.why.zh,
        why_en=step.why.en,
        basis=pack.basis(*step.basis),
        channel=pack.channel(step.channel) if step.channel else None,
        deadline=deadline,
        form=step.form,
        situations=item.situations,
    )


def _notices(
    facts: CaseFacts, situations: tuple[str, ...], known: Mapping[str, Fact], pack: Pack, now: datetime
) -> list[tuple[str, str]]:
    """Urgent notices, then that a proposal is only that, then outlooks, then the pack's other notices."""
    due = [notice for notice in pack.notices.values() if _concerns(notice, situations, known, now)]
    said = [notice.text for notice in due if notice.urgent]
    if not facts.situations and facts.proposed:
        said.append(_proposal_notice(facts, pack))
    said += [pack.situations[id].outlook for id in situations]
    said += [notice.text for notice in due if not notice.urgent]
    return list(dict.fromkeys((words.zh, words.en) for words in said))


def _concerns(notice: Notice, situations: tuple[str, ...], known: Mapping[str, Fact], now: datetime) -> bool:
    concerned = not notice.situations or bool(set(notice.situations) & set(situations))
    return concerned and evaluate(notice.open, known, now).truth is Truth.TRUE


def _proposal_notice(facts: CaseFacts, pack: Pack) -> Words:
    zh = "、".join(pack.situations[p.situation].name.zh for p in facts.proposed)
    en = ", ".join(pack.situations[p.situation].name.en for p in facts.proposed)
    words = [reason.detail for p in facts.proposed for reason in p.reasons][:6]
    quoted_zh, quoted_en = "”“".join(words), ", ".join(f"“{word}”" for word in words)
    return Words(
        zh=f"您还没有选择情况。证据里出现了“{quoted_zh}”，所以先按“{zh}”列出步骤，请您确认或更正。",
        en=f"You have not chosen a situation yet. The evidence contains {quoted_en}, "
        f"so these steps are for: {en}. Please confirm or correct this.",
    )
