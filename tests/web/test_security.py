"""What a hostile site, program, file or neighbour tries against every route, and does not get."""

from __future__ import annotations

import re
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from starlette.routing import Route
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from clawback.desk.livecase import LiveCase
from clawback.desk.permissions import Act, Person, allow
from clawback.desk.workplace import Workplace
from clawback.errors import NotAllowed
from clawback.web import guard, serve
from clawback.web.api import ENDPOINTS
from clawback.web.api.contract import PATH_PARTS, Endpoint
from clawback.web.app import make_app
from clawback.web.guard import MOST_SENT, MOST_TYPED, POLICY, Sessions
from web.conftest import HOST, KEY

MARK = "canary-outside-of-every-case"
ROUTES = [
    route
    for route in make_app(Workplace(Path("nowhere")), Sessions(KEY), frozenset({HOST})).routes
    if isinstance(route, Route)
]
USUAL = {
    "case": "0123456789abcdef",
    "number": "1",
    "upload": "0123456789abcdef",
    "lang": "en",
    "build": "x",
    "name": "clawback.css",
}
NASTY = [
    "..",
    "%2e%2e",
    "..%2f..%2f..%2fsecret.txt",
    "%2e%2e%2f%2e%2e%2fsecret.txt",
    "..%5c..%5csecret.txt",
    "%252e%252e%252fsecret.txt",
    "%2fetc%2fpasswd",
    "C:%5cWindows%5cwin.ini",
    "%00",
    "1%00.pdf",
    "%0d%0aX-Injected:%201",
    "%ff%fe",
    "%ed%a0%80",
    "-1",
    "0",
    "99999999999999999999999999",
    "1e3",
    "%D9%A3",
    "%C2%B2",
    "{{7*7}}",
    "%3Cscript%3Ealert(1)%3C/script%3E",
    "'%20OR%201=1--",
    "%E2%80%AEfdp.exe",
    "a" * 4000,
    "*",
    "%25",
]


def filled(route: Route, name: str = "", value: str = "") -> str:
    """The route's address with usual parts, and `value` for the part `name`."""
    return re.sub(
        r"\{(\w+)(?::\w+)?\}",
        lambda part: value if part[1] == name else USUAL.get(part[1], "x"),
        route.path,
    )


def label(route: Route) -> str:
    return f"{min(route.methods or ['?'])} {route.path}"


def filter_routes(wanted: Callable[[Route], bool]) -> list[Route]:
    return [route for route in ROUTES if wanted(route)]


def looks() -> list[Route]:
    return filter_routes(lambda route: "GET" in (route.methods or ()) and "/static/" not in route.path)


# paths


@pytest.mark.parametrize("route", [route for route in ROUTES if "{" in route.path], ids=label)
def test_no_part_of_an_address_leads_out_or_breaks_anything(
    site: TestClient, case: LiveCase, workplace: Workplace, route: Route
) -> None:
    (workplace.home.parent / "secret.txt").write_text(MARK)
    (case.folder / "secret.txt").write_text(MARK)
    for name in re.findall(r"\{(\w+)", route.path):
        for value in NASTY:
            for method in sorted(route.methods or ()):
                answer = site.request(method, filled(route, name, value), follow_redirects=False)
                told = f"{method} {name}={value[:60]}: {answer.status_code}"
                assert answer.status_code < 500, told
                assert MARK not in answer.text, told
                assert "root:x:0" not in answer.text, told
                assert "x-injected" not in answer.headers, told
    assert (workplace.home.parent / "secret.txt").read_text() == MARK
    assert sorted(path.name for path in workplace.home.parent.iterdir()) == ["home", "secret.txt"]


# what every answer says


@pytest.mark.parametrize("route", looks(), ids=label)
def test_every_page_forbids_keeping_framing_and_foreign_content(
    site: TestClient, case: LiveCase, route: Route
) -> None:
    with site.stream("GET", filled(route), follow_redirects=False) as answer:
        assert answer.status_code < 500
        headers = answer.headers
        assert headers["cache-control"] == "no-store"
        if headers.get("content-disposition", "").startswith("attachment"):
            assert headers["content-security-policy"] in (POLICY, "sandbox; default-src 'none'")
        else:
            assert headers["content-security-policy"] == POLICY
        assert headers["x-frame-options"] == "DENY"
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        assert headers["cross-origin-opener-policy"] == "same-origin"
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


