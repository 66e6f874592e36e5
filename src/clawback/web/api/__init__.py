"""The API under `/api/v1`: what the pages' scripts and other programs use, with the same permissions.

`contract` says how an endpoint is declared, `shapes` what answers look like; `openapi` makes the document.
"""

from __future__ import annotations

from functools import cache

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from clawback.web.api import cases, checking, doing, evidence, money, uploads
from clawback.web.api.contract import ROOT
from clawback.web.api.openapi import Json, openapi
from clawback.web.guard import cookie_name

ENDPOINTS = (
    *cases.ENDPOINTS,
    *evidence.ENDPOINTS,
    *uploads.ENDPOINTS,
    *money.ENDPOINTS,
    *doing.ENDPOINTS,
    *checking.ENDPOINTS,
)


@cache
def document(cookie: str) -> Json:
    """The OpenAPI document. `cookie`: name of the one that holds the session."""
    return openapi(ENDPOINTS, cookie)


async def _document(request: Request) -> Response:
    return JSONResponse(document(cookie_name(request.headers)))


ROUTES: tuple[BaseRoute, ...] = (
    Route(f"{ROOT}/openapi.json", _document),
    *(endpoint.route() for endpoint in ENDPOINTS),
    *uploads.ROUTES,
)
