"""Drop the heap: whatever somebody has, sealed at once and read in the background."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from clawback.desk import uploads
from clawback.desk.livecase import LiveCase, ReadingProgress
from clawback.desk.permissions import Act
from clawback.desk.remedies import remedy
from clawback.desk.uploads import SealedFile, Upload, UploadUnknown
from clawback.desk.wording import problem_sentence
from clawback.errors import ClawbackError, UsageError
from clawback.model.casefile import CaseFile
from clawback.model.evidence import Exhibit, Outcome, Problem
from clawback.web.incoming import seal_form
from clawback.web.pages.progress import summary
from clawback.web.paging import Paged, paged, wanted_page
from clawback.web.status import status_of
from clawback.web.visit import Visit, endpoint, visit_without_form

_SHOWN_UPLOADS = 20


@dataclass(frozen=True, slots=True)
class Unread:
    """An exhibit that was not read in full: why, what to do, and the code for who helps."""

    exhibit: Exhibit
    why: str
    todo: str


@dataclass(frozen=True, slots=True)
class AddPage:
    """`exhibits`: sealed in all; `read`, `waiting`: of them. `mark`: where news of reading begins.

    `sealed`, `known`: what the form just sent brought, or None. `trouble`: why not all of it came, or "".
    `unfinished`: uploads that can go on; `unfinished_total` counts those not shown too. `watch`: show
    progress without scripts.
    """

    exhibits: int
    read: int
    waiting: int
    reading: ReadingProgress
    mark: int
    summary: str
    unread: Paged[Unread]
    unfinished: tuple[Upload, ...]
    unfinished_total: int
    sealed: int | None = None
    known: int = 0
    trouble: str = ""
    watch: bool = False


def show(visit: Visit) -> Response:
    """The page."""
    case = visit.case(Act.ADD)
    sealed, known = visit.asked("sealed"), visit.asked("known")
    page = _page(visit, case, _number(sealed), _number(known) or 0)
    return visit.page("add.html", page, case=case)


async def receive(request: Request) -> Response:
    """Files of the form, for whoever has no scripts; sealed while they arrive."""
    visit = visit_without_form(request)
    case = await run_in_threadpool(visit.case, Act.ADD)
    case.idle.renew()
    try:
        sealed = await seal_form(request, lambda _: case)
        if not sealed:
            raise UsageError("Choose at least one file.", "请先选择文件。")
    except ClawbackError as error:
        return await run_in_threadpool(_trouble, visit, case, error)
    finally:
        if case.is_open:
            case.start_reading()
    return _received(visit, case, sealed)


def _received(visit: Visit, case: LiveCase, sealed: tuple[SealedFile, ...]) -> Response:
    known = sum(one.known for one in sealed)
    return visit.go(f"/c/{case.id}/add", watch="1", sealed=str(len(sealed)), known=str(known))


def _trouble(visit: Visit, case: LiveCase, error: ClawbackError) -> Response:
    page = _page(visit, case, trouble=error.sentence(visit.lang))
    return visit.page("add.html", page, case=case, status=status_of(type(error)))


def forget(visit: Visit) -> Response:
    """Give up an upload that was never finished."""
    case = visit.case(Act.ADD)
    with suppress(UploadUnknown):  # gone is what was wanted
        uploads.give_up(case, visit.typed("upload"))
    return visit.go(f"/c/{case.id}/add")


def read_on(visit: Visit) -> Response:
    """Read what still waits."""
    case = visit.case(Act.ADD)
    case.start_reading()
    return visit.go(f"/c/{case.id}/add", watch="1")


def _page(
    visit: Visit, case: LiveCase, sealed: int | None = None, known: int = 0, trouble: str = ""
) -> AddPage:
    mark, _ = case.landed()
    file = case.file()
    waiting = sum(exhibit.outcome is Outcome.WAITING for exhibit in file.exhibits)
    unfinished = tuple(one for one in uploads.uploads(case) if one.what.size is not None and not one.whole)
    path = f"/c/{case.id}/add"
    return AddPage(
        exhibits=len(file.exhibits),
        read=len(file.exhibits) - waiting,
        waiting=waiting,
        reading=case.progress,
        mark=mark,
        summary=summary(visit, file) if file.exhibits and not waiting else "",
        unread=paged(_unread(visit, file), wanted_page(visit.asked("page")), path),
        unfinished=unfinished[:_SHOWN_UPLOADS],
        unfinished_total=len(unfinished),
        sealed=sealed,
        known=known,
        trouble=trouble,
        watch=bool(visit.asked("watch")) and (case.progress.running or waiting > 0),
    )


def _unread(visit: Visit, file: CaseFile) -> list[Unread]:
    """The latest first: who just added a file looks for that one."""
    return [
        Unread(
            exhibit,
            problem_sentence(Problem(exhibit.reason or "section_not_read", exhibit.number), visit.lang),
            visit.say(f"add.todo.{remedy(exhibit.reason or '')}"),
        )
        for exhibit in reversed(file.exhibits)
        if exhibit.outcome in (Outcome.UNREAD, Outcome.PARTIAL)
    ]


def _number(asked: str) -> int | None:
    return int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 7 else None


ROUTES = (
    Route("/c/{case}/add", endpoint(show), methods=["GET"]),
    Route("/c/{case}/add", receive, methods=["POST"]),
    Route("/c/{case}/add/forget", endpoint(forget), methods=["POST"]),
    Route("/c/{case}/add/read", endpoint(read_on), methods=["POST"]),
)