@pytest.mark.parametrize("route", looks(), ids=label)
def test_no_page_names_a_key_or_a_session_in_an_address(
    site: TestClient, case: LiveCase, route: Route
) -> None:
    if "progress" in route.path or "events" in route.path:
        pytest.skip("a stream has no links")
    session = next(cookie.value for cookie in site.cookies.jar if cookie.name.startswith("clawback"))
    text = site.get(filled(route)).text
    assert KEY not in text
    assert session is not None
    assert session not in text
    remote = [
        address for address in re.findall(r'(?:src|action|srcset|poster)="([^"]+)"', text) if ":" in address
    ]
    assert remote == []


# redirects


AWAY = ("//evil.example/", "/\\evil.example", "http://evil.example", "//[", "/\t/evil.example")


def redirecting(route: Route) -> bool:
    """Previews and streams take no such parameter and cost most."""
    return not route.path.endswith(("/picture", "/thumbnail", "/events")) and "/static/" not in route.path


@pytest.mark.parametrize("route", filter_routes(redirecting), ids=label)
def test_no_redirect_leads_to_another_host(site: TestClient, case: LiveCase, route: Route) -> None:
    for target in AWAY:
        names = dict.fromkeys(("to", "next", "back", "from", "return", "then"), target)
        for method in sorted((route.methods or set()) & {"GET", "POST"}):
            sent: dict[str, Any] = {"data": names} if method == "POST" else {}
            if "/api/" in route.path and method == "POST":
                sent = {"json": names}
            answer = site.request(method, filled(route), params=names, follow_redirects=False, **sent)
            assert answer.status_code < 500
            location = urlsplit(answer.headers.get("location", "/"))
            assert location.netloc in ("", HOST)
            assert "evil.example" not in location.path


@pytest.mark.parametrize("path", ["//evil.example/?key=test-key", "//evil.example%2f..?key=test-key"])
def test_the_key_leads_only_to_our_own_pages(stranger: TestClient, path: str) -> None:
    answer = stranger.get(f"http://{HOST}{path}", follow_redirects=False)
    assert answer.headers["location"] == "/"


# other sites


CROSS: list[dict[str, str]] = [
    {"sec-fetch-site": "cross-site", "origin": "http://evil.example"},
    {"sec-fetch-site": "same-site", "origin": "http://127.0.0.1:9999"},
    {"origin": "http://evil.example"},
    {"origin": "null"},
    {"origin": f"https://{HOST}"},
    {"origin": f"http://{HOST}.evil.example"},
    {"origin": f"http://evil.example@{HOST}"},
    {"origin": "http://["},
    {"origin": ""},
    {"sec-fetch-site": "cross-site"},
]


@pytest.mark.parametrize("headers", CROSS, ids=str)
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "text/plain", "application/json"])
def test_nothing_is_changed_from_another_site_by_form_or_script(
    site: TestClient, case: LiveCase, headers: dict[str, str], kind: str
) -> None:
    before = case.file().log_size
    for route in ROUTES:
        for method in sorted((route.methods or set()) - {"GET", "HEAD"}):
            sent = {"content-type": kind, **headers}
            answer = site.request(method, filled(route), headers=sent, content=b"{}", follow_redirects=False)
            assert answer.status_code == 403
    assert case.file().log_size == before


def test_one_good_header_does_not_hide_a_bad_one(site: TestClient) -> None:
    good, bad = ("origin", f"http://{HOST}"), ("origin", "http://evil.example")
    for pair in ([good, bad], [bad, good]):
        del_origin = site.headers.pop("origin")
        assert site.post("/leave", headers=pair).status_code == 403
        site.headers["origin"] = del_origin
    twice = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "cross-site")]
    assert site.get("/", headers=twice).status_code == 403
    assert site.get("/", headers=[("host", HOST), ("host", "evil.example")]).status_code == 421


def test_no_other_site_learns_that_the_program_runs(stranger: TestClient) -> None:
    address = "/static/x/clawback.css"
    del stranger.headers["origin"]
    assert stranger.get(address).status_code == 200
    assert stranger.get(address, headers={"sec-fetch-site": "cross-site"}).status_code == 403
    assert stranger.get(address, headers={"origin": "http://evil.example"}).status_code == 403


