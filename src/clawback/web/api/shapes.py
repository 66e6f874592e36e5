"""What the API's answers look like: the words of the export (docs/export.md), one vocabulary for both.

A key that is null says that the evidence does not tell. Answers may grow new keys; these stay.
"""

from __future__ import annotations

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from clawback.desk.tracking import StepOutcome
from clawback.model.card import Chance
from clawback.model.events import AccountKind, Direction, Method, TransferStatus
from clawback.model.evidence import Grade, Outcome, Severity
from clawback.model.ledger import Scope, TimelineKind
from clawback.model.moments import Precision, ZoneBasis
from clawback.model.plan import ActionKind


class Shape(BaseModel):
    """Base of all answers. Read strictly here, so that a test sees a key that nobody declared."""

    model_config = ConfigDict(extra="forbid")


class Instant(Shape):
    """A time as exactly as it is known, and how its zone is known."""

    instant: str
    precision: Precision
    zone_basis: ZoneBasis


class Money(Shape):
    """An exact sum; the value is text, so that no reader rounds it."""

    value: str = Field(pattern=r"^-?[0-9]+(\.[0-9]+)?$")
    currency: str


class AccountShape(Shape):
    """An account as the evidence shows it."""

    name: str | None
    institution: str | None
    account: str | None
    kind: AccountKind


class SourceShape(Shape):
    """Where a fact was read."""

    exhibit: int
    locator: str
    text: str
    reader: str
    certainty: int


class ReasonShape(Shape):
    """Why something was proposed."""

    code: str
    detail: str
    records: list[str]


class ProblemShape(Shape):
    """Something wrong with or unread in the evidence."""

    code: str
    exhibit: int
    locator: str
    detail: str
    severity: Severity


class Said(Shape):
    """A sentence in both languages."""

    zh: str
    en: str


class CaseHead(Shape):
    """Whose case, by which clock, in which state of the log."""

    id: str
    jurisdiction: str
    lang: str
    zone: str
    opened_at: str
    encrypted: bool
    now: str
    situations: list[str]
    rule_pack: str
    log_size: int
    log_root: str


class Reading(Shape):
    """How far reading in the background is. `error`: code of what stopped it."""

    running: bool
    done: int
    total: int
    name: str
    waiting: int = Field(description="sealed exhibits that are not read yet")
    error: str | None


class Counts(Shape):
    """How much there is."""

    exhibits: int
    messages: int
    transfers: int
    possible_matches: int
    problems: int
    statements: int


class CaseEntry(Shape):
    """One case of the list. Nothing of its content."""

    id: str
    encrypted: bool
    open: bool


class CaseState(CaseEntry):
    """One case. `case`, `counts` and `reading` are null while it is locked."""

    case: CaseHead | None
    counts: Counts | None
    reading: Reading | None


class ExhibitShape(Shape):
    """One sealed original."""

    number: int
    name: str
    names: list[str]
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")
    size: int
    media_type: str
    parent: int | None
    sealed_at: str
    grade: Grade
    outcome: Outcome
    reason: str | None
    reader: str | None
    problems: list[ProblemShape]


class MessageShape(Shape):
    """Somebody said something."""

    id: str
    moment: Instant | None
    sender: str | None
    own: bool | None
    text: str
    channel: str
    conversation: str | None
    attachments: list[str]
    sources: list[SourceShape]


class ClaimShape(Shape):
    """What some sources say of a fact."""

    text: str
    sources: list[SourceShape]


class ConflictShape(Shape):
    """Claims on one fact that exclude each other; the first one holds."""

    fact: str
    claims: list[ClaimShape]
    settled: bool


class TransferShape(Shape):
    """One real-world transfer with every record that shows it."""

    id: str
    members: list[str]
    merge_reasons: list[ReasonShape]
    moment: Instant | None
    amount: Money
    direction: Direction
    scope: Scope
    scope_reason: str
    scope_reasons: list[ReasonShape]
    confirmed: bool
    status: TransferStatus
    method: Method
    reference: str | None
    merchant_reference: str | None
    note: str | None
    fee: Money | None
    payer: AccountShape
    payee: AccountShape
    sources: list[SourceShape]
    conflicts: list[ConflictShape]


class MatchShape(Shape):
    """Two records that may be one transfer."""

    first: str
    second: str
    reason: ReasonShape


class TimelineShape(Shape):
    """One line of the timeline."""

    moment: Instant | None
    kind: TimelineKind
    record: str
    who: str | None
    text: str
    sources: list[SourceShape]


class LossShape(Shape):
    """Sums in one currency. lost = sent - returned."""

    currency: str
    sent: str
    returned: str
    lost: str
    unsure: str
    transfers: list[str]


