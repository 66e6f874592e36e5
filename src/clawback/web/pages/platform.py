"""The guided check of a platform or shop: one form, the result above it. Nothing is kept unless asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date

from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.permissions import Act, allow
from clawback.desk.platforms import (
    KIND,
    LONGEST_NAME,
    Group,
    PlatformNote,
    Question,
    Told,
    VettedPlatform,
    account_signs,
    note_of,
    places_to_ask,
    questions,
    vet_platform,
)
from clawback.desk.uploads import seal_files
from clawback.desk.vetting import AccountCheck, Vetting, indicators_in, shown, vet
from clawback.web.visit import Visit, endpoint

_LONGEST_ACCOUNT = 500
_ELSEWHERE = "elsewhere"  # a place for which we have nobody to ask


@dataclass(frozen=True, slots=True)
class Part:
    """Questions that are asked together."""

    id: str
    questions: tuple[tuple[str, Question], ...]


@dataclass(frozen=True, slots=True)
class PlatformPage:
    """`told`: what stands in the form. `name`: what the platform is called, for the note. `result` None:
    nothing was asked yet. `wrong`: what to mend, or "". `cases`: where it may be kept, the latest or none.

    `account`: what was typed of the payee's account; `vetting`: what that tells, None when nothing was typed.
    """

    told: Told
    name: str
    account: str
    result: VettedPlatform | None
    vetting: Vetting | None
    today: date
    parts: tuple[Part, ...]
    kinds: Question
    places: tuple[tuple[str, str], ...]
    wrong: str
    cases: tuple[str, ...]
    asked: Mapping[str, Question]

    def shown(self, check: AccountCheck) -> str:
        """A value as it may stand on a screen."""
        return shown(check)


def look(visit: Visit) -> Response:
    """The form, and above it what follows from the answers."""
    told, account = _told(visit), _account(visit)
    given = bool(told.answers or told.firm or told.payee or account)
    vetting = vet(visit.workplace, indicators_in(account, visit.lang), visit.lang) if account else None
    if vetting is not None:
        told = replace(told, accounts=account_signs(vetting))
    wrong = visit.say("platform.empty") if visit.posted and not given else ""
    asked = questions()
    page = PlatformPage(
        told=told,
        name=_name(visit, "name"),
        account=account,
        result=vet_platform(told) if given else None,
        vetting=vetting,
        today=visit.workplace.clock().date(),
        parts=tuple(
            Part(
                group.value,
                tuple((id, one) for id, one in asked.items() if one.group is group and id != KIND),
            )
            for group in Group
        ),
        kinds=asked[KIND],
        places=_places(visit),
        wrong=wrong,
        cases=tuple(id for id in visit.workplace.ids()[:1] if visit.workplace.case(id).is_open),
        asked=asked,
    )
    return visit.page("platform.html", page, status=422 if wrong else 200)


def keep(visit: Visit) -> Response:
    """Put the questions and answers into a case as a statement, because the person asked for it."""
    told, id = _told(visit), visit.typed("case")
    if not told.answers or not visit.posted:
        return visit.go("/check/platform")
    allow(visit.person, Act.ADD if id else Act.OPEN, id or None)
    case = visit.workplace.case(id) if id else visit.workplace.begin("cn" if visit.lang == "zh" else "gb")
    now = case.clock()
    heads = PlatformNote(
        title=visit.say("platform.note"),
        about=visit.say("platform.name"),
        firm=visit.say("platform.firm"),
        payee=visit.say("platform.payee_name"),
        account=visit.say("platform.account"),
        place=visit.say("platform.place"),
        unknown=visit.say("platform.unknown"),
    )
    text = note_of(told, _name(visit, "name"), _account(visit), now, heads, visit.lang)
    name = visit.say("platform.file_name", when=f"{now:%Y-%m-%d %H-%M}")
    seal_files(case, [(name.encode(), [text.encode()])])
    case.start_reading()
    return visit.go(f"/c/{case.id}/evidence")


def _told(visit: Visit) -> Told:
    asked = questions()
    answers = {id: visit.typed(id) for id, one in asked.items() if visit.typed(id) in one.answers}
    places = {id for id, _ in _places(visit)}
    place = visit.typed("place", "cn" if visit.lang == "zh" else "gb")
    return Told(
        answers, _name(visit, "firm"), _name(visit, "payee_name"), place if place in places else _ELSEWHERE
    )


def _name(visit: Visit, field: str) -> str:
    return " ".join(visit.typed(field)[:LONGEST_NAME].split())


def _account(visit: Visit) -> str:
    return " ".join(visit.typed("account")[:_LONGEST_ACCOUNT].split())


def _places(visit: Visit) -> tuple[tuple[str, str], ...]:
    known = [(place.id, place.name.say(visit.lang)) for place in places_to_ask()]
    return (*known, (_ELSEWHERE, visit.say("platform.elsewhere")))


ROUTES = (
    Route("/check/platform", endpoint(look), methods=["GET", "POST"]),
    Route("/check/platform/keep", endpoint(keep), methods=["POST"]),
)