def test_a_preflight_gets_no_permission(site: TestClient) -> None:
    asked = {"origin": "http://evil.example", "access-control-request-method": "POST"}
    answer = site.options("/api/v1/cases", headers=asked)
    assert answer.status_code == 403
    assert not [name for name in answer.headers if name.startswith("access-control")]


def test_the_api_tells_strangers_in_json(stranger: TestClient) -> None:
    for path in ("/api/v1/cases", "/api/v1/cases/0123456789abcdef/card", "/api/v1", "/api/"):
        answer = stranger.get(path)
        assert (answer.status_code, answer.json()["error"]["code"]) == (403, "stranger")
    elsewhere = stranger.get("/api/v1/cases", headers={"origin": "http://evil.example"})
    assert elsewhere.json()["error"]["code"] == "other_site"


# names of this machine


@pytest.mark.parametrize(
    ("host", "status"),
    [
        (HOST, 200),
        ("LOCALHOST:8765", 421),
        ("127.0.0.1", 421),
        ("127.0.0.1:80", 421),
        ("127.0.0.1:8765.", 421),
        ("127.0.0.1.:8765", 421),
        ("0x7f.1:8765", 421),
        ("2130706433:8765", 421),
        ("[::1]:8765", 421),
        ("[::ffff:127.0.0.1]:8765", 421),
        ("evil.example:8765", 421),
        ("127.0.0.1:8765@evil.example", 421),
        (f"{HOST}, evil.example", 421),
        (f" {HOST}", 421),
        ("", 421),
    ],
)
def test_only_the_served_name_is_answered(site: TestClient, host: str, status: int) -> None:
    assert site.get("/", headers={"host": host}).status_code == status


def test_headers_of_proxies_change_nothing(site: TestClient) -> None:
    sent = {
        "x-forwarded-host": "evil.example",
        "x-forwarded-proto": "https",
        "forwarded": "host=evil.example",
    }
    answer = site.get("/c/0123456789abcdef", headers=sent, follow_redirects=False)
    assert "evil" not in str(answer.headers)
    assert "https" not in answer.headers.get("location", "")


def test_the_names_of_this_machine_have_a_port_unless_it_is_the_usual_one() -> None:
    assert serve.hosts_of(8765) == {"127.0.0.1:8765", "localhost:8765"}
    assert serve.hosts_of(80) == {"127.0.0.1:80", "localhost:80", "127.0.0.1", "localhost"}


# keys and sessions


@pytest.fixture
def once(workplace: Workplace) -> Iterator[tuple[TestClient, Sessions, list[str]]]:
    """A browser, and a program whose keys work once; the list gets every fresh key."""
    fresh: list[str] = []
    sessions = Sessions(renewed=lambda: fresh.append(sessions.key))
    app = make_app(workplace, sessions, frozenset({HOST}))
    with TestClient(app, base_url=f"http://{HOST}", headers={"origin": f"http://{HOST}"}) as client:
        yield client, sessions, fresh


def test_a_key_from_the_history_opens_nothing(once: tuple[TestClient, Sessions, list[str]]) -> None:
    browser, sessions, fresh = once
    first = sessions.key
    assert browser.get(f"/?key={first}").status_code == 200
    assert browser.post("/leave").status_code == 200
    assert browser.get(f"/?key={first}").status_code == 403
    assert fresh == [sessions.key]
    assert first not in fresh


def test_the_fresh_key_lets_somebody_come_back(once: tuple[TestClient, Sessions, list[str]]) -> None:
    browser, sessions, fresh = once
    browser.get(f"/?key={sessions.key}")
    browser.cookies.clear()
    assert browser.get("/").status_code == 403
    assert browser.get(f"/?key={fresh[-1]}").status_code == 200


def test_a_key_is_spent_by_a_visit_and_by_nothing_else(
    once: tuple[TestClient, Sessions, list[str]],
) -> None:
    browser, sessions, fresh = once
    key = sessions.key
    assert browser.head(f"/?key={key}").status_code == 403
    assert browser.post(f"/leave?key={key}").status_code == 403
    assert browser.get(f"/?key={key}x").status_code == 403
    assert browser.get("/api/v1/cases", headers={"authorization": f"Bearer {key}"}).status_code == 403
    assert browser.get(f"/?key={key}", headers={"origin": "http://evil.example"}).status_code == 403
    assert fresh == []


