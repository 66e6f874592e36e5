"""The third door: is this message, link, number or mail part of a scam? Nothing is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.checkfiles import FileText, read_picture_or_mail
from clawback.desk.checking import (
    STAGES,
    Check,
    LinkFound,
    LinkResult,
    Spotted,
    Stage,
    Standing,
    because,
    bodies_of,
    check,
    defanged,
    genuine_channels,
    harmless,
    of_mail,
    part_of_mail,
)
from clawback.desk.permissions import Act, allow
from clawback.desk.uploads import seal_files
from clawback.desk.vetting import AccountCheck, shown
from clawback.errors import UsageError
from clawback.model.plan import Channel
from clawback.web.visit import Visit, endpoint

_MOST_CASES = 1  # the latest: whoever has many puts it where it belongs from there
_FIRST_REASONS = 4  # the heaviest; the rest can be unfolded
_MOST_NUMBERS = 2  # behind marked words: of the heaviest reasons that rest on them
_TOLD = frozenset({"too_large", "no_picture", "no_text_found", "not_here"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A piece of the text as it is shown: links cannot be pressed. `numbers`: of the heaviest reasons that
    rest on it."""

    text: str
    marked: bool
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ShownReason:
    """A reason by its number, with the exact words that it rests on. `where`: the part of a mail, or ""."""

    number: int
    name: str
    means: str
    quotes: tuple[str, ...]
    where: str = ""


@dataclass(frozen=True, slots=True)
class ShownLink:
    """A link as it is shown. `genuine`: whose own address it is, or ""; `owner`: its domain, or ""; `signs`:
    why it is suspicious."""

    shown: str
    result: str
    genuine: str
    owner: str
    signs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CheckPage:
    """`typed`: what stands in the box. `result` None: nothing was asked yet. `wrong`: what to mend, or "".

    `first`: how many reasons stand there unfolded. `against`: names of what speaks against a scam, or "".
    `exceptions`: name of a reason, and when it is none. `spotted`: what the directory says and what follows.
    `sender`: of a mail. `cases`: ids of cases into which the text may be put, if the person wants that.
    """

    typed: str
    result: Check | None
    pieces: tuple[Piece, ...]
    reasons: tuple[ShownReason, ...]
    exceptions: tuple[tuple[str, str], ...]
    against: str
    links: tuple[ShownLink, ...]
    spotted: tuple[tuple[str, str], ...]
    sender: str
    from_picture: bool
    wrong: str
    channels: tuple[Channel, ...]
    cases: tuple[str, ...]
    today: date
    shown: Callable[[AccountCheck], str] = shown
    stages: tuple[Stage, ...] = STAGES
    first: int = _FIRST_REASONS


def look(visit: Visit) -> Response:
    """The box, and above it what can be said."""
    typed, file, wrong = visit.typed("text"), None, ""
    if visit.files("picture") and not visit.redrawing:
        file = _read(visit)
        typed = "\n".join(part for part in (typed, file.text) if part)
        if file.problem:
            wrong = visit.say("check.file." + file.problem)
    mail = file.mail if file else None
    if visit.posted and not typed and not mail and not wrong:
        wrong = visit.say("check.empty")
    result = of_mail(mail) if mail else check(typed, visit.workplace, visit.lang) if typed else None
    page = CheckPage(
        typed=typed,
        result=result,
        pieces=_pieces(result) if result else (),
        reasons=_reasons(result, visit.lang) if result else (),
        exceptions=_exceptions(result, visit.lang) if result else (),
        against=("、" if visit.lang == "zh" else ", ").join(
            one.name.say(visit.lang) for one in (result.against if result else ())
        ),
        links=tuple(_link(one, visit.lang) for one in result.links) if result else (),
        spotted=tuple(_spotted(visit, one) for one in result.genuine) if result else (),
        sender=harmless(mail.sender) if mail else "",
        from_picture=file is not None and bool(file.text),
        wrong=wrong,
        channels=genuine_channels(visit.lang),
        cases=tuple(id for id in visit.workplace.ids()[:_MOST_CASES] if visit.workplace.case(id).is_open),
        today=visit.workplace.clock().date(),
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


def _read(visit: Visit) -> FileText:
    sent = visit.files("picture")[0]
    name, size = sent.filename or "", sent.size or 0
    try:
        read = read_picture_or_mail(name, sent.file, size, visit.workplace.clock().date())
    except UsageError:
        return FileText("", "not_here")
    return read if read.problem is None or read.problem in _TOLD else FileText("", "not_read")


def _reasons(found: Check, lang: str) -> tuple[ShownReason, ...]:
    """The reasons in their order, numbered as in the text; of a mail, its signs."""
    if found.mail:
        return tuple(
            ShownReason(
                number,
                harmless(sign.why.say(lang)),
                "",
                (harmless(sign.quote),) if sign.quote else (),
                part_of_mail(sign.where).say(lang),
            )
            for number, sign in enumerate(found.mail.verdict.signs, start=1)
        )
    return tuple(
        ShownReason(
            number,
            reason.name.say(lang),
            reason.means.say(lang),
            tuple(dict.fromkeys(found.words(start, end) for start, end in reason.places)),
        )
        for number, reason in enumerate(found.reasons, start=1)
    )


def _exceptions(found: Check, lang: str) -> tuple[tuple[str, str], ...]:
    if found.mail:
        signs = found.mail.verdict.signs[:_FIRST_REASONS]
        return tuple((sign.why.say(lang), sign.not_when.say(lang)) for sign in signs)
    return tuple(
        (reason.name.say(lang), reason.not_when.say(lang))
        for reason in found.reasons[:_FIRST_REASONS]
        if reason.not_when
    )


def _link(one: LinkFound, lang: str) -> ShownLink:
    seen = one.verdict
    raised = seen.result in (LinkResult.LIKELY, LinkResult.SOME)
    return ShownLink(
        shown=one.shown,
        result=seen.result.value,
        genuine=seen.genuine.name.say(lang) if seen.genuine else "",
        owner=defanged(seen.owner),
        signs=tuple(because(sign).say(lang) for sign in seen.signs) if raised else (),
    )


def _spotted(visit: Visit, one: Spotted) -> tuple[str, str]:
    """What the directory says about a number or site in the text, and what follows from it."""
    answer = one.answer
    names = ("、" if visit.lang == "zh" else ", ").join(body.name.say(visit.lang) for body in bodies_of(one))
    heading = visit.say(
        "directory.standing." + answer.standing.value,
        asked=defanged(answer.read_as or answer.asked),
        names=names,
        claimed="",
    )
    if answer.standing is Standing.ALIKE:
        return heading, visit.say("check.alike")
    return heading, visit.say("directory.advice." + answer.standing.value)


def _pieces(found: Check) -> tuple[Piece, ...]:
    """The text cut at its quotes, in order."""
    pieces, at = [], 0
    for quote in found.quotes:
        pieces.append(Piece(found.words(at, quote.start), False, ()))
        pieces.append(Piece(found.words(quote.start, quote.end), True, quote.numbers[:_MOST_NUMBERS]))
        at = quote.end
    pieces.append(Piece(found.words(at, len(found.text)), False, ()))
    return tuple(piece for piece in pieces if piece.text)


ROUTES = (
    Route("/check", endpoint(look), methods=["GET", "POST"]),
    Route("/check/keep", endpoint(keep), methods=["POST"]),
)
