"""Keeps strangers out: other sites, other programs on this machine, and whatever evidence tries to load.

In this order: (1) the Host header must name this machine, or a rebound name could reach us; (2) a request
that another site started is refused; (3) whoever comes without a session must bring the key that `serve`
printed; (4) nobody may send without end; (5) every answer says what a browser may do with it.

A key that we made works once. It stays in the browser's history and, for a moment, in the list of running
programs, where somebody with the same device finds it; after its first use it opens nothing. So that a
frightened person can come back, the program then shows a fresh address in the window where it was started.
A key that the person chose (`--key`) lasts, and is also what other programs send as `Authorization: Bearer`.
From inside a browser that key opens one thing only: the check, for a browser extension. An extension keeps
it where a thief may find it, and a page of another site has no business with it at all.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

KEY = "key"
"""Name of the query parameter that carries the key, once."""

API = "/api/"
"""Under this address refusals are JSON."""

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""No inline script or style, nothing from elsewhere, never in a frame."""

_HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # `no-referrer` would turn the Origin of our own forms into "null"
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
_SAFE = frozenset({"GET", "HEAD"})
_STRANGER = (
    "请用启动窗口里最新的网址打开；每个网址只能用一次。也可以关掉程序重新启动，什么都不会丢。\n"
    "Please open the newest address in the window where the program was started; each works once. "
    "You can also close the program and start it again; nothing is lost.\n"
)
_OTHER_SITE = "别的网站发来的请求，不予回答。\nA request from another site is not answered.\n"
_TOO_LARGE = (
    "这一次发来的太多，没有收下，已经保存的都在。"
    "请返回，少选几个文件（合计 64 MB 以内），其余的以后在案件里添加。\n"
    "That was too much at once and was not taken; what was saved before is safe. Please go back and choose "
    "fewer files (64 MB in all); the others can be added to the case later.\n"
)
_SEALED_AS_THEY_COME = ("/add", "/intake")  # pages that take files of any size

EXTENSIONS_MAY = "/api/v1/check"
"""What a browser extension may ask, with the key; nothing else answers it."""

_EXTENSIONS = ("chrome-extension://", "moz-extension://")

MOST_TYPED = 2 * 1024 * 1024
"""Bytes of a form without files."""

MOST_SENT = 64 * 1024 * 1024
"""Bytes of a form with a file. Evidence itself comes in pieces, or where it is sealed as it arrives."""

SLOWEST_CHUNK_S = 60.0
"""Seconds to wait for the next piece of a body; a sender that is slower has gone away."""


class Sessions:
    """Who has shown the key. In memory only: they end with the program."""

    def __init__(self, lasting: str | None = None, renewed: Callable[[], None] = lambda: None) -> None:
        """`lasting`: a key that the person chose; None: keys of ours that work once, and `renewed` is called
        when there is another."""
        self._lasting = lasting
        self._renewed = renewed
        self._once = secrets.token_urlsafe(24)
        self._seen: set[str] = set()
        self._discreet: set[str] = set()

    @property
    def key(self) -> str:
        """The key that lets somebody in now."""
        return self._lasting or self._once

    def is_lasting_key(self, offered: str) -> bool:
        """Is this the key that other programs may use?"""
        return self._lasting is not None and _same(offered, self._lasting)

    def admit(self, offered: str) -> str | None:
        """A new session for whoever brings the key (its id goes into the cookie), else None."""
        if not _same(offered, self.key):
            return None
        if self._lasting is None:
            self._once = secrets.token_urlsafe(24)
            self._renewed()
        id = secrets.token_urlsafe(32)
        self._seen.add(id)
        return id

    def knows(self, id: str) -> bool:
        """Is there such a session?"""
        return id in self._seen

    def end(self, id: str) -> None:
        """Forget a session at once."""
        self._seen.discard(id)
        self._discreet.discard(id)

    def be_discreet(self, id: str, wanted: bool) -> None:
        """Titles without the name of the product, for this session only."""
        (self._discreet.add if wanted and id in self._seen else self._discreet.discard)(id)

    def is_discreet(self, id: str | None) -> bool:
        """Does this session want such titles?"""
        return id in self._discreet


