"""What a browser extension may ask of the program, and what no other place in a browser may, key or not."""

from __future__ import annotations

import pytest
from starlette.testclient import TestClient

from web.conftest import KEY

EXTENSION = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
TEXT = {"text": "安全账户"}


def headers(origin: str | None, key: str = KEY, site: str | None = None) -> dict[str, str]:
    found = {"authorization": f"Bearer {key}"}
    if origin is not None:
        found["origin"] = origin
    if site is not None:
        found["sec-fetch-site"] = site
    return found


@pytest.mark.parametrize("site", [None, "none", "cross-site"])
def test_an_extension_with_the_key_may_check_a_text(stranger: TestClient, site: str | None) -> None:
    answer = stranger.post("/api/v1/check", json=TEXT, headers=headers(EXTENSION, site=site))
    assert answer.status_code == 200
    assert answer.json()["result"] in ("likely", "some", "none", "cannot")


def test_no_answer_invites_other_origins(stranger: TestClient) -> None:
    for method in ("POST", "OPTIONS"):
        answer = stranger.request(method, "/api/v1/check", json=TEXT, headers=headers(EXTENSION))
        assert not [name for name in answer.headers if name.startswith("access-control-")]


def test_without_the_key_or_with_a_wrong_one_an_extension_gets_nothing(stranger: TestClient) -> None:
    assert stranger.post("/api/v1/check", json=TEXT, headers={"origin": EXTENSION}).status_code == 403
    assert stranger.post("/api/v1/check", json=TEXT, headers=headers(EXTENSION, "wrong")).status_code == 403


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v1/cases"),
        ("POST", "/api/v1/cases"),
        ("GET", "/api/v1/check"),
        ("POST", "/api/v1/checks"),
        ("POST", "/api/v1/check/"),
        ("GET", "/cases"),
        ("POST", "/check"),
    ],
)
def test_the_key_opens_nothing_else_for_an_extension(stranger: TestClient, method: str, path: str) -> None:
    answer = stranger.request(method, path, headers=headers(EXTENSION))
    assert answer.status_code == 403


def test_an_extension_that_sends_no_origin_is_known_by_the_browser(stranger: TestClient) -> None:
    del stranger.headers["origin"]
    for site in ("none", "cross-site", "same-site"):
        assert stranger.get("/api/v1/cases", headers=headers(None, site=site)).status_code == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:1", "file://"])
def test_another_site_is_refused_even_with_the_key(stranger: TestClient, origin: str) -> None:
    answer = stranger.post("/api/v1/check", json=TEXT, headers=headers(origin))
    assert answer.status_code == 403
    assert answer.json()["error"]["code"] == "other_site"


def test_a_program_with_the_key_may_do_what_it_could_before(stranger: TestClient) -> None:
    del stranger.headers["origin"]
    assert stranger.get("/api/v1/cases", headers=headers(None)).status_code == 200
    assert stranger.post("/api/v1/check", json=TEXT, headers=headers(None)).status_code == 200


def test_a_session_cookie_does_not_help_an_extension(site: TestClient) -> None:
    assert site.post("/api/v1/check", json=TEXT, headers={"origin": EXTENSION}).status_code == 403
