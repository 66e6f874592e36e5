"""The helpers' door: all cases at a glance, a new one, search over everything, figures over all of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.intake import seal_answers
from clawback.desk.overview import NOTE, Line, State
from clawback.desk.permissions import Act, allow
from clawback.desk.searching import MOST_TYPED, Hit
from clawback.desk.statistics import Statistics, statistics_of
from clawback.desk.workplace import PLACES
from clawback.web.paging import Paged, paged, wanted_page
from clawback.web.visit import Visit, endpoint
from clawback.web.wording import LANGS

_SHOWS = ("all", "today", "waiting")
_SORTS = ("due", "changed", "loss", "gaps")
_OFFERED_PLACES = ("cn", "gb")
_SHORTEST_SECRET = 8
_LONGEST_NOTE = 200


@dataclass(frozen=True, slots=True)
class CasesPage:
    """`counts`: of each filter. `working`: cases still being summed up."""

    cases: Paged[Line]
    now: datetime
    total: int
    shown: str
    counts: dict[str, int]
    sort: str
    working: int
    shows: tuple[str, ...] = _SHOWS
    sorts: tuple[str, ...] = _SORTS

    def link(self, show: str, sort: str) -> str:
        """Address of the list with another filter or order."""
        parts = [f"show={show}" if show != _SHOWS[0] else "", f"sort={sort}" if sort != _SORTS[0] else ""]
        query = "&".join(part for part in parts if part)
        return f"/cases?{query}" if query else "/cases"


@dataclass(frozen=True, slots=True)
class NewCasePage:
    """What was typed, and what is wrong with it by field."""

    place: str
    lang: str
    note: str
    wrong: dict[str, str]
    places: tuple[str, ...] = _OFFERED_PLACES
    langs: tuple[str, ...] = LANGS
    shortest: int = _SHORTEST_SECRET


@dataclass(frozen=True, slots=True)
class Group:
    """Hits in one case on this page of the results. `total`: in the whole case."""

    line: Line
    hits: tuple[Hit, ...]
    total: int


@dataclass(frozen=True, slots=True)
class SearchPage:
    """`searched`: cases that were; `left_out`: locked, broken, or not ready yet. `ended`: the search asked
    for is not kept any more."""

    wanted: str
    pages: Paged[tuple[str, int]]
    groups: tuple[Group, ...]
    found_in: int
    searched: int
    left_out: int
    ended: bool


@dataclass(frozen=True, slots=True)
class StatisticsPage:
    """The figures, and when they were taken."""

    figures: Statistics
    now: datetime


def cases(visit: Visit) -> Response:
    """All cases, fifty a page."""
    allow(visit.person, Act.LIST)
    lines, now = visit.workplace.overview.lines(), visit.workplace.clock()
    shown = visit.asked("show") if visit.asked("show") in _SHOWS else _SHOWS[0]
    sort = visit.asked("sort") if visit.asked("sort") in _SORTS else _SORTS[0]
    by_show = {show: [line for line in lines if _fits(line, show, now)] for show in _SHOWS}
    ordered = sorted(by_show[shown], key=_key(sort, now))
    query = {"show": shown if shown != _SHOWS[0] else "", "sort": sort if sort != _SORTS[0] else ""}
    page = CasesPage(
        cases=paged(ordered, wanted_page(visit.asked("page")), "/cases", query),
        now=now,
        total=len(lines),
        shown=shown,
        counts={show: len(some) for show, some in by_show.items()},
        sort=sort,
        working=sum(line.state is State.WORKING for line in lines),
    )
    return visit.page("cases.html", page)


def new(visit: Visit) -> Response:
    """Begin a case."""
    allow(visit.person, Act.OPEN)
    place = visit.typed("place", "cn" if visit.lang == "zh" else "gb")
    lang = visit.typed("lang", PLACES[place][0] if place in PLACES else visit.lang)
    wrong = _wrong(visit, place, lang) if visit.posted else {}
    if not visit.posted or wrong:
        page = NewCasePage(place, lang, visit.typed("note"), wrong)
        return visit.page("new_case.html", page, status=422 if wrong else 200)
    case = visit.workplace.begin(place, lang, visit.secret("passphrase") or None)
    note = visit.typed("note")
    if note:
        now = case.clock()
        case.change(lambda folder, secret: seal_answers(folder, {NOTE: note}, now, secret))
    return visit.go(f"/c/{case.id}/add")


def search(visit: Visit) -> Response:
    """Everything in the open cases that holds the words, grouped by case. The words stand in no address."""
    allow(visit.person, Act.LIST)
    searches, session = visit.request.app.state.searches, visit.request.scope.get("session") or ""
    if visit.posted:
        words = visit.typed("q")[:MOST_TYPED]
        return visit.go("/cases/search", **({"s": searches.keep(session, words)} if words else {}))
    id = visit.asked("s")
    kept = searches.words(session, id) if id else None
    wanted = kept or ""
    overview = visit.workplace.overview
    lines = {line.id: line for line in overview.lines()}
    indexes = dict(overview.indexes(lines.values()))
    numbers = {id: found for id, index in indexes.items() if (found := index.numbers(wanted))}
    places = [(id, number) for id, found in numbers.items() for number in found]
    pages = paged(places, wanted_page(visit.asked("page")), "/cases/search", {"s": id})
    shown: dict[str, list[Hit]] = {}
    for id, number in pages.items:
        shown.setdefault(id, []).append(indexes[id].hit(number, wanted))
    groups = tuple(Group(lines[id], tuple(hits), len(numbers[id])) for id, hits in shown.items())
    page = SearchPage(
        wanted, pages, groups, len(numbers), len(indexes), len(lines) - len(indexes), bool(id) and not kept
    )
    return visit.page("search.html", page)


def statistics(visit: Visit) -> Response:
    """Figures over all cases."""
    allow(visit.person, Act.LIST)
    figures = statistics_of(visit.workplace.overview.lines())
    return visit.page("statistics.html", StatisticsPage(figures, visit.workplace.clock()))


def _fits(line: Line, show: str, now: datetime) -> bool:
    if show == "all":
        return True
    if line.summary is None:
        return False
    return line.summary.due_today(now) if show == "today" else line.summary.waiting > 0


def _key(sort: str, now: datetime) -> Callable[[Line], tuple[object, ...]]:
    """Cases of which nothing is known come last, whatever the order."""

    def due(line: Line) -> tuple[object, ...]:
        clock = line.summary.next_clock(now) if line.summary else None
        return (0, clock.last) if clock else (1 if line.summary else 2, -line.touched.timestamp())

    def changed(line: Line) -> tuple[object, ...]:
        at = line.summary.changed if line.summary else line.touched
        return (0 if line.summary else 1, -at.timestamp())

    def loss(line: Line) -> tuple[object, ...]:
        sums = line.summary.sums if line.summary else ()
        largest = max(sums, key=lambda one: one.lost.value, default=None)
        return (0, largest.lost.currency, -largest.lost.value) if largest else (1, "", line.id)

    def gaps(line: Line) -> tuple[object, ...]:
        return (0, -(line.summary.gaps + line.summary.doubtful)) if line.summary else (1, 0)

    return {"due": due, "changed": changed, "loss": loss, "gaps": gaps}[sort]


def _wrong(visit: Visit, place: str, lang: str) -> dict[str, str]:
    first, second = visit.secret("passphrase"), visit.secret("again")
    wrong: dict[str, str] = {}
    if place not in _OFFERED_PLACES:
        wrong["place"] = visit.say("cases.new_place_wrong")
    if lang not in LANGS:
        wrong["lang"] = visit.say("cases.new_lang_wrong")
    if len(visit.typed("note")) > _LONGEST_NOTE:
        wrong["note"] = visit.say("cases.new_note_wrong", n=_LONGEST_NOTE)
    if first != second:
        wrong["again"] = visit.say("cases.new_again_wrong")
    elif first and len(first) < _SHORTEST_SECRET:
        wrong["passphrase"] = visit.say("cases.new_passphrase_short", n=_SHORTEST_SECRET)
    return wrong


ROUTES = (
    Route("/cases", endpoint(cases)),
    Route("/cases/new", endpoint(new), methods=["GET", "POST"]),
    Route("/cases/search", endpoint(search), methods=["GET", "POST"]),
    Route("/cases/statistics", endpoint(statistics)),
)
