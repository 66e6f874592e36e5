"""What came of a call, and what to say in one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.calling import CallMade, CallResult, Told, calls, note_call
from clawback.desk.emergency import EmergencyCard, emergency_card
from clawback.desk.permissions import Act
from clawback.desk.saying import Script, scripts
from clawback.desk.typedfacts import Frame, in_crisis, read_typed, today_in
from clawback.model.plan import Action, Channel
from clawback.web.visit import Visit, endpoint

_FIELDS = ("result", "channel", "reference", "officer", "day", "clock")


@dataclass(frozen=True, slots=True)
class CalledPage:
    """The form. `bodies`: whom the call may have been to. `fields`: as typed. `wrong`: by field, the key."""

    payment: str
    bodies: tuple[Channel, ...]
    fields: dict[str, str]
    wrong: dict[str, str]
    today: str


@dataclass(frozen=True, slots=True)
class CallNotedPage:
    """A call that is written down, and what comes next."""

    call: CallMade
    body: Channel | None
    next_rung: Action | None


@dataclass(frozen=True, slots=True)
class SayPage:
    """Scripts; empty when no step asks for a call."""

    scripts: tuple[Script, ...]


def called(visit: Visit) -> Response:
    """Write down what came of the call, or show the form for it."""
    case = visit.case(Act.DECIDE if visit.posted else Act.SEE)
    file = case.file()
    found = emergency_card(file)
    bodies = _bodies(found)
    frame = Frame.of(file.case.jurisdiction, case.clock())
    fields = {name: visit.typed(name) for name in _FIELDS} if visit.form is not None else _now(frame)
    at = _moment(fields, frame)
    wrong = _wrong(fields, at) if visit.posted else {}
    if visit.posted and not wrong and at is not None:
        channel = next((one for one in bodies if one.id == fields["channel"]), None)
        told = Told(
            channel=channel.id if channel else "",
            phone=(channel.phone or "") if channel else "",
            transfer=_known(visit.typed("payment"), found),
            result=CallResult(fields["result"]),
            reference=fields["reference"],
            officer=fields["officer"],
            at=at,
        )
        case.change(lambda folder, secret: note_call(folder, secret, told, case.clock()))
        number = calls(case.records())[-1].number
        done = f"/c/{case.id}/card/called/{number}"
        crisis = in_crisis(fields, file.case.jurisdiction)
        return visit.go(f"/c/{case.id}/card/safe", to=done) if crisis else visit.go(done)
    payment = _known(visit.typed("payment") or visit.asked("payment"), found)
    page = CalledPage(payment, bodies, fields, wrong, today_in(frame.zone, frame.now))
    return visit.page("called.html", page, case=case, status=422 if wrong else 200)


def noted(visit: Visit) -> Response:
    """A call that was written down: what it is good for, and where to go next."""
    case = visit.case()
    number = visit.part("number")
    call = next((one for one in calls(case.records()) if str(one.number) == number), None)
    if call is None:
        return visit.go(f"/c/{case.id}/card")
    found = emergency_card(case.file())
    body = next((one for one in _bodies(found) if one.id == call.channel), None)
    return visit.page("called_done.html", CallNotedPage(call, body, found.next_rung), case=case)


def say(visit: Visit) -> Response:
    """What to say to bank, police and platform."""
    case = visit.case()
    return visit.page("say.html", SayPage(scripts(case.file())), case=case)


def _bodies(found: EmergencyCard) -> tuple[Channel, ...]:
    """Whom the card names, the first to call first."""
    named = [found.call, *(action.channel for action in found.beside)]
    named.append(found.next_rung.channel if found.next_rung else None)
    return tuple({one.id: one for one in named if one is not None}.values())


def _known(payment: str, found: EmergencyCard) -> str:
    """The payment that the call was about, if the card has it; else "", for the case as a whole."""
    return payment if any(one.id == payment for one in found.payments) else ""


def _now(frame: Frame) -> dict[str, str]:
    here = frame.now.astimezone(ZoneInfo(frame.zone))
    return {"day": here.date().isoformat(), "clock": f"{here:%H:%M}"}


def _moment(fields: dict[str, str], frame: Frame) -> datetime | None:
    """The time of the call; None when it cannot be read, or lies ahead."""
    typed = read_typed({name: fields.get(name, "") for name in ("day", "clock")}, frame)
    text = typed.facts.get("moment", "")
    return datetime.fromisoformat(text) if "T" in text else None


def _wrong(fields: dict[str, str], at: datetime | None) -> dict[str, str]:
    wrong = {}
    if fields["result"] not in tuple(CallResult):
        wrong["result"] = "called.empty"
    if at is None:
        wrong["day"] = "called.time"
    for name in ("reference", "officer"):
        if len(fields[name]) > 200:
            wrong[name] = "typed.wrong.long"
    return wrong


ROUTES = (
    Route("/c/{case}/card/called", endpoint(called), methods=["GET", "POST"]),
    Route("/c/{case}/card/called/{number}", endpoint(noted)),
    Route("/c/{case}/say", endpoint(say)),
)
