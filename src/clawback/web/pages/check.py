"""The third door: is this message, link or number part of a scam? Nothing is kept."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.checking import Check, PictureText, check, defanged, genuine_channels, read_picture
from clawback.desk.permissions import Act, allow
from clawback.desk.uploads import seal_files
from clawback.errors import UsageError
from clawback.model.plan import Channel
from clawback.web.visit import Visit, endpoint

_MOST_CASES = 1  # the latest: whoever has many puts it where it belongs from there


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as it is shown: links cannot be pressed. `number`: of the reason, or 0."""

    text: str
    number: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """Words as they stand, with the number that they have in the text. `first`: where the number leads."""

    number: int
    text: str
    first: bool


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason, with all the words that speak for it."""

    why: str
    quotes: tuple[Quoted, ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """`typed`: what stands in the box. `result` None: nothing was asked yet. `wrong`: what to mend, or "".

    `cases`: ids of cases into which the text may be put, if the person wants that.
    """

    typed: str
    result: Check | None
    pieces: tuple[Piece, ...]
    reasons: tuple[Reason, ...]
    from_picture: bool
    wrong: str
    channels: tuple[Channel, ...]
    cases: tuple[str, ...]


def look(visit: Visit) -> Response:
    """The box, and below it what can be said."""
    typed, picture, wrong = visit.typed("text"), None, ""
    sent = visit.files("picture")
    if sent and not visit.redrawing:
        picture = _read(visit)
        typed = "\n".join(part for part in (typed, picture.text) if part)
        if picture.problem:
            wrong = visit.say("check.picture." + picture.problem)
    if visit.posted and not typed and not wrong:
        wrong = visit.say("check.empty")
    result = check(typed) if typed else None
    page = CheckPage(
        typed=typed,
        result=result,
        pieces=_pieces(result) if result else (),
        reasons=_reasons(result, visit.lang) if result else (),
        from_picture=picture is not None and bool(picture.text),
        wrong=wrong,
        channels=genuine_channels(visit.lang),
        cases=tuple(id for id in visit.workplace.ids()[:_MOST_CASES] if visit.workplace.case(id).is_open),
    )
    return visit.page("check.html", page, status=422 if wrong and not result else 200)


def keep(visit: Visit) -> Response:
    """Put the text into a case as evidence, because the person asked for it."""
    text, id = visit.typed("text"), visit.typed("case")
    if not text or not visit.posted:
        return visit.go("/check")
    allow(visit.person, Act.ADD if id else Act.OPEN, id or None)
    case = visit.workplace.case(id) if id else visit.workplace.begin("cn" if visit.lang == "zh" else "gb")
    name = visit.say("check.file_name", when=f"{case.clock():%Y-%m-%d %H-%M}")
    seal_files(case, [(name.encode(), [text.encode()])])
    case.start_reading()
    return visit.go(f"/c/{case.id}/evidence")


def _read(visit: Visit) -> PictureText:
    sent = visit.files("picture")[0]
    name, size = sent.filename or "", sent.size or 0
    try:
        read = read_picture(name, sent.file, size, visit.workplace.clock().date())
    except UsageError:
        return PictureText("", "not_here")
    known = read.problem in (None, "too_large", "no_picture", "no_text_found")
    return read if known else PictureText("", "not_read")


def _reasons(found: Check, lang: str) -> tuple[Reason, ...]:
    """Quotes by their reason, in order of the text; words with two reasons stand under both."""
    reasons: dict[str, list[Quoted]] = {}
    for number, quote in enumerate(found.quotes, start=1):
        for place, why in enumerate(quote.whys):
            said = found.text[quote.start : quote.end]
            reasons.setdefault(why.say(lang), []).append(Quoted(number, said, place == 0))
    return tuple(Reason(why, tuple(quotes)) for why, quotes in reasons.items())


def _pieces(found: Check) -> tuple[Piece, ...]:
    """The text cut at its quotes and links, in order; a link is written so that nothing makes one of it."""
    links = [(one.start, one.end) for one in found.found if "[.]" in one.shown]
    numbers = {(quote.start, quote.end): n for n, quote in enumerate(found.quotes, start=1)}
    edges = sorted({0, len(found.text), *(edge for span in (*links, *numbers) for edge in span)})
    pieces = []
    for start, end in pairwise(edges):
        text = found.text[start:end]
        if any(at <= start and end <= to for at, to in links):
            text = defanged(text)
        number = next((n for (at, to), n in numbers.items() if at <= start and end <= to), 0)
        pieces.append(Piece(text, number))
    return tuple(pieces)


ROUTES = (
    Route("/check", endpoint(look), methods=["GET", "POST"]),
    Route("/check/keep", endpoint(keep), methods=["POST"]),
)
