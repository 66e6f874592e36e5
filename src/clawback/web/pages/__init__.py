"""One module per part of the app. Each has its `ROUTES`, its handlers, and a dataclass per page."""

from __future__ import annotations

from starlette.routing import BaseRoute

from clawback.web.pages import (
    add,
    check,
    evidence,
    exhibit,
    leaving,
    locking,
    progress,
    questions,
    settings,
    start,
    steps,
    today,
)

ROUTES: tuple[BaseRoute, ...] = (
    *start.ROUTES,
    *leaving.ROUTES,
    *today.ROUTES,
    *steps.ROUTES,
    *check.ROUTES,
    *locking.ROUTES,
    *questions.ROUTES,
    *settings.ROUTES,
    *evidence.ROUTES,
    *exhibit.ROUTES,
    *add.ROUTES,
    *progress.ROUTES,
)
