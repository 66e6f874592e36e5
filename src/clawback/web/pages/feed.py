"""News about scams: what came with the program and what trusted organisations signed, as a page and as feeds.

These routes stand before `/learn/{type}`, which would take their names for kinds of scam.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from clawback.desk.checking import harmless
from clawback.desk.news import Entry, Subscription, atom, json_feed, kind_name, news
from clawback.web.visit import Visit, endpoint


@dataclass(frozen=True, slots=True)
class Told:
    """One item as it is shown. `kind`: name of the kind of scam, or ""; links in title and text are dead."""

    entry: Entry
    expired: bool
    kind: str
    title: str
    text: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FeedPage:
    """Newest first. `unread`: trusted organisations whose file cannot be shown."""

    told: tuple[Told, ...]
    unread: tuple[Subscription, ...]


def look(visit: Visit) -> Response:
    """The items, newest first; what has expired is marked."""
    now = visit.workplace.clock()
    found = news(visit.workplace.home, now)
    told = tuple(
        Told(
            entry=one,
            expired=one.expired(now.date()),
            kind=kind_name(one, visit.lang),
            title=harmless(one.item.title.say(visit.lang)),
            text=tuple(harmless(one.item.text.say(visit.lang)).splitlines()),
        )
        for one in found.entries
    )
    return visit.page("feed.html", FeedPage(told, found.unread))


def as_json(visit: Visit) -> Response:
    """The items as JSON Feed, for a reader on this machine."""
    now = visit.workplace.clock()
    found = news(visit.workplace.home, now)
    feed = json_feed(found, visit.say("feed.name"), visit.lang, now.date())
    return JSONResponse(feed, media_type="application/feed+json")


def as_atom(visit: Visit) -> Response:
    """The items as Atom, for a reader on this machine."""
    found = news(visit.workplace.home, visit.workplace.clock())
    written = atom(found, visit.say("feed.name"), visit.lang, visit.say("feed.until", day="{day}"))
    return Response(written, media_type="application/atom+xml")


ROUTES = (
    Route("/learn/feed", endpoint(look)),
    Route("/learn/feed.json", endpoint(as_json)),
    Route("/learn/feed.atom", endpoint(as_atom)),
)
