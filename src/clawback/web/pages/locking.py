"""The lock of an encrypted case: open it again, lock it now, say that somebody is still here."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from clawback.desk.livecase import LiveCase
from clawback.desk.locking import CALL_SECONDS, IDLE_SECONDS
from clawback.desk.permissions import Act, allow
from clawback.errors import CaseLocked
from clawback.web.guard import own_path
from clawback.web.visit import CARRIED_SPEAK, SPEAK, CaseShut, Visit, endpoint

_PASSPHRASE, _TO, _AGAIN = "unlock-passphrase", "unlock-to", "unlock-again"


@dataclass(frozen=True, slots=True)
class UnlockPage:
    """`to`: the page to go back to. `kept`: fields that were sent while the case was locked, to be sent
    there again. `wrong`: why it did not open, or ""."""

    id: str
    to: str
    kept: tuple[tuple[str, str], ...] = ()
    wrong: str = ""

    @property
    def half_filled(self) -> bool:
        """Will the form only be shown again, and nothing saved?"""
        return any(name == CARRIED_SPEAK for name, _ in self.kept)


def locked_answer(visit: Visit, shut: CaseShut) -> Response:
    """What a visitor gets who asked for something in a locked case."""
    if not shut.kept:
        return visit.go(f"/c/{shut.id}/unlock", to=visit.path)
    kept = tuple((CARRIED_SPEAK if name == SPEAK else name, value) for name, value in shut.kept)
    return _show(visit, UnlockPage(shut.id, own_path(visit.path), kept), 423)


def unlock(visit: Visit) -> Response:
    """Open the case, and go back to where the visitor was."""
    case = _case(visit)
    to = _wanted(visit, case)
    if case.is_open and not case.idle.over:
        return visit.go(to)
    case.shut_if_idle()
    if case.is_open:
        return visit.go(to)
    kept = tuple(field for field in visit.texts() if field[0] not in (_PASSPHRASE, _TO, _AGAIN, SPEAK))
    if not visit.posted:
        return _show(visit, UnlockPage(case.id, to, kept))
    try:
        case.unlock(visit.secret(_PASSPHRASE))
    except CaseLocked as locked:
        return _show(visit, UnlockPage(case.id, to, kept, locked.sentence(visit.lang)), 423)
    if visit.typed(_AGAIN):
        return RedirectResponse(to, status_code=307)  # the browser sends the same fields to where they belong
    return visit.go(to)


def lock(visit: Visit) -> Response:
    """Lock the case now."""
    case = _case(visit)
    case.shut()
    return visit.go(f"/c/{case.id}/unlock", to=own_path(visit.typed("to") or f"/c/{case.id}/"))


def left(visit: Visit) -> Response:
    """Seconds until the case locks; with a POST somebody says that they are still here."""
    case = _case(visit)
    case.shut_if_idle()
    if visit.posted and case.is_open:
        case.idle.renew(CALL_SECONDS if visit.typed("calling") else IDLE_SECONDS)
    return JSONResponse({"seconds": case.idle.seconds_left if case.is_open else 0})


def _case(visit: Visit) -> LiveCase:
    """The case whether it is open or not."""
    case = visit.workplace.case(visit.part("case"))
    allow(visit.person, Act.SEE, case.id)
    return case


def _wanted(visit: Visit, case: LiveCase) -> str:
    asked = own_path(visit.typed(_TO) or visit.asked("to"))
    inside = asked.startswith(f"/c/{case.id}/") and not asked.startswith(f"/c/{case.id}/unlock")
    return asked if inside else f"/c/{case.id}/"


def _show(visit: Visit, page: UnlockPage, status: int = 200) -> Response:
    return visit.page("unlock.html", page, status=status)


ROUTES = (
    Route("/c/{case}/unlock", endpoint(unlock), methods=["GET", "POST"]),
    Route("/c/{case}/lock", endpoint(lock), methods=["POST"]),
    Route("/c/{case}/left", endpoint(left), methods=["GET", "POST"]),
)
