"""The check-up of one's own accounts: one question at a time, then what is left to do.

What was said travels in the form from page to page and nothing of it is kept, until the person puts the list
into a case. No page of this asks for a password.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.checkup import (
    Check,
    Course,
    OwnList,
    course,
    keep,
    left,
    list_of,
    mark,
    occasions,
    proposed_after,
    understood,
)
from clawback.desk.permissions import Act
from clawback.desk.reminders import calendar_of_day
from clawback.web.visit import Visit, endpoint

_LIST = "list"
_HOW, _WHAT = "how", "what"
_IN_DAYS = 3
_FARTHEST = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class Said:
    """What travels in the form. `after`: what happened. `at`: the item in hand, "list", or "" for the start.
    `show`: "how" or "what" of it is open, else "". `case`: into which the list may go, or ""."""

    after: str
    at: str
    show: str
    answers: Mapping[str, str]
    case: str


@dataclass(frozen=True, slots=True)
class StartPage:
    """`occasions`: id and words of what may have happened."""

    said: Said
    occasions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AskPage:
    """One question. `number`: its place, from 1."""

    said: Said
    course: Course
    check: Check
    number: int


@dataclass(frozen=True, slots=True)
class ListPage:
    """What is left to do. `remind_on`: the day that is proposed; `wrong`: what is wrong with that typed."""

    said: Said
    course: Course
    left: tuple[Check, ...]
    today: date
    remind_on: str
    wrong: str = ""


@dataclass(frozen=True, slots=True)
class CasePage:
    """The list of a case, or None. `after`: what may have happened, to begin with."""

    own: OwnList | None
    after: str
    today: date
    remind_on: str


def checkup(visit: Visit) -> Response:
    """The start, a question, or the list: whichever follows from what was pressed."""
    said = _moved(visit, _said(visit))
    if not said.at:
        return visit.page("checkup.html", StartPage(said, occasions(visit.lang)))
    if said.at == _LIST:
        return _list(visit, said)
    whole = course(said.after, said.answers, visit.lang)
    number, check = next((n, one) for n, one in enumerate(whole.checks, start=1) if one.id == said.at)
    return visit.page("checkup_ask.html", AskPage(said, whole, check, number))


def remind(visit: Visit) -> Response:
    """A file for the calendar with one day, which names nothing."""
    on = _day(visit)
    if on is None:
        said = _said(visit)
        if said.at != _LIST:
            return visit.go(visit.typed("back") or "/checkup")
        return _list(visit, said, wrong=visit.say("checkup.remind_wrong"))
    headers = {"Content-Disposition": 'attachment; filename="reminder.ics"'}
    data = calendar_of_day(on, visit.workplace.clock(), visit.lang)
    return Response(data, media_type="text/calendar", headers=headers)


def in_case(visit: Visit) -> Response:
    """The list of a case; a task of it is marked as done, or as not done after all."""
    case = visit.case(Act.DECIDE if visit.posted else Act.SEE)
    if visit.posted:
        item, done = visit.typed("item"), visit.typed("done") == "yes"
        case.change(lambda folder, secret: mark(folder, secret, item, done=done, now=case.clock()))
        return visit.go(f"/c/{case.id}/checkup")
    file, today = case.file(), case.clock().date()
    own = list_of(file, case.records(), visit.lang)
    page = CasePage(own, own.after if own else proposed_after(file), today, _proposed(today))
    return visit.page("checkup_case.html", page, case=case)


def keep_in_case(visit: Visit) -> Response:
    """Put the list into the case, because the person asked for it."""
    case = visit.case(Act.ADD)
    if not visit.posted:
        return visit.go(f"/c/{case.id}/checkup")
    said, now = _said(visit), case.clock()
    before = list_of(case.file(), case.records(), visit.lang)
    case.change(lambda folder, secret: keep(folder, secret, said.after, said.answers, before, now))
    return visit.go(f"/c/{case.id}/checkup")


def _list(visit: Visit, said: Said, wrong: str = "") -> Response:
    today = visit.workplace.clock().date()
    page = ListPage(
        said=said,
        course=course(said.after, said.answers, visit.lang),
        left=left(said.after, said.answers, visit.lang),
        today=today,
        remind_on=visit.typed("on") or _proposed(today),
        wrong=wrong,
    )
    return visit.page("checkup_list.html", page, status=422 if wrong else 200)


def _said(visit: Visit) -> Said:
    """What the form brings; what we do not know is left out."""
    known = [id for id, _ in occasions(visit.lang)]
    wanted = visit.typed("after") or visit.asked("after")
    after = wanted if wanted in known else known[0]
    pairs = (one.partition(":") for one in visit.chosen("said"))
    answers = understood({id: answer for id, _, answer in pairs})
    at, show = visit.typed("at"), visit.typed("show")
    here = {one.id for one in course(after, {}, visit.lang).checks}
    return Said(
        after=after,
        at=at if at in here or at == _LIST else "",
        show=show if show in (_HOW, _WHAT) else "",
        answers={id: answer.value for id, answer in answers.items()},
        case=_case(visit),
    )


def _case(visit: Visit) -> str:
    """The case that the visitor came from, or else the latest one."""
    ids = visit.workplace.ids()
    wanted = visit.typed("case") or visit.asked("case")
    return wanted if wanted in ids else next(iter(ids), "")


def _moved(visit: Visit, said: Said) -> Said:
    """Where the button that was pressed leads."""
    pressed = visit.typed("do") if visit.posted else ""
    ids = [one.id for one in course(said.after, {}, visit.lang).checks]
    word, _, target = pressed.partition(":")
    if word == "open":
        return _at(said, _LIST, show=_HOW)
    if word == "begin":
        return _at(said, ids[0])
    if word == "to" and target in (*ids, _LIST, ""):
        return _at(said, target)
    if said.at not in ids:
        return said
    place = ids.index(said.at)
    following = ids[place + 1] if place + 1 < len(ids) else _LIST
    if word in ("yes", "skip", "no", "unknown"):
        answers = {**said.answers, said.at: word}
        if word in ("yes", "skip"):
            return _at(said, following, answers)
        return _at(said, said.at, answers, show=_HOW if word == "no" else _WHAT)
    if word == "next":
        return _at(said, following)
    if word == "back":
        return _at(said, ids[place - 1] if place else "")
    return said


def _at(said: Said, at: str, answers: Mapping[str, str] | None = None, show: str = "") -> Said:
    return Said(said.after, at, show, answers if answers is not None else said.answers, said.case)


def _proposed(today: date) -> str:
    return (today + timedelta(days=_IN_DAYS)).isoformat()


def _day(visit: Visit) -> date | None:
    """The day that was typed, if it is one within a year from now."""
    today = visit.workplace.clock().date()
    try:
        on = date.fromisoformat(visit.typed("on"))
    except ValueError:
        return None
    return on if today <= on <= today + _FARTHEST else None


ROUTES = (
    Route("/checkup", endpoint(checkup), methods=["GET", "POST"]),
    Route("/checkup/reminder", endpoint(remind), methods=["POST"]),
    Route("/c/{case}/checkup", endpoint(in_case), methods=["GET", "POST"]),
    Route("/c/{case}/checkup/keep", endpoint(keep_in_case), methods=["POST"]),
)
