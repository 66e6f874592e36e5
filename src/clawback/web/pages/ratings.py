"""How payments to sellers and platforms ended, over the helper's own cases; replies, contests, sharing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta

from markupsafe import Markup
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.outcomes import DECIDABLE, LONGEST, OutcomeDecided
from clawback.desk.permissions import Act, allow
from clawback.desk.rating import (
    LEAST_SHARED_PAYERS,
    LONGEST_LIFE,
    Approval,
    Contest,
    Outcome,
    Rated,
    Ratings,
    Reply,
    Told,
    Weighed,
    add_reply,
    decide,
    is_genuine,
    of_ten,
    ratings_of,
    rule_on,
    share,
    wrong_terms,
)
from clawback.errors import UsageError
from clawback.web.paging import Paged, paged, wanted_page
from clawback.web.ratingfigure import Band, draw
from clawback.web.visit import Visit, endpoint

_MOST_TYPED = 200
_WAIT_S = 2.0  # for cases that are being summed up: figures over half of them would mislead
_RULINGS = (Contest.UPHELD, Contest.REJECTED)


@dataclass(frozen=True, slots=True)
class ListPage:
    """`found`: those that were searched for, or all. `wanted`: the words searched for. `words`: the
    interval of each subject by its handle, "" while not enough is known."""

    found: Paged[Rated]
    all: Ratings
    wanted: str
    words: dict[str, str]


@dataclass(frozen=True, slots=True)
class RatingPage:
    """`words`, `contested_words`, `picture`: the interval, and with contested entries; "" while not enough is
    known. `left_out`: reason and number. `case_of`: the case in addresses by the id of its entry."""

    rated: Rated
    ratings: Ratings
    words: str
    contested_words: str
    picture: Markup
    case_of: dict[str, str]
    left_out: tuple[tuple[str, int], ...]
    today: date
    shareable: bool
    genuine: bool
    least: int = LEAST_SHARED_PAYERS


@dataclass(frozen=True, slots=True)
class FormPage:
    """A form about a subject. `told`: the case it is about, or None. `reply`: the contest ruled on."""

    rated: Rated
    today: date
    errors: dict[str, str] = field(default_factory=dict)
    told: Told | None = None
    reply: Reply | None = None
    outcomes: tuple[Outcome, ...] = DECIDABLE
    rulings: tuple[Contest, ...] = _RULINGS
    longest: int = LONGEST
    least: int = LEAST_SHARED_PAYERS

    @property
    def genuine(self) -> bool:
        """Does the subject stand in the directory of genuine bodies?"""
        return is_genuine(self.rated.subject)

    @property
    def last_day(self) -> date:
        """The last day that a shared record of this subject may have."""
        return self.today + timedelta(days=LONGEST_LIFE[self.rated.subject.kind])


def ratings(visit: Visit) -> Response:
    """All subjects, fifty a page. What is searched for is sent, and stands in no address."""
    everything = _all(visit)
    wanted = visit.typed("q")[:_MOST_TYPED]
    found = everything.named(wanted)
    pages = paged(found, 1 if wanted else wanted_page(visit.asked("page")), "/ratings")
    words = {one.handle: _words(visit, one.rating.known) for one in pages.items}
    return visit.page("ratings.html", ListPage(pages, everything, wanted, words))


def rating(visit: Visit) -> Response:
    """Everything that is known of one subject."""
    everything = _all(visit)
    rated = everything.of(visit.part("handle"))
    whys = Counter(one.why.value for one in rated.rating.left_out)
    page = RatingPage(
        rated=rated,
        ratings=everything,
        words=_words(visit, rated.rating.known),
        contested_words=_words(visit, rated.rating.with_contested) if rated.rating.contested else "",
        case_of={one.ended.experience.id: one.case for one in rated.told},
        picture=_picture(visit, rated),
        left_out=tuple(sorted(whys.items())),
        today=visit.workplace.clock().date(),
        genuine=is_genuine(rated.subject),
        shareable=rated.subject.kind != "payee" and rated.rating.known.enough,
    )
    return visit.page("rating.html", page)


def reply(visit: Visit) -> Response:
    """Write down what the subject says."""
    page = FormPage(_one(visit, Act.DECIDE), _today(visit))
    if not visit.posted:
        return visit.page("rating_reply.html", page)
    about = visit.typed("about")
    known = {one.ended.experience.id for one in page.rated.told}
    said = Reply(
        number="",
        on=_typed_day(visit, page),
        by=visit.typed("by"),
        text=visit.typed("text"),
        about=about if about in known else "",
        contest=Contest.OPEN if visit.typed("contest") == "yes" else None,
    )
    if not said.by:
        page.errors["by"] = visit.say("ratings.reply.by_wrong")
    where = "about" if said.contest and not said.about else "text"
    return _done(
        visit, "rating_reply.html", page, where, lambda: add_reply(visit.workplace, page.rated, said)
    )


def ruling(visit: Visit) -> Response:
    """Say what was found about a contest."""
    rated, number = _one(visit, Act.DECIDE), visit.part("number")
    about = next((one for one in rated.rating.replies if one.number == number), None)
    if about is None or about.contest is not Contest.OPEN:
        return visit.go(f"/ratings/{rated.handle}")
    page = FormPage(rated, _today(visit), reply=about)
    if not visit.posted:
        return visit.page("rating_ruling.html", page)
    result = visit.typed("result")
    if result not in _RULINGS:
        page.errors["result"] = visit.say("ratings.ruling.wrong")
    return _done(
        visit,
        "rating_ruling.html",
        page,
        "note",
        lambda: rule_on(visit.workplace, rated, number, Contest(result), visit.typed("note")),
    )


def outcome(visit: Visit) -> Response:
    """Say how it ended in one case."""
    visit.case(Act.DECIDE)
    everything = _all(visit)
    told = everything.told(visit.part("handle"), visit.part("case"))
    page = FormPage(everything.of(visit.part("handle")), _today(visit), told=told)
    if not visit.posted:
        return visit.page("rating_outcome.html", page)
    chosen = visit.typed("outcome")
    if chosen not in (*DECIDABLE, "none"):
        page.errors["outcome"] = visit.say("ratings.outcome.wrong")
    exhibit = visit.typed("exhibit")
    if exhibit and not (exhibit.isascii() and exhibit.isdigit() and len(exhibit) < 8):
        page.errors["exhibit"] = visit.say("ratings.outcome.exhibit_wrong")
    on = _typed_day(visit, page)
    return _done(
        visit,
        "rating_outcome.html",
        page,
        "exhibit" if chosen in (Outcome.DELIVERED, Outcome.PROVED_FRAUD) and not exhibit else "note",
        lambda: decide(
            visit.workplace,
            told.case,
            OutcomeDecided(
                key=page.rated.subject.key,
                outcome=None if chosen == "none" else Outcome(chosen),
                on=on,
                exhibit=int(exhibit) if exhibit else None,
                note=visit.typed("note"),
            ),
        ),
    )


def sharing(visit: Visit) -> Response:
    """Make the document for others, which a named person approves. It is sent nowhere."""
    rated = _one(visit, Act.FILE)
    page = FormPage(rated, _today(visit))
    if not visit.posted:
        return visit.page("rating_share.html", page)
    if visit.typed("approve") != "yes":
        page.errors["approve"] = visit.say("ratings.share.approve_wrong")
    terms = Approval(
        by=visit.typed("by"),
        until=_typed_day(visit, page, "until"),
        contest=visit.typed("contest"),
        basis=visit.typed("basis"),
        although_genuine=visit.typed("although_genuine") == "yes",
    )
    for name, fault in wrong_terms(rated, terms, page.today).items():
        page.errors.setdefault(name, fault.sentence(visit.lang))
    if not page.errors:
        try:
            document = share(visit.workplace, rated, terms)
        except UsageError as error:
            page.errors["approve"] = error.sentence(visit.lang)
        else:
            headers = {"content-disposition": 'attachment; filename="rating.json"'}
            text = json.dumps(document, ensure_ascii=False, indent=2) + "\n"
            return Response(text, media_type="application/json", headers=headers)
    return visit.page("rating_share.html", page, status=422)


def _done(visit: Visit, template: str, page: FormPage, where: str, act: Callable[[], None]) -> Response:
    """Do it and go back to the subject, or show the form again with what is wrong at the field `where`."""
    if not page.errors:
        try:
            act()
        except UsageError as error:
            page.errors[where] = error.sentence(visit.lang)
        else:
            return visit.go(f"/ratings/{page.rated.handle}")
    return visit.page(template, page, status=422)


def _all(visit: Visit) -> Ratings:
    allow(visit.person, Act.LIST)
    workplace = visit.workplace
    lines = workplace.overview.lines(_WAIT_S)
    return ratings_of(lines, workplace.clock().date(), workplace.handles.of)


def _one(visit: Visit, act: Act) -> Rated:
    """The subject of this page, about which something is written into every case behind it."""
    rated = _all(visit).of(visit.part("handle"))
    for told in rated.told:
        allow(visit.person, act, told.case)
    return rated


def _today(visit: Visit) -> date:
    return visit.workplace.clock().date()


def _typed_day(visit: Visit, page: FormPage, name: str = "on") -> date:
    """The day typed; today, with an error noted, when it is none."""
    try:
        return date.fromisoformat(visit.typed(name))
    except ValueError:
        page.errors[name] = visit.say("ratings.day_wrong")
        return page.today


def _words(visit: Visit, weighed: Weighed) -> str:
    """The interval as people of ten; "" while not enough is known."""
    if not weighed.enough:
        return ""
    low, high = of_ten(weighed)
    return visit.say("ratings.of_ten", low=low, high=high)


def _picture(visit: Visit, rated: Rated) -> Markup:
    known, all_ = rated.rating.known, rated.rating.with_contested
    bands = []
    if known.enough:
        bands.append(_one_band(visit, known, "ratings.band.known", dashed=False))
    if rated.rating.contested and all_.enough:
        bands.append(_one_band(visit, all_, "ratings.band.contested", dashed=True))
    if not bands:
        return Markup("")
    title = visit.say("ratings.picture") + " ".join(band.name for band in bands)
    return draw(bands, title, (visit.say("ratings.end.none"), visit.say("ratings.end.all")))


def _one_band(visit: Visit, weighed: Weighed, key: str, *, dashed: bool) -> Band:
    one = weighed.interval
    name = visit.say(key, words=_words(visit, weighed))
    return Band(one.low, one.high, one.estimate or 0.0, name, dashed)


ROUTES = (
    Route("/ratings", endpoint(ratings), methods=["GET", "POST"]),
    Route("/ratings/{handle}", endpoint(rating)),
    Route("/ratings/{handle}/reply", endpoint(reply), methods=["GET", "POST"]),
    Route("/ratings/{handle}/contest/{number}", endpoint(ruling), methods=["GET", "POST"]),
    Route("/ratings/{handle}/case/{case}", endpoint(outcome), methods=["GET", "POST"]),
    Route("/ratings/{handle}/share", endpoint(sharing), methods=["GET", "POST"]),
)
