"""Loads rule packs from YAML, all or nothing: half a pack is no pack.

Layout of a pack folder: pack.yaml, basis.yaml, channels.yaml, steps.yaml, notices.yaml, interview.yaml,
never_say.yaml, holidays.yaml (only with a yearly notice), deadlines/*.yaml (mappings of rules, any number
of files), situations/<id>.yaml (one each). `forms/` and `tests/` belong to others and are not read here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

from pydantic import TypeAdapter

from clawback.rules.calendar import Calendar, YearPlan
from clawback.rules.evaluate import facts_named
from clawback.rules.pack import (
    BasisRecord,
    ChannelRecord,
    DeadlineRule,
    Head,
    Id,
    Ladder,
    NeverSay,
    Notice,
    Pack,
    Question,
    Record,
    Situation,
    StepRecord,
)
from clawback.rules.yaml_text import Document, read_yaml, refusal, typed

SHIPPED = Path(__file__).resolve().parent.parent / "rulepacks"

_T = TypeVar("_T")


def shipped_packs() -> tuple[str, ...]:
    """Ids of the packs that come with the program, the invented "xx" left out."""
    return tuple(sorted(p.parent.name for p in SHIPPED.glob("*/pack.yaml") if p.parent.name != "xx"))


@lru_cache(maxsize=16)
def load_pack(id: str, folder: Path | None = None) -> Pack:
    """The rule pack `id`, from `folder` (the pack's own folder) or from those that come with the program.

    Raises RulePackError naming file, line if known, and key. Loaded once per process and folder.
    """
    if not re.fullmatch(r"[a-z]{2,8}", id):
        raise refusal(id, None, "id", "is not the id of a pack")
    root = folder if folder is not None else SHIPPED / id
    pack = _read_pack(root)
    if pack.id != id:
        raise refusal("pack.yaml", None, "id", f"is {pack.id}, but {id} was asked for")
    _check_references(pack)
    return pack


def _read_pack(root: Path) -> Pack:
    head = _file(root, "pack.yaml", TypeAdapter(Head))
    return Pack(
        head=head,
        bases=_file(root, "basis.yaml", TypeAdapter(dict[Id, BasisRecord])),
        channels=_file(root, "channels.yaml", TypeAdapter(dict[Id, ChannelRecord])),
        deadlines=_deadlines(root),
        steps=_file(root, "steps.yaml", TypeAdapter(dict[Id, StepRecord])),
        ladders=_ladders(root),
        situations={
            path.stem: _file(root, f"situations/{path.name}", TypeAdapter(Situation))
            for path in sorted((root / "situations").glob("*.yaml"))
        },
        notices=_file(root, "notices.yaml", TypeAdapter(dict[Id, Notice])),
        questions=_questions(root),
        never_say=_never_say(root),
        calendar=_calendar(root, head),
    )


def _file(root: Path, name: str, adapter: TypeAdapter[_T]) -> _T:
    return typed(read_yaml(root / name, name), adapter)


def _ladders(root: Path) -> Mapping[str, Ladder]:
    """A pack may have none."""
    if not (root / "ladders.yaml").is_file():
        return {}
    return _file(root, "ladders.yaml", TypeAdapter(dict[Id, Ladder]))


def _deadlines(root: Path) -> Mapping[str, DeadlineRule]:
    rules: dict[str, DeadlineRule] = {}
    for path in sorted((root / "deadlines").glob("*.yaml")):
        name = f"deadlines/{path.name}"
        document = read_yaml(path, name)
        found = typed(document, TypeAdapter(dict[Id, DeadlineRule]))
        for key, rule in found.items():
            if key in rules:
                raise refusal(name, document.line_of((key,)), key, "stands in another file too")
            rules[key] = rule
    return rules


def _questions(root: Path) -> Mapping[str, Question]:
    document = read_yaml(root / "interview.yaml", "interview.yaml")
    listed = typed(document, TypeAdapter(list[Question]))
    questions: dict[str, Question] = {}
    for place, question in enumerate(listed):
        if question.id in questions:
            raise refusal(document.name, document.line_of((place,)), question.id, "stands twice")
        questions[question.id] = question
    return questions


def _never_say(root: Path) -> Mapping[str, NeverSay]:
    document = read_yaml(root / "never_say.yaml", "never_say.yaml")
    rules = typed(document, TypeAdapter(dict[Id, NeverSay]))
    for key, rule in rules.items():
        for pattern in (*rule.patterns, *rule.unless):
            try:
                re.compile(pattern)
            except re.error as error:
                raise refusal(document.name, document.line_of((key,)), key, f"{pattern}: {error}") from error
    return rules


class _YearRecord(Record):
    notice: str
    off: tuple[str, ...]
    work: tuple[str, ...] = ()


def _calendar(root: Path, head: Head) -> Calendar:
    plans: dict[int, YearPlan] = {}
    if head.calendar.yearly_notice:
        document = read_yaml(root / "holidays.yaml", "holidays.yaml")
        years = typed(document, TypeAdapter(dict[int, _YearRecord]))
        plans = {year: _year_plan(document, year, record) for year, record in years.items()}
    return Calendar(
        name=head.calendar.name.en,
        plans=plans,
        country=head.calendar.country,
        subdivision=head.calendar.subdivision,
        always_known=not head.calendar.yearly_notice,
    )


def _year_plan(document: Document, year: int, record: _YearRecord) -> YearPlan:
    try:
        plan = YearPlan(off=_days(record.off), work=_days(record.work))
    except ValueError as error:
        raise refusal(document.name, document.line_of((str(year),)), str(year), str(error)) from error
    if any(day.year != year for day in plan.off | plan.work) or plan.off & plan.work:
        line = document.line_of((str(year),))
        raise refusal(document.name, line, str(year), "holds a day of another year, or one twice")
    return plan


def _days(ranges: Iterable[str]) -> frozenset[date]:
    days: set[date] = set()
    for text in ranges:
        first, _, last = text.partition("..")
        start, end = date.fromisoformat(first), date.fromisoformat(last or first)
        if not 0 <= (end - start).days <= 31:
            raise ValueError(f"{text} is not a range of days off")
        days.update(start + timedelta(days=n) for n in range((end - start).days + 1))
    return frozenset(days)


def _check_references(pack: Pack) -> None:
    """Every id that one part names must exist in the other."""
    checks = [
        *_channel_references(pack),
        *_deadline_references(pack),
        *_step_references(pack),
        *_situation_references(pack),
        *_question_references(pack),
    ]
    for file, key, name, known in checks:
        if name not in known:
            raise refusal(file, None, key, f"names {name}, which the pack does not have")
    _check_conditions(pack)


_Reference = tuple[str, str, str, Iterable[str]]


def _channel_references(pack: Pack) -> Iterable[_Reference]:
    yield "pack.yaml", "crisis_channel", pack.head.crisis_channel, pack.channels
    yield "pack.yaml", "emergency_channel", pack.head.emergency_channel, pack.channels
    for id, channel in pack.channels.items():
        yield "channels.yaml", id, channel.basis, pack.bases
    for id, notice in pack.notices.items():
        for basis in notice.basis:
            yield "notices.yaml", id, basis, pack.bases
        for situation in notice.situations:
            yield "notices.yaml", id, situation, pack.situations


def _deadline_references(pack: Pack) -> Iterable[_Reference]:
    for id, rule in pack.deadlines.items():
        for trigger in (*rule.trigger, rule.ask or rule.trigger[0]):
            yield "deadlines", id, f"dates.{trigger}", pack.questions
        for value in rule.values.values():
            for basis in value.basis if value else ():
                yield "deadlines", id, basis, pack.bases


def _step_references(pack: Pack) -> Iterable[_Reference]:
    for id, step in pack.steps.items():
        for basis in step.basis:
            yield "steps.yaml", id, basis, pack.bases
        if step.channel:
            yield "steps.yaml", id, step.channel, pack.channels
        if step.deadline:
            yield "steps.yaml", id, step.deadline, pack.deadlines
        if step.form:
            yield "steps.yaml", id, step.form, pack.head.forms
        for event in filter(None, (step.starts, *step.replies.values())):
            yield "steps.yaml", id, f"dates.{event}", pack.questions
    for id, ladder in pack.ladders.items():
        for rung in ladder.steps:
            yield "ladders.yaml", id, rung, pack.steps


def _situation_references(pack: Pack) -> Iterable[_Reference]:
    for id, situation in pack.situations.items():
        for use in situation.steps:
            yield f"situations/{id}.yaml", use.step, use.step, pack.steps


def _question_references(pack: Pack) -> Iterable[_Reference]:
    for id, question in pack.questions.items():
        for situation in question.situations:
            yield "interview.yaml", id, situation, pack.situations
    situation_question = pack.questions.get("situation")
    for choice in situation_question.choices if situation_question else ():
        yield "interview.yaml", "situation", choice.id, (*pack.situations, "other")


def _check_conditions(pack: Pack) -> None:
    conditions = [
        *((f"situations/{id}.yaml", u.step, u.open) for id, s in pack.situations.items() for u in s.steps),
        *(("notices.yaml", id, notice.open) for id, notice in pack.notices.items()),
        *(("interview.yaml", id, question.open) for id, question in pack.questions.items()),
    ]
    for file, key, condition in conditions:
        try:
            named = facts_named(condition)
        except ValueError as error:
            raise refusal(file, None, key, str(error)) from error
        for fact in named:
            if not _is_fact(pack, fact):
                raise refusal(file, None, key, f"asks for {fact}, which nothing states")


CASE_FACTS = (
    "methods",
    "situations",
    "pending_payment",
    "newest_payment",
    "paid_total",
    "flags.recovery_offer_seen",
    "flags.crisis_words_seen",
)
"""Facts that come from the case itself rather than from an answer."""


def _is_fact(pack: Pack, name: str) -> bool:
    return name in CASE_FACTS or name.removeprefix("answers.") in pack.questions
