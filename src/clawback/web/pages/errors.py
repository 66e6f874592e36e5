"""What is shown when something did not work: what happened, that the case is safe, and what to do."""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import Response

from clawback.web.visit import Visit


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """`key`: sentence key of the heading. `detail`: one more sentence, or "". `code`: to quote, or ""."""

    key: str
    detail: str
    code: str = ""


def show_error(visit: Visit, page: ErrorPage, status: int) -> Response:
    """The error page with `status`."""
    return visit.page("error.html", page, status=status)