def test_a_key_beside_a_session_is_taken_out_of_the_address_and_not_spent(
    once: tuple[TestClient, Sessions, list[str]],
) -> None:
    browser, sessions, fresh = once
    browser.get(f"/?key={sessions.key}")
    answer = browser.get(f"/safely?a=1&key={sessions.key}&a=2", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/safely?a=1&a=2")
    assert "set-cookie" not in answer.headers
    assert len(fresh) == 1


def test_cookies_are_for_this_program_only(stranger: TestClient) -> None:
    answer = stranger.get(f"/?key={KEY}", follow_redirects=False)
    cookie = answer.headers["set-cookie"].lower()
    assert cookie.startswith("clawback-8765=")
    assert {"httponly", "samesite=strict", "path=/"} <= {part.strip() for part in cookie.split(";")}
    assert "domain" not in cookie
    assert "max-age" not in cookie
    assert "expires" not in cookie


def test_leaving_ends_the_session_at_once_for_every_tab(site: TestClient, case: LiveCase) -> None:
    kept = dict(site.cookies)
    site.post("/leave")
    site.cookies.update(kept)
    for route in looks():
        assert site.get(filled(route), follow_redirects=False).status_code == 403


@pytest.mark.parametrize(
    "cookie", ["", "x", "clawback-8765=", "clawback-8765=x; clawback-8765=y", '"', "\x01=\xff"]
)
def test_a_broken_cookie_is_no_session(stranger: TestClient, cookie: str) -> None:
    assert stranger.get("/", headers={b"cookie": cookie.encode("latin-1")}).status_code == 403


# sizes, methods, sockets


def test_a_form_that_is_too_large_is_refused_before_it_is_read(site: TestClient) -> None:
    typed = {"content-type": "application/x-www-form-urlencoded", "content-length": str(MOST_TYPED + 1)}
    files = {"content-type": "multipart/form-data; boundary=b", "content-length": str(MOST_SENT + 1)}
    for headers in (typed, files):
        assert site.post("/now", headers=headers).status_code == 413


def test_evidence_may_be_large_where_it_is_sealed_as_it_comes(site: TestClient, case: LiveCase) -> None:
    headers = {"content-type": "multipart/form-data; boundary=b", "content-length": str(MOST_SENT + 1)}
    for path in ("/c/0123456789abcdef/add", "/cases/intake"):
        assert site.post(path, headers=headers, follow_redirects=False).status_code != 413


def test_a_form_without_a_length_is_cut_off(site: TestClient) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(4):
            yield b"a=" + b"x" * MOST_TYPED + b"&"

    kind = {"content-type": "application/x-www-form-urlencoded"}
    assert site.post("/leave", content=endless(), headers=kind).status_code == 400


def test_a_form_with_too_many_fields_is_refused(site: TestClient) -> None:
    assert site.post("/leave", data={f"f{n}": "" for n in range(1_500)}).status_code == 400


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PATCH", "TRACE", "CONNECT", "OPTIONS", "PROPFIND", "XXX"]
)
def test_other_methods_do_nothing(site: TestClient, case: LiveCase, method: str) -> None:
    for path in ("/", "/leave", "/c/0123456789abcdef/", "/static/x/clawback.css"):
        assert site.request(method, path).status_code in (403, 405)
    assert site.get("/").status_code == 200


def test_a_method_cannot_be_changed_by_a_header_or_field(site: TestClient) -> None:
    sent = {"x-http-method-override": "POST", "x-method-override": "POST"}
    assert site.get("/leave?_method=POST", headers=sent).status_code == 405
    assert site.get("/").status_code == 200


def test_sockets_are_refused(site: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), site.websocket_connect("/"):
        pass


# the real server, spoken to by hand


@pytest.fixture
def server(workplace: Workplace, monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """A server on a port of its own; bodies may rest for a tenth of a second."""
    monkeypatch.setattr(guard, "SLOWEST_CHUNK_S", 0.1)
    listener = serve.listen(0)
    port = int(listener.getsockname()[1])
    running = uvicorn.Server(serve.config_of(make_app(workplace, Sessions(KEY), serve.hosts_of(port))))
    thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]})
    thread.start()
    until = time.monotonic() + 10
    while not running.started and time.monotonic() < until:
        time.sleep(0.01)
    yield port
    running.should_exit = True
    thread.join(10)


