"""The app put together: routes of every page, the API, static files, errors in plain words, the guard."""

from __future__ import annotations

import logging
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from clawback.desk.workplace import Workplace
from clawback.errors import ClawbackError
from clawback.web import api
from clawback.web.api import contract
from clawback.web.guard import API, Guard, Sessions, mark
from clawback.web.pages import ROUTES
from clawback.web.pages.errors import ErrorPage, show_error
from clawback.web.pages.locking import locked_answer
from clawback.web.searches import Searches
from clawback.web.status import status_of
from clawback.web.templating import STATIC, Templates, build_mark
from clawback.web.visit import CaseShut, Visit, visit_of

_KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".png": "image/png"}
_log = logging.getLogger("clawback.web")


def make_app(workplace: Workplace, sessions: Sessions, hosts: frozenset[str]) -> Starlette:
    """The app for `workplace`. `hosts`: Host headers answered, e.g. {"127.0.0.1:8765"}."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        workplace.close()

    app = Starlette(
        routes=[*ROUTES, *api.ROUTES, *_static_routes()],
        middleware=[Middleware(Guard, sessions=sessions, hosts=hosts)],
        exception_handlers={
            ClawbackError: _refused,
            CaseShut: _shut,
            ClientDisconnect: _cut_off,
            HTTPException: _not_found,
            Exception: _our_fault,
        },
        lifespan=lifespan,
    )
    app.state.workplace = workplace
    app.state.templates = Templates()
    app.state.sessions = sessions
    app.state.searches = Searches()
    return app


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ClawbackError)  # noqa: S101 - registered for it
    visit = await visit_of_get(request)
    if _by_script(request):
        return contract.refuse(error, visit.lang)
    return show_error(visit, ErrorPage("error.refused", error.sentence(visit.lang)), status_of(type(error)))


async def _shut(request: Request, error: Exception) -> Response:
    assert isinstance(error, CaseShut)  # noqa: S101 - registered for it
    visit = await visit_of_get(request)
    if _by_script(request):
        return contract.shut(error, visit.lang)
    return locked_answer(visit, error)


async def _cut_off(_: Request, __: Exception) -> Response:
    """A body that did not come whole, or was more than is taken."""
    return PlainTextResponse("", status_code=400)


async def _not_found(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for it
    visit = await visit_of_get(request)
    if _by_script(request):
        return contract.not_possible(error, visit.lang)
    key = "error.not_found" if error.status_code == 404 else "error.not_possible"
    return show_error(visit, ErrorPage(key, ""), error.status_code)


async def _our_fault(request: Request, error: Exception) -> Response:
    code = secrets.token_hex(2).upper()
    _log.error("fault %s", code, exc_info=error)
    visit = await visit_of_get(request)
    if _by_script(request):
        answer: Response = contract.our_fault(code, visit.lang)
    else:
        answer = show_error(visit, ErrorPage("error.our_fault", "", code), 500)
    mark(answer.headers, request.url.path)  # a fault is answered outside of the guard
    return answer


def _by_script(request: Request) -> bool:
    return f"{request.url.path}/".startswith(API)


async def visit_of_get(request: Request) -> Visit:
    """A visit to answer with an error: whatever was posted is not read again."""
    scope = {**request.scope, "method": "GET"}
    return await visit_of(Request(scope))


def _static_routes() -> list[BaseRoute]:
    # only what lies there when the program starts: no name from outside ever becomes a path
    files = {path.relative_to(STATIC).as_posix(): path for path in STATIC.rglob("*") if path.suffix in _KINDS}

    async def serve(request: Request) -> Response:
        path = files.get(request.path_params["name"])
        if path is None:
            return PlainTextResponse("", status_code=404)
        fresh = request.path_params["build"] == build_mark()
        keep = "private, max-age=31536000, immutable" if fresh else "no-store"
        return FileResponse(path, media_type=_KINDS[path.suffix], headers={"Cache-Control": keep})

    return [Route("/static/{build}/{name:path}", serve)]
