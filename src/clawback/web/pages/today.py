"""Today: the one next step, then the following ones, and where the money stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.checkup import list_of
from clawback.desk.interviewing import open_questions
from clawback.desk.livecase import ReadingProgress
from clawback.desk.moneyrows import unsettled_of
from clawback.desk.nextsteps import Agenda, Clock, Notices, Step, agenda_of, notices_of, steps_of
from clawback.desk.permissions import Act
from clawback.desk.records import Records
from clawback.desk.reminders import calendar_of
from clawback.desk.tracking import Reply, StepOutcome, Tracking, tracking_of
from clawback.model.casefile import CaseFile
from clawback.model.evidence import Outcome
from clawback.model.ledger import Loss
from clawback.model.money import Amount
from clawback.model.plan import ActionKind
from clawback.web import figures
from clawback.web.visit import Visit, endpoint

_WHENS = ("now", "today", "week", "later")
_NEW = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Line:
    """A step as a page shows it. `until`: its last day in words, or what stands in its place, or "".

    `opens`: what serves it: "card", "paper", "question" or "".
    """

    step: Step
    title: str
    why: str
    until: str
    tag: str
    opens: str


@dataclass(frozen=True, slots=True)
class Money:
    """The money sentence of one currency. `frozen` None: nothing is held."""

    loss: Loss
    frozen: Amount | None


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits for the person beside steps: numbers of questions, of sums, of files, and of things left to
    do for their own accounts."""

    questions: int
    pairs: int
    unsure: int
    unread: int
    checkup: int


@dataclass(frozen=True, slots=True)
class TodayPage:
    """`first`: the step that cannot wait, or None. `groups`: the other open ones by when. `after`: the step
    that was just marked. `next_dated`: what comes next when nothing must be done today."""

    now: datetime
    jurisdiction: str
    empty: bool
    first: Line | None
    groups: tuple[tuple[str, tuple[Line, ...]], ...]
    waiting: tuple[Line, ...]
    warnings: tuple[Line, ...]
    could_not: tuple[Line, ...]
    done: tuple[Line, ...]
    dated: tuple[Line, ...]
    next_dated: Line | None
    after: Line | None
    replies: tuple[Reply, ...]
    notices: Notices
    money: tuple[Money, ...]
    asks: Waiting
    reading: ReadingProgress


def today(visit: Visit) -> Response:
    """What to do now."""
    case = visit.case()
    file = case.file()
    records = case.records()
    tracking = tracking_of(records, file)
    agenda = agenda_of(file, tracking)
    asks = _asks(file, records, visit.lang)
    return visit.page("today.html", _page(visit, file, tracking, agenda, asks, case.progress), case=case)


def _page(
    visit: Visit, file: CaseFile, tracking: Tracking, agenda: Agenda, asks: Waiting, reading: ReadingProgress
) -> TodayPage:
    now = file.now
    empty = not file.exhibits and not file.statements
    first = None if empty else agenda.first
    coming = agenda.coming if first or agenda.first is None else (agenda.first, *agenda.coming)
    dated = sorted(
        (step for step in (*agenda.coming, *agenda.waiting) if step.last and not step.overdue),
        key=lambda step: step.last or now,
    )
    return TodayPage(
        now=now,
        jurisdiction=file.case.jurisdiction,
        empty=empty,
        first=line(visit, first, now) if first else None,
        groups=tuple(
            (when, tuple(line(visit, step, now) for step in coming if step.when == when))
            for when in _WHENS
            if any(step.when == when for step in coming)
        ),
        waiting=lines(visit, agenda.waiting, now),
        warnings=lines(visit, agenda.warnings, now),
        could_not=lines(visit, agenda.could_not, now),
        done=lines(visit, agenda.done, now),
        dated=lines(visit, dated, now),
        next_dated=line(visit, agenda.next_dated, now) if agenda.next_dated else None,
        after=_after(visit, agenda, now),
        replies=tuple(reply for reply in tracking.replies if now.date() - _day(reply) <= _NEW),
        notices=notices_of(file, visit.lang),
        money=money_of(file, tracking),
        asks=asks,
        reading=reading,
    )


def _after(visit: Visit, agenda: Agenda, now: datetime) -> Line | None:
    """The step that was just marked, to say so and to offer the way back."""
    marked = [step for step in (*agenda.done, *agenda.could_not) if step.action.id == visit.asked("after")]
    return line(visit, marked[0], now) if marked else None


