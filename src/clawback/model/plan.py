"""What to do: actions, deadlines, channels. Law arrives here only with its basis and its date."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class Confidence(StrEnum):
    """How a rule is known; decides whether it may give a date (product promise 7).

    Codes of the knowledge files: P text of the law or the body's own page read; R reproduced in a public
    repository, form or official app text; S secondary text; M from memory: never a date.
    """

    PRIMARY = "P"
    REPRODUCED = "R"
    SECONDARY = "S"
    MEMORY = "M"


class ActionKind(StrEnum):
    """Which road a step belongs to; criminal, consumer and civil routes are kept apart."""

    STOP = "stop"  # stop the money or the harm now
    PRESERVE = "preserve"  # keep evidence
    REPORT = "report"  # police
    BANK = "bank"  # bank or payment company
    PLATFORM = "platform"
    REGULATOR = "regulator"  # consumer and market regulators, ombudsmen
    CIVIL = "civil"  # court, arbitration, lawyer
    PROTECT = "protect"  # the user's own accounts, data, well-being
    WARN = "warn"  # what not to do


@dataclass(frozen=True, slots=True)
class Basis:
    """Where a rule comes from. `confidence` M never yields a date; `checked_on` is shown to the user."""

    text: str
    url: str
    confidence: Confidence
    checked_on: date


@dataclass(frozen=True, slots=True)
class Deadline:
    """A last moment computed from a rule, a trigger and a calendar; it keeps all three.

    `last`: last day (or, with `hours`, the instant) to act; None when the trigger date is unknown, then
    `question` asks for it. `firm` False: soft reminder, shown as "about" (secondary source or calendar not
    yet published). `why_zh`/`why_en`: one sentence "why this date".
    """

    rule_id: str
    pack_version: str
    trigger: str
    trigger_at: datetime | None
    last: datetime | None
    firm: bool
    why_zh: str
    why_en: str
    question: str | None = None


@dataclass(frozen=True, slots=True)
class Channel:
    """A genuine body and how it is reached. `phone`/`url` None: not known from a source."""

    id: str
    name_zh: str
    name_en: str
    phone: str | None
    url: str | None
    basis: Basis


@dataclass(frozen=True, slots=True)
class Action:
    """One step for a person. `id` is stable ("cn.report_police"). `order`: position in the plan from 1.

    `when`: "now", "today", "week" or "later". `form`: id of the filing that serves this step, or None.
    """

    id: str
    order: int
    kind: ActionKind
    when: str
    title_zh: str
    title_en: str
    why_zh: str
    why_en: str
    basis: tuple[Basis, ...]
    channel: Channel | None = None
    deadline: Deadline | None = None
    form: str | None = None
    situations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps in order, the questions that would sharpen them, and honest words on the outlook."""

    jurisdiction: str
    pack_version: str
    situations: tuple[str, ...]
    made_at: datetime
    actions: tuple[Action, ...]
    questions: tuple[str, ...]
    notices_zh: tuple[str, ...]
    notices_en: tuple[str, ...]
