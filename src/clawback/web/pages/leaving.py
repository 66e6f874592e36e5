"""Leave now: the session ends, encrypted cases are locked, the browser forgets, a blank page stays."""

from __future__ import annotations

from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from clawback.web.guard import cookie_name
from clawback.web.visit import Visit, endpoint
from clawback.web.wording import say

_BLANK = (
    '<!doctype html><html lang="{lang}"><meta charset="utf-8"><title>{title}</title>'
    '<link rel="icon" href="data:,"></html>'  # else the browser asks for one
)


def leave(visit: Visit) -> Response:
    """End everything at once; the answer is a blank page with a neutral title."""
    visit.workplace.shut()
    session = visit.request.scope.get("session")
    if session:
        visit.request.app.state.sessions.end(session)
        visit.request.app.state.searches.forget(session)
    title = say("leave.blank_title", visit.lang)
    answer = HTMLResponse(_BLANK.format(lang=visit.lang, title=title))
    answer.delete_cookie(cookie_name(visit.request.headers), path="/")
    answer.headers["Content-Security-Policy"] = "default-src 'none'; img-src data:; frame-ancestors 'none'"
    answer.headers["Clear-Site-Data"] = '"cache", "cookies", "storage"'
    return answer


ROUTES = (Route("/leave", endpoint(leave), methods=["POST"]),)