def _day(reply: Reply) -> date:
    return reply.at.date() if isinstance(reply.at, datetime) else reply.at


def _asks(file: CaseFile, records: Records, lang: str) -> Waiting:
    own = list_of(file, records, lang)
    return Waiting(
        questions=len(open_questions(file)),
        pairs=len(file.possible_matches),
        unsure=len(unsettled_of(file)),
        unread=sum(exhibit.outcome in (Outcome.UNREAD, Outcome.PARTIAL) for exhibit in file.exhibits),
        checkup=len(own.open) if own else 0,
    )


def money_of(file: CaseFile, tracking: Tracking) -> tuple[Money, ...]:
    """The sums of each currency with what is held of it."""
    held: dict[str, Amount] = {}
    for id in dict.fromkeys(one.transfer for one in tracking.recovered):
        currency = next(one.frozen.currency for one in tracking.recovered if one.transfer == id)
        frozen = tracking.frozen(id, currency)
        held[currency] = held[currency] + frozen if currency in held else frozen
    return tuple(
        Money(loss, held[loss.currency] if loss.currency in held and held[loss.currency].value else None)
        for loss in file.losses
    )


def lines(visit: Visit, steps: Sequence[Step], now: datetime) -> tuple[Line, ...]:
    """The lines of several steps."""
    return tuple(line(visit, step, now) for step in steps)


def line(visit: Visit, step: Step, now: datetime) -> Line:
    """A step in the visitor's language."""
    zh = visit.lang == "zh"
    action = step.action
    return Line(
        step=step,
        title=action.title_zh if zh else action.title_en,
        why=action.why_zh if zh else action.why_en,
        until=until(visit, step, now),
        tag=_tag(step),
        opens=_opens(step),
    )


def _opens(step: Step) -> str:
    action = step.action
    call = action.kind is ActionKind.STOP and action.channel is not None and action.channel.phone
    if call or action.form == "stop_payment":
        return "card"
    if action.form:
        return "paper"
    return "question" if step.clock is Clock.UNKNOWN else ""


def _tag(step: Step) -> str:
    if step.outcome is not StepOutcome.NOT_YET:
        return step.outcome.value
    if step.overdue:
        return "overdue"
    return "waiting" if step.waiting else step.when


def until(visit: Visit, step: Step, now: datetime) -> str:
    """The last day in words. A rule that is not verified gives none, and says to ask."""
    if step.clock is Clock.UNVERIFIED:
        return visit.say("today.until.unverified")
    if step.clock is Clock.UNKNOWN:
        return visit.say("today.until.unknown")
    if step.last is None or step.action.deadline is None:
        return ""
    when = when_words(visit, step.last, now, to_the_hour=step.to_the_hour)
    state = f"past_{step.clock.value}" if step.overdue else step.clock.value
    said = visit.say(f"today.until.{state}", when=when)
    return said if step.action.deadline.firm else visit.say("today.about", until=said)


def when_words(visit: Visit, at: datetime, now: datetime, *, to_the_hour: bool) -> str:
    """今天 18:00; 11月26日 周四; with the year where it is another."""
    away = (at.date() - now.astimezone(at.tzinfo).date()).days
    if away in (0, 1):
        day = visit.say("today.day.today") if away == 0 else visit.say("today.day.tomorrow")
    elif at.year == now.year:
        day = figures.weekday(at, visit.lang)
    else:
        day = figures.day(at, visit.lang)
    return f"{day} {at:%H:%M}" if to_the_hour else day


def calendar(visit: Visit) -> Response:
    """Last days as a file for a calendar; it names nothing of the case unless `?full=1` asks for it."""
    case = visit.case(Act.SEE)
    file = case.file()
    steps = steps_of(file, tracking_of(case.records(), file))
    data = calendar_of(file.case, steps, file.now, visit.lang, full=visit.asked("full") == "1")
    headers = {"Content-Disposition": 'attachment; filename="reminders.ics"'}
    return Response(data, media_type="text/calendar", headers=headers)


ROUTES = (
    Route("/c/{case}/", endpoint(today)),
    Route("/c/{case}/calendar.ics", endpoint(calendar)),
)
