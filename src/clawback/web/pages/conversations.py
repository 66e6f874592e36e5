"""Conversations over time: where each turned, what was asked for, and every sign with its exhibit."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.conversations import Conversation, Point, Stage, conversations
from clawback.web import figures
from clawback.web.pages.timeline import heading
from clawback.web.paging import Paged, paged, wanted_page
from clawback.web.pressurefigure import Bar, Legend, draw
from clawback.web.visit import Visit, endpoint


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day of the table beside the picture. `count`: their messages; `signs`: names, each once."""

    heading: str
    count: int
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListPage:
    """Every counterpart, the gravest first."""

    all: Paged[Conversation]


@dataclass(frozen=True, slots=True)
class OnePage:
    """One counterpart. `said`: their messages that hold signs. `quiet`: how many hold none. `picture` None:
    nothing turned. `next`: what they will probably do, or ""."""

    one: Conversation
    picture: Markup | None
    days: tuple[DayRow, ...]
    said: Paged[Point]
    quiet: int
    stages: tuple[Stage, ...]
    next: str


def list_or_one(visit: Visit) -> Response:
    """The list, or with `of` the conversation of which it names the first message."""
    case = visit.case()
    found = case.once(conversations)
    wanted = visit.asked("of")
    path = f"/c/{case.id}/conversations"
    if not wanted:
        page = ListPage(paged(found, wanted_page(visit.asked("page")), path))
        return visit.page("conversations.html", page, case=case)
    one = next((one for one in found if one.id == wanted), None)
    if one is None:
        return visit.go(path)
    signs = tuple(point for point in one.course.points if point.signs)
    return visit.page(
        "conversation.html",
        OnePage(
            one=one,
            picture=_picture(one, visit) if one.course.turned else None,
            days=_days(one, visit),
            said=paged(signs, wanted_page(visit.asked("page")), path, {"of": wanted}),
            quiet=len(one.course.points) - len(signs),
            stages=tuple(Stage),
            next=_next(one, visit),
        ),
        case=case,
    )


def _next(one: Conversation, visit: Visit) -> str:
    if one.next_words is None:
        return ""
    return one.next_words[0 if visit.lang == "zh" else 1]


def _picture(one: Conversation, visit: Visit) -> Markup:
    course, after, bars = one.course, False, []
    asked = course.asked_money.message if course.asked_money else None
    for point in course.points:
        turned = point is course.turned
        bars.append(Bar(point.pressure, turned, after, asked is point.message))
        after = after or turned
    dated = [point.message.moment for point in course.points if point.message.moment is not None]
    ends = (figures.day(dated[0], visit.lang), figures.day(dated[-1], visit.lang)) if dated else ("", "")
    legend = Legend(
        visit.say("talk.picture"), visit.say("talk.picture_turned"), visit.say("talk.picture_asked"), ends
    )
    return draw(bars, legend)


def _days(one: Conversation, visit: Visit) -> tuple[DayRow, ...]:
    found: dict[str, list[Point]] = {}
    for point in one.course.points:
        moment = point.message.moment
        found.setdefault(moment.instant.date().isoformat() if moment else "", []).append(point)
    return tuple(
        DayRow(heading(day, visit), len(points), _names(points, visit))
        for day, points in found.items()
        if any(point.signs for point in points)
    )


def _names(points: list[Point], visit: Visit) -> tuple[str, ...]:
    names = (sign.signal.record.name.say(visit.lang) for point in points for sign in point.signs)
    return tuple(dict.fromkeys(names))


ROUTES = (Route("/c/{case}/conversations", endpoint(list_or_one)),)
