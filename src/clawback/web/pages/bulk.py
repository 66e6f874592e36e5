"""Many cases at once, from folders and archives; one case per top folder."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk.bulk import Arrivals
from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act, allow
from clawback.desk.workplace import PLACES
from clawback.errors import ClawbackError, UsageError
from clawback.web.incoming import seal_form
from clawback.web.status import status_of
from clawback.web.visit import Visit, endpoint, visit_without_form

_OFFERED = ("cn", "gb")


@dataclass(frozen=True, slots=True)
class BulkPage:
    """`made`: (reference or "", case) of each case begun; `files`: sealed in all. `trouble`: why not all
    came, or ""."""

    place: str
    made: tuple[tuple[str, LiveCase], ...] = ()
    files: int = 0
    trouble: str = ""
    places: tuple[str, ...] = _OFFERED


def ask(visit: Visit) -> Response:
    """Where the folders are chosen."""
    allow(visit.person, Act.OPEN)
    return visit.page("bulk.html", BulkPage(_place(visit)))


async def receive(request: Request) -> Response:
    """Seal each file into the case of its folder while it arrives."""
    visit = visit_without_form(request)
    allow(visit.person, Act.OPEN)
    place = _place(visit)
    arrivals = Arrivals(visit.workplace, place, PLACES[place][0])
    trouble: ClawbackError | None = None
    files = 0
    try:
        files = len(await seal_form(request, arrivals.case_of))
        if not files:
            trouble = UsageError("Choose at least one folder or archive.", "请先选择文件夹或压缩包。")
    except ClawbackError as error:
        trouble = error
    arrivals.read()
    page = BulkPage(
        place,
        made=tuple(arrivals.cases.items()),
        files=files,
        trouble=trouble.sentence(visit.lang) if trouble else "",
    )
    status = status_of(type(trouble)) if trouble else 200
    return await run_in_threadpool(visit.page, "bulk.html", page, status=status)


def _place(visit: Visit) -> str:
    """From the address, so that it is known before the files come."""
    asked = visit.asked("place")
    return asked if asked in _OFFERED else ("cn" if visit.lang == "zh" else "gb")


ROUTES = (
    Route("/cases/intake", endpoint(ask)),
    Route("/cases/intake", receive, methods=["POST"]),
)
