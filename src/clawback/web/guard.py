"""Keeps strangers out: other sites, other programs on this machine, and whatever evidence tries to load.

In this order: (1) the Host header must name this machine, or a rebound name could reach us; (2) a request
that another site started is refused; (3) whoever comes without a session must bring the key that `serve`
printed; (4) every answer says what a browser may do with it.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "clawback"
KEY = "key"
"""Name of the query parameter that carries the key, once."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No inline script or style, nothing from elsewhere, never in a frame."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # `no-referrer` would turn the Origin of our own forms into "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_SAFE = frozenset({"GET", "HEAD"})
_STRANGER = (
    "请用启动时显示的网址打开（里面带有一次性的钥匙）。\n"
    "Please open the address that was shown when the program started; it carries a key.\n"
)


class Sessions:
    """Who has shown the key. In memory only: they end with the program."""

    def __init__(self, key: str) -> None:
        self._key = key
        self._seen: dict[str, float] = {}

    def is_key(self, offered: str) -> bool:
        """Is this the key? Compared in constant time."""
        return hmac.compare_digest(offered.encode(), self._key.encode())

    def begin(self) -> str:
        """A new session; its id goes into the cookie."""
        id = secrets.token_urlsafe(32)
        self._seen[id] = time.monotonic()
        return id

    def touch(self, id: str) -> bool:
        """Note that `id` was here; False when there is no such session."""
        if id not in self._seen:
            return False
        self._seen[id] = time.monotonic()
        return True

    def end(self, id: str) -> None:
        """Forget a session at once."""
        self._seen.pop(id, None)


class Guard:
    """ASGI middleware in front of everything. `hosts`: Host headers that name this machine, lower case."""

    def __init__(self, app: App, sessions: Sessions, hosts: frozenset[str]) -> None:
        self._app = app
        self._sessions = sessions
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return  # no websockets
        answer = self._refusal(scope, Headers(scope=scope))
        await (answer or self._app)(scope, receive, _marked(send, scope["path"]))

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        if headers.get("host", "").lower() not in self._hosts:
            return _plain(421, "This address is not served here.\n")
        public = scope["path"].startswith("/static/")
        if public:
            return None
        bearer = headers.get("authorization", "").removeprefix("Bearer ")
        if bearer and self._sessions.is_key(bearer):
            scope["session"] = None
            return None
        if _started_elsewhere(scope, headers, self._hosts):
            return _plain(403, "A request from another site is not answered.\n")
        session = _cookie(headers)
        if self._sessions.touch(session):
            scope["session"] = session
            return None
        return self._admit(scope)

    def _admit(self, scope: Scope) -> Response:
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        offered = query.pop(KEY, "")
        if scope["method"] not in _SAFE or not offered or not self._sessions.is_key(offered):
            return _plain(403, _STRANGER)
        path = own_path(scope["path"])
        answer = RedirectResponse(f"{path}?{urlencode(query)}" if query else path, status_code=303)
        answer.set_cookie(COOKIE, self._sessions.begin(), httponly=True, samesite="strict", path="/")
        return answer


def own_path(path: str) -> str:
    """`path` if it leads to a page of this program, else "/": never to another host."""
    parts = urlsplit(path)
    odd = parts.scheme or parts.netloc or not path.startswith("/") or path.startswith(("//", "/\\"))
    return "/" if odd or any(character < " " or character == "\\" for character in path) else path


def _started_elsewhere(scope: Scope, headers: Headers, hosts: frozenset[str]) -> bool:
    site = headers.get("sec-fetch-site")
    if site is not None and site not in ("same-origin", "none"):
        return True
    origin = headers.get("origin")
    if origin is not None:
        return urlsplit(origin).netloc.lower() not in hosts
    # A browser says where a form came from; whoever says nothing is no browser and must use the key.
    return scope["method"] not in _SAFE and site is None


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _plain(status: int, text: str) -> Response:
    return PlainTextResponse(text, status_code=status)


def _marked(send: Send, path: str) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
            if not path.startswith("/static/"):
                headers["Cache-Control"] = "no-store"
        await send(message)

    return marked
