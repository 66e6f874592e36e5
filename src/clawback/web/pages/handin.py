"""Handed in or not: the person says so, and is told what the number is for and what comes next."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.drafting import form_of, waiting_for
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act
from clawback.desk.tracking import LONGEST_NOTE, HandIn, record_hand_in, tracking_of
from clawback.desk.uploads import seal_files
from clawback.model.casefile import CaseFile
from clawback.model.plan import Action, Channel
from clawback.web.visit import Visit, endpoint

WAYS = ("counter", "app", "post", "mail", "phone")
_CHUNK = 1024 * 1024
_MOST_PHOTOS = 10


@dataclass(frozen=True, slots=True)
class HandInPage:
    """`title` and `recipient` of the paper as (zh, en). `errors`: field to sentence."""

    form: str
    title: tuple[str, str]
    recipient: tuple[str, str]
    day: str
    clock: str
    ways: tuple[str, ...] = WAYS
    errors: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class HandedInPage:
    """`next`: the step whose clock this started, or None. `channel`: whom it went to, or None.
    `photos`: exhibits that were sealed with it."""

    title: tuple[str, str]
    recipient: tuple[str, str]
    hand_in: HandIn
    next: Action | None
    channel: Channel | None
    photos: tuple[int, ...]
    asking: Action | None


def hand_in(visit: Visit) -> Response:
    """Ask whether it was handed in; write down that it was."""
    case = visit.case(Act.DECIDE if visit.posted else Act.SEE)
    file = case.file()
    form = form_of(file, visit.part("form"))
    now = file.now.astimezone(ZoneInfo(file.case.zone))
    errors: dict[str, str] = {}
    if visit.posted:
        if visit.typed("done") == "no":
            return visit.go(f"/c/{case.id}/papers")
        at, errors = _when(visit, file)
        if not errors and at is not None:
            return _record(visit, case, form.id, at)
    page = HandInPage(
        form=form.id,
        title=(form.title.zh, form.title.en),
        recipient=(form.recipient.zh, form.recipient.en),
        day=visit.typed("day", f"{now:%Y-%m-%d}"),
        clock=visit.typed("clock", f"{now:%H:%M}"),
        errors=errors,
    )
    return visit.page("handin.html", page, case=case, status=422 if errors else 200)


def _when(visit: Visit, file: CaseFile) -> tuple[date | datetime | None, dict[str, str]]:
    """The day, or the instant if a clock time was given too; or what is wrong with the form."""
    errors: dict[str, str] = {}
    if visit.typed("done") != "yes":
        errors["done"] = visit.say("handin.error.done")
    for name in ("reference", "to"):
        if len(visit.typed(name)) > LONGEST_NOTE:
            errors[name] = visit.say("handin.error.long")
    try:
        day = date.fromisoformat(visit.typed("day"))
        clock = time.fromisoformat(visit.typed("clock")) if visit.typed("clock") else None
    except ValueError:
        return None, errors | {"day": visit.say("handin.error.day")}
    at = day if clock is None else datetime.combine(day, clock, ZoneInfo(file.case.zone))
    now = file.now
    ahead = at > now if isinstance(at, datetime) else at > now.astimezone(ZoneInfo(file.case.zone)).date()
    if ahead:
        errors["day"] = visit.say("handin.error.future")
    return at, errors


def _record(visit: Visit, case: LiveCase, form: str, at: date | datetime) -> Response:
    how = visit.typed("how") if visit.typed("how") in WAYS else ""
    said = HandIn(form, at, how, visit.typed("reference"), visit.typed("to"))
    photos = visit.files("photo")[:_MOST_PHOTOS]
    sealed = seal_files(case, [(_raw_name(photo), _chunks(photo)) for photo in photos]) if photos else ()
    now = case.clock()
    case.change(lambda folder, secret: record_hand_in(folder, secret, said, now))
    if sealed:
        case.start_reading()
    number = tracking_of(case.records(), case.file()).handed_in(form)[-1].number
    shown = {"photos": ",".join(str(one.number) for one in sealed)} if sealed else {}
    return visit.go(f"/c/{case.id}/papers/{form}/handed-in/{number}", **shown)


def _raw_name(photo: UploadFile) -> bytes:
    return (photo.filename or "").encode("utf-8", "surrogateescape")


def _chunks(photo: UploadFile) -> Iterator[bytes]:
    while piece := photo.file.read(_CHUNK):
        yield piece


def handed_in(visit: Visit) -> Response:
    """It is written down: what the number is for, what comes next and by when, what if nothing comes."""
    case = visit.case()
    file = case.file()
    form = form_of(file, visit.part("form"))
    known = tracking_of(case.records(), file).handed_in(form.id)
    found = next((one for one in known if str(one.number) == visit.part("number")), None)
    if found is None:
        raise HTTPException(404)
    asking = next((one for one in file.plan.actions if one.form == form.id), None)
    exhibits = {exhibit.number for exhibit in file.exhibits}
    photos = [int(part) for part in visit.asked("photos").split(",") if part.isdecimal() and len(part) < 9]
    page = HandedInPage(
        title=(form.title.zh, form.title.en),
        recipient=(form.recipient.zh, form.recipient.en),
        hand_in=found,
        next=next(iter(waiting_for(file, form.id)), None),
        channel=asking.channel if asking else None,
        photos=tuple(number for number in photos if number in exhibits),
        asking=asking,
    )
    return visit.page("handed_in.html", page, case=case)


ROUTES = (
    Route("/c/{case}/papers/{form}/handin", endpoint(hand_in), methods=["GET", "POST"]),
    Route("/c/{case}/papers/{form}/handed-in/{number}", endpoint(handed_in)),
)
