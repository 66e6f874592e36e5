"""What a rule pack holds, as checked records. A pack is data: dated law, channels, steps and questions.

Every field that a person reads has both languages. Everything that claims something about law or a body
names a basis; a value without one does not load.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from clawback.model.plan import ActionKind, Basis, Channel, Confidence
from clawback.rules.calendar import Calendar

Text = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_]*(\.[a-z0-9][a-z0-9_]*)*$", max_length=80)]


class Record(BaseModel):
    """Base of everything in a pack: unchangeable, and unknown keys are mistakes."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Words(Record):
    """The same thing said in both languages."""

    zh: Text
    en: Text

    def say(self, lang: str) -> str:
        """The words in `lang` ("zh" or "en")."""
        return self.zh if lang == "zh" else self.en


class BasisRecord(Record):
    """Where something comes from; `text` names the law or page, the law's own language first."""

    text: Text
    url: Text
    confidence: Confidence
    checked: date

    def basis(self) -> Basis:
        """The noun shown to people and kept in exports."""
        return Basis(self.text, self.url, self.confidence, self.checked)


class ChannelRecord(Record):
    """A genuine body: how it is reached, what it is for, and what it is not for."""

    name: Words
    phone: Text | None = None
    url: Text | None = None
    use_for: Words
    not_for: Words
    basis: Id


class DeadlineKind(StrEnum):
    """What kind of clock a rule is (field `kind` of the knowledge tables)."""

    GOLDEN = "golden"  # money can still be stopped
    VICTIM_MUST = "victim_must"  # a right is lost if missed
    RECIPIENT_MUST = "recipient_must"  # the other side must act; escalate if it does not
    VALIDITY = "validity"  # a measure lapses
    ADVICE = "advice"  # a good time, nothing is lost


class Unit(StrEnum):
    """What a value counts. Minutes and hours ignore holidays."""

    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"
    WORKING_DAYS = "working_days"
    MONTHS = "months"
    YEARS = "years"


class DeadlineValue(Record):
    """The length that holds from a date on. `safety`: days taken off the end, because somebody else needs
    them (a card issuer's own limit): the user's date is that much earlier."""

    value: Annotated[int, Field(ge=0, le=36_600)]
    unit: Unit
    basis: Annotated[tuple[Id, ...], Field(min_length=1)]
    safety: Annotated[int, Field(ge=0, le=60)] = 0


class DeadlineRule(Record):
    """One clock. `values`: by the date from which each holds; None means it ended on that date.

    `trigger`: events that start it, the first known one counts. `roll`: a last day that falls on a day off
    moves to the next working day. `lost`: what missing it costs, or what to do when the other side does.
    `ask`: the trigger to ask for when none is known (the first unless said).
    """

    title: Words
    kind: DeadlineKind
    trigger: Annotated[tuple[Id, ...], Field(min_length=1)]
    ask: Id | None = None
    values: Annotated[Mapping[date, DeadlineValue | None], Field(min_length=1)]
    roll: bool = False
    lost: Words

    def value_on(self, day: date) -> DeadlineValue | None:
        """The value in force on `day`, or None before the first and after the end."""
        started = [since for since in self.values if since <= day]
        return self.values[max(started)] if started else None


Condition = Annotated[Mapping[str, object], Field(max_length=1, min_length=1)]
"""A condition as written; `clawback.rules.evaluate` checks and answers it."""


class StepRecord(Record):
    """One thing to do. `form`: id of the filing that serves it. `deadline`: id of its clock.

    `starts`: the event that doing it is ("reported_to_police" for question dates.reported_to_police).
    `replies`: the event that a reply to it is, by its result ("refused": "refusal_notice_received").
    """

    kind: ActionKind
    title: Words
    why: Words
    basis: Annotated[tuple[Id, ...], Field(min_length=1)]
    channel: Id | None = None
    deadline: Id | None = None
    form: Id | None = None
    starts: Id | None = None
    replies: Mapping[Id, Id] = Field(default_factory=dict)


When = Literal["now", "today", "week", "later"]


class StepUse(Record):
    """A step in a situation. `when_old`: used instead of `when` once the newest payment is past stopping.

    `open`: the step belongs in the plan only if this holds. `unknown`: what to do while a fact that `open`
    needs is missing: "ask" leaves the step out and asks, "show" keeps it in.
    """

    step: Id
    when: When
    when_old: When | None = None
    open: Condition | None = None
    unknown: Literal["ask", "show"] = "ask"


class Ladder(Record):
    """A road upwards: its steps from the first rung, each the next one when that before it does not help."""

    name: Words
    steps: Annotated[tuple[Id, ...], Field(min_length=2)]


class Signs(Record):
    """Words in the evidence that speak for a situation. One strong one suffices; or three weak ones."""

    strong: tuple[Text, ...] = ()
    weak: tuple[Text, ...] = ()


class Situation(Record):
    """What happened to the person. `urgency`: lower comes first when several apply.

    `outlook`: what may honestly be said about hope.
    """

    name: Words
    describe: Words
    urgency: int
    outlook: Words
    signs: Signs = Signs()
    steps: Annotated[tuple[StepUse, ...], Field(min_length=1)]