class CardLineShape(Shape):
    """One transfer on the card with its ten facts."""

    transfer: str
    chance: Chance
    call: str | None
    facts: dict[str, str | None]
    sources: dict[str, list[SourceShape]]
    missing: list[str]
    say: Said


class CardShape(Shape):
    """The emergency card, best chance first."""

    call_now: str | None
    lines: list[CardLineShape]


class BasisShape(Shape):
    """Where a rule comes from, and when that was checked."""

    text: str
    url: str
    confidence: str
    checked_on: str


class ClockShape(Shape):
    """Why a step has its last day."""

    rule: str
    pack_version: str
    trigger: str
    trigger_at: str | None
    last: str | None
    firm: bool
    why: Said
    question: str | None


class StepShape(Shape):
    """One step of the plan."""

    id: str
    order: int
    title: str
    why: str
    titles: Said
    whys: Said
    kind: ActionKind
    when: str
    deadline: str | None
    clock: ClockShape | None
    basis: list[BasisShape]
    confidence: str | None
    channel: str | None
    form: str | None
    situations: list[str]


class StepMarkShape(Shape):
    """The latest word on a step. `on`: the day it was done, where the person said so."""

    outcome: StepOutcome
    reason: str
    note: str
    on: str | None
    noted_at: str


class PlanShape(Shape):
    """The plan at `made_at`, and what became of its steps (`marks`, by id)."""

    made_at: str
    situations: list[str]
    rule_pack: str
    steps: list[StepShape]
    marks: dict[str, StepMarkShape]
    notices: list[Said]


class StatementShape(Shape):
    """One answer of the user."""

    question: str
    subject: str
    value: str
    moment: Instant | None
    sources: list[SourceShape]


class ChoiceShape(Shape):
    """One answer to choose."""

    id: str
    label: Said


class QuestionShape(Shape):
    """One question to the person."""

    id: str
    ask: Said
    kind: Literal["text", "choice", "date", "datetime", "money", "yes_no"]
    many: bool
    choices: list[ChoiceShape]


class FilingShape(Shape):
    """A paper that was made."""

    form: str
    recipient: str
    files: list[str]
    sha256: list[str]
    missing: list[str]
    made_at: str
    log_size: int
    log_root: str


class FormShape(Shape):
    """A paper that can be made."""

    form: str
    title: str


class ChannelShape(Shape):
    """A genuine body and how it is reached."""

    id: str
    name: Said
    phone: str | None
    url: str | None


class LineShape(Shape):
    """A number to call."""

    role: Literal["talk", "emergency", "advice"]
    channel: ChannelShape


class FindingShape(Shape):
    """One thing that is not as it was sealed. `damage` false: takes nothing away."""

    code: str
    exhibit: int | None
    line: int | None
    detail: str
    damage: bool


class Page(Shape):
    """A piece of a list. `next`: cursor of the piece after it, null at the end. `total`: of the whole."""

    total: int
    next: str | None


class Cases(Page):
    """Cases, newest first."""

    items: list[CaseEntry]


class Evidence(Page):
    """Exhibits by number."""

    items: list[ExhibitShape]


class Messages(Page):
    """Messages in the order in which they were written."""

    items: list[MessageShape]


class Timeline(Page):
    """The timeline, undated lines last."""

    items: list[TimelineShape]


class Transfers(Page):
    """Transfers."""

    items: list[TransferShape]


class Matches(Page):
    """Pairs that wait for a decision."""

    items: list[MatchShape]


class Statements(Page):
    """Everything that the user stated."""

    items: list[StatementShape]


class Losses(Shape):
    """Sums per currency."""

    items: list[LossShape]


class Questions(Shape):
    """Open questions in the order in which they matter."""

    items: list[QuestionShape]


class Papers(Shape):
    """What can be made, and what was made."""

    forms: list[FormShape]
    filings: list[FilingShape]


class Made(Shape):
    """The paper just made."""

    form: str
    recipient: str
    files: list[str]
    missing: list[str]


class Answered(Shape):
    """`exhibit`: number of the statement that was sealed; null when every answer was known already."""

    exhibit: int | None


class HelpLines(Shape):
    """Numbers to call, the most urgent need first."""

    items: list[LineShape]


class Verified(Shape):
    """What a verification found."""

    damaged: bool
    complete: bool
    exhibits: int
    log_size: int
    log_root: str
    findings: list[FindingShape]


class Document(BaseModel):
    """The whole case, described in docs/export.md."""

    model_config = ConfigDict(extra="allow")

    schema_: Literal["clawback.case/1"] = Field(alias="schema")
    case: CaseHead
    exhibits: list[ExhibitShape]
    messages: list[MessageShape]
    transfers: list[TransferShape]
    timeline: list[TimelineShape]
    losses: list[LossShape]
    card: CardShape
    plan: list[StepShape]
    statements: list[StatementShape]
    problems: list[ProblemShape]
    filings: list[FilingShape]
