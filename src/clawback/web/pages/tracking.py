"""Tracking: where each road stands, what was handed in and answered, what is held and what came back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from starlette.datastructures import UploadFile
from starlette.responses import Response
from starlette.routing import Route as Address

from clawback.desk.calling import CallMade, calls
from clawback.desk.checking import Check, Result, check
from clawback.desk.ladders import (
    About,
    Road,
    Route,
    day_of,
    name_of,
    roads_of,
    routes_of,
    things_to_answer,
)
from clawback.desk.livecase import LiveCase
from clawback.desk.moneyrows import Sums, entry_of, rows_of, sums_of
from clawback.desk.permissions import Act
from clawback.desk.tracking import (
    LONGEST_NOTE,
    HandIn,
    Recovered,
    Recovery,
    RecoveryState,
    Reply,
    ReplyResult,
    Tracking,
    record_recovery,
    record_reply,
    tracking_of,
    typed_amount,
    withdraw,
)
from clawback.desk.uploads import seal_files
from clawback.errors import CaseNotFound, UsageError
from clawback.model.casefile import CaseFile
from clawback.model.events import Direction
from clawback.model.ledger import LedgerEntry, Scope
from clawback.model.money import Amount
from clawback.model.plan import Channel
from clawback.web.pages.money import Row, row_of
from clawback.web.pages.today import until, when_words
from clawback.web.visit import Visit, endpoint

_SHOWN = 50
_CHUNK = 64 * 1024
_WITH_AMOUNT = (RecoveryState.PROMISED, RecoveryState.FROZEN, RecoveryState.RETURNED)
_ABOUT_MONEY = (ReplyResult.AGREED, ReplyResult.FROZEN, ReplyResult.STOPPED)


@dataclass(frozen=True, slots=True)
class RouteLine:
    """A body in a row. `state`: key of its words. `until`: its next last day in words, or ""."""

    route: Route
    state: str
    until: str


@dataclass(frozen=True, slots=True)
class Event:
    """Something that was noted. `kind`: "hand_in", "reply" or "call". `name`: what it is about."""

    kind: str
    number: int
    day: date
    name: str
    hand_in: HandIn | None = None
    reply: Reply | None = None
    call: CallMade | None = None


@dataclass(frozen=True, slots=True)
class MoneyLine:
    """A transfer with what is known of its money through one channel."""

    row: Row
    channel: str
    recovered: Recovered


@dataclass(frozen=True, slots=True)
class TrackingPage:
    """`unfollowed`: payments in scope of which nothing is known yet, the first few of `unfollowed_total`.
    `which_money`: a reply spoke of a sum that no transfer has yet. `until`: the last day of each open rung in
    words."""

    sums: tuple[Sums, ...]
    routes: tuple[RouteLine, ...]
    roads: tuple[Road, ...]
    events: tuple[Event, ...]
    events_total: int
    recovered: tuple[MoneyLine, ...]
    unfollowed: tuple[Row, ...]
    unfollowed_total: int
    next_date: str
    started: str
    which_money: bool
    until: dict[str, str]


@dataclass(frozen=True, slots=True)
class ReplyPage:
    """The form of a reply. `sealed`: exhibit of the file that was sent with it. `warning`: what its words
    look like, when that is a scam."""

    now: datetime
    about: tuple[About, ...]
    chosen: str
    results: tuple[ReplyResult, ...]
    currencies: tuple[str, ...]
    sealed: int | None
    warning: Check | None
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RecoveryPage:
    """The form about the money of one transfer. `returns`: money that came, which may be this coming back."""

    now: datetime
    row: Row
    channels: tuple[Channel, ...]
    states: tuple[RecoveryState, ...]
    returns: tuple[Row, ...]
    errors: dict[str, str] = field(default_factory=dict)


def tracking(visit: Visit) -> Response:
    """Where everything stands."""
    case = visit.case()
    file, records = case.file(), case.records()
    known = tracking_of(records, file)
    called = calls(records)
    events = _events(visit, file, known, called)
    roads = roads_of(file, known)
    followed = {one.transfer for one in known.recovered}
    paid = [
        entry
        for entry in rows_of(file, Scope.IN)
        if entry.transfer.direction is Direction.OUT and entry.id not in followed
    ]
    page = TrackingPage(
        sums=sums_of(file, known),
        routes=tuple(_route(visit, route, file.now) for route in routes_of(file, known, called)),
        roads=roads,
        events=tuple(events[:_SHOWN] if visit.asked("all") != "1" else events),
        events_total=len(events),
        recovered=_recovered(visit, file, known),
        unfollowed=tuple(row_of(visit, known, entry) for entry in paid[:5]),
        unfollowed_total=len(paid),
        next_date=_next(visit, known, file),
        started=visit.asked("started"),
        which_money=visit.asked("sum") == "1",
        until={
            rung.id: until(visit, rung.step, file.now)
            for road in roads
            for rung in road.rungs
            if rung.step is not None and rung.step.open
        },
    )
    return visit.page("tracking.html", page, case=case)


def _next(visit: Visit, known: Tracking, file: CaseFile) -> str:
    if known.next_date is None:
        return ""
    return when_words(visit, known.next_date, file.now, to_the_hour=_has_hour(known.next_date))


def _has_hour(at: datetime) -> bool:
    return (at.hour, at.minute, at.second) != (23, 59, 59)


def _route(visit: Visit, route: Route, now: datetime) -> RouteLine:
    if route.reply is not None:
        state = f"reply_{route.reply.result.value}"
    elif route.hand_in is not None:
        state = "handed_in"
    elif route.call is not None:
        state = f"call_{route.call.result.value}"
    else:
        state = "nothing"
    until = ""
    if route.next_date is not None:
        until = when_words(visit, route.next_date, now, to_the_hour=_has_hour(route.next_date))
    return RouteLine(route, state, until)


def _events(visit: Visit, file: CaseFile, known: Tracking, called: Sequence[CallMade]) -> list[Event]:
    """Everything noted, the newest first."""
    found = [
        Event("hand_in", one.number, day_of(one.at), name_of(file, one.form, visit.lang), hand_in=one)
        for one in known.hand_ins
    ]
    found += [
        Event("reply", one.number, day_of(one.at), name_of(file, one.about, visit.lang), reply=one)
        for one in known.replies
    ]
    found += [
        Event("call", one.number, one.at.date(), name_of(file, one.channel, visit.lang), call=one)
        for one in called
    ]
    return sorted(found, key=lambda event: (event.day, event.number), reverse=True)


def _recovered(visit: Visit, file: CaseFile, known: Tracking) -> tuple[MoneyLine, ...]:
    entries = {entry.id: entry for entry in file.entries} if known.recovered else {}
    return tuple(
        MoneyLine(row_of(visit, known, entries[one.transfer]), name_of(file, one.channel, visit.lang), one)
        for one in known.recovered
    )


# ------------------------------------------------------------------------------------------------- replies


def reply(visit: Visit) -> Response:
    """Write a reply down, with its letter or picture."""
    case = visit.case(Act.DECIDE if visit.posted else Act.SEE)
    file = case.file()
    known = tracking_of(case.records(), file)
    if not visit.posted:
        return _reply_form(visit, case, file, known, None, None, {})
    sealed = _sealed(visit, case)
    errors: dict[str, str] = {}
    about = visit.typed("about")
    if about not in {one.id for one in things_to_answer(file, known)}:
        errors["about"] = visit.say("tracking.error.about")
    on = _day(visit, "on", file.now, errors)
    result = visit.typed("result")
    if result not in tuple(ReplyResult):
        errors["result"] = visit.say("tracking.error.result")
    amount = _amount(visit, errors)
    note = visit.typed("note")
    if len(note) > LONGEST_NOTE:
        errors["note"] = visit.say("step.error.note")
    if errors or on is None:
        return _reply_form(visit, case, file, known, sealed, None, errors)
    warning = _second_scam(note)
    if warning is not None and visit.typed("anyway") != "1":
        return _reply_form(visit, case, file, known, sealed, warning, {})
    said = Reply(about, on, ReplyResult(result), amount, note, sealed)
    started = case.change(lambda folder, secret: record_reply(folder, secret, said, case.clock()))
    query = {"started": started.question} if started and started.kept is None else {}
    if said.amount is not None and said.result in _ABOUT_MONEY:
        query["sum"] = "1"
    return visit.go(f"/c/{case.id}/tracking", **query)


def _reply_form(
    visit: Visit,
    case: LiveCase,
    file: CaseFile,
    known: Tracking,
    sealed: int | None,
    warning: Check | None,
    errors: dict[str, str],
) -> Response:
    page = ReplyPage(
        now=file.now,
        about=things_to_answer(file, known),
        chosen=visit.typed("about", visit.asked("about")),
        results=tuple(ReplyResult),
        currencies=_currencies(file),
        sealed=sealed,
        warning=warning,
        errors=errors,
    )
    return visit.page("reply.html", page, case=case, status=422 if errors else 200)


def _currencies(file: CaseFile) -> tuple[str, ...]:
    return tuple(loss.currency for loss in file.losses) or ("CNY",)


def _sealed(visit: Visit, case: LiveCase) -> int | None:
    """Seal what came with the form, before anything else can go wrong; the exhibit of the first file."""
    known = visit.typed("sealed")
    files = visit.files("files")
    if not files:
        return int(known) if known.isascii() and known.isdigit() and len(known) < 9 else None
    sent = [(file.filename.encode("utf-8", "replace"), _chunks(file)) for file in files if file.filename]
    sealed = seal_files(case, sent)
    case.start_reading()
    return sealed[0].number if sealed else None


def _chunks(file: UploadFile) -> list[bytes]:
    pieces = []
    while piece := file.file.read(_CHUNK):
        pieces.append(piece)
    return pieces


def _second_scam(text: str) -> Check | None:
    """What the words of a reply look like, when they look like a scam."""
    found = check(text) if text else None
    return found if found is not None and found.result in (Result.LIKELY, Result.SOME) else None


def _day(visit: Visit, name: str, now: datetime, errors: dict[str, str]) -> date | None:
    try:
        on = date.fromisoformat(visit.typed(name))
    except ValueError:
        errors[name] = visit.say("step.error.date")
        return None
    if on > now.date():
        errors[name] = visit.say("step.error.future")
    return on


def _amount(visit: Visit, errors: dict[str, str]) -> Amount | None:
    typed = visit.typed("amount")
    if not typed:
        return None
    currency = visit.typed("currency") or "CNY"
    amount = typed_amount(typed, currency) if currency.isupper() and len(currency) < 8 else None
    if amount is None:
        errors["amount"] = visit.say("tracking.error.amount")
    return amount


# ----------------------------------------------------------------------------------- money of a transfer


def recovery(visit: Visit) -> Response:
    """Write down that money is held, back, or not pursued any more."""
    case = visit.case(Act.DECIDE if visit.posted else Act.SEE)
    file = case.file()
    entry = entry_of(file, visit.typed("transfer") or visit.asked("transfer"))
    if entry is None:
        raise CaseNotFound("There is no such transfer in this case.", "这个案件里没有这笔转账。")
    if not visit.posted:
        return _recovery_form(visit, case, file, entry, {})
    errors: dict[str, str] = {}
    sent = visit.typed("state")
    if sent not in tuple(RecoveryState):
        errors["state"] = visit.say("tracking.error.state")
    channel = visit.typed("channel")
    on = _day(visit, "on", file.now, errors)
    amount = _amount(visit, errors)
    exhibit = _exhibit(visit, file, errors)
    if sent in _WITH_AMOUNT and amount is None and "amount" not in errors:
        errors["amount"] = visit.say("tracking.error.amount")
    if sent == RecoveryState.RETURNED and exhibit is None and "exhibit" not in errors:
        errors["exhibit"] = visit.say("tracking.error.exhibit")
    if errors or on is None:
        return _recovery_form(visit, case, file, entry, errors)
    state = RecoveryState(sent)
    said = Recovery(
        entry.id, channel, state, on, amount if state in _WITH_AMOUNT else None, exhibit, visit.typed("note")
    )
    try:
        case.change(lambda folder, secret: record_recovery(folder, secret, said, case.clock()))
    except UsageError as error:
        return _recovery_form(visit, case, file, entry, {"channel": error.sentence(visit.lang)})
    return visit.go(f"/c/{case.id}/tracking")


def _exhibit(visit: Visit, file: CaseFile, errors: dict[str, str]) -> int | None:
    typed = visit.typed("exhibit")
    if not typed:
        return None
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    if number not in file.exhibit_by_number():
        errors["exhibit"] = visit.say("tracking.error.no_exhibit")
        return None
    return number


def _recovery_form(
    visit: Visit, case: LiveCase, file: CaseFile, entry: LedgerEntry, errors: dict[str, str]
) -> Response:
    known = tracking_of(case.records(), file)
    returns = [
        one
        for one in file.entries
        if one.transfer.direction is Direction.IN
        and one.scope is not Scope.OUT
        and one.transfer.amount.currency == entry.transfer.amount.currency
    ]
    channels = {a.channel.id: a.channel for a in file.plan.actions if a.channel is not None}
    page = RecoveryPage(
        now=file.now,
        row=row_of(visit, known, entry),
        channels=tuple(channels.values()),
        states=tuple(RecoveryState),
        returns=tuple(row_of(visit, known, one) for one in returns[:5]),
        errors=errors,
    )
    return visit.page("recovery.html", page, case=case, status=422 if errors else 200)


def take_back(visit: Visit) -> Response:
    """Take a record back; the record of that is a further one."""
    case = visit.case(Act.DECIDE)
    typed = visit.typed("number")
    number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 9 else 0
    case.change(lambda folder, secret: withdraw(folder, secret, number, case.clock()))
    return visit.go(f"/c/{case.id}/tracking")


ROUTES = (
    Address("/c/{case}/tracking", endpoint(tracking)),
    Address("/c/{case}/tracking/reply", endpoint(reply), methods=["GET", "POST"]),
    Address("/c/{case}/tracking/money", endpoint(recovery), methods=["GET", "POST"]),
    Address("/c/{case}/tracking/back", endpoint(take_back), methods=["POST"]),
)