class Notice(Record):
    """Honest words beside the plan. Empty `situations`: for all. `urgent`: said before all else."""

    text: Words
    basis: tuple[Id, ...] = ()
    situations: tuple[Id, ...] = ()
    open: Condition | None = None
    urgent: bool = False


class QuestionKind(StrEnum):
    """How an answer is read."""

    TEXT = "text"
    CHOICE = "choice"
    DATE = "date"
    DATETIME = "datetime"
    MONEY = "money"
    YES_NO = "yes_no"


class Choice(Record):
    """One answer of a choice question."""

    id: Id
    label: Words


class Question(Record):
    """One question to the person. `event`: for questions about dates, how the event is called in a sentence
    ("您收到不予立案通知书" / "you received the notice"). `many`: several choices may be given.

    `situations`: asked in these only (empty: in all). `open`: asked only if this holds.
    """

    id: Id
    ask: Words
    kind: QuestionKind
    hint: Words | None = None
    choices: tuple[Choice, ...] = ()
    many: bool = False
    event: Words | None = None
    situations: tuple[Id, ...] = ()
    open: Condition | None = None

    @model_validator(mode="after")
    def _choices_fit_kind(self) -> Question:
        if (self.kind is QuestionKind.CHOICE) != bool(self.choices):
            raise ValueError("choices belong to kind choice, and only there")
        return self


class NeverSay(Record):
    """Something that no text of ours may say. `patterns`: regular expressions tried on each sentence;
    `unless`: a sentence that also matches this is a warning against it, not the thing itself."""

    why: Words
    instead: Words
    patterns: Annotated[tuple[Text, ...], Field(min_length=1)]
    unless: tuple[Text, ...] = ()

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        return re.compile("|".join(self.patterns), re.IGNORECASE)

    @cached_property
    def _exception(self) -> re.Pattern[str] | None:
        return re.compile("|".join(self.unless), re.IGNORECASE) if self.unless else None

    def found_in(self, sentence: str) -> str | None:
        """The words in `sentence` that must not be said, or None."""
        found = self._pattern.search(sentence)
        if found is None or (self._exception is not None and self._exception.search(sentence)):
            return None
        return found.group()


class Change(Record):
    """One entry of a pack's own changelog: what changed, which dates and steps it touches."""

    version: Text
    date: date
    text: Words
    touches: tuple[Id, ...] = ()


class CalendarRecord(Record):
    """Which days are worked. `country`, `subdivision`: names in the `holidays` library. `yearly_notice`: the
    days off are announced year by year (holidays.yaml); a year without notice is provisional."""

    name: Words
    country: Text | None = None
    subdivision: Text | None = None
    yearly_notice: bool

    @model_validator(mode="after")
    def _place_exists(self) -> CalendarRecord:
        if self.country is not None:
            try:
                holidays.country_holidays(self.country, subdiv=self.subdivision)
            except NotImplementedError as error:
                raise ValueError(f"no days off are known for {self.country} {self.subdivision}") from error
        return self


class Head(Record):
    """pack.yaml: who the pack is. `zone`: IANA zone of its clocks. `forms`: filings that it may name.

    `crisis_words`: words in the evidence that bring the human help line before everything else.
    """

    id: Id
    version: Text
    name: Words
    languages: tuple[Literal["zh", "en"], ...]
    zone: Text
    currency: Text
    checked_on: date
    crisis_channel: Id
    crisis_words: Annotated[tuple[Text, ...], Field(min_length=1)]
    emergency_channel: Id
    calendar: CalendarRecord
    forms: tuple[Id, ...] = ()
    changes: Annotated[tuple[Change, ...], Field(min_length=1)]

    @field_validator("zone")
    @classmethod
    def _zone_exists(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError) as error:
            raise ValueError(f"{zone} is not an IANA zone") from error
        return zone


class Pack(Record):
    """A whole rule pack, checked: every id that one part names exists in the other."""

    head: Head
    bases: Mapping[Id, BasisRecord]
    channels: Mapping[Id, ChannelRecord]
    deadlines: Mapping[Id, DeadlineRule]
    steps: Mapping[Id, StepRecord]
    ladders: Mapping[Id, Ladder]
    situations: Mapping[Id, Situation]
    notices: Mapping[Id, Notice]
    questions: Mapping[Id, Question]
    never_say: Mapping[Id, NeverSay]
    calendar: Calendar

    @property
    def id(self) -> str:
        """Jurisdiction, e.g. "cn"."""
        return self.head.id

    @property
    def version(self) -> str:
        """Version of the pack's content."""
        return self.head.version

    def basis(self, *ids: str) -> tuple[Basis, ...]:
        """The bases of these ids, in order."""
        return tuple(self.bases[i].basis() for i in ids)

    def channel(self, id: str) -> Channel:
        """The channel of this id. KeyError when the pack has none."""
        found = self.channels[id]
        return Channel(
            id, found.name.zh, found.name.en, found.phone, found.url, self.bases[found.basis].basis()
        )

    @property
    def crisis(self) -> Channel:
        """A human help line for words of crisis."""
        return self.channel(self.head.crisis_channel)

    @property
    def emergency(self) -> Channel:
        """Whom to call first when money has just left."""
        return self.channel(self.head.emergency_channel)
