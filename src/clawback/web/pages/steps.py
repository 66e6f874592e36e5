"""One step: why, until when, by which law, through whom; and what became of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.livecase import LiveCase
from clawback.desk.nextsteps import Sign, Step, recovery_signs, steps_of
from clawback.desk.permissions import Act
from clawback.desk.tracking import (
    LONGEST_NOTE,
    REASONS,
    HandIn,
    Reply,
    StepOutcome,
    Tracking,
    mark_step,
    tracking_of,
)
from clawback.errors import CaseNotFound
from clawback.model.casefile import CaseFile
from clawback.model.plan import ActionKind
from clawback.web.pages.today import Line, line
from clawback.web.visit import Visit, endpoint

_NO_RECOVERY = "no_recovery_service"


@dataclass(frozen=True, slots=True)
class StepPage:
    """`saying`: the outcome whose form is open ("done", "could_not") or "". `errors`: field to sentence.

    `next`: the best step after this one. `signs`: where an offer to recover the money was found.
    """

    now: datetime
    line: Line
    saying: str
    next: Line | None
    hand_ins: tuple[HandIn, ...]
    replies: tuple[Reply, ...]
    signs: tuple[Sign, ...]
    errors: dict[str, str] = field(default_factory=dict)
    reasons: tuple[str, ...] = REASONS


def step(visit: Visit) -> Response:
    """Show a step; write down what became of it."""
    case = visit.case(Act.DECIDE if visit.posted else Act.SEE)
    file = case.file()
    tracking = tracking_of(case.records(), file)
    steps = steps_of(file, tracking)
    found = next((one for one in steps if one.action.id == visit.part("action")), None)
    if found is None:
        raise CaseNotFound("This step is not in the plan now.", "现在的步骤里没有这一步。")
    if visit.posted:
        return _mark(visit, case, file, tracking, steps, found)
    saying = visit.typed("outcome") or visit.asked("say")
    return _show(visit, case, file, tracking, steps, found, saying, {})


def _show(
    visit: Visit,
    case: LiveCase,
    file: CaseFile,
    tracking: Tracking,
    steps: tuple[Step, ...],
    one: Step,
    saying: str,
    errors: dict[str, str],
) -> Response:
    page = StepPage(
        now=file.now,
        line=line(visit, one, file.now),
        saying=saying if saying in ("done", "could_not") else "",
        next=_best_after(visit, steps, one, file.now),
        hand_ins=tracking.handed_in(one.action.form or one.action.id),
        replies=tracking.replies_to(one.action.form or "", one.action.id),
        signs=case.once(recovery_signs) if one.action.id.endswith(_NO_RECOVERY) else (),
        errors=errors,
    )
    return visit.page("step.html", page, case=case, status=422 if errors else 200)


def _mark(
    visit: Visit,
    case: LiveCase,
    file: CaseFile,
    tracking: Tracking,
    steps: tuple[Step, ...],
    one: Step,
) -> Response:
    sent = visit.typed("outcome")
    outcome = StepOutcome(sent) if sent in tuple(StepOutcome) else StepOutcome.NOT_YET
    on, errors = _date(visit, file.now)
    if len(visit.typed("note")) > LONGEST_NOTE:
        errors["note"] = visit.say("step.error.note")
    if errors:
        return _show(visit, case, file, tracking, steps, one, outcome.value, errors)
    case.change(
        lambda folder, secret: mark_step(
            folder,
            secret,
            one.action.id,
            outcome,
            visit.typed("note"),
            case.clock(),
            on=on if outcome is StepOutcome.DONE else None,
            reason=visit.typed("reason") if outcome is StepOutcome.COULD_NOT else "",
        )
    )
    if outcome is StepOutcome.NOT_YET:
        return visit.go(f"/c/{case.id}/")
    return visit.go(f"/c/{case.id}/", after=one.action.id)


def _date(visit: Visit, now: datetime) -> tuple[date | None, dict[str, str]]:
    """The day that was typed, if any."""
    typed = visit.typed("on")
    if not typed:
        return None, {}
    try:
        on = date.fromisoformat(typed)
    except ValueError:
        return None, {"on": visit.say("step.error.date")}
    return (on, {}) if on <= now.date() else (None, {"on": visit.say("step.error.future")})


def _best_after(visit: Visit, steps: tuple[Step, ...], one: Step, now: datetime) -> Line | None:
    """When this cannot be done: the next open step of the same road, or else the next open one at all."""
    others = [
        other
        for other in steps
        if other is not one and other.open and not other.waiting and other.action.kind is not ActionKind.WARN
    ]
    same_road = [other for other in others if other.action.kind is one.action.kind]
    best = next(iter((*same_road, *others)), None)
    return line(visit, best, now) if best else None


ROUTES = (Route("/c/{case}/steps/{action}", endpoint(step), methods=["GET", "POST"]),)
