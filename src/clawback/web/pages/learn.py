"""Learning: the kinds of scam, a card for each that prints on one sheet, and a quiz that keeps nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.learning import Card, Item, Mark, Source, Stage, card, cards, quiz_round, rounds
from clawback.model.moments import Moment, Precision, ZoneBasis
from clawback.model.plan import Confidence
from clawback.web import figures
from clawback.web.visit import Visit, endpoint

ANSWERS = ("scam", "honest", "unsure")
_MOST_ROUND = 9_999


@dataclass(frozen=True, slots=True)
class LearnPage:
    """`official`: kinds with a place in an official list; `others`: the rest."""

    official: tuple[Card, ...]
    others: tuple[Card, ...]


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source as a card names it. `url`: "" where it is no page to send a reader to."""

    text: str
    note: str
    url: str


@dataclass(frozen=True, slots=True)
class CardPage:
    """One kind. `official`: a sentence about its place in a list, or "". `cases`: each with its source."""

    card: Card
    stages: tuple[Stage, ...]
    official: str
    cases: tuple[tuple[str, ShownSource], ...]
    sources: tuple[ShownSource, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the message. `number`: of the reason for which it is marked, or 0."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class QuizPage:
    """Message `place` (from 1) of the round. `answer`: "" before it was given; `name`: of its kind, or "".

    `reasons`: why the marked words tell, in order of the message.
    """

    item: Item
    round: int
    place: int
    total: int
    answer: str
    answers: tuple[str, ...]
    name: str
    pieces: tuple[Piece, ...]
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class QuizDonePage:
    """`again`: number of the next round."""

    again: int


def learn(visit: Visit) -> Response:
    """Every kind of scam, the most frequent first."""
    known = cards()
    page = LearnPage(
        tuple(one for one in known if one.official), tuple(one for one in known if not one.official)
    )
    return visit.page("learn.html", page)


def show(visit: Visit) -> Response:
    """The card of one kind."""
    one = card(visit.part("type"))
    if one is None:
        raise HTTPException(404)
    page = CardPage(
        one,
        tuple(Stage),
        _official(visit, one),
        tuple((case.text.say(visit.lang), _shown(visit, source)) for case, source in one.cases),
        tuple(_shown(visit, source) for source in one.sources),
    )
    return visit.page("learn_card.html", page)


def quiz(visit: Visit) -> Response:
    """One message; with `answer`, what it is and why. All there is to know stands in the address."""
    number = _number(visit.asked("round"), visit.workplace.clock().toordinal() % rounds())
    items, place = quiz_round(number), _number(visit.asked("n"), 1)
    if place > len(items):
        return visit.page("quiz_done.html", QuizDonePage((number + 1) % rounds()))
    item, answer = items[max(place, 1) - 1], visit.asked("answer")
    kind = card(item.scam) if item.scam else None
    page = QuizPage(
        item=item,
        round=number,
        place=max(place, 1),
        total=len(items),
        answer=answer if answer in ANSWERS else "",
        answers=ANSWERS,
        name=kind.kind.name.say(visit.lang) if kind else "",
        pieces=_pieces(item, visit.lang),
        reasons=tuple(mark.why.say(visit.lang) for mark in _in_order(item, visit.lang)),
    )
    return visit.page("quiz.html", page)


def _number(text: str, default: int) -> int:
    """A small number from an address; anything else counts as not said."""
    return int(text) if text.isascii() and text.isdecimal() and int(text[:5]) <= _MOST_ROUND else default


def _official(visit: Visit, one: Card) -> str:
    named = one.kind.official
    if named is None or one.official is None:
        return ""
    return visit.say(
        "learn.official_name",
        name=named.name.say(visit.lang),
        rank=named.rank,
        date=_when(visit, one.official.published),
    )


def _shown(visit: Visit, source: Source) -> ShownSource:
    note = [
        source.publisher.say(visit.lang),
        _when(visit, source.published),
        visit.say("learn.checked", date=figures.day(source.checked, visit.lang)),
        visit.say("learn.trust." + source.confidence),
    ]
    first_hand = source.confidence is Confidence.PRIMARY
    between = "，" if visit.lang == "zh" else ", "
    return ShownSource(source.text.say(visit.lang), between.join(note), source.url if first_hand else "")


def _when(visit: Visit, published: str | None) -> str:
    """A year, month or day as exactly as it is known."""
    if published is None:
        return visit.say("learn.undated")
    known = (Precision.YEAR, Precision.MONTH, Precision.DAY)[published.count("-")]
    first = datetime.fromisoformat((published + "-01-01")[:10]).replace(tzinfo=UTC)
    return figures.day(Moment(first, known, ZoneBasis.ASSUMED), visit.lang)


def _in_order(item: Item, lang: str) -> list[Mark]:
    message = item.message.say(lang)
    return sorted(item.marks, key=lambda mark: message.index(mark.quote.say(lang)))


def _pieces(item: Item, lang: str) -> tuple[Piece, ...]:
    """The message cut at the words that tell; links in it are plain words."""
    rest, pieces = item.message.say(lang), []
    for number, mark in enumerate(_in_order(item, lang), start=1):
        before, quote, rest = rest.partition(mark.quote.say(lang))
        pieces += [Piece(before, 0), Piece(quote, number)]
    return tuple(piece for piece in (*pieces, Piece(rest, 0)) if piece.text)


ROUTES = (
    Route("/learn", endpoint(learn)),
    Route("/learn/quiz", endpoint(quiz)),
    Route("/learn/{type}", endpoint(show)),
)