class Guard:
    """ASGI middleware in front of everything. `hosts`: Host headers that name this machine, lower case."""

    def __init__(self, app: App, sessions: Sessions, hosts: frozenset[str]) -> None:
        self._app = app
        self._sessions = sessions
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        headers = Headers(scope=scope)
        answer = self._refusal(scope, headers)
        await (answer or self._app)(
            scope, _bounded(receive, _most(scope["path"], headers)), _marked(send, scope["path"])
        )

    def _refusal(self, scope: Scope, headers: Headers) -> Response | None:
        hosts = [host.lower() for host in headers.getlist("host")]
        if len(hosts) != 1 or hosts[0] not in self._hosts or not scope["path"].startswith("/"):
            return _refused(scope, 421, "wrong_host", "This address is not served here.\n")
        if scope["path"].startswith("/static/"):  # public, but no other site may learn that we run
            elsewhere = _started_elsewhere(scope, headers, self._hosts)
            return _refused(scope, 403, "other_site", _OTHER_SITE) if elsewhere else None
        if _announced(headers) > _most(scope["path"], headers):
            return _refused(scope, 413, "too_large", _TOO_LARGE)
        scheme, _, bearer = headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and self._sessions.is_lasting_key(bearer.strip()):
            if _in_a_browser(headers, self._hosts) and not _checks_for_an_extension(scope, headers):
                return _refused(scope, 403, "other_site", _OTHER_SITE)
            scope["session"] = None
            return None
        if _started_elsewhere(scope, headers, self._hosts):
            return _refused(scope, 403, "other_site", _OTHER_SITE)
        return self._enter(scope, headers)

    def _enter(self, scope: Scope, headers: Headers) -> Response | None:
        """None for whoever has a session; a session for whoever brings the key, which leaves the address."""
        query = parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True)
        offered = next((value for name, value in query if name == KEY), None)
        session = _cookie(headers)
        known = self._sessions.knows(session)
        if known and (offered is None or scope["method"] not in _SAFE):
            scope["session"] = session
            return None
        begun = None
        if not known:
            begun = self._sessions.admit(offered) if offered and scope["method"] == "GET" else None
            if begun is None:
                return _refused(scope, 403, "stranger", _STRANGER)
        rest = urlencode([(name, value) for name, value in query if name != KEY])
        path = own_path(scope["path"])
        answer = RedirectResponse(f"{path}?{rest}" if rest else path, status_code=303)
        if begun is not None:
            answer.set_cookie(cookie_name(headers), begun, httponly=True, samesite="strict", path="/")
        return answer


def cookie_name(headers: Headers) -> str:
    """Name of the session's cookie. Cookies do not tell ports apart: two running programs need two names."""
    return f"clawback-{headers.get('host', '').rpartition(':')[2]}"


def own_path(path: str) -> str:
    """`path` if it leads to a page of this program, else "/": never to another host."""
    odd = not path.startswith("/") or path.startswith("//") or "\\" in path
    return "/" if odd or any(character < " " or character == "\x7f" for character in path) else path


def mark(headers: MutableHeaders, path: str) -> None:
    """Say what a browser may do with an answer."""
    for name, value in _HEADERS.items():
        headers.setdefault(name, value)
    if not path.startswith("/static/"):
        headers["Cache-Control"] = "no-store"


def _same(offered: str, key: str) -> bool:
    """Compared in constant time."""
    return hmac.compare_digest(offered.encode("utf-8", "replace"), key.encode())


def _started_elsewhere(scope: Scope, headers: Headers, hosts: frozenset[str]) -> bool:
    sites, origins = headers.getlist("sec-fetch-site"), headers.getlist("origin")
    if any(site not in ("same-origin", "none") for site in sites):
        return True
    if any(origin.lower() not in {f"http://{host}" for host in hosts} for origin in origins):
        return True
    # A browser says where a form came from; whoever says nothing is no browser and must use the key.
    return scope["method"] not in _SAFE and not sites and not origins


def _in_a_browser(headers: Headers, hosts: frozenset[str]) -> bool:
    """Does something in a browser ask that is no page of ours? Only browsers say `Sec-Fetch-Site` or, of
    another place than ours, `Origin`; no script can leave these out."""
    own = {f"http://{host}" for host in hosts}
    sites, origins = headers.getlist("sec-fetch-site"), headers.getlist("origin")
    return any(site != "same-origin" for site in sites) or any(one.lower() not in own for one in origins)


def _checks_for_an_extension(scope: Scope, headers: Headers) -> bool:
    origins = headers.getlist("origin")
    asks = scope["path"] == EXTENSIONS_MAY and scope["method"] == "POST"
    return asks and len(origins) == 1 and origins[0].startswith(_EXTENSIONS)


def _cookie(headers: Headers) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(cookie_name(headers))
    except CookieError:
        return ""
    return found.value if found else ""


def _refused(scope: Scope, status: int, code: str, text: str) -> Response:
    if f"{scope['path']}/".startswith(API):
        return JSONResponse({"error": {"code": code, "message": text.strip()}}, status_code=status)
    return PlainTextResponse(text, status_code=status)


def _most(path: str, headers: Headers) -> float:
    """Bytes that a body may have. Where evidence comes in, and in the API, limits stand where it is read."""
    if path.endswith(_SEALED_AS_THEY_COME) or path.startswith(API):
        return float("inf")
    return MOST_SENT if headers.get("content-type", "").lower().startswith("multipart/") else MOST_TYPED


def _announced(headers: Headers) -> int:
    """Length that a body says it has."""
    said = headers.get("content-length", "0")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0


def _bounded(receive: Receive, most: float) -> Receive:
    """`receive` that waits for no body for ever, and takes no more than `most` bytes."""
    taken, whole = 0, False

    async def bounded() -> Message:
        nonlocal taken, whole
        if whole:
            return await receive()  # now it tells only when the other side goes away
        try:
            message = await asyncio.wait_for(receive(), SLOWEST_CHUNK_S)
        except TimeoutError:
            return {"type": "http.disconnect"}
        taken += len(message.get("body", b""))
        if taken > most:
            return {"type": "http.disconnect"}
        whole = not message.get("more_body", False)
        return message

    return bounded


def _marked(send: Send, path: str) -> Send:
    async def marked(message: Message) -> None:
        if message["type"] == "http.response.start":
            mark(MutableHeaders(scope=message), path)
        await send(message)

    return marked
