"""The timeline: messages, payments, calls, papers and statements in one stream, and a picture of the span."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clawback.desk.calling import CallMade
from clawback.desk.chronology import (
    Bin,
    Chronology,
    Density,
    Happening,
    Wanted,
    chronology,
    days,
    density,
)
from clawback.desk.ladders import name_of
from clawback.desk.livecase import LiveCase
from clawback.desk.tracking import HandIn
from clawback.desk.wording import answer_sentence, question_sentence
from clawback.model.casefile import CaseFile
from clawback.model.ledger import TimelineKind
from clawback.web.figures import weekday
from clawback.web.paging import PAGE, Paged, address, paged, wanted_page
from clawback.web.visit import Visit, endpoint

_FOLD_FROM = 500
"""Items above which the stream is shown folded, one line per day."""
_UNDATED = "undated"
_SHOWN = 280
_MOST_LINKS = 400  # longer lists of days stand on pages of their own


@dataclass(frozen=True, slots=True)
class Day:
    """A heading of the stream. `day` as in `Happening.day`; `count`: how many it has on all pages."""

    day: str
    heading: str
    count: int
    happenings: tuple[Happening, ...]


@dataclass(frozen=True, slots=True)
class DayLink:
    """One day in the list of days: where it leads, and how many items it has."""

    day: str
    heading: str
    count: int
    link: str


@dataclass(frozen=True, slots=True)
class TimelinePage:
    """`total`: of everything; `shown`: what the filter lets through. `folded`: days, not items (`fold`).

    `said`: question and answer in words of each statement shown, by its id. `density`: address of the figures
    for the picture, None when there is nothing to draw. `noted`: of each call, hand-in and reply shown, the
    sort ("call", "hand_in", "reply") and the name of what it is about, by its record. `chats`: there are any.
    """

    total: int
    shown: int
    stream: Paged[Happening]
    days: tuple[Day, ...]
    links: tuple[DayLink, ...]
    folded: bool
    fold: Paged[DayLink]
    kinds: tuple[tuple[str, int], ...]
    people: tuple[tuple[str, int], ...]
    query: dict[str, str]
    undated: int
    assumed: bool
    zone: str
    density: str | None
    chats: bool
    longest: int = _SHOWN
    said: dict[str, tuple[str, str]] | None = None
    noted: dict[str, tuple[str, str]] | None = None


def timeline(visit: Visit) -> Response:
    """The stream, filtered, fifty a page; a long one folded by day."""
    case = visit.case()
    file = case.file()
    found = case.once_with_records(chronology)
    query = {name: visit.asked(name).strip() for name in ("kind", "who", "q", "day", "list")}
    matching = found.matching(_wanted(query))
    path = f"/c/{case.id}/timeline"
    counted = days(matching)
    folded = len(matching) > _FOLD_FROM and not query["day"] and not query["list"]
    stream = paged(matching, wanted_page(visit.asked("page")), path, query)
    links = _links(counted, path, query, visit, folded=folded)
    page = TimelinePage(
        total=len(found.happenings),
        shown=len(matching),
        stream=stream,
        days=() if folded else _grouped(stream, dict(counted), visit),
        links=links if len(links) <= _MOST_LINKS and not folded else (),
        folded=folded,
        fold=paged(links, wanted_page(visit.asked("page")), path, query),
        kinds=tuple((kind.value, found.kinds.get(kind.value, 0)) for kind in TimelineKind),
        people=found.people,
        query=query,
        undated=dict(counted).get("", 0),
        assumed=any(_assumed(one) for one in stream.items),
        zone=file.case.zone,
        density=stream_figures(path, query) if len(counted) > 1 else None,
        chats=found.kinds.get(TimelineKind.MESSAGE.value, 0) > 0,
        said=_said(stream, file, visit.lang),
        noted=_noted(stream, file, visit.lang),
    )
    return visit.page("timeline.html", page, case=case)


def stream_figures(path: str, query: dict[str, str]) -> str:
    """Address of the figures for the picture; a chosen day does not narrow it."""
    return address(f"{path}/density", {**query, "day": "", "list": ""})


def _wanted(query: dict[str, str]) -> Wanted:
    day: str | None = None if query["day"] == _UNDATED else query["day"]
    return Wanted(query["kind"], query["who"], query["q"].lower(), day)


def _assumed(one: Happening) -> bool:
    return one.item.moment is not None and one.item.moment.zone_basis.value == "assumed"


def _grouped(stream: Paged[Happening], counted: dict[str, int], visit: Visit) -> tuple[Day, ...]:
    found: dict[str, list[Happening]] = {}
    for one in stream.items:
        found.setdefault(one.day, []).append(one)
    return tuple(Day(day, heading(day, visit), counted[day], tuple(items)) for day, items in found.items())


def _links(
    counted: tuple[tuple[str, int], ...], path: str, query: dict[str, str], visit: Visit, *, folded: bool
) -> tuple[DayLink, ...]:
    """Each day with the address of its page. In a folded stream it opens the day alone."""
    links, before = [], 0
    for day, count in counted:
        if folded or query["day"]:
            link = address(path, {**query, "day": day or _UNDATED})
        else:
            link = f"{address(path, query, before // PAGE + 1)}#day-{day or _UNDATED}"
        links.append(DayLink(day, heading(day, visit), count, link))
        before += count
    return tuple(links)


def _said(stream: Paged[Happening], file: CaseFile, lang: str) -> dict[str, tuple[str, str]]:
    """The question that each shown statement answers, as it was put, and the answer in words."""
    place = file.case.jurisdiction
    return {
        said.id: (
            question_sentence(said.question, place, lang),
            answer_sentence(said.question, said.value, place, lang),
        )
        for said in (one.statement for one in stream.items)
        if said is not None
    }


def _noted(stream: Paged[Happening], file: CaseFile, lang: str) -> dict[str, tuple[str, str]]:
    found = {}
    for one in stream.items:
        if isinstance(one.noted, CallMade):
            found[one.item.record] = "call", name_of(file, one.noted.channel, lang)
        elif isinstance(one.noted, HandIn):
            found[one.item.record] = "hand_in", name_of(file, one.noted.form, lang)
        elif one.noted is not None:
            found[one.item.record] = "reply", name_of(file, one.noted.about, lang)
    return found


def figures(visit: Visit) -> Response:
    """How much happened when, for the picture: JSON."""
    case = visit.case()
    found = case.once_with_records(chronology)
    query = {name: visit.asked(name).strip() for name in ("kind", "who", "q")}
    filtered = any(query.values())
    drawn = density(found.matching(_wanted({**query, "day": ""}))) if filtered else found.picture
    return JSONResponse(_json(drawn, _day_links(case, found, query, visit), visit))


def _day_links(case: LiveCase, found: Chronology, query: dict[str, str], visit: Visit) -> dict[str, str]:
    full = {**query, "day": "", "list": ""}
    matching = found.matching(_wanted(full))
    folded = len(matching) > _FOLD_FROM
    links = _links(days(matching), f"/c/{case.id}/timeline", full, visit, folded=folded)
    return {link.day: link.link for link in links}


def _json(drawn: Density, links: dict[str, str], visit: Visit) -> dict[str, object]:
    return {
        "unit": drawn.unit,
        "undated": drawn.undated,
        "bins": [
            {
                "label": _label(one, drawn.unit, visit),
                "records": one.records,
                "out": one.out,
                "back": one.back,
                "gap": one.gap,
                "link": links.get(one.day, ""),
            }
            for one in drawn.bins
        ],
    }


def _label(one: Bin, unit: str, visit: Visit) -> str:
    if one.gap:
        return visit.say(f"timeline.gap.{unit}", n=one.gap)
    if unit == "hour":
        return one.start.strftime("%m-%d %H:00")
    return one.start.strftime("%Y-%m" if unit == "month" else "%Y-%m-%d")


def heading(day: str, visit: Visit) -> str:
    """A day as a heading: with its weekday, or only as far as it is known."""
    if not day:
        return visit.say("timeline.undated")
    if len(day) == 10:
        at = date.fromisoformat(day)
        return visit.say("timeline.day", year=at.year, day=weekday(at, visit.lang))
    year, _, month = day.partition("-")
    if month:
        return visit.say("timeline.month", year=year, month=int(month))
    return visit.say("timeline.year", year=year)


ROUTES = (
    Route("/c/{case}/timeline", endpoint(timeline)),
    Route("/c/{case}/timeline/density", endpoint(figures)),
)