def talk(port: int, *lines: str, body: bytes = b"") -> bytes:
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall("\r\n".join((*lines, "", "")).encode("latin-1") + body)
        answer = b""
        with suppress(ConnectionResetError):  # a server that has seen enough may hang up
            while chunk := connection.recv(65536):
                answer += chunk
        return answer


def test_heads_that_a_careful_server_refuses(server: int) -> None:
    host, end = f"Host: 127.0.0.1:{server}", "Connection: close"
    bearer = f"Authorization: Bearer {KEY}"
    assert b" 400 " in talk(server, "GET / HTTP/1.1", host, host, end)[:20]
    assert b" 400 " in talk(server, "GET / HTTP/1.1", end)[:20]
    assert b" 200 " not in talk(server, "GET / HTTP/1.1", host, bearer, end, "X: " + "x" * 200_000)[:20]
    assert b" 400 " in talk(server, "GET / HTTP/1.1", host, end, "Bad Name: x")[:20]
    both = ("Content-Length: 5", "Transfer-Encoding: chunked")
    smuggled = talk(
        server, "POST /leave HTTP/1.1", host, bearer, end, *both, body=b"0\r\n\r\nGET / HTTP/1.1\r\n\r\n"
    )
    assert smuggled.count(b"HTTP/1.1 ") == 1
    absolute = talk(server, "GET http://evil.example/ HTTP/1.1", host, bearer, end)
    assert b"evil.example" not in absolute
    assert b" 421 " in absolute[:20]
    assert b"\nserver:" not in absolute.lower()


def test_a_body_that_never_comes_is_not_waited_for(server: int) -> None:
    lines = (
        "POST /leave HTTP/1.1",
        f"Host: 127.0.0.1:{server}",
        f"Authorization: Bearer {KEY}",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Length: 1000",
        "Connection: close",
    )
    start = time.monotonic()
    assert b" 400 " in talk(server, *lines, body=b"a=1")[:20]
    assert time.monotonic() - start < 5


# permissions


def refusing(monkeypatch: pytest.MonkeyPatch) -> list[tuple[Act, str | None]]:
    """From now on nobody may do anything; the list gets what was asked for."""
    asked: list[tuple[Act, str | None]] = []

    def refuse(person: Person, act: Act, case_id: str | None = None) -> None:
        asked.append((act, case_id))
        raise NotAllowed("Not you.", "您不可以。")

    for name, module in list(sys.modules.items()):
        if name.startswith("clawback.") and getattr(module, "allow", None) is allow:
            monkeypatch.setattr(module, "allow", refuse)
    return asked


@pytest.mark.parametrize("route", filter_routes(lambda route: "{case}" in route.path), ids=label)
def test_whoever_may_not_see_a_case_gets_nothing_of_it(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch, route: Route
) -> None:
    asked = refusing(monkeypatch)
    before = case.file().log_size
    for method in sorted(route.methods or ()):
        sent: dict[str, Any] = {"data": {"a": "b"}} if method == "POST" else {}
        if "/api/" in route.path:
            sent = {} if method in ("GET", "HEAD", "DELETE") else {"json": {}}
        answer = site.request(method, filled(route), follow_redirects=False, **sent)
        assert answer.status_code == 403, method
        assert "王样本" not in answer.text
    assert {case_id for _, case_id in asked} == {case.id}
    assert case.file().log_size == before


@pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda one: f"{one.method} {one.path}")
def test_the_api_asks_for_the_act_that_it_declares(
    site: TestClient, case: LiveCase, monkeypatch: pytest.MonkeyPatch, endpoint: Endpoint
) -> None:
    asked = refusing(monkeypatch)
    path = re.sub(r"\{(\w+)\}", lambda part: str(PATH_PARTS[part[1]].example), endpoint.path)
    sent: dict[str, Any] = {"json": {}} if endpoint.body else {}
    answer = site.request(endpoint.method, "/api/v1" + path, **sent)
    assert (answer.status_code, answer.json()["error"]["code"]) == (403, "not_allowed")
    assert asked == [(endpoint.act, case.id if "case" in endpoint.parts else None)]
