"""Every page and state, as addresses: seeds, and whatever the pages themselves lead to.

A kind of page is its route with the names of its query; of each kind in each case a few are taken, so that a
case of five hundred exhibits does not make five hundred pictures.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from html.parser import HTMLParser
from urllib.error import HTTPError
from urllib.parse import parse_qsl, unquote, urljoin, urlsplit

from starlette.routing import Match, Route
from tools.screenshots import cases
from tools.screenshots.served import Site

from clawback.web.pages import ROUTES

_NO_PAGES = ("/static/", "/speak/", "/api/")
_MOST_OF_A_KIND = 2
_MORE_OF = {
    "/c/{case}/evidence/{number:int}": 12,
    "/c/{case}/papers/{form}": 4,
    "/c/{case}/steps/{action}": 4,
}


@dataclass(frozen=True, slots=True)
class Look:
    """One page in one state. `kind`: its route and the names of its query. `status`: of the answer."""

    case: str
    kind: str
    path: str
    status: int

    @property
    def name(self) -> str:
        """A name for a file."""
        whose = _NAMES.get(self.case, "front")
        rest = unquote(self.path).removeprefix(f"/c/{self.case}").strip("/") or "today"
        return re.sub(r"[^\w.-]+", "_", f"{whose}-{rest}")[:100].strip("_")


_NAMES = {
    cases.EMPTY: "empty",
    cases.PLAYER: "player",
    cases.SHOPPER: "shopper",
    cases.BRITISH: "british",
    cases.LOCKED: "locked",
    cases.CROWDED: "crowded",
    cases.LONG: "long",
}
_FRONT = (
    "/",
    "/safely",
    "/check",
    "/check/directory",
    "/learn/feed",
    "/cases",
    "/cases/new",
    "/cases/search",
    "/cases/statistics",
    "/ratings",
    "/no-such-page",
)
_IN_A_CASE = (
    "",
    "card",
    "say",
    "add",
    "money",
    "timeline",
    "evidence",
    "papers",
    "tracking",
    "questions",
    "settings",
    "timeline?kind=nothing",
    "evidence/99999",
    "no-such-page",
)


def seeds(present: Iterable[str]) -> list[str]:
    """Addresses to begin with, for the cases that are there."""
    inside = [f"/c/{case}/{part}" for case in present for part in _IN_A_CASE]
    return [*_FRONT, *inside, f"/c/{cases.LOCKED}/unlock?to=/c/{cases.LOCKED}/money"]


def walk(site: Site, present: Iterable[str], lang: str = "zh", *, few: bool = False) -> list[Look]:
    """All pages that can be reached by links, in the order found, some of each kind and case.

    `few`: one of each kind in each case.
    """
    queue, seen, taken = seeds(present), set[str](), Counter[tuple[str, str]]()
    found: list[Look] = []
    while queue:
        path = queue.pop(0)
        kind, case = kind_of(path), _case_of(path)
        most = 1 if few else _MORE_OF.get(kind, _MOST_OF_A_KIND)
        if path in seen or taken[case, kind] >= most or path.startswith(_NO_PAGES):
            continue
        seen.add(path)
        status, html = _fetch(site, path, lang)
        if html is None:
            continue
        taken[case, kind] += 1
        found.append(Look(case, kind, path, status))
        queue += _links(html, path)
    return found


def kind_of(path: str) -> str:
    """The route that answers `path`, with the names of its query; the path itself when none does."""
    parts = urlsplit(path)
    scope = {"type": "http", "method": "GET", "path": unquote(parts.path), "root_path": ""}
    route = next((r.path for r in page_routes() if r.matches(scope)[0] is Match.FULL), "no such page")
    names = sorted({name for name, _ in parse_qsl(parts.query, keep_blank_values=True)})
    return f"{route}?{'&'.join(names)}" if names else route


def page_routes() -> list[Route]:
    """Routes that answer a GET."""
    return [route for route in ROUTES if isinstance(route, Route) and "GET" in (route.methods or {"GET"})]


def _case_of(path: str) -> str:
    found = re.match(r"/c/([0-9a-z]+)(/|$)", path)
    return found[1] if found else ""


def _fetch(site: Site, path: str, lang: str) -> tuple[int, str | None]:
    try:
        status, kind, text = site.text(path, lang)
    except HTTPError as error:
        kind, status = error.headers.get("content-type", ""), error.code
        text = error.read().decode("utf-8", "replace")
    return status, text if kind.startswith("text/html") else None


class _Anchors(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "a" and given.get("href") and "download" not in given:
            self.found.append(given["href"] or "")


def _links(html: str, base: str) -> list[str]:
    anchors = _Anchors()
    anchors.feed(html)
    paths = []
    for href in anchors.found:
        parts = urlsplit(urljoin(base, href))
        if not parts.scheme and not parts.netloc and parts.path:
            paths.append(parts.path + (f"?{parts.query}" if parts.query else ""))
    return paths
