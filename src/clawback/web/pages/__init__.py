"""One module per part of the app. Each has its `ROUTES`, its handlers, and a dataclass per page."""

from __future__ import annotations

from starlette.routing import BaseRoute

from clawback.web.pages import (
    add,
    bulk,
    calls,
    card,
    cases,
    check,
    directory,
    evidence,
    exhibit,
    feed,
    handin,
    learn,
    leaving,
    locking,
    money,
    now,
    papers,
    platform,
    progress,
    questions,
    settings,
    start,
    steps,
    timeline,
    today,
    tracking,
)

ROUTES: tuple[BaseRoute, ...] = (
    *start.ROUTES,
    *now.ROUTES,
    *card.ROUTES,
    *calls.ROUTES,
    *leaving.ROUTES,
    *today.ROUTES,
    *steps.ROUTES,
    *money.ROUTES,
    *tracking.ROUTES,
    *check.ROUTES,
    *platform.ROUTES,
    *directory.ROUTES,
    *feed.ROUTES,
    *learn.ROUTES,  # after /learn/feed: it takes any other name
    *cases.ROUTES,
    *bulk.ROUTES,
    *locking.ROUTES,
    *questions.ROUTES,
    *settings.ROUTES,
    *add.ROUTES,
    *progress.ROUTES,
    *evidence.ROUTES,
    *exhibit.ROUTES,
    *timeline.ROUTES,
    *papers.ROUTES,
    *handin.ROUTES,
)
